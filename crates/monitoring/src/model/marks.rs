//! Comparison of monitoring with a school's own marks.

use kernel::round_half_up;

/// What a school's own assessment says beside what was measured, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Measured.
    pub monitoring: f64,
    /// The school's own marks ("current assessment").
    pub marks: f64,
    /// Marks minus monitoring, in percentage points (facts 000b 2.3).
    pub gap: f64,
}

/// The gap, from the two numbers as they are shown, so that a reader can check it in the table.
pub fn comparison(monitoring: f64, marks: f64, decimals: u32) -> Option<Comparison> {
    let (monitoring, marks) = (round_half_up(monitoring, decimals)?, round_half_up(marks, decimals)?);
    let gap = kernel::Decimal { units: marks.units - monitoring.units, decimals };
    Some(Comparison { monitoring: monitoring.to_f64(), marks: marks.to_f64(), gap: gap.to_f64() })
}
