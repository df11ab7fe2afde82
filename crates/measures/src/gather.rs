//! Reading many groups of cells in one pass.

use crate::aggregate::Aggregate;
use crate::blocks::Blocks;
use crate::dimension::{Dimension, Member, Schema};

/// A coordinate of an axis: the members it takes together. Coordinates may overlap, so a total or a subtotal
/// (grades 1-4) is just another coordinate.
pub type Together = Vec<Member>;

/// What a table runs over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Axes {
    /// Places; members at any level of the tree.
    pub places: Vec<Together>,
    /// Periods.
    pub periods: Vec<Together>,
    /// Flat dimensions by position in the schema.
    pub others: Vec<(usize, Vec<Together>)>,
}

impl Axes {
    /// How many groups: the product of the lengths.
    pub fn groups(&self) -> usize {
        self.places.len()
            * self.periods.len()
            * self.others.iter().map(|(_, together)| together.len()).product::<usize>()
    }
}

/// Cells to leave out: those for which everything named holds.
///
/// Reading a place or period above what is left out reads its parts instead (the half-years of a year), so facts there
/// must have been recorded at the parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Only in these places or below them; empty means everywhere.
    pub places: Vec<Member>,
    /// Only in these periods or within them; empty means always.
    pub periods: Vec<Member>,
    /// Only these members of flat dimensions.
    pub others: Vec<(usize, Vec<Member>)>,
}

/// Which cells take part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// Only these members of flat dimensions.
    pub only: Vec<(usize, Vec<Member>)>,
    /// Exclusions; a cell is left out when any of them holds.
    pub left_out: Vec<LeftOut>,
}

/// A flat dimension's members as a mask over its numbers.
struct Mask {
    shift: u32,
    bits: u64,
    allowed: Vec<bool>,
}

impl Mask {
    fn new(schema: &Schema, other: usize, members: &[Member]) -> Self {
        let (shift, bits) = schema.field(other);
        let size = schema.others.get(other).map_or(0, Dimension::len) + 1;
        let mut allowed = vec![false; size];
        for member in members {
            if let Some(slot) = allowed.get_mut(*member as usize) {
                *slot = true;
            }
        }
        Self { shift, bits, allowed }
    }

    fn holds(&self, key: u64) -> bool {
        self.allowed.get(((key >> self.shift) & self.bits) as usize).copied().unwrap_or(false)
    }
}

/// A flat dimension's members as the coordinates they belong to.
struct Spread {
    shift: u32,
    mask: u64,
    length: usize,
    coordinates: Vec<Vec<usize>>,
}

impl Spread {
    fn new(schema: &Schema, other: usize, axis: &[Together]) -> Self {
        let (shift, mask) = schema.field(other);
        let size = schema.others.get(other).map_or(0, Dimension::len) + 1;
        let mut coordinates = vec![Vec::new(); size];
        for (coordinate, together) in axis.iter().enumerate() {
            for member in together {
                if let Some(list) = coordinates.get_mut(*member as usize) {
                    list.push(coordinate);
                }
            }
        }
        Self { shift, mask, length: axis.len(), coordinates }
    }
}

/// The members, those above something left out replaced by their parts.
fn parts(tree: &Dimension, members: &[Member], left_out: &[Member]) -> Together {
    let mut whole = Vec::new();
    let mut open: Vec<Member> = members.iter().rev().copied().collect();
    while let Some(member) = open.pop() {
        let above = |below: &Member| tree.lineage(*below).skip(1).any(|ancestor| ancestor == member);
        if left_out.iter().any(above) {
            open.extend(tree.children(member).into_iter().rev());
        } else {
            whole.push(member);
        }
    }
    whole
}

/// Calls `visit(group, cell)` for every cell that takes part, once per group it belongs to.
pub(crate) fn scan<A: Aggregate>(
    schema: &Schema,
    blocks: &Blocks<A>,
    axes: &Axes,
    conditions: &Conditions,
    over_periods: bool,
    mut visit: impl FnMut(usize, &A),
) {
    let only: Vec<Mask> = conditions.only.iter().map(|(other, members)| Mask::new(schema, *other, members)).collect();
    let left_out: Vec<(&LeftOut, Vec<Mask>)> = conditions
        .left_out
        .iter()
        .map(|rule| (rule, rule.others.iter().map(|(other, members)| Mask::new(schema, *other, members)).collect()))
        .collect();
    let spreads: Vec<Spread> = axes.others.iter().map(|(other, axis)| Spread::new(schema, *other, axis)).collect();
    let mut groups = Vec::new();
    let mut next = Vec::new();
    let named = |list: fn(&LeftOut) -> &Vec<Member>| -> Vec<Member> {
        conditions.left_out.iter().flat_map(|rule| list(rule).iter().copied()).collect()
    };
    let left_places = named(|rule| &rule.places);
    let left_periods = if over_periods { named(|rule| &rule.periods) } else { Vec::new() };
    let period_axis: Vec<Together> =
        axes.periods.iter().map(|together| parts(&schema.period, together, &left_periods)).collect();
    for (place_index, places) in axes.places.iter().enumerate() {
        let places = parts(&schema.place, places, &left_places);
        for (period_index, periods) in period_axis.iter().enumerate() {
            let first = place_index * axes.periods.len() + period_index;
            for (place, period) in places.iter().flat_map(|place| periods.iter().map(move |period| (*place, *period))) {
                let leave: Vec<&Vec<Mask>> = left_out
                    .iter()
                    .filter(|(rule, _)| {
                        let within = |tree: &Dimension, list: &[Member], member| {
                            list.is_empty() || tree.lineage(member).any(|ancestor| list.contains(&ancestor))
                        };
                        within(&schema.place, &rule.places, place) && within(&schema.period, &rule.periods, period)
                    })
                    .map(|(_, masks)| masks)
                    .collect();
                let (keys, cells) = blocks.run(schema, place, period);
                for (key, cell) in keys.iter().zip(cells) {
                    let key = key.0;
                    if !only.iter().all(|mask| mask.holds(key))
                        || leave.iter().any(|masks| masks.iter().all(|mask| mask.holds(key)))
                    {
                        continue;
                    }
                    groups.clear();
                    groups.push(first);
                    for spread in &spreads {
                        let member = ((key >> spread.shift) & spread.mask) as usize;
                        match spread.coordinates.get(member).map_or(&[][..], Vec::as_slice) {
                            [] => {
                                groups.clear();
                                break;
                            }
                            [single] => groups.iter_mut().for_each(|group| *group = *group * spread.length + single),
                            several => {
                                next.clear();
                                next.extend(
                                    groups
                                        .iter()
                                        .flat_map(|group| several.iter().map(move |one| group * spread.length + one)),
                                );
                                std::mem::swap(&mut groups, &mut next);
                            }
                        }
                    }
                    for group in &groups {
                        visit(*group, cell);
                    }
                }
            }
        }
    }
}
