//! Relations guessed from the numbers of tables, for a person to confirm.
//!
//! A relation is proposed when it holds in most rows and could hardly hold by chance: at least three rows, three in four of
//! those where it says something, and more digits that agree than the number of relations tried could bring about.

use super::cell::{Agreement, Printed, agreement};
use super::propose_rows::{between, totals};
use super::rule::{Rule, RuleKind};
use super::sheet::Sheet;
use crate::exact::Exact;
use kernel::Localized;
use std::collections::BTreeSet;

/// A proposed relation with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Proposal {
    /// The relation.
    pub rule: Rule,
    /// The relation in words.
    pub words: Localized,
    /// Rows or columns where it holds.
    pub holds: usize,
    /// Rows or columns where it could be tried.
    pub tried: usize,
}

/// The longest run of neighbouring columns that is tried as parts of a sum: a column for each grade, month or region.
const LONGEST_RUN: usize = 24;
/// The most columns that are compared with each other; what stands behind them in a wider table is not tried.
const MOST_COLUMNS: usize = 120;
/// In wider tables parts of a sum are only looked for side by side.
const FEW_COLUMNS: usize = 40;

/// Digits that the numbers of a column usually show, and how far a computed one may be off.
pub(super) type Reading = (u32, Option<Exact>);

/// What speaks for a relation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Evidence {
    pub holds: usize,
    pub tried: usize,
    /// Numbers that agree, each once: a column of ones agrees with many things.
    agreeing: BTreeSet<Exact>,
    /// Significant digits of these numbers.
    pub digits: u32,
}

impl Evidence {
    /// So many hold of so many, with so many digits.
    pub(super) const fn counted(holds: usize, tried: usize, digits: u32) -> Self {
        Self { holds, tried, agreeing: BTreeSet::new(), digits }
    }

    /// `says` is whether an agreement says something: the mean of equal numbers is all of them. A contradiction always
    /// does; a number that is rounded further than its column never does.
    pub(super) fn note(&mut self, printed: &Printed, computed: Exact, says: bool, (usual, tolerance): Reading) {
        match agreement(printed, computed, usual, tolerance) {
            None => self.tried += 1,
            Some(Agreement::RoundedToFewerDigits) => {}
            Some(_) if says && !printed.value.is_zero() => {
                self.tried += 1;
                self.holds += 1;
                if self.agreeing.insert(printed.value) {
                    self.digits += significant(printed);
                }
            }
            Some(_) => {}
        }
    }

    /// How many different numbers agree.
    fn variety(&self) -> usize {
        self.agreeing.len()
    }

    /// Whether the relation could hardly hold by chance when so many are tried.
    pub(super) fn convinces(&self, tried: usize) -> bool {
        self.holds >= 3 && self.holds * 4 >= self.tried * 3 && self.digits >= 5 + tried.max(1).ilog10()
    }

    /// Most relations fail at once; wide tables have many.
    const fn is_hopeless(&self) -> bool {
        self.tried >= 6 && self.holds * 3 < self.tried
    }
}

/// Digits that say something: 45.5 has three, 0.5 one; more than four add little.
pub(super) fn significant(printed: &Printed) -> u32 {
    let digits: String = printed.text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').len().clamp(1, 4) as u32
}

/// The numbers of a table.
pub(super) struct Numbers<'a> {
    pub sheet: &'a Sheet,
    pub columns: Vec<usize>,
    pub body: Vec<usize>,
    pub totals: Vec<usize>,
}

