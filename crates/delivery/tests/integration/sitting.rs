//! A pupil's way through a test, on both databases.

use delivery::model::{CodeError, FinishedBy, Outcome, Refusal, Response};
use delivery::{Reached, SignInError, SitError};
use kernel::{Actor, Language};

use crate::support::{MINUTE, NINE, Network, at, item_of};

#[tokio::test]
async fn from_the_card_to_the_end_page() {
    let network = Network::open().await;
    let ticket = network.tickets().await[0].clone();
    let (delivery, actor, attempt) = (&network.delivery, ticket.actor(), ticket.attempt());

    let signed_in = delivery.sign_in(&ticket.code.to_lowercase(), at(NINE)).await.expect("the code opens");
    assert_eq!((signed_in.attempt, signed_in.language), (attempt, Language::Kk));
    let page = delivery.page(&actor, attempt, at(NINE)).await.expect("a page");
    assert_eq!(page.reached, Reached::Start);
    assert_eq!((page.header.class_label.as_str(), page.header.minutes, page.progress.items), ("4 «А»", 40, 20));

    let step = delivery.start(&actor, attempt, at(NINE), 7).await.expect("started");
    assert_eq!(step.page.progress.remaining, 40 * MINUTE);
    let mut page = step.page;
    for number in 1..=20_i64 {
        let (now, item) = (at(NINE + number * MINUTE), item_of(&page));
        // A reload shows the same item with the time that is left.
        let reloaded = delivery.page(&actor, attempt, now).await.expect("a page");
        assert_eq!((item_of(&reloaded), reloaded.progress.remaining), (item, (40 - number) * MINUTE));
        let early = delivery.finish(&actor, attempt, now).await.expect("a step");
        assert!(matches!(early.reply, Err(Refusal::NotAtEnd { .. })));
        let step = if number == 4 {
            delivery.skip(&actor, attempt, item, Some("4.skip"), now).await
        } else {
            delivery.answer(&actor, attempt, item, Response::choice("B"), None, now).await
        };
        let step = step.expect("saved");
        assert_eq!(step.reply.expect("acknowledged").outcome, Outcome::Saved);
        page = step.page;
    }
    assert_eq!(page.reached, Reached::AllDone);
    assert_eq!((page.progress.answered, page.progress.skipped), (19, 1));
    let reloaded = delivery.page(&actor, attempt, at(NINE + 21 * MINUTE)).await.expect("a page");
    assert_eq!(reloaded.reached, Reached::AllDone);
    let step = delivery.finish(&actor, attempt, at(NINE + 22 * MINUTE)).await.expect("ended");
    let Reached::Finished { by, at: ended, receipt } = step.page.reached.clone() else { panic!("{:?}", step.page) };
    assert_eq!((by, ended, receipt.len()), (FinishedBy::Pupil, NINE + 22 * MINUTE, 9));

    // No second entry, by page, by Start or by code.
    let page = delivery.page(&actor, attempt, at(NINE + 23 * MINUTE)).await.expect("a page");
    assert_eq!(page.reached, step.page.reached);
    let again = delivery.start(&actor, attempt, at(NINE + 23 * MINUTE), 8).await.expect("a step");
    assert!(matches!(again.reply, Err(Refusal::AlreadyFinished { .. })));
    let used = delivery.sign_in(&ticket.code, at(NINE + 23 * MINUTE)).await;
    assert!(
        matches!(used, Err(SignInError::Used { ref finished_at }) if finished_at.timestamp() == at(NINE + 22 * MINUTE)),
        "{used:?}"
    );
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn answers_are_acknowledged_once_and_again_but_never_changed() {
    let network = Network::open().await;
    let ticket = network.tickets().await[0].clone();
    let (delivery, actor, attempt) = (&network.delivery, ticket.actor(), ticket.attempt());
    let page = delivery.start(&actor, attempt, at(NINE), 7).await.expect("started").page;
    let item = item_of(&page);
    let answer = |option: &'static str| {
        delivery.answer(&actor, attempt, item, Response::choice(option), Some("1.2"), at(NINE + MINUTE))
    };
    let first = answer("C").await.expect("saved");
    let second = answer("C").await.expect("known");
    assert_eq!(first.reply.as_ref().expect("yes").sequence, second.reply.as_ref().expect("yes").sequence);
    assert_eq!(second.reply.expect("yes").outcome, Outcome::Repeated);
    // A second tab with another answer hears why not, and sees where the attempt is.
    let other = answer("D").await.expect("a step");
    assert_eq!(other.reply, Err(Refusal::AlreadyAnswered { position: 0 }));
    assert_eq!(item_of(&other.page), item_of(&first.page));
    let log = delivery::log(&network.database, attempt).await.expect("a log");
    assert_eq!(log.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["started", "answered"]);
    assert_eq!(log[1].key.as_deref(), Some("1.2"));
    network.database.finish().await;
}

