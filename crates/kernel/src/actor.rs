//! Who acts, what they want to do, and how far they reach.

use crate::{AttemptId, ClassId, Language, OrgUnitId, PersonId, SchoolId};

/// What a person is in the network. A person may be several at once, each at its own place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Keeps the installation: people, organisation, backups. Does not see item content or pupils' results by that alone.
    Administrator,
    /// Specialist of the centre that runs campaigns for the whole network.
    CentreSpecialist,
    /// The school's person responsible for a sitting (deputy director).
    Coordinator,
    /// Teaches classes.
    Teacher,
    /// Sits a test.
    Pupil,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::CentreSpecialist, Self::Coordinator, Self::Teacher, Self::Pupil];

    /// Stable word for files, tables and message keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::CentreSpecialist => "centre-specialist",
            Self::Coordinator => "coordinator",
            Self::Teacher => "teacher",
            Self::Pupil => "pupil",
        }
    }

    /// The role with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// What somebody wants to do. The rule table in `access` says which role may, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See schools, classes and people.
    SeeRoster,
    /// Change schools, classes and people.
    ManageRoster,
    /// Give and take roles and sign-ins.
    ManageAccess,
    /// See a campaign with its tests, dates and participation.
    SeeCampaign,
    /// Make a campaign, open and close its window.
    ManageCampaign,
    /// Print login cards.
    PrintCards,
    /// See who has started, is working, has finished, is absent.
    SeeSittings,
    /// Record an absence, reopen an attempt.
    ManageSittings,
    /// Sit the test of one's own attempt.
    SitTest,
    /// See item texts and keys.
    SeeItems,
    /// See results and reports of pupils by name.
    SeeResults,
    /// See results of schools and the campaign as a whole, without pupils' names.
    SeeSummaries,
    /// Bring in results, marks and tests sat elsewhere.
    ImportResults,
    /// Check tables for numbers that do not agree; nothing of the network is read.
    AuditTables,
    /// See background work and its progress.
    SeeJobs,
    /// Read the audit log.
    SeeAudit,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 16] = [
        Self::SeeRoster,
        Self::ManageRoster,
        Self::ManageAccess,
        Self::SeeCampaign,
        Self::ManageCampaign,
        Self::PrintCards,
        Self::SeeSittings,
        Self::ManageSittings,
        Self::SitTest,
        Self::SeeItems,
        Self::SeeResults,
        Self::SeeSummaries,
        Self::ImportResults,
        Self::AuditTables,
        Self::SeeJobs,
        Self::SeeAudit,
    ];
}

/// A role at a place of the organisation tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The role.
    pub role: Role,
    /// The node it is held at: the network, a region, a district or a school.
    pub org_unit: OrgUnitId,
    /// Whether that node is the root of the tree.
    pub whole_network: bool,
    /// The schools at or below the node (empty when `whole_network`).
    pub schools: Vec<SchoolId>,
    /// For a teacher: the classes taught.
    pub classes: Vec<ClassId>,
}

/// Who acts: a signed-in person with all roles, a pupil at a sitting, or nobody yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// The person, unless nobody has signed in or the program itself acts.
    pub person: Option<PersonId>,
    /// The person's name as shown.
    pub name: String,
    /// The language the person has chosen.
    pub language: Option<Language>,
    /// Roles at places.
    pub assignments: Vec<Assignment>,
    /// The attempt that a pupil's code opened.
    pub attempt: Option<AttemptId>,
    /// The program itself: a job, the command line, the demo loader.
    pub system: bool,
}

impl Actor {
    /// Nobody has signed in.
    pub fn nobody() -> Self {
        Self::default()
    }

    /// The program itself.
    pub fn system() -> Self {
        Self { system: true, name: "zerek".to_owned(), ..Self::default() }
    }

    /// Whether the actor holds this role anywhere.
    pub fn is(&self, role: Role) -> bool {
        self.assignments.iter().any(|assignment| assignment.role == role)
    }
}

/// Where a thing belongs: the coordinates that a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The school.
    pub school: Option<SchoolId>,
    /// The class.
    pub class: Option<ClassId>,
    /// The person whom it is about.
    pub person: Option<PersonId>,
}

/// How far an actor reaches with an action. Both faces of the rule table are made of it: a decision about one thing
/// ([`Scope::contains`]) and the SQL condition for a list (`access::condition`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything in the network.
    Network,
    /// Whatever belongs to one of these schools or one of these classes or is about this person. All empty: nothing.
    Within {
        /// Whole schools.
        schools: Vec<SchoolId>,
        /// Single classes.
        classes: Vec<ClassId>,
        /// Oneself.
        person: Option<PersonId>,
    },
}

impl Scope {
    /// Reaches nothing.
    pub const fn nothing() -> Self {
        Self::Within { schools: Vec::new(), classes: Vec::new(), person: None }
    }

    /// Whether nothing at all can be reached.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Within { schools, classes, person: None } if schools.is_empty() && classes.is_empty())
    }

    /// Whether a thing at this place can be reached. A thing without a place belongs to the network.
    pub fn contains(&self, place: &Place) -> bool {
        match self {
            Self::Network => true,
            Self::Within { schools, classes, person } => {
                place.school.is_some_and(|school| schools.contains(&school))
                    || place.class.is_some_and(|class| classes.contains(&class))
                    || (person.is_some() && place.person == *person)
            }
        }
    }
}
