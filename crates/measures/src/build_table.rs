//! Building tables: values in their cells, footnotes, targets, formulas, and what is hidden.

use crate::definition::{Averaging, Direction, Kind, Measure};
use crate::dimension::{Dimension, Member};
use crate::evaluate::{Absent, Evaluation, EvaluationError, Value, ranks};
use crate::exact::Exact;
use crate::gather::{Axes, Together};
use crate::suppress::Mark;
use crate::table::{AgainstTarget, Along, At, Cell, Column, Light, Line, Opens, Request, Table};
use kernel::Localized;
use std::collections::BTreeSet;

fn hidden_note(minimum: i64) -> Localized {
    Localized::new(
        format!("… – {minimum} адамнан аз топтар және оларды есептеп табуға мүмкіндік беретін ұяшықтар көрсетілмейді"),
        format!("… – группы менее {minimum} человек и ячейки, по которым их можно вычислить, не показаны"),
        format!(
            "… – groups of fewer than {minimum} people, and cells from which they could be computed, are not shown"
        ),
    )
}

fn shown_note() -> Localized {
    Localized::new(
        "Орындар тек көрсетілген жолдар арасында есептелген",
        "Места посчитаны только среди показанных строк",
        "Places are counted among the rows that are shown",
    )
}

fn over_note() -> Localized {
    Localized::new(
        "Үлес 100-ден асады: алымында бөлімінде жоқ жазбалар бар",
        "Доля больше 100: в числителе есть записи, которых нет в знаменателе",
        "A share above 100: the numerator counts records that the denominator does not",
    )
}

fn estimate_note() -> Localized {
    let error = crate::ESTIMATE_ERROR;
    let comma = error.to_string().replace('.', ",");
    Localized::new(
        format!("Адамдар саны – бағалау: стандартты қатесі {comma} %"),
        format!("Число людей – оценка: стандартная ошибка {comma} %"),
        format!("The number of people is an estimate: standard error {error} %"),
    )
}

