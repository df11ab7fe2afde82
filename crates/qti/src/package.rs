//! Content packages: a zip with `imsmanifest.xml`, read file by file so that its size does not matter.
//!
//! Safe: paths that leave the package are refused, and no file is unpacked beyond a limit, whatever its
//! header says.

use crate::item::Version;
use crate::read::{Attributes, ParseError};
use crate::xml::Element;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Read, Seek, Write};
use zip::ZipArchive;
use zip::read::ZipFile;

/// Name of the manifest in every package.
pub const MANIFEST: &str = "imsmanifest.xml";
/// Most files a package may hold.
pub const MAX_FILES: usize = 200_000;

/// Why a package could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Not a zip, or damaged.
    #[error("this is not a readable zip file: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// Reading or writing failed.
    #[error("reading or writing failed: {0}")]
    Io(#[from] io::Error),
    /// A path that leaves the package.
    #[error("{0:?} leaves the package")]
    Path(String),
    /// No file of that name.
    #[error("the package holds no file {0:?}")]
    Missing(String),
    /// More than can be meant honestly.
    #[error("{0:?} is larger than {1} bytes when unpacked")]
    TooLarge(String, u64),
    /// Too many files.
    #[error("the package holds {0} files; at most {MAX_FILES} are read")]
    TooMany(usize),
    /// Bytes that are no text.
    #[error("{0:?} is neither UTF-8 nor UTF-16 text, nor in an encoding that its XML declaration names")]
    NotText(String),
    /// A manifest that cannot be read.
    #[error("{MANIFEST}: {0}")]
    Manifest(#[from] ParseError),
}

/// One resource of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name in the manifest.
    pub identifier: String,
    /// Its type (`imsqti_item_xmlv3p0` and so on).
    pub kind: String,
    /// Its main file, as its path inside the package where it has one.
    pub href: Option<String>,
    /// All its files.
    pub files: Vec<String>,
    /// Resources it needs, by identifier.
    pub dependencies: Vec<String>,
    /// What is said of it (its `metadata`), kept verbatim with the namespaces it uses.
    pub metadata: Option<Element>,
}

impl Resource {
    /// Whether it is an item, of any version.
    #[must_use]
    pub fn is_item(&self) -> bool {
        self.kind.starts_with("imsqti_item_xml") || self.kind.starts_with("imsqti_apipitem_xml")
    }

    /// Whether it is a test, of any version.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.kind.starts_with("imsqti_test_xml") || self.kind.starts_with("imsqti_apiptest_xml")
    }

    /// Whether it is a stimulus.
    #[must_use]
    pub fn is_stimulus(&self) -> bool {
        self.kind.starts_with("imsqti_stimulus_xml")
    }
}

/// What a package says is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Name of the package.
    pub identifier: String,
    /// Its resources, in order.
    pub resources: Vec<Resource>,
    /// What is said of the whole, kept verbatim with the namespaces it uses.
    pub metadata: Option<Element>,
}

/// Reads a manifest.
///
/// # Errors
/// [`ParseError`] when it is not XML, no manifest, or a resource has no identifier.
pub fn parse_manifest(xml: &str) -> Result<Manifest, ParseError> {
    let root = crate::xml::parse(xml)?;
    if root.local_name() != "manifest" {
        return Err(ParseError::WrongRoot { line: root.line.0, expected: "a package manifest", found: root.name });
    }
    let local = |element: &Element, name: &str| element.local_name() == name;
    let described = |outer: &[&Element], inner: &Element| {
        let metadata = inner.elements().find(|e| local(e, "metadata"))?;
        Some(self_contained(outer, metadata))
    };
    let mut resources = Vec::new();
    for list in root.elements().filter(|e| local(e, "resources")) {
        for resource in list.elements().filter(|e| local(e, "resource")) {
            let mut a = Attributes::of(resource);
            let base: String = [&root, list, resource].iter().filter_map(|e| e.attribute("xml:base")).collect();
            let path = |href: String| resolve("", &format!("{base}{href}")).unwrap_or(href);
            let all = |name: &str, attribute: &str| {
                resource
                    .elements()
                    .filter(|e| local(e, name))
                    .filter_map(|e| e.attribute(attribute).map(str::to_owned))
                    .collect::<Vec<_>>()
            };
            let files: Vec<_> = all("file", "href").into_iter().map(path).collect();
            resources.push(Resource {
                identifier: a.required("identifier")?,
                kind: a.optional("type").unwrap_or_default(),
                href: a.optional("href").map(path).or_else(|| files.first().cloned()),
                files,
                dependencies: all("dependency", "identifierref"),
                metadata: described(&[&root, list, resource], resource),
            });
        }
    }
    let metadata = described(&[&root], &root);
    Ok(Manifest { identifier: root.attribute("identifier").unwrap_or("").to_owned(), resources, metadata })
}

