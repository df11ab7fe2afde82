//! The campaign as a presentation (facts 000b 2.6).

use documents::report::{
    BreakdownRow, BreakdownTable, CampaignPresentation, CorrelationTable, GradeResult, LevelTable, Mean as ShownMean,
    Number, SchoolPlace, SubjectMean as ShownSubject,
};
use documents::sentence;
use kernel::{Language, OrgUnitId, SchoolId};

use super::highlights::highlights;
use super::scale::{grade_tables, level_row, points};
use super::school::shown_findings;
use super::words::{imprint, language_name, name_in_grade, percent, period, shown};
use crate::model::{LevelSummary, Mean, SchoolGrade, Settings};
use crate::query::{CampaignSummary, GradeSummary, SubjectFindings, TestSummary};

/// Fills the presentation of a campaign from a summary of the whole network.
pub fn build_presentation(
    summary: &CampaignSummary,
    found: &[SubjectFindings],
    language: Language,
    settings: &Settings,
) -> CampaignPresentation {
    let count = |of: fn(&crate::query::Participation) -> u32| summary.participation.iter().map(of).sum();
    let schools: std::collections::BTreeSet<SchoolId> =
        summary.grades.iter().flat_map(|grade| grade.schools.iter().map(|row| row.school)).collect();
    let subjects: Vec<ShownSubject> = summary.tests.iter().map(|test| subject(test, language, settings)).collect();
    let places = school_places(summary, &schools.iter().copied().collect::<Vec<_>>(), language, settings);
    let grades: Vec<u32> = summary.grades.iter().map(|grade| u32::from(grade.grade)).collect();
    CampaignPresentation {
        imprint: imprint(&summary.campaign, &summary.tree, language),
        period: period(&summary.campaign, language),
        schools: schools.len() as u32,
        enrolled: count(|row| row.enrolled),
        took_part: count(|row| row.took_part),
        tests: summary.tests.len() as u32,
        attempts: summary.results,
        highlights: highlights(&subjects, &places, &grades, language),
        subjects,
        breakdowns: breakdowns(summary, language, settings),
        places,
        grades,
        correlations: summary.grades.iter().filter_map(|grade| correlations(summary, grade, language)).collect(),
        findings: shown_findings(summary, found, language, settings),
        levels: levels(summary, language, settings),
        levels_by_language: levels_by_language(summary, language, settings),
        scale_by_district: scale_by_district(summary, language, settings),
    }
}

fn subject(test: &TestSummary, language: Language, settings: &Settings) -> ShownSubject {
    let of = |own: Language| test.by_language.get(&own).map(|mean| shown(mean, false, language, settings));
    ShownSubject {
        grade: u32::from(test.test.grade),
        subject: name_in_grade(&test.test, language),
        mean: shown(&test.mean, false, language, settings),
        standard_error: test.mean.standard_error.map(|error| percent(error, language, settings)),
        kazakh: of(Language::Kk),
        russian: of(Language::Ru),
        alpha: test
            .statistics
            .as_ref()
            .and_then(|statistics| statistics.alpha)
            .map(|alpha| Number::new(alpha, 2, language)),
    }
}

/// Means by region for each grade, when there is more than one region.
fn breakdowns(summary: &CampaignSummary, language: Language, settings: &Settings) -> Vec<BreakdownTable> {
    let mut tables = Vec::new();
    for grade in &summary.grades {
        let tests: Vec<&TestSummary> = summary.tests.iter().filter(|test| test.test.grade == grade.grade).collect();
        let regions: std::collections::BTreeSet<OrgUnitId> =
            tests.iter().flat_map(|test| test.by_region.keys().copied()).collect();
        if regions.len() < 2 {
            continue;
        }
        let row = |region: &OrgUnitId| BreakdownRow {
            name: summary.tree.get(*region).map_or_else(String::new, |node| node.name.in_language(language).to_owned()),
            means: tests
                .iter()
                .map(|test| test.by_region.get(region).map(|mean: &Mean| shown(mean, false, language, settings)))
                .collect(),
        };
        let grade = sentence(language, "grade-name", &[("grade", &grade.grade.to_string())]);
        tables.push(BreakdownTable {
            title: sentence(language, "means-by-region", &[("grade", &grade)]),
            columns: tests.iter().map(|test| name_in_grade(&test.test, language)).collect(),
            rows: regions.iter().map(row).collect(),
        });
    }
    tables
}

fn levels(summary: &CampaignSummary, language: Language, settings: &Settings) -> Vec<LevelTable> {
    grade_tables(summary, language, |test| {
        let name = name_in_grade(&test.test, language);
        let whole = test.scale.as_ref().map(|scale| level_row(name, &scale.whole, false, language, settings));
        whole.into_iter().collect()
    })
}

