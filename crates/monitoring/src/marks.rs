//! The schools' own marks of the term, in percent: the comparator of monitoring (facts 000b 1.1, 2.6).
//!
//! A file has a row for each pupil and a column for each subject. It is read as a whole: every row that does not fit is
//! named with its column, and nothing is kept before the file is sound.

use std::collections::{BTreeMap, BTreeSet};

use delivery::model::Campaign;
use documents::table::{Column as TableColumn, Problems, ReadOptions, Row, Table, read_table_with};
use kernel::{Action, Actor, CampaignId, ClassId, Language, PersonId, Place, SchoolId, Timestamp};
use roster::{OrgTree, PersonName, names};
use store::sea_orm;
use store::{By, Database, FromQueryResult, Reading, StoreError, Value, Where, Write, number, real, text};

use crate::MonitoringError;
use crate::import::{Column, File, Finding, Problem, Rejected};

/// A pupil's mark in a subject.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMark {
    /// School.
    pub school: SchoolId,
    /// Class.
    pub class: ClassId,
    /// Pupil.
    pub person: PersonId,
    /// Subject's code, as in the campaign's tests.
    pub subject: String,
    /// Percent, 0..=100.
    pub percent: f64,
}

/// A file of marks.
#[derive(Debug, Clone, Default)]
pub struct MarksFile {
    /// XLSX, XLS, ODS or CSV.
    pub bytes: Vec<u8>,
    /// Name of the file, for messages.
    pub name: String,
    /// Sheet of a workbook; without it the only one that holds data.
    pub sheet: Option<String>,
    /// School of all rows, for files without a column for it.
    pub school: Option<SchoolId>,
}

/// What a file of marks would bring.
#[derive(Debug, Clone, PartialEq)]
pub struct MarksPreview {
    /// The marks that could be read.
    pub marks: Vec<NewMark>,
    /// Rows of the file.
    pub rows: usize,
    /// Pupils with at least one mark.
    pub pupils: usize,
    /// Subjects with a column.
    pub subjects: Vec<String>,
    /// What is wrong; the file is taken only when there is nothing.
    pub findings: Vec<Finding>,
}

const NAME: &[&str] = &["pupil", "name", "оқушы", "аты-жөні", "білім алушы", "ученик", "обучающийся", "фио"];
const CLASS: &[&str] = &["class", "сынып", "класс"];
const SCHOOL: &[&str] = &["school", "мектеп", "школа"];
const ID: &[&str] = &["id", "код", "code"];

#[derive(FromQueryResult)]
struct PupilRow {
    person_id: i64,
    school_id: i64,
    class_id: i64,
    grade: i64,
    letter: String,
    family_name: String,
    given_name: String,
    patronymic: String,
}

struct Pupil {
    school: SchoolId,
    class: ClassId,
    class_key: String,
    grade: u8,
    person: PersonId,
    /// Full name and family name with given name, folded.
    names: [String; 2],
    /// Family name and given name as written.
    shown: String,
}

/// A class name without what people write differently; letters stay as they are, because `А` and `Ә` are two classes.
fn class_key(label: &str) -> String {
    let lower = label.to_lowercase();
    let plain = lower.chars().filter(|sign| !sign.is_whitespace() && !"«»\"'“”-–.".contains(*sign));
    // Latin letters that look like Cyrillic ones.
    plain.map(|sign| "abcehkmoptxy".chars().position(|own| own == sign).map_or(sign, look_alike)).collect()
}

fn look_alike(place: usize) -> char {
    "авсенкмортху".chars().nth(place).unwrap_or('?')
}

async fn pupils(database: &Database, actor: &Actor, campaign: &Campaign) -> Result<Vec<Pupil>, StoreError> {
    let mut condition = Where::new();
    condition.and("school_class.school_year = ?", [number(i64::from(campaign.school_year))]);
    condition.and("enrolment.to_date IS NULL", []);
    let scope = access::scope(actor, Action::ImportResults);
    access::restrict(&mut condition, &scope, Some("enrolment.school_id"), Some("enrolment.class_id"), None);
    let sql = format!(
        "SELECT enrolment.person_id, enrolment.school_id, enrolment.class_id, school_class.grade, school_class.letter,
                person.family_name, person.given_name, person.patronymic
         FROM enrolment JOIN school_class ON school_class.id = enrolment.class_id
              JOIN person ON person.id = enrolment.person_id{} ORDER BY enrolment.person_id",
        condition.sql()
    );
    let rows: Vec<PupilRow> = database.read().rows(&sql, condition.values()).await?;
    let pupil = |row: PupilRow| {
        let name = PersonName { family: row.family_name, given: row.given_name, patronymic: row.patronymic };
        Pupil {
            school: SchoolId(row.school_id),
            class: ClassId(row.class_id),
            class_key: class_key(&format!("{}{}", row.grade, row.letter)),
            grade: u8::try_from(row.grade).unwrap_or_default(),
            person: PersonId(row.person_id),
            names: [names::folded(&name.full()), names::folded(&name.short())],
            shown: name.short(),
        }
    };
    Ok(rows.into_iter().map(pupil).collect())
}

