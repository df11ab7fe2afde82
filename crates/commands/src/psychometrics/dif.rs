//! `zerek psychometrics dif`.

use std::path::PathBuf;

use psychometrics::dif::{
    Comparison, IrtDifSettings, IrtDifTest, benjamini_hochberg, holm, irt_dif, irt_dif_groups, logistic_dif,
    mantel_haenszel, sibtest,
};
use psychometrics::{Error, MissingTreatment, Model, Responses};
use serde_json::{Value, json};

use super::input::{self, DataArguments};
use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};

/// Differential item functioning between groups: two, or all of the column. With more than two and no --focal, lr and wald test
/// all groups at once, the other methods every group against the reference.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// mh, logistic, sibtest, lr or wald
    #[arg(long, default_value = "mh")]
    method: String,
    /// Label of the reference group (otherwise the first in sorted order)
    #[arg(long)]
    reference: Option<String>,
    /// Label of the focal group (otherwise every other group)
    #[arg(long)]
    focal: Option<String>,
    /// Leave flagged items out of the matching score or the anchor, and repeat
    #[arg(long)]
    purify: bool,
    /// Model of lr and wald: rasch, 2pl, gpcm, grm or nominal
    #[arg(long, default_value = "2pl")]
    model: String,
    /// Folder for dif.csv, summary.json, warnings.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, BadInput> {
    if arguments.data.group.is_none() {
        return Err(BadInput("name the column of groups with --group".to_owned()));
    }
    let by_model = match arguments.method.as_str() {
        "lr" | "wald" => true,
        "mh" | "logistic" | "sibtest" => false,
        other => return Err(BadInput(format!("--method {other}: use mh, logistic, sibtest, lr or wald"))),
    };
    if arguments.purify && matches!(arguments.method.as_str(), "logistic" | "sibtest") {
        return Err(BadInput(format!("--purify is for mh, lr and wald, not for {}", arguments.method)));
    }
    let data = input::read(&arguments.data)?;
    let responses = &data.responses;
    let labels = responses.groups().map(|g| g.labels.clone()).unwrap_or_default();
    let several = labels.len() > 2 && arguments.focal.is_none();
    let progress = super::progress("comparing groups");
    let found = match (by_model, several) {
        (true, true) => models_of_groups(arguments, responses),
        (true, false) => comparison(arguments, responses).and_then(|pair| models_of_two(arguments, responses, pair)),
        (false, _) => observed(arguments, responses, &labels, several),
    };
    let Found { table, mut summary } = found.map_err(BadInput::from)?;
    progress.finish_and_clear();
    table.write(&arguments.out.join("dif.csv"))?;
    summary["method"] = json!(arguments.method);
    summary["persons"] = json!(responses.persons());
    output::json(&arguments.out.join("summary.json"), &summary)?;
    output::json(&arguments.out.join("warnings.json"), &json!(data.warnings))?;
    Ok(Outcome::Done)
}

/// What a method found, and what it says about the groups.
struct Found {
    table: Rows,
    summary: Value,
}

fn comparison(arguments: &Arguments, responses: &Responses) -> Result<Comparison, Error> {
    Comparison::new(responses, arguments.reference.as_deref(), arguments.focal.as_deref())
}

/// The test of one item: its p-value gets company of adjusted ones between the cells before and after.
struct Test {
    item: String,
    focal: Option<String>,
    before: Vec<String>,
    p: Option<f64>,
    after: Vec<String>,
}

