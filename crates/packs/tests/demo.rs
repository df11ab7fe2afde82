//! The demonstration data follow the printed results, and are the same every time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use packs::demo::{Demo, SEED, Status};
use packs::{Campaign, Pack};

fn drawn() -> &'static (Pack, Demo) {
    static DRAWN: OnceLock<(Pack, Demo)> = OnceLock::new();
    DRAWN.get_or_init(|| {
        let pack = Pack::embedded().expect("the pack reads");
        let demo = Demo::draw(&pack, &pack.campaigns[0], SEED).expect("the printed tables suffice");
        (pack, demo)
    })
}

/// Mean per cent and attempts of those that pass the filter (school, language of instruction, test).
fn mean(demo: &Demo, items: usize, keep: impl Fn(usize, &str, usize) -> bool) -> Option<(f64, usize)> {
    let (mut correct, mut attempts) = (0, 0);
    for attempt in &demo.attempts {
        let class = &demo.classes[demo.pupils[attempt.pupil].class];
        if keep(class.school, &class.language, attempt.test) {
            correct += attempt.correct();
            attempts += 1;
        }
    }
    (attempts > 0).then(|| (100.0 * correct as f64 / (attempts * items) as f64, attempts))
}

fn school_test_mean(pack: &Pack, demo: &Demo, campaign: &Campaign, school: &str, test: usize) -> Option<f64> {
    mean(demo, campaign.items, |index, _, own| pack.network.schools[index].code == school && own == test)
        .map(|(mean, _)| mean)
}

#[test]
fn counts_are_the_printed_ones() {
    let (pack, demo) = drawn();
    let campaign = &pack.campaigns[0];
    assert_eq!(demo.pupils.len(), 2565);
    assert_eq!(demo.attempts.len(), 11_899);
    assert_eq!(demo.attempts.len() + demo.absences.len(), 12_387);
    assert_eq!(demo.coordinators.len(), 17);
    let mut groups = BTreeSet::new();
    for attempt in &demo.attempts {
        assert_eq!(attempt.answers.len(), campaign.items);
        let class = &demo.classes[demo.pupils[attempt.pupil].class];
        groups.insert((class.school, class.grade, &class.language, attempt.test));
    }
    assert_eq!(groups.len(), 226, "class reports");
    let missed: BTreeSet<_> = demo.absences.iter().map(|a| (a.pupil, a.test)).collect();
    assert_eq!(missed.len(), demo.absences.len());
    assert!(!(demo.attempts.iter()).any(|a| missed.contains(&(a.pupil, a.test))));
}

#[test]
fn people_have_distinct_names_and_every_class_its_teachers() {
    let (pack, demo) = drawn();
    let mut names = BTreeSet::new();
    let people = (demo.pupils.iter().map(|p| &p.person))
        .chain(demo.teachers.iter().map(|t| &t.person))
        .chain(demo.coordinators.iter().map(|c| &c.person));
    for person in people {
        assert!(names.insert(person), "{person:?} twice");
    }
    for (index, class) in demo.classes.iter().enumerate() {
        assert_eq!(demo.teachers[class.class_teacher].school, class.school);
        let lessons = (demo.lessons.iter())
            .filter(|lesson| lesson.class == index)
            .inspect(|lesson| assert_eq!(demo.teachers[lesson.teacher].school, class.school))
            .count();
        assert_eq!(lessons, if class.grade == 4 { 3 } else { 7 });
        for pupil in class.pupils.clone() {
            assert_eq!(demo.pupils[pupil].class, index);
            let (year, month, _) = demo.pupils[pupil].born;
            let turned = if class.grade == 4 { 2013 } else { 2009 };
            assert!((year, month) >= (turned - 1, 9) && (year, month) <= (turned, 8));
        }
    }
    let letters: BTreeSet<_> = (demo.classes.iter()).map(|class| (class.school, class.grade, &class.letter)).collect();
    assert_eq!(letters.len(), demo.classes.len());
    for (index, school) in pack.network.schools.iter().enumerate() {
        let own = demo.teachers.iter().filter(|t| t.school == index).count();
        assert!(own <= school.teachers as usize, "{}: {own}", school.code);
    }
}

