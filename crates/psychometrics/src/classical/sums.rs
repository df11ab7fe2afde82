//! Weighted sums behind means, spreads and correlations.

/// Kish's effective number of persons; their number when the weights are alike.
pub(super) fn effective_number(weights: &[f64]) -> f64 {
    let (sum, square) = weights.iter().fold((0.0, 0.0), |(sum, square), w| (sum + w, square + w * w));
    if square > 0.0 { sum * sum / square } else { 0.0 }
}

/// A weighted mean.
#[derive(Default)]
pub(super) struct Mean {
    weight: f64,
    sum: f64,
}

impl Mean {
    pub fn add(&mut self, value: f64, weight: f64) {
        self.weight += weight;
        self.sum += weight * value;
    }

    pub fn value(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// Weighted sums for one correlation. Scores are small whole numbers, so the sums are exact without weights.
#[derive(Default)]
pub(super) struct WeightedPairs {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

impl WeightedPairs {
    pub fn add(&mut self, x: f64, y: f64, weight: f64) {
        self.n += weight;
        self.x += weight * x;
        self.y += weight * y;
        self.xx += weight * x * x;
        self.yy += weight * y * y;
        self.xy += weight * x * y;
    }

    pub fn mean_x(&self) -> Option<f64> {
        (self.n > 0.0).then(|| self.x / self.n)
    }

    /// n sum xx - (sum x)^2, zero when it is only rounding.
    pub fn spread(&self, square: f64, sum: f64) -> f64 {
        let spread = self.n * square - sum * sum;
        if spread <= 1e-12 * self.n * square { 0.0 } else { spread }
    }

    pub fn sd_x(&self) -> Option<f64> {
        (self.n > 1.0).then(|| (self.spread(self.xx, self.x) / (self.n * (self.n - 1.0))).sqrt())
    }

    pub fn correlation(&self) -> Option<f64> {
        let (xx, yy) = (self.spread(self.xx, self.x), self.spread(self.yy, self.y));
        let xy = self.n * self.xy - self.x * self.y;
        (xx > 0.0 && yy > 0.0).then(|| (xy / xx.sqrt() / yy.sqrt()).clamp(-1.0, 1.0))
    }
}

/// Mean, spread and skewness of totals.
pub(super) struct Moments {
    pub mean: f64,
    pub sd: Option<f64>,
    pub skewness: Option<f64>,
}

impl Moments {
    pub fn new(values: &[f64], weights: &[f64]) -> Self {
        let n: f64 = weights.iter().sum();
        if n <= 0.0 {
            return Self { mean: 0.0, sd: None, skewness: None };
        }
        let mean = values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / n;
        let power = |k: i32| values.iter().zip(weights).map(|(v, w)| w * (v - mean).powi(k)).sum::<f64>();
        let (second, third) = (power(2), power(3));
        let spread = second / n;
        Self {
            mean,
            sd: (n > 1.0).then(|| (second / (n - 1.0)).sqrt()),
            skewness: (spread > 0.0).then(|| third / n / (spread * spread.sqrt())),
        }
    }
}

/// Pearson's correlation of two weighted columns.
pub(super) fn weighted_correlation(x: &[f64], y: &[f64], weights: &[f64]) -> Option<f64> {
    let mut pairs = WeightedPairs::default();
    for ((x, y), weight) in x.iter().zip(y).zip(weights) {
        pairs.add(*x, *y, *weight);
    }
    pairs.correlation()
}
