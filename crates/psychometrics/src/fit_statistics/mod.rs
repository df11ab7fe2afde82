//! Does the model fit? Items, pairs of items, the test, persons.
//!
//! Sources: Orlando and Thissen (2000, 2003) for S-X2; Wright and Masters (1982) for infit and outfit; Yen (1984)
//! for Q3; Chen and Thissen (1997) for local dependence; Maydeu-Olivares and Joe (2006), Cai and Hansen (2013) for M2 and M2*; Drasgow, Levine and Williams
//! (1985), Snijders (2001) and Sinharay (2016) for lz and lz*.

mod curves;
mod limited;
mod local;
mod person;
mod residuals;
mod s_x2;

pub use curves::{InformationPoint, ResidualPoint, information_curves, residual_points};
pub use limited::{LimitedInformation, m2};
pub use local::{LocalDependence, local_dependence};
pub use person::{PersonFit, person_fit};
pub(crate) use residuals::cube_root_z;
pub use residuals::{MeanSquares, mean_squares, q3};
pub use s_x2::{ItemFit, s_x2};

/// Root mean square error of approximation: `sqrt((x / df - 1) / (n - 1))`, 0 when x <= df; `None` without df.
pub fn rmsea(x: f64, df: f64, n: f64) -> Option<f64> {
    (df > 0.0 && n > 1.0).then(|| ((x / df - 1.0).max(0.0) / (n - 1.0)).sqrt())
}
