//! Group commit: one task gathers the answers that wait and writes them together.
//!
//! A commit that reaches the disk costs the same for one answer and for two hundred. While one is under way the next
//! answers gather; nobody waits for a timer.

use ::store::{By, Database, StoreError};
use kernel::{AttemptId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::model::{Acknowledgement, AttemptState, Command, Policy, Refusal};
use crate::store::{LogStoreError, Order, States, carry_out};

/// At most so many orders in one transaction.
const BATCH: usize = 400;
/// At most so many orders wait; whoever comes then waits before the queue.
const QUEUE: usize = 20_000;
/// How often a batch begins again when another node added to the same logs.
const TRIES: usize = 5;

/// What the sender of an order hears once it is on disk.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The acknowledgement or why there is none.
    pub reply: Result<Acknowledgement, Refusal>,
    /// The attempt after it.
    pub state: AttemptState,
}

/// Nothing can be said about the order: it was not written. Sending it again is right and does no harm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSaved {
    /// The database could not take it now.
    #[error("the answer could not be saved: {0}")]
    Database(String),
    /// The attempt is not there.
    #[error("there is no attempt {0}")]
    NoAttempt(AttemptId),
    /// The log of the attempt is broken; nothing can be added to it.
    #[error("{0}")]
    Broken(String),
    /// The program is stopping.
    #[error("the program is stopping")]
    Stopping,
}

struct Waiting {
    order: Order,
    reply: oneshot::Sender<Result<Answered, NotSaved>>,
}

/// The way to the task that writes answers. Cloning is cheap; the task ends when the last clone is gone and the queue is
/// empty.
#[derive(Debug, Clone)]
pub struct AnswerWriter(mpsc::Sender<Waiting>);

impl AnswerWriter {
    /// Starts the task on the current run time.
    pub fn start(database: Database, policy: Policy) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(run(database, policy, receiver));
        Self(sender)
    }

    /// Carries out a command on an attempt, and comes back when it is on disk or refused. `at` is the time of arrival.
    ///
    /// # Errors
    /// [`NotSaved`]: nothing was written.
    pub async fn submit(&self, attempt: AttemptId, command: Command, at: Timestamp) -> Result<Answered, NotSaved> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { order: Order { attempt, command, at }, reply };
        self.0.send(waiting).await.map_err(|_gone| NotSaved::Stopping)?;
        answer.await.unwrap_or(Err(NotSaved::Stopping))
    }
}

async fn run(database: Database, policy: Policy, mut receiver: mpsc::Receiver<Waiting>) {
    let (mut states, mut waiting) = (States::default(), Vec::with_capacity(BATCH));
    while receiver.recv_many(&mut waiting, BATCH).await > 0 {
        let (orders, replies): (Vec<Order>, Vec<_>) =
            waiting.drain(..).map(|Waiting { order, reply }| (order, reply)).unzip();
        let outcomes = write_batch(&database, &mut states, &orders, &policy).await;
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            // A sender that went away in the meantime will ask again and be told that it is there.
            let _ = reply.send(outcome);
        }
    }
}

type Outcomes = Vec<Result<Answered, NotSaved>>;

async fn write_batch(database: &Database, states: &mut States, orders: &[Order], policy: &Policy) -> Outcomes {
    let error = match try_often(database, states, orders, policy).await {
        Ok(outcomes) => return outcomes,
        Err(error) if orders.len() == 1 => return vec![not_saved(&error)],
        Err(error) => error,
    };
    // One order that the database refuses must not take the others with it.
    tracing::warn!(%error, orders = orders.len(), "a batch failed; its answers are written one by one");
    let mut outcomes = Vec::with_capacity(orders.len());
    for order in orders {
        match try_often(database, states, std::slice::from_ref(order), policy).await {
            Ok(outcome) => outcomes.extend(outcome),
            Err(error) => outcomes.push(not_saved(&error)),
        }
    }
    outcomes
}

fn not_saved(error: &StoreError) -> Result<Answered, NotSaved> {
    tracing::error!(%error, "an answer was not saved");
    Err(NotSaved::Database(error.to_string()))
}

async fn try_often(
    database: &Database,
    states: &mut States,
    orders: &[Order],
    policy: &Policy,
) -> Result<Outcomes, StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match try_batch(database, states, orders, policy).await {
            Ok(outcomes) => return Ok(outcomes),
            Err(error) => {
                // What was folded into the states did not reach the disk.
                states.forget(orders.iter().map(|order| order.attempt));
                if tries == TRIES || !matches!(error, StoreError::Conflict(_)) {
                    return Err(error);
                }
            }
        }
    }
}

async fn try_batch(
    database: &Database,
    states: &mut States,
    orders: &[Order],
    policy: &Policy,
) -> Result<Outcomes, StoreError> {
    let now = orders.iter().map(|order| order.at).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let write = database.append(&By::system(now)).await?;
    let outcomes = carry_out(&write, states, orders, policy).await?;
    write.commit().await?;
    let told = |outcome: Result<crate::store::Done, LogStoreError>| match outcome {
        Ok(done) => Ok(Answered { reply: done.recorded.reply, state: done.state }),
        Err(LogStoreError::NoAttempt(attempt)) => Err(NotSaved::NoAttempt(attempt)),
        Err(error @ LogStoreError::Broken { .. }) => {
            tracing::error!(%error, "answer refused");
            Err(NotSaved::Broken(error.to_string()))
        }
        Err(LogStoreError::Store(error)) => Err(NotSaved::Database(error.to_string())),
    };
    Ok(outcomes.into_iter().map(told).collect())
}
