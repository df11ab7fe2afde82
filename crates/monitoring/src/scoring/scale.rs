//! Calibrating a test and keeping what it came to.

use std::collections::BTreeMap;

use kernel::{CampaignId, TestId};
use packs::ScaleRules;
use store::sea_orm;
use store::{FromQueryResult, Reading, StoreError, Value, Write, number, real, text};

use crate::MonitoringError;
use crate::model::{Calibrated, Calibration, LevelCell, ScaleGather, TaskCalibration, calibrate};

/// A test with its calibration, before it is written.
pub(crate) struct ScaleWork {
    gather: ScaleGather,
    calibrated: Calibrated,
}

/// What statistics of tasks take from the calibration.
pub(crate) struct WrittenScale {
    version: u32,
    tasks: Vec<TaskCalibration>,
}

impl WrittenScale {
    /// A task by its column, with the version.
    pub fn task(&self, column: usize) -> Option<(u32, TaskCalibration)> {
        Some((self.version, self.tasks.get(column)?.clone()))
    }
}

impl ScaleWork {
    /// Calibrates away from the threads that serve pages.
    ///
    /// # Errors
    /// When the work was broken off.
    pub async fn run(gather: ScaleGather, test: &str, rules: &ScaleRules) -> Result<Self, MonitoringError> {
        let (test, rules) = (test.to_owned(), rules.clone());
        let work = move || {
            let calibrated = calibrate(&gather, &test, &rules);
            Self { gather, calibrated }
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| MonitoringError::Interrupted { what: "calibration", reason: error.to_string() })
    }

    /// Replaces scores and cells of the test. The calibration becomes a new version when anything in it differs from the last
    /// one; the same results keep theirs.
    pub async fn write(
        self,
        write: &Write,
        campaign: CampaignId,
        test: TestId,
    ) -> Result<Option<WrittenScale>, MonitoringError> {
        for table in ["scale_score", "scale_cell"] {
            write.execute(&format!("DELETE FROM {table} WHERE test_id = $1"), [number(test.0)]).await?;
        }
        if self.gather.persons().is_empty() {
            return Ok(None);
        }
        let version = version(write, campaign, test, &self.calibrated.calibration, self.gather.persons().len()).await?;
        self.write_scores(write, campaign, test, version).await?;
        let Calibration::Scaled(scaled) = self.calibrated.calibration else { return Ok(None) };
        Ok(Some(WrittenScale { version, tasks: scaled.tasks }))
    }

    async fn write_scores(
        &self,
        write: &Write,
        campaign: CampaignId,
        test: TestId,
        version: u32,
    ) -> Result<(), StoreError> {
        let mut cells: BTreeMap<(i64, i64, &str, i64), LevelCell> = BTreeMap::new();
        let mut rows: Vec<Vec<Value>> = Vec::with_capacity(self.calibrated.scores.len());
        for (person, score) in self.gather.persons().iter().zip(&self.calibrated.scores) {
            let Some(score) = score else { continue };
            let level = i64::try_from(score.level).unwrap_or_default();
            cells.entry((person.school, person.class, person.language.code(), level)).or_default().add(score.points);
            let ids = [person.attempt, campaign.0, test.0, person.school, person.class, i64::from(version)];
            let mut row: Vec<Value> = ids.map(number).into();
            row.extend([score.theta, score.theta_se, score.points, score.points_se].map(real));
            row.push(number(level));
            // Numbers always become JSON.
            row.push(text(serde_json::to_string(&score.probabilities).unwrap_or_default()));
            rows.push(row);
        }
        let columns = [
            "attempt_id",
            "campaign_id",
            "test_id",
            "school_id",
            "class_id",
            "version",
            "theta",
            "theta_se",
            "points",
            "points_se",
            "level",
            "probabilities",
        ];
        write.insert("scale_score", &columns, rows).await?;
        let row = |((school, class, language, level), cell): ((i64, i64, &str, i64), LevelCell)| {
            let mut row: Vec<Value> = [campaign.0, test.0, school, class].map(number).into();
            row.extend([text(language), number(level), number(i64::from(cell.n))]);
            row.extend([cell.points, cell.squares].map(real));
            row
        };
        let columns =
            ["campaign_id", "test_id", "school_id", "class_id", "language", "level", "n", "points", "squares"];
        write.insert("scale_cell", &columns, cells.into_iter().map(row).collect::<Vec<_>>()).await?;
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct VersionRow {
    version: i64,
    model: String,
}

async fn version(
    write: &Write,
    campaign: CampaignId,
    test: TestId,
    calibration: &Calibration,
    n: usize,
) -> Result<u32, MonitoringError> {
    let model =
        serde_json::to_string(calibration).map_err(|source| MonitoringError::Stored { what: "calibration", source })?;
    let sql = "SELECT version, model FROM calibration WHERE test_id = $1 ORDER BY version DESC LIMIT 1";
    let last: Option<VersionRow> = write.row(sql, [number(test.0)]).await?;
    let (last, same) = last.map_or((0, false), |row| (row.version, row.model == model));
    if same {
        return Ok(u32::try_from(last).unwrap_or(u32::MAX));
    }
    let row = vec![
        number(test.0),
        number(last + 1),
        number(campaign.0),
        number(i64::try_from(n).unwrap_or(i64::MAX)),
        number(write.now().as_millisecond()),
        text(model),
    ];
    write.insert("calibration", &["test_id", "version", "campaign_id", "n", "made_at", "model"], [row]).await?;
    Ok(u32::try_from(last + 1).unwrap_or(u32::MAX))
}
