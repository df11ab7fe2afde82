//! Tests, who sat them, what came out.

use delivery::model::Campaign;
use delivery::{LiveFilter, LiveState};
use kernel::{AttemptId, ClassId, PersonId, SchoolId, TestId};
use monitoring::model::{ItemStatus, TestStatistics};
use monitoring::query::{ResultLine, form_statistics, mark_lines, result_lines};
use roster::OrgTree;
use serde_json::{Value, json};

use super::{Export, ExportError, id, texts};

/// Attempts read at once.
const PART: u32 = 20_000;

fn moment(milliseconds: Option<i64>) -> Value {
    let time = milliseconds.and_then(|milliseconds| kernel::Timestamp::from_millisecond(milliseconds).ok());
    time.map_or(Value::Null, |time| json!(time.to_string()))
}

const fn status(status: ItemStatus) -> &'static str {
    match status {
        ItemStatus::Correct => "correct",
        ItemStatus::Partial => "partial",
        ItemStatus::Incorrect => "incorrect",
        ItemStatus::Skipped => "skipped",
        ItemStatus::NotReached => "not-reached",
    }
}

/// Whose attempt at what it is: the first columns of attempts and of results.
const OF_ATTEMPT: [&str; 6] = ["campaign", "test", "attempt_id", "person_id", "school", "class_id"];

/// The cells of [`OF_ATTEMPT`].
fn of_attempt(
    campaign: &Campaign,
    tree: &OrgTree,
    test: TestId,
    attempt: AttemptId,
    (person, school, class): (PersonId, SchoolId, ClassId),
) -> [Value; 6] {
    [
        json!(campaign.code),
        json!(campaign.test(test).map(|test| &test.code)),
        id(attempt),
        id(person),
        json!(tree.school(school).map(|unit| &unit.code)),
        id(class),
    ]
}

