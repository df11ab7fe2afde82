//! Tables of measures in files: the workbook read back and recalculated by an evaluator of its own, the PDF by its text.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]
#![expect(clippy::float_cmp, reason = "numbers of a workbook are stored and computed as they are shown")]

mod workbook;

use documents::statistics::{About, ChartKind, Geometry, chart_kinds, table_chart, table_workbook};
use kernel::{Language, Localized};
use measures::definition::Catalogue;
use measures::evaluate::Evaluation;
use measures::table::{Formula, Table};
use measures::view::Content;
use measures::{Cube, Fact, Observation};
use workbook::Workbook;

const DEFINITIONS: &str = r#"
[[facts]]
code = "pupils"
name = { kk = "а", ru = "а", en = "Pupils" }
scale = ["5", "4", "3", "2"]

[[measure]]
code = "all"
name = { kk = "Білім алушылар", ru = "Обучающиеся", en = "Pupils" }
unit = "persons"
kind = "count"
of = { facts = "pupils" }
minimum_group = 5

[[measure]]
code = "good"
name = { kk = "4 және 5", ru = "На 4 и 5", en = "With 4 and 5" }
unit = "persons"
kind = "count"
of = { facts = "pupils", levels = ["5", "4"] }
minimum_group = 5

[[measure]]
code = "quality"
name = { kk = "Білім сапасы", ru = "Качество знаний", en = "Quality" }
unit = "percent"
kind = "share"
numerator = { facts = "pupils", levels = ["5", "4"] }
denominator = { facts = "pupils" }
decimals = 1
minimum_group = 5
direction = "more_is_better"
near = "5"
targets = [{ period = "2024-2", value = "80" }]

[[measure]]
code = "school_quality"
name = { kk = "Мектептер орташасы", ru = "Среднее по школам", en = "Mean of schools" }
unit = "percent"
kind = "share"
numerator = { facts = "pupils", levels = ["5", "4"] }
denominator = { facts = "pupils" }
averaging = "of_rounded_values"
decimals = 2
minimum_group = 5

[[measure]]
code = "change"
name = { kk = "Өзгеруі", ru = "Изменение", en = "Change" }
unit = "percentage_points"
kind = "change"
measure = "quality"
against = "previous"
values = "rounded"
decimals = 1

[[measure]]
code = "place"
name = { kk = "Орын", ru = "Место", en = "Place" }
kind = "rank"
measure = "quality"
"#;

const VIEWS: &str = r#"
[[dimension]]
code = "place"
name = { kk = "Мектеп", ru = "Школа", en = "School" }
members = [
  { code = "network", level = "network", name = { kk = "Желі", ru = "Сеть", en = "Network" } },
  { code = "abay", parent = "network", level = "school", name = { kk = "Абай", ru = "Абай", en = "Abay" } },
  { code = "qonyr", parent = "network", level = "school", name = { kk = "Қоңыр", ru = "Коныр", en = "Qonyr" } },
  { code = "saty", parent = "network", level = "school", name = { kk = "Саты", ru = "Саты", en = "Saty" } },
  { code = "zher", parent = "network", level = "school", name = { kk = "Жер", ru = "Жер", en = "Zher" } },
]

[[dimension]]
code = "period"
name = { kk = "Кезең", ru = "Период", en = "Period" }
members = [
  { code = "2024", level = "year", name = { kk = "2024", ru = "2024", en = "2024" } },
  { code = "2024-1", parent = "2024", level = "term", name = { kk = "1-тоқсан", ru = "1 четверть", en = "Quarter 1" } },
  { code = "2024-2", parent = "2024", level = "term", name = { kk = "2-тоқсан", ru = "2 четверть", en = "Quarter 2" } },
]

[[dimension]]
code = "language"
name = { kk = "Оқыту тілі", ru = "Язык обучения", en = "Language" }
members = [
  { code = "kk", name = { kk = "қазақ", ru = "казахский", en = "Kazakh" } },
  { code = "ru", name = { kk = "орыс", ru = "русский", en = "Russian" } },
]

