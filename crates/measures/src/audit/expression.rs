//! Small expressions over cells: `100 * ([n_5] + [n_4]) / [students_total]`, `mean([quality@*])`.
//!
//! A reference in brackets is `column`, `column@rows`, `table:column` or `table:column@rows`. Without rows it means the
//! row under check (in another table: the row with the same label). A colon in a column's own name is understood; `#3` is
//! the third column, or row, whatever it is called. Rows are `*` (all that are not totals), a label,
//! labels joined by `|`, or conditions `year=SUBTOTAL&school=.` where `.` is the value of the row under check and `!=`
//! excludes. Lists are computed element by element.

use super::rule::RuleError;
use super::sheet::Sheet;
use crate::exact::Exact;
use std::collections::BTreeMap;

/// Position of a cell: table, row, column.
pub(crate) type Place = (usize, usize, usize);

/// Elements with the cell that each comes from, where it is one.
pub(crate) type List = Vec<Option<Exact>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    Number(Exact),
    Reference(String),
    Negative(Box<Expression>),
    Binary(char, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
}

/// Parses an expression.
pub(crate) fn parse(text: &str) -> Result<Expression, RuleError> {
    let mut parser = Parser { text, at: 0 };
    let expression = parser.sum()?;
    parser.skip();
    if parser.at < text.len() { Err(parser.error("nothing more")) } else { Ok(expression) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn error(&self, expected: &'static str) -> RuleError {
        RuleError::Expression { text: self.text.to_owned(), at: self.at, expected }
    }

    fn take(&mut self, any: &[char]) -> Option<char> {
        self.skip();
        let found = self.rest().chars().next().filter(|one| any.contains(one))?;
        self.at += found.len_utf8();
        Some(found)
    }

    fn sum(&mut self) -> Result<Expression, RuleError> {
        let mut left = self.product()?;
        while let Some(sign) = self.take(&['+', '-', '−']) {
            let sign = if sign == '−' { '-' } else { sign };
            left = Expression::Binary(sign, Box::new(left), Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expression, RuleError> {
        let mut left = self.one()?;
        while let Some(sign) = self.take(&['*', '/']) {
            left = Expression::Binary(sign, Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Expression, RuleError> {
        if self.take(&['-', '−']).is_some() {
            return Ok(Expression::Negative(Box::new(self.one()?)));
        }
        if self.take(&['(']).is_some() {
            let inner = self.sum()?;
            return if self.take(&[')']).is_some() { Ok(inner) } else { Err(self.error("a closing bracket")) };
        }
        if self.take(&['[']).is_some() {
            let end = self.rest().find(']').ok_or_else(|| self.error("a closing bracket ]"))?;
            let reference = self.rest().get(..end).unwrap_or("").to_owned();
            self.at += end + 1;
            return Ok(Expression::Reference(reference));
        }
        self.skip();
        let word: String =
            self.rest().chars().take_while(|one| one.is_ascii_alphanumeric() || matches!(one, '.' | '_')).collect();
        self.at += word.len();
        if let Ok(number) = word.parse::<Exact>() {
            return Ok(Expression::Number(number));
        }
        if word.is_empty() || self.take(&['(']).is_none() {
            return Err(self.error("a number, a reference in [ ] or a function"));
        }
        let mut arguments = vec![self.sum()?];
        while self.take(&[',']).is_some() {
            arguments.push(self.sum()?);
        }
        if self.take(&[')']).is_some() {
            Ok(Expression::Call(word, arguments))
        } else {
            Err(self.error("a closing bracket"))
        }
    }
}

/// The position that `#3` names.
fn numbered(name: &str) -> Option<usize> {
    name.trim().strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1)
}

/// All tables with the names that rows go by.
#[derive(Debug)]
pub(crate) struct Tables<'a> {
    pub sheets: &'a [Sheet],
    pub labels: Vec<usize>,
    /// Other spelling → label.
    pub aliases: &'a BTreeMap<String, String>,
}

/// Why an expression has no value here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoValue {
    /// A cell is empty or text.
    Unreadable,
    /// Division by zero or too large.
    Arithmetic,
    /// The rule names what does not exist.
    Rule(RuleError),
}

/// Where an expression is evaluated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here {
    pub table: usize,
    pub row: Option<usize>,
}

impl Tables<'_> {
    pub(crate) fn label(&self, table: usize, row: usize) -> &str {
        let text = match (self.sheets.get(table), self.labels.get(table)) {
            (Some(sheet), Some(column)) => sheet.entry(row, *column).text(),
            _ => "",
        };
        self.aliases.get(text).map_or(text, String::as_str)
    }

    pub(crate) fn find(&self, name: &str) -> Result<usize, RuleError> {
        let found = self.sheets.iter().position(|sheet| sheet.name == name);
        found.ok_or_else(|| RuleError::UnknownTable(name.to_owned()))
    }

    /// Rows that a selector takes.
    pub(crate) fn rows(&self, table: usize, selector: &str, here: Here) -> Result<Vec<usize>, RuleError> {
        let Some(sheet) = self.sheets.get(table) else { return Ok(Vec::new()) };
        let all = 0..sheet.rows.len();
        let unknown = || RuleError::UnknownRow { table: sheet.name.clone(), row: selector.to_owned() };
        if selector == "*" {
            return Ok(all.filter(|row| !sheet.row_is_total(*row)).collect());
        }
        if !selector.contains('=') {
            return selector
                .split('|')
                .map(|label| {
                    let matches = |row: &usize| self.label(table, *row) == label.trim();
                    let numbered = || numbered(label).filter(|row| all.contains(row));
                    all.clone().find(matches).or_else(numbered).ok_or_else(unknown)
                })
                .collect();
        }
        let mut rows: Vec<usize> = all.collect();
        for condition in selector.split('&') {
            let (column, value) = condition.split_once('=').ok_or_else(unknown)?;
            let (column, equal) = column.strip_suffix('!').map_or((column, true), |column| (column, false));
            let position = sheet
                .column(column.trim())
                .ok_or_else(|| RuleError::UnknownColumn { table: sheet.name.clone(), column: column.to_owned() })?;
            let value = match (value, here.row) {
                (".", Some(row)) => {
                    let own = self.sheets.get(here.table);
                    let own_column = own.and_then(|own| own.column(column.trim()));
                    own.zip(own_column).map_or("", |(own, column)| own.entry(row, column).text())
                }
                _ => value.trim(),
            };
            rows.retain(|row| (sheet.entry(*row, position).text() == value) == equal);
        }
        if rows.is_empty() { Err(unknown()) } else { Ok(rows) }
    }

    /// Cells that a reference takes.
    pub(crate) fn cells(&self, reference: &str, here: Here) -> Result<Vec<Place>, RuleError> {
        let (path, selector) = match reference.split_once('@') {
            Some((path, selector)) => (path, Some(selector)),
            None => (reference, None),
        };
        // A column may have a colon in its own name (`grade 5: kazakh`).
        let own = self.sheets.get(here.table).and_then(|sheet| sheet.column(path.trim()));
        let (table, column) = match path.split_once(':').filter(|_| own.is_none()) {
            Some((table, column)) => (self.find(table.trim())?, column.trim()),
            None => (here.table, path.trim()),
        };
        let Some(sheet) = self.sheets.get(table) else { return Ok(Vec::new()) };
        let position = sheet
            .column(column)
            .or_else(|| numbered(column).filter(|column| *column < sheet.columns.len()))
            .ok_or_else(|| RuleError::UnknownColumn { table: sheet.name.clone(), column: column.to_owned() })?;
        let rows = match (selector, here.row) {
            (Some(selector), _) => self.rows(table, selector, here)?,
            (None, Some(row)) if table == here.table => vec![row],
            (None, Some(row)) => self.rows(table, self.label(here.table, row), here)?,
            (None, None) => {
                return Err(RuleError::UnknownRow {
                    table: sheet.name.clone(),
                    row: "(no row under check)".to_owned(),
                });
            }
        };
        Ok(rows.into_iter().map(|row| (table, row, position)).collect())
    }

    pub(crate) fn value(&self, place: Place) -> Option<Exact> {
        self.sheets.get(place.0)?.entry(place.1, place.2).number().map(|printed| printed.value)
    }

    /// Evaluates to a list; a single cell or number is a list of one.
    pub(crate) fn list(&self, expression: &Expression, here: Here) -> Result<List, NoValue> {
        match expression {
            Expression::Number(number) => Ok(vec![Some(*number)]),
            Expression::Reference(reference) => {
                let cells = self.cells(reference, here).map_err(NoValue::Rule)?;
                Ok(cells.into_iter().map(|place| self.value(place)).collect())
            }
            Expression::Negative(inner) => {
                Ok(self.list(inner, here)?.into_iter().map(|value| value.map(Exact::negated)).collect())
            }
            Expression::Binary(sign, left, right) => {
                let (left, right) = (self.list(left, here)?, self.list(right, here)?);
                let length = left.len().max(right.len());
                let at =
                    |list: &List, index: usize| list.get(if list.len() == 1 { 0 } else { index }).copied().flatten();
                (0..length)
                    .map(|index| match (at(&left, index), at(&right, index)) {
                        (Some(a), Some(b)) => match sign {
                            '+' => a.plus(b),
                            '-' => a.minus(b),
                            '*' => a.times(b),
                            _ => a.over(b),
                        }
                        .map(Some)
                        .map_err(|_error| NoValue::Arithmetic),
                        _ => Ok(None),
                    })
                    .collect()
            }
            Expression::Call(name, arguments) => self.call(name, arguments, here),
        }
    }

    fn call(&self, name: &str, arguments: &[Expression], here: Here) -> Result<List, NoValue> {
        let lists: Vec<List> = arguments.iter().map(|argument| self.list(argument, here)).collect::<Result<_, _>>()?;
        let first = lists.first().cloned().unwrap_or_default();
        let known = || first.iter().flatten().copied();
        let computed = match (name, lists.get(1)) {
            ("list", _) => return Ok(lists.concat()),
            // Empty cells of a sum are nothing to add; a sum of nothing is not known.
            ("sum", _) if lists.iter().flatten().any(Option::is_some) => {
                Exact::sum(lists.iter().flatten().flatten().copied())
            }
            ("mean", None) if known().next().is_some() => Exact::mean(known()),
            ("mean", Some(weights)) => {
                let pairs = first.iter().zip(weights).filter_map(|(value, weight)| Some(((*value)?, (*weight)?)));
                Exact::weighted_mean(pairs)
            }
            ("count", None) => Ok(Exact::from(known().map(|_| 1_i64).sum::<i64>())),
            ("max", None) => return Ok(vec![known().max()]),
            ("min", None) => return Ok(vec![known().min()]),
            ("round", Some(digits)) => {
                let digits = digits.first().copied().flatten().and_then(Exact::to_whole).unwrap_or(0) as u32;
                return Ok(first.iter().map(|value| value.map(|value| value.rounded(digits))).collect());
            }
            ("abs", None) => return Ok(first.iter().map(|value| value.map(Exact::abs)).collect()),
            ("sum" | "mean", _) => return Ok(vec![None]),
            _ => return Err(NoValue::Rule(RuleError::UnknownFunction(name.to_owned()))),
        };
        computed.map(|value| vec![Some(value)]).map_err(|_error| NoValue::Arithmetic)
    }

    /// Evaluates to one number.
    pub(crate) fn single(&self, expression: &Expression, here: Here) -> Result<Exact, NoValue> {
        match self.list(expression, here)?.as_slice() {
            [Some(value)] => Ok(*value),
            _ => Err(NoValue::Unreadable),
        }
    }

    /// Cells that an expression reads.
    pub(crate) fn reads(&self, expression: &Expression, here: Here) -> Vec<Place> {
        match expression {
            Expression::Number(_) => Vec::new(),
            Expression::Reference(reference) => self.cells(reference, here).unwrap_or_default(),
            Expression::Negative(inner) => self.reads(inner, here),
            Expression::Binary(_, left, right) => [self.reads(left, here), self.reads(right, here)].concat(),
            Expression::Call(_, arguments) => {
                arguments.iter().flat_map(|argument| self.reads(argument, here)).collect()
            }
        }
    }
}
