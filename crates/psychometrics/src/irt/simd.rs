//! Inner loops over quadrature nodes, in lanes of eight so that the compiler makes vector instructions of them.
//! All slices have the same length, a multiple of [`LANES`]; the lanes fix the order of every sum.

use crate::math::exp;

/// Nodes are padded to a multiple of this.
pub(crate) const LANES: usize = 8;

/// Log weight of a padding node.
pub(crate) const NOTHING: f64 = -1e300;

/// Pads with `value` to a multiple of [`LANES`].
pub(crate) fn padded(values: &[f64], value: f64) -> Vec<f64> {
    let mut out = values.to_vec();
    out.resize(values.len().next_multiple_of(LANES), value);
    out
}

#[inline]
fn total(lanes: [f64; LANES]) -> f64 {
    let quad = [lanes[0] + lanes[4], lanes[1] + lanes[5], lanes[2] + lanes[6], lanes[3] + lanes[7]];
    (quad[0] + quad[2]) + (quad[1] + quad[3])
}

#[inline]
fn lanes(values: &[f64]) -> impl Iterator<Item = &[f64; LANES]> {
    values.as_chunks::<LANES>().0.iter()
}

#[inline]
fn lanes_mut(values: &mut [f64]) -> impl Iterator<Item = &mut [f64; LANES]> {
    values.as_chunks_mut::<LANES>().0.iter_mut()
}

/// `out = base + slope * theta`; returns the largest.
#[inline]
pub(crate) fn line(base: &[f64], theta: &[f64], slope: f64, out: &mut [f64]) -> f64 {
    let mut top = [f64::NEG_INFINITY; LANES];
    for ((out, base), theta) in lanes_mut(out).zip(lanes(base)).zip(lanes(theta)) {
        for l in 0..LANES {
            let value = base[l] + slope * theta[l];
            out[l] = value;
            top[l] = if value > top[l] { value } else { top[l] };
        }
    }
    top.into_iter().fold(f64::NEG_INFINITY, f64::max)
}

/// The largest value.
#[inline]
pub(crate) fn largest(values: &[f64]) -> f64 {
    let mut top = [f64::NEG_INFINITY; LANES];
    for values in lanes(values) {
        for l in 0..LANES {
            top[l] = if values[l] > top[l] { values[l] } else { top[l] };
        }
    }
    top.into_iter().fold(f64::NEG_INFINITY, f64::max)
}

/// `values = exp(values - top)`; returns the sum and the sum times theta.
#[inline]
pub(crate) fn exponentiate(values: &mut [f64], theta: &[f64], top: f64) -> (f64, f64) {
    let (mut sum, mut first) = ([0.0; LANES], [0.0; LANES]);
    for (values, theta) in lanes_mut(values).zip(lanes(theta)) {
        for l in 0..LANES {
            let p = exp(values[l] - top);
            values[l] = p;
            sum[l] += p;
            first[l] += p * theta[l];
        }
    }
    (total(sum), total(first))
}

/// `sum p (theta - centre)^2`.
#[inline]
pub(crate) fn second_moment(p: &[f64], theta: &[f64], centre: f64) -> f64 {
    let mut sum = [0.0; LANES];
    for (p, theta) in lanes(p).zip(lanes(theta)) {
        for l in 0..LANES {
            let away = theta[l] - centre;
            sum[l] += p[l] * away * away;
        }
    }
    total(sum)
}

/// `out += x`.
#[inline]
pub(crate) fn add(out: &mut [f64], x: &[f64]) {
    for (out, x) in lanes_mut(out).zip(lanes(x)) {
        for l in 0..LANES {
            out[l] += x[l];
        }
    }
}

/// `out += scale * x`.
#[inline]
pub(crate) fn add_scaled(out: &mut [f64], scale: f64, x: &[f64]) {
    for (out, x) in lanes_mut(out).zip(lanes(x)) {
        for l in 0..LANES {
            out[l] += scale * x[l];
        }
    }
}

/// `x *= scale`.
#[inline]
pub(crate) fn scale(x: &mut [f64], scale: f64) {
    for x in lanes_mut(x) {
        for l in 0..LANES {
            x[l] *= scale;
        }
    }
}

/// `sum x y`.
#[inline]
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sum = [0.0; LANES];
    for (x, y) in lanes(x).zip(lanes(y)) {
        for l in 0..LANES {
            sum[l] += x[l] * y[l];
        }
    }
    total(sum)
}
