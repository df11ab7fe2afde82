//! The calibration of a test and the scores of those who took it.

use kernel::Localized;
use packs::{Counts, Cut, Missing, ScaleMethod, ScaleModel, ScaleRules, Text};
use psychometrics::levels::CutScores;
use psychometrics::scores::marginal_reliability;
use psychometrics::{
    CalibratedItem, Fit, FitSettings, FitWarning, ItemParameters, Method, MissingCounts, MissingTreatment, Model,
    Responses, Score, ScoreSettings, fit, score,
};

use super::TaskCalibration;
use super::fit::{fill_fit, fill_flags, fill_languages, language_groups};
use super::{Calibration, NotScaled, Parameter, PersonScale, ScaleGather, ScaleLevel, ScaleLine, ScaledTest};

/// A calibration with the scores of its pupils, in the order in which they were gathered.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibrated {
    /// What it came to.
    pub calibration: Calibration,
    /// One for each pupil; none without a scale.
    pub scores: Vec<Option<PersonScale>>,
}

/// More different scores than this are not steps of a task but marks of an essay.
const STEPS_AT_MOST: u32 = 20;

/// Abilities are looked for between these ends.
const ENDS: f64 = 12.0;

/// Calibrates a test and scores its pupils. Deterministic: the same results give the same bytes.
///
/// ```
/// use kernel::Language;
/// use monitoring::model::{Calibration, NotScaled, Points, ScaleGather, calibrate};
/// let rules = packs::ScaleRules::embedded()?;
/// let nobody = ScaleGather::new(vec![Points::whole(1); 20]);
/// let reason = NotScaled::TooFewResults { n: 0, minimum: 100 };
/// assert_eq!(calibrate(&nobody, "g4-mathematics", &rules).calibration, Calibration::NotScaled { reason });
/// # Ok::<(), packs::PackError>(())
/// ```
pub fn calibrate(gather: &ScaleGather, test: &str, rules: &ScaleRules) -> Calibrated {
    scaled(gather, test, rules).unwrap_or_else(|reason| Calibrated {
        calibration: Calibration::NotScaled { reason },
        scores: vec![None; gather.persons().len()],
    })
}

impl From<psychometrics::Error> for NotScaled {
    fn from(error: psychometrics::Error) -> Self {
        Self::Refused { said: error.to_string() }
    }
}

fn scaled(gather: &ScaleGather, test: &str, rules: &ScaleRules) -> Result<Calibrated, NotScaled> {
    let (model, n) = (rules.model_of(test), u32::try_from(gather.persons().len()).unwrap_or(u32::MAX));
    let minimum = match model {
        ScaleModel::Rasch => rules.minimum.rasch,
        ScaleModel::TwoParameter => rules.minimum.two_parameter,
    };
    if n < minimum {
        return Err(NotScaled::TooFewResults { n, minimum });
    }
    let (steps, kept) = (gather.steps(), gather.varies());
    let tasks = kept.iter().filter(|keep| **keep).count() as u32;
    if tasks < rules.minimum.tasks {
        return Err(NotScaled::TooFewTasks { tasks, minimum: rules.minimum.tasks });
    }
    let responses = gather.responses(&kept, steps)?;
    if let Some(item) = responses.items().iter().find(|item| u32::from(item.max) > STEPS_AT_MOST) {
        return Err(NotScaled::TooManySteps { number: item.name.parse().unwrap_or(0) });
    }
    let treatment = treatment(rules.missing.calibration);
    let fitted = fitted(&responses, model, treatment)?;
    let items = fitted.calibrated(&responses);
    let latent = &fitted.latent[0];
    let (mean, sd) = (latent.mean.value, latent.variance.value.sqrt());
    let settings = ScoreSettings {
        mean,
        sd,
        limit: ENDS,
        treatment: self::treatment(rules.missing.score),
        ..ScoreSettings::default()
    };
    let method = match rules.method {
        ScaleMethod::Wle => Method::Wle,
        ScaleMethod::Eap => Method::Eap,
    };
    let scores = score(&responses, &items, method, &settings)?;
    let line = ScaleLine {
        name: localized(&rules.name),
        slope: rules.sd / sd,
        intercept: rules.mean - rules.sd / sd * mean,
        lowest: rules.lowest,
        highest: rules.highest,
    };
    let (levels, cuts) = levels(&items, &line, test, rules)?;
    let known: Vec<Score> = scores.iter().flatten().copied().collect();
    let decisions = cuts.classification(&known).ok_or(NotScaled::TooFewResults { n: 0, minimum })?;
    let mut of_kept: Vec<TaskCalibration> = (0..items.len()).map(|at| task(&fitted, at, &line)).collect();
    let thetas: Vec<Option<f64>> = scores.iter().map(|score| score.map(|score| score.theta)).collect();
    fill_fit(&mut of_kept, &fitted, &responses, treatment, &thetas);
    let languages = language_groups(gather.persons(), rules.minimum.language);
    if let Some(groups) = &languages {
        fill_languages(&mut of_kept, responses, gather.persons(), groups)?;
    }
    let mut of_kept = of_kept.into_iter();
    let next = |keep: &bool| keep.then(|| of_kept.next()).flatten().unwrap_or_else(TaskCalibration::left_out);
    let mut tasks: Vec<TaskCalibration> = kept.iter().map(next).collect();
    fill_flags(&mut tasks, &fitted, model, rules);
    let scaled = ScaledTest {
        model,
        method: rules.method,
        missing: rules.missing,
        n,
        steps,
        tasks,
        latent_mean: mean,
        latent_variance: Parameter { value: latent.variance.value, se: latent.variance.se },
        log_likelihood: fitted.log_likelihood,
        parameters: u32::try_from(fitted.parameters).unwrap_or(u32::MAX),
        reliability: marginal_reliability(&items, mean, sd),
        accuracy: decisions.accuracy,
        consistency: decisions.consistency,
        line,
        levels,
        languages,
    };
    let scores = scores.into_iter().map(|score| score.map(|score| scaled.place(score))).collect();
    Ok(Calibrated { calibration: Calibration::Scaled(Box::new(scaled)), scores })
}

