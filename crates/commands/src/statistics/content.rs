//! Definitions, content and facts: from the pack inside the program, or from files.

use std::path::{Path, PathBuf};

use measures::Cube;
use measures::audit::Sheet;
use measures::definition::Catalogue;
use measures::view::Content;

use crate::BadInput;

/// Where definitions, content and facts come from.
#[derive(Debug, clap::Args)]
pub struct ContentArguments {
    /// Folder with definitions of measures (TOML); the pack's when absent.
    #[arg(long, value_name = "DIR")]
    definitions: Option<PathBuf>,
    /// Dimensions, loads and views (TOML); the pack's annual report of 2011 with the monitoring of remote lessons when absent.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Folder with the tables that the facts are loaded from (CSV); the pack's when absent.
    #[arg(long, value_name = "DIR")]
    facts: Option<PathBuf>,
    /// Outlines of places for maps (GeoJSON).
    #[arg(long, value_name = "FILE")]
    pub(super) geometry: Option<PathBuf>,
}

/// Everything that tables are computed from.
pub(super) struct Loaded {
    pub catalogue: Catalogue,
    pub content: Content,
    pub cube: Cube,
    pub facts: usize,
}

const CONTENT: &str = "measures/content/annual_report_2011.toml";

fn bad(what: &dyn std::fmt::Display) -> BadInput {
    BadInput(format!("zerek statistics: {what}"))
}

/// Text of a file.
pub(super) fn read(path: &Path) -> Result<String, BadInput> {
    std::fs::read_to_string(path).map_err(|error| bad(&format!("{}: {error}", path.display())))
}

fn definitions(folder: Option<&Path>) -> Result<Vec<(String, String)>, BadInput> {
    let Some(folder) = folder else {
        let toml = |path: &str| Path::new(path).extension().is_some_and(|ending| ending == "toml");
        let own = |path: &&'static str| toml(path) && path.matches('/').count() == 1;
        let files = packs::files("measures").into_iter().map(|(path, _)| path).filter(own);
        return files
            .map(|path| Ok((path.to_owned(), packs::text_file(path).map_err(|error| bad(&error))?.to_owned())))
            .collect();
    };
    let unreadable = |error: std::io::Error| bad(&format!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| Ok((path.display().to_string(), read(path)?))).collect()
}

impl ContentArguments {
    /// The tables that the loads name, each once.
    fn table(&self, name: &str) -> Result<Sheet, BadInput> {
        let text = if let Some(folder) = &self.facts {
            read(&folder.join(format!("{name}.csv")))?
        } else {
            let path = format!("measures/content/tables/{name}.csv");
            packs::text_file(&path).map_err(|error| bad(&format!("{error}; give --facts DIR")))?.to_owned()
        };
        Ok(Sheet::from_csv(name, &text))
    }

    /// Reads everything and records the facts.
    pub(super) fn load(&self) -> Result<Loaded, BadInput> {
        let texts = definitions(self.definitions.as_deref())?;
        let files = texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let catalogue = Catalogue::from_toml(files).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            bad(&lines.join("\n"))
        })?;
        let (file, text) = match &self.content {
            Some(path) => (path.display().to_string(), read(path)?),
            None => (CONTENT.to_owned(), packs::text_file(CONTENT).map_err(|error| bad(&error))?.to_owned()),
        };
        let content = Content::from_toml(&text).map_err(|error| bad(&format!("{file}: {error}")))?;
        let mut cube = Cube::new(content.schema().map_err(|error| bad(&format!("{file}: {error}")))?);
        catalogue.declare_facts(&mut cube).map_err(|error| bad(&error))?;
        let mut facts = 0;
        for load in &content.loads {
            facts += load.record(&self.table(&load.table)?, &mut cube).map_err(|error| bad(&error))?;
        }
        Ok(Loaded { catalogue, content, cube, facts })
    }
}
