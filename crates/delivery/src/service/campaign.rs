//! Campaigns: making and reading them.

use std::collections::BTreeMap;

use ::store::sea_orm;
use ::store::{By, Database, FromQueryResult, Reading, StoreError, Value, Write, boolean, number, optional_text, text};
use kernel::{Action, Actor, CampaignId, Date, FormId, Language, Localized, Place, TestId, Timestamp};

use super::DeliveryError;
use crate::model::{Campaign, CampaignState, NewCampaign, NewTest, Source, Test};

pub(super) fn localized(value: &str) -> Localized {
    serde_json::from_str(value).unwrap_or_else(|_| Localized::same(value))
}

fn json(value: &impl serde::Serialize) -> Value {
    // Texts and lists of them always become JSON.
    text(serde_json::to_string(value).unwrap_or_default())
}

/// Makes a campaign with its tests.
///
/// # Errors
/// [`DeliveryError::Denied`] unless the actor manages campaigns of the network; [`DeliveryError::Window`],
/// [`DeliveryError::Zone`], [`DeliveryError::NoForm`] for what cannot be; a conflict when the code is taken.
pub async fn create_campaign(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    campaign: &NewCampaign,
) -> Result<CampaignId, DeliveryError> {
    access::authorise(actor, Action::ManageCampaign, &Place::default())?;
    let write = database.write(&By::actor(actor, now), "create campaign").await?;
    let id = create_campaign_in(&write, campaign).await?;
    write.commit().await?;
    Ok(id)
}

/// [`create_campaign`] as part of a larger write, for loads and imports. The caller has authorised.
///
/// # Errors
/// As [`create_campaign`].
pub async fn create_campaign_in(write: &Write, campaign: &NewCampaign) -> Result<CampaignId, DeliveryError> {
    let NewCampaign { opens_on, closes_on, .. } = *campaign;
    if closes_on < opens_on {
        return Err(DeliveryError::Window { opens_on, closes_on });
    }
    super::window::zone(&campaign.zone)?;
    if let Some(test) = campaign.tests.iter().find(|test| test.forms.is_empty()) {
        return Err(DeliveryError::NoForm { test: test.code.clone() });
    }
    let id = CampaignId(write.next_id());
    let row = vec![
        number(id.0),
        text(&campaign.code),
        json(&campaign.name),
        number(i64::from(campaign.school_year)),
        text(opens_on.to_string()),
        text(closes_on.to_string()),
        text(&campaign.zone),
        text(CampaignState::Planned.code()),
        boolean(campaign.demonstration),
        text(campaign.source.code()),
        json(&campaign.absence_reasons),
        number(write.now().as_millisecond()),
    ];
    let columns = [
        "id",
        "code",
        "name",
        "school_year",
        "opens_on",
        "closes_on",
        "zone",
        "state",
        "demonstration",
        "source",
        "absence_reasons",
        "created_at",
    ];
    write.insert("campaign", &columns, [row]).await?;
    let tests: Vec<(i64, &NewTest)> = campaign.tests.iter().map(|test| (write.next_id(), test)).collect();
    let columns =
        ["id", "campaign_id", "code", "name", "subject", "grade", "audience", "held_on", "item_count", "minutes"];
    write.insert("test", &columns, tests.iter().map(|(test_id, test)| test_row(*test_id, id, test))).await?;
    let forms = tests.iter().flat_map(|(test_id, test)| {
        let row = |(language, form): &(Language, FormId)| vec![number(*test_id), text(language.code()), number(form.0)];
        test.forms.iter().map(row).collect::<Vec<_>>()
    });
    write.insert("test_form", &["test_id", "language", "form_id"], forms).await?;
    write.record("campaign", id.0, None, serde_json::json!({ "code": campaign.code, "tests": tests.len() }));
    Ok(id)
}

fn test_row(id: i64, campaign: CampaignId, test: &NewTest) -> Vec<Value> {
    vec![
        number(id),
        number(campaign.0),
        text(&test.code),
        json(&test.name),
        text(&test.subject),
        number(i64::from(test.grade)),
        optional_text(test.audience.map(|language| language.code().to_owned())),
        text(test.held_on.to_string()),
        number(test.item_count),
        number(test.minutes),
    ]
}

#[derive(FromQueryResult)]
struct CampaignRow {
    id: i64,
    code: String,
    name: String,
    school_year: i64,
    opens_on: String,
    closes_on: String,
    zone: String,
    state: String,
    demonstration: bool,
    source: String,
    absence_reasons: String,
}

