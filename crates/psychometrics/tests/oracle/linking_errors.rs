use psychometrics::equating::{
    Joint, Method, NeatMethod, ScoreDistribution, bootstrap_errors, delta_errors, equate, irt_true_score, item_errors,
    log_linear, neat,
};
use psychometrics::linking::{Calibration, LinkMethod, LinkSettings, bootstrap, chain, link};
use psychometrics::simulation::{Generator, simulate};
use psychometrics::{CalibratedItem, FitSettings, ItemParameters, Model, Responses, fit};

use crate::data::{Table, close};

fn spread(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// Items `from..to` of one long test whose difficulties rise.
fn truth(from: usize, to: usize) -> Vec<CalibratedItem> {
    let item = |i: usize| {
        let slope = 0.8 + 0.1 * (i * 7 % 9) as f64;
        let b = -1.5 + 0.1 * i as f64 + if i.is_multiple_of(2) { 0.5 } else { -0.5 };
        CalibratedItem::new(
            format!("i{i}"),
            ItemParameters::Logistic { slope, intercept: -slope * b, lower: 0.0, upper: 1.0 },
        )
    };
    (from..to).map(item).collect()
}

/// A form given to `persons` of ability N(mean, sd), calibrated at N(0, 1).
/// `errors`: whether to compute the covariance matrix, which takes most of the time.
fn calibrated(
    items: &[CalibratedItem],
    (mean, sd): (f64, f64),
    persons: usize,
    seed: u64,
    errors: bool,
) -> Calibration {
    let mut generator = Generator::new(seed);
    let thetas: Vec<f64> = (0..persons).map(|_| mean + sd * generator.normal()).collect();
    let responses = simulate(items, &thetas, &mut generator).unwrap();
    let settings = FitSettings { standard_errors: errors, ..FitSettings::default() };
    let fitted = fit(&responses, &vec![Model::TwoPl; items.len()], &settings).unwrap();
    let all: Vec<usize> = (0..items.len()).collect();
    Calibration {
        name: format!("form {seed}"),
        items: fitted.calibrated(&responses),
        covariance: fitted.item_covariance(&all),
    }
}

/// The errors claimed are the spread found over repeated samples, for two links in a chain.
#[test]
fn errors_of_a_chain_are_the_spread_over_samples() {
    let (low, middle, high) = (truth(0, 14), truth(6, 22), truth(14, 30));
    let samples = 120;
    let (mut found, mut claimed) = (Vec::new(), Vec::new());
    for sample in 0..samples {
        let errors = sample < 5;
        let calibrations = [
            calibrated(&low, (-0.5, 1.0), 800, 3 * sample, errors),
            calibrated(&middle, (0.0, 1.1), 800, 3 * sample + 1, errors),
            calibrated(&high, (0.6, 1.2), 800, 3 * sample + 2, errors),
        ];
        let linked = chain(&calibrations, 0, LinkMethod::StockingLord, LinkSettings::default()).unwrap();
        let last = &linked.placed[2];
        found.push((last.link.scale, last.link.shift));
        claimed.extend(last.scale_se.zip(last.shift_se));
        if sample == 0 {
            let (again, failed) =
                bootstrap(&calibrations, 0, LinkMethod::StockingLord, LinkSettings::default(), 400, 11).unwrap();
            assert_eq!(failed, 0);
            // 400 draws know a standard error within about 3.5 %; three of those, and curvature.
            close("bootstrap scale", again[2].0 / last.scale_se.unwrap(), 1.0, 0.14);
            close("bootstrap shift", again[2].1 / last.shift_se.unwrap(), 1.0, 0.14);
            assert_eq!(linked.placed[0].scale_se, Some(0.0));
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let part = |all: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| all.iter().map(of).collect::<Vec<f64>>();
    for (name, of, truth) in [("scale", (|p| p.0) as fn(&(f64, f64)) -> f64, 1.2), ("shift", |p| p.1, 1.1)] {
        let (values, errors) = (part(&found, of), part(&claimed, of));
        // A spread over 120 samples is known within 6.5 %; three of those.
        close(name, mean(&errors) / spread(&values), 1.0, 0.2);
        close(name, mean(&values), truth, 3.5 * spread(&values) / (samples as f64).sqrt() + 0.02);
    }
}

fn act() -> Option<(ScoreDistribution, ScoreDistribution)> {
    let counts = Table::read("oracle/equate_ACTmath.csv")?;
    let form = |column: &str| {
        ScoreDistribution::new((0..counts.rows.len()).map(|row| counts.number(row, column).unwrap()).collect()).unwrap()
    };
    Some((form("xcount"), form("ycount")))
}

#[test]
fn errors_of_equating_follow_the_textbook() {
    let Some((x, y)) = act() else { return };
    let count = |d: &ScoreDistribution| psychometrics::equating::CountTable::counts(d).iter().sum::<f64>();
    let (nx, ny) = (count(&x), count(&y));
    let method = |method: Method| move |x: &ScoreDistribution, y: &ScoreDistribution| equate(x, y, method);
    let mean = delta_errors(&x, &y, method(Method::Mean)).unwrap();
    for error in &mean {
        let variance = |d: &ScoreDistribution, n: f64| d.sd() * d.sd() * (n - 1.0) / n / n;
        close("mean", *error, (variance(&x, nx) + variance(&y, ny)).sqrt(), 1e-7);
    }
    // Lord (1982, eq. 7; Kolen and Brennan 2014, eq. 7.12) for the equipercentile function.
    let ours = delta_errors(&x, &y, method(Method::Equipercentile)).unwrap();
    let equivalents = equate(&x, &y, Method::Equipercentile).unwrap();
    let shares = y.shares();
    let mut compared = 0;
    for score in 3..=37 {
        let (p, above) = (x.percentile_rank(f64::from(score as u32)), (equivalents[score] + 0.5).floor() as usize);
        // At the border of two classes of Y the function has a corner, and no derivative.
        let inside = equivalents[score] + 0.5 - above as f64;
        if !(0.02..=0.98).contains(&inside) {
            continue;
        }
        compared += 1;
        let (g, below): (f64, f64) = (shares[above], shares[..above].iter().sum());
        // A person counts 1 below the score and 1/2 at it; on Y 1 below the class and `inside` in it.
        let f = x.shares()[score];
        let of_x = (p - f / 2.0 + f / 4.0 - p * p) / nx;
        let of_y = (below + inside * inside * g - p * p) / ny;
        close(&format!("equipercentile {score}"), ours[score], ((of_x + of_y) / (g * g)).sqrt(), 2e-4);
    }
    assert!(compared > 25, "{compared}");
    let (again, _) = bootstrap_errors(&x, &y, method(Method::Equipercentile), 300, 5).unwrap();
    // Where a sampling error spans corners of the function, a derivative is not the whole story; on average it is.
    let ratios: Vec<f64> = (8..=34).map(|score| again[score] / ours[score]).collect();
    close("bootstrap", ratios.iter().sum::<f64>() / ratios.len() as f64, 1.0, 0.06);
    assert!(ratios.iter().all(|ratio| (ratio - 1.0).abs() < 0.35), "{ratios:?}");
    assert_eq!(
        bootstrap_errors(&x, &y, method(Method::Linear), 20, 5),
        bootstrap_errors(&x, &y, method(Method::Linear), 20, 5)
    );
    // Presmoothing makes errors smaller, through the whole of smoothing and equating.
    let smoothed = |x: &ScoreDistribution, y: &ScoreDistribution| {
        equate(&log_linear(x, 3)?, &log_linear(y, 3)?, Method::Equipercentile)
    };
    let smooth = delta_errors(&x, &y, smoothed).unwrap();
    let sum = |errors: &[f64]| errors[8..=32].iter().sum::<f64>();
    assert!(sum(&smooth) < 0.97 * sum(&ours), "{} {}", sum(&smooth), sum(&ours));
    let (again, failed) = bootstrap_errors(&x, &y, smoothed, 300, 6).unwrap();
    assert_eq!(failed, 0);
    for score in 8..=32 {
        close(&format!("smoothed {score}"), again[score] / smooth[score], 1.0, 0.15);
    }
}

#[test]
fn errors_with_an_anchor_agree_with_the_bootstrap() {
    if Table::read("oracle/equate_KBneat_x.csv").is_none() {
        return;
    }
    let read = |name: &str| {
        let table = Table::read(name).unwrap();
        let pair =
            |row: usize| (table.number(row, "total").unwrap() as usize, table.number(row, "anchor").unwrap() as usize);
        Joint::new((0..table.rows.len()).map(pair), 36, 12).unwrap()
    };
    let (x, y) = (read("oracle/equate_KBneat_x.csv"), read("oracle/equate_KBneat_y.csv"));
    for method in [NeatMethod::Tucker, NeatMethod::ChainedLinear, NeatMethod::BraunHolland] {
        let equate = |x: &Joint, y: &Joint| neat(x, y, method, 1.0);
        let delta = delta_errors(&x, &y, equate).unwrap();
        let (drawn, _) = bootstrap_errors(&x, &y, equate, 300, 9).unwrap();
        for score in [6, 12, 18, 24, 30] {
            close(&format!("{method:?} {score}"), drawn[score] / delta[score], 1.0, 0.15);
        }
    }
}

/// With the link found inside, the errors of equating take it in: persons of form X are abler, half the items are common.
#[test]
fn errors_of_true_score_equating_are_the_spread_over_samples() {
    let (on_x, on_y) = (truth(4, 18), truth(10, 24));
    let linked = |x: &[CalibratedItem], y: &[CalibratedItem]| -> Result<Vec<f64>, psychometrics::Error> {
        let common = |new: &CalibratedItem| {
            let old = y.iter().find(|old| old.name == new.name)?;
            Some((old.parameters.clone(), new.parameters.clone()))
        };
        let pairs: Vec<_> = x.iter().filter_map(common).collect();
        let constants = link(&pairs, LinkMethod::StockingLord, LinkSettings::default())?;
        let moved: Vec<CalibratedItem> = x
            .iter()
            .map(|item| CalibratedItem {
                parameters: item.parameters.on_scale(constants.scale, constants.shift),
                ..item.clone()
            })
            .collect();
        Ok(irt_true_score(&moved, y)?.into_iter().map(|(_, y)| y).collect())
    };
    let (mut found, mut claimed) = (Vec::new(), Vec::new());
    for sample in 0..80 {
        let x = calibrated(&on_x, (0.4, 1.1), 1000, 1000 + 2 * sample, sample < 4);
        let y = calibrated(&on_y, (0.0, 1.0), 1000, 1001 + 2 * sample, sample < 4);
        found.push(linked(&x.items, &y.items).unwrap()[7]);
        if let (Some(of_x), Some(of_y)) = (x.covariance.as_deref(), y.covariance.as_deref()) {
            claimed.push(item_errors((&x.items, of_x), (&y.items, of_y), linked).unwrap()[7]);
        }
    }
    let mean = claimed.iter().sum::<f64>() / claimed.len() as f64;
    // A spread over 80 samples is known within 8 %; three of those.
    close("true score 7", mean / spread(&found), 1.0, 0.24);
}

/// Both forms calibrated together, the group of form Y standard normal: mirt's result.
#[test]
fn concurrent_calibration_agrees() {
    let (Some(x), Some(y)) = (Table::read("sim/neat_formX.csv"), Table::read("sim/neat_formY.csv")) else { return };
    let reference = Table::read("oracle/link_neat_concurrent_items.csv").unwrap();
    let summary = crate::data::json("oracle/link_neat_concurrent.json").unwrap();
    let names: Vec<String> = reference.rows.iter().map(|row| row[0].clone()).collect();
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    for (table, group) in [(&y, "1 Y"), (&x, "2 X")] {
        let places: Vec<Option<usize>> = names.iter().map(|n| table.header.iter().position(|h| h == n)).collect();
        for row in &table.rows {
            rows.push(places.iter().map(|place| place.and_then(|c| row[c].parse().ok())).collect());
            groups.push(group.to_owned());
        }
    }
    let responses = Responses::from_scores(names.iter().map(|name| (name.clone(), 1)), rows).unwrap();
    let responses = responses.with_groups(&groups).unwrap();
    let fitted = fit(&responses, &vec![Model::TwoPl; names.len()], &FitSettings::default()).unwrap();
    close("log-likelihood", fitted.log_likelihood, summary["logLik"].as_f64().unwrap(), 0.02);
    close("mean", fitted.latent[1].mean.value, summary["mean_X"].as_f64().unwrap(), 0.002);
    close("variance", fitted.latent[1].variance.value, summary["var_X"].as_f64().unwrap(), 0.005);
    for (row, name) in names.iter().enumerate() {
        let form = fitted.irt_form(row);
        close(&format!("{name} a"), form[0].value, reference.number(row, "a").unwrap(), 0.003);
        close(&format!("{name} b"), form[1].value, reference.number(row, "b").unwrap(), 0.005);
    }
}
