//! The campaign's pages for those who run it and for a school's coordinator, on a campaign with the items of the pack.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{FixedClock, Language, OrgUnitId, PersonId, Role};
use roster::{NewAssignment, NewPerson, PersonName, RosterLoad};
use scraper::{Html, Selector};
use store::{By, Reading, number, sea_orm};

use crate::routes::{Answer, Browser, PASSWORD};
use crate::support::{NINE, Network, at};

/// A specialist of the centre, and the coordinator of the first school, beside those of the network.
pub(crate) async fn browser() -> (Network, Browser) {
    let network = Network::open().await;
    let now = at(NINE);
    let database = network.database.database.clone();
    let tree = roster::org_tree(&database).await.unwrap();
    let root = tree.all().find(|unit| unit.parent.is_none()).unwrap().id;
    let write = database.write(&By::system(now), "load test").await.unwrap();
    let hash = access::password_hash(PASSWORD).unwrap();
    let staff: [(&str, Role, OrgUnitId); 2] =
        [("specialist", Role::CentreSpecialist, root), ("coordinator", Role::Coordinator, network.schools[0].into())];
    let mut load = RosterLoad::default();
    let mut accounts = Vec::new();
    for (login, role, org_unit) in staff {
        let person = PersonId(write.next_id());
        let name = PersonName { family: "Адам".to_owned(), given: "Бір".to_owned(), patronymic: String::new() };
        load.people.push(NewPerson { id: person, name, sex: None, language: Some(Language::Ru) });
        load.assignments.push(NewAssignment { person, role, org_unit });
        accounts.push((login, person));
    }
    roster::load(&write, &load).await.unwrap();
    for (login, person) in accounts {
        let account = access::NewAccount { person, login, password_hash: &hash };
        access::create_account(&write, &account).await.unwrap();
    }
    write.commit().await.unwrap();
    let app = web::App::new(database, Arc::new(FixedClock::at(now)), false);
    (network, Browser::new(web::router(app)))
}

fn links(answer: &Answer, ending: &str) -> Vec<String> {
    let (html, selector) = (Html::parse_document(&answer.text), Selector::parse("main a[href]").unwrap());
    let all = html.select(&selector).filter_map(|link| link.attr("href"));
    all.filter(|href| href.ends_with(ending)).map(str::to_owned).collect()
}

fn rows(answer: &Answer) -> usize {
    Html::parse_document(&answer.text).select(&Selector::parse("tbody th[scope=row]").unwrap()).count()
}

