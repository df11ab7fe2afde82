//! Statistics whose numbers agree: facts by dimensions, definitions as data, tables, consistency checks. Pure.
//!
//! ```
//! use measures::{Axes, Conditions, Cube, Dimension, Exact, Fact, FactKind, Keeps, Observation, Quantity, ScaleLevel, Schema};
//! use kernel::Localized;
//!
//! // Two schools of one network, one term; pupils by their lowest mark.
//! let mut place = Dimension::new("place", Localized::same("place"), 8);
//! let network = place.add("nis", Localized::same("Network"), None, "network")?;
//! let school = place.add("astana", Localized::same("Astana PM"), Some(network), "school")?;
//! let period = Dimension::flat("period", ["2011-q2"])?;
//! let mut cube = Cube::new(Schema::new(place, period, vec![])?);
//! let marks = ["5", "4", "3", "2"].map(|code| ScaleLevel { code: code.to_owned(), value: code.parse().ok() });
//! let pupils = cube.declare(FactKind {
//!     code: "pupils_by_lowest_mark".to_owned(),
//!     name: Localized::same("Pupils by lowest mark"),
//!     keeps: Keeps::Scale(marks.to_vec()),
//!     over_periods: false,
//! })?;
//! let key = cube.schema.key(1, &[]);
//! let facts = [(0, 176), (1, 525), (2, 134)]
//!     .map(|(level, times)| Fact { place: school, key, observation: Observation::Level(level), times });
//! cube.record(pupils, &facts)?;
//!
//! // The network already knows: the cells above were written with the facts.
//! let axes = Axes { places: vec![vec![network]], periods: vec![vec![1]], others: vec![] };
//! let good = cube.read(pupils, &Quantity::Levels(vec![0, 1]), &axes, &Conditions::default())?[0].unwrap();
//! let all = cube.read(pupils, &Quantity::Count, &axes, &Conditions::default())?[0].unwrap();
//! assert_eq!(Exact::new(good, 0).percent_of(Exact::new(all, 0))?.fixed(2), "83.95");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What others call, in the order of the data: [`Cube::record`] and [`Cube::correct`] when facts are written;
//! [`definition::Catalogue::from_toml`] for definitions; [`view::View::request`] and [`evaluate::Evaluation::table`] for a
//! table with everything a page needs; [`mod@write`] for files; [`audit::audit`] and [`audit::propose`] for tables of others.
//!
//! Invariants: no input or output, no clock, no randomness, no floating point in any number that a table shows (but
//! estimates of people, which say so); the same
//! facts in any order give the same cells, and a cell above a tree's leaf equals recomputation from the records.

mod aggregate;
pub mod audit;
mod averages;
mod blocks;
mod build_table;
mod catalogue;
mod cube;
pub mod definition;
mod derived;
mod dimension;
pub mod evaluate;
mod exact;
mod formulas;
mod gather;
mod hide;
mod sketch;
pub mod suppress;
pub mod table;
pub mod view;
pub mod write;

pub use aggregate::{Aggregate, Levels, Occurrences, Tally};
pub use cube::{Cube, CubeError, Fact, FactKind, Keeps, KindId, Observation, Quantity, ScaleLevel};
pub use dimension::{Dimension, DimensionError, Key, Member, MemberInfo, Schema};
pub use exact::{ArithmeticError, Exact, NotANumber, QUOTIENT_DIGITS, TIE_DIGITS};
pub use gather::{Axes, Conditions, LeftOut, Together};
pub use sketch::ESTIMATE_ERROR;
