//! fit.csv and the fit part of summary.json of `zerek psychometrics fit`.

use std::path::Path;

use psychometrics::fit_statistics::{m2, mean_squares, q3, s_x2};
use psychometrics::{Fit, MissingTreatment, Responses};
use serde_json::{Value, json};

use super::output::{Rows, number};
use crate::BadInput;

/// Above this many items M2 is left out: its cost grows with the fourth power.
const MOST_ITEMS_OF_M2: usize = 60;

/// Writes fit.csv; without `asked` it only lists the items. Returns what goes into the summary.
pub fn write(fitted: &Fit, responses: &Responses, asked: bool, out: &Path) -> Result<Value, BadInput> {
    if !asked {
        let mut rows = Rows::new(&["item"]);
        for item in responses.items() {
            rows.push([item.name.clone()]);
        }
        rows.write(&out.join("fit.csv"))?;
        return Ok(Value::Null);
    }
    let treatment = MissingTreatment::default();
    let eap: Vec<Option<f64>> = fitted.eap(responses.persons()).into_iter().map(|e| e.map(|e| e.0)).collect();
    super::fit_curves::write(fitted, responses, &eap, out)?;
    let squares = mean_squares(fitted, responses, treatment, &eap);
    let by_score = s_x2(fitted, responses, treatment);
    let residual = q3(fitted, responses, treatment, &eap);
    let n = responses.items().len();
    let mut rows = Rows::new(&[
        "item",
        "S_X2",
        "df_S_X2",
        "p_S_X2",
        "rmsea_S_X2",
        "infit",
        "z_infit",
        "outfit",
        "z_outfit",
        "max_q3",
        "max_q3_item",
    ]);
    for (i, item) in responses.items().iter().enumerate() {
        let s = by_score.as_ref().map(|all| &all[i]);
        let m = squares[i];
        let strongest = (0..n)
            .filter(|j| *j != i)
            .filter_map(|j| residual[i * n + j].map(|r| (j, r)))
            .max_by(|x, y| x.1.abs().total_cmp(&y.1.abs()).then(y.0.cmp(&x.0)));
        rows.push([
            item.name.clone(),
            number(s.map(|s| s.x)),
            s.map_or_else(String::new, |s| s.df.to_string()),
            number(s.and_then(|s| s.p)),
            number(s.and_then(|s| s.rmsea)),
            number(m.map(|m| m.infit)),
            number(m.map(|m| m.infit_z)),
            number(m.map(|m| m.outfit)),
            number(m.map(|m| m.outfit_z)),
            number(strongest.map(|(_, r)| r)),
            strongest.map_or_else(String::new, |(j, _)| responses.items()[j].name.clone()),
        ]);
    }
    rows.write(&out.join("fit.csv"))?;
    let whole = if n <= MOST_ITEMS_OF_M2 { m2(fitted, responses, treatment) } else { None };
    Ok(whole.map_or(Value::Null, |m| json!({"m2": m.m2, "df": m.df, "p": m.p, "rmsea": m.rmsea, "srmsr": m.srmsr})))
}
