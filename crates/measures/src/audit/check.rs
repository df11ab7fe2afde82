//! Running rules over tables.

use super::causes;
use super::cell::{Agreement, Comma, Printed, agreement, read};
use super::expression::{Expression, Here, NoValue, Place, Tables, parse};
use super::report::{Cause, Finding, Location, Report, Tolerated};
use super::rule::{Rule, RuleError, RuleKind, Rules, Sign};
use super::sheet::Sheet;
use crate::definition::Direction;
use crate::evaluate::ranks;
use crate::exact::Exact;

/// A number under check: a cell, or a number that the text claims.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub at: Location,
    pub place: Option<Place>,
    pub printed: Printed,
    /// Digits that numbers of its column usually show.
    pub usual: u32,
}

/// Checks tables against rules.
pub fn audit(sheets: &[Sheet], rules: &Rules) -> Report {
    let labels = sheets
        .iter()
        .map(|sheet| {
            rules.labels.get(&sheet.name).and_then(|label| sheet.column(label)).unwrap_or_else(|| sheet.label_column())
        })
        .collect();
    let tables = Tables { sheets, labels, aliases: &rules.aliases };
    let usual =
        sheets.iter().map(|sheet| (0..sheet.columns.len()).map(|column| sheet.usual_decimals(column)).collect());
    let mut audit = Audit { tables, report: Report::default(), wrong: Vec::new(), usual: usual.collect() };
    audit.report.problems = sheets.iter().flat_map(|sheet| sheet.problems.iter().cloned()).collect();
    for rule in &rules.rules {
        let columns: Vec<Rule> = if rule.columns.is_empty() {
            vec![rule.clone()]
        } else {
            rule.columns.iter().map(|column| rule.for_column(column)).collect()
        };
        for rule in &columns {
            for table in &rule.tables {
                if let Err(error) = audit.rule(rule, table)
                    && !audit.report.rule_errors.contains(&error)
                {
                    audit.report.rule_errors.push(error);
                }
                // A claim of the text is one claim, however many tables it speaks of.
                if rule.target.is_none() {
                    break;
                }
            }
        }
    }
    audit.inherit();
    audit.report
}

pub(crate) struct Audit<'a> {
    pub tables: Tables<'a>,
    pub report: Report,
    /// Cells that contradict a rule, and the cells each finding was computed from.
    wrong: Vec<(Option<Place>, Vec<Place>)>,
    /// Digits that numbers of each column usually show, by table.
    usual: Vec<Vec<u32>>,
}

fn needed<'r>(rule: &Rule, field: &'static str, text: Option<&'r str>) -> Result<&'r str, RuleError> {
    text.ok_or(RuleError::Missing { kind: rule.kind, field })
}

/// What a number may lie between, in no language.
fn range(low: Exact, high: Exact) -> String {
    if low == high { low.to_string() } else { format!("{low} … {high}") }
}