[[view]]
code = "terms"
title = { kk = "Тоқсандар бойынша сапа", ru = "Качество по четвертям", en = "Quality by quarter" }
rows = { dimension = "place", level = "school", below = "network", total = { kk = "Барлығы", ru = "Всего", en = "Total" }, total_of = "network" }
columns = { dimension = "period", members = ["2024-1", "2024-2"] }
measures = ["all", "good", "quality", "change", "school_quality", "place"]
both_averages = true

[[view]]
code = "languages"
title = { kk = "Контингент", ru = "Контингент", en = "Pupils" }
rows = { dimension = "place", level = "school", below = "network", total = { kk = "Барлығы", ru = "Всего", en = "Total" }, total_of = "network" }
columns = { dimension = "language", members = ["kk", "ru"], total = { kk = "Барлығы", ru = "Всего", en = "Total" } }
measures = ["all"]
period = ["2024-2"]

[[view]]
code = "one"
title = { kk = "Сапа", ru = "Качество", en = "Quality" }
rows = { dimension = "place", level = "school", below = "network", total = { kk = "Барлығы", ru = "Всего", en = "Total" }, total_of = "network" }
measures = ["quality"]
period = ["2024-2"]
"#;

/// Pupils (good, other) of four schools by term and language.
fn table(view: &str, pupils: [[[(i32, i32); 2]; 2]; 4]) -> Table {
    let content = Content::from_toml(VIEWS).unwrap();
    let catalogue = Catalogue::from_toml([("test", DEFINITIONS)]).unwrap();
    let mut cube = Cube::new(content.schema().unwrap());
    catalogue.declare_facts(&mut cube).unwrap();
    let kind = cube.kind("pupils").unwrap();
    for (school, terms) in ["abay", "qonyr", "saty", "zher"].into_iter().zip(pupils) {
        let place = cube.schema.place.member(school).unwrap();
        for (term, languages) in ["2024-1", "2024-2"].into_iter().zip(terms) {
            for (language, (good, other)) in (1..).zip(languages) {
                let key = cube.schema.key(cube.schema.period.member(term).unwrap(), &[language]);
                let fact = |level, times| Fact { place, key, observation: Observation::Level(level), times };
                cube.record(kind, &[fact(0, good), fact(2, other)]).unwrap();
            }
        }
    }
    let view = content.views.iter().find(|one| one.code == view).unwrap();
    Evaluation { cube: &cube, catalogue: &catalogue }.table(&view.request(&cube.schema).unwrap()).unwrap()
}

const LARGE: [[[(i32, i32); 2]; 2]; 4] = [
    [[(30, 10), (20, 20)], [(35, 5), (21, 19)]],
    [[(9, 1), (50, 10)], [(10, 7), (55, 6)]],
    [[(75, 25), (40, 10)], [(80, 20), (40, 11)]],
    [[(12, 8), (10, 10)], [(13, 8), (11, 9)]],
];

fn about(language: Language) -> About {
    About {
        issuer: "Zerek".to_owned(),
        date: "26.11.2026".to_owned(),
        scope: vec!["Желі".to_owned()],
        source: "Электрондық журнал".to_owned(),
        ..About::new(language)
    }
}

fn read(tables: &[(&Table, &About)]) -> Workbook {
    Workbook::read(table_workbook(tables).unwrap())
}

#[test]
fn formulas_recalculated_give_the_numbers_that_are_shown() {
    let (terms, languages) = (table("terms", LARGE), table("languages", LARGE));
    for language in Language::ALL {
        let about = about(language);
        let book = read(&[(&terms, &about), (&languages, &about)]);
        let checked: usize = book.sheets.iter().map(|sheet| sheet.recalculate().len()).sum();
        // 5 rows of two quality shares, 4 changes and a total, one total of counts in each of 4 columns, two means, 8
        // places; then 3 totals below and 4 beside.
        let expected =
            terms.cells.iter().chain(&languages.cells).flatten().filter(|cell| cell.formula.is_some()).count();
        assert_eq!(checked, expected, "{language}");
        for sheet in &book.sheets {
            for (at, cached, computed) in sheet.recalculate() {
                assert_eq!(cached, computed, "{language} {at}: {}", sheet.formulas[&at]);
            }
        }
    }
}

