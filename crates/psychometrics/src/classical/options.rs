//! Options of choice items: who chose what.

use super::sums::{Mean, WeightedPairs};
use super::{Data, ExtremeGroups};
use crate::{Cell, Responses};

/// One option of one item. Shares and means are among the persons to whom the item was presented and who
/// reached it.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionStatistics {
    /// Name of the item.
    pub item: String,
    /// Label of the option.
    pub option: String,
    /// Whether it earns the point.
    pub is_key: bool,
    /// Persons who chose it.
    pub n: usize,
    /// Share of persons who chose it.
    pub share: Option<f64>,
    /// Correlation of choosing it with the total.
    pub total_correlation: Option<f64>,
    /// Correlation of choosing it with the total without this item.
    pub rest_correlation: Option<f64>,
    /// Mean total of those who chose it.
    pub mean_total: Option<f64>,
    /// Share among totals at or above the 73rd percentile.
    pub upper: Option<f64>,
    /// Share among totals at or below the 27th percentile.
    pub lower: Option<f64>,
}

/// What each person chose of one item: the place of an option, or one more than the last for no choice.
pub(super) struct Answers(Vec<u8>);

/// An item has at most 250 options.
const NOT_SEEN: u8 = 255;

impl Answers {
    /// `None` when choices of the item are not known.
    pub fn new(responses: &Responses, item: usize) -> Option<Self> {
        let nothing = responses.items()[item].options.len() as u8;
        if !responses.has_choices() || nothing == 0 {
            return None;
        }
        let of_person = |person: usize| match responses.cell(person, item) {
            Cell::NotPresented | Cell::NotReached => NOT_SEEN,
            _ => responses.choice(person, item).unwrap_or(nothing),
        };
        Some(Self((0..responses.persons()).map(of_person).collect()))
    }

    /// `None` when the person did not see the item.
    pub fn of_person(&self, person: usize) -> Option<usize> {
        Some(usize::from(self.0[person])).filter(|code| *code != usize::from(NOT_SEEN))
    }
}

pub(super) fn options(
    responses: &Responses,
    data: &Data,
    item: usize,
    answers: &Answers,
    groups: &ExtremeGroups,
) -> Vec<OptionStatistics> {
    let column = &responses.items()[item];
    let of_option = |option: usize| {
        let mut n = 0;
        let (mut chosen, mut upper, mut lower) = (Mean::default(), Mean::default(), Mean::default());
        let (mut with_total, mut with_rest) = (WeightedPairs::default(), WeightedPairs::default());
        for person in 0..responses.persons() {
            let Some(choice) = answers.of_person(person) else { continue };
            let chose = choice == option;
            let (x, weight) = (f64::from(u8::from(chose)), data.weights[person]);
            let total = f64::from(data.totals[person]);
            let rest = total - f64::from(data.columns[item][person].unwrap_or(0));
            with_total.add(x, total, weight);
            with_rest.add(x, rest, weight);
            if chose {
                n += 1;
                chosen.add(total, weight);
            }
            if total >= groups.high {
                upper.add(x, weight);
            }
            if total <= groups.low {
                lower.add(x, weight);
            }
        }
        OptionStatistics {
            item: column.name.clone(),
            option: column.options[option].clone(),
            is_key: column.key.contains(&(option as u8)),
            n,
            share: with_total.mean_x(),
            total_correlation: with_total.correlation(),
            rest_correlation: with_rest.correlation(),
            mean_total: chosen.value(),
            upper: upper.value(),
            lower: lower.value(),
        }
    };
    (0..column.options.len()).map(of_option).collect()
}
