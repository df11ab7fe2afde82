//! Facts and cells: what is recorded, and the aggregates kept for it at every level of the trees.

use crate::aggregate::{Aggregate, Levels, Occurrences, Tally};
use crate::averages::Averages;
use crate::blocks::{Blocks, Delta};
use crate::dimension::{DimensionError, Key, Member, Schema};
use crate::exact::ArithmeticError;
use crate::gather::{Axes, Conditions, scan};
use crate::sketch;
use kernel::Localized;

/// One level of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleLevel {
    /// Code, as `5` or `basic`.
    pub code: String,
    /// Value for sums and means; `None` for levels that only have an order.
    pub value: Option<i64>,
}

/// What the facts of a kind carry and what is kept of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeps {
    /// One level of a scale of at most 16 levels: counts per level.
    Scale(Vec<ScaleLevel>),
    /// A number with this many decimals: count, sum, sum of squares.
    Numbers {
        /// Digits behind the point.
        decimals: u32,
    },
    /// A number whose extremes, median or bands are asked for: counts per value.
    Values {
        /// Digits behind the point.
        decimals: u32,
    },
    /// A person: how many different people.
    People,
    /// A person: how many different people, estimated ([`ESTIMATE_ERROR`](crate::ESTIMATE_ERROR)) in the same few
    /// kilobytes however many they are.
    SketchedPeople,
}

/// A kind of fact, as "pupils by lowest mark in a term".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactKind {
    /// Code.
    pub code: String,
    /// Name for people.
    pub name: Localized,
    /// What is kept.
    pub keeps: Keeps,
    /// Facts of a term also count for its year. False for states (pupils on a date), where a sum over terms means
    /// nothing.
    pub over_periods: bool,
}

/// What a fact says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// Position of the level in the scale, from 0.
    Level(u8),
    /// A number in units of the kind's last decimal.
    Value(i64),
    /// A person's number.
    Person(i64),
}

/// A fact: an observation at a point. `times` is how often; below 0 takes back what was recorded before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Place, at any level of the tree.
    pub place: Member,
    /// Period and flat dimensions.
    pub key: Key,
    /// What it says.
    pub observation: Observation,
    /// How often.
    pub times: i32,
}

impl Fact {
    /// The fact that takes this one back.
    #[must_use]
    pub const fn taken_back(self) -> Self {
        Self { times: -self.times, ..self }
    }
}

/// Number of a kind of fact in its cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindId(usize);

/// What can go wrong with facts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CubeError {
    /// Codes or dimensions.
    #[error(transparent)]
    Dimension(#[from] DimensionError),
    /// A kind that the cube does not have.
    #[error("there is no kind of fact \"{0}\"")]
    UnknownKind(String),
    /// The kind exists already.
    #[error("kind of fact \"{0}\" is declared twice")]
    RepeatedKind(String),
    /// A scale of 0 or more than 16 levels.
    #[error("kind of fact \"{kind}\": a scale has 1 to 16 levels, this one has {levels}")]
    ScaleSize {
        /// Kind.
        kind: String,
        /// Levels declared.
        levels: usize,
    },
    /// An observation that does not fit the kind.
    #[error("fact {position} does not fit kind \"{kind}\": {reason}")]
    Observation {
        /// Kind.
        kind: String,
        /// Position in the batch, from 0.
        position: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More facts of one kind than a cell can count.
    #[error("kind of fact \"{0}\" would pass 2,147,483,647 facts: open a new cube per year or keep numbers instead")]
    TooMany(String),
    /// A quantity that the kind does not keep.
    #[error("kind of fact \"{kind}\" does not keep what is asked: {asked}")]
    NotKept {
        /// Kind.
        kind: String,
        /// What was asked.
        asked: &'static str,
    },
    /// Sums that do not fit.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
}

/// What to read from cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// How many facts.
    Count,
    /// How many facts at these levels of the scale.
    Levels(Vec<u8>),
    /// Sum of values.
    Sum,
    /// Sum of squared values.
    Squares,
    /// Smallest value.
    Lowest,
    /// Largest value.
    Highest,
    /// How many values between two bounds, both included.
    Between(i64, i64),
    /// How many different people or values.
    Distinct,
}

