//! A pupil's pages, by plain forms and as the player uses them.

#[path = "../../delivery/tests/integration/support.rs"]
#[expect(dead_code, reason = "delivery's own tests use more of it")]
mod support;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use kernel::FixedClock;
use scraper::{Html, Selector};
use support::{MINUTE, NINE, Network, at};
use tower::ServiceExt;

/// A browser without scripts: cookies, forms, redirects by hand.
struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
    player: bool,
}

struct Page {
    status: StatusCode,
    location: String,
    cache: String,
    body: String,
}

impl Page {
    fn select(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
    }

    fn attribute(&self, selector: &str, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("a selector");
        let element = html.select(&selector).next();
        element.and_then(|element| element.value().attr(name)).unwrap_or_default().to_owned()
    }

    fn state(&self) -> String {
        self.attribute("#sit", "data-state")
    }
}

impl Browser {
    fn new(router: Router) -> Self {
        Self { router, cookies: Vec::new(), player: false }
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Page {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut request = request.header(header::COOKIE, cookies);
        if self.player {
            request = request.header("x-zerek-player", "1");
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let text =
            |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let (status, location, cache) = (response.status(), text(header::LOCATION), text(header::CACHE_CONTROL));
        let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        Page { status, location, cache, body: String::from_utf8(bytes.to_vec()).expect("text") }
    }

    async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&mut self, path: &str, from: &Page, fields: &[(&str, &str)]) -> Page {
        let mut body = format!("csrf={}", from.attribute("input[name=csrf]", "value"));
        for (name, value) in fields {
            body.extend(["&", name, "=", value]);
        }
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    /// Sends the form of the current task.
    async fn task(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let (item, step) = (page.attribute("input[name=item]", "value"), page.attribute("input[name=step]", "value"));
        let mut all = vec![("item", item.as_str()), ("step", step.as_str())];
        all.extend(fields);
        self.post(action, page, &all).await
    }
}

async fn begin() -> (Network, Arc<FixedClock>, Browser, String) {
    let network = Network::open().await;
    let clock = Arc::new(FixedClock::at(at(NINE)));
    let app = web::App::new(network.database.database.clone(), clock.clone(), false);
    let code = network.tickets().await[0].code.clone();
    (network, clock, Browser::new(web::router(app)), code)
}

#[tokio::test]
async fn a_whole_test_by_plain_forms() {
    let (network, clock, mut browser, code) = begin().await;
    let form = browser.get("/sit").await;
    let entered = browser.post("/sit/code", &form, &[("code", &code)]).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/sit"), "{}", entered.body);
    let start = browser.get("/sit").await;
    assert_eq!((start.state(), start.cache.as_str()), ("start".to_owned(), "no-store"));
    assert_eq!(start.attribute("html", "lang"), "kk", "the page speaks the language of instruction");
    assert_eq!(start.select("dl dd")[2..], ["20", "40"]);
    let started = browser.post("/sit/start", &start, &[]).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER);

    clock.move_by(MINUTE);
    let page = browser.get("/sit").await;
    assert_eq!((page.select(".counter"), page.select("#clock")), (vec!["1/20".to_owned()], vec!["39:00".to_owned()]));
    for secret in ["correct", "mapping", "SCORE", "checked"] {
        assert!(!page.body.contains(secret), "{secret} in the page");
    }
    assert!(page.body.len() < 20_000, "a page of {} bytes", page.body.len());

    // Nothing chosen: the page says so and stays.
    let empty = browser.task(&page, "/sit/answer", &[("do", "next")]).await;
    assert_eq!((empty.status, empty.select("[role=alert]").len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    // Skip asks first, and "back" leads to the same task.
    let asks = browser.task(&page, "/sit/answer", &[("do", "skip")]).await;
    assert_eq!((asks.state(), asks.status), ("skip".to_owned(), StatusCode::OK));
    assert_eq!(browser.get("/sit").await.select(".counter"), ["1/20"]);
    let skipped = browser.task(&asks, "/sit/skip", &[("do", "skip")]).await;
    assert_eq!(skipped.status, StatusCode::SEE_OTHER);
    // The old page in another tab cannot answer the skipped task any more.
    let second = browser.task(&page, "/sit/answer", &[("RESPONSE", "A"), ("do", "next")]).await;
    assert_eq!((second.status, second.select(".counter")), (StatusCode::UNPROCESSABLE_ENTITY, vec!["2/20".to_owned()]));

    for number in 2..=20 {
        let page = browser.get("/sit").await;
        assert_eq!(page.select(".counter"), [format!("{number}/20")]);
        let action = if number == 20 { "end" } else { "next" };
        assert_eq!(page.attribute("form[data-answer] button.main", "value"), action);
        let answered = browser.task(&page, "/sit/answer", &[("RESPONSE", "B"), ("do", action)]).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
    }
    let confirm = browser.get("/sit").await;
    assert_eq!(confirm.state(), "all-done");
    let said = confirm.select("#sit p").join(" ");
    assert!(said.contains("19") && said.contains("1 тапсырма"), "how many are unanswered: {said}");
    browser.post("/sit/end", &confirm, &[]).await;
    let finished = browser.get("/sit").await;
    assert_eq!((finished.state(), finished.select(".receipt")[0].len()), ("finished".to_owned(), 9));
    // Leaving, and no second entry.
    let left = browser.post("/sit/leave", &finished, &[]).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    let form = browser.get("/sit").await;
    let again = browser.post("/sit/code", &form, &[("code", &code)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn the_player_gets_the_next_task_at_once() {
    let (network, _clock, mut browser, code) = begin().await;
    let form = browser.get("/sit").await;
    browser.post("/sit/code", &form, &[("code", &code)]).await;
    let start = browser.get("/sit").await;
    browser.player = true;
    let first = browser.post("/sit/start", &start, &[]).await;
    assert_eq!((first.status, first.state()), (StatusCode::OK, "item".to_owned()));
    assert!(!first.body.contains("<html"), "only the part that changes");
    let second = browser.task(&first, "/sit/answer", &[("RESPONSE", "C"), ("do", "next")]).await;
    assert_eq!((second.status, second.select(".counter")), (StatusCode::OK, vec!["2/20".to_owned()]));
    // Sent again after a lost connection: the same page, nothing new in the log.
    let again = browser.task(&first, "/sit/answer", &[("RESPONSE", "C"), ("do", "next")]).await;
    assert_eq!((again.status, again.select(".counter")), (StatusCode::OK, vec!["2/20".to_owned()]));
    let log = delivery::log(&network.database, network.tickets().await[0].attempt()).await.expect("a log");
    assert_eq!(log.len(), 2);
    let time = browser.get("/sit/time").await;
    assert_eq!(time.body, format!("{{\"remaining\":{}}}", 40 * MINUTE));
    // Without the session's token nothing is taken.
    let foreign = Request::post("/sit/answer").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let refused = browser.send(foreign, "csrf=0&item=1&RESPONSE=A".to_owned()).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    network.database.finish().await;
}

#[tokio::test]
async fn codes_that_open_nothing_say_why_in_three_languages() {
    let (network, clock, mut browser, code) = begin().await;
    for (language, word) in [("kk", "белгі"), ("ru", "введено"), ("en", "typed")] {
        browser.cookies = vec![("zerek-language".to_owned(), language.to_owned())];
        let form = browser.get("/sit").await;
        let short = browser.post("/sit/code", &form, &[("code", "AC7")]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = short.select(".notice").join(" ");
        assert!(said.contains(word) && said.contains('8') && said.contains('3'), "{language}: {said}");
    }
    clock.move_by(-9 * 60 * MINUTE - 1);
    let form = browser.get("/sit").await;
    let early = browser.post("/sit/code", &form, &[("code", &code)]).await;
    assert!(early.select(".notice").join(" ").contains("14.11.2022 00:00"), "{:?}", early.select(".notice"));
    // A machine that guesses is stopped; whoever types the right code before that is not.
    clock.move_by(9 * 60 * MINUTE + 1);
    for _ in 0..200 {
        browser.post("/sit/code", &form, &[("code", "22222222")]).await;
    }
    let stopped = browser.post("/sit/code", &form, &[("code", &code)]).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
    network.database.finish().await;
}
