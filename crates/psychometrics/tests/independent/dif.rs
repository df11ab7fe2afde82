use psychometrics::dif::{Comparison, IrtDifSettings, IrtDifTest, irt_dif, irt_dif_groups, logistic_dif};
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{Fit, FitSettings, ItemParameters, MissingTreatment, Model, Responses, fit};

use crate::plain::{answers, close, dichotomous, named};

/// Six items with scores 0..=2 and one dichotomous; item 2 is harder for the second group.
fn ordered() -> Responses {
    let item = |i: usize, shift: f64| ItemParameters::Graded {
        slope: 1.0 + 0.1 * i as f64,
        intercepts: vec![0.9 - 0.2 * i as f64 + shift, -0.8 - 0.1 * i as f64 + shift],
    };
    let of = |shift: f64| -> Vec<ItemParameters> {
        let mut items: Vec<ItemParameters> = (0..6).map(|i| item(i, if i == 2 { shift } else { 0.0 })).collect();
        items.push(ItemParameters::Logistic { slope: 1.0, intercept: 0.2, lower: 0.0, upper: 1.0 });
        items
    };
    let mut generator = Generator::new(9);
    let mut rows = Vec::new();
    let mut labels = Vec::new();
    for (group, shift, mean) in [("a", 0.0, 0.2), ("b", -0.8, -0.2)] {
        let thetas: Vec<f64> = (0..400).map(|_| mean + generator.normal()).collect();
        let part = simulate(&named(&of(shift)), &thetas, &mut generator).unwrap();
        rows.extend((0..400).map(|p| answers(&part, p).iter().map(|(_, k)| Some(*k as u8)).collect::<Vec<_>>()));
        labels.extend(std::iter::repeat_n(group.to_owned(), 400));
    }
    let columns = (0..7).map(|i| (format!("i{i}"), if i == 6 { 1 } else { 2 }));
    Responses::from_scores(columns, rows).unwrap().with_groups(&labels).unwrap()
}

/// Log-likelihood of cumulative logits from single persons.
fn cumulative(rows: &[(usize, [f64; 3])], at: &[f64], top: usize) -> f64 {
    if at[..top].windows(2).any(|pair| pair[0] <= pair[1]) {
        return f64::NEG_INFINITY;
    }
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    rows.iter()
        .map(|(y, x)| {
            let eta: f64 = x.iter().zip(&at[top..]).map(|(x, b)| x * b).sum();
            let above = |k: usize| {
                if k == 0 {
                    1.0
                } else if k > top {
                    0.0
                } else {
                    sigmoid(at[k - 1] + eta)
                }
            };
            (above(*y) - above(y + 1)).ln()
        })
        .sum()
}

/// One parameter after the other, each by a parabola through three points, until nothing moves.
fn climb(value: impl Fn(&[f64]) -> f64, mut at: Vec<f64>) -> (f64, Vec<f64>) {
    let mut best = value(&at);
    for _ in 0..4000 {
        let before = best;
        for i in 0..at.len() {
            let h = 1e-3;
            let side = |by: f64| {
                let mut x = at.clone();
                x[i] += by;
                value(&x)
            };
            let (high, low) = (side(h), side(-h));
            let (slope, bend) = ((high - low) / (2.0 * h), (high - 2.0 * best + low) / (h * h));
            let step = (-slope / bend).clamp(-0.5, 0.5);
            let reached = side(step);
            if reached > best {
                at[i] += step;
                best = reached;
            }
        }
        if best - before < 1e-11 {
            break;
        }
    }
    (best, at)
}

#[test]
fn proportional_odds_agree_with_a_plain_search() {
    let responses = ordered();
    let comparison = Comparison::new(&responses, Some("a"), Some("b")).unwrap();
    let ours = logistic_dif(&responses, comparison, MissingTreatment::default()).unwrap();
    for item in [1, 2, 6] {
        let top = if item == 6 { 1 } else { 2 };
        let rows: Vec<(usize, [f64; 3])> = (0..800)
            .map(|p| {
                let a = answers(&responses, p);
                let total = a.iter().map(|(_, k)| *k as f64).sum::<f64>();
                let group = f64::from(u8::from(p >= 400));
                // Centred and scaled totals make the plain search quick; likelihoods do not change.
                let z = (total - 6.0) / 3.0;
                (a[item].1, [z, group, z * group])
            })
            .collect();
        let maximum = |terms: usize| {
            let start = (0..top).map(|k| 1.0 - 2.0 * k as f64).chain((0..terms).map(|_| 0.0)).collect();
            climb(|at| cumulative(&rows, at, top), start)
        };
        let (null, base, group, product) = (maximum(0).0, maximum(1).0, maximum(2), maximum(3).0);
        let ours = ours[item].as_ref().unwrap();
        close("uniform", ours.uniform, 2.0 * (group.0 - base), 1e-4);
        close("non-uniform", ours.non_uniform, 2.0 * (product - group.0), 1e-4);
        close("coefficient", ours.group_coefficient, group.1[top + 1], 1e-4);
        close("delta", ours.delta, 2.35 * ours.group_coefficient, 1e-12);
        let nagelkerke = |log: f64| (1.0 - (2.0 / 800.0 * (null - log)).exp()) / (1.0 - (2.0 / 800.0 * null).exp());
        for (ours, theirs) in ours.r_squared.iter().zip([base, group.0, product]) {
            close("r squared", *ours, nagelkerke(theirs), 1e-6);
        }
    }
    let least = ours.iter().flatten().min_by(|x, y| x.p[0].total_cmp(&y.p[0])).unwrap();
    assert_eq!(least.item, "i2");
    assert!(least.p[0] < 1e-5 && least.delta < -1.0, "{least:?}");
}

