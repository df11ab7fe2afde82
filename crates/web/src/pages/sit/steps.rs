//! The steps of a sitting.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use delivery::model::Outcome;
use delivery::{NotSaved, Reached, Sent as Given, SentFile, SitError, SitPage, Step};
use kernel::{AttemptId, ItemId};
use rand::Rng;

use super::code;
use super::view::{Asking, refusal, show as show_page, unread};
use crate::app::App;
use crate::context::{PageCtx, SESSION_COOKIE};
use crate::error::PageError;
use crate::form::Upload;
use crate::text;

type Sent = Upload;

/// Names of our own fields; every other field is a response of the item.
const OWN: [&str; 4] = ["csrf", "item", "step", "do"];

impl From<SitError> for PageError {
    fn from(error: SitError) -> Self {
        match error {
            SitError::Denied(_) => Self::Denied,
            SitError::NoAttempt(_) | SitError::NotSaved(NotSaved::NoAttempt(_)) => Self::NotFound,
            SitError::NotSaved(_) | SitError::Form(_) | SitError::Store(_) => Self::Internal(error.to_string()),
        }
    }
}

/// The attempt of the session, or the way to the code.
pub(super) fn attempt(ctx: &PageCtx) -> Result<AttemptId, PageError> {
    ctx.actor.attempt.ok_or_else(|| PageError::SignIn { next: "/sit".to_owned() })
}

fn by_player(headers: &HeaderMap) -> bool {
    headers.contains_key("x-zerek-player")
}

fn field<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

fn item(sent: &Sent) -> Result<ItemId, PageError> {
    field(sent, "item").parse().map_err(|_error| PageError::Request("no item".to_owned()))
}

/// What the item's own fields hold. The player says `time` when the minutes ran out while the pupil was still at it.
fn given(sent: &mut Sent) -> Given {
    let fields = sent.fields.iter().filter(|(name, _)| !OWN.contains(&name.as_str())).cloned().collect();
    let files = std::mem::take(&mut sent.files).into_iter();
    let files = files.map(|(field, name, content)| SentFile { field, name, content }).collect();
    Given { fields, files, complete: field(sent, "do") != "time" }
}

/// `GET /sit`: the page that comes now, or the field for the code.
///
/// # Errors
/// [`PageError`].
pub async fn show(ctx: PageCtx) -> Result<Response, PageError> {
    let Some(attempt) = ctx.actor.attempt else { return code::page(&ctx, "", None).show(&ctx) };
    let page = ctx.app.delivery().page(&ctx.actor, attempt, ctx.now).await?;
    show_page(&ctx, &page, Asking::Nothing, None, false)
}

/// `GET /sit/time`: milliseconds left on the server's clock.
///
/// # Errors
/// [`PageError`].
pub async fn time(ctx: PageCtx) -> Result<Response, PageError> {
    let page = ctx.app.delivery().page(&ctx.actor, attempt(&ctx)?, ctx.now).await?;
    let body = serde_json::json!({ "remaining": page.progress.remaining }).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// After a step: the next page, by a redirect or for the player at once. A refusal says why on the page where the attempt is.
fn after(ctx: &PageCtx, headers: &HeaderMap, step: &Step) -> Result<Response, PageError> {
    let language = step.page.header.language;
    let problem = match &step.reply {
        Ok(acknowledgement) if acknowledgement.outcome == Outcome::Late => {
            Some(text::text(language, "sit-refused-late"))
        }
        Ok(_) => None,
        Err(why) => refusal(language, why),
    };
    match problem {
        None if !by_player(headers) => Ok(Redirect::to("/sit").into_response()),
        problem => show_page(ctx, &step.page, Asking::Nothing, problem, by_player(headers)),
    }
}

/// `POST /sit/start`
///
/// # Errors
/// [`PageError`].
pub async fn start(headers: HeaderMap, sent: Sent) -> Result<Response, PageError> {
    let ctx = &sent.ctx;
    let step = ctx.app.delivery().start(&ctx.actor, attempt(ctx)?, ctx.now, App::rng().next_u64()).await?;
    after(ctx, &headers, &step)
}

/// `POST /sit/answer`: keeps the answer, or asks about skipping. What cannot be an answer comes back with what was filled in.
///
/// # Errors
/// [`PageError`].
pub async fn answer(headers: HeaderMap, mut sent: Sent) -> Result<Response, PageError> {
    let given = given(&mut sent);
    let (ctx, attempt) = (&sent.ctx, attempt(&sent.ctx)?);
    let delivery = ctx.app.delivery();
    if field(&sent, "do") == "skip" {
        let page = delivery.page(&ctx.actor, attempt, ctx.now).await?;
        return show_page(ctx, &page, Asking::Skip, None, false);
    }
    let key = Some(field(&sent, "step"));
    let fields = given.fields.clone();
    match delivery.answer_form(&ctx.actor, attempt, item(&sent)?, given, key, ctx.now).await? {
        Ok(step) => after(ctx, &headers, &step),
        Err(why) => {
            let page = delivery.page_with(&ctx.actor, attempt, &fields, ctx.now).await?;
            let problem = unread(page.header.language, &why)?;
            show_page(ctx, &page, Asking::Nothing, Some(problem), by_player(&headers))
        }
    }
}

fn has_ended(page: &SitPage) -> bool {
    matches!(page.reached, Reached::Finished { .. })
}

/// `POST /sit/skip`: after the question. On the last item it ends the test too ("Skip and end test").
///
/// # Errors
/// [`PageError`].
pub async fn skip(headers: HeaderMap, sent: Sent) -> Result<Response, PageError> {
    let (ctx, attempt) = (&sent.ctx, attempt(&sent.ctx)?);
    let delivery = ctx.app.delivery();
    let key = Some(field(&sent, "step"));
    let step = delivery.skip(&ctx.actor, attempt, item(&sent)?, key, ctx.now).await?;
    let ends = field(&sent, "do") == "end" && step.reply.is_ok() && !has_ended(&step.page);
    let step = if ends { delivery.finish(&ctx.actor, attempt, ctx.now).await? } else { step };
    after(ctx, &headers, &step)
}

/// `POST /sit/end`: after the question that names how many items are unanswered.
///
/// # Errors
/// [`PageError`].
pub async fn end(headers: HeaderMap, sent: Sent) -> Result<Response, PageError> {
    let ctx = &sent.ctx;
    let step = ctx.app.delivery().finish(&ctx.actor, attempt(ctx)?, ctx.now).await?;
    after(ctx, &headers, &step)
}

/// `POST /sit/leave`: ends the pupil's session on this machine; the attempt stays as it is.
///
/// # Errors
/// [`PageError::Internal`] when the database fails.
pub async fn leave(sent: Sent) -> Result<Response, PageError> {
    let ctx = &sent.ctx;
    if let (Some(session), Some(person)) = (&ctx.session, ctx.actor.person) {
        access::end_session(ctx.app.database(), &ctx.by(), person, &session.id).await?;
    }
    let mut response = Redirect::to("/sit").into_response();
    let gone = format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    if let Ok(value) = gone.parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use delivery::model::Refusal;

    use super::*;

    #[test]
    fn what_is_not_ours_is_a_response() {
        assert!(!OWN.contains(&"RESPONSE"));
        assert_eq!(
            PageError::from(SitError::NotSaved(NotSaved::Stopping)).into_response().status(),
            StatusCode::INTERNAL_SERVER_ERROR
        );
        let why = Refusal::AlreadyAnswered { position: 4 };
        let said = refusal(kernel::Language::En, &why).expect("words");
        assert!(said.contains('5'), "{said}");
    }
}