/// A part of a manifest with the prefixes of namespaces that are declared around it.
fn self_contained(outer: &[&Element], part: &Element) -> Element {
    let mut part = part.clone();
    part.name = part.local_name().to_owned();
    let declared = outer.iter().rev().flat_map(|element| &element.attributes);
    for attribute in declared.filter(|a| a.name.starts_with("xmlns:")) {
        if part.attribute(&attribute.name).is_none() {
            part.attributes.push(attribute.clone());
        }
    }
    part
}

/// A path inside a package without `.` and `..`; `None` when it leaves the package or is absolute.
#[must_use]
pub fn safe_path(path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// A path that a file names, seen from that file: percent signs are read, backslashes are taken for slashes.
#[must_use]
pub fn resolve(from: &str, href: &str) -> Option<String> {
    let href = href.trim().split(['?', '#']).next().unwrap_or("");
    let href = percent_decoded(href)?.replace('\\', "/");
    match from.rsplit_once('/') {
        Some((folder, _)) if !href.starts_with('/') => safe_path(&format!("{folder}/{href}")),
        _ => safe_path(&href),
    }
}

/// `%20` and the like as the letters they stand for; a lone `%` stands for itself. `None` when that is no UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            out.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}

/// A name as it is compared where no file has exactly the name that is asked for.
fn folded(name: &str) -> String {
    percent_decoded(name).unwrap_or_else(|| name.to_owned()).to_lowercase()
}

/// The folder around a whole package, with its slash: where the one manifest nearest to the top is. Nothing where there
/// are several, for then they are packages of their own.
fn around<'n>(names: impl Iterator<Item = &'n str>) -> &'n str {
    let folders = names.filter_map(|name| name.strip_suffix(MANIFEST));
    let folders: Vec<&str> = folders.filter(|folder| folder.is_empty() || folder.ends_with('/')).collect();
    let depth = |folder: &str| folder.matches('/').count();
    let nearest = folders.iter().map(|folder| depth(folder)).min();
    let mut near = folders.into_iter().filter(|folder| Some(depth(folder)) == nearest);
    match (near.next(), near.next()) {
        (Some(folder), None) => folder,
        _ => "",
    }
}

/// An open zip package. Only its table of contents is in memory.
///
/// What tools do to names is undone: backslashes are slashes, a folder around the whole package is left out, and a file
/// that is asked for in other capitals or with other percent signs is found.
#[derive(Debug)]
pub struct Package<R: Read + Seek> {
    archive: ZipArchive<R>,
    names: Vec<String>,
    /// Where the file of each name is in the archive.
    places: Vec<usize>,
    /// Names in folded form, with their position; made when it is first needed. `None` where two names fold to one.
    folded: Option<BTreeMap<String, Option<usize>>>,
}

impl<R: Read + Seek> Package<R> {
    /// Opens a package.
    ///
    /// # Errors
    /// [`PackageError`] when it is no zip, holds too many files or a file that leaves it.
    pub fn open(reader: R) -> Result<Self, PackageError> {
        let archive = ZipArchive::new(reader)?;
        if archive.len() > MAX_FILES {
            return Err(PackageError::TooMany(archive.len()));
        }
        let mut files = Vec::with_capacity(archive.len());
        for (place, name) in archive.file_names().enumerate() {
            let name = name?.replace('\\', "/");
            if safe_path(&name).is_none() {
                return Err(PackageError::Path(name));
            }
            if !name.ends_with('/') {
                files.push((name, place));
            }
        }
        let folder = around(files.iter().map(|(name, _)| name.as_str())).to_owned();
        files.retain_mut(|(name, _)| {
            let inside = name.strip_prefix(&folder).map(str::to_owned);
            inside.map(|inside| *name = inside).is_some()
        });
        files.sort();
        let (names, places) = files.into_iter().unzip();
        Ok(Self { archive, names, places, folded: None })
    }

