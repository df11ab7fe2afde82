//! The charts of the reports, drawn from their data. Pages take the same ones: `.svg()` for the picture, `.table()`
//! for the table beside it.

use charts::{
    Band, BarRow, Bars, DotRow, Dots, Frame, Heat, HeatColours, Numbers, Parts, Reference, Scatter, ScatterPoint,
    WholeRow, Zone,
};
use kernel::Language;

use crate::Labels;
use crate::report::{CampaignPresentation, CorrelationTable, LevelTable, Mean, Number, ScaleResult, SchoolReport};

/// How charts write numbers in a language.
pub fn numbers(language: Language, decimals: u32) -> Numbers {
    if language == Language::En { Numbers::point(decimals) } else { Numbers::comma(decimals) }
}

fn value(mean: &Mean) -> Option<f64> {
    mean.value.as_ref().map(|number| number.value)
}

fn text(number: Option<&Number>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| number.text.clone())
}

/// "Математика 60,5; Физика 46,8": what a screen reader says of a chart.
fn described<'a>(rows: impl Iterator<Item = (&'a str, Option<&'a Number>)>) -> String {
    rows.map(|(name, number)| format!("{name} {}", text(number))).collect::<Vec<_>>().join("; ")
}

/// Means of a school by subject beside those of the campaign.
pub fn school_subjects(report: &SchoolReport, labels: &Labels) -> Bars {
    let title = labels.text("results-by-subject");
    let description = described(report.subjects.iter().map(|row| (row.subject.as_str(), row.mean.value.as_ref())));
    let rows = report.subjects.iter().map(|row| BarRow {
        label: format!("{} · {}", row.grade, row.subject),
        values: vec![value(&row.mean), value(&row.campaign_mean)],
        n: Some(u64::from(row.mean.n)),
    });
    Bars {
        frame: Frame::new("school-subjects", title, description, numbers(report.imprint.language, 1)),
        heads: [labels.text("subject").to_owned(), "n".to_owned()],
        series: ["school", "campaign"].map(|key| labels.text(key).to_owned()).to_vec(),
        rows: rows.collect(),
        maximum: Some(100.0),
        reference: None,
    }
}

/// Means of a grade by subject.
pub fn campaign_subjects(campaign: &CampaignPresentation, grade: u32, labels: &Labels) -> Bars {
    let subjects = || campaign.subjects.iter().filter(|row| row.grade == grade);
    let description = described(subjects().map(|row| (row.subject.as_str(), row.mean.value.as_ref())));
    let id = format!("subjects-{grade}");
    Bars {
        frame: Frame::new(id, labels.text("means-by-subject"), description, numbers(campaign.imprint.language, 1)),
        heads: [labels.text("subject").to_owned(), "n".to_owned()],
        series: vec![labels.text("mean-percent").to_owned()],
        rows: subjects()
            .map(|row| BarRow {
                label: row.subject.clone(),
                values: vec![value(&row.mean)],
                n: Some(u64::from(row.mean.n)),
            })
            .collect(),
        maximum: Some(100.0),
        reference: None,
    }
}

/// Means of a grade by subject and language of instruction; only subjects that were taken in both.
pub fn campaign_languages(campaign: &CampaignPresentation, grade: u32, labels: &Labels) -> Bars {
    let subjects: Vec<_> = campaign
        .subjects
        .iter()
        .filter(|row| row.grade == grade)
        .filter_map(|row| Some((&row.subject, row.kazakh.as_ref()?, row.russian.as_ref()?)))
        .collect();
    let description = described(subjects.iter().map(|row| (row.0.as_str(), row.1.value.as_ref())));
    let id = format!("languages-{grade}");
    Bars {
        frame: Frame::new(id, labels.text("means-by-language"), description, numbers(campaign.imprint.language, 1)),
        heads: [labels.text("subject").to_owned(), "n".to_owned()],
        series: ["kazakh-medium", "russian-medium"].map(|key| labels.text(key).to_owned()).to_vec(),
        rows: subjects
            .iter()
            .map(|(subject, kazakh, russian)| BarRow {
                // Both means show their n.
                label: format!("{subject} (n = {} / {})", kazakh.n, russian.n),
                values: vec![value(kazakh), value(russian)],
                n: None,
            })
            .collect(),
        maximum: Some(100.0),
        reference: None,
    }
}

