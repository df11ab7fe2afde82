//! Documents on paper and in files: reports as PDF, tables as XLSX and CSV, and tables read back with the address of
//! every error.
//!
//! ```
//! use documents::{Labels, report::Number};
//! use kernel::Language;
//!
//! assert_eq!(Number::new(60.45, 1, Language::Kk).text, "60,5");
//! assert_eq!(Labels::built_in(Language::Ru).text("class-place"), "Место в классе");
//! ```
//!
//! The design note is `docs/design/documents.md`; known gaps are there. Look at every document with
//! `cargo run -p documents --release --example samples -- FOLDER`.
//!
//! Invariants: user text never becomes Typst source (it reaches a template as data, in paper forms as strings inside calls); a document is the same bytes
//! for the same data; no font is looked for on the machine.

pub mod labels;
#[cfg(feature = "pdf")]
mod pdf;
pub mod pictures;
pub mod report;
pub mod samples;
pub mod statistics;
pub mod table;

pub use labels::{KEYS, Labels, PREFIX, SENTENCES, sentence};
#[cfg(feature = "pdf")]
pub use pdf::{Document, DocumentError, Pdf, Picture, Renderer, Template};
