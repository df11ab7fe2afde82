//! All documents of a campaign in a folder: every pupil's, class's and school's report, the presentation, the workbook.
//!
//! Documents of one class are made together on all cores and written before the next class is read, so memory does not
//! grow with the campaign. A folder that was left half-way is finished, not begun again: what is there stays, as long as
//! the results are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use documents::report::{CampaignPresentation, ClassReport, IndividualReport, SchoolReport};
use kernel::{Action, Actor, CampaignId, ClassId, Language, Place, SchoolId, TestId};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use store::{Database, Reading, StoreError, number};
use store::{FromQueryResult, sea_orm};

use crate::model::Settings;
use crate::query::{campaign_findings, campaign_summary, class_tests, form_statistics, school_findings};
use crate::report::{
    TestContext, build_class, build_individual, build_presentation, build_school, build_workbook, class_results,
};
use crate::{MonitoringError, Watch};

/// Makes files of documents. The renderer of `documents` is one with the feature `pdf`; a test may bring its own.
pub trait Typeset: Send + Sync {
    /// The ending of the files, without the dot.
    fn ending(&self) -> &'static str;
    /// A pupil's report.
    fn individual(&self, report: &IndividualReport) -> Result<Vec<u8>, String>;
    /// A class's report.
    fn class(&self, report: &ClassReport) -> Result<Vec<u8>, String>;
    /// A school's report.
    fn school(&self, report: &SchoolReport) -> Result<Vec<u8>, String>;
    /// The campaign's presentation.
    fn presentation(&self, report: &CampaignPresentation) -> Result<Vec<u8>, String>;
}

#[cfg(feature = "pdf")]
impl Typeset for documents::Renderer {
    fn ending(&self) -> &'static str {
        "pdf"
    }

    fn individual(&self, report: &IndividualReport) -> Result<Vec<u8>, String> {
        self.render(report).map(|pdf| pdf.bytes).map_err(|error| error.to_string())
    }

    fn class(&self, report: &ClassReport) -> Result<Vec<u8>, String> {
        self.render(report).map(|pdf| pdf.bytes).map_err(|error| error.to_string())
    }

    fn school(&self, report: &SchoolReport) -> Result<Vec<u8>, String> {
        self.render(report).map(|pdf| pdf.bytes).map_err(|error| error.to_string())
    }

    fn presentation(&self, report: &CampaignPresentation) -> Result<Vec<u8>, String> {
        self.render(report).map(|pdf| pdf.bytes).map_err(|error| error.to_string())
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Pupils' reports made now.
    pub individual: u64,
    /// Class reports made now.
    pub classes: u64,
    /// School reports made now.
    pub schools: u64,
    /// Documents that were there already.
    pub kept: u64,
}

/// Name of the file that says for which results a folder holds documents.
const MARK: &str = ".zerek-results";
/// The file that is written last.
const LAST: &str = "campaign.xlsx";

