//! Formulas by which a workbook computes cells from other cells of the same table.
//!
//! A formula is given only where it makes the shown number out of shown numbers: a share of counts that stand in the table,
//! a total of rows or columns, a mean of printed values, a difference, a place. Elsewhere (a total over schools that have
//! no row, a change of unrounded values) the number stands alone.

use crate::definition::{Averaging, Direction, Kind, Measure, Of, Operand, Read};
use crate::dimension::Member;
use crate::evaluate::{Evaluation, ranks};
use crate::exact::Exact;
use crate::table::{Along, At, Formula, Line, Request, Table};

impl Formula {
    /// The cells it reads.
    pub fn cells(&self) -> Vec<At> {
        match self {
            Self::Sum { of } | Self::Mean { of } => of.clone(),
            Self::Quotient { over, under, .. } => vec![*over, *under],
            Self::Difference { later, earlier } => vec![*later, *earlier],
            Self::Rank { of, among, .. } => among.iter().copied().chain([*of]).collect(),
        }
    }

    /// The same over cells that stand elsewhere; `None` when one of them is gone.
    pub fn moved(&self, place: impl Fn(At) -> Option<At>) -> Option<Self> {
        let all = |of: &[At]| of.iter().map(|at| place(*at)).collect::<Option<Vec<At>>>();
        Some(match self {
            Self::Sum { of } => Self::Sum { of: all(of)? },
            Self::Mean { of } => Self::Mean { of: all(of)? },
            Self::Quotient { over, under, factor } => {
                Self::Quotient { over: place(*over)?, under: place(*under)?, factor: *factor }
            }
            Self::Difference { later, earlier } => {
                Self::Difference { later: place(*later)?, earlier: place(*earlier)? }
            }
            Self::Rank { of, among, descending } => {
                Self::Rank { of: place(*of)?, among: all(among)?, descending: *descending }
            }
        })
    }

    /// What it gives from the numbers that the table shows, rounded half-up to `decimals`; `None` when one that it needs is
    /// not shown. Sums, means and places pass over cells without a number, as workbooks do.
    pub fn compute(&self, table: &Table, decimals: u32) -> Option<Exact> {
        let shown = |at: &At| table.cell(*at).and_then(|cell| cell.value.printed);
        let value = match self {
            Self::Sum { of } => Exact::sum(of.iter().filter_map(shown)).ok()?,
            Self::Mean { of } => Exact::mean(of.iter().filter_map(shown).collect::<Vec<_>>()).ok()?,
            Self::Quotient { over, under, factor } => factor.times(shown(over)?).ok()?.over(shown(under)?).ok()?,
            Self::Difference { later, earlier } => shown(later)?.minus(shown(earlier)?).ok()?,
            Self::Rank { of, among, descending } => {
                let direction = if *descending { Direction::MoreIsBetter } else { Direction::LessIsBetter };
                let all: Vec<Option<Exact>> = among.iter().chain([of]).map(shown).collect();
                // The ranked cell is among the others and stands once more at the end, which moves no place.
                Exact::from(i64::from(ranks(&all, direction).pop()??))
            }
        };
        Some(value.rounded(decimals))
    }
}

/// Where a cell stands: row, column line, measure.
#[derive(Clone, Copy)]
struct Spot {
    row: usize,
    group: usize,
    index: usize,
}

struct Layout<'a> {
    rows: &'a [Line],
    lines: &'a [Line],
    measures: &'a [&'a Measure],
    along: (Along, Option<Along>),
}

impl Layout<'_> {
    fn at(&self, row: usize, group: usize, index: usize) -> At {
        (row, group * self.measures.len() + index)
    }

    /// The cells that a total adds up: those of its rows, or of its columns when only the column is a total.
    fn parts(&self, spot: Spot) -> Vec<At> {
        let Spot { row, group, index } = spot;
        let own = |lines: &[Line], line: usize| lines.get(line).map_or_else(Vec::new, |line| line.parts.clone());
        let rows = own(self.rows, row);
        if rows.is_empty() {
            own(self.lines, group).into_iter().map(|part| self.at(row, part, index)).collect()
        } else {
            rows.into_iter().map(|part| self.at(part, group, index)).collect()
        }
    }

    /// The column that counts an operand.
    fn count_of(&self, operand: Option<&Operand>) -> Option<usize> {
        self.measures.iter().position(|other| other.kind == Kind::Count && other.of.as_ref() == operand)
    }

    fn measure(&self, code: Option<&String>) -> Option<usize> {
        self.measures.iter().position(|other| Some(&other.code) == code)
    }

    /// The cell of the same place with another period.
    fn in_period(&self, spot: Spot, index: usize, period: Member) -> Option<At> {
        let position = |lines: &[Line]| lines.iter().position(|line| line.members == [period]);
        match self.along {
            (Along::Period, _) => Some(self.at(position(self.rows)?, spot.group, index)),
            (_, Some(Along::Period)) => Some(self.at(spot.row, position(self.lines)?, index)),
            _ => None,
        }
    }

    fn period_of(&self, spot: Spot) -> Option<Member> {
        let line = match self.along {
            (Along::Period, _) => self.rows.get(spot.row),
            (_, Some(Along::Period)) => self.lines.get(spot.group),
            _ => None,
        };
        match line?.members.as_slice() {
            [period] => Some(*period),
            _ => None,
        }
    }
}

