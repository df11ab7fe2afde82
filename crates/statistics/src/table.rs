//! A table for a reader: the whole is computed, small groups are hidden as the definitions say, then only the lines that
//! the reader may see are kept. Two readers never see two different numbers in one place.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Action, Actor, SchoolId, Scope};
use measures::definition::Catalogue;
use measures::evaluate::Evaluation;
use measures::table::{Along, At, Beside, Line, Request, Table};
use measures::view::{Axis, View};
use measures::{Dimension, Member};
use roster::OrgTree;
use store::Database;

use crate::StatisticsError;
use crate::cubes::{Loaded, Statistics};
use crate::model::{Used, completed};

/// The most cells of one table.
pub const MOST_CELLS: usize = 200_000;

/// Which schools somebody sees in tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Every school.
    pub network: bool,
    /// Schools whose lines are shown; the network, regions and districts always are.
    schools: BTreeSet<SchoolId>,
    /// Schools whose small groups are shown too, because every record behind them may be opened.
    own: BTreeSet<SchoolId>,
}

impl Reader {
    /// What an actor reads. A coordinator sees the own school beside the network as a whole, as in the results of a
    /// campaign; a teacher the school where the classes are taught.
    ///
    /// # Errors
    /// [`access::Denied`] for those who see no results at all.
    pub fn of(actor: &Actor) -> Result<Self, access::Denied> {
        let (summaries, results) =
            (access::scope(actor, Action::SeeSummaries), access::scope(actor, Action::SeeResults));
        if summaries.is_empty() && results.is_empty() {
            return Err(access::Denied { action: Action::SeeSummaries });
        }
        let within = |scope: &Scope| match scope {
            Scope::Network => BTreeSet::new(),
            Scope::Within { schools, .. } => schools.iter().copied().collect(),
        };
        let own: BTreeSet<SchoolId> = within(&results);
        let taught = actor
            .assignments
            .iter()
            .filter(|assignment| access::reach(assignment.role, Action::SeeResults) != access::Reach::Nothing);
        let mut schools = within(&summaries);
        schools.extend(&own);
        schools.extend(taught.flat_map(|assignment| &assignment.schools));
        Ok(Self { network: summaries == Scope::Network, schools, own })
    }
}

/// A table with what it was made of.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The data set.
    pub loaded: Arc<Loaded>,
    /// The view with everything said.
    pub view: View,
    /// What the reader sees.
    pub table: Table,
    /// Lines of schools that the reader does not see.
    pub lines_hidden: usize,
    /// Whether small groups are shown everywhere.
    pub open: bool,
}

/// Places of a data set as a reader sees them.
pub(crate) struct Places<'a> {
    reader: &'a Reader,
    /// Schools by code; empty for printed tables, whose places are nobody's.
    schools: std::collections::BTreeMap<&'a str, SchoolId>,
}

impl<'a> Places<'a> {
    pub fn new(reader: &'a Reader, loaded: &Loaded, tree: &'a OrgTree) -> Self {
        let schools = if loaded.dataset.published {
            std::collections::BTreeMap::new()
        } else {
            tree.schools().map(|school| (school.code.as_str(), SchoolId(school.id.0))).collect()
        };
        Self { reader, schools }
    }

    fn allowed(&self, places: &Dimension, members: &[Member], allowed: &BTreeSet<SchoolId>) -> bool {
        members.iter().all(|member| match self.schools.get(places.code_of(*member)) {
            Some(school) => allowed.contains(school),
            None => true,
        })
    }

    pub fn visible(&self, places: &Dimension, members: &[Member]) -> bool {
        self.reader.network || self.allowed(places, members, &self.reader.schools)
    }

    /// Only own schools, and at least one.
    fn own(&self, places: &Dimension, members: &[Member]) -> bool {
        !members.is_empty()
            && members.iter().all(|member| {
                self.schools.get(places.code_of(*member)).is_some_and(|school| self.reader.own.contains(school))
            })
    }
}

