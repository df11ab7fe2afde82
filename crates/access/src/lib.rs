//! Who may do what, and who is asking.
//!
//! One rule table ([`reach`]) has two faces: [`can`] decides about one thing, [`restrict`] turns the same rule into the SQL
//! condition of a list. What a list shows is exactly what single pages allow.
//!
//! ```
//! use access::{can, scope};
//! use kernel::{Action, Actor, Assignment, OrgUnitId, Place, Role, SchoolId};
//!
//! let coordinator = Actor {
//!     assignments: vec![Assignment {
//!         role: Role::Coordinator,
//!         org_unit: OrgUnitId(7),
//!         whole_network: false,
//!         schools: vec![SchoolId(7)],
//!         classes: vec![],
//!     }],
//!     ..Actor::nobody()
//! };
//! let own = Place { school: Some(SchoolId(7)), ..Place::default() };
//! let other = Place { school: Some(SchoolId(8)), ..Place::default() };
//! assert!(can(&coordinator, Action::SeeResults, &own));
//! assert!(!can(&coordinator, Action::SeeResults, &other));
//! assert!(scope(&coordinator, Action::ManageCampaign).is_empty());
//! ```
//!
//! Signing in lives here too: accounts with argon2 passwords, sessions of which only a hash is stored, and the limit on
//! tries.

mod account;
mod migration;
mod password;
mod policy;
mod session;
mod throttle;

pub use account::{Account, AccountError, NewAccount, PASSWORD_MINIMUM, change_password, create_account, sign_in};
pub use migration::migrations;
pub use password::{Passwords, password_hash};
pub use policy::{Denied, Reach, authorise, can, may, reach, restrict, scope};
pub use session::{
    Session, SessionOwner, Token, end_all_sessions, end_session, find_session, list_sessions, start_session,
};
pub use throttle::{Throttle, ThrottleError, TooMany};
