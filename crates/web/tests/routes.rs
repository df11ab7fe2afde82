//! The router with a database behind it, without a network.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use kernel::{FixedClock, Localized, OrgUnitId, PersonId, Role, Timestamp};
use roster::{NewAssignment, NewOrgUnit, NewPerson, OrgUnitKind, PersonName, RosterLoad};
use scraper::{Html, Selector};
use store::By;
use store::testing::TestDatabase;
use tower::ServiceExt;
use web::{App, router};

/// A browser that keeps cookies.
pub(crate) struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
    database: Option<TestDatabase>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }

    pub(crate) fn attribute(&self, selector: &str, name: &str) -> String {
        let (html, selector) = (self.html(), Selector::parse(selector).unwrap());
        let element = html.select(&selector).next();
        element.and_then(|element| element.attr(name)).map_or_else(|| panic!("{}", self.text), str::to_owned)
    }

    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn location(&self) -> &str {
        self.header("location")
    }
}

/// Of everybody in these tests.
pub(crate) const PASSWORD: &str = "correct horse battery";
const NOW: i64 = 1_668_400_000_000;

pub(crate) async fn browser() -> Browser {
    let database = store::testing::database(statistics::migrations()).await;
    let now = Timestamp::from_millisecond(NOW).unwrap();
    let hash = access::password_hash(PASSWORD).unwrap();
    let write = database.write(&By::system(now), "load test").await.unwrap();
    let mut all = RosterLoad::default();
    let unit = |id, parent: Option<i64>, kind, name: &str| NewOrgUnit {
        id: OrgUnitId(id),
        parent: parent.map(OrgUnitId),
        kind,
        code: format!("unit-{id}"),
        name: Localized::same(name),
        short_name: Localized::same(name),
        settlement: Localized::default(),
        languages: vec![],
    };
    all.org_units.push(unit(1, None, OrgUnitKind::Network, "Желі"));
    all.org_units.push(unit(2, Some(1), OrgUnitKind::School, "Қатаркөл мектебі"));
    for (id, role, place) in [(10, Role::Administrator, 1), (11, Role::Coordinator, 2), (12, Role::CentreSpecialist, 1)]
    {
        let name =
            PersonName { family: format!("Адам{id}"), given: "Бір".to_owned(), patronymic: String::new() };
        all.people.push(NewPerson { id: PersonId(id), name, sex: None, language: None });
        all.assignments.push(NewAssignment { person: PersonId(id), role, org_unit: OrgUnitId(place) });
    }
    roster::load(&write, &all).await.unwrap();
    for (person, login) in [(10, "administrator"), (11, "coordinator"), (12, "specialist")] {
        let account = access::NewAccount { person: PersonId(person), login, password_hash: &hash };
        access::create_account(&write, &account).await.unwrap();
    }
    write.commit().await.unwrap();
    let clock = Arc::new(FixedClock::at(now));
    let app = App::new(database.database.clone(), clock, false);
    Browser { router: router(app), cookies: Vec::new(), database: Some(database) }
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: Vec::new(), database: None }
    }

    /// The database behind the router, when this browser made it.
    pub(crate) fn database(&self) -> &TestDatabase {
        self.database.as_ref().unwrap()
    }

    pub(crate) async fn sign_out(&mut self) {
        let csrf = self.get("/").await.attribute("form[action='/sign-out'] input[name=csrf]", "value");
        assert_eq!(self.post("/sign-out", &[("csrf", &csrf)]).await.status, StatusCode::SEE_OTHER);
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !cookie.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text, bytes: bytes.to_vec() }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    /// A form with files: (field, file name, content) with an empty name for a text field.
    pub(crate) async fn upload(&mut self, path: &str, parts: &[(&str, &str, &str)]) -> Answer {
        let part = |(field, name, content): &(&str, &str, &str)| {
            let file = if name.is_empty() { String::new() } else { format!("; filename=\"{name}\"") };
            format!("--limit\r\nContent-Disposition: form-data; name=\"{field}\"{file}\r\n\r\n{content}\r\n")
        };
        let mut body = parts.iter().map(part).collect::<Vec<String>>().concat();
        body.push_str("--limit--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
        self.send(request, body).await
    }

    pub(crate) async fn sign_in(&mut self, login: &str) -> Answer {
        let csrf = self.get("/sign-in").await.attribute("main form input[name=csrf]", "value");
        let fields = [("csrf", csrf.as_str()), ("login", login), ("password", PASSWORD), ("next", "/")];
        self.post("/sign-in", &fields).await
    }
}

