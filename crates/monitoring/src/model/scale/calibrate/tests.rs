//! Calibration against simulated pupils whose abilities and tasks are known.

use kernel::Language;
use psychometrics::simulation::Generator;

use super::*;
use crate::model::{ItemOutcome, ItemStatus, Points, ScalePerson, TaskFlag};

fn rules() -> ScaleRules {
    ScaleRules::embedded().unwrap()
}

fn person(attempt: i64, language: Language) -> ScalePerson {
    ScalePerson { attempt, school: 1, class: 1, language }
}

/// Difficulties from -1.5 to 1.5; every fourth pupil has the Russian version, in which one task is harder.
fn simulated(pupils: i64, tasks: usize, harder: f64) -> ScaleGather {
    let mut random = Generator::new(7);
    let mut gather = ScaleGather::new(vec![Points::whole(1); tasks]);
    let columns: Vec<usize> = (0..tasks).collect();
    for attempt in 0..pupils {
        let language = if attempt % 4 == 0 { Language::Ru } else { Language::Kk };
        let theta = random.normal();
        let answer = |task: usize| {
            let shift = if task == 3 && language == Language::Ru { harder } else { 0.0 };
            let difficulty = 3.0 * task as f64 / (tasks as f64 - 1.0) - 1.5 + shift;
            let right = random.uniform() < psychometrics::math::logistic(theta - difficulty);
            ItemOutcome::answered(task as u32 + 1, None, Points::whole(u32::from(right)), Points::whole(1))
        };
        let answers: Vec<ItemOutcome> = (0..tasks).map(answer).collect();
        gather.add(person(attempt, language), &columns, &answers);
    }
    gather
}

fn uniform(gather: &mut ScaleGather, score: u32, tasks: usize) {
    let columns: Vec<usize> = (0..tasks).collect();
    let answers: Vec<ItemOutcome> =
        (1..=tasks as u32).map(|n| ItemOutcome::answered(n, None, Points::whole(score), Points::whole(1))).collect();
    gather.add(person(9_000 + i64::from(score), Language::Kk), &columns, &answers);
}

fn scaled_of(found: &Calibrated) -> &ScaledTest {
    found.calibration.scaled().unwrap_or_else(|| panic!("{:?}", found.calibration))
}

#[test]
fn known_difficulties_come_back_and_points_have_the_scale_of_the_pack() {
    let found = calibrate(&simulated(2_000, 20, 0.0), "test", &rules());
    let test = scaled_of(&found);
    for (task, calibrated) in test.tasks.iter().enumerate() {
        let (truth, b) = (3.0 * task as f64 / 19.0 - 1.5, calibrated.b[0]);
        assert!((b.value - truth).abs() < 4.0 * b.se.unwrap(), "task {task}: {b:?} instead of {truth}");
        assert_eq!(calibrated.a.map(|a| a.value), Some(1.0));
    }
    assert!((test.latent_variance.value - 1.0).abs() < 4.0 * test.latent_variance.se.unwrap());
    let points: Vec<f64> = found.scores.iter().flatten().map(|score| score.points).collect();
    let mean = points.iter().sum::<f64>() / points.len() as f64;
    assert!((mean - 500.0).abs() < 5.0, "{mean}");
    // Scores scatter more than abilities, by their error: the reliability says how much.
    let spread = points.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / (points.len() - 1) as f64;
    assert!((10_000.0 / spread - test.reliability).abs() < 0.05, "{spread}, {}", test.reliability);
    assert!(test.accuracy > 0.6 && test.accuracy < 1.0 && test.consistency < test.accuracy);
    // The same results give the same bytes.
    let again = calibrate(&simulated(2_000, 20, 0.0), "test", &rules());
    let text = |found: &Calibrated| serde_json::to_string(&found.calibration).unwrap();
    assert_eq!(text(&found), text(&again));
    assert_eq!(found.scores, again.scores);
}

