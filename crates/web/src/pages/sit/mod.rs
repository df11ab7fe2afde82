//! A pupil sits a test: the code, the start page, one item after another, the end.
//!
//! Every step is a plain form and works without a script. The player (`web-player/`) sends the same forms with the header
//! `x-zerek-player` and gets the part of the page that changes ([`view::Part`]) instead of a redirect.

mod code;
mod files;
mod steps;
mod view;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

/// The largest answer: a file, and text beside it.
const LARGEST_ANSWER: usize = delivery::model::FILE_MAXIMUM + 256 * 1024;

/// The routes of a sitting.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sit", get(steps::show))
        .route("/sit/code", post(code::submit))
        .route("/sit/start", post(steps::start))
        .route("/sit/answer", post(steps::answer).layer(DefaultBodyLimit::max(LARGEST_ANSWER)))
        .route("/sit/skip", post(steps::skip))
        .route("/sit/end", post(steps::end))
        .route("/sit/leave", post(steps::leave))
        .route("/sit/time", get(steps::time))
        .route("/sit/items/{item}/{*path}", get(files::file))
        .route("/sit/programs/{item}/{response}", get(files::program))
}