impl<'a> Numbers<'a> {
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        let numbered = |column: &usize| {
            let name = sheet.columns.get(*column).map_or("", String::as_str).to_lowercase();
            let name = name.trim_matches(|one: char| one.is_whitespace() || one == '.');
            !matches!(name, "no" | "№" | "line" | "lines" | "year" | "жыл" | "год" | "code" | "код" | "№ п/п" | "р/с")
        };
        let (totals, body) = (0..sheet.rows.len()).partition(|row| sheet.row_is_total(*row));
        let columns = sheet.number_columns().into_iter().filter(numbered).take(MOST_COLUMNS).collect();
        Self { sheet, columns, body, totals }
    }

    pub(super) fn printed(&self, row: usize, column: usize) -> Option<&Printed> {
        self.sheet.entry(row, column).number()
    }

    pub(super) fn value(&self, row: usize, column: usize) -> Option<Exact> {
        self.printed(row, column).map(|printed| printed.value)
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.sheet.columns.get(column).map_or("", String::as_str)
    }

    /// How an expression calls a column: by its name where that is unmistakable, else by its number.
    pub(super) fn reference(&self, column: usize) -> String {
        let name = self.name(column);
        let plain = !name.contains(['[', ']', '@', '{', '}', '#']) && self.sheet.column(name) == Some(column);
        if plain { name.to_owned() } else { format!("#{}", column + 1) }
    }

    fn bracketed(&self, column: usize) -> String {
        format!("[{}]", self.reference(column))
    }

    fn rows(&self) -> impl Iterator<Item = usize> {
        0..self.sheet.rows.len()
    }

    /// Rows where `compute` gives the target to the digit, and rows where it could be tried; with what it gives it tells
    /// whether that says something.
    fn evidence(
        &self,
        target: usize,
        tolerance: Option<Exact>,
        compute: impl Fn(usize) -> Option<(Exact, bool)>,
    ) -> Evidence {
        let (mut evidence, usual) = (Evidence::default(), self.sheet.usual_decimals(target));
        for row in self.rows() {
            if let (Some(printed), Some((computed, says))) = (self.printed(row, target), compute(row)) {
                evidence.note(printed, computed, says, (usual, tolerance));
                if evidence.is_hopeless() {
                    break;
                }
            }
        }
        evidence
    }

    fn has_negatives(&self, column: usize) -> bool {
        self.rows().any(|row| self.value(row, column).is_some_and(Exact::is_negative))
    }

    /// What sums and differences of so many rounded numbers may be off by: half of the last digit for each, and for the
    /// result. Whole numbers are not rounded.
    fn rounding(&self, target: usize, parts: usize) -> Option<Exact> {
        let decimals = self.sheet.usual_decimals(target);
        (decimals > 0).then(|| Exact::new(parts.div_ceil(2) as i128, decimals))
    }

    /// Runs of neighbouring columns, without the target.
    fn runs(&self, target: usize, lengths: std::ops::RangeInclusive<usize>) -> Vec<Vec<usize>> {
        let runs = lengths.flat_map(|length| self.columns.windows(length));
        runs.filter(|run| !run.contains(&target)).map(<[usize]>::to_vec).collect()
    }

    /// Sets of columns that may be the parts of a sum: runs, every second or third column, any two on one side of the sum.
    fn part_sets(&self, target: usize) -> Vec<Vec<usize>> {
        let mut sets = self.runs(target, 2..=LONGEST_RUN.min(self.columns.len()));
        if self.columns.len() > FEW_COLUMNS {
            return sets;
        }
        let one_side =
            |set: &Vec<usize>| set.iter().all(|column| *column < target) || set.iter().all(|column| *column > target);
        let positive: Vec<usize> =
            self.columns.iter().copied().filter(|column| !self.has_negatives(*column) && *column != target).collect();
        let mut apart = Vec::new();
        for step in [2, 3] {
            for first in 0..self.columns.len() {
                let stepped: Vec<usize> = self.columns.iter().copied().skip(first).step_by(step).collect();
                apart.extend((3..=stepped.len()).filter_map(|length| stepped.get(..length).map(<[usize]>::to_vec)));
            }
        }
        for (index, one) in positive.iter().enumerate() {
            apart.extend(positive.iter().skip(index + 1).map(|other| vec![*one, *other]));
        }
        sets.extend(apart.into_iter().filter(|set| one_side(set) && !set.contains(&target)));
        sets
    }
}

