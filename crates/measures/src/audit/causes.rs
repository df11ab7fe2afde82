//! Why a number may not agree: other ways to come to it, tried one after the other.

use super::cell::{Agreement, agreement};
use super::check::{Audit, Target};
use super::expression::{Here, List, NoValue, parse};
use super::report::Cause;
use super::rule::{Rule, RuleError, RuleKind};
use crate::exact::Exact;

/// Likely causes, likeliest first; never empty.
pub(crate) fn of(
    audit: &Audit<'_>,
    rule: &Rule,
    target: &Target,
    computed: Exact,
    here: Here,
) -> Result<Vec<Cause>, RuleError> {
    let mut causes = Vec::new();
    let gives = |value: Exact| agreement(&target.printed, value, target.usual, None).is_some();
    for other in &rule.alternatives {
        match audit.tables.single(&parse(&other.equals)?, here) {
            Ok(value) if gives(value) => causes.push(Cause::OtherMethod { method: other.means.clone() }),
            Err(NoValue::Rule(error)) => return Err(error),
            _ => {}
        }
    }
    match rule.kind {
        RuleKind::Sum => sums(audit, rule, here, computed, target, &mut causes)?,
        RuleKind::Share => shares(audit, rule, here, target, &mut causes)?,
        RuleKind::Mean => means(audit, rule, here, target, &mut causes)?,
        RuleKind::Change => changes(audit, target, here, &mut causes),
        RuleKind::Equals => neighbours(audit, rule, here, target, &mut causes)?,
        _ => {}
    }
    if causes.is_empty() && misprinted(&target.printed.text, &computed.fixed(target.printed.decimals)) {
        causes.push(Cause::Misprint);
    }
    if causes.is_empty() {
        causes.push(Cause::Unexplained);
    }
    Ok(causes)
}

/// One digit differs, or two neighbouring digits changed places.
fn misprinted(printed: &str, right: &str) -> bool {
    let digits = |text: &str| -> Vec<char> { text.chars().filter(char::is_ascii_digit).collect() };
    let (printed, right) = (digits(printed), digits(right));
    // Short numbers look alike by chance.
    if printed.len() != right.len() || printed.len() < 3 {
        return false;
    }
    let different: Vec<usize> =
        printed.iter().zip(&right).enumerate().filter(|(_, (a, b))| a != b).map(|(index, _)| index).collect();
    match different.as_slice() {
        [_] => true,
        [first, second] if *second == first + 1 => {
            printed.get(*first) == right.get(*second) && printed.get(*second) == right.get(*first)
        }
        _ => false,
    }
}

fn elements(audit: &Audit<'_>, text: &str, here: Here) -> Result<(List, Vec<String>), RuleError> {
    let expression = parse(&format!("list({text})"))?;
    let list = match audit.tables.list(&expression, here) {
        Ok(list) => list,
        Err(NoValue::Rule(error)) => return Err(error),
        Err(_) => Vec::new(),
    };
    let places = audit.tables.reads(&expression, here);
    // Elements of one row are told apart by their columns, others by their rows.
    let one_row = places.windows(2).all(|pair| matches!(pair, [a, b] if (a.0, a.1) == (b.0, b.1)));
    let names = (0..list.len())
        .map(|index| {
            places.get(index).map_or_else(String::new, |place| {
                let at = audit.location(*place);
                if one_row { at.column } else { at.row }
            })
        })
        .collect();
    Ok((list, names))
}

fn sums(
    audit: &Audit<'_>,
    rule: &Rule,
    here: Here,
    computed: Exact,
    target: &Target,
    causes: &mut Vec<Cause>,
) -> Result<(), RuleError> {
    let (list, names) = elements(audit, rule.of.as_deref().unwrap_or_default(), here)?;
    let known = || {
        list.iter()
            .zip(&names)
            .filter_map(|(value, name)| Some(((*value)?, name)))
            .filter(|(value, _)| !value.is_zero())
    };
    if list.len() > 1 {
        for (value, name) in known() {
            if computed.minus(value).is_ok_and(|sum| sum == target.printed.value) {
                causes.push(Cause::LeftOut { what: name.clone() });
            } else if computed.plus(value).is_ok_and(|sum| sum == target.printed.value) {
                causes.push(Cause::CountedTwice { what: name.clone() });
            }
        }
    }
    Ok(())
}

