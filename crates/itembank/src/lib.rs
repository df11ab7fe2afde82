//! The item bank: items with their content, metadata and statistics, and the forms that are made of them.
//!
//! An item is one thing with a code, section, topic, criterion and skill; its content lies beside it as QTI 3, one version
//! per language. A form is an ordered list of items in one language.
//!
//! ```no_run
//! # async fn example(database: &store::Database, by: &store::By) -> Result<(), itembank::ItemBankError> {
//! let pack = packs::Pack::embedded()?;
//! let write = database.write(by, "load pack").await?;
//! let forms = itembank::load_pack(&write, &pack, &pack.campaigns[0]).await?;
//! write.commit().await?;
//! let shown = itembank::shown_form(database, forms[&("g4-mathematics".to_owned(), kernel::Language::Kk)]).await?;
//! assert_eq!(shown.map_or(0, |form| form.items.len()), 20);
//! # Ok(())
//! # }
//! ```
//!
//! Architecture invariants: content is checked before it is kept; what pupils are shown ([`ShownForm`]) has no keys; keys
//! are handed out only by [`scoring_items`], to those who may see items; a version that stands in a form is never changed.

mod content;
mod load;
mod migration;
mod model;
mod pack;
mod service;

use kernel::{FormId, ItemId};

pub use load::{BankLoad, NewFormItem, NewItemFile, NewItemVersion, load};
pub use migration::migrations;
pub use model::{Form, FormItem, Item, ScoringItem, ShownForm, ShownItem, Skill};
pub use pack::{PackForms, load_kinds, load_pack, test_name};
pub use qti::render::{FieldKind, FormField, Problem};
pub use service::{
    FormFilter, ItemFile, ShownProgram, form, form_items, forms, item_file, program, scoring_items, shown_form,
    shown_with,
};

/// What can go wrong with the item bank.
#[derive(Debug, thiserror::Error)]
pub enum ItemBankError {
    /// The rules do not give it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The content pack cannot be read.
    #[error(transparent)]
    Pack(#[from] packs::PackError),
    /// An item's content is not sound.
    #[error("item {item}: {}", findings.join("; "))]
    Content {
        /// The item.
        item: ItemId,
        /// What is wrong, with lines.
        findings: Vec<String>,
    },
    /// The form has an item whose content is not in the bank, so it cannot be shown.
    #[error("item {position} of form {form} has no content here")]
    NotHeld {
        /// The form.
        form: FormId,
        /// Place of the item, from 1.
        position: usize,
    },
}
