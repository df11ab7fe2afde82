//! Data arranged for estimation: persons of one group with one set of items form a block.
//!
//! Within a block the responses are row-major bytes; equal rows may be collapsed with their weights added.
//! When nearly every person has a set of their own (adaptive tests, scattered omissions), one block per group
//! holds all items and the byte [`MISSING`] marks what is absent.

use std::collections::BTreeMap;

use crate::responses::MAXIMUM_SCORE;
use crate::{Error, MissingTreatment, Responses};

/// The byte of an absent response.
pub(crate) const MISSING: u8 = 255;

/// Persons of one group who answered the same items.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub group: usize,
    /// Items in order.
    pub items: Vec<u32>,
    /// Rows times items.
    pub cells: Vec<u8>,
    /// One per row.
    pub weights: Vec<f64>,
    /// Row of each person of the block, with the person's position.
    pub persons: Vec<(u32, u32)>,
    /// Whether some cell is [`MISSING`].
    pub scattered: bool,
}

impl Block {
    pub fn rows(&self) -> usize {
        self.weights.len()
    }

    pub fn row(&self, row: usize) -> &[u8] {
        let width = self.items.len();
        &self.cells[row * width..(row + 1) * width]
    }
}

/// All responses that count.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub blocks: Vec<Block>,
    pub groups: usize,
    /// Number of categories of each item.
    pub categories: Vec<usize>,
    /// Weight of responses in each category of each item.
    pub counts: Vec<Vec<f64>>,
    /// Weight of persons per group.
    pub group_weight: Vec<f64>,
    /// Persons without any response that counts.
    pub empty_persons: usize,
}

impl Layout {
    /// Drops scores that nobody has from the categories of an item; returns the score of each category left.
    pub fn drop_empty_scores(&mut self, item: usize) -> Vec<u8> {
        let counts = &self.counts[item];
        let scores: Vec<u8> = (0..counts.len()).filter(|k| counts[*k] > 0.0).map(|k| k as u8).collect();
        if scores.len() == counts.len() {
            return scores;
        }
        let mut category = [MISSING; 256];
        for (k, score) in scores.iter().enumerate() {
            category[usize::from(*score)] = k as u8;
        }
        let counts = scores.iter().map(|score| counts[usize::from(*score)]).collect();
        self.map_cells(item, &category);
        self.counts[item] = counts;
        self.categories[item] = scores.len();
        scores
    }

    /// Keeps the persons of the first groups only.
    pub fn keep_groups(&mut self, groups: usize) {
        self.blocks.retain(|block| block.group < groups);
        self.groups = groups;
        self.group_weight.truncate(groups);
        let categories = self.categories.clone();
        self.counts = categories.iter().map(|k| vec![0.0; *k]).collect();
        self.count();
    }

    /// The same responses with the answers of one group to `items` as items of their own, appended in order.
    pub fn split(&self, items: &[usize], group: usize) -> Self {
        let mut split = self.clone();
        let first = self.categories.len();
        split.categories.extend(items.iter().map(|item| self.categories[*item]));
        for block in split.blocks.iter_mut().filter(|block| block.group == group) {
            for item in &mut block.items {
                if let Some(place) = items.iter().position(|i| i == &(*item as usize)) {
                    *item = (first + place) as u32;
                }
            }
        }
        split.counts = split.categories.iter().map(|k| vec![0.0; *k]).collect();
        split.count();
        split
    }

    /// Adds up the weights of responses per item and category.
    fn count(&mut self) {
        for block in &self.blocks {
            for row in 0..block.rows() {
                let weight = block.weights[row];
                for (item, cell) in block.items.iter().zip(block.row(row)) {
                    if *cell != MISSING {
                        self.counts[*item as usize][usize::from(*cell)] += weight;
                    }
                }
            }
        }
    }

