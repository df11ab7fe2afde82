//! What results mean: statuses, places, means, comparisons, advice. Pure: no database, no clock, no language files.

mod advice;
mod correlation;
mod findings;
mod marks;
mod mean;
mod outcome;
mod places;
mod scale;
mod schools;
mod settings;
mod statistics;

pub use advice::{Need, NeedItem, Needs, SectionItem, SectionScore, Standing, needs, sections};
pub use correlation::{Correlations, correlations};
pub use findings::{CriterionFacility, CriterionItem, Findings, criteria, findings};
pub use marks::{Comparison, comparison};
pub use mean::{Averaging, Cell, Mean, Shown, mean_of_schools, pupil_mean};
pub use outcome::{ItemOutcome, ItemStatus, Outcome, Points};
pub use packs::{ScaleMethod, ScaleModel};
pub use places::{Place, Standings, places, places_within};
pub use scale::{
    Calibrated, Calibration, LanguageDifference, LanguageGroups, LevelCell, LevelSummary, MeanSquare, NotScaled,
    Parameter, PersonScale, ScaleGather, ScaleLevel, ScaleLine, ScalePerson, ScaledTest, SquareFit, TaskCalibration,
    TaskFlag, calibrate,
};
pub use schools::{SchoolGrade, SchoolGradeInput, SchoolPair, SubjectMean, place_differences, school_table};
pub use settings::Settings;
pub use statistics::{
    ItemStatistics, OptionStatistics, StatisticsError, StatisticsGather, StatisticsItem, TestStatistics,
};
