//! Everything a handler knows about a request: who, in which language, with which token.

use std::convert::Infallible;

use access::{Session, SessionOwner, Token};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use fluent_bundle::FluentValue;
use kernel::{Action, Actor, Language, Localized, Place, Timestamp};
use store::{By, Database};

use crate::app::App;
use crate::error::PageError;
use crate::{format, text};

/// Cookie of the session.
pub const SESSION_COOKIE: &str = "zerek-session";
/// Cookie of somebody who has not signed in: holds the token of the sign-in form.
pub const VISIT_COOKIE: &str = "zerek-visit";
const LANGUAGE_COOKIE: &str = "zerek-language";
const THEME_COOKIE: &str = "zerek-theme";

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// For the page's attribute and the cookie.
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The context of a page.
#[derive(Debug, Clone)]
pub struct PageCtx {
    /// What every page may use.
    pub app: App,
    /// Who asks.
    pub actor: Actor,
    /// In which language the page answers.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Token that forms of this page carry.
    pub csrf: String,
    /// When the request came.
    pub now: Timestamp,
    /// The session, when somebody has signed in.
    pub session: Option<Session>,
    /// Path and query of the page.
    pub here: String,
    /// Name of this site, with its port, as the browser asked for it.
    pub host: String,
    /// Address of the browser.
    pub address: Option<String>,
    /// Name of the browser.
    pub agent: Option<String>,
    /// A message of the page before, shown once.
    pub flash: Option<String>,
}

/// The language of a request without looking into the database: the choice in the cookie, else what the browser asks for,
/// else Kazakh.
pub fn language_of_headers(headers: &HeaderMap) -> Language {
    let jar = CookieJar::from_headers(headers);
    if let Some(chosen) = jar.get(LANGUAGE_COOKIE).and_then(|cookie| cookie.value().parse().ok()) {
        return chosen;
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let codes = accepted.split(',').filter_map(|part| part.trim().get(..2));
    codes.into_iter().find_map(|code| code.parse().ok()).unwrap_or(Language::Kk)
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

impl FromRequestParts<App> for PageCtx {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let (headers, now) = (&parts.headers, app.now());
        let jar = CookieJar::from_headers(headers);
        let token = jar.get(SESSION_COOKIE).and_then(|cookie| Token::from_cookie(cookie.value()));
        let session = match token {
            Some(token) => access::find_session(app.database(), &token, now).await?,
            None => None,
        };
        let actor = match session.as_ref().map(|session| session.owner) {
            Some(SessionOwner::Staff { person, .. }) => {
                roster::actor_of(app.database(), person).await?.unwrap_or_default()
            }
            Some(SessionOwner::Pupil { attempt, person }) => {
                Actor { person: Some(person), attempt: Some(attempt), ..Actor::default() }
            }
            None => Actor::nobody(),
        };
        let theme = match jar.get(THEME_COOKIE).map(Cookie::value) {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        };
        let csrf = match &session {
            Some(session) => session.csrf.clone(),
            None => jar.get(VISIT_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default(),
        };
        // Only a server behind a proxy (which is what `--secure` says) may believe what the header tells.
        let forwarded = header_text(headers, "x-forwarded-for").filter(|_| app.secure());
        let address =
            forwarded.and_then(|list| list.split(',').next_back().map(|last| last.trim().to_owned())).or_else(|| {
                parts
                    .extensions
                    .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
                    .map(|info| info.0.ip().to_string())
            });
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned());
        let host = header_text(headers, "host").or(authority).unwrap_or_default();
        let flash = jar.get(crate::page::FLASH_COOKIE).map(|cookie| cookie.value().to_owned());
        let (language, agent) = (language_of_headers(headers), header_text(headers, "user-agent"));
        Ok(Self { app: app.clone(), actor, language, theme, csrf, now, session, here, host, address, agent, flash })
    }
}

impl OptionalFromRequestParts<App> for PageCtx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Infallible> {
        Ok(<Self as FromRequestParts<App>>::from_request_parts(parts, app).await.ok())
    }
}

impl PageCtx {
    /// The database, for actors whose right to do something was checked here.
    ///
    /// # Errors
    /// [`PageError::SignIn`] when nobody has signed in, [`PageError::Denied`] when the rules do not give it.
    pub fn authorise(&self, action: Action, place: &Place) -> Result<&Database, PageError> {
        self.signed_in()?;
        access::authorise(&self.actor, action, place)?;
        Ok(self.app.database())
    }

    /// The same for a list or a thing that belongs to no school: the actor may do it somewhere, and the service restricts.
    ///
    /// # Errors
    /// As [`authorise`](Self::authorise).
    pub fn authorise_somewhere(&self, action: Action) -> Result<&Database, PageError> {
        self.signed_in()?;
        if access::may(&self.actor, action) { Ok(self.app.database()) } else { Err(PageError::Denied) }
    }

    /// The database for somebody of the staff, whatever the role.
    ///
    /// # Errors
    /// [`PageError::SignIn`] when nobody has signed in.
    pub fn signed_in(&self) -> Result<&Database, PageError> {
        match &self.session {
            Some(session) if matches!(session.owner, SessionOwner::Staff { .. }) => Ok(self.app.database()),
            _ => Err(PageError::SignIn { next: self.here.clone() }),
        }
    }

    /// In whose name this request writes.
    pub fn by(&self) -> By {
        By::actor(&self.actor, self.now).from_address(self.address.clone())
    }

    /// A text in the language of the page.
    pub fn t(&self, key: &str) -> String {
        text::text(self.language, key)
    }

    /// A text with arguments.
    pub fn t_with(&self, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        text::text_with(self.language, key, arguments)
    }

    /// A stored text in the language of the page.
    pub fn l<'a>(&self, localized: &'a Localized) -> &'a str {
        localized.in_language(self.language)
    }

    /// A whole number.
    pub fn whole(&self, value: i64) -> String {
        format::whole(self.language, value)
    }

    /// A share in percent with one decimal.
    pub fn percent(&self, value: f64) -> String {
        format::percent(self.language, value, 1)
    }

    /// A cookie with the rules that all of ours follow.
    pub fn cookie(&self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.app.secure())
            .build()
    }

    /// The cookie that keeps the chosen language for a year.
    pub fn language_cookie(&self, language: Language) -> Cookie<'static> {
        let mut cookie = self.cookie(LANGUAGE_COOKIE, language.code().to_owned());
        cookie.make_permanent();
        cookie
    }

    /// The cookie that keeps the chosen theme for a year.
    pub fn theme_cookie(&self, theme: Theme) -> Cookie<'static> {
        let mut cookie = self.cookie(THEME_COOKIE, theme.code().to_owned());
        cookie.make_permanent();
        cookie
    }
}
