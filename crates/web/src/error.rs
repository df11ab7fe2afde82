//! What a page cannot do, mapped once to a status and a message in the reader's language.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Language;

use crate::page::ErrorPage;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// Nobody has signed in, and the page needs somebody.
    #[error("not signed in")]
    SignIn {
        /// Where to go afterwards.
        next: String,
    },
    /// The rules do not give it. Whoever may not see a thing is told as little as if it were not there.
    #[error("not allowed")]
    Denied,
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// The form came from elsewhere or from an old page.
    #[error("the form's token does not fit the session")]
    Token,
    /// The request is not what a page of ours sends.
    #[error("{0}")]
    Request(String),
    /// Too much was sent.
    #[error("too large")]
    TooLarge,
    /// Something broke here.
    #[error("{0}")]
    Internal(String),
}

impl From<store::StoreError> for PageError {
    fn from(error: store::StoreError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<access::Denied> for PageError {
    fn from(_denied: access::Denied) -> Self {
        Self::Denied
    }
}

impl From<monitoring::MonitoringError> for PageError {
    fn from(error: monitoring::MonitoringError) -> Self {
        match error {
            monitoring::MonitoringError::Denied(_) => Self::Denied,
            monitoring::MonitoringError::NoCampaign(_) => Self::NotFound,
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<roster::RosterError> for PageError {
    fn from(error: roster::RosterError) -> Self {
        match error {
            roster::RosterError::Denied(_) => Self::Denied,
            roster::RosterError::Store(error) => error.into(),
        }
    }
}

impl From<delivery::DeliveryError> for PageError {
    fn from(error: delivery::DeliveryError) -> Self {
        match error {
            delivery::DeliveryError::Denied(_) => Self::Denied,
            delivery::DeliveryError::NoCampaign(_) => Self::NotFound,
            delivery::DeliveryError::Store(error) => error.into(),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl PageError {
    const fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Token | Self::Request(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn key(&self) -> &'static str {
        match self {
            Self::SignIn { .. } => "error-sign-in",
            Self::Denied => "error-denied",
            Self::NotFound => "error-not-found",
            Self::Token => "error-token",
            Self::Request(_) => "error-request",
            Self::TooLarge => "error-too-large",
            Self::Internal(_) => "error-internal",
        }
    }
}

/// The language of the request, put there by a layer so that errors speak it too.
#[derive(Debug, Clone, Copy)]
pub struct RequestLanguage(pub Language);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if let Self::SignIn { next } = &self {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            return axum::response::Redirect::to(&format!("/sign-in?next={next}")).into_response();
        }
        if let Self::Internal(what) = &self {
            tracing::error!(what, "page failed");
        }
        // The error layer turns this into a page in the language of the request.
        let mut response = self.status().into_response();
        response.extensions_mut().insert(ErrorKey(self.key()));
        response
    }
}

/// Which message an error answer carries.
#[derive(Debug, Clone, Copy)]
pub struct ErrorKey(pub &'static str);

/// Gives answers that failed their page.
pub async fn layer(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let language = crate::context::language_of_headers(request.headers());
    let looks = request.method().is_safe();
    let response = next.run(request).await;
    let status = response.status();
    // Words of the framework about an address or a form that it could not read.
    let bare = || {
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        status.is_client_error() && kind.is_some_and(|kind| kind.starts_with("text/plain"))
    };
    let error_page =
        |status: StatusCode, key| (status, ErrorPage::new(language, status.as_u16(), key).into_html()).into_response();
    let key = match response.extensions().get::<ErrorKey>() {
        Some(ErrorKey(key)) => key,
        None if status == StatusCode::NOT_FOUND => "error-not-found",
        None if status == StatusCode::METHOD_NOT_ALLOWED => "error-request",
        None if status == StatusCode::PAYLOAD_TOO_LARGE => "error-too-large",
        None if bare() && looks => return error_page(StatusCode::NOT_FOUND, "error-not-found"),
        None if bare() => return error_page(StatusCode::BAD_REQUEST, "error-request"),
        None => return response,
    };
    error_page(status, key)
}
