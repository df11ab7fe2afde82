//! What can be wrong with the input, said with the item, person or parameter concerned.

/// Why a computation was refused. The text names the place and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to compute from.
    #[error("there are no {what}; nothing can be computed")]
    Empty {
        /// "persons" or "items".
        what: &'static str,
    },
    /// A row has another length than the list of items.
    #[error("person {person} has {found} responses but there are {expected} items; give one response per item")]
    RowLength {
        /// Position of the person, from 0.
        person: usize,
        /// Length of the row.
        found: usize,
        /// Number of items.
        expected: usize,
    },
    /// A score is above the item's maximum.
    #[error("person {person}, item {item}: score {score} is above the maximum {max}; correct the score or the maximum")]
    ScoreAboveMaximum {
        /// Position of the person, from 0.
        person: usize,
        /// Name of the item.
        item: String,
        /// The score found.
        score: u8,
        /// The maximum of the item.
        max: u8,
    },
    /// A maximum score is zero or too large for the compact cells.
    #[error("item {item}: maximum score {max} is outside 1..={MAXIMUM_SCORE}", MAXIMUM_SCORE = crate::responses::MAXIMUM_SCORE)]
    Maximum {
        /// Name of the item.
        item: String,
        /// The maximum given.
        max: u8,
    },
    /// Two items carry one name.
    #[error("item name {item} occurs twice; rename one of the columns")]
    DuplicateItem {
        /// The name.
        item: String,
    },
    /// A list that should run along persons, items or another list has the wrong length.
    #[error("{what}: {found} values where {expected} are needed")]
    Length {
        /// What the list holds.
        what: &'static str,
        /// Length found.
        found: usize,
        /// Length needed.
        expected: usize,
    },
    /// A weight is negative or not a number.
    #[error("person {person}: weight {weight} is not a non-negative number")]
    Weight {
        /// Position of the person, from 0.
        person: usize,
        /// The weight given.
        weight: f64,
    },
    /// A number that must be finite is not.
    #[error("{what} is {value}; a finite number is needed")]
    NotFinite {
        /// What the number is.
        what: String,
        /// The value found.
        value: f64,
    },
    /// A key names an option or an item that does not exist.
    #[error("key: {what}")]
    Key {
        /// What is wrong and where.
        what: String,
    },
    /// The data do not allow the model asked for.
    #[error("{what}")]
    Model {
        /// What is wrong, which item or group, what to do.
        what: String,
    },
}
