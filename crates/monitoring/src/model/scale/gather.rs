//! Responses of a test gathered for its calibration, over all its forms.

use kernel::Language;
use psychometrics::{Cell, ItemColumn, Responses, ResponsesBuilder};

use crate::model::statistics::whole_factor;
use crate::model::{ItemOutcome, ItemStatus, Points};

/// Whose result it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScalePerson {
    /// The attempt.
    pub attempt: i64,
    /// School.
    pub school: i64,
    /// Class.
    pub class: i64,
    /// Language of instruction.
    pub language: Language,
}

/// Gathers the results of a test: eight bytes for each answer.
#[derive(Debug, Clone, Default)]
pub struct ScaleGather {
    maxima: Vec<Points>,
    persons: Vec<ScalePerson>,
    /// For each person, which of `orders` its answers follow.
    order_of: Vec<usize>,
    orders: Vec<Vec<usize>>,
    answers: Vec<(u32, ItemStatus)>,
}

impl ScaleGather {
    /// For a test with these tasks, by their highest points.
    pub fn new(maxima: Vec<Points>) -> Self {
        Self { maxima, ..Self::default() }
    }

    /// Adds a task; its column.
    pub fn column(&mut self, maximum: Points) -> usize {
        self.maxima.push(maximum);
        self.maxima.len() - 1
    }

    /// Adds a result whose answers stand in these columns. An answer beyond the columns is left out.
    pub fn add(&mut self, person: ScalePerson, columns: &[usize], answers: &[ItemOutcome]) {
        let order = self.orders.iter().position(|known| known == columns).unwrap_or_else(|| {
            self.orders.push(columns.to_vec());
            self.orders.len() - 1
        });
        self.persons.push(person);
        self.order_of.push(order);
        let answer = |outcome: &ItemOutcome| (u32::try_from(outcome.score.hundredths()).unwrap_or(0), outcome.status);
        self.answers.extend(columns.iter().zip(answers).map(|(_, outcome)| answer(outcome)));
        // Fewer answers than the form has tasks: the rest was not reached.
        let missing = columns.len().saturating_sub(answers.len());
        self.answers.extend(std::iter::repeat_n((0, ItemStatus::NotReached), missing));
    }

    /// The results, in the order in which they were added.
    pub fn persons(&self) -> &[ScalePerson] {
        &self.persons
    }

    /// Number of tasks.
    pub fn tasks(&self) -> usize {
        self.maxima.len()
    }

    /// Steps of a point, so that every score is whole.
    pub(super) fn steps(&self) -> u32 {
        let most = self.maxima.iter().map(|maximum| maximum.hundredths()).max().unwrap_or(100);
        let scores = self.answers.iter().map(|answer| i64::from(answer.0));
        whole_factor(most, &scores.chain(self.maxima.iter().map(|maximum| maximum.hundredths())))
    }

    /// The answers of each person, by column.
    fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = (usize, u32, ItemStatus)> + '_> + '_ {
        let mut at = 0;
        self.order_of.iter().map(move |order| {
            let columns = &self.orders[*order];
            let own = &self.answers[at..at + columns.len()];
            at += columns.len();
            columns.iter().zip(own).map(|(column, (score, status))| (*column, *score, *status))
        })
    }

    /// For each column whether its scores differ, a task not reached saying nothing.
    pub(super) fn varies(&self) -> Vec<bool> {
        let mut first = vec![None; self.maxima.len()];
        let mut varies = vec![false; self.maxima.len()];
        for row in self.rows() {
            for (column, score, status) in row.filter(|answer| answer.2 != ItemStatus::NotReached) {
                let score = if status == ItemStatus::Skipped { 0 } else { score };
                varies[column] |= *first[column].get_or_insert(score) != score;
            }
        }
        varies
    }

    /// The responses to the columns kept, named by their numbers from 1.
    ///
    /// # Errors
    /// What the engine says of them.
    pub(super) fn responses(&self, kept: &[bool], steps: u32) -> Result<Responses, psychometrics::Error> {
        let place: Vec<Option<usize>> = kept
            .iter()
            .scan(0, |next, keep| {
                *next += usize::from(*keep);
                Some(keep.then(|| *next - 1))
            })
            .collect();
        let top = |maximum: &Points| (maximum.hundredths() * i64::from(steps) / 100).clamp(1, 250) as u8;
        let columns: Vec<ItemColumn> = (1..)
            .zip(self.maxima.iter().zip(kept))
            .filter(|(_, (_, keep))| **keep)
            .map(|(number, (maximum, _))| ItemColumn::scored(number.to_string(), top(maximum)))
            .collect();
        let tops: Vec<u8> = columns.iter().map(|column| column.max).collect();
        let mut builder = ResponsesBuilder::new(columns)?;
        let mut cells = vec![Cell::NotPresented; tops.len()];
        for row in self.rows() {
            cells.fill(Cell::NotPresented);
            for (column, score, status) in row {
                let Some(place) = place[column] else { continue };
                cells[place] = match status {
                    ItemStatus::Skipped => Cell::Skipped,
                    ItemStatus::NotReached => Cell::NotReached,
                    _ => Cell::Score((score * steps / 100).min(u32::from(tops[place])) as u8),
                };
            }
            builder.push(&cells)?;
        }
        Ok(builder.finish())
    }
}
