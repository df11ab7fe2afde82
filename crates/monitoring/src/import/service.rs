//! Bringing a checked sheet into the network as a campaign of its own, in one write.

use std::collections::BTreeMap;

use delivery::model::{NewCampaign, NewTest, Source};
use itembank::{BankLoad, Form, Item, NewFormItem, Skill};
use kernel::{
    Action, Actor, CampaignId, ClassId, Date, FormId, ItemId, Language, Localized, OrgUnitId, PersonId, Place,
    SchoolId, TestId, Timestamp, school_year_of,
};
use roster::{NewClass, NewEnrolment, NewOrgUnit, NewPerson, OrgUnitKind, PersonName, RosterLoad};
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, StoreError, Value, Write, number, text};

use super::{Encoding, Finding, ReadOptions, Sheet, SheetPerson, read};
use crate::MonitoringError;
use crate::model::{Points, ScaleGather, Settings, StatisticsGather, StatisticsItem, TestStatistics};
use crate::scoring::{FormStatistics, ScaleWork, Taken, write_campaign_statistics, write_school, write_statistics};

/// A test sat elsewhere, to be brought in.
#[derive(Clone)]
pub struct ImportRequest {
    /// Name of the test; also the code of its campaign, so it is unique.
    pub name: String,
    /// The responses as CSV.
    pub responses: Vec<u8>,
    /// The key as CSV.
    pub key: Option<Vec<u8>>,
    /// Which column is what.
    pub columns: ReadOptions,
    /// Grade, where the classes do not say it; 0 when the test belongs to none.
    pub grade: u8,
    /// Subject's code; by custom "imported".
    pub subject: String,
    /// Language of the test.
    pub language: Language,
    /// The day it was held.
    pub held_on: Date,
}

impl ImportRequest {
    /// A request with the usual values.
    pub fn new(name: impl Into<String>, responses: Vec<u8>, key: Option<Vec<u8>>, held_on: Date) -> Self {
        Self {
            name: name.into(),
            responses,
            key,
            columns: ReadOptions::default(),
            grade: 0,
            subject: "imported".to_owned(),
            language: Language::Kk,
            held_on,
        }
    }
}

impl std::fmt::Debug for ImportRequest {
    /// Without the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ImportRequest").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What was brought in.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its test.
    pub test: TestId,
    /// Schools made for it.
    pub schools: usize,
    /// Classes made for it.
    pub classes: usize,
    /// Persons.
    pub persons: usize,
    /// Tasks.
    pub items: usize,
    /// Statistics of the test: mean, alpha, standard error of measurement.
    pub statistics: TestStatistics,
    /// How the responses were written.
    pub encoding: Encoding,
    /// What deserves a look; the first hundred.
    pub warnings: Vec<Finding>,
    /// How many warnings there are in all.
    pub warnings_total: usize,
}

/// Brings in a test sat elsewhere: as a campaign of source "import" with its schools, classes, persons, items, results,
/// places and statistics. Everything or nothing.
///
/// The persons and schools of the file become persons and schools of their own; they are not looked for among those of the
/// network, because a file's "school 7" is nobody's code here.
///
/// # Errors
/// [`MonitoringError::Denied`], [`MonitoringError::Rejected`] with rows and columns, [`MonitoringError::NameTaken`].
pub async fn import_responses(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    request: &ImportRequest,
    settings: &Settings,
) -> Result<Imported, MonitoringError> {
    access::authorise(actor, Action::ImportResults, &Place::default())?;
    if delivery::campaign_by_code(database, &request.name).await?.is_some() {
        return Err(MonitoringError::NameTaken(request.name.clone()));
    }
    let sheet = read(&request.responses, request.key.as_deref(), &request.columns)?;
    let write = database.write(&By::actor(actor, now), "import responses").await?;
    let network = load_network(&write, request, &sheet).await?;
    let (form, items) = load_form(&write, request, &sheet).await?;
    let test = NewTest {
        code: "test".to_owned(),
        name: Localized::same(&request.name),
        subject: request.subject.clone(),
        grade: request.grade,
        audience: None,
        held_on: request.held_on,
        item_count: i64::try_from(items.len()).unwrap_or(i64::MAX),
        minutes: 0,
        forms: vec![(request.language, form)],
    };
    let new = NewCampaign {
        code: request.name.clone(),
        name: Localized::same(&request.name),
        school_year: school_year_of(request.held_on),
        opens_on: request.held_on,
        closes_on: request.held_on,
        zone: "Asia/Almaty".to_owned(),
        demonstration: false,
        source: Source::Import,
        absence_reasons: Vec::new(),
        tests: vec![test],
    };
    let campaign = delivery::create_campaign_in(&write, &new).await?;
    write.execute("UPDATE campaign SET state = 'closed' WHERE id = $1", [number(campaign.0)]).await?;
    let test_id = write.count("SELECT id FROM test WHERE campaign_id = $1", [number(campaign.0)]).await?;
    let test = TestId(test_id);
    let place = SittingPlace { campaign, test, form, language: request.language };
    let taken = write_attempts(&write, &place, &network, &sheet).await?;
    let maxima: Vec<Points> = sheet.items.iter().map(|item| Points::whole(item.maximum)).collect();
    let columns: Vec<usize> = (0..maxima.len()).collect();
    let mut scale = ScaleGather::new(maxima.clone());
    let of_form = BTreeMap::from([(form, maxima)]);
    let mut gather = StatisticsGather::new(statistics_items(&sheet));
    let mut percents = BTreeMap::new();
    for (school, taken) in &taken {
        write_school(&write, campaign, test, *school, taken, &of_form).await?;
        for one in taken {
            gather.add(&one.answers)?;
            scale.add(one.on_scale(*school), &columns, &one.answers);
            let score: Points = one.answers.iter().map(|answer| answer.score).sum();
            percents.insert(one.person, 100.0 * score.value() / one.maximum.value());
        }
    }
    let scale = ScaleWork::run(scale, &new.tests[0].code, &settings.scale).await?;
    let scale = scale.write(&write, campaign, test).await?;
    let gathered = vec![FormStatistics { form, items, columns, gather }];
    let statistics = write_statistics(&write, campaign, test, gathered, None, scale.as_ref()).await?;
    let statistics = statistics.ok_or_else(|| super::Rejected::file(super::File::Responses, super::Problem::Empty))?;
    let of_grade = BTreeMap::from([(request.grade, vec![(test.0, percents)])]);
    write_campaign_statistics(&write, campaign, &of_grade, settings).await?;
    crate::jobs::tell_scored(&write, campaign).await?;
    write.record(
        "campaign",
        campaign.0,
        None,
        serde_json::json!({
            "imported": request.name, "persons": sheet.persons.len(), "warnings": sheet.warnings_total,
        }),
    );
    write.commit().await?;
    store::jobs::wake(database);
    Ok(Imported {
        campaign,
        test,
        schools: network.schools,
        classes: network.classes,
        persons: sheet.persons.len(),
        items: sheet.items.len(),
        statistics,
        encoding: sheet.encoding,
        warnings: sheet.warnings,
        warnings_total: sheet.warnings_total,
    })
}

