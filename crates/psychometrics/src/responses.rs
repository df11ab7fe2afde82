//! Who answered what: persons x items, compact, with missing responses of three kinds.
//!
//! A cell takes one byte. A person stores only the items presented to them; persons who saw the same set of
//! items share one list of it (a booklet), so that a matrix design of 300 items with 40 per person takes 40
//! bytes per person and an adaptive test five bytes per response.

use std::collections::BTreeMap;

use crate::Error;

/// Largest score of one item that fits the compact cell.
pub const MAXIMUM_SCORE: u8 = 250;
const SKIPPED: u8 = 254;
const NOT_REACHED: u8 = 253;
const NO_CHOICE: u8 = 255;

/// One response of one person to one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// Points earned, 0..=max of the item.
    Score(u8),
    /// The person saw the item and left it out, then went on.
    Skipped,
    /// Time ended before the item.
    NotReached,
    /// The item was not in the person's form.
    NotPresented,
}

impl From<Option<u8>> for Cell {
    /// `None` means that the item was not presented.
    fn from(score: Option<u8>) -> Self {
        score.map_or(Self::NotPresented, Self::Score)
    }
}

/// What a missing response counts as. Not presented is always left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingCounts {
    /// As zero points.
    Zero,
    /// Not at all, as if the item had not been presented.
    Nothing,
}

/// The stated treatment of each kind of missing response.
///
/// The default follows large surveys: a skipped item is wrong; an item not reached says nothing about the
/// item (calibration, classical statistics) because the person did not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingTreatment {
    /// Treatment of [`Cell::Skipped`].
    pub skipped: MissingCounts,
    /// Treatment of [`Cell::NotReached`].
    pub not_reached: MissingCounts,
}

impl Default for MissingTreatment {
    fn default() -> Self {
        Self { skipped: MissingCounts::Zero, not_reached: MissingCounts::Nothing }
    }
}

impl MissingTreatment {
    /// The score that counts, or `None` when the response is left out.
    pub fn apply(self, cell: Cell) -> Option<u8> {
        let zero = |counts| (counts == MissingCounts::Zero).then_some(0);
        match cell {
            Cell::Score(score) => Some(score),
            Cell::Skipped => zero(self.skipped),
            Cell::NotReached => zero(self.not_reached),
            Cell::NotPresented => None,
        }
    }
}

/// An item: its name, its maximum score and, for choice items, its options with the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemColumn {
    /// Name, unique among the items.
    pub name: String,
    /// Maximum score, 1..=250.
    pub max: u8,
    /// Labels of the options in order; empty when raw choices are not known.
    pub options: Vec<String>,
    /// Positions in `options` that earn points.
    pub key: Vec<u8>,
}

impl ItemColumn {
    /// An item that is only scored.
    pub fn scored(name: impl Into<String>, max: u8) -> Self {
        Self { name: name.into(), max, options: Vec::new(), key: Vec::new() }
    }
}

/// The responses of persons to items.
///
/// Built once by [`Responses::from_scores`], [`Responses::from_choices`] or a [`ResponsesBuilder`]; then
/// only read. Persons and items are addressed by position from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    items: Vec<ItemColumn>,
    booklets: Vec<Vec<u32>>,
    booklet_of: Vec<u32>,
    start_of: Vec<usize>,
    cells: Vec<u8>,
    choices: Option<Vec<u8>>,
    weights: Option<Vec<f64>>,
    groups: Option<Groups>,
}

/// Which group each person belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// Labels, in the order of the codes.
    pub labels: Vec<String>,
    /// Code per person, a position in `labels`.
    pub of_person: Vec<u32>,
}

impl Responses {
    /// From rows of scores; `None` is an item not presented.
    ///
    /// `rows`: one per person, each as long as `items` (name, maximum score).
    ///
    /// # Errors
    /// A row of another length, a score above its maximum, a maximum of 0 or above 250, a name twice.
    pub fn from_scores<N: Into<String>>(
        items: impl IntoIterator<Item = (N, u8)>,
        rows: impl IntoIterator<Item = Vec<Option<u8>>>,
    ) -> Result<Self, Error> {
        let items = items.into_iter().map(|(name, max)| ItemColumn::scored(name, max)).collect();
        let mut builder = ResponsesBuilder::new(items)?;
        let mut cells = Vec::new();
        for row in rows {
            cells.clear();
            cells.extend(row.iter().map(|score| Cell::from(*score)));
            builder.push(&cells)?;
        }
        Ok(builder.finish())
    }

