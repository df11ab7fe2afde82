//! Login cards: one class, one sheet after the other, to be cut.

use serde::Serialize;

use super::Imprint;

/// Cards of a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoginCards {
    /// Language, campaign, issuer, date.
    pub imprint: Imprint,
    /// Name of the school with its place.
    pub school: String,
    /// The class as shown.
    pub class: String,
    /// Address that pupils type, without `https://` when that works.
    pub address: String,
    /// One card for each pupil and sitting.
    pub cards: Vec<LoginCard>,
}

/// One card.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoginCard {
    /// Full name.
    pub pupil: String,
    /// Subject as shown.
    pub subject: String,
    /// Date and time of the sitting as shown; may be empty.
    pub when: String,
    /// The code, as the pupil types it; groups separated by a hyphen or a space.
    pub code: String,
}
