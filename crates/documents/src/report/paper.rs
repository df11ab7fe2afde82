//! A test on paper: the tasks and an answer sheet.

use std::collections::BTreeMap;

use kernel::Language;
use serde::Serialize;

/// A form on paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaperForm {
    /// Language of the words around the tasks.
    pub language: Language,
    /// Title of the form.
    pub title: String,
    /// Who issues it, as shown in the footer; may be empty.
    pub issuer: String,
    /// The tasks, in order.
    pub tasks: Vec<PaperTask>,
    /// The fields of the answer sheet, in order; none for a form that is answered on its own pages.
    pub fields: Vec<PaperField>,
    /// Pictures by the address the tasks name them by.
    #[serde(skip)]
    pub pictures: BTreeMap<String, PaperPicture>,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaperTask {
    /// Its number as shown.
    pub number: String,
    /// Its body as `qti::render::typst` writes it: calls of the functions of `paper.typ`, with every text of the item as
    /// a string. It is evaluated with those functions alone: no file, no network, no clock.
    pub body: String,
}

/// One field of the answer sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaperField {
    /// Number of the task, with the number of the answer where there are several ("3", "4.2").
    pub number: String,
    /// Letters to be marked.
    pub letters: Vec<String>,
    /// Whether several letters may be marked: then they stand in squares.
    pub several: bool,
    /// Places for a letter each.
    pub places: usize,
    /// Lines to write on.
    pub lines: usize,
}

/// A picture of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperPicture {
    /// PNG, JPEG, GIF, WebP or SVG.
    pub bytes: Vec<u8>,
}
