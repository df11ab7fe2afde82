//! Login cards, for printing.

use ::store::{By, Database, FromQueryResult, Reading, number, sea_orm};
use kernel::{Action, Actor, CampaignId, ClassId, Date, Language, Localized, Place, SchoolId, SittingId, Timestamp};

use super::DeliveryError;
use super::campaign::{date, localized};
use super::school::class_label;
use crate::model::Code;

/// Whose login cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardsOf {
    /// One test of a class.
    Sitting(SittingId),
    /// Every test of a class in a campaign.
    Class(CampaignId, ClassId),
}

/// A login card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Family name and given name.
    pub person_name: String,
    /// Name of the test.
    pub test_name: Localized,
    /// The day it is meant for.
    pub held_on: Date,
    /// As printed: `AC7K-4M9X`.
    pub code: String,
}

/// The login cards of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSheet {
    /// The campaign.
    pub campaign: CampaignId,
    /// The school.
    pub school: SchoolId,
    /// The class.
    pub class: ClassId,
    /// As people write it.
    pub class_label: String,
    /// Language of instruction, in which the cards speak.
    pub language: Language,
    /// The cards, by test and name.
    pub cards: Vec<Card>,
}

#[derive(FromQueryResult)]
struct SheetRow {
    campaign_id: i64,
    class_id: i64,
    school_id: i64,
    grade: i64,
    letter: String,
    language: String,
}

#[derive(FromQueryResult)]
struct CardRow {
    family_name: String,
    given_name: String,
    test_name: String,
    held_on: String,
    code: String,
}

impl From<CardRow> for Card {
    fn from(row: CardRow) -> Self {
        let name = roster::PersonName { family: row.family_name, given: row.given_name, ..Default::default() };
        Self {
            person_name: name.short(),
            test_name: localized(&row.test_name),
            held_on: date(&row.held_on),
            code: row.code.parse::<Code>().map_or(row.code, |code| code.to_string()),
        }
    }
}

/// The login cards of a sitting or of a whole class, for printing. That they were taken out stands in the audit log.
/// `None`: there is no such sitting, or the class sits nothing in this campaign.
///
/// # Errors
/// [`DeliveryError::Denied`] when the actor may not print cards for the class.
pub async fn login_cards(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    of: CardsOf,
) -> Result<Option<CardSheet>, DeliveryError> {
    let (condition, values) = match of {
        CardsOf::Sitting(sitting) => ("sitting.id = $1", vec![number(sitting.0)]),
        CardsOf::Class(campaign, class) => {
            ("sitting.campaign_id = $1 AND sitting.class_id = $2", vec![number(campaign.0), number(class.0)])
        }
    };
    let sql = format!(
        "SELECT sitting.campaign_id, sitting.class_id, sitting.school_id, school_class.grade, school_class.letter,
                school_class.language
         FROM sitting JOIN school_class ON school_class.id = sitting.class_id WHERE {condition} LIMIT 1"
    );
    let row: Option<SheetRow> = database.read().row(&sql, values.clone()).await?;
    let Some(row) = row else { return Ok(None) };
    let (school, class) = (SchoolId(row.school_id), ClassId(row.class_id));
    access::authorise(actor, Action::PrintCards, &Place { school: Some(school), class: Some(class), person: None })?;
    let sql = format!(
        "SELECT person.family_name, person.given_name, test.name AS test_name, test.held_on, attempt.code FROM attempt
         JOIN sitting ON sitting.id = attempt.sitting_id JOIN test ON test.id = attempt.test_id
         JOIN person ON person.id = attempt.person_id WHERE {condition} AND attempt.code IS NOT NULL
         ORDER BY test.held_on, test.id, person.sort_name, person.id"
    );
    let cards: Vec<CardRow> = database.read().rows(&sql, values).await?;
    let write = database.write(&By::actor(actor, now), "print login cards").await?;
    let (subject, id) = match of {
        CardsOf::Sitting(sitting) => ("sitting", sitting.0),
        CardsOf::Class(_, class) => ("school_class", class.0),
    };
    let detail = serde_json::json!({ "campaign": row.campaign_id.to_string(), "cards": cards.len() });
    write.record(subject, id, Some(school), detail);
    write.commit().await?;
    Ok(Some(CardSheet {
        campaign: CampaignId(row.campaign_id),
        school,
        class,
        class_label: class_label(row.grade, &row.letter),
        language: row.language.parse().unwrap_or(Language::Kk),
        cards: cards.into_iter().map(Card::from).collect(),
    }))
}
