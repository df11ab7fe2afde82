//! Relations between rows, and between tables, guessed from the numbers.

use super::cell::agreement;
use super::propose::{Evidence, Numbers, Proposal, proposal, significant};
use super::rule::{Rule, RuleKind};
use super::sheet::Sheet;
use crate::exact::Exact;
use kernel::Localized;

/// How a total row comes from the rows it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Sum,
    Mean,
    /// Mean weighted by a column.
    Weighted(usize),
}

/// Rows that a total may stand for, in its own order of likelihood; with a selector for expressions.
fn row_sets(numbers: &Numbers<'_>, total: usize) -> Vec<(Vec<usize>, String)> {
    let listed = |rows: &[usize]| rows.iter().map(|row| format!("#{}", row + 1)).collect::<Vec<_>>().join("|");
    let mut sets: Vec<(Vec<usize>, String)> = vec![(numbers.body.clone(), "*".to_owned())];
    if numbers.totals.len() > 1 {
        let before = numbers.totals.iter().copied().filter(|one| *one < total).max();
        let after = numbers.totals.iter().copied().filter(|one| *one > total).min();
        let above = |row: &usize| *row < total && before.is_none_or(|before| *row > before);
        let below = |row: &usize| *row > total && after.is_none_or(|after| *row < after);
        let others: Vec<usize> = numbers.totals.iter().copied().filter(|one| *one != total).collect();
        let body = || numbers.body.iter().copied();
        for rows in [body().filter(above).collect(), body().filter(below).collect(), others] {
            let selector = listed(&rows);
            sets.push((rows, selector));
        }
    }
    sets.retain(|(rows, _)| rows.len() >= 2);
    sets
}

fn computed(numbers: &Numbers<'_>, rows: &[usize], column: usize, method: Method) -> Option<Exact> {
    let values = || rows.iter().filter_map(|row| numbers.value(*row, column));
    match method {
        Method::Sum => Exact::sum(values()).ok(),
        Method::Mean => Exact::mean(values()).ok(),
        Method::Weighted(weights) => {
            let pair = |row: &usize| Some((numbers.value(*row, column)?, numbers.value(*row, weights)?));
            Exact::weighted_mean(rows.iter().filter_map(pair)).ok()
        }
    }
}

/// Whether a label says sum ("total") rather than mean.
fn says_sum(label: &str) -> bool {
    let label = label.to_lowercase();
    !["mean", "average", "орташа", "средн"].iter().any(|word| label.contains(word))
}

/// Columns of a total row that agree with a method, and those that should and do not.
struct Columns {
    agree: Vec<usize>,
    differ: Vec<usize>,
    digits: u32,
}

fn columns(numbers: &Numbers<'_>, total: usize, rows: &[usize], method: Method, skipped: &[usize]) -> Columns {
    let mut found = Columns { agree: Vec::new(), differ: Vec::new(), digits: 0 };
    for column in numbers.columns.iter().copied().filter(|column| method != Method::Weighted(*column)) {
        let values: Vec<Exact> = rows.iter().filter_map(|row| numbers.value(*row, column)).collect();
        let (Some(printed), Some(right)) = (numbers.printed(total, column), computed(numbers, rows, column, method))
        else {
            continue;
        };
        if values.len() < 2 || printed.value.is_zero() || values.iter().all(|value| Some(value) == values.first()) {
            continue;
        }
        if agreement(printed, right, 0, None).is_some() {
            found.agree.push(column);
            found.digits += significant(printed);
            continue;
        }
        // A column that another relation explains is checked there; one that looks like something else is no counterexample.
        let (lowest, highest) = (values.iter().min().copied(), values.iter().max().copied());
        let inside = lowest <= Some(printed.value) && Some(printed.value) <= highest;
        let off = printed.value.minus(right).map(Exact::abs).and_then(|off| off.times(Exact::from(20)));
        let near = off.is_ok_and(|off| off <= right.abs());
        let whole = printed.decimals == 0 && values.iter().all(|value| value.decimals() == 0);
        let fits = match method {
            Method::Sum => near || (whole && !inside),
            Method::Mean | Method::Weighted(_) => inside && !whole,
        };
        if fits && !skipped.contains(&column) {
            found.differ.push(column);
        }
    }
    found
}

