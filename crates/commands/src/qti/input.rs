//! Finding items in files, folders and packages.

use crate::BadInput;
use qti::package::{MANIFEST, Package};
use std::fs;
use std::io::BufReader;
use std::path::Path;

/// Deepest folder that is looked into.
const MAX_DEPTH: usize = 16;

/// A file as text.
pub fn text(path: &Path) -> Result<String, BadInput> {
    fs::read_to_string(path).map_err(|error| BadInput(format!("{}: cannot be read: {error}", path.display())))
}

/// One item as text.
pub fn item(path: &Path) -> Result<qti::Item, BadInput> {
    qti::parse_item(&text(path)?).map_err(|error| BadInput(format!("{}: {error}", path.display())))
}

/// Calls `visit` with the name and text of every document below a path, in order of names. Texts are read
/// one at a time, so that the size of a package does not matter.
pub fn documents(path: &Path, visit: &mut dyn FnMut(&str, Result<String, String>)) -> Result<(), BadInput> {
    if path.is_dir() {
        return folder(path, 0, visit);
    }
    let name = path.display().to_string();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        return package(path, &name, visit);
    }
    visit(&name, Ok(text(path)?));
    Ok(())
}

fn folder(path: &Path, depth: usize, visit: &mut dyn FnMut(&str, Result<String, String>)) -> Result<(), BadInput> {
    let fail = |error: std::io::Error| BadInput(format!("{}: cannot be read: {error}", path.display()));
    let mut entries = fs::read_dir(path)
        .map_err(fail)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(fail)?;
    entries.sort();
    for entry in entries {
        let is_link = fs::symlink_metadata(&entry).is_ok_and(|metadata| metadata.is_symlink());
        if is_link {
            continue;
        }
        if entry.is_dir() {
            if depth < MAX_DEPTH {
                folder(&entry, depth + 1, visit)?;
            }
            continue;
        }
        let extension = entry.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
        let is_manifest = entry.file_name().is_some_and(|name| name == MANIFEST);
        match extension.as_str() {
            "xml" if !is_manifest => {
                let text = fs::read_to_string(&entry).map_err(|error| error.to_string());
                visit(&entry.display().to_string(), text);
            }
            "zip" => package(&entry, &entry.display().to_string(), visit)?,
            _ => {}
        }
    }
    Ok(())
}

fn package(path: &Path, name: &str, visit: &mut dyn FnMut(&str, Result<String, String>)) -> Result<(), BadInput> {
    let fail = |error: String| BadInput(format!("{name}: {error}"));
    let file = fs::File::open(path).map_err(|error| fail(error.to_string()))?;
    let mut package = Package::open(BufReader::new(file)).map_err(|error| fail(error.to_string()))?;
    let files: Vec<String> = match package.manifest() {
        Ok(manifest) => manifest
            .resources
            .into_iter()
            .filter(|resource| resource.is_item() || resource.is_test() || resource.is_stimulus())
            .filter_map(|resource| resource.href)
            .collect(),
        // Without a manifest every XML file is looked at.
        Err(_) => package.names().iter().filter(|n| n.to_ascii_lowercase().ends_with(".xml")).cloned().collect(),
    };
    for file in files {
        let text = package.text(&file).map_err(|error| error.to_string());
        visit(&format!("{name}!{file}"), text);
    }
    Ok(())
}
