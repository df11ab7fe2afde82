//! Tables: totals, both averages, ranks, lights, suppression, formulas, and what the writers make of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use kernel::{Language, Localized};
use measures::audit::{RuleKind, Rules, Sheet, audit};
use measures::definition::{Averaging, Catalogue};
use measures::evaluate::Evaluation;
use measures::suppress::Mark;
use measures::table::{Along, Beside, Formula, Light, Line, Request, Table};
use measures::write::{Dhis2Names, Message, csv, dhis2, json, sdmx_json};
use measures::*;
use proptest::prelude::*;

const DEFINITIONS: &str = r#"
[[facts]]
code = "pupils"
name = { kk = "а", ru = "а", en = "Pupils" }
scale = ["5", "4", "3", "2"]

[[measure]]
code = "all"
name = { kk = "Барлығы", ru = "Всего", en = "All" }
unit = "persons"
kind = "count"
of = { facts = "pupils" }
minimum_group = 5

[[measure]]
code = "good"
name = { kk = "4-5", ru = "4-5", en = "With 4 and 5" }
unit = "persons"
kind = "count"
of = { facts = "pupils", levels = ["5", "4"] }

[[measure]]
code = "quality"
name = { kk = "Сапа", ru = "Качество", en = "Quality" }
unit = "percent"
kind = "share"
numerator = { facts = "pupils", levels = ["5", "4"] }
denominator = { facts = "pupils" }
decimals = 1
minimum_group = 5
direction = "more_is_better"
near = "5"
targets = [{ period = "2024", value = "80" }]

[[measure]]
code = "place"
name = { kk = "Орын", ru = "Место", en = "Place" }
kind = "rank"
measure = "quality"
"#;

/// Pupils (good, other) of four schools by grade.
fn table(pupils: [[(i32, i32); 2]; 4]) -> Table {
    table_of(pupils, &[0, 1, 2, 3], vec![])
}

/// The table of some schools, or of one grade: what it leaves out may be seen in another.
fn table_of(pupils: [[(i32, i32); 2]; 4], shown: &[usize], grades: Vec<Member>) -> Table {
    let name = |text: &str| Localized::same(text);
    let mut place = Dimension::new("place", name("place"), 5);
    let network = place.add("network", name("Network"), None, "network").unwrap();
    let schools: Vec<Member> = ["Abay", "Qonyr", "Saty", "Zher"]
        .map(|school| place.add(school, name(school), Some(network), "school").unwrap())
        .into();
    let period = Dimension::flat("period", ["2024"]).unwrap();
    let grade = Dimension::flat("grade", ["5", "6"]).unwrap();
    let mut cube = Cube::new(Schema::new(place, period, vec![grade]).unwrap());
    let catalogue = Catalogue::from_toml([("test", DEFINITIONS)]).unwrap();
    catalogue.declare_facts(&mut cube).unwrap();
    let kind = cube.kind("pupils").unwrap();
    for (school, grades) in schools.iter().zip(pupils) {
        for (grade, (good, other)) in grades.into_iter().enumerate() {
            let key = cube.schema.key(1, &[grade as Member + 1]);
            let fact = |level, times| Fact { place: *school, key, observation: Observation::Level(level), times };
            cube.record(kind, &[fact(0, good), fact(2, other)]).unwrap();
        }
    }
    let total = |members| Some((Localized::new("Барлығы", "Всего", "Total"), members));
    let own: Vec<Member> = shown.iter().map(|school| schools[*school]).collect();
    let (all, by_grade) = (own.len() == schools.len(), grades.is_empty());
    let rows = Line::of_members(&cube.schema, Along::Place, &own, total(vec![network]).filter(|_| all));
    let columns = Line::of_members(&cube.schema, Along::Other(0), &[1, 2], total(vec![1, 2]));
    let mut beside = Beside::default();
    if !all {
        let rest: Vec<Member> = schools.iter().copied().filter(|school| !own.contains(school)).collect();
        beside.rows = Line::of_members(&cube.schema, Along::Place, &rest, total(vec![network]));
        beside.rows.last_mut().unwrap().parts = (0..schools.len()).collect();
    }
    let request = Request {
        code: "view".to_owned(),
        title: name("Quality by school and grade"),
        rows: (Along::Place, rows),
        columns: by_grade.then_some((Along::Other(0), columns)),
        measures: ["all", "good", "quality", "place"].map(str::to_owned).to_vec(),
        place: vec![],
        period: vec![1],
        only: if by_grade { vec![] } else { vec![(0, grades)] },
        both_averages: true,
        beside,
    };
    Evaluation { cube: &cube, catalogue: &catalogue }.table(&request).unwrap()
}