#[derive(FromQueryResult)]
struct TestRow {
    id: i64,
    campaign_id: i64,
    code: String,
    name: String,
    subject: String,
    grade: i64,
    audience: Option<String>,
    held_on: String,
    item_count: i64,
    minutes: i64,
}

#[derive(FromQueryResult)]
struct TestFormRow {
    test_id: i64,
    language: String,
    form_id: i64,
}

pub(super) fn date(value: &str) -> Date {
    value.parse().unwrap_or(Date::ZERO)
}

impl From<CampaignRow> for Campaign {
    fn from(row: CampaignRow) -> Self {
        Self {
            id: CampaignId(row.id),
            code: row.code,
            name: localized(&row.name),
            school_year: i16::try_from(row.school_year).unwrap_or_default(),
            opens_on: date(&row.opens_on),
            closes_on: date(&row.closes_on),
            zone: row.zone,
            state: CampaignState::from_code(&row.state).unwrap_or(CampaignState::Closed),
            demonstration: row.demonstration,
            source: Source::from_code(&row.source).unwrap_or(Source::Import),
            absence_reasons: serde_json::from_str(&row.absence_reasons).unwrap_or_default(),
            tests: Vec::new(),
        }
    }
}

impl From<TestRow> for Test {
    fn from(row: TestRow) -> Self {
        Self {
            id: TestId(row.id),
            campaign: CampaignId(row.campaign_id),
            code: row.code,
            name: localized(&row.name),
            subject: row.subject,
            grade: u8::try_from(row.grade).unwrap_or_default(),
            audience: row.audience.and_then(|code| code.parse().ok()),
            held_on: date(&row.held_on),
            item_count: row.item_count,
            minutes: row.minutes,
            forms: Vec::new(),
        }
    }
}

async fn with_tests(database: &Database, rows: Vec<CampaignRow>) -> Result<Vec<Campaign>, StoreError> {
    let mut campaigns: Vec<Campaign> = rows.into_iter().map(Campaign::from).collect();
    let ids = campaigns.iter().map(|campaign| campaign.id.0.to_string()).collect::<Vec<_>>().join(", ");
    if ids.is_empty() {
        return Ok(campaigns);
    }
    let sql = format!(
        "SELECT test_id, language, form_id FROM test_form WHERE test_id IN
            (SELECT id FROM test WHERE campaign_id IN ({ids})) ORDER BY test_id, language"
    );
    let mut forms: BTreeMap<i64, Vec<(Language, FormId)>> = BTreeMap::new();
    for row in database.read().rows::<TestFormRow>(&sql, []).await? {
        if let Ok(language) = row.language.parse() {
            forms.entry(row.test_id).or_default().push((language, FormId(row.form_id)));
        }
    }
    let sql = format!("SELECT * FROM test WHERE campaign_id IN ({ids}) ORDER BY grade, held_on, id");
    for row in database.read().rows::<TestRow>(&sql, []).await? {
        let mut test = Test::from(row);
        test.forms = forms.remove(&test.id.0).unwrap_or_default();
        if let Some(campaign) = campaigns.iter_mut().find(|campaign| campaign.id == test.campaign) {
            campaign.tests.push(test);
        }
    }
    Ok(campaigns)
}

/// All campaigns with their tests, the latest first. Nobody who sees no campaigns gets any.
///
/// # Errors
/// What the database says.
pub async fn campaigns(database: &Database, actor: &Actor) -> Result<Vec<Campaign>, DeliveryError> {
    if !access::may(actor, Action::SeeCampaign) {
        return Err(access::Denied { action: Action::SeeCampaign }.into());
    }
    let rows = database.read().rows("SELECT * FROM campaign ORDER BY opens_on DESC, id DESC", []).await?;
    Ok(with_tests(database, rows).await?)
}

/// One campaign with its tests, whoever asks: for services and pages that have authorised what they show of it.
///
/// # Errors
/// What the database says.
pub async fn campaign(database: &Database, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    let rows = database.read().rows("SELECT * FROM campaign WHERE id = $1", [number(id.0)]).await?;
    Ok(with_tests(database, rows).await?.pop())
}

/// One campaign by its code, as [`campaign`].
///
/// # Errors
/// What the database says.
pub async fn campaign_by_code(database: &Database, code: &str) -> Result<Option<Campaign>, StoreError> {
    let rows = database.read().rows("SELECT * FROM campaign WHERE code = $1", [text(code)]).await?;
    Ok(with_tests(database, rows).await?.pop())
}
