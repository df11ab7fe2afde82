use psychometrics::facets::{FacetFit, FacetSettings, FacetWarning, Ratings, fit_facets};
use psychometrics::simulation::Generator;
use psychometrics::{FitSettings, ItemParameters, Model, Responses, fit};

use crate::plain::{close, probabilities};

const SEVERITY: [f64; 5] = [-0.9, -0.3, 0.0, 0.4, 0.8];
const DIFFICULTY: [f64; 3] = [-0.5, 0.1, 0.4];
const STEPS: [f64; 3] = [-1.2, 0.1, 1.1];

fn curve(severity: f64, difficulty: f64, steps: &[f64]) -> ItemParameters {
    let mut sum = 0.0;
    let one = |(k, step): (usize, &f64)| {
        sum += step;
        -((k + 1) as f64) * (severity + difficulty) - sum
    };
    ItemParameters::PartialCredit { slope: 1.0, intercepts: steps.iter().enumerate().map(one).collect() }
}

type Row = (String, String, String, u8);

/// Every person is rated by two of the raters on all criteria; ratings are 1..=4.
fn simulated(persons: usize, seed: u64, raters_of: impl Fn(usize) -> [usize; 2]) -> Vec<Row> {
    let mut generator = Generator::new(seed);
    let mut rows = Vec::new();
    for person in 0..persons {
        let theta = 0.3 + 1.1 * generator.normal();
        for rater in raters_of(person) {
            for (criterion, difficulty) in DIFFICULTY.iter().enumerate() {
                let p = probabilities(&curve(SEVERITY[rater], *difficulty, &STEPS), theta);
                let mut left = generator.uniform();
                let mut k = 0;
                while k + 1 < p.len() && left >= p[k] {
                    left -= p[k];
                    k += 1;
                }
                rows.push((format!("p{person:04}"), format!("r{rater}"), format!("c{criterion}"), k as u8 + 1));
            }
        }
    }
    rows
}

fn chain(person: usize) -> [usize; 2] {
    [person % 5, (person + 1 + person / 5 % 3) % 5]
}

fn fitted(rows: Vec<Row>) -> FacetFit {
    fit_facets(&Ratings::new(rows).unwrap(), &FacetSettings::default()).unwrap()
}

/// Marginal log-likelihood by its definition, at measures given as raters, criteria, steps, mean, sd.
fn log_likelihood(rows: &[Row], raters: &[f64], criteria: &[f64], steps: &[f64], mean: f64, sd: f64) -> f64 {
    let nodes: Vec<f64> = (0..61).map(|q| -8.0 + 16.0 * f64::from(q) / 60.0).collect();
    let density: Vec<f64> = nodes.iter().map(|t| (-0.5 * ((t - mean) / sd).powi(2)).exp()).collect();
    let total: f64 = density.iter().sum();
    let number = |name: &str| name[1..].parse::<usize>().unwrap();
    rows.chunk_by(|x, y| x.0 == y.0)
        .map(|cells| {
            let at = |theta: f64| -> f64 {
                let one = |(_, r, c, k): &Row| {
                    probabilities(&curve(raters[number(r)], criteria[number(c)], steps), theta)[usize::from(*k - 1)]
                };
                cells.iter().map(one).product()
            };
            nodes.iter().zip(&density).map(|(t, w)| w / total * at(*t)).sum::<f64>().ln()
        })
        .sum()
}

