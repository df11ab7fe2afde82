//! Facts of the network in the database, tables over them, views that people keep.
//!
//! A data set is facts with one set of dimensions: the results of campaigns, the printed tables of a report. Facts come in
//! batches, each in the write of the thing it comes from; a correction is a record that takes back and a record that is
//! right ([`model::corrections`]). Each node keeps the cells of a data set in memory ([`Statistics::loaded`]) and brings
//! them up to date by the data set's version. Definitions and ready tables are data of the pack ([`Definitions`]).
//!
//! ```
//! let definitions = statistics::Definitions::embedded()?;
//! let quality = definitions.catalogue.get("quality").expect("the pack defines it");
//! assert_eq!(quality.decimals, 1);
//! assert!(definitions.view(statistics::RESULTS, "schools").is_some());
//! # Ok::<(), statistics::StatisticsError>(())
//! ```
//!
//! Invariants: facts are never changed or deleted; cells in memory equal recomputation from the records; a table shows a
//! reader the same number as everybody else or none; a number opens to records only as far as the reader may see results.

mod campaign;
mod content;
mod cubes;
mod datasets;
mod definitions;
mod error;
mod jobs;
mod kept;
mod migration;
pub mod model;
mod records;
mod table;

pub use campaign::{CampaignFacts, record_campaign};
pub use content::load_content;
pub use cubes::{Loaded, Statistics};
pub use datasets::{Recorder, datasets};
pub use definitions::{Definitions, RESULTS};
pub use error::StatisticsError;
pub use jobs::handlers;
pub use kept::{NAME_MOST, delete_view, keep_view, kept_view, kept_views, rename_view};
pub use migration::migrations;
pub use records::Records;
pub use table::{MOST_CELLS, Reader, Shown, shown_cell};
