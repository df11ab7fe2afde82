use psychometrics::irt::Estimate;
use psychometrics::{Fit, FitSettings, Model, Prior, Priors, Responses, fit};

use crate::data::{Table, close, json, set};

pub fn fit_all(responses: &Responses, model: Model, settings: &FitSettings) -> Fit {
    let started = std::time::Instant::now();
    let fitted = fit(responses, &vec![model; responses.items().len()], settings).unwrap();
    println!(
        "{} {} x {}: {:.3} s, {} iterations, {} evaluations, log-likelihood {:.6}",
        model.name(),
        responses.persons(),
        responses.items().len(),
        started.elapsed().as_secs_f64(),
        fitted.iterations,
        fitted.evaluations,
        fitted.log_likelihood
    );
    assert!(fitted.converged, "{:?}", fitted.warnings);
    fitted
}

pub fn three_pl_priors() -> Priors {
    Priors {
        slope: Some(Prior::LogNormal { mean: 0.0, sd: 0.5 }),
        lower: Some(Prior::Normal { mean: -1.386, sd: 0.5 }),
        ..Priors::default()
    }
}

fn value<'a>(estimates: &'a [Estimate], name: &str) -> &'a Estimate {
    estimates.iter().find(|e| e.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Parameters within 0.002, standard errors within 2 %, EAP of the first persons within 0.002.
fn agrees_exactly(name: &str, suffix: &str, model: Model, priors: Priors) {
    let Some(responses) = set(name) else { return };
    let settings = FitSettings { priors, standard_errors: responses.persons() < 5000, ..FitSettings::default() };
    let fitted = fit_all(&responses, model, &settings);
    let summary = json(&format!("oracle/{name}_{suffix}_summary.json")).unwrap();
    let optimum = |field: &str| summary[field].as_f64();
    assert!(fitted.log_likelihood > optimum("logLik").unwrap() - 0.01 || optimum("logPosterior").is_some());
    if let Some(theirs) = optimum("logPosterior") {
        assert!(fitted.log_posterior > theirs - 0.001, "{} {theirs}", fitted.log_posterior);
        close("log-posterior", fitted.log_posterior, theirs, 0.01);
    }
    let items = Table::read(&format!("oracle/{name}_{suffix}_items.csv")).unwrap();
    for row in 0..items.rows.len() {
        let estimates = fitted.slope_intercept(row);
        let mut pairs = vec![("a", "a1"), ("d", "d")];
        if model == Model::ThreePl {
            pairs.push(("c", "g"));
        }
        for (theirs, ours) in pairs {
            let what = format!("{name} {} {ours}", items.rows[row][0]);
            let ours = value(&estimates, ours);
            close(&what, ours.value, items.number(row, theirs).unwrap(), 0.002);
            if let (Some(se), true) = (ours.se, items.header.iter().any(|h| *h == format!("se_{theirs}"))) {
                let theirs = items.number(row, &format!("se_{theirs}")).unwrap();
                close(&format!("{what} se"), se, theirs, 0.02 * theirs);
            }
        }
    }
    let eap = Table::read(&format!("oracle/{name}_{suffix}_EAP50.csv")).unwrap();
    let ours = fitted.eap(responses.persons());
    for (row, ours) in ours.iter().take(eap.rows.len()).enumerate() {
        let (mean, sd) = ours.unwrap();
        close("EAP", mean, eap.number(row, "EAP").unwrap(), 0.002);
        close("EAP se", sd, eap.number(row, "SE").unwrap(), 0.002);
    }
}

#[test]
fn two_parameter_models_agree() {
    for name in ["LSAT6", "LSAT7", "HCI", "sim_a"] {
        agrees_exactly(name, "2PL_exact", Model::TwoPl, Priors::default());
    }
}

#[test]
fn three_parameter_models_agree() {
    for name in ["LSAT7", "HCI", "sim_b"] {
        agrees_exactly(name, "3PLnorm_exact", Model::ThreePl, three_pl_priors());
        let beta = Priors { lower: Some(Prior::Beta { alpha: 5.0, beta: 17.0 }), ..three_pl_priors() };
        agrees_exactly(name, "3PLbeta_exact", Model::ThreePl, beta);
    }
}

/// Against mirt: the log-likelihood may not be lower; parameters and errors agree where mirt converged tightly.
fn agrees_with_mirt(name: &str, theirs: &str, model: Model) {
    let Some(responses) = set(name) else { return };
    let settings = FitSettings { standard_errors: responses.persons() < 3000, ..FitSettings::default() };
    let fitted = fit_all(&responses, model, &settings);
    let summary = json(&format!("oracle/{name}_{theirs}_summary.json")).unwrap();
    let their_likelihood = summary["logLik"].as_f64().unwrap();
    assert!(
        fitted.log_likelihood > their_likelihood - 0.001,
        "{name} {theirs}: {} {their_likelihood}",
        fitted.log_likelihood
    );
    let much_better = fitted.log_likelihood > their_likelihood + 0.001;
    // Where the reference stopped earlier its likelihood has to be beaten and a twentieth of an error is allowed.
    let tight = summary["TOL"].as_f64().unwrap() <= 1e-6;
    assert!(tight || fitted.log_likelihood > their_likelihood);
    assert_eq!(fitted.parameters as u64, summary["npar"].as_u64().unwrap());
    let errors = Table::read(&format!("oracle/{name}_{theirs}_items_se.csv")).unwrap();
    for row in 0..errors.rows.len() {
        let (item, par) = (&errors.rows[row][0], errors.rows[row][1].as_str());
        let Some(position) = responses.items().iter().position(|i| i.name == *item) else {
            if par == "COV_11" {
                close("variance", fitted.latent[0].variance.value, errors.number(row, "est").unwrap(), 0.002);
                if let (Some(ours), Some(theirs)) = (fitted.latent[0].variance.se, errors.number(row, "se")) {
                    close("variance se", ours, theirs, 0.02 * theirs);
                }
            }
            continue;
        };
        let estimates = fitted.slope_intercept(position);
        let Some(ours) = estimates.iter().find(|e| e.name == par) else { continue };
        let their_value = errors.number(row, "est").unwrap();
        let their_se = errors.number(row, "se");
        let tolerance = if much_better {
            their_se.unwrap_or(0.02) * 0.5
        } else {
            0.002_f64.max(their_se.unwrap_or(0.0) * if tight { 0.01 } else { 0.05 })
        };
        close(&format!("{name} {theirs} {item} {par}"), ours.value, their_value, tolerance);
        if let (Some(ours), Some(theirs), false) = (ours.se, their_se, much_better) {
            close(&format!("{name} {item} {par} se"), ours, theirs, 0.02 * theirs);
        }
    }
}

#[test]
fn rasch_models_agree() {
    for name in ["LSAT6", "LSAT7", "HCI", "Science"] {
        agrees_with_mirt(name, "Rasch", Model::Rasch);
    }
}

#[test]
fn polytomous_models_agree() {
    agrees_with_mirt("Science", "gpcm", Model::GeneralisedPartialCredit);
    agrees_with_mirt("Science", "graded", Model::Graded);
    agrees_with_mirt("CZmaturaS", "gpcm", Model::GeneralisedPartialCredit);
    agrees_with_mirt("CZmaturaS", "graded", Model::Graded);
    agrees_with_mirt("sim_e", "gpcm", Model::GeneralisedPartialCredit);
    agrees_with_mirt("sim_f", "graded", Model::Graded);
}

#[test]
fn nominal_model_agrees() {
    let Some(responses) = set("Science") else { return };
    let settings = FitSettings { standard_errors: true, ..FitSettings::default() };
    let fitted = fit_all(&responses, Model::Nominal, &settings);
    let summary = json("oracle/Science_nominal_summary.json").unwrap();
    assert!(fitted.log_likelihood > summary["logLik"].as_f64().unwrap() - 0.001);
    let table = Table::read("oracle/Science_nominal_items_slope_intercept.csv").unwrap();
    for row in 0..4 {
        let estimates = fitted.slope_intercept(row);
        for k in 1..4 {
            let number = |name: String| table.number(row, &name).unwrap();
            let slope = number("a1".to_owned()) * number(format!("ak{k}"));
            close("slope", value(&estimates, &format!("a{k}")).value, slope, 0.01);
            close("intercept", value(&estimates, &format!("c{k}")).value, number(format!("d{k}")), 0.02);
        }
    }
}

#[test]
fn large_sets_reach_the_optimum() {
    for (name, model, floor) in [
        ("sim_c", Model::Rasch, -2_243_928.682),
        ("sim_d", Model::TwoPl, -2_082_893.471),
        ("sim_g", Model::TwoPl, -1_079_253.595),
    ] {
        let Some(responses) = set(name) else { return };
        let fitted = fit_all(&responses, model, &FitSettings::default());
        assert!(fitted.log_likelihood > floor - 0.01, "{name}: {}", fitted.log_likelihood);
    }
}
