//! `zerek qti convert`: items in another version or format, with what could not be carried.

use super::input;
use crate::{BadInput, Outcome};
use qti::Item;
use qti::convert::Loss;
use qti::neighbours::{Import, aiken, gift, moodle, table};
use qti::package::{DocumentKind, MANIFEST, Package, PackageError, PackageWriter, Resource};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Largest picture, sound or film that is copied from package to package.
const MAX_FILE: u64 = 1 << 30;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Target {
    /// QTI 3.0.
    #[value(name = "3.0")]
    V30,
    /// QTI 2.2.
    #[value(name = "2.2")]
    V22,
    /// Moodle XML.
    Moodle,
}

/// What is read, where the name of the file does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// QTI of any version.
    Qti,
    /// Moodle XML.
    Moodle,
    /// GIFT.
    Gift,
    /// Aiken.
    Aiken,
    /// The table template, as CSV or XLSX.
    Table,
}

pub fn run(
    path: &Path,
    from: Option<Format>,
    to: Target,
    language: &str,
    output: Option<&Path>,
) -> Result<Outcome, BadInput> {
    let is_zip = |path: &Path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    let mut losses: Vec<(String, Loss)> = Vec::new();
    let is_package = is_zip(path) || path.join(MANIFEST).is_file();
    if is_package && to != Target::Moodle {
        let output = output
            .filter(|output| is_zip(output))
            .ok_or_else(|| BadInput("a package becomes a package: name a .zip file with --output".to_owned()))?;
        package(path, to, output, &mut losses)?;
        return Ok(report(&losses));
    }
    let name = path.display().to_string();
    let items = read(path, from, language, &mut losses)?;
    let text = match (to, items.as_slice()) {
        (Target::Moodle, items) => {
            let (text, found) = moodle::write(items);
            losses.extend(found.into_iter().map(|loss| (name.clone(), loss)));
            text
        }
        (_, [item]) if !output.is_some_and(is_zip) => version(item, to, &name, &mut losses),
        (_, items) => {
            let output = output.filter(|output| is_zip(output)).ok_or_else(|| {
                BadInput(format!("{} items need a package: name a .zip file with --output", items.len()))
            })?;
            write_package(items, to, output, &name, &mut losses)?;
            return Ok(report(&losses));
        }
    };
    write(output, text.as_bytes())?;
    Ok(report(&losses))
}

fn report(losses: &[(String, Loss)]) -> Outcome {
    for (name, loss) in losses {
        eprintln!("{name}:{}: {}", loss.line, loss.message);
    }
    if losses.is_empty() { Outcome::Done } else { Outcome::Warnings }
}

fn version(item: &Item, to: Target, name: &str, losses: &mut Vec<(String, Loss)>) -> String {
    let (text, found) = if to == Target::V22 { qti::convert::to_v22(item) } else { qti::convert::to_v30(item) };
    losses.extend(found.into_iter().map(|loss| (name.to_owned(), loss)));
    text
}

/// The format of a file, by its name and by what is in it.
fn guess(path: &Path, text: &str) -> Format {
    match path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase().as_str() {
        "csv" | "xlsx" => Format::Table,
        "txt" if text.lines().any(|line| line.trim_start().starts_with("ANSWER:")) => Format::Aiken,
        "txt" | "gift" => Format::Gift,
        _ if text.contains("<quiz") => Format::Moodle,
        _ => Format::Qti,
    }
}

fn read(
    path: &Path,
    from: Option<Format>,
    language: &str,
    losses: &mut Vec<(String, Loss)>,
) -> Result<Vec<Item>, BadInput> {
    let name = path.display().to_string();
    let is_sheet = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    let is_folder = path.is_dir() || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    let text = if is_sheet || is_folder { String::new() } else { input::text(path)? };
    let import = match from.unwrap_or_else(|| guess(path, &text)) {
        Format::Qti => {
            let mut import = Import::default();
            input::documents(path, &mut |document| match document.text.map(|text| qti::parse_item(&text)) {
                Ok(Ok(item)) => import.items.push(item),
                Ok(Err(qti::ParseError::WrongRoot { .. })) => {}
                Ok(Err(error)) => {
                    let loss = Loss { line: error.line(), message: error.to_string() };
                    losses.push((document.name.to_owned(), loss));
                }
                Err(message) => losses.push((document.name.to_owned(), Loss { line: 0, message })),
            })?;
            import
        }
        Format::Moodle => moodle::read(&text, language).map_err(|error| BadInput(format!("{name}: {error}")))?,
        Format::Gift => gift::read(&text, language),
        Format::Aiken => aiken::read(&text, language),
        Format::Table => table::read(&rows(path, &text)?),
    };
    losses.extend(import.losses.into_iter().map(|loss| (name.clone(), loss)));
    if import.items.is_empty() {
        for (name, loss) in losses.iter() {
            eprintln!("{name}:{}: {}", loss.line, loss.message);
        }
        return Err(BadInput(format!("{name}: no item could be read")));
    }
    Ok(import.items)
}