    /// Names of all files, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The file of a path, cut off behind the limit.
    fn file(&mut self, path: &str, limit: u64) -> Result<io::Take<ZipFile<'_, R>>, PackageError> {
        let path = safe_path(path).ok_or_else(|| PackageError::Path(path.to_owned()))?;
        let position = match self.names.binary_search(&path) {
            Ok(position) => Some(position),
            Err(_) => self.alike(&path),
        };
        let Some(place) = position.and_then(|position| self.places.get(position)) else {
            return Err(PackageError::Missing(path));
        };
        Ok(self.archive.by_index(*place)?.take(limit + 1))
    }

    /// The one file whose name differs in capitals or percent signs alone.
    fn alike(&mut self, path: &str) -> Option<usize> {
        let names = &self.names;
        let alike = self.folded.get_or_insert_with(|| {
            let mut alike = BTreeMap::new();
            for (position, name) in names.iter().enumerate() {
                alike.entry(folded(name)).and_modify(|found| *found = None).or_insert(Some(position));
            }
            alike
        });
        alike.get(&folded(path)).copied().flatten()
    }

    /// The bytes of a file, at most `limit` of them.
    ///
    /// # Errors
    /// [`PackageError`] when there is no such file, it is damaged or larger than the limit.
    pub fn read(&mut self, path: &str, limit: u64) -> Result<Vec<u8>, PackageError> {
        let mut bytes = Vec::new();
        self.file(path, limit)?.read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(PackageError::TooLarge(path.to_owned(), limit));
        }
        Ok(bytes)
    }

    /// Writes the bytes of a file to a writer piece by piece, so that its size does not matter; gives how many.
    ///
    /// # Errors
    /// As [`Self::read`], or when writing fails. What was written before is then to be thrown away.
    pub fn copy(&mut self, path: &str, writer: &mut dyn Write, limit: u64) -> Result<u64, PackageError> {
        let bytes = io::copy(&mut self.file(path, limit)?, writer)?;
        if bytes > limit {
            return Err(PackageError::TooLarge(path.to_owned(), limit));
        }
        Ok(bytes)
    }

    /// A file as text, see [`crate::text::decode`].
    ///
    /// # Errors
    /// As [`Self::read`], or when it is no text.
    pub fn text(&mut self, path: &str) -> Result<String, PackageError> {
        let bytes = self.read(path, crate::xml::MAX_BYTES as u64)?;
        crate::text::decode(bytes).ok_or_else(|| PackageError::NotText(path.to_owned()))
    }

    /// The manifest.
    ///
    /// # Errors
    /// As [`Self::text`], or when it cannot be read as a manifest.
    pub fn manifest(&mut self) -> Result<Manifest, PackageError> {
        let text = self.text(MANIFEST)?;
        Ok(parse_manifest(&text)?)
    }
}

/// Kinds of documents that are written into packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// An item.
    Item,
    /// A test.
    Test,
    /// A stimulus.
    Stimulus,
    /// A section in a file of its own.
    Section,
    /// A response processing template.
    Template,
    /// A picture, sound, film or any other file.
    File,
}

/// Writes a package: the files in the order they are given, then the manifest.
#[derive(Debug)]
pub struct PackageWriter<W: Write + Seek> {
    zip: zip::ZipWriter<W>,
    entries: Vec<Entry>,
    /// How often each identifier was asked for.
    taken: HashMap<String, usize>,
    identifier: String,
    version: Version,
    metadata: Option<Element>,
}

/// A file that was written.
#[derive(Debug)]
struct Entry {
    identifier: String,
    kind: DocumentKind,
    path: String,
    /// Paths of files that it names.
    needs: Vec<String>,
    metadata: Option<Element>,
}

impl<W: Write + Seek> PackageWriter<W> {
    /// Begins a package.
    pub fn new(writer: W, identifier: &str) -> Self {
        Self {
            zip: zip::ZipWriter::new(writer),
            entries: Vec::new(),
            taken: HashMap::new(),
            identifier: identifier.to_owned(),
            version: Version::V30,
            metadata: None,
        }
    }

