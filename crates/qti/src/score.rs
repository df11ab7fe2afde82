//! Scoring: responses to outcomes.
//!
//! Total: no input makes it panic or run without end; what it cannot score it refuses by name in
//! [`Outcomes::status`], and the outcomes then stay at their defaults.

mod evaluate;
mod json;
mod limits;
mod mapping;
mod maximum;
mod numbers;
mod pattern;
mod responses;
mod session;

pub use evaluate::{Environment, Evaluator, Refusal};
pub use limits::{Problem, Violation, violations};
pub use maximum::{best_responses, max_score};
pub use numbers::round_decimal;
pub use responses::{Responses, read_response};
pub use session::{Outcomes, Session, Status, template_rules};

pub(crate) use evaluate::truthy as is_true;
pub(crate) use responses::{base_of, read_for};
pub(crate) use session::fit;

use crate::item::Item;

/// The seed used where none is given.
pub const DEFAULT_SEED: u64 = 42;

/// Scores one attempt at an item, from a fresh session with [`DEFAULT_SEED`].
///
/// Items with templates or several attempts need the session they were shown from: see [`Session`].
#[must_use]
pub fn score(item: &Item, responses: &Responses) -> Outcomes {
    let mut session = Session::start(item, DEFAULT_SEED);
    session.submit(item, responses)
}