#[derive(Debug, Clone, PartialEq)]
enum Store {
    Four(Blocks<Levels<4>>),
    Eight(Blocks<Levels<8>>),
    Sixteen(Blocks<Levels<16>>),
    Tally(Blocks<Tally>),
    Occurrences(Blocks<Occurrences>),
}

#[derive(Debug, Clone, PartialEq)]
struct Kept {
    kind: FactKind,
    store: Store,
    recorded: i64,
}

/// Facts of several kinds over the same dimensions, kept as cells.
///
/// Invariant: a cell at a region and a year holds exactly what the facts below it say; order of arrival never matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    /// The dimensions; members may be added at any time.
    pub schema: Schema,
    kinds: Vec<Kept>,
    averages: Averages,
}

const LARGEST_VALUE: i64 = 1_000_000_000_000;

macro_rules! each_store {
    ($store:expr, $blocks:ident => $body:expr) => {
        match $store {
            Store::Four($blocks) => $body,
            Store::Eight($blocks) => $body,
            Store::Sixteen($blocks) => $body,
            Store::Tally($blocks) => $body,
            Store::Occurrences($blocks) => $body,
        }
    };
}

impl Cube {
    /// An empty cube.
    pub const fn new(schema: Schema) -> Self {
        Self { schema, kinds: Vec::new(), averages: Averages::new() }
    }

    pub(crate) const fn kept_averages(&self) -> &Averages {
        &self.averages
    }

    /// Declares a kind of fact.
    pub fn declare(&mut self, kind: FactKind) -> Result<KindId, CubeError> {
        if self.kinds.iter().any(|kept| kept.kind.code == kind.code) {
            return Err(CubeError::RepeatedKind(kind.code));
        }
        let store = match &kind.keeps {
            Keeps::Scale(levels) => match levels.len() {
                1..=4 => Store::Four(Blocks::default()),
                5..=8 => Store::Eight(Blocks::default()),
                9..=16 => Store::Sixteen(Blocks::default()),
                levels => return Err(CubeError::ScaleSize { kind: kind.code, levels }),
            },
            Keeps::Numbers { .. } => Store::Tally(Blocks::default()),
            Keeps::Values { .. } | Keeps::People | Keeps::SketchedPeople => Store::Occurrences(Blocks::default()),
        };
        self.kinds.push(Kept { kind, store, recorded: 0 });
        Ok(KindId(self.kinds.len() - 1))
    }

    /// Finds a kind by its code.
    pub fn kind(&self, code: &str) -> Result<KindId, CubeError> {
        let found = self.kinds.iter().position(|kept| kept.kind.code == code);
        found.map(KindId).ok_or_else(|| CubeError::UnknownKind(code.to_owned()))
    }

    /// Declaration of a kind.
    pub fn kind_info(&self, kind: KindId) -> Option<&FactKind> {
        self.kinds.get(kind.0).map(|kept| &kept.kind)
    }

    /// All kinds in order of declaration.
    pub fn kinds(&self) -> impl Iterator<Item = &FactKind> {
        self.kinds.iter().map(|kept| &kept.kind)
    }

