//! A page: title, where it stands, what to do, blocks.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use kernel::Language;

use crate::blocks::{Block, Button, Query};
use crate::context::{PageCtx, Theme};
use crate::error::PageError;
use crate::navigation::{self, Section};
use crate::{assets, export, text};

/// Cookie with a message for the next page.
pub const FLASH_COOKIE: &str = "zerek-flash";

/// A page of the staff.
#[derive(Debug)]
pub struct Page {
    /// Title.
    pub title: String,
    /// Pages above: name, address.
    pub crumbs: Vec<(String, String)>,
    /// Things to do, beside the title.
    pub actions: Vec<Button>,
    /// Content.
    pub blocks: Vec<Block>,
    /// Whether what is shown was invented for demonstration.
    pub demonstration: bool,
    /// A narrow page without navigation: signing in.
    pub bare: bool,
}

impl Page {
    /// A page with this title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            crumbs: Vec::new(),
            actions: Vec::new(),
            blocks: Vec::new(),
            demonstration: false,
            bare: false,
        }
    }

    /// The same below another page.
    #[must_use]
    pub fn below(mut self, name: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push((name.into(), href.into()));
        self
    }

    /// The same with a thing to do.
    #[must_use]
    pub fn action(mut self, button: Button) -> Self {
        self.actions.push(button);
        self
    }

    /// The same with a block at the end.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// The same with invented data on it.
    #[must_use]
    pub fn demonstration(mut self, demonstration: bool) -> Self {
        self.demonstration = demonstration;
        self
    }

    /// The answer: the page, or one of its tables as a file when the query asks for it.
    ///
    /// # Errors
    /// [`PageError::Internal`] when a template or a file cannot be made; [`PageError::NotFound`] when there is no such table.
    pub fn show(self, ctx: &PageCtx) -> Result<Response, PageError> {
        self.show_with_status(ctx, axum::http::StatusCode::OK)
    }

    /// The same with another status: 422 for a form with mistakes.
    ///
    /// # Errors
    /// As [`show`](Self::show).
    pub fn show_with_status(mut self, ctx: &PageCtx, status: axum::http::StatusCode) -> Result<Response, PageError> {
        let query = Query::of(&ctx.here);
        let format = query.get("export");
        if !format.is_empty() {
            let mut tables = Vec::new();
            self.blocks.iter().for_each(|block| block.tables(&mut tables));
            let mut named = tables.into_iter().filter(|table| table.name == query.get("table"));
            let before = query.number("nth").and_then(|nth| usize::try_from(nth - 1).ok()).unwrap_or(0);
            let table = named.nth(before).ok_or(PageError::NotFound)?;
            return export::table(table, format, &self.title, ctx);
        }
        let mut seen = BTreeMap::new();
        self.blocks.iter_mut().for_each(|block| block.number_tables(&mut seen));
        let layout = Layout { page: &self, ctx, frame: Frame::of(ctx) };
        let html = layout.render().map_err(|error| PageError::Internal(error.to_string()))?;
        let mut response = (status, Html(html)).into_response();
        if ctx.flash.is_some() {
            let gone = format!("{FLASH_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
            if let Ok(value) = gone.parse() {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
        Ok(response)
    }
}

/// A part of a page alone, for lists that refresh themselves.
///
/// # Errors
/// [`PageError::Internal`] when a template cannot be rendered.
pub fn part(block: &Block) -> Result<Response, PageError> {
    let html = block.html().map_err(|error| PageError::Internal(error.to_string()))?;
    Ok(Html(html).into_response())
}

/// After a write: to another page, with a message that it shows once.
pub fn redirect(ctx: &PageCtx, to: &str, flash_key: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let cookie = ctx.cookie(FLASH_COOKIE, flash_key.to_owned());
    if let Ok(value) = cookie.to_string().parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// What surrounds every page.
#[derive(Debug)]
pub struct Frame {
    sections: Vec<Section>,
    css: String,
    js: String,
    icon: String,
    font: String,
}

impl Frame {
    /// The frame for a request.
    pub fn of(ctx: &PageCtx) -> Self {
        Self { sections: navigation::sections(ctx), ..Self::bare() }
    }

    fn bare() -> Self {
        Self {
            sections: Vec::new(),
            css: assets::address("page.css"),
            js: assets::address("page.js"),
            icon: assets::address("icon.svg"),
            font: assets::address("noto-sans.woff2"),
        }
    }
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    page: &'a Page,
    ctx: &'a PageCtx,
    frame: Frame,
}

impl Layout<'_> {
    /// Names of languages in themselves.
    const fn language_name(language: &Language) -> &'static str {
        match language {
            Language::Kk => "Қазақша",
            Language::Ru => "Русский",
            Language::En => "English",
        }
    }

    const LANGUAGES: [Language; 3] = Language::ALL;
    const THEMES: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];
}

/// A page that says what went wrong.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    language: Language,
    title: String,
    message: String,
    home: String,
    status: u16,
    frame: Frame,
}

impl ErrorPage {
    /// The page for a status and the key of its message.
    pub fn new(language: Language, status: u16, key: &str) -> Self {
        Self {
            language,
            title: text::text(language, &format!("{key}-title")),
            message: text::text(language, key),
            home: text::text(language, "error-home"),
            status,
            frame: Frame::bare(),
        }
    }

    /// As an answer's body.
    pub fn into_html(self) -> Html<String> {
        Html(self.render().unwrap_or_else(|_error| self.message.clone()))
    }
}

/// Whether htmx asks for a part of a page.
pub fn wants_part(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}