    /// From raw choices and keys: a choice equal to the key earns 1, another 0, none is skipped.
    ///
    /// `items`: name and key (labels that earn the point, usually one). The options of an item are its
    /// labels met in the data and in the key, sorted.
    ///
    /// # Errors
    /// A row of another length, an item without a key, more than 250 options, a name twice.
    pub fn from_choices(items: &[(String, Vec<String>)], rows: &[Vec<Option<String>>]) -> Result<Self, Error> {
        let mut columns = Vec::with_capacity(items.len());
        for (position, (name, key)) in items.iter().enumerate() {
            if key.is_empty() {
                return Err(Error::Key { what: format!("item {name} has no key; add it to the key file") });
            }
            let seen = rows.iter().filter_map(|row| row.get(position)?.as_ref());
            let mut options: Vec<String> = seen.chain(key).cloned().collect();
            options.sort();
            options.dedup();
            if options.len() > usize::from(MAXIMUM_SCORE) {
                return Err(Error::Key { what: format!("item {name} has {} options; at most 250", options.len()) });
            }
            let key = key.iter().filter_map(|label| position_of(&options, label)).collect();
            columns.push(ItemColumn { name: name.clone(), max: 1, options, key });
        }
        let mut builder = ResponsesBuilder::new(columns)?;
        for row in rows {
            if row.len() != builder.items.len() {
                let (person, expected) = (builder.booklet_of.len(), builder.items.len());
                return Err(Error::RowLength { person, found: row.len(), expected });
            }
            let mut cells = Vec::with_capacity(row.len());
            let mut choices = Vec::with_capacity(row.len());
            for (column, label) in builder.items.iter().zip(row) {
                let choice = label.as_ref().and_then(|label| position_of(&column.options, label));
                cells.push(choice.map_or(Cell::Skipped, |c| Cell::Score(u8::from(column.key.contains(&c)))));
                choices.push(choice);
            }
            builder.push_with_choices(&cells, &choices)?;
        }
        Ok(builder.finish())
    }

    /// Number of persons.
    pub fn persons(&self) -> usize {
        self.booklet_of.len()
    }

    /// The items in order.
    pub fn items(&self) -> &[ItemColumn] {
        &self.items
    }

    /// The distinct sets of presented items, each a sorted list of item positions.
    pub fn booklets(&self) -> &[Vec<u32>] {
        &self.booklets
    }

    /// Which of [`Self::booklets`] the person had.
    pub fn booklet_of(&self, person: usize) -> usize {
        self.booklet_of[person] as usize
    }

    /// The presented items of one person with the response to each, in item order.
    pub fn of_person(&self, person: usize) -> impl Iterator<Item = (usize, Cell)> + '_ {
        let items = &self.booklets[self.booklet_of(person)];
        let start = self.start_of[person];
        let cells = &self.cells[start..start + items.len()];
        items.iter().zip(cells).map(|(item, byte)| (*item as usize, decode(*byte)))
    }

    /// One response.
    pub fn cell(&self, person: usize, item: usize) -> Cell {
        self.place(person, item).map_or(Cell::NotPresented, |place| decode(self.cells[place]))
    }

    /// Position in the item's options of the raw choice, when choices are known and one was made.
    pub fn choice(&self, person: usize, item: usize) -> Option<u8> {
        let place = self.place(person, item)?;
        self.choices.as_ref().map(|choices| choices[place]).filter(|choice| *choice != NO_CHOICE)
    }

    /// Whether raw choices were given.
    pub fn has_choices(&self) -> bool {
        self.choices.is_some()
    }

    /// Persons whose row repeats that of an earlier person who answered at least `least` items, with that person: a sign
    /// of a file read twice, or of copying. With few items equal rows are common and mean nothing.
    pub fn repeated_rows(&self, least: usize) -> Vec<(usize, usize)> {
        let mut first: BTreeMap<(u32, &[u8]), usize> = BTreeMap::new();
        let mut repeated = Vec::new();
        for person in 0..self.persons() {
            let (items, cells) = self.raw(person);
            if items.len() < least {
                continue;
            }
            match first.entry((self.booklet_of[person], cells)) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(person);
                }
                std::collections::btree_map::Entry::Occupied(earlier) => repeated.push((person, *earlier.get())),
            }
        }
        repeated
    }

    /// Adds a weight per person (how many persons of the population each stands for).
    ///
    /// # Errors
    /// A wrong number of weights, a negative or non-finite weight.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, Error> {
        check_length("weights", weights.len(), self.persons())?;
        if let Some((person, weight)) = weights.iter().enumerate().find(|(_, w)| !(w.is_finite() && **w >= 0.0)) {
            return Err(Error::Weight { person, weight: *weight });
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// Adds a group label per person. Codes follow the sorted labels.
    ///
    /// # Errors
    /// A wrong number of labels.
    pub fn with_groups(mut self, labels_of_persons: &[String]) -> Result<Self, Error> {
        check_length("group labels", labels_of_persons.len(), self.persons())?;
        let mut labels = labels_of_persons.to_vec();
        labels.sort();
        labels.dedup();
        let code = |label| labels.binary_search(label).map_or(0, |code| code as u32);
        let of_person = labels_of_persons.iter().map(code).collect();
        self.groups = Some(Groups { labels, of_person });
        Ok(self)
    }

    /// Weights, when given.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// Groups, when given.
    pub fn groups(&self) -> Option<&Groups> {
        self.groups.as_ref()
    }

    /// Items of one person with their bytes.
    pub(crate) fn raw(&self, person: usize) -> (&[u32], &[u8]) {
        let items = &self.booklets[self.booklet_of(person)];
        let start = self.start_of[person];
        (items, &self.cells[start..start + items.len()])
    }

    fn place(&self, person: usize, item: usize) -> Option<usize> {
        let within = self.booklets[self.booklet_of(person)].binary_search(&(item as u32)).ok()?;
        Some(self.start_of[person] + within)
    }
}

