//! Finding items in files, folders and packages.

use crate::BadInput;
use qti::follow::Find;
use qti::package::{MANIFEST, Package};
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Deepest folder that is looked into.
const MAX_DEPTH: usize = 16;

/// A file as text, or why it cannot be read.
fn decoded(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    qti::text::decode(bytes)
        .ok_or_else(|| "is neither UTF-8 nor UTF-16 text, nor in an encoding that its XML declaration names".to_owned())
}

/// A file as text.
pub fn text(path: &Path) -> Result<String, BadInput> {
    decoded(path).map_err(|error| BadInput(format!("{}: {error}", path.display())))
}

/// One item as text.
pub fn item(path: &Path) -> Result<qti::Item, BadInput> {
    qti::parse_item(&text(path)?).map_err(|error| BadInput(format!("{}: {error}", path.display())))
}

/// One document and the files beside it.
pub struct Document<'d> {
    /// Its name for people.
    pub name: &'d str,
    /// Its text, or why there is none.
    pub text: Result<String, String>,
    /// Its path inside its package.
    pub path: &'d str,
    /// Gives other files of its package.
    pub find: &'d mut Find<'d>,
    /// Whether it stands in a package, so that what it names has to be there.
    pub in_package: bool,
}

/// Calls `visit` with every document below a path, in order of names. Texts are read one at a time, so that the size
/// of a package does not matter.
pub fn documents(path: &Path, visit: &mut dyn FnMut(Document<'_>)) -> Result<(), BadInput> {
    if path.is_dir() {
        let root = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        return folder(&root, path, 0, visit);
    }
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        return package(path, &path.display().to_string(), visit);
    }
    let text = text(path)?;
    file(&root_of(path), path, Ok(text), visit);
    Ok(())
}

/// The folder a file's package stands in: the nearest with a manifest; without one the folder above the file's own, where
/// items keep what they share.
pub fn root_of(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new(""));
    let with_manifest = folder.ancestors().take(MAX_DEPTH).find(|folder| folder.join(MANIFEST).is_file());
    with_manifest.or(folder.parent()).unwrap_or(folder).to_owned()
}

/// A file's path as its package names it.
pub fn path_in(root: &Path, file: &Path) -> String {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let inside = file.strip_prefix(root).unwrap_or(&file);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn file(root: &Path, path: &Path, text: Result<String, String>, visit: &mut dyn FnMut(Document<'_>)) {
    let name = path.display().to_string();
    visit(Document {
        name: &name,
        text,
        path: &path_in(root, path),
        find: &mut |inside| decoded(&root.join(inside)).ok(),
        in_package: root.join(MANIFEST).is_file(),
    });
}

/// What lies in a folder, by name; links are not followed.
fn entries(path: &Path) -> Result<Vec<PathBuf>, BadInput> {
    let fail = |error: std::io::Error| BadInput(format!("{}: cannot be read: {error}", path.display()));
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        if !entry.file_type().map_err(fail)?.is_symlink() {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

/// The paths of all files below a folder, seen from it, with `/` between their parts.
pub fn files(root: &Path) -> Result<Vec<String>, BadInput> {
    fn below(root: &Path, path: &Path, depth: usize, found: &mut Vec<String>) -> Result<(), BadInput> {
        for entry in entries(path)? {
            if !entry.is_dir() {
                found.push(path_in(root, &entry));
            } else if depth < MAX_DEPTH {
                below(root, &entry, depth + 1, found)?;
            }
        }
        Ok(())
    }
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let mut found = Vec::new();
    below(&root, &root, 0, &mut found)?;
    Ok(found)
}

fn folder(root: &Path, path: &Path, depth: usize, visit: &mut dyn FnMut(Document<'_>)) -> Result<(), BadInput> {
    // A folder with a manifest is a package of its own.
    let own = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let root = if path.join(MANIFEST).is_file() { &own } else { root };
    for entry in entries(path)? {
        if entry.is_dir() {
            if depth < MAX_DEPTH {
                folder(root, &entry, depth + 1, visit)?;
            }
            continue;
        }
        let extension = entry.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
        let is_manifest = entry.file_name().is_some_and(|name| name == MANIFEST);
        match extension.as_str() {
            "xml" if !is_manifest => {
                file(root, &entry, decoded(&entry), visit);
            }
            "zip" => package(&entry, &entry.display().to_string(), visit)?,
            _ => {}
        }
    }
    Ok(())
}

fn package(path: &Path, name: &str, visit: &mut dyn FnMut(Document<'_>)) -> Result<(), BadInput> {
    let fail = |error: String| BadInput(format!("{name}: {error}"));
    let file = fs::File::open(path).map_err(|error| fail(error.to_string()))?;
    let mut package = Package::open(BufReader::new(file)).map_err(|error| fail(error.to_string()))?;
    let resources = package.manifest().map(|manifest| manifest.resources).unwrap_or_default();
    let mut files: Vec<String> = resources
        .into_iter()
        .filter(|resource| resource.is_item() || resource.is_test() || resource.is_stimulus())
        .filter_map(|resource| resource.href)
        .collect();
    if files.is_empty() {
        // Without a manifest that names any, every XML file is looked at.
        let names = package.names().iter();
        files.extend(names.filter(|n| *n != MANIFEST && n.to_ascii_lowercase().ends_with(".xml")).cloned());
    }
    for file in files {
        let text = package.text(&file).map_err(|error| error.to_string());
        visit(Document {
            name: &format!("{name}!{file}"),
            text,
            path: &file,
            find: &mut |path| package.text(path).ok(),
            in_package: true,
        });
    }
    Ok(())
}