/// Total rows: sums or means of the rows that they stand for. Columns in `explained` have a relation of their own.
pub(super) fn totals(numbers: &Numbers<'_>, explained: &[usize]) -> Vec<Proposal> {
    numbers.totals.iter().flat_map(|total| total_row(numbers, *total, explained)).collect()
}

fn total_row(numbers: &Numbers<'_>, total: usize, explained: &[usize]) -> Vec<Proposal> {
    let label = numbers.sheet.entry(total, numbers.sheet.label_column()).text();
    let mut proposals = Vec::new();
    // What already has a relation in this row is not looked for again.
    let mut settled: Vec<usize> = Vec::new();
    let (mut sums, mut means): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let best = |method: Method, settled: &[usize]| {
        let skipped: Vec<usize> = explained.iter().chain(settled).copied().collect();
        let sets = row_sets(numbers, total).into_iter();
        let tried = sets.map(|(rows, selector)| (columns(numbers, total, &rows, method, &skipped), rows, selector));
        let new = |found: &Columns| found.agree.iter().any(|column| !settled.contains(column));
        tried
            .filter(|(found, ..)| new(found))
            .min_by_key(|(found, ..)| std::cmp::Reverse((found.agree.len(), found.digits)))
    };
    let plain = if says_sum(label) { [Method::Sum, Method::Mean] } else { [Method::Mean, Method::Sum] };
    let mut methods: Vec<Method> = plain.to_vec();
    let mut position = 0;
    while let Some(method) = methods.get(position).copied() {
        position += 1;
        if method == Method::Mean || position == 2 {
            // Weights are numbers of people: sums, or whole numbers that nothing else explains.
            let whole = |column: &usize| numbers.sheet.usual_decimals(*column) == 0;
            let unexplained = |column: &usize| sums.contains(column) || !explained.contains(column);
            let counts = numbers.columns.iter().copied().filter(whole).filter(unexplained);
            let weights: Vec<Method> = counts.map(Method::Weighted).collect();
            methods
                .extend(weights.into_iter().filter(|one| position == 2 && !methods.contains(one)).collect::<Vec<_>>());
        }
        let Some((mut found, _rows, selector)) = best(method, &settled) else { continue };
        found.agree.retain(|column| !settled.contains(column));
        if method == Method::Mean {
            means.clone_from(&found.agree);
        }
        // A row that weights some of its means by people and not the others mixes two things that are called the same.
        if matches!(method, Method::Weighted(_)) {
            let more: Vec<usize> = means.iter().copied().filter(|one| !explained.contains(one)).collect();
            found.differ.extend(more.iter().filter(|one| !found.agree.contains(one) && settled.contains(one)));
        }
        let mixed = !found.differ.is_empty() && found.differ.iter().all(|one| means.contains(one));
        let (agree, differ) = (found.agree.len(), found.differ.len());
        let digits: u32 =
            found.agree.iter().filter_map(|column| numbers.printed(total, *column)).map(significant).sum();
        let enough = match method {
            // The label is evidence too.
            Method::Sum if says_sum(label) => agree >= differ,
            Method::Sum | Method::Mean => agree >= 2 * differ,
            Method::Weighted(_) => (agree >= 2 * differ || (mixed && agree >= differ)) && (agree >= 2 || digits >= 3),
        };
        // A single short number agrees by chance.
        if !enough || digits < 3 {
            continue;
        }
        let chosen: Vec<usize> = numbers
            .columns
            .iter()
            .copied()
            .filter(|one| found.agree.contains(one) || found.differ.contains(one))
            .collect();
        settled.extend(&chosen);
        if method == Method::Sum {
            sums.extend(&found.agree);
        }
        let evidence = Evidence::counted(agree, agree + differ, digits);
        proposals.push(row_proposal(numbers, total, method, &chosen, &selector, &evidence));
        // Means weighted by a column say that the total holds all of that column.
        if let Method::Weighted(weights) = method
            && !settled.contains(&weights)
            && agree >= 2
        {
            settled.push(weights);
            proposals.push(row_proposal(numbers, total, Method::Sum, &[weights], &selector, &evidence));
        }
    }
    proposals
}

