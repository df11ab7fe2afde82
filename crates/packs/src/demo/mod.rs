//! Demonstration data: a whole campaign drawn by a seeded model from the pack's printed results.
//!
//! ```
//! let pack = packs::Pack::embedded()?;
//! let demo = packs::demo::Demo::draw(&pack, &pack.campaigns[0], packs::demo::SEED)?;
//! assert_eq!(demo.pupils.len(), 2565);
//! assert_eq!(demo.attempts.len(), 11_899);
//! let first = &demo.pupils[0];
//! println!("{} {}", first.person.family, first.person.given);
//! # Ok::<(), packs::PackError>(())
//! ```
//!
//! The model, in the order of the modules. Everything is invented except what the campaign file calls printed.
//! - [`people`]: names, sexes, birthdays; classes of the sizes in `network.toml`; who teaches what; one coordinator per school.
//! - [`absence`]: spells of absence with coded reasons until exactly the printed number of attempts is left.
//! - [`targets`]: a mean for every (school, language of instruction, test) that meets the printed means of schools, subjects and
//!   languages together, and puts the schools that the text names at the ends.
//! - [`responses`]: ability = general + family of subjects + test; response = three-parameter logistic model. The shift of each
//!   cell is not searched for: every response has the shift at which it turns correct, these are sorted, and as many turn
//!   correct as the target says. So the means of cells are exact to half a response while everything within them is random.
//! - [`marks`]: the schools' own term per cent with the printed school means.
//!
//! Same pack and seed, same bits on every machine: ChaCha8, `libm`, no hash order, no clock.

pub mod absence;
mod draw;
pub mod marks;
pub mod people;
pub mod responses;
pub mod targets;

pub use absence::Absence;
pub use draw::Draw;
pub use marks::TermMark;
pub use people::{Class, Coordinator, Lesson, Person, Pupil, Sex, Teacher};
pub use responses::{Answer, Attempt, Status};

use crate::{Campaign, Pack, PackError};

/// The seed of the demonstration that is shipped.
pub const SEED: u64 = 20_221_114;

/// A drawn campaign. Indices point into the lists here and in the pack: `school` into `pack.network.schools`, `test` into
/// `campaign.tests`, `subject` into `pack.subjects`, `reason` into `campaign.absence_reasons`.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Classes by school, grade and letter.
    pub classes: Vec<Class>,
    /// Pupils by class, in the order of the class register.
    pub pupils: Vec<Pupil>,
    /// Teachers of the classes that take part.
    pub teachers: Vec<Teacher>,
    /// Who teaches which subject in which class.
    pub lessons: Vec<Lesson>,
    /// One per school, in the order of schools.
    pub coordinators: Vec<Coordinator>,
    /// The key of every task by test, 0 to 3 for A to D: of the pack's items where they exist, otherwise drawn.
    pub keys: Vec<Vec<u8>>,
    /// Who did not sit a test, and why.
    pub absences: Vec<Absence>,
    /// Who did, by pupil and date.
    pub attempts: Vec<Attempt>,
    /// First-term marks of every pupil in the tested subjects.
    pub marks: Vec<TermMark>,
}

impl Demo {
    /// Draws the campaign; about 250,000 responses.
    ///
    /// # Errors
    /// When the printed tables of the pack lack a mean that a school's tests need.
    pub fn draw(pack: &Pack, campaign: &Campaign, seed: u64) -> Result<Self, PackError> {
        let people = people::draw(pack, campaign, &mut Draw::new(seed, 1));
        let absences = absence::draw(campaign, &people, &mut Draw::new(seed, 2));
        let present = absence::present(campaign, &people, &absences);
        let targets = targets::fit(pack, campaign, &people, &present, &mut Draw::new(seed, 3))?;
        let drawn = responses::draw(pack, campaign, &people, &present, &targets, &mut Draw::new(seed, 4));
        let marks = marks::draw(pack, campaign, &people, &drawn.abilities, &mut Draw::new(seed, 5))?;
        Ok(Self {
            classes: people.classes,
            pupils: people.pupils,
            teachers: people.teachers,
            lessons: people.lessons,
            coordinators: people.coordinators,
            keys: drawn.keys,
            absences,
            attempts: drawn.attempts,
            marks,
        })
    }
}
