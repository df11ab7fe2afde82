//! Classical statistics of a test, gathered person by person and kept as JSON.

use psychometrics::{
    Cell, ClassicalSettings, ItemColumn, MissingCounts, MissingTreatment, ResponsesBuilder, classical,
};
use serde::{Deserialize, Serialize};

use super::{ItemOutcome, ItemStatus, Points, TaskCalibration};

/// Statistics of a whole test. Points are raw points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestStatistics {
    /// Results.
    pub n: u32,
    /// Tasks.
    pub items: u32,
    /// Highest possible score.
    pub maximum: f64,
    /// Mean score.
    pub mean: f64,
    /// Standard deviation of scores (n - 1).
    pub sd: Option<f64>,
    /// Cronbach's alpha.
    pub alpha: Option<f64>,
    /// Guttman's lambda 2.
    pub lambda2: Option<f64>,
    /// Standard error of measurement: sd times the root of 1 - alpha.
    pub sem: Option<f64>,
    /// Lowest score found.
    pub lowest: f64,
    /// Highest score found.
    pub highest: f64,
    /// Results with 0, 1, 2… points; points between two whole numbers count with the lower one.
    pub distribution: Vec<u32>,
}

/// Statistics of a task in a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemStatistics {
    /// Number in the form, from 1.
    pub position: u32,
    /// Results.
    pub n: u32,
    /// Who skipped it.
    pub skipped: u32,
    /// Who did not reach it.
    pub not_reached: u32,
    /// Highest points.
    pub maximum: f64,
    /// Mean points.
    pub mean: Option<f64>,
    /// Share of the points possible, 0..=1.
    pub facility: Option<f64>,
    /// Standard deviation of the points.
    pub sd: Option<f64>,
    /// Correlation with the score.
    pub item_total: Option<f64>,
    /// Correlation with the score without the task.
    pub item_rest: Option<f64>,
    /// Alpha of the test without the task.
    pub alpha_if_deleted: Option<f64>,
    /// Facility among the best 27 % minus that among the weakest 27 %.
    pub upper_lower: Option<f64>,
    /// Why the task deserves a look, in words for a specialist.
    pub flags: Vec<String>,
    /// Who chose what; empty when choices are not known.
    pub options: Vec<OptionStatistics>,
    /// Parameters and fit on the ability scale; none while the test has no scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<TaskCalibration>,
    /// Version of the test's calibration that they are from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration_version: Option<u32>,
}

/// Statistics of an option of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptionStatistics {
    /// Its label.
    pub option: String,
    /// Whether it earns the points. Only for those who may see keys.
    pub is_key: bool,
    /// Who chose it.
    pub n: u32,
    /// Share who chose it.
    pub share: Option<f64>,
    /// Correlation of choosing it with the score without the task.
    pub rest_correlation: Option<f64>,
    /// Mean score of those who chose it.
    pub mean_score: Option<f64>,
}

/// A task whose statistics are wanted.
#[derive(Clone, PartialEq)]
pub struct StatisticsItem {
    /// Highest points.
    pub maximum: Points,
    /// Labels that earn the points, when known.
    pub key: Vec<String>,
}

impl std::fmt::Debug for StatisticsItem {
    /// Without the key: it must not stand in a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StatisticsItem").field("maximum", &self.maximum).finish_non_exhaustive()
    }
}

/// Why there are no statistics.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StatisticsError {
    /// The statistics could not be computed.
    #[error(transparent)]
    Psychometrics(#[from] psychometrics::Error),
    /// A result has another number of tasks.
    #[error("a result has {found} tasks, the test has {expected}")]
    Length {
        /// Tasks of the result.
        found: usize,
        /// Tasks of the test.
        expected: usize,
    },
}

/// Gathers results of one test for its statistics: six bytes for each answer.
pub struct StatisticsGather {
    items: Vec<StatisticsItem>,
    labels: Vec<Vec<String>>,
    scores: Vec<u32>,
    statuses: Vec<ItemStatus>,
    choices: Vec<u8>,
    any_choice: bool,
}

const NO_CHOICE: u8 = 255;
/// Above this many different answers a task is not one with options.
const OPTIONS_AT_MOST: usize = 50;

impl std::fmt::Debug for StatisticsGather {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StatisticsGather").field("persons", &self.persons()).finish_non_exhaustive()
    }
}