#[test]
fn perfect_and_zero_scores_have_a_place_and_equal_points_share_it() {
    let mut gather = simulated(500, 12, 0.0);
    for score in [0, 1, 0, 1] {
        uniform(&mut gather, score, 12);
    }
    let found = calibrate(&gather, "test", &rules());
    let test = scaled_of(&found);
    let last: Vec<&PersonScale> = found.scores[500..].iter().flatten().collect();
    assert_eq!((last[0], last[1]), (last[2], last[3]));
    assert!(last[0].points >= test.line.lowest && last[1].points <= test.line.highest);
    assert!(last[0].points_se.is_finite() && last[1].points_se.is_finite());
    assert_eq!((last[0].level, last[1].level), (0, 2));
    for score in found.scores.iter().flatten() {
        assert!((score.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let shown = (score.points + 0.5).floor();
        let inside = |level: usize| test.levels[level].from.is_none_or(|from| shown >= from);
        assert!(inside(score.level) && (score.level == 2 || !inside(score.level + 1)));
        assert!(score.points >= last[0].points && score.points <= last[1].points);
    }
}

#[test]
fn borders_are_where_the_pack_says_or_where_a_panel_put_them() {
    let gather = simulated(800, 16, 0.0);
    let found = calibrate(&gather, "test", &rules());
    let test = scaled_of(&found);
    for (level, percent) in [(1, 50.0), (2, 75.0)] {
        // Whole points move the border by half a point of the scale at most.
        assert!((test.levels[level].expected_percent.unwrap() - percent).abs() < 0.3, "{:?}", test.levels[level]);
    }
    let mut own = rules();
    let cuts = vec![Cut::Points(470.0), Cut::Points(610.0)];
    own.tests.push(packs::ScaleTest { code: "panel".to_owned(), model: None, cuts });
    let found = calibrate(&gather, "panel", &own);
    let borders: Vec<Option<f64>> = scaled_of(&found).levels.iter().map(|level| level.from).collect();
    assert_eq!(borders, [None, Some(470.0), Some(610.0)]);
    own.tests[0].cuts = vec![Cut::Points(700.0), Cut::ExpectedPercent(30.0)];
    assert_eq!(calibrate(&gather, "panel", &own).calibration, Calibration::NotScaled { reason: NotScaled::Cuts });
}

#[test]
fn a_task_that_is_harder_in_one_language_is_flagged_and_no_other() {
    let found = calibrate(&simulated(4_000, 20, 1.2), "test", &rules());
    let test = scaled_of(&found);
    let groups = test.languages.as_ref().unwrap();
    assert_eq!((groups.larger.as_str(), groups.larger_n, groups.smaller_n), ("kk", 3_000, 1_000));
    let flagged: Vec<usize> = (0..20).filter(|task| test.tasks[*task].flags.contains(&TaskFlag::Language)).collect();
    assert_eq!(flagged, [3]);
    let language = test.tasks[3].language.as_ref().unwrap();
    assert_eq!(language.class.as_deref(), Some("C"));
    assert!(language.delta.unwrap() < -1.5 && language.difference.unwrap() < -0.1, "{language:?}");
}

#[test]
fn what_cannot_be_calibrated_says_why() {
    let reason = |gather: &ScaleGather, rules: &ScaleRules| match calibrate(gather, "test", rules).calibration {
        Calibration::NotScaled { reason } => reason,
        Calibration::Scaled(_) => panic!("scaled"),
    };
    let few = simulated(99, 20, 0.0);
    assert_eq!(reason(&few, &rules()), NotScaled::TooFewResults { n: 99, minimum: 100 });
    let found = calibrate(&few, "test", &rules());
    assert_eq!((found.scores.len(), found.scores.iter().flatten().count()), (99, 0));
    let mut slopes = rules();
    slopes.model = ScaleModel::TwoParameter;
    assert_eq!(reason(&simulated(300, 20, 0.0), &slopes), NotScaled::TooFewResults { n: 300, minimum: 500 });
    assert_eq!(reason(&simulated(300, 4, 0.0), &rules()), NotScaled::TooFewTasks { tasks: 4, minimum: 5 });
    // Two forms without a common task: nothing says which is harder.
    let mut apart = ScaleGather::new(vec![Points::whole(1); 12]);
    let mut random = Generator::new(3);
    for attempt in 0..400 {
        let columns: Vec<usize> = if attempt % 2 == 0 { (0..6).collect() } else { (6..12).collect() };
        let answers: Vec<ItemOutcome> = (1..=6)
            .map(|n| ItemOutcome::answered(n, None, Points::whole(u32::from(random.uniform() < 0.5)), Points::whole(1)))
            .collect();
        apart.add(person(attempt, Language::Kk), &columns, &answers);
    }
    assert_eq!(reason(&apart, &rules()), NotScaled::NotConnected);
    let mut essay = simulated(300, 8, 0.0);
    let column = essay.column(Points::whole(50));
    let mark = |points| ItemOutcome::answered(1, None, Points::whole(points), Points::whole(50));
    essay.add(person(1, Language::Kk), &[column], &[mark(31)]);
    essay.add(person(2, Language::Kk), &[column], &[mark(17)]);
    assert_eq!(reason(&essay, &rules()), NotScaled::TooManySteps { number: 9 });
}

#[test]
fn a_task_all_did_alike_is_left_out_and_named() {
    let mut gather = ScaleGather::new(vec![Points::whole(1); 9]);
    let mut random = Generator::new(11);
    let columns: Vec<usize> = (0..9).collect();
    for attempt in 0..300 {
        let theta = random.normal();
        let answers: Vec<ItemOutcome> = (1..=9)
            .map(|n| {
                let right = n == 9 || random.uniform() < psychometrics::math::logistic(theta);
                ItemOutcome::answered(n, None, Points::whole(u32::from(right)), Points::whole(1))
            })
            .collect();
        gather.add(person(attempt, Language::Kk), &columns, &answers);
    }
    let found = calibrate(&gather, "test", &rules());
    let test = scaled_of(&found);
    assert_eq!((test.tasks.len(), test.tasks[8].flags.as_slice()), (9, &[TaskFlag::Alike][..]));
    assert!(test.tasks[8].b.is_empty() && test.tasks[0].b.len() == 1);
}

#[test]
fn tasks_of_several_points_and_halves_become_steps() {
    let (mut gather, mut random) = (ScaleGather::new(vec![Points::whole(2); 6]), Generator::new(5));
    let columns: Vec<usize> = (0..6).collect();
    for attempt in 0..600 {
        let theta = random.normal();
        let step =
            |random: &mut Generator| f64::from(u8::from(random.uniform() < psychometrics::math::logistic(theta)));
        let answers: Vec<ItemOutcome> = (1..=6)
            .map(|n| {
                let halves = (0..4).map(|_| step(&mut random)).sum::<f64>();
                ItemOutcome::answered(n, None, Points::new(halves / 2.0), Points::whole(2))
            })
            .collect();
        gather.add(person(attempt, Language::Kk), &columns, &answers);
    }
    let found = calibrate(&gather, "test", &rules());
    let test = scaled_of(&found);
    assert_eq!((test.steps, test.tasks[0].b.len(), test.tasks[0].scores.as_slice()), (2, 4, &[0, 1, 2, 3, 4][..]));
}

#[test]
fn a_task_not_reached_weighs_on_the_pupil_but_not_on_the_task() {
    let whole = simulated(600, 10, 0.0);
    let mut stopped = whole.clone();
    let columns: Vec<usize> = (0..10).collect();
    for attempt in 0..200 {
        let answer = |n: u32| match n {
            10 => ItemOutcome::unanswered(n, ItemStatus::NotReached),
            _ => ItemOutcome::answered(
                n,
                None,
                Points::whole(u32::from((attempt + n).is_multiple_of(2))),
                Points::whole(1),
            ),
        };
        let answers: Vec<ItemOutcome> = (1..=10).map(answer).collect();
        stopped.add(person(5_000 + i64::from(attempt), Language::Kk), &columns, &answers);
    }
    let lenient = calibrate(&stopped, "test", &rules());
    let mut strict_rules = rules();
    strict_rules.missing.calibration.not_reached = Counts::Zero;
    let strict = calibrate(&stopped, "test", &strict_rules);
    let last = |found: &Calibrated| scaled_of(found).tasks[9].b[0].value;
    // Counted as wrong, the last task would seem much harder.
    assert!(last(&strict) > last(&lenient) + 0.3, "{} {}", last(&strict), last(&lenient));
    let mut kind = rules();
    kind.missing.score.not_reached = Counts::Nothing;
    let (zero, nothing) = (lenient.scores[700].clone(), calibrate(&stopped, "test", &kind).scores[700].clone());
    assert!(zero.unwrap().points < nothing.unwrap().points);
}

#[test]
fn slopes_of_their_own_and_posterior_means() {
    let mut own = rules();
    (own.model, own.method) = (ScaleModel::TwoParameter, ScaleMethod::Eap);
    let found = calibrate(&simulated(1_500, 15, 0.0), "test", &own);
    let test = scaled_of(&found);
    assert!(test.tasks.iter().all(|task| task.a.is_some_and(|a| a.se.is_some() && (a.value - 1.0).abs() < 0.4)));
    assert!((test.latent_variance.value - 1.0).abs() < 1e-12);
    let points: Vec<f64> = found.scores.iter().flatten().map(|score| score.points).collect();
    let mean = points.iter().sum::<f64>() / points.len() as f64;
    let spread = points.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / (points.len() - 1) as f64;
    // Posterior means scatter less than abilities.
    assert!(spread < 10_000.0 * 0.9 && spread > 10_000.0 * 0.5, "{spread}");
    // A stored task scores as it was calibrated.
    let item = test.tasks[4].item("5").unwrap();
    let b = test.tasks[4].b[0].value;
    assert!((item.expected_points(b) - 0.5).abs() < 1e-9);
}
