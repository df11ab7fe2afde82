//! The class report: task by pupil (facts 000b 2.5).

use std::collections::BTreeMap;

use documents::report::{
    AbsentPupil, ClassItem, ClassReport, CriterionShare, Mean as ShownMean, NeedGroup, Number, PupilRow,
};
use documents::sentence;
use kernel::{FormId, Language};

use super::individual::{criteria_of, place, pupil_sections, shown_points, skill, status};
use super::scale::{class_levels, context_reason, level_groups, pupil_level};
use super::words::{class_name, imprint, language_name, percent, points, school_name, shown};
use super::{ClassResults, PupilResult, TestContext};
use crate::model::{Cell, CriterionItem, Need, Points, SectionScore, Settings, criteria, needs, pupil_mean};

/// Points earned and possible at a place of the form, over the class.
#[derive(Default, Clone, Copy)]
struct Sum {
    score: Points,
    possible: Points,
    n: u32,
}

/// Fills the report of a class. A "class" of more pupils than `settings.matrix_at_most` (an imported test without classes)
/// gets no rows of pupils and no groups: nobody teaches it tomorrow.
pub fn build_class(
    context: &TestContext,
    class: &ClassResults,
    language: Language,
    settings: &Settings,
) -> ClassReport {
    let form = class.pupils.first().map_or(FormId(0), |pupil| pupil.form);
    let cells: Vec<Cell> =
        class.pupils.iter().map(|pupil| Cell::one(pupil.outcome.score.value(), pupil.maximum.value())).collect();
    let of_language = class.pupils.first().map_or(class.class.language, |pupil| pupil.language);
    let statistics = context.forms.get(&form).and_then(|form| form.statistics.as_ref());
    let sums = sums(context, class);
    let small = class.pupils.len() <= settings.matrix_at_most;
    let absent_reason = |code: &Option<String>| {
        let known = context.campaign.absence_reasons.iter().find(|reason| Some(&reason.code) == code.as_ref());
        known.map_or_else(String::new, |reason| reason.name.in_language(language).to_owned())
    };
    ClassReport {
        imprint: imprint(&context.campaign, &context.tree, language),
        school: school_name(&context.tree, class.class.school, language),
        class: class_name(&class.class),
        subject: context.test.name.in_language(language).to_owned(),
        language_of_instruction: language_name(of_language, language).to_owned(),
        teacher: class.teacher.clone(),
        enrolled: (class.pupils.len() + class.absent.len()) as u32,
        mean: shown(&pupil_mean(&cells), true, language, settings),
        parallel_mean: context.by_school.get(&class.class.school).map(|mean| shown(mean, true, language, settings)),
        campaign_mean: context.by_language.get(&of_language).map(|mean| shown(mean, false, language, settings)),
        alpha: statistics.and_then(|test| test.alpha).map(|alpha| Number::new(alpha, 2, language)),
        standard_error: statistics.and_then(|test| test.sem).map(|sem| Number::new(sem, 1, language)),
        items: class_items(context, form, &sums, language, settings),
        pupils: if small {
            class.pupils.iter().map(|pupil| pupil_row(context, pupil, language, settings)).collect()
        } else {
            Vec::new()
        },
        absent: class
            .absent
            .iter()
            .map(|(name, reason)| AbsentPupil { name: name.full(), reason: absent_reason(reason) })
            .collect(),
        criteria: shown_criteria(context, form, &sums, language, settings),
        groups: if small { groups(context, class, form, language, settings) } else { Vec::new() },
        levels: class_levels(context, class, language, settings),
        level_groups: if small { level_groups(context, class, language) } else { Vec::new() },
        no_scale: context_reason(context, language),
    }
}

fn sums(context: &TestContext, class: &ClassResults) -> BTreeMap<u32, Sum> {
    let mut sums: BTreeMap<u32, Sum> = BTreeMap::new();
    for pupil in &class.pupils {
        for answer in &pupil.answers {
            let sum = sums.entry(answer.position).or_default();
            sum.score = sum.score + answer.score;
            sum.possible = sum.possible + context.maximum(pupil.form, answer.position, pupil);
            sum.n += 1;
        }
    }
    sums
}