/// The factor that makes points whole: whole numbers stay; halves, quarters and so on are multiplied until they are whole, as
/// far as the table reaches. `most` is the highest of them, all in hundredths.
pub(super) fn whole_factor(most: i64, hundredths: &(impl Iterator<Item = i64> + Clone)) -> u32 {
    let fits = |factor: &u32| {
        let factor = i64::from(*factor);
        most * factor <= 25_000 && hundredths.clone().all(|own| own * factor % 100 == 0)
    };
    [1, 2, 4, 5, 10, 20, 25, 50, 100].into_iter().find(fits).unwrap_or(1)
}

impl StatisticsGather {
    /// Nobody yet.
    pub fn new(items: Vec<StatisticsItem>) -> Self {
        let labels = items.iter().map(|item| item.key.clone()).collect();
        Self { items, labels, scores: Vec::new(), statuses: Vec::new(), choices: Vec::new(), any_choice: false }
    }

    /// Whether it was made for no items.
    pub fn is_without_items(&self) -> bool {
        self.items.is_empty()
    }

    /// Results so far.
    pub fn persons(&self) -> usize {
        self.scores.len().checked_div(self.items.len()).unwrap_or(0)
    }

    /// Adds a result.
    ///
    /// # Errors
    /// [`StatisticsError::Length`].
    pub fn add(&mut self, answers: &[ItemOutcome]) -> Result<(), StatisticsError> {
        if answers.len() != self.items.len() {
            return Err(StatisticsError::Length { found: answers.len(), expected: self.items.len() });
        }
        for (answer, labels) in answers.iter().zip(&mut self.labels) {
            self.scores.push(u32::try_from(answer.score.hundredths()).unwrap_or(0));
            self.statuses.push(answer.status);
            let choice = answer.choice.as_ref().and_then(|choice| {
                let known = labels.iter().position(|label| label == choice).or_else(|| {
                    (labels.len() < OPTIONS_AT_MOST).then(|| {
                        labels.push(choice.clone());
                        labels.len() - 1
                    })
                });
                known.map(|at| at as u8)
            });
            self.any_choice |= choice.is_some();
            self.choices.push(choice.unwrap_or(NO_CHOICE));
        }
        Ok(())
    }

    fn scale(&self) -> u32 {
        let most = self.items.iter().map(|item| item.maximum.hundredths()).max().unwrap_or(100);
        let maxima = self.items.iter().map(|item| item.maximum.hundredths());
        whole_factor(most, &self.scores.iter().map(|score| i64::from(*score)).chain(maxima))
    }

    /// Computes. A missing answer counts as no points, as it does in the score that people see, so that facilities and
    /// scores agree; `None` without results.
    ///
    /// # Errors
    /// What the statistics say of tasks worth more than 250 steps.
    pub fn finish(self) -> Result<Option<(TestStatistics, Vec<ItemStatistics>)>, StatisticsError> {
        let count = self.items.len();
        if self.persons() == 0 {
            return Ok(None);
        }
        let scale = self.scale();
        let mut columns = Vec::with_capacity(count);
        let mut places: Vec<Vec<u8>> = Vec::with_capacity(count);
        for (index, (item, labels)) in self.items.iter().zip(&self.labels).enumerate() {
            let mut options = labels.clone();
            options.sort();
            let place = |label: &String| options.iter().position(|own| own == label).unwrap_or(0) as u8;
            places.push(labels.iter().map(place).collect());
            let seen =
                self.any_choice && self.choices.iter().skip(index).step_by(count).any(|choice| *choice != NO_CHOICE);
            let key = item.key.iter().map(place).collect();
            let max = (item.maximum.hundredths() * i64::from(scale) / 100).clamp(1, 250) as u8;
            let (options, key) = if seen { (options, key) } else { (Vec::new(), Vec::new()) };
            columns.push(ItemColumn { name: (index + 1).to_string(), max, options, key });
        }
        let maxima: Vec<u8> = columns.iter().map(|column| column.max).collect();
        let mut builder = ResponsesBuilder::new(columns)?;
        let (mut cells, mut choices) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for person in 0..self.persons() {
            cells.clear();
            choices.clear();
            for item in 0..count {
                let at = person * count + item;
                cells.push(match self.statuses[at] {
                    ItemStatus::Skipped => Cell::Skipped,
                    ItemStatus::NotReached => Cell::NotReached,
                    ItemStatus::Correct | ItemStatus::Partial | ItemStatus::Incorrect => {
                        Cell::Score((self.scores[at] * scale / 100).min(u32::from(maxima[item])) as u8)
                    }
                });
                choices.push(places[item].get(usize::from(self.choices[at])).copied());
            }
            if self.any_choice {
                builder.push_with_choices(&cells, &choices)?;
            } else {
                builder.push(&cells)?;
            }
        }
        let treatment = MissingTreatment { skipped: MissingCounts::Zero, not_reached: MissingCounts::Zero };
        let found = classical(&builder.finish(), &ClassicalSettings { treatment, ..ClassicalSettings::default() })?;
        Ok(Some(described(&found, f64::from(scale))))
    }
}

