use psychometrics::dif::{Comparison, IrtDifSettings, IrtDifTest, irt_dif, logistic_dif, mantel_haenszel, sibtest};
use psychometrics::{MissingTreatment, Model, Responses};

use crate::data::{Table, close, json, set};

fn relative(what: &str, ours: f64, theirs: f64, share: f64) {
    close(what, ours, theirs, share * theirs.abs().max(1e-9));
}

fn hci_by_gender() -> Option<Responses> {
    let responses = set("HCI")?;
    let table = Table::read("real/HCI_scored.csv")?;
    let column = table.column("gender");
    let labels: Vec<String> = table.rows.iter().map(|row| row[column].clone()).collect();
    Some(responses.with_groups(&labels).unwrap())
}

#[test]
fn mantel_haenszel_and_standardisation_agree() {
    let Some(responses) = hci_by_gender() else { return };
    let comparison = Comparison::new(&responses, Some("0"), Some("1")).unwrap();
    let ours = mantel_haenszel(&responses, comparison, MissingTreatment::default(), false).unwrap();
    let reference = Table::read("oracle/HCI_gender_MH.csv").unwrap();
    let logistic = Table::read("oracle/HCI_gender_logistic_STD.csv").unwrap();
    for (row, item) in ours.iter().enumerate() {
        let expect = |column: &str, ours: Option<f64>| {
            relative(&format!("{} {column}", item.item), ours.unwrap(), reference.number(row, column).unwrap(), 1e-6);
        };
        expect("alphaMH", item.odds_ratio);
        expect("se_ln", item.se_log);
        expect("deltaMH", item.delta);
        expect("se_delta", item.se_delta);
        expect("chi2_cc", item.chi_square);
        expect("p", item.p);
        assert_eq!(item.class.unwrap().letter(), reference.rows[row][reference.column("ETS_rule")]);
        let theirs = logistic.number(row, "STD_P_DIF_focal_weight").unwrap();
        close("standardised", item.standardised_difference.unwrap(), theirs, 1e-9);
    }
}

#[test]
fn logistic_regression_agrees() {
    let Some(responses) = hci_by_gender() else { return };
    let comparison = Comparison::new(&responses, None, None).unwrap();
    let ours = logistic_dif(&responses, comparison, MissingTreatment::default()).unwrap();
    let reference = Table::read("oracle/HCI_gender_logistic_STD.csv").unwrap();
    for (row, item) in ours.iter().enumerate() {
        let item = item.as_ref().unwrap();
        let expect = |column: &str, ours: f64| {
            relative(&format!("{} {column}", item.item), ours, reference.number(row, column).unwrap(), 1e-4);
        };
        expect("chi2_uniform", item.uniform);
        expect("chi2_nonuniform", item.non_uniform);
        expect("b_group", item.group_coefficient);
        expect("R2N_base", item.r_squared[0]);
        expect("R2N_unif", item.r_squared[1]);
        expect("R2N_nonunif", item.r_squared[2]);
    }
}

#[test]
fn likelihood_ratio_agrees_and_wald_is_near() {
    let Some(responses) = hci_by_gender() else { return };
    let comparison = Comparison::new(&responses, None, None).unwrap();
    let models = vec![Model::TwoPl; responses.items().len()];
    let ours = irt_dif(&responses, &models, comparison, &IrtDifSettings::default()).unwrap();
    let baseline = json("oracle/HCI_gender_multigroup_baseline.json").unwrap();
    close("baseline", ours.log_likelihood, baseline["logLik"].as_f64().unwrap(), 0.001);
    close("mean", ours.focal.0, baseline["foc"]["means"].as_f64().unwrap(), 0.002);
    close("variance", ours.focal.1, baseline["foc"]["cov"][0][0].as_f64().unwrap(), 0.002);
    let reference = Table::read("oracle/HCI_gender_mirtDIF_LR_drop.csv").unwrap();
    for row in 0..reference.rows.len() {
        let item = ours.items.iter().find(|item| item.item == reference.rows[row][0]).unwrap();
        let theirs = reference.number(row, "X2").unwrap();
        close(&format!("{} X2", item.item), item.chi_square, theirs, 0.005 * theirs + 0.002);
        assert_eq!(item.df, 2);
    }
    let settings = IrtDifSettings { test: IrtDifTest::Wald, ..IrtDifSettings::default() };
    let wald = irt_dif(&responses, &models, comparison, &settings).unwrap();
    for (wald, ratio) in wald.items.iter().zip(&ours.items) {
        close(&format!("{} wald", wald.item), wald.chi_square, ratio.chi_square, 0.25 * ratio.chi_square + 0.3);
    }
}

#[test]
fn likelihood_ratio_on_a_large_set_agrees() {
    let Some(responses) = set("sim_a") else { return };
    let table = Table::read("sim/a_group.csv").unwrap();
    let labels: Vec<String> = table.rows.iter().map(|row| row[0].clone()).collect();
    let responses = responses.with_groups(&labels).unwrap();
    let comparison = Comparison::new(&responses, Some("ref"), Some("foc")).unwrap();
    let models = vec![Model::TwoPl; 50];
    let started = std::time::Instant::now();
    let ours = irt_dif(&responses, &models, comparison, &IrtDifSettings::default()).unwrap();
    println!("likelihood-ratio DIF of 50 items: {:.2} s", started.elapsed().as_secs_f64());
    close("baseline", ours.log_likelihood, -266_348.966, 0.02);
    let reference = Table::read("oracle/sim_a_random_group_mirtDIF_LR.csv").unwrap();
    for row in 0..reference.rows.len() {
        let item = ours.items.iter().find(|item| item.item == reference.rows[row][0]).unwrap();
        let theirs = reference.number(row, "X2").unwrap();
        close(&format!("{} X2", item.item), item.chi_square, theirs, 0.005 * theirs + 0.01);
    }
}

#[test]
fn sibtest_agrees_in_direction_with_standardisation() {
    let Some(responses) = hci_by_gender() else { return };
    let comparison = Comparison::new(&responses, None, None).unwrap();
    let treatment = MissingTreatment::default();
    let standard = mantel_haenszel(&responses, comparison, treatment, false).unwrap();
    for (sib, standard) in sibtest(&responses, comparison, treatment).unwrap().iter().zip(&standard) {
        let sib = sib.as_ref().unwrap();
        // Beta is reference minus focal; the standardised difference is focal minus reference.
        close(&sib.item, sib.beta, -standard.standardised_difference.unwrap(), 0.06);
    }
}