/// Rows of the table template, from CSV (comma or semicolon) or the first sheet of a workbook.
fn rows(path: &Path, text: &str) -> Result<Vec<Vec<String>>, BadInput> {
    let fail = |error: String| BadInput(format!("{}: {error}", path.display()));
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        use calamine::Reader as _;
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook(path).map_err(|error: calamine::XlsxError| fail(error.to_string()))?;
        let sheet = book
            .worksheet_range_at(0)
            .ok_or_else(|| fail("the workbook has no sheet".to_owned()))?
            .map_err(|error| fail(error.to_string()))?;
        return Ok(sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect());
    }
    let head = text.lines().next().unwrap_or("");
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(|record| match record {
            Ok(record) => Ok(record.iter().map(str::to_owned).collect()),
            Err(error) => Err(fail(error.to_string())),
        })
        .collect()
}

/// A file that gets its final name only when it is complete.
struct Partial {
    path: PathBuf,
    partial: PathBuf,
}

impl Partial {
    fn of(path: &Path) -> Self {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        Self { path: path.to_owned(), partial: PathBuf::from(partial) }
    }

    fn create(&self) -> Result<BufWriter<File>, BadInput> {
        File::create(&self.partial).map(BufWriter::new).map_err(|error| self.fail(&error.to_string()))
    }

    fn fail(&self, error: &str) -> BadInput {
        BadInput(format!("{}: cannot be written: {error}", self.path.display()))
    }

    fn complete(&self, writer: BufWriter<File>) -> Result<(), BadInput> {
        let file = writer.into_inner().map_err(|error| self.fail(&error.to_string()))?;
        file.sync_all().map_err(|error| self.fail(&error.to_string()))?;
        std::fs::rename(&self.partial, &self.path).map_err(|error| self.fail(&error.to_string()))
    }
}

fn write(output: Option<&Path>, bytes: &[u8]) -> Result<(), BadInput> {
    let Some(path) = output else {
        let mut out = std::io::stdout().lock();
        return out.write_all(bytes).map_err(|error| BadInput(format!("standard output: {error}")));
    };
    let partial = Partial::of(path);
    let mut writer = partial.create()?;
    writer.write_all(bytes).map_err(|error| partial.fail(&error.to_string()))?;
    partial.complete(writer)
}

fn write_package(
    items: &[Item],
    to: Target,
    output: &Path,
    name: &str,
    losses: &mut Vec<(String, Loss)>,
) -> Result<(), BadInput> {
    let partial = Partial::of(output);
    let mut writer = PackageWriter::new(partial.create()?, "package").of_version(version_of(to));
    for (index, item) in items.iter().enumerate() {
        let text = version(item, to, name, losses);
        // The number keeps files apart whose identifiers differ in forbidden characters only.
        let path = format!("items/{:05}.xml", index + 1);
        writer
            .add(DocumentKind::Item, &item.identifier, &path, text.as_bytes())
            .map_err(|error| partial.fail(&error.to_string()))?;
    }
    partial.complete(writer.finish().map_err(|error| partial.fail(&error.to_string()))?)
}

fn version_of(to: Target) -> qti::item::Version {
    if to == Target::V22 { qti::item::Version::V22 } else { qti::item::Version::V30 }
}

