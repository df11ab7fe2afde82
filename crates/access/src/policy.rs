//! The rule table and its two faces.

use kernel::{Action, Actor, Place, Role, Scope};
use store::Where;

/// How far a role reaches with an action, from the place where it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// The schools at or below the place; the whole network when that is the root.
    Place,
    /// The classes taught.
    Classes,
    /// Oneself.
    Oneself,
}

/// The rule table: every role with every action. `tests/rules.txt` shows it as a table.
pub fn reach(role: Role, action: Action) -> Reach {
    use Action as A;
    use Reach::{Classes, Nothing, Oneself, Place};
    match role {
        // Keeps the installation running; pupils' results and item texts are none of an administrator's business.
        Role::Administrator => match action {
            A::SeeRoster | A::ManageRoster | A::ManageAccess | A::SeeCampaign | A::SeeJobs | A::SeeAudit => Place,
            _ => Nothing,
        },
        Role::CentreSpecialist => match action {
            A::ManageRoster | A::ManageAccess | A::SitTest => Nothing,
            _ => Place,
        },
        Role::Coordinator => match action {
            A::SeeRoster
            | A::SeeCampaign
            | A::PrintCards
            | A::SeeSittings
            | A::ManageSittings
            | A::SeeResults
            | A::SeeSummaries => Place,
            _ => Nothing,
        },
        Role::Teacher => match action {
            A::SeeRoster | A::SeeCampaign | A::SeeSittings | A::SeeResults => Classes,
            _ => Nothing,
        },
        Role::Pupil => match action {
            A::SitTest => Oneself,
            _ => Nothing,
        },
    }
}

/// How far an actor reaches with an action: the union over all roles.
pub fn scope(actor: &Actor, action: Action) -> Scope {
    if actor.system {
        return Scope::Network;
    }
    let (mut schools, mut classes, mut person) = (Vec::new(), Vec::new(), None);
    for assignment in &actor.assignments {
        match reach(assignment.role, action) {
            Reach::Nothing => {}
            Reach::Place if assignment.whole_network => return Scope::Network,
            Reach::Place => schools.extend(&assignment.schools),
            Reach::Classes => classes.extend(&assignment.classes),
            Reach::Oneself => person = actor.person,
        }
    }
    schools.sort_unstable();
    schools.dedup();
    classes.sort_unstable();
    classes.dedup();
    Scope::Within { schools, classes, person }
}

/// First face: whether an actor may do this to a thing at this place.
pub fn can(actor: &Actor, action: Action, place: &Place) -> bool {
    scope(actor, action).contains(place)
}

/// Whether an actor may do this to anything at all: for navigation, and for things that belong to no school.
pub fn may(actor: &Actor, action: Action) -> bool {
    !scope(actor, action).is_empty()
}

/// An actor wanted what the rules do not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not allowed: {action:?}")]
pub struct Denied {
    /// What was wanted.
    pub action: Action,
}

/// [`can`] as an error, for services.
///
/// # Errors
/// [`Denied`] when the rules do not give it.
pub fn authorise(actor: &Actor, action: Action, place: &Place) -> Result<(), Denied> {
    if can(actor, action, place) { Ok(()) } else { Err(Denied { action }) }
}

/// Second face: adds to a condition that only rows within the scope count. The columns hold the school, class and person
/// of a row; a row without such a column is named by none of them.
pub fn restrict(
    condition: &mut Where,
    scope: &Scope,
    school_column: Option<&str>,
    class_column: Option<&str>,
    person_column: Option<&str>,
) {
    let Scope::Within { schools, classes, person } = scope else { return };
    let list = |ids: &mut dyn Iterator<Item = i64>| ids.map(|id| id.to_string()).collect::<Vec<_>>().join(", ");
    let mut alternatives = Vec::new();
    if let (Some(column), false) = (school_column, schools.is_empty()) {
        alternatives.push(format!("{column} IN ({})", list(&mut schools.iter().map(|school| school.0))));
    }
    if let (Some(column), false) = (class_column, classes.is_empty()) {
        alternatives.push(format!("{column} IN ({})", list(&mut classes.iter().map(|class| class.0))));
    }
    if let (Some(column), Some(person)) = (person_column, person) {
        alternatives.push(format!("{column} = {}", person.0));
    }
    if alternatives.is_empty() {
        condition.and("1 = 0", []);
    } else {
        condition.and(&format!("({})", alternatives.join(" OR ")), []);
    }
}
