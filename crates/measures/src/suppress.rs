//! Hiding small groups so that subtraction cannot bring them back.
//!
//! A reader of a table knows every shown cell, every total, and that hidden cells are not zero (zeros are shown). A
//! hidden cell is safe when the table would look the same with another whole number in it. Cells are hidden until that
//! holds for every hidden cell: for each one the result rests on a second solution of the table's equations that was
//! actually found, so nothing depends on a rule of thumb such as "two per row".

use std::collections::BTreeSet;

/// `total` is the sum of `parts`; numbers are positions of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// The total.
    pub total: usize,
    /// What it is the sum of.
    pub parts: Vec<usize>,
}

impl Equation {
    fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.total).chain(self.parts.iter().copied())
    }
}

/// Whether a cell may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Shown.
    Shown,
    /// Hidden: the group is smaller than the minimum.
    Small,
    /// Hidden so that a small group cannot be found by subtraction. Looks the same as [`Self::Small`] to readers.
    Complement,
}

/// Marks for cells with these counts.
///
/// `also_hidden` are cells hidden for other reasons (another measure of the same cell). Cells of 1..`minimum` are
/// small; zero is not a person and stays.
pub fn suppress(counts: &[i64], equations: &[Equation], minimum: i64, also_hidden: &BTreeSet<usize>) -> Vec<Mark> {
    let marks = counts
        .iter()
        .enumerate()
        .map(|(cell, count)| match (1..minimum).contains(count) {
            true => Mark::Small,
            false if also_hidden.contains(&cell) => Mark::Complement,
            false => Mark::Shown,
        })
        .collect();
    let mut pattern = Pattern::new(counts, equations, marks);
    // Every round hides one more cell, so this ends; a table with everything hidden has nothing more to hide.
    while let Some(partner) = pattern.partner(&pattern.exposed()) {
        pattern.set(partner, Mark::Complement);
    }
    pattern.show_what_need_not_be_hidden(also_hidden);
    pattern.marks
}

/// A table with the marks it has so far.
struct Pattern<'a> {
    counts: &'a [i64],
    equations: &'a [Equation],
    /// Equations that each cell stands in.
    around: Vec<Vec<usize>>,
    /// How many cells of each equation are hidden.
    hidden_in: Vec<usize>,
    is_total: Vec<bool>,
    marks: Vec<Mark>,
}

impl<'a> Pattern<'a> {
    fn new(counts: &'a [i64], equations: &'a [Equation], marks: Vec<Mark>) -> Self {
        let mut around = vec![Vec::new(); counts.len()];
        let mut is_total = vec![false; counts.len()];
        for (index, equation) in equations.iter().enumerate() {
            for cell in equation.cells() {
                if let Some(list) = around.get_mut(cell) {
                    list.push(index);
                }
            }
            if let Some(flag) = is_total.get_mut(equation.total) {
                *flag = true;
            }
        }
        let mut pattern = Self { counts, equations, around, hidden_in: Vec::new(), is_total, marks };
        pattern.hidden_in =
            equations.iter().map(|equation| equation.cells().filter(|cell| !pattern.shown(*cell)).count()).collect();
        pattern
    }

    fn shown(&self, cell: usize) -> bool {
        self.marks.get(cell) == Some(&Mark::Shown)
    }

    fn count(&self, cell: usize) -> i64 {
        self.counts.get(cell).copied().unwrap_or(0)
    }

    fn hidden(&self) -> Vec<usize> {
        (0..self.marks.len()).filter(|cell| !self.shown(*cell)).collect()
    }

    fn set(&mut self, cell: usize, mark: Mark) {
        let was_shown = self.shown(cell);
        if let Some(slot) = self.marks.get_mut(cell) {
            *slot = mark;
        }
        for equation in self.around.get(cell).into_iter().flatten() {
            if let Some(count) = self.hidden_in.get_mut(*equation) {
                match (was_shown, mark == Mark::Shown) {
                    (true, false) => *count += 1,
                    (false, true) => *count -= 1,
                    _ => {}
                }
            }
        }
    }