impl Export<'_> {
    pub(super) async fn tests(&mut self, campaigns: &[Campaign]) -> Result<(), ExportError> {
        let mut tests = self.begin(
            "tests",
            &[
                "campaign", "test", "name_kk", "name_ru", "name_en", "subject", "grade", "held_on", "tasks", "minutes",
                "language", "n", "mean", "maximum", "sd", "alpha", "sem",
            ],
        )?;
        let mut items = self.begin(
            "items",
            &[
                "campaign",
                "test",
                "language",
                "position",
                "section_kk",
                "section_ru",
                "topic_kk",
                "topic_ru",
                "criterion_kk",
                "criterion_ru",
                "n",
                "maximum",
                "facility",
                "item_rest",
                "item_total",
                "alpha_if_deleted",
                "upper_lower",
                "skipped",
                "not_reached",
            ],
        )?;
        for campaign in campaigns {
            let forms = form_statistics(self.database, &self.actor, campaign.id, None).await?;
            for test in &campaign.tests {
                let [kk, ru, en] = texts(&test.name);
                let head = [
                    json!(campaign.code),
                    json!(test.code),
                    kk,
                    ru,
                    en,
                    json!(test.subject),
                    json!(test.grade),
                    json!(test.held_on),
                    json!(test.item_count),
                    json!(test.minutes),
                ];
                for (language, form) in &test.forms {
                    let form = forms.iter().find(|known| known.form == *form && known.test == test.id);
                    let number =
                        |value: fn(&TestStatistics) -> Option<f64>| json!(form.and_then(|form| value(&form.whole)));
                    let statistics = [
                        json!(language),
                        json!(form.map(|form| form.whole.n)),
                        number(|whole| Some(whole.mean)),
                        number(|whole| Some(whole.maximum)),
                        number(|whole| whole.sd),
                        number(|whole| whole.alpha),
                        number(|whole| whole.sem),
                    ];
                    self.row(&mut tests, &[&head[..], &statistics].concat())?;
                    for task in form.into_iter().flat_map(|form| &form.tasks) {
                        let [section, topic, criterion] = task.texts.each_ref().map(texts);
                        let item = &task.statistics;
                        let mut row =
                            vec![json!(campaign.code), json!(test.code), json!(language), json!(item.position)];
                        row.extend([section, topic, criterion].into_iter().flat_map(|[kk, ru, _]| [kk, ru]));
                        row.push(json!(item.n));
                        row.push(json!(item.maximum));
                        let numbers =
                            [item.facility, item.item_rest, item.item_total, item.alpha_if_deleted, item.upper_lower];
                        row.extend(numbers.map(|number| json!(number)));
                        row.extend([json!(item.skipped), json!(item.not_reached)]);
                        self.row(&mut items, &row)?;
                    }
                }
            }
        }
        self.finish(tests)?;
        self.finish(items)
    }

    pub(super) async fn attempts(&mut self, campaigns: &[Campaign]) -> Result<(), ExportError> {
        let tree = roster::org_tree(self.database).await?;
        let mut table = self.begin(
            "attempts",
            &[
                &OF_ATTEMPT[..],
                &[
                    "state",
                    "absence_reason",
                    "started_at",
                    "finished_at",
                    "receipt",
                    "tasks",
                    "answered",
                    "skipped",
                    "late",
                    "reopened",
                ],
            ]
            .concat(),
        )?;
        for campaign in campaigns {
            let mut filter = LiveFilter { campaign: Some(campaign.id), limit: PART, ..LiveFilter::default() };
            loop {
                let (rows, _) =
                    delivery::live_list(self.database, &self.actor, &filter, kernel::Timestamp::UNIX_EPOCH).await?;
                for row in &rows {
                    let (state, reason, finished, receipt) = match &row.state {
                        LiveState::NotStarted => ("not-started", None, None, None),
                        LiveState::Absent { reason } => ("absent", Some(reason), None, None),
                        LiveState::Working { .. } => ("working", None, None, None),
                        LiveState::Finished { at, receipt } => ("finished", None, Some(*at), Some(receipt)),
                    };
                    let whose = (row.person, row.school, row.class);
                    let values = [
                        json!(state),
                        json!(reason),
                        moment(row.started_at),
                        moment(finished),
                        json!(receipt),
                        json!(row.item_count),
                        json!(row.answered),
                        json!(row.skipped),
                        json!(row.late),
                        json!(row.reopened),
                    ];
                    let head = of_attempt(campaign, &tree, row.test, row.attempt, whose);
                    self.row(&mut table, &[&head[..], &values].concat())?;
                }
                if rows.len() < PART as usize {
                    break;
                }
                filter.offset += PART;
            }
        }
        self.finish(table)
    }

    pub(super) async fn results(&mut self, campaigns: &[Campaign]) -> Result<(), ExportError> {
        let tree = roster::org_tree(self.database).await?;
        let mut table = self.begin(
            "results",
            &[
                &OF_ATTEMPT[..],
                &[
                    "language",
                    "score",
                    "maximum",
                    "correct",
                    "incorrect",
                    "skipped",
                    "not_reached",
                    "class_place",
                    "class_took_part",
                    "parallel_place",
                    "parallel_took_part",
                ],
            ]
            .concat(),
        )?;
        for (campaign, test) in campaigns.iter().flat_map(|all| all.tests.iter().map(move |test| (all, test))) {
            for line in result_lines(self.database, &self.actor, test.id).await? {
                let ResultLine { counts, class_place, parallel_place, .. } = line;
                let whose = (line.person, line.school, line.class);
                let head = of_attempt(campaign, &tree, test.id, line.attempt, whose);
                let score = [json!(line.language), json!(line.score), json!(line.maximum)];
                let places = [class_place.place, class_place.of, parallel_place.place, parallel_place.of];
                let (counts, places) = (counts.map(|count| json!(count)), places.map(|place| json!(place)));
                let row = [&head[..], &score, &counts, &places].concat();
                self.row(&mut table, &row)?;
            }
        }
        self.finish(table)
    }

    pub(super) async fn responses(&mut self, campaigns: &[Campaign]) -> Result<(), ExportError> {
        let columns =
            &["campaign", "test", "attempt_id", "person_id", "position", "choice", "status", "points", "seconds"];
        let mut table = self.begin("responses", columns)?;
        for (campaign, test) in campaigns.iter().flat_map(|all| all.tests.iter().map(move |test| (all, test))) {
            for line in result_lines(self.database, &self.actor, test.id).await? {
                let head = [json!(campaign.code), json!(test.code), id(line.attempt), id(line.person)];
                for answer in &line.answers {
                    let values = [
                        json!(answer.position),
                        json!(answer.choice),
                        json!(status(answer.status)),
                        json!(answer.score.value()),
                        json!(answer.seconds),
                    ];
                    self.row(&mut table, &[&head[..], &values].concat())?;
                }
            }
        }
        self.finish(table)
    }

    pub(super) async fn marks(&mut self, campaigns: &[Campaign]) -> Result<(), ExportError> {
        let tree = roster::org_tree(self.database).await?;
        let columns = &["campaign", "person_id", "school", "class_id", "subject", "percent"];
        let mut table = self.begin("term_marks", columns)?;
        for campaign in campaigns {
            for mark in mark_lines(self.database, &self.actor, campaign.id).await? {
                let row = [
                    json!(campaign.code),
                    id(mark.person),
                    json!(tree.school(mark.school).map(|unit| &unit.code)),
                    id(mark.class),
                    json!(mark.subject),
                    json!(mark.percent),
                ];
                self.row(&mut table, &row)?;
            }
        }
        self.finish(table)
    }
}
