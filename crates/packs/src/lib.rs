//! The content pack of a network, as typed data inside the binary: schools, subjects, campaigns, specifications, items and
//! the seeded demonstration data that are drawn from them. Pure: no database, no clock, no file system.
//!
//! ```
//! let pack = packs::Pack::embedded()?;
//! assert_eq!(pack.network.schools.len(), 17);
//! let campaign = &pack.campaigns[0];
//! assert_eq!(campaign.tests.len(), 13);
//! assert_eq!(pack.network.pupils(4, "kk"), 1154);
//! // Any file of the pack, also those of other rooms:
//! assert!(packs::file("network.toml").is_some());
//! # Ok::<(), packs::PackError>(())
//! ```
//!
//! Invariants: what loads is consistent (every code that is referred to exists, every specification has the campaign's number of
//! tasks); the same pack gives the same demonstration data, bit for bit, on every machine ([`demo`]).
//!
//! The folder is `packs/kz` of the repository; how its numbers, names and items were made: `docs/design/content.md`.

mod campaign;
pub mod demo;
mod error;
mod files;
mod items;
mod kinds;
mod names;
mod network;
mod scale;
mod specification;
mod text;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use campaign::{
    AbsenceReason, Campaign, Correction, Finding, GradeMeans, GradeResult, Model, Named, Participants, Printed,
    SchoolResult, SubjectResult, Test,
};
pub use error::PackError;
pub use files::{file, files, text_file};
pub use items::{Item, ItemSet, Proof};
pub use kinds::{Kind, Kinds};
pub use names::{KazakhNames, Names, RussianNames};
pub use network::{District, Network, Parallel, Region, School};
pub use scale::{
    Counts, Cut, FlagRules, Level, Minimum, Missing, MissingRules, ScaleMethod, ScaleModel, ScaleRules, ScaleTest,
};
pub use specification::{Row, Skill, Specification};
pub use text::Text;

/// A school subject.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Code used by tests: `mathematics`, `kazakh-t1` ...
    pub code: String,
    /// Name as printed in reports.
    pub name: Text,
}

/// A band of the marks scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The mark, 5 to 2.
    pub mark: u8,
    /// Lowest per cent (0 to 100) that earns it.
    pub from_percent: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectsFile {
    #[serde(rename = "subject")]
    subjects: Vec<Subject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GradingFile {
    #[serde(rename = "band")]
    bands: Vec<Band>,
}

/// Everything typed in the pack.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Regions, districts, schools with their classes.
    pub network: Network,
    /// Subjects in the order of reports.
    pub subjects: Vec<Subject>,
    /// Marks scale, best band first.
    pub grading: Vec<Band>,
    /// Lists for invented people.
    pub names: Names,
    /// Campaigns by file name.
    pub campaigns: Vec<Campaign>,
    /// Specifications by test code.
    pub specifications: BTreeMap<String, Specification>,
    /// Items by test code; only some tests have their items in the pack.
    pub items: BTreeMap<String, ItemSet>,
    /// The demonstration test that shows each kind of task.
    pub kinds: Kinds,
}

impl Pack {
    /// The pack inside the binary, read and checked.
    pub fn embedded() -> Result<Self, PackError> {
        let mut campaigns = Vec::new();
        for (path, _) in files("campaigns") {
            campaigns.push(files::parse::<Campaign>(path)?);
        }
        let mut specifications = BTreeMap::new();
        for (path, _) in files("specifications") {
            let specification: Specification = files::parse(path)?;
            specifications.insert(specification.test.clone(), specification);
        }
        let mut items = BTreeMap::new();
        for (path, _) in files("items") {
            if path.ends_with("/items.toml") {
                let set: ItemSet = files::parse(path)?;
                items.insert(set.test.clone(), set);
            }
        }
        let pack = Self {
            network: files::parse("network.toml")?,
            subjects: files::parse::<SubjectsFile>("subjects.toml")?.subjects,
            grading: files::parse::<GradingFile>("grading.toml")?.bands,
            names: files::parse("names.toml")?,
            campaigns,
            specifications,
            items,
            kinds: files::parse("kinds/kinds.toml")?,
        };
        pack.check()?;
        Ok(pack)
    }

    /// A subject by its code.
    pub fn subject(&self, code: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.code == code)
    }

    /// The mark for a per cent of term work.
    pub fn mark(&self, percent: u8) -> Option<u8> {
        self.grading.iter().find(|band| percent >= band.from_percent).map(|band| band.mark)
    }

    fn check(&self) -> Result<(), PackError> {
        self.network.check()?;
        self.kinds.check()?;
        for campaign in &self.campaigns {
            campaign.check(&self.network, &self.subjects)?;
            for test in &campaign.tests {
                if let Some(specification) = self.specifications.get(&test.code) {
                    specification.check(campaign.items)?;
                }
                if let Some(set) = self.items.get(&test.code) {
                    set.check(campaign.items)?;
                }
            }
        }
        Ok(())
    }
}
