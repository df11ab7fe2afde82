//! Measures made of other measures: change, gap, average, rank, status.

use crate::definition::{Against, Condition, Direction, Measure, Of};
use crate::dimension::{Dimension, Member};
use crate::evaluate::{Absent, Evaluation, EvaluationError, Value, Values};
use crate::exact::Exact;
use crate::gather::{Axes, Together};
use std::collections::BTreeMap;

impl Evaluation<'_> {
    fn inner(measure: &Measure) -> &str {
        measure.measure.as_deref().unwrap_or_default()
    }

    pub(crate) fn change(&self, measure: &Measure, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        let code = Self::inner(measure);
        let now = self.values(code, axes, only)?;
        let mut earlier = Vec::with_capacity(axes.periods.len());
        for together in &axes.periods {
            let [period] = together.as_slice() else {
                return Err(EvaluationError::SeveralPeriods(measure.code.clone()));
            };
            earlier.push(self.compared_period(measure, *period)?);
        }
        let periods: Vec<Together> = earlier.iter().map(|period| period.iter().copied().collect()).collect();
        let then = self.values(code, &Axes { periods, ..axes.clone() }, only)?;
        let inner: usize = axes.others.iter().map(|(_, axis)| axis.len()).product();
        Ok(now
            .iter()
            .zip(&then)
            .enumerate()
            .map(|(group, (now, then))| {
                let known = earlier.get(group / inner.max(1) % axes.periods.len().max(1)).copied().flatten().is_some();
                if known { difference(now, then, measure.values) } else { Value::none(Absent::NoPeriodToCompare) }
            })
            .collect())
    }

    /// The period that a change in `period` is measured against.
    pub(crate) fn compared_period(&self, measure: &Measure, period: Member) -> Result<Option<Member>, EvaluationError> {
        let tree = &self.cube.schema.period;
        Ok(match &measure.against {
            Some(Against::Period(code)) => Some(tree.member(code)?),
            Some(Against::Previous) => before(tree, period),
            Some(Against::First) => tree.parent(period).and_then(|parent| tree.children(parent).first().copied()),
            Some(Against::YearBefore) => year_before(tree, period),
            None => None,
        })
    }

    pub(crate) fn gap(&self, measure: &Measure, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        let side = |code: &str, more: &BTreeMap<String, Vec<String>>| -> Values {
            let mut only = only.to_vec();
            only.extend(self.members(more)?);
            self.values(code, axes, &only)
        };
        let own = Self::inner(measure);
        let first = side(own, &measure.only)?;
        let second = side(measure.to.as_deref().unwrap_or(own), &measure.to_where)?;
        Ok(first.iter().zip(&second).map(|(first, second)| difference(first, second, measure.values)).collect())
    }

    pub(crate) fn average(&self, measure: &Measure, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        let over = measure.over.as_deref().unwrap_or_default();
        let code = Self::inner(measure);
        let inner: usize = axes.periods.len() * axes.others.iter().map(|(_, axis)| axis.len()).product::<usize>();
        // Values of one member after the other, and which group of the table each belongs to.
        let parts: Vec<(usize, Value)> = if let Ok(other) = self.cube.schema.other(over) {
            let members: Vec<Member> =
                self.cube.schema.others.get(other).map_or_else(Vec::new, |d| d.members().collect());
            let mut parts = Vec::new();
            for member in members {
                let mut only = only.to_vec();
                only.push((other, vec![member]));
                parts.extend(self.values(code, axes, &only)?.into_iter().enumerate());
            }
            parts
        } else {
            let units = Measure { averaging_level: over.to_owned(), ..measure.clone() };
            let (unit_axes, owners) = self.units(&units, axes)?;
            let values = self.values(code, &unit_axes, only)?;
            let place = |index: usize| owners.get(index / inner.max(1)).copied().unwrap_or(0);
            let group = |index: usize| place(index) * inner + index % inner.max(1);
            values.into_iter().enumerate().map(|(index, value)| (group(index), value)).collect()
        };
        let mut groups: Vec<(Vec<Exact>, i64)> = vec![(Vec::new(), 0); axes.groups()];
        for (group, value) in parts {
            if let (Some(slot), Some(taken)) = (groups.get_mut(group), value.taken(measure.values)) {
                slot.0.push(taken);
                slot.1 += value.group;
            }
        }
        Ok(groups
            .into_iter()
            .map(|(values, group)| match values.len() {
                0 => Value::none(Absent::NothingRecorded),
                count => Value { schools: Some(count as u32), ..Value::from_computed(Exact::mean(values), group) },
            })
            .collect())
    }

    pub(crate) fn rank(&self, measure: &Measure, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        let code = Self::inner(measure);
        let values = self.values(code, axes, only)?;
        let direction = self.measure(code)?.direction;
        let inner = axes.groups() / axes.places.len().max(1);
        let mut ranked = vec![Value::none(Absent::NothingRecorded); values.len()];
        for rest in 0..inner {
            let column: Vec<Option<Exact>> =
                values.iter().skip(rest).step_by(inner.max(1)).map(|value| value.printed).collect();
            for (place, rank) in ranks(&column, direction).into_iter().enumerate() {
                let group = place * inner + rest;
                if let (Some(slot), Some(rank), Some(value)) = (ranked.get_mut(group), rank, values.get(group)) {
                    *slot = Value { exact: Some(Exact::from(i64::from(rank))), group: value.group, ..Value::default() };
                }
            }
        }
        Ok(ranked)
    }

    pub(crate) fn status(&self, measure: &Measure, axes: &Axes, only: &[(usize, Vec<Member>)]) -> Values {
        let values = self.values(Self::inner(measure), axes, only)?;
        Ok(values
            .into_iter()
            .map(|value| match (value.taken(measure.values), measure.condition) {
                (Some(taken), Some(condition)) => {
                    let met = match condition {
                        Condition::AtLeast(bound) => taken >= bound,
                        Condition::Above(bound) => taken > bound,
                        Condition::AtMost(bound) => taken <= bound,
                        Condition::Below(bound) => taken < bound,
                    };
                    Value { exact: Some(Exact::from(i32::from(met))), group: value.group, ..Value::default() }
                }
                _ => value,
            })
            .collect())
    }
}

/// Places 1, 2, 2, 4 of values; absent values have no place.
pub fn ranks(values: &[Option<Exact>], direction: Direction) -> Vec<Option<u32>> {
    let better = |one: &Exact, other: &Exact| match direction {
        Direction::LessIsBetter => one < other,
        Direction::MoreIsBetter | Direction::Neutral => one > other,
    };
    let place = |value: &Exact| 1 + values.iter().flatten().filter(|other| better(other, value)).count() as u32;
    values.iter().map(|value| value.as_ref().map(place)).collect()
}

fn difference(first: &Value, second: &Value, of: Of) -> Value {
    let group = first.group.min(second.group);
    match (first.taken(of), second.taken(of)) {
        (Some(a), Some(b)) => Value::from_computed(a.minus(b), group),
        _ => Value { group, ..Value::none(first.absent.or(second.absent).unwrap_or(Absent::NothingRecorded)) },
    }
}

fn before(tree: &Dimension, period: Member) -> Option<Member> {
    let level = &tree.info(period)?.level;
    tree.members().filter(|other| *other < period && tree.info(*other).is_some_and(|info| info.level == *level)).last()
}

fn year_before(tree: &Dimension, period: Member) -> Option<Member> {
    let root = tree.lineage(period).last()?;
    let level = tree.info(period)?.level.clone();
    let position = tree.below(root, &level).iter().position(|member| *member == period)?;
    tree.below(before(tree, root)?, &level).get(position).copied()
}
