use psychometrics::fit_statistics::{information_curves, local_dependence, person_fit, residual_points};
use psychometrics::{
    FitSettings, ItemParameters, Method, MissingTreatment, Model, Responses, ScoreSettings, fit, score,
};

use crate::plain::{answers, close, dichotomous, marginal, named, normal, probabilities, simulated, two_pl};

#[test]
fn local_dependence_agrees_with_a_list_of_all_patterns() {
    let mut truth = dichotomous(3);
    truth.push(ItemParameters::PartialCredit { slope: 0.9, intercepts: vec![0.5, -0.2] });
    let responses = simulated(&truth, 500, 2);
    let models = [Model::TwoPl, Model::TwoPl, Model::TwoPl, Model::GeneralisedPartialCredit];
    let fitted = fit(&responses, &models, &FitSettings::default()).unwrap();
    let pairs = local_dependence(&fitted, &responses, MissingTreatment::default());
    assert_eq!(pairs.len(), 6);
    let latent = normal(0.0, 1.0);
    for pair in &pairs {
        let (i, j) = pair.items;
        let width = |item: usize| if item == 3 { 3 } else { 2 };
        let mut observed = vec![vec![0.0; width(j)]; width(i)];
        for person in 0..500 {
            let a = answers(&responses, person);
            observed[a[i].1][a[j].1] += 1.0;
        }
        let mut expected = vec![vec![0.0; width(j)]; width(i)];
        for code in 0..24 {
            let pattern = [code % 2, code / 2 % 2, code / 4 % 2, code / 8];
            let a: Vec<(usize, usize)> = pattern.iter().copied().enumerate().collect();
            expected[pattern[i]][pattern[j]] += 500.0 * marginal(&fitted.items, &a, &latent);
        }
        let (mut x2, mut g2) = (0.0, 0.0);
        for k in 0..width(i) {
            for l in 0..width(j) {
                x2 += (observed[k][l] - expected[k][l]).powi(2) / expected[k][l];
                g2 += if observed[k][l] > 0.0 {
                    2.0 * observed[k][l] * (observed[k][l] / expected[k][l]).ln()
                } else {
                    0.0
                };
            }
        }
        close("x2", pair.x2, x2, 1e-8);
        close("g2", pair.g2, g2, 1e-8);
        assert_eq!(pair.df, (width(i) - 1) * (width(j) - 1));
        close("standardised", pair.standardised, (x2 - pair.df as f64) / (2.0 * pair.df as f64).sqrt(), 1e-8);
    }
}

#[test]
fn two_items_that_share_more_are_found() {
    let responses = simulated(&dichotomous(8), 1500, 31);
    // Item 7 repeats item 0 for half of the persons.
    let copy = |person: usize| {
        let mut row: Vec<Option<u8>> = answers(&responses, person).iter().map(|(_, k)| Some(*k as u8)).collect();
        if person.is_multiple_of(2) {
            row[7] = row[0];
        }
        row
    };
    let responses = Responses::from_scores((0..8).map(|i| (format!("i{i}"), 1)), (0..1500).map(copy)).unwrap();
    let fitted = fit(&responses, &[Model::TwoPl; 8], &FitSettings::default()).unwrap();
    let pairs = local_dependence(&fitted, &responses, MissingTreatment::default());
    let most = pairs.iter().max_by(|x, y| x.standardised.total_cmp(&y.standardised)).unwrap();
    assert_eq!(most.items, (0, 7), "{most:?}");
    assert!(most.v > 0.0 && most.standardised > 10.0, "{most:?}");
}

fn abilities(responses: &Responses, items: &[ItemParameters]) -> Vec<Option<f64>> {
    let scores = score(responses, &named(items), Method::Wle, &ScoreSettings::default()).unwrap();
    scores.into_iter().map(|s| s.map(|s| s.theta)).collect()
}

/// Snijders's statistic for dichotomous items as he writes it.
fn snijders(items: &[ItemParameters], answers: &[(usize, usize)], theta: f64) -> f64 {
    let h = 1e-4;
    let p = |item: &ItemParameters, by: f64| probabilities(item, theta + by)[1];
    let (mut w_n, mut top, mut bottom, mut j, mut i_n) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let parts: Vec<(f64, f64, f64)> = answers
        .iter()
        .map(|(item, x)| {
            let item = &items[*item];
            let (low, here, high) = (p(item, -h), p(item, 0.0), p(item, h));
            let (first, second) = ((high - low) / (2.0 * h), (high - 2.0 * here + low) / (h * h));
            let (w, r) = ((here / (1.0 - here)).ln(), first / (here * (1.0 - here)));
            w_n += (*x as f64 - here) * w;
            top += first * w;
            bottom += first * r;
            j += first * second / (here * (1.0 - here));
            i_n += first * first / (here * (1.0 - here));
            (here, w, r)
        })
        .collect();
    let c = top / bottom;
    let variance: f64 = parts.iter().map(|(p, w, r)| (w - c * r).powi(2) * p * (1.0 - p)).sum();
    (w_n + c * j / (2.0 * i_n)) / variance.sqrt()
}