#[tokio::test]
async fn a_specialist_sees_the_campaign_and_closes_it_after_a_question() {
    let (network, mut browser) = browser().await;
    browser.sign_in("specialist").await;
    let page = format!("/assess/campaigns/{}", network.campaign);
    for below in ["", "/sittings", "/live", "/close", "/open"] {
        assert_eq!(browser.get(&format!("{page}{below}")).await.status, StatusCode::OK, "{below}");
    }
    assert_eq!(rows(&browser.get("/assess/campaigns").await), 1);
    let question = browser.get(&format!("{page}/close")).await;
    let csrf = question.attribute("main form input[name=csrf]", "value");
    assert_eq!(browser.post(&format!("{page}/close"), &[("csrf", &csrf)]).await.status, StatusCode::SEE_OTHER);
    let state = delivery::model::CampaignState::Closed;
    assert_eq!(network.campaign().await.state, state);
    assert_eq!(browser.get("/assess/campaigns/999").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_coordinator_sees_the_own_school_only_and_opens_no_window() {
    let (network, mut browser) = browser().await;
    browser.sign_in("coordinator").await;
    let page = format!("/assess/campaigns/{}", network.campaign);
    let all = network.tickets().await.len();
    // The first page leads to what goes on now, with the own school's numbers.
    let home = browser.get("/").await;
    assert_eq!(links(&home, "/live"), [format!("{page}/live")]);
    assert!(home.text.contains(&format!("<progress max=\"{}\" value=\"0\"", all / 2)), "{}", home.text);
    let csv = browser.get(&format!("{page}/live?export=csv&table=live")).await;
    // Two schools alike: one half, and the line of heads.
    assert_eq!(csv.text.lines().count(), all / 2 + 1);
    assert_eq!(browser.get(&format!("{page}/close")).await.status, StatusCode::FORBIDDEN);
    let csrf = browser.get("/").await.attribute("form[action='/sign-out'] input[name=csrf]", "value");
    assert_eq!(browser.post(&format!("{page}/close"), &[("csrf", &csrf)]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(network.campaign().await.state, delivery::model::CampaignState::Open);
}

#[tokio::test]
async fn a_campaign_is_found_by_its_code_as_by_its_id() {
    let (network, mut browser) = browser().await;
    browser.sign_in("specialist").await;
    let code = network.campaign().await.code;
    for below in ["", "/sittings", "/live", "/close", "/open", "/results"] {
        let [by_id, by_code] = [network.campaign.to_string(), code.clone()];
        let by_id = browser.get(&format!("/assess/campaigns/{by_id}{below}")).await.status;
        let by_code = browser.get(&format!("/assess/campaigns/{by_code}{below}")).await.status;
        assert_eq!(by_id, by_code, "{below}");
        assert_ne!(by_code, StatusCode::NOT_FOUND, "{below}");
    }
    let unknown = browser.get("/assess/campaigns/no-such-campaign").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_live_list_is_searched_and_a_form_leads_back_to_the_same_part() {
    let (network, mut browser) = browser().await;
    browser.sign_in("coordinator").await;
    let live = format!("/assess/campaigns/{}/live", network.campaign);
    let whole = browser.get(&live).await;
    let first = Html::parse_document(&whole.text);
    let first = first.select(&Selector::parse("tbody th[scope=row]").unwrap()).next().unwrap();
    let name = first.text().collect::<String>().trim().to_owned();
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let found = browser.get(&format!("{live}?search={encoded}")).await;
    assert!((1..rows(&whole)).contains(&rows(&found)), "{} of {}", rows(&found), rows(&whole));
    assert!(found.text.contains(&name));
    assert_eq!(rows(&browser.get(&format!("{live}?search=%25_")).await), rows(&whole), "signs of SQL find everybody");
    assert_eq!(rows(&browser.get(&format!("{live}?state=absent")).await), 0);

    // The absence is recorded, and the list that comes next is the one before.
    let asked = "state=not-started&page=1";
    let page = browser.get(&format!("{live}?{asked}")).await;
    let form = links(&page, "/absence?state=not-started&page=1").remove(0);
    let csrf = browser.get(&form).await.attribute("main form input[name=csrf]", "value");
    let reason = network.campaign().await.absence_reasons[0].code.clone();
    let answer = browser.post(&form, &[("csrf", &csrf), ("reason", &reason)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), format!("{live}?{asked}"));
    let absent = browser.get(&format!("{live}?state=absent")).await;
    assert_eq!(rows(&absent), 1);
}

#[tokio::test]
async fn an_absence_needs_a_known_reason_and_a_school_of_ones_own() {
    let (network, mut browser) = browser().await;
    browser.sign_in("coordinator").await;
    let live = browser.get(&format!("/assess/campaigns/{}/live", network.campaign)).await;
    let form = links(&live, "/absence").remove(0);
    let csrf = browser.get(&form).await.attribute("main form input[name=csrf]", "value");
    let unknown = browser.post(&form, &[("csrf", &csrf), ("reason", "no such reason")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let known = network.campaign().await.absence_reasons[0].code.clone();
    assert_eq!(browser.post(&form, &[("csrf", &csrf), ("reason", &known)]).await.status, StatusCode::SEE_OTHER);
    let own: Vec<String> =
        links(&browser.get(&format!("/assess/campaigns/{}/live", network.campaign)).await, "/absence");
    let foreign = network
        .tickets()
        .await
        .into_iter()
        .map(|ticket| format!("/assess/campaigns/{}/attempts/{}/absence", network.campaign, ticket.attempt()));
    let foreign = foreign.into_iter().find(|address| !own.contains(address)).unwrap();
    let refused = browser.post(&foreign, &[("csrf", &csrf), ("reason", &known)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn reopening_needs_a_reason_and_a_possible_number_of_minutes() {
    let (network, mut browser) = browser().await;
    browser.sign_in("coordinator").await;
    let attempt = network.tickets().await[0].attempt();
    let form = format!("/assess/campaigns/{}/attempts/{attempt}/reopen", network.campaign);
    let csrf = browser.get(&form).await.attribute("main form input[name=csrf]", "value");
    for (reason, minutes) in [("", "5"), ("Электр сөнді", "900"), ("Электр сөнді", "көп"), ("Электр сөнді", "5")]
    {
        let answer = browser.post(&form, &[("csrf", &csrf), ("reason", reason), ("minutes", minutes)]).await;
        // The last one is well filled in, but the attempt was never started.
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason} {minutes}");
        assert!(answer.text.contains(reason), "what was typed stays");
    }
}

#[tokio::test]
async fn cards_carry_the_codes_of_the_class_on_the_page_and_as_pdf() {
    let (network, mut browser) = browser().await;
    browser.sign_in("coordinator").await;
    let sittings = browser.get(&format!("/assess/campaigns/{}/sittings", network.campaign)).await;
    let address = links(&sittings, "/cards").remove(0);
    let cards = browser.get(&address).await;
    assert_eq!(i64::try_from(rows(&cards)).unwrap(), crate::support::PUPILS_OF_A_CLASS);
    let own = network.tickets().await.into_iter().find(|ticket| cards.text.contains(&printed(&ticket.code))).unwrap();
    let documents = links(&cards, ".pdf");
    assert_eq!(documents.len(), 2, "one test, and all tests of the class");
    for document in &documents {
        let pdf = browser.get(document).await;
        assert_eq!((pdf.status, pdf.header("content-type")), (StatusCode::OK, "application/pdf"), "{document}");
        assert!(pdf.text.starts_with("%PDF-1.7"));
    }
    // Another school's cards are refused under every address, whether it was on a page or not.
    let other = network.tickets().await.into_iter().rfind(|ticket| ticket.id != own.id).unwrap();
    let (sitting, class) = place_of(&network, other.id).await;
    for document in [
        format!("/assess/sittings/{sitting}/cards"),
        format!("/assess/sittings/{sitting}/cards.pdf"),
        format!("/assess/campaigns/{}/classes/{class}/cards.pdf", network.campaign),
    ] {
        assert_eq!(browser.get(&document).await.status, StatusCode::FORBIDDEN, "{document}");
    }
    for nothing in ["/assess/sittings/1/cards.pdf", "/assess/campaigns/1/classes/1/cards.pdf"] {
        assert_eq!(browser.get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

fn printed(code: &str) -> String {
    code.parse::<delivery::model::Code>().unwrap().to_string()
}

#[derive(store::FromQueryResult)]
struct AttemptPlace {
    sitting_id: i64,
    class_id: i64,
}

async fn place_of(network: &Network, attempt: i64) -> (i64, i64) {
    let sql = "SELECT sitting_id, class_id FROM attempt WHERE id = $1";
    let row: Option<AttemptPlace> = network.database.read().row(sql, [number(attempt)]).await.unwrap();
    let row = row.unwrap();
    (row.sitting_id, row.class_id)
}