fn large() -> Table {
    table([[(30, 10), (20, 20)], [(9, 1), (50, 10)], [(75, 25), (40, 10)], [(12, 8), (10, 10)]])
}

#[test]
fn totals_ranks_and_lights() {
    let table = large();
    let row = |row: usize| (0..12).map(|column| table.text((row, column))).collect::<Vec<_>>();
    assert_eq!(row(0), ["40", "30", "75.0", "2", "40", "20", "50.0", "3", "80", "50", "62.5", "3"]);
    assert_eq!(row(1), ["10", "9", "90.0", "1", "60", "50", "83.3", "1", "70", "59", "84.3", "1"]);
    assert_eq!(row(4), ["170", "126", "74.1", "–", "170", "120", "70.6", "–", "340", "246", "72.4", "–"]);
    let light = |row, column| table.cell((row, column)).unwrap().target.unwrap().light;
    assert_eq!((light(0, 2), light(1, 2), light(4, 2)), (Light::Near, Light::Reached, Light::Missed));
    assert_eq!(Light::Missed.word().in_language(Language::Ru), "не достигнуто");
}

#[test]
fn both_averages_stand_side_by_side() {
    let table = large();
    // Schools: 75.0, 90.0, 75.0, 60.0: plain mean 75.0; pupils together: 126 / 170 = 74.1.
    let total = table.cell((4, 2)).unwrap();
    let expected: Exact = "75".parse().unwrap();
    assert_eq!(total.other_averages, [(Averaging::BySchools, expected), (Averaging::OfRoundedValues, expected)]);
    assert!(table.cell((0, 2)).unwrap().other_averages.is_empty(), "one school has one average");
}

#[test]
fn formulas_point_into_the_table() {
    let table = large();
    let formula = |row, column| table.cell((row, column)).unwrap().formula.clone();
    assert_eq!(formula(4, 0), Some(Formula::Sum { of: vec![(0, 0), (1, 0), (2, 0), (3, 0)] }));
    assert_eq!(formula(0, 2), Some(Formula::Quotient { over: (0, 1), under: (0, 0), factor: Exact::HUNDRED }));
    assert!(matches!(formula(0, 3), Some(Formula::Rank { of: (0, 2), descending: true, .. })));
    assert_eq!(formula(0, 0), None);
}

#[test]
fn a_small_group_hides_a_rectangle_with_all_its_measures() {
    let table = table([[(30, 10), (20, 20)], [(2, 1), (50, 10)], [(75, 25), (40, 10)], [(12, 8), (10, 10)]]);
    let hidden: Vec<(usize, usize)> = (0..5)
        .flat_map(|row| (0..3).map(move |group| (row, group)))
        .filter(|(row, group)| table.cell((*row, group * 4)).unwrap().mark != Mark::Shown)
        .collect();
    assert_eq!(hidden, [(1, 0), (1, 1), (3, 0), (3, 1)], "the small group, and the smallest that closes the rectangle");
    for (row, group) in hidden {
        for measure in 0..4 {
            let cell = table.cell((row, group * 4 + measure)).unwrap();
            assert!(cell.value.exact.is_none() && cell.value.group == 0 && cell.other_averages.is_empty());
            assert_eq!(table.text((row, group * 4 + measure)), "…");
        }
    }
    assert_eq!(table.cell((4, 0)).unwrap().formula, None, "no formula over hidden cells");
    assert!(table.footnotes.iter().any(|note| note.in_language(Language::En).contains("fewer than 5")));
    // Writers give nothing away either.
    let text = json(&table).unwrap();
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(read["cells"][1][0]["value"]["exact"].is_null());
    let (text, left_out) = dhis2(&table, &Dhis2Names::default()).unwrap();
    let sent: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(left_out, 16);
    assert_eq!(sent["dataValues"].as_array().unwrap().len(), 5 * 12 - 16 - 3, "a total has no place");
    let message = Message { id: "m1", prepared: "2024-06-01T00:00:00Z", sender: "NIS", structure_urn: None };
    let message: serde_json::Value = serde_json::from_str(&sdmx_json(&table, &message, Language::En).unwrap()).unwrap();
    assert_eq!(message["data"]["dataSets"][0]["observations"]["1:0:0"], serde_json::json!([null, 2, 1]));
    assert_eq!(message["data"]["dataSets"][0]["observations"]["3:0:0"], serde_json::json!([null, 2, 1]));
}