#[test]
fn the_maximum_is_that_of_the_definition() {
    let rows = simulated(150, 5, chain);
    let ours = fitted(rows.clone());
    assert!(ours.converged && ours.warnings.is_empty(), "{:?}", ours.warnings);
    let measures: Vec<f64> = ours.raters.iter().map(|r| r.measure).collect();
    let difficulties: Vec<f64> = ours.criteria.iter().map(|c| c.measure).collect();
    let steps: Vec<f64> = ours.steps[0].iter().map(|s| s.value).collect();
    for list in [&measures, &difficulties, &steps] {
        close("sum", list.iter().sum(), 0.0, 1e-12);
    }
    let sd = ours.variance.value.sqrt();
    let value = |r: &[f64], c: &[f64], s: &[f64], m: f64, sd: f64| log_likelihood(&rows, r, c, s, m, sd);
    let best = value(&measures, &difficulties, &steps, ours.mean.value, sd);
    close("log-likelihood", ours.log_likelihood, best, 1e-7);
    // No measure can be moved to advantage, keeping sums at 0 (one up, the last down); the bend gives its error.
    let pair = |list: &[f64], i: usize, by: f64| {
        let mut moved = list.to_vec();
        moved[i] += by;
        *moved.last_mut().unwrap() -= by;
        moved
    };
    let h = 1e-3;
    let moves: Vec<Box<dyn Fn(f64) -> f64>> = vec![
        Box::new(|by| value(&pair(&measures, 0, by), &difficulties, &steps, ours.mean.value, sd)),
        Box::new(|by| value(&pair(&measures, 2, by), &difficulties, &steps, ours.mean.value, sd)),
        Box::new(|by| value(&measures, &pair(&difficulties, 1, by), &steps, ours.mean.value, sd)),
        Box::new(|by| value(&measures, &difficulties, &pair(&steps, 0, by), ours.mean.value, sd)),
        Box::new(|by| value(&measures, &difficulties, &steps, ours.mean.value + by, sd)),
        Box::new(|by| value(&measures, &difficulties, &steps, ours.mean.value, sd + by)),
    ];
    for along in moves {
        close("slope", (along(h) - along(-h)) / (2.0 * h), 0.0, 2e-3);
        assert!(along(0.05) < best && along(-0.05) < best);
    }
    assert_eq!(ours.parameters, 4 + 2 + 2 + 2);
}

#[test]
fn known_raters_are_found_again() {
    let ours = fitted(simulated(900, 2, chain));
    for (ours, truth) in ours.raters.iter().zip(SEVERITY).chain(ours.criteria.iter().zip(DIFFICULTY)) {
        let se = ours.se.unwrap();
        // The severities drawn from add to 0 already.
        close(&ours.name, ours.measure, truth, 4.0 * se);
        assert!(se > 0.01 && se < 0.12, "{ours:?}");
        close("infit", ours.infit, 1.0, 0.12);
        close("outfit", ours.outfit, 1.0, 0.15);
        assert!(ours.infit_z.abs() < 3.5 && ours.outfit_z.abs() < 3.5, "{ours:?}");
    }
    close("mean", ours.mean.value, 0.3, 4.0 * ours.mean.se.unwrap());
    close("variance", ours.variance.value, 1.21, 4.0 * ours.variance.se.unwrap());
    assert!(ours.rater_separation.unwrap() > 0.95);
    // A severe rater's fair average is lower, whatever persons came to them.
    assert!(ours.raters.windows(2).all(|pair| pair[0].fair_average > pair[1].fair_average));
    // A person's ability does not depend on whom they met: fair averages say what severity 0 would have given.
    let bias = |of: fn(&psychometrics::facets::FacetPerson) -> f64| {
        let mean = |lenient: bool| {
            let of_these: Vec<f64> = ours
                .persons
                .iter()
                .enumerate()
                .filter(|(p, _)| (SEVERITY[chain(*p)[0]] + SEVERITY[chain(*p)[1]] < 0.0) == lenient)
                .map(|(_, person)| of(person))
                .collect();
            of_these.iter().sum::<f64>() / of_these.len() as f64
        };
        mean(true) - mean(false)
    };
    assert!(bias(|p| p.fair_average).abs() < 0.1, "{}", bias(|p| p.fair_average));
    assert!(bias(|p| p.observed_average) > 0.25, "{}", bias(|p| p.observed_average));
}

