//! Every kind of bad input: an error or a named warning that says which item, person or parameter and what to do.

use psychometrics::conditional::conditional_rasch;
use psychometrics::scores::{WithoutMl, without_ml};
use psychometrics::{
    Error, FitSettings, FitWarning, ItemParameters, Method, MissingTreatment, Model, Prior, Priors, Responses,
    ScoreSettings, fit, score,
};

use crate::plain::{answers, dichotomous, named, simulated, without};

/// Rows of simulated answers to eight items, changed by hand.
fn changed(change: impl Fn(usize, &mut Vec<Option<u8>>)) -> Responses {
    let responses = simulated(&dichotomous(8), 300, 40);
    let row = |person: usize| {
        let mut row: Vec<Option<u8>> = answers(&responses, person).iter().map(|(_, k)| Some(*k as u8)).collect();
        change(person, &mut row);
        row
    };
    Responses::from_scores((0..8).map(|i| (format!("i{i}"), if i == 7 { 3 } else { 1 })), (0..300).map(row)).unwrap()
}

fn models() -> Vec<Model> {
    (0..8).map(|i| if i == 7 { Model::GeneralisedPartialCredit } else { Model::TwoPl }).collect()
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, parts: &[&str]) {
    let message = result.unwrap_err().to_string();
    assert!(parts.iter().all(|part| message.contains(part)), "{message}");
}

#[test]
fn items_that_tell_nothing() {
    let nobody = changed(|_, row| row[2] = None);
    refused(fit(&nobody, &models(), &FitSettings::default()), &["item i2", "no responses", "leave it out"]);
    let alike = changed(|_, row| row[3] = Some(1));
    refused(fit(&alike, &models(), &FitSettings::default()), &["item i3", "same score", "leave it out"]);
    refused(conditional_rasch(&alike, MissingTreatment::default()), &["item i3", "leave the item out"]);
    // An empty category is joined and named: i7 can have 3 points, nobody has 2 or 3.
    let empty = fit(&changed(|_, _| {}), &models(), &FitSettings::default()).unwrap();
    let warning = FitWarning::EmptyScores("i7".to_owned(), vec![2, 3]);
    assert!(empty.warnings.contains(&warning), "{:?}", empty.warnings);
    assert_eq!(empty.scores[7], [0, 1]);
    assert!(warning.to_string().contains("item i7: nobody has score 2, 3"));
    // Two columns of one item.
    let twice = changed(|_, row| row[5] = row[4]);
    let twice = fit(&twice, &models(), &FitSettings::default()).unwrap();
    let warning = FitWarning::SameAnswers("i4".to_owned(), "i5".to_owned());
    assert!(twice.warnings.contains(&warning), "{:?} {:?}", twice.warnings, twice.items);
    assert!(warning.to_string().contains("leave one of them out"));
    // A wrong key.
    let wrong = changed(|_, row| row[4] = row[4].map(|k| 1 - k));
    let wrong = fit(&wrong, &models(), &FitSettings::default()).unwrap();
    assert!(wrong.warnings.contains(&FitWarning::NegativeSlope("i4".to_owned())), "{:?}", wrong.warnings);
    // A model for two categories on an item with more.
    let more = changed(|person, row| row[7] = Some((person % 3) as u8));
    refused(fit(&more, &[Model::TwoPl; 8], &FitSettings::default()), &["item i7", "use gpcm"]);
}

#[test]
fn persons_at_the_ends_and_persons_twice() {
    let items = dichotomous(8);
    let ends = changed(|person, row| match person {
        0 => row.iter_mut().for_each(|k| *k = Some(0)),
        1 => row.iter_mut().for_each(|k| *k = Some(1)),
        2 => row.iter_mut().for_each(|k| *k = None),
        _ => row[0] = Some((person % 2) as u8),
    });
    let scores = score(&ends, &named(&items), Method::Ml, &ScoreSettings::default()).unwrap();
    let listed = without_ml(&ends, &named(&items), MissingTreatment::default());
    assert_eq!(listed[..3], [(0, WithoutMl::AllLowest), (1, WithoutMl::AllHighest), (2, WithoutMl::NoResponses)]);
    for person in 0..300 {
        assert_eq!(scores[person].is_none(), listed.iter().any(|(p, _)| *p == person), "{person}");
    }
    assert!(listed[1].1.to_string().contains("everything right") && listed[1].1.to_string().contains("use eap"));
    let other = score(&ends, &named(&items), Method::Wle, &ScoreSettings::default()).unwrap();
    assert!(other[0].unwrap().theta < -2.0 && other[1].unwrap().theta > 2.0 && other[2].is_none());
    let fitted = fit(&ends, &models(), &FitSettings::default()).unwrap();
    assert!(fitted.warnings.contains(&FitWarning::EmptyPersons(1)), "{:?}", fitted.warnings);
    let whole = simulated(&dichotomous(25), 60, 4);
    assert!(whole.repeated_rows(15).is_empty());
    let rows = (0..70).map(|p| answers(&whole, p % 60).iter().map(|(_, k)| Some(*k as u8)).collect());
    let repeated = Responses::from_scores((0..25).map(|i| (format!("i{i}"), 1)), rows).unwrap();
    assert_eq!(repeated.repeated_rows(15), (0..10).map(|p| (60 + p, p)).collect::<Vec<_>>());
    assert!(repeated.repeated_rows(26).is_empty());
}

