//! Documents as PDF files: they exist, are the same each time, and no text of a user can break them.
#![cfg(feature = "pdf")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::Write;
use std::process::{Command, Stdio};

use documents::report::Status;
use documents::{Document, Renderer, samples};
use kernel::Language;

fn renderer() -> Renderer {
    Renderer::new().unwrap()
}

/// The text of a PDF by poppler, `None` (said aloud) where poppler is not installed.
fn text_of(pdf: &[u8]) -> Option<String> {
    Some(pages_of(pdf)?.join(" "))
}

/// The words of each page.
fn pages_of(pdf: &[u8]) -> Option<Vec<String>> {
    let child =
        Command::new("pdftotext").args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: pdftotext (poppler-utils) is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    // Line breaks and columns differ with the layout; the words do not. Each page ends with a form feed.
    let pages = text.trim_end_matches('\x0c').split('\x0c');
    Some(pages.map(|page| page.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}

fn check<D: Document>(renderer: &Renderer, document: &D) -> documents::Pdf {
    let pdf = renderer.render(document).unwrap();
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(pdf.missing, "");
    // Once is enough: an unoptimised build takes its time.
    if document.language() == Language::Kk {
        let again = renderer.render(document).unwrap();
        assert!(pdf == again, "the same data give the same bytes");
    }
    let holds = |needle: &str| pdf.bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
    assert!(holds(&format!("/Lang({})", document.language())), "document language");
    assert!(holds("/StructTreeRoot"), "tags");
    assert!(holds("pdfuaid"), "declared as PDF/UA");
    pdf
}

#[test]
fn individual_report_says_what_facts_3_13_say() {
    let renderer = renderer();
    for language in Language::ALL {
        let report = samples::individual(language);
        let pdf = check(&renderer, &report);
        assert_eq!(pdf.pages, 1, "{language}");
        let Some(text) = text_of(&pdf.bytes) else { return };
        let labels = documents::Labels::built_in(language);
        let statuses = |status: &str| text.matches(&format!(" {}", labels.text(status))).count();
        assert!(text.contains(&report.school) && text.contains(&report.subject), "{text}");
        assert!(text.contains("16 / 20"), "{text}");
        for value in ["17", "7", "36", "16", "20", "0"] {
            assert!(text.split(' ').any(|word| word == value), "{language}: {value}");
        }
        assert_eq!(statuses("status-incorrect"), 4, "{language}: {text}");
        // The band comes after all of it: the same page, points with their error, the level and what it means.
        let scale = report.scale.as_ref().unwrap();
        let (before, after) = text.split_once(labels.text("how-sure")).unwrap();
        assert!(after.contains(&format!("{} ± {}", scale.points.text, scale.error.text)), "{language}: {after}");
        assert!(after.contains(&scale.levels[scale.level].name) && !before.contains(&scale.error.text), "{language}");
        assert!(text.contains(labels.text("demonstration-note")), "{language}");
    }
}

#[test]
fn twenty_tasks_are_one_page_and_long_names_flow_on_to_the_next() {
    let renderer = renderer();
    let mut report = samples::weak(Language::Kk);
    assert_eq!(check(&renderer, &report).pages, 1);
    let (labels, whose) = (documents::Labels::built_in(Language::Kk), format!("{} · {}", report.pupil, report.class));
    let pages = |report: &documents::report::IndividualReport| -> Option<Vec<String>> {
        let pdf = check(&renderer, report);
        assert_eq!(pdf.pages, 2);
        let pages = pages_of(&pdf.bytes)?;
        // Both pages say whose they are: the first in its title, the second beside the group that goes on there.
        assert!(pages.len() == 2 && pages[0].contains(&report.pupil) && pages[1].contains(&whose), "{pages:?}");
        Some(pages)
    };
    // More advice than one page holds: what to do next begins on the first, and the group that breaks names itself again.
    for section in &mut report.sections {
        section.advice = [section.advice.as_str(); 2].join(" ");
    }
    let Some(found) = pages(&report) else { return };
    assert!(found[0].contains(labels.text("what-next")) && found[0].contains(labels.text("how-sure")), "{found:?}");
    assert!(found.iter().all(|page| page.contains(labels.text("weak"))), "{found:?}");
    // Long names in the table leave no room: then the heading goes with what it heads.
    for item in &mut report.items {
        item.topic = [item.topic.as_str(); 2].join(" ");
    }
    let Some(found) = pages(&report) else { return };
    assert!(!found[0].contains(labels.text("what-next")) && !found[0].contains(labels.text("weak")), "{found:?}");
    assert!(found[1].contains(labels.text("what-next")), "{found:?}");
    let text = found.join(" ");
    // A name that wraps stands in two lines of its column: word by word.
    for word in report.sections.iter().flat_map(|section| section.section.split(' ')) {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn class_report_and_cards_hold_everybody() {
    let renderer = renderer();
    for language in Language::ALL {
        let report = samples::class(language, 36);
        let pdf = check(&renderer, &report);
        assert!((2..=4).contains(&pdf.pages), "{} pages", pdf.pages);
        let cards = samples::cards(language, 36);
        let sheet = check(&renderer, &cards);
        assert_eq!(sheet.pages, 4, "{language}");
        let (Some(text), Some(printed)) = (text_of(&pdf.bytes), text_of(&sheet.bytes)) else { return };
        for pupil in &report.pupils {
            assert!(text.contains(&pupil.name), "{language}: {}", pupil.name);
        }
        for card in &cards.cards {
            assert!(printed.contains(&card.code) && printed.contains(&card.pupil), "{language}: {card:?}");
        }
    }
    // Nobody, one pupil, and a test of 45 tasks with points do not stop the report.
    let mut report = samples::class(Language::Ru, 1);
    report.groups.clear();
    renderer.render(&report).unwrap();
    let item = report.items[0].clone();
    report.items = vec![item; 45];
    report.pupils[0].statuses = vec![Status::Partial; 45];
    let points = documents::report::Points {
        earned: documents::report::Number::whole(3),
        of: documents::report::Number::whole(4),
    };
    report.pupils[0].points = vec![Some(points); 45];
    renderer.render(&report).unwrap();
    report.pupils.clear();
    renderer.render(&report).unwrap();
    let mut cards = samples::cards(Language::Ru, 0);
    renderer.render(&cards).unwrap();
    // Ten cards stand on one sheet, however long the names are, and the widest code stays in one line.
    let mut long = samples::cards(Language::Kk, 10);
    long.school = "Мұхаметқали Әбілқайырұлы Нұрмұхамбетов атындағы жалпы орта білім беретін мектеп".to_owned();
    long.cards[3].pupil = "Нұрмұхамбетұлы Мұхаммедәлі Әбдірахманұлы".to_owned();
    long.cards[4].code = "MMM8-MMM8".to_owned();
    for card in &mut long.cards {
        card.subject = "Қазақ тілі мен әдебиеті (Т2), 8-сынып".to_owned();
    }
    let sheet = renderer.render(&long).unwrap();
    assert_eq!(sheet.pages, 1);
    if let Some(text) = text_of(&sheet.bytes) {
        assert!(text.contains("MMM8-MMM8"), "{text}");
    }
    cards.address = "очень-длинный-адрес.школа.пример.қаз/кіру".to_owned();
    renderer.render(&cards).unwrap();
}

#[test]
fn school_report_and_presentation_hold_every_row() {
    let renderer = renderer();
    for language in Language::ALL {
        let report = samples::school(language);
        let pdf = check(&renderer, &report);
        let campaign = samples::campaign(language);
        let slides = check(&renderer, &campaign);
        assert!((17..=28).contains(&slides.pages), "{} slides", slides.pages);
        let (Some(text), Some(printed)) = (text_of(&pdf.bytes), text_of(&slides.bytes)) else { return };
        for row in &report.subjects {
            let mean = row.mean.value.as_ref().unwrap();
            assert!(text.contains(&mean.text), "{language}: {}", mean.text);
        }
        for row in &campaign.places {
            assert!(printed.contains(&row.school), "{language}: {}", row.school);
        }
        assert!(printed.contains("2492 / 2565"), "{language}");
        for (text, table) in report
            .levels
            .iter()
            .map(|table| (&text, table))
            .chain(campaign.levels.iter().map(|table| (&printed, table)))
        {
            let shown = table.rows.iter().filter_map(|row| row.shares.first().zip(row.error.as_ref()));
            for (share, error) in shown {
                assert!(
                    text.contains(&share.text) && text.contains(&format!("± {}", error.text)),
                    "{language}: {table:?}"
                );
            }
        }
        // A group of seven shows neither mean nor shares, but its number.
        let held = &report.levels[1].rows.last().unwrap();
        assert!(held.n == 7 && held.mean.is_none());
    }
    // A campaign without results yet is a title and its counts.
    let mut empty = samples::campaign(Language::Ru);
    empty.subjects.clear();
    empty.breakdowns.clear();
    empty.places.clear();
    empty.correlations.clear();
    empty.findings.clear();
    empty.highlights.clear();
    empty.levels.clear();
    empty.levels_by_language.clear();
    empty.scale_by_district.clear();
    empty.enrolled = 0;
    assert_eq!(renderer.render(&empty).unwrap().pages, 2);
    // A long table goes on on a slide of the same name, and no slide runs over into one without.
    let mut long = samples::campaign(Language::Kk);
    let before = renderer.render(&long).unwrap().pages;
    let regions = &mut long.breakdowns[1].rows;
    *regions = (0..40).map(|row| regions[row % 17].clone()).collect();
    let slides = renderer.render(&long).unwrap();
    assert_eq!(slides.pages, before + 2);
    let title = long.breakdowns[1].title.clone();
    if let Some(text) = text_of(&slides.bytes) {
        for part in 1..=3 {
            assert!(text.contains(&format!("{title} · {part}/3")), "{part}: {text}");
        }
    }
    let mut empty = samples::school(Language::Kk);
    empty.subjects.clear();
    empty.classes.clear();
    empty.findings.clear();
    empty.participation.clear();
    assert_eq!(renderer.render(&empty).unwrap().pages, 1);
}

#[test]
fn user_text_is_text_whatever_it_holds() {
    let renderer = renderer();
    let mut report = samples::individual(Language::Ru);
    let nasty = r#"#panic("x") *жирный* $a^2$ \u{41} <метка> @ref // [скобка " ' `код`"#;
    report.pupil = nasty.to_owned();
    report.items[0].criterion = "#import \"common.typ\": * \\ #let a = 1 ".repeat(4);
    report.items[1].topic = String::new();
    report.school = "Ш".repeat(400);
    let pdf = renderer.render(&report).unwrap();
    let Some(text) = text_of(&pdf.bytes) else { return };
    let without_spaces = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    assert!(without_spaces(&text).contains(&without_spaces("*жирный*$a^2$")), "{text}");
}

#[test]
fn a_paper_form_has_its_tasks_and_its_answer_sheet() {
    let renderer = renderer();
    for (language, sheet) in
        [(Language::Kk, "Жауап парағы"), (Language::Ru, "Бланк ответов"), (Language::En, "Answer sheet")]
    {
        let pdf = check(&renderer, &samples::paper(language));
        assert_eq!(pdf.pages, 2);
        let Some(text) = text_of(&pdf.bytes) else { return };
        for words in [sheet, "Сколько будет", "A) 4", "Қала:"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}

#[test]
fn letters_that_no_font_has_are_replaced_and_named() {
    let mut report = samples::individual(Language::Kk);
    report.pupil = "Әлия 🙂 王".to_owned();
    let pdf = renderer().render(&report).unwrap();
    assert_eq!(pdf.missing, "王🙂");
}

#[test]
fn an_empty_or_long_test_still_makes_a_report() {
    let renderer = renderer();
    let mut report = samples::individual(Language::En);
    report.imprint.demonstration = false;
    report.items.clear();
    report.sections.clear();
    report.skills.clear();
    report.score.standard_error = None;
    report.class_place = None;
    assert_eq!(renderer.render(&report).unwrap().pages, 1);
    let item = samples::individual(Language::En).items[0].clone();
    report.items = (1..=100)
        .map(|number| {
            let mut item = item.clone();
            item.number = number;
            item.skill = None;
            item.status = if number > 60 { Status::NotReached } else { Status::Partial };
            item
        })
        .collect();
    assert!(renderer.render(&report).unwrap().pages >= 3);
}

#[test]
fn one_renderer_serves_many_threads() {
    let renderer = renderer();
    let expected = renderer.render(&samples::individual(Language::Kk)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let renderer = renderer.clone();
            let expected = &expected;
            scope.spawn(move || {
                for _ in 0..4 {
                    assert!(renderer.render(&samples::individual(Language::Kk)).unwrap() == *expected);
                }
            });
        }
    });
}

#[test]
fn a_test_analysis_shows_every_kind_of_section() {
    use documents::report::{AnalysisBody, AnalysisChart, AnalysisColumn, AnalysisSection, Imprint, TestAnalysis};

    let renderer = renderer();
    let section = |heading: &str, body: AnalysisBody| AnalysisSection {
        heading: heading.to_owned(),
        note: format!("{heading}: түсінік"),
        body,
    };
    for language in Language::ALL {
        let chart = AnalysisChart {
            caption: "Тапсырма 1".to_owned(),
            svg:
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><rect width=\"5\" height=\"5\"/></svg>"
                    .to_owned(),
            alt: "a square".to_owned(),
        };
        let facts = (1..=5).map(|i| (format!("fact {i}"), format!("{i},5"))).collect();
        let columns = vec![
            AnalysisColumn::text("item", 2),
            AnalysisColumn::numbers("a very long head of numbers"),
            AnalysisColumn::text("flags", 3),
        ];
        let report = TestAnalysis {
            imprint: Imprint {
                language,
                campaign: "data.csv".to_owned(),
                issuer: "Zerek".to_owned(),
                date: String::new(),
                demonstration: false,
            },
            title: "Әдебиет #strong[1]".to_owned(),
            lead: "20 × 651".to_owned(),
            sections: vec![
                section("facts", AnalysisBody::Facts { pairs: facts }),
                section("charts", AnalysisBody::Charts { columns: 2, charts: vec![chart; 3] }),
                section(
                    "table",
                    AnalysisBody::Table {
                        columns,
                        rows: vec![vec!["q*1".to_owned(), "0,25".to_owned(), "x\ny".to_owned()]],
                    },
                ),
                section("lines", AnalysisBody::Lines { lines: vec!["= not a heading".to_owned()] }),
            ],
        };
        let pdf = check(&renderer, &report);
        let Some(text) = text_of(&pdf.bytes) else { return };
        for part in
            ["Әдебиет #strong[1]", "fact 5", "q*1", "0,25", "= not a heading", "table: түсінік", "Zerek · data.csv"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