#[test]
fn two_tables_over_the_same_facts_cannot_be_subtracted() {
    let hidden = |table: &Table| -> Vec<(usize, usize)> {
        let cells = (0..table.rows.len()).flat_map(|row| (0..table.columns.len() / 4).map(move |group| (row, group)));
        cells.filter(|(row, group)| table.cell((*row, group * 4)).unwrap().mark != Mark::Shown).collect()
    };
    // Qonyr has three pupils in grade 5. A table without Qonyr hides what the table of all schools hides.
    let pupils = [[(30, 10), (20, 20)], [(2, 1), (50, 10)], [(75, 25), (40, 10)], [(12, 8), (10, 10)]];
    assert_eq!(hidden(&table(pupils)), [(1, 0), (1, 1), (3, 0), (3, 1)]);
    assert_eq!(hidden(&table_of(pupils, &[0, 2, 3], vec![])), [(2, 0), (2, 1)]);
    // Of Zher all but two pupils are in grade 6: that number beside all of Zher would tell the two.
    let pupils = [[(30, 10), (20, 20)], [(9, 1), (50, 10)], [(75, 25), (40, 10)], [(1, 1), (30, 10)]];
    let grade_6 = hidden(&table_of(pupils, &[0, 1, 2, 3], vec![2]));
    assert!(grade_6.contains(&(3, 0)), "{grade_6:?}");
}

#[test]
fn writers() {
    let table = large();
    let text = csv(&table, Language::Ru).unwrap();
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("Quality by school and grade,5: Всего,5: 4-5,5: Качество,5: Место,6: Всего"), "{first}");
    assert!(text.lines().nth(5).unwrap().starts_with("Всего,170,126,74.1,,170"));

    let names =
        Dhis2Names { data_elements: [("quality".to_owned(), "uQ1".to_owned())].into(), ..Dhis2Names::default() };
    let sent: serde_json::Value = serde_json::from_str(&dhis2(&table, &names).unwrap().0).unwrap();
    assert_eq!(
        sent["dataValues"][2],
        serde_json::json!({ "dataElement": "uQ1", "orgUnit": "Abay", "period": "2024", "value": "75.0", "categoryOptionCombo": "5" })
    );

    let message = Message { id: "m1", prepared: "2024-06-01T00:00:00Z", sender: "NIS", structure_urn: Some("urn:x") };
    let message: serde_json::Value = serde_json::from_str(&sdmx_json(&table, &message, Language::Kk).unwrap()).unwrap();
    let data = &message["data"];
    assert_eq!(data["dataSets"][0]["observations"]["0:0:2"], serde_json::json!([75, 0, 0]));
    assert_eq!(data["dataSets"][0]["observations"].as_object().unwrap().len(), 60);
    let dimensions = data["structures"][0]["dimensions"]["observation"].as_array().unwrap();
    let ids: Vec<_> = dimensions.iter().map(|dimension| dimension["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["PLACE", "GRADE", "MEASURE"]);
    // Every part of every key points at a value of its dimension.
    for key in data["dataSets"][0]["observations"].as_object().unwrap().keys() {
        for (part, dimension) in key.split(':').zip(dimensions) {
            assert!(part.parse::<usize>().unwrap() < dimension["values"].as_array().unwrap().len(), "{key}");
        }
    }
}

const OWN_RULES: &str = r#"
[[rule]]
kind = "sum"
tables = ["own"]
rows = "Total"
columns = ["5: All", "5: With 4 and 5", "6: All", "6: With 4 and 5", "Total: All", "Total: With 4 and 5"]
of = "[{}@*]"

[[rule]]
kind = "sum"
tables = ["own"]
rows = "all"
target = "Total: All"
of = "[5: All], [6: All]"

[[rule]]
kind = "share"
tables = ["own"]
rows = "all"
columns = ["5", "6", "Total"]
target = "{}: Quality"
part = "[{}: With 4 and 5]"
whole = "[{}: All]"

[[rule]]
kind = "rank"
tables = ["own"]
rows = "body"
target = "5: Place"
of = "5: Quality"
"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Our own tables pass our own auditor, whatever the numbers, also with small groups hidden.
    #[test]
    fn own_tables_agree(pupils in prop::array::uniform4(prop::array::uniform2((0_i32..60, 0_i32..60)))) {
        let text = csv(&table(pupils), Language::En).unwrap();
        let rules = Rules::from_toml("own", OWN_RULES).unwrap();
        let sheet = Sheet::from_csv("own", &text);
        let report = audit(&[sheet], &rules);
        prop_assert_eq!(&report.rule_errors, &vec![]);
        // Sums over hidden cells cannot be redone, which is the point of hiding them.
        let hidden = text.contains('…');
        let wrong = report.findings.iter().filter(|finding| !hidden || finding.kind == RuleKind::Share).count();
        prop_assert_eq!(wrong, 0, "{}", report.text(Language::En));
    }
}
