//! Scales: from data to drawing units, and ticks at round numbers.

/// A linear scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Maps `from.0..from.1` (data, finite) to `to.0..to.1` (drawing units). A range without extent maps to the middle.
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// The place of a value; values outside the range stay outside.
    pub fn at(&self, value: f64) -> f64 {
        let extent = self.from.1 - self.from.0;
        if extent == 0.0 {
            return f64::midpoint(self.to.0, self.to.1);
        }
        self.to.0 + (value - self.from.0) / extent * (self.to.1 - self.to.0)
    }

    /// The place of a value, held inside the range.
    pub fn held(&self, value: f64) -> f64 {
        let (low, high) = (self.from.0.min(self.from.1), self.from.0.max(self.from.1));
        self.at(value.clamp(low, high))
    }
}

/// Round numbers (1, 2, 2.5 or 5 times a power of ten apart) that cover `low..high`, about `count` of them, and
/// their step. At least two; a range without extent is widened by one on each side.
pub fn nice_ticks(low: f64, high: f64, count: usize) -> (Vec<f64>, f64) {
    let (low, high) = if low.is_finite() && high.is_finite() { (low.min(high), low.max(high)) } else { (0.0, 1.0) };
    let (low, high) = if high > low { (low, high) } else { (low - 1.0, high + 1.0) };
    let rough = (high - low) / count.max(1) as f64;
    // The power of ten by division, not by a logarithm, so that every machine gets the same.
    let mut magnitude = 1.0_f64;
    while magnitude > rough {
        magnitude /= 10.0;
    }
    while magnitude * 10.0 <= rough {
        magnitude *= 10.0;
    }
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * magnitude)
        .find(|step| *step >= rough * 0.999_999)
        .unwrap_or(10.0 * magnitude);
    let first = (low / step + 1e-9).floor();
    let last = (high / step - 1e-9).ceil();
    let ticks = (0..=(last - first) as usize).map(|index| (first + index as f64) * step).collect();
    (ticks, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        assert_eq!(nice_ticks(0.0, 100.0, 5), (vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0], 20.0));
        assert_eq!(nice_ticks(26.9, 80.0, 5).0, [20.0, 40.0, 60.0, 80.0]);
        assert_eq!(nice_ticks(-2.3, 3.1, 6).0, [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(nice_ticks(5.0, 5.0, 4).0.first(), Some(&4.0));
        for (low, high) in [(0.0, 0.003), (1e6, 3e6), (-1.0, -0.2), (f64::NAN, 1.0)] {
            let (ticks, step) = nice_ticks(low, high, 5);
            assert!(ticks.len() >= 2 && ticks.len() <= 12, "{ticks:?}");
            if low.is_finite() {
                assert!(ticks[0] <= low + step * 1e-6 && *ticks.last().unwrap() >= high - step * 1e-6);
            }
        }
    }

    #[test]
    fn a_scale_maps_and_holds() {
        let scale = Scale::new((0.0, 50.0), (100.0, 0.0));
        assert_eq!(scale.at(25.0), 50.0);
        assert_eq!(scale.held(80.0), 0.0);
        assert_eq!(Scale::new((3.0, 3.0), (0.0, 10.0)).at(3.0), 5.0);
    }
}