/// Writes every document of a campaign below `folder`: `campaign.pdf`, `campaign.xlsx`, and for each school a folder with
/// `school.pdf` and a folder for each class and test. Pupils' and classes' documents are in the class's language of
/// instruction, the others in `language`.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees all results of the network; [`MonitoringError::NoCampaign`];
/// [`MonitoringError::File`] and [`MonitoringError::Document`] with the name of the file. What was written stays.
#[expect(clippy::too_many_arguments, reason = "what, whose, where, how: each once")]
pub async fn publish_campaign(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    folder: &Path,
    language: Language,
    typeset: &Arc<dyn Typeset>,
    settings: &Settings,
    watch: &Watch<'_>,
) -> Result<Published, MonitoringError> {
    access::authorise(actor, Action::SeeResults, &Place::default())?;
    access::authorise(actor, Action::SeeSummaries, &Place::default())?;
    let summary =
        campaign_summary(database, actor, campaign, settings).await?.ok_or(MonitoringError::NoCampaign(campaign))?;
    let classes = class_tests(database, actor, campaign, None, None).await?;
    let keep = same_results(database, campaign, folder).await?;
    let mut files = Files { typeset: Arc::clone(typeset), keep, published: Published::default() };
    let schools: BTreeSet<SchoolId> = classes.iter().map(|class| class.school).collect();
    let total = classes.iter().map(|class| u64::from(class.mean.n) + 1).sum::<u64>() + schools.len() as u64 + 2;
    let mut done = 0;
    let mut by_test: BTreeMap<TestId, Vec<(SchoolId, ClassId, String)>> = BTreeMap::new();
    for class in &classes {
        let of_class = folder.join(school_folder(&summary.tree, class.school)).join(class_folder(class));
        let path = of_class.to_string_lossy().into_owned();
        let places = by_test.entry(class.test).or_default();
        if !places.iter().any(|(_, known, _)| *known == class.class) {
            places.push((class.school, class.class, path));
        }
    }
    for (test, places) in by_test {
        let loaded =
            TestContext::load(database, Arc::clone(&summary.campaign), test, Arc::clone(&summary.tree)).await?;
        let Some(context) = loaded.map(Arc::new) else { continue };
        for (_, class, path) in places {
            let Some(results) = class_results(database, &context, class).await? else { continue };
            done += results.pupils.len() as u64 + 1;
            let own = results.class.language;
            let work = ClassWork {
                context: Arc::clone(&context),
                results,
                language: own,
                settings: settings.clone(),
                folder: PathBuf::from(path).join(plain(&context.test.code)),
            };
            files.class(work).await?;
            watch.tell(done, total).await?;
        }
    }
    for school in schools {
        let findings = school_findings(database, actor, &summary.campaign, school, language, settings).await?;
        let report = build_school(&summary, school, &findings, &classes, language, settings);
        let path = folder.join(school_folder(&summary.tree, school)).join(format!("school.{}", files.typeset.ending()));
        files.one(&path, |typeset| typeset.school(&report))?;
        files.published.schools += 1;
        done += 1;
        watch.tell(done, total).await?;
    }
    let findings = campaign_findings(database, actor, &summary.campaign, language, settings).await?;
    let report = build_presentation(&summary, &findings, language, settings);
    let path = folder.join(format!("campaign.{}", files.typeset.ending()));
    files.one(&path, |typeset| typeset.presentation(&report))?;
    let forms = form_statistics(database, actor, campaign, None).await?;
    let bytes = build_workbook(&summary, &classes, &forms, language, settings)?;
    write_file(&folder.join(LAST), &bytes)?;
    watch.tell(total, total).await?;
    Ok(files.published)
}

struct Files {
    typeset: Arc<dyn Typeset>,
    keep: bool,
    published: Published,
}

struct ClassWork {
    context: Arc<TestContext>,
    results: crate::report::ClassResults,
    language: Language,
    settings: Settings,
    folder: PathBuf,
}

impl Files {
    /// One class: its report and those of its pupils, on all cores, away from the threads that serve pages.
    async fn class(&mut self, work: ClassWork) -> Result<(), MonitoringError> {
        let (typeset, keep) = (Arc::clone(&self.typeset), self.keep);
        let task = tokio::task::spawn_blocking(move || make_class(&work, &*typeset, keep));
        let made = task
            .await
            .map_err(|error| MonitoringError::Document { name: "class".to_owned(), reason: error.to_string() })??;
        self.published.individual += made.individual;
        self.published.classes += made.classes;
        self.published.kept += made.kept;
        Ok(())
    }

    fn one(
        &mut self,
        path: &Path,
        make: impl FnOnce(&dyn Typeset) -> Result<Vec<u8>, String>,
    ) -> Result<(), MonitoringError> {
        let bytes = make(&*self.typeset).map_err(|reason| document_error(path, reason))?;
        write_file(path, &bytes)
    }
}

fn document_error(path: &Path, reason: String) -> MonitoringError {
    MonitoringError::Document { name: path.display().to_string(), reason }
}

fn make_class(work: &ClassWork, typeset: &dyn Typeset, keep: bool) -> Result<Published, MonitoringError> {
    let ClassWork { context, results, language, settings, folder } = work;
    let ending = typeset.ending();
    let made = (0..=results.pupils.len())
        .into_par_iter()
        .map(|index| {
            let path = match index.checked_sub(1).map(|pupil| &results.pupils[pupil]) {
                None => folder.join(format!("class.{ending}")),
                Some(pupil) => folder.join(format!("{index:02} {}.{ending}", plain(&pupil.name.short()))),
            };
            if keep && path.exists() {
                return Ok(Published { kept: 1, ..Published::default() });
            }
            let (bytes, counted) = match index.checked_sub(1).map(|pupil| &results.pupils[pupil]) {
                None => {
                    let report = build_class(context, results, *language, settings);
                    (typeset.class(&report), Published { classes: 1, ..Published::default() })
                }
                Some(pupil) => {
                    let report = build_individual(context, results, pupil, *language, settings);
                    (typeset.individual(&report), Published { individual: 1, ..Published::default() })
                }
            };
            let bytes = bytes.map_err(|reason| document_error(&path, reason))?;
            write_file(&path, &bytes)?;
            Ok(counted)
        })
        .collect::<Result<Vec<Published>, MonitoringError>>()?;
    let sum = |all: Published, one: Published| Published {
        individual: all.individual + one.individual,
        classes: all.classes + one.classes,
        schools: all.schools + one.schools,
        kept: all.kept + one.kept,
    };
    Ok(made.into_iter().fold(Published::default(), sum))
}