/// Reads a file of marks without keeping anything.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor brings in results; [`MonitoringError::Table`] for a file that is no table or
/// has several sheets; [`MonitoringError::NoCampaign`]. Wrong rows are in the preview.
pub async fn preview_marks(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    file: &MarksFile,
) -> Result<MarksPreview, MonitoringError> {
    if !access::may(actor, Action::ImportResults) {
        return Err(access::Denied { action: Action::ImportResults }.into());
    }
    let campaign = delivery::campaign(database, campaign).await?.ok_or(MonitoringError::NoCampaign(campaign))?;
    let options = ReadOptions { sheet: file.sheet.clone(), ..ReadOptions::default() };
    let table = read_table_with(&file.bytes, &file.name, &options)?;
    let tree = roster::org_tree(database).await?;
    let pupils = pupils(database, actor, &campaign).await?;
    Ok(Reader { campaign: &campaign, table: &table, tree: &tree, pupils: &pupils, of_file: file.school }.read())
}

fn finding(row: Option<&Row>, column: Option<&TableColumn>, problem: Problem) -> Finding {
    let column = column.map(|column| Column { index: column.index as usize, name: column.head.clone() });
    Finding { file: File::Marks, row: row.map(|row| row.number), column, problem }
}

struct Reader<'a> {
    campaign: &'a Campaign,
    table: &'a Table,
    tree: &'a OrgTree,
    pupils: &'a [Pupil],
    of_file: Option<SchoolId>,
}

/// A subject column: its code in each grade that has it.
struct Subject {
    column: TableColumn,
    of_grade: BTreeMap<u8, String>,
}