fn class_items(
    context: &TestContext,
    form: FormId,
    sums: &BTreeMap<u32, Sum>,
    language: Language,
    settings: &Settings,
) -> Vec<ClassItem> {
    let facilities = context.forms.get(&form).map(|form| &form.facilities);
    let class_item = |(number, sum): (&u32, &Sum)| {
        let item = context.item(form, *number);
        let text = |of: fn(&itembank::Item) -> &kernel::Localized| {
            item.map_or_else(String::new, |item| of(&item.item).in_language(language).to_owned())
        };
        let share = share(*sum).map(|share| percent(share, language, settings));
        let of_campaign = facilities.and_then(|facilities| facilities.get(number)).copied();
        ClassItem {
            number: *number,
            section: text(|item| &item.section),
            topic: text(|item| &item.topic),
            criterion: text(|item| &item.criterion),
            skill: item.and_then(|item| skill(item, language)),
            share: ShownMean::new(share, sum.n),
            campaign_share: of_campaign.map(|(facility, n)| {
                let value = (n >= settings.minimum_group).then(|| percent(100.0 * facility, language, settings));
                ShownMean::new(value, n)
            }),
        }
    };
    sums.iter().map(class_item).collect()
}

fn share(sum: Sum) -> Option<f64> {
    let possible = sum.possible.hundredths();
    (possible > 0).then(|| 100.0 * sum.score.hundredths() as f64 / possible as f64)
}

/// By criterion, when at least one has several tasks.
fn shown_criteria(
    context: &TestContext,
    form: FormId,
    sums: &BTreeMap<u32, Sum>,
    language: Language,
    settings: &Settings,
) -> Vec<CriterionShare> {
    let of_class: Vec<CriterionItem<'_>> = sums
        .iter()
        .filter_map(|(number, sum)| {
            Some(CriterionItem {
                number: *number,
                criterion: context.item(form, *number)?.item.criterion.in_language(language),
                score: sum.score.value(),
                possible: sum.possible.value(),
                n: sum.n,
            })
        })
        .collect();
    let found = criteria(&of_class);
    if found.iter().all(|criterion| criterion.items.len() < 2) {
        return Vec::new();
    }
    found
        .into_iter()
        .map(|criterion| CriterionShare {
            share: ShownMean::new(
                criterion.facility.map(|facility| percent(facility, language, settings)),
                criterion.n,
            ),
            criterion: criterion.criterion,
            items: criterion.items,
            campaign_share: None,
        })
        .collect()
}

fn pupil_row(context: &TestContext, pupil: &PupilResult, language: Language, settings: &Settings) -> PupilRow {
    let all_points: Vec<_> = pupil
        .answers
        .iter()
        .map(|answer| shown_points(answer.score, context.maximum(pupil.form, answer.position, pupil), language))
        .collect();
    let any = all_points.iter().any(Option::is_some);
    PupilRow {
        name: pupil.name.short(),
        statuses: pupil.answers.iter().map(|answer| status(answer.status)).collect(),
        points: if any { all_points } else { Vec::new() },
        score: points(pupil.outcome.score.value(), language),
        percent: percent(pupil.percent(), language, settings),
        place: place(pupil.class_place),
        scale: pupil_level(context, pupil, language),
    }
}

/// Needs of the whole class first, then groups, the largest first.
fn groups(
    context: &TestContext,
    class: &ClassResults,
    form: FormId,
    language: Language,
    settings: &Settings,
) -> Vec<NeedGroup> {
    let pupils: Vec<(String, Vec<SectionScore>)> = class
        .pupils
        .iter()
        .map(|pupil| (pupil.name.short(), pupil_sections(context, pupil, language, settings)))
        .collect();
    let found = needs(&pupils, settings);
    let group = |need: Need<String>| {
        let numbers: Vec<u32> = need.items.iter().map(|item| item.number).collect();
        let topics = criteria_of(context, form, numbers.iter().copied().take(3), language);
        let advice =
            if topics.is_empty() { String::new() } else { sentence(language, "practise", &[("topics", &topics)]) };
        NeedGroup { need: need.section, items: numbers, pupils: need.pupils, advice }
    };
    found.whole_class.into_iter().chain(found.groups).filter(|need| !need.section.is_empty()).map(group).collect()
}