/// Whole or not at all: first beside its place, then moved there.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), MonitoringError> {
    let error = |source| MonitoringError::File { path: path.display().to_string(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(error)?;
    }
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes).map_err(error)?;
    std::fs::rename(&beside, path).map_err(error)
}

#[derive(FromQueryResult)]
struct FingerprintRow {
    n: i64,
    score: Option<f64>,
    places: Option<i64>,
}

/// What tells the results of a campaign from others.
async fn mark(database: &Database, campaign: CampaignId) -> Result<String, MonitoringError> {
    let sql = "SELECT COUNT(*) AS n, SUM(score) AS score,
                      CAST(SUM(class_place * 31 + parallel_place * 17 + correct * 7 + skipped) AS bigint) AS places
               FROM result WHERE campaign_id = $1";
    let row: Option<FingerprintRow> = database.read().row(sql, [number(campaign.0)]).await?;
    Ok(row.map_or_else(String::new, |row| format!("{campaign} {} {:?} {:?}\n", row.n, row.score, row.places)))
}

/// Whether the folder holds documents of the same results; if not, it is marked for these ones and everything is made anew.
async fn same_results(database: &Database, campaign: CampaignId, folder: &Path) -> Result<bool, MonitoringError> {
    let (found, path) = (mark(database, campaign).await?, folder.join(MARK));
    if std::fs::read_to_string(&path).is_ok_and(|mark| mark == found) {
        return Ok(true);
    }
    // The workbook is written last: without it the folder is not finished.
    let last = folder.join(LAST);
    if last.exists() {
        std::fs::remove_file(&last)
            .map_err(|source| MonitoringError::File { path: last.display().to_string(), source })?;
    }
    write_file(&path, found.as_bytes())?;
    Ok(false)
}

/// Where the documents of a campaign are kept.
///
/// # Errors
/// Never for an id.
pub fn reports_folder(database: &Database, campaign: CampaignId) -> Result<PathBuf, StoreError> {
    database.files().path(&format!("documents/reports/{campaign}"))
}

/// The folder with every document of a school; `None` while those of the campaign's present results are not all made.
///
/// # Errors
/// [`MonitoringError::Denied`] unless the actor sees all results of the school.
pub async fn school_documents(
    database: &Database,
    actor: &Actor,
    campaign: CampaignId,
    school: SchoolId,
) -> Result<Option<PathBuf>, MonitoringError> {
    let place = Place { school: Some(school), ..Place::default() };
    access::authorise(actor, Action::SeeResults, &place)?;
    access::authorise(actor, Action::SeeSummaries, &place)?;
    let folder = reports_folder(database, campaign)?;
    if !folder.join(LAST).exists() {
        return Ok(None);
    }
    let found = mark(database, campaign).await?;
    if !std::fs::read_to_string(folder.join(MARK)).is_ok_and(|mark| mark == found) {
        return Ok(None);
    }
    let of_school = folder.join(school_folder(&roster::org_tree(database).await?, school));
    Ok(of_school.is_dir().then_some(of_school))
}

fn school_folder(tree: &roster::OrgTree, school: SchoolId) -> String {
    tree.school(school).map_or_else(|| school.to_string(), |node| plain(&node.code))
}

/// Two classes of one name (a grade in another language) differ by id.
fn class_folder(class: &crate::query::ClassTest) -> String {
    plain(&format!("{} {} {}", class.grade, class.letter, class.class.0 % 10_000))
}

/// A name that every file system takes: letters, digits, spaces, dashes.
fn plain(name: &str) -> String {
    let kept: String =
        name.chars().map(|sign| if sign.is_alphanumeric() || " -_№".contains(sign) { sign } else { '_' }).collect();
    let kept: String = kept.trim().chars().take(60).collect();
    if kept.is_empty() { "_".to_owned() } else { kept }
}
