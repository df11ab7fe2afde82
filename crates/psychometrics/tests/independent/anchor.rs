use psychometrics::{Fit, FitSettings, ItemParameters, Model, Prior, Priors, fit};

use crate::plain::{close, simulated, two_pl};

const MODELS: [Model; 7] =
    [Model::TwoPl, Model::TwoPl, Model::ThreePl, Model::TwoPl, Model::ThreePl, Model::TwoPl, Model::TwoPl];

/// Numbers of the four anchor items one after another.
const ANCHOR: [f64; 10] = [1.0, -0.6, 1.3, 0.2, 1.1, 0.4, 0.2, 1.0, 0.8, -0.1];

/// Two-parameter items at places 0, 1 and 3, a three-parameter item at 2.
fn held(at: &[f64]) -> Vec<Option<ItemParameters>> {
    let guessing = ItemParameters::Logistic { slope: at[4], intercept: at[5], lower: at[6], upper: at[7] };
    let (first, second) = (two_pl(at[0], at[1]), two_pl(at[2], at[3]));
    vec![Some(first), Some(second), Some(guessing), Some(two_pl(at[8], at[9])), None, None, None]
}

fn calibrated(fixed: Vec<Option<ItemParameters>>, known: Option<Vec<f64>>, sandwich: bool) -> Fit {
    let truth: Vec<ItemParameters> = held(&ANCHOR)
        .into_iter()
        .flatten()
        .chain([
            ItemParameters::Logistic { slope: 1.2, intercept: -0.3, lower: 0.2, upper: 1.0 },
            two_pl(0.9, 0.5),
            two_pl(1.4, -0.9),
        ])
        .collect();
    let priors = Priors { lower: Some(Prior::Normal { mean: -1.4, sd: 0.5 }), ..Priors::default() };
    let settings = FitSettings {
        fixed,
        fixed_covariance: known,
        priors,
        standard_errors: true,
        sandwich,
        tolerance: 1e-10,
        ..FitSettings::default()
    };
    fit(&simulated(&truth, 700, 12), &MODELS, &settings).unwrap()
}

/// Everything estimated: items 4 to 6 less given parameters, mean and ln sd.
fn estimated(fitted: &Fit) -> Vec<f64> {
    let mut all: Vec<f64> = (4..7)
        .flat_map(|item| fitted.slope_intercept(item))
        .filter(|estimate| estimate.name != "u")
        .map(|estimate| estimate.value)
        .collect();
    all.extend([fitted.latent[0].mean.value, fitted.latent[0].variance.value]);
    all
}

/// A covariance matrix of the anchor: its parameters all go up together a little. The upper asymptote is given.
fn known() -> Vec<f64> {
    let spread = [0.08, 0.06, 0.1, 0.07, 0.12, 0.15, 0.03, 0.0, 0.07, 0.05];
    let cell = |i: usize, j: usize| spread[i] * spread[j] * if i == j { 1.0 } else { 0.4 };
    (0..10).flat_map(|i| (0..10).map(move |j| cell(i, j))).collect()
}

#[test]
fn errors_take_in_those_of_the_anchor() {
    for sandwich in [false, true] {
        let given = calibrated(held(&ANCHOR), None, sandwich);
        let whole = calibrated(held(&ANCHOR), Some(known()), sandwich);
        assert_eq!((&given.items, given.log_likelihood.to_bits()), (&whole.items, whole.log_likelihood.to_bits()));
        assert!(given.slope_intercept(0)[0].se.is_none());
        close("its own error", whole.slope_intercept(0)[0].se.unwrap(), 0.08, 1e-12);
        close("and of its asymptote", whole.slope_intercept(2)[2].se.unwrap(), 0.03, 1e-9);
        // How the estimates follow the anchor, by calibrating again.
        let h = 1e-4;
        let follow: Vec<Vec<f64>> = (0..10)
            .map(|k| {
                let at = |by: f64| {
                    let mut anchor = ANCHOR;
                    // The upper asymptote has no error and stays.
                    anchor[k] += if k == 7 { 0.0 } else { by };
                    estimated(&calibrated(held(&anchor), None, false))
                };
                at(h).iter().zip(at(-h)).map(|(high, low)| (high - low) / (2.0 * h)).collect()
            })
            .collect();
        let known = known();
        let added = |i: usize, j: usize| -> f64 {
            (0..10).map(|k| (0..10).map(|l| follow[k][i] * known[k * 10 + l] * follow[l][j]).sum::<f64>()).sum()
        };
        let (own, all) = (given.item_covariance(&[4, 5, 6]).unwrap(), whole.item_covariance(&[4, 5, 6]).unwrap());
        // The upper asymptote of item 4 is given.
        let rows: Vec<usize> = vec![0, 1, 2, 4, 5, 6, 7];
        let size = 8;
        assert_eq!(all.len(), size * size);
        for (i, x) in rows.iter().enumerate() {
            for (j, y) in rows.iter().enumerate() {
                let scale = (all[x * size + x] * all[y * size + y]).sqrt();
                close("covariance", all[x * size + y], own[x * size + y] + added(i, j), 2e-4 * scale);
            }
            assert!(all[x * size + x] > own[x * size + x]);
        }
        let mean = (given.latent[0].mean.se.unwrap(), whole.latent[0].mean.se.unwrap());
        close("mean", mean.1, mean.0.hypot(added(7, 7).sqrt()), 2e-4 * mean.1);
        // New and held parameters go together.
        let together = whole.item_covariance(&[1, 5]).unwrap();
        let n = 4;
        let across: f64 = (0..10).map(|k| known[2 * 10 + k] * follow[k][3]).sum();
        close("across", together[2], across, 2e-4 * (together[0] * together[2 * n + 2]).sqrt());
    }
}

#[test]
fn a_matrix_that_does_not_belong_to_the_anchor_is_refused() {
    let truth = held(&ANCHOR);
    let refused = |known: Vec<f64>| {
        let settings = FitSettings {
            fixed: truth.clone(),
            fixed_covariance: Some(known),
            standard_errors: true,
            ..FitSettings::default()
        };
        fit(&simulated(&vec![two_pl(1.0, 0.0); 7], 100, 1), &MODELS, &settings).unwrap_err().to_string()
    };
    assert!(refused(vec![0.1; 9]).contains("covariance matrix of the fixed items"));
    assert!(refused(vec![-1.0; 100]).contains("negative variance"));
    assert!(refused(vec![f64::NAN; 100]).contains("NaN"));
}
