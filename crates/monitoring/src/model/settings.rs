//! What a network may decide for itself.

use std::sync::LazyLock;

use packs::ScaleRules;
use serde::{Deserialize, Serialize};

static SCALE: LazyLock<ScaleRules> =
    LazyLock::new(|| ScaleRules::embedded().expect("the pack inside the binary is read in its tests"));

/// Borders and limits of the reports. Data, not code: a pack or an administrator may set them.
///
/// The source gives no cut points (facts 000b 2.3, 7.8), so these are choices; the design note says why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A group smaller than this shows no mean outside its own school.
    pub minimum_group: u32,
    /// Pairs of subjects with fewer common pupils show no correlation.
    pub minimum_pairs: u32,
    /// Decimals of every percentage; places and gaps are computed from what is shown.
    pub decimals: u32,
    /// A pupil's section is strong from this percentage of its points.
    pub strong_from: f64,
    /// A pupil's section is weak below this percentage.
    pub weak_below: f64,
    /// A section with fewer tasks than this says too little to be called strong or weak.
    pub section_tasks: u32,
    /// A criterion was done well from this facility in percent.
    pub well_from: f64,
    /// A criterion was done badly below this facility in percent.
    pub badly_below: f64,
    /// At most this many criteria are named on each side.
    pub criteria_named: usize,
    /// A pupil stands in at most this many groups for the next lesson, the weakest sections first.
    pub needs_of_pupil: usize,
    /// From this percentage of the class on, a need is the whole class's, not a group's.
    pub whole_class_from: f64,
    /// Class reports of more pupils than this name none.
    pub matrix_at_most: usize,
    /// Ability scale and levels.
    pub scale: ScaleRules,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            minimum_group: 10,
            minimum_pairs: 10,
            decimals: 1,
            strong_from: 75.0,
            weak_below: 50.0,
            section_tasks: 2,
            well_from: 65.0,
            badly_below: 45.0,
            criteria_named: 5,
            needs_of_pupil: 2,
            whole_class_from: 60.0,
            matrix_at_most: 100,
            scale: SCALE.clone(),
        }
    }
}
