//! What Typst may see: our templates, our fonts, and the data of one document. No clock, no disk, no network.
//!
//! The data come as a file `/data.json` and not as `sys.inputs`: inputs are part of Typst's library, so each document
//! would bring a new library, and nothing that Typst has computed for the last document (the evaluated modules, the
//! shaped labels) could be used again. Either way user text stays data and never becomes source.

use std::collections::BTreeMap;

use typst::LibraryExt;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use super::Template;
use super::fonts::Fonts;

/// What all documents share.
pub(super) struct Library {
    typst: LazyHash<typst::Library>,
    book: LazyHash<FontBook>,
    pub fonts: Fonts,
    sources: BTreeMap<&'static str, Source>,
    data: FileId,
}

impl Library {
    /// `None` when a file name is not legal; a test shows that all are.
    pub fn new(fonts: Fonts) -> Option<Self> {
        let book = FontBook::from_fonts(&fonts.fonts);
        let sources = Template::FILES
            .iter()
            .filter_map(|(name, text)| Some((*name, Source::new(id_of(name)?, (*text).to_owned()))))
            .collect();
        let data = id_of("data.json")?;
        Some(Self { typst: LazyHash::new(typst::Library::default()), book: LazyHash::new(book), fonts, sources, data })
    }
}

fn id_of(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

/// How a picture's file name ends, by its first bytes.
pub(super) fn extension(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xff, 0xd8, ..] => "jpg",
        [b'G', b'I', b'F', ..] => "gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
        _ => "svg",
    }
}

/// The world of one document.
pub(super) struct World<'a> {
    library: &'a Library,
    main: FileId,
    data: Bytes,
    files: BTreeMap<String, Bytes>,
}

impl<'a> World<'a> {
    pub fn new(library: &'a Library, template: Template, json: String) -> Self {
        let main = library.sources.get(template.file()).map_or(library.data, Source::id);
        Self { library, main, data: Bytes::from_string(json), files: BTreeMap::new() }
    }

    /// Files of the document.
    pub fn with_files<'b>(mut self, files: impl Iterator<Item = (String, &'b [u8])>) -> Self {
        self.files = files.map(|(name, bytes)| (name, Bytes::new(bytes.to_vec()))).collect();
        self
    }

    /// Typst's messages as one text: file, message, hints.
    pub fn explain(&self, errors: &[SourceDiagnostic]) -> String {
        let mut lines = Vec::new();
        for error in errors {
            let place = error.span.id().map_or(String::new(), |id| {
                let line = typst::WorldExt::range(self, error.span)
                    .and_then(|range| self.source(id).ok()?.lines().byte_to_line(range.start))
                    .map_or(String::new(), |line| format!(":{}", line + 1));
                format!("{}{line}: ", id.get().vpath().get_without_slash())
            });
            lines.push(format!("{place}{}", error.message));
            lines.extend(error.hints.iter().map(|hint| format!("  {}", hint.v)));
        }
        lines.join("\n")
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let name = id.get().vpath().get_without_slash();
        self.library.sources.get(name).cloned().ok_or_else(|| FileError::NotFound(name.into()))
    }
}

impl typst::World for World<'_> {
    fn library(&self) -> &LazyHash<typst::Library> {
        &self.library.typst
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.library.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        World::source(self, id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.library.data {
            return Ok(self.data.clone());
        }
        if let Some(file) = self.files.get(id.get().vpath().get_without_slash()) {
            return Ok(file.clone());
        }
        World::source(self, id).map(|source| Bytes::from_string(source.text().to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.library.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
