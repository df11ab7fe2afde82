//! Ways of estimation beside the plain one: covariates, conditional, intervals, anchors with errors, several groups.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{folder, items, run, text};
use crate::Outcome;

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Simulated answers with a column of regions and one of numbers that goes with the number of right answers.
fn data(folder: &Path) -> std::path::PathBuf {
    let (truth, plain, data) = (items(folder), folder.join("plain.csv"), folder.join("data.csv"));
    run(&["simulate", "--items", text(&truth), "--persons", "900", "--out", text(&plain)]).unwrap();
    let mut content = String::new();
    for (row, line) in lines(&plain).iter().enumerate() {
        let _ = if row == 0 {
            writeln!(content, "region,hours,{line}")
        } else {
            let hours = row % 5 + line.matches('1').count() / 2;
            writeln!(content, "{},{hours},{line}", ["east", "north", "west"][row % 3])
        };
    }
    fs::write(&data, content).unwrap();
    data
}

#[test]
fn ability_is_regressed_on_columns() {
    let folder = folder("regress");
    let (data, out) = (data(&folder), folder.join("fit"));
    let line = ["fit", "--se", "--regress", "hours,region", "--intervals", "--out", text(&out), text(&data)];
    assert_eq!(run(&line).unwrap(), Outcome::Done);
    let rows = lines(&out.join("regression.csv"));
    assert_eq!(rows[0], "covariate,coefficient,se");
    let names: Vec<&str> = rows[1..].iter().map(|row| row.split(',').next().unwrap()).collect();
    assert_eq!(names, ["hours", "region=north", "region=west"]);
    let hours: Vec<f64> = rows[1].split(',').skip(1).map(|cell| cell.parse().unwrap()).collect();
    assert!(hours[0] > 3.0 * hours[1], "{hours:?}");
    let summary = json(&out.join("summary.json"));
    assert!((0.01..0.5).contains(&summary["explained_variance"].as_f64().unwrap()));
    assert_eq!((summary["parameters"].as_u64(), summary["latent_variance"].as_f64()), (Some(11), Some(1.0)));
    // Four items, a1 and d.
    let intervals = lines(&out.join("intervals.csv"));
    assert_eq!((intervals[0].as_str(), intervals.len()), ("item,parameter,estimate,low,high", 9));
    for row in &intervals[1..] {
        let cells: Vec<f64> = row.split(',').skip(2).map(|cell| cell.parse().unwrap()).collect();
        assert!(cells[1] < cells[0] && cells[0] < cells[2], "{row}");
    }
    let none = folder.join("none");
    let refused = |more: &[&str]| {
        let line = [&["fit", "--columns", "q*"][..], more, &["--out", text(&none), text(&data)]].concat();
        run(&line).unwrap_err().0
    };
    assert!(refused(&["--regress", "hours", "--group", "region"]).contains("make the group a covariate"));
    assert!(refused(&["--regress", "age"]).contains("no column age"));
    assert!(!none.exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn conditional_estimation_writes_what_others_read() {
    let folder = folder("conditional");
    let (data, out, scores) = (data(&folder), folder.join("fit"), folder.join("scores.csv"));
    let line = ["fit", "--model", "rasch", "--estimation", "conditional", "--columns", "q*"];
    assert_eq!(run(&[&line[..], &["--out", text(&out), text(&data)]].concat()).unwrap(), Outcome::Done);
    let rows = lines(&out.join("items.csv"));
    assert_eq!(rows[0], "item,model,a,b,a1,d,se_a,se_b,se_a1,se_d,scores");
    let difficulty = |row: &String| row.split(',').nth(3).unwrap().parse::<f64>().unwrap();
    assert!(rows[1..].iter().map(difficulty).sum::<f64>().abs() < 1e-9);
    assert_eq!(lines(&out.join("covariance.csv")).len(), 1 + 8);
    let summary = json(&out.join("summary.json"));
    assert_eq!((summary["estimation"].as_str(), summary["parameters"].as_u64()), (Some("conditional"), Some(3)));
    assert!(fs::read_to_string(out.join("warnings.json")).unwrap().contains("no or all points"));
    run(&[
        "score",
        "--items",
        text(&out.join("items.csv")),
        "--person-fit",
        "--columns",
        "q*",
        "--out",
        text(&scores),
        text(&data),
    ])
    .unwrap();
    assert_eq!(lines(&scores)[0], "person,theta,se,lz,lz_star,infit,outfit");
    for (more, word) in [
        (&["--model", "2pl"][..], "for --model rasch and pcm"),
        (&["--model", "rasch", "--prior", "d~normal(0,2)"], "--prior is for --estimation marginal"),
        (&["--model", "rasch", "--fit-statistics"], "--fit-statistics is for --estimation marginal"),
    ] {
        let line = [&["fit", "--estimation", "conditional"][..], more, &["--out", text(&out), text(&data)]].concat();
        let wrong = run(&line).unwrap_err().0;
        assert!(wrong.contains(word), "{wrong}");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn all_groups_of_a_column_are_compared() {
    let folder = folder("groups");
    let (data, out) = (data(&folder), folder.join("dif"));
    let line = |method: &'static str, more: &[&'static str]| -> Vec<String> {
        let all = [&["dif", "--group", "region", "--columns", "q*", "--method", method][..], more].concat();
        all.into_iter().chain(["--out", text(&out), text(&data)]).map(str::to_owned).collect()
    };
    let done = |line: Vec<String>| run(&line.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    assert_eq!(done(line("lr", &["--reference", "north"])), Outcome::Done);
    let rows = lines(&out.join("dif.csv"));
    assert_eq!(rows[0], "item,chi_square,df,p,p_bh,p_holm,unsigned_difference_east,unsigned_difference_west,left_out");
    assert_eq!((rows.len(), rows[1].split(',').nth(2)), (5, Some("4")));
    assert_eq!(json(&out.join("summary.json"))["groups"][0]["group"], "north");
    for method in ["mh", "logistic", "sibtest"] {
        assert_eq!(done(line(method, &[])), Outcome::Done);
        let rows = lines(&out.join("dif.csv"));
        assert!(rows[0].starts_with("item,focal,"), "{}", rows[0]);
        let focal: Vec<&str> = rows[1..].iter().map(|row| row.split(',').nth(1).unwrap()).collect();
        assert_eq!(focal, [["north"; 4], ["west"; 4]].concat());
    }
    // Two of them, as before.
    done(line("mh", &["--reference", "east", "--focal", "west"]));
    assert!(lines(&out.join("dif.csv"))[0].starts_with("item,odds_ratio,"));
    let wrong = run(&line("sibtest", &["--purify"]).iter().map(String::as_str).collect::<Vec<_>>()).unwrap_err().0;
    assert!(wrong.contains("--purify is for mh, lr and wald"), "{wrong}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn new_items_carry_the_errors_of_the_bank() {
    let folder = folder("bank-errors");
    let (data, bank, given, whole) = (data(&folder), folder.join("bank"), folder.join("given"), folder.join("whole"));
    run(&["fit", "--se", "--columns", "q1,q2,q3", "--out", text(&bank), text(&data)]).unwrap();
    let anchor = bank.join("items.csv");
    let calibrate = |out: &Path| {
        let line = ["calibrate", "--columns", "q*", "--anchor", text(&anchor), "--out", text(out), text(&data)];
        assert_eq!(run(&line).unwrap(), Outcome::Done);
        json(&out.join("summary.json"))["anchor_errors"].as_bool().unwrap()
    };
    assert!(calibrate(&whole));
    fs::remove_file(bank.join("covariance.csv")).unwrap();
    assert!(!calibrate(&given));
    let cell = |out: &Path, item: &str, column: &str| -> Option<f64> {
        let rows = lines(&out.join("items.csv"));
        let place = rows[0].split(',').position(|head| head == column).unwrap();
        rows.iter().find(|row| row.starts_with(item)).unwrap().split(',').nth(place).unwrap().parse().ok()
    };
    assert_eq!(cell(&whole, "q4", "b"), cell(&given, "q4", "b"));
    assert!(cell(&whole, "q4", "se_b").unwrap() > cell(&given, "q4", "se_b").unwrap());
    let (of_bank, of_held) = (cell(&bank, "q1", "se_b").unwrap(), cell(&whole, "q1", "se_b").unwrap());
    assert!((of_bank - of_held).abs() < 1e-12 && cell(&given, "q1", "se_b").is_none());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn anchors_outside_the_total_are_told_apart() {
    let folder = folder("levine");
    let (x, y, out) = (folder.join("x.csv"), folder.join("y.csv"), folder.join("table.csv"));
    let pairs = |path: &Path, shift: usize| {
        let row = |p: usize| format!("{},{}", p % 11 + p % 3 + shift, p % 11 / 2 + p % 2);
        fs::write(path, (0..300).fold(String::from("total,anchor\n"), |text, p| text + &row(p) + "\n")).unwrap();
    };
    pairs(&x, 0);
    pairs(&y, 1);
    let equated = |more: &[&str]| {
        run(&[&["equate"][..], more, &["--out", text(&out), text(&x), text(&y)]].concat()).map(|_| lines(&out))
    };
    let tables: Vec<Vec<String>> = [("levine", "internal"), ("levine", "external"), ("levine-true", "external")]
        .map(|(method, anchor)| equated(&["--method", method, "--anchor", anchor]).unwrap())
        .to_vec();
    assert!(tables[0] != tables[1] && tables[1] != tables[2] && tables[0].len() == 14);
    let wrong = equated(&["--method", "tucker", "--anchor", "external"]).unwrap_err().0;
    assert!(wrong.contains("--anchor external is for levine"), "{wrong}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_was_silent_speaks() {
    let folder = folder("silent");
    let (data, truth, out) = (data(&folder), folder.join("true.csv"), folder.join("out.csv"));
    let score = |more: &[&str]| {
        run(&[&["score", "--items", text(&truth), "--columns", "q*"][..], more, &["--out", text(&out), text(&data)]]
            .concat())
    };
    assert!(score(&["--nodes", "2"]).unwrap_err().0.contains("3 nodes"));
    assert!(score(&["--range", "0"]).unwrap_err().0.contains("positive range"));
    let none = run(&["simulate", "--items", text(&truth), "--persons", "0", "--out", text(&out)]).unwrap_err().0;
    assert!(none.contains("at least one") && !out.exists());
    // A name in .gz is compressed, and read as it was written.
    let packed = folder.join("data.csv.gz");
    run(&["simulate", "--items", text(&truth), "--persons", "50", "--out", text(&packed)]).unwrap();
    run(&["simulate", "--items", text(&truth), "--persons", "50", "--out", text(&out)]).unwrap();
    assert!(fs::read(&packed).unwrap().starts_with(&[0x1f, 0x8b]));
    let analysed = |data: &Path, name: &str| {
        run(&["ctt", "--out", text(&folder.join(name)), text(data)]).unwrap();
        fs::read(folder.join(name).join("items.csv")).unwrap()
    };
    assert_eq!(analysed(&packed, "packed"), analysed(&out, "plain"));
    fs::write(&data, "a,b,c\n1,0,1\n1,0\n").unwrap();
    let wrong = run(&["ctt", "--out", text(&folder.join("none")), text(&data)]).unwrap_err().0;
    assert!(wrong.contains("line 3 has 2 cells and the header 3"), "{wrong}");
    fs::remove_dir_all(folder).unwrap();
}
