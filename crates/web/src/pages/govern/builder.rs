//! The form in which a table is built: a plain form that reads.

use std::collections::BTreeSet;

use measures::view::{Axis, View};
use measures::{Dimension, Schema};
use statistics::model::Dataset;
use statistics::{Loaded, Statistics};

use super::asked::{ONLY, axis_name};
use crate::blocks::{Block, Choice, Field, FieldKind, Filters};
use crate::context::PageCtx;

/// Longer lists of members are not offered one by one.
const MEMBERS: usize = 60;
/// Longer lists of places are written by code.
const PLACES: usize = 500;

fn level_name(ctx: &PageCtx, level: &str) -> String {
    match level {
        "network" => ctx.t("govern-level-network"),
        "country" => ctx.t("govern-level-country"),
        "region" => ctx.t("column-region"),
        "district" => ctx.t("column-district"),
        "school" => ctx.t("column-school"),
        "year" => ctx.t("column-school-year"),
        "term" => ctx.t("govern-level-term"),
        "campaign" => ctx.t("govern-level-campaign"),
        other => other.to_owned(),
    }
}

/// Name of what runs along an axis: the level of a tree, else the dimension.
pub fn axis_label(ctx: &PageCtx, schema: &Schema, axis: &Axis) -> String {
    match (&axis.level, schema.dimension(&axis.dimension)) {
        (Some(level), _) => level_name(ctx, level),
        (None, Ok(dimension)) => ctx.l(&dimension.name).to_owned(),
        (None, Err(_)) => axis.dimension.clone(),
    }
}

/// Dimensions that occur, trees by level.
fn axes(ctx: &PageCtx, loaded: &Loaded) -> Vec<Choice> {
    let schema = &loaded.cube.schema;
    let mut choices = Vec::new();
    for dimension in [&schema.place, &schema.period].into_iter().chain(&schema.others) {
        let Some(used) = loaded.used.get(&dimension.code) else { continue };
        let infos = || dimension.members().filter_map(|member| dimension.info(member));
        let mut levels: Vec<&str> = Vec::new();
        for info in infos().filter(|info| used.contains(&info.code) && !info.level.is_empty()) {
            if !levels.contains(&info.level.as_str()) {
                levels.push(&info.level);
            }
        }
        if levels.is_empty() {
            choices.push((dimension.code.clone(), ctx.l(&dimension.name).to_owned()));
        }
        choices.extend(levels.iter().map(|level| (format!("{}:{level}", dimension.code), level_name(ctx, level))));
    }
    choices
}

fn members(ctx: &PageCtx, dimension: &Dimension, used: Option<&BTreeSet<String>>) -> Vec<Choice> {
    let occurs = |code: &str| used.is_some_and(|used| used.contains(code));
    let infos = dimension.members().filter_map(|member| dimension.info(member)).filter(|info| occurs(&info.code));
    infos.map(|info| (info.code.clone(), ctx.l(&info.name).to_owned())).collect()
}

/// Checks for the members of an axis, when they are few enough to choose from.
fn lines(ctx: &PageCtx, loaded: &Loaded, axis: &Axis, name: &'static str, label: String) -> Option<Field> {
    let dimension = loaded.cube.schema.dimension(&axis.dimension).ok()?;
    let at_level = |code: &str| {
        let info = dimension.member(code).ok().and_then(|member| dimension.info(member));
        axis.level.as_ref().is_none_or(|level| info.is_some_and(|info| info.level == *level))
    };
    let all = members(ctx, dimension, loaded.used.get(&dimension.code));
    let all: Vec<Choice> = all.into_iter().filter(|(code, _)| at_level(code)).collect();
    if all.is_empty() || all.len() > MEMBERS {
        return None;
    }
    let chosen = axis_name(axis);
    let check = |(code, name): Choice| (format!("{chosen}/{code}"), name, axis.members.contains(&code));
    Some(Field::new(name, label, FieldKind::Checks(all.into_iter().map(check).collect())).optional())
}

