//! Relations guessed from a table's own numbers, for a person to confirm.
//!
//! A relation is proposed when it holds in most rows and could hardly hold by chance: at least three rows, and at least
//! four in five of those where it says something.

use super::cell::agreement;
use super::rule::{Rule, RuleKind};
use super::sheet::Sheet;
use crate::exact::Exact;
use kernel::Localized;

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

struct Numbers<'a> {
    sheet: &'a Sheet,
    columns: Vec<usize>,
    body: Vec<usize>,
}

impl Numbers<'_> {
    fn value(&self, row: usize, column: usize) -> Option<Exact> {
        self.sheet.entry(row, column).number().map(|printed| printed.value)
    }

    fn name(&self, column: usize) -> &str {
        self.sheet.columns.get(column).map_or("", String::as_str)
    }

    /// Rows where `compute` gives the target to the digit, and rows where it could be tried and says something.
    fn evidence(&self, rows: &[usize], target: usize, compute: impl Fn(usize) -> Option<Exact>) -> (usize, usize) {
        let (mut holds, mut tried) = (0, 0);
        for row in rows {
            if let (Some(printed), Some(computed)) = (self.sheet.entry(*row, target).number(), compute(*row))
                && !(printed.value.is_zero() && computed.is_zero())
            {
                holds += usize::from(agreement(printed, computed, 0, None).is_some());
                tried += 1;
                // Most relations fail at once; wide tables have many.
                if tried >= 6 && holds * 3 < tried {
                    break;
                }
            }
        }
        (holds, tried)
    }
}

const fn convincing((holds, tried): (usize, usize)) -> bool {
    holds >= 3 && holds * 5 >= tried * 4
}

/// Proposes relations within one table.
pub fn propose(sheet: &Sheet) -> Vec<Proposal> {
    let numbered = |column: &usize| {
        let name = sheet.columns.get(*column).map_or("", String::as_str).to_lowercase();
        !matches!(name.as_str(), "no" | "№" | "line" | "lines" | "year")
    };
    let numbers = Numbers {
        sheet,
        columns: sheet.number_columns().into_iter().filter(numbered).take(MOST_COLUMNS).collect(),
        body: (0..sheet.rows.len()).filter(|row| !sheet.row_is_total(*row)).collect(),
    };
    let all: Vec<usize> = (0..sheet.rows.len()).collect();
    let mut proposals: Vec<Proposal> = Vec::new();
    // Columns that already take part in one relation: a = b + c also reads b = a − c, which says nothing new.
    let mut triples: Vec<Vec<usize>> = Vec::new();
    for target in &numbers.columns {
        if let Some((found, parts)) = sum_of_columns(&numbers, &all, *target) {
            proposals.push(found);
            triples.push([&[*target], parts.as_slice()].concat());
        } else {
            proposals.extend(share(&numbers, &all, *target).or_else(|| rank(&numbers, *target)));
        }
    }
    // Tables print a change after what it is the change of, so the last column of a triple is the change.
    for target in numbers.columns.iter().rev() {
        let explained = |name: &str| proposals.iter().any(|one| one.rule.target.as_deref() == Some(name));
        if explained(numbers.name(*target)) {
            continue;
        }
        if let Some((found, pair)) = change(&numbers, &all, *target) {
            let mut triple = vec![*target, pair.0, pair.1];
            triple.sort_unstable();
            let shared = |known: &Vec<usize>| triple.iter().filter(|column| known.contains(column)).count();
            let known = triples.iter().any(|known| known.contains(target) && shared(known) >= 2);
            if !known {
                triples.push(triple);
                proposals.push(found);
            }
        }
    }
    proposals.extend(totals(&numbers));
    proposals
}

fn proposal(rule: Rule, words: Localized, (holds, tried): (usize, usize)) -> Proposal {
    Proposal { rule, words, holds, tried }
}

/// A column that is the sum of a run of neighbouring columns, before or after it.
fn sum_of_columns(numbers: &Numbers<'_>, rows: &[usize], target: usize) -> Option<(Proposal, Vec<usize>)> {
    let mut best: Option<(Proposal, Vec<usize>)> = None;
    for first in 0..numbers.columns.len() {
        for last in first + 1..numbers.columns.len().min(first + LONGEST_RUN) {
            let parts: Vec<usize> = numbers.columns.get(first..=last)?.to_vec();
            if parts.contains(&target) {
                continue;
            }
            let compute = |row: usize| {
                let values: Vec<Exact> = parts.iter().filter_map(|column| numbers.value(row, *column)).collect();
                // One filled part says nothing.
                if values.iter().filter(|value| !value.is_zero()).count() < 2 { None } else { Exact::sum(values).ok() }
            };
            let evidence = numbers.evidence(rows, target, compute);
            if convincing(evidence) && best.as_ref().is_none_or(|(best, _)| evidence.0 > best.holds) {
                let list: Vec<String> = parts.iter().map(|column| format!("[{}]", numbers.name(*column))).collect();
                let names: Vec<&str> = parts.iter().map(|column| numbers.name(*column)).collect();
                let rule = Rule {
                    rows: "all".to_owned(),
                    target: Some(numbers.name(target).to_owned()),
                    of: Some(list.join(", ")),
                    ..Rule::new(RuleKind::Sum, &numbers.sheet.name)
                };
                let words = Localized::same(format!("{} = {}", numbers.name(target), names.join(" + ")));
                best = Some((proposal(rule, words, evidence), parts));
            }
        }
    }
    best
}

