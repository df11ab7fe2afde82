//! The results of one test in one school, written together.

use std::collections::BTreeMap;

use kernel::{CampaignId, FormId, Language, SchoolId, TestId};
use store::{StoreError, Value, Write, number, real, text};

use super::rows::{RESULT_NAMES, ResultRow, responses_text};
use crate::model::{Cell, ItemOutcome, ItemStatus, Outcome, Points, ScalePerson, places_within};

/// A finished attempt with its answers.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub attempt: i64,
    pub form: FormId,
    pub class: i64,
    pub person: i64,
    pub language: String,
    pub answers: Vec<ItemOutcome>,
    pub maximum: Points,
}

impl Taken {
    /// Whose result it is, for the scale.
    pub fn on_scale(&self, school: SchoolId) -> ScalePerson {
        // The language was written from the same type.
        let language = self.language.parse().unwrap_or(Language::Kk);
        ScalePerson { attempt: self.attempt, school: school.0, class: self.class, language }
    }
}

#[derive(Default)]
struct ClassCell {
    cell: Cell,
    lowest: f64,
    highest: f64,
}

#[derive(Default, Clone, Copy)]
struct ItemCell {
    n: i64,
    correct: i64,
    incorrect: i64,
    skipped: i64,
    not_reached: i64,
    score: Points,
    maximum: Points,
}

/// Replaces everything that is known about a test in a school. The same attempts give the same rows.
pub(crate) async fn write_school(
    write: &Write,
    campaign: CampaignId,
    test: TestId,
    school: SchoolId,
    taken: &[Taken],
    maxima: &BTreeMap<FormId, Vec<Points>>,
) -> Result<(), StoreError> {
    for table in ["result", "result_cell", "item_cell"] {
        let sql = format!("DELETE FROM {table} WHERE test_id = $1 AND school_id = $2");
        write.execute(&sql, [number(test.0), number(school.0)]).await?;
    }
    let outcomes: Vec<Outcome> = taken.iter().map(|one| Outcome::of(&one.answers)).collect();
    // Forms of one test may differ in their highest score; places compare shares of it.
    let same = taken.windows(2).all(|pair| pair[0].maximum == pair[1].maximum);
    let share = |one: &Taken, outcome: &Outcome| {
        if same { outcome.score.value() } else { outcome.score.value() / one.maximum.value() }
    };
    let scores: Vec<(i64, f64)> =
        taken.iter().zip(&outcomes).map(|(one, outcome)| (one.class, share(one, outcome))).collect();
    let standings = places_within(&scores);
    let mut cells: BTreeMap<(i64, &str), ClassCell> = BTreeMap::new();
    let mut item_cells: BTreeMap<(i64, FormId, u32), ItemCell> = BTreeMap::new();
    let mut rows = Vec::with_capacity(taken.len());
    for ((one, outcome), standing) in taken.iter().zip(&outcomes).zip(&standings) {
        let (score, maximum) = (outcome.score.value(), one.maximum.value());
        let class = cells.entry((one.class, &one.language)).or_default();
        (class.lowest, class.highest) = match class.cell.n {
            0 => (score, score),
            _ => (class.lowest.min(score), class.highest.max(score)),
        };
        class.cell.add(&Cell::one(score, maximum));
        for answer in &one.answers {
            let cell = item_cells.entry((one.class, one.form, answer.position)).or_default();
            cell.n += 1;
            *match answer.status {
                ItemStatus::Correct => &mut cell.correct,
                ItemStatus::Partial | ItemStatus::Incorrect => &mut cell.incorrect,
                ItemStatus::Skipped => &mut cell.skipped,
                ItemStatus::NotReached => &mut cell.not_reached,
            } += 1;
            cell.score = cell.score + answer.score;
            let of_form = maxima.get(&one.form);
            cell.maximum = of_form
                .and_then(|maxima| maxima.get(answer.position as usize - 1))
                .copied()
                .unwrap_or(Points::whole(1));
        }
        let row = ResultRow {
            attempt_id: one.attempt,
            campaign_id: campaign.0,
            test_id: test.0,
            form_id: one.form.0,
            school_id: school.0,
            class_id: one.class,
            person_id: one.person,
            language: one.language.clone(),
            correct: i64::from(outcome.correct),
            incorrect: i64::from(outcome.incorrect),
            skipped: i64::from(outcome.skipped),
            not_reached: i64::from(outcome.not_reached),
            score,
            max_score: maximum,
            responses: responses_text(&one.answers),
            class_place: i64::from(standing.class.place),
            class_count: i64::from(standing.class.of),
            parallel_place: i64::from(standing.parallel.place),
            parallel_count: i64::from(standing.parallel.of),
        };
        rows.push(row.values());
    }
    write.insert("result", &RESULT_NAMES, rows).await?;
    let of_test = [campaign.0, test.0, school.0];
    let cell_row = |((class, language), kept): ((i64, &str), ClassCell)| {
        let Cell { n, score, score_squares, max_score } = kept.cell;
        let mut row: Vec<Value> = of_test.map(number).into();
        row.extend([number(class), text(language), number(i64::from(n))]);
        row.extend([score, score_squares, max_score, kept.lowest, kept.highest].map(real));
        row
    };
    let rows: Vec<Vec<Value>> = cells.into_iter().map(cell_row).collect();
    let columns = [
        "campaign_id",
        "test_id",
        "school_id",
        "class_id",
        "language",
        "n",
        "score",
        "score_squares",
        "max_score",
        "lowest",
        "highest",
    ];
    write.insert("result_cell", &columns, rows).await?;
    let cell_row = |((class, form, position), cell): ((i64, FormId, u32), ItemCell)| {
        let mut row: Vec<Value> = of_test.map(number).into();
        row.extend([class, form.0, i64::from(position), cell.n].map(number));
        row.extend([cell.correct, cell.incorrect, cell.skipped, cell.not_reached].map(number));
        row.extend([real(cell.score.value()), real(cell.maximum.value())]);
        row
    };
    let rows: Vec<Vec<Value>> = item_cells.into_iter().map(cell_row).collect();
    let columns = [
        "campaign_id",
        "test_id",
        "school_id",
        "class_id",
        "form_id",
        "position",
        "n",
        "correct",
        "incorrect",
        "skipped",
        "not_reached",
        "score",
        "max_score",
    ];
    write.insert("item_cell", &columns, rows).await?;
    Ok(())
}