    /// The version its manifest speaks of; 3.0 where nothing is said.
    #[must_use]
    pub fn of_version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Adds a file under a path; `identifier` names it in the manifest.
    ///
    /// # Errors
    /// [`PackageError`] when the path leaves the package or writing fails.
    pub fn add(&mut self, kind: DocumentKind, identifier: &str, path: &str, bytes: &[u8]) -> Result<(), PackageError> {
        let path = safe_path(path).ok_or_else(|| PackageError::Path(path.to_owned()))?;
        self.begin(kind, identifier, &path)?.write_all(bytes)?;
        Ok(())
    }

    /// Begins a file; its bytes are written to what this gives, piece by piece, until the next file begins.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn begin(
        &mut self,
        kind: DocumentKind,
        identifier: &str,
        path: &str,
    ) -> Result<&mut (dyn Write + '_), PackageError> {
        let path = safe_path(path).ok_or_else(|| PackageError::Path(path.to_owned()))?;
        self.zip.start_file(path.as_str(), options(&path).large_file(true))?;
        let identifier = self.unique(identifier);
        self.entries.push(Entry { identifier, kind, path, needs: Vec::new(), metadata: None });
        Ok(&mut self.zip)
    }

    /// Says which files the file begun last names, as it names them. Those that are in the package become its
    /// dependencies in the manifest.
    pub fn needs<S: AsRef<str>>(&mut self, addresses: impl IntoIterator<Item = S>) {
        if let Some(entry) = self.entries.last_mut() {
            let paths = addresses.into_iter().filter_map(|address| resolve(&entry.path, address.as_ref()));
            entry.needs.extend(paths);
        }
    }

    /// The description (`metadata` of a manifest) of the file begun last, or of the package before any file.
    pub fn describe(&mut self, metadata: Option<Element>) {
        match self.entries.last_mut() {
            Some(entry) => entry.metadata = metadata,
            None => self.metadata = metadata,
        }
    }

    /// An identifier that no other resource has, and that XML takes for a name.
    fn unique(&mut self, identifier: &str) -> String {
        let letter = |c: char| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' };
        let mut name: String = identifier.chars().map(letter).collect();
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            name.insert(0, '_');
        }
        loop {
            let count = self.taken.entry(name.clone()).or_insert(0);
            *count += 1;
            if *count == 1 {
                return name;
            }
            name = format!("{name}-{count}");
        }
    }

    /// Writes the manifest and ends the package.
    ///
    /// # Errors
    /// [`PackageError`] when writing fails.
    pub fn finish(mut self) -> Result<W, PackageError> {
        let manifest = crate::xml::print(&self.manifest());
        self.zip.start_file(MANIFEST, options(MANIFEST))?;
        self.zip.write_all(manifest.as_bytes())?;
        Ok(self.zip.finish()?)
    }

    fn manifest(&self) -> Element {
        let number = self.version.name().replace('.', "p");
        let by_path: HashMap<&str, &str> =
            self.entries.iter().map(|entry| (entry.path.as_str(), entry.identifier.as_str())).collect();
        let list = self.entries.iter().map(|entry| {
            let kind = match entry.kind {
                DocumentKind::Item => format!("imsqti_item_xmlv{number}"),
                DocumentKind::Test => format!("imsqti_test_xmlv{number}"),
                DocumentKind::Stimulus => format!("imsqti_stimulus_xmlv{number}"),
                DocumentKind::Section => format!("imsqti_section_xmlv{number}"),
                DocumentKind::Template => format!("imsqti_rptemplate_xmlv{number}"),
                DocumentKind::File => "webcontent".to_owned(),
            };
            let needs = entry.needs.iter().filter_map(|path| by_path.get(path.as_str()));
            let needs: BTreeSet<&str> = needs.copied().filter(|needed| *needed != entry.identifier).collect();
            Element::new("resource")
                .with("identifier", &entry.identifier)
                .with("type", kind)
                .with("href", &entry.path)
                .with_children(entry.metadata.iter().cloned())
                .with_children([Element::new("file").with("href", &entry.path)])
                .with_children(needs.into_iter().map(|needed| Element::new("dependency").with("identifierref", needed)))
        });
        let (namespace, schema, schema_version) = match self.version {
            Version::V30 => ("http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", "QTI Package".to_owned(), "3.0.0"),
            old => ("http://www.imsglobal.org/xsd/imscp_v1p1", format!("QTIv{} Package", old.name()), "1.0.0"),
        };
        // What the package says of itself beside its schema, which is now another.
        let mut metadata = Element::new("metadata").with_children([
            Element::new("schema").with_text(&schema),
            Element::new("schemaversion").with_text(schema_version),
        ]);
        if let Some(own) = &self.metadata {
            metadata.attributes.clone_from(&own.attributes);
            let is_schema = |e: &&Element| matches!(e.local_name(), "schema" | "schemaversion");
            metadata = metadata.with_children(own.elements().filter(|e| !is_schema(e)).cloned());
        }
        Element::new("manifest").with("xmlns", namespace).with("identifier", &self.identifier).with_children([
            metadata,
            Element::new("organizations"),
            Element::new("resources").with_children(list),
        ])
    }
}