fn share(numbers: &Numbers<'_>, rows: &[usize], target: usize) -> Option<Proposal> {
    let mut best: Option<Proposal> = None;
    for part in &numbers.columns {
        for whole in &numbers.columns {
            if part == whole || *part == target || *whole == target {
                continue;
            }
            let compute = |row: usize| {
                let (part, whole) = (numbers.value(row, *part)?, numbers.value(row, *whole)?);
                if part >= whole { None } else { part.percent_of(whole).ok() }
            };
            let evidence = numbers.evidence(rows, target, compute);
            if convincing(evidence) && best.as_ref().is_none_or(|best| evidence.0 > best.holds) {
                let name = |column: usize| format!("[{}]", numbers.name(column));
                let rule = Rule {
                    rows: "all".to_owned(),
                    target: Some(numbers.name(target).to_owned()),
                    part: Some(name(*part)),
                    whole: Some(name(*whole)),
                    ..Rule::new(RuleKind::Share, &numbers.sheet.name)
                };
                let (target, part, whole) = (numbers.name(target), numbers.name(*part), numbers.name(*whole));
                let words = Localized::new(
                    format!("{target} = {part}, {whole} пайызымен"),
                    format!("{target} = {part} в процентах от {whole}"),
                    format!("{target} = {part} in percent of {whole}"),
                );
                best = Some(proposal(rule, words, evidence));
            }
        }
    }
    best
}

fn change(numbers: &Numbers<'_>, rows: &[usize], target: usize) -> Option<(Proposal, (usize, usize))> {
    let mut best: Option<(Proposal, (usize, usize))> = None;
    for later in &numbers.columns {
        for earlier in &numbers.columns {
            if later == earlier || *later == target || *earlier == target {
                continue;
            }
            let compute = |row: usize| {
                let (later, earlier) = (numbers.value(row, *later)?, numbers.value(row, *earlier)?);
                if later.is_zero() || earlier.is_zero() { None } else { later.minus(earlier).ok() }
            };
            let evidence = numbers.evidence(rows, target, compute);
            if convincing(evidence) && best.as_ref().is_none_or(|(best, _)| evidence.0 > best.holds) {
                let name = |column: usize| format!("[{}]", numbers.name(column));
                let rule = Rule {
                    rows: "all".to_owned(),
                    target: Some(numbers.name(target).to_owned()),
                    later: Some(name(*later)),
                    earlier: Some(name(*earlier)),
                    // Differences of rounded numbers may be off by one in the last digit.
                    tolerance: Some(Exact::new(1, numbers.sheet.usual_decimals(target)))
                        .filter(|one| *one < Exact::ONE),
                    ..Rule::new(RuleKind::Change, &numbers.sheet.name)
                };
                let words = Localized::same(format!(
                    "{} = {} − {}",
                    numbers.name(target),
                    numbers.name(*later),
                    numbers.name(*earlier)
                ));
                best = Some((proposal(rule, words, evidence), (*later, *earlier)));
            }
        }
    }
    best
}

/// A column of whole numbers 1..=rows that orders another column.
fn rank(numbers: &Numbers<'_>, target: usize) -> Option<Proposal> {
    let places: Vec<Exact> = numbers.body.iter().filter_map(|row| numbers.value(*row, target)).collect();
    let size = Exact::new(numbers.body.len() as i128, 0);
    if places.len() < 5 || !places.iter().all(|place| place.decimals() == 0 && *place >= Exact::ONE && *place <= size) {
        return None;
    }
    let mut best: Option<Proposal> = None;
    for of in numbers.columns.iter().filter(|column| **column != target) {
        let values: Vec<Option<Exact>> = numbers.body.iter().map(|row| numbers.value(*row, *of)).collect();
        for ascending in [false, true] {
            use crate::definition::Direction;
            let direction = if ascending { Direction::LessIsBetter } else { Direction::MoreIsBetter };
            let ranks = crate::evaluate::ranks(&values, direction);
            let tried = ranks.iter().flatten().count();
            let holds = numbers
                .body
                .iter()
                .zip(&ranks)
                .filter(|(row, rank)| {
                    rank.is_some_and(|rank| numbers.value(**row, target) == Some(Exact::from(i64::from(rank))))
                })
                .count();
            // Places 1..n agree by chance in about one row; five and four in five do not.
            if holds >= 5 && convincing((holds, tried)) && best.as_ref().is_none_or(|best| holds > best.holds) {
                let rule = Rule {
                    target: Some(numbers.name(target).to_owned()),
                    of: Some(numbers.name(*of).to_owned()),
                    ascending,
                    ..Rule::new(RuleKind::Rank, &numbers.sheet.name)
                };
                let (target, of) = (numbers.name(target), numbers.name(*of));
                let words = Localized::new(
                    format!("{target} = {of} бойынша орын"),
                    format!("{target} = место по {of}"),
                    format!("{target} = place by {of}"),
                );
                best = Some(proposal(rule, words, (holds, tried)));
            }
        }
    }
    best
}

