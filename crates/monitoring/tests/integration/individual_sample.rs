//! The sample individual report (facts 000b 3.13), entered as responses.

use monitoring::model::{
    ItemOutcome, ItemStatus, Outcome, Points, SectionItem, Settings, Standing, places_within, sections,
};

/// Section, skill and status of the twenty tasks as the facts print them; 0 is incorrect.
const TASKS: [(&str, char, u32); 20] = [
    ("Multi-digit numbers and operations", 'A', 1),
    ("Multi-digit numbers and operations", 'A', 1),
    ("Multiplication and division", 'A', 0),
    ("Multi-digit numbers and operations", 'A', 1),
    ("Multi-digit numbers and operations", 'B', 1),
    ("Multiplication and division", 'B', 1),
    ("Multiplication and division", 'B', 1),
    ("Multi-digit numbers and operations", 'B', 1),
    ("Multi-digit numbers and operations", 'B', 0),
    ("Multi-digit numbers and operations", 'B', 1),
    ("Problem solving", 'B', 1),
    ("Fractions and percents", 'B', 1),
    ("Problem solving", 'B', 1),
    ("Problem solving", 'B', 0),
    ("Fractions and percents", 'B', 1),
    ("Problem solving", 'B', 1),
    ("Geometric figures", 'C', 0),
    ("Fractions and percents", 'C', 1),
    ("Geometric figures", 'C', 1),
    ("Problem solving", 'C', 1),
];

fn outcomes() -> Vec<ItemOutcome> {
    let one = Points::whole(1);
    (1..)
        .zip(TASKS)
        .map(|(number, (_, _, score))| ItemOutcome::answered(number, Some("A".to_owned()), Points::whole(score), one))
        .collect()
}

#[test]
fn sixteen_of_twenty_with_nothing_left_out() {
    let items = outcomes();
    let outcome = Outcome::of(&items);
    assert_eq!((outcome.correct, outcome.incorrect, outcome.unattempted()), (16, 4, 0));
    assert_eq!(outcome.score, Points::whole(16));
    let incorrect: Vec<u32> =
        items.iter().filter(|item| item.status == ItemStatus::Incorrect).map(|item| item.position).collect();
    assert_eq!(incorrect, [3, 9, 14, 17]);
    let skills: Vec<usize> = "ABC".chars().map(|skill| TASKS.iter().filter(|task| task.1 == skill).count()).collect();
    assert_eq!(skills, [4, 12, 4]);
}

#[test]
fn place_7_of_17_in_class_and_16_of_36_in_parallel() {
    // In the class six are better, four equal; in the other class nine are better, so that 15 stand before.
    let own = [20, 19, 19, 18, 17, 17, 16, 16, 16, 15, 14, 12, 12, 11, 9, 8, 5];
    let other = [20, 20, 19, 18, 18, 18, 17, 17, 17, 16, 16, 15, 13, 12, 11, 10, 8, 7, 6];
    let pupils: Vec<(char, f64)> = own
        .iter()
        .map(|score| ('A', f64::from(*score)))
        .chain(other.iter().map(|score| ('B', f64::from(*score))))
        .collect();
    let standings = places_within(&pupils);
    for pupil in 6..=8 {
        assert_eq!(pupils[pupil].1, 16.0);
        let found = standings[pupil];
        assert_eq!((found.class.place, found.class.of), (7, 17), "ties share the better place");
        assert_eq!((found.parallel.place, found.parallel.of), (16, 36));
    }
    assert_eq!(standings[9].class.place, 10);
}

#[test]
fn strong_and_weak_sections_follow() {
    let items = outcomes();
    let of_form: Vec<SectionItem<'_>> = items
        .iter()
        .zip(TASKS)
        .map(|(item, (section, ..))| SectionItem {
            number: item.position,
            section,
            score: item.score,
            max: Points::whole(1),
        })
        .collect();
    let found: Vec<(String, f64, f64, Standing, Vec<u32>)> = sections(&of_form, &Settings::default())
        .into_iter()
        .map(|section| (section.section, section.score.value(), section.max.value(), section.standing, section.failed))
        .collect();
    let expected = [
        ("Multi-digit numbers and operations", 6.0, 7.0, Standing::Strong, vec![9]),
        ("Multiplication and division", 2.0, 3.0, Standing::Middle, vec![3]),
        ("Problem solving", 4.0, 5.0, Standing::Strong, vec![14]),
        ("Fractions and percents", 3.0, 3.0, Standing::Strong, vec![]),
        ("Geometric figures", 1.0, 2.0, Standing::Middle, vec![17]),
    ];
    assert_eq!(
        found,
        expected.map(|(name, score, max, standing, failed)| (name.to_owned(), score, max, standing, failed))
    );
}
