//! `zerek psychometrics dif`.

use std::path::PathBuf;

use psychometrics::dif::{
    Comparison, IrtDifSettings, IrtDifTest, benjamini_hochberg, holm, irt_dif, logistic_dif, mantel_haenszel, sibtest,
};
use psychometrics::{MissingTreatment, Model, Responses};
use serde_json::json;

use super::input::{self, DataArguments};
use super::output::{self, Rows, number};
use crate::{BadInput, Outcome};

/// Differential item functioning between two groups.
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
    /// Label of the focal group
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
    let data = input::read(&arguments.data)?;
    let refused = |error: psychometrics::Error| BadInput(error.to_string());
    let comparison = Comparison::new(&data.responses, arguments.reference.as_deref(), arguments.focal.as_deref())
        .map_err(refused)?;
    let progress = super::progress("comparing groups");
    let (rows, mut summary) = match arguments.method.as_str() {
        "mh" => observed_mh(&data.responses, comparison, arguments.purify),
        "logistic" => observed_logistic(&data.responses, comparison),
        "sibtest" => observed_sibtest(&data.responses, comparison),
        "lr" | "wald" => by_model(arguments, &data.responses, comparison),
        other => return Err(BadInput(format!("--method {other}: use mh, logistic, sibtest, lr or wald"))),
    }
    .map_err(refused)?;
    progress.finish_and_clear();
    rows.write(&arguments.out.join("dif.csv"))?;
    let labels = data.responses.groups().map(|g| g.labels.clone()).unwrap_or_default();
    summary["method"] = json!(arguments.method);
    summary["reference"] = json!(labels[comparison.reference]);
    summary["focal"] = json!(labels[comparison.focal]);
    summary["persons"] = json!(data.responses.persons());
    output::json(&arguments.out.join("summary.json"), &summary)?;
    output::json(&arguments.out.join("warnings.json"), &json!(data.warnings))?;
    Ok(Outcome::Done)
}

type Written = Result<(Rows, serde_json::Value), psychometrics::Error>;

/// Adjusted p-values where p exists.
fn adjusted(p: &[Option<f64>]) -> Vec<[Option<f64>; 2]> {
    let known: Vec<f64> = p.iter().flatten().copied().collect();
    let mut pairs = benjamini_hochberg(&known).into_iter().zip(holm(&known));
    p.iter().map(|p| p.and_then(|_| pairs.next()).map_or([None; 2], |(bh, holm)| [Some(bh), Some(holm)])).collect()
}

fn observed_mh(responses: &Responses, comparison: Comparison, purify: bool) -> Written {
    let results = mantel_haenszel(responses, comparison, MissingTreatment::default(), purify)?;
    let p: Vec<Option<f64>> = results.iter().map(|r| r.p).collect();
    let header = [
        "item",
        "odds_ratio",
        "se_log",
        "delta",
        "se_delta",
        "chi_square",
        "p",
        "p_bh",
        "p_holm",
        "class",
        "std_p_dif",
        "left_out",
    ];
    let mut rows = Rows::new(&header);
    for (r, [bh, holm]) in results.iter().zip(adjusted(&p)) {
        rows.push([
            r.item.clone(),
            number(r.odds_ratio),
            number(r.se_log),
            number(r.delta),
            number(r.se_delta),
            number(r.chi_square),
            number(r.p),
            number(bh),
            number(holm),
            r.class.map_or_else(String::new, |class| class.letter().to_owned()),
            number(r.standardised_difference),
            r.left_out.to_string(),
        ]);
    }
    Ok((rows, json!({"purified": purify})))
}

fn observed_logistic(responses: &Responses, comparison: Comparison) -> Written {
    let results = logistic_dif(responses, comparison, MissingTreatment::default())?;
    let p: Vec<Option<f64>> = results.iter().map(|r| r.as_ref().map(|r| r.p[2])).collect();
    let header = [
        "item",
        "chi2_uniform",
        "p_uniform",
        "chi2_nonuniform",
        "p_nonuniform",
        "p",
        "p_bh",
        "p_holm",
        "group_coefficient",
        "r2_base",
        "r2_uniform",
        "r2_nonuniform",
        "class",
    ];
    let mut rows = Rows::new(&header);
    for ((r, item), [bh, holm]) in results.iter().zip(responses.items()).zip(adjusted(&p)) {
        let get = |value: fn(&psychometrics::dif::LogisticDif) -> f64| number(r.as_ref().map(value));
        rows.push([
            item.name.clone(),
            get(|r| r.uniform),
            get(|r| r.p[0]),
            get(|r| r.non_uniform),
            get(|r| r.p[1]),
            get(|r| r.p[2]),
            number(bh),
            number(holm),
            get(|r| r.group_coefficient),
            get(|r| r.r_squared[0]),
            get(|r| r.r_squared[1]),
            get(|r| r.r_squared[2]),
            r.as_ref().map_or("", |r| r.class).to_owned(),
        ]);
    }
    Ok((rows, json!({})))
}

fn observed_sibtest(responses: &Responses, comparison: Comparison) -> Written {
    let results = sibtest(responses, comparison, MissingTreatment::default())?;
    let p: Vec<Option<f64>> = results.iter().map(|r| r.as_ref().map(|r| r.p)).collect();
    let mut rows = Rows::new(&["item", "beta", "se", "p", "p_bh", "p_holm", "class"]);
    for ((r, item), [bh, holm]) in results.iter().zip(responses.items()).zip(adjusted(&p)) {
        rows.push([
            item.name.clone(),
            number(r.as_ref().map(|r| r.beta)),
            number(r.as_ref().map(|r| r.se)),
            number(r.as_ref().map(|r| r.p)),
            number(bh),
            number(holm),
            r.as_ref().map_or("", |r| r.class).to_owned(),
        ]);
    }
    Ok((rows, json!({})))
}

fn by_model(arguments: &Arguments, responses: &Responses, comparison: Comparison) -> Written {
    let model = Model::from_name(&arguments.model)
        .ok_or_else(|| psychometrics::Error::Model { what: format!("--model {}: not known", arguments.model) })?;
    let test = if arguments.method == "wald" { IrtDifTest::Wald } else { IrtDifTest::LikelihoodRatio };
    let settings =
        IrtDifSettings { test, purify: if arguments.purify { 0.05 } else { 0.0 }, ..IrtDifSettings::default() };
    let result = irt_dif(responses, &vec![model; responses.items().len()], comparison, &settings)?;
    let p: Vec<Option<f64>> = result.items.iter().map(|r| Some(r.p)).collect();
    let mut rows = Rows::new(&[
        "item",
        "chi_square",
        "df",
        "p",
        "p_bh",
        "p_holm",
        "signed_difference",
        "unsigned_difference",
        "left_out",
    ]);
    for (r, [bh, holm]) in result.items.iter().zip(adjusted(&p)) {
        rows.push([
            r.item.clone(),
            number(Some(r.chi_square)),
            r.df.to_string(),
            number(Some(r.p)),
            number(bh),
            number(holm),
            number(Some(r.signed)),
            number(Some(r.unsigned)),
            r.left_out.to_string(),
        ]);
    }
    let summary = json!({"log_likelihood": result.log_likelihood, "focal_mean": result.focal.0, "focal_variance": result.focal.1});
    Ok((rows, summary))
}
