//! The auditor: finds numbers in tables that do not agree, and says what would make them agree.
//!
//! ```
//! use measures::audit::{Rules, Sheet, audit};
//!
//! let table = Sheet::from_csv("marks", "school,pupils,with_3,share_3\nTaldykorgan,707,83,11.1\nSemey,689,109,15.8\n");
//! let rules = Rules::from_toml("rules", r#"
//! [[rule]]
//! kind = "share"
//! tables = ["marks"]
//! target = "share_3"
//! part = "[with_3]"
//! whole = "[pupils]"
//! "#).unwrap();
//! let report = audit(&[table], &rules);
//! assert_eq!((report.checked, report.reproduced, report.findings.len()), (2, 1, 1));
//! assert_eq!(report.findings[0].computed, "11.74");
//! ```

mod causes;
mod cell;
mod check;
mod expression;
mod propose;
mod propose_rows;
mod report;
mod rule;
mod sheet;

pub use cell::{Agreement, Comma, Entry, Printed, agreement};
pub use check::audit;
pub use propose::{Proposal, propose, propose_all};
pub use report::{Cause, Finding, Location, Report, Tolerated, agreement_words};
pub use rule::{AlternativeRule, Rule, RuleError, RuleKind, Rules, Sign};
pub use sheet::{Problem, Sheet, is_total};