impl Evaluation<'_> {
    pub(crate) fn add_formulas(&self, table: &mut Table, request: &Request, lines: &[Line], measures: &[&Measure]) {
        let rows = table.rows.clone();
        let along = (request.rows.0, request.columns.as_ref().map(|(along, _)| *along));
        let layout = Layout { rows: &rows, lines, measures, along };
        for row in 0..rows.len() {
            for group in 0..lines.len() {
                for (index, measure) in measures.iter().enumerate() {
                    let (spot, at) = (Spot { row, group, index }, layout.at(row, group, index));
                    let formula = self.formula(table, &layout, measure, spot);
                    let shown = table.cell(at).and_then(|cell| cell.value.printed);
                    let formula =
                        formula.filter(|one| shown.is_some() && one.compute(table, measure.decimals) == shown);
                    if let Some(cell) = table.cells.get_mut(at.0).and_then(|cells| cells.get_mut(at.1)) {
                        cell.formula = formula;
                    }
                }
            }
        }
    }

    fn formula(&self, table: &Table, layout: &Layout<'_>, measure: &Measure, spot: Spot) -> Option<Formula> {
        let Spot { row, group, .. } = spot;
        let here = |index: usize| layout.at(row, group, index);
        let parts = || Some(layout.parts(spot)).filter(|parts| !parts.is_empty());
        let exact = |at: &At| table.cell(*at).is_some_and(|cell| cell.value.exact == cell.value.printed);
        match measure.kind {
            Kind::Count => {
                let distinct = measure.of.as_ref().is_some_and(|of| !matches!(of.read, Read::Count | Read::Sum));
                parts().filter(|_| !distinct).map(|of| Formula::Sum { of })
            }
            Kind::Share | Kind::Ratio | Kind::Mean if measure.averaging != Averaging::ByPeople && parts().is_some() => {
                let rounded = measure.averaging == Averaging::OfRoundedValues;
                parts().filter(|of| rounded || of.iter().all(exact)).map(|of| Formula::Mean { of })
            }
            Kind::Share | Kind::Ratio => {
                let factor = if measure.kind == Kind::Share { Exact::HUNDRED } else { measure.per };
                let over = here(layout.count_of(measure.numerator.as_ref())?);
                let under = here(layout.count_of(measure.denominator.as_ref())?);
                // What one of the three leaves out the others must leave out as well.
                let left_out = |at: At| table.cell(at).map_or(0, |cell| cell.value.left_out);
                let own = left_out(here(spot.index));
                let same = left_out(over) == own && left_out(under) == own;
                same.then_some(Formula::Quotient { over, under, factor })
            }
            Kind::Average => {
                let places = measure.over.as_deref().is_some_and(|over| self.cube.schema.other(over).is_err());
                let whole = |of: &Vec<At>| measure.values == Of::Rounded || of.iter().all(exact);
                parts().filter(|of| places && whole(of)).map(|of| Formula::Mean { of })
            }
            Kind::Change => {
                let index = layout.measure(measure.measure.as_ref())?;
                let earlier = self.compared_period(measure, layout.period_of(spot)?).ok()??;
                let (later, earlier) = (here(index), layout.in_period(spot, index, earlier)?);
                let whole = measure.values == Of::Rounded || (exact(&later) && exact(&earlier));
                whole.then_some(Formula::Difference { later, earlier })
            }
            Kind::Gap if measure.only.is_empty() && measure.to_where.is_empty() => {
                let later = here(layout.measure(measure.measure.as_ref())?);
                let earlier = here(layout.measure(measure.to.as_ref())?);
                let whole = measure.values == Of::Rounded || (exact(&later) && exact(&earlier));
                whole.then_some(Formula::Difference { later, earlier })
            }
            Kind::Rank => {
                let ranked = layout.measure(measure.measure.as_ref())?;
                let own = layout.rows.iter().enumerate().filter(|(_, line)| line.parts.is_empty());
                let among = own.map(|(row, _)| layout.at(row, group, ranked)).collect();
                let descending = layout.measures.get(ranked).is_none_or(|of| of.direction != Direction::LessIsBetter);
                Some(Formula::Rank { of: here(ranked), among, descending })
            }
            _ => None,
        }
    }
}