/// Files carry no time of writing, so that the same items give the same package.
fn options(path: &str) -> zip::write::SimpleFileOptions {
    let ending = path.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    // Pictures, sounds and films are packed already: packing them again takes time and saves nothing.
    let packed = ["png", "jpg", "jpeg", "gif", "webp", "mp3", "mp4", "m4a", "ogg", "webm", "zip"];
    let method = if packed.contains(&ending.as_str()) {
        zip::CompressionMethod::Stored
    } else {
        zip::CompressionMethod::Deflated
    };
    zip::write::SimpleFileOptions::default().compression_method(method)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_written_package_is_read_again() {
        let mut writer = PackageWriter::new(Cursor::new(Vec::new()), "pack");
        writer.add(DocumentKind::Item, "i1", "items/i1.xml", b"<a/>").unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let mut package = Package::open(Cursor::new(bytes)).unwrap();
        assert_eq!(package.names(), ["imsmanifest.xml", "items/i1.xml"]);
        let manifest = package.manifest().unwrap();
        assert_eq!(manifest.identifier, "pack");
        assert!(manifest.resources[0].is_item());
        assert_eq!(package.text("items/../items/i1.xml").unwrap(), "<a/>");
        assert!(matches!(package.text("../x"), Err(PackageError::Path(_))));
        assert!(matches!(package.text("x"), Err(PackageError::Missing(_))));
        assert!(matches!(package.read("items/i1.xml", 3), Err(PackageError::TooLarge(..))));
    }

    #[test]
    fn large_files_go_in_and_out_piece_by_piece() {
        let mut writer = PackageWriter::new(Cursor::new(Vec::new()), "pack").of_version(Version::V22);
        let film = writer.begin(DocumentKind::File, "f", "film.mp4").unwrap();
        for piece in 0..100_u8 {
            film.write_all(&[piece; 1000]).unwrap();
        }
        writer.add(DocumentKind::Item, "i", "i.xml", b"<a/>").unwrap();
        let mut package = Package::open(writer.finish().unwrap()).unwrap();
        let mut out = Vec::new();
        assert_eq!(package.copy("film.mp4", &mut out, 100_000).unwrap(), 100_000);
        assert_eq!((out.len(), out[99_999]), (100_000, 99));
        assert!(matches!(package.copy("film.mp4", &mut std::io::sink(), 99_999), Err(PackageError::TooLarge(..))));
        let kinds: Vec<_> = package.manifest().unwrap().resources.into_iter().map(|resource| resource.kind).collect();
        assert_eq!(kinds, ["webcontent", "imsqti_item_xmlv2p2"]);
    }

    #[test]
    fn paths_stay_inside() {
        assert_eq!(safe_path("a/./b/../c"), Some("a/c".to_owned()));
        for bad in ["", "/a", "..", "a/../../b", "c:\\a", "a\\b", "."] {
            assert_eq!(safe_path(bad), None, "{bad}");
        }
        assert_eq!(resolve("items/i.xml", "../images/a%20b.png#x"), Some("images/a b.png".to_owned()));
        assert_eq!(resolve("i.xml", "../a.png"), None);
    }
}
