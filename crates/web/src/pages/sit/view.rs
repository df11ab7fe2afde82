//! What a sitting looks like: the part that changes, and the page around it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use delivery::model::{FinishedBy, Refusal};
use delivery::{Reached, SitPage};
use fluent_bundle::FluentValue;
use jiff::tz::TimeZone;
use kernel::Language;

use crate::context::{PageCtx, Theme};
use crate::error::PageError;
use crate::{assets, text};

/// The time zone in which moments are written for pupils.
pub(super) fn zone() -> TimeZone {
    TimeZone::get("Asia/Almaty").unwrap_or(TimeZone::UTC)
}

/// What is asked before a step that cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Nothing.
    Nothing,
    /// Whether the current item is really to be skipped.
    Skip,
}

/// The part of a page that changes from step to step.
#[derive(Debug, Template)]
#[template(path = "sit/part.html")]
pub struct Part<'a> {
    page: &'a SitPage,
    language: Language,
    csrf: &'a str,
    asking: Asking,
    problem: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "sit/page.html")]
struct Whole<'a> {
    page: &'a SitPage,
    language: Language,
    theme: Theme,
    csrf: &'a str,
    texts: String,
    part: String,
}

impl Part<'_> {
    fn t(&self, key: &str) -> String {
        text::text(self.language, key)
    }

    fn n(&self, key: &str, value: usize) -> String {
        self.with(key, &[("n", value)])
    }

    fn with(&self, key: &str, arguments: &[(&str, usize)]) -> String {
        let arguments: Vec<(&str, FluentValue<'_>)> =
            arguments.iter().map(|(name, value)| (*name, (*value).into())).collect();
        text::text_with(self.language, key, &arguments)
    }

    fn test_name(&self) -> &str {
        self.page.header.test_name.in_language(self.language)
    }

    fn school_name(&self) -> &str {
        self.page.header.school_name.in_language(self.language)
    }

    fn state(&self) -> &'static str {
        match (&self.page.reached, self.asking) {
            (Reached::Start, _) => "start",
            (Reached::Item(_), Asking::Nothing) => "item",
            (Reached::Item(_), Asking::Skip) => "skip",
            (Reached::AllDone, _) => "all-done",
            (Reached::Finished { .. }, _) => "finished",
        }
    }

    /// Number of the current item, from 1.
    fn number(&self) -> usize {
        self.page.progress.position + 1
    }

    fn is_last(&self) -> bool {
        self.number() >= self.page.progress.items
    }

    fn unanswered(&self) -> usize {
        self.page.progress.items - self.page.progress.answered
    }

    /// How many items would stay unanswered when this one is skipped.
    fn unanswered_then(&self) -> usize {
        self.page.progress.skipped + 1
    }

    fn minutes(&self) -> usize {
        usize::try_from(self.page.header.minutes).unwrap_or_default()
    }

    /// As the player writes it, rounded up to seconds.
    fn clock(&self) -> String {
        let seconds = (self.page.progress.remaining + 999) / 1000;
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }

    fn ended_by(&self, by: &FinishedBy) -> String {
        self.t(match by {
            FinishedBy::Pupil => "sit-ended-pupil",
            FinishedBy::Time => "sit-ended-time",
            FinishedBy::Window => "sit-ended-window",
        })
    }

    /// The client's word for the step that this page leads to.
    fn step(&self) -> String {
        format!("{}.{}", self.number(), self.page.progress.entries + 1)
    }
}

impl Whole<'_> {
    fn test_name(&self) -> &str {
        self.page.header.test_name.in_language(self.language)
    }

    fn t(&self, key: &str) -> String {
        text::text(self.language, key)
    }

    fn asset(name: &str) -> String {
        assets::address(name)
    }
}

/// A page of a sitting, or only its part for the player.
///
/// # Errors
/// [`PageError::Internal`] when a template cannot be rendered.
pub fn show(
    ctx: &PageCtx,
    page: &SitPage,
    asking: Asking,
    problem: Option<String>,
    only_part: bool,
) -> Result<Response, PageError> {
    let broken = |error: askama::Error| PageError::Internal(error.to_string());
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let language = page.header.language;
    let part = Part { page, language, csrf: &ctx.csrf, asking, problem }.render().map_err(broken)?;
    if only_part {
        return Ok((status, Html(part)).into_response());
    }
    let say = |key: &str| text::text(language, key);
    let texts = serde_json::json!({
        "lost": say("sit-connection-lost"), "resent": say("sit-connection-resent"), "over": say("sit-time-over"),
        "left": say("sit-time-left-aloud"),
    });
    let whole = Whole { page, language, theme: ctx.theme, csrf: &ctx.csrf, texts: texts.to_string(), part };
    Ok((status, Html(whole.render().map_err(broken)?)).into_response())
}

/// What a refusal says to the pupil; `None` where the page itself says it.
pub fn refusal(language: Language, refusal: &Refusal) -> Option<String> {
    let key = match refusal {
        // The page shows that the test has ended.
        Refusal::AlreadyFinished { .. } => return None,
        Refusal::TooEarly { .. } | Refusal::NotOpened => "sit-code-not-opened",
        Refusal::WindowClosed { .. } => "sit-code-closed",
        Refusal::AlreadyAnswered { position } | Refusal::AlreadySkipped { position } => {
            return Some(text::text_with(language, "sit-refused-done", &[("n", (position + 1).into())]));
        }
        Refusal::OutOfOrder { .. } | Refusal::UnknownItem { .. } | Refusal::NotAtEnd { .. } => "sit-refused-order",
        Refusal::EmptyResponse => "sit-refused-empty",
        Refusal::ResponseTooLong { .. } => "sit-refused-long",
        _ => "sit-refused-now",
    };
    Some(text::text(language, key))
}
