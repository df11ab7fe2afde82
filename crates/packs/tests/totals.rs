//! The totals that the source prints, found in the pack.

use packs::{Pack, Parallel, Skill};

#[test]
fn pupils_by_grade_and_language_are_the_printed_ones() {
    let pack = Pack::embedded().unwrap();
    for participants in &pack.campaigns[0].printed.participants {
        assert_eq!(
            pack.network.pupils(participants.grade, &participants.language),
            participants.pupils,
            "grade {} {}",
            participants.grade,
            participants.language
        );
    }
    let all: u32 = (pack.network.schools.iter()).flat_map(|school| &school.parallels).map(Parallel::pupils).sum();
    assert_eq!(all, 2565);
}

#[test]
fn schools_are_nine_kazakh_one_russian_seven_mixed() {
    let pack = Pack::embedded().unwrap();
    let count =
        |languages: &[&str]| (pack.network.schools.iter()).filter(|school| school.languages == languages).count();
    assert_eq!((count(&["kk"]), count(&["ru"]), count(&["kk", "ru"])), (9, 1, 7));
    let lyceums = (pack.network.schools.iter()).filter(|school| school.kind == "lyceum").count();
    assert_eq!(lyceums, 2, "facts 5.12");
    assert_eq!((pack.network.schools.iter()).map(|school| school.teachers).sum::<u32>(), 1331, "facts 3.4");
}

#[test]
fn one_class_report_per_school_grade_language_and_test_makes_the_printed_226() {
    let pack = Pack::embedded().unwrap();
    let campaign = &pack.campaigns[0];
    let reports: usize = (pack.network.schools.iter())
        .flat_map(|school| &school.parallels)
        .map(|parallel| {
            (campaign.tests.iter())
                .filter(|test| test.grade == parallel.grade && test.audience.contains(&parallel.language))
                .count()
        })
        .sum();
    assert_eq!(reports, campaign.class_reports);
}

#[test]
fn classes_have_15_to_30_pupils_but_for_one_small_class() {
    let pack = Pack::embedded().unwrap();
    let mut small = Vec::new();
    for school in &pack.network.schools {
        for parallel in &school.parallels {
            for size in &parallel.classes {
                assert!(*size <= 30, "{}", school.code);
                if *size < 15 {
                    small.push((school.code.as_str(), parallel.grade, *size));
                }
            }
        }
    }
    assert_eq!(small, [("dosov", 4, 8)]);
}

#[test]
fn printed_school_means_with_our_sizes_give_the_printed_subject_means() {
    let pack = Pack::embedded().unwrap();
    let campaign = &pack.campaigns[0];
    for printed in &campaign.printed.subject_results {
        let Some((_, test)) = campaign.test(&printed.test) else { panic!("{}", printed.test) };
        if test.grade != 4 {
            continue;
        }
        let (mut sum, mut pupils) = (0.0, 0.0);
        for school in &pack.network.schools {
            let n: u32 = (test.audience.iter()).map(|language| school.pupils(4, language)).sum();
            if let Some(mean) = campaign.grade4_mean(&school.code, &test.code) {
                assert!(n > 0, "{} {}", school.code, test.code);
                sum += mean * f64::from(n);
                pupils += f64::from(n);
            } else {
                assert_eq!(n, 0, "{} {}", school.code, test.code);
            }
        }
        let mean = sum / pupils;
        assert!((mean - printed.overall).abs() < 0.15, "{}: {mean} and printed {}", test.code, printed.overall);
    }
}

#[test]
fn corrected_grade_4_means_reproduce_every_printed_indicator() {
    // Facts 2.3: with the table as printed Almaty and Zhambyl do not; with the corrections all 17 do.
    let pack = Pack::embedded().unwrap();
    let campaign = &pack.campaigns[0];
    for row in &campaign.printed.school_results {
        let means: Vec<f64> = (campaign.tests.iter())
            .filter(|test| test.grade == 4)
            .filter_map(|test| campaign.grade4_mean(&row.school, &test.code))
            .collect();
        let indicator = means.iter().sum::<f64>() / means.len() as f64;
        assert!((indicator - row.grade4.monitoring).abs() < 0.101, "{}: {indicator}", row.school);
    }
}

#[test]
fn thirteen_tests_with_an_audience_each() {
    let pack = Pack::embedded().unwrap();
    let campaign = &pack.campaigns[0];
    assert_eq!(campaign.tests.len(), 13);
    for (grade, language, tests) in [(4, "kk", 3), (4, "ru", 3), (8, "kk", 7), (8, "ru", 7)] {
        let own = (campaign.tests.iter())
            .filter(|test| test.grade == grade && test.form_language(language).is_some())
            .count();
        assert_eq!(own, tests, "grade {grade} {language}");
    }
    let (_, t2) = campaign.test("g8-russian-t2").unwrap();
    assert_eq!(t2.form_language("kk"), Some("ru"));
    assert_eq!(t2.form_language("ru"), None);
    assert_eq!(pack.mark(85), Some(5));
    assert_eq!(pack.mark(84), Some(4));
    assert_eq!(pack.mark(39), Some(2));
    let shares: u32 = (campaign.absence_reasons.iter()).map(|reason| reason.share).sum();
    assert_eq!(shares, 100);
}

#[test]
fn every_test_has_a_specification_with_the_skills_of_the_sample_report() {
    let pack = Pack::embedded().unwrap();
    let campaign = &pack.campaigns[0];
    for test in &campaign.tests {
        let rows = &pack.specifications[&test.code].rows;
        let count = |skill| rows.iter().filter(|row| row.skill == skill).count();
        assert_eq!((count(Skill::A), count(Skill::B), count(Skill::C)), (4, 12, 4), "{}", test.code);
        assert!(rows.is_sorted_by_key(|row| row.skill), "{}: printed in the order A, B, C", test.code);
        let mut criteria: Vec<&str> = rows.iter().map(|row| row.criterion.kk.as_str()).collect();
        criteria.sort_unstable();
        criteria.dedup();
        assert_eq!(criteria.len(), 20, "{}: a criterion stands twice", test.code);
        for row in rows {
            for text in [&row.section, &row.topic, &row.criterion] {
                assert!(!text.kk.is_empty() && !text.ru.is_empty() && !text.en.is_empty());
            }
        }
        assert!(campaign.model.findings.iter().any(|finding| finding.test == test.code), "{}", test.code);
    }
}
