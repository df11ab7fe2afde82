//! The school report: all subjects of a school against the campaign and against its own marks.

use documents::report::{
    CriterionShare, Finding, LevelTable, Mean as ShownMean, Number, ParticipationRow, SchoolClassRow, SchoolReport,
    SchoolSubjectRow,
};
use documents::sentence;
use kernel::{Language, SchoolId};
use roster::OrgUnitKind;

use super::individual::place as shown_place;
use super::scale::{grade_tables, level_row};
use super::words::{imprint, language_name, name_in_grade, percent, school_name, shown};
use crate::model::{CriterionFacility, Settings, comparison};
use crate::query::{CampaignSummary, ClassTest, SubjectFindings};

/// Criteria as they are printed.
fn criterion(found: &CriterionFacility, language: Language, settings: &Settings) -> CriterionShare {
    CriterionShare {
        criterion: found.criterion.clone(),
        items: found.items.clone(),
        share: ShownMean::new(found.facility.map(|facility| percent(facility, language, settings)), found.n),
        campaign_share: None,
    }
}

/// Findings by subject, without the subjects in which nothing stands out.
pub(crate) fn shown_findings(
    summary: &CampaignSummary,
    found: &[SubjectFindings],
    language: Language,
    settings: &Settings,
) -> Vec<Finding> {
    let finding = |subject: &SubjectFindings| {
        let test = summary.campaign.test(subject.test)?;
        let side = |rows: &[CriterionFacility]| -> Vec<CriterionShare> {
            rows.iter().map(|row| criterion(row, language, settings)).collect()
        };
        let (done_well, done_badly) = (side(&subject.findings.well), side(&subject.findings.badly));
        if done_well.is_empty() && done_badly.is_empty() {
            return None;
        }
        let topics = done_badly.iter().take(3).map(|row| row.criterion.as_str()).collect::<Vec<_>>().join("; ");
        Some(Finding {
            grade: u32::from(test.grade),
            subject: name_in_grade(test, language),
            done_well,
            done_badly,
            advice: if topics.is_empty() {
                String::new()
            } else {
                sentence(language, "practise", &[("topics", &topics)])
            },
        })
    };
    found.iter().filter_map(finding).collect()
}

/// Fills the report of a school from a summary that shows the school, its findings and its classes.
pub fn build_school(
    summary: &CampaignSummary,
    school: SchoolId,
    found: &[SubjectFindings],
    classes: &[ClassTest],
    language: Language,
    settings: &Settings,
) -> SchoolReport {
    let region = summary.tree.above(school.into(), OrgUnitKind::Region);
    let district = summary.tree.above(school.into(), OrgUnitKind::District);
    let names = [region, district].into_iter().flatten().map(|node| node.name.in_language(language));
    let participation = summary.participation.iter().filter(|row| row.school == school).map(|row| ParticipationRow {
        grade: u32::from(row.grade),
        language: language_name(row.language, language).to_owned(),
        enrolled: row.enrolled,
        took_part: row.took_part,
        percent: Number::percent(row.took_part, row.enrolled, settings.decimals, language),
    });
    let class_row = |class: &ClassTest| {
        let test = summary.campaign.test(class.test)?;
        Some(SchoolClassRow {
            class: if class.grade == 0 {
                class.letter.clone()
            } else {
                format!("{} «{}»", class.grade, class.letter)
            },
            subject: name_in_grade(test, language),
            mean: shown(&class.mean, true, language, settings),
            lowest: Some(percent(class.range.0, language, settings)),
            highest: Some(percent(class.range.1, language, settings)),
        })
    };
    SchoolReport {
        imprint: imprint(&summary.campaign, &summary.tree, language),
        school: school_name(&summary.tree, school, language),
        region: names.collect::<Vec<_>>().join(", "),
        participation: participation.collect(),
        subjects: subjects(summary, school, language, settings),
        classes: classes.iter().filter(|class| class.school == school).filter_map(class_row).collect(),
        levels: levels(summary, school, language, settings),
        findings: shown_findings(summary, found, language, settings),
        summary: Vec::new(),
    }
}

/// The subjects of a school on their scales.
fn levels(summary: &CampaignSummary, school: SchoolId, language: Language, settings: &Settings) -> Vec<LevelTable> {
    grade_tables(summary, language, |test| {
        let own = test.scale.as_ref().and_then(|scale| scale.by_school.get(&school));
        let name = name_in_grade(&test.test, language);
        own.map(|group| level_row(name, group, true, language, settings)).into_iter().collect()
    })
}

fn subjects(
    summary: &CampaignSummary,
    school: SchoolId,
    language: Language,
    settings: &Settings,
) -> Vec<SchoolSubjectRow> {
    let mut rows = Vec::new();
    for grade in &summary.grades {
        let Some(own) = grade.schools.iter().find(|row| row.school == school) else { continue };
        for subject in &own.subjects {
            let Some(test) = summary.tests.iter().find(|test| test.test.id == subject.test) else { continue };
            let marks = summary.marks_of(school, grade.grade, &test.test.subject);
            let compared = subject
                .mean
                .percent
                .zip(marks)
                .and_then(|(monitoring, marks)| comparison(monitoring, marks, settings.decimals));
            rows.push(SchoolSubjectRow {
                grade: u32::from(grade.grade),
                subject: name_in_grade(&test.test, language),
                mean: shown(&subject.mean, true, language, settings),
                standard_error: subject.mean.standard_error.map(|error| percent(error, language, settings)),
                campaign_mean: shown(&test.mean, false, language, settings),
                place: test.places.get(&school).copied().and_then(shown_place),
                marks: compared.map(|compared| percent(compared.marks, language, settings)),
                gap: compared.map(|compared| Number::signed(compared.gap, settings.decimals, language)),
            });
        }
    }
    rows
}