#[test]
fn every_kind_of_formula_occurs_and_is_written() {
    let terms = table("terms", LARGE);
    let book = read(&[(&terms, &about(Language::En))]);
    let formulas: Vec<&str> = book.sheets[0].formulas.values().map(String::as_str).collect();
    for beginning in ["SUM(", "ROUND(100*", "ROUND(ROUND(AVERAGE(", "RANK("] {
        assert!(formulas.iter().any(|formula| formula.starts_with(beginning)), "{beginning}: {formulas:?}");
    }
    let difference = |formula: &&str| formula.starts_with("ROUND(") && formula.contains('-');
    assert!(formulas.iter().any(difference), "{formulas:?}");
    // A total of rows is one range, and a change reads the quarter before.
    assert!(formulas.contains(&"SUM(B6:B9)"), "{formulas:?}");
}

#[test]
fn a_total_that_its_rows_do_not_give_is_a_number_not_a_formula() {
    let mut terms = table("terms", LARGE);
    assert!(matches!(terms.cells[4][0].formula, Some(Formula::Sum { .. })));
    terms.cells[4][0].formula = None;
    let book = read(&[(&terms, &about(Language::En))]);
    assert_eq!(book.sheets[0].number("B10"), Some(340.0));
    assert!(!book.sheets[0].formulas.contains_key("B10"));
}

#[test]
fn hidden_cells_are_marked_and_nothing_computes_them() {
    let mut small = LARGE;
    small[1][1] = [(2, 1), (50, 10)];
    let languages = table("languages", small);
    for language in Language::ALL {
        let book = read(&[(&languages, &about(language))]);
        let sheet = &book.sheets[0];
        let hidden: Vec<&String> = sheet.texts.iter().filter(|(_, text)| *text == "…").map(|(at, _)| at).collect();
        assert_eq!(hidden.len(), 4, "a rectangle: {hidden:?}");
        for (at, formula) in &sheet.formulas {
            assert!(!hidden.iter().any(|cell| formula.contains(cell.as_str())), "{at}: {formula}");
        }
        for (at, cached, computed) in sheet.recalculate() {
            assert_eq!(cached, computed, "{at}");
        }
        assert!(sheet.texts.values().any(|text| text.contains('5') && text.contains('…')), "the footnote says why");
    }
}

#[test]
fn targets_have_their_word_and_other_averages_their_column() {
    let terms = table("terms", LARGE);
    let book = read(&[(&terms, &about(Language::Ru))]);
    let texts: Vec<&str> = book.sheets[0].texts.values().map(String::as_str).collect();
    for word in ["достигнуто", "не достигнуто", "Качество знаний, %: целевое значение", "Качество знаний, %: по школам"]
    {
        assert!(texts.contains(&word), "{word}: {texts:?}");
    }
}

