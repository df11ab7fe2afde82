use psychometrics::irt::Grid;
use psychometrics::scores::{empirical_reliability, marginal_reliability, sum_score_table, test_information};
use psychometrics::{CalibratedItem, FitSettings, ItemParameters, Method, Model, Responses, ScoreSettings, score};

use crate::data::{Table, close, json, set};
use crate::fits::{fit_all, three_pl_priors};

/// The reference's own parameters, so that only scoring is compared.
pub fn reference_items(name: &str, suffix: &str, responses: &Responses) -> Vec<CalibratedItem> {
    let table = Table::read(&format!("oracle/{name}_{suffix}_items_slope_intercept.csv")).unwrap();
    let item = |row: usize| {
        let number =
            |column: &str| table.header.iter().any(|h| h == column).then(|| table.number(row, column)).flatten();
        let slope = number("a1").unwrap();
        let intercepts: Vec<f64> = (1..10).map_while(|k| number(&format!("d{k}"))).collect();
        let parameters = match number("d") {
            Some(intercept) => {
                ItemParameters::Logistic { slope, intercept, lower: number("g").unwrap(), upper: number("u").unwrap() }
            }
            None if suffix == "graded" => ItemParameters::Graded { slope, intercepts },
            None => ItemParameters::PartialCredit { slope, intercepts },
        };
        CalibratedItem::new(responses.items()[row].name.clone(), parameters)
    };
    (0..responses.items().len()).map(item).collect()
}

fn agrees(name: &str, suffix: &str) {
    let Some(responses) = set(name) else { return };
    let items = reference_items(name, suffix, &responses);
    let summary = json(&format!("oracle/{name}_{suffix}_summary.json")).unwrap();
    let sd = summary["cov"].as_f64().unwrap().sqrt();
    let settings = ScoreSettings { sd, ..ScoreSettings::default() };
    let reference = Table::read(&format!("oracle/{name}_{suffix}_scores50.csv")).unwrap();
    let mut compared = 0;
    for (method, column) in [(Method::Eap, "EAP"), (Method::Map, "MAP"), (Method::Ml, "ML"), (Method::Wle, "WLE")] {
        // The reference maximises likelihood times the root of information, which is Warm's estimate in the
        // exponential family only; elsewhere the two differ by design.
        let different = method == Method::Wle && !items.iter().all(|item| item.parameters.is_divide_by_total());
        let ours = score(&responses, &items, method, &settings).unwrap();
        for (row, ours) in ours.iter().take(reference.rows.len()).enumerate() {
            let (Some(theta), Some(se)) =
                (reference.number(row, column), reference.number(row, &format!("SE_{column}")))
            else {
                continue;
            };
            // The reference does not converge where there is hardly any information.
            if different
                || !theta.is_finite()
                || se.is_nan()
                || (matches!(method, Method::Ml | Method::Wle) && se > 1.3)
            {
                continue;
            }
            let ours = ours.unwrap_or_else(|| panic!("{name} {suffix} {column} {row}: {theta} {se}"));
            let tolerance = if matches!(method, Method::Eap) { 1e-6 } else { 0.002 };
            close(&format!("{name} {suffix} {column} {row}"), ours.theta, theta, tolerance);
            close(&format!("{name} {suffix} SE {column} {row}"), ours.se, se, 0.02 * se);
            compared += 1;
        }
    }
    assert!(compared > 40, "{name} {suffix}: {compared}");
    let table = Table::read(&format!("oracle/{name}_{suffix}_EAPsum.csv")).unwrap();
    let given: Vec<&CalibratedItem> = items.iter().collect();
    let ours = sum_score_table(&given, 0.0, sd, &Grid::new(61, 6.0));
    assert_eq!(table.rows.len(), ours.len());
    let (mean, sd_column) = (table.header[1].clone(), table.header[2].clone());
    for (row, ours) in ours.iter().enumerate() {
        close("EAPsum", ours.theta, table.number(row, &mean).unwrap(), 1e-4);
        close("EAPsum SE", ours.sd, table.number(row, &sd_column).unwrap(), 1e-4);
        let expected = table.number(row, "expected").unwrap();
        close("expected", ours.probability * responses.persons() as f64, expected, 1e-5 * expected.max(1.0));
    }
    let information = Table::read(&format!("oracle/{name}_{suffix}_testinfo.csv")).unwrap();
    for row in 0..information.rows.len() {
        let theta = information.number(row, "theta").unwrap();
        close("information", test_information(&items, theta), information.number(row, "info").unwrap(), 1e-6);
    }
    let eap: Vec<_> = score(&responses, &items, Method::Eap, &settings).unwrap().into_iter().flatten().collect();
    close("empirical", empirical_reliability(&eap).unwrap(), summary["empirical_rxx"].as_f64().unwrap(), 0.002);
    if (sd - 1.0).abs() < 1e-12 {
        close("marginal", marginal_reliability(&items, 0.0, sd), summary["marginal_rxx"].as_f64().unwrap(), 0.002);
    }
}

#[test]
fn scores_agree() {
    for (name, suffix) in [
        ("LSAT6", "2PL"),
        ("LSAT7", "2PL"),
        ("LSAT7", "3PLnorm"),
        ("HCI", "2PL"),
        ("HCI", "Rasch"),
        ("HCI", "3PLnorm"),
        ("Science", "gpcm"),
        ("Science", "graded"),
        ("sim_a", "2PL"),
        ("sim_b", "3PLnorm"),
        ("sim_e", "gpcm"),
        ("sim_f", "graded"),
    ] {
        agrees(name, suffix);
    }
}

#[test]
fn perfect_scores_have_no_ml_and_a_finite_wle() {
    let items: Vec<CalibratedItem> = (0..5)
        .map(|i| {
            let parameters = ItemParameters::Logistic {
                slope: 1.0 + 0.1 * f64::from(i),
                intercept: 0.3 * f64::from(i - 2),
                lower: 0.0,
                upper: 1.0,
            };
            CalibratedItem::new(format!("i{i}"), parameters)
        })
        .collect();
    let rows = [vec![Some(1); 5], vec![Some(0); 5], vec![None; 5], vec![Some(1), Some(0), Some(1), None, None]];
    let responses = Responses::from_scores(items.iter().map(|i| (i.name.clone(), 1)), rows).unwrap();
    let ml = score(&responses, &items, Method::Ml, &ScoreSettings::default()).unwrap();
    assert_eq!((ml[0], ml[1], ml[2]), (None, None, None));
    assert!(ml[3].is_some());
    let wle = score(&responses, &items, Method::Wle, &ScoreSettings::default()).unwrap();
    assert!(wle[0].unwrap().theta > 1.0 && wle[1].unwrap().theta < -1.0 && wle[2].is_none());
}

#[test]
fn eap_of_the_fit_equals_eap_of_its_items() {
    let Some(responses) = set("HCI") else { return };
    let settings = FitSettings { priors: three_pl_priors(), ..FitSettings::default() };
    let fitted = fit_all(&responses, Model::ThreePl, &settings);
    let own = fitted.eap(responses.persons());
    let scored = score(&responses, &fitted.calibrated(&responses), Method::Eap, &ScoreSettings::default()).unwrap();
    for (own, scored) in own.iter().zip(&scored) {
        close("EAP", own.unwrap().0, scored.unwrap().theta, 1e-9);
    }
}
