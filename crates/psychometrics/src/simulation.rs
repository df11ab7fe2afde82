//! Simulated abilities and responses, the same on every machine for the same seed.

use crate::math::normal_quantile;
use crate::{CalibratedItem, Error, Responses};

/// A small generator of uniform numbers (SplitMix64: Steele, Lea and Flood 2014). Not for secrets.
#[derive(Debug, Clone)]
pub struct Generator {
    state: u64,
}

impl Generator {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform on the open interval (0, 1), 53 bits.
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// Standard normal, by inversion.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }
}

/// Responses of persons with these abilities to the items.
///
/// # Errors
/// No items, names twice, an ability that is not finite.
pub fn simulate(items: &[CalibratedItem], thetas: &[f64], generator: &mut Generator) -> Result<Responses, Error> {
    if let Some(theta) = thetas.iter().find(|theta| !theta.is_finite()) {
        return Err(Error::NotFinite { what: "an ability".to_owned(), value: *theta });
    }
    if items.is_empty() {
        return Err(Error::Empty { what: "items" });
    }
    let mut curves = Vec::new();
    let mut row = |theta: f64| -> Vec<Option<u8>> {
        items
            .iter()
            .map(|item| {
                item.parameters.curves(theta, &mut curves);
                let mut left = generator.uniform();
                let mut category = 0;
                while category + 1 < curves.len() && left >= curves[category].p {
                    left -= curves[category].p;
                    category += 1;
                }
                Some(item.scores[category])
            })
            .collect()
    };
    let rows: Vec<Vec<Option<u8>>> = thetas.iter().map(|theta| row(*theta)).collect();
    Responses::from_scores(
        items.iter().map(|item| (item.name.clone(), item.scores.last().copied().unwrap_or(1).max(1))),
        rows,
    )
}