fn statistics_items(sheet: &Sheet) -> Vec<StatisticsItem> {
    let item =
        |item: &super::SheetItem| StatisticsItem { maximum: Points::whole(item.maximum), key: item.entry.key.clone() };
    sheet.items.iter().map(item).collect()
}

/// Where each person of the sheet was put.
struct Network {
    schools: usize,
    classes: usize,
    /// School, class and person for each row.
    places: Vec<(SchoolId, ClassId, PersonId)>,
}

#[derive(FromQueryResult)]
struct RootRow {
    id: i64,
}

/// Class as the file calls it: the group stands in for it, or divides it.
fn class_of(person: &SheetPerson) -> String {
    match (person.class.as_str(), person.group.as_str()) {
        ("", group) => group.to_owned(),
        (class, "") => class.to_owned(),
        (class, group) => format!("{class} / {group}"),
    }
}

/// Grade and letter of a class name: `8 «Ә»` gives 8 and `Ә`; a name without a number keeps the test's grade.
fn grade_and_letter(class: &str, grade: u8) -> (u8, String) {
    let digits: String = class.chars().take_while(char::is_ascii_digit).collect();
    let rest = class[digits.len()..].trim_matches(|sign: char| sign.is_whitespace() || "«»\"'-".contains(sign));
    match digits.parse::<u8>() {
        Ok(own @ 0..=12) if rest.chars().count() <= 3 => (own, rest.to_owned()),
        _ => (grade, class.to_owned()),
    }
}

async fn load_network(write: &Write, request: &ImportRequest, sheet: &Sheet) -> Result<Network, StoreError> {
    let mut load = RosterLoad::default();
    let unit = |id, parent, kind, code: String, name: &str| NewOrgUnit {
        id,
        parent,
        kind,
        code,
        name: Localized::same(name),
        short_name: Localized::same(name),
        settlement: Localized::default(),
        languages: vec![request.language],
    };
    let root: Option<RootRow> =
        write.row("SELECT id FROM org_unit WHERE parent_id IS NULL ORDER BY id LIMIT 1", []).await?;
    let root = root.map_or_else(
        || {
            let id = OrgUnitId(write.next_id());
            load.org_units.push(unit(id, None, OrgUnitKind::Network, "network".to_owned(), "Zerek"));
            id
        },
        |row| OrgUnitId(row.id),
    );
    let region = OrgUnitId(write.next_id());
    let code = |id: OrgUnitId| format!("import-{id}");
    load.org_units.push(unit(region, Some(root), OrgUnitKind::Region, code(region), &request.name));
    let (mut schools, mut classes) = (BTreeMap::new(), BTreeMap::new());
    let mut places = Vec::with_capacity(sheet.persons.len());
    let school_year = school_year_of(request.held_on);
    for person in &sheet.persons {
        let school = *schools.entry(person.school.as_str()).or_insert_with(|| {
            let id = OrgUnitId(write.next_id());
            let name = if person.school.is_empty() { &request.name } else { &person.school };
            load.org_units.push(unit(id, Some(region), OrgUnitKind::School, code(id), name));
            SchoolId(id.0)
        });
        let class = *classes.entry((school, class_of(person))).or_insert_with_key(|(school, name)| {
            let id = ClassId(write.next_id());
            let (grade, letter) = grade_and_letter(name, request.grade);
            load.classes.push(NewClass { id, school: *school, school_year, grade, letter, language: request.language });
            id
        });
        let id = PersonId(write.next_id());
        let family = match (&person.name, &person.id) {
            (Some(name), _) => name.clone(),
            (None, Some(id)) => format!("№ {id}"),
            (None, None) => format!("№ {}", person.row - 1),
        };
        let name = PersonName { family, given: String::new(), patronymic: String::new() };
        load.people.push(NewPerson { id, name, sex: None, language: None });
        load.enrolments.push(NewEnrolment { school, class, person: id, from: request.held_on });
        places.push((school, class, id));
    }
    roster::load(write, &load).await?;
    Ok(Network { schools: schools.len(), classes: classes.len(), places })
}

