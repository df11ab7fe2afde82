//! Schools, classes and people: who is where, in which role, when.
//!
//! The organisation is a tree (network, regions, districts, schools). A person is one record for one human being; what
//! the person is follows from enrolments (pupils), teachings (teachers) and role assignments (everybody of the staff).
//! [`actor_of`] gathers these into the [`kernel::Actor`] that all rules look at.
//!
//! Invariants: lists are restricted by [`access::restrict`]; names are searched in a folded form in which `ӘЛІБЕК`,
//! `әлібек` and `алибек` are the same; they are ordered by the Kazakh alphabet, also where the database knows none.

mod actor;
mod load;
mod migration;
mod model;
pub mod names;
mod org;
mod people;

pub use actor::actor_of;
pub use load::{NewAssignment, NewClass, NewEnrolment, NewOrgUnit, NewPerson, NewTeaching, RosterLoad, load};
pub use migration::migrations;
pub use model::{OrgUnit, OrgUnitKind, Page, Person, PersonName, Pupil, SchoolClass, Sex, StaffMember};
pub use org::{OrgTree, class, classes, org_tree};
pub use people::{PupilFilter, person, pupils, staff};

/// What can go wrong with the roster.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The rules do not give it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}
