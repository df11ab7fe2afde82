//! Files beside the database: finished reports and uploads. A file appears under its name only when it is complete.

use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

use crate::StoreError;

/// A folder of files, addressed by relative paths such as `reports/17/grade-4.zip`.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::File { path: folder.display().to_string(), reason: error.to_string() })?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where a file lies, for tools that write it themselves.
    ///
    /// # Errors
    /// [`StoreError::File`] when the path is absolute or climbs out of the folder.
    pub fn path(&self, relative: &str) -> Result<PathBuf, StoreError> {
        let path = Path::new(relative);
        if relative.is_empty() || path.components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(refused(relative, "the path leaves the folder for files"));
        }
        Ok(self.folder.join(path))
    }

    /// Writes a file whole: first beside its place, then moved there.
    ///
    /// # Errors
    /// [`StoreError::File`] with what the operating system said.
    pub fn put(&self, relative: &str, content: &[u8]) -> Result<(), StoreError> {
        let path = self.path(relative)?;
        let parent = path.parent().unwrap_or(&self.folder);
        let beside = path.with_extension("part");
        let written = std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::File::create(&beside))
            .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&beside, &path));
        written.map_err(|error| refused(relative, &error.to_string()))
    }

    /// The content of a file, or none when there is no such file.
    ///
    /// # Errors
    /// [`StoreError::File`] with what the operating system said.
    pub fn get(&self, relative: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match std::fs::read(self.path(relative)?) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refused(relative, &error.to_string())),
        }
    }
}

fn refused(path: &str, reason: &str) -> StoreError {
    StoreError::File { path: path.to_owned(), reason: reason.to_owned() }
}