#[test]
fn corrected_person_fit_of_dichotomous_items_is_snijders() {
    let items: Vec<ItemParameters> = (0..12)
        .map(|i| ItemParameters::Logistic { slope: 1.2, intercept: 0.3 * f64::from(i) - 1.5, lower: 0.15, upper: 1.0 })
        .collect();
    let responses = simulated(&items, 100, 6);
    let thetas = abilities(&responses, &items);
    let ours = person_fit(&responses, &named(&items), MissingTreatment::default(), &thetas);
    for person in 0..100 {
        let (Some(theta), Some(ours)) = (thetas[person].filter(|t| t.abs() < 3.0), ours[person]) else { continue };
        let theirs = snijders(&items, &answers(&responses, person), theta);
        close("lz*", ours.lz_star.unwrap(), theirs, 1e-5 * theirs.abs().max(1.0));
    }
}

#[test]
fn corrected_person_fit_of_more_categories_is_nearly_standard_normal() {
    let items: Vec<ItemParameters> = (0..40)
        .map(|i| {
            let shift = 2.4 * f64::from(i) / 39.0 - 1.2;
            if i % 2 == 0 {
                ItemParameters::PartialCredit {
                    slope: 1.0,
                    intercepts: vec![0.8 + shift, 0.6 + 2.0 * shift, 3.0 * shift - 1.0],
                }
            } else {
                ItemParameters::Graded { slope: 1.5, intercepts: vec![1.4 + shift, shift, shift - 1.3] }
            }
        })
        .collect();
    let responses = simulated(&items, 4000, 12);
    let fits = person_fit(&responses, &named(&items), MissingTreatment::default(), &abilities(&responses, &items));
    let moments = |values: Vec<f64>| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n)
    };
    let corrected = moments(fits.iter().flatten().filter_map(|f| f.lz_star).collect());
    let plain = moments(fits.iter().flatten().map(|f| f.lz).collect());
    println!("lz* {corrected:?}, lz {plain:?}");
    close("mean", corrected.0, 0.0, 0.08);
    close("variance", corrected.1, 1.0, 0.08);
    assert!((corrected.1 - 1.0).abs() < (plain.1 - 1.0).abs());
}

#[test]
fn points_of_a_plot_add_up() {
    let items = dichotomous(10);
    let responses = simulated(&items, 1000, 14);
    let fitted = fit(&responses, &[Model::TwoPl; 10], &FitSettings::default()).unwrap();
    let thetas: Vec<Option<f64>> = fitted.eap(1000).into_iter().map(|e| e.map(|e| e.0)).collect();
    let points = residual_points(&fitted, &responses, MissingTreatment::default(), &thetas, 10);
    for (item, points) in points.iter().enumerate() {
        assert_eq!(points.len(), 10);
        let right: f64 = points.iter().map(|p| p.n * p.observed).sum();
        let observed = (0..1000).filter(|p| answers(&responses, *p)[item].1 == 1).count();
        close("right", right, observed as f64, 1e-9);
        close("persons", points.iter().map(|p| p.n).sum(), 1000.0, 1e-9);
        assert!(points.windows(2).all(|pair| pair[0].theta < pair[1].theta));
        for p in points {
            close("n", p.n, 100.0, 1.0);
            close("shares", p.shares.iter().sum(), 1.0, 1e-12);
            close("expected", p.expected, p.probabilities[1], 1e-12);
            assert!(p.limits.0 <= p.expected && p.expected <= p.limits.1 && p.residual.abs() < 6.0);
        }
    }
    // Information is minus the expected second derivative of the log-likelihood.
    let items = [two_pl(1.3, -0.4), ItemParameters::Graded { slope: 1.1, intercepts: vec![1.0, -0.5] }];
    let curve = information_curves(&named(&items), &[0.3]);
    let h = 1e-3;
    for (item, ours) in items.iter().zip(&curve[0].items) {
        let at = |by: f64| probabilities(item, 0.3 + by);
        let (low, here, high) = (at(-h), at(0.0), at(h));
        let theirs: f64 =
            (0..here.len()).map(|k| -here[k] * (high[k].ln() - 2.0 * here[k].ln() + low[k].ln()) / (h * h)).sum();
        close("information", *ours, theirs, 1e-5);
    }
    close("sum", curve[0].test, curve[0].items.iter().sum(), 1e-15);
    close("error", curve[0].se, 1.0 / curve[0].test.sqrt(), 1e-15);
}
