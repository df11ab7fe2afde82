//! What a sitting looks like: the part that changes, and the page around it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use delivery::model::{FILE_MAXIMUM, FinishedBy, Refusal};
use delivery::{Problem, Reached, SitPage, Unread};
use fluent_bundle::FluentValue;
use kernel::Language;

use crate::context::{PageCtx, Theme};
use crate::error::PageError;
use crate::{assets, text};

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
    let whole = Whole { page, language, theme: ctx.theme, csrf: &ctx.csrf, texts: player_texts(language), part };
    Ok((status, Html(whole.render().map_err(broken)?)).into_response())
}

/// Messages of the player, which knows them without `sit-player-`.
const PLAYER_TEXTS: [&str; 45] = [
    "sit-player-lost",
    "sit-player-resent",
    "sit-player-over",
    "sit-player-left",
    "sit-player-restored",
    "sit-player-most",
    "sit-player-least",
    "sit-player-choices",
    "sit-player-places",
    "sit-player-pick-hint",
    "sit-player-picked",
    "sit-player-placed",
    "sit-player-removed",
    "sit-player-cancelled",
    "sit-player-remove",
    "sit-player-up",
    "sit-player-down",
    "sit-player-moved",
    "sit-player-empty",
    "sit-player-filled",
    "sit-player-point-hint",
    "sit-player-point-placed",
    "sit-player-point-at",
    "sit-player-point-removed",
    "sit-player-points-clear",
    "sit-player-slider-none",
    "sit-player-slider-clear",
    "sit-player-draw-hint",
    "sit-player-draw-surface",
    "sit-player-draw-pen",
    "sit-player-draw-undo",
    "sit-player-draw-clear",
    "sit-player-draw-kept",
    "sit-player-file-chosen",
    "sit-player-file-remove",
    "sit-player-file-large",
    "sit-player-file-kind",
    "sit-player-file-again",
    "sit-player-plays-left",
    "sit-player-plays-over",
    "sit-player-signs",
    "sit-player-signs-left",
    "sit-player-words",
    "sit-player-program",
    "sit-player-program-failed",
];

/// What the player says, as JSON.
fn player_texts(language: Language) -> String {
    let of = |key: &&str| {
        let name = key.trim_start_matches("sit-player-").to_owned();
        (name, text::text(language, key).into())
    };
    serde_json::Value::Object(PLAYER_TEXTS.iter().map(of).collect()).to_string()
}

/// What the pupil is told about an answer that cannot be taken as it is.
///
/// # Errors
/// [`PageError::Request`] for what no form of ours sends.
pub fn unread(language: Language, unread: &Unread) -> Result<String, PageError> {
    let say = |key: &str, n: usize| Ok(text::text_with(language, key, &[("n", n.into())]));
    match unread {
        Unread::Problem(Problem::TooMany { most, .. }) => say("sit-unread-many", *most),
        Unread::Problem(Problem::TooFew { least, .. }) => say("sit-unread-few", *least),
        Unread::Problem(Problem::TooOften { most, .. }) => say("sit-unread-often", *most),
        Unread::Problem(Problem::NotANumber { .. }) => Ok(text::text(language, "sit-unread-number")),
        Unread::Problem(Problem::OutOfRange { .. }) => Ok(text::text(language, "sit-unread-range")),
        Unread::Problem(problem @ Problem::Unknown { .. }) => Err(PageError::Request(problem.to_string())),
        Unread::FileTooLarge { .. } => say("sit-unread-file-large", FILE_MAXIMUM / 1024 / 1024),
        Unread::FileKind { name } => {
            Ok(text::text_with(language, "sit-unread-file-kind", &[("name", name.as_str().into())]))
        }
    }
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
