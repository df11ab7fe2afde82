//! A pupil answers each kind of task by its plain form; the log holds the values that the item means.

#[path = "../../delivery/tests/integration/support.rs"]
#[expect(dead_code, reason = "delivery's own tests use more of it")]
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use delivery::model::{Event, FileReference};
use kernel::FixedClock;
use scraper::{Html, Selector};
use support::{NINE, Network, at};
use tower::ServiceExt;

const BOUNDARY: &str = "between-the-parts";

/// A browser without scripts. Every form is sent the way its `enctype` says.
struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

struct Page {
    status: StatusCode,
    policy: String,
    body: String,
}

impl Page {
    fn attribute(&self, selector: &str, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("a selector");
        let element = html.select(&selector).next();
        element.and_then(|element| element.value().attr(name)).unwrap_or_default().to_owned()
    }

    fn count(&self, selector: &str) -> usize {
        Html::parse_document(&self.body).select(&Selector::parse(selector).expect("a selector")).count()
    }
}

type Fields<'a> = &'a [(&'a str, &'a str)];

impl Browser {
    async fn send(&mut self, request: axum::http::request::Builder, body: Vec<u8>) -> Page {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = request.header(header::COOKIE, cookies).body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
        let (status, policy) = (response.status(), policy.unwrap_or_default().to_owned());
        let bytes = to_bytes(response.into_body(), 1 << 24).await.expect("a body");
        Page { status, policy, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Vec::new()).await
    }

    async fn post(&mut self, path: &str, from: &Page, fields: Fields<'_>) -> Page {
        let mut body = form_urlencoded(&[("csrf", &from.attribute("input[name=csrf]", "value"))]);
        body = [body, form_urlencoded(fields)].join("&");
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body.into_bytes()).await
    }

    /// Sends the form of the current task, with a file when there is one.
    async fn answer(&mut self, page: &Page, fields: Fields<'_>, file: Option<(&str, &[u8])>) -> Page {
        let own = ["csrf", "item", "step"].map(|name| (name, page.attribute(&format!("input[name={name}]"), "value")));
        let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.extend(fields);
        if !fields.iter().any(|(name, _)| *name == "do") {
            all.push(("do", "next"));
        }
        if page.attribute("form[data-answer]", "enctype") != "multipart/form-data" {
            assert!(file.is_none(), "a file in a form without a place for it");
            let request =
                Request::post("/sit/answer").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            return self.send(request, form_urlencoded(&all).into_bytes()).await;
        }
        let mut body = Vec::new();
        let mut part = |head: String, content: &[u8]| {
            body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
            body.extend(content);
            body.extend(b"\r\n");
        };
        for (name, value) in all {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        let (name, content) = file.unwrap_or_default();
        part(format!("name=\"RESPONSE\"; filename=\"{name}\""), content);
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(Request::post("/sit/answer").header(header::CONTENT_TYPE, kind), body).await
    }
}

fn form_urlencoded(fields: Fields<'_>) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect::<Vec<_>>().join("&")
}

/// What a browser without scripts sends for the right answer of each kind.
fn plain_form(kind: &str) -> Vec<(&'static str, &'static str)> {
    const R: &str = "RESPONSE";
    match kind {
        "choice" | "media" => vec![(R, "B")],
        "choice-multiple" => vec![(R, "A"), (R, "C"), (R, "D")],
        "inline-choice" => vec![(R, "G")],
        "text-entry" => vec![(R, "4,75")],
        "extended-text" => vec![(R, "(2a + 1) + (2b + 1) = 2(a + b + 1)")],
        "order" => vec![("RESPONSE:1", "C"), ("RESPONSE:2", "B"), ("RESPONSE:3", "A"), ("RESPONSE:4", "D")],
        "associate" => {
            vec![("RESPONSE:1:a", "A"), ("RESPONSE:1:b", "D"), ("RESPONSE:2:a", "B"), ("RESPONSE:2:b", "C")]
        }
        "match" => vec![(R, "A Y"), (R, "B Z"), (R, "C X")],
        "gap-match" => vec![(R, "W180 G1"), (R, "W360 G2")],
        "hottext" => vec![(R, "H11"), (R, "H17")],
        "hotspot" => vec![(R, "N7"), (R, "N23")],
        "graphic-order" => {
            vec![("RESPONSE:1", "N7"), ("RESPONSE:2", "N12"), ("RESPONSE:3", "N18"), ("RESPONSE:4", "N23")]
        }
        "graphic-associate" => {
            vec![("RESPONSE:1:a", "N12"), ("RESPONSE:1:b", "N18"), ("RESPONSE:2:a", "N7"), ("RESPONSE:2:b", "N23")]
        }
        "graphic-gap-match" => vec![(R, "T F1"), (R, "S F2"), (R, "C F3")],
        "select-point" => vec![("RESPONSE:1:a", "308"), ("RESPONSE:1:b", "128")],
        "position-object" => vec![("RESPONSE:1:a", "128"), ("RESPONSE:1:b", "164")],
        "slider" => vec![(R, "28")],
        "portable-custom" => vec![(R, "4")],
        "end-attempt" => vec![(R, "true"), ("do", "")],
        _ => vec![],
    }
}

