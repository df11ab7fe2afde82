//! Numeric helpers with one meaning on every machine.

use crate::expression::{Area, MathFunction, RoundingMode, Shape};

/// Rounds by digits, as the specification says ("Round To"): a deciding digit of 5 or more makes the digit before it
/// one larger, so a half goes away from zero. It looks at the shortest decimal text of the number, so that 1.005 to
/// two places is 1.01 as a person expects.
pub fn round_decimal(x: f64, mode: RoundingMode, figures: i64) -> Option<f64> {
    if !x.is_finite() {
        return Some(x);
    }
    if x == 0.0 {
        return Some(0.0);
    }
    // digits d1 d2 ... dn and exponent e mean 0.d1d2...dn * 10^e.
    let text = format!("{:e}", x.abs());
    let (mantissa, exponent) = text.split_once('e')?;
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let mut exponent = exponent.parse::<i64>().ok()? + 1;
    let keep = match mode {
        RoundingMode::SignificantFigures if figures >= 1 => figures,
        RoundingMode::DecimalPlaces if figures >= 0 => exponent.saturating_add(figures),
        _ => return None,
    };
    let length = i64::try_from(digits.len()).ok()?;
    if keep >= length {
        return Some(x);
    }
    let (mut kept, next) = if keep < 0 {
        (Vec::new(), 0)
    } else {
        let keep = usize::try_from(keep).ok()?;
        (digits[..keep].to_vec(), digits[keep])
    };
    if next >= 5 {
        let mut index = kept.len();
        loop {
            if index == 0 {
                kept.insert(0, 1);
                exponent += 1;
                break;
            }
            index -= 1;
            if kept[index] == 9 {
                kept[index] = 0;
            } else {
                kept[index] += 1;
                break;
            }
        }
    }
    if kept.is_empty() {
        return Some(0.0);
    }
    let digits: String = kept.iter().map(|digit| char::from(b'0' + digit)).collect();
    let magnitude: f64 = format!("0.{digits}e{exponent}").parse().ok()?;
    Some(if x < 0.0 { -magnitude } else { magnitude })
}

/// Nearest whole number; a half goes up (information model, "Round"). Adding a half first would round the largest
/// number below 0.5 up, too.
pub(super) fn round_half_up(x: f64) -> f64 {
    let floor = x.floor();
    if x - floor >= 0.5 { floor + 1.0 } else { floor }
}

/// A result that numbers have led to: NULL where it is no number, or where finite numbers led beyond what a float can
/// hold (information model, "Divide" and "Power").
pub(super) fn result_of(operands: &[f64], result: f64) -> Option<f64> {
    let overflown = result.is_infinite() && operands.iter().all(|x| x.is_finite());
    (!overflown && !result.is_nan()).then_some(result)
}

/// Applies a function of `qti-math-operator`; `None` outside its domain.
pub(super) fn math(function: MathFunction, operands: &[f64]) -> Option<f64> {
    use MathFunction as F;
    let x = *operands.first()?;
    if operands.len() != if function == F::Atan2 { 2 } else { 1 } {
        return None;
    }
    // Where a function is 0 its reciprocal is NULL (information model, "Math Operator").
    let reciprocal = |value: f64| (value != 0.0).then(|| 1.0 / value);
    let value = match function {
        F::Sin => libm::sin(x),
        F::Cos => libm::cos(x),
        F::Tan => libm::tan(x),
        F::Sec => reciprocal(libm::cos(x))?,
        F::Csc => reciprocal(libm::sin(x))?,
        F::Cot => reciprocal(libm::tan(x))?,
        F::Asin => libm::asin(x),
        F::Acos => libm::acos(x),
        F::Atan => libm::atan(x),
        F::Atan2 => libm::atan2(x, *operands.get(1)?),
        F::Asec => libm::acos(1.0 / x),
        F::Acsc => libm::asin(1.0 / x),
        F::Acot => libm::atan(1.0 / x),
        F::Sinh => libm::sinh(x),
        F::Cosh => libm::cosh(x),
        F::Tanh => libm::tanh(x),
        F::Sech => reciprocal(libm::cosh(x))?,
        F::Csch => reciprocal(libm::sinh(x))?,
        F::Coth => reciprocal(libm::tanh(x))?,
        F::Log | F::Ln if x <= 0.0 => return None,
        F::Log => libm::log10(x),
        F::Ln => libm::log(x),
        F::Exp => libm::exp(x),
        F::Abs => x.abs(),
        F::Signum if x == 0.0 => 0.0,
        F::Signum => x.signum(),
        F::Floor => x.floor(),
        F::Ceil => x.ceil(),
        F::ToDegrees => x.to_degrees(),
        F::ToRadians => x.to_radians(),
    };
    result_of(operands, value)
}

/// Whether a point lies in an area; the border belongs to it. Badly written coordinates hold no point.
pub(super) fn inside(area: &Area, x: f64, y: f64) -> bool {
    // The whole picture, whatever its coordinates say.
    if area.shape == Shape::Default {
        return true;
    }
    let Some(c) = area.numbers() else {
        return false;
    };
    match (area.shape, c.as_slice()) {
        (Shape::Circle, [cx, cy, r]) => (x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r,
        (Shape::Rect, [left, top, right, bottom]) => {
            (left.min(*right)..=left.max(*right)).contains(&x) && (top.min(*bottom)..=top.max(*bottom)).contains(&y)
        }
        (Shape::Ellipse, [cx, cy, h, v]) if *h > 0.0 && *v > 0.0 => {
            let (dx, dy) = ((x - cx) / h, (y - cy) / v);
            dx * dx + dy * dy <= 1.0
        }
        (Shape::Poly, corners) if corners.len() >= 6 && corners.len() % 2 == 0 => polygon(corners, x, y),
        _ => false,
    }
}

fn polygon(corners: &[f64], x: f64, y: f64) -> bool {
    let points: Vec<(f64, f64)> = corners.chunks_exact(2).map(|c| (c[0], c[1])).collect();
    let mut within = false;
    for (index, (x1, y1)) in points.iter().enumerate() {
        let (x0, y0) = points[(index + points.len() - 1) % points.len()];
        let cross = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);
        let on_edge = cross == 0.0 && x >= x0.min(*x1) && x <= x0.max(*x1) && y >= y0.min(*y1) && y <= y0.max(*y1);
        if on_edge {
            return true;
        }
        if (*y1 > y) != (y0 > y) && x < (x0 - x1) * (y - y1) / (y0 - y1) + x1 {
            within = !within;
        }
    }
    within
}

/// Greatest common divisor; 0 with 0 is 0.
pub(super) fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
