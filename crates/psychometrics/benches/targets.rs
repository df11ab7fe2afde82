//! Times against other engines, one table: task, ours, reference, ratio. See `README.md` beside this file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a bench stops at the first surprise")]

#[path = "../tests/oracle/data.rs"]
#[expect(dead_code, reason = "the oracle tests use the rest")]
mod data;

use std::time::Instant;

use psychometrics::dif::{Comparison, IrtDifSettings, IrtDifTest, irt_dif};
use psychometrics::irt::Grid;
use psychometrics::scores::{Posterior, most_informative};
use psychometrics::{
    CalibratedItem, ClassicalSettings, FitSettings, ItemParameters, Method, Model, Prior, Priors, Responses,
    ScoreSettings, classical, fit, score,
};

/// Processor seconds of this process so far (all threads), where the system tells it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Shortest of three runs, in seconds, with the mean processor seconds of a run: on a machine with other work the first
/// says little and the second still compares.
fn shortest<T>(mut work: impl FnMut() -> T) -> (Seconds, T) {
    let before = processor_seconds();
    let (wall, result) = shortest_of_three(&mut work);
    let processor = before.zip(processor_seconds()).map(|(before, after)| (after - before) / 3.0);
    (Seconds { wall, processor }, result)
}

/// What a task took.
#[derive(Clone, Copy)]
struct Seconds {
    wall: f64,
    processor: Option<f64>,
}

fn shortest_of_three<T>(work: &mut impl FnMut() -> T) -> (f64, T) {
    let mut best = f64::INFINITY;
    let mut result = None;
    for _ in 0..3 {
        let started = Instant::now();
        result = Some(work());
        best = best.min(started.elapsed().as_secs_f64());
    }
    (best, result.unwrap())
}

fn line(task: &str, ours: Seconds, reference: Option<(f64, &str)>, limit: f64, note: &str) {
    let Seconds { wall, processor } = ours;
    let (time, ratio, engine) = match reference {
        Some((time, engine)) => (format!("{time:.2}"), format!("{:.0}", time / wall), engine),
        None => ("-".to_owned(), "-".to_owned(), "-"),
    };
    let processor = processor.map_or_else(|| "-".to_owned(), |p| format!("{p:.3}"));
    let verdict = if wall < limit { "met" } else { "MISSED" };
    println!(
        "| {task:<36} | {wall:>8.4} | {processor:>9} | {time:>6} | {engine:<14} | {ratio:>6} | {limit:>6.2} | {verdict:<6} | {note} |"
    );
}

fn main() {
    println!(
        "| task                                 | ours, s  | processor | ref, s | reference      |  ratio | target | result | note |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let priors = Priors {
        slope: Some(Prior::LogNormal { mean: 0.0, sd: 0.5 }),
        lower: Some(Prior::Normal { mean: -1.386, sd: 0.5 }),
        ..Priors::default()
    };
    for (set, task, model, reference, engine, limit, optimum) in [
        ("sim_a", "2PL 10,000 x 50", Model::TwoPl, 2.2, "mirt 1.47", 0.22, -266_349.401),
        ("sim_b", "3PL 10,000 x 50, priors", Model::ThreePl, 4.4, "mirt 1.47", 0.4, -278_857.284),
        ("sim_c", "Rasch 100,000 x 40, free variance", Model::Rasch, 9.06, "TAM 4.4-2", 0.3, -2_243_928.682),
        ("sim_d", "2PL 100,000 x 40", Model::TwoPl, 15.78, "mirt 1.47", 1.4, -2_082_893.471),
        ("sim_e", "GPCM 5,000 x 20 x 5", Model::GeneralisedPartialCredit, 1.04, "mirt 1.47", 0.1, -116_376.791),
        ("sim_f", "GRM 5,000 x 20 x 5", Model::Graded, 1.28, "mirt 1.47", 0.1, -123_783.356),
        ("sim_g", "2PL 50,000 x 300, 87 % missing", Model::TwoPl, 46.6, "mirt 1.47", 4.0, -1_079_253.595),
    ] {
        let Some(responses) = data::set(set) else { continue };
        let models = vec![model; responses.items().len()];
        let priors = if model == Model::ThreePl { priors } else { Priors::default() };
        let settings = FitSettings { priors, ..FitSettings::default() };
        let (time, fitted) = shortest(|| fit(&responses, &models, &settings).unwrap());
        let reached = fitted.log_posterior >= optimum - 1e-4;
        let note = format!(
            "log-posterior {:.4} {} {optimum}, {} steps",
            fitted.log_posterior,
            if reached { ">=" } else { "BELOW" },
            fitted.evaluations
        );
        line(task, time, Some((reference, engine)), limit, &note);
        if set == "sim_a" {
            scoring(&responses, &fitted.calibrated(&responses));
            dif(responses.clone());
        }
        if set == "sim_d" {
            million(&responses, &fitted.calibrated(&responses));
        }
    }
    classical_large();
    adaptive_step();
}