#[test]
fn grade_4_schools_follow_the_printed_table() {
    let (pack, demo) = drawn();
    let campaign = &pack.campaigns[0];
    for (test, row) in campaign.tests.iter().enumerate() {
        for school in &pack.network.schools {
            let printed = campaign.grade4_mean(&school.code, &row.code);
            if row.grade == 4 {
                let mean = school_test_mean(pack, demo, campaign, &school.code, test);
                assert_eq!(mean.is_some(), printed.is_some(), "{} {}", school.code, row.code);
                if let (Some(mean), Some(printed)) = (mean, printed) {
                    assert!((mean - printed).abs() < 0.5, "{} {}: {mean} {printed}", school.code, row.code);
                }
            }
        }
    }
}

#[test]
fn languages_follow_the_printed_means() {
    let (pack, demo) = drawn();
    let campaign = &pack.campaigns[0];
    for row in &campaign.printed.subject_results {
        let (test, _) = campaign.test(&row.test).unwrap();
        for language in ["kk", "ru"] {
            let found = mean(demo, campaign.items, |_, own, index| own == language && index == test);
            assert_eq!(found.is_some(), row.language(language).is_some());
            if let (Some((found, _)), Some(printed)) = (found, row.language(language)) {
                assert!((found - printed).abs() < 0.6, "{} {language}: {found} {printed}", row.test);
            }
        }
        let (found, _) = mean(demo, campaign.items, |_, _, index| index == test).unwrap();
        assert!((found - row.overall).abs() < 0.3, "{}: {found} {}", row.test, row.overall);
    }
}

#[test]
fn grade_8_schools_follow_their_indicator_and_the_named_ones_lead_or_trail() {
    let (pack, demo) = drawn();
    let campaign = &pack.campaigns[0];
    let mut table: BTreeMap<usize, BTreeMap<&str, f64>> = BTreeMap::new();
    for school in &pack.network.schools {
        let printed = (campaign.printed.school_results.iter()).find(|row| row.school == school.code).unwrap().grade8;
        let mut means = Vec::new();
        for (test, row) in campaign.tests.iter().enumerate() {
            if row.grade == 8
                && let Some(mean) = school_test_mean(pack, demo, campaign, &school.code, test)
            {
                means.push(mean);
                table.entry(test).or_default().insert(&school.code, mean);
            }
        }
        let indicator = means.iter().sum::<f64>() / means.len() as f64;
        assert!((indicator - printed.monitoring).abs() < 0.3, "{}: {indicator}", school.code);
    }
    for named in &campaign.printed.named {
        let (test, _) = campaign.test(&named.test).unwrap();
        let means = &table[&test];
        for (codes, sign) in [(&named.highest, 1.0), (&named.lowest, -1.0)] {
            for code in codes {
                let own = sign * means[code.as_str()];
                for (other, mean) in means {
                    assert!(codes.iter().any(|c| c == other) || own > sign * mean, "{}: {code} {other}", named.test);
                }
            }
        }
    }
}

#[test]
fn term_marks_follow_the_current_assessment() {
    let (pack, demo) = drawn();
    let campaign = &pack.campaigns[0];
    assert_eq!(demo.marks.len(), 12_387);
    for row in &campaign.printed.school_results {
        for grade in [4, 8] {
            let percents: Vec<f64> = (demo.marks.iter())
                .filter(|mark| {
                    let class = &demo.classes[demo.pupils[mark.pupil].class];
                    class.grade == grade && pack.network.schools[class.school].code == row.school
                })
                .map(|mark| f64::from(mark.percent))
                .collect();
            let mean = percents.iter().sum::<f64>() / percents.len() as f64;
            let printed = row.grade(grade).unwrap().current;
            assert!((mean - printed).abs() < 0.02, "{} {grade}: {mean} {printed}", row.school);
        }
    }
    for mark in &demo.marks {
        assert_eq!(pack.mark(mark.percent), Some(mark.mark));
    }
}