pub(super) fn proposal(rule: Rule, words: Localized, evidence: &Evidence) -> Proposal {
    Proposal { rule, words, holds: evidence.holds, tried: evidence.tried }
}

/// A relation between columns, with the columns that take part.
struct Found {
    proposal: Proposal,
    columns: Vec<usize>,
}

/// Keeps the better of two.
fn better(best: Option<Found>, found: Found) -> Found {
    match best {
        Some(best) if best.proposal.holds >= found.proposal.holds => best,
        _ => found,
    }
}

/// Proposes relations within one table.
pub fn propose(sheet: &Sheet) -> Vec<Proposal> {
    let numbers = Numbers::of(sheet);
    let mut proposals: Vec<Proposal> = Vec::new();
    // Columns that already take part in one relation: a = b + c also reads b = a − c, which says nothing new.
    let mut known: Vec<Vec<usize>> = Vec::new();
    let mut targets: Vec<usize> = Vec::new();
    for target in numbers.columns.iter().copied() {
        let whole = sheet.usual_decimals(target) == 0;
        let found = if whole {
            sum_of_columns(&numbers, target).or_else(|| share(&numbers, target))
        } else {
            let differs = change(&numbers, target).map_or(0, |found| found.proposal.holds);
            let at_least = |least: usize| move |found: &Found| found.proposal.holds >= least;
            let shares = [share(&numbers, target), mean_of_columns(&numbers, target)].into_iter().flatten();
            let shares = shares.filter(at_least(differs));
            // Of growth and a plain difference that hold alike, the difference is the simpler reading.
            let best = shares
                .chain(growth(&numbers, target).filter(at_least(differs + 1)))
                .fold(None, |best, found| Some(better(best, found)));
            best.or_else(|| if differs > 0 { None } else { sum_of_columns(&numbers, target) })
        };
        if let Some(found) = found {
            if found.proposal.rule.kind == RuleKind::Sum {
                known.push([&[target], found.columns.as_slice()].concat());
            }
            targets.push(target);
            proposals.push(found.proposal);
        } else if let Some(found) = rank(&numbers, target) {
            targets.push(target);
            proposals.push(found);
        }
    }
    // Tables print a change after what it is the change of, so the last column of a triple is the change.
    for target in numbers.columns.iter().rev().copied() {
        if targets.contains(&target) {
            continue;
        }
        if let Some(found) = change(&numbers, target) {
            let triple = [&[target], found.columns.as_slice()].concat();
            let shared = |known: &Vec<usize>| triple.iter().filter(|column| known.contains(column)).count();
            if !known.iter().any(|known| known.contains(&target) && shared(known) >= 2) {
                known.push(triple);
                targets.push(target);
                proposals.push(found.proposal);
            }
        }
    }
    proposals.extend(totals(&numbers, &targets));
    proposals
}

/// Proposes relations within tables and between them.
pub fn propose_all(sheets: &[Sheet]) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = sheets.iter().flat_map(propose).collect();
    for (index, sheet) in sheets.iter().enumerate() {
        proposals.extend(sheets.iter().take(index).flat_map(|earlier| between(earlier, sheet)));
    }
    proposals
}

/// A column that is the sum of others.
fn sum_of_columns(numbers: &Numbers<'_>, target: usize) -> Option<Found> {
    let sets = numbers.part_sets(target);
    let tried = sets.len();
    let mut best = None;
    for parts in sets {
        let tolerance = numbers.rounding(target, parts.len());
        let compute = |row: usize| {
            let values: Vec<Exact> = parts.iter().filter_map(|column| numbers.value(row, *column)).collect();
            // One filled part says nothing; what is summed of nothing is not known.
            let says = values.iter().filter(|value| !value.is_zero()).count() >= 2;
            Some((Exact::sum(values.iter().copied()).ok().filter(|_| !values.is_empty())?, says))
        };
        let evidence = numbers.evidence(target, tolerance, compute);
        if evidence.convinces(tried) {
            let list: Vec<String> = parts.iter().map(|column| numbers.bracketed(*column)).collect();
            let names: Vec<&str> = parts.iter().map(|column| numbers.name(*column)).collect();
            let rule = Rule {
                rows: "all".to_owned(),
                target: Some(numbers.reference(target)),
                of: Some(list.join(", ")),
                tolerance,
                ..Rule::new(RuleKind::Sum, &numbers.sheet.name)
            };
            let words = Localized::same(format!("{} = {}", numbers.name(target), names.join(" + ")));
            best = Some(better(best, Found { proposal: proposal(rule, words, &evidence), columns: parts }));
        }
    }
    best
}