/// The total row: sums of columns, or their means.
fn totals(numbers: &Numbers<'_>) -> Vec<Proposal> {
    let totals: Vec<usize> = (0..numbers.sheet.rows.len()).filter(|row| numbers.sheet.row_is_total(*row)).collect();
    let [total] = totals.as_slice() else { return Vec::new() };
    let label = numbers.sheet.label_column();
    let selector = numbers.sheet.entry(*total, label).text();
    let row = if selector.is_empty() { return Vec::new() } else { selector };
    let mut proposals = Vec::new();
    let how = [
        (RuleKind::Sum, Localized::new("қосындысы", "сумма", "sum")),
        (RuleKind::Mean, Localized::new("жай орташасы", "простое среднее", "plain mean")),
    ];
    for (kind, word) in how {
        let (mut columns, mut holds) = (Vec::new(), 0);
        for column in &numbers.columns {
            let values: Vec<Exact> = numbers.body.iter().filter_map(|row| numbers.value(*row, *column)).collect();
            let computed = if kind == RuleKind::Sum { Exact::sum(values.clone()) } else { Exact::mean(values.clone()) };
            let (Some(printed), Ok(computed)) = (numbers.sheet.entry(*total, *column).number(), computed) else {
                continue;
            };
            // Percentages are not added; a column that cannot be a sum is not tried as one.
            let near = printed
                .value
                .minus(computed)
                .is_ok_and(|off| off.abs().times(Exact::from(20)).is_ok_and(|off| off <= computed.abs()));
            if values.len() >= 3 && near && !printed.value.is_zero() {
                columns.push(numbers.name(*column).to_owned());
                holds += usize::from(agreement(printed, computed, 0, None).is_some());
            }
        }
        if holds >= 1 && holds * 5 >= columns.len() * 4 {
            let rule =
                Rule { rows: row.to_owned(), of: Some("[{}@*]".to_owned()), ..Rule::new(kind, &numbers.sheet.name) };
            let list = columns.join(", ");
            let [kk, ru, en] = kernel::Language::ALL.map(|language| word.in_language(language));
            let words = Localized::new(
                format!("«{row}» жолы = жоғарыдағы жолдардың {kk}: {list}"),
                format!("строка «{row}» = {ru} строк выше: {list}"),
                format!("row \"{row}\" = {en} of the rows above, in {list}"),
            );
            let tried = columns.len();
            proposals.push(proposal(Rule { columns, ..rule }, words, (holds, tried)));
            // A row of sums is not also a row of means.
            break;
        }
    }
    proposals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Rules, audit};

    #[test]
    fn relations_are_found_and_the_wrong_cell_with_them() {
        let text = "school,n,n_5,n_4,n_3,share_5,place\nA,100,30,50,20,30.0,3\nB,80,40,30,10,50.0,1\nC,60,6,40,14,10.0,5\n\
                    D,90,30,40,20,33.3,2\nE,50,10,20,20,20.5,4\nTOTAL,380,116,180,84,30.5,\n";
        let sheet = Sheet::from_csv("t", text);
        let proposals = propose(&sheet);
        let words: Vec<&str> = proposals.iter().map(|one| one.words.in_language(kernel::Language::En)).collect();
        assert!(words.contains(&"n = n_5 + n_4 + n_3"), "{words:?}");
        assert!(words.contains(&"share_5 = n_5 in percent of n"), "{words:?}");
        assert!(words.contains(&"place = place by share_5"), "{words:?}");
        assert!(words.contains(&"row \"TOTAL\" = sum of the rows above, in n, n_5, n_4, n_3"), "{words:?}");
        let rules = Rules { rules: proposals.into_iter().map(|one| one.rule).collect(), ..Rules::default() };
        let report = audit(&[sheet], &rules);
        let found: Vec<(&str, &str)> =
            report.findings.iter().map(|one| (one.at.row.as_str(), one.at.column.as_str())).collect();
        assert_eq!(found, [("E", "share_5")], "{}", report.text(kernel::Language::En));
        assert!(report.rule_errors.is_empty());
    }
}