/// Means of the schools in one of the campaign's grades (`place` in [`CampaignPresentation::grades`]), best on top.
pub fn campaign_schools(campaign: &CampaignPresentation, place: usize, labels: &Labels) -> Dots {
    let mut schools: Vec<(&str, Option<f64>, u32)> = campaign
        .places
        .iter()
        .filter_map(|row| {
            let result = row.grades.get(place)?.as_ref()?;
            Some((row.school.as_str(), value(&result.mean), result.mean.n))
        })
        .collect();
    schools.sort_by(|one, other| other.1.unwrap_or(-1.0).total_cmp(&one.1.unwrap_or(-1.0)));
    let (sum, pupils) = schools
        .iter()
        .filter_map(|row| Some((row.1? * f64::from(row.2), row.2)))
        .fold((0.0, 0), |(sum, pupils), (part, n)| (sum + part, pupils + n));
    let id = format!("schools-{place}");
    Dots {
        frame: Frame::new(id, labels.text("places"), "", numbers(campaign.imprint.language, 1)),
        heads: [
            labels.text("school").to_owned(),
            labels.text("mean-percent").to_owned(),
            labels.text("lowest").to_owned(),
            labels.text("highest").to_owned(),
            "n".to_owned(),
        ],
        rows: schools
            .iter()
            .map(|(school, mean, n)| DotRow {
                label: (*school).to_owned(),
                value: *mean,
                interval: None,
                n: Some(u64::from(*n)),
            })
            .collect(),
        range: None,
        reference: (pupils > 0)
            .then(|| Reference { label: labels.text("campaign-mean").to_owned(), value: sum / f64::from(pupils) }),
    }
}

/// Term marks against monitoring in one of the campaign's grades.
pub fn campaign_marks(campaign: &CampaignPresentation, place: usize, labels: &Labels) -> Scatter {
    let points: Vec<ScatterPoint> = campaign
        .places
        .iter()
        .filter_map(|row| {
            let result = row.grades.get(place)?.as_ref()?;
            Some(ScatterPoint {
                label: row.school.clone(),
                x: value(&result.mean)?,
                y: result.marks.as_ref()?.value,
                n: Some(u64::from(result.mean.n)),
            })
        })
        .collect();
    // One axis for both, so that the line of equal values means something.
    let low = points.iter().flat_map(|point| [point.x, point.y]).fold(100.0, f64::min);
    let high = points.iter().flat_map(|point| [point.x, point.y]).fold(0.0, f64::max);
    let range = (low < high).then_some((low, high));
    Scatter {
        frame: Frame::new(
            format!("marks-{place}"),
            labels.text("marks-and-monitoring"),
            "",
            numbers(campaign.imprint.language, 1),
        ),
        heads: [
            labels.text("school").to_owned(),
            labels.text("monitoring").to_owned(),
            labels.text("term-marks").to_owned(),
            "n".to_owned(),
        ],
        points,
        x_range: range,
        y_range: range,
        diagonal: true,
        names: true,
    }
}

/// Correlation between the subjects of a grade.
pub fn correlations(table: &CorrelationTable, language: Language, labels: &Labels) -> Heat {
    let number = |cell: &Option<Number>| cell.as_ref().map(|number| number.value);
    Heat {
        frame: Frame::new(
            format!("correlations-{}", table.grade),
            labels.text("correlations"),
            format!("{}: {}", labels.text("fewest"), table.n),
            numbers(language, 2),
        ),
        head: labels.text("subject").to_owned(),
        columns: table.subjects.clone(),
        rows: table
            .subjects
            .iter()
            .zip(&table.cells)
            .map(|(subject, cells)| (subject.clone(), cells.iter().map(number).collect()))
            .collect(),
        colours: HeatColours::Around(-1.0, 0.0, 1.0),
    }
}

/// A pupil on the ability scale with its levels, `width` drawing units wide.
pub fn scale_band(result: &ScaleResult, width: f64, language: Language, labels: &Labels) -> Band {
    let zone = |zone: &crate::report::LevelZone| Zone {
        name: zone.name.clone(),
        note: format!("{} %", zone.chance.text),
        from: zone.from.as_ref().map(|from| from.value),
    };
    Band {
        frame: Frame::new("scale-band", labels.text("scale-title"), result.sentence.clone(), numbers(language, 0))
            .wide(width),
        heads: ["level", "level-chance", "level-from"].map(|key| labels.text(key).to_owned()),
        range: result.ends,
        zones: result.levels.iter().map(zone).collect(),
        value: result.points.value.clamp(result.ends.0, result.ends.1),
        interval: result.range,
        label: format!("{} ± {}", result.points.text, result.error.text),
    }
}

/// How groups divide into levels.
pub fn level_shares(table: &LevelTable, id: &str, language: Language, labels: &Labels) -> Parts {
    let row = |row: &crate::report::LevelRow| WholeRow {
        label: row.name.clone(),
        values: (0..table.levels.len()).map(|level| row.shares.get(level).map(|share| share.value)).collect(),
        n: Some(u64::from(row.n)),
    };
    Parts {
        frame: Frame::new(id, format!("{}, %: {}", labels.text("levels"), table.title), "", numbers(language, 1)),
        heads: [labels.text("group").to_owned(), "n".to_owned()],
        parts: table.levels.clone(),
        rows: table.rows.iter().map(row).collect(),
    }
}
