//! Pages under Govern on the printed tables of the pack.

use axum::http::StatusCode;
use kernel::{Actor, Timestamp};
use scraper::{Html, Selector};
use statistics::Statistics;

use crate::routes::{Answer, Browser, browser};

pub(crate) async fn with_tables() -> Browser {
    let browser = browser().await;
    let statistics = Statistics::embedded().unwrap();
    let content = statistics.definitions().contents.get("annual-report-2011").unwrap();
    let now = Timestamp::UNIX_EPOCH;
    statistics::load_content(&statistics, browser.database(), &Actor::system(), now, content).await.unwrap();
    browser
}

fn all(answer: &Answer, selector: &str) -> Vec<String> {
    let (html, selector) = (Html::parse_document(&answer.text), Selector::parse(selector).unwrap());
    html.select(&selector).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

const TABLE41: &str = "/govern/tables/show?view=annual-report-2011/table41";

#[tokio::test]
async fn an_empty_network_says_so_and_an_administrator_sees_no_results() {
    let mut browser = browser().await;
    browser.sign_in("coordinator").await;
    for path in ["/govern/tables", "/govern/tables/show"] {
        let page = browser.get(path).await;
        assert!(page.text.contains("Әзірге жазба жоқ"), "{path}");
    }
    let mut browser = with_tables().await;
    browser.sign_in("administrator").await;
    for path in ["/govern/tables", TABLE41] {
        assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_number_opens_to_the_cells_of_the_printed_table() {
    let mut browser = with_tables().await;
    browser.sign_in("coordinator").await;
    let page = browser.get(TABLE41).await;
    assert_eq!(all(&page, "table.statistics tbody tr:first-child td a")[0], "835");
    // The total is the sum of its lines.
    let number = |text: &String| text.replace('\u{202f}', "").parse::<i64>().unwrap();
    let lines = all(&page, "table.statistics tbody tr td:nth-of-type(1)");
    let total = &all(&page, "table.statistics tfoot td:nth-of-type(1)")[0];
    assert_eq!(lines.iter().map(number).sum::<i64>(), number(total));
    let records = browser.get(&TABLE41.replace("show", "records").replace("table41", "table41&at=0.0")).await;
    assert_eq!(all(&records, "main tbody td:nth-child(4)"), ["176", "525", "134", "0"]);
    assert!(all(&records, "main tbody th")[0].contains("41-кесте"));
    let nowhere = browser.get(&TABLE41.replace("show", "records").replace("table41", "table41&at=99.0")).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn files_say_what_the_page_says() {
    let mut browser = with_tables().await;
    browser.sign_in("coordinator").await;
    let mut file = async |format: &str| {
        let path = TABLE41.replace("show", "export");
        browser.get(&format!("{path}&format={format}")).await
    };
    assert!(file("csv").await.text.contains(",835,176,525,134,0,21.1,62.9,16.0,0.0"));
    assert!(file("json").await.text.contains("\"row_dimension\": \"place\""));
    assert!(file("sdmx").await.text.contains("sdmx-json-data-schema"));
    assert!(file("dhis2").await.text.contains("dataValues"));
    assert!(file("xlsx").await.text.starts_with("PK"));
    assert!(file("pdf").await.text.starts_with("%PDF"));
    assert_eq!(file("exe").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_built_table_is_kept_renamed_deleted_and_brought_back() {
    let mut browser = with_tables().await;
    browser.sign_in("coordinator").await;
    let built = "/govern/tables/show?dataset=annual-report-2011&of=annual-report-2011&rows=place:school&columns=grade\
                 &measure=pupils&measure=quality&period=2010-2011&totals=1";
    let page = browser.get(built).await;
    assert_eq!(page.status, StatusCode::OK);
    let csrf = page.attribute("form[action='/govern/views'] input[name=csrf]", "value");
    let query = page.attribute("form[action='/govern/views'] input[name=query]", "value");
    let keep = |name: &'static str| [("csrf", csrf.clone()), ("query", query.clone()), ("name", name.to_owned())];
    let mut send = async |path: &str, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(path, &fields).await
    };
    assert_eq!(send("/govern/views", &keep(" ")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("/govern/views", &keep("Сапа")).await.status, StatusCode::SEE_OTHER);
    let again = send("/govern/views", &keep("Сапа")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!all(&again, "form[action='/govern/views'] .error").is_empty());
    let list = browser.get("/govern/tables?search=сапа").await;
    let href = list.attribute("a[href*='kept=']", "href");
    let kept = browser.get(&href).await;
    assert_eq!(all(&kept, "h1"), ["Сапа"]);
    let id = href.rsplit_once('=').unwrap().1.to_owned();
    let token = [("csrf", csrf.as_str())];
    let deleted = browser.post(&format!("/govern/views/{id}/delete"), &token).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER);
    let offered = browser.get(&format!("/govern/tables?deleted={id}")).await;
    assert!(offered.text.contains(&format!("/govern/views/{id}/restore")));
    browser.post(&format!("/govern/views/{id}/restore"), &token).await;
    let renamed = [("csrf", csrf.as_str()), ("name", "Сапа екі"), ("shared", "1")];
    assert_eq!(browser.post(&format!("/govern/views/{id}"), &renamed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(all(&browser.get(&href).await, "h1"), ["Сапа екі"]);
    assert_eq!(browser.post(&format!("/govern/views/{id}/delete"), &[]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_cannot_be_a_table_is_said_with_the_form_beside_it() {
    let mut browser = with_tables().await;
    browser.sign_in("coordinator").await;
    let base = "/govern/tables/show?dataset=annual-report-2011&of=annual-report-2011";
    for (query, said) in [
        ("&rows=grade&measure=nonsense", "nonsense"),
        ("&rows=colour&measure=quality", "colour"),
        ("&rows=grade&row=grade/99&measure=quality", "99"),
        ("&rows=grade&columns=grade&measure=quality", "екі түрлі"),
        ("&rows=grade", "Кемінде бір көрсеткішті"),
        ("&rows=period:term&measure=reported_quality_change&totals=1", "кезең"),
    ] {
        let page = browser.get(&format!("{base}{query}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(all(&page, ".notice.bad")[0].contains(said), "{query}: {:?}", all(&page, ".notice.bad"));
    }
    let nowhere = browser.get("/govern/tables/show?dataset=atlantis").await;
    assert!(all(&nowhere, ".notice.bad")[0].contains("atlantis"));
}

#[tokio::test]
async fn a_long_list_comes_in_parts_is_sorted_as_a_whole_and_leaves_whole() {
    let mut browser = with_tables().await;
    browser.sign_in("coordinator").await;
    let names = |answer: &Answer| all(answer, "[data-table=ready] tbody tr > :first-child");
    let (first, second) =
        (names(&browser.get("/govern/tables").await), names(&browser.get("/govern/tables?ready=2").await));
    assert_eq!(first.len(), 25);
    assert!(!second.is_empty() && second.iter().all(|name| !first.contains(name)));
    let downwards = names(&browser.get("/govern/tables?ready-sort=name&dir=desc&ready=2").await);
    let upwards = names(&browser.get("/govern/tables?ready-sort=name").await);
    assert_eq!(upwards.first(), downwards.last(), "one order over all parts");
    // The head of a part sorts from the first part on.
    let head = browser.get("/govern/tables?ready=2").await.attribute("[data-table=ready] thead a", "href");
    assert!(head.contains("ready-sort=name") && !head.contains("ready=2"), "{head}");
    let file = browser.get("/govern/tables?export=csv&table=ready&ready=2").await;
    assert!(
        first.iter().chain(&second).all(|name| file.text.contains(name.split('"').next().unwrap())),
        "{}",
        file.text
    );
    assert_eq!(file.text.trim_end().lines().count(), 1 + first.len() + second.len(), "{}", file.text);
}
