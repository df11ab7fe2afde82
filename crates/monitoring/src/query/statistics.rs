//! Statistics of a test's forms and tasks, as they were computed after scoring.

use kernel::{Action, Actor, FormId, TestId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, number};

use crate::MonitoringError;
use crate::model::{ItemStatistics, TestStatistics};
use crate::report::stored;

/// A form with its statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct FormStatistics {
    /// The form.
    pub form: FormId,
    /// Statistics of the whole.
    pub test: TestStatistics,
    /// Statistics of its tasks, in their order. Without keys, unless the actor may see items.
    pub items: Vec<ItemStatistics>,
}

#[derive(FromQueryResult)]
struct FormRow {
    scope: String,
    campaign_id: i64,
    statistics: String,
}

#[derive(FromQueryResult)]
struct ItemRow {
    statistics: String,
}

/// The statistics of each form of a test. They are about the whole network, so they are for those who see it.
///
/// # Errors
/// [`MonitoringError::Denied`] when the actor does not see summaries of the network.
pub async fn test_statistics(
    database: &Database,
    actor: &Actor,
    test: TestId,
) -> Result<Vec<FormStatistics>, MonitoringError> {
    access::authorise(actor, Action::SeeSummaries, &kernel::Place::default())?;
    let keys = access::may(actor, Action::SeeItems);
    let sql = "SELECT scope, campaign_id, statistics FROM test_statistic WHERE test_id = $1 ORDER BY scope";
    let rows: Vec<FormRow> = database.read().rows(sql, [number(test.0)]).await?;
    let mut forms = Vec::new();
    for row in rows {
        let Some(form) = row.scope.strip_prefix("form:").and_then(|id| id.parse().ok()) else { continue };
        let sql = "SELECT statistics FROM item_statistic WHERE form_id = $1 AND campaign_id = $2";
        let FormId(id) = form;
        let rows: Vec<ItemRow> = database.read().rows(sql, [number(id), number(row.campaign_id)]).await?;
        let mut items = Vec::with_capacity(rows.len());
        for item in rows {
            let mut item: ItemStatistics = stored("item_statistic", &item.statistics)?;
            if !keys {
                item.options.iter_mut().for_each(|option| option.is_key = false);
            }
            items.push(item);
        }
        items.sort_by_key(|item| item.position);
        forms.push(FormStatistics { form, test: stored("test_statistic", &row.statistics)?, items });
    }
    Ok(forms)
}
