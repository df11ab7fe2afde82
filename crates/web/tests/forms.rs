//! The printed tables of the pack in their three forms: page, workbook and paper say in Kazakh, Russian and English what the
//! computed table says, cell by cell.

use std::io::Write;
use std::process::{Command, Stdio};

use calamine::Data;
use documents::Labels;
use documents::statistics::cell_text;
use kernel::{Actor, Language};
use measures::Exact;
use measures::table::Table;
use scraper::{Html, Selector};
use statistics::Statistics;

use crate::govern::with_tables;
use crate::routes::{Answer, Browser};
use crate::workbook::Workbook;

const DATASET: &str = "annual-report-2011";

/// The text of a PDF as it stands on the paper, `None` (said aloud) where poppler is not installed.
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

/// Thousands are kept together by narrow spaces, which are no ends of words here.
fn plain(text: &str) -> String {
    text.replace(['\u{202f}', '\u{a0}'], "")
}

fn on_page(answer: &Answer) -> Vec<(String, Vec<String>)> {
    let html = Html::parse_document(&answer.text);
    let select = |selector: &str| Selector::parse(selector).unwrap();
    let (rows, label, cells, number) =
        (select("table.statistics tbody tr, table.statistics tfoot tr"), select("th"), select("td"), select("a, span"));
    html.select(&rows)
        .map(|row| {
            let text = |element: scraper::ElementRef<'_>| plain(element.text().collect::<String>().trim());
            let number = |cell: scraper::ElementRef<'_>| cell.select(&number).next().map_or_else(|| text(cell), text);
            (text(row.select(&label).next().unwrap()), row.select(&cells).map(number).collect())
        })
        .collect()
}

/// Rows of the workbook that carry numbers, between the headings and the notes.
fn in_workbook(bytes: Vec<u8>, columns: usize) -> Vec<(String, Vec<Option<Exact>>)> {
    let book = Workbook::read(bytes);
    let sheet = &book.sheets[0];
    for (at, stored, computed) in sheet.recalculate() {
        assert!((stored - computed).abs() < 1e-9, "{at}: {stored} stored, {computed} computed");
    }
    let number = |cell: &Data| match cell {
        Data::Float(number) => number.to_string().parse().ok(),
        Data::Int(number) => number.to_string().parse().ok(),
        _ => None,
    };
    let known = |cell: &Data| number(cell).is_some() || matches!(cell, Data::String(text) if text == "–");
    let body = sheet.rows.iter().filter(|row| row.len() > columns && row[1..=columns].iter().all(known));
    body.map(|row| (row[0].to_string(), row[1..=columns].iter().map(number).collect())).collect()
}

struct Expected {
    labels: Vec<String>,
    texts: Vec<Vec<String>>,
    numbers: Vec<Vec<Option<Exact>>>,
}

fn expected(table: &Table, language: Language) -> Expected {
    let labels = Labels::built_in(language);
    let rows = 0..table.rows.len();
    let columns = || 0..table.columns.len();
    let text = |at| plain(&cell_text(table, at, language, &labels).text);
    let number = |at| table.cell(at).and_then(|cell| cell.value.printed);
    Expected {
        labels: table.rows.iter().map(|line| line.label.in_language(language).to_owned()).collect(),
        texts: rows.clone().map(|row| columns().map(|column| text((row, column))).collect()).collect(),
        numbers: rows.map(|row| columns().map(|column| number((row, column))).collect()).collect(),
    }
}

async fn speak(browser: &mut Browser, language: Language) {
    let csrf = browser.get("/").await.attribute("form[action='/preferences/language'] input[name=csrf]", "value");
    let fields = [("csrf", csrf.as_str()), ("language", language.code()), ("next", "/")];
    browser.post("/preferences/language", &fields).await;
}

#[tokio::test]
async fn page_workbook_and_paper_say_the_same_in_three_languages() {
    let mut browser = with_tables().await;
    browser.sign_in("specialist").await;
    let statistics = Statistics::embedded().unwrap();
    let views = statistics.definitions().contents.get(DATASET).unwrap().views.clone();
    let mut lines = Vec::new();
    for language in Language::ALL {
        speak(&mut browser, language).await;
        let (mut cells, mut on_paper) = (0, 0);
        for view in &views {
            let shown = statistics.table(browser.database(), &Actor::system(), DATASET, view, false).await.unwrap();
            let (table, code) = (&shown.table, format!("{} in {language}", view.code));
            let Expected { labels, texts, numbers } = expected(table, language);
            cells += texts.iter().map(Vec::len).sum::<usize>();
            let address = |page: &str| format!("/govern/tables/{page}?view={DATASET}/{}", view.code);

            let page = browser.get(&address("show")).await;
            let rows: Vec<(String, Vec<String>)> = labels.iter().cloned().zip(texts.clone()).collect();
            assert_eq!(on_page(&page), rows, "{code}: page");
            let title = view.title.in_language(language);
            assert!(page.text.contains(&format!("<h1>{}", title.replace('&', "&amp;"))), "{code}: {title}");

            let file = browser.get(&format!("{}&format=xlsx", address("export"))).await;
            let rows: Vec<(String, Vec<Option<Exact>>)> = labels.iter().cloned().zip(numbers).collect();
            assert_eq!(in_workbook(file.bytes, table.columns.len()), rows, "{code}: workbook");

            let file = browser.get(&format!("{}&format=pdf", address("export"))).await;
            let Some(text) = text_of(&file.bytes) else { continue };
            let text = plain(&text);
            assert!(text.contains(title), "{code}: {text}");
            // Rows in their order; a row's numbers stand side by side at the end of its line.
            let mut paper = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            for (label, numbers) in labels.iter().zip(&texts) {
                let ends = |line: &Vec<&str>| line.ends_with(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
                let begins = |line: &Vec<&str>| label.split_whitespace().next() == line.first().copied();
                let found = paper.find(|line| ends(line) && begins(line));
                assert!(found.is_some(), "{code}: {label} {numbers:?} in {text}");
                on_paper += numbers.len();
            }
        }
        lines.push(format!("{language:8} {:>6} {cells:>6} {cells:>9} {on_paper:>6}", views.len()));
    }
    eprintln!("language tables page  workbook paper (cells compared)");
    for line in &lines {
        eprintln!("{line}");
    }
}
