use psychometrics::classical::{alpha_interval, greatest_lower_bound, omega, subtests};
use psychometrics::simulation::Generator;
use psychometrics::{ClassicalSettings, MissingTreatment, Responses, classical};

use crate::data::{Table, close, json, set};

fn agrees(name: &str) {
    let Some(responses) = set(name) else { return };
    let analysis = classical(&responses, &ClassicalSettings::default()).unwrap();
    let items = Table::read(&format!("oracle/{name}_ctt_items.csv")).unwrap();
    for (row, item) in analysis.items.iter().enumerate() {
        assert_eq!(item.item, items.rows[row][0]);
        let expect = |column: &str, ours: Option<f64>| {
            close(&format!("{name} {} {column}", item.item), ours.unwrap(), items.number(row, column).unwrap(), 1e-8);
        };
        expect("mean", item.mean);
        expect("p", item.facility);
        expect("sd", item.sd);
        expect("item_total", item.item_total);
        expect("item_rest", item.item_rest);
        expect("alpha_if_deleted", item.alpha_if_deleted);
        expect("upper_lower27", item.upper_lower);
    }
    let summary = json(&format!("oracle/{name}_ctt_summary.json")).unwrap();
    let expect = |field: &str, ours: Option<f64>| {
        if let Some(theirs) = summary[field].as_f64() {
            close(&format!("{name} {field}"), ours.unwrap(), theirs, 1e-8);
        }
    };
    let test = &analysis.test;
    assert_eq!(summary["n"], test.persons);
    expect("total_mean", Some(test.mean));
    expect("total_sd", test.sd);
    expect("total_min", Some(f64::from(test.lowest)));
    expect("total_max", Some(f64::from(test.highest)));
    expect("alpha", test.reliability.alpha);
    expect("lambda2", test.reliability.lambda2);
    expect("KR21", test.reliability.kr21);
    expect("SEM", test.reliability.sem);
    assert!(test.reliability.lambda6.unwrap() > test.reliability.alpha.unwrap() - 0.05);
    let split_half = test.reliability.split_half.unwrap();
    assert!((split_half - test.reliability.alpha.unwrap()).abs() < 0.1, "{name} {split_half}");
    for item in &analysis.items {
        // A correlation with a category is never stronger than with the normal variable behind it.
        assert!(item.item_rest_polyserial.unwrap().abs() > item.item_rest.unwrap().abs());
    }
    assert_eq!(test.distribution.iter().sum::<usize>(), test.persons);
}

#[test]
fn classical_statistics_agree() {
    for name in ["CZmaturaS", "HCI", "LSAT6", "LSAT7", "Science", "sim_a", "sim_b", "sim_e", "sim_f"] {
        agrees(name);
    }
}

#[test]
fn weights_of_one_change_nothing_and_weights_of_two_only_the_divisor() {
    let Some(responses) = set("HCI") else { return };
    let settings = ClassicalSettings::default();
    let plain = classical(&responses, &settings).unwrap();
    let n = responses.persons();
    let one = classical(&responses.clone().with_weights(vec![1.0; n]).unwrap(), &settings).unwrap();
    close("alpha", one.test.reliability.alpha.unwrap(), plain.test.reliability.alpha.unwrap(), 1e-12);
    let two = classical(&responses.with_weights(vec![2.0; n]).unwrap(), &settings).unwrap();
    close("rest", two.items[3].item_rest.unwrap(), plain.items[3].item_rest.unwrap(), 1e-12);
    close("mean", two.test.mean, plain.test.mean, 1e-12);
}

fn raw_hci() -> Option<Responses> {
    let table = Table::read("real/HCItest.csv")?;
    let key = Table::read("real/HCI_key.csv")?;
    let items: Vec<(String, Vec<String>)> = key.rows.iter().map(|row| (row[0].clone(), vec![row[1].clone()])).collect();
    let columns: Vec<usize> = items.iter().map(|item| table.column(&item.0)).collect();
    let choice = |text: &String| (!text.is_empty()).then(|| text.clone());
    let rows: Vec<_> = table.rows.iter().map(|row| columns.iter().map(|c| choice(&row[*c])).collect()).collect();
    Some(Responses::from_choices(&items, &rows).unwrap())
}

#[test]
fn distractors_agree() {
    let Some(responses) = raw_hci() else { return };
    let analysis = classical(&responses, &ClassicalSettings::default()).unwrap();
    let reference = Table::read("oracle/HCI_distractors.csv").unwrap();
    assert_eq!(reference.rows.len(), analysis.options.len());
    for (row, option) in analysis.options.iter().enumerate() {
        assert_eq!((&option.item, &option.option), (&reference.rows[row][0], &reference.rows[row][1]));
        assert_eq!(option.is_key, reference.rows[row][2] == "TRUE");
        let expect = |column: &str, ours: Option<f64>| {
            let what = format!("{} {} {column}", option.item, option.option);
            close(&what, ours.unwrap(), reference.number(row, column).unwrap(), 1e-8);
        };
        expect("n", Some(option.n as f64));
        expect("prop", option.share);
        expect("pb_total", option.total_correlation);
        expect("pb_rest", option.rest_correlation);
        expect("mean_total", option.mean_total);
        expect("upper27", option.upper);
        expect("lower27", option.lower);
    }
}