#[tokio::test]
async fn another_computer_goes_on_and_nobody_else_does() {
    let network = Network::open().await;
    let tickets = network.tickets().await;
    let (delivery, actor, attempt) = (&network.delivery, tickets[0].actor(), tickets[0].attempt());
    let first = delivery.start(&actor, attempt, at(NINE), 7).await.expect("started");
    delivery
        .answer(&actor, attempt, item_of(&first.page), Response::choice("A"), None, at(NINE + MINUTE))
        .await
        .expect("saved");
    let signed_in = delivery.sign_in(&tickets[0].code, at(NINE + 5 * MINUTE)).await.expect("the same code again");
    assert_eq!(signed_in.attempt, attempt);
    let again = delivery.start(&actor, attempt, at(NINE + 5 * MINUTE), 99).await.expect("goes on");
    assert_eq!(again.reply.expect("yes").outcome, Outcome::Repeated);
    assert_eq!((again.page.progress.position, again.page.progress.remaining), (1, 35 * MINUTE));
    for stranger in [tickets[1].actor(), Actor::nobody(), network.coordinator(0)] {
        let refused = delivery.page(&stranger, attempt, at(NINE + 5 * MINUTE)).await;
        assert!(matches!(refused, Err(SitError::Denied(_))));
    }
    network.database.finish().await;
}

#[tokio::test]
async fn time_runs_out_on_the_servers_clock() {
    let network = Network::open().await;
    let ticket = network.tickets().await[0].clone();
    let (delivery, actor, attempt) = (&network.delivery, ticket.actor(), ticket.attempt());
    let page = delivery.start(&actor, attempt, at(NINE), 7).await.expect("started").page;
    let late = NINE + 40 * MINUTE + 10_001;
    let used = delivery.sign_in(&ticket.code, at(late)).await;
    assert!(matches!(used, Err(SignInError::Used { .. })), "{used:?}");
    let item = item_of(&page);
    let step = delivery.answer(&actor, attempt, item, Response::choice("A"), None, at(late)).await.expect("kept");
    assert_eq!(step.reply.expect("kept").outcome, Outcome::Late);
    assert!(matches!(step.page.reached, Reached::Finished { by: FinishedBy::Time, .. }));
    assert_eq!(step.page.progress.answered, 0);
    network.verify().await;
    network.database.finish().await;
}

