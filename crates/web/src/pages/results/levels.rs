//! The ability scale on pages: groups at each level, each share leading to its pupils, and the list of those pupils.

use axum::extract::Path;
use axum::response::Response;
use documents::report::LevelRow;
use kernel::{Action, ClassId, Language, OrgUnitId, Place, TestId};
use monitoring::model::{LevelSummary, ScaledTest, Settings};
use monitoring::query::{CampaignSummary, LevelFilter, LevelPupil, TestScale};
use roster::OrgTree;

use super::{address, find, shown};
use crate::blocks::{Block, Cell, Column, Field, FieldKind, Filters, Pager, Query, Table, Tone};
use crate::context::PageCtx;
use crate::error::PageError;
use crate::format;
use crate::page::Page;

/// Rows of one part of the list.
const PART: u32 = 50;
/// Districts of one part of their table: with the subjects they are hundreds.
const DISTRICTS: u32 = 15;
/// Rows of a file.
const FILE: u32 = 200_000;
/// Names of the columns of levels in the query; a network has at most so many.
const KEYS: [&str; 8] = ["level-0", "level-1", "level-2", "level-3", "level-4", "level-5", "level-6", "level-7"];

/// A group with where its shares lead to, less the level.
pub(super) struct LevelLine<'a> {
    /// What stands before the numbers; the last cell names the group.
    pub cells: Vec<Cell>,
    /// The group.
    pub group: &'a LevelSummary,
    /// Whether it is inside the reader's own school.
    pub inside: bool,
    /// Address of its pupils; none for those who may not see them.
    pub href: Option<String>,
}

/// Address of a group's pupils.
pub(super) fn pupils_address(
    campaign: &delivery::model::Campaign,
    test: TestId,
    narrower: &[(&str, String)],
) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(narrower).finish();
    let path = format!("{}/tests/{test}/levels", address(campaign));
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

fn level_address(href: &str, level: usize) -> String {
    let sign = if href.contains('?') { '&' } else { '?' };
    format!("{href}{sign}level={level}")
}

/// Groups on the scale, not yet finished. `columns` are the columns of [`LevelLine::cells`].
pub(super) fn level_table(
    ctx: &PageCtx,
    name: &'static str,
    caption: &str,
    mut columns: Vec<Column>,
    levels: &[String],
    lines: Vec<LevelLine<'_>>,
) -> Table {
    let (labels, settings) = (shown::labels(ctx), Settings::default());
    columns.push(Column::number("n", "n"));
    columns.push(Column::number("scale", labels.text("scale-mean")));
    columns.push(Column::number("scale-error", labels.text("standard-error")));
    columns.extend(KEYS.into_iter().zip(levels).map(|(key, level)| Column::number(key, format!("{level}, %"))));
    let mut table = Table::new(name, caption, columns);
    for line in lines {
        let language = shown::document_language(ctx);
        let row = monitoring::report::level_row(String::new(), line.group, line.inside, language, &settings);
        let mut cells = line.cells;
        cells.push(Cell::whole(ctx, row.n.into()));
        cells.extend([shown::maybe(row.mean.as_ref()), shown::maybe(row.error.as_ref())]);
        cells.extend((0..levels.len()).map(|level| share(&row, level, line.href.as_deref())));
        table.rows.push(cells);
    }
    table
}

/// A share with its pupils below it, leading to them.
fn share(row: &LevelRow, level: usize, href: Option<&str>) -> Cell {
    let Some((share, count)) = row.shares.get(level).zip(row.counts.get(level)) else { return Cell::text("–") };
    let cell = shown::number(share).with_note(format!("n = {count}"));
    match href.filter(|_| *count > 0) {
        Some(href) => cell.with_href(level_address(href, level)),
        None => cell,
    }
}