    /// Records facts, all or none.
    pub fn record(&mut self, kind: KindId, facts: &[Fact]) -> Result<(), CubeError> {
        self.check(kind, facts)?;
        let before = self.before(kind, facts.iter().map(|fact| fact.place));
        let Self { schema, kinds, .. } = self;
        let kept = kinds.get_mut(kind.0).ok_or_else(|| CubeError::UnknownKind(format!("number {}", kind.0)))?;
        let over = kept.kind.over_periods;
        match &mut kept.store {
            Store::Four(blocks) => blocks.load(schema, level_deltas(facts), over),
            Store::Eight(blocks) => blocks.load(schema, level_deltas(facts), over),
            Store::Sixteen(blocks) => blocks.load(schema, level_deltas(facts), over),
            Store::Tally(blocks) => blocks.load(schema, deltas(facts, Tally::of), over),
            Store::Occurrences(blocks) if kept.kind.keeps == Keeps::SketchedPeople => {
                let slot = |person, times| Occurrences::of(sketch::slot(person), times);
                blocks.load(schema, deltas(facts, slot), over);
            }
            Store::Occurrences(blocks) => blocks.load(schema, deltas(facts, Occurrences::of), over),
        }
        kept.recorded += weight(facts);
        self.after(before);
        Ok(())
    }

    /// Whether facts fit a kind, without recording them.
    pub fn check(&self, kind: KindId, facts: &[Fact]) -> Result<(), CubeError> {
        let kept = self.kinds.get(kind.0).ok_or_else(|| CubeError::UnknownKind(format!("number {}", kind.0)))?;
        if kept.recorded + weight(facts) > i64::from(i32::MAX) {
            return Err(CubeError::TooMany(kept.kind.code.clone()));
        }
        kept.check(&self.schema, facts)
    }

    /// Replaces a fact by its corrected form, at every level.
    pub fn correct(&mut self, kind: KindId, before: Fact, after: Fact) -> Result<(), CubeError> {
        self.record(kind, &[before.taken_back(), after])
    }

    /// Reads a quantity for every combination of the axes, in the order places × periods × others, last fastest.
    ///
    /// Whole numbers in units of the kind's last decimal ([`Quantity::Squares`]: of its square); `None` where an
    /// extreme was asked and nothing is recorded.
    pub fn read(
        &self,
        kind: KindId,
        quantity: &Quantity,
        axes: &Axes,
        conditions: &Conditions,
    ) -> Result<Vec<Option<i128>>, CubeError> {
        let kept = self.kinds.get(kind.0).ok_or_else(|| CubeError::UnknownKind(format!("number {}", kind.0)))?;
        match &kept.store {
            Store::Four(blocks) => kept.read_levels(&self.schema, blocks, quantity, axes, conditions),
            Store::Eight(blocks) => kept.read_levels(&self.schema, blocks, quantity, axes, conditions),
            Store::Sixteen(blocks) => kept.read_levels(&self.schema, blocks, quantity, axes, conditions),
            Store::Tally(blocks) => {
                let read: fn(&Tally) -> i128 = match quantity {
                    Quantity::Count => |cell| i128::from(cell.count),
                    Quantity::Sum => |cell| cell.sum,
                    Quantity::Squares => |cell| cell.squares,
                    Quantity::Lowest | Quantity::Highest => {
                        return Err(kept.not_kept("extremes (declare it as values)"));
                    }
                    Quantity::Between(..) => return Err(kept.not_kept("bands (declare it as values)")),
                    Quantity::Distinct => return Err(kept.not_kept("distinct people (declare it as people)")),
                    Quantity::Levels(_) => return Err(kept.not_kept("levels (declare it as a scale)")),
                };
                Ok(added(&self.schema, blocks, axes, conditions, kept.kind.over_periods, read))
            }
            Store::Occurrences(blocks) => kept.read_occurrences(&self.schema, blocks, quantity, axes, conditions),
        }
    }

    /// Places where more was taken back than recorded, with the address: corrections without their facts.
    pub fn negative_cells(&self, kind: KindId) -> Vec<(Member, Key)> {
        self.kinds.get(kind.0).map_or_else(Vec::new, |kept| {
            each_store!(&kept.store, blocks => blocks
                .cells()
                .filter(|(_, _, cell)| cell.is_negative())
                .map(|(place, key, _)| (place, key))
                .collect())
        })
    }