fn localized(text: &Text) -> Localized {
    Localized::new(&text.kk, &text.ru, &text.en)
}

fn treatment(missing: Missing) -> MissingTreatment {
    let counts = |counts| match counts {
        Counts::Zero => MissingCounts::Zero,
        Counts::Nothing => MissingCounts::Nothing,
    };
    MissingTreatment { skipped: counts(missing.skipped), not_reached: counts(missing.not_reached) }
}

fn fitted(responses: &Responses, model: ScaleModel, treatment: MissingTreatment) -> Result<Fit, NotScaled> {
    let of_item = |max: u8| match (model, max) {
        (ScaleModel::Rasch, 1) => Model::Rasch,
        (ScaleModel::Rasch, _) => Model::PartialCredit,
        (ScaleModel::TwoParameter, 1) => Model::TwoPl,
        (ScaleModel::TwoParameter, _) => Model::GeneralisedPartialCredit,
    };
    let models: Vec<Model> = responses.items().iter().map(|item| of_item(item.max)).collect();
    let settings = FitSettings { treatment, standard_errors: true, ..FitSettings::default() };
    let fitted = fit(responses, &models, &settings)?;
    if !fitted.converged {
        return Err(NotScaled::NotConverged);
    }
    if fitted.warnings.iter().any(|warning| matches!(warning, FitWarning::Disconnected(_))) {
        return Err(NotScaled::NotConnected);
    }
    Ok(fitted)
}

fn task(fitted: &Fit, at: usize, line: &ScaleLine) -> TaskCalibration {
    let mut form = fitted.irt_form(at).into_iter().map(|found| Parameter { value: found.value, se: found.se });
    let a = form.next();
    let b: Vec<Parameter> = form.collect();
    let middle = (!b.is_empty()).then(|| b.iter().map(|step| step.value).sum::<f64>() / b.len() as f64);
    let intercepts = match &fitted.items[at] {
        ItemParameters::PartialCredit { intercepts, .. } => intercepts.clone(),
        ItemParameters::Logistic { intercept, .. } => vec![*intercept],
        ItemParameters::Graded { .. } | ItemParameters::Nominal { .. } => Vec::new(),
    };
    TaskCalibration {
        a,
        points: middle.map(|middle| line.slope * middle + line.intercept),
        b,
        intercepts,
        scores: fitted.scores[at].clone(),
        flags: Vec::new(),
        ..TaskCalibration::left_out()
    }
}

/// The levels with their borders in whole points, and the same borders on theta.
fn levels(
    items: &[CalibratedItem],
    line: &ScaleLine,
    test: &str,
    rules: &ScaleRules,
) -> Result<(Vec<ScaleLevel>, CutScores), NotScaled> {
    let possible: f64 = items.iter().map(|item| item.scores.last().copied().map_or(0.0, f64::from)).sum();
    let percent = |theta: f64| 100.0 * items.iter().map(|item| item.expected_points(theta)).sum::<f64>() / possible;
    let mut cuts = Vec::new();
    let mut borders = vec![(None, None)];
    for cut in rules.cuts_of(test) {
        let points = match cut {
            Cut::Points(points) => points,
            Cut::ExpectedPercent(wanted) => line.slope * ability_at(wanted, percent)? + line.intercept,
        };
        let from = (points + 0.5).floor();
        if !(from > line.lowest && from <= line.highest) {
            return Err(NotScaled::Cuts);
        }
        let theta = (from - 0.5 - line.intercept) / line.slope;
        cuts.push(theta);
        borders.push((Some(from), Some(percent(theta))));
    }
    let level = |(level, (from, expected_percent)): (&packs::Level, (Option<f64>, Option<f64>))| ScaleLevel {
        code: level.code.clone(),
        name: localized(&level.name),
        meaning: localized(&level.meaning),
        from,
        expected_percent,
    };
    let cuts = CutScores::new(cuts).map_err(|_error| NotScaled::Cuts)?;
    Ok((rules.levels.iter().zip(borders).map(level).collect(), cuts))
}

/// The ability at which this percentage is expected, by halving; the expected percentage rises with ability.
fn ability_at(wanted: f64, percent: impl Fn(f64) -> f64) -> Result<f64, NotScaled> {
    let (mut low, mut high) = (-ENDS, ENDS);
    if !(percent(low) < wanted && percent(high) > wanted) {
        return Err(NotScaled::Cuts);
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if percent(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(f64::midpoint(low, high))
}

#[cfg(test)]
mod tests;
