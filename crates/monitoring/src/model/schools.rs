//! Schools among schools: indicator, place, difference between grades.

use std::collections::BTreeMap;

use kernel::{SchoolId, round_half_up};

use super::{Comparison, Mean, Place, Settings, comparison, mean_of_schools, places};

/// A subject in a school's grade.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectMean<T> {
    /// Which test.
    pub test: T,
    /// The mean of the school's pupils.
    pub mean: Mean,
}

/// A school's results in one grade, before comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct SchoolGradeInput<T> {
    /// School.
    pub school: SchoolId,
    /// Means of its tests; a test that was not taken is left out or has no mean.
    pub subjects: Vec<SubjectMean<T>>,
    /// The school's own marks in percent.
    pub marks: Option<f64>,
}

/// A school's results in one grade, among the schools.
#[derive(Debug, Clone, PartialEq)]
pub struct SchoolGrade<T> {
    /// School.
    pub school: SchoolId,
    /// Means of its tests.
    pub subjects: Vec<SubjectMean<T>>,
    /// Simple mean of the subjects that may be shown outside the school (facts 000b 2.3).
    pub indicator: Mean,
    /// The indicator as shown: rounded half-up.
    pub shown: Option<f64>,
    /// Place among the schools that have an indicator; ties share the better one.
    pub place: Option<Place>,
    /// Comparison with the school's own marks.
    pub comparison: Option<Comparison>,
}

/// Compares schools in one grade. The order of the input stays.
///
/// Places are those of the indicators as shown, so that schools which a reader sees to be equal share a place. A subject
/// with fewer pupils than `settings.minimum_group` does not enter the indicator, because it could be computed back.
pub fn school_table<T>(schools: Vec<SchoolGradeInput<T>>, settings: &Settings) -> Vec<SchoolGrade<T>> {
    let mut table: Vec<SchoolGrade<T>> = schools
        .into_iter()
        .map(|input| {
            let shown_subjects = input.subjects.iter().map(|subject| &subject.mean);
            let indicator = mean_of_schools(
                shown_subjects.filter(|mean| mean.shown(false, settings.minimum_group).percent().is_some()),
            );
            let shown = indicator.percent.and_then(|percent| round_half_up(percent, settings.decimals));
            let compared = shown.zip(input.marks);
            SchoolGrade {
                school: input.school,
                subjects: input.subjects,
                indicator,
                shown: shown.map(kernel::Decimal::to_f64),
                place: None,
                comparison: compared.and_then(|(shown, marks)| comparison(shown.to_f64(), marks, settings.decimals)),
            }
        })
        .collect();
    let ranked: Vec<usize> = (0..table.len()).filter(|index| table[*index].shown.is_some()).collect();
    let values: Vec<f64> = ranked.iter().filter_map(|index| table[*index].shown).collect();
    for (index, place) in ranked.into_iter().zip(places(&values)) {
        table[index].place = Some(place);
    }
    table
}

/// A school in two grades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolPair {
    /// School.
    pub school: SchoolId,
    /// Place in the first grade minus place in the second: positive when the second grade stands better.
    pub difference: i32,
}

/// Differences between the places of two grades, for schools that have both (facts 000b 2.3: place in grade 4 minus place
/// in grade 8), in the order of schools.
pub fn place_differences<T, U>(first: &[SchoolGrade<T>], second: &[SchoolGrade<U>]) -> Vec<SchoolPair> {
    let of_second: BTreeMap<SchoolId, u32> =
        second.iter().filter_map(|row| Some((row.school, row.place?.place))).collect();
    let mut pairs: Vec<SchoolPair> = first
        .iter()
        .filter_map(|row| {
            let (one, other) = (row.place?.place, *of_second.get(&row.school)?);
            Some(SchoolPair { school: row.school, difference: one.cast_signed() - other.cast_signed() })
        })
        .collect();
    pairs.sort_by_key(|pair| pair.school);
    pairs
}
