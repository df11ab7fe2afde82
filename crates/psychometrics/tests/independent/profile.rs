use psychometrics::{FitSettings, ItemParameters, Model, Prior, Priors, fit};

use crate::plain::{answers, close, marginal, normal, simulated, two_pl};

/// Log-posterior of three items by its definition: a, d and logit g of the first, a and d of the others; the prior of the
/// logit is normal.
fn log_posterior(responses: &psychometrics::Responses, at: &[f64; 7]) -> f64 {
    let lower = 1.0 / (1.0 + (-at[2]).exp());
    let first = ItemParameters::Logistic { slope: at[0], intercept: at[1], lower, upper: 1.0 };
    let items = [first, two_pl(at[3], at[4]), two_pl(at[5], at[6])];
    let latent = normal(0.0, 1.0);
    let prior = -0.5 * ((at[2] + 1.4) / 0.5).powi(2) - 0.5_f64.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln();
    // Eight patterns at most.
    let mut patterns = std::collections::BTreeMap::new();
    for person in 0..responses.persons() {
        *patterns.entry(answers(responses, person)).or_insert(0.0) += 1.0;
    }
    patterns.iter().map(|(pattern, n)| n * marginal(&items, pattern, &latent).ln()).sum::<f64>() + prior
}

/// The best value with one coordinate held: each other coordinate in turn by parabolas, until nothing moves.
fn held_maximum(responses: &psychometrics::Responses, held: usize, start: [f64; 7]) -> f64 {
    let mut at = start;
    let mut best = log_posterior(responses, &at);
    let mut width = [0.1; 7];
    for _ in 0..4000 {
        let before = best;
        for i in (0..7).filter(|i| *i != held) {
            let value = |by: f64| {
                let mut x = at;
                x[i] += by;
                log_posterior(responses, &x)
            };
            let h = width[i];
            let (low, high) = (value(-h), value(h));
            let bend = 2.0 * best - low - high;
            let step = if bend > 0.0 { (0.5 * h * (high - low) / bend).clamp(-2.0 * h, 2.0 * h) } else { h };
            let reached = value(step);
            if reached > best {
                (at[i], best) = (at[i] + step, reached);
            }
            width[i] = (2.0 * step.abs()).clamp(1e-4, 0.2);
        }
        if best - before < 1e-10 {
            break;
        }
    }
    best
}

#[test]
fn bounds_lie_where_the_posterior_has_fallen_far_enough() {
    let truth = [
        ItemParameters::Logistic { slope: 1.4, intercept: -0.5, lower: 0.2, upper: 1.0 },
        two_pl(1.2, 0.3),
        two_pl(1.0, -0.4),
    ];
    let responses = simulated(&truth, 800, 31);
    let priors = Priors { lower: Some(Prior::Normal { mean: -1.4, sd: 0.5 }), ..Priors::default() };
    let settings = FitSettings { priors, standard_errors: true, tolerance: 1e-9, ..FitSettings::default() };
    let models = [Model::ThreePl, Model::TwoPl, Model::TwoPl];
    let fitted = fit(&responses, &models, &settings).unwrap();
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let value = |item: usize, parameter: usize| fitted.slope_intercept(item)[parameter].value;
    let at = [value(0, 0), value(0, 1), logit(value(0, 2)), value(1, 0), value(1, 1), value(2, 0), value(2, 1)];
    close("log-posterior", fitted.log_posterior, log_posterior(&responses, &at), 1e-7);
    for (place, item, name) in [(0, 0, "a1"), (2, 0, "g"), (4, 1, "d")] {
        let interval = fitted.profile_interval(item, name, 0.95).unwrap();
        let estimate = if name == "g" { value(0, 2) } else { at[place] };
        for bound in [interval.low.unwrap(), interval.high.unwrap()] {
            let mut start = at;
            start[place] = if name == "g" { logit(bound) } else { bound };
            let fallen = 2.0 * (fitted.log_posterior - held_maximum(&responses, place, start));
            close(&format!("{name} {bound}"), fallen, 1.959_964_f64.powi(2), 0.02);
            close(name, fitted.profile_deviance(item, name, bound).unwrap(), fallen, 0.01);
        }
        assert!(interval.low.unwrap() < estimate && estimate < interval.high.unwrap());
    }
    // A slope of a two-parameter item with few answers is skewed to the right.
    let slope = fitted.profile_interval(0, "a1", 0.95).unwrap();
    assert!(slope.high.unwrap() - at[0] > at[0] - slope.low.unwrap());
    assert!(fitted.profile_interval(0, "u", 0.95).is_none() && fitted.profile_deviance(0, "none", 1.0).is_none());
}