impl Evaluation<'_> {
    /// Computes a table.
    pub fn table(&self, request: &Request) -> Result<Table, EvaluationError> {
        let single = [Line {
            code: String::new(),
            label: Localized::default(),
            members: Vec::new(),
            parts: Vec::new(),
            depth: 0,
        }];
        let (row_along, rows) = (request.rows.0, &request.rows.1);
        let (column_along, lines): (Option<Along>, &[Line]) =
            request.columns.as_ref().map_or((None, &single), |(along, lines)| (Some(*along), lines));
        let measures: Vec<&Measure> = request
            .measures
            .iter()
            .map(|code| self.catalogue.get(code).ok_or_else(|| EvaluationError::UnknownMeasure(code.clone())))
            .collect::<Result<_, _>>()?;
        let axes = axes(request, row_along, column_along);
        let order = |row: usize, column: usize| position(&axes, row_along, column_along, row, column);
        let mut table = Table {
            code: request.code.clone(),
            title: request.title.clone(),
            row_dimension: self.dimension_code(row_along),
            row_heading: self.dimension(row_along).map_or_else(Localized::default, |dimension| dimension.name.clone()),
            column_dimension: column_along.map(|along| self.dimension_code(along)),
            rows: rows.clone(),
            columns: columns(lines, column_along.is_some(), &measures),
            cells: Vec::new(),
            footnotes: Vec::new(),
        };
        let mut grid: Vec<Vec<Value>> = Vec::new();
        let mut others: Vec<Vec<(Averaging, Vec<Value>)>> = Vec::new();
        for measure in &measures {
            grid.push(match (measure.kind, &measure.measure) {
                (Kind::Rank, Some(ranked)) => {
                    let values = self.values(ranked, &axes, &request.only)?;
                    let direction = self.catalogue.get(ranked).map_or(Direction::Neutral, |ranked| ranked.direction);
                    ranked_rows(&values, rows, lines.len(), direction, order)
                }
                _ => self.values(&measure.code, &axes, &request.only)?,
            });
            others.push(if request.both_averages {
                self.other_averages(measure, &axes, &request.only)?
            } else {
                Vec::new()
            });
        }
        for (row, line) in rows.iter().enumerate() {
            let mut cells = Vec::new();
            for (column, over) in lines.iter().enumerate() {
                for (index, measure) in measures.iter().enumerate() {
                    let group = order(row, column);
                    let value = grid.get(index).and_then(|values| values.get(group)).cloned().unwrap_or_default();
                    let differing = others.get(index).map_or_else(Vec::new, |all| differing(all, group, &value));
                    let opens =
                        self.opens(request, measure, (row_along, line), column_along.map(|along| (along, over)));
                    cells.push(Cell {
                        target: against_target(measure, &value, &opens.periods),
                        footnotes: self.footnotes(&mut table, measure, &value),
                        value,
                        mark: Mark::Shown,
                        other_averages: differing,
                        formula: None,
                        opens,
                    });
                }
            }
            table.cells.push(cells);
        }
        self.add_formulas(&mut table, request, lines, &measures);
        let marks = self.marks(request, lines, &measures)?;
        hide(&mut table, &measures, &marks, lines.len());
        rank_shown(&mut table, &measures);
        Ok(table)
    }

    fn dimension(&self, along: Along) -> Option<&Dimension> {
        let schema = &self.cube.schema;
        match along {
            Along::Place => Some(&schema.place),
            Along::Period => Some(&schema.period),
            Along::Other(other) => schema.others.get(other),
        }
    }

    fn dimension_code(&self, along: Along) -> String {
        self.dimension(along).map_or_else(String::new, |dimension| dimension.code.clone())
    }

    fn other_averages(
        &self,
        measure: &Measure,
        axes: &Axes,
        only: &[(usize, Vec<Member>)],
    ) -> Result<Vec<(Averaging, Vec<Value>)>, EvaluationError> {
        if !matches!(measure.kind, Kind::Share | Kind::Ratio | Kind::Mean) {
            return Ok(Vec::new());
        }
        [Averaging::ByPeople, Averaging::BySchools, Averaging::OfRoundedValues]
            .into_iter()
            .filter(|averaging| *averaging != measure.averaging)
            .map(|averaging| Ok((averaging, self.values_averaged(&measure.code, averaging, axes, only)?)))
            .collect()
    }

    fn opens(
        &self,
        request: &Request,
        measure: &Measure,
        row: (Along, &Line),
        column: Option<(Along, &Line)>,
    ) -> Opens {
        let schema = &self.cube.schema;
        let codes = |dimension: &Dimension, members: &[Member]| {
            members.iter().map(|member| dimension.code_of(*member).to_owned()).collect::<Vec<String>>()
        };
        let mut opens = Opens {
            facts: self.facts_behind(measure),
            places: codes(&schema.place, &request.place),
            periods: codes(&schema.period, &request.period),
            only: Vec::new(),
        };
        let fixed = request.only.iter().map(|(other, members)| (Along::Other(*other), members));
        let running = [Some(row), column].into_iter().flatten().map(|(along, line)| (along, &line.members));
        for (along, members) in running.chain(fixed) {
            match along {
                Along::Place => opens.places = codes(&schema.place, members),
                Along::Period => opens.periods = codes(&schema.period, members),
                Along::Other(other) => {
                    if let Some(dimension) = schema.others.get(other) {
                        opens.only.push((dimension.code.clone(), codes(dimension, members)));
                    }
                }
            }
        }
        opens
    }

    /// Whether the group of a total is the sum of its lines' groups. The group of a difference is the smaller of two.
    pub(crate) fn groups_add_up(&self, measure: &Measure) -> bool {
        match measure.kind {
            Kind::Change | Kind::Gap => false,
            Kind::Average | Kind::Rank | Kind::Status => {
                measure.made_of().filter_map(|code| self.catalogue.get(code)).all(|inner| self.groups_add_up(inner))
            }
            Kind::Count | Kind::Share | Kind::Ratio | Kind::Mean | Kind::Event => true,
        }
    }

    fn facts_behind(&self, measure: &Measure) -> Vec<String> {
        let mut facts: BTreeSet<String> = measure.operands().map(|operand| operand.facts.clone()).collect();
        for other in measure.made_of().filter_map(|code| self.catalogue.get(code)) {
            facts.extend(self.facts_behind(other));
        }
        facts.into_iter().collect()
    }

    fn footnotes(&self, table: &mut Table, measure: &Measure, value: &Value) -> Vec<usize> {
        let _ = self;
        let mut notes = Vec::new();
        if value.left_out > 0 {
            notes.extend(measure.exclusions.iter().map(|rule| rule.note.clone()));
        }
        if value.over_hundred {
            notes.push(over_note());
        }
        if value.estimated {
            notes.push(estimate_note());
        }
        notes.into_iter().map(|note| footnote(table, note)).collect()
    }
}

fn footnote(table: &mut Table, note: Localized) -> usize {
    table.footnotes.iter().position(|one| *one == note).unwrap_or_else(|| {
        table.footnotes.push(note);
        table.footnotes.len() - 1
    })
}

fn axes(request: &Request, rows: Along, columns: Option<Along>) -> Axes {
    let mut axes =
        Axes { places: vec![request.place.clone()], periods: vec![request.period.clone()], others: Vec::new() };
    let mut set = |along: Along, lines: &[Line]| {
        let list: Vec<Together> = lines.iter().map(|line| line.members.clone()).collect();
        match along {
            Along::Place => axes.places = list,
            Along::Period => axes.periods = list,
            Along::Other(other) => axes.others.push((other, list)),
        }
    };
    set(rows, &request.rows.1);
    if let (Some(along), Some((_, lines))) = (columns, &request.columns) {
        set(along, lines);
    }
    axes
}

/// Position in the axes' order of a row and column.
pub(crate) fn position(axes: &Axes, rows: Along, columns: Option<Along>, row: usize, column: usize) -> usize {
    let index = |along: Along| {
        if along == rows {
            row
        } else if Some(along) == columns {
            column
        } else {
            0
        }
    };
    let mut group = index(Along::Place) * axes.periods.len() + index(Along::Period);
    for (other, list) in &axes.others {
        group = group * list.len() + index(Along::Other(*other));
    }
    group
}

