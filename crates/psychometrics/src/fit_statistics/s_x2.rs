//! S-X2: observed against expected responses in groups of equal sum score.

use rayon::prelude::*;

use super::rmsea;
use crate::irt::{Fit, Grid};
use crate::math::chi_square_upper;
use crate::{MissingTreatment, Responses};

/// S-X2 of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemFit {
    /// The statistic.
    pub x: f64,
    /// Cells less rows less the item's free parameters; may be 0 or negative with sparse data.
    pub df: i64,
    /// Probability of a larger value; `None` without degrees of freedom.
    pub p: Option<f64>,
    /// Effect size.
    pub rmsea: Option<f64>,
}

/// Observed and expected counts of one sum score, by category.
#[derive(Debug, Clone)]
struct Row {
    observed: Vec<f64>,
    expected: Vec<f64>,
}

impl Row {
    fn persons(&self) -> f64 {
        self.observed.iter().sum()
    }

    fn join(&mut self, other: &Row) {
        self.observed.iter_mut().zip(&other.observed).for_each(|(x, y)| *x += y);
        self.expected.iter_mut().zip(&other.expected).for_each(|(x, y)| *x += y);
    }
}

/// Expected cells below this are joined with a neighbour.
const LEAST: f64 = 1.0;

/// S-X2 of every item on the persons with a score on every item; `None` when there are fewer than two such persons
/// or several groups.
///
/// Scores are category numbers. Small cells are joined as mirt 1.47 joins them, so that values compare: sums at which
/// some category cannot occur go to the next possible sum; rows of one person go to the next; in rows that held an
/// expected cell below 1 the smallest category goes to its smaller neighbour until all are at least 1; rare last
/// categories go to the one before; and rows that still hold a cell below 1 go to their neighbour of fewer persons.
pub fn s_x2(fit: &Fit, responses: &Responses, treatment: MissingTreatment) -> Option<Vec<ItemFit>> {
    if fit.latent.len() > 1 {
        return None;
    }
    let rows = super::residuals::complete_rows(fit, responses, treatment);
    if rows.len() < 2 {
        return None;
    }
    let items = fit.calibrated(responses);
    let weights = fit.latent_weights(0);
    let curves = category_curves(fit, &fit.grid);
    let whole = sums_without(&curves, None);
    let top = whole[0].len() - 1;
    let one = |item: usize| {
        let categories = items[item].parameters.categories();
        let rest = sums_without(&curves, Some(item));
        let mut table: Vec<Row> =
            (0..=top).map(|_| Row { observed: vec![0.0; categories], expected: vec![0.0; categories] }).collect();
        for row in &rows {
            let sum: usize = row.iter().map(|k| usize::from(*k)).sum();
            table[sum].observed[usize::from(row[item])] += 1.0;
        }
        for (sum, row) in table.iter_mut().enumerate() {
            let persons = row.persons();
            let total: f64 = weights.iter().zip(&whole).map(|(w, f)| w * f[sum]).sum();
            for k in 0..categories {
                if sum < k || sum - k >= rest[0].len() || total <= 0.0 {
                    continue;
                }
                let joint: f64 = (0..weights.len()).map(|q| weights[q] * curves[item][q][k] * rest[q][sum - k]).sum();
                row.expected[k] = persons * joint / total;
            }
        }
        table.remove(top);
        table.remove(0);
        let table = joined(table, categories - 2);
        let mut x = 0.0;
        let mut cells: i64 = 0;
        for (o, e) in table.iter().flat_map(|row| row.observed.iter().zip(&row.expected)).filter(|(_, e)| **e > 0.0) {
            x += (o - e) * (o - e) / e;
            cells += 1;
        }
        // A free latent distribution counts too, as in the reference engine.
        let own = &fit.problem.latent[0];
        let sources = fit.problem.items[item].sources.iter().chain([&own.mean, &own.log_sd]);
        let free = sources.filter(|source| !source.terms.is_empty()).count();
        let df = cells - table.len() as i64 - free as i64;
        let p = (df > 0).then(|| chi_square_upper(x, df as f64));
        ItemFit { x, df, p, rmsea: rmsea(x, df as f64, rows.len() as f64) }
    };
    Some((0..items.len()).into_par_iter().map(one).collect())
}

/// Probabilities by item, node, category.
pub(super) fn category_curves(fit: &Fit, grid: &Grid) -> Vec<Vec<Vec<f64>>> {
    let mut scratch = Vec::new();
    fit.items
        .iter()
        .map(|item| {
            let at = |theta: &f64| {
                item.curves(*theta, &mut scratch);
                scratch.iter().map(|c| c.p).collect()
            };
            grid.nodes().iter().map(at).collect()
        })
        .collect()
}