/// Three groups of different ability; item 3 is easier in the third.
fn three_groups() -> Responses {
    let mut generator = Generator::new(17);
    let mut rows = Vec::new();
    let mut labels = Vec::new();
    for (group, mean, shift) in [("east", 0.0, 0.0), ("north", 0.4, 0.0), ("south", -0.3, 0.9)] {
        let mut items = dichotomous(6);
        if let ItemParameters::Logistic { intercept, .. } = &mut items[3] {
            *intercept += shift;
        }
        let thetas: Vec<f64> = (0..500).map(|_| mean + generator.normal()).collect();
        let part = simulate(&named(&items), &thetas, &mut generator).unwrap();
        rows.extend((0..500).map(|p| answers(&part, p).iter().map(|(_, k)| Some(*k as u8)).collect::<Vec<_>>()));
        labels.extend(std::iter::repeat_n(group.to_owned(), 500));
    }
    let columns = (0..6).map(|i| (format!("i{i}"), 1));
    Responses::from_scores(columns, rows).unwrap().with_groups(&labels).unwrap()
}

/// `d' (C V C')^-1 d` for columns 6 and 7 against the item's own; slope and intercept of column i stand at 2i and 2i + 1.
fn wald_by_hand(free: &Fit, item: usize) -> f64 {
    let covariance = free.covariance().unwrap();
    let size = 2 * 8 + 4;
    let value = |place: usize| free.slope_intercept(place / 2)[place % 2].value;
    let pairs = [(12, 2 * item), (13, 2 * item + 1), (14, 2 * item), (15, 2 * item + 1)];
    let cell = |x: usize, y: usize| covariance[x * size + y];
    let metric =
        pairs.map(|(x, y)| pairs.map(|(u, v)| cell(x, u) - cell(x, v) - cell(y, u) + cell(y, v)).to_vec()).to_vec();
    let inverse = crate::sandwich::inverse(metric);
    let d = pairs.map(|(x, y)| value(x) - value(y));
    (0..4).map(|i| (0..4).map(|j| d[i] * inverse[i][j] * d[j]).sum::<f64>()).sum()
}

#[test]
fn several_groups_agree_with_items_split_by_hand() {
    let responses = three_groups();
    let ours = irt_dif_groups(&responses, &[Model::TwoPl; 6], None, &IrtDifSettings::default()).unwrap();
    let wald = IrtDifSettings { test: IrtDifTest::Wald, ..IrtDifSettings::default() };
    let wald = irt_dif_groups(&responses, &[Model::TwoPl; 6], None, &wald).unwrap();
    let common = fit(&responses, &[Model::TwoPl; 6], &FitSettings::default()).unwrap();
    close("baseline", ours.log_likelihood, common.log_likelihood, 1e-3);
    for item in [0, 3] {
        // The item as three columns, each answered by one group.
        let groups = responses.groups().unwrap();
        let row = |p: usize| {
            let mut row: Vec<Option<u8>> = answers(&responses, p).iter().map(|(_, k)| Some(*k as u8)).collect();
            let group = groups.of_person[p] as usize;
            let score = row[item];
            row.extend([None, None]);
            if group > 0 {
                row[item] = None;
                row[5 + group] = score;
            }
            row
        };
        let labels: Vec<String> = groups.of_person.iter().map(|g| groups.labels[*g as usize].clone()).collect();
        let split = Responses::from_scores((0..8).map(|i| (format!("c{i}"), 1)), (0..1500).map(row)).unwrap();
        let split = split.with_groups(&labels).unwrap();
        let settings = FitSettings { standard_errors: true, ..FitSettings::default() };
        let free = fit(&split, &[Model::TwoPl; 8], &settings).unwrap();
        close("wald", wald.items[item].chi_square, wald_by_hand(&free, item), 1e-3 * wald.items[item].chi_square);
        let theirs = 2.0 * (free.log_likelihood - common.log_likelihood);
        close("chi-square", ours.items[item].chi_square, theirs, 0.002);
        assert_eq!(ours.items[item].df, 4);
        for (ours, theirs) in ours.items[item].parameters.iter().zip([item, 6, 7]) {
            close("curve", ours.expected_score(0.2), free.items[theirs].expected_score(0.2), 1e-3);
        }
    }
    let least = ours.items.iter().min_by(|x, y| x.p.total_cmp(&y.p)).unwrap();
    assert_eq!(least.item, "i3");
    assert!(least.unsigned[2] > 3.0 * least.unsigned[1] && least.unsigned[0] == 0.0, "{least:?}");
    let message = irt_dif_groups(&responses, &[Model::TwoPl; 6], Some("west"), &IrtDifSettings::default());
    assert!(message.unwrap_err().to_string().contains("the groups are east, north, south"));
}

#[test]
fn two_groups_are_a_case_of_several() {
    let responses = three_groups();
    let labels: Vec<String> = (0..1500).map(|p| ["x", "y"][usize::from(p >= 1000)].to_owned()).collect();
    let responses = responses.with_groups(&labels).unwrap();
    let several = irt_dif_groups(&responses, &[Model::TwoPl; 6], None, &IrtDifSettings::default()).unwrap();
    let comparison = Comparison::new(&responses, None, None).unwrap();
    let two = irt_dif(&responses, &[Model::TwoPl; 6], comparison, &IrtDifSettings::default()).unwrap();
    for (several, two) in several.items.iter().zip(&two.items) {
        assert_eq!((several.chi_square.to_bits(), several.df), (two.chi_square.to_bits(), two.df));
        close("area", several.unsigned[1], two.unsigned, 1e-15);
    }
}