impl Statistics {
    /// Computes a table for an actor. `small_groups` asks to see small groups too, which is given to those who may open
    /// every record of the network.
    ///
    /// # Errors
    /// [`StatisticsError::Denied`] for those who see no results, and for the place of another school; codes that the data
    /// set does not have; no measure; one dimension twice; more than [`MOST_CELLS`] cells.
    pub async fn table(
        &self,
        database: &Database,
        actor: &Actor,
        dataset: &str,
        view: &View,
        small_groups: bool,
    ) -> Result<Shown, StatisticsError> {
        let reader = Reader::of(actor)?;
        let loaded = self.loaded(database, dataset).await?;
        if loaded.kinds.is_empty() {
            return Err(StatisticsError::NoFacts(dataset.to_owned()));
        }
        let tree = roster::org_tree(database).await?;
        let open = small_groups && reader.network && access::scope(actor, Action::SeeResults) == Scope::Network;
        let (statistics, view) = (self.clone(), view.clone());
        let computed = tokio::task::spawn_blocking(move || statistics.compute(&loaded, &view, &reader, &tree, open));
        computed.await.map_err(|error| StatisticsError::Stored { what: "table", reason: error.to_string() })?
    }

    fn compute(
        &self,
        loaded: &Arc<Loaded>,
        view: &View,
        reader: &Reader,
        tree: &OrgTree,
        open: bool,
    ) -> Result<Shown, StatisticsError> {
        let definitions = self.definitions();
        let measures = view.measures.iter().filter_map(|code| definitions.catalogue.get(code));
        let kinds = measures.flat_map(|measure| definitions.kinds_behind(measure)).collect();
        let used = loaded.used_by(&kinds);
        let view = completed(view, &loaded.cube, &used);
        let mut request = checked(&view, loaded)?;
        request.beside = beside(&view, &request, loaded, &used);
        let places = Places::new(reader, loaded, tree);
        let schema = &loaded.cube.schema;
        if !places.visible(&schema.place, &request.place) {
            return Err(access::Denied { action: Action::SeeSummaries }.into());
        }
        let table = |catalogue: &Catalogue| Evaluation { cube: &loaded.cube, catalogue }.table(&request);
        let fixed_own = places.own(&schema.place, &request.place);
        let whole =
            if open || fixed_own { table(&definitions.open_catalogue)? } else { table(&definitions.catalogue)? };
        let width = view.measures.len().max(1);
        let along = |(along, lines): &(Along, Vec<Line>)| {
            let all = 0..lines.len();
            if *along != Along::Place {
                return all.map(|line| (line, false)).collect();
            }
            let visible = all.filter(|line| {
                // A total over all schools is the network's number, whoever reads it.
                lines.get(*line).is_some_and(|line| line.depth == 0 || places.visible(&schema.place, &line.members))
            });
            let own = |line: usize| {
                lines.get(line).is_some_and(|line| line.depth > 0 && places.own(&schema.place, &line.members))
            };
            visible.map(|line| (line, own(line))).collect::<Vec<(usize, bool)>>()
        };
        let rows = along(&request.rows);
        let lines = request.columns.as_ref().map_or_else(|| vec![(0, false)], along);
        let columns: Vec<(usize, bool)> = lines
            .iter()
            .flat_map(|(line, own)| (0..width).map(move |measure| (line * width + measure, *own)))
            .collect();
        let kept = |list: &[(usize, bool)]| list.iter().map(|(place, _)| *place).collect::<Vec<usize>>();
        let mut shown = whole.only(&kept(&rows), &kept(&columns));
        let has_own = rows.iter().chain(&columns).any(|(_, own)| *own);
        if has_own && !open && !fixed_own {
            let full = table(&definitions.open_catalogue)?.only(&kept(&rows), &kept(&columns));
            show_own(&mut shown, &full, &rows, &columns);
        }
        let all = request.rows.1.len() + request.columns.as_ref().map_or(1, |(_, lines)| lines.len());
        let lines_hidden = all - rows.len() - lines.len();
        Ok(Shown { loaded: Arc::clone(loaded), view, table: shown, lines_hidden, open: open || fixed_own })
    }
}