/// By language of instruction, for tests that were taken in more than one.
fn levels_by_language(summary: &CampaignSummary, language: Language, settings: &Settings) -> Vec<LevelTable> {
    grade_tables(summary, language, |test| {
        let Some(scale) = test.scale.as_ref().filter(|scale| scale.by_language.len() > 1) else { return Vec::new() };
        let row = |(own, group): (&Language, &LevelSummary)| {
            let name = format!("{}, {}", name_in_grade(&test.test, language), language_name(*own, language));
            level_row(name, group, false, language, settings)
        };
        scale.by_language.iter().map(row).collect()
    })
}

/// Mean points by district for each grade, when there is more than one district.
fn scale_by_district(summary: &CampaignSummary, language: Language, settings: &Settings) -> Vec<BreakdownTable> {
    let mut tables = Vec::new();
    for grade in &summary.grades {
        let of_grade = summary.tests.iter().filter(|test| test.test.grade == grade.grade);
        let tests: Vec<_> = of_grade
            .filter_map(|test| test.scale.as_ref().filter(|scale| scale.levels() > 0).zip(Some(test)))
            .collect();
        let districts: std::collections::BTreeSet<OrgUnitId> =
            tests.iter().flat_map(|(scale, _)| scale.by_district.keys().copied()).collect();
        if districts.len() < 2 {
            continue;
        }
        let mean = |group: &LevelSummary| {
            let shown = group.mean.filter(|_| group.may_show(false, settings.minimum_group));
            ShownMean::new(shown.map(|mean| points(mean, language)), group.n)
        };
        let row = |district: &OrgUnitId| BreakdownRow {
            name: summary
                .tree
                .get(*district)
                .map_or_else(String::new, |node| node.name.in_language(language).to_owned()),
            means: tests.iter().map(|(scale, _)| scale.by_district.get(district).map(mean)).collect(),
        };
        let grade = sentence(language, "grade-name", &[("grade", &grade.grade.to_string())]);
        tables.push(BreakdownTable {
            title: sentence(language, "scale-by-district", &[("grade", &grade)]),
            columns: tests.iter().map(|(_, test)| name_in_grade(&test.test, language)).collect(),
            rows: districts.iter().map(row).collect(),
        });
    }
    tables
}

fn school_places(
    summary: &CampaignSummary,
    schools: &[SchoolId],
    language: Language,
    settings: &Settings,
) -> Vec<SchoolPlace> {
    let mut ordered: Vec<SchoolId> = schools.to_vec();
    let place_in_first = |school: &SchoolId| {
        let row = summary.grades.first().and_then(|grade| grade.schools.iter().find(|row| row.school == *school));
        row.and_then(|row| row.place).map_or(u32::MAX, |place| place.place)
    };
    ordered.sort_by_key(|school| (place_in_first(school), *school));
    let grade_result = |row: &SchoolGrade<kernel::TestId>| GradeResult {
        mean: shown(&row.indicator, false, language, settings),
        place: row.place.map(|place| place.place),
        marks: row.comparison.map(|compared| percent(compared.marks, language, settings)),
        gap: row.comparison.map(|compared| Number::signed(compared.gap, settings.decimals, language)),
    };
    let school_place = |school: SchoolId| SchoolPlace {
        school: summary.tree.school(school).map_or_else(String::new, |node| {
            let short = node.short_name.in_language(language);
            if short.is_empty() { node.name.in_language(language).to_owned() } else { short.to_owned() }
        }),
        grades: summary
            .grades
            .iter()
            .map(|grade| grade.schools.iter().find(|row| row.school == school).map(grade_result))
            .collect(),
        difference: summary.differences.iter().find(|pair| pair.school == school).map(|pair| pair.difference),
    };
    ordered.into_iter().map(school_place).collect()
}

fn correlations(summary: &CampaignSummary, grade: &GradeSummary, language: Language) -> Option<CorrelationTable> {
    let found = grade.correlations.as_ref()?;
    if found.tests.len() < 2 {
        return None;
    }
    let name = |test: &i64| {
        summary.campaign.test(kernel::TestId(*test)).map_or_else(String::new, |test| name_in_grade(test, language))
    };
    let shown_pairs = found.cells.iter().flatten().flatten().filter(|pair| pair.r.is_some());
    Some(CorrelationTable {
        grade: u32::from(grade.grade),
        subjects: found.tests.iter().map(name).collect(),
        cells: found
            .cells
            .iter()
            .map(|row| {
                row.iter().map(|pair| pair.and_then(|pair| pair.r).map(|r| Number::new(r, 2, language))).collect()
            })
            .collect(),
        n: shown_pairs.map(|pair| pair.n as u32).min().unwrap_or(0),
    })
}
