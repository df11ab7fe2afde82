//! What a table cannot be, in the reader's language.

use measures::evaluate::EvaluationError;
use measures::{CubeError, DimensionError};
use statistics::StatisticsError;

use crate::blocks::{Block, Notice, Tone};
use crate::context::PageCtx;
use crate::error::PageError;

/// A mistake of the reader as a notice; everything else is an error page.
pub fn notice(ctx: &PageCtx, error: StatisticsError) -> Result<Block, PageError> {
    let text = text(ctx, &error).ok_or_else(|| PageError::from(error))?;
    Ok(Block::Notice(Notice { tone: Tone::Bad, text, details: Vec::new() }))
}

/// What a person can do about an error; `None` when nothing.
pub fn text(ctx: &PageCtx, error: &StatisticsError) -> Option<String> {
    Some(match error {
        StatisticsError::NoMeasure => ctx.t("govern-error-no-measure"),
        StatisticsError::SameDimension(_) => ctx.t("govern-error-same-dimension"),
        StatisticsError::TooLarge { cells, most } => {
            let (cells, most) = ((*cells as i64).into(), (*most as i64).into());
            ctx.t_with("govern-error-too-large", &[("cells", cells), ("most", most)])
        }
        StatisticsError::NoFacts(_) => ctx.t("govern-error-no-facts"),
        StatisticsError::NoDataset(code) => ctx.t_with("govern-error-no-dataset", &[("code", code.as_str().into())]),
        StatisticsError::Name { most } => ctx.t_with("govern-error-name", &[("most", (*most as i64).into())]),
        StatisticsError::NameTaken(_) => ctx.t("govern-error-name-taken"),
        StatisticsError::Table(error) => table(ctx, error)?,
        _ => return None,
    })
}

fn table(ctx: &PageCtx, error: &EvaluationError) -> Option<String> {
    Some(match error {
        EvaluationError::UnknownMeasure(code) => ctx.t_with("govern-error-measure", &[("code", code.as_str().into())]),
        EvaluationError::SeveralPeriods(_) => ctx.t("govern-error-several-periods"),
        EvaluationError::Cube(CubeError::Dimension(DimensionError::UnknownMember { dimension, code })) => {
            let (dimension, code) = (dimension.as_str().into(), code.as_str().into());
            ctx.t_with("govern-error-member", &[("dimension", dimension), ("code", code)])
        }
        EvaluationError::Cube(CubeError::Dimension(DimensionError::UnknownDimension(code))) => {
            ctx.t_with("govern-error-dimension", &[("code", code.as_str().into())])
        }
        _ => return None,
    })
}

impl From<StatisticsError> for PageError {
    fn from(error: StatisticsError) -> Self {
        match error {
            StatisticsError::Denied(_) => Self::Denied,
            StatisticsError::NoView => Self::NotFound,
            StatisticsError::Store(error) => error.into(),
            other => Self::Internal(other.to_string()),
        }
    }
}
