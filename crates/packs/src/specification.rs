use serde::Deserialize;

use crate::{PackError, Text};

/// What the form of a test must contain: one row per task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specification {
    /// Code of the test.
    pub test: String,
    /// Rows in the order of the form.
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
}

/// What one task assesses.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Number of the task, from 1.
    pub number: usize,
    /// Section of the programme.
    pub section: Text,
    /// Topic.
    pub topic: Text,
    /// Assessment criterion.
    pub criterion: Text,
    /// Skill level.
    pub skill: Skill,
}

/// Skill level of a task (facts 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Skill {
    /// Know and understand.
    A,
    /// Apply.
    B,
    /// Higher order.
    C,
}

impl Specification {
    pub(crate) fn check(&self, items: usize) -> Result<(), PackError> {
        let place = format!("specifications/{}.toml", self.test);
        if self.rows.len() != items {
            return Err(PackError::Count { place, found: self.rows.len(), expected: items });
        }
        for (index, row) in self.rows.iter().enumerate() {
            if row.number != index + 1 {
                return Err(PackError::Value {
                    place,
                    reason: format!("row {} has the number {}", index + 1, row.number),
                });
            }
        }
        Ok(())
    }
}
