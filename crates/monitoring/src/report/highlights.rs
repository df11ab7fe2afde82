//! What a campaign comes to in a few sentences, made of the numbers that the slides behind them show.

use documents::report::{Number, SchoolPlace, SubjectMean};
use documents::sentence;
use kernel::Language;

/// The lowest and the highest of what has a number; `None` unless they differ.
fn ends<T>(all: impl Iterator<Item = T>, number: impl Fn(&T) -> &Number) -> Option<(T, T)> {
    let mut sorted: Vec<T> = all.collect();
    sorted.sort_by(|one, other| number(one).value.total_cmp(&number(other).value));
    let (highest, lowest) = (sorted.pop()?, sorted.into_iter().next()?);
    (number(&lowest).text != number(&highest).text).then_some((lowest, highest))
}

/// For each of the grades the subjects and the schools at both ends; for all of them how far the schools' own marks are off.
pub(super) fn highlights(
    subjects: &[SubjectMean],
    places: &[SchoolPlace],
    grades: &[u32],
    language: Language,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, grade) in grades.iter().enumerate() {
        let name = sentence(language, "grade-name", &[("grade", &grade.to_string())]);
        let of_grade = subjects.iter().filter(|row| row.grade == *grade);
        let means = of_grade.filter_map(|row| Some((row.subject.as_str(), row.mean.value.as_ref()?)));
        if let Some(((worst, lowest), (best, highest))) = ends(means, |row| row.1) {
            let arguments = [
                ("grade", name.as_str()),
                ("best", best),
                ("highest", &highest.text),
                ("worst", worst),
                ("lowest", &lowest.text),
            ];
            lines.push(sentence(language, "highlight-subjects", &arguments));
        }
        let results = places.iter().filter_map(|row| row.grades.get(at)?.as_ref());
        if let Some((low, high)) = ends(results.filter_map(|result| result.mean.value.as_ref()), |mean| mean) {
            let arguments = [("grade", name.as_str()), ("low", &low.text), ("high", &high.text)];
            lines.push(sentence(language, "highlight-schools", &arguments));
        }
    }
    let gaps = places.iter().flat_map(|row| row.grades.iter().flatten()).filter_map(|result| result.gap.as_ref());
    if let Some((low, high)) = ends(gaps, |gap| gap) {
        lines.push(sentence(language, "highlight-marks", &[("low", &low.text), ("high", &high.text)]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use documents::report::{GradeResult, Mean};

    use super::*;

    fn subject(grade: u32, name: &str, mean: Option<f64>) -> SubjectMean {
        SubjectMean {
            grade,
            subject: name.to_owned(),
            mean: Mean::new(mean.map(|mean| Number::new(mean, 1, Language::En)), 20),
            standard_error: None,
            kazakh: None,
            russian: None,
            alpha: None,
        }
    }

    fn school(mean: f64, gap: Option<f64>) -> SchoolPlace {
        let result = GradeResult {
            mean: Mean::new(Some(Number::new(mean, 1, Language::En)), 20),
            place: None,
            marks: None,
            gap: gap.map(|gap| Number::signed(gap, 1, Language::En)),
        };
        SchoolPlace { school: String::new(), grades: vec![Some(result)], difference: None }
    }

    #[test]
    fn both_ends_are_named_and_nothing_is_said_of_one_or_of_equals() {
        let subjects = [
            subject(4, "Mathematics", Some(60.5)),
            subject(4, "Kazakh", Some(48.1)),
            subject(4, "Russian", None),
            subject(8, "Physics", Some(46.8)),
        ];
        let places = [school(70.8, Some(2.8)), school(41.1, Some(32.6)), school(50.0, None)];
        let lines = highlights(&subjects, &places, &[4, 8], Language::En);
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].contains("Mathematics (60.5 %)") && lines[0].contains("Kazakh (48.1 %)"), "{lines:?}");
        assert!(lines[1].contains("41.1") && lines[1].contains("70.8"), "{lines:?}");
        assert!(lines[2].contains("+2.8") && lines[2].contains("+32.6"), "{lines:?}");
        let equal = [school(50.0, Some(1.0)), school(50.0, Some(1.0))];
        assert!(highlights(&subjects[3..], &equal, &[8], Language::En).is_empty());
    }
}