    /// Turns scores into categories: `category` has an entry for every byte below [`MISSING`].
    pub fn recode(&mut self, item: usize, categories: usize, category: &[u8]) {
        if self.categories[item] == categories && (0..categories).all(|k| usize::from(category[k]) == k) {
            return;
        }
        let mut map = [MISSING; 256];
        map[..255].copy_from_slice(&category[..255]);
        let mut counts = vec![0.0; categories];
        for (score, count) in self.counts[item].iter().enumerate() {
            counts[usize::from(map[score])] += count;
        }
        self.map_cells(item, &map);
        self.counts[item] = counts;
        self.categories[item] = categories;
    }

    fn map_cells(&mut self, item: usize, map: &[u8; 256]) {
        for block in &mut self.blocks {
            let width = block.items.len();
            if let Some(place) = block.items.iter().position(|i| *i as usize == item) {
                for cell in block.cells.iter_mut().skip(place).step_by(width) {
                    *cell = map[usize::from(*cell)];
                }
            }
        }
    }
}

/// What becomes of persons of one group with the same responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EqualRows {
    /// They share a row, where that saves work.
    Join,
    /// Every person has a row: they differ in something else.
    Keep,
}

/// Arranges the responses; `group_of` gives a group per person (all 0 without groups).
pub(crate) fn layout(
    responses: &Responses,
    treatment: MissingTreatment,
    groups: usize,
    group_of: &[u32],
    equal_rows: EqualRows,
) -> Result<Layout, Error> {
    let persons = responses.persons();
    if persons == 0 {
        return Err(Error::Empty { what: "persons" });
    }
    if responses.items().is_empty() {
        return Err(Error::Empty { what: "items" });
    }
    let categories: Vec<usize> = responses.items().iter().map(|item| usize::from(item.max) + 1).collect();
    let counts: Vec<Vec<f64>> = categories.iter().map(|k| vec![0.0; *k]).collect();
    let mut builder = Builder::new(responses, treatment, group_of);
    for person in 0..persons {
        builder.place(person);
    }
    let mut sets = builder.sets;
    if sets.len() > 8 && sets.len() * 8 > persons {
        sets = merged(sets, groups, responses.items().len());
    }
    let mut layout = Layout {
        blocks: Vec::new(),
        groups,
        categories,
        counts,
        group_weight: vec![0.0; groups],
        empty_persons: builder.empty,
    };
    for set in sets {
        let mut block = fill(responses, treatment, set);
        if equal_rows == EqualRows::Join {
            block = collapse(block, &layout.categories);
        }
        layout.group_weight[block.group] += block.weights.iter().sum::<f64>();
        layout.blocks.push(block);
    }
    layout.count();
    Ok(layout)
}

struct Set {
    group: usize,
    items: Vec<u32>,
    persons: Vec<u32>,
    scattered: bool,
}

struct Builder<'a> {
    responses: &'a Responses,
    treatment: MissingTreatment,
    group_of: &'a [u32],
    /// Set of (group, booklet) when nothing is left out, kept to save the search.
    quick: Vec<Option<usize>>,
    known: BTreeMap<(u32, Vec<u32>), usize>,
    sets: Vec<Set>,
    empty: usize,
}

impl<'a> Builder<'a> {
    fn new(responses: &'a Responses, treatment: MissingTreatment, group_of: &'a [u32]) -> Self {
        let groups = group_of.iter().max().map_or(1, |g| *g as usize + 1);
        let quick = vec![None; responses.booklets().len() * groups];
        Self { responses, treatment, group_of, quick, known: BTreeMap::new(), sets: Vec::new(), empty: 0 }
    }

