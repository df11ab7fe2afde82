//! fit.csv of `zerek psychometrics fit`.

use std::path::Path;

use psychometrics::{Fit, Responses};

use super::output::Rows;
use crate::BadInput;

/// Writes fit.csv; without `asked` it only lists the items.
pub fn write(_fitted: &Fit, responses: &Responses, _asked: bool, out: &Path) -> Result<(), BadInput> {
    let mut rows = Rows::new(&["item"]);
    for item in responses.items() {
        rows.push([item.name.clone()]);
    }
    rows.write(&out.join("fit.csv"))
}
