//! Does the model fit? Items, pairs of items, the test, persons.
//!
//! Sources: Orlando and Thissen (2000, 2003) for S-X2; Wright and Masters (1982) for infit and outfit; Yen (1984)
//! for Q3; Maydeu-Olivares and Joe (2006), Cai and Hansen (2013) for M2 and M2*; Drasgow, Levine and Williams
//! (1985) and Snijders (2001) for lz and lz*.

mod limited;
mod person;
mod residuals;
mod s_x2;

pub use limited::{LimitedInformation, m2};
pub use person::{PersonFit, person_fit};
pub use residuals::{MeanSquares, mean_squares, q3};
pub use s_x2::{ItemFit, s_x2};

/// Root mean square error of approximation: `sqrt((x / df - 1) / (n - 1))`, 0 when x <= df; `None` without df.
pub fn rmsea(x: f64, df: f64, n: f64) -> Option<f64> {
    (df > 0.0 && n > 1.0).then(|| ((x / df - 1.0).max(0.0) / (n - 1.0)).sqrt())
}