/// Converts a package file by file; one file at a time is in memory.
fn package(path: &Path, to: Target, output: &Path, losses: &mut Vec<(String, Loss)>) -> Result<(), BadInput> {
    let fail = |error: PackageError| BadInput(format!("{}: {error}", path.display()));
    let mut source = Source::open(path)?;
    let partial = Partial::of(output);
    let broken = |error: PackageError| partial.fail(&error.to_string());
    // What the manifest says of its files goes with them; a package without one is converted all the same.
    let manifest = match source.read(MANIFEST) {
        Ok(bytes) => qti::text::decode(bytes).and_then(|text| qti::package::parse_manifest(&text).ok()),
        Err(_) => None,
    };
    let identifier = manifest.as_ref().map_or("package", |manifest| manifest.identifier.as_str());
    let mut writer = PackageWriter::new(partial.create()?, identifier).of_version(version_of(to));
    let mut said: HashMap<String, Resource> = HashMap::new();
    if let Some(manifest) = manifest {
        writer.describe(manifest.metadata);
        said.extend(manifest.resources.into_iter().filter_map(|one| Some((one.href.clone()?, one))));
    }
    for (index, name) in source.names()?.into_iter().enumerate() {
        if name == MANIFEST {
            continue;
        }
        let said = said.remove(&name);
        let document = if name.to_ascii_lowercase().ends_with(".xml") {
            let text = qti::text::decode(source.read(&name).map_err(fail)?);
            text.map(|text| qti::convert::document(&text, version_of(to)))
        } else {
            None
        };
        let own = document.iter().flatten().map(|document| document.identifier.as_str()).find(|own| !own.is_empty());
        let identifier = said.as_ref().map(|said| said.identifier.as_str()).or(own);
        let identifier = identifier.map_or_else(|| format!("r{}", index + 1), str::to_owned);
        match document {
            Some(Ok(document)) => {
                losses.extend(document.losses.into_iter().map(|loss| (name.clone(), loss)));
                writer.add(document.kind, &identifier, &name, document.text.as_bytes()).map_err(broken)?;
                writer.needs(document.files);
            }
            other => {
                if let Some(Err(error)) = &other
                    && !matches!(error, qti::ParseError::WrongRoot { .. })
                {
                    let message = format!("copied as it is: {error}");
                    losses.push((name.clone(), Loss { line: error.line(), message }));
                }
                let begun = writer.begin(DocumentKind::File, &identifier, &name).map_err(broken)?;
                source.copy(&name, begun).map_err(broken)?;
            }
        }
        writer.describe(said.and_then(|said| said.metadata));
    }
    partial.complete(writer.finish().map_err(broken)?)
}

/// A package as a zip or as a folder.
enum Source {
    Zip(Package<BufReader<File>>),
    Folder(PathBuf),
}

impl Source {
    fn open(path: &Path) -> Result<Self, BadInput> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let fail = |error: String| BadInput(format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(|error| fail(error.to_string()))?;
        Ok(Self::Zip(Package::open(BufReader::new(file)).map_err(|error| fail(error.to_string()))?))
    }

    /// The paths of all files, seen from the package.
    fn names(&self) -> Result<Vec<String>, BadInput> {
        match self {
            Self::Zip(package) => Ok(package.names().to_vec()),
            Self::Folder(root) => input::files(root),
        }
    }

    /// A document, of the size that documents may have.
    fn read(&mut self, name: &str) -> Result<Vec<u8>, PackageError> {
        let limit = qti::xml::MAX_BYTES as u64;
        match self {
            Self::Zip(package) => package.read(name, limit),
            Self::Folder(root) => {
                let mut bytes = Vec::new();
                File::open(root.join(name))?.take(limit + 1).read_to_end(&mut bytes)?;
                if bytes.len() as u64 > limit {
                    return Err(PackageError::TooLarge(name.to_owned(), limit));
                }
                Ok(bytes)
            }
        }
    }