/// The tests of a campaign on their scales: everybody and languages of instruction; then districts.
pub(super) fn campaign_tables(ctx: &PageCtx, summary: &CampaignSummary) -> Vec<Block> {
    let labels = shown::labels(ctx);
    let tests: Vec<_> = summary.tests.iter().filter_map(|test| Some((test, test.scale.as_ref()?))).collect();
    let scaled = tests.iter().filter_map(|(test, scale)| Some((*test, *scale, scale.current.calibration.scaled()?)));
    let scaled: Vec<_> = scaled.collect();
    let mut blocks = Vec::new();
    if let Some((_, _, first)) = scaled.first() {
        let names = monitoring::report::level_names(first, shown::document_language(ctx));
        // Whoever sees one school only would open another number than the one shown; their shares are on the school's page.
        let may = access::can(&ctx.actor, Action::SeeResults, &Place::default());
        let (mut whole, mut by_district) = (Vec::new(), Vec::new());
        for (test, scale, _) in &scaled {
            let test = &test.test;
            let narrower = |pairs: &[(&str, String)]| may.then(|| pupils_address(&summary.campaign, test.id, pairs));
            let before = |group: &str| {
                vec![
                    Cell::link(ctx.l(&test.name), format!("{}/tests/{}", address(&summary.campaign), test.id)),
                    Cell::number(test.grade.to_string(), f64::from(test.grade)),
                    Cell::text(group),
                ]
            };
            let line = |group: &str, of, href| LevelLine { cells: before(group), group: of, inside: false, href };
            whole.push(line(&ctx.t("scale-everybody"), &scale.whole, narrower(&[])));
            for (language, of) in scale.by_language.iter().filter(|_| scale.by_language.len() > 1) {
                let href = narrower(&[("language", language.to_string())]);
                whole.push(line(&ctx.t(&format!("language-{language}")), of, href));
            }
            for (district, of) in &scale.by_district {
                let name = summary.tree.get(*district).map_or("", |node| ctx.l(&node.name));
                by_district.push(line(name, of, narrower(&[("unit", district.to_string())])));
            }
        }
        let columns = |group: &str| {
            vec![
                Column::text("subject", labels.text("subject")),
                Column::number("grade", labels.text("grade")),
                Column::text("group", group),
            ]
        };
        let group = labels.text("group");
        let of_all = level_table(ctx, "levels", labels.text("levels"), columns(group), &names, whole);
        blocks.push(Block::Table(of_all.finish(ctx, None)));
        blocks.push(Block::Text(monitoring::report::scale_note(first, shown::document_language(ctx))));
        let caption = format!("{}: {}", labels.text("levels"), labels.text("district").to_lowercase());
        let district = columns(labels.text("district"));
        let by_district = level_table(ctx, "levels-district", &caption, district, &names, by_district);
        blocks.push(Block::Table(by_district.finish_in_parts(ctx, DISTRICTS)));
    }
    blocks.extend(without_scale(ctx, &tests));
    blocks
}

/// The tests without a scale, and why.
fn without_scale(ctx: &PageCtx, tests: &[(&monitoring::query::TestSummary, &TestScale)]) -> Option<Block> {
    let line = |(test, scale): &(&monitoring::query::TestSummary, &TestScale)| {
        let reason = reason(ctx, &scale.current.calibration)?;
        Some(format!("{}: {reason}", ctx.l(&test.test.name)))
    };
    let lines: Vec<String> = tests.iter().filter_map(line).collect();
    (!lines.is_empty()).then_some(Block::List(lines))
}

/// Why a test has no scale, in the page's language.
pub(super) fn reason(ctx: &PageCtx, calibration: &monitoring::model::Calibration) -> Option<String> {
    match calibration {
        monitoring::model::Calibration::NotScaled { reason } => {
            Some(monitoring::report::no_scale(reason, shown::document_language(ctx)))
        }
        monitoring::model::Calibration::Scaled(_) => None,
    }
}

struct Wanted {
    filter: LevelFilter,
    test: delivery::model::Test,
    scaled: ScaledTest,
}

fn wanted(query: &Query, test: delivery::model::Test, scaled: ScaledTest) -> Wanted {
    let level = query.number("level").and_then(|level| u32::try_from(level).ok());
    let filter = LevelFilter {
        level: level.filter(|level| (*level as usize) < scaled.levels.len()),
        language: query.get("language").parse().ok(),
        unit: query.number("unit").map(OrgUnitId),
        class: query.number("class").map(ClassId),
    };
    Wanted { filter, test, scaled }
}

/// `GET /assess/campaigns/{campaign}/results/tests/{test}/levels`: the pupils behind a share.
///
/// # Errors
/// [`PageError::NotFound`], [`PageError::Denied`].
pub async fn list(ctx: PageCtx, Path((id, test)): Path<(String, i64)>) -> Result<Response, PageError> {
    let (_, campaign) = find(&ctx, &id).await?;
    let database = ctx.authorise_somewhere(Action::SeeResults)?;
    let shown_test = campaign.tests.iter().find(|known| known.id == TestId(test)).ok_or(PageError::NotFound)?;
    let current = monitoring::query::test_calibration(database, &ctx.actor, campaign.id, TestId(test)).await?;
    let name = ctx.l(&shown_test.name);
    let page = Page::new(ctx.t_with("scale-pupils", &[("test", name.into())]))
        .below(ctx.t("nav-campaigns"), "/assess/campaigns")
        .below(ctx.l(&campaign.name), address(&campaign))
        .demonstration(campaign.demonstration);
    let Some(current) = current else { return page.with(Block::Empty(ctx.t("results-none"), Vec::new())).show(&ctx) };
    let Some(scaled) = current.calibration.scaled() else {
        let why = reason(&ctx, &current.calibration).unwrap_or_default();
        return page.with(Block::Empty(why, Vec::new())).show(&ctx);
    };
    let query = Query::of(&ctx.here);
    let wanted = wanted(&query, shown_test.clone(), scaled.clone());
    let part = if query.get("export").is_empty() { ((query.page() - 1).saturating_mul(PART), PART) } else { (0, FILE) };
    let found = monitoring::query::level_pupils(database, &ctx.actor, TestId(test), &wanted.filter, part).await?;
    let tree = roster::org_tree(database).await?;
    page.with(Block::Lead(lead(&ctx, &wanted, &tree)))
        .with(Block::Filters(filters(&ctx, &wanted, &query)))
        .with(Block::Table(pupils(&ctx, &wanted.scaled, &found, &tree)))
        .show(&ctx)
}