/// A column that is one or several neighbouring columns in percent of another, or of a column's total.
fn share(numbers: &Numbers<'_>, target: usize) -> Option<Found> {
    let shares = |row: usize| numbers.value(row, target).is_none_or(|value| value <= Exact::HUNDRED);
    // One misprinted share may be above a hundred.
    if numbers.rows().filter(|row| !shares(*row)).count() > 1 || numbers.has_negatives(target) {
        return None;
    }
    let longest = if numbers.columns.len() > FEW_COLUMNS { 1 } else { 4 };
    let parts = numbers.runs(target, 1..=longest);
    let wholes: Vec<usize> = numbers.columns.iter().copied().filter(|column| *column != target).collect();
    let total = match numbers.totals.as_slice() {
        [total] => Some(*total),
        _ => None,
    };
    let tried = parts.len() * (wholes.len() + 1);
    let mut best = None;
    for part in parts {
        let sum = |row: usize| {
            let values: Option<Vec<Exact>> = part.iter().map(|column| numbers.value(row, *column)).collect();
            Exact::sum(values?).ok()
        };
        // The whole is another column of the row, or the same column of the total.
        let of_total = total.filter(|_| part.len() == 1).into_iter().map(|total| (total, None));
        // People are no share of a percentage: that is the relation read backwards.
        let decimals = part.iter().map(|column| numbers.sheet.usual_decimals(*column)).max().unwrap_or(0);
        let plain = |whole: &&usize| !part.contains(whole) && numbers.sheet.usual_decimals(**whole) <= decimals;
        let of_column = wholes.iter().filter(plain).map(|whole| (0, Some(*whole)));
        for (total, whole) in of_column.chain(of_total) {
            let compute = |row: usize| {
                let part = sum(row)?;
                let whole = whole.map_or_else(|| sum(total), |whole| numbers.value(row, whole))?;
                // All of the whole says nothing.
                Some((part.percent_of(whole).ok()?, part < whole))
            };
            let evidence = numbers.evidence(target, None, compute);
            if !evidence.convinces(tried) {
                continue;
            }
            let list: Vec<String> = part.iter().map(|column| numbers.bracketed(*column)).collect();
            let names: Vec<&str> = part.iter().map(|column| numbers.name(*column)).collect();
            let (part_text, part_name) = (list.join(" + "), names.join(" + "));
            let total_label = numbers.sheet.entry(total, numbers.sheet.label_column()).text();
            let (whole_text, whole_name) = match whole {
                Some(whole) => (numbers.bracketed(whole), numbers.name(whole).to_owned()),
                None => (
                    format!(
                        "[{}@#{}]",
                        part.first().map_or_else(String::new, |one| numbers.reference(*one)),
                        total + 1
                    ),
                    format!("{part_name} ({total_label})"),
                ),
            };
            let rule = Rule {
                rows: "all".to_owned(),
                target: Some(numbers.reference(target)),
                part: Some(part_text),
                whole: Some(whole_text),
                ..Rule::new(RuleKind::Share, &numbers.sheet.name)
            };
            let target = numbers.name(target);
            let words = Localized::new(
                format!("{target} = {part_name}, {whole_name} пайызымен"),
                format!("{target} = {part_name} в процентах от {whole_name}"),
                format!("{target} = {part_name} in percent of {whole_name}"),
            );
            let columns = part.iter().copied().chain(whole).collect();
            best = Some(better(best, Found { proposal: proposal(rule, words, &evidence), columns }));
        }
    }
    best
}

