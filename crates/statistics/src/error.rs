//! What can go wrong with facts, tables and kept views.

use measures::definition::DefinitionError;
use measures::evaluate::EvaluationError;
use measures::view::LoadError;
use measures::{CubeError, DimensionError};

/// What can go wrong with facts, tables and kept views.
#[derive(Debug, thiserror::Error)]
pub enum StatisticsError {
    /// The rules do not give it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The pack.
    #[error(transparent)]
    Pack(#[from] packs::PackError),
    /// The campaign.
    #[error(transparent)]
    Delivery(#[from] delivery::DeliveryError),
    /// Definitions that do not fit each other.
    #[error("definitions: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Definitions(Vec<DefinitionError>),
    /// A file of content that cannot be read.
    #[error("{file}: {message}")]
    Content {
        /// File.
        file: String,
        /// What the reader says.
        message: String,
    },
    /// A table of content that cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A table that cannot be made: unknown codes, periods that cannot be compared.
    #[error(transparent)]
    Table(#[from] EvaluationError),
    /// There is no such data set.
    #[error("there is no data set \"{0}\"")]
    NoDataset(String),
    /// The data set has no facts yet.
    #[error("data set \"{0}\" holds no facts yet")]
    NoFacts(String),
    /// No measure was chosen.
    #[error("choose at least one measure")]
    NoMeasure,
    /// Rows and columns run over the same dimension.
    #[error("rows and columns both run over \"{0}\": choose two dimensions")]
    SameDimension(String),
    /// More cells than a page or a file can hold.
    #[error("{cells} cells are more than {most}: choose fewer rows or columns")]
    TooLarge {
        /// Cells asked for.
        cells: usize,
        /// The most.
        most: usize,
    },
    /// A name that is empty or too long.
    #[error("a name has 1 to {most} characters")]
    Name {
        /// The most characters.
        most: usize,
    },
    /// The owner keeps another view under this name.
    #[error("there is a kept view called \"{0}\" already")]
    NameTaken(String),
    /// There is no such kept view, or it belongs to somebody else.
    #[error("there is no such kept view")]
    NoView,
    /// A stored structure cannot be read.
    #[error("stored {what} cannot be read: {reason}")]
    Stored {
        /// Which.
        what: &'static str,
        /// Why.
        reason: String,
    },
}

impl From<CubeError> for StatisticsError {
    fn from(error: CubeError) -> Self {
        Self::Table(EvaluationError::Cube(error))
    }
}

impl From<DimensionError> for StatisticsError {
    fn from(error: DimensionError) -> Self {
        CubeError::Dimension(error).into()
    }
}
