//! The ability scale on pages: from the campaign's shares to the pupils behind them, and why a test has no scale.

use axum::http::StatusCode;
use kernel::{Actor, Date, Timestamp};
use monitoring::import::{ImportRequest, Imported, import_responses};
use monitoring::model::Settings;
use scraper::{Html, Selector};

use crate::routes::{Answer, Browser, browser};

/// Pupils of two schools: the higher the number of the pupil, the more tasks right, with enough disorder for a model.
fn sheet(pupils: usize) -> Vec<u8> {
    let tasks = 12;
    let heads: Vec<String> = (1..=tasks).map(|task| format!("q{task}")).collect();
    let mut lines = vec![format!("id,name,school,class,{}", heads.join(","))];
    let mut state = 17_u64;
    for pupil in 0..pupils {
        let answer = |task: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let chance = 100 * (pupil % 40) / 40 + 60 - 3 * task;
            u8::from((state >> 33) % 160 < chance as u64).to_string()
        };
        let answers: Vec<String> = (0..tasks).map(answer).collect();
        let school = if pupil % 2 == 0 { "Dostyk" } else { "Kuiken" };
        lines.push(format!("{pupil},Pupil{pupil:03},{school},4 «А»,{}", answers.join(",")));
    }
    lines.join("\n").into_bytes()
}

async fn imported(pupils: usize) -> (Browser, Imported) {
    let (mut browser, now) = (browser().await, Timestamp::from_millisecond(1_668_400_000_000).unwrap());
    let request = ImportRequest::new("elsewhere", sheet(pupils), None, Date::constant(2022, 11, 14));
    let database = &browser.database().database;
    let found = import_responses(database, &Actor::system(), now, &request, &Settings::default()).await.unwrap();
    browser.sign_in("specialist").await;
    (browser, found)
}

fn rows(answer: &Answer) -> usize {
    Html::parse_document(&answer.text).select(&Selector::parse("tbody th[scope=row]").unwrap()).count()
}

fn links(answer: &Answer, part: &str) -> Vec<(String, String)> {
    let html = Html::parse_document(&answer.text);
    let selector = Selector::parse("main td a[href]").unwrap();
    let all = html.select(&selector).map(|link| {
        let cell = link.parent().and_then(scraper::ElementRef::wrap).unwrap();
        (link.attr("href").unwrap_or_default().to_owned(), cell.text().collect::<String>())
    });
    all.filter(|(href, _)| href.contains(part)).collect()
}

#[tokio::test]
async fn a_share_opens_to_as_many_pupils_as_it_counts_and_each_to_a_band() {
    let (mut browser, found) = imported(120).await;
    let results = format!("/assess/campaigns/{}/results", found.campaign);
    let answer = browser.get(&results).await;
    assert_eq!(answer.status, StatusCode::OK);
    let shares = links(&answer, "level=");
    // Everybody and the one district: three levels each.
    assert!(shares.len() >= 3, "{}", answer.text);
    let mut of_whole = 0;
    for (href, cell) in shares.iter().filter(|(href, _)| !href.contains("unit=")) {
        let list = browser.get(href).await;
        assert_eq!(list.status, StatusCode::OK, "{href}");
        let count: usize = cell.rsplit("n = ").next().unwrap().trim().parse().unwrap();
        assert_eq!(rows(&list), count.min(50), "{href}: {cell}");
        of_whole += count;
    }
    assert_eq!(of_whole, 120);
    let everybody = browser.get(&format!("{results}/tests/{}/levels", found.test)).await;
    assert_eq!(rows(&everybody), 50);
    let last = browser.get(&format!("{results}/tests/{}/levels?page=3", found.test)).await;
    assert_eq!(rows(&last), 20);
    let pupil = everybody.attribute("tbody a[href*='/assess/attempts/']", "href");
    let report = browser.get(&pupil).await;
    assert_eq!(report.status, StatusCode::OK);
    assert!(report.text.contains("chart-band") && report.text.contains("±"), "{}", report.text);
    let statistics = browser.get(&format!("{results}/tests/{}", found.test)).await;
    assert!(statistics.text.contains("chart-person-item-map") && statistics.text.contains("Outfit"));
    let file = browser.get(&format!("{results}/tests/{}/levels?export=csv&table=pupils", found.test)).await;
    assert_eq!(file.text.lines().filter(|line| line.contains("Pupil")).count(), 120);
}

#[tokio::test]
async fn a_share_is_not_for_everybody_and_wrong_addresses_say_so() {
    let (mut browser, found) = imported(120).await;
    let list = format!("/assess/campaigns/{}/results/tests/{}/levels", found.campaign, found.test);
    assert_eq!(browser.get(&list.replace("/levels", "9/levels")).await.status, StatusCode::NOT_FOUND);
    // A level that is not there is no filter, not a mistake of the server.
    assert_eq!(rows(&browser.get(&format!("{list}?level=99&unit=x&language=zz")).await), 50);
    browser.sign_out().await;
    assert_ne!(browser.get(&list).await.status, StatusCode::OK);
    browser.sign_in("coordinator").await;
    // The coordinator's school took another test: nobody is shown, and nothing says how many there are.
    let answer = browser.get(&list).await;
    assert!(answer.status == StatusCode::OK && !answer.text.contains("Pupil"), "{}", answer.text);
}

#[tokio::test]
async fn a_test_without_a_scale_says_why_on_every_page() {
    let (mut browser, found) = imported(30).await;
    let results = format!("/assess/campaigns/{}/results", found.campaign);
    for page in ["", &format!("/tests/{}", found.test), &format!("/tests/{}/levels", found.test)] {
        let answer = browser.get(&format!("{results}{page}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(answer.text.contains("30") && answer.text.contains("100"), "{page}: {}", answer.text);
        assert!(links(&answer, "level=").is_empty());
    }
}