/// A column that is the mean of a run of others: a year of its quarters.
fn mean_of_columns(numbers: &Numbers<'_>, target: usize) -> Option<Found> {
    let sets = numbers.runs(target, 2..=LONGEST_RUN.min(numbers.columns.len()));
    let tried = sets.len();
    let mut best = None;
    for parts in sets {
        let compute = |row: usize| {
            let values: Vec<Exact> = parts.iter().filter_map(|column| numbers.value(row, *column)).collect();
            let says = values.iter().any(|value| Some(value) != values.first());
            Some((Exact::mean(values.iter().copied()).ok()?, says))
        };
        let evidence = numbers.evidence(target, None, compute);
        if evidence.convinces(tried) {
            let list: Vec<String> = parts.iter().map(|column| numbers.bracketed(*column)).collect();
            let names: Vec<&str> = parts.iter().map(|column| numbers.name(*column)).collect();
            let rule = Rule {
                rows: "all".to_owned(),
                target: Some(numbers.reference(target)),
                of: Some(format!("list({})", list.join(", "))),
                ..Rule::new(RuleKind::Mean, &numbers.sheet.name)
            };
            let (target, names) = (numbers.name(target), names.join(", "));
            let words = Localized::new(
                format!("{target} = орташасы: {names}"),
                format!("{target} = среднее: {names}"),
                format!("{target} = mean of {names}"),
            );
            best = Some(better(best, Found { proposal: proposal(rule, words, &evidence), columns: parts }));
        }
    }
    best
}

/// Pairs of columns, the later one first.
fn pairs(numbers: &Numbers<'_>, target: usize) -> Vec<(usize, usize)> {
    let columns: Vec<usize> = numbers.columns.iter().copied().filter(|column| *column != target).collect();
    let others = |later: usize| columns.iter().copied().filter(move |earlier| *earlier != later);
    columns.iter().flat_map(|later| others(*later).map(move |earlier| (*later, earlier))).collect()
}

fn change(numbers: &Numbers<'_>, target: usize) -> Option<Found> {
    let (pairs, tolerance) = (pairs(numbers, target), numbers.rounding(target, 2));
    let tried = pairs.len();
    let mut best = None;
    for (later, earlier) in pairs {
        let compute = |row: usize| {
            let (later, earlier) = (numbers.value(row, later)?, numbers.value(row, earlier)?);
            Some((later.minus(earlier).ok()?, !later.is_zero() && !earlier.is_zero()))
        };
        let evidence = numbers.evidence(target, tolerance, compute);
        if evidence.convinces(tried) {
            let rule = Rule {
                rows: "all".to_owned(),
                target: Some(numbers.reference(target)),
                later: Some(numbers.bracketed(later)),
                earlier: Some(numbers.bracketed(earlier)),
                tolerance,
                ..Rule::new(RuleKind::Change, &numbers.sheet.name)
            };
            let (name, later_name, earlier_name) = (numbers.name(target), numbers.name(later), numbers.name(earlier));
            let words = Localized::same(format!("{name} = {later_name} − {earlier_name}"));
            best =
                Some(better(best, Found { proposal: proposal(rule, words, &evidence), columns: vec![later, earlier] }));
        }
    }
    best
}