    /// Cells as text, sorted: `(place, address, contents)`; equal texts mean equal cells.
    pub fn dump(&self, kind: KindId) -> Vec<String> {
        self.kinds.get(kind.0).map_or_else(Vec::new, |kept| {
            each_store!(&kept.store, blocks => blocks
                .cells()
                .map(|(place, key, cell)| format!("{} {:x} {cell:?}", self.schema.place.code_of(place), key.0))
                .collect())
        })
    }

    /// How many cells are stored for a kind, at all levels.
    pub fn cells(&self, kind: KindId) -> usize {
        self.kinds.get(kind.0).map_or(0, |kept| each_store!(&kept.store, blocks => blocks.len()))
    }
}

impl Kept {
    fn not_kept(&self, asked: &'static str) -> CubeError {
        CubeError::NotKept { kind: self.kind.code.clone(), asked }
    }

    fn check(&self, schema: &Schema, facts: &[Fact]) -> Result<(), CubeError> {
        for (position, fact) in facts.iter().enumerate() {
            let reason = match (&self.kind.keeps, fact.observation) {
                _ if schema.place.info(fact.place).is_none() => "its place is not in the tree of places",
                _ if schema.period.info(schema.period_of(fact.key)).is_none() => {
                    "its period is not in the tree of periods"
                }
                (Keeps::Scale(levels), Observation::Level(level)) if usize::from(level) < levels.len() => continue,
                (Keeps::Scale(_), Observation::Level(_)) => "the scale has no such level",
                (Keeps::Scale(_), _) => "a level of the scale is needed",
                (Keeps::Numbers { .. } | Keeps::Values { .. }, Observation::Value(value))
                    if value.abs() <= LARGEST_VALUE =>
                {
                    continue;
                }
                (Keeps::Numbers { .. } | Keeps::Values { .. }, Observation::Value(_)) => {
                    "the number is above 10^12 units"
                }
                (Keeps::Numbers { .. } | Keeps::Values { .. }, _) => "a number is needed",
                (Keeps::People | Keeps::SketchedPeople, Observation::Person(_)) => continue,
                (Keeps::People | Keeps::SketchedPeople, _) => "a person is needed",
            };
            return Err(CubeError::Observation { kind: self.kind.code.clone(), position, reason });
        }
        Ok(())
    }

    fn read_levels<const N: usize>(
        &self,
        schema: &Schema,
        blocks: &Blocks<Levels<N>>,
        quantity: &Quantity,
        axes: &Axes,
        conditions: &Conditions,
    ) -> Result<Vec<Option<i128>>, CubeError>
    where
        Levels<N>: Aggregate,
    {
        let Keeps::Scale(levels) = &self.kind.keeps else { return Err(self.not_kept("levels")) };
        let value = |index: usize| levels.get(index).and_then(|level| level.value);
        let mut weights = [0_i64; N];
        let values_known = levels.iter().all(|level| level.value.is_some());
        for (index, weight) in weights.iter_mut().enumerate() {
            *weight = match quantity {
                Quantity::Count => 1,
                Quantity::Levels(chosen) => i64::from(chosen.iter().any(|level| usize::from(*level) == index)),
                Quantity::Sum if values_known => value(index).unwrap_or(0),
                Quantity::Squares if values_known => value(index).map_or(0, |value| value * value),
                Quantity::Between(lowest, highest) if values_known => {
                    i64::from(value(index).is_some_and(|value| (*lowest..=*highest).contains(&value)))
                }
                Quantity::Lowest | Quantity::Highest if values_known => 0,
                Quantity::Distinct => return Err(self.not_kept("distinct people (declare it as people)")),
                _ => return Err(self.not_kept("values of the levels (give every level a value)")),
            };
        }
        if matches!(quantity, Quantity::Lowest | Quantity::Highest) {
            let mut groups = vec![[0_i64; N]; axes.groups()];
            let over_periods = self.kind.over_periods;
            scan(schema, blocks, axes, conditions, over_periods, |group, cell: &Levels<N>| {
                if let Some(total) = groups.get_mut(group) {
                    total.iter_mut().zip(cell).for_each(|(sum, count)| *sum += i64::from(*count));
                }
            });
            let extreme = |counts: &[i64; N]| {
                let present =
                    counts.iter().enumerate().filter(|(_, count)| **count > 0).filter_map(|(index, _)| value(index));
                if matches!(quantity, Quantity::Lowest) { present.min() } else { present.max() }.map(i128::from)
            };
            return Ok(groups.iter().map(extreme).collect());
        }
        let read = move |cell: &Levels<N>| {
            cell.iter().zip(&weights).map(|(count, weight)| i128::from(i64::from(*count) * *weight)).sum()
        };
        Ok(added(schema, blocks, axes, conditions, self.kind.over_periods, read))
    }

