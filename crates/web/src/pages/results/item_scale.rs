//! A test on its ability scale: the model, the borders of the levels, pupils and tasks on one map, the tasks one by one.

use charts::{Bin, Frame, ItemLocation, PersonItemMap};
use delivery::model::{Campaign, Test};
use kernel::Action;
use monitoring::model::{Parameter, ScaleMethod, ScaleModel, ScaledTest, TaskCalibration};
use monitoring::query::{CurrentCalibration, FormStatistics, TaskStatistics};

use store::Database;

use super::{levels, shown};
use crate::blocks::{Block, Button, Cell, Column, Notice, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;

/// Points of the scale that a bar of the map holds.
const STEP: f64 = 50.0;

/// The part of the statistics page that is about the scale.
pub(super) async fn blocks(
    ctx: &PageCtx,
    database: &Database,
    campaign: &Campaign,
    test: &Test,
    forms: &[FormStatistics],
) -> Result<Vec<Block>, PageError> {
    let current = monitoring::query::test_calibration(database, &ctx.actor, campaign.id, test.id).await?;
    let Some(current) = current else { return Ok(Vec::new()) };
    let labels = shown::labels(ctx);
    let mut blocks = vec![Block::Heading(labels.text("scale-title").to_owned())];
    let Some(scaled) = current.calibration.scaled() else {
        let why = levels::reason(ctx, &current.calibration).unwrap_or_default();
        blocks.push(Block::Notice(Notice::new(Tone::Plain, why)));
        return Ok(blocks);
    };
    blocks.push(figures(ctx, campaign, &current, scaled));
    blocks.push(Block::Pairs(borders(ctx, scaled)));
    if access::may(&ctx.actor, Action::SeeResults) {
        let href = levels::pupils_address(campaign, test.id, &[]);
        blocks.push(Block::Actions(vec![Button::link(labels.text("levels-pupils"), href)]));
    }
    let points = monitoring::query::scale_points(database, &ctx.actor, test.id).await?;
    blocks.push(shown::chart(ctx, "map", &ctx.t("scale-map"), &map(ctx, scaled, &points)));
    for (form, items) in on_scale(forms) {
        let caption = match test.forms.iter().find(|known| form == Some(known.1)) {
            Some((language, _)) => format!("{}: {}", ctx.t("scale-items"), ctx.t(&format!("language-{language}"))),
            None => ctx.t("scale-items"),
        };
        blocks.push(Block::Table(tasks(ctx, &caption, items)));
    }
    blocks.push(Block::Text(languages(ctx, scaled)));
    Ok(blocks)
}

/// The tasks of each form; of parallel forms, whose tasks are the same on the scale, only once and without the form.
fn on_scale(forms: &[FormStatistics]) -> Vec<(Option<kernel::FormId>, &[TaskStatistics])> {
    let calibrations = |form: &FormStatistics| -> Vec<Option<TaskCalibration>> {
        form.tasks.iter().map(|task| task.statistics.calibration.clone()).collect()
    };
    match forms.split_first() {
        Some((first, others)) if others.iter().all(|other| calibrations(other) == calibrations(first)) => {
            vec![(None, first.tasks.as_slice())]
        }
        _ => forms.iter().map(|form| (Some(form.form), form.tasks.as_slice())).collect(),
    }
}

fn figures(ctx: &PageCtx, campaign: &Campaign, current: &CurrentCalibration, scaled: &ScaledTest) -> Block {
    let model = match scaled.model {
        ScaleModel::Rasch => ctx.t("scale-model-rasch"),
        ScaleModel::TwoParameter => ctx.t("scale-model-2pl"),
    };
    let method = match scaled.method {
        ScaleMethod::Wle => ctx.t("scale-method-wle"),
        ScaleMethod::Eap => ctx.t("scale-method-eap"),
    };
    let number = |value: f64, decimals| format::rounded(ctx.language, value, decimals);
    let plain = |name: String, value: String| (name, value, String::new());
    let made = format::date_time(&format::moment(current.made_at, &campaign.time_zone()));
    Block::Figures(vec![
        plain("n".to_owned(), ctx.whole(scaled.n.into())),
        plain(ctx.t("scale-reliability"), number(scaled.reliability, 2)),
        plain(ctx.t("scale-accuracy"), ctx.percent(100.0 * scaled.accuracy)),
        plain(ctx.t("scale-consistency"), ctx.percent(100.0 * scaled.consistency)),
        (ctx.t("scale-version"), current.version.to_string(), made),
        plain(ctx.t("scale-model"), model),
        plain(ctx.t("scale-method"), method),
    ])
}

/// Where each level begins.
fn borders(ctx: &PageCtx, scaled: &ScaledTest) -> Vec<(String, Cell)> {
    let border = |level: &monitoring::model::ScaleLevel| {
        let text = match level.from.zip(level.expected_percent) {
            Some((points, percent)) => {
                let points = format::rounded(ctx.language, points, 0);
                let percent = format::rounded(ctx.language, percent, 0);
                ctx.t_with("scale-border", &[("points", points.into()), ("percent", percent.into())])
            }
            None => ctx.t("scale-border-lowest"),
        };
        (ctx.l(&level.name).to_owned(), Cell::text(text))
    };
    scaled.levels.iter().map(border).collect()
}

fn map(ctx: &PageCtx, scaled: &ScaledTest, points: &[f64]) -> PersonItemMap {
    let (low, high) = (scaled.line.lowest, scaled.line.highest);
    let count = ((high - low) / STEP).ceil().max(1.0) as usize;
    let mut people: Vec<Bin> =
        (0..count).map(|at| Bin { from: low + STEP * at as f64, to: low + STEP * (at + 1) as f64, count: 0 }).collect();
    for own in points {
        let at = ((own - low) / STEP).floor().max(0.0) as usize;
        people[at.min(count - 1)].count += 1;
    }
    // Empty ends of the scale say nothing.
    let first = people.iter().position(|bin| bin.count > 0).unwrap_or(0);
    let last = people.iter().rposition(|bin| bin.count > 0).map_or(0, |at| at + 1);
    let items = (1..).zip(&scaled.tasks).filter_map(|(number, task): (u32, _)| {
        Some(ItemLocation { label: number.to_string(), location: task.points?.clamp(low, high) })
    });
    let numbers = documents::pictures::numbers(ctx.language, 0);
    PersonItemMap {
        frame: Frame::new("map", ctx.t("scale-map"), "", numbers),
        heads: [ctx.t("scale-points"), ctx.t("scale-map-people"), ctx.t("scale-map-items")],
        people: people[first..last.max(first)].to_vec(),
        items: items.collect(),
    }
}

fn tasks(ctx: &PageCtx, caption: &str, items: &[TaskStatistics]) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::number("number", labels.text("number")),
        Column::number("points", ctx.t("scale-points")),
        Column::number("b", ctx.t("scale-b")),
        Column::number("b-error", ctx.t("scale-se")),
        Column::number("a", ctx.t("scale-a")),
        Column::number("infit", "Infit"),
        Column::number("outfit", "Outfit"),
        Column::number("s-x2", "S-X2"),
        Column::number("p", "p"),
        Column::number("language", ctx.t("scale-language-difference")),
        Column::text("flags", ctx.t("statistics-flags")),
    ];
    let mut table = Table::new("scale-items", caption, columns);
    let items = items.iter().map(|task| &task.statistics);
    table.rows = items.filter_map(|item| Some(task(ctx, item.position, item.calibration.as_ref()?))).collect();
    table.finish(ctx, None)
}

