use psychometrics::conditional::conditional_rasch;
use psychometrics::{ItemParameters, MissingTreatment, Responses};

use crate::plain::{answers, close, simulated, two_pl, without};

/// Intercepts of an item with 0 for no points.
fn intercepts(item: &ItemParameters) -> Vec<f64> {
    match item {
        ItemParameters::Logistic { intercept, .. } => vec![0.0, *intercept],
        ItemParameters::PartialCredit { intercepts, .. } => {
            std::iter::once(0.0).chain(intercepts.iter().copied()).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// ln P(answers | their sum) by listing every pattern with that sum.
fn log_conditional(items: &[Vec<f64>], answers: &[(usize, usize)]) -> f64 {
    let sum: usize = answers.iter().map(|(_, k)| k).sum();
    let mut patterns: Vec<(usize, f64)> = vec![(0, 0.0)];
    for (item, _) in answers {
        patterns = patterns
            .iter()
            .flat_map(|(s, log)| items[*item].iter().enumerate().map(move |(k, d)| (s + k, log + d)))
            .collect();
    }
    let total: f64 = patterns.iter().filter(|(s, _)| *s == sum).map(|(_, log)| log.exp()).sum();
    answers.iter().map(|(item, k)| items[*item][*k]).sum::<f64>() - total.ln()
}

fn total(items: &[Vec<f64>], responses: &Responses) -> f64 {
    let top = |answers: &[(usize, usize)]| answers.iter().map(|(item, _)| items[*item].len() - 1).sum::<usize>();
    (0..responses.persons())
        .map(|p| answers(responses, p))
        .filter(|a| {
            let sum: usize = a.iter().map(|(_, k)| k).sum();
            sum > 0 && sum < top(a)
        })
        .map(|a| log_conditional(items, &a))
        .sum()
}

#[test]
fn incomplete_data_agree_with_a_list_of_all_patterns() {
    let mut truth: Vec<ItemParameters> = (0..5).map(|i| two_pl(1.0, 0.5 * f64::from(i) - 1.0)).collect();
    truth.push(ItemParameters::PartialCredit { slope: 1.0, intercepts: vec![0.4, -0.3] });
    truth.push(ItemParameters::PartialCredit { slope: 1.0, intercepts: vec![0.1, 0.6, -0.5] });
    // Three booklets of five items, and a scattered omission.
    let responses = without(&simulated(&truth, 400, 21), |person, item| {
        item % 3 == person % 3 && item < 6 || (person + 3 * item).is_multiple_of(17)
    });
    let ours = conditional_rasch(&responses, MissingTreatment::default()).unwrap();
    let items: Vec<Vec<f64>> = ours.items.iter().map(intercepts).collect();
    close("log-likelihood", ours.log_likelihood, total(&items, &responses), 1e-8);
    assert_eq!(ours.parameters, 5 + 2 + 3 - 1);
    // At the maximum no intercept can be moved to advantage; the second difference gives the error of a free one.
    for i in 0..items.len() {
        for k in 1..items[i].len() {
            let side = |by: f64| {
                let mut moved = items.clone();
                moved[i][k] += by;
                total(&moved, &responses)
            };
            close("slope", (side(1e-4) - side(-1e-4)) / 2e-4, 0.0, 1e-4);
            assert!(side(0.01) < ours.log_likelihood && side(-0.01) < ours.log_likelihood);
        }
    }
    for (item, truth) in items.iter().zip(&truth) {
        for (ours, truth) in item.iter().zip(intercepts(truth)) {
            close("recovered", *ours, truth, 0.6);
        }
    }
}

#[test]
fn items_without_a_link_are_named() {
    let truth: Vec<ItemParameters> = (0..6).map(|i| two_pl(1.0, 0.4 * f64::from(i) - 1.0)).collect();
    let apart = without(&simulated(&truth, 200, 3), |person, item| (person % 2 == 0) == (item < 3));
    let message = conditional_rasch(&apart, MissingTreatment::default()).unwrap_err().to_string();
    assert!(message.contains("{i0, i1, i2}, {i3, i4, i5}"), "{message}");
}