/// Guttman's bounds stand in order on every set, and the certificate of the greatest closes.
#[test]
fn the_greatest_lower_bound_is_above_the_others() {
    for name in ["CZmaturaS", "HCI", "LSAT6", "Science", "sim_a"] {
        let Some(responses) = set(name) else { continue };
        let analysis = classical(&responses, &ClassicalSettings::default()).unwrap();
        let n = responses.items().len();
        let covariance = analysis.covariance.unwrap();
        let bound = greatest_lower_bound(&covariance, n).unwrap();
        let reliability = analysis.test.reliability;
        for lower in [reliability.alpha, reliability.lambda2, reliability.lambda6] {
            assert!(bound.value > lower.unwrap() - 1e-9, "{name}: {} {lower:?}", bound.value);
        }
        assert!(bound.value < 1.0 && bound.uncertainty < 1e-8, "{name}: {} {}", bound.value, bound.uncertainty);
        let omega = omega(&covariance, n, &[]).unwrap();
        assert!((omega.total - reliability.alpha.unwrap()).abs() < 0.08, "{name}: omega {}", omega.total);
        let (low, high) = reliability.alpha_interval.unwrap();
        assert!(low < reliability.alpha.unwrap() && reliability.alpha.unwrap() < high);
    }
}

/// Feldt's interval holds alpha as often as it says: essentially tau-equivalent normal items, 95 % of 2,000 samples.
#[test]
fn the_interval_of_alpha_covers() {
    let mut generator = Generator::new(7);
    let (persons, items, samples) = (60, 8, 2000);
    // Equal variances 1 of truth and 1.5 of error: alpha = 8 / (8 + 1.5).
    let truth = 8.0 / 9.5;
    let mut held = 0;
    for _ in 0..samples {
        let rows: Vec<Vec<f64>> = (0..persons)
            .map(|_| {
                let ability = generator.normal();
                (0..items).map(|_| ability + 1.5_f64.sqrt() * generator.normal()).collect()
            })
            .collect();
        let variance = |values: Vec<f64>| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (values.len() - 1) as f64
        };
        let own: f64 = (0..items).map(|i| variance(rows.iter().map(|row| row[i]).collect())).sum();
        let total = variance(rows.iter().map(|row| row.iter().sum()).collect());
        let k = items as f64;
        let alpha = k / (k - 1.0) * (1.0 - own / total);
        let (low, high) = alpha_interval(alpha, f64::from(persons), items, 0.95).unwrap();
        held += usize::from(low <= truth && truth <= high);
    }
    // Three Monte Carlo errors of 0.95 at 2,000.
    assert!((held as f64 / f64::from(samples) - 0.95).abs() < 0.015, "{held}");
}

#[test]
fn curves_and_subtests_stand_on_the_same_persons() {
    let Some(responses) = raw_hci() else { return };
    let analysis = classical(&responses, &ClassicalSettings::default()).unwrap();
    assert_eq!(analysis.groups.totals.len(), 5);
    for item in &analysis.items {
        let own: Vec<_> = analysis.curves.iter().filter(|curve| curve.item == item.item).collect();
        for group in 0..5 {
            let shares: f64 = own.iter().map(|curve| curve.points[group].share.unwrap()).sum();
            assert!((shares - 1.0).abs() < 1e-12);
        }
        let persons: usize = own[0].points.iter().map(|point| point.n).sum();
        assert_eq!(persons, item.presented - item.not_reached);
        // The key, over all groups, is the facility.
        let key = own.iter().find(|curve| curve.is_key).unwrap();
        let share: f64 = key.points.iter().map(|p| p.share.unwrap() * p.n as f64).sum::<f64>() / persons as f64;
        close("facility", share, item.facility.unwrap(), 1e-12);
    }
    let names: Vec<Option<String>> =
        (0..20).map(|i| Some(if i < 10 { "first" } else { "second" }.to_owned())).collect();
    let (parts, pairs) = subtests(&responses, MissingTreatment::default(), &names).unwrap();
    assert_eq!((parts[0].items, parts[1].max), (10, 10));
    close("means", parts[0].mean + parts[1].mean, analysis.test.mean, 1e-12);
    // Variance of the whole from its parts.
    let (x, y) = (parts[0].sd.unwrap(), parts[1].sd.unwrap());
    close("sd", (x * x + y * y + 2.0 * pairs[0].r.unwrap() * x * y).sqrt(), analysis.test.sd.unwrap(), 1e-10);
    let corrected = pairs[0].r.unwrap() / (parts[0].alpha.unwrap() * parts[1].alpha.unwrap()).sqrt();
    close("disattenuated", pairs[0].disattenuated.unwrap(), corrected, 1e-12);
}