/// P(sum of category numbers) at every node, without one item if asked.
fn sums_without(curves: &[Vec<Vec<f64>>], left_out: Option<usize>) -> Vec<Vec<f64>> {
    let nodes = curves[0].len();
    (0..nodes)
        .map(|q| {
            let mut sums = vec![1.0];
            for (_, item) in curves.iter().enumerate().filter(|(i, _)| Some(*i) != left_out) {
                let mut next = vec![0.0; sums.len() + item[q].len() - 1];
                for (k, p) in item[q].iter().enumerate() {
                    for (s, f) in sums.iter().enumerate() {
                        next[s + k] += p * f;
                    }
                }
                sums = next;
            }
            sums
        })
        .collect()
}

/// Joins small cells; `table` holds the sums from 1 to one below the largest, `impossible`
/// how many of them at either end lack a category.
fn joined(mut table: Vec<Row>, impossible: usize) -> Vec<Row> {
    // Sums at which some category cannot occur, at both ends.
    if impossible > 0 && table.len() > 2 * impossible {
        for _ in 0..impossible {
            let (low, high) = (table.remove(0), table.pop());
            table[0].join(&low);
            if let (Some(high), Some(last)) = (high, table.last_mut()) {
                last.join(&high);
            }
        }
    }
    let mut table: Vec<Row> = table.into_iter().filter(|row| row.persons() > 0.0).collect();
    // Which rows hold a small cell is asked before rows of one person are joined, and by position, as mirt does.
    let small: Vec<bool> = table.iter().map(|row| row.expected.iter().any(|e| *e < LEAST)).collect();
    join_single_persons(&mut table);
    if table.first().is_some_and(|row| row.expected.len() > 2) {
        for (row, small) in table.iter_mut().zip(&small) {
            if *small {
                join_categories(row);
            }
        }
        join_columns(&mut table);
    }
    // Rows with a small cell go to the neighbour with fewer persons.
    while table.len() > 1 {
        let small = |row: &Row| row.expected.iter().any(|e| *e > 0.0 && *e < LEAST);
        let Some(place) = table.iter().position(small) else { break };
        let row = table.remove(place);
        let neighbour = if place == 0 {
            0
        } else if place == table.len() || table[place - 1].persons() <= table[place].persons() {
            place - 1
        } else {
            place
        };
        table[neighbour].join(&row);
    }
    table
}

/// Rows of a single person go to the next row, the last one to the row before.
fn join_single_persons(table: &mut Vec<Row>) {
    let mut place = 0;
    while place + 1 < table.len() {
        if table[place].persons() == 1.0 {
            let row = table.remove(place);
            table[place].join(&row);
            place += usize::from(table[place].persons() != 1.0);
        } else {
            place += 1;
        }
    }
    if table.len() > 1
        && let Some(last) = table.pop_if(|row| row.persons() == 1.0)
        && let Some(before) = table.last_mut()
    {
        before.join(&last);
    }
}

/// Joins the smallest category of a row with its smaller neighbour until every expected cell is at least 1 or two are
/// left; what is left moves to the front and the row keeps its width.
fn join_categories(row: &mut Row) {
    let width = row.expected.len();
    while row.expected.len() > 2 {
        let least = row.expected.iter().copied().fold(f64::INFINITY, f64::min);
        let place = row.expected.iter().rposition(|e| *e <= least).unwrap_or(0);
        let last = row.expected.len() - 1;
        let to = if place == 0 {
            1
        } else if place == last || row.expected[place - 1] <= row.expected[place + 1] {
            place - 1
        } else {
            place + 1
        };
        row.observed[to] += row.observed[place];
        row.expected[to] += row.expected[place];
        row.observed.remove(place);
        row.expected.remove(place);
        if row.expected.iter().all(|e| *e >= LEAST) {
            break;
        }
    }
    row.observed.resize(width, 0.0);
    row.expected.resize(width, 0.0);
}

/// Joins the last column with the one before while it expects less than one per ten rows; then every column, from the
/// right, that fewer than a twentieth of the rows use.
fn join_columns(table: &mut [Row]) {
    let rows = table.len() as f64;
    let mut width = table[0].expected.len();
    let merge = |table: &mut [Row], column: usize| {
        for row in table.iter_mut() {
            let (observed, expected) = (row.observed.remove(column), row.expected.remove(column));
            row.observed[column - 1] += observed;
            row.expected[column - 1] += expected;
        }
    };
    while width > 2 && table.iter().map(|row| row.expected[width - 1]).sum::<f64>() < LEAST * (rows * 0.1).ceil() {
        merge(table, width - 1);
        width -= 1;
    }
    for column in (1..width).rev() {
        let used = table.iter().filter(|row| row.expected[column] > 0.0).count() as f64;
        if used / rows < 0.05 {
            merge(table, column);
        }
    }
}