#[test]
fn a_careless_rater_stands_out() {
    let mut rows = simulated(600, 8, chain);
    let mut generator = Generator::new(1);
    for row in rows.iter_mut().filter(|row| row.1 == "r3") {
        if generator.uniform() < 0.5 {
            row.3 = 1 + (generator.uniform() * 4.0) as u8;
        }
    }
    let ours = fitted(rows);
    let worst = ours.raters.iter().max_by(|x, y| x.infit.total_cmp(&y.infit)).unwrap();
    assert_eq!(worst.name, "r3");
    assert!(worst.infit > 1.2 && worst.infit_z > 3.0, "{worst:?}");
}

#[test]
fn one_rater_is_the_rating_scale_model() {
    let mut rows = simulated(400, 3, |_| [2, 2]);
    rows.sort();
    rows.dedup_by(|x, y| (&x.0, &x.1, &x.2) == (&y.0, &y.1, &y.2));
    let wide: Vec<Vec<Option<u8>>> =
        rows.chunk_by(|x, y| x.0 == y.0).map(|cells| cells.iter().map(|c| Some(c.3 - 1)).collect()).collect();
    let scale = Responses::from_scores((0..3).map(|i| (format!("c{i}"), 3)), wide).unwrap();
    let rating = FitSettings { range: 8.0, ..FitSettings::default() };
    let rsm = fit(&scale, &[Model::RatingScale; 3], &rating).unwrap();
    let ours = fitted(rows.clone());
    close("log-likelihood", ours.log_likelihood, rsm.log_likelihood, 1e-5);
    assert_eq!(ours.parameters, rsm.parameters);
    let by_criterion = FacetSettings { steps_by_criterion: true, ..FacetSettings::default() };
    let partial = fit_facets(&Ratings::new(rows).unwrap(), &by_criterion).unwrap();
    let pcm = fit(&scale, &[Model::PartialCredit; 3], &rating).unwrap();
    close("log-likelihood", partial.log_likelihood, pcm.log_likelihood, 1e-5);
    assert_eq!(partial.parameters, pcm.parameters);
}

#[test]
fn what_ratings_cannot_tell_is_said() {
    // Two panels that never meet.
    let apart = fitted(simulated(200, 4, |person| if person % 2 == 0 { [0, 1] } else { [2, 4] }));
    let expected = FacetWarning::Disconnected(
        "raters",
        vec![vec!["r0".to_owned(), "r1".to_owned()], vec!["r2".to_owned(), "r4".to_owned()]],
    );
    assert_eq!(apart.warnings, [expected]);
    assert!(apart.warnings[0].to_string().contains("{r0, r1}, {r2, r4}"));
    let message = |rows: Vec<Row>| {
        let ratings = Ratings::new(rows).map_err(|error| error.to_string());
        ratings.and_then(|r| fit_facets(&r, &FacetSettings::default()).map_err(|e| e.to_string())).unwrap_err()
    };
    // Every rater with a criterion of their own.
    let confounded = simulated(200, 4, |_| [0, 1]).into_iter().filter(|row| (row.1 == "r0") == (row.2 == "c0"));
    assert!(message(confounded.collect()).contains("cannot be told apart"));
    let mut twice = simulated(20, 4, chain);
    twice.push(twice[0].clone());
    assert!(message(twice).contains("rated person p0000 twice on criterion c0"));
    let gap = simulated(100, 4, chain).into_iter().filter(|row| row.3 != 3).collect();
    assert!(message(gap).contains("nobody gave a rating of 3"));
    let alike = simulated(100, 4, chain).into_iter().filter(|row| row.3 == 2).collect();
    assert!(message(alike).contains("all ratings are the same"));
    assert!(message(Vec::new()).contains("no ratings"));
    let mut one = simulated(100, 4, chain);
    one.iter_mut().filter(|row| row.1 == "r4").for_each(|row| row.3 = 2);
    assert!(fitted(one).warnings.contains(&FacetWarning::OneScore("rater", "r4".to_owned(), 2)));
}
