//! The individual report (facts 000b 2.4, 3.13).

use documents::report::{
    IndividualReport, ItemRow, Place as ShownPlace, Points as ShownPoints, Score, SectionResult, Skill, SkillResult,
    Standing as ShownStanding, Status,
};
use documents::sentence;
use itembank::FormItem;
use kernel::Language;

use super::scale::{context_reason, pupil_scale};
use super::words::{class_name, imprint, language_name, percent, points, school_name};
use super::{ClassResults, PupilResult, TestContext};
use crate::model::{ItemOutcome, ItemStatus, Place, Points, SectionItem, SectionScore, Settings, Standing, sections};

pub(crate) fn status(status: ItemStatus) -> Status {
    match status {
        ItemStatus::Correct => Status::Correct,
        ItemStatus::Partial => Status::Partial,
        ItemStatus::Incorrect => Status::Incorrect,
        ItemStatus::Skipped => Status::Skipped,
        ItemStatus::NotReached => Status::NotReached,
    }
}

/// The skill of an item; none where nothing but a number is known about it, as in most imported tests.
pub(crate) fn skill(item: &FormItem, language: Language) -> Option<Skill> {
    if item.item.topic.in_language(language) == item.item.criterion.in_language(language) {
        return None;
    }
    Some(match item.item.skill {
        itembank::Skill::A => Skill::A,
        itembank::Skill::B => Skill::B,
        itembank::Skill::C => Skill::C,
    })
}

pub(crate) fn place(place: Place) -> Option<ShownPlace> {
    (place.of > 0).then_some(ShownPlace { place: place.place, of: place.of })
}

/// For tasks worth more than one point.
pub(crate) fn shown_points(score: Points, maximum: Points, language: Language) -> Option<ShownPoints> {
    (maximum != Points::whole(1))
        .then(|| ShownPoints { earned: points(score.value(), language), of: points(maximum.value(), language) })
}

/// The sections of a pupil, by the language of the report.
pub(crate) fn pupil_sections(
    context: &TestContext,
    pupil: &PupilResult,
    language: Language,
    settings: &Settings,
) -> Vec<SectionScore> {
    let of_form: Vec<SectionItem<'_>> = pupil
        .answers
        .iter()
        .map(|answer| SectionItem {
            number: answer.position,
            section: context
                .item(pupil.form, answer.position)
                .map_or("", |item| item.item.section.in_language(language)),
            score: answer.score,
            max: context.maximum(pupil.form, answer.position, pupil),
        })
        .collect();
    sections(&of_form, settings)
}

/// Criteria of tasks, without repetition, as the end of a sentence.
pub(crate) fn criteria_of(
    context: &TestContext,
    form: kernel::FormId,
    numbers: impl IntoIterator<Item = u32>,
    language: Language,
) -> String {
    let mut found: Vec<&str> = Vec::new();
    for number in numbers {
        let text = context.item(form, number).map_or("", |item| item.item.criterion.in_language(language));
        let text = text.trim().trim_end_matches('.');
        if !text.is_empty() && !found.contains(&text) {
            found.push(text);
        }
    }
    found.join("; ")
}

/// Fills the report of a pupil.
pub fn build_individual(
    context: &TestContext,
    class: &ClassResults,
    pupil: &PupilResult,
    language: Language,
    settings: &Settings,
) -> IndividualReport {
    let item_row = |answer: &ItemOutcome| {
        let item = context.item(pupil.form, answer.position);
        let text = |of: fn(&FormItem) -> &kernel::Localized| {
            item.map_or_else(String::new, |item| of(item).in_language(language).to_owned())
        };
        let maximum = context.maximum(pupil.form, answer.position, pupil);
        ItemRow {
            number: answer.position,
            section: text(|item| &item.item.section),
            topic: text(|item| &item.item.topic),
            criterion: text(|item| &item.item.criterion),
            skill: item.and_then(|item| skill(item, language)),
            status: status(answer.status),
            points: shown_points(answer.score, maximum, language),
        }
    };
    let found = pupil_sections(context, pupil, language, settings);
    let tasks = pupil.answers.len() as u32;
    IndividualReport {
        imprint: imprint(&context.campaign, &context.tree, language),
        school: school_name(&context.tree, class.class.school, language),
        class: class_name(&class.class),
        pupil: pupil.name.full(),
        subject: context.test.name.in_language(language).to_owned(),
        language_of_instruction: language_name(pupil.language, language).to_owned(),
        tasks,
        correct: pupil.outcome.correct,
        unattempted: pupil.outcome.unattempted(),
        class_place: place(pupil.class_place),
        parallel_place: place(pupil.parallel_place),
        items: pupil.answers.iter().map(item_row).collect(),
        skills: skills(context, pupil, language),
        sections: section_results(context, pupil, &found, language),
        score: score(context, pupil, language, settings),
        summary: summary(&found, language),
        scale: pupil_scale(context, pupil, language),
        no_scale: context_reason(context, language),
    }
}