/// A column that is the growth of one column against another, in percent.
fn growth(numbers: &Numbers<'_>, target: usize) -> Option<Found> {
    let pairs = pairs(numbers, target);
    let tried = pairs.len();
    let mut best = None;
    for (later, earlier) in pairs {
        let compute = |row: usize| {
            let (later, earlier) = (numbers.value(row, later)?, numbers.value(row, earlier)?);
            Some((later.minus(earlier).ok()?.percent_of(earlier).ok()?, later != earlier))
        };
        let evidence = numbers.evidence(target, None, compute);
        if evidence.convinces(tried) {
            let (later_text, earlier_text) = (numbers.bracketed(later), numbers.bracketed(earlier));
            let rule = Rule {
                rows: "all".to_owned(),
                target: Some(numbers.reference(target)),
                part: Some(format!("{later_text} - {earlier_text}")),
                whole: Some(earlier_text),
                ..Rule::new(RuleKind::Share, &numbers.sheet.name)
            };
            let (target, later_name, earlier_name) = (numbers.name(target), numbers.name(later), numbers.name(earlier));
            let words = Localized::new(
                format!(
                    "{target} = {later_name} көрсеткішінің {earlier_name} көрсеткішіне қарағандағы өсімі, пайызбен"
                ),
                format!("{target} = прирост {later_name} к {earlier_name} в процентах"),
                format!("{target} = growth of {later_name} against {earlier_name} in percent"),
            );
            best =
                Some(better(best, Found { proposal: proposal(rule, words, &evidence), columns: vec![later, earlier] }));
        }
    }
    best
}

/// Whether a heading says that its column holds places.
fn says_place(name: &str) -> bool {
    let name = name.to_lowercase();
    ["rank", "place", "орын", "орны", "место", "рейтинг"].iter().any(|word| name.contains(word))
}

