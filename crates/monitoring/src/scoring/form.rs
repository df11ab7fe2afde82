//! A form made ready for scoring.

use std::collections::BTreeMap;

use delivery::model::AttemptState;
use itembank::ScoringItem;
use kernel::{FormId, ItemId};

use crate::MonitoringError;
use crate::model::{ItemOutcome, ItemStatus, Points, StatisticsItem};

/// How an item is scored. It holds the key: it never leaves the server.
enum Rule {
    /// By its content.
    Qti(Box<qti::Item>),
    /// By the identifiers of the right options, any of which earns all points.
    Key(Vec<String>),
    /// Not at all: its points come with the results.
    Given,
}

struct PreparedItem {
    item: ItemId,
    position: u32,
    maximum: Points,
    rule: Rule,
}

/// A form with its items parsed once and a memory of what was scored before: most answers of a choice item are one of
/// four.
pub struct PreparedForm {
    form: FormId,
    items: Vec<PreparedItem>,
    known: BTreeMap<(usize, Vec<String>), Points>,
}

impl std::fmt::Debug for PreparedForm {
    /// Without keys.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PreparedForm")
            .field("form", &self.form)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}

/// Parses the items of a form.
///
/// # Errors
/// [`MonitoringError::Unscorable`] for content that cannot be read. An item with neither content nor key is accepted: its
/// form has results that were brought in, and scoring an answer to it fails with [`MonitoringError::NoKey`].
pub fn prepare_form(form: FormId, items: Vec<ScoringItem>) -> Result<PreparedForm, MonitoringError> {
    let prepared = |item: ScoringItem| {
        let rule = match (&item.qti, &item.key) {
            (Some(text), _) => {
                let parsed = qti::parse_item(text)
                    .map_err(|error| MonitoringError::Unscorable { item: item.item, reason: error.to_string() })?;
                Rule::Qti(Box::new(parsed))
            }
            (None, Some(key)) => Rule::Key(key.split_whitespace().map(str::to_owned).collect()),
            (None, None) => Rule::Given,
        };
        let position = u32::try_from(item.position).unwrap_or(u32::MAX);
        Ok(PreparedItem { item: item.item, position, maximum: Points::new(item.max_score), rule })
    };
    let items = items.into_iter().map(prepared).collect::<Result<_, MonitoringError>>()?;
    Ok(PreparedForm { form, items, known: BTreeMap::new() })
}

/// The variable of a choice item.
const RESPONSE: &str = "RESPONSE";

impl PreparedForm {
    /// The form.
    pub fn form(&self) -> FormId {
        self.form
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Highest possible score.
    pub fn maximum(&self) -> Points {
        self.items.iter().map(|item| item.maximum).sum()
    }

    /// Highest points of each item, in order.
    pub fn maxima(&self) -> Vec<Points> {
        self.items.iter().map(|item| item.maximum).collect()
    }

    /// Its items in order.
    pub fn item_ids(&self) -> Vec<ItemId> {
        self.items.iter().map(|item| item.item).collect()
    }

    /// The items for statistics.
    pub fn statistics_items(&self) -> Vec<StatisticsItem> {
        let key = |item: &PreparedItem| match &item.rule {
            Rule::Key(key) => key.clone(),
            Rule::Qti(parsed) => parsed.correct_response(RESPONSE).unwrap_or_default(),
            Rule::Given => Vec::new(),
        };
        self.items.iter().map(|item| StatisticsItem { maximum: item.maximum, key: key(item) }).collect()
    }

    /// What became of each item in an attempt, in the order of the form.
    ///
    /// An item that stood on the screen when the attempt ended was neither answered nor passed over: it counts as not
    /// reached. Answers that came too late are in the log but not in the state, so they count as nothing.
    ///
    /// # Errors
    /// [`MonitoringError::NoKey`] and [`MonitoringError::Unscorable`]: an item that cannot be scored is named, never counted
    /// as wrong.
    pub fn outcomes(&mut self, state: &AttemptState) -> Result<Vec<ItemOutcome>, MonitoringError> {
        let place: BTreeMap<ItemId, usize> = state.items.iter().enumerate().map(|(at, item)| (*item, at)).collect();
        let mut outcomes = Vec::with_capacity(self.items.len());
        for index in 0..self.items.len() {
            let (item, position) = (self.items[index].item, self.items[index].position);
            let done = place.get(&item).and_then(|at| state.done.get(*at));
            let Some(done) = done else {
                outcomes.push(ItemOutcome::unanswered(position, ItemStatus::NotReached));
                continue;
            };
            let seconds = u32::try_from(done.milliseconds / 1000).ok();
            let outcome = match &done.response {
                None => ItemOutcome::unanswered(position, ItemStatus::Skipped),
                Some(response) => {
                    let score = self.score(index, response, state.seed)?;
                    let choice = response.0.get(RESPONSE).map(|values| values.join(" "));
                    ItemOutcome::answered(position, choice, score, self.items[index].maximum)
                }
            };
            outcomes.push(outcome.in_seconds(seconds));
        }
        Ok(outcomes)
    }

    fn score(
        &mut self,
        index: usize,
        response: &delivery::model::Response,
        seed: u64,
    ) -> Result<Points, MonitoringError> {
        let item = &self.items[index];
        match &item.rule {
            Rule::Given => {
                Err(MonitoringError::NoKey { form: self.form, position: item.position as usize, item: item.item })
            }
            Rule::Key(key) => {
                let values = response.0.get(RESPONSE).map_or(&[][..], Vec::as_slice);
                let right = values.len() == 1 && key.contains(&values[0]);
                Ok(if right { item.maximum } else { Points::ZERO })
            }
            Rule::Qti(parsed) => {
                // Items with templates are another item for every seed; the others give the same points every time.
                let plain = parsed.template_processing.is_none() && response.0.len() == 1;
                let answer = response.0.get(RESPONSE).filter(|_| plain).map(|values| (index, values.clone()));
                if let Some(points) = answer.as_ref().and_then(|answer| self.known.get(answer)) {
                    return Ok(*points);
                }
                let mut session = qti::score::Session::start(parsed, seed);
                let outcomes = session.submit(parsed, &qti::score::Responses(response.0.clone()));
                let score = outcomes.score().ok_or_else(|| MonitoringError::Unscorable {
                    item: item.item,
                    reason: format!("{:?}", outcomes.status),
                })?;
                let points = Points::new(score);
                if let Some(answer) = answer {
                    self.known.insert(answer, points);
                }
                Ok(points)
            }
        }
    }
}