fn skills(context: &TestContext, pupil: &PupilResult, language: Language) -> Vec<SkillResult> {
    let of_level = |level: Skill| {
        let (mut earned, mut of) = (Points::ZERO, Points::ZERO);
        for answer in &pupil.answers {
            let item = context.item(pupil.form, answer.position);
            if item.and_then(|item| skill(item, language)) == Some(level) {
                earned = earned + answer.score;
                of = of + context.maximum(pupil.form, answer.position, pupil);
            }
        }
        (of != Points::ZERO).then(|| SkillResult {
            skill: level,
            correct: points(earned.value(), language),
            of: points(of.value(), language),
        })
    };
    [Skill::A, Skill::B, Skill::C].into_iter().filter_map(of_level).collect()
}

/// Weak sections first: they are what a parent should read.
fn section_results(
    context: &TestContext,
    pupil: &PupilResult,
    found: &[SectionScore],
    language: Language,
) -> Vec<SectionResult> {
    let mut ordered: Vec<&SectionScore> = found.iter().filter(|section| !section.section.is_empty()).collect();
    ordered.sort_by_key(|section| std::cmp::Reverse(section.standing));
    let result = |section: &SectionScore| {
        let topics = criteria_of(context, pupil.form, section.failed.iter().copied(), language);
        let advice =
            if topics.is_empty() { String::new() } else { sentence(language, "practise", &[("topics", &topics)]) };
        SectionResult {
            section: section.section.clone(),
            correct: points(section.score.value(), language),
            of: points(section.max.value(), language),
            standing: match section.standing {
                Standing::Strong => ShownStanding::Strong,
                Standing::Middle => ShownStanding::Middle,
                Standing::Weak => ShownStanding::Weak,
            },
            advice,
        }
    };
    ordered.into_iter().map(result).collect()
}

fn summary(found: &[SectionScore], language: Language) -> String {
    let named = |standing: Standing| {
        let names: Vec<&str> = found
            .iter()
            .filter(|section| section.standing == standing && !section.section.is_empty())
            .map(|section| section.section.as_str())
            .collect();
        names.join("; ")
    };
    let (strong, weak) = (named(Standing::Strong), named(Standing::Weak));
    let mut sentences = Vec::new();
    if !strong.is_empty() {
        sentences.push(sentence(language, "keep", &[("topics", &strong)]));
    }
    if !weak.is_empty() {
        sentences.push(sentence(language, "practise", &[("topics", &weak)]));
    }
    sentences.join(" ")
}

fn score(context: &TestContext, pupil: &PupilResult, language: Language, settings: &Settings) -> Score {
    let (raw, maximum) = (pupil.outcome.score.value(), pupil.maximum.value());
    let sem = context.forms.get(&pupil.form).and_then(|form| form.statistics.as_ref()?.sem);
    // One standard error to each side, in whole points: more would promise what a test of twenty tasks cannot hold.
    let range = sem.map(|sem| ((raw - sem).max(0.0).round(), (raw + sem).min(maximum).round()));
    let (low, high) = (range.map(|range| points(range.0, language)), range.map(|range| points(range.1, language)));
    let shown_maximum = points(maximum, language);
    let text = low.as_ref().zip(high.as_ref()).map_or_else(String::new, |(low, high)| {
        let arguments = [("low", low.text.as_str()), ("high", &high.text), ("maximum", &shown_maximum.text)];
        sentence(language, "score-range", &arguments)
    });
    Score {
        raw: points(raw, language),
        maximum: shown_maximum,
        percent: percent(pupil.percent(), language, settings),
        standard_error: sem.map(|sem| documents::report::Number::new(sem, 1, language)),
        low,
        high,
        sentence: text,
    }
}
