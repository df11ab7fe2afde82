use psychometrics::irt::Grid;
use psychometrics::scores::{Posterior, informations, most_informative};
use psychometrics::{CalibratedItem, ItemParameters, Method, Responses, ScoreSettings, score};

use crate::data::{Table, close};

fn bank() -> Option<(Vec<CalibratedItem>, Vec<u8>)> {
    let (bank, answers) = (Table::read("sim/cat_bank_1000.csv")?, Table::read("sim/cat_resp_theta0.7.csv")?);
    let item = |row: usize| {
        let number = |column: &str| bank.number(row, column).unwrap();
        let (slope, lower, upper) = (number("a"), number("c"), number("d"));
        let parameters = ItemParameters::Logistic { slope, intercept: -slope * number("b"), lower, upper };
        CalibratedItem::new(format!("i{row}"), parameters)
    };
    let items = (0..bank.rows.len()).map(item).collect();
    Some((items, (0..answers.rows.len()).map(|row| answers.number(row, "resp").unwrap() as u8).collect()))
}

/// An adaptive test on a grid: items chosen, and the score after each.
fn test(items: &[CalibratedItem], answers: &[u8], grid: Grid, steps: usize) -> Vec<(usize, f64, f64)> {
    let mut posterior = Posterior::new(grid, 0.0, 1.0);
    let mut trace: Vec<(usize, f64, f64)> = Vec::new();
    for _ in 0..steps {
        let unused = |place: usize| trace.iter().all(|(used, ..)| *used != place);
        let next = most_informative(items, posterior.eap().theta, unused).unwrap();
        posterior.answer(&items[next], answers[next]);
        let now = posterior.eap();
        trace.push((next, now.theta, now.se));
    }
    trace
}

#[test]
fn an_adaptive_test_takes_the_same_items_as_others() {
    let Some((items, answers)) = bank() else { return };
    for (file, grid, [theta, se], tolerance) in [
        // Its rule gives the outermost nodes half weights, which shows while the posterior is wide.
        ("oracle/cat_catR_trace.csv", Grid::new(33, 4.0), ["theta_EAP", "se_EAP"], 3e-4),
        ("oracle/cat_mirtCAT_trace.csv", Grid::new(61, 6.0), ["theta", "se"], 1e-9),
    ] {
        let reference = Table::read(file).unwrap();
        let ours = test(&items, &answers, grid, reference.rows.len());
        for (row, (item, our_theta, our_se)) in ours.into_iter().enumerate() {
            assert_eq!(item + 1, reference.number(row, "item").unwrap() as usize, "{file} {row}");
            close(&format!("{file} {row}"), our_theta, reference.number(row, theta).unwrap(), tolerance);
            close(&format!("{file} {row} se"), our_se, reference.number(row, se).unwrap(), tolerance);
        }
    }
}

#[test]
fn answer_by_answer_is_the_score_of_all_answers() {
    let Some((items, answers)) = bank() else { return };
    let (items, answers) = (&items[..40], &answers[..40]);
    let mut posterior = Posterior::new(Grid::new(61, 6.0), 0.2, 1.3);
    items.iter().zip(answers).for_each(|(item, answer)| posterior.answer(item, *answer));
    let columns = items.iter().map(|item| (item.name.clone(), 1));
    let row = answers.iter().map(|answer| Some(*answer)).collect::<Vec<_>>();
    let responses = Responses::from_scores(columns, [row]).unwrap();
    let settings = ScoreSettings { mean: 0.2, sd: 1.3, ..ScoreSettings::default() };
    let whole = score(&responses, items, Method::Eap, &settings).unwrap()[0].unwrap();
    close("theta", posterior.eap().theta, whole.theta, 1e-10);
    close("se", posterior.eap().se, whole.se, 1e-10);
    for (item, information) in items.iter().zip(informations(items, 0.3)) {
        close(&item.name, information, item.parameters.information(0.3), 1e-15);
    }
}
