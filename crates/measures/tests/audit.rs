//! The auditor on the published tables: everything that facts 001, 003, 000a, 000b and 004 say contradicts is found, and
//! nothing else. Prints the table of cells checked, reproduced, contradictions found and false alarms.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use measures::Exact;
use measures::audit::{Agreement, Cause, Entry, Report, Rules, Sheet, audit, propose};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn facts() -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/facts"));
    if !path.exists() {
        eprintln!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

fn csv_tables(prefix: &str) -> Option<Vec<Sheet>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(facts()?.join("tables")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    let chosen = files.iter().filter(|file| name(file).starts_with(prefix));
    Some(chosen.map(|file| Sheet::from_csv(&name(file), &std::fs::read_to_string(file).unwrap())).collect())
}

fn markdown_tables(name: &str) -> Option<Vec<Sheet>> {
    let text = std::fs::read_to_string(facts()?.join(format!("{name}.md"))).unwrap();
    Some(Sheet::from_markdown(name, &text))
}

fn rules(file: &str) -> Rules {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/kz/audit")).join(file);
    Rules::from_toml(file, &std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Row and column, or the claim of the text, of every contradiction that the facts list; with the item of the facts.
type Expected = &'static [(&'static str, &'static str, &'static str, &'static str)];

const REPORT_2011: Expected = &[
    ("001_table41", "Taldykorgan PM", "share_3", "2B: 83/707 = 11.7, printed 11.1"),
    ("001_table43", "Astana IB", "n3_total", "2B: all 232 pupils hold a grant, but 53 with a 3 instead of 71"),
    ("001_table43", "Astana IB", "n3_two_subjects", "the same"),
    ("001_table43", "Astana IB", "n3_three_or_more", "the same"),
    ("001_derived_quality", "Taldykorgan PM", "q_2010_11_published", "2B: 81.61, printed 81.5"),
    ("001_derived_quality", "TOTAL", "q_2010_11_published", "2B: 87.19 by pupils, 87.5 is the mean of printed values"),
    ("001_table39", "Astana PM", "mean", "2B: 83.83 against 83.95"),
    ("001_table39", "Astana IB", "mean", "2B: 62 is the mean of levels, 69.40 by pupils"),
    ("001_table39", "TOTAL", "mean", "2B: 79.81 unweighted, 82.52 by pupils"),
    ("001_table38", "TOTAL", "all_kaz", "2B: only without Astana IB"),
    ("001_table38", "TOTAL", "all_rus", "2B: only without Astana IB"),
    ("001_table28", "", "quality of grades 1-6", "2B: 47.31 against 93.59"),
    ("001_derived_grades7_11", "", "quality of grades 7-11", "2B: 40.7 against 80.88"),
    ("001_table41", "", "progress of quarter 1, with a share of 2 of 0.2", "2B: 99.9 against 99.8"),
    ("001_table42", "", "3 in two subjects: most in Astana PM", "2B: Kokshetau has 68"),
    ("001_table42", "", "3 in three or more subjects: most in Kokshetau", "2B: Astana PM has 44"),
    ("001_table43", "", "3 in two subjects among holders of a grant: most in Astana PM", "2B: 18 against 31"),
    ("001_table30", "", "SAT-1 result of Kokshetau in the text", "2C: 1600 against 1127"),
    ("001_table31", "", "98 times the highest score in a compulsory subject", "2C: 88.3, printed 89.2"),
    ("001_diagram10", "", "mean score of the network", "2C: 112.3 unweighted, 112.0 by participants"),
    (
        "001_diagram11",
        "",
        "mean score of the network, given the means of the two languages",
        "2C: cannot both be right",
    ),
    ("001_diagram10", "", "the Republic, 30.4 below the network's 112.3", "2C: labels swapped"),
    ("001_diagram10", "", "republican schools, 25.6 below the network's 112.3", "2C: labels swapped"),
    ("001_table35", "Astana", "abroad", "2C: 3 abroad, 1 paid"),
];

const REMOTE_LESSONS: Expected = &[
    ("003_table14", "9", "change_printed", "2.5 item 1"),
    ("003_table14", "", "mean growth, Remote-hub, Chemistry", "2.5 item 1"),
    ("003_table19", "6", "change_printed", "2.5 item 2"),
    ("003_table22", "8", "change_printed", "2.5 item 3"),
    ("003_table22", "", "mean growth, Offline, Biology", "2.5 item 3"),
    ("003_table20", "11 (DUPLICATE?)", "grade", "2.5 item 4"),
    ("003_table20", "", "mean growth, Offline, Physics", "2.5 item 4"),
    ("003_table21", "", "mean growth, Offline, Chemistry", "2.5 item 5"),
    ("003_table15", "8", "q4_chart", "2.5 item 6"),
    ("003_table13", "", "quarter 3 brings a fall in all grades, Remote-hub, Physics", "2.5 item 7"),
    ("003_table18", "", "fall of grade 11 in quarter 3, Remote-hub, English", "2.5 item 18"),
];

const COURSE_PROGRAMME: Expected = &[
    ("004_table01", "4", "total_hours_printed (col 13)", "2.1: entries of module 4 give 10"),
    ("004_table07", "Psychological-pedagogical", "hours_printed", "2.6 (b)"),
    ("004_table07", "Content", "hours_printed", "2.6 (b)"),
    ("004_table07", "Technological", "hours_printed", "2.6 (b)"),
    ("004_table07", "Variative", "hours_printed", "2.6 (b)"),
    ("004_table07", "TOTAL printed", "questions_printed", "2.6 (a): 28, printed 30"),
    ("004_table01", "", "questions of the example, three per topic of the programme", "2.6 (c): 24 against 87"),
    (
        "004_table04",
        "",
        "highest score of the mini-lesson, by the sheet of seven criteria and by the rubric of four",
        "2.5",
    ),
];

const MONITORING_2022: Expected = &[
    ("000b_3.12", "Almaty", "Gr.4 monitoring %", "2.3: 60.25, printed 61.9"),
    ("000b_3.12", "Zhambyl", "Gr.4 monitoring %", "2.3: 65.13, printed 62.7"),
    ("000b_3.12", "Pavlodar", "Gr.8 rank", "3.12: suspicious ranks"),
    ("000b_3.12", "Abai", "Gr.8 rank", "3.12: suspicious ranks"),
    ("000b_3.10", "", "lowest in mathematics: Zhetisu and WKO", "3.10: Akmola is lower"),
    ("000b_3.12", "", "grade 8: smallest gap in Kostanay", "3.12: EKO is 2.8"),
    ("000b_3.12", "", "smallest difference between grades 4 and 8 in EKO (percentage points)", "3.12: Abai 0.6"),
];

const DISSEMINATION_2022: Expected = &[
    ("000a_T11-bis", "Preschool", "Share printed", "true share 17.4"),
    ("000a_T11-bis", "Secondary", "Share printed", "true share 80.6"),
    ("000a_T11-bis", "", "participants by source of money together", "42,995"),
    ("000a_T11-bis", "", "growth of subject teachers by 15,960 against the year before", "149 %"),
    ("000a_T12", "Total printed", "Assessed", "35,437"),
    ("000a_T12", "Total printed", "Recommended", "33,255"),
    ("000a_T13", "Total printed", "Recommended", "1,235"),
    ("000a_T14", "“Lesson at school”", "N", "row 5 needs 23,399"),
    ("000a_T14", "Total", "Satisfactory", "column needs 23,399"),
    ("000a_T19", "Zhambyl", "All schools", "442 = 114 + 329"),
    ("000a_T19", "Kostanay", "All schools", "477 = 98 + 361"),
    ("000a_T19", "Kyzylorda", "All schools", "294 = 85 + 210"),
    ("000a_T19", "Total printed", "All schools", "6,949"),
    ("000a_T19", "Total printed", "Partner", "5,095"),
];

/// Contradictions that the facts list and no relation between printed numbers can show.
const NOT_NUMBERS: &[(&str, &str)] = &[
    (
        "001 2C",
        "two web addresses of one portal, a stale table number, ten schools started and nine listed: names, not cells",
    ),
    ("001 2B", "quality rose by 'about 10' against 11.6: quarter 1 has no table"),
    (
        "003 2.5 items 8, 16, 17",
        "no average given, one school with one pupil, 'contingent' undefined: nothing printed to compare",
    ),
    (
        "003 2.5 items 9-14, 19",
        "claims in words: 'stable', 'all effective', who answers for quality, names of the fund",
    ),
    ("003 2.5 item 15", "a jump of 13 points in one quarter is unusual, not contradictory"),
    ("004 2.10, 2.12", "addressee, titles, fixed or chosen topics: claims in words"),
    (
        "000b 2.3",
        "subject averages by pupils: the numbers of pupils per test are not printed, only the range is checked",
    ),
    ("000b 3.11", "53.9 repeated from grade 4: one number, its table is lost"),
];

struct Line {
    name: &'static str,
    tables: usize,
    report: Report,
    expected: usize,
    missed: Vec<String>,
    false_alarms: Vec<String>,
}

fn check(name: &'static str, sheets: &[Sheet], file: &str, expected: Expected) -> Line {
    let report = audit(sheets, &rules(file));
    assert_eq!(report.rule_errors, vec![], "{file}");
    let words = |table: &str, row: &str, column: &str| format!("{table} | {row} | {column}");
    let found: BTreeSet<String> =
        report.findings.iter().map(|finding| words(&finding.at.table, &finding.at.row, &finding.at.column)).collect();
    let wanted: BTreeSet<String> = expected.iter().map(|(table, row, column, _)| words(table, row, column)).collect();
    assert_eq!(found.len(), report.findings.len(), "{file}: one finding per number");
    assert_eq!(report.checked, report.reproduced + report.tolerated.len() + report.findings.len());
    Line {
        name,
        tables: sheets.len(),
        expected: wanted.len(),
        missed: wanted.difference(&found).cloned().collect(),
        false_alarms: found.difference(&wanted).cloned().collect(),
        report,
    }
}

#[test]
fn published_tables_are_audited() {
    let Some(report_2011) = csv_tables("001_") else { return };
    let remote = csv_tables("003_").unwrap();
    let lines = [
        check("annual report 2011 (001)", &report_2011, "annual_report_2011.toml", REPORT_2011),
        check("remote lessons (003)", &remote, "remote_lessons.toml", REMOTE_LESSONS),
        check("course programme (004)", &csv_tables("004_").unwrap(), "course_programme.toml", COURSE_PROGRAMME),
        check(
            "dissemination 2022 (000a)",
            &markdown_tables("000a").unwrap(),
            "dissemination_2022.toml",
            DISSEMINATION_2022,
        ),
        check("monitoring 2022 (000b)", &markdown_tables("000b").unwrap(), "monitoring_2022.toml", MONITORING_2022),
    ];
    eprintln!(
        "{:28} {:>6} {:>7} {:>10} {:>7} {:>6} {:>8} {:>6} {:>12}",
        "tables of", "tables", "checked", "reproduced", "loosely", "found", "expected", "missed", "false alarms"
    );
    for line in &lines {
        eprintln!(
            "{:28} {:>6} {:>7} {:>10} {:>7} {:>6} {:>8} {:>6} {:>12}",
            line.name,
            line.tables,
            line.report.checked,
            line.report.reproduced,
            line.report.tolerated.len(),
            line.report.findings.len(),
            line.expected,
            line.missed.len(),
            line.false_alarms.len()
        );
    }
    unaided(&lines);
    eprintln!("listed by the facts and not checkable in numbers:");
    for (place, reason) in NOT_NUMBERS {
        eprintln!("  {place}: {reason}");
    }
    for line in &lines {
        assert_eq!((&line.missed, &line.false_alarms), (&vec![], &vec![]), "{}", line.name);
    }
    loosely_read(&lines);
    causes_named(&lines);
}

/// Without any rule: relations are guessed from each table's own numbers. What they find must be among the listed.
fn unaided(lines: &[Line]) {
    let sheets = [csv_tables("001_").unwrap(), csv_tables("003_").unwrap(), csv_tables("004_").unwrap()].concat();
    let sheets = [sheets, markdown_tables("000a").unwrap(), markdown_tables("000b").unwrap()].concat();
    let proposals: Vec<_> = sheets.iter().flat_map(propose).collect();
    let rules = Rules { rules: proposals.iter().map(|one| one.rule.clone()).collect(), ..Rules::default() };
    let report = audit(&sheets, &rules);
    assert_eq!(report.rule_errors, vec![]);
    let listed = |table: &str, column: &str| {
        // The text's mean growths stand in a table of their own too.
        let (table, column) = match (table, column) {
            ("003_table26", "mean_growth_printed_in_text") => ("003_table21", "mean growth, Offline, Chemistry"),
            other => other,
        };
        let mut findings = lines.iter().flat_map(|line| &line.report.findings);
        findings.any(|one| one.at.table == table && one.at.column == column)
    };
    let (found, other): (Vec<_>, Vec<_>) =
        report.findings.iter().partition(|one| listed(&one.at.table, &one.at.column));
    eprintln!(
        "without rules: {} relations guessed, {} numbers checked, {} contradictions of the list found, {} others: {:?}",
        proposals.len(),
        report.checked,
        found.len(),
        other.len(),
        other.iter().map(|one| format!("{} {} {}", one.at.table, one.at.row, one.at.column)).collect::<Vec<_>>()
    );
    assert!(found.len() >= 10);
    // Guesses may be wrong where a lost heading put a row of column numbers into the body, or where few rows agree by
    // chance: that is why a person confirms them.
    assert!(other.len() <= 3, "guessed relations must not cry wolf");
}

/// Truncation and coarse rounding are named, and only where the facts name them.
fn loosely_read(lines: &[Line]) {
    let of = |how: Agreement| -> Vec<String> {
        let tolerated = lines.iter().flat_map(|line| &line.report.tolerated).filter(|one| one.how == how);
        tolerated.map(|one| format!("{} {}", one.at.row, one.at.column).trim().to_owned()).collect()
    };
    assert_eq!(
        of(Agreement::Truncated),
        [
            "only one 4: Kokshetau, 49 pupils",
            "only one 4: Astana PM, 51 pupils",
            "only one 3: Astana PM, 46 pupils",
            "study for pay",
            "mean growth, Remote-hub, English",
            "Akmola Gr.4 monitoring %",
        ]
    );
    assert_eq!(
        of(Agreement::RoundedToFewerDigits),
        [
            "Astana PM q_2010_11_published",
            "Kokshetau PM mean",
            "Semey PM mean",
            "Taldykorgan PM mean",
            "Oskemen CB mean"
        ]
    );
    assert_eq!(of(Agreement::WithinTolerance), [""; 0]);
}

/// The likely causes are those that the facts deduce.
fn causes_named(lines: &[Line]) {
    let first = |row: &str, column: &str| -> Cause {
        let mut findings = lines.iter().flat_map(|line| &line.report.findings);
        findings.find(|one| one.at.row == row && one.at.column == column).unwrap().causes[0].clone()
    };
    let method = |words: &str| Cause::OtherMethod { method: words.to_owned() };
    assert_eq!(first("TOTAL", "q_2010_11_published"), method("the unweighted mean of the rounded school values"));
    assert_eq!(first("TOTAL", "mean"), method("the unweighted mean of the printed school values"));
    assert_eq!(first("TOTAL", "all_kaz"), Cause::LeftOut { what: "Astana IB".to_owned() });
    assert_eq!(
        first("", "quality of grades 1-6"),
        method("the mean of the twelve share cells, which should have been added")
    );
    assert_eq!(first("Almaty", "Gr.4 monitoring %"), Cause::LeftOut { what: "Russian (T1)".to_owned() });
    assert_eq!(first("Pavlodar", "Gr.8 rank"), Cause::Swapped { with: "Abai".to_owned() });
    assert_eq!(
        first("", "the Republic, 30.4 below the network's 112.3"),
        Cause::Swapped { with: "republican_schools".to_owned() }
    );
    assert_eq!(
        first("", "mean growth, Offline, Physics"),
        method("the mean of all printed changes, the repeated row among them")
    );
    assert_eq!(first("11 (DUPLICATE?)", "grade"), Cause::CopiedRow { of: "row 1 \"7\"".to_owned() });
    assert_eq!(first("", "98 times the highest score in a compulsory subject"), Cause::OtherPart { part: 99.into() });
    assert_eq!(first("Taldykorgan PM", "share_3"), Cause::Misprint);
}

/// Every seventeenth number of the report of 2011 gets one wrong digit: how many of the changes are noticed. Numbers that
/// stand in no relation cannot be noticed.
#[test]
fn wrong_digits_are_noticed() {
    let Some(sheets) = csv_tables("001_") else { return };
    let rules = rules("annual_report_2011.toml");
    let before: BTreeSet<_> = audit(&sheets, &rules).findings.into_iter().map(|finding| finding.at).collect();
    let mut cells = Vec::new();
    for (table, sheet) in sheets.iter().enumerate() {
        for row in 0..sheet.rows.len() {
            let numbers = (0..sheet.columns.len()).filter(|column| sheet.entry(row, *column).number().is_some());
            cells.extend(numbers.filter(|column| sheet.columns[*column] != "No").map(|column| (table, row, column)));
        }
    }
    let (mut tried, mut noticed, mut silent) = (0, 0, Vec::new());
    for (table, row, column) in cells.iter().step_by(17) {
        let mut changed = sheets.clone();
        let Entry::Number(printed) = &mut changed[*table].rows[*row][*column] else { continue };
        // The first digit is the one that misprints hurt most.
        let first = printed.value.truncated(0).to_string().len() as u32 - 1;
        printed.value = printed.value.plus(Exact::new(10_i128.pow(first), 0)).unwrap();
        let after: BTreeSet<_> = audit(&changed, &rules).findings.into_iter().map(|finding| finding.at).collect();
        tried += 1;
        if after.difference(&before).next().is_some() {
            noticed += 1;
        } else {
            silent.push(format!("{} row {} {}", sheets[*table].name, row + 1, sheets[*table].columns[*column]));
        }
    }
    eprintln!(
        "{tried} of {} numbers changed in their first digit, {noticed} noticed; not noticed: {silent:?}",
        cells.len()
    );
    assert!(noticed * 10 >= tried * 8, "the rules cover too little");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is dropped on the auditor, it answers.
    #[test]
    fn any_text_is_survived(text in "([a-z0-9,.%?;\"\n ()\\[\\]-]|total|,|\n){0,300}") {
        let sheet = Sheet::from_csv("any", &text);
        let rules = Rules { rules: propose(&sheet).into_iter().map(|one| one.rule).collect(), ..Rules::default() };
        let sheets = [&[sheet][..], &Sheet::from_markdown("any", &text.replace(',', "|"))[..]].concat();
        let report = audit(&sheets, &rules);
        prop_assert!(report.checked >= report.reproduced);
        for language in kernel::Language::ALL {
            prop_assert!(!report.text(language).is_empty());
        }
    }
}
