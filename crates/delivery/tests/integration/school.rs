//! What the centre and the schools do around a sitting, on both databases.

use delivery::model::{CampaignState, LogError, Refusal, Response};
use delivery::{CAMPAIGN_CLOSED, CardsOf, Counts, DeliveryError, Dimension, LiveFilter, LiveState, VerifyError};
use kernel::Actor;
use store::audit_entries;
use store::{By, number};

use crate::support::{MINUTE, NINE, Network, PUPILS_OF_A_CLASS, at, item_of};

#[tokio::test]
async fn everybody_gets_one_sitting_and_a_code_of_their_own() {
    let network = Network::planned().await;
    let tickets = network.tickets().await;
    assert_eq!(tickets.len(), 20);
    let codes: std::collections::BTreeSet<_> = tickets.iter().map(|ticket| &ticket.code).collect();
    assert_eq!(codes.len(), 20);
    // Called again it adds nothing, because nobody came.
    let mut rng = <rand_chacha::ChaCha8Rng as rand_chacha::rand_core::SeedableRng>::seed_from_u64(3);
    let again =
        delivery::prepare_sittings(&network.database, &Actor::system(), at(NINE), network.campaign, &mut rng).await;
    assert_eq!(again.expect("nothing new"), delivery::Prepared::default());
    // The form follows the language of instruction.
    let campaign = network.campaign().await;
    assert_eq!((campaign.tests.len(), campaign.tests[0].forms.len()), (1, 2));
    let sittings = delivery::sittings(&network.database, &network.coordinator(0), network.campaign, None).await;
    let sittings = sittings.expect("own sittings");
    assert_eq!(sittings.len(), 2);
    assert!(sittings.iter().all(|sitting| sitting.counts.not_started == PUPILS_OF_A_CLASS));
    network.database.finish().await;
}

#[tokio::test]
async fn cards_are_for_the_school_and_leave_a_trace() {
    let network = Network::open().await;
    let coordinator = network.coordinator(0);
    let sittings = delivery::sittings(&network.database, &coordinator, network.campaign, None).await.expect("sittings");
    let sitting = sittings[0].sitting;
    let print = async |actor: &Actor, of| delivery::login_cards(&network.database, actor, at(NINE), of).await;
    let sheet = print(&coordinator, CardsOf::Sitting(sitting)).await.expect("allowed").expect("the sitting");
    assert_eq!((sheet.cards.len(), sheet.school, sheet.campaign), (5, network.schools[0], network.campaign));
    assert!(sheet.cards.iter().all(|card| card.code.len() == 9 && card.code.contains('-')));
    // The campaign has one test, so a class has the cards of one sitting.
    let class = CardsOf::Class(network.campaign, sheet.class);
    let of_class = print(&coordinator, class).await.expect("allowed").expect("the class");
    assert_eq!(of_class, sheet);
    for of in [CardsOf::Sitting(sitting), class] {
        let other = print(&network.coordinator(1), of).await;
        assert!(matches!(other, Err(DeliveryError::Denied(_))));
    }
    let elsewhere = CardsOf::Class(kernel::CampaignId(1), sheet.class);
    assert_eq!(print(&coordinator, elsewhere).await.expect("allowed"), None);
    for (subject, id) in [("sitting", sitting.0), ("school_class", sheet.class.0)] {
        let filter = store::AuditFilter { subject: Some((subject.to_owned(), id)), ..Default::default() };
        let entries = audit_entries(&network.database, &filter, 10).await.expect("the audit log");
        assert_eq!(entries.iter().map(|entry| entry.act.as_str()).collect::<Vec<_>>(), ["print login cards"]);
        assert!(entries[0].detail.contains("\"cards\":5") && !entries[0].detail.contains(&sheet.cards[0].code));
    }
    network.database.finish().await;
}