fn columns(lines: &[Line], named: bool, measures: &[&Measure]) -> Vec<Column> {
    let column = |line: &Line, measure: &Measure| Column {
        code: line.code.clone(),
        over: named.then(|| line.label.clone()),
        heading: measure.name.clone(),
        measure: measure.code.clone(),
        unit: measure.unit.clone(),
        decimals: measure.decimals,
        kind: measure.kind,
    };
    lines.iter().flat_map(|line| measures.iter().map(move |measure| column(line, measure))).collect()
}

/// Places of the rows within each column; totals have none.
fn ranked_rows(
    values: &[Value],
    rows: &[Line],
    columns: usize,
    direction: Direction,
    order: impl Fn(usize, usize) -> usize,
) -> Vec<Value> {
    // Totals have no place, but the same group: lines add up for what is hidden.
    let unranked = |value: &Value| Value { group: value.group, ..Value::none(Absent::NothingRecorded) };
    let mut ranked: Vec<Value> = values.iter().map(unranked).collect();
    for column in 0..columns {
        let printed = |row: usize| values.get(order(row, column)).and_then(|value| value.printed);
        let own: Vec<Option<Exact>> =
            rows.iter().enumerate().map(|(row, line)| printed(row).filter(|_| line.parts.is_empty())).collect();
        for (row, place) in ranks(&own, direction).into_iter().enumerate() {
            let group = order(row, column);
            if let (Some(slot), Some(place), Some(value)) = (ranked.get_mut(group), place, values.get(group)) {
                let place = Exact::from(i64::from(place));
                *slot = Value { exact: Some(place), printed: Some(place), group: value.group, ..Value::default() };
            }
        }
    }
    ranked
}

/// Places are counted among the rows that are shown: a missing place would tell where a hidden row stands.
fn rank_shown(table: &mut Table, measures: &[&Measure]) {
    let width = measures.len().max(1);
    for column in 0..table.columns.len() {
        if measures.get(column % width).is_none_or(|measure| measure.kind != Kind::Rank) {
            continue;
        }
        let ranked = |row: &usize| table.cell((*row, column)).is_some_and(|cell| cell.value.exact.is_some());
        let rows: Vec<usize> = (0..table.rows.len()).filter(ranked).collect();
        let hidden = table.cells.iter().any(|cells| cells.get(column).is_some_and(|cell| cell.mark != Mark::Shown));
        if !hidden || rows.is_empty() {
            continue;
        }
        // Places among all keep the order and the ties; only the gaps go.
        let places: Vec<Option<Exact>> =
            rows.iter().map(|row| table.cell((*row, column)).and_then(|cell| cell.value.exact)).collect();
        let again = ranks(&places, Direction::LessIsBetter);
        let note = footnote(table, shown_note());
        for (row, place) in rows.into_iter().zip(again) {
            let place = place.map(|place| Exact::from(i64::from(place)));
            if let Some(cell) = table.cells.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                (cell.value.exact, cell.value.printed) = (place, place);
                cell.footnotes.push(note);
            }
        }
    }
}

fn differing(all: &[(Averaging, Vec<Value>)], group: usize, value: &Value) -> Vec<(Averaging, Exact)> {
    all.iter()
        .filter_map(|(averaging, values)| Some((*averaging, values.get(group)?.printed?)))
        .filter(|(_, printed)| value.printed.is_some_and(|own| own != *printed))
        .collect()
}

fn against_target(measure: &Measure, value: &Value, periods: &[String]) -> Option<AgainstTarget> {
    let [period] = periods else { return None };
    let target = measure.targets.iter().find(|target| target.holds_in(period))?.value;
    let short = match measure.direction {
        Direction::LessIsBetter => value.printed?.minus(target).ok()?,
        _ => target.minus(value.printed?).ok()?,
    };
    let light = match short {
        short if short <= Exact::ZERO => Light::Reached,
        short if short <= measure.near => Light::Near,
        _ => Light::Missed,
    };
    Some(AgainstTarget { target, light })
}

/// Hides cells by their marks; all measures of a hidden group are hidden together, because a share and its total are as good
/// as the count.
fn hide(table: &mut Table, measures: &[&Measure], marks: &[Mark], groups: usize) {
    let width = measures.len().max(1);
    let mark = |at: At| marks.get(at.0 * groups + at.1 / width).copied().unwrap_or(Mark::Shown);
    for (row, cells) in table.cells.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            let is_hidden = |at: At| mark(at) != Mark::Shown;
            if cell.formula.as_ref().is_some_and(|formula| formula.cells().into_iter().any(is_hidden)) {
                cell.formula = None;
            }
            if is_hidden((row, column)) {
                cell.mark = mark((row, column));
                cell.value = Value { absent: Some(Absent::NothingRecorded), ..Value::default() };
                cell.other_averages.clear();
                cell.target = None;
                cell.footnotes.clear();
            }
        }
    }
    if marks.iter().any(|mark| *mark != Mark::Shown) {
        let minimum = measures.iter().map(|measure| measure.minimum_group).max().unwrap_or(0);
        footnote(table, hidden_note(minimum));
    }
}