#[test]
fn the_chart_follows_the_shape_of_the_table() {
    let kinds = |view: &str| chart_kinds(&table(view, LARGE), &About::new(Language::En));
    assert_eq!(kinds("terms")[0], ChartKind::Lines);
    assert_eq!(kinds("languages")[0], ChartKind::Distribution);
    assert_eq!(kinds("one"), [ChartKind::Bars, ChartKind::Dots]);
    let square = |code: &str, x: i32| {
        format!(
            r#"{{"properties": {{"code": "{code}"}}, "geometry": {{"type": "Polygon", "coordinates": [[[{x}, 0], [{}, 0], [{}, 1], [{x}, 1]]]}}}}"#,
            x + 1,
            x + 1
        )
    };
    let squares: Vec<String> =
        ["abay", "qonyr", "saty", "zher"].iter().zip(0..).map(|(code, x)| square(code, x)).collect();
    let geometry = Geometry::from_geojson(&format!(r#"{{"features": [{}]}}"#, squares.join(","))).unwrap();
    let about = About { geometry: Some(geometry), ..About::new(Language::Kk) };
    assert_eq!(chart_kinds(&table("one", LARGE), &about)[0], ChartKind::Map);
    for view in ["terms", "languages", "one"] {
        let table = table(view, LARGE);
        for kind in chart_kinds(&table, &about) {
            let chart = table_chart(&table, &About { chart: Some(kind), ..about.clone() }).unwrap();
            let (svg, data) = (chart.svg(), chart.table());
            assert!(svg.contains("<title id=") && svg.contains("<desc id="), "{view} {kind}");
            assert!(svg.contains("chart-") && !svg.contains("NaN"), "{view} {kind}");
            assert!(data.rows.len() >= 2 && data.rows.iter().all(|row| row.len() == data.heads.len()), "{view} {kind}");
        }
        let not_asked = table_chart(&table, &About { chart: None, ..about.clone() });
        assert!(not_asked.is_none());
    }
}

#[test]
fn a_chart_that_does_not_suit_is_not_drawn() {
    let one = table("one", LARGE);
    let about = About { chart: Some(ChartKind::Lines), ..About::new(Language::En) };
    assert!(table_chart(&one, &about).is_none(), "no periods run along an edge");
    let mut empty = one.clone();
    empty.rows.clear();
    empty.cells.clear();
    assert_eq!(chart_kinds(&empty, &about), []);
    let title = Localized::same("x");
    assert_eq!(title.in_language(Language::Kk), "x");
}

#[cfg(feature = "pdf")]
mod pdf {
    use super::*;
    use documents::Renderer;
    use documents::statistics::table_pdf;
    use std::io::Write;
    use std::process::{Command, Stdio};

    /// The text of a PDF by poppler, `None` (said aloud) where poppler is not installed.
    fn text_of(pdf: &[u8]) -> Option<String> {
        let mut command = Command::new("pdftotext");
        let child = command.args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = child else {
            eprintln!("skipped: pdftotext (poppler-utils) is not installed");
            return None;
        };
        child.stdin.take().unwrap().write_all(pdf).unwrap();
        Some(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
    }

    #[test]
    fn a_table_on_paper_says_what_the_table_says() {
        let renderer = Renderer::new().unwrap();
        for language in Language::ALL {
            for view in ["terms", "languages", "one"] {
                let table = table(view, LARGE);
                let chart = chart_kinds(&table, &About::new(language)).first().copied();
                let about = About { chart, ..about(language) };
                let pdf = table_pdf(&renderer, &table, &about).unwrap();
                assert_eq!(pdf.missing, "");
                let holds = |needle: &str| pdf.bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
                assert!(holds("pdfuaid") && holds("/StructTreeRoot"), "tagged PDF/UA");
                let Some(text) = text_of(&pdf.bytes) else { return };
                assert!(text.contains(table.title.in_language(language)), "{text}");
                for (row, line) in table.rows.iter().enumerate() {
                    assert!(text.contains(line.label.in_language(language)), "{text}");
                    for column in 0..table.columns.len() {
                        let number = table.text((row, column));
                        let number = if language == Language::En { number } else { number.replace('.', ",") };
                        let number = number.replace('-', "−");
                        assert!(text.contains(&number), "{language} {view} {row} {column}: {number} in {text}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_long_table_repeats_its_headings_on_every_page() {
        let mut table = table("one", LARGE);
        let (line, cells) = (table.rows[0].clone(), table.cells[0].clone());
        for number in 0..150 {
            let label = Localized::same(format!("School {number}"));
            table.rows.insert(0, measures::table::Line { label, ..line.clone() });
            table.cells.insert(0, cells.clone());
        }
        let pdf = table_pdf(&Renderer::new().unwrap(), &table, &about(Language::En)).unwrap();
        assert!(pdf.pages >= 3);
        let Some(text) = text_of(&pdf.bytes) else { return };
        let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
        assert_eq!(pages.len(), pdf.pages);
        for page in pages.iter().take(pages.len() - 1) {
            assert!(page.contains("Quality, %"), "{page}");
        }
    }
}