async fn begin() -> (Network, Browser, Page) {
    let network = Network::with_kinds().await;
    let clock = Arc::new(FixedClock::at(at(NINE)));
    let app = web::App::new(network.database.database.clone(), clock, false);
    let mut browser = Browser { router: web::router(app), cookies: BTreeMap::new() };
    let code = network.tickets().await[0].code.clone();
    let form = browser.get("/sit").await;
    browser.post("/sit/code", &form, &[("code", &code)]).await;
    let start = browser.get("/sit").await;
    browser.post("/sit/start", &start, &[]).await;
    let page = browser.get("/sit").await;
    (network, browser, page)
}

/// Goes on to a kind of task by skipping.
async fn skip_to(browser: &mut Browser, kind: &str) -> Page {
    let pack = packs::Pack::embedded().expect("the pack");
    let number = pack.kinds.items.iter().position(|item| item.kind == kind).expect("the kind");
    for _ in 0..number {
        let page = browser.get("/sit").await;
        let [item, step] = ["item", "step"].map(|name| page.attribute(&format!("input[name={name}]"), "value"));
        browser.post("/sit/skip", &page, &[("item", &item), ("step", &step), ("do", "skip")]).await;
    }
    browser.get("/sit").await
}

#[tokio::test]
async fn each_kind_is_answered_by_its_plain_form() {
    let (network, mut browser, _) = begin().await;
    let pack = packs::Pack::embedded().expect("the pack");
    let picture = [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 3000]].concat();
    for kind in &pack.kinds.items {
        let page = browser.get("/sit").await;
        assert_eq!(page.attribute("#sit", "data-position"), (kind.number - 1).to_string(), "{}", kind.kind);
        assert!(page.count("form[data-answer] [name^=RESPONSE]") > 0, "{}: a field to answer in", kind.kind);
        let file: Option<(&str, &[u8])> = match kind.kind.as_str() {
            "drawing" => Some(("drawing.png", &picture)),
            "upload" => Some(("work.txt", "Жұмысым".as_bytes())),
            _ => None,
        };
        let answered = browser.answer(&page, &plain_form(&kind.kind), file).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}: {}", kind.kind, answered.body);
    }
    let attempt = network.tickets().await[0].attempt();
    let log = delivery::log(&network.database, attempt).await.expect("a log");
    let answers = log.iter().filter_map(|entry| match serde_json::from_str(&entry.payload).expect("an event") {
        Event::Answered { response, .. } => Some(response.0),
        _ => None,
    });
    for (kind, mut response) in pack.kinds.items.iter().zip(answers) {
        let values = response.remove("RESPONSE").expect("a response");
        if !["drawing", "upload"].contains(&kind.kind.as_str()) {
            let expected: Vec<String> = kind.response.iter().map(|value| value.replace("4.75", "4,75")).collect();
            assert_eq!(values, expected, "{}", kind.kind);
            continue;
        }
        // The log names the file by its hash; the bytes lie beside the database.
        let reference: FileReference = values[0].parse().expect("a reference");
        assert_eq!(reference.name, kind.response[0]);
        let bytes = network.database.files().get(&reference.path(attempt)).expect("a read").expect("the file");
        assert_eq!((bytes.len(), FileReference::of(&reference.name, &bytes)), (reference.size, Some(reference)));
    }
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_said_and_what_was_filled_in_stays() {
    let (network, mut browser, _) = begin().await;
    let page = skip_to(&mut browser, "choice-multiple").await;
    let many =
        browser.answer(&page, &[("RESPONSE", "A"), ("RESPONSE", "B"), ("RESPONSE", "C"), ("RESPONSE", "D")], None);
    let many = many.await;
    assert_eq!((many.status, many.count("[role=alert]")), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{}", many.body);
    assert_eq!(many.count("input[name=RESPONSE][checked]"), 4, "the ticks are still there");
    // What no form of ours sends is no answer at all.
    let foreign = browser.answer(&page, &[("RESPONSE", "Z")], None).await;
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST);
    let other = browser.answer(&page, &[("OTHER", "A")], None).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    // An order that is not complete, unless the time is up.
    let page = skip_to_from(&mut browser, 1, 5).await;
    let part = [("RESPONSE:1", "C"), ("RESPONSE:2", "B")];
    assert_eq!(browser.answer(&page, &part, None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let twice = [("RESPONSE:1", "C"), ("RESPONSE:2", "C"), ("RESPONSE:3", "A"), ("RESPONSE:4", "B")];
    assert_eq!(browser.answer(&page, &twice, None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let timed = [part[0], part[1], ("do", "time")];
    assert_eq!(browser.answer(&page, &timed, None).await.status, StatusCode::SEE_OTHER);
    network.verify().await;
    network.database.finish().await;
}

async fn skip_to_from(browser: &mut Browser, from: usize, to: usize) -> Page {
    for _ in from..to {
        let page = browser.get("/sit").await;
        let [item, step] = ["item", "step"].map(|name| page.attribute(&format!("input[name={name}]"), "value"));
        browser.post("/sit/skip", &page, &[("item", &item), ("step", &step), ("do", "skip")]).await;
    }
    browser.get("/sit").await
}

#[tokio::test]
async fn files_keep_to_size_and_kind() {
    let (network, mut browser, _) = begin().await;
    let page = skip_to(&mut browser, "upload").await;
    let program = browser.answer(&page, &[], Some(("a.pdf", b"MZ\x90\x00\xff\xfe"))).await;
    assert_eq!((program.status, program.count("[role=alert]")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let huge = vec![b'x'; delivery::model::FILE_MAXIMUM + 1];
    let huge = browser.answer(&page, &[], Some(("a.txt", &huge))).await;
    assert_eq!(huge.status, StatusCode::UNPROCESSABLE_ENTITY);
    let none = browser.answer(&page, &[], None).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "an empty file field is no answer");
    // A reference in a text field is no file.
    let forged = format!("sha256:{};text/plain;1;a", "0".repeat(64));
    let forged = browser.answer(&page, &[("RESPONSE", forged.as_str())], None).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = browser.answer(&page, &[], Some(("work.txt", b"work"))).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    // The same once more, after a lost connection: acknowledged again, nothing new in the log.
    let entries = delivery::log(&network.database, network.tickets().await[0].attempt()).await.expect("a log").len();
    let again = browser.answer(&page, &[], Some(("work.txt", b"work"))).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let after = delivery::log(&network.database, network.tickets().await[0].attempt()).await.expect("a log").len();
    assert_eq!(entries, after);
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn files_of_items_are_for_the_pupil_who_is_at_them() {
    let (network, mut browser, first) = begin().await;
    let page = skip_to(&mut browser, "portable-custom").await;
    let item = page.attribute("#sit", "data-item");
    let frame = browser.get(&format!("/sit/programs/{item}/RESPONSE")).await;
    assert_eq!(frame.status, StatusCode::OK);
    assert!(frame.policy.contains("sandbox allow-scripts") && !frame.policy.contains("unsafe"), "{}", frame.policy);
    assert!(frame.policy.contains("default-src 'none'") && !frame.policy.contains("allow-same-origin"));
    assert!(frame.body.contains("qtiCustomInteractionContext") && frame.body.contains("urn:zerek:scales"));
    let script = browser.get(&format!("/sit/items/{item}/scales.js")).await;
    assert_eq!(script.status, StatusCode::OK);
    for elsewhere in [
        format!("/sit/items/{item}/other.js"),
        format!("/sit/items/{item}/..%2f..%2fzerek.db"),
        format!("/sit/items/{}/numbers.png", first.attribute("#sit", "data-item")),
        format!("/sit/programs/{item}/OTHER"),
    ] {
        assert_eq!(browser.get(&elsewhere).await.status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
    browser.cookies.clear();
    let stranger = browser.get(&format!("/sit/items/{item}/scales.js")).await;
    assert_ne!(stranger.status, StatusCode::OK);
    network.database.finish().await;
}
