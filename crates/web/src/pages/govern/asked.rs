//! Which table an address asks for: a ready one, a kept one, or one that is built from the address itself.

use kernel::Localized;
use measures::view::{Axis, View};
use statistics::model::{KeptView, ViewId};
use statistics::{Statistics, StatisticsError};
use store::Database;

use crate::context::PageCtx;

/// Where the table comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Ready, from the pack.
    Ready,
    /// Kept by somebody.
    Kept(Box<KeptView>),
    /// Built from the address.
    Built,
}

/// A table that is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Data set.
    pub dataset: String,
    /// Rows, columns, measures.
    pub view: View,
    /// Where it comes from.
    pub source: Source,
    /// Whether small groups are asked for too.
    pub small_groups: bool,
}

/// The pairs of a query.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let query = query.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// All values of a name.
pub fn all<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    pairs.iter().filter(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str()).collect()
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    all(pairs, name).first().copied().unwrap_or_default()
}

/// Beginning of the names of filters: `only-grade`.
pub const ONLY: &str = "only-";

pub(super) fn total() -> Localized {
    Localized::new("Барлығы", "Всего", "Total")
}

/// `place:school` or `grade`; members of another dimension were chosen for rows that are no longer there.
fn axis(chosen: &str, members: &[&str], with_total: bool) -> Option<Axis> {
    let (dimension, level) = chosen.split_once(':').map_or((chosen, None), |(one, level)| (one, Some(level)));
    if dimension.is_empty() {
        return None;
    }
    let own = members.iter().filter_map(|member| member.split_once('/'));
    let own = own.filter(|(of, _)| *of == chosen).map(|(_, code)| code.to_owned());
    Some(Axis {
        dimension: dimension.to_owned(),
        members: own.collect(),
        level: level.map(str::to_owned),
        below: None,
        total: with_total.then(total),
        total_of: None,
    })
}

/// How an axis is called in the form.
pub fn axis_name(axis: &Axis) -> String {
    axis.level.as_ref().map_or_else(|| axis.dimension.clone(), |level| format!("{}:{level}", axis.dimension))
}

/// A view from the address.
pub fn built(pairs: &[(String, String)]) -> View {
    let codes = |name: &str| all(pairs, name).into_iter().map(str::to_owned).collect::<Vec<String>>();
    let totals = !first(pairs, "totals").is_empty();
    let only = pairs.iter().filter(|(_, value)| !value.is_empty()).filter_map(|(name, value)| {
        Some((name.strip_prefix(ONLY)?.to_owned(), value.split('+').map(str::to_owned).collect()))
    });
    View {
        code: "built".to_owned(),
        title: Localized::default(),
        rows: axis(first(pairs, "rows"), &all(pairs, "row"), totals).unwrap_or_else(|| Axis {
            dimension: "place".to_owned(),
            members: Vec::new(),
            level: None,
            below: None,
            total: None,
            total_of: None,
        }),
        columns: axis(first(pairs, "columns"), &all(pairs, "column"), totals),
        measures: codes("measure"),
        place: codes("place"),
        period: codes("period"),
        only: only.collect(),
        both_averages: !first(pairs, "averages").is_empty(),
    }
}

/// A view as the address of the builder.
pub fn address(dataset: &str, view: &View) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("dataset", dataset);
    for measure in &view.measures {
        query.append_pair("measure", measure);
    }
    for (name, member, axis) in [("rows", "row", Some(&view.rows)), ("columns", "column", view.columns.as_ref())] {
        let Some(axis) = axis else { continue };
        let chosen = axis_name(axis);
        query.append_pair(name, &chosen);
        for code in &axis.members {
            query.append_pair(member, &format!("{chosen}/{code}"));
        }
    }
    for (name, codes) in [("place", &view.place), ("period", &view.period)] {
        for code in codes {
            query.append_pair(name, code);
        }
    }
    for (dimension, codes) in &view.only {
        query.append_pair(&format!("{ONLY}{dimension}"), &codes.join("+"));
    }
    if view.rows.total.is_some() {
        query.append_pair("totals", "1");
    }
    if view.both_averages {
        query.append_pair("averages", "1");
    }
    format!("/govern/tables/show?{}", query.finish())
}

impl Asked {
    /// Reads an address.
    pub async fn of(
        ctx: &PageCtx,
        database: &Database,
        statistics: &Statistics,
        address: &str,
    ) -> Result<Self, StatisticsError> {
        let pairs = pairs(address);
        let small_groups = !first(&pairs, "small").is_empty();
        if let Ok(id) = first(&pairs, "kept").parse() {
            let kept = statistics::kept_view(database, &ctx.actor, ViewId(id)).await?.ok_or(StatisticsError::NoView)?;
            let mut view = kept.view.clone();
            view.title = Localized::same(&kept.name);
            return Ok(Self {
                dataset: kept.dataset.clone(),
                view,
                source: Source::Kept(Box::new(kept)),
                small_groups,
            });
        }
        if let Some((dataset, code)) = first(&pairs, "view").split_once('/') {
            let view = statistics.definitions().view(dataset, code).cloned().ok_or(StatisticsError::NoView)?;
            return Ok(Self { dataset: dataset.to_owned(), view, source: Source::Ready, small_groups });
        }
        let dataset = match first(&pairs, "dataset") {
            "" => default_dataset(database).await?,
            given => given.to_owned(),
        };
        // The form was made for another data set: its other choices mean nothing here.
        let of = first(&pairs, "of");
        let own: &[(String, String)] = if of.is_empty() || of == dataset { &pairs } else { &[] };
        let mut view = built(own);
        if own.is_empty() || view.measures.is_empty() && of.is_empty() {
            view = first_view(statistics, &dataset).unwrap_or(view);
        }
        Ok(Self { dataset, view, source: Source::Built, small_groups })
    }
}

/// The results of campaigns when there are any, else the first data set.
async fn default_dataset(database: &Database) -> Result<String, StatisticsError> {
    let all = statistics::datasets(database).await?;
    let results = all.iter().find(|dataset| dataset.code == statistics::RESULTS);
    let chosen = results.or(all.first()).map(|dataset| dataset.code.clone());
    chosen.ok_or_else(|| StatisticsError::NoFacts(statistics::RESULTS.to_owned()))
}

/// What the builder begins with: the first ready table of the data set.
fn first_view(statistics: &Statistics, dataset: &str) -> Option<View> {
    let mut view = statistics.definitions().contents.get(dataset)?.views.first()?.clone();
    view.title = Localized::default();
    Some(view)
}
