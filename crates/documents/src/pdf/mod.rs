//! PDF: Typst templates and data in, accessible PDF files out.

mod fonts;
mod template;
mod world;

pub(crate) use template::picture;
pub use template::{Document, Picture, Template};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::Language;
use serde::Serialize;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::{Labels, sentence};
use fonts::Fonts;
use world::{Library, World};

/// After how many pages Typst's memory is swept, and how many sweeps a part may stay unused. What the documents of
/// a test share (evaluated templates, shaped and laid out cells) is used again and stays; what belongs to one pupil
/// or school goes. Measured with `examples/speed.rs`: sweeping less often takes more memory and is no faster. A document
/// of so many pages that the next one shares little with it is swept at once.
const SWEEP_EVERY: usize = 8;
const LONG: usize = 5;
const SWEEPS_KEPT: usize = 2;

/// A finished PDF file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// Letters that no font has and that were printed as the replacement sign, each once, in order.
    pub missing: String,
}

/// Why a document could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A font that is built in could not be read.
    #[error("font {0} cannot be read")]
    Font(&'static str),
    /// A template has a name that Typst does not take.
    #[error("a template has an unusable file name")]
    Names,
    /// The data have a form that JSON cannot hold.
    #[error("the data of a document cannot be written as JSON: {0}")]
    Data(String),
    /// The template does not fit the data.
    #[error("template {template:?} cannot be typeset: {message}")]
    Template {
        /// Which template.
        template: Template,
        /// Typst's messages with their hints.
        message: String,
    },
    /// The PDF writer refuses the typeset document.
    #[error("template {template:?} cannot be written as PDF: {message}")]
    Export {
        /// Which template.
        template: Template,
        /// Typst's messages with their hints.
        message: String,
    },
}

/// Makes PDF files. Made once (it reads the fonts and the templates), cheap to clone, shared between threads.
///
/// ```no_run
/// # fn report() -> documents::report::IndividualReport { unimplemented!() }
/// let renderer = documents::Renderer::new()?;
/// let pdf = renderer.render(&report())?;
/// assert!(pdf.bytes.starts_with(b"%PDF"));
/// # Ok::<(), documents::DocumentError>(())
/// ```
#[derive(Clone)]
pub struct Renderer(Arc<Inner>);

struct Inner {
    library: Library,
    labels: [Labels; 3],
    options: PdfOptions,
    /// Pages made so far.
    pages: AtomicUsize,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Renderer").field("pages", &self.0.pages).finish_non_exhaustive()
    }
}

/// What a template reads as `/data.json`.
#[derive(Serialize)]
struct Input<'a, D> {
    data: &'a D,
    labels: &'a Labels,
    pictures: BTreeMap<String, Picture>,
    /// "4-сынып" for 4.
    grades: BTreeMap<u32, String>,
    /// Where the template finds the document's files, by the name it knows them by.
    files: BTreeMap<&'a str, String>,
}

impl Renderer {
    /// A renderer with the labels of `locales/`.
    pub fn new() -> Result<Self, DocumentError> {
        Self::with_labels(Language::ALL.map(Labels::built_in))
    }

    /// A renderer with other labels: Kazakh, Russian, English.
    pub fn with_labels(labels: [Labels; 3]) -> Result<Self, DocumentError> {
        let library = Library::new(Fonts::built_in()?).ok_or(DocumentError::Names)?;
        // PDF/UA-1: tagged, with language, title and alternative texts; the export fails when a template forgets one.
        let standards = PdfStandards::new(&[PdfStandard::V_1_7, PdfStandard::Ua_1]).unwrap_or_default();
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Custom(Some("Zerek".to_owned())),
            // No clock: the same data give the same bytes.
            timestamp: None,
            standards,
            tagged: true,
            ..PdfOptions::default()
        };
        Ok(Self(Arc::new(Inner { library, labels, options, pages: AtomicUsize::new(0) })))
    }

    /// Typesets one document.
    pub fn render<D: Document>(&self, document: &D) -> Result<Pdf, DocumentError> {
        let inner = &*self.0;
        let result = inner.render(document);
        // Also after an error: a failed document leaves parts in Typst's memory as well.
        let pages = result.as_ref().map_or(1, |pdf| pdf.pages);
        let before = inner.pages.fetch_add(pages, Ordering::Relaxed);
        if pages >= LONG || before / SWEEP_EVERY != (before + pages) / SWEEP_EVERY {
            comemo::evict(SWEEPS_KEPT);
        }
        result
    }
}

impl Inner {
    fn render<D: Document>(&self, document: &D) -> Result<Pdf, DocumentError> {
        let template = D::TEMPLATE;
        let labels = match document.language() {
            Language::Kk => &self.labels[0],
            Language::Ru => &self.labels[1],
            Language::En => &self.labels[2],
        };
        let pictures = document.pictures(labels).into_iter().collect();
        let name = |grade: u32| (grade, sentence(document.language(), "grade-name", &[("grade", &grade.to_string())]));
        let grades = if D::TEMPLATE == Template::Campaign { (0..=12).map(name).collect() } else { BTreeMap::new() };
        // Files get names of ours: theirs may hold anything.
        let files: Vec<_> = document
            .files()
            .into_iter()
            .enumerate()
            .map(|(place, (name, bytes))| (name, format!("file-{place}.{}", world::extension(bytes)), bytes))
            .collect();
        let names = files.iter().map(|(name, own, _)| (*name, own.clone())).collect();
        let json = serde_json::to_string(&Input { data: document, labels, pictures, grades, files: names })
            .map_err(|error| DocumentError::Data(error.to_string()))?;
        let (json, missing) = self.library.fonts.replace_missing(json);
        let world =
            World::new(&self.library, template, json).with_files(files.into_iter().map(|(_, own, bytes)| (own, bytes)));
        let mut typeset = typst::compile::<PagedDocument>(&world)
            .output
            .map_err(|errors| DocumentError::Template { template, message: world.explain(&errors) })?;
        // Not by `set document` in the template: that would be part of every style, and nothing typeset for one pupil
        // could be used for the next.
        let info = typeset.info_mut();
        info.title = Some(document.title(labels).into());
        info.author = vec![document.author().into()];
        info.date = Smart::Custom(None);
        let bytes = typst_pdf::pdf(&typeset, &self.options)
            .map_err(|errors| DocumentError::Export { template, message: world.explain(&errors) })?;
        Ok(Pdf { bytes, pages: typeset.pages().len(), missing })
    }
}