/// Lays tests out with p-values adjusted over all of them; `before` ends with p.
fn table(before: &[&str], after: &[String], tests: Vec<Test>) -> Rows {
    let several = tests.iter().any(|test| test.focal.is_some());
    let mut header = vec!["item".to_owned()];
    header.extend(several.then(|| "focal".to_owned()));
    header.extend(before.iter().chain(&["p", "p_bh", "p_holm"]).map(|name| (*name).to_owned()));
    header.extend_from_slice(after);
    let mut rows = Rows::new(&header);
    let known: Vec<f64> = tests.iter().filter_map(|test| test.p).collect();
    let mut adjusted = benjamini_hochberg(&known).into_iter().zip(holm(&known));
    for test in tests {
        let (bh, holm) = test.p.and_then(|_| adjusted.next()).unzip();
        let mut cells = vec![test.item];
        cells.extend(test.focal);
        cells.extend(test.before);
        cells.extend([test.p, bh, holm].map(number));
        cells.extend(test.after);
        rows.push(cells);
    }
    rows
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Methods that match on total scores, for one focal group or each in turn.
fn observed(arguments: &Arguments, responses: &Responses, labels: &[String], several: bool) -> Result<Found, Error> {
    let pairs: Vec<Comparison> = if several {
        let first = arguments.reference.as_deref().unwrap_or(labels[0].as_str());
        let others = labels.iter().filter(|label| *label != first);
        others.map(|focal| Comparison::new(responses, Some(first), Some(focal))).collect::<Result<_, _>>()?
    } else {
        vec![comparison(arguments, responses)?]
    };
    let mut tests = Vec::new();
    for pair in &pairs {
        let of_pair = match arguments.method.as_str() {
            "mh" => mh_tests(responses, *pair, arguments.purify)?,
            "logistic" => logistic_tests(responses, *pair)?,
            _ => sibtest_tests(responses, *pair)?,
        };
        let focal = several.then(|| labels[pair.focal].clone());
        tests.extend(of_pair.into_iter().map(|test| Test { focal: focal.clone(), ..test }));
    }
    let (before, after): (&[&str], &[&str]) = match arguments.method.as_str() {
        "mh" => (&["odds_ratio", "se_log", "delta", "se_delta", "chi_square"], &["class", "std_p_dif", "left_out"]),
        "logistic" => (
            &["chi2_uniform", "p_uniform", "chi2_nonuniform", "p_nonuniform"],
            &["group_coefficient", "r2_base", "r2_uniform", "r2_nonuniform", "class"],
        ),
        _ => (&["beta", "se"], &["class"]),
    };
    let focal: Vec<&String> = pairs.iter().map(|pair| &labels[pair.focal]).collect();
    let mut summary = json!({"reference": labels[pairs[0].reference]});
    summary["focal"] = if several { json!(focal) } else { json!(focal[0]) };
    if arguments.method == "mh" {
        summary["purified"] = json!(arguments.purify);
    }
    Ok(Found { table: table(before, &owned(after), tests), summary })
}

fn mh_tests(responses: &Responses, pair: Comparison, purify: bool) -> Result<Vec<Test>, Error> {
    let results = mantel_haenszel(responses, pair, MissingTreatment::default(), purify)?;
    let one = |r: &psychometrics::dif::MantelHaenszel| Test {
        item: r.item.clone(),
        focal: None,
        before: [r.odds_ratio, r.se_log, r.delta, r.se_delta, r.chi_square].map(number).to_vec(),
        p: r.p,
        after: vec![
            r.class.map_or_else(String::new, |class| class.letter().to_owned()),
            number(r.standardised_difference),
            r.left_out.to_string(),
        ],
    };
    Ok(results.iter().map(one).collect())
}

fn logistic_tests(responses: &Responses, pair: Comparison) -> Result<Vec<Test>, Error> {
    let results = logistic_dif(responses, pair, MissingTreatment::default())?;
    let one = |(r, item): (&Option<psychometrics::dif::LogisticDif>, &psychometrics::ItemColumn)| {
        let get = |value: fn(&psychometrics::dif::LogisticDif) -> f64| number(r.as_ref().map(value));
        Test {
            item: item.name.clone(),
            focal: None,
            before: vec![get(|r| r.uniform), get(|r| r.p[0]), get(|r| r.non_uniform), get(|r| r.p[1])],
            p: r.as_ref().map(|r| r.p[2]),
            after: vec![
                get(|r| r.group_coefficient),
                get(|r| r.r_squared[0]),
                get(|r| r.r_squared[1]),
                get(|r| r.r_squared[2]),
                r.as_ref().map_or("", |r| r.class).to_owned(),
            ],
        }
    };
    Ok(results.iter().zip(responses.items()).map(one).collect())
}

fn sibtest_tests(responses: &Responses, pair: Comparison) -> Result<Vec<Test>, Error> {
    let results = sibtest(responses, pair, MissingTreatment::default())?;
    let one = |(r, item): (&Option<psychometrics::dif::Sibtest>, &psychometrics::ItemColumn)| Test {
        item: item.name.clone(),
        focal: None,
        before: vec![number(r.as_ref().map(|r| r.beta)), number(r.as_ref().map(|r| r.se))],
        p: r.as_ref().map(|r| r.p),
        after: vec![r.as_ref().map_or("", |r| r.class).to_owned()],
    };
    Ok(results.iter().zip(responses.items()).map(one).collect())
}

/// Models and settings of the tests by item response models.
fn by_model(arguments: &Arguments, responses: &Responses) -> Result<(Vec<Model>, IrtDifSettings), Error> {
    let model = Model::from_name(&arguments.model)
        .ok_or_else(|| Error::Model { what: format!("--model {}: not known", arguments.model) })?;
    let test = if arguments.method == "wald" { IrtDifTest::Wald } else { IrtDifTest::LikelihoodRatio };
    let purify = if arguments.purify { 0.05 } else { 0.0 };
    let settings = IrtDifSettings { test, purify, ..IrtDifSettings::default() };
    Ok((vec![model; responses.items().len()], settings))
}

fn models_of_two(arguments: &Arguments, responses: &Responses, pair: Comparison) -> Result<Found, Error> {
    let (models, settings) = by_model(arguments, responses)?;
    let result = irt_dif(responses, &models, pair, &settings)?;
    let one = |r: &psychometrics::dif::IrtDif| Test {
        item: r.item.clone(),
        focal: None,
        before: vec![number(Some(r.chi_square)), r.df.to_string()],
        p: Some(r.p),
        after: vec![number(Some(r.signed)), number(Some(r.unsigned)), r.left_out.to_string()],
    };
    let after = owned(&["signed_difference", "unsigned_difference", "left_out"]);
    let labels = responses.groups().map(|g| g.labels.clone()).unwrap_or_default();
    let summary = json!({
        "reference": labels[pair.reference],
        "focal": labels[pair.focal],
        "log_likelihood": result.log_likelihood,
        "focal_mean": result.focal.0,
        "focal_variance": result.focal.1,
    });
    Ok(Found { table: table(&["chi_square", "df"], &after, result.items.iter().map(one).collect()), summary })
}

/// All groups at once: any difference from the reference.
fn models_of_groups(arguments: &Arguments, responses: &Responses) -> Result<Found, Error> {
    let (models, settings) = by_model(arguments, responses)?;
    let result = irt_dif_groups(responses, &models, arguments.reference.as_deref(), &settings)?;
    let one = |r: &psychometrics::dif::GroupsDif| Test {
        item: r.item.clone(),
        focal: None,
        before: vec![number(Some(r.chi_square)), r.df.to_string()],
        p: Some(r.p),
        after: r.unsigned[1..].iter().map(|u| number(Some(*u))).chain([r.left_out.to_string()]).collect(),
    };
    let others = &result.groups[1..];
    let mut after: Vec<String> = others.iter().map(|(label, ..)| format!("unsigned_difference_{label}")).collect();
    after.push("left_out".to_owned());
    let groups: Vec<Value> = (result.groups.iter())
        .map(|(label, mean, variance)| json!({"group": label, "mean": mean, "variance": variance}))
        .collect();
    let summary = json!({
        "reference": result.groups[0].0,
        "focal": others.iter().map(|(label, ..)| label).collect::<Vec<_>>(),
        "log_likelihood": result.log_likelihood,
        "groups": groups,
    });
    Ok(Found { table: table(&["chi_square", "df"], &after, result.items.iter().map(one).collect()), summary })
}