fn shares(
    audit: &Audit<'_>,
    rule: &Rule,
    here: Here,
    target: &Target,
    causes: &mut Vec<Cause>,
) -> Result<(), RuleError> {
    let single = |text: Option<&str>| -> Result<Option<Exact>, RuleError> {
        match audit.tables.single(&parse(text.unwrap_or_default())?, here) {
            Ok(value) => Ok(Some(value)),
            Err(NoValue::Rule(error)) => Err(error),
            Err(_) => Ok(None),
        }
    };
    let (Some(part), Some(whole)) = (single(rule.part.as_deref())?, single(rule.whole.as_deref())?) else {
        return Ok(());
    };
    let exactly = |part: Exact, whole: Exact| {
        let share = part.percent_of(whole).ok();
        share.and_then(|share| agreement(&target.printed, share, target.usual, None)) == Some(Agreement::Rounded)
    };
    if causes.is_empty() && part.to_whole().is_some() {
        for step in [1, -1] {
            let other = part.plus(Exact::from(step)).unwrap_or(part);
            if exactly(other, whole) {
                causes.push(Cause::OtherPart { part: other });
            }
        }
    }
    // Another number of the same row, or a total of the whole's column, as the whole.
    let Some(sheet) = audit.tables.sheets.get(here.table) else { return Ok(()) };
    if let Some(row) = here.row {
        for (column, name) in sheet.columns.iter().enumerate() {
            let value = sheet.entry(row, column).number().map(|printed| printed.value);
            if let Some(value) = value.filter(|value| *value > part && *value != whole && exactly(part, *value)) {
                causes.push(Cause::OtherWhole { whole: format!("{name} ({value})") });
            }
        }
    }
    Ok(())
}

fn means(
    audit: &Audit<'_>,
    rule: &Rule,
    here: Here,
    target: &Target,
    causes: &mut Vec<Cause>,
) -> Result<(), RuleError> {
    let gives = |value: Result<Exact, crate::ArithmeticError>| {
        value.is_ok_and(|value| agreement(&target.printed, value, target.usual, None).is_some())
    };
    let (list, names) = elements(audit, rule.of.as_deref().unwrap_or_default(), here)?;
    let known: Vec<(Exact, &String)> =
        list.iter().zip(&names).filter_map(|(value, name)| Some(((*value)?, name))).collect();
    let values = || known.iter().map(|(value, _)| *value);
    let plain = |values: Vec<Exact>| Exact::mean(values);
    if rule.weights.is_some() && gives(plain(values().collect())) {
        causes.push(Cause::OtherMethod { method: "the unweighted mean".to_owned() });
    }
    for digits in 0..=2 {
        let rounded: Vec<Exact> = values().map(|value| value.rounded(digits)).collect();
        if values().zip(&rounded).any(|(value, rounded)| value != *rounded) && gives(plain(rounded)) {
            causes.push(Cause::OtherMethod {
                method: format!("the unweighted mean of values rounded to {digits} digits"),
            });
            break;
        }
    }
    if causes.is_empty() && known.len() > 2 {
        for (index, (_, name)) in known.iter().enumerate() {
            let rest: Vec<Exact> =
                known.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, (value, _))| *value).collect();
            if gives(plain(rest)) {
                causes.push(Cause::LeftOut { what: (*name).clone() });
            }
        }
    }
    Ok(())
}

fn changes(audit: &Audit<'_>, target: &Target, here: Here, causes: &mut Vec<Cause>) {
    let (Some(sheet), Some(row)) = (audit.tables.sheets.get(here.table), here.row) else { return };
    let cells: Vec<(&String, Exact)> = sheet
        .columns
        .iter()
        .enumerate()
        .filter(|(column, _)| target.place.is_none_or(|place| place.2 != *column))
        .filter_map(|(column, name)| Some((name, sheet.entry(row, column).number()?.value)))
        .collect();
    for (later, (later_name, a)) in cells.iter().enumerate() {
        for (earlier_name, b) in cells.iter().take(later) {
            let same = a.minus(*b).is_ok_and(|change| change == target.printed.value);
            if same && !target.printed.value.is_zero() {
                let (later, earlier) = ((*later_name).clone(), (*earlier_name).clone());
                causes.push(Cause::OtherPeriods { later, earlier });
            }
        }
    }
}

/// The printed number stands in a neighbouring row or column of the other table.
fn neighbours(
    audit: &Audit<'_>,
    rule: &Rule,
    here: Here,
    target: &Target,
    causes: &mut Vec<Cause>,
) -> Result<(), RuleError> {
    let expression = parse(rule.there.as_deref().unwrap_or_default())?;
    let [place] = audit.tables.reads(&expression, here).as_slice().to_vec()[..] else { return Ok(()) };
    let Some(sheet) = audit.tables.sheets.get(place.0) else { return Ok(()) };
    // Short whole numbers stand in many places by chance.
    if target.printed.text.chars().filter(char::is_ascii_digit).count() < 3 {
        return Ok(());
    }
    let same = |row: usize, column: usize| {
        target.place != Some((place.0, row, column))
            && sheet.entry(row, column).number().is_some_and(|printed| printed.value == target.printed.value)
    };
    let columns = (0..sheet.columns.len()).filter(|column| *column != place.2 && same(place.1, *column));
    causes.extend(columns.filter_map(|column| Some(Cause::Swapped { with: sheet.columns.get(column)?.clone() })));
    let rows = (0..sheet.rows.len()).filter(|row| *row != place.1 && same(*row, place.2));
    causes.extend(rows.map(|row| Cause::Swapped { with: audit.tables.label(place.0, row).to_owned() }));
    Ok(())
}