#[tokio::test]
async fn a_code_that_opens_nothing_says_why() {
    let network = Network::planned().await;
    let ticket = network.tickets().await[0].clone();
    let delivery = &network.delivery;
    let midnight = NINE - 9 * 60 * MINUTE;
    let error = async |typed: &str, now| delivery.sign_in(typed, at(now)).await.expect_err("refused");
    assert!(matches!(error("AC", NINE).await, SignInError::NotACode(CodeError::Length { found: 2 })));
    assert!(matches!(error("AC7K-4M9Z", NINE).await, SignInError::NotACode(CodeError::Sign { sign: 'Z' })));
    let unknown = if ticket.code == "22222222" { "44444444" } else { "22222222" };
    assert!(matches!(error(unknown, NINE).await, SignInError::Unknown));
    let early = error(&ticket.code, midnight - 1).await;
    assert!(
        matches!(early, SignInError::TooEarly { ref opens_at } if opens_at.timestamp() == at(midnight) && opens_at.hour() == 0),
        "{early:?}"
    );
    assert!(matches!(error(&ticket.code, NINE).await, SignInError::NotOpened));
    let step = delivery.start(&ticket.actor(), ticket.attempt(), at(NINE), 1).await.expect("a step");
    assert_eq!(step.reply, Err(Refusal::NotOpened));
    delivery::open_campaign(&network.database, &Actor::system(), at(NINE), network.campaign).await.expect("opened");
    delivery.sign_in(&ticket.code, at(NINE)).await.expect("open");
    let end = midnight + 5 * 24 * 60 * MINUTE;
    let closed = error(&ticket.code, end).await;
    assert!(
        matches!(closed, SignInError::Closed { closed_at: Some(ref closed) } if closed.timestamp() == at(end)),
        "{closed:?}"
    );
    let policy = delivery.policy();
    delivery::close_campaign(&network.database, &Actor::system(), at(NINE), policy, network.campaign)
        .await
        .expect("closed");
    assert!(matches!(error(&ticket.code, NINE).await, SignInError::Closed { closed_at: None }));
    network.database.finish().await;
}

#[tokio::test]
async fn a_file_is_kept_for_the_current_item_alone() {
    let network = Network::with_kinds().await;
    let ticket = &network.tickets().await[0];
    let (actor, attempt) = (ticket.actor(), ticket.attempt());
    let step = network.delivery.start(&actor, attempt, at(NINE), 1).await.expect("a start");
    assert!(step.reply.is_ok());
    let form = network.delivery.page(&actor, attempt, at(NINE)).await.expect("a page").header.form;
    let items = itembank::form_items(&network.database, form).await.expect("items");
    let upload = items.iter().find(|item| item.item.code.ends_with("-20")).expect("the upload").item.id;
    let content = "Жұмысым".as_bytes().to_vec();
    let file = delivery::SentFile { field: "RESPONSE".to_owned(), name: "work.txt".to_owned(), content };
    let sent = delivery::Sent { fields: Vec::new(), files: vec![file.clone()], complete: true };
    let reference = delivery::model::FileReference::of(&file.name, &file.content).expect("a reference");
    let kept = || network.database.files().get(&reference.path(attempt)).expect("a read");

    let early = network.delivery.answer_form(&actor, attempt, upload, sent.clone(), None, at(NINE)).await;
    let early = early.expect("a step").expect("an answer");
    assert!(matches!(early.reply, Err(Refusal::OutOfOrder { current: 0 })), "{:?}", early.reply);
    assert_eq!(kept(), None, "a refused answer leaves no file behind");

    for item in items.iter().take_while(|item| item.item.id != upload) {
        network
            .delivery
            .skip(&actor, attempt, item.item.id, None, at(NINE))
            .await
            .expect("a skip")
            .reply
            .expect("skipped");
    }
    let foreign = delivery::SentFile { content: b"MZ\x90\x00\xff".to_vec(), ..file.clone() };
    let unread = delivery::Sent { files: vec![foreign], ..sent.clone() };
    let unread = network.delivery.answer_form(&actor, attempt, upload, unread, None, at(NINE)).await.expect("a step");
    assert!(matches!(unread, Err(delivery::Unread::FileKind { .. })), "{unread:?}");

    let taken = network.delivery.answer_form(&actor, attempt, upload, sent, None, at(NINE)).await;
    taken.expect("a step").expect("an answer").reply.expect("acknowledged");
    assert_eq!(kept(), Some(file.content));
    let log = delivery::log(&network.database, attempt).await.expect("a log");
    assert!(log.last().expect("an entry").payload.contains(&reference.to_string()));
    for item in items.iter().skip_while(|item| item.item.id != upload).skip(1) {
        let skipped = network.delivery.skip(&actor, attempt, item.item.id, None, at(NINE)).await;
        skipped.expect("a skip").reply.expect("skipped");
    }
    staff_see_the_file(&network, attempt, &reference).await;
    network.verify().await;
    network.database.finish().await;
}