/// Builds [`Responses`] person by person.
#[derive(Debug, Clone)]
pub struct ResponsesBuilder {
    items: Vec<ItemColumn>,
    known_booklets: BTreeMap<Vec<u32>, u32>,
    booklet_of: Vec<u32>,
    start_of: Vec<usize>,
    cells: Vec<u8>,
    choices: Option<Vec<u8>>,
    presented: Vec<u32>,
    last: Option<(Vec<u32>, u32)>,
}

impl ResponsesBuilder {
    /// Starts with the items.
    ///
    /// # Errors
    /// A maximum score of 0 or above 250, a name twice.
    pub fn new(items: Vec<ItemColumn>) -> Result<Self, Error> {
        let mut names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::DuplicateItem { item: pair[0].to_owned() });
        }
        if let Some(item) = items.iter().find(|item| item.max == 0 || item.max > MAXIMUM_SCORE) {
            return Err(Error::Maximum { item: item.name.clone(), max: item.max });
        }
        Ok(Self {
            items,
            known_booklets: BTreeMap::new(),
            booklet_of: Vec::new(),
            start_of: Vec::new(),
            cells: Vec::new(),
            choices: None,
            presented: Vec::new(),
            last: None,
        })
    }

    /// Adds the next person.
    ///
    /// # Errors
    /// A row of another length than the items, a score above its maximum.
    pub fn push(&mut self, row: &[Cell]) -> Result<(), Error> {
        self.push_row(row, None)
    }

    /// Adds the next person with raw choices (positions in the options of each item).
    ///
    /// # Errors
    /// As [`Self::push`]; also when `choices` has another length.
    pub fn push_with_choices(&mut self, row: &[Cell], choices: &[Option<u8>]) -> Result<(), Error> {
        check_length("choices", choices.len(), row.len())?;
        self.push_row(row, Some(choices))
    }

    fn push_row(&mut self, row: &[Cell], choices: Option<&[Option<u8>]>) -> Result<(), Error> {
        let person = self.booklet_of.len();
        if row.len() != self.items.len() {
            return Err(Error::RowLength { person, found: row.len(), expected: self.items.len() });
        }
        let too_high = |(item, cell): (&ItemColumn, &Cell)| match cell {
            Cell::Score(score) if *score > item.max => Some((item.name.clone(), *score, item.max)),
            _ => None,
        };
        if let Some((item, score, max)) = self.items.iter().zip(row).find_map(too_high) {
            return Err(Error::ScoreAboveMaximum { person, item, score, max });
        }
        let start = self.cells.len();
        self.start_of.push(start);
        self.presented.clear();
        for (item, cell) in row.iter().enumerate() {
            if let Some(byte) = encode(*cell) {
                self.presented.push(item as u32);
                self.cells.push(byte);
            }
        }
        if let (None, Some(_)) = (&self.choices, choices) {
            self.choices = Some(vec![NO_CHOICE; start]);
        }
        if let Some(all) = &mut self.choices {
            let choice = |item: &u32| choices.and_then(|row| row[*item as usize]).unwrap_or(NO_CHOICE);
            all.extend(self.presented.iter().map(choice));
        }
        let booklet = self.booklet();
        self.booklet_of.push(booklet);
        Ok(())
    }

    fn booklet(&mut self) -> u32 {
        if let Some((items, booklet)) = &self.last
            && *items == self.presented
        {
            return *booklet;
        }
        let next = self.known_booklets.len() as u32;
        let booklet = *self.known_booklets.entry(self.presented.clone()).or_insert(next);
        self.last = Some((self.presented.clone(), booklet));
        booklet
    }

    /// The finished responses.
    pub fn finish(self) -> Responses {
        let mut booklets = vec![Vec::new(); self.known_booklets.len()];
        for (items, booklet) in self.known_booklets {
            booklets[booklet as usize] = items;
        }
        let mut cells = self.cells;
        cells.shrink_to_fit();
        Responses {
            items: self.items,
            booklets,
            booklet_of: self.booklet_of,
            start_of: self.start_of,
            cells,
            choices: self.choices,
            weights: None,
            groups: None,
        }
    }
}