#[test]
fn designs_without_a_link() {
    let apart = without(&simulated(&dichotomous(8), 400, 3), |person, item| (person % 2 == 0) == (item < 4));
    let fitted = fit(&apart, &[Model::TwoPl; 8], &FitSettings::default()).unwrap();
    let set = |from: usize| (from..from + 4).map(|i| format!("i{i}")).collect::<Vec<_>>();
    let warning = FitWarning::Disconnected(vec![set(0), set(4)]);
    assert!(fitted.warnings.contains(&warning), "{:?}", fitted.warnings);
    assert!(warning.to_string().contains("first items: i0, i4"));
    refused(conditional_rasch(&apart, MissingTreatment::default()), &["{i0, i1, i2, i3}, {i4, i5, i6, i7}"]);
}

#[test]
fn keys_and_rows_of_the_wrong_length() {
    let key = |labels: &[&str]| labels.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    let row = |labels: &[&str]| labels.iter().map(|l| Some((*l).to_owned())).collect::<Vec<_>>();
    let items = [("q1".to_owned(), key(&["A"])), ("q2".to_owned(), key(&[]))];
    refused(Responses::from_choices(&items, &[row(&["A", "B"])]), &["item q2 has no key", "add it"]);
    let items = [("q1".to_owned(), key(&["A"])), ("q2".to_owned(), key(&["B"]))];
    refused(
        Responses::from_choices(&items, &[row(&["A", "B"]), row(&["A"])]),
        &["person 1 has 1 responses but there are 2 items"],
    );
    let responses = simulated(&dichotomous(4), 50, 1);
    refused(fit(&responses, &[Model::TwoPl; 3], &FitSettings::default()), &["models: 3 values where 4 are needed"]);
    let items = named(&dichotomous(3));
    refused(score(&responses, &items, Method::Eap, &ScoreSettings::default()), &["calibrated items: 3 values"]);
}

#[test]
fn numbers_that_are_none() {
    let responses = simulated(&dichotomous(8), 200, 9);
    let weighted = |weights: Vec<f64>| responses.clone().with_weights(weights);
    refused(weighted(vec![f64::NAN; 200]), &["person 0: weight NaN"]);
    refused(weighted((0..200).map(|p| 5.0 - f64::from(p)).collect()), &["person 6: weight -1"]);
    refused(weighted(vec![1.0; 3]), &["weights: 3 values where 200"]);
    refused(
        fit(&weighted(vec![0.0; 200]).unwrap(), &[Model::TwoPl; 8], &FitSettings::default()),
        &["weights of all persons are 0"],
    );
    let with = |settings: FitSettings| fit(&responses, &[Model::TwoPl; 8], &settings);
    let default = FitSettings::default;
    refused(with(FitSettings { range: f64::NAN, ..default() }), &["range of NaN", "positive range"]);
    refused(with(FitSettings { nodes: 2, ..default() }), &["2 nodes"]);
    refused(with(FitSettings { tolerance: f64::NAN, ..default() }), &["tolerance of NaN"]);
    let slope = Some(Prior::LogNormal { mean: 0.0, sd: -1.0 });
    let priors = Priors { slope, ..Priors::default() };
    refused(with(FitSettings { priors, ..default() }), &["prior of a", "above 0"]);
    let none = ItemParameters::Logistic { slope: 1.0, intercept: f64::NAN, lower: 0.0, upper: 1.0 };
    let mut fixed = vec![None; 8];
    fixed[5] = Some(none);
    refused(with(FitSettings { fixed, ..default() }), &["item i5", "fixed parameter", "finite"]);
    let settings = ScoreSettings { sd: f64::NAN, ..ScoreSettings::default() };
    refused(
        score(&responses, &named(&dichotomous(8)), Method::Eap, &settings),
        &["standard deviation of the prior is NaN"],
    );
    let empty = Responses::from_scores([("a", 1)], Vec::<Vec<Option<u8>>>::new()).unwrap();
    refused(fit(&empty, &[Model::TwoPl], &FitSettings::default()), &["no persons"]);
}

#[test]
fn searches_that_do_not_end_well() {
    let responses = simulated(&dichotomous(8), 400, 2);
    let short = FitSettings { iterations: 1, ..FitSettings::default() };
    let fitted = fit(&responses, &[Model::TwoPl; 8], &short).unwrap();
    assert!(!fitted.converged);
    assert!(matches!(fitted.warnings[0], FitWarning::NotConverged(left) if left > 1e-7), "{:?}", fitted.warnings);
    assert!(fitted.warnings[0].to_string().contains("raise the iterations"));
    // Without guessing in the data and without a prior, asymptotes run to 0.
    let free = fit(&responses, &[Model::ThreePl; 8], &FitSettings::default()).unwrap();
    let at_boundary =
        free.warnings.iter().find(|w| matches!(w, FitWarning::AsymptoteAtBoundary(_))).map(ToString::to_string);
    let not_finished = free.warnings.iter().any(|w| matches!(w, FitWarning::NotConverged(_)));
    assert!(at_boundary.is_some() || not_finished, "{:?} {:?}", free.warnings, free.items);
    if let Some(text) = at_boundary {
        assert!(text.contains("give it a prior"), "{text}");
    }
    // Nothing distinguishes mean and slope of an item that is alone with a free latent distribution.
    let settings = FitSettings {
        latent: psychometrics::LatentChoice::Free,
        standard_errors: true,
        iterations: 50,
        ..FitSettings::default()
    };
    let loose = fit(&responses, &[Model::TwoPl; 8], &settings).unwrap();
    assert!(
        loose.warnings.contains(&FitWarning::NoStandardErrors) || loose.covariance().is_none(),
        "{:?}",
        loose.warnings
    );
}
