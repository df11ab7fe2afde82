//! Items without standard errors as an items.csv.

use std::path::Path;

use psychometrics::{CalibratedItem, ItemParameters, Model};

use super::output::{Rows, number};
use crate::BadInput;

/// Writes slope-intercept and IRT parameters of items; readable by `score` and `link`.
pub fn write(items: &[(CalibratedItem, Option<Model>)], path: &Path) -> Result<(), BadInput> {
    let most = items.iter().map(|(item, _)| item.parameters.categories() - 1).max().unwrap_or(1);
    let series = |letter: &str| (1..=most).map(|k| format!("{letter}{k}")).collect::<Vec<_>>();
    let mut header: Vec<String> = ["item", "model", "a", "b", "c", "u", "d"].map(str::to_owned).to_vec();
    header.extend(series("a"));
    header.extend(series("b"));
    header.extend(series("c"));
    header.extend(series("d"));
    header.push("scores".to_owned());
    let mut rows = Rows::new(&header);
    for (item, model) in items {
        let mut cells = vec![String::new(); header.len()];
        let mut set = |name: &str, value: f64| {
            if let Some(place) = header.iter().position(|h| h == name) {
                cells[place] = number(Some(value));
            }
        };
        let mut many = |letter: &str, values: &[f64]| {
            for (k, value) in values.iter().enumerate() {
                set(&format!("{letter}{}", k + 1), *value);
            }
        };
        let name = match &item.parameters {
            ItemParameters::Nominal { slopes, intercepts } => {
                many("a", slopes);
                many("c", intercepts);
                Model::Nominal
            }
            ItemParameters::Logistic { slope, intercept, lower, upper } => {
                many("a", &[*slope]);
                set("a", *slope);
                set("b", -intercept / slope);
                set("d", *intercept);
                if item.parameters.is_divide_by_total() {
                    Model::TwoPl
                } else {
                    set("c", *lower);
                    set("u", *upper);
                    if *upper < 1.0 { Model::FourPl } else { Model::ThreePl }
                }
            }
            ItemParameters::PartialCredit { slope, intercepts } | ItemParameters::Graded { slope, intercepts } => {
                many("a", &[*slope]);
                many("d", intercepts);
                many("b", &item.parameters.difficulties().map(|(_, b)| b).unwrap_or_default());
                set("a", *slope);
                if matches!(item.parameters, ItemParameters::Graded { .. }) {
                    Model::Graded
                } else {
                    Model::GeneralisedPartialCredit
                }
            }
        };
        // Moving the scale turns models with given slopes into their general form.
        let kept = model.filter(|m| {
            !matches!(m, Model::Rasch | Model::OnePl | Model::Oplm(_) | Model::PartialCredit | Model::RatingScale)
        });
        cells[0].clone_from(&item.name);
        kept.unwrap_or(name).name().clone_into(&mut cells[1]);
        if let Some(last) = cells.last_mut() {
            *last = item.scores.iter().map(u8::to_string).collect::<Vec<_>>().join(";");
        }
        rows.push(cells);
    }
    rows.write(path)
}