    /// The next cell to hide for the sake of the exposed ones: in the equation with fewest hidden cells, one that closes
    /// other open equations, the smallest that is not zero; a total only when there is nothing else.
    fn partner(&self, exposed: &[usize]) -> Option<usize> {
        let open = |equation: &&usize| self.hidden_in.get(**equation) == Some(&1);
        let closes = |cell: usize| self.around.get(cell).into_iter().flatten().filter(open).count();
        let cost = |cell: &usize| {
            let total = self.is_total.get(*cell) == Some(&true);
            (self.count(*cell) == 0, total, std::cmp::Reverse(closes(*cell)), self.count(*cell), *cell)
        };
        let mut around: Vec<usize> =
            exposed.iter().filter_map(|cell| self.around.get(*cell)).flatten().copied().collect();
        around.sort_unstable_by_key(|equation| (self.hidden_in.get(*equation).copied(), *equation));
        around.dedup();
        let shown = |cell: &usize| self.shown(*cell);
        around
            .iter()
            .filter_map(|equation| self.equations.get(*equation))
            .find_map(|equation| equation.cells().filter(shown).min_by_key(cost))
            .or_else(|| {
                let anywhere = self.equations.iter().flat_map(Equation::cells).filter(shown);
                if exposed.is_empty() { None } else { anywhere.min_by_key(cost) }
            })
    }

    /// Cells hidden on the way that the finished pattern does not need, largest first.
    fn show_what_need_not_be_hidden(&mut self, also_hidden: &BTreeSet<usize>) {
        let remaining = self.exposed().len();
        let mut extra = self.hidden();
        extra.retain(|cell| self.marks.get(*cell) == Some(&Mark::Complement) && !also_hidden.contains(cell));
        // Showing one of two hidden cells of an equation exposes the other.
        extra.retain(|cell| {
            let around = self.around.get(*cell).into_iter().flatten();
            around.filter_map(|equation| self.hidden_in.get(*equation)).all(|hidden| *hidden > 2)
        });
        extra.sort_by_key(|cell| std::cmp::Reverse(self.count(*cell)));
        for cell in extra {
            self.set(cell, Mark::Shown);
            if self.exposed().len() > remaining {
                self.set(cell, Mark::Complement);
            }
        }
    }

    /// Hidden cells for which no other value could be found that agrees with everything shown.
    fn exposed(&self) -> Vec<usize> {
        let hidden = self.hidden();
        match Network::of(self, &hidden) {
            Some(network) => {
                hidden.iter().enumerate().filter(|(arc, _)| !network.is_open(*arc)).map(|(_, cell)| *cell).collect()
            }
            None => exposed(self.counts, self.equations, &hidden),
        }
    }
}

/// Hidden cells of a table with rows, columns and totals form a network: equations are its nodes, cells its arcs, and a
/// change that keeps all equations is a circulation. A cell is open when a cycle leads through its arc.
///
/// Cells of one equation only end in a ground node, which nothing holds. Tables whose cells stand in more than two
/// equations, or whose signs cannot be turned into directions, are not networks and go the general way.
struct Network {
    /// Lower and upper node of each arc: adding 1 to the cell moves a unit from the first to the second.
    arcs: Vec<(usize, usize)>,
    /// Whether the cell can go down by 1.
    lowerable: Vec<bool>,
    /// Arcs at each node.
    at: Vec<Vec<usize>>,
}

impl Network {
    fn of(pattern: &Pattern<'_>, hidden: &[usize]) -> Option<Self> {
        let ground = pattern.equations.len();
        let sign = |equation: usize, cell: usize| -> i8 {
            let total = pattern.equations.get(equation).is_some_and(|equation| equation.total == cell);
            if total { -1 } else { 1 }
        };
        // Two ends per cell: (equation, sign there).
        let ends: Vec<[(usize, i8); 2]> = hidden
            .iter()
            .map(|cell| match pattern.around.get(*cell).map(Vec::as_slice) {
                Some([]) | None => Some([(ground, 1), (ground, -1)]),
                Some([one]) => Some([(*one, sign(*one, *cell)), (ground, 0)]),
                Some([one, other]) => Some([(*one, sign(*one, *cell)), (*other, sign(*other, *cell))]),
                Some(_) => None,
            })
            .collect::<Option<_>>()?;
        let mut at = vec![Vec::new(); ground + 1];
        for (arc, [one, other]) in ends.iter().enumerate() {
            at.get_mut(one.0)?.push(arc);
            if other.0 != one.0 {
                at.get_mut(other.0)?.push(arc);
            }
        }
        // Turn equations round until every cell has a plus at one end and a minus at the other.
        let mut turn: Vec<Option<i8>> = vec![None; ground + 1];
        for start in 0..ground {
            if turn.get(start)?.is_some() {
                continue;
            }
            *turn.get_mut(start)? = Some(1);
            let mut open = vec![start];
            while let Some(node) = open.pop() {
                for arc in at.get(node)? {
                    let [one, other] = *ends.get(*arc)?;
                    let (here, there) = if one.0 == node { (one, other) } else { (other, one) };
                    if there.0 == ground || here.0 == ground {
                        continue;
                    }
                    let needed = -(*turn.get(node)?)? * here.1 * there.1;
                    match *turn.get(there.0)? {
                        None => {
                            *turn.get_mut(there.0)? = Some(needed);
                            open.push(there.0);
                        }
                        Some(turned) if turned != needed => return None,
                        Some(_) => {}
                    }
                }
            }
        }
        let mut arcs = Vec::with_capacity(hidden.len());
        let mut lowerable = Vec::with_capacity(hidden.len());
        for ([one, other], cell) in ends.iter().zip(hidden) {
            let plus = one.0 == ground || (*turn.get(one.0)?)? * one.1 > 0;
            arcs.push(if plus { (other.0, one.0) } else { (one.0, other.0) });
            // Zeros are shown, so a reader expects at least 1 in a hidden cell that holds at least 1.
            lowerable.push(pattern.count(*cell) > 1);
        }
        Some(Self { arcs, lowerable, at })
    }

