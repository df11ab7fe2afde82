use psychometrics::{ClassicalSettings, Responses, classical};

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
