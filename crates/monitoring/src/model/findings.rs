//! What was done well and badly in a test, by assessment criterion (facts 000b 2.6, 6.2).

use super::Settings;

/// A task over a group of pupils.
#[derive(Debug, Clone, PartialEq)]
pub struct CriterionItem<'a> {
    /// Number in the form, from 1.
    pub number: u32,
    /// Its criterion.
    pub criterion: &'a str,
    /// Points earned by all.
    pub score: f64,
    /// Points possible for all.
    pub possible: f64,
    /// Pupils.
    pub n: u32,
}

/// A criterion over a group of pupils.
#[derive(Debug, Clone, PartialEq)]
pub struct CriterionFacility {
    /// The criterion.
    pub criterion: String,
    /// Numbers of its tasks.
    pub items: Vec<u32>,
    /// Points earned of the points possible, in percent; `None` when nobody had the tasks.
    pub facility: Option<f64>,
    /// Pupils behind it (the most of any of its tasks).
    pub n: u32,
}

/// The best and worst criteria.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// At or above `well_from`, the best first.
    pub well: Vec<CriterionFacility>,
    /// Below `badly_below`, the worst first.
    pub badly: Vec<CriterionFacility>,
}

/// Gathers tasks by criterion, in the order in which criteria first occur.
pub fn criteria(items: &[CriterionItem<'_>]) -> Vec<CriterionFacility> {
    struct Sum<'a> {
        criterion: &'a str,
        items: Vec<u32>,
        score: f64,
        possible: f64,
        n: u32,
    }
    let mut sums: Vec<Sum<'_>> = Vec::new();
    for item in items {
        let at = sums.iter().position(|sum| sum.criterion == item.criterion).unwrap_or_else(|| {
            sums.push(Sum { criterion: item.criterion, items: Vec::new(), score: 0.0, possible: 0.0, n: 0 });
            sums.len() - 1
        });
        let sum = &mut sums[at];
        sum.items.push(item.number);
        sum.score += item.score;
        sum.possible += item.possible;
        sum.n = sum.n.max(item.n);
    }
    let finished = |sum: Sum<'_>| CriterionFacility {
        criterion: sum.criterion.to_owned(),
        items: sum.items,
        facility: (sum.possible > 0.0).then(|| 100.0 * sum.score / sum.possible),
        n: sum.n,
    };
    sums.into_iter().map(finished).collect()
}

/// Picks the best and worst criteria of those that at least `minimum_group` pupils had.
pub fn findings(criteria: &[CriterionFacility], settings: &Settings) -> Findings {
    let mut known: Vec<(f64, &CriterionFacility)> = criteria
        .iter()
        .filter(|criterion| criterion.n >= settings.minimum_group)
        .filter_map(|criterion| Some((criterion.facility?, criterion)))
        .collect();
    // Equal facilities keep the order of the form.
    known.sort_by(|one, other| other.0.total_cmp(&one.0));
    let pick = |rows: &mut dyn Iterator<Item = &(f64, &CriterionFacility)>| {
        rows.take(settings.criteria_named).map(|row| row.1.clone()).collect::<Vec<_>>()
    };
    Findings {
        well: pick(&mut known.iter().filter(|row| row.0 >= settings.well_from)),
        badly: pick(&mut known.iter().rev().filter(|row| row.0 < settings.badly_below)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(number: u32, criterion: &str, score: f64) -> CriterionItem<'_> {
        CriterionItem { number, criterion, score, possible: 40.0, n: 40 }
    }

    #[test]
    fn criteria_gather_their_tasks() {
        let found = criteria(&[item(1, "fractions", 30.0), item(2, "area", 10.0), item(3, "fractions", 20.0)]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].items.as_slice(), found[0].facility, found[0].n), (&[1, 3][..], Some(62.5), 40));
    }

    #[test]
    fn borders_and_small_groups_hold() {
        let mut items = vec![item(1, "one", 26.0), item(2, "two", 25.9), item(3, "three", 18.0), item(4, "four", 17.9)];
        items.push(CriterionItem { number: 5, criterion: "five", score: 0.0, possible: 9.0, n: 9 });
        let found = findings(&criteria(&items), &Settings::default());
        assert_eq!(found.well.iter().map(|row| row.criterion.as_str()).collect::<Vec<_>>(), ["one"]);
        assert_eq!(found.badly.iter().map(|row| row.criterion.as_str()).collect::<Vec<_>>(), ["four"]);
        let few = Settings { criteria_named: 1, badly_below: 100.1, ..Settings::default() };
        assert_eq!(findings(&criteria(&items), &few).badly[0].criterion, "four");
    }
}
