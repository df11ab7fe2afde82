//! Statistics of a test's forms and tasks, as they were computed after scoring.

use kernel::{Action, Actor, CampaignId, FormId, Language, Localized, Place, TestId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, number};

use crate::MonitoringError;
use crate::model::{ItemStatistics, TestStatistics};
use crate::report::stored;

/// A task of a form with its statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskStatistics {
    /// Section, topic and criterion.
    pub texts: [Localized; 3],
    /// Statistics. Which option is the key is told only to those who may see items.
    pub statistics: ItemStatistics,
}

/// A form with its statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct FormStatistics {
    /// The test.
    pub test: TestId,
    /// The form.
    pub form: FormId,
    /// Language of the form.
    pub language: Language,
    /// Statistics of the whole.
    pub whole: TestStatistics,
    /// Its tasks, in their order.
    pub tasks: Vec<TaskStatistics>,
}

#[derive(FromQueryResult)]
struct FormRow {
    test_id: i64,
    form_id: i64,
    language: String,
    statistics: String,
}

#[derive(FromQueryResult)]
struct TaskRow {
    form_id: i64,
    section: String,
    topic: String,
    criterion: String,
    statistics: String,
}

impl TaskRow {
    fn into_task(self, keys: bool) -> Result<TaskStatistics, MonitoringError> {
        let localized = |text: &str| serde_json::from_str(text).unwrap_or_else(|_plain| Localized::same(text));
        let mut statistics: ItemStatistics = stored("item_statistic", &self.statistics)?;
        if !keys {
            statistics.options.iter_mut().for_each(|option| option.is_key = false);
        }
        let texts = [&self.section, &self.topic, &self.criterion].map(|text| localized(text));
        Ok(TaskStatistics { texts, statistics })
    }
}

/// The statistics of each form of a campaign, by grade, test and language; of one test when it is given. They are about
/// the whole network, so they are for those who see it.
///
/// # Errors
/// [`MonitoringError::Denied`] when the actor does not see summaries of the network.
pub async fn form_statistics(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    test: Option<TestId>,
) -> Result<Vec<FormStatistics>, MonitoringError> {
    access::authorise(actor, Action::SeeSummaries, &Place::default())?;
    let keys = access::may(actor, Action::SeeItems);
    let sql = "SELECT test.id AS test_id, test_form.form_id, test_form.language, test_statistic.statistics
               FROM test JOIN test_form ON test_form.test_id = test.id
               JOIN test_statistic ON test_statistic.test_id = test.id
                AND test_statistic.scope = 'form:' || CAST(test_form.form_id AS text)
               WHERE test.campaign_id = $1 ORDER BY test.grade, test.id, test_form.language";
    let rows: Vec<FormRow> = database.read().rows(sql, [number(campaign.0)]).await?;
    let sql = "SELECT item_statistic.form_id, item.section, item.topic, item.criterion, item_statistic.statistics
               FROM item_statistic
               JOIN form_item ON form_item.form_id = item_statistic.form_id
                AND form_item.item_id = item_statistic.item_id
               JOIN item ON item.id = item_statistic.item_id
               WHERE item_statistic.campaign_id = $1 ORDER BY item_statistic.form_id, form_item.position";
    let tasks: Vec<TaskRow> = database.read().rows(sql, [number(campaign.0)]).await?;
    let mut tasks: Vec<(i64, TaskStatistics)> =
        tasks.into_iter().map(|row| Ok((row.form_id, row.into_task(keys)?))).collect::<Result<_, MonitoringError>>()?;
    let mut forms = Vec::new();
    for row in rows.into_iter().filter(|row| test.is_none_or(|test| test.0 == row.test_id)) {
        let of_form = tasks.extract_if(.., |(form, _)| *form == row.form_id).map(|(_, task)| task);
        forms.push(FormStatistics {
            test: TestId(row.test_id),
            form: FormId(row.form_id),
            language: row.language.parse().unwrap_or(Language::Kk),
            tasks: of_form.collect(),
            whole: stored("test_statistic", &row.statistics)?,
        });
    }
    Ok(forms)
}