    /// Whether the cell can take another value.
    fn is_open(&self, arc: usize) -> bool {
        let Some((lower, upper)) = self.arcs.get(arc).copied() else { return true };
        let down = self.lowerable.get(arc) == Some(&true);
        lower == upper || self.leads(upper, lower, arc) || (down && self.leads(lower, upper, arc))
    }

    /// Whether the other arcs lead from one node to another: upwards always, downwards where the cell can go down.
    fn leads(&self, from: usize, to: usize, without: usize) -> bool {
        let mut seen = vec![false; self.at.len()];
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            if node == to {
                return true;
            }
            if seen.get(node) == Some(&true) {
                continue;
            }
            if let Some(flag) = seen.get_mut(node) {
                *flag = true;
            }
            for arc in self.at.get(node).into_iter().flatten().filter(|arc| **arc != without) {
                match self.arcs.get(*arc) {
                    Some((lower, upper)) if *lower == node => open.push(*upper),
                    Some((lower, upper)) if *upper == node && self.lowerable.get(*arc) == Some(&true) => {
                        open.push(*lower);
                    }
                    _ => {}
                }
            }
        }
        false
    }
}

/// Hidden cells for which no other value could be found, for tables of any shape.
fn exposed(counts: &[i64], equations: &[Equation], hidden: &[usize]) -> Vec<usize> {
    let moves = moves(equations, hidden);
    let base: Vec<i64> = hidden.iter().map(|cell| counts.get(*cell).copied().unwrap_or(0)).collect();
    let mut safe = vec![false; hidden.len()];
    let mut try_move = |step: &[i64]| {
        for sign in [1, -1] {
            // Zeros are shown, so a reader expects at least 1 in a hidden cell that holds at least 1.
            if base.iter().zip(step).all(|(value, change)| value + sign * change >= 1.min(*value)) {
                for (flag, change) in safe.iter_mut().zip(step) {
                    *flag |= *change != 0;
                }
            }
        }
    };
    for (index, one) in moves.iter().enumerate() {
        try_move(one);
        for other in moves.iter().skip(index + 1) {
            for sign in [1, -1] {
                let both: Vec<i64> = one.iter().zip(other).map(|(a, b)| a + sign * b).collect();
                try_move(&both);
            }
        }
    }
    hidden.iter().zip(safe).filter(|(_, safe)| !safe).map(|(cell, _)| *cell).collect()
}

/// Prime 2^61 − 1: elimination is done in its field, where division is exact and nothing grows.
const PRIME: i128 = (1 << 61) - 1;

