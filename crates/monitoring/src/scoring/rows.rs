//! Results as they lie in the table.

use kernel::AttemptId;
use store::sea_orm;
use store::{FromQueryResult, Value, Write, number, real, text};

use crate::MonitoringError;
use crate::model::{ItemOutcome, Outcome, Place, Points, Standings};

/// A row of `result`.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub(crate) struct ResultRow {
    pub attempt_id: i64,
    pub campaign_id: i64,
    pub test_id: i64,
    pub form_id: i64,
    pub school_id: i64,
    pub class_id: i64,
    pub person_id: i64,
    pub language: String,
    pub correct: i64,
    pub incorrect: i64,
    pub skipped: i64,
    pub not_reached: i64,
    pub score: f64,
    pub max_score: f64,
    pub responses: String,
    pub class_place: i64,
    pub class_count: i64,
    pub parallel_place: i64,
    pub parallel_count: i64,
}

pub(crate) const RESULT_NAMES: [&str; 19] = [
    "attempt_id",
    "campaign_id",
    "test_id",
    "form_id",
    "school_id",
    "class_id",
    "person_id",
    "language",
    "correct",
    "incorrect",
    "skipped",
    "not_reached",
    "score",
    "max_score",
    "responses",
    "class_place",
    "class_count",
    "parallel_place",
    "parallel_count",
];

/// A place as it lies in the table.
pub(crate) fn stored_place(place: i64, of: i64) -> Place {
    let count = |value: i64| u32::try_from(value).unwrap_or(0);
    Place { place: count(place), of: count(of) }
}

impl ResultRow {
    /// The pupil's two places.
    pub fn standings(&self) -> Standings {
        Standings {
            class: stored_place(self.class_place, self.class_count),
            parallel: stored_place(self.parallel_place, self.parallel_count),
        }
    }

    pub fn values(self) -> Vec<Value> {
        let mut row: Vec<Value> = [
            self.attempt_id,
            self.campaign_id,
            self.test_id,
            self.form_id,
            self.school_id,
            self.class_id,
            self.person_id,
        ]
        .map(number)
        .into();
        row.push(text(self.language));
        row.extend([self.correct, self.incorrect, self.skipped, self.not_reached].map(number));
        row.extend([self.score, self.max_score].map(real));
        row.push(text(self.responses));
        row.extend([self.class_place, self.class_count, self.parallel_place, self.parallel_count].map(number));
        row
    }
}

/// The answers of a stored result.
pub(crate) fn read_responses(stored: &str) -> Result<Vec<ItemOutcome>, MonitoringError> {
    serde_json::from_str(stored).map_err(|source| MonitoringError::Stored { what: "responses", source })
}

/// The answers of an attempt that was not sat here.
#[derive(Debug, Clone, PartialEq)]
pub struct NewResult {
    /// The attempt; it must be finished and have no answer log.
    pub attempt: AttemptId,
    /// One for each item of its form, in order.
    pub answers: Vec<ItemOutcome>,
    /// Highest possible score.
    pub maximum: Points,
}

/// Brings in the answers of tests that have results only, as part of a write. Places, cells and statistics come with the
/// next [`crate::score_campaign`]; until then places are 0.
///
/// # Errors
/// What the database says: an attempt that is not there, a result that is there already.
pub async fn load_results(write: &Write, results: &[NewResult]) -> Result<(), MonitoringError> {
    #[derive(FromQueryResult)]
    struct AttemptRow {
        id: i64,
        campaign_id: i64,
        test_id: i64,
        form_id: i64,
        school_id: i64,
        class_id: i64,
        person_id: i64,
        language: String,
    }
    use store::Reading;
    for some in results.chunks(500) {
        let ids = some.iter().map(|result| result.attempt.0.to_string()).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT id, campaign_id, test_id, form_id, school_id, class_id, person_id, language FROM attempt
             WHERE id IN ({ids})"
        );
        let attempts: std::collections::BTreeMap<i64, AttemptRow> =
            write.rows::<AttemptRow>(&sql, []).await?.into_iter().map(|row| (row.id, row)).collect();
        let mut rows = Vec::with_capacity(some.len());
        for result in some {
            let attempt = attempts.get(&result.attempt.0).ok_or(MonitoringError::NoAnswers(result.attempt))?;
            let outcome = Outcome::of(&result.answers);
            let row = ResultRow {
                attempt_id: attempt.id,
                campaign_id: attempt.campaign_id,
                test_id: attempt.test_id,
                form_id: attempt.form_id,
                school_id: attempt.school_id,
                class_id: attempt.class_id,
                person_id: attempt.person_id,
                language: attempt.language.clone(),
                correct: i64::from(outcome.correct),
                incorrect: i64::from(outcome.incorrect),
                skipped: i64::from(outcome.skipped),
                not_reached: i64::from(outcome.not_reached),
                score: outcome.score.value(),
                max_score: result.maximum.value(),
                responses: responses_text(&result.answers),
                class_place: 0,
                class_count: 0,
                parallel_place: 0,
                parallel_count: 0,
            };
            rows.push(row.values());
        }
        write.insert("result", &RESULT_NAMES, rows).await?;
    }
    write.record("result", 0, None, serde_json::json!({ "results": results.len() }));
    Ok(())
}

pub(crate) fn responses_text(answers: &[ItemOutcome]) -> String {
    // Numbers, words and texts always become JSON.
    serde_json::to_string(answers).unwrap_or_default()
}
