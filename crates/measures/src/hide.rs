//! Which cells of a table are hidden: small groups, and what would give them away in this table or beside another.
//!
//! A reader sees many tables over the same facts. So the lines that a table leaves out take part with their total
//! ([`Beside`](crate::table::Beside)), and a cell under a condition (girls, one quarter, one school) is hidden where the
//! same cell without the condition holds only a few people more.

use crate::definition::{Kind, Measure};
use crate::dimension::{Dimension, Member};
use crate::evaluate::{Evaluation, EvaluationError};
use crate::gather::Axes;
use crate::suppress::{Equation, Mark, suppress};
use crate::table::{Along, Line, Request};
use std::collections::BTreeSet;

/// What holds for a whole table.
#[derive(Clone)]
struct Limits {
    place: Vec<Member>,
    period: Vec<Member>,
    only: Vec<(usize, Vec<Member>)>,
}

/// The cells that are looked at: those of the request and those beside them.
struct Grid {
    rows: (Along, Vec<Line>),
    columns: (Option<Along>, Vec<Line>),
}

impl Grid {
    fn runs(&self, along: Along) -> bool {
        self.rows.0 == along || self.columns.0 == Some(along)
    }

    fn axes(&self, limits: &Limits) -> Axes {
        let mut axes =
            Axes { places: vec![limits.place.clone()], periods: vec![limits.period.clone()], others: Vec::new() };
        let columns = self.columns.0.map(|along| (along, &self.columns.1));
        for (along, lines) in std::iter::once((self.rows.0, &self.rows.1)).chain(columns) {
            let list = lines.iter().map(|line| line.members.clone()).collect();
            match along {
                Along::Place => axes.places = list,
                Along::Period => axes.periods = list,
                Along::Other(other) => axes.others.push((other, list)),
            }
        }
        axes
    }

    /// Totals of rows and of columns as equations between cells.
    fn equations(&self) -> Vec<Equation> {
        let (rows, columns) = (&self.rows.1, &self.columns.1);
        let at = |row: usize, column: usize| row * columns.len() + column;
        let mut equations = Vec::new();
        for (row, line) in rows.iter().enumerate().filter(|(_, line)| !line.parts.is_empty()) {
            equations.extend((0..columns.len()).map(|column| Equation {
                total: at(row, column),
                parts: line.parts.iter().map(|part| at(*part, column)).collect(),
            }));
        }
        for (column, line) in columns.iter().enumerate().filter(|(_, line)| !line.parts.is_empty()) {
            equations.extend((0..rows.len()).map(|row| Equation {
                total: at(row, column),
                parts: line.parts.iter().map(|part| at(row, *part)).collect(),
            }));
        }
        equations
    }
}

impl Evaluation<'_> {
    /// Marks of a request's cells, row by row, one for all measures of a group.
    pub(crate) fn marks(
        &self,
        request: &Request,
        columns: &[Line],
        measures: &[&Measure],
    ) -> Result<Vec<Mark>, EvaluationError> {
        let (own, groups) = (request.rows.1.len(), columns.len());
        if measures.iter().all(|measure| measure.minimum_group <= 1) {
            return Ok(vec![Mark::Shown; own * groups]);
        }
        let grid = Grid {
            rows: (request.rows.0, [request.rows.1.as_slice(), &request.beside.rows].concat()),
            columns: (request.columns.as_ref().map(|(along, _)| *along), [columns, &request.beside.columns].concat()),
        };
        let limits =
            Limits { place: request.place.clone(), period: request.period.clone(), only: request.only.clone() };
        let relaxed = self.relaxed(&grid, &limits);
        let (equations, wide) = (grid.equations(), grid.columns.1.len());
        let mut known = Vec::new();
        for measure in measures {
            let counts = self.people(&grid, measure, &limits)?;
            let mut few: BTreeSet<usize> = BTreeSet::new();
            for without in &relaxed {
                let all = self.people(&grid, measure, without)?;
                let rest = counts.iter().zip(all).map(|(own, all)| if *own > 0 { all - own } else { 0 });
                let small = rest.enumerate().filter(|(_, rest)| (1..measure.minimum_group).contains(rest));
                few.extend(small.map(|(cell, _)| cell));
            }
            known.push((counts, few));
        }
        let mut marks = vec![Mark::Shown; grid.rows.1.len() * wide];
        // Each measure has its own groups; repeat until none of them asks for more.
        loop {
            let before = marks.clone();
            for (measure, (counts, few)) in measures.iter().zip(&known) {
                let hidden = (0..marks.len()).filter(|cell| marks.get(*cell) != Some(&Mark::Shown));
                let hidden = hidden.chain(few.iter().copied()).collect();
                // A total of nobody says that its parts are nobody: there is nothing to protect.
                let additive = self.groups_add_up(measure);
                let adds_up =
                    |equation: &&Equation| additive && counts.get(equation.total).is_some_and(|count| *count > 0);
                let equations: Vec<Equation> = equations.iter().filter(adds_up).cloned().collect();
                let new = suppress(counts, &equations, measure.minimum_group, &hidden);
                for (mark, new) in marks.iter_mut().zip(new) {
                    *mark = match (*mark, new) {
                        (Mark::Small, _) | (_, Mark::Small) => Mark::Small,
                        (one, other) => one.max(other),
                    };
                }
            }
            if marks == before {
                break;
            }
        }
        let row = |row: usize| marks.iter().skip(row * wide).take(groups).copied();
        Ok((0..own).flat_map(row).collect())
    }

    /// How many people stand behind each cell.
    fn people(&self, grid: &Grid, measure: &Measure, limits: &Limits) -> Result<Vec<i64>, EvaluationError> {
        let axes = grid.axes(limits);
        // A place among the rows has the group of what is ranked.
        let code = match (measure.kind, &measure.measure) {
            (Kind::Rank, Some(ranked)) => ranked,
            _ => &measure.code,
        };
        let values = self.values(code, &axes, &limits.only)?;
        let mut groups = Vec::with_capacity(grid.rows.1.len() * grid.columns.1.len());
        for row in 0..grid.rows.1.len() {
            for column in 0..grid.columns.1.len() {
                let position = crate::build_table::position(&axes, grid.rows.0, grid.columns.0, row, column);
                groups.push(values.get(position).map_or(0, |value| value.group));
            }
        }
        Ok(groups)
    }

    /// The limits without each of them: a flat dimension's members, or the place or period in favour of the one above it.
    fn relaxed(&self, grid: &Grid, limits: &Limits) -> Vec<Limits> {
        let above = |tree: &Dimension, members: &[Member]| match members {
            [member] => tree.parent(*member).map(|parent| vec![parent]),
            _ => None,
        };
        let mut all: Vec<Limits> = (0..limits.only.len())
            .map(|left_out| {
                let mut without = limits.clone();
                without.only.remove(left_out);
                without
            })
            .collect();
        let schema = &self.cube.schema;
        if let Some(place) = above(&schema.place, &limits.place).filter(|_| !grid.runs(Along::Place)) {
            all.push(Limits { place, ..limits.clone() });
        }
        if let Some(period) = above(&schema.period, &limits.period).filter(|_| !grid.runs(Along::Period)) {
            all.push(Limits { period, ..limits.clone() });
        }
        all
    }
}