    fn copy(&mut self, name: &str, to: &mut dyn std::io::Write) -> Result<(), PackageError> {
        match self {
            Self::Zip(package) => package.copy(name, to, MAX_FILE).map(drop),
            Self::Folder(root) => {
                let mut file = File::open(root.join(name))?.take(MAX_FILE + 1);
                if std::io::copy(&mut file, &mut { to })? > MAX_FILE {
                    return Err(PackageError::TooLarge(name.to_owned(), MAX_FILE));
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_package_and_a_package_is_converted_whole() {
        let folder = std::env::temp_dir().join(format!("zerek-qti-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (csv, one, two) = (folder.join("t.csv"), folder.join("one.zip"), folder.join("two.zip"));
        std::fs::write(&csv, "type;question;a;b;key\nchoice;Two?;1;2;B\nchoice;Bad?;1;2;Z\nchoice;One?;1;2;A\n")
            .expect("written");
        let outcome = run(&csv, None, Target::V30, "kk", Some(&one)).expect("converted");
        assert_eq!(outcome, Outcome::Warnings, "the bad row is reported");
        run(&one, None, Target::V22, "kk", Some(&two)).expect("converted");
        let mut items = Vec::new();
        input::documents(&two, &mut |document| {
            items.push(qti::parse_item(&document.text.expect("text")).expect("an item"));
        })
        .expect("read");
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].correct_response("RESPONSE"), Some(vec!["B".to_owned()]));
        assert!(run(&csv, None, Target::V30, "kk", None).is_err(), "two items need a package");
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn what_belongs_to_an_item_stays_with_it() {
        let folder = std::env::temp_dir().join(format!("zerek-qti-whole-{}", std::process::id()));
        let put = |name: &str, text: &str| {
            let path = folder.join("old").join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        put(
            "imsmanifest.xml",
            r#"<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:md="urn:md" identifier="whole">
               <metadata><schema>QTIv2.1 Package</schema><md:lom><md:title>Sums</md:title></md:lom></metadata>
               <resources>
                 <resource identifier="one" type="imsqti_item_xmlv2p1" href="items/one.xml">
                   <metadata><md:lom><md:grade>4</md:grade></md:lom></metadata><file href="items/one.xml"/>
                 </resource>
               </resources></manifest>"#,
        );
        put(
            "items/one.xml",
            r#"<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="One"
                 adaptive="false" timeDependent="false"><assessmentStimulusRef identifier="s" href="../shared/text.xml"/>
               <itemBody><p>Look: <img src="../shared/a%20picture.png" alt="two"/></p></itemBody>
               <responseProcessing templateLocation="../shared/points.xml"/></assessmentItem>"#,
        );
        put(
            "shared/text.xml",
            r#"<assessmentStimulus xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="s" title="Text">
               <stimulusBody><p>Read.</p></stimulusBody></assessmentStimulus>"#,
        );
        put("shared/points.xml", "<responseProcessing><exitResponse/></responseProcessing>");
        put("shared/section.xml", r#"<assessmentSection identifier="s1" title="S" visible="true"/>"#);
        put("shared/a picture.png", "not looked at");
        put("shared/data.xml", "<unrelated/>");
        let new = folder.join("new.zip");
        run(&folder.join("old"), None, Target::V30, "kk", Some(&new)).expect("converted");
        let mut package = Package::open(File::open(&new).expect("there")).expect("a package");
        let manifest = package.manifest().expect("a manifest");
        assert_eq!(manifest.identifier, "whole");
        let printed = |e: &Option<qti::xml::Element>| e.as_ref().map(qti::xml::print_fragment).unwrap_or_default();
        assert!(printed(&manifest.metadata).contains("<md:title>Sums</md:title>"));
        assert!(printed(&manifest.metadata).contains("xmlns:md=\"urn:md\""));
        let of = |path: &str| manifest.resources.iter().find(|one| one.href.as_deref() == Some(path)).expect(path);
        let item = of("items/one.xml");
        assert_eq!((item.identifier.as_str(), item.kind.as_str()), ("one", "imsqti_item_xmlv3p0"));
        assert!(printed(&item.metadata).contains("<md:grade>4</md:grade>"));
        let needed: std::collections::BTreeSet<_> = item.dependencies.iter().map(String::as_str).collect();
        let files = ["shared/text.xml", "shared/a picture.png", "shared/points.xml"];
        assert_eq!(needed, files.map(|path| of(path).identifier.as_str()).into());
        assert_eq!(of("shared/text.xml").kind, "imsqti_stimulus_xmlv3p0");
        assert_eq!(of("shared/points.xml").kind, "imsqti_rptemplate_xmlv3p0");
        assert_eq!(of("shared/section.xml").kind, "imsqti_section_xmlv3p0");
        assert_eq!(of("shared/data.xml").kind, "webcontent");
        assert!(package.text("shared/text.xml").expect("text").contains("<qti-stimulus-body>"));
        assert!(package.text("shared/points.xml").expect("text").contains("<qti-exit-response"));
        // Back again, from the zip.
        let old = folder.join("again.zip");
        run(&new, None, Target::V22, "kk", Some(&old)).expect("converted");
        let mut package = Package::open(File::open(&old).expect("there")).expect("a package");
        assert!(package.text("shared/text.xml").expect("text").contains("<stimulusBody>"));
        let kinds = package.manifest().expect("a manifest").resources.into_iter().map(|one| one.kind);
        assert!(kinds.into_iter().any(|kind| kind == "imsqti_section_xmlv2p2"));
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