fn described(found: &psychometrics::Classical, scale: f64) -> (TestStatistics, Vec<ItemStatistics>) {
    let test = &found.test;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let points = |value: Option<f64>| value.map(|value| value / scale);
    let mut distribution = vec![0; (f64::from(test.max) / scale).floor() as usize + 1];
    for (score, n) in test.distribution.iter().enumerate() {
        distribution[(score as f64 / scale).floor() as usize] += count(*n);
    }
    let statistics = TestStatistics {
        n: count(test.persons),
        items: count(test.items),
        maximum: f64::from(test.max) / scale,
        mean: test.mean / scale,
        sd: points(test.sd),
        alpha: test.reliability.alpha,
        lambda2: test.reliability.lambda2,
        sem: points(test.reliability.sem),
        lowest: f64::from(test.lowest) / scale,
        highest: f64::from(test.highest) / scale,
        distribution,
    };
    let mut options = found.options.iter().peekable();
    let items = (1..)
        .zip(&found.items)
        .map(|(position, item)| {
            let mut own = Vec::new();
            while let Some(option) = options.next_if(|option| option.item == item.item) {
                own.push(OptionStatistics {
                    option: option.option.clone(),
                    is_key: option.is_key,
                    n: count(option.n),
                    share: option.share,
                    rest_correlation: option.rest_correlation,
                    mean_score: points(option.mean_total),
                });
            }
            ItemStatistics {
                position,
                n: count(item.n),
                skipped: count(item.skipped),
                not_reached: count(item.not_reached),
                maximum: f64::from(item.max) / scale,
                mean: points(item.mean),
                facility: item.facility,
                sd: points(item.sd),
                item_total: item.item_total,
                item_rest: item.item_rest,
                alpha_if_deleted: item.alpha_if_deleted,
                upper_lower: item.upper_lower,
                flags: item.flags.iter().map(ToString::to_string).collect(),
                options: own,
                calibration: None,
                calibration_version: None,
            }
        })
        .collect();
    (statistics, items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_kept_exactly() {
        let items = vec![
            StatisticsItem { maximum: Points::whole(1), key: vec!["B".to_owned()] },
            StatisticsItem { maximum: Points::whole(2), key: Vec::new() },
        ];
        let mut gather = StatisticsGather::new(items);
        for (choice, points) in [("B", 1.5), ("A", 0.0), ("C", 0.5), ("B", 2.0)] {
            let right = Points::whole(u32::from(choice == "B"));
            gather
                .add(&[
                    ItemOutcome::answered(1, Some(choice.to_owned()), right, Points::whole(1)),
                    ItemOutcome::answered(2, None, Points::new(points), Points::whole(2)),
                ])
                .unwrap();
        }
        assert_eq!(gather.persons(), 4);
        let (test, items) = gather.finish().unwrap().unwrap();
        assert_eq!((test.n, test.maximum, test.mean, test.highest), (4, 3.0, 1.5, 3.0));
        assert_eq!(test.distribution, [2, 0, 1, 1]);
        assert_eq!((items[1].facility, items[1].mean), (Some(0.5), Some(1.0)));
        let options: Vec<(&str, bool, u32)> =
            items[0].options.iter().map(|option| (option.option.as_str(), option.is_key, option.n)).collect();
        assert_eq!(options, [("A", false, 1), ("B", true, 2), ("C", false, 1)]);
        assert!(items[1].options.is_empty());
    }

    #[test]
    fn missing_answers_count_as_no_points() {
        let item = || StatisticsItem { maximum: Points::whole(1), key: Vec::new() };
        let mut gather = StatisticsGather::new(vec![item(), item()]);
        let right = |position| ItemOutcome::answered(position, None, Points::whole(1), Points::whole(1));
        gather.add(&[right(1), ItemOutcome::unanswered(2, ItemStatus::NotReached)]).unwrap();
        gather.add(&[ItemOutcome::unanswered(1, ItemStatus::Skipped), right(2)]).unwrap();
        assert!(gather.add(&[right(1)]).is_err());
        let (_, items) = gather.finish().unwrap().unwrap();
        assert_eq!((items[0].facility, items[0].skipped), (Some(0.5), 1));
        assert_eq!((items[1].facility, items[1].not_reached), (Some(0.5), 1));
        assert!(StatisticsGather::new(vec![item()]).finish().unwrap().is_none());
    }
}
