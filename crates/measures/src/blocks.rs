//! Cells of one kind of fact: one block of sorted columns per place.
//!
//! A block holds packed addresses and aggregates side by side, sorted by address: 24 bytes per cell for marks on a
//! four-level scale. The cells of one place lie together, and within it those of one period, so a table reads short
//! runs, and a correction touches one block per level of the tree. No hashing takes part, so order is always the same.

use crate::aggregate::Aggregate;
use crate::dimension::{Key, Member, Schema};

/// A change of one cell.
pub(crate) type Delta<A> = (Member, Key, A);

#[derive(Debug, Clone, PartialEq)]
struct Block<A> {
    keys: Vec<Key>,
    cells: Vec<A>,
}

// Derived `Default` would ask for `A: Default` in the wrong place.
impl<A> Default for Block<A> {
    fn default() -> Self {
        Self { keys: Vec::new(), cells: Vec::new() }
    }
}

impl<A: Aggregate> Block<A> {
    /// Applies changes sorted by address, each address once.
    fn apply(&mut self, changes: &[Delta<A>]) {
        // A few changes to a large block are found one by one; many are merged in one pass.
        if changes.len() * 16 < self.keys.len() {
            let mut late = Vec::new();
            for change in changes {
                match self.keys.binary_search(&change.1) {
                    Ok(row) => {
                        if let Some(cell) = self.cells.get_mut(row) {
                            cell.merge(&change.2);
                        }
                    }
                    Err(_absent) => late.push(change.clone()),
                }
            }
            if !late.is_empty() {
                self.merge(&late);
            }
        } else {
            self.merge(changes);
        }
    }

    fn merge(&mut self, changes: &[Delta<A>]) {
        let room = self.keys.len() + changes.len();
        let mut keys = Vec::with_capacity(room);
        let mut cells = Vec::with_capacity(room);
        let old_keys = std::mem::take(&mut self.keys);
        let mut old = old_keys.into_iter().zip(std::mem::take(&mut self.cells)).peekable();
        for (_, key, change) in changes {
            while let Some((earlier, cell)) = old.next_if(|(earlier, _)| earlier < key) {
                keys.push(earlier);
                cells.push(cell);
            }
            let mut cell = old.next_if(|(same, _)| same == key).map(|(_, cell)| cell).unwrap_or_default();
            cell.merge(change);
            keys.push(*key);
            cells.push(cell);
        }
        for (key, cell) in old {
            keys.push(key);
            cells.push(cell);
        }
        // Blocks live long; the slack of growing would be half the memory.
        keys.shrink_to_fit();
        cells.shrink_to_fit();
        (self.keys, self.cells) = (keys, cells);
    }
}

/// All cells of one kind of fact at every level of both trees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Blocks<A> {
    by_place: Vec<Block<A>>,
}

impl<A> Default for Blocks<A> {
    fn default() -> Self {
        Self { by_place: Vec::new() }
    }
}

/// Sorts changes and merges those of the same cell.
fn combine<A: Aggregate>(changes: &mut Vec<Delta<A>>) {
    changes.sort_unstable_by_key(|(place, key, _)| (*place, *key));
    changes.dedup_by(|later, earlier| {
        let same = (later.0, later.1) == (earlier.0, earlier.1);
        if same {
            earlier.2.merge(&later.2);
        }
        same
    });
}

impl<A: Aggregate> Blocks<A> {
    /// Applies changes at their own place and period and at every ancestor of both (of the place alone when
    /// `over_periods` is false).
    pub(crate) fn load(&mut self, schema: &Schema, mut changes: Vec<Delta<A>>, over_periods: bool) {
        combine(&mut changes);
        if over_periods {
            let own = changes.len();
            for index in 0..own {
                let Some((place, key, change)) = changes.get(index).cloned() else { continue };
                for period in schema.period.lineage(schema.period_of(key)).skip(1) {
                    changes.push((place, schema.with_period(key, period), change.clone()));
                }
            }
            if changes.len() > own {
                combine(&mut changes);
            }
        }
        while !changes.is_empty() {
            self.apply(&changes);
            changes.retain_mut(|change| match schema.place.parent(change.0) {
                Some(parent) => {
                    change.0 = parent;
                    true
                }
                None => false,
            });
            combine(&mut changes);
        }
    }

    fn apply(&mut self, changes: &[Delta<A>]) {
        for run in changes.chunk_by(|a, b| a.0 == b.0) {
            let Some((place, _, _)) = run.first() else { continue };
            let index = *place as usize;
            if self.by_place.len() <= index {
                self.by_place.resize_with(index + 1, Block::default);
            }
            if let Some(block) = self.by_place.get_mut(index) {
                block.apply(run);
            }
        }
    }

    /// Cells of one place and period, by address.
    pub(crate) fn run(&self, schema: &Schema, place: Member, period: Member) -> (&[Key], &[A]) {
        let Some(block) = self.by_place.get(place as usize) else { return (&[], &[]) };
        let (first, after) = schema.period_range(period);
        let start = block.keys.partition_point(|key| *key < first);
        let end = after.map_or(block.keys.len(), |after| block.keys.partition_point(|key| *key < after));
        (block.keys.get(start..end).unwrap_or_default(), block.cells.get(start..end).unwrap_or_default())
    }

    /// Every cell that is not empty, by place and address.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (Member, Key, &A)> {
        self.by_place.iter().enumerate().flat_map(|(place, block)| {
            let cells = block.keys.iter().zip(&block.cells).filter(|(_, cell)| !cell.is_empty());
            cells.map(move |(key, cell)| (place as Member, *key, cell))
        })
    }

    /// Stored cells, also emptied ones.
    pub(crate) fn len(&self) -> usize {
        self.by_place.iter().map(|block| block.keys.len()).sum()
    }
}