#[tokio::test]
async fn the_live_list_shows_one_school_and_counts_it() {
    let network = Network::open().await;
    let (tickets, delivery) = (network.tickets().await, &network.delivery);
    let coordinator = network.coordinator(0);
    let started = delivery.start(&tickets[0].actor(), tickets[0].attempt(), at(NINE), 1).await.expect("started");
    let item = item_of(&started.page);
    delivery
        .answer(&tickets[0].actor(), tickets[0].attempt(), item, Response::choice("A"), None, at(NINE + MINUTE))
        .await
        .expect("saved");
    let policy = delivery.policy();
    let absent = tickets[1].attempt();
    let unknown = delivery::record_absence(&network.database, &coordinator, at(NINE), policy, absent, "tired").await;
    assert!(matches!(unknown, Err(DeliveryError::UnknownReason { known, .. }) if known == ["illness", "road"]));
    delivery::record_absence(&network.database, &coordinator, at(NINE), policy, absent, "road")
        .await
        .expect("recorded");
    let working = tickets[0].attempt();
    let refused = delivery::record_absence(&network.database, &coordinator, at(NINE), policy, working, "road").await;
    assert!(matches!(refused, Err(DeliveryError::Refused(Refusal::AlreadyStarted))));

    let filter = LiveFilter { campaign: Some(network.campaign), ..Default::default() };
    let now = at(NINE + 10 * MINUTE);
    let (rows, counts) = delivery::live_list(&network.database, &coordinator, &filter, now).await.expect("the list");
    assert_eq!(counts, Counts { pupils: 10, not_started: 8, working: 1, finished: 0, absent: 1 });
    assert_eq!(rows.len(), 10);
    assert!(rows.iter().all(|row| row.school == network.schools[0]));
    let row = rows.iter().find(|row| row.attempt == working).expect("the pupil who works");
    assert_eq!((&row.state, row.answered), (&LiveState::Working { remaining: 30 * MINUTE }, 1));
    let row = rows.iter().find(|row| row.attempt == absent).expect("the pupil who is absent");
    assert_eq!(row.state, LiveState::Absent { reason: "road".to_owned() });

    delivery::withdraw_absence(&network.database, &coordinator, at(NINE), policy, absent).await.expect("withdrawn");
    let stranger =
        delivery::withdraw_absence(&network.database, &network.coordinator(1), at(NINE), policy, absent).await;
    assert!(matches!(stranger, Err(DeliveryError::Denied(_))));
    let nobody = delivery::live_list(&network.database, &Actor::nobody(), &filter, now).await.expect("an empty list");
    assert_eq!((nobody.0.len(), nobody.1.pupils), (0, 0));
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn participation_adds_up_by_every_dimension() {
    let network = Network::open().await;
    let (tickets, delivery) = (network.tickets().await, &network.delivery);
    for ticket in tickets.iter().take(3) {
        delivery.start(&ticket.actor(), ticket.attempt(), at(NINE), 1).await.expect("started");
    }
    for (dimension, parts) in [
        (Dimension::School, 2),
        (Dimension::Grade, 1),
        (Dimension::Language, 2),
        (Dimension::Test, 1),
        (Dimension::Whole, 1),
    ] {
        let shares = delivery::participation(&network.database, &Actor::system(), network.campaign, dimension).await;
        let shares = shares.expect("shares");
        assert_eq!(shares.len(), parts, "{dimension:?}");
        assert_eq!(shares.iter().map(|share| share.counts.working).sum::<i64>(), 3);
        assert_eq!(shares.iter().map(|share| share.counts.pupils).sum::<i64>(), 20);
    }
    let coordinator = network.coordinator(1);
    let own = delivery::participation(&network.database, &coordinator, network.campaign, Dimension::School);
    let own = own.await.expect("own school");
    assert_eq!(own.iter().map(|share| share.key.clone()).collect::<Vec<_>>(), [network.schools[1].to_string()]);
    network.database.finish().await;
}

#[tokio::test]
async fn closing_ends_what_is_open_and_asks_for_results() {
    let network = Network::open().await;
    let (tickets, delivery) = (network.tickets().await, &network.delivery);
    let mut items = Vec::new();
    for ticket in &tickets[..3] {
        let step = delivery.start(&ticket.actor(), ticket.attempt(), at(NINE), 1).await.expect("started");
        items.push(item_of(&step.page));
    }
    let coordinator = network.coordinator(0);
    let policy = delivery.policy();
    let denied = delivery::close_campaign(&network.database, &coordinator, at(NINE), policy, network.campaign).await;
    assert!(matches!(denied, Err(DeliveryError::Denied(_))));
    let now = at(NINE + 5 * MINUTE);
    let ended = delivery::close_campaign(&network.database, &Actor::system(), now, policy, network.campaign).await;
    assert_eq!(ended.expect("closed"), 3);
    assert_eq!(network.campaign().await.state, CampaignState::Closed);
    let jobs = store::jobs::list(&network.database, &store::jobs::JobFilter::default(), 10).await.expect("jobs");
    assert_eq!(jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), [CAMPAIGN_CLOSED]);
    // The writer has the state from before the closing in memory and must not trust it.
    let late = delivery
        .answer(&tickets[0].actor(), tickets[0].attempt(), items[0], Response::choice("A"), None, at(NINE + 6 * MINUTE))
        .await
        .expect("kept");
    assert_eq!(late.reply.expect("kept").outcome, delivery::model::Outcome::Late);

    // The campaign opens again, the school lets one pupil go on.
    delivery::open_campaign(&network.database, &Actor::system(), now, network.campaign).await.expect("opened");
    let attempt = tickets[0].attempt();
    let silent = delivery::reopen(&network.database, &coordinator, now, policy, attempt, (" ", 5)).await;
    assert!(matches!(silent, Err(DeliveryError::Refused(Refusal::NoReason))));
    delivery::reopen(&network.database, &coordinator, now, policy, attempt, ("no power", 5)).await.expect("reopened");
    let page = delivery.page(&tickets[0].actor(), attempt, now).await.expect("a page");
    assert_eq!((item_of(&page), page.progress.remaining), (items[0], 40 * MINUTE));
    let filter = store::AuditFilter { subject: Some(("attempt".to_owned(), attempt.0)), ..Default::default() };
    let entries = audit_entries(&network.database, &filter, 10).await.expect("the audit log");
    assert!(entries[0].detail.contains("no power") && entries[0].act == "reopen attempt");
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn attempts_that_nobody_looks_at_end_too() {
    let network = Network::open().await;
    let (tickets, delivery) = (network.tickets().await, &network.delivery);
    for ticket in &tickets[..4] {
        delivery.start(&ticket.actor(), ticket.attempt(), at(NINE), 1).await.expect("started");
    }
    let end = NINE + 40 * MINUTE + delivery.policy().grace;
    assert_eq!(delivery::end_overdue(&network.database, at(end), delivery.policy()).await.expect("none"), 0);
    assert_eq!(delivery::end_overdue(&network.database, at(end + 1), delivery.policy()).await.expect("all"), 4);
    assert_eq!(delivery::end_overdue(&network.database, at(end + 2), delivery.policy()).await.expect("none"), 0);
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn the_window_moves_with_all_sittings() {
    let network = Network::open().await;
    let code = network.tickets().await[0].code.clone();
    let day = |day| kernel::Date::constant(2022, 11, day);
    let (database, system) = (&network.database, Actor::system());
    let wrong = delivery::move_window(database, &system, at(NINE), network.campaign, day(20), day(19)).await;
    assert!(matches!(wrong, Err(DeliveryError::Window { .. })));
    delivery::move_window(database, &system, at(NINE), network.campaign, day(20), day(21)).await.expect("moved");
    assert!(network.delivery.sign_in(&code, at(NINE)).await.is_err());
    network.delivery.sign_in(&code, at(NINE + 6 * 24 * 60 * MINUTE)).await.expect("within the new window");
    network.database.finish().await;
}

#[tokio::test]
async fn what_is_changed_in_the_database_is_found() {
    let network = Network::open().await;
    let (ticket, delivery) = (network.tickets().await[0].clone(), &network.delivery);
    let (actor, attempt) = (ticket.actor(), ticket.attempt());
    let mut page = delivery.start(&actor, attempt, at(NINE), 1).await.expect("started").page;
    for _ in 0..3 {
        let step =
            delivery.answer(&actor, attempt, item_of(&page), Response::choice("A"), None, at(NINE + MINUTE)).await;
        page = step.expect("saved").page;
    }
    network.verify().await;
    let run = async |sql: &str| {
        let write = network.database.append(&By::system(at(NINE))).await.expect("a write");
        assert_eq!(write.execute(sql, [number(attempt.0)]).await.expect("changed"), 1, "{sql}");
        write.commit().await.expect("a commit");
        delivery::verify_attempts(&network.database, &[attempt]).await
    };
    let better =
        "UPDATE answer_log SET payload = REPLACE(payload, '\"A\"', '\"C\"') WHERE attempt_id = $1 AND sequence = 2";
    let found = run(better).await.expect_err("an answer was made better");
    assert!(matches!(found, VerifyError::Log { error: LogError::Hash { sequence: 2 }, .. }), "{found}");
    let back =
        "UPDATE answer_log SET payload = REPLACE(payload, '\"C\"', '\"A\"') WHERE attempt_id = $1 AND sequence = 2";
    run(back).await.expect("as it was");
    let found = run("UPDATE attempt SET answered = 20 WHERE id = $1").await.expect_err("the row shows too much");
    assert!(matches!(found, VerifyError::Row { column: "answered", .. }), "{found}");
    run("UPDATE attempt SET answered = 3 WHERE id = $1").await.expect("as it was");
    let cut = "DELETE FROM answer_log WHERE attempt_id = $1 AND sequence = 4";
    let found = run(cut).await.expect_err("the last answer was taken away");
    assert!(matches!(found, VerifyError::Row { column: "position", .. }), "{found}");
    network.database.finish().await;
}
