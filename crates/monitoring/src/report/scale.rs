//! Results on the ability scale as reports show them.

use documents::report::{LevelGroup, LevelRow, LevelTable, LevelZone, Number, PupilLevel, ScaleResult};
use documents::sentence;
use kernel::Language;

use super::words::class_name;
use super::{ClassResults, PupilResult, TestContext};
use crate::model::{Calibration, LevelSummary, NotScaled, PersonScale, ScaledTest, Settings};
use crate::query::{CampaignSummary, TestSummary};

/// From this chance in percent a neighbouring level is named beside the pupil's own.
const NAMED_FROM: f64 = 25.0;

/// Whole points as shown.
pub(crate) fn points(value: f64, language: Language) -> Number {
    Number::new(value, 0, language)
}

/// Percent of a level as shown.
fn share(value: f64, language: Language, settings: &Settings) -> Number {
    Number::new(value, settings.decimals, language)
}

/// Why a test has no scale, in a sentence.
pub fn no_scale(reason: &NotScaled, language: Language) -> String {
    let say = |key: &str, arguments: &[(&str, &str)]| sentence(language, &format!("scale-{key}"), arguments);
    match reason {
        NotScaled::TooFewResults { n, minimum } => {
            say("too-few-results", &[("n", &n.to_string()), ("minimum", &minimum.to_string())])
        }
        NotScaled::TooFewTasks { tasks, minimum } => {
            say("too-few-tasks", &[("tasks", &tasks.to_string()), ("minimum", &minimum.to_string())])
        }
        NotScaled::TooManySteps { number } => say("too-many-steps", &[("number", &number.to_string())]),
        NotScaled::NotConnected => say("not-connected", &[]),
        NotScaled::NotConverged => say("not-converged", &[]),
        NotScaled::Cuts => say("cuts", &[]),
        NotScaled::Refused { said } => say("refused", &[("said", said)]),
    }
}

/// The same for a test of a report; empty when it has a scale or has not been scored.
pub(crate) fn context_reason(context: &TestContext, language: Language) -> String {
    match context.scale.as_ref().map(|scale| scale.current.calibration.as_ref()) {
        Some(Calibration::NotScaled { reason }) => no_scale(reason, language),
        _ => String::new(),
    }
}

/// What the points of a test mean.
pub fn scale_note(test: &ScaledTest, language: Language) -> String {
    let mean = test.line.slope * test.latent_mean + test.line.intercept;
    let sd = test.line.slope * test.latent_variance.value.sqrt();
    let [mean, low, high] = [mean, mean - sd, mean + sd].map(|value| points(value, language).text);
    sentence(language, "scale-note", &[("mean", &mean), ("low", &low), ("high", &high)])
}

/// A pupil's place on the scale, with the words for the parent.
pub(crate) fn scale_result(test: &ScaledTest, person: &PersonScale, language: Language) -> ScaleResult {
    let chance = |level: usize| 100.0 * person.probabilities.get(level).copied().unwrap_or(0.0);
    let zone = |(index, level): (usize, &crate::model::ScaleLevel)| LevelZone {
        name: level.name.in_language(language).to_owned(),
        from: level.from.map(|from| points(from, language)),
        chance: Number::new(chance(index), 0, language),
    };
    let levels: Vec<LevelZone> = test.levels.iter().enumerate().map(zone).collect();
    let own = &test.levels[person.level.min(test.levels.len() - 1)];
    let (shown, error) = (points(person.points, language), points(person.points_se, language));
    let arguments = [
        ("points", shown.text.as_str()),
        ("error", &error.text),
        ("level", own.name.in_language(language)),
        ("meaning", own.meaning.in_language(language)),
    ];
    let held = |value: f64| value.clamp(test.line.lowest, test.line.highest);
    ScaleResult {
        sentence: sentence(language, "scale-sentence", &arguments),
        certainty: certainty(&levels, person.level, language),
        range: (held(person.points - person.points_se), held(person.points + person.points_se)),
        ends: (test.line.lowest, test.line.highest),
        points: shown,
        error,
        level: person.level,
        levels,
    }
}

fn certainty(levels: &[LevelZone], own: usize, language: Language) -> String {
    let near = levels.iter().enumerate().filter(|(index, level)| *index != own && level.chance.value >= NAMED_FROM);
    let chance = levels.get(own).map_or("", |level| level.chance.text.as_str());
    match near.max_by(|one, other| one.1.chance.value.total_cmp(&other.1.chance.value)) {
        Some((_, other)) => {
            let arguments = [("chance", chance), ("other", &other.name), ("other-chance", &other.chance.text)];
            sentence(language, "scale-between", &arguments)
        }
        None => sentence(language, "scale-certain", &[("chance", chance)]),
    }
}

/// The scale of a pupil in a report.
pub(crate) fn pupil_scale(context: &TestContext, pupil: &PupilResult, language: Language) -> Option<ScaleResult> {
    let test = context.scale.as_ref()?.current.calibration.scaled()?;
    Some(scale_result(test, pupil.scale.as_ref()?, language))
}

