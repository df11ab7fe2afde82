//! Definitions and ready tables of the pack, read and checked once.

use std::collections::{BTreeMap, BTreeSet};

use measures::audit::Sheet;
use measures::definition::{Catalogue, Measure};
use measures::view::{Content, View};

use crate::StatisticsError;

/// Code of the data set of the campaigns' results.
pub const RESULTS: &str = "results";

/// Definitions of measures, and for each data set its dimensions and ready tables.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// Measures and kinds of facts.
    pub catalogue: Catalogue,
    /// The same without minimum groups, for readers who may see every record.
    pub open_catalogue: Catalogue,
    /// Content by code of the data set.
    pub contents: BTreeMap<String, Content>,
}

fn text(bytes: &'static [u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Definitions {
    /// The definitions of the pack inside the program.
    ///
    /// # Errors
    /// Everything that is wrong with the definitions; a file of content that cannot be read.
    pub fn embedded() -> Result<Self, StatisticsError> {
        // Files of TOML right in a folder; tables lie in folders of their own.
        let in_folder = |path: &str, folder: &str| {
            let name = path.strip_prefix(folder).and_then(|rest| rest.rsplit_once('.'));
            name.is_some_and(|(name, ending)| ending == "toml" && !name.contains('/'))
        };
        let files: Vec<(&str, String)> = packs::files("measures")
            .into_iter()
            .filter(|(path, _)| in_folder(path, "measures/"))
            .map(|(path, bytes)| (path, text(bytes)))
            .collect();
        let catalogue = Catalogue::from_toml(files.iter().map(|(path, text)| (*path, text.as_str())))
            .map_err(StatisticsError::Definitions)?;
        let mut contents = BTreeMap::new();
        for (path, bytes) in packs::files("measures/content") {
            if in_folder(path, "measures/content/") {
                let content = Content::from_toml(&text(bytes))
                    .map_err(|message| StatisticsError::Content { file: path.to_owned(), message })?;
                contents.insert(content.dataset.clone(), content);
            }
        }
        Ok(Self { open_catalogue: catalogue.without_minimum_groups(), catalogue, contents })
    }

    /// A table of the pack that facts are loaded from.
    ///
    /// # Errors
    /// A table that the pack does not have.
    pub fn table(name: &str) -> Result<Sheet, StatisticsError> {
        let path = format!("measures/content/tables/{name}.csv");
        let bytes = packs::file(&path).ok_or(packs::PackError::Missing { path })?;
        Ok(Sheet::from_csv(name, &text(bytes)))
    }

    /// The outlines of a data set's places (GeoJSON), when it has any.
    ///
    /// # Errors
    /// A file that the pack does not have.
    pub fn geometry(&self, dataset: &str) -> Result<Option<&'static str>, StatisticsError> {
        let file = self.contents.get(dataset).and_then(|content| content.geometry.as_ref());
        Ok(file.map(|file| packs::text_file(&format!("measures/geometry/{file}"))).transpose()?)
    }

    /// A ready table.
    pub fn view(&self, dataset: &str, code: &str) -> Option<&View> {
        self.contents.get(dataset)?.views.iter().find(|view| view.code == code)
    }

    /// Measures that only need these kinds of facts, in order of code.
    pub fn measures<'a>(&'a self, kinds: &'a BTreeSet<String>) -> impl Iterator<Item = &'a Measure> {
        self.catalogue.measures().filter(|measure| self.kinds_behind(measure).iter().all(|kind| kinds.contains(kind)))
    }

    /// Kinds of facts behind a measure, also through the measures it is made of.
    pub fn kinds_behind(&self, measure: &Measure) -> BTreeSet<String> {
        // Circles are refused when the definitions are read.
        let mut kinds: BTreeSet<String> = measure.operands().map(|operand| operand.facts.clone()).collect();
        for other in measure.made_of().filter_map(|code| self.catalogue.get(code)) {
            kinds.extend(self.kinds_behind(other));
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_is_sound_and_its_tables_use_what_it_defines() {
        let definitions = Definitions::embedded().unwrap();
        assert_eq!(definitions.contents.keys().collect::<Vec<_>>(), ["annual-report-2011", RESULTS]);
        for content in definitions.contents.values() {
            for view in &content.views {
                for code in &view.measures {
                    assert!(definitions.catalogue.get(code).is_some(), "{}: {code}", view.code);
                }
            }
            for load in &content.loads {
                assert!(!Definitions::table(&load.table).unwrap().rows.is_empty());
            }
            assert_eq!(definitions.geometry(&content.dataset).unwrap().is_some(), content.geometry.is_some());
        }
    }
}
