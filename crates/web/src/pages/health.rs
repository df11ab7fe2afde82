//! `GET /health`: whether the database answers.

use axum::extract::State;
use axum::http::StatusCode;
use store::Reading;

use crate::app::App;

/// 200 when the database answers, else 503.
pub async fn get(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.database().read().count("SELECT CAST(1 AS bigint)", []).await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