/// The scale of a pupil in a row.
pub(crate) fn pupil_level(context: &TestContext, pupil: &PupilResult, language: Language) -> Option<PupilLevel> {
    let (test, person) = (context.scale.as_ref()?.current.calibration.scaled()?, pupil.scale.as_ref()?);
    Some(PupilLevel {
        points: points(person.points, language),
        error: points(person.points_se, language),
        level: test.levels.get(person.level)?.name.in_language(language).to_owned(),
        index: person.level,
    })
}

/// A group as a row; `inside` its own school a small one is shown too.
pub fn level_row(
    name: String,
    group: &LevelSummary,
    inside: bool,
    language: Language,
    settings: &Settings,
) -> LevelRow {
    if !group.may_show(inside, settings.minimum_group) {
        return LevelRow { name, n: group.n, mean: None, error: None, shares: Vec::new(), counts: Vec::new() };
    }
    LevelRow {
        name,
        n: group.n,
        mean: group.mean.map(|mean| points(mean, language)),
        error: group.standard_error.map(|error| Number::new(error, 1, language)),
        shares: (0..group.counts.len())
            .filter_map(|level| group.share(level))
            .map(|value| share(value, language, settings))
            .collect(),
        counts: group.counts.clone(),
    }
}

/// Names of the levels of a test.
pub fn level_names(test: &ScaledTest, language: Language) -> Vec<String> {
    test.levels.iter().map(|level| level.name.in_language(language).to_owned()).collect()
}

/// A class beside its parallel and the campaign.
pub(crate) fn class_levels(
    context: &TestContext,
    class: &ClassResults,
    language: Language,
    settings: &Settings,
) -> Option<LevelTable> {
    let scale = context.scale.as_ref()?;
    let test = scale.current.calibration.scaled()?;
    let mut cells = vec![crate::model::LevelCell::default(); test.levels.len()];
    for person in class.pupils.iter().filter_map(|pupil| pupil.scale.as_ref()) {
        cells.get_mut(person.level)?.add(person.points);
    }
    let own = LevelSummary::of(cells.into_iter().enumerate(), test.levels.len());
    let label = |key: &str| sentence(language, key, &[]);
    let mut rows = vec![level_row(class_name(&class.class), &own, true, language, settings)];
    let parallel = scale.by_school.get(&class.class.school);
    rows.extend(parallel.map(|group| level_row(label("parallel-mean"), group, true, language, settings)));
    let of_language = class.pupils.first().and_then(|pupil| scale.by_language.get(&pupil.language));
    rows.extend(of_language.map(|group| level_row(label("campaign-mean"), group, false, language, settings)));
    Some(LevelTable {
        title: context.test.name.in_language(language).to_owned(),
        levels: level_names(test, language),
        rows,
        note: scale_note(test, language),
    })
}

/// Who of a class stands at which level, the fewest points first.
pub(crate) fn level_groups(context: &TestContext, class: &ClassResults, language: Language) -> Vec<LevelGroup> {
    let Some(test) = context.scale.as_ref().and_then(|scale| scale.current.calibration.scaled()) else {
        return Vec::new();
    };
    let group = |(index, level): (usize, &crate::model::ScaleLevel)| {
        let own = class.pupils.iter().filter_map(|pupil| Some((pupil.scale.as_ref()?, pupil)));
        let mut own: Vec<_> = own.filter(|(person, _)| person.level == index).collect();
        own.sort_by(|one, other| one.0.points.total_cmp(&other.0.points));
        LevelGroup {
            level: level.name.in_language(language).to_owned(),
            meaning: level.meaning.in_language(language).to_owned(),
            pupils: own.into_iter().map(|(_, pupil)| pupil.name.short()).collect(),
        }
    };
    test.levels.iter().enumerate().map(group).collect()
}

/// A table for each grade whose tests have a scale, with the rows that `rows` makes of a test.
pub(crate) fn grade_tables<'a>(
    summary: &'a CampaignSummary,
    language: Language,
    rows: impl Fn(&'a TestSummary) -> Vec<LevelRow>,
) -> Vec<LevelTable> {
    let mut tables = Vec::new();
    for grade in &summary.grades {
        let tests = summary.tests.iter().filter(|test| test.test.grade == grade.grade);
        let scaled: Vec<_> = tests.filter_map(|test| Some((test, scaled(test)?))).collect();
        let Some((_, first)) = scaled.first() else { continue };
        let table = LevelTable {
            title: sentence(language, "grade-name", &[("grade", &grade.grade.to_string())]),
            levels: level_names(first, language),
            rows: scaled.iter().flat_map(|(test, _)| rows(test)).collect(),
            note: scale_note(first, language),
        };
        if !table.rows.is_empty() {
            tables.push(table);
        }
    }
    tables
}

/// The calibration of a test, if it has a scale.
pub(crate) fn scaled(test: &TestSummary) -> Option<&ScaledTest> {
    test.scale.as_ref()?.current.calibration.scaled()
}