/// Once the attempt has ended and only those who may see results of the class; each look stands in the audit log.
async fn staff_see_the_file(network: &Network, attempt: kernel::AttemptId, reference: &delivery::model::FileReference) {
    let (coordinator, stranger) = (network.coordinator(0), network.coordinator(1));
    let ticket = &network.tickets().await[0];
    let sittings = delivery::sittings(&network.database, &coordinator, network.campaign, None).await.expect("sittings");
    let test = delivery::tests_with_files(&network.database, network.campaign).await.expect("tests");
    assert!(sittings.iter().all(|sitting| test.contains(&sitting.test)), "the test asks for files");
    let open =
        async |actor: &Actor, hash: &str| delivery::given_file(&network.database, actor, at(NINE), attempt, hash).await;
    assert_eq!(open(&coordinator, &reference.hash).await.expect("allowed"), None, "the attempt goes on");
    network.delivery.finish(&ticket.actor(), attempt, at(NINE)).await.expect("an end").reply.expect("ended");
    let found = open(&coordinator, &reference.hash).await.expect("allowed").expect("the file");
    assert_eq!((&found.0, found.1.as_slice()), (reference, "Жұмысым".as_bytes()));
    assert_eq!(open(&coordinator, &"0".repeat(64)).await.expect("allowed"), None);
    assert!(matches!(open(&stranger, &reference.hash).await, Err(delivery::DeliveryError::Denied(_))));
    let sitting = delivery::sittings(&network.database, &coordinator, network.campaign, None).await.expect("sittings");
    let sitting = sitting.iter().find(|sitting| sitting.counts.finished == 1).expect("the sitting").sitting;
    let list = async |actor: &Actor| delivery::given_files(&network.database, actor, at(NINE), sitting).await;
    let given = list(&coordinator).await.expect("allowed").expect("the sitting");
    assert_eq!(given.files.iter().map(|given| (&given.file, given.position)).collect::<Vec<_>>(), [(reference, 19)]);
    assert!(matches!(list(&stranger).await, Err(delivery::DeliveryError::Denied(_))));
    for (subject, id, act) in
        [("sitting", sitting.0, "list files of answers"), ("attempt", attempt.0, "open file of answer")]
    {
        let filter = ::store::AuditFilter { subject: Some((subject.to_owned(), id)), ..Default::default() };
        let entries = ::store::audit_entries(&network.database, &filter, 10).await.expect("the audit log");
        assert_eq!(entries.iter().filter(|entry| entry.act == act).count(), 1, "{act}");
    }
}

#[tokio::test]
async fn what_is_drawn_is_drawn_by_the_seed_of_the_attempt_and_stays() {
    let network = Network::with_kinds().await;
    let mut orders = std::collections::BTreeSet::new();
    for (seed, ticket) in (1..).zip(network.tickets().await.iter().take(5)) {
        let (actor, attempt) = (ticket.actor(), ticket.attempt());
        let mut page = network.delivery.start(&actor, attempt, at(NINE), seed).await.expect("a start").page;
        for _ in 0..5 {
            page = network.delivery.skip(&actor, attempt, item_of(&page), None, at(NINE)).await.expect("a skip").page;
        }
        let html = |page: &delivery::SitPage| match &page.reached {
            Reached::Item(item) if item.is_drawn => item.html.clone(),
            other => panic!("{other:?}"),
        };
        let shown = html(&page);
        // A reload, and another process that knows nothing but the log.
        assert_eq!(html(&network.delivery.page(&actor, attempt, at(NINE)).await.expect("a page")), shown);
        let other = delivery::Delivery::start_up(network.database.database.clone(), delivery::model::Policy::default());
        assert_eq!(html(&other.page(&actor, attempt, at(NINE)).await.expect("a page")), shown);
        let mut places: Vec<_> =
            ["A", "B", "C", "D"].map(|choice| (shown.find(&format!("data-choice=\"{choice}\"")), choice)).into();
        places.sort_unstable();
        orders.insert(places.into_iter().map(|(_, choice)| choice).collect::<String>());
    }
    assert!(orders.len() > 1, "{orders:?}");
    network.database.finish().await;
}
