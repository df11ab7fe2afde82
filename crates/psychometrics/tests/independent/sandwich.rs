use psychometrics::{FitSettings, ItemParameters, Model, Responses, fit};

use crate::plain::{answers, close, marginal, normal, simulated, two_pl};

/// ln of the marginal probability of every person at parameters a, d, a, d, ... and, in the Rasch model, d, ..., ln sd.
fn logs(responses: &Responses, at: &[f64], rasch: bool) -> Vec<f64> {
    let items: Vec<ItemParameters> = if rasch {
        at[..at.len() - 1].iter().map(|d| two_pl(1.0, *d)).collect()
    } else {
        at.chunks(2).map(|pair| two_pl(pair[0], pair[1])).collect()
    };
    let latent = normal(0.0, if rasch { at[at.len() - 1].exp() } else { 1.0 });
    (0..responses.persons()).map(|p| marginal(&items, &answers(responses, p), &latent).ln()).collect()
}

/// A^-1 B A^-1 with everything differenced from the definition.
fn by_differences(responses: &Responses, at: &[f64], rasch: bool) -> Vec<f64> {
    let n = at.len();
    let weights: Vec<f64> = (0..responses.persons()).map(|p| responses.weights().map_or(1.0, |w| w[p])).collect();
    let moved = |moves: &[(usize, f64)]| {
        let mut x = at.to_vec();
        for (i, by) in moves {
            x[*i] += by;
        }
        logs(responses, &x, rasch)
    };
    let h = 1e-3;
    let mut scores = vec![Vec::new(); n];
    for i in 0..n {
        let (high, low) = (moved(&[(i, h)]), moved(&[(i, -h)]));
        scores[i] = high.iter().zip(&low).map(|(x, y)| (x - y) / (2.0 * h)).collect();
    }
    let mut hessian = vec![vec![0.0; n]; n];
    let mut meat = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..n {
            let corners = [(h, h), (h, -h), (-h, h), (-h, -h)].map(|(x, y)| moved(&[(i, x), (j, y)]));
            for p in 0..weights.len() {
                let second = (corners[0][p] - corners[1][p] - corners[2][p] + corners[3][p]) / (4.0 * h * h);
                hessian[i][j] -= weights[p] * second;
                meat[i][j] += weights[p] * weights[p] * scores[i][p] * scores[j][p];
            }
        }
    }
    let inverse = inverse(hessian);
    let product = |i: usize| -> f64 {
        (0..n).map(|k| (0..n).map(|l| inverse[i][k] * meat[k][l] * inverse[l][i]).sum::<f64>()).sum()
    };
    (0..n).map(|i| product(i).sqrt()).collect()
}

/// Gauss and Jordan.
pub fn inverse(mut a: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = a.len();
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
    }
    for i in 0..n {
        let pivot = a[i][i];
        a[i].iter_mut().for_each(|x| *x /= pivot);
        for k in 0..n {
            if k != i {
                let by = a[k][i];
                for j in 0..2 * n {
                    a[k][j] -= by * a[i][j];
                }
            }
        }
    }
    a.into_iter().map(|row| row[n..].to_vec()).collect()
}

#[test]
fn errors_agree_with_differences_of_the_definition() {
    let truth: Vec<ItemParameters> =
        (0..4).map(|i| two_pl(0.9 + 0.2 * f64::from(i), 0.4 * f64::from(i) - 0.6)).collect();
    let mut responses = simulated(&truth, 300, 8);
    for weighted in [false, true] {
        if weighted {
            let weights = (0..300).map(|p| 0.5 + 0.25 * f64::from(p % 7)).collect();
            responses = responses.with_weights(weights).unwrap();
        }
        let settings = FitSettings { standard_errors: true, sandwich: true, ..FitSettings::default() };
        let ours = fit(&responses, &[Model::TwoPl; 4], &settings).unwrap();
        let estimates: Vec<_> = (0..4).flat_map(|i| ours.slope_intercept(i)).collect();
        let at: Vec<f64> = estimates.iter().map(|e| e.value).collect();
        for (ours, theirs) in estimates.iter().zip(by_differences(&responses, &at, false)) {
            close(&ours.name, ours.se.unwrap(), theirs, 2e-3 * theirs);
        }
        // The observed information alone gives something else when weights are not counts.
        let plain = FitSettings { standard_errors: true, ..FitSettings::default() };
        let plain = fit(&responses, &[Model::TwoPl; 4], &plain).unwrap();
        let ratio = estimates[0].se.unwrap() / plain.slope_intercept(0)[0].se.unwrap();
        assert!(!weighted || (ratio - 1.0).abs() > 0.05, "{ratio}");
        let rasch = fit(&responses, &[Model::Rasch; 4], &settings).unwrap();
        let mut at: Vec<f64> = (0..4).map(|i| rasch.slope_intercept(i)[1].value).collect();
        let variance = &rasch.latent[0].variance;
        at.push(0.5 * variance.value.ln());
        let theirs = by_differences(&responses, &at, true);
        for i in 0..4 {
            close("d", rasch.slope_intercept(i)[1].se.unwrap(), theirs[i], 2e-3 * theirs[i]);
        }
        let theirs = theirs[4] * 2.0 * variance.value;
        close("variance", variance.se.unwrap(), theirs, 2e-3 * theirs);
    }
}