async fn load_form(
    write: &Write,
    request: &ImportRequest,
    sheet: &Sheet,
) -> Result<(FormId, Vec<ItemId>), MonitoringError> {
    let form = FormId(write.next_id());
    let mut bank = BankLoad::default();
    let mut ids = Vec::with_capacity(sheet.items.len());
    for (position, item) in (1..).zip(&sheet.items) {
        let id = ItemId(write.next_id());
        let entry = &item.entry;
        let or = |text: &str, other: &str| Localized::same(if text.is_empty() { other } else { text });
        bank.items.push(Item {
            id,
            code: format!("import-{form}-{position}"),
            subject: request.subject.clone(),
            grade: request.grade,
            section: or(&entry.section, &request.name),
            topic: or(&entry.topic, &item.name),
            criterion: or(&entry.criterion, &item.name),
            skill: entry.skill.and_then(|skill| Skill::from_code(&skill.to_string())).unwrap_or(Skill::A),
            parallel_group: None,
        });
        let key = (!entry.key.is_empty()).then(|| entry.key.join(" "));
        let max_score = f64::from(item.maximum);
        bank.form_items.push(NewFormItem { form, position, item: id, version: None, key, max_score });
        ids.push(id);
    }
    bank.forms.push(Form {
        id: form,
        code: format!("import-{form}"),
        name: Localized::same(&request.name),
        subject: request.subject.clone(),
        grade: request.grade,
        language: request.language,
    });
    itembank::load(write, &bank).await?;
    Ok((form, ids))
}

struct SittingPlace {
    campaign: CampaignId,
    test: TestId,
    form: FormId,
    language: Language,
}

/// Sittings and finished attempts without a log: nobody sat here. `delivery` makes them for whole grades only, so they are
/// written here, in its columns.
async fn write_attempts(
    write: &Write,
    place: &SittingPlace,
    network: &Network,
    sheet: &Sheet,
) -> Result<BTreeMap<SchoolId, Vec<Taken>>, StoreError> {
    let SittingPlace { campaign, test, form, language } = *place;
    let now = write.now().as_millisecond();
    let maximum: Points = sheet.items.iter().map(|item| Points::whole(item.maximum)).sum();
    let mut sittings: BTreeMap<ClassId, i64> = BTreeMap::new();
    let (mut sitting_rows, mut attempt_rows): (Vec<Vec<Value>>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
    let mut taken: BTreeMap<SchoolId, Vec<Taken>> = BTreeMap::new();
    for (person, (school, class, id)) in sheet.persons.iter().zip(&network.places) {
        let ids = [campaign.0, test.0, form.0, school.0, class.0];
        let sitting = *sittings.entry(*class).or_insert_with(|| {
            let sitting = write.next_id();
            sitting_rows.push([&[sitting][..], &ids, &[now, now]].concat().into_iter().map(number).collect());
            sitting
        });
        let attempt = write.next_id();
        let mut row: Vec<Value> = [&[attempt, sitting][..], &ids, &[id.0]].concat().into_iter().map(number).collect();
        row.extend([text(language.code()), text("finished"), number(now)]);
        row.extend([0; 6].map(number));
        attempt_rows.push(row);
        taken.entry(*school).or_default().push(Taken {
            attempt,
            form,
            class: class.0,
            person: id.0,
            language: language.code().to_owned(),
            answers: person.answers.clone(),
            maximum,
        });
    }
    let columns = ["id", "campaign_id", "test_id", "form_id", "school_id", "class_id", "opens_at", "closes_at"];
    write.insert("sitting", &columns, sitting_rows).await?;
    let columns = [
        "id",
        "sitting_id",
        "campaign_id",
        "test_id",
        "form_id",
        "school_id",
        "class_id",
        "person_id",
        "language",
        "state",
        "finished_at",
        "position",
        "answered",
        "skipped",
        "late",
        "reopened",
        "entries",
    ];
    write.insert("attempt", &columns, attempt_rows).await?;
    Ok(taken)
}