impl Audit<'_> {
    fn rule(&mut self, rule: &Rule, table: &str) -> Result<(), RuleError> {
        let table = self.tables.find(table)?;
        match rule.kind {
            RuleKind::Rank => return self.rank(rule, table),
            RuleKind::Highest | RuleKind::Lowest => return self.extreme(rule, table),
            RuleKind::Every => return self.every(rule, table),
            RuleKind::Unique => return self.unique(rule, table),
            _ => {}
        }
        let Some(column) = &rule.target else {
            let text = needed(rule, "target\" or \"value", rule.value.as_deref())?;
            let printed = read(text, Comma::Thousands);
            let printed = printed.number().cloned().ok_or_else(|| RuleError::NotANumber(text.to_owned()))?;
            let target = Target { at: self.claim(rule, table), place: None, printed, usual: 0 };
            return self.number(rule, &target, Here { table, row: None });
        };
        for row in self.rows_under_check(rule, table)? {
            let here = Here { table, row: Some(row) };
            for place in self.tables.cells(column, here)? {
                let Some(printed) = self.sheet(place.0).and_then(|sheet| sheet.entry(place.1, place.2).number()) else {
                    continue;
                };
                let usual = self.usual.get(place.0).and_then(|columns| columns.get(place.2)).copied().unwrap_or(0);
                let target = Target { at: self.location(place), place: Some(place), printed: printed.clone(), usual };
                self.number(rule, &target, here)?;
            }
        }
        Ok(())
    }

    fn sheet(&self, table: usize) -> Option<&Sheet> {
        self.tables.sheets.get(table)
    }

    fn rows_under_check(&self, rule: &Rule, table: usize) -> Result<Vec<usize>, RuleError> {
        let here = Here { table, row: None };
        match rule.rows.as_str() {
            "body" => self.tables.rows(table, "*", here),
            "all" => Ok((0..self.sheet(table).map_or(0, |sheet| sheet.rows.len())).collect()),
            selector => self.tables.rows(table, selector, here),
        }
    }

    pub(crate) fn location(&self, place: Place) -> Location {
        let sheet = self.sheet(place.0);
        Location {
            table: sheet.map_or_else(String::new, |sheet| sheet.name.clone()),
            row: self.tables.label(place.0, place.1).to_owned(),
            row_number: place.1 + 1,
            column: sheet.and_then(|sheet| sheet.columns.get(place.2)).cloned().unwrap_or_default(),
        }
    }

    fn claim(&self, rule: &Rule, table: usize) -> Location {
        Location {
            table: self.sheet(table).map_or_else(String::new, |sheet| sheet.name.clone()),
            row: String::new(),
            row_number: 0,
            column: rule.says.clone().unwrap_or_default(),
        }
    }

    /// Expression that the target should equal.
    fn expected(rule: &Rule) -> Result<Expression, RuleError> {
        let text = match rule.kind {
            RuleKind::Sum => format!("sum({})", needed(rule, "of", rule.of.as_deref())?),
            RuleKind::Share => {
                format!(
                    "100 * ({}) / ({})",
                    needed(rule, "part", rule.part.as_deref())?,
                    needed(rule, "whole", rule.whole.as_deref())?
                )
            }
            RuleKind::Mean => match &rule.weights {
                Some(weights) => format!("mean({}, {weights})", needed(rule, "of", rule.of.as_deref())?),
                None => format!("mean({})", needed(rule, "of", rule.of.as_deref())?),
            },
            RuleKind::Change => {
                format!(
                    "({}) - ({})",
                    needed(rule, "later", rule.later.as_deref())?,
                    needed(rule, "earlier", rule.earlier.as_deref())?
                )
            }
            _ => needed(rule, "there", rule.there.as_deref())?.to_owned(),
        };
        parse(&text)
    }

    fn number(&mut self, rule: &Rule, target: &Target, here: Here) -> Result<(), RuleError> {
        match rule.kind {
            RuleKind::Subset => return self.subset(rule, target, here),
            RuleKind::Between => return self.between(rule, target, here),
            _ => {}
        }
        let expression = Self::expected(rule)?;
        let computed = match self.tables.single(&expression, here) {
            Ok(computed) => match rule.adjust.get(&target.at.row) {
                Some(change) => computed.plus(*change).unwrap_or(computed),
                None => computed,
            },
            Err(NoValue::Rule(error)) => return Err(error),
            Err(NoValue::Unreadable | NoValue::Arithmetic) => {
                self.report.unreadable.push(target.at.clone());
                return Ok(());
            }
        };
        self.report.checked += 1;
        match agreement(&target.printed, computed, target.usual, rule.tolerance) {
            Some(Agreement::Rounded) => self.report.reproduced += 1,
            Some(how) => self.report.tolerated.push(Tolerated {
                at: target.at.clone(),
                printed: target.printed.text.clone(),
                computed: computed.fixed(target.printed.decimals.max(target.usual) + 2),
                how,
            }),
            None => {
                let causes = causes::of(self, rule, target, computed, here)?;
                let reads = self.tables.reads(&expression, here);
                self.found(rule, target, computed.fixed(target.printed.decimals.max(target.usual) + 1), causes, reads);
            }
        }
        Ok(())
    }

    fn found(&mut self, rule: &Rule, target: &Target, computed: String, causes: Vec<Cause>, reads: Vec<Place>) {
        self.wrong.push((target.place, reads));
        self.report.findings.push(Finding {
            at: target.at.clone(),
            kind: rule.kind,
            printed: target.printed.text.clone(),
            computed,
            doubtful: target.printed.doubtful,
            causes,
            line: rule.line.clone(),
        });
    }

    fn evaluate(&self, text: &str, here: Here) -> Result<Option<Exact>, RuleError> {
        match self.tables.single(&parse(text)?, here) {
            Ok(value) => Ok(Some(value)),
            Err(NoValue::Rule(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn subset(&mut self, rule: &Rule, target: &Target, here: Here) -> Result<(), RuleError> {
        let Some(whole) = self.evaluate(needed(rule, "whole", rule.whole.as_deref())?, here)? else {
            self.report.unreadable.push(target.at.clone());
            return Ok(());
        };
        let sizes = match (&rule.size, &rule.whole_size) {
            (Some(size), Some(whole_size)) => self.evaluate(size, here)?.zip(self.evaluate(whole_size, here)?),
            _ => None,
        };
        self.report.checked += 1;
        let part = target.printed.value;
        let rest = whole.minus(part).unwrap_or(Exact::ZERO);
        let room = sizes.and_then(|(size, whole_size)| whole_size.minus(size).ok());
        if part <= whole && room.is_none_or(|room| rest <= room) {
            self.report.reproduced += 1;
        } else {
            let least = room.and_then(|room| whole.minus(room).ok()).unwrap_or(Exact::ZERO);
            let range = range(least.max(Exact::ZERO), whole);
            self.found(rule, target, range, vec![Cause::DoesNotFit], Vec::new());
        }
        Ok(())
    }

    fn between(&mut self, rule: &Rule, target: &Target, here: Here) -> Result<(), RuleError> {
        let low = self.evaluate(needed(rule, "low", rule.low.as_deref())?, here)?;
        let high = self.evaluate(needed(rule, "high", rule.high.as_deref())?, here)?;
        let (Some(low), Some(high)) = (low, high) else {
            self.report.unreadable.push(target.at.clone());
            return Ok(());
        };
        self.report.checked += 1;
        if (low..=high).contains(&target.printed.value) {
            self.report.reproduced += 1;
        } else {
            self.found(rule, target, range(low, high), vec![Cause::DoesNotFit], Vec::new());
        }
        Ok(())
    }

    fn rank(&mut self, rule: &Rule, table: usize) -> Result<(), RuleError> {
        let rows = self.rows_under_check(rule, table)?;
        let column = needed(rule, "target", rule.target.as_deref())?;
        let of = needed(rule, "of", rule.of.as_deref())?;
        let cell = |row: usize, column: &str| -> Result<Option<Place>, RuleError> {
            Ok(self.tables.cells(column, Here { table, row: Some(row) })?.first().copied())
        };
        let mut targets = Vec::new();
        let mut values = Vec::new();
        for row in rows {
            let (target, value) = (cell(row, column)?, cell(row, of)?);
            let printed = target.and_then(|place| self.sheet(place.0)?.entry(place.1, place.2).number().cloned());
            if let (Some(place), Some(printed)) = (target, printed) {
                targets.push(Target { at: self.location(place), place: Some(place), printed, usual: 0 });
                values.push(value.and_then(|value| self.tables.value(value)));
            }
        }
        let direction = if rule.ascending { Direction::LessIsBetter } else { Direction::MoreIsBetter };
        let right: Vec<Option<Exact>> =
            ranks(&values, direction).into_iter().map(|rank| rank.map(|rank| Exact::from(i64::from(rank)))).collect();
        for (target, rank) in targets.iter().zip(&right) {
            let Some(rank) = rank else {
                self.report.unreadable.push(target.at.clone());
                continue;
            };
            self.report.checked += 1;
            if *rank == target.printed.value {
                self.report.reproduced += 1;
                continue;
            }
            let swapped = targets.iter().zip(&right).find(|(other, right)| {
                other.at != target.at && other.printed.value == *rank && **right == Some(target.printed.value)
            });
            let cause = swapped.map_or(Cause::Unexplained, |(other, _)| Cause::Swapped { with: other.at.row.clone() });
            self.found(rule, target, rank.to_string(), vec![cause], Vec::new());
        }
        Ok(())
    }

    /// A claim that is not a number: it holds or it does not.
    fn claimed(&mut self, rule: &Rule, table: usize, holds: bool, printed: String, instead: Vec<Cause>) {
        self.report.checked += 1;
        if holds {
            self.report.reproduced += 1;
            return;
        }
        let printed = Printed { value: Exact::ZERO, decimals: 0, doubtful: false, text: printed };
        let target = Target { at: self.claim(rule, table), place: None, printed, usual: 0 };
        self.found(rule, &target, String::new(), instead, Vec::new());
    }

    fn extreme(&mut self, rule: &Rule, table: usize) -> Result<(), RuleError> {
        let here = Here { table, row: None };
        let of = needed(rule, "of", rule.of.as_deref())?;
        let claimed = needed(rule, "row", rule.row.as_deref())?;
        let highest = rule.kind == RuleKind::Highest;
        let ordered = |audit: &Self, of: &str| -> Result<Vec<(usize, Exact)>, RuleError> {
            let expression = parse(of)?;
            let places = audit.tables.reads(&expression, here);
            let list = match audit.tables.list(&expression, here) {
                Ok(list) => list,
                Err(NoValue::Rule(error)) => return Err(error),
                Err(_) => Vec::new(),
            };
            let mut rows: Vec<(usize, Exact)> =
                places.iter().zip(list).filter_map(|(place, value)| Some((place.1, value?))).collect();
            rows.sort_by(|a, b| if highest { b.1.cmp(&a.1) } else { a.1.cmp(&b.1) });
            Ok(rows)
        };
        let rows = ordered(self, of)?;
        let named = self.tables.rows(table, claimed, here)?;
        // Ties: the last of the claimed must not be beaten by anyone outside.
        let worst = rows.iter().filter(|(row, _)| named.contains(row)).map(|(_, value)| *value).next_back();
        let beaten: Vec<&(usize, Exact)> = rows
            .iter()
            .filter(|(row, value)| {
                !named.contains(row) && worst.is_none_or(|worst| if highest { *value > worst } else { *value < worst })
            })
            .collect();
        let tied = rows.iter().any(|(row, value)| !named.contains(row) && Some(*value) == worst);
        let holds = beaten.is_empty() && worst.is_some() && !tied;
        let mut causes = Vec::new();
        let others =
            if beaten.is_empty() { rows.iter().filter(|(_, value)| Some(*value) == worst).collect() } else { beaten };
        let list: Vec<String> =
            others.iter().take(3).map(|(row, value)| format!("{} {value}", self.tables.label(table, *row))).collect();
        causes.push(Cause::FalseClaim { instead: list.join(", ") });
        // Does the claim hold in another column? Then labels were swapped.
        for other in &rule.alternatives {
            let rows = ordered(self, &other.equals)?;
            let first: Vec<usize> = rows.iter().take(named.len()).map(|(row, _)| *row).collect();
            if named.iter().all(|row| first.contains(row)) {
                causes.push(Cause::Swapped { with: other.means.clone() });
            }
        }
        let word = if highest { "highest" } else { "lowest" };
        self.claimed(rule, table, holds, format!("{word}: {claimed}"), causes);
        Ok(())
    }

    fn every(&mut self, rule: &Rule, table: usize) -> Result<(), RuleError> {
        let here = Here { table, row: None };
        let expression = parse(needed(rule, "of", rule.of.as_deref())?)?;
        let sign = rule.is.ok_or(RuleError::Missing { kind: rule.kind, field: "is" })?;
        let places = self.tables.reads(&expression, here);
        let list = match self.tables.list(&expression, here) {
            Ok(list) => list,
            Err(NoValue::Rule(error)) => return Err(error),
            Err(_) => Vec::new(),
        };
        let fits = |value: &Exact| match sign {
            Sign::Positive => *value > Exact::ZERO,
            Sign::Negative => value.is_negative(),
            Sign::Zero => value.is_zero(),
        };
        let against: Vec<String> = list
            .iter()
            .enumerate()
            .filter_map(|(index, value)| Some((index, (*value)?)))
            .filter(|(_, value)| !fits(value))
            .map(|(index, value)| {
                let label = places.get(index).map_or("", |place| self.tables.label(place.0, place.1));
                format!("{label} {value}")
            })
            .collect();
        let cause = Cause::FalseClaim { instead: against.join(", ") };
        self.claimed(rule, table, against.is_empty(), rule.says.clone().unwrap_or_default(), vec![cause]);
        Ok(())
    }

    /// Rows whose value in the target column occurs before; a row that repeats most of another's numbers is a copy.
    fn unique(&mut self, rule: &Rule, table: usize) -> Result<(), RuleError> {
        let rows = self.rows_under_check(rule, table)?;
        let column = needed(rule, "target", rule.target.as_deref())?;
        let mut seen: Vec<(usize, String)> = Vec::new();
        for row in rows {
            let Some(place) = self.tables.cells(column, Here { table, row: Some(row) })?.first().copied() else {
                continue;
            };
            let Some(sheet) = self.sheet(table) else { continue };
            let text = sheet.entry(row, place.2).text().to_owned();
            // A remark in brackets does not make a second grade 11 another grade.
            let plain = text.split('(').next().unwrap_or("").trim().to_owned();
            let numbers = |row: usize| -> Vec<Option<Exact>> {
                let columns = sheet.number_columns().into_iter().filter(|other| *other != place.2);
                columns.map(|column| sheet.entry(row, column).number().map(|printed| printed.value)).collect()
            };
            let alike = |other: usize| {
                numbers(row).iter().zip(numbers(other)).filter(|(a, b)| a.is_some() && **a == *b).count()
            };
            let copied = (0..row).filter(|other| alike(*other) >= 3).max_by_key(|other| alike(*other));
            let double = seen.iter().any(|(_, earlier)| *earlier == plain);
            let printed = Printed { value: Exact::ZERO, decimals: 0, doubtful: false, text };
            let target = Target { at: self.location(place), place: Some(place), printed, usual: 0 };
            self.report.checked += 1;
            if double {
                let cause = copied.map_or(Cause::Unexplained, |of| Cause::CopiedRow {
                    of: format!("row {} \"{}\"", of + 1, self.tables.label(table, of)),
                });
                self.found(rule, &target, "1 ×".to_owned(), vec![cause], Vec::new());
            } else {
                self.report.reproduced += 1;
            }
            seen.push((row, plain));
        }
        Ok(())
    }

    /// Findings computed from cells that are themselves wrong say so.
    fn inherit(&mut self) {
        for index in 0..self.wrong.len() {
            let Some((own, reads)) = self.wrong.get(index) else { continue };
            let from = reads
                .iter()
                .find(|place| Some(**place) != *own && self.wrong.iter().any(|(other, _)| *other == Some(**place)));
            let Some(place) = from else { continue };
            let at = self.location(*place);
            let cause = Cause::Inherited { from: format!("{} {} {}", at.table, at.row, at.column) };
            if let Some(finding) = self.report.findings.get_mut(index) {
                finding.causes.retain(|cause| *cause != Cause::Unexplained);
                finding.causes.push(cause);
            }
        }
    }
}
