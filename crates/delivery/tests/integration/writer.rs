//! Group commit under many pupils, on both databases.

use delivery::Reached;
use delivery::model::{Outcome, Response};

use crate::support::{MINUTE, NINE, Network, at, item_of};

/// Twenty pupils at once, every answer sent twice at the same moment: everything is there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_pupils_at_once_and_every_answer_twice() {
    let network = Network::open().await;
    let mut pupils = tokio::task::JoinSet::new();
    for ticket in network.tickets().await {
        let delivery = network.delivery.clone();
        pupils.spawn(async move {
            let (actor, attempt) = (ticket.actor(), ticket.attempt());
            let mut page = delivery.start(&actor, attempt, at(NINE), 1).await.expect("started").page;
            let mut now = NINE;
            while let Reached::Item(_) = page.reached {
                now += MINUTE;
                let item = item_of(&page);
                let send = || delivery.answer(&actor, attempt, item, Response::choice("B"), None, at(now));
                let (one, two) = tokio::join!(send(), send());
                let (one, two) = (one.expect("saved"), two.expect("saved"));
                let mut outcomes = [&one, &two].map(|step| step.reply.as_ref().expect("acknowledged").outcome);
                outcomes.sort_by_key(|outcome| *outcome == Outcome::Repeated);
                assert_eq!(outcomes, [Outcome::Saved, Outcome::Repeated]);
                page = two.page;
            }
            delivery.finish(&actor, attempt, at(now)).await.expect("ended")
        });
    }
    while let Some(step) = pupils.join_next().await {
        let step = step.expect("a pupil went through");
        assert!(matches!(step.page.reached, Reached::Finished { .. }));
        assert_eq!((step.page.progress.answered, step.page.progress.entries), (20, 22));
    }
    network.verify().await;
    network.database.finish().await;
}

/// Two nodes with one database: each has its own states in memory, and neither loses or doubles an answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_add_to_the_same_logs() {
    let network = Network::open().await;
    let second = delivery::Delivery::start_up(network.database.database.clone(), *network.delivery.policy());
    for ticket in network.tickets().await.into_iter().take(6) {
        let (actor, attempt) = (ticket.actor(), ticket.attempt());
        let mut page = network.delivery.start(&actor, attempt, at(NINE), 1).await.expect("started").page;
        while let Reached::Item(_) = page.reached {
            let item = item_of(&page);
            let (here, there) = tokio::join!(
                network.delivery.answer(&actor, attempt, item, Response::choice("A"), None, at(NINE + MINUTE)),
                second.answer(&actor, attempt, item, Response::choice("B"), None, at(NINE + MINUTE)),
            );
            let (here, there) = (here.expect("a step"), there.expect("a step"));
            assert_ne!(here.reply.is_ok(), there.reply.is_ok(), "one answer is taken, the other is told why not");
            page = second.page(&actor, attempt, at(NINE + MINUTE)).await.expect("a page");
        }
        assert_eq!(page.progress.answered, 20);
    }
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn an_attempt_that_is_not_there_is_no_reason_to_stop() {
    let network = Network::open().await;
    let ticket = network.tickets().await[0].clone();
    let system = kernel::Actor::system();
    let missing = network.delivery.finish(&system, kernel::AttemptId(5), at(NINE)).await;
    assert!(matches!(missing, Err(delivery::SitError::NotSaved(delivery::NotSaved::NoAttempt(_)))), "{missing:?}");
    network.delivery.start(&ticket.actor(), ticket.attempt(), at(NINE), 1).await.expect("started");
    network.database.finish().await;
}
