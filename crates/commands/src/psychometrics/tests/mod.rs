//! The commands on small files.

mod contract;
mod estimation;
mod files;
mod scales;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use crate::{BadInput, Outcome};

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    arguments: super::Arguments,
}

fn run(line: &[&str]) -> Result<Outcome, BadInput> {
    let line = Line::try_parse_from(std::iter::once("psychometrics").chain(line.iter().copied())).unwrap();
    super::run(line.arguments)
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("zerek-psychometrics-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Four items of a simulated test.
fn items(folder: &Path) -> PathBuf {
    let path = folder.join("true.csv");
    fs::write(&path, "item,model,a,b\nq1,2pl,1,-1\nq2,2pl,1.5,0\nq3,2pl,0.8,0.5\nq4,2pl,1.2,1\n").unwrap();
    path
}

#[test]
fn simulate_fit_score_and_link_work_together() {
    let folder = folder("chain");
    let (truth, data, out, scores) =
        (items(&folder), folder.join("data.csv"), folder.join("fit"), folder.join("scores.csv"));
    assert_eq!(
        run(&["simulate", "--items", text(&truth), "--persons", "800", "--out", text(&data)]).unwrap(),
        Outcome::Done
    );
    let fitted = run(&["fit", "--model", "2pl", "--se", "--fit-statistics", "--out", text(&out), text(&data)]);
    assert_eq!(fitted.unwrap(), Outcome::Done);
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).unwrap()).unwrap();
    assert_eq!((summary["persons"].as_u64(), summary["converged"].as_bool()), (Some(800), Some(true)));
    for file in ["items.csv", "fit.csv", "warnings.json"] {
        assert!(out.join(file).exists(), "{file}");
    }
    let estimated = out.join("items.csv");
    run(&["score", "--items", text(&estimated), "--method", "wle", "--out", text(&scores), text(&data)]).unwrap();
    let lines = fs::read_to_string(&scores).unwrap();
    assert_eq!((lines.lines().count(), lines.lines().next()), (801, Some("person,theta,se")));
    let linked = folder.join("linked");
    run(&["link", "--method", "ms", "--out", text(&linked), text(&truth), text(&estimated)]).unwrap();
    let link: serde_json::Value = serde_json::from_str(&fs::read_to_string(linked.join("link.json")).unwrap()).unwrap();
    assert!((link["A"].as_f64().unwrap() - 1.0).abs() < 0.3);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_calibration_that_may_not_finish_is_marked() {
    let folder = folder("marked");
    let (truth, data, out) = (items(&folder), folder.join("data.csv"), folder.join("fit"));
    run(&["simulate", "--items", text(&truth), "--persons", "300", "--out", text(&data)]).unwrap();
    assert_eq!(run(&["fit", "--iterations", "2", "--out", text(&out), text(&data)]).unwrap(), Outcome::Warnings);
    assert!(fs::read_to_string(out.join("warnings.json")).unwrap().contains("did not converge"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn keys_and_codes_of_missing_responses() {
    let folder = folder("keys");
    let (data, key, out) = (folder.join("data.csv"), folder.join("key.csv"), folder.join("ctt"));
    fs::write(&data, "name,q1,q2,note\nx,A,B,1\ny,B,B,2\nz,A,9,3\nw,,C,4\n").unwrap();
    fs::write(&key, "item,key\nq1,A\nq2,B|C\n").unwrap();
    run(&["ctt", "--id", "name", "--key", text(&key), "--skipped", "9", "--out", text(&out), text(&data)]).unwrap();
    let items = fs::read_to_string(out.join("items.csv")).unwrap();
    let cells = |row: usize| items.lines().nth(row).unwrap().split(',').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(cells(1)[1..3], ["3", "0.6666666666666666"]);
    assert_eq!(cells(2)[1..3], ["4", "0.75"]);
    assert!(fs::read_to_string(out.join("warnings.json")).unwrap().contains("without a key were left out: note"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn bad_input_is_named() {
    let folder = folder("bad");
    let (data, out) = (folder.join("data.csv"), folder.join("out"));
    let refused = |content: &str, line: &[&str]| {
        fs::write(&data, content).unwrap();
        let all: Vec<&str> = line.iter().copied().chain(["--out", text(&out), text(&data)]).collect();
        run(&all).unwrap_err().0
    };
    assert!(refused("a,b\n1,NaN\n0,1\n", &["ctt"]).contains("row 2, column b: NaN"));
    assert!(refused("a,a\n1,1\n", &["ctt"]).contains("column a occurs twice"));
    assert!(refused("a,b\n1,1\n1,0\n", &["fit"]).contains("item a: all responses have the same score"));
    assert!(refused("a,w\n1,-2\n0,1\n", &["ctt", "--weight", "w"]).contains("weight -2"));
    assert!(refused("a,b\n", &["ctt"]).contains("no rows"));
    assert!(refused("a,b,g\n1,0,x\n0,1,y\n", &["dif", "--group", "sex"]).contains("no column sex"));
    assert!(!out.exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn subtests_cuts_and_curves_of_the_classical_analysis() {
    let folder = folder("classical");
    let (data, parts, out) = (folder.join("data.csv"), folder.join("parts.csv"), folder.join("ctt"));
    // Eight items in steps of difficulty; persons differ in how far they get, one answer in nine is turned round.
    let mut content = String::from("i1,i2,i3,i4,i5,i6,i7,i8\n");
    for person in 0..400_usize {
        let reached = (person * 37 % 101) * 9 / 101;
        let row: Vec<String> = (0..8)
            .map(|item| u8::from((item < reached) != (person * 13 + item * 29).is_multiple_of(9)).to_string())
            .collect();
        content.push_str(&(row.join(",") + "\n"));
    }
    fs::write(&data, content).unwrap();
    fs::write(&parts, "item,subtest\ni1,easy\ni2,easy\ni3,middle\ni4,middle\ni5,middle\ni6,hard\ni7,hard\ni8,hard\n")
        .unwrap();
    let line =
        ["ctt", "--subtests", text(&parts), "--cuts", "3,6", "--score-groups", "4", "--out", text(&out), text(&data)];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("summary.json")).unwrap()).unwrap();
    let get = |name: &str| summary[name].as_f64().unwrap();
    assert!(get("alpha_low") < get("alpha") && get("alpha") < get("alpha_high"));
    assert!(get("glb") >= get("lambda2") && get("omega") > 0.5 && get("omega_hierarchical") <= get("omega_subtests"));
    let decisions = &summary["decisions"];
    assert!(decisions["accuracy"].as_f64().unwrap() > decisions["consistency"].as_f64().unwrap());
    assert_eq!(decisions["true_by_observed"].as_array().unwrap().len(), 3);
    let lines = |file: &str| fs::read_to_string(out.join(file)).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    // Eight items, two scores each, four groups.
    assert_eq!(lines("curves.csv").len(), 1 + 8 * 2 * 4);
    assert_eq!(lines("score_errors.csv").len(), 1 + 9);
    assert_eq!(lines("subtests.csv")[0], "subtest,items,max,mean,sd,alpha,sem");
    assert_eq!(lines("subtest_correlations.csv").len(), 1 + 3);
    let again = folder.join("again");
    let wrong = run(&["ctt", "--cuts", "6,3", "--out", text(&again), text(&data)]).unwrap_err().0;
    assert!(wrong.contains("--cuts") && wrong.contains("ascend") && !again.exists());
    fs::write(&parts, "item,subtest\nnone,easy\n").unwrap();
    let wrong = run(&["ctt", "--subtests", text(&parts), "--out", text(&again), text(&data)]).unwrap_err().0;
    assert!(wrong.contains("row 2: item none is not in the data") && !again.exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn fit_knows_histograms_equalities_sandwich_and_facets() {
    let folder = folder("engine");
    let (truth, data, out) = (items(&folder), folder.join("data.csv"), folder.join("fit"));
    run(&["simulate", "--items", text(&truth), "--persons", "600", "--out", text(&data)]).unwrap();
    let line = ["fit", "--equal", "a1:*", "--se", "--sandwich", "--fit-statistics", "--out", text(&out), text(&data)];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&read("summary.json")).unwrap();
    assert_eq!(summary["parameters"], 5);
    assert_eq!(read("pairs.csv").lines().count(), 1 + 6);
    assert_eq!(read("points.csv").lines().count(), 1 + 4 * 10);
    assert_eq!(read("information.csv").lines().next(), Some("theta,test,se,q1,q2,q3,q4"));
    run(&["fit", "--latent", "histogram", "--out", text(&out), text(&data)]).unwrap();
    let weights: f64 =
        read("latent.csv").lines().skip(1).map(|row| row.rsplit(',').next().unwrap().parse::<f64>().unwrap()).sum();
    assert!((weights - 1.0).abs() < 1e-9);
    let wrong = run(&["fit", "--equal", "a1:q1,q9", "--out", text(&out), text(&data)]).unwrap_err().0;
    assert_eq!(wrong, "--equal: item q9 is not in the data");
    let rating = |p: usize, r: usize| format!("p{p},r{},{}", (p + r) % 3, (p * 7 / 5 + r * (p % 2) + p / 9) % 4);
    let ratings: Vec<String> = (0..200).flat_map(|p| [rating(p, 0), rating(p, 1)]).collect();
    fs::write(&data, format!("person,rater,score\n{}\n", ratings.join("\n"))).unwrap();
    run(&["fit", "--model", "facets", "--out", text(&out), text(&data)]).unwrap();
    let raters = read("raters.csv");
    assert_eq!(raters.lines().next().unwrap().split(',').next(), Some("rater"));
    let measure = |row: &str| row.split(',').nth(2).unwrap().parse::<f64>().unwrap();
    assert!(raters.lines().skip(1).map(measure).sum::<f64>().abs() < 1e-9);
    assert_eq!((raters.lines().count(), read("persons.csv").lines().count()), (4, 201));
    fs::write(&data, "person,rater,score\np1,r1,2\np1,r2,x\n").unwrap();
    let wrong = run(&["fit", "--model", "facets", "--out", text(&out), text(&data)]).unwrap_err().0;
    assert!(wrong.contains("row 3, column score: x is not a whole number"), "{wrong}");
    fs::remove_dir_all(folder).unwrap();
}
