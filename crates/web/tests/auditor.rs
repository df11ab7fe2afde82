//! The auditor's page: what is wrong in a table is said in the cell, in words, and nothing is kept.

use axum::http::{StatusCode, header};
use scraper::Selector;

use crate::campaigns::browser;
use crate::routes::{Answer, Browser};

const PAGE: &str = "/govern/audit";
/// Six schools; the share of the fifth does not follow from its counts, and the total of the second column is one too many.
const FAULTY: &str = "school;pupils;with_5;with_4;absent;late;share_5\nAbay;100;25;40;3;2;25,0\n\
                      Bilge;80;20;31;4;1;25,0\n\
                      Qonyr;60;6;22;1;5;10,0\n\
                      Saty;90;30;41;2;3;33,3\n\
                      Zher;50;10;17;2;4;25,5\n\
                      TOTAL;380;92;151;12;15;24,2\n";

async fn csrf(browser: &mut Browser) -> String {
    browser.get(PAGE).await.attribute("main form input[name=csrf]", "value")
}

async fn dropped(browser: &mut Browser, files: &[(&str, &str, &str)]) -> Answer {
    let csrf = csrf(browser).await;
    browser.upload(PAGE, &[&[("csrf", "", csrf.as_str())], files].concat()).await
}

fn all(answer: &Answer, selector: &str) -> Vec<String> {
    let (html, selector) = (answer.html(), Selector::parse(selector).unwrap());
    html.select(&selector).map(|found| found.text().collect::<Vec<_>>().join(" ").trim().to_owned()).collect()
}

fn values(answer: &Answer, selector: &str) -> Vec<String> {
    let (html, selector) = (answer.html(), Selector::parse(selector).unwrap());
    html.select(&selector).filter_map(|found| found.attr("value").map(str::to_owned)).collect()
}

/// The form of the page before with these relations ticked, sent to show something.
async fn confirmed(browser: &mut Browser, before: &Answer, relations: &[String], show: &str) -> Answer {
    let hidden = |name: &str| before.attribute(&format!("main form input[name={name}]"), "value");
    let (csrf, tables, rules) = (hidden("csrf"), hidden("tables"), hidden("rules-text"));
    let mut parts = vec![("csrf", "", csrf.as_str()), ("tables", "", &tables), ("rules-text", "", &rules)];
    parts.extend(relations.iter().map(|relation| ("relation", "", relation.as_str())));
    parts.push(("show", "", show));
    browser.upload(PAGE, &parts).await
}

#[tokio::test]
async fn a_faulty_table_is_marked_after_its_relations_are_confirmed() {
    let (_network, mut browser) = browser().await;
    browser.sign_in("specialist").await;
    let asked = dropped(&mut browser, &[("files", "marks.csv", FAULTY)]).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let relations = values(&asked, "input[name=relation]");
    assert!(relations.len() >= 2, "{:?}", all(&asked, "label"));

    let marked = confirmed(&mut browser, &asked, &relations, "marked").await;
    assert_eq!(marked.status, StatusCode::OK);
    let badges = all(&marked, "table.marked .badge.bad");
    assert_eq!(badges.len(), 2, "{badges:?}");
    assert!(badges.iter().all(|badge| badge.starts_with('✗')), "a sign and words, not colour alone: {badges:?}");
    assert!(badges.iter().any(|badge| badge.contains("20,0")), "{badges:?}");
    assert!(badges.iter().any(|badge| badge.contains("91")), "{badges:?}");
    assert_eq!(all(&marked, "table.findings tbody tr").len(), 2);

    // A relation that is not confirmed is not checked.
    let less = confirmed(&mut browser, &asked, &relations[..1], "marked").await;
    assert!(all(&less, "table.marked .badge.bad").len() < 2);

    let csv = confirmed(&mut browser, &marked, &relations, "csv").await;
    assert!(csv.header(header::CONTENT_TYPE).starts_with("text/csv") && csv.text.starts_with('\u{feff}'));
    assert_eq!(csv.text.lines().count(), 3, "{}", csv.text);
    let pdf = confirmed(&mut browser, &marked, &relations, "pdf").await;
    assert_eq!(pdf.header(header::CONTENT_TYPE), "application/pdf");
    assert!(pdf.text.starts_with("%PDF"));
}

#[tokio::test]
async fn rules_are_taken_as_they_are_given() {
    let (_network, mut browser) = browser().await;
    browser.sign_in("specialist").await;
    let rule =
        "[[rule]]\nkind = 'share'\ntables = ['marks']\ntarget = 'share_5'\npart = '[with_5]'\nwhole = '[pupils]'\n";
    let files = [("files", "marks.csv", FAULTY), ("rules", "rules.toml", rule)];
    let marked = dropped(&mut browser, &files).await;
    assert_eq!(all(&marked, "table.marked .badge.bad").len(), 1, "{}", marked.text);
    let unknown = rule.replace("with_5", "with_6");
    let wrong = dropped(&mut browser, &[("files", "marks.csv", FAULTY), ("rules", "rules.toml", &unknown)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(all(&wrong, ".notice.bad li")[0].contains("with_6"));
}

#[tokio::test]
async fn what_cannot_be_read_is_named_with_its_remedy() {
    let (_network, mut browser) = browser().await;
    browser.sign_in("specialist").await;
    for files in
        [&[][..], &[("files", "a.csv", "\u{1}\u{2}")], &[("files", "a.docx", "x")], &[("files", "a.csv", "x\n")]]
    {
        let refused = dropped(&mut browser, files).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{files:?}");
        assert_eq!(all(&refused, ".notice.bad li").len(), 1, "{files:?}");
    }
    let twice = dropped(&mut browser, &[("files", "a.csv", FAULTY), ("files", "a.csv", FAULTY)]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let large = format!("a;b\n{}", "1;2\n".repeat(40_000));
    assert_eq!(dropped(&mut browser, &[("files", "a.csv", &large)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Problems of a table do not stop it from being read: they stand at their cells.
    let mixed = FAULTY.replace("Qonyr;60", "Qonyr;sixty").replace("10,0", "10.0");
    let asked = dropped(&mut browser, &[("files", "marks.csv", &mixed)]).await;
    assert_eq!(all(&asked, ".notice.warn li").len(), 2, "{:?}", all(&asked, ".notice.warn li"));
    let marked = confirmed(&mut browser, &asked, &[], "marked").await;
    assert_eq!(all(&marked, "table.marked .badge.warn").len(), 1);
}

#[tokio::test]
async fn only_specialists_reach_the_auditor() {
    let (_network, mut browser) = browser().await;
    browser.sign_in("coordinator").await;
    assert_eq!(browser.get(PAGE).await.status, StatusCode::FORBIDDEN);
    assert!(!browser.get("/").await.text.contains(PAGE));
}