    fn read_occurrences(
        &self,
        schema: &Schema,
        blocks: &Blocks<Occurrences>,
        quantity: &Quantity,
        axes: &Axes,
        conditions: &Conditions,
    ) -> Result<Vec<Option<i128>>, CubeError> {
        if matches!(quantity, Quantity::Levels(_)) {
            return Err(self.not_kept("levels (declare it as a scale)"));
        }
        let sketched = self.kind.keeps == Keeps::SketchedPeople;
        if sketched && !matches!(quantity, Quantity::Count | Quantity::Distinct) {
            return Err(self.not_kept("numbers (a sketch of people only counts them)"));
        }
        let mut groups = vec![Occurrences::default(); axes.groups()];
        let over_periods = self.kind.over_periods;
        scan(schema, blocks, axes, conditions, over_periods, |group, cell| {
            if let Some(total) = groups.get_mut(group) {
                total.merge(cell);
            }
        });
        Ok(groups
            .iter()
            .map(|group| match quantity {
                Quantity::Count | Quantity::Levels(_) => Some(i128::from(group.count())),
                Quantity::Sum => Some(group.sum()),
                Quantity::Squares => {
                    Some(group.0.iter().map(|(value, times)| i128::from(*value).pow(2) * i128::from(*times)).sum())
                }
                Quantity::Lowest => group.extremes().map(|(lowest, _)| i128::from(lowest)),
                Quantity::Highest => group.extremes().map(|(_, highest)| i128::from(highest)),
                Quantity::Between(lowest, highest) => Some(i128::from(group.between(*lowest, *highest))),
                Quantity::Distinct if sketched => Some(i128::from(sketch::estimate(group))),
                Quantity::Distinct => Some(i128::from(group.distinct())),
            })
            .collect())
    }
}

fn added<A: Aggregate>(
    schema: &Schema,
    blocks: &Blocks<A>,
    axes: &Axes,
    conditions: &Conditions,
    over_periods: bool,
    read: impl Fn(&A) -> i128,
) -> Vec<Option<i128>> {
    let mut totals = vec![0_i128; axes.groups()];
    scan(schema, blocks, axes, conditions, over_periods, |group, cell| {
        if let Some(total) = totals.get_mut(group) {
            *total += read(cell);
        }
    });
    totals.into_iter().map(Some).collect()
}

fn weight(facts: &[Fact]) -> i64 {
    facts.iter().map(|fact| i64::from(fact.times).abs()).sum()
}

fn level_deltas<const N: usize>(facts: &[Fact]) -> Vec<Delta<Levels<N>>> {
    facts
        .iter()
        .map(|fact| {
            let mut counts = [0; N];
            if let Observation::Level(level) = fact.observation
                && let Some(count) = counts.get_mut(usize::from(level))
            {
                *count = fact.times;
            }
            (fact.place, fact.key, counts)
        })
        .collect()
}

fn deltas<A>(facts: &[Fact], make: impl Fn(i64, i64) -> A) -> Vec<Delta<A>> {
    facts
        .iter()
        .map(|fact| {
            let value = match fact.observation {
                Observation::Value(value) | Observation::Person(value) => value,
                Observation::Level(level) => i64::from(level),
            };
            (fact.place, fact.key, make(value, i64::from(fact.times)))
        })
        .collect()
}