fn places(ctx: &PageCtx, loaded: &Loaded, view: &View) -> Field {
    let place = view.place.first().cloned().unwrap_or_default();
    let all = members(ctx, &loaded.cube.schema.place, loaded.used.get(&loaded.cube.schema.place.code));
    let kind = if all.len() > PLACES { FieldKind::Line("text") } else { FieldKind::Select(all) };
    Field::new("place", ctx.t("govern-field-place"), kind).optional().value(place)
}

/// What the form chooses from.
pub struct Choices<'a> {
    /// Definitions.
    pub statistics: &'a Statistics,
    /// Data sets.
    pub datasets: &'a [Dataset],
    /// The view as it was asked for: its members were chosen one by one.
    pub asked: &'a View,
}

/// The form for the view that is shown. `open` says whether small groups are shown; nothing for those who may not ask.
pub fn form(ctx: &PageCtx, choices: &Choices<'_>, loaded: &Loaded, view: &View, open: Option<bool>) -> Block {
    let schema = &loaded.cube.schema;
    let select = |name, label: String, choices, value: String| {
        Field::new(name, label, FieldKind::Select(choices)).optional().value(value)
    };
    let hidden = |name, value: &str| Field::new(name, "", FieldKind::Hidden).value(value);
    let names =
        choices.datasets.iter().map(|dataset| (dataset.code.clone(), ctx.l(&dataset.name).to_owned())).collect();
    let measures =
        choices.statistics.definitions().measures(&loaded.kinds).map(|measure| {
            (measure.code.clone(), ctx.l(&measure.name).to_owned(), view.measures.contains(&measure.code))
        });
    let axes = axes(ctx, loaded);
    let mut column_axes = vec![(String::new(), ctx.t("govern-no-columns"))];
    column_axes.extend(axes.iter().cloned());
    let columns = view.columns.as_ref().map(axis_name).unwrap_or_default();
    let mut fields = vec![
        select("dataset", ctx.t("govern-column-dataset"), names, loaded.dataset.code.clone()),
        hidden("of", &loaded.dataset.code),
        select("rows", ctx.t("govern-field-rows"), axes, axis_name(&view.rows)),
        select("columns", ctx.t("govern-field-columns"), column_axes, columns),
    ];
    let along = |code: &str| {
        view.rows.dimension == code || view.columns.as_ref().is_some_and(|columns| columns.dimension == code)
    };
    if !along(&schema.place.code) {
        fields.push(places(ctx, loaded, view));
    }
    if !along(&schema.period.code) {
        let all = members(ctx, &schema.period, loaded.used.get(&schema.period.code));
        let period = view.period.first().cloned().unwrap_or_default();
        fields.push(select("period", ctx.t("govern-field-period"), all, period));
    }
    fields
        .push(Field::new("measure", ctx.t("govern-column-measures"), FieldKind::Checks(measures.collect())).optional());
    fields.extend(lines(ctx, loaded, &choices.asked.rows, "row", ctx.t("govern-field-only-rows")));
    if let Some(columns) = &choices.asked.columns {
        fields.extend(lines(ctx, loaded, columns, "column", ctx.t("govern-field-only-columns")));
    }
    for dimension in schema.others.iter().filter(|dimension| !along(&dimension.code)) {
        let Some(used) = loaded.used.get(&dimension.code) else { continue };
        let mut all = vec![(String::new(), ctx.t("filter-all"))];
        all.extend(members(ctx, dimension, Some(used)));
        let chosen = view.only.get(&dimension.code).map(|codes| codes.join("+")).unwrap_or_default();
        if chosen.contains('+') {
            all.push((chosen.clone(), chosen.clone()));
        }
        let label = ctx.l(&dimension.name).to_owned();
        let field = Field::new(format!("{ONLY}{}", dimension.code), label, FieldKind::Select(all));
        fields.push(field.optional().value(chosen));
    }
    let mut options = vec![
        ("totals", ctx.t("govern-option-totals"), view.rows.total.is_some()),
        ("averages", ctx.t("govern-option-averages"), view.both_averages),
    ];
    options.extend(open.map(|open| ("small", ctx.t("govern-option-small"), open)));
    for (name, label, chosen) in options {
        fields.push(Field::new(name, label, FieldKind::Check(chosen)).optional());
    }
    Block::Filters(Filters { action: "/govern/tables/show".to_owned(), fields, submit: ctx.t("govern-show") })
}
