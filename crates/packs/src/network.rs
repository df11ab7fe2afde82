use serde::Deserialize;

use crate::{PackError, Text};

/// Regions, districts and schools.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Code of the network.
    pub code: String,
    /// Name of the network.
    pub name: Text,
    /// Letters of the classes of one grade in order.
    pub class_letters: Vec<String>,
    /// Regions.
    #[serde(rename = "region")]
    pub regions: Vec<Region>,
    /// Districts.
    #[serde(rename = "district")]
    pub districts: Vec<District>,
    /// Schools in the order of the document's list.
    #[serde(rename = "school")]
    pub schools: Vec<School>,
}

/// A region of the country.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Text,
}

/// A district of a region.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct District {
    /// Code.
    pub code: String,
    /// Code of its region.
    pub region: String,
    /// Name.
    pub name: Text,
}

/// A school.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct School {
    /// Code.
    pub code: String,
    /// Number in the document's list, from 1.
    pub number: u32,
    /// Code of its district.
    pub district: String,
    /// `general`, `lyceum` or `gymnasium`.
    pub kind: String,
    /// Whether the name says that there is a boarding house.
    pub boarding: bool,
    /// Languages of instruction.
    pub languages: Vec<String>,
    /// Teachers (facts 3.4).
    pub teachers: u32,
    /// Town or village.
    pub settlement: Text,
    /// Full name.
    pub name: Text,
    /// Name for tables and charts.
    pub short_name: Text,
    /// The grades that take part in the monitoring.
    pub parallels: Vec<Parallel>,
}

/// The classes of one grade and language of instruction in one school.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parallel {
    /// Grade, 1 to 11.
    pub grade: u8,
    /// Language of instruction.
    pub language: String,
    /// Pupils of each class.
    pub classes: Vec<u32>,
}

impl Parallel {
    /// Pupils of all its classes.
    pub fn pupils(&self) -> u32 {
        self.classes.iter().sum()
    }
}

impl School {
    /// Pupils of a grade and language of instruction.
    pub fn pupils(&self, grade: u8, language: &str) -> u32 {
        self.parallels
            .iter()
            .filter(|parallel| parallel.grade == grade && parallel.language == language)
            .map(Parallel::pupils)
            .sum()
    }
}

impl Network {
    /// Pupils of a grade and language of instruction in all schools.
    pub fn pupils(&self, grade: u8, language: &str) -> u32 {
        self.schools.iter().map(|school| school.pupils(grade, language)).sum()
    }

    /// A school by its code.
    pub fn school(&self, code: &str) -> Option<&School> {
        self.schools.iter().find(|school| school.code == code)
    }

    /// A district by its code.
    pub fn district(&self, code: &str) -> Option<&District> {
        self.districts.iter().find(|district| district.code == code)
    }

    /// A region by its code.
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.code == code)
    }

    pub(crate) fn check(&self) -> Result<(), PackError> {
        let unknown = |place: &str, kind, code: &str| PackError::Unknown {
            place: format!("network.toml, {place}"),
            kind,
            code: code.to_owned(),
        };
        for district in &self.districts {
            if self.region(&district.region).is_none() {
                return Err(unknown(&district.code, "region", &district.region));
            }
        }
        for (index, school) in self.schools.iter().enumerate() {
            if self.district(&school.district).is_none() {
                return Err(unknown(&school.code, "district", &school.district));
            }
            if self.schools[..index].iter().any(|other| other.code == school.code) {
                return Err(PackError::Twice { place: "network.toml".to_owned(), code: school.code.clone() });
            }
            for parallel in &school.parallels {
                if !school.languages.contains(&parallel.language) {
                    return Err(unknown(&school.code, "language of instruction", &parallel.language));
                }
            }
            for grade in 1..=11 {
                let classes: usize = school
                    .parallels
                    .iter()
                    .filter(|parallel| parallel.grade == grade)
                    .map(|parallel| parallel.classes.len())
                    .sum();
                if classes > self.class_letters.len() {
                    return Err(PackError::Count {
                        place: format!("network.toml, class_letters for {}", school.code),
                        found: self.class_letters.len(),
                        expected: classes,
                    });
                }
            }
        }
        Ok(())
    }
}