fn scoring(responses: &Responses, items: &[psychometrics::CalibratedItem]) {
    let (time, _) = shortest(|| score(responses, items, Method::Wle, &ScoreSettings::default()).unwrap());
    line("WLE 10,000 persons x 50", time, Some((180.0, "mirt 1.47")), 0.1, "");
    let (time, _) = shortest(|| score(responses, items, Method::Eap, &ScoreSettings::default()).unwrap());
    line("EAP 10,000 persons x 50", time, Some((1.1, "mirt 1.47")), 0.11, "");
}

fn dif(responses: Responses) {
    let table = data::Table::read("sim/a_group.csv").unwrap();
    let labels: Vec<String> = table.rows.iter().map(|row| row[0].clone()).collect();
    let responses = responses.with_groups(&labels).unwrap();
    let comparison = Comparison::new(&responses, Some("ref"), Some("foc")).unwrap();
    let models = vec![Model::TwoPl; responses.items().len()];
    for (test, task) in [
        (IrtDifTest::LikelihoodRatio, "DIF by likelihood ratio, 50 items"),
        (IrtDifTest::Wald, "DIF by Wald tests, 50 items"),
    ] {
        let settings = IrtDifSettings { test, ..IrtDifSettings::default() };
        let (started, before) = (Instant::now(), processor_seconds());
        irt_dif(&responses, &models, comparison, &settings).unwrap();
        let wall = started.elapsed().as_secs_f64();
        let processor = before.zip(processor_seconds()).map(|(before, after)| after - before);
        line(task, Seconds { wall, processor }, Some((60.0, "mirt 1.47 LR")), 3.0, "1.2 s an item there");
    }
}

/// The persons of a set ten times over.
fn million(responses: &Responses, items: &[psychometrics::CalibratedItem]) {
    let columns = responses.items().iter().map(|item| (item.name.clone(), item.max));
    let row = |person: usize| {
        responses.of_person(person).map(|(_, cell)| psychometrics::MissingTreatment::default().apply(cell)).collect()
    };
    let rows = (0..10 * responses.persons()).map(|place| row(place % responses.persons()));
    let large = Responses::from_scores(columns, rows).unwrap();
    let (time, _) = shortest(|| score(&large, items, Method::Eap, &ScoreSettings::default()).unwrap());
    line("EAP 1,000,000 persons x 40", time, Some((95.0, "mirt 1.47 x 10")), 2.0, "");
}

const TESTS: usize = 200;
const STEPS: usize = 30;

/// Tests of 30 items from banks of 500 and 1,000: the most informative item, its answer, mean and deviation of the
/// posterior. The time is that of one step.
fn adaptive_step() {
    let Some(table) = data::Table::read("sim/cat_bank_1000.csv") else { return };
    let item = |row: usize| {
        let number = |column: &str| table.number(row, column).unwrap();
        let slope = number("a");
        let parameters =
            ItemParameters::Logistic { slope, intercept: -slope * number("b"), lower: number("c"), upper: number("d") };
        CalibratedItem::new(format!("i{row}"), parameters)
    };
    let bank: Vec<CalibratedItem> = (0..table.rows.len()).map(item).collect();
    for (size, task) in [(500, "adaptive step, 500 items, 61 nodes"), (1000, "adaptive step, 1,000 items, 61 nodes")] {
        let items = &bank[..size];
        let test = |seed: usize| {
            let mut posterior = Posterior::new(Grid::new(61, 6.0), 0.0, 1.0);
            let mut used = vec![false; size];
            for step in 0..STEPS {
                let next = most_informative(items, posterior.eap().theta, |place| !used[place]).unwrap();
                used[next] = true;
                posterior.answer(&items[next], u8::from((seed * 7 + step * 13) % 5 > 1));
            }
            posterior.eap().theta
        };
        let (time, sum) = shortest(|| (0..TESTS).map(test).sum::<f64>());
        let steps = (TESTS * STEPS) as f64;
        let time = Seconds { wall: time.wall / steps, processor: time.processor.map(|p| p / steps) };
        // Milliseconds, so that the table shows digits.
        let time = Seconds { wall: 1e3 * time.wall, processor: time.processor.map(|p| 1e3 * p) };
        line(task, time, Some((2.1, "catsim 0.21")), 0.05, &format!("ms a step; sum of scores {sum:.6}"));
    }
}

fn classical_large() {
    let score = |person: u64, item: u64| {
        let mixed = (person * 300 + item).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        Some(u8::from(mixed % 1000 < (person * 7919 % 1000) / 2 + 250))
    };
    let rows = (0..140_000).map(|person| (0..300).map(|item| score(person, item)).collect());
    let responses = Responses::from_scores((0..300).map(|i| (format!("i{i}"), 1)), rows).unwrap();
    let (time, _) = shortest(|| classical(&responses, &ClassicalSettings::default()).unwrap());
    line("classical analysis 300 x 140,000", time, None, 2.0, "");
}