/// Which pupils these are, in words: level, district or school.
fn lead(ctx: &PageCtx, wanted: &Wanted, tree: &OrgTree) -> String {
    let level = wanted.filter.level.and_then(|level| wanted.scaled.levels.get(level as usize));
    let unit = wanted.filter.unit.and_then(|unit| tree.get(unit));
    let mut parts: Vec<String> = Vec::new();
    parts.extend(unit.map(|node| ctx.l(&node.name).to_owned()));
    parts.extend(level.map(|level| format!("{}: {}", ctx.l(&level.name), ctx.l(&level.meaning))));
    parts.join(" · ")
}

fn filters(ctx: &PageCtx, wanted: &Wanted, query: &Query) -> Filters {
    let labels = shown::labels(ctx);
    let all = || vec![(String::new(), ctx.t("filter-all"))];
    let mut levels = all();
    levels.extend(
        (0..).zip(&wanted.scaled.levels).map(|(at, level): (u32, _)| (at.to_string(), ctx.l(&level.name).to_owned())),
    );
    let mut languages = all();
    let of_test = wanted.test.forms.iter().map(|(language, _)| *language);
    languages.extend(of_test.map(|own: Language| (own.to_string(), ctx.t(&format!("language-{own}")))));
    let select = |name, label: &str, choices| {
        Field::new(name, label, FieldKind::Select(choices)).optional().value(query.get(name))
    };
    let mut fields = vec![
        select("level", labels.text("level"), levels),
        select("language", labels.text("language-of-instruction"), languages),
    ];
    // What led here stays while the others change.
    for name in ["unit", "class"] {
        if !query.get(name).is_empty() {
            fields.push(Field::new(name, "", FieldKind::Hidden).optional().value(query.get(name)));
        }
    }
    Filters { action: query.path().to_owned(), fields, submit: ctx.t("filter-submit") }
}

fn pupils(ctx: &PageCtx, scaled: &ScaledTest, (found, total): &(Vec<LevelPupil>, i64), tree: &OrgTree) -> Table {
    let labels = shown::labels(ctx);
    let columns = vec![
        Column::text("name", labels.text("pupil")),
        Column::text("school", labels.text("school")),
        Column::text("class", labels.text("class")),
        Column::number("scale", labels.text("scale-score")),
        Column::number("scale-error", labels.text("standard-error")),
        Column::text("level", labels.text("level")),
        Column::number("chance", labels.text("level-chance")),
    ];
    let mut table = Table::new("pupils", labels.text("levels-pupils"), columns);
    let whole = |value: f64| Cell::number(format::rounded(ctx.language, value, 0), value);
    for pupil in found {
        let level = scaled.levels.get(pupil.scale.level).map_or("", |level| ctx.l(&level.name));
        let chance = pupil.scale.probabilities.get(pupil.scale.level).map(|chance| 100.0 * chance);
        let class = match (pupil.grade, pupil.letter.as_str()) {
            (0, letter) => letter.to_owned(),
            (grade, "") => grade.to_string(),
            (grade, letter) => format!("{grade} «{letter}»"),
        };
        table.rows.push(vec![
            Cell::link(pupil.name.full(), format!("/assess/attempts/{}/report", pupil.attempt)),
            Cell::text(tree.school(pupil.school).map_or("", |school| ctx.l(&school.name))),
            Cell::text(class),
            whole(pupil.scale.points),
            whole(pupil.scale.points_se),
            Cell::badge(level, tone(pupil.scale.level, scaled.levels.len())),
            Cell::percent(ctx, chance),
        ]);
    }
    table.finish(ctx, Some(Pager { page: Query::of(&ctx.here).page(), size: PART, total: *total }))
}

/// Colour of a level: the lowest asks for attention, the highest is good.
pub(super) fn tone(level: usize, levels: usize) -> Tone {
    match level {
        0 => Tone::Warn,
        last if last + 1 == levels => Tone::Good,
        _ => Tone::Plain,
    }
}
