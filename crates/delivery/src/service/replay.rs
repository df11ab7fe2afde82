//! Many recorded attempts at once: demonstration data, answers that a room server kept while the network was away.

use ::store::Write;
use kernel::{AttemptId, Timestamp};

use super::DeliveryError;
use crate::model::{Command, Policy};
use crate::store::{Order, States, carry_out};

/// What happened in an attempt, each step with its time.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The attempt.
    pub attempt: AttemptId,
    /// Steps in their order.
    pub steps: Vec<(Command, Timestamp)>,
}

/// Attempts carried out at a time: the states of more would only take memory.
const AT_ONCE: usize = 400;

/// Writes recordings into the logs by the same rules as live steps, as part of a write.
///
/// # Errors
/// [`DeliveryError::Refused`] at the first step that the rules refuse; drop the write then, and nothing is kept.
pub async fn replay(write: &Write, recordings: &[Recording], policy: &Policy) -> Result<(), DeliveryError> {
    for some in recordings.chunks(AT_ONCE) {
        let mut orders = Vec::new();
        for recording in some {
            let order = |(command, at): &(Command, Timestamp)| Order {
                attempt: recording.attempt,
                command: command.clone(),
                at: *at,
            };
            orders.extend(recording.steps.iter().map(order));
        }
        for done in carry_out(write, &mut States::default(), &orders, policy).await? {
            done?.recorded.reply.map_err(DeliveryError::Refused)?;
        }
    }
    Ok(())
}