fn task(ctx: &PageCtx, number: u32, task: &TaskCalibration) -> Vec<Cell> {
    let value = |value: Option<f64>, decimals| match value {
        Some(value) => Cell::number(format::rounded(ctx.language, value, decimals), value),
        None => Cell::text("–"),
    };
    let steps = |of: fn(&Parameter) -> Option<f64>| -> Cell {
        let known: Vec<f64> = task.b.iter().filter_map(of).collect();
        let texts: Vec<String> = known.iter().map(|own| format::rounded(ctx.language, *own, 2)).collect();
        match known.first() {
            Some(first) => Cell::number(texts.join("; "), *first),
            None => Cell::text("–"),
        }
    };
    let a = value(task.a.map(|a| a.value), 2);
    let a = match task.a.and_then(|a| a.se) {
        Some(error) => a.with_note(format!("± {}", format::rounded(ctx.language, error, 2))),
        None => a,
    };
    let s_x2 = value(task.s_x2.map(|fit| fit.x), 1);
    let language = task.language.as_ref().map_or_else(
        || Cell::text("–"),
        |found| {
            let delta = value(found.delta.or(found.difference), 2);
            delta.with_note(found.class.clone().unwrap_or_default())
        },
    );
    let flags: Vec<String> = task.flags.iter().map(|flag| ctx.t(&format!("scale-flag-{}", flag.code()))).collect();
    vec![
        Cell::number(number.to_string(), f64::from(number)),
        value(task.points, 0),
        steps(|step| Some(step.value)),
        steps(|step| step.se),
        a,
        value(task.mean_square.map(|fit| fit.infit), 2),
        value(task.mean_square.map(|fit| fit.outfit), 2),
        task.s_x2.map_or(s_x2.clone(), |fit| s_x2.with_note(format!("df = {}", fit.df))),
        value(task.s_x2.and_then(|fit| fit.p), 3),
        language,
        match flags.split_first() {
            Some((first, rest)) => Cell::badge(first, Tone::Warn).with_note(rest.join("; ")),
            None => Cell::text(""),
        },
    ]
}

fn languages(ctx: &PageCtx, scaled: &ScaledTest) -> String {
    let Some(groups) = &scaled.languages else { return ctx.t("scale-languages-none") };
    let name = |code: &str| ctx.t(&format!("language-{code}"));
    ctx.t_with(
        "scale-languages",
        &[
            ("larger", name(&groups.larger).into()),
            ("larger-n", groups.larger_n.into()),
            ("smaller", name(&groups.smaller).into()),
            ("smaller-n", groups.smaller_n.into()),
        ],
    )
}