#[tokio::test]
async fn staff_sign_in_look_around_and_sign_out() {
    let mut browser = browser().await;
    let asked = browser.get("/network/schools?schools-sort=region").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_eq!(asked.location(), "/sign-in?next=%2Fnetwork%2Fschools%3Fschools-sort%3Dregion");

    assert_eq!(browser.sign_in("administrator").await.status, StatusCode::SEE_OTHER);
    for path in [
        "/",
        "/network/schools",
        "/network/schools/2",
        "/network/pupils",
        "/network/jobs",
        "/network/audit",
        "/account",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert!(!page.text.contains("⟦") && page.text.contains("<h1>"), "{path}");
    }
    let csrf = browser.get("/").await.attribute("form[action='/sign-out'] input[name=csrf]", "value");
    assert_eq!(browser.post("/sign-out", &[("csrf", &csrf)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/network/schools").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_coordinator_sees_neither_jobs_nor_the_audit_log() {
    let mut browser = browser().await;
    browser.sign_in("coordinator").await;
    for path in ["/network/jobs", "/network/audit"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.text.contains("<h1>"), "{path}: an error is a page");
    }
    let home = browser.get("/").await;
    // On small screens only the words of other sections are in sight, so they lead somewhere.
    let html = home.html();
    let words: Vec<_> = html.select(&Selector::parse(".nav .word").unwrap()).map(|word| word.attr("href")).collect();
    assert!(!words.is_empty() && words.iter().all(Option::is_some), "{words:?}");
    assert!(home.text.contains("href=\"/network/schools\"") && !home.text.contains("href=\"/network/audit\""));
}

#[tokio::test]
async fn a_wrong_password_says_so_and_too_many_tries_say_how_long_to_wait() {
    let mut browser = browser().await;
    let csrf = browser.get("/sign-in").await.attribute("main form input[name=csrf]", "value");
    let fields = [("csrf", csrf.as_str()), ("login", "administrator"), ("password", "wrong")];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attribute("#login", "value"), "administrator");
    assert!(!answer.text.contains("value=\"wrong\""), "a password is never shown again");
    for _ in 0..9 {
        browser.post("/sign-in", &fields).await;
    }
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let mut browser = browser().await;
    let csrf = browser.get("/").await.attribute("form[action='/preferences/language'] input[name=csrf]", "value");
    let no_token = browser.post("/preferences/language", &[("language", "ru"), ("next", "/")]).await;
    assert_eq!(no_token.status, StatusCode::BAD_REQUEST);
    let body = format!("csrf={csrf}&language=ru&next=/");
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
        let request = Request::post("/preferences/language").header("host", "zerek.example").header(name, value);
        assert_eq!(browser.send(request, body.clone()).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let own = Request::post("/preferences/language")
        .header("host", "zerek.example")
        .header("origin", "https://zerek.example");
    assert_eq!(browser.send(own, body).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/").await.attribute("html", "lang"), "ru");
}

#[tokio::test]
async fn the_browsers_language_counts_until_one_is_chosen() {
    let mut browser = browser().await;
    assert_eq!(browser.get("/").await.attribute("html", "lang"), "kk");
    let request = Request::get("/").header(header::ACCEPT_LANGUAGE, "de-DE,ru-RU;q=0.8,en;q=0.5");
    assert_eq!(browser.send(request, String::new()).await.attribute("html", "lang"), "ru");
}

#[tokio::test]
async fn headers_assets_and_errors() {
    let mut browser = browser().await;
    let page = browser.get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assert_eq!(browser.get("/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let style = page.attribute("link[rel=stylesheet]", "href");
    let asset = browser.send(Request::get(&style).header(header::ACCEPT_ENCODING, "gzip, br"), String::new()).await;
    assert_eq!(asset.status, StatusCode::OK);
    assert_eq!(asset.headers[header::CONTENT_ENCODING], "br");
    assert!(asset.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(browser.get("/assets/../Cargo.toml").await.status, StatusCode::NOT_FOUND);
    // An address that cannot be read leads nowhere, and says so in the reader's words, not in the framework's.
    browser.sign_in("administrator").await;
    let unreadable = browser.get("/network/schools/no-number").await;
    assert_eq!(unreadable.status, StatusCode::NOT_FOUND);
    assert!(unreadable.text.contains("<h1>"), "{}", unreadable.text);
    assert_eq!(browser.get("/health").await.status, StatusCode::OK);
}

#[tokio::test]
async fn tables_come_as_files() {
    let mut browser = browser().await;
    browser.sign_in("administrator").await;
    let csv = browser.get("/network/pupils?export=csv&table=pupils").await;
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let xlsx = browser.get("/network/pupils?export=xlsx&table=pupils").await;
    assert!(xlsx.text.starts_with("PK"));
}
