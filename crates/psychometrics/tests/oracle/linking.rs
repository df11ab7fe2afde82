use psychometrics::ItemParameters;
use psychometrics::linking::{Link, LinkMethod, LinkSettings, LinkWeights, drift, jackknife, link};

use crate::data::{Table, close, json};

type Pair = (ItemParameters, ItemParameters);

fn item(slope: f64, b: f64, lower: f64) -> ItemParameters {
    ItemParameters::Logistic { slope, intercept: -slope * b, lower, upper: 1.0 }
}

/// The common items of Kolen and Brennan's example; D = 1.7 goes into the slopes.
fn textbook() -> Option<Vec<Pair>> {
    let parameters = Table::read("oracle/link_KB04_pars.csv")?;
    let common = Table::read("oracle/link_KB04_common.csv")?;
    let read = |form: &str, row: usize| {
        let number = |name: &str| parameters.number(row, &format!("{form}_{name}")).unwrap();
        item(1.7 * number("a"), number("b"), number("c"))
    };
    let pair = |row: usize| {
        let place = |column: &str| common.number(row, column).unwrap() as usize - 1;
        (read("old", place("form2_item")), read("new", place("form1_item")))
    };
    Some((0..common.rows.len()).map(pair).collect())
}

fn expect(what: &str, ours: Link, theirs: &serde_json::Value) {
    close(&format!("{what} A"), ours.scale, theirs["A"].as_f64().unwrap(), 2e-5);
    close(&format!("{what} B"), ours.shift, theirs["B"].as_f64().unwrap(), 2e-5);
}

const METHODS: [(LinkMethod, &str); 4] = [
    (LinkMethod::MeanMean, "Mean/Mean"),
    (LinkMethod::MeanSigma, "Mean/Sigma"),
    (LinkMethod::Haebara, "Haebara"),
    (LinkMethod::StockingLord, "Stocking-Lord"),
];

#[test]
fn the_textbook_example_agrees() {
    let Some(pairs) = textbook() else { return };
    let reference = json("oracle/link_KB04.json").unwrap();
    for (weights, symmetric, name) in [
        (LinkWeights::Normal, false, "normal_weights_minus4_4_step0.05"),
        (LinkWeights::Uniform, false, "uniform_weights_minus4_4_step0.05"),
    ] {
        for (method, label) in METHODS {
            let ours = link(&pairs, method, LinkSettings { weights, symmetric }).unwrap();
            expect(&format!("{name} {label}"), ours, &reference[name][label]);
        }
    }
}

#[test]
fn a_symmetric_link_is_inverted_by_exchanging_the_scales() {
    let Some(pairs) = textbook() else { return };
    let exchanged: Vec<Pair> = pairs.iter().map(|(old, new)| (new.clone(), old.clone())).collect();
    let settings = LinkSettings { symmetric: true, ..LinkSettings::default() };
    for method in [LinkMethod::Haebara, LinkMethod::StockingLord] {
        let there = link(&pairs, method, settings).unwrap();
        let back = link(&exchanged, method, settings).unwrap();
        close("scale", there.scale * back.scale, 1.0, 1e-5);
        close("shift", back.shift, -there.shift / there.scale, 1e-5);
    }
}

#[test]
fn the_simulated_forms_agree() {
    let (Some(x), Some(y)) =
        (Table::read("oracle/link_neat_formX_2PL.csv"), Table::read("oracle/link_neat_formY_2PL.csv"))
    else {
        return;
    };
    let read = |table: &Table, row: usize| item(table.number(row, "a").unwrap(), table.number(row, "b").unwrap(), 0.0);
    let mut pairs = Vec::new();
    for row in 0..x.rows.len() {
        if let Some(other) = y.rows.iter().position(|r| r[0] == x.rows[row][0]) {
            pairs.push((read(&y, other), read(&x, row)));
        }
    }
    let reference = json("oracle/link_neat.json").unwrap();
    for (method, label) in METHODS {
        expect(
            label,
            link(&pairs, method, LinkSettings::default()).unwrap(),
            &reference["plink_normal_weights"][label],
        );
    }
    // An item moved by a whole unit stands out.
    let ItemParameters::Logistic { slope, intercept, .. } = pairs[3].1 else { panic!() };
    pairs[3].1 = ItemParameters::Logistic { slope, intercept: intercept - slope, lower: 0.0, upper: 1.0 };
    let moved = drift(&pairs, link(&pairs, LinkMethod::StockingLord, LinkSettings::default()).unwrap());
    let worst = moved
        .iter()
        .enumerate()
        .max_by(|x, y| x.1.unwrap().difficulty_z.abs().total_cmp(&y.1.unwrap().difficulty_z.abs()));
    assert_eq!(worst.unwrap().0, 3);
    assert!(moved[3].unwrap().is_beyond(1.645));
}

/// With equal slopes the mean-mean shift is a mean of differences, whose jackknife error is that of a mean.
#[test]
fn the_jackknife_over_items_is_the_error_of_a_mean() {
    let differences: [f64; 6] = [0.31, 0.52, 0.18, 0.44, 0.63, 0.29];
    let pairs: Vec<Pair> = differences
        .iter()
        .enumerate()
        .map(|(i, d)| (item(1.2, i as f64 * 0.4 - 1.0 + d, 0.0), item(1.2, i as f64 * 0.4 - 1.0, 0.0)))
        .collect();
    let (scale, shift) = jackknife(&pairs, LinkMethod::MeanMean, LinkSettings::default()).unwrap();
    let mean = differences.iter().sum::<f64>() / 6.0;
    let square: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
    close("shift", shift, (square / 5.0 / 6.0).sqrt(), 1e-12);
    close("scale", scale, 0.0, 1e-12);
    let (_, by_curves) = jackknife(&pairs, LinkMethod::StockingLord, LinkSettings::default()).unwrap();
    close("curves", by_curves / shift, 1.0, 0.35);
}
