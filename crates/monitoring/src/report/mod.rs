//! Results as documents: the data of every report, ready for a page, a PDF or a table.
//!
//! Loading and filling are apart. A [`TestContext`] is loaded once for a test and fills any number of reports without the
//! database, so that twelve thousand of them cost a handful of queries for each class.

mod campaign;
mod class;
mod context;
mod highlights;
mod individual;
mod scale;
mod school;
mod tables;
mod words;

pub use campaign::build_presentation;
pub use class::build_class;
pub use context::{ClassResults, FormContext, PupilResult, TestContext, class_results, test_context};
pub use individual::build_individual;
pub use scale::{level_names, level_row, no_scale, scale_note};
pub use school::build_school;
pub use tables::build_tables;
pub use words::imprint;

use documents::report::{CampaignPresentation, ClassReport, IndividualReport, SchoolReport};
use kernel::{Action, Actor, AttemptId, CampaignId, ClassId, Language, Place, SchoolId, TestId};
use store::sea_orm;
use store::{Database, FromQueryResult, Reading, number};

use crate::MonitoringError;
use crate::model::Settings;
use crate::query::{
    CampaignSummary, ClassTest, FormStatistics, campaign_findings, campaign_summary, class_tests, form_statistics,
    school_findings,
};

pub(crate) use context::stored;

#[derive(FromQueryResult)]
#[expect(clippy::struct_field_names, reason = "columns of the table")]
struct AttemptPlaceRow {
    test_id: i64,
    school_id: i64,
    class_id: i64,
    person_id: i64,
}

/// The individual report of an attempt; `None` when it has no result.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor may see the pupil's results.
pub async fn individual_report(
    database: &Database,
    actor: &Actor,
    attempt: AttemptId,
    language: Language,
    settings: &Settings,
) -> Result<Option<IndividualReport>, MonitoringError> {
    let sql = "SELECT test_id, school_id, class_id, person_id FROM result WHERE attempt_id = $1";
    let row: Option<AttemptPlaceRow> = database.read().row(sql, [number(attempt.0)]).await?;
    let Some(row) = row else {
        // Whether it exists is nobody's business who sees no results at all.
        access::authorise(actor, Action::SeeResults, &Place::default())
            .or_else(|denied| if access::may(actor, Action::SeeResults) { Ok(()) } else { Err(denied) })?;
        return Ok(None);
    };
    let place = Place {
        school: Some(kernel::SchoolId(row.school_id)),
        class: Some(ClassId(row.class_id)),
        person: Some(kernel::PersonId(row.person_id)),
    };
    access::authorise(actor, Action::SeeResults, &place)?;
    let Some(context) = test_context(database, TestId(row.test_id)).await? else { return Ok(None) };
    let class = context::results_of(database, &context, ClassId(row.class_id), Some(attempt)).await?;
    let Some(class) = class else { return Ok(None) };
    let pupil = class.pupils.first();
    Ok(pupil.map(|pupil| build_individual(&context, &class, pupil, language, settings)))
}

/// The class report of a test; `None` when the class has no results in it.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor may see the class's results.
pub async fn class_report(
    database: &Database,
    actor: &Actor,
    test: TestId,
    class: ClassId,
    language: Language,
    settings: &Settings,
) -> Result<Option<ClassReport>, MonitoringError> {
    let Some(of_class) = roster::class(database, class).await? else { return Ok(None) };
    let place = Place { school: Some(of_class.school), class: Some(class), person: None };
    access::authorise(actor, Action::SeeResults, &place)?;
    let Some(context) = test_context(database, test).await? else { return Ok(None) };
    let Some(class) = class_results(database, &context, class).await? else { return Ok(None) };
    Ok(Some(build_class(&context, &class, language, settings)))
}

/// The report of a school in a campaign; `None` when there is no such campaign.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees the school's summaries.
pub async fn school_report(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    school: SchoolId,
    language: Language,
    settings: &Settings,
) -> Result<Option<SchoolReport>, MonitoringError> {
    let place = Place { school: Some(school), ..Place::default() };
    access::authorise(actor, Action::SeeSummaries, &place)?;
    let Some(summary) = campaign_summary(database, actor, campaign, settings).await? else { return Ok(None) };
    let findings = school_findings(database, actor, &summary.campaign, school, language, settings).await?;
    let classes = class_tests(database, actor, campaign, Some(school), None).await?;
    Ok(Some(build_school(&summary, school, &findings, &classes, language, settings)))
}

/// The presentation of a campaign; `None` when there is no such campaign.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees summaries of the network.
pub async fn presentation(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    language: Language,
    settings: &Settings,
) -> Result<Option<CampaignPresentation>, MonitoringError> {
    access::authorise(actor, Action::SeeSummaries, &Place::default())?;
    let Some(summary) = campaign_summary(database, actor, campaign, settings).await? else { return Ok(None) };
    let findings = campaign_findings(database, actor, &summary.campaign, language, settings).await?;
    Ok(Some(build_presentation(&summary, &findings, language, settings)))
}

/// Every table of a campaign as an XLSX file; `None` when there is no such campaign.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees summaries and results of the network.
pub async fn workbook(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    language: Language,
    settings: &Settings,
) -> Result<Option<Vec<u8>>, MonitoringError> {
    access::authorise(actor, Action::SeeSummaries, &Place::default())?;
    let Some(summary) = campaign_summary(database, actor, campaign, settings).await? else { return Ok(None) };
    let classes = class_tests(database, actor, campaign, None, None).await?;
    let forms = form_statistics(database, actor, campaign, None).await?;
    build_workbook(&summary, &classes, &forms, language, settings).map(Some)
}

/// The file of [`workbook`] from what is loaded already.
pub(crate) fn build_workbook(
    summary: &CampaignSummary,
    classes: &[ClassTest],
    forms: &[FormStatistics],
    language: Language,
    settings: &Settings,
) -> Result<Vec<u8>, MonitoringError> {
    let sheets = build_tables(summary, classes, forms, language, settings);
    let imprint = words::imprint(&summary.campaign, &summary.tree, language);
    documents::table::xlsx_file(&imprint.campaign, &imprint.issuer, &sheets)
        .map_err(|error| MonitoringError::Document { name: "campaign.xlsx".to_owned(), reason: error.to_string() })
}