fn inverse(value: i128) -> i128 {
    let (mut result, mut base, mut exponent) = (1, value.rem_euclid(PRIME), PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

/// Whole-number changes of the hidden cells that leave everything shown as it is: a basis of the null space.
fn moves(equations: &[Equation], hidden: &[usize]) -> Vec<Vec<i64>> {
    let column = |cell: usize| hidden.binary_search(&cell).ok();
    let width = hidden.len();
    let mut rows: Vec<Vec<i128>> = Vec::new();
    for equation in equations {
        let mut row = vec![0; width];
        if let Some(slot) = column(equation.total).and_then(|index| row.get_mut(index)) {
            *slot += PRIME - 1;
        }
        for part in &equation.parts {
            if let Some(slot) = column(*part).and_then(|index| row.get_mut(index)) {
                *slot += 1;
            }
        }
        for value in &mut row {
            *value %= PRIME;
        }
        if row.iter().any(|value| *value != 0) {
            rows.push(row);
        }
    }
    let mut pivots = Vec::new();
    for index in 0..width {
        let at = pivots.len();
        let value = |row: &Vec<i128>| row.get(index).copied().unwrap_or(0);
        let Some(found) = rows.iter().skip(at).position(|row| value(row) != 0) else { continue };
        rows.swap(at, at + found);
        let Some(pivot) = rows.get(at).map(|row| {
            let factor = inverse(value(row));
            row.iter().map(|entry| entry * factor % PRIME).collect::<Vec<i128>>()
        }) else {
            continue;
        };
        for row in &mut rows {
            let factor = value(row);
            if factor != 0 {
                row.iter_mut().zip(&pivot).for_each(|(entry, of)| *entry = (*entry - factor * of).rem_euclid(PRIME));
            }
        }
        if let Some(row) = rows.get_mut(at) {
            *row = pivot;
        }
        pivots.push(index);
    }
    let free = (0..width).filter(|index| !pivots.contains(index));
    let small = |value: i128| {
        let centred = if value > PRIME / 2 { value - PRIME } else { value };
        i64::try_from(centred).ok().filter(|value| value.abs() <= 1_000)
    };
    free.filter_map(|index| {
        let mut step = vec![0_i64; width];
        *step.get_mut(index)? = 1;
        for (row, pivot) in rows.iter().zip(&pivots) {
            *step.get_mut(*pivot)? = small((PRIME - row.get(index)?) % PRIME)?;
        }
        Some(step)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cells of a rows × columns table with totals, row by row, and its equations.
    fn with_totals(body: &[Vec<i64>]) -> (Vec<i64>, Vec<Equation>) {
        let width = body[0].len() + 1;
        let mut cells: Vec<Vec<i64>> = body.iter().map(|row| [row.clone(), vec![row.iter().sum()]].concat()).collect();
        cells.push((0..width).map(|column| cells.iter().map(|row| row[column]).sum()).collect());
        let at = |row: usize, column: usize| row * width + column;
        let mut equations: Vec<Equation> = (0..=body.len())
            .map(|row| Equation { total: at(row, width - 1), parts: (0..width - 1).map(|c| at(row, c)).collect() })
            .collect();
        equations.extend((0..width).map(|column| Equation {
            total: at(body.len(), column),
            parts: (0..body.len()).map(|row| at(row, column)).collect(),
        }));
        (cells.concat(), equations)
    }

    /// Values that hidden cells take over all fillings near the true one that agree with everything shown, by plain
    /// search over the body of the table; independent of the elimination above.
    fn values_seen(body: &[Vec<i64>], marks: &[Mark]) -> Vec<BTreeSet<i64>> {
        let (counts, _) = with_totals(body);
        let width = body[0].len();
        let open: Vec<(usize, usize)> = (0..body.len())
            .flat_map(|row| (0..width).map(move |column| (row, column)))
            .filter(|(row, column)| marks[row * (width + 1) + column] != Mark::Shown)
            .collect();
        let mut seen = vec![BTreeSet::new(); counts.len()];
        let mut trial = body.to_vec();
        let mut steps = vec![-3_i64; open.len()];
        loop {
            for ((row, column), step) in open.iter().zip(&steps) {
                trial[*row][*column] = body[*row][*column] + step;
            }
            let (cells, _) = with_totals(&trial);
            let agrees =
                cells.iter().zip(&counts).zip(marks).all(|((cell, count), mark)| {
                    if *mark == Mark::Shown { cell == count } else { *cell >= 1.min(*count) }
                });
            if agrees {
                seen.iter_mut().zip(&cells).for_each(|(values, cell)| {
                    values.insert(*cell);
                });
            }
            // Count up in base 7.
            let Some(position) = steps.iter().position(|step| *step < 3) else { return seen };
            steps[..position].fill(-3);
            steps[position] += 1;
            if seen.iter().zip(marks).all(|(values, mark)| *mark == Mark::Shown || values.len() > 1) {
                return seen;
            }
        }
    }

    fn hidden(marks: &[Mark]) -> Vec<usize> {
        (0..marks.len()).filter(|cell| marks[*cell] != Mark::Shown).collect()
    }

    /// Exposed cells by the network and by elimination.
    fn both_ways(counts: &[i64], equations: &[Equation], hidden: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let mark = |cell: usize| if hidden.contains(&cell) { Mark::Complement } else { Mark::Shown };
        let pattern = Pattern::new(counts, equations, (0..counts.len()).map(mark).collect());
        let network = Network::of(&pattern, hidden).expect("rows, columns and totals are a network");
        let open = |arc: &usize| !network.is_open(*arc);
        ((0..hidden.len()).filter(open).map(|arc| hidden[arc]).collect(), exposed(counts, equations, hidden))
    }

    #[test]
    fn one_small_cell_takes_a_rectangle() {
        let (counts, equations) = with_totals(&[vec![3, 40, 50], vec![30, 20, 60], vec![25, 70, 80]]);
        let marks = suppress(&counts, &equations, 5, &BTreeSet::new());
        assert_eq!(marks[0], Mark::Small);
        assert_eq!(hidden(&marks).len(), 4, "{marks:?}");
        assert!(exposed(&counts, &equations, &[0]) == [0] && exposed(&counts, &equations, &[0, 1]) == [0, 1]);
        assert_eq!(both_ways(&counts, &equations, &[0, 1]), (vec![0, 1], vec![0, 1]));
    }

    #[test]
    fn two_ones_with_total_two_are_not_enough() {
        let equations = [Equation { total: 3, parts: vec![0, 1, 2] }];
        assert_eq!(exposed(&[1, 1, 9, 11], &equations, &[0, 1]), [0, 1]);
        let marks = suppress(&[1, 1, 9, 11], &equations, 3, &BTreeSet::new());
        assert_eq!(marks, [Mark::Small, Mark::Small, Mark::Complement, Mark::Shown]);
    }

    #[test]
    fn zeros_stay_and_nothing_small_hides_nothing() {
        let (counts, equations) = with_totals(&[vec![0, 40], vec![30, 20]]);
        assert!(suppress(&counts, &equations, 5, &BTreeSet::new()).iter().all(|mark| *mark == Mark::Shown));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn cannot_be_undone_by_subtraction(
            body in (2_usize..4, 2_usize..3).prop_flat_map(|(rows, columns)| {
                prop::collection::vec(prop::collection::vec(0_i64..12, columns), rows)
            }),
            minimum in 2_i64..5,
        ) {
            let (counts, equations) = with_totals(&body);
            let marks = suppress(&counts, &equations, minimum, &BTreeSet::new());
            let hidden = hidden(&marks);
            for (cell, count) in counts.iter().enumerate() {
                prop_assert!(!(1..minimum).contains(count) || hidden.contains(&cell), "small cell {} shown", cell);
            }
            for (cell, values) in values_seen(&body, &marks).iter().enumerate().filter(|(cell, _)| hidden.contains(cell)) {
                prop_assert!(values.len() > 1, "cell {} can only be {:?}: {:?} {:?}", cell, values, counts, marks);
            }
        }

        /// The network finds every second value that elimination finds, on any pattern of hidden cells.
        #[test]
        fn network_is_not_weaker_than_elimination(
            body in prop::collection::vec(prop::collection::vec(0_i64..9, 3), 3), choice in any::<u16>(),
        ) {
            let (counts, equations) = with_totals(&body);
            let hidden: Vec<usize> = (0..counts.len()).filter(|cell| choice >> cell & 1 == 1 && counts[*cell] > 0).collect();
            let (network, elimination) = both_ways(&counts, &equations, &hidden);
            prop_assert!(network.iter().all(|cell| elimination.contains(cell)), "{:?} {:?}", network, elimination);
        }

        /// The linear system alone, solved with fractions: no hidden cell is fixed by it, also with subtotals.
        #[test]
        fn linear_system_leaves_every_hidden_cell_open(
            schools in prop::collection::vec(1_i64..30, 4..10), split in 1_usize..9, minimum in 2_i64..8,
        ) {
            // Schools in two regions, and a network: a tree of totals.
            let split = split.min(schools.len() - 1);
            let mut counts = schools.clone();
            counts.push(schools[..split].iter().sum());
            counts.push(schools[split..].iter().sum());
            counts.push(schools.iter().sum());
            let size = schools.len();
            let equations = [
                Equation { total: size, parts: (0..split).collect() },
                Equation { total: size + 1, parts: (split..size).collect() },
                Equation { total: size + 2, parts: vec![size, size + 1] },
            ];
            let hidden = hidden(&suppress(&counts, &equations, minimum, &BTreeSet::new()));
            for cell in &hidden {
                // Fixed by the system means: adding "this cell changes by 1, nothing shown changes" has no solution.
                prop_assert!(solvable(&equations, &hidden, *cell), "cell {} is fixed: {:?} hidden {:?}", cell, counts, hidden);
            }
        }
    }

    /// Schools in two regions with subtotals and a network, by two columns and their total.
    fn region_table(schools: &[[i64; 2]], split: usize) -> (Vec<i64>, Vec<Equation>) {
        let rows = schools.len();
        let sum =
            |range: std::ops::Range<usize>, column: usize| schools[range].iter().map(|row| row[column]).sum::<i64>();
        let mut body: Vec<[i64; 2]> = schools.to_vec();
        for range in [0..split, split..rows, 0..rows] {
            body.push([sum(range.clone(), 0), sum(range, 1)]);
        }
        let counts = body.iter().flat_map(|row| [row[0], row[1], row[0] + row[1]]).collect();
        let at = |row: usize, column: usize| row * 3 + column;
        let mut equations: Vec<Equation> =
            (0..rows + 3).map(|row| Equation { total: at(row, 2), parts: vec![at(row, 0), at(row, 1)] }).collect();
        for column in 0..3 {
            let parts = |range: std::ops::Range<usize>| range.map(|row| at(row, column)).collect();
            equations.push(Equation { total: at(rows, column), parts: parts(0..split) });
            equations.push(Equation { total: at(rows + 1, column), parts: parts(split..rows) });
            equations.push(Equation { total: at(rows + 2, column), parts: parts(rows..rows + 2) });
        }
        (counts, equations)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn subtotals_and_columns_leave_every_hidden_cell_open(
            schools in prop::collection::vec(prop::array::uniform2(1_i64..25), 3..7), split in 1_usize..6, minimum in 2_i64..6,
        ) {
            let (counts, equations) = region_table(&schools, split.min(schools.len() - 1));
            let hidden = hidden(&suppress(&counts, &equations, minimum, &BTreeSet::new()));
            for cell in &hidden {
                prop_assert!(solvable(&equations, &hidden, *cell), "cell {} is fixed: {:?} hidden {:?}", cell, counts, hidden);
            }
        }
    }

    /// Gauss over fractions (numerator, denominator): is there a change of the hidden cells with `cell` changing by 1?
    fn solvable(equations: &[Equation], hidden: &[usize], cell: usize) -> bool {
        type Fraction = (i128, i128);
        fn reduce((n, d): Fraction) -> Fraction {
            fn gcd(a: i128, b: i128) -> i128 {
                if b == 0 { a.abs().max(1) } else { gcd(b, a % b) }
            }
            let g = gcd(n, d) * d.signum();
            (n / g, d / g)
        }
        let mut rows: Vec<Vec<Fraction>> = equations
            .iter()
            .map(|equation| {
                let entry =
                    |one: &usize| (i128::from(equation.parts.contains(one)) - i128::from(equation.total == *one), 1);
                hidden.iter().map(entry).chain([(0, 1)]).collect()
            })
            .collect();
        rows.push(hidden.iter().map(|one| (i128::from(*one == cell), 1)).chain([(1, 1)]).collect());
        let mut at = 0;
        for column in 0..hidden.len() {
            let Some(found) = (at..rows.len()).find(|row| rows[*row][column].0 != 0) else { continue };
            rows.swap(at, found);
            let pivot = rows[at].clone();
            for (index, row) in rows.iter_mut().enumerate() {
                if index != at && row[column].0 != 0 {
                    let factor = reduce((row[column].0 * pivot[column].1, row[column].1 * pivot[column].0));
                    for (entry, of) in row.iter_mut().zip(&pivot) {
                        let taken = (factor.0 * of.0, factor.1 * of.1);
                        *entry = reduce((entry.0 * taken.1 - taken.0 * entry.1, entry.1 * taken.1));
                    }
                }
            }
            at += 1;
        }
        rows.iter().all(|row| row[..hidden.len()].iter().any(|entry| entry.0 != 0) || row[hidden.len()].0 == 0)
    }
}
