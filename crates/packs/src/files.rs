use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

use crate::PackError;

static PACK: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs/kz");

/// The bytes of a file of the pack by its path inside `packs/kz`.
pub fn file(path: &str) -> Option<&'static [u8]> {
    PACK.get_file(path).map(include_dir::File::contents)
}

/// A file of the pack as text.
pub fn text_file(path: &str) -> Result<&'static str, PackError> {
    let bytes = file(path).ok_or_else(|| PackError::Missing { path: path.to_owned() })?;
    std::str::from_utf8(bytes).map_err(|source| PackError::Encoding { path: path.to_owned(), source })
}

/// All files below a folder of the pack, by path, sorted; empty when there is no such folder.
pub fn files(folder: &str) -> Vec<(&'static str, &'static [u8])> {
    fn walk(dir: &'static Dir<'static>, found: &mut Vec<(&'static str, &'static [u8])>) {
        for file in dir.files() {
            if let Some(path) = file.path().to_str() {
                found.push((path, file.contents()));
            }
        }
        for inner in dir.dirs() {
            walk(inner, found);
        }
    }
    let mut found = Vec::new();
    if let Some(dir) = PACK.get_dir(folder) {
        walk(dir, &mut found);
    }
    found.sort_unstable_by_key(|(path, _)| *path);
    found
}

pub(crate) fn parse<T: DeserializeOwned>(path: &str) -> Result<T, PackError> {
    toml::from_str(text_file(path)?)
        .map_err(|source| PackError::Toml { path: path.to_owned(), source: Box::new(source) })
}
