//! Samples of the school report and of the presentation: results of facts 000b 3.10 to 3.12, with made-up counts.

use kernel::Language;

use super::{Dice, imprint, index, individual};
use crate::report::{
    BreakdownRow, BreakdownTable, CampaignPresentation, CorrelationTable, CriterionShare, Finding, GradeResult,
    LevelTable, Mean, Number, ParticipationRow, Place, SchoolClassRow, SchoolPlace, SchoolReport, SchoolSubjectRow,
    SubjectMean,
};
use crate::sentence;

/// Region, and percent, marks and place in grade 4 and in grade 8 (facts 000b 3.12, as printed).
type Region = ([&'static str; 3], [f64; 4], [u32; 2]);
const REGIONS: [Region; 17] = [
    (["Қарағанды", "Карагандинская", "Karaganda"], [70.8, 82.5, 53.2, 75.9], [1, 5]),
    (["Қызылорда", "Кызылординская", "Kyzylorda"], [67.7, 74.9, 43.2, 65.8], [2, 14]),
    (["Шығыс Қазақстан", "Восточно-Казахстанская", "East Kazakhstan"], [67.6, 70.6, 59.9, 62.7], [3, 2]),
    (["Қостанай", "Костанайская", "Kostanay"], [64.9, 76.8, 62.0, 66.8], [4, 1]),
    (["Жамбыл", "Жамбылская", "Zhambyl"], [62.7, 77.8, 50.9, 74.5], [5, 7]),
    (["Алматы", "Алматинская", "Almaty"], [61.9, 69.4, 53.4, 65.4], [6, 4]),
    (["Маңғыстау", "Мангистауская", "Mangystau"], [61.1, 73.7, 47.7, 70.4], [7, 10]),
    (["Ақтөбе", "Актюбинская", "Aktobe"], [60.4, 74.5, 43.8, 62.5], [8, 13]),
    (["Ұлытау", "Улытауская", "Ulytau"], [58.8, 78.2, 51.5, 73.3], [9, 6]),
    (["Павлодар", "Павлодарская", "Pavlodar"], [54.6, 61.7, 45.6, 58.1], [10, 12]),
    (["Солтүстік Қазақстан", "Северо-Казахстанская", "North Kazakhstan"], [53.7, 73.4, 47.9, 61.6], [11, 9]),
    (["Ақмола", "Акмолинская", "Akmola"], [49.9, 77.5, 55.0, 67.4], [12, 3]),
    (["Түркістан", "Туркестанская", "Turkistan"], [49.2, 76.4, 39.1, 71.7], [13, 17]),
    (["Атырау", "Атырауская", "Atyrau"], [47.3, 74.8, 42.5, 63.5], [14, 15]),
    (["Жетісу", "Жетысуская", "Zhetisu"], [45.1, 73.9, 39.8, 67.5], [15, 16]),
    (["Абай", "Абайская", "Abai"], [44.8, 72.9, 45.4, 72.3], [16, 11]),
    (["Батыс Қазақстан", "Западно-Казахстанская", "West Kazakhstan"], [41.1, 73.7, 49.2, 62.7], [17, 8]),
];

/// Grade, subject, mean, Kazakh-medium, Russian-medium (facts 000b 3.10, 3.11).
type Subject = (u32, [&'static str; 3], f64, Option<[f64; 2]>);
const SUBJECTS: [Subject; 13] = [
    (4, ["Математика", "Математика", "Mathematics"], 60.5, Some([61.9, 53.2])),
    (4, ["Қазақ тілі (Т1)", "Казахский язык (Я1)", "Kazakh (T1)"], 48.1, None),
    (4, ["Орыс тілі (Т1)", "Русский язык (Я1)", "Russian (T1)"], 53.9, None),
    (4, ["Жаратылыстану, Дүниетану", "Естествознание, Познание мира", "Natural science"], 65.2, Some([66.3, 59.6])),
    (8, ["Математика", "Математика", "Mathematics"], 46.3, Some([46.2, 47.3])),
    (8, ["Қазақ тілі (Т1)", "Казахский язык (Я1)", "Kazakh (T1)"], 50.5, None),
    (8, ["Орыс тілі (Т1)", "Русский язык (Я1)", "Russian (T1)"], 49.0, None),
    (8, ["Қазақ тілі мен әдебиеті (Т2)", "Казахский язык и литература (Я2)", "Kazakh (T2)"], 53.4, None),
    (8, ["Орыс тілі мен әдебиеті (Т2)", "Русский язык и литература (Я2)", "Russian (T2)"], 58.2, None),
    (8, ["Ағылшын тілі", "Английский язык", "English"], 42.9, Some([42.1, 47.7])),
    (8, ["Биология", "Биология", "Biology"], 50.1, Some([48.6, 59.4])),
    (8, ["Физика", "Физика", "Physics"], 46.8, Some([46.6, 48.0])),
    (8, ["Химия", "Химия", "Chemistry"], 44.5, Some([43.7, 49.5])),
];

fn number(value: f64, language: Language) -> Number {
    Number::new(value, 1, language)
}

fn mean(value: f64, n: u32, language: Language) -> Mean {
    Mean::new(Some(number(value, language)), n)
}

fn findings(language: Language) -> Vec<Finding> {
    let report = individual(language);
    let criterion = |item: usize, share: f64| CriterionShare {
        criterion: report.items[item].criterion.clone(),
        items: vec![report.items[item].number],
        share: mean(share, 1365, language),
        campaign_share: None,
    };
    let advice = [
        "Комбинаторика, Эйлер-Венн диаграммасы және график деректері бойынша тапсырмаларды көбірек орындау.",
        "Чаще давать задания на комбинаторику, диаграммы Эйлера-Венна и данные графиков.",
        "Give more tasks on combinations, Euler-Venn diagrams and data in graphs.",
    ];
    let finding = |subject: &Subject| Finding {
        grade: subject.0,
        subject: subject.1[index(language)].to_owned(),
        done_well: vec![criterion(7, 84.1), criterion(1, 79.5), criterion(6, 77.0)],
        done_badly: vec![criterion(11, 31.2), criterion(2, 36.8), criterion(13, 38.4)],
        advice: advice[index(language)].to_owned(),
    };
    vec![finding(&SUBJECTS[0]), finding(&SUBJECTS[3])]
}

/// Report of one school.
pub fn school(language: Language) -> SchoolReport {
    let words = index(language);
    let mut dice = Dice::new(17);
    let subjects: Vec<SchoolSubjectRow> = SUBJECTS
        .iter()
        .filter(|subject| !subject.1[2].starts_with("Russian (T1)") && !subject.1[2].starts_with("Kazakh (T2)"))
        .map(|(grade, subject, campaign, _)| {
            let value = campaign + dice.roll(240) as f64 / 10.0 - 9.0;
            SchoolSubjectRow {
                grade: *grade,
                subject: subject[words].to_owned(),
                mean: mean(value, 71 + dice.roll(9) as u32, language),
                standard_error: Some(number(1.8, language)),
                campaign_mean: mean(*campaign, 1250, language),
                place: Some(Place { place: dice.roll(17) as u32 + 1, of: 17 }),
                marks: Some(number(value + 7.5, language)),
                gap: Some(Number::signed(7.5, 1, language)),
            }
        })
        .collect();
    let classes = ["4 «А»", "4 «Ә»", "4 «Б»"]
        .into_iter()
        .flat_map(|class| SUBJECTS[..2].iter().map(move |subject| (class, subject)))
        .map(|(class, subject)| SchoolClassRow {
            class: class.to_owned(),
            subject: subject.1[words].to_owned(),
            mean: mean(subject.2 + dice.roll(120) as f64 / 10.0 - 4.0, 20 + dice.roll(8) as u32, language),
            lowest: Some(Number::whole(15 + 5 * dice.roll(4) as u32)),
            highest: Some(Number::whole(80 + 5 * dice.roll(4) as u32)),
        })
        .collect();
    let of_language = [["қазақша", "казахский", "Kazakh"], ["орысша", "русский", "Russian"]];
    SchoolReport {
        imprint: imprint(language),
        school: super::school_name(language),
        region: [
            "Қызылорда облысы, Арал ауданы",
            "Кызылординская область, Аральский район",
            "Kyzylorda region, Aral district",
        ][words]
            .to_owned(),
        participation: [(4, 0, 78, 76), (8, 0, 71, 66), (8, 1, 12, 12)]
            .into_iter()
            .map(|(grade, which, enrolled, took_part)| ParticipationRow {
                grade,
                language: of_language[which][words].to_owned(),
                enrolled,
                took_part,
                percent: Number::percent(took_part, enrolled, 1, language),
            })
            .collect(),
        levels: vec![levels(language, 4, 1), levels(language, 8, 1)],
        subjects,
        classes,
        findings: findings(language),
        summary: Vec::new(),
    }
}

/// Subjects of a grade on the scale, in so many groups each.
fn levels(language: Language, grade: u32, groups: usize) -> LevelTable {
    let of_language = [["қазақ", "казахский", "Kazakh"], ["орыс", "русский", "Russian"]];
    let name = |subject: &str, group: usize| match groups {
        1 => subject.to_owned(),
        _ => format!("{subject}, {}", of_language[group][index(language)]),
    };
    let subjects = SUBJECTS.iter().filter(|subject| subject.0 == grade).map(|subject| subject.1[index(language)]);
    let rows = subjects.flat_map(|subject| (0..groups).map(move |group| name(subject, group))).collect();
    super::scale::table(language, sentence(language, "grade-name", &[("grade", &grade.to_string())]), rows)
}

/// The presentation of the campaign.
pub fn campaign(language: Language) -> CampaignPresentation {
    let words = index(language);
    let mut dice = Dice::new(178);
    let subjects: Vec<SubjectMean> = SUBJECTS
        .iter()
        .map(|(grade, subject, value, languages)| SubjectMean {
            grade: *grade,
            subject: subject[words].to_owned(),
            mean: mean(*value, if *grade == 4 { 1365 } else { 1127 }, language),
            standard_error: Some(number(0.6, language)),
            kazakh: languages.map(|[kazakh, _]| mean(kazakh, 1104, language)),
            russian: languages.map(|[_, russian]| mean(russian, 231, language)),
            alpha: Some(Number::new(0.82, 2, language)),
        })
        .collect();
    let result = |value: f64, marks: f64, place: u32, n: u32| GradeResult {
        mean: mean(value, n, language),
        place: Some(place),
        marks: Some(number(marks, language)),
        gap: Some(Number::signed(marks - value, 1, language)),
    };
    let places = REGIONS
        .iter()
        .map(|(region, [four, marks_four, eight, marks_eight], [place_four, place_eight])| SchoolPlace {
            school: region[words].to_owned(),
            grades: vec![
                Some(result(*four, *marks_four, *place_four, 60 + dice.roll(50) as u32)),
                Some(result(*eight, *marks_eight, *place_eight, 50 + dice.roll(50) as u32)),
            ],
            difference: Some(place_four.cast_signed() - place_eight.cast_signed()),
        })
        .collect();
    let of_grade = |grade: u32| -> Vec<String> {
        SUBJECTS
            .iter()
            .filter(|subject| subject.0 == grade && subject.3.is_some())
            .map(|subject| subject.1[words].to_owned())
            .collect()
    };
    let correlations = [4, 8]
        .into_iter()
        .map(|grade| {
            let names = of_grade(grade);
            let cell = |row: usize, column: usize| {
                (row != column).then(|| Number::new(0.35 + 0.07 * ((row + column) % 5) as f64, 2, language))
            };
            let cells =
                (0..names.len()).map(|row| (0..names.len()).map(|column| cell(row, column)).collect()).collect();
            CorrelationTable { grade, subjects: names, cells, n: 1098 }
        })
        .collect();
    let columns = of_grade(4);
    let grade = sentence(language, "grade-name", &[("grade", "4")]);
    let districts = BreakdownTable {
        title: sentence(language, "scale-by-district", &[("grade", &grade)]),
        columns: columns.clone(),
        rows: REGIONS
            .iter()
            .map(|(region, ..)| BreakdownRow {
                name: region[words].to_owned(),
                means: columns
                    .iter()
                    .map(|_| {
                        let points = Number::whole(460 + dice.roll(90) as u32);
                        Some(Mean::new(Some(points), 60 + dice.roll(40) as u32))
                    })
                    .collect(),
            })
            .collect(),
    };
    let mut breakdown = |grade: u32| BreakdownTable {
        title: sentence(
            language,
            "means-by-region",
            &[("grade", &sentence(language, "grade-name", &[("grade", &grade.to_string())]))],
        ),
        columns: SUBJECTS.iter().filter(|row| row.0 == grade).map(|row| row.1[words].to_owned()).collect(),
        rows: REGIONS
            .iter()
            .map(|(region, [four, _, eight, _], _)| BreakdownRow {
                name: region[words].to_owned(),
                means: SUBJECTS
                    .iter()
                    .filter(|row| row.0 == grade)
                    .map(|_| match dice.roll(12) {
                        0 => None,
                        1 => Some(Mean::new(None, 7)),
                        shift => {
                            let value = if grade == 4 { four } else { eight };
                            Some(mean(value + shift as f64 - 6.0, 60 + shift as u32, language))
                        }
                    })
                    .collect(),
            })
            .collect(),
    };
    let breakdowns = vec![breakdown(4), breakdown(8)];
    CampaignPresentation {
        imprint: imprint(language),
        period: ["2022 жылғы 14–18 қараша", "14–18 ноября 2022 года", "14–18 November 2022"][words].to_owned(),
        schools: 17,
        enrolled: 2565,
        took_part: 2492,
        tests: 13,
        attempts: 11_899,
        highlights: [
            [
                "4-сыныпта ең жоғары нәтиже жаратылыстанудан (65,2 %), ең төмені қазақ тілінен (48,1 %).",
                "В 4 классе самый высокий результат по естествознанию (65,2 %), самый низкий по казахскому языку (48,1 %).",
                "In grade 4 the best result is in natural science (65.2 %), the lowest in Kazakh (48.1 %).",
            ],
            [
                "Тоқсан бағалары мониторингтен 3–33 пайыздық тармаққа жоғары.",
                "Отметки за четверть выше мониторинга на 3–33 процентных пункта.",
                "Term marks lie 3 to 33 percentage points above the monitoring.",
            ],
        ]
        .iter()
        .map(|text| text[words].to_owned())
        .collect(),
        subjects,
        breakdowns,
        places,
        grades: vec![4, 8],
        correlations,
        findings: findings(language),
        levels: vec![levels(language, 4, 1), levels(language, 8, 1)],
        levels_by_language: vec![levels(language, 4, 2), levels(language, 8, 2)],
        scale_by_district: vec![districts],
    }
}