impl Reader<'_> {
    fn optional(&self, heads: &[&str]) -> Option<TableColumn> {
        self.table.column_of(heads).ok()
    }

    fn known_subjects(&self) -> String {
        let names: BTreeSet<&str> =
            self.campaign.tests.iter().map(|test| test.name.in_language(Language::Ru)).collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    }

    fn subject(&self, column: TableColumn) -> Option<Subject> {
        let head = column.head.trim().to_lowercase();
        let fits = |test: &&delivery::model::Test| {
            let named = Language::ALL.iter().any(|language| test.name.in_language(*language).to_lowercase() == head);
            named || test.subject == head || test.code == head
        };
        let of_grade: BTreeMap<u8, String> =
            self.campaign.tests.iter().filter(fits).map(|test| (test.grade, test.subject.clone())).collect();
        (!of_grade.is_empty()).then_some(Subject { column, of_grade })
    }

    fn read(&self) -> MarksPreview {
        let mut findings: Vec<Finding> = self
            .table
            .spilled()
            .list()
            .iter()
            .map(|problem| Finding {
                file: File::Marks,
                row: Some(problem.address.row),
                column: None,
                problem: Problem::Unreadable { reason: problem.to_string() },
            })
            .collect();
        let name = self.table.column_of(NAME);
        let class = self.optional(CLASS);
        let (school, id) = (self.optional(SCHOOL), self.optional(ID));
        let mut subjects = Vec::new();
        for (index, head) in self.table.heads.iter().enumerate() {
            let index = index as u32;
            let taken = [name.as_ref().ok(), class.as_ref(), school.as_ref(), id.as_ref()];
            if head.is_empty() || taken.into_iter().flatten().any(|column| column.index == index) {
                continue;
            }
            let column = TableColumn { index, head: head.clone() };
            let known = self.subject(column.clone());
            if known.is_none() {
                let problem = Problem::UnknownSubject { subject: head.clone(), known: self.known_subjects() };
                findings.push(finding(None, Some(&column), problem));
            }
            subjects.extend(known);
        }
        let mut marks = Vec::new();
        match &name {
            Err(error) => findings.push(finding(None, None, Problem::Unreadable { reason: error.to_string() })),
            Ok(name) => {
                let columns = Columns { name, class: class.as_ref(), school: school.as_ref(), id: id.as_ref() };
                let mut seen = BTreeMap::new();
                for row in &self.table.rows {
                    match self.pupil(row, &columns) {
                        Ok(pupil) => {
                            self.marks_of(row, pupil, &columns, &subjects, &mut seen, &mut marks, &mut findings);
                        }
                        Err(finding) => findings.push(finding),
                    }
                }
            }
        }
        let pupils: BTreeSet<PersonId> = marks.iter().map(|mark| mark.person).collect();
        MarksPreview {
            rows: self.table.rows.len(),
            pupils: pupils.len(),
            subjects: subjects.into_iter().map(|subject| subject.column.head).collect(),
            marks,
            findings,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one row with everything that it adds to")]
    fn marks_of(
        &self,
        row: &Row,
        pupil: &Pupil,
        columns: &Columns<'_>,
        subjects: &[Subject],
        seen: &mut BTreeMap<(PersonId, String), u32>,
        marks: &mut Vec<NewMark>,
        findings: &mut Vec<Finding>,
    ) {
        for subject in subjects {
            let mut problems = Problems::new();
            let percent = row.number_within(&subject.column, 0.0, 100.0, &mut problems);
            if !problems.is_empty() {
                let problem = Problem::NotAPercent { value: row.text(&subject.column) };
                findings.push(finding(Some(row), Some(&subject.column), problem));
            }
            let Some(percent) = percent else { continue };
            let Some(code) = subject.of_grade.get(&pupil.grade) else {
                let problem =
                    Problem::UnknownSubject { subject: subject.column.head.clone(), known: self.known_subjects() };
                findings.push(finding(Some(row), Some(&subject.column), problem));
                continue;
            };
            if let Some(first) = seen.insert((pupil.person, code.clone()), row.number) {
                let (name, subject_name) = (row.text(columns.name), subject.column.head.clone());
                let problem = Problem::DuplicateMark { name, subject: subject_name, first };
                findings.push(finding(Some(row), Some(&subject.column), problem));
                continue;
            }
            marks.push(NewMark {
                school: pupil.school,
                class: pupil.class,
                person: pupil.person,
                subject: code.clone(),
                percent,
            });
        }
    }

    /// The pupil of a row: by code, else by name in the class.
    fn pupil(&self, row: &Row, columns: &Columns<'_>) -> Result<&Pupil, Finding> {
        let name = row.text(columns.name);
        let class = columns.class.map(|column| row.text(column)).unwrap_or_default();
        let unknown = |nearest: Option<String>| {
            let problem = Problem::UnknownPupil { name: name.clone(), class: class.clone(), nearest };
            finding(Some(row), Some(columns.name), problem)
        };
        if let Some(id) = columns.id.map(|column| row.text(column)).and_then(|text| text.parse::<i64>().ok()) {
            let found = self.pupils.iter().find(|pupil| pupil.person.0 == id);
            return found.ok_or_else(|| unknown(None));
        }
        let school = match columns.school {
            None => self.of_file,
            Some(column) => {
                let written = row.text(column);
                Some(self.school(&written).ok_or_else(|| {
                    finding(Some(row), Some(column), Problem::UnknownSchool { school: written.clone() })
                })?)
            }
        };
        let key = class_key(&class);
        let in_school: Vec<&Pupil> =
            self.pupils.iter().filter(|pupil| school.is_none_or(|school| pupil.school == school)).collect();
        let in_class: Vec<&Pupil> =
            in_school.iter().copied().filter(|pupil| key.is_empty() || pupil.class_key == key).collect();
        if in_class.is_empty() {
            let known: BTreeSet<&str> = in_school.iter().map(|pupil| pupil.class_key.as_str()).collect();
            let known = known.into_iter().take(12).collect::<Vec<_>>().join(", ");
            let problem = Problem::UnknownClass { class, known };
            return Err(finding(Some(row), columns.class, problem));
        }
        let folded = names::folded(&name);
        let named: Vec<&Pupil> = in_class.iter().copied().filter(|pupil| pupil.names.contains(&folded)).collect();
        match named.as_slice() {
            [one] => Ok(one),
            [] => {
                // The same family name is the usual slip: a given name written otherwise.
                let family = folded.split(' ').next().unwrap_or_default();
                let alike = in_class.iter().find(|pupil| pupil.names[0].split(' ').next() == Some(family));
                Err(unknown(alike.map(|pupil| pupil.shown.clone())))
            }
            many => {
                let problem = Problem::AmbiguousPupil { name: name.clone(), class, count: many.len() };
                Err(finding(Some(row), Some(columns.name), problem))
            }
        }
    }

    fn school(&self, written: &str) -> Option<SchoolId> {
        let wanted = written.trim().to_lowercase();
        let fits = |node: &&roster::OrgUnit| {
            let named = Language::ALL.iter().any(|language| {
                [&node.name, &node.short_name].iter().any(|name| name.in_language(*language).to_lowercase() == wanted)
            });
            named || node.code == wanted
        };
        self.tree.schools().find(fits).map(|node| SchoolId(node.id.0))
    }
}

struct Columns<'a> {
    name: &'a TableColumn,
    class: Option<&'a TableColumn>,
    school: Option<&'a TableColumn>,
    id: Option<&'a TableColumn>,
}