    fn place(&mut self, person: usize) {
        let group = self.group_of[person];
        let (items, cells) = self.responses.raw(person);
        let whole = cells.iter().all(|cell| counted(*cell, self.treatment) != MISSING);
        let slot = group as usize * self.responses.booklets().len() + self.responses.booklet_of(person);
        if whole && let Some(set) = self.quick[slot] {
            self.sets[set].persons.push(person as u32);
            return;
        }
        let keep = |(item, cell): (&u32, &u8)| (counted(*cell, self.treatment) != MISSING).then_some(*item);
        let items: Vec<u32> = items.iter().zip(cells).filter_map(keep).collect();
        if items.is_empty() {
            self.empty += 1;
            return;
        }
        let next = self.sets.len();
        let set = *self.known.entry((group, items.clone())).or_insert(next);
        if set == next {
            self.sets.push(Set { group: group as usize, items, persons: Vec::new(), scattered: false });
        }
        if whole {
            self.quick[slot] = Some(set);
        }
        self.sets[set].persons.push(person as u32);
    }
}

fn merged(sets: Vec<Set>, groups: usize, items: usize) -> Vec<Set> {
    let mut merged: Vec<Set> =
        (0..groups).map(|group| Set { group, items: Vec::new(), persons: Vec::new(), scattered: true }).collect();
    let mut used = vec![vec![false; items]; groups];
    for set in sets {
        set.items.iter().for_each(|item| used[set.group][*item as usize] = true);
        merged[set.group].persons.extend(set.persons);
    }
    for (set, used) in merged.iter_mut().zip(used) {
        set.items = (0..items as u32).filter(|item| used[*item as usize]).collect();
        set.persons.sort_unstable();
    }
    merged.retain(|set| !set.persons.is_empty());
    merged
}

fn counted(cell: u8, treatment: MissingTreatment) -> u8 {
    if cell <= MAXIMUM_SCORE {
        return cell;
    }
    treatment.apply(crate::responses::decode(cell)).unwrap_or(MISSING)
}

fn fill(responses: &Responses, treatment: MissingTreatment, set: Set) -> Block {
    let width = set.items.len();
    let mut cells = Vec::with_capacity(set.persons.len() * width);
    for person in &set.persons {
        let start = cells.len();
        let (items, raw) = responses.raw(*person as usize);
        if set.scattered {
            cells.resize(start + width, MISSING);
            let mut place = 0;
            for (item, cell) in items.iter().zip(raw) {
                while place < width && set.items[place] < *item {
                    place += 1;
                }
                if place < width && set.items[place] == *item {
                    cells[start + place] = counted(*cell, treatment);
                }
            }
        } else {
            cells.extend(raw.iter().map(|cell| counted(*cell, treatment)).filter(|cell| *cell != MISSING));
        }
    }
    let weight = |person: u32| responses.weights().map_or(1.0, |weights| weights[person as usize]);
    let weights = set.persons.iter().map(|person| weight(*person)).collect();
    let persons = set.persons.iter().enumerate().map(|(row, person)| (*person, row as u32)).collect();
    Block { group: set.group, items: set.items, cells, weights, persons, scattered: set.scattered }
}

/// Joins equal rows when there can be many: when the possible patterns are not far more than the rows.
fn collapse(block: Block, categories: &[usize]) -> Block {
    let patterns: f64 = block.items.iter().map(|item| categories[*item as usize] as f64).product();
    if block.scattered || patterns > 16.0 * block.rows() as f64 {
        return block;
    }
    let mut order: Vec<u32> = (0..block.rows() as u32).collect();
    order.sort_by(|x, y| block.row(*x as usize).cmp(block.row(*y as usize)).then(x.cmp(y)));
    let mut joined =
        Block { cells: Vec::new(), weights: Vec::new(), persons: Vec::new(), items: block.items.clone(), ..block };
    for row in order {
        let row = row as usize;
        let cells = &block.cells[row * block.items.len()..(row + 1) * block.items.len()];
        if joined.weights.is_empty() || joined.row(joined.rows() - 1) != cells {
            joined.cells.extend_from_slice(cells);
            joined.weights.push(0.0);
        }
        let last = joined.rows() - 1;
        joined.weights[last] += block.weights[row];
        joined.persons.push((block.persons[row].0, last as u32));
    }
    joined
}