/// The members that the table leaves out of its rows and columns, with the total of all of them: others may be shown them.
fn beside(view: &View, request: &Request, loaded: &Loaded, used: &Used) -> Beside {
    let rest = |axis: &Axis, lines: &[Line]| {
        let Ok(dimension) = loaded.cube.schema.dimension(&axis.dimension) else { return Vec::new() };
        let level = |member: Member| dimension.info(member).map(|info| info.level.as_str());
        let own: Vec<Member> =
            lines.iter().filter(|line| line.parts.is_empty()).flat_map(|line| line.members.iter().copied()).collect();
        let Some(first) = own.first().copied() else { return Vec::new() };
        // Lines of several levels hold each other.
        if own.iter().any(|member| level(*member) != level(first)) {
            return Vec::new();
        }
        let occurs =
            |member: &Member| used.get(&dimension.code).is_some_and(|codes| codes.contains(dimension.code_of(*member)));
        let others: Vec<Member> = dimension
            .members()
            .filter(|member| level(*member) == level(first) && !own.contains(member) && occurs(member))
            .collect();
        if others.is_empty() && lines.iter().any(|line| !line.parts.is_empty()) {
            return Vec::new();
        }
        let line = |members: Vec<Member>, parts: Vec<usize>, depth| Line {
            code: String::new(),
            label: kernel::Localized::default(),
            members,
            parts,
            depth,
        };
        let singles = (0..lines.len()).filter(|place| lines.get(*place).is_some_and(|line| line.parts.is_empty()));
        let parts = singles.chain(lines.len()..lines.len() + others.len()).collect();
        let all = own.iter().chain(&others).copied().collect();
        others.iter().map(|member| line(vec![*member], Vec::new(), 1)).chain([line(all, parts, 0)]).collect()
    };
    Beside {
        rows: rest(&view.rows, &request.rows.1),
        columns: view.columns.iter().zip(&request.columns).flat_map(|(axis, (_, lines))| rest(axis, lines)).collect(),
    }
}

fn show_own(shown: &mut Table, full: &Table, rows: &[(usize, bool)], columns: &[(usize, bool)]) {
    for (row, cells) in shown.cells.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            let own = |list: &[(usize, bool)], place: usize| list.get(place).is_some_and(|(_, own)| *own);
            let open = full.cell((row, column)).filter(|_| own(rows, row) || own(columns, column));
            if let Some(open) = open {
                // Footnotes are numbered by table; those of the shown one stay.
                *cell = measures::table::Cell { footnotes: cell.footnotes.clone(), formula: None, ..open.clone() };
            }
        }
    }
}

fn checked(view: &View, loaded: &Loaded) -> Result<Request, StatisticsError> {
    if view.measures.is_empty() {
        return Err(StatisticsError::NoMeasure);
    }
    if let Some(columns) = &view.columns
        && columns.dimension == view.rows.dimension
    {
        return Err(StatisticsError::SameDimension(columns.dimension.clone()));
    }
    let request = view.request(&loaded.cube.schema)?;
    let lines = request.columns.as_ref().map_or(1, |(_, lines)| lines.len());
    let cells = request.rows.1.len() * lines * view.measures.len();
    if cells > MOST_CELLS {
        return Err(StatisticsError::TooLarge { cells, most: MOST_CELLS });
    }
    Ok(request)
}

/// Position of a cell that a link names, when the table has it and shows it.
pub fn shown_cell(table: &Table, at: At) -> Option<&measures::table::Cell> {
    table.cell(at).filter(|cell| cell.mark == measures::suppress::Mark::Shown)
}
