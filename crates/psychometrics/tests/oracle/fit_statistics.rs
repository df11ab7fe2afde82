use psychometrics::fit_statistics::{m2, mean_squares, person_fit, q3, s_x2};
use psychometrics::{FitSettings, Method, MissingTreatment, Model, Priors, ScoreSettings, score};

use crate::data::{Table, close, json, set};
use crate::fits::{fit_all, three_pl_priors};

fn agrees(name: &str, suffix: &str, model: Model, priors: Priors) {
    let Some(responses) = set(name) else { return };
    let fitted = fit_all(&responses, model, &FitSettings { priors, ..FitSettings::default() });
    let treatment = MissingTreatment::default();
    let ours = s_x2(&fitted, &responses, treatment).unwrap();
    let reference = Table::read(&format!("oracle/{name}_{suffix}_SX2.csv")).unwrap();
    for (row, ours) in ours.iter().enumerate() {
        let what = format!("{name} {suffix} S-X2 {}", reference.rows[row][0]);
        // Without degrees of freedom the reference gives no value.
        let Some(theirs) = reference.number(row, "S_X2") else {
            assert!(ours.p.is_none(), "{what}: {ours:?}");
            continue;
        };
        close(&what, ours.x, theirs, 0.005 * theirs);
        close(&format!("{what} df"), ours.df as f64, reference.number(row, "df.S_X2").unwrap(), 0.0);
    }
    let eap: Vec<Option<f64>> = fitted.eap(responses.persons()).into_iter().map(|e| e.map(|e| e.0)).collect();
    let matrix = q3(&fitted, &responses, treatment, &eap);
    let reference = Table::read(&format!("oracle/{name}_{suffix}_Q3.csv")).unwrap();
    let n = responses.items().len();
    for i in 0..n {
        for j in 0..n {
            let theirs: f64 = reference.rows[i][j + 1].parse().unwrap();
            close(&format!("{name} {suffix} Q3 {i} {j}"), matrix[i * n + j].unwrap(), theirs, 0.002);
        }
    }
    if model == Model::Rasch {
        let ours = mean_squares(&fitted, &responses, treatment, &eap);
        let reference = Table::read(&format!("oracle/{name}_{suffix}_infit_EAP.csv")).unwrap();
        for (row, ours) in ours.iter().enumerate() {
            let ours = ours.unwrap();
            let theirs = |column: &str| reference.number(row, column).unwrap();
            close("infit", ours.infit, theirs("infit"), 0.001);
            close("outfit", ours.outfit, theirs("outfit"), 0.001);
            close("z infit", ours.infit_z, theirs("z.infit"), 0.02);
            close("z outfit", ours.outfit_z, theirs("z.outfit"), 0.02);
        }
    }
    let summary = json(&format!("oracle/{name}_{suffix}_summary.json")).unwrap();
    if let Some(theirs) = summary["M2"]["M2"].as_f64().filter(|_| n <= 20) {
        let ours = m2(&fitted, &responses, treatment).unwrap();
        close(&format!("{name} {suffix} M2"), ours.m2, theirs, 0.005 * theirs);
        assert_eq!(ours.df as u64, summary["M2"]["df"].as_u64().unwrap());
        close("RMSEA", ours.rmsea.unwrap(), summary["M2"]["RMSEA"].as_f64().unwrap(), 0.001);
        close("SRMSR", ours.srmsr, summary["M2"]["SRMSR"].as_f64().unwrap(), 0.001);
    }
}

#[test]
fn fit_of_items_pairs_and_test_agrees() {
    for name in ["LSAT6", "LSAT7", "HCI"] {
        agrees(name, "Rasch", Model::Rasch, Priors::default());
        agrees(name, "2PL", Model::TwoPl, Priors::default());
    }
    agrees("HCI", "3PLnorm", Model::ThreePl, three_pl_priors());
    agrees("Science", "gpcm", Model::GeneralisedPartialCredit, Priors::default());
    agrees("Science", "graded", Model::Graded, Priors::default());
    agrees("Science", "nominal", Model::Nominal, Priors::default());
    agrees("CZmaturaS", "gpcm", Model::GeneralisedPartialCredit, Priors::default());
    agrees("CZmaturaS", "graded", Model::Graded, Priors::default());
}

#[test]
fn corrected_person_fit_is_nearly_standard_normal() {
    let Some(responses) = set("sim_a") else { return };
    let fitted = fit_all(&responses, Model::TwoPl, &FitSettings::default());
    let items = fitted.calibrated(&responses);
    let wle: Vec<Option<f64>> = score(&responses, &items, Method::Wle, &ScoreSettings::default())
        .unwrap()
        .into_iter()
        .map(|s| s.map(|s| s.theta).filter(|t| t.abs() < 2.0))
        .collect();
    let fits = person_fit(&responses, &items, MissingTreatment::default(), &wle);
    let fits: Vec<_> = fits.into_iter().flatten().collect();
    let moments = |values: &[f64]| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n)
    };
    let corrected = moments(&fits.iter().map(|f| f.lz_star.unwrap()).collect::<Vec<_>>());
    let plain = moments(&fits.iter().map(|f| f.lz).collect::<Vec<_>>());
    // With 50 items the correction holds to the order of skewness over the root of 50.
    close("mean", corrected.0, 0.0, 0.1);
    close("variance", corrected.1, 1.0, 0.06);
    assert!((corrected.1 - 1.0).abs() < (plain.1 - 1.0).abs());
}