fn encode(cell: Cell) -> Option<u8> {
    match cell {
        Cell::Score(score) => Some(score),
        Cell::Skipped => Some(SKIPPED),
        Cell::NotReached => Some(NOT_REACHED),
        Cell::NotPresented => None,
    }
}

pub(crate) fn decode(byte: u8) -> Cell {
    match byte {
        SKIPPED => Cell::Skipped,
        NOT_REACHED => Cell::NotReached,
        score => Cell::Score(score),
    }
}

fn position_of(options: &[String], label: &String) -> Option<u8> {
    options.binary_search(label).ok().map(|position| position as u8)
}

fn check_length(what: &'static str, found: usize, expected: usize) -> Result<(), Error> {
    if found == expected { Ok(()) } else { Err(Error::Length { what, found, expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_booklet_is_stored_once_and_cells_come_back() {
        let rows = [vec![Some(1), None, Some(0)], vec![Some(0), None, Some(1)], vec![None, Some(2), Some(1)]];
        let responses = Responses::from_scores([("x", 1), ("y", 2), ("z", 1)], rows.clone()).unwrap();
        assert_eq!(responses.booklets(), [vec![0, 2], vec![1, 2]]);
        for (person, row) in rows.iter().enumerate() {
            for (item, score) in row.iter().enumerate() {
                assert_eq!(responses.cell(person, item), Cell::from(*score));
            }
        }
    }

    #[test]
    fn bad_rows_are_refused_with_their_place() {
        let short = Responses::from_scores([("x", 1), ("y", 1)], [vec![Some(1)]]);
        assert_eq!(short, Err(Error::RowLength { person: 0, found: 1, expected: 2 }));
        let high = Responses::from_scores([("x", 1)], [vec![Some(1)], vec![Some(2)]]);
        assert_eq!(high, Err(Error::ScoreAboveMaximum { person: 1, item: "x".to_owned(), score: 2, max: 1 }));
        let twice = Responses::from_scores([("x", 1), ("x", 1)], [vec![Some(1), None]]);
        assert_eq!(twice, Err(Error::DuplicateItem { item: "x".to_owned() }));
        let weights = Responses::from_scores([("x", 1)], [vec![Some(1)]]).unwrap().with_weights(vec![-1.0]);
        assert_eq!(weights, Err(Error::Weight { person: 0, weight: -1.0 }));
    }

    #[test]
    fn choices_are_scored_by_the_key_and_kept() {
        let label = |text: &str| Some(text.to_owned());
        let items = [("q".to_owned(), vec!["B".to_owned()])];
        let rows = [vec![label("B")], vec![label("A")], vec![None]];
        let responses = Responses::from_choices(&items, &rows).unwrap();
        assert_eq!(responses.items()[0].options, ["A", "B"]);
        let cells: Vec<Cell> = (0..3).map(|person| responses.cell(person, 0)).collect();
        assert_eq!(cells, [Cell::Score(1), Cell::Score(0), Cell::Skipped]);
        assert_eq!((responses.choice(1, 0), responses.choice(2, 0)), (Some(0), None));
    }
}
