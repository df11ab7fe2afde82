//! How numbers are written.

use kernel::round_half_up;

/// The caller's way of writing numbers: decimal sign, decimals, unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// `,` in Kazakh and Russian, `.` in English.
    pub decimal: char,
    /// Decimals of values; ticks take as many as they need.
    pub decimals: u32,
    /// Behind a printed value, with its space (`" %"`); not in tables.
    pub unit: String,
}

impl Numbers {
    /// Decimal comma.
    pub fn comma(decimals: u32) -> Self {
        Self { decimal: ',', decimals, unit: String::new() }
    }

    /// Decimal point.
    pub fn point(decimals: u32) -> Self {
        Self { decimal: '.', decimals, unit: String::new() }
    }

    /// With a unit behind printed values.
    #[must_use]
    pub fn with_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// A value rounded half-up, without unit; an en dash when it is not finite.
    pub fn plain(&self, value: f64) -> String {
        self.with_decimals(value, self.decimals)
    }

    /// A value with its unit.
    pub fn value(&self, value: f64) -> String {
        format!("{}{}", self.plain(value), self.unit)
    }

    /// A tick label: no more decimals than the step between ticks needs.
    pub fn tick(&self, value: f64, step: f64) -> String {
        let mut decimals = 0;
        let mut scaled = step.abs();
        while decimals < 6 && (scaled - scaled.round()).abs() > 1e-9 * scaled.max(1.0) {
            scaled *= 10.0;
            decimals += 1;
        }
        self.with_decimals(value, decimals)
    }

    fn with_decimals(&self, value: f64, decimals: u32) -> String {
        match round_half_up(value, decimals) {
            None => "–".to_owned(),
            Some(decimal) if decimal.units == 0 => decimal.to_string().replace('.', &self.decimal.to_string()),
            Some(decimal) => decimal.to_string().replace('-', "−").replace('.', &self.decimal.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_sign_minus_and_ticks() {
        let numbers = Numbers::comma(1).with_unit(" %");
        assert_eq!(numbers.value(60.45), "60,5 %");
        assert_eq!(numbers.plain(-0.26), "−0,3");
        assert_eq!(numbers.plain(-0.01), "0,0");
        assert_eq!(numbers.plain(f64::NAN), "–");
        assert_eq!(numbers.tick(20.0, 20.0), "20");
        assert_eq!(numbers.tick(0.25, 0.25), "0,25");
    }
}