/// A column of whole numbers 1..=rows that orders another column.
fn rank(numbers: &Numbers<'_>, target: usize) -> Option<Proposal> {
    use crate::definition::Direction;
    let places: Vec<Exact> = numbers.body.iter().filter_map(|row| numbers.value(*row, target)).collect();
    let size = Exact::new(numbers.body.len() as i128, 0);
    let is_place = |place: &&Exact| place.decimals() == 0 && **place >= Exact::ONE && **place <= size;
    let named = says_place(numbers.name(target));
    let (fitting, all) = (places.iter().filter(is_place).count(), places.len());
    // A misprinted place may lie outside; a column that is called so may have one or two of them.
    if all < 4 || (if named { fitting * 4 < all * 3 } else { fitting < all }) {
        return None;
    }
    let mut best: Option<Proposal> = None;
    for of in numbers.columns.iter().filter(|column| **column != target) {
        let values: Vec<Option<Exact>> = numbers.body.iter().map(|row| numbers.value(*row, *of)).collect();
        for ascending in [false, true] {
            let direction = if ascending { Direction::LessIsBetter } else { Direction::MoreIsBetter };
            let ranks = crate::evaluate::ranks(&values, direction);
            let mut evidence = Evidence::default();
            for (row, rank) in numbers.body.iter().zip(&ranks) {
                if let (Some(printed), Some(rank)) = (numbers.printed(*row, target), rank) {
                    evidence.note(printed, Exact::from(i64::from(*rank)), true, (0, None));
                }
            }
            // Places 1..n agree by chance in about one row. Two swapped ones are wrong at a time.
            let (holds, tried) = (evidence.holds, evidence.tried);
            let convinces =
                if named { holds >= 3 && holds * 5 >= tried * 3 } else { holds >= 5 && holds * 4 >= tried * 3 };
            if convinces && evidence.variety() * 2 >= holds && best.as_ref().is_none_or(|best| holds > best.holds) {
                let rule = Rule {
                    target: Some(numbers.reference(target)),
                    of: Some(numbers.reference(*of)),
                    ascending,
                    ..Rule::new(RuleKind::Rank, &numbers.sheet.name)
                };
                let (target, of) = (numbers.name(target), numbers.name(*of));
                let words = Localized::new(
                    format!("{target} = {of} бойынша орын"),
                    format!("{target} = место по {of}"),
                    format!("{target} = place by {of}"),
                );
                best = Some(proposal(rule, words, &evidence));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Rules, audit};

    /// What the proposals of a table say in English, and the cells that contradict them.
    fn unaided(sheets: &[Sheet]) -> (Vec<String>, Vec<(String, String)>) {
        let proposals = propose_all(sheets);
        let words = proposals.iter().map(|one| one.words.in_language(kernel::Language::En).to_owned()).collect();
        let rules = Rules { rules: proposals.into_iter().map(|one| one.rule).collect(), ..Rules::default() };
        let report = audit(sheets, &rules);
        assert_eq!(report.rule_errors, []);
        (words, report.findings.into_iter().map(|one| (one.at.row, one.at.column)).collect())
    }

    fn found(row: &str, column: &str) -> (String, String) {
        (row.to_owned(), column.to_owned())
    }

    #[test]
    fn relations_are_found_and_the_wrong_cell_with_them() {
        let text = "school,n,n_5,n_4,n_3,share_5,place\nA,100,30,50,20,30.0,3\nB,80,40,30,10,50.0,1\nC,60,6,40,14,10.0,5\n\
                    D,90,30,40,20,33.3,2\nE,50,10,20,20,20.5,4\nTOTAL,380,116,180,84,30.5,\n";
        let (words, wrong) = unaided(&[Sheet::from_csv("t", text)]);
        for expected in [
            "n = n_5 + n_4 + n_3",
            "share_5 = n_5 in percent of n",
            "place = place by share_5",
            "row \"TOTAL\" = sum of the rows above, in n, n_5, n_4, n_3",
        ] {
            assert!(words.iter().any(|one| one == expected), "{expected}: {words:?}");
        }
        assert_eq!(wrong, [found("E", "share_5")]);
    }

    #[test]
    fn headings_that_an_expression_cannot_name_are_called_by_number() {
        let text = "school,[n],n@5,n@5,[all]\nA,101,30,71,202\nB,80,41,39,160\nC,60,7,53,120\nD,90,31,59,181\n";
        let (words, wrong) = unaided(&[Sheet::from_csv("t", text)]);
        assert!(words.contains(&"[n] = n@5 + n@5".to_owned()), "{words:?}");
        assert_eq!(wrong, [found("D", "[all]")], "{words:?}");
    }

    #[test]
    fn subtotals_growth_and_shares_of_the_total_are_found() {
        let text = "region,y1,y2,growth\nA,120,150,25.0\nB,211,190,-10.0\nTotal north,331,340,2.7\nC,90,99,10.0\n\
                    D,304,310,2.0\nE,110,121,11.0\nTotal south,504,530,5.2\nTotal,835,870,4.2\n";
        let (words, wrong) = unaided(&[Sheet::from_csv("t", text)]);
        assert!(words.contains(&"growth = growth of y2 against y1 in percent".to_owned()), "{words:?}");
        assert_eq!(wrong, [found("E", "growth")], "{words:?}");
        let broken = text.replace("504,530,5.2", "504,531,5.4");
        let (words, wrong) = unaided(&[Sheet::from_csv("t", &broken)]);
        assert!(wrong.contains(&found("Total south", "y2")), "{words:?} {wrong:?}");
        let text = "region,n,part\nA,120,12.5\nB,240,25.0\nC,300,31.3\nD,300,31.2\nTotal,960,100\n";
        let (words, wrong) = unaided(&[Sheet::from_csv("t", text)]);
        assert!(words.contains(&"part = n in percent of n (Total)".to_owned()), "{words:?}");
        assert_eq!(wrong, [], "31.25 rounds to 31.3 and is cut to 31.2");
    }

    #[test]
    fn the_same_column_of_two_tables_is_compared() {
        let one = Sheet::from_csv("one", "school,pupils\nA,835\nB,412\nC,690\nD,204\nE,377\n");
        let other =
            Sheet::from_csv("other", "school,boys,pupils\nE,190,377\nA,400,835\nB,201,421\nD,99,204\nC,300,690\n");
        let (words, wrong) = unaided(&[one, other]);
        assert!(words.contains(&"pupils = pupils in one".to_owned()), "{words:?}");
        assert_eq!(wrong, [found("B", "pupils")]);
    }

    #[test]
    fn numbers_without_relations_suggest_none() {
        let text = "school,a,b,c\nA,13,57,91\nB,44,21,37\nC,85,16,62\nD,29,70,48\nE,53,38,75\n";
        assert_eq!(unaided(&[Sheet::from_csv("t", text)]).0, [""; 0]);
    }
}
