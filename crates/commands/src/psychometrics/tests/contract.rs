//! What others script against: every option, file, column and key that the contract names.

use std::fs;
use std::path::Path;

use super::{folder, items, run, text};
use crate::Outcome;

fn header(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().next().unwrap().split(',').map(str::to_owned).collect()
}

#[track_caller]
fn has(found: &[String], wanted: &[&str]) {
    for name in wanted {
        assert!(found.iter().any(|column| column == name), "{name} is not in {found:?}");
    }
}

fn keys(path: &Path) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    value.as_object().unwrap().keys().cloned().collect()
}

/// Responses with identifier, group, weight, a code for skipped and one for not presented.
fn data(folder: &Path) -> std::path::PathBuf {
    let (truth, plain, data) = (items(folder), folder.join("plain.csv"), folder.join("data.csv"));
    run(&["simulate", "--items", text(&truth), "--persons", "400", "--out", text(&plain)]).unwrap();
    let content = fs::read_to_string(&plain).unwrap();
    let lines: Vec<String> = (content.lines().enumerate())
        .map(|(row, line)| match row {
            0 => format!("name,sex,w,{line}"),
            7 => format!("p{row},f,1.5,9,8{}", &line[3..]),
            _ => format!("p{row},{},1,{line}", if row % 2 == 0 { "f" } else { "m" }),
        })
        .collect();
    fs::write(&data, lines.join("\n") + "\n").unwrap();
    data
}

const COMMON: [&str; 10] =
    ["--id", "name", "--group", "sex", "--weight", "w", "--not-presented", "8", "--skipped", "9"];

#[test]
fn fit_and_score_keep_their_word() {
    let folder = folder("contract-fit");
    let (data, out) = (data(&folder), folder.join("fit"));
    let line = |more: &[&'static str]| -> Vec<String> {
        let all = [&["fit", "--model", "2pl"][..], &COMMON[..], more, &["--out", text(&out), text(&data)][..]];
        all.concat().into_iter().map(str::to_owned).collect()
    };
    let done = |line: Vec<String>| run(&line.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    assert_eq!(done(line(&["--adaptive"])), Outcome::Done);
    assert_eq!(
        done(line(&["--nodes", "41", "--range", "5", "--prior", "a~lognormal(0,0.5)", "--se", "--fit-statistics"])),
        Outcome::Done
    );
    has(&header(&out.join("items.csv")), &["item", "model", "a", "b", "a1", "d", "se_a", "se_b", "se_a1", "se_d"]);
    has(
        &keys(&out.join("summary.json")),
        &[
            "log_likelihood",
            "log_posterior",
            "iterations",
            "converged",
            "seconds_fit",
            "seconds_total",
            "peak_memory_mb",
            "persons",
            "items",
            "parameters",
            "aic",
            "bic",
            "latent_mean",
            "latent_variance",
            "nodes",
        ],
    );
    assert!(out.join("fit.csv").exists() && out.join("warnings.json").exists());
    let three = folder.join("three");
    run(&["fit", "--model", "3pl", "--out", text(&three), text(&folder.join("plain.csv"))]).unwrap();
    has(&header(&three.join("items.csv")), &["a", "b", "c", "a1", "d"]);
    for model in ["rasch", "1pl", "2pl", "pcm", "rsm", "gpcm", "grm", "nominal"] {
        run(&["fit", "--model", model, "--out", text(&three), text(&folder.join("plain.csv"))]).unwrap();
    }
    let models = folder.join("models.csv");
    fs::write(&models, "item,model,a,b,fixed\nq1,2pl,1,-1,1\nq2,rasch,1,0,0\n").unwrap();
    run(&["fit", "--model-file", text(&models), "--out", text(&three), text(&folder.join("plain.csv"))]).unwrap();
    let held = fs::read_to_string(three.join("items.csv")).unwrap();
    assert!(held.contains("q1,2pl,1,-1,") && held.contains("q2,rasch,1,"), "{held}");
    for method in ["eap", "map", "ml", "wle", "eapsum"] {
        let scores = folder.join("scores.csv");
        let items = out.join("items.csv");
        let line = ["score", "--items", text(&items), "--method", method, "--id", "name", "--columns", "q*"];
        run(&[&line[..], &["--not-presented", "8", "--skipped", "9", "--out", text(&scores), text(&data)]].concat())
            .unwrap();
        assert_eq!(header(&scores), ["person", "theta", "se"]);
        assert!(fs::read_to_string(&scores).unwrap().lines().nth(1).unwrap().starts_with("p1,"));
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn ctt_dif_and_link_keep_their_word() {
    let folder = folder("contract-ctt");
    let (data, out) = (data(&folder), folder.join("out"));
    let line = [&["ctt"][..], &COMMON[..], &["--out", text(&out), text(&data)][..]].concat();
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let columns = header(&out.join("items.csv"));
    assert_eq!(columns[..6], ["item", "n", "facility", "item_total", "item_rest", "alpha_if_deleted"]);
    has(&keys(&out.join("summary.json")), &["alpha", "lambda2", "sem", "mean", "sd"]);
    assert!(out.join("distractors.csv").exists());
    for method in ["mh", "logistic", "sibtest", "lr", "wald"] {
        let out = folder.join(method);
        let line =
            ["dif", "--group", "sex", "--method", method, "--columns", "q*", "--not-presented", "8", "--skipped", "9"];
        run(&[&line[..], &["--out", text(&out), text(&data)]].concat()).unwrap();
        assert_eq!(header(&out.join("dif.csv"))[0], "item");
    }
    let truth = folder.join("true.csv");
    for method in ["ms", "mm", "haebara", "stocking-lord"] {
        let out = folder.join("link");
        run(&["link", "--method", method, "--out", text(&out), text(&truth), text(&truth)]).unwrap();
        let link: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("link.json")).unwrap()).unwrap();
        assert!((link["A"].as_f64().unwrap() - 1.0).abs() < 1e-9 && link["B"].as_f64().unwrap().abs() < 1e-9);
    }
    fs::remove_dir_all(folder).unwrap();
}
