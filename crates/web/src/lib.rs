//! Pages: what people see and press.
//!
//! A page is made of blocks (tables, figures, forms, charts, notices; [`blocks`]), so every table sorts, filters and
//! exports alike, every chart has its table, and one template renders all. A handler extracts, authorises, calls one
//! service function and puts blocks together. The page tree in `pages/` is the route tree.
//!
//! Invariants: every page works without JavaScript, by keyboard and in three languages; every form carries the session's
//! token; every text comes from `locales/`; data are reached only through [`context::PageCtx::authorise`] or services that
//! take the actor.

pub mod app;
pub mod assets;
pub mod blocks;
pub mod context;
pub mod error;
pub mod export;
pub mod form;
pub mod format;
pub mod navigation;
pub mod page;
pub mod pages;
pub mod security;
pub mod text;

pub use app::App;
pub use context::PageCtx;
pub use error::PageError;
pub use pages::router;
