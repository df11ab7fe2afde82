use psychometrics::conditional::conditional_rasch;
use psychometrics::{ItemParameters, MissingTreatment};

use crate::data::{Table, close, json, set};

#[test]
fn conditional_rasch_agrees() {
    for name in ["LSAT7", "HCI", "data.read"] {
        let Some(responses) = set(name) else { return };
        let ours = conditional_rasch(&responses, MissingTreatment::default()).unwrap();
        let summary = json(&format!("oracle/{name}_Rasch_CML_eRm.json")).unwrap();
        close("log-likelihood", ours.log_likelihood, summary["condLogLik"].as_f64().unwrap(), 1e-5);
        assert_eq!(ours.parameters as u64, summary["npar"].as_u64().unwrap());
        let table = Table::read(&format!("oracle/{name}_Rasch_CML_eRm.csv")).unwrap();
        for (row, item) in ours.items.iter().enumerate() {
            let ItemParameters::Logistic { intercept, .. } = item else { panic!("not dichotomous") };
            close(&format!("{name} {row}"), *intercept, table.number(row, "beta_easiness").unwrap(), 0.0005);
            let se = table.number(row, "se").unwrap();
            close(&format!("{name} {row} se"), ours.slope_intercept(row)[1].se.unwrap(), se, 0.005 * se);
        }
    }
}

#[test]
fn conditional_partial_credit_agrees() {
    let Some(responses) = set("Science") else { return };
    let ours = conditional_rasch(&responses, MissingTreatment::default()).unwrap();
    let summary = json("oracle/Science_PCM_CML_eRm.json").unwrap();
    close("log-likelihood", ours.log_likelihood, summary["condLogLik"].as_f64().unwrap(), 1e-5);
    assert_eq!(ours.parameters as u64, summary["npar"].as_u64().unwrap());
}