/// Keeps a file of marks, all of it or nothing. Marks of the same pupil and subject are replaced.
///
/// # Errors
/// As [`preview_marks`], and [`MonitoringError::Rejected`] with every wrong row.
pub async fn import_marks(
    database: &Database,
    actor: &Actor,
    now: Timestamp,
    campaign: CampaignId,
    file: &MarksFile,
) -> Result<MarksPreview, MonitoringError> {
    access::authorise(actor, Action::ImportResults, &Place { school: file.school, ..Place::default() })?;
    let preview = preview_marks(database, actor, campaign, file).await?;
    if !preview.findings.is_empty() {
        return Err(Rejected::new(preview.findings).into());
    }
    let write = database.write(&By::actor(actor, now), "import term marks").await?;
    load_marks(&write, campaign, &preview.marks).await?;
    write.commit().await?;
    Ok(preview)
}

/// Writes marks as part of a write and brings the sums by class up to date. The caller has authorised.
///
/// # Errors
/// What the database says.
pub async fn load_marks(write: &Write, campaign: CampaignId, marks: &[NewMark]) -> Result<(), StoreError> {
    let mut of_subject: BTreeMap<&str, Vec<&NewMark>> = BTreeMap::new();
    for mark in marks {
        of_subject.entry(&mark.subject).or_default().push(mark);
    }
    for (subject, marks) in &of_subject {
        for some in marks.chunks(500) {
            let ids = some.iter().map(|mark| mark.person.0.to_string()).collect::<Vec<_>>().join(", ");
            let sql = format!("DELETE FROM term_mark WHERE campaign_id = $1 AND subject = $2 AND person_id IN ({ids})");
            write.execute(&sql, [number(campaign.0), text(*subject)]).await?;
        }
    }
    let row = |mark: &NewMark| {
        let ids = [write.next_id(), campaign.0, mark.school.0, mark.class.0, mark.person.0].map(number);
        ids.into_iter().chain([text(&mark.subject), real(mark.percent)]).collect::<Vec<Value>>()
    };
    let rows: Vec<Vec<Value>> = marks.iter().map(row).collect();
    let columns = ["id", "campaign_id", "school_id", "class_id", "person_id", "subject", "percent"];
    write.insert("term_mark", &columns, rows).await?;
    let classes: BTreeSet<i64> = marks.iter().map(|mark| mark.class.0).collect();
    for some in classes.into_iter().collect::<Vec<_>>().chunks(500) {
        let ids = some.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let sql = format!("DELETE FROM term_mark_cell WHERE campaign_id = $1 AND class_id IN ({ids})");
        write.execute(&sql, [number(campaign.0)]).await?;
        let sql = format!(
            "INSERT INTO term_mark_cell (campaign_id, school_id, class_id, subject, n, percent)
             SELECT campaign_id, school_id, class_id, subject, COUNT(*), SUM(percent) FROM term_mark
             WHERE campaign_id = $1 AND class_id IN ({ids}) GROUP BY campaign_id, school_id, class_id, subject"
        );
        write.execute(&sql, [number(campaign.0)]).await?;
    }
    write.record("campaign", campaign.0, None, serde_json::json!({ "term_marks": marks.len() }));
    Ok(())
}
