//! A test sat elsewhere: raw choices with a key, or points, from a CSV file.
//!
//! [`read`] is pure: bytes in, a checked [`Sheet`] out, or every reason why not, each with its row and column. Nothing is
//! written before a whole file is sound. Things that could be read but deserve a look come back as warnings.
//!
//! Which columns are tasks is found like this, unless `items` says it: the numbered columns (`b1`, `b2`, `b3.1`…) whose sum
//! is the column `total`; else the columns that the key names; else the only set of numbered columns with points.

mod cells;
mod columns;
mod key;
mod problem;
mod service;
mod table;

pub use cells::{Sheet, SheetItem, SheetPerson};
pub use key::KeyEntry;
pub use problem::{Column, File, Finding, Problem, Rejected};
pub use service::{ImportRequest, Imported, import_responses};
pub use table::{Encoding, Table};

/// What the user says about a file besides its bytes. Column names may be left out: the usual names are known in English,
/// Kazakh and Russian.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadOptions {
    /// Columns that are tasks: names or patterns with `*`, separated by commas (`b*`, `Item*,Essay`).
    pub items: Option<String>,
    /// Column with the person's own code.
    pub id: Option<String>,
    /// Column with the person's name.
    pub name: Option<String>,
    /// Column with the school.
    pub school: Option<String>,
    /// Column with the class.
    pub class: Option<String>,
    /// Column with any further group.
    pub group: Option<String>,
    /// Highest points of every task for which the key file does not say it; by custom the highest found.
    pub maximum: Option<u32>,
}

/// Reads and checks a file of responses with its key, if there is one.
///
/// # Errors
/// [`Rejected`] with everything that is wrong, up to a hundred findings.
pub fn read(responses: &[u8], key: Option<&[u8]>, options: &ReadOptions) -> Result<Sheet, Rejected> {
    let table = Table::read(responses).map_err(|problem| Rejected::file(File::Responses, problem))?;
    let key = key.map(key::read).transpose()?.unwrap_or_default();
    let layout = columns::find(&table, &key, options)?;
    cells::read(&table, &layout, options)
}

#[cfg(test)]
mod tests;
