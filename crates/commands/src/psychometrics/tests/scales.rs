//! Forms and grades on one scale, with errors.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::{folder, run, text};
use crate::Outcome;

/// Items `from..to` of one long test.
fn write_items(path: &Path, from: usize, to: usize) {
    let mut content = String::from("item,model,a,b\n");
    for i in from..to {
        let _ = writeln!(content, "i{i},2pl,{},{}", 0.9 + 0.1 * (i * 7 % 5) as f64, -1.2 + 0.15 * i as f64);
    }
    fs::write(path, content).unwrap();
}

/// A calibrated form of persons with this mean; the folder of its results.
fn calibrated(folder: &Path, name: &str, from: usize, to: usize, mean: &str, seed: &str) -> PathBuf {
    let (items, data, out) =
        (folder.join(format!("{name}-true.csv")), folder.join(format!("{name}.csv")), folder.join(name));
    write_items(&items, from, to);
    let line = ["simulate", "--items", text(&items), "--persons", "1500", "--mean", mean, "--seed", seed];
    run(&[&line[..], &["--out", text(&data)]].concat()).unwrap();
    run(&["fit", "--model", "2pl", "--se", "--out", text(&out), text(&data)]).unwrap();
    out.join("items.csv")
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn column(path: &Path, name: &str) -> Vec<f64> {
    let content = fs::read_to_string(path).unwrap();
    let place = content.lines().next().unwrap().split(',').position(|head| head == name).unwrap();
    content.lines().skip(1).map(|line| line.split(',').nth(place).unwrap().parse().unwrap_or(f64::NAN)).collect()
}

#[test]
fn a_link_knows_its_errors() {
    let folder = folder("link-errors");
    let old = calibrated(&folder, "old", 0, 12, "0", "1");
    let new = calibrated(&folder, "new", 4, 16, "0.5", "2");
    let out = folder.join("link");
    let line = ["link", "--bootstrap", "200", "--seed", "3", "--out", text(&out), text(&old), text(&new)];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let link = json(&out.join("link.json"));
    let get = |name: &str| link[name].as_f64().unwrap();
    assert!((get("B") - 0.5).abs() < 4.0 * get("se_B") && (get("A") - 1.0).abs() < 4.0 * get("se_A"));
    assert!(get("se_B_items") > 0.0 && get("se_A_items") < 0.2);
    assert!((get("se_B_bootstrap") / get("se_B") - 1.0).abs() < 0.25, "{link}");
    // True scores of the forms on one scale; errors come from the covariance matrices beside the items.
    let table = folder.join("true.csv");
    run(&["equate", "--method", "irt-true", "--out", text(&table), text(&old), text(&old)]).unwrap();
    let (equivalents, errors) = (column(&table, "equivalent"), column(&table, "se"));
    assert!((equivalents[6] - 6.0).abs() < 1e-9 && errors[6] > 0.0 && errors[6] < 1.0);
    // Forms linked before: errors given the link.
    run(&["equate", "--method", "irt-observed", "--out", text(&table), text(&out.join("items.csv")), text(&old)])
        .unwrap();
    let (linked, errors) = (column(&table, "equivalent"), column(&table, "se"));
    assert!(linked[6] > 5.0 && errors[6] > 0.0 && errors[6] < 1.0, "{linked:?} {errors:?}");
    // The same in one step, with the error of the link.
    let at_once = [
        "equate",
        "--method",
        "irt-observed",
        "--link",
        "stocking-lord",
        "--out",
        text(&table),
        text(&new),
        text(&old),
    ];
    run(&at_once).unwrap();
    for (score, (now, before)) in column(&table, "equivalent").iter().zip(&linked).enumerate().skip(2).take(8) {
        assert!((now - before).abs() < 1e-6, "{score}: {now} {before}");
    }
    assert!(column(&table, "se")[6] > 0.0 && column(&table, "se")[6] < 1.0);
    fs::remove_file(folder.join("new").join("covariance.csv")).unwrap();
    let wrong = run(&line).unwrap_err().0;
    assert!(wrong.contains("covariance.csv"), "{wrong}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn grades_stand_on_one_scale() {
    let folder = folder("vertical");
    let grades = [
        calibrated(&folder, "grade4", 0, 12, "-0.4", "1"),
        calibrated(&folder, "grade5", 5, 17, "0.1", "2"),
        calibrated(&folder, "grade6", 10, 22, "0.7", "3"),
    ];
    let out = folder.join("scale");
    let line = ["vertical", "--base", "2", "--out", text(&out), text(&grades[0]), text(&grades[1]), text(&grades[2])];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let (scale, growth) = (out.join("scale.csv"), out.join("growth.csv"));
    let middle = fs::read_to_string(&scale).unwrap().lines().nth(2).unwrap().to_owned();
    assert!(middle.starts_with("grade5,1,0,0,0,0,1,0,"), "{middle}");
    for (found, (se, truth)) in
        column(&growth, "growth").into_iter().zip(column(&growth, "se").into_iter().zip([0.5, 0.6]))
    {
        assert!((found - truth).abs() < 4.0 * se && se < 0.12, "{found} {se} {truth}");
    }
    // The items of a grade on the scale carry their errors: b on the base's scale varies by A as much.
    let own = column(&grades[2].with_file_name("covariance.csv"), "i12:a1");
    let moved = column(&out.join("3-grade6").join("covariance.csv"), "i12:a1");
    let slope = column(&scale, "A")[2];
    for (own, moved) in own.iter().zip(&moved).step_by(2) {
        assert!((own / slope / slope - moved).abs() < 1e-9, "variances and covariances of slopes");
    }
    // All three together, the middle one held: the same growth.
    let together = folder.join("together");
    let data = |name: &str| folder.join(name);
    let (first, second, third) = (data("grade4.csv"), data("grade5.csv"), data("grade6.csv"));
    let line = ["calibrate", "--with", text(&second), "--with", text(&third), "--out", text(&together), text(&first)];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let latent = json(&together.join("summary.json"))["latent"].clone();
    let mean = |group: usize| latent[group]["mean"].as_f64().unwrap();
    assert_eq!((latent[0]["group"].as_str(), mean(0)), (Some("01 grade4"), 0.0));
    assert!((mean(1) - 0.5).abs() < 0.2 && (mean(2) - 1.1).abs() < 0.3, "{latent}");
    // New items beside those of a bank: the scale of the bank, the persons' mean found.
    let (held, bank, other) = (folder.join("held"), folder.join("grade5-true.csv"), folder.join("other.csv"));
    let line = ["calibrate", "--anchor", text(&bank), "--out", text(&held), text(&third)];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let summary = json(&held.join("summary.json"));
    assert_eq!(summary["anchor_items"].as_array().unwrap().len(), 7);
    assert!((summary["latent_mean"].as_f64().unwrap() - 0.7).abs() < 0.15);
    fs::write(&other, "item,model,a,b\nnone,2pl,1,0\n").unwrap();
    let wrong = run(&["calibrate", "--anchor", text(&other), "--out", text(&folder.join("never")), text(&third)]);
    assert!(wrong.unwrap_err().0.contains("none of its items is in the data") && !folder.join("never").exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn equating_tables_carry_errors() {
    let folder = folder("equate-errors");
    let (x, y, out) = (folder.join("x.csv"), folder.join("y.csv"), folder.join("table.csv"));
    let counts = |path: &Path, shift: i64| {
        let row = |score: i64| format!("{score},{}\n", 200 - 6 * (score - 6 - shift) * (score - 6 - shift) / 2);
        fs::write(path, (0..=12).fold(String::from("score,count\n"), |text, score| text + &row(score))).unwrap();
    };
    counts(&x, 0);
    counts(&y, 1);
    let line = ["equate", "--smooth", "3", "--bootstrap", "100", "--out", text(&out), text(&x), text(&y)];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let (delta, drawn) = (column(&out, "se"), column(&out, "se_bootstrap"));
    for score in 3..=9 {
        assert!(delta[score] > 0.0 && (drawn[score] / delta[score] - 1.0).abs() < 0.4, "{score}: {delta:?} {drawn:?}");
    }
    fs::remove_dir_all(folder).unwrap();
}