fn row_proposal(
    numbers: &Numbers<'_>,
    total: usize,
    method: Method,
    columns: &[usize],
    selector: &str,
    evidence: &Evidence,
) -> Proposal {
    let (kind, weights, word) = match method {
        Method::Sum => (RuleKind::Sum, None, Localized::new("қосындысы", "сумма", "sum")),
        Method::Mean => (RuleKind::Mean, None, Localized::new("жай орташасы", "простое среднее", "plain mean")),
        Method::Weighted(column) => {
            let name = numbers.name(column);
            let word = Localized::new(
                format!("{name} бойынша салмақталған орташасы"),
                format!("взвешенное по {name} среднее"),
                format!("mean weighted by {name}"),
            );
            (RuleKind::Mean, Some(format!("[{}@{selector}]", numbers.reference(column))), word)
        }
    };
    let rule = Rule {
        rows: format!("#{}", total + 1),
        of: Some(format!("[{{}}@{selector}]")),
        weights,
        columns: columns.iter().map(|column| numbers.reference(*column)).collect(),
        ..Rule::new(kind, &numbers.sheet.name)
    };
    let row = numbers.sheet.entry(total, numbers.sheet.label_column()).text();
    let row = if row.is_empty() { format!("{}", total + 1) } else { row.to_owned() };
    let list = columns.iter().map(|column| numbers.name(*column)).collect::<Vec<_>>().join(", ");
    // Rows that are not all: by their numbers.
    let some = if selector == "*" { String::new() } else { format!(" ({})", selector.replace(['#', '|'], " ").trim()) };
    let [kk, ru, en] = kernel::Language::ALL.map(|language| word.in_language(language));
    let words = if selector == "*" {
        Localized::new(
            format!("«{row}» жолы = жоғарыдағы жолдардың {kk}: {list}"),
            format!("строка «{row}» = {ru} строк выше: {list}"),
            format!("row \"{row}\" = {en} of the rows above, in {list}"),
        )
    } else {
        Localized::new(
            format!("«{row}» жолы = жолдардың{some} {kk}: {list}"),
            format!("строка «{row}» = {ru} строк{some}: {list}"),
            format!("row \"{row}\" = {en} of rows{some}, in {list}"),
        )
    };
    proposal(rule, words, evidence)
}

/// Columns of one name in two tables that say the same of rows of one label.
pub(super) fn between(earlier: &Sheet, sheet: &Sheet) -> Vec<Proposal> {
    let unclear = |name: &str| name.contains(['[', ']', '@', ':', '{', '}', '=', '|', '#']) || name.is_empty();
    if unclear(&earlier.name) {
        return Vec::new();
    }
    let (there, here) = (Numbers::of(earlier), Numbers::of(sheet));
    let label = |sheet: &Sheet, row: usize| sheet.entry(row, sheet.label_column()).text().to_owned();
    let alone = |sheet: &Sheet, wanted: &str| {
        let mut rows = (0..sheet.rows.len()).filter(|row| label(sheet, *row) == wanted);
        rows.next().filter(|_| rows.next().is_none())
    };
    let rows: Vec<(usize, usize)> = (0..sheet.rows.len())
        .filter_map(|row| {
            let name = label(sheet, row);
            if unclear(&name) { None } else { Some((alone(sheet, &name)?, alone(earlier, &name)?)) }
        })
        .collect();
    let mut proposals = Vec::new();
    for column in here.columns.iter().copied() {
        let name = here.name(column).to_lowercase();
        let Some(other) = there.columns.iter().copied().find(|other| there.name(*other).to_lowercase() == name) else {
            continue;
        };
        let mut evidence = Evidence::default();
        for (row, match_row) in &rows {
            if let (Some(printed), Some(value)) = (here.printed(*row, column), there.value(*match_row, other)) {
                evidence.note(printed, value, true, (sheet.usual_decimals(column), None));
            }
        }
        // Two tables of different years resemble each other too.
        if evidence.holds < 4 || !evidence.convinces(here.columns.len() * 100) {
            continue;
        }
        let selector = rows.iter().map(|(row, _)| format!("#{}", row + 1)).collect::<Vec<_>>().join("|");
        let rule = Rule {
            rows: selector,
            target: Some(here.reference(column)),
            there: Some(format!("[{}:#{}]", earlier.name, other + 1)),
            ..Rule::new(RuleKind::Equals, &sheet.name)
        };
        let (name, other, table) = (here.name(column), there.name(other), &earlier.name);
        let words = Localized::new(
            format!("{name} = {table} кестесіндегі {other}"),
            format!("{name} = {other} в таблице {table}"),
            format!("{name} = {other} in {table}"),
        );
        proposals.push(proposal(rule, words, &evidence));
    }
    proposals
}