#[test]
fn responses_look_like_responses() {
    let (pack, demo) = drawn();
    let campaign = &pack.campaigns[0];
    let mut statuses: BTreeMap<Status, usize> = BTreeMap::new();
    for attempt in &demo.attempts {
        let keys = &demo.keys[attempt.test];
        let total: u32 = attempt.answers.iter().map(|a| u32::from(a.seconds)).sum();
        assert!(total <= campaign.minutes * 60);
        let mut ended = false;
        for (answer, key) in attempt.answers.iter().zip(keys) {
            *statuses.entry(answer.status).or_default() += 1;
            match answer.status {
                Status::Correct => assert_eq!(answer.choice, Some(*key)),
                Status::Incorrect => {
                    assert!(answer.choice.is_some_and(|choice| choice < 4 && choice != *key));
                }
                Status::Skipped | Status::NotReached => assert_eq!(answer.choice, None),
            }
            assert!(!ended || answer.status == Status::NotReached, "nothing after the end of time");
            ended = answer.status == Status::NotReached;
        }
    }
    let share = |status| statuses[&status] as f64 / 237_980.0;
    assert!((0.005..0.03).contains(&share(Status::Skipped)), "{statuses:?}");
    assert!((0.001..0.02).contains(&share(Status::NotReached)), "{statuses:?}");
    // Reliability (alpha) of each test and a positive relation of every task with the rest.
    for test in 0..campaign.tests.len() {
        let rows: Vec<Vec<f64>> = (demo.attempts.iter())
            .filter(|attempt| attempt.test == test)
            .map(|attempt| (attempt.answers.iter()).map(|a| f64::from(u8::from(a.status == Status::Correct))).collect())
            .collect();
        let items = campaign.items as f64;
        let variance = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
        };
        let totals: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
        let single: f64 =
            (0..campaign.items).map(|item| variance(&rows.iter().map(|row| row[item]).collect::<Vec<_>>())).sum();
        let alpha = items / (items - 1.0) * (1.0 - single / variance(&totals));
        assert!((0.65..0.92).contains(&alpha), "{}: {alpha}", campaign.tests[test].code);
        let facilities: Vec<f64> =
            (0..campaign.items).map(|item| rows.iter().map(|row| row[item]).sum::<f64>() / rows.len() as f64).collect();
        assert!(facilities.iter().all(|p| (0.1..0.97).contains(p)), "{facilities:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_data_and_another_does_not() {
    let (pack, one) = drawn();
    let two = Demo::draw(pack, &pack.campaigns[0], SEED).unwrap();
    assert_eq!(one.attempts, two.attempts);
    assert_eq!(one.marks, two.marks);
    let other = Demo::draw(pack, &pack.campaigns[0], SEED + 1).unwrap();
    assert_ne!(one.attempts, other.attempts);
}

#[test]
fn tasks_that_the_report_found_hard_are_harder() {
    let (pack, demo) = drawn();
    let campaign = &pack.campaigns[0];
    for finding in &campaign.model.findings {
        let (test, _) = campaign.test(&finding.test).unwrap();
        let facility = |number: &usize| {
            let answers = (demo.attempts.iter())
                .filter(|attempt| attempt.test == test)
                .map(|attempt| attempt.answers[number - 1]);
            let (mut correct, mut all) = (0, 0);
            for answer in answers {
                correct += usize::from(answer.status == Status::Correct);
                all += 1;
            }
            f64::from(correct as u32) / f64::from(all)
        };
        let mean = |numbers: &[usize]| numbers.iter().map(facility).sum::<f64>() / numbers.len() as f64;
        let (well, badly) = (mean(&finding.well), mean(&finding.badly));
        assert!(well > badly + 0.1, "{}: {well} {badly}", finding.test);
    }
}
