//! One sample of every document, for tests, benchmarks and for looking at. The people do not exist.
//!
//! The individual report is the one of facts 000b 3.13 (16 of 20, place 7 of 17 and 16 of 36); the criteria there have
//! lost their rows, so that their order here is ours.

mod network;
mod scale;

pub use network::{campaign, school};

use kernel::Language;

use crate::report::{
    AbsentPupil, ClassItem, ClassReport, CriterionShare, Imprint, IndividualReport, ItemRow, LoginCard, LoginCards,
    Mean, NeedGroup, Number, PaperField, PaperForm, PaperTask, Place, PupilRow, Score, SectionResult, Skill,
    SkillResult, Standing, Status,
};
use crate::sentence;

/// Section, topic, criterion, skill, correct: the twenty tasks in Kazakh, Russian, English.
type Task = ([&'static str; 3], [&'static str; 3], [&'static str; 3], Skill, bool);

const NUMBERS: [&str; 3] = [
    "Көптаңбалы сандар және оларға амалдар қолдану",
    "Многозначные числа и действия над ними",
    "Multi-digit numbers and operations",
];
const MULTIPLY: [&str; 3] = ["Көбейту және бөлу", "Умножение и деление", "Multiplication and division"];
const PROBLEMS: [&str; 3] = ["Есептер шығару", "Решение задач", "Problem solving"];
const FRACTIONS: [&str; 3] = ["Бөлшектер және пайыздар", "Доли, дроби и проценты", "Fractions and percents"];
const FIGURES: [&str; 3] = ["Геометриялық фигуралар", "Геометрические фигуры", "Geometric figures"];
const NATURAL: [&str; 3] = ["Натурал сандар және 0", "Натуральные числа и 0", "Natural numbers and 0"];
const SEQUENCES: [&str; 3] = ["Тізбектер", "Последовательности", "Sequences"];
const SETS: [&str; 3] =
    ["Жиындар және олармен амалдар орындау", "Множества и операции над ними", "Sets and operations on them"];
const OPERATIONS: [&str; 3] = ["Сандармен амалдар орындау", "Операции над числами", "Operations on numbers"];
const QUANTITIES: [&str; 3] =
    ["Шамалар және олардың өлшем бірліктері", "Величины и их единицы", "Quantities and units"];
const MODEL: [&str; 3] =
    ["Есептер және математикалық модель", "Задачи и математическая модель", "Problems and mathematical model"];
const STATEMENTS: [&str; 3] = ["Пікірлер", "Высказывания", "Statements"];
const COMBINATIONS: [&str; 3] = ["Нысандар комбинациясы", "Комбинации предметов", "Combinations of objects"];
const SHAPES: [&str; 3] = [
    "Геометриялық фигуралар және олардың жіктелуі",
    "Геометрические фигуры и их классификация",
    "Figures and their classification",
];

const TASKS: [Task; 20] = [
    (
        NUMBERS,
        NATURAL,
        [
            "Жүз миллионға дейінгі сандарды оқиды, жазады және салыстырады",
            "Читает, записывает и сравнивает числа до ста миллионов",
            "Reads, writes and compares numbers up to a hundred million",
        ],
        Skill::A,
        true,
    ),
    (
        NUMBERS,
        SEQUENCES,
        [
            "Бөлшектер тізбегінің заңдылығын анықтайды",
            "Определяет закономерность последовательности дробей",
            "Finds the pattern in a sequence of fractions",
        ],
        Skill::A,
        true,
    ),
    (
        MULTIPLY,
        SETS,
        [
            "Жиындар арасындағы қатынасты анықтайды",
            "Определяет отношения между множествами",
            "Determines relations between sets",
        ],
        Skill::A,
        false,
    ),
    (
        NUMBERS,
        NATURAL,
        [
            "Сандардың разрядтық және кластық құрамын анықтайды",
            "Определяет разрядный и классовый состав чисел",
            "Determines the place and class structure of numbers",
        ],
        Skill::A,
        true,
    ),
    (
        NUMBERS,
        OPERATIONS,
        [
            "Үштаңбалы сандарды қосу мен азайтудың тиімді тәсілін таңдайды",
            "Выбирает удобный способ сложения и вычитания трёхзначных чисел",
            "Chooses an efficient way to add and subtract three-digit numbers",
        ],
        Skill::B,
        true,
    ),
    (
        MULTIPLY,
        OPERATIONS,
        [
            "Көптаңбалы санды біртаңбалы санға көбейтеді және бөледі",
            "Умножает и делит многозначное число на однозначное",
            "Multiplies and divides a multi-digit number by a one-digit number",
        ],
        Skill::B,
        true,
    ),
    (
        MULTIPLY,
        OPERATIONS,
        [
            "6-дан 9-ға дейінгі көбейту кестесін қолданады",
            "Применяет таблицу умножения от 6 до 9",
            "Uses the times tables from 6 to 9",
        ],
        Skill::B,
        true,
    ),
    (
        NUMBERS,
        QUANTITIES,
        [
            "Ұзындық өлшем бірліктерін түрлендіреді (мм, см, дм, м, км)",
            "Преобразует единицы длины (мм, см, дм, м, км)",
            "Converts units of length (mm, cm, dm, m, km)",
        ],
        Skill::B,
        true,
    ),
    (
        NUMBERS,
        OPERATIONS,
        ["Қалдықпен бөлуді орындайды", "Выполняет деление с остатком", "Divides with a remainder"],
        Skill::B,
        false,
    ),
    (
        NUMBERS,
        QUANTITIES,
        [
            "Валютаны теңгеге және теңгеден ауызша айырбастайды",
            "Устно переводит валюту в тенге и обратно",
            "Converts currency to and from tenge orally",
        ],
        Skill::B,
        true,
    ),
    (
        PROBLEMS,
        MODEL,
        [
            "Шамалар арасындағы тәуелділікке есептер шығарады: масса, сан, жалпы масса; құны; ені, ұзындығы, ауданы",
            "Решает задачи на зависимость величин: масса, количество, общая масса; стоимость; ширина, длина, площадь",
            "Solves problems with dependent quantities: mass, count, total; cost; width, length, area",
        ],
        Skill::B,
        true,
    ),
    (
        FRACTIONS,
        OPERATIONS,
        [
            "Санның немесе шаманың бөлігін және бөлігі бойынша санды табады",
            "Находит долю числа или величины и число по его доле",
            "Finds a part of a number and the number from its part",
        ],
        Skill::B,
        true,
    ),
    (
        PROBLEMS,
        STATEMENTS,
        [
            "Кеңістіктік ойлауға арналған логикалық есептерді шығарады",
            "Решает логические задачи на пространственное мышление",
            "Solves logic problems that need spatial thinking",
        ],
        Skill::B,
        true,
    ),
    (
        PROBLEMS,
        COMBINATIONS,
        [
            "Комбинаториялық есептерді іріктеу тәсілімен шығарады",
            "Решает комбинаторные задачи методом перебора",
            "Solves combination problems by enumeration",
        ],
        Skill::B,
        false,
    ),
    (
        FRACTIONS,
        QUANTITIES,
        [
            "Уақыт өлшем бірліктерінің бөліктерін табады (1/60 сағ = 1 мин, 1/2 сағ = 30 мин, 1/7 апта = 1 тәулік)",
            "Находит доли единиц времени (1/60 ч = 1 мин, 1/2 ч = 30 мин, 1/7 недели = 1 сутки)",
            "Finds parts of units of time (1/60 h = 1 min, 1/2 h = 30 min, 1/7 week = 1 day)",
        ],
        Skill::B,
        true,
    ),
    (
        PROBLEMS,
        MODEL,
        [
            "Қозғалысқа берілген есептерді шығарады: жылдамдық, уақыт, арақашықтық",
            "Решает задачи на движение: скорость, время, расстояние",
            "Solves problems on speed, time and distance",
        ],
        Skill::B,
        true,
    ),
    (
        FIGURES,
        SHAPES,
        [
            "Құрама жазық фигуралардың ауданын табады",
            "Находит площадь составных плоских фигур",
            "Finds the area of composite plane figures",
        ],
        Skill::C,
        false,
    ),
    (
        FRACTIONS,
        QUANTITIES,
        [
            "Әртүрлі сағаттар бойынша уақытты анықтайды",
            "Определяет время по разным часам",
            "Tells the time on different clocks",
        ],
        Skill::C,
        true,
    ),
    (
        FIGURES,
        SHAPES,
        [
            "Тікбұрышты параллелепипед көлемінің формуласын қолданады",
            "Применяет формулу объёма прямоугольного параллелепипеда",
            "Uses the formula for the volume of a cuboid",
        ],
        Skill::C,
        true,
    ),
    (
        PROBLEMS,
        MODEL,
        [
            "Пропорционал бөлуге берілген есептерді шығарады",
            "Решает задачи на пропорциональное деление",
            "Solves problems of proportional division",
        ],
        Skill::C,
        true,
    ),
];

const fn index(language: Language) -> usize {
    match language {
        Language::Kk => 0,
        Language::Ru => 1,
        Language::En => 2,
    }
}

/// Campaign, issuer and date.
pub fn imprint(language: Language) -> Imprint {
    let [campaign, issuer, date] = [
        ["Тірек мектептер, 2022 жылғы қараша", "Педагогикалық өлшеулер орталығы, Астана", "2022 жылғы 18 қараша"],
        ["Опорные школы, ноябрь 2022 года", "Центр педагогических измерений, Астана", "18 ноября 2022 года"],
        ["Rural hub schools, November 2022", "Centre for Pedagogical Measurements, Astana", "18 November 2022"],
    ][index(language)];
    Imprint {
        language,
        campaign: campaign.to_owned(),
        issuer: issuer.to_owned(),
        date: date.to_owned(),
        demonstration: true,
    }
}

fn school_name(language: Language) -> String {
    [
        "№62 Ж. Әбдірәшев атындағы мектеп-лицей, Арал қаласы",
        "Школа-лицей №62 им. Ж. Абдрашева, город Арал",
        "Zh. Abdirashev school-lyceum №62, Aral",
    ][index(language)]
    .to_owned()
}

fn mathematics(language: Language) -> String {
    ["Математика", "Математика", "Mathematics"][index(language)].to_owned()
}

fn instruction(language: Language) -> String {
    ["қазақша", "русский", "Kazakh"][index(language)].to_owned()
}

/// The report of facts 3.13.
pub fn individual(language: Language) -> IndividualReport {
    with_answers(language, &TASKS.map(|task| task.4))
}

/// The report of a pupil with three of twenty: the longest advice, two pages.
pub fn weak(language: Language) -> IndividualReport {
    let mut correct = [false; 20];
    for task in [0, 6, 12] {
        correct[task] = true;
    }
    with_answers(language, &correct)
}

fn with_answers(language: Language, right: &[bool; 20]) -> IndividualReport {
    let words = index(language);
    let items: Vec<ItemRow> = (1..)
        .zip(TASKS.into_iter().zip(right))
        .map(|(number, ((section, topic, criterion, skill, _), correct))| ItemRow {
            number,
            section: section[words].to_owned(),
            topic: topic[words].to_owned(),
            criterion: criterion[words].to_owned(),
            skill: Some(skill),
            status: if *correct { Status::Correct } else { Status::Incorrect },
            points: None,
        })
        .collect();
    let count = |rule: &dyn Fn(&Task) -> bool| {
        let of = TASKS.iter().filter(|task| rule(task)).count() as u32;
        let correct = TASKS.iter().zip(right).filter(|(task, right)| rule(task) && **right).count() as u32;
        (Number::whole(correct), Number::whole(of))
    };
    let skills = [Skill::A, Skill::B, Skill::C]
        .into_iter()
        .map(|skill| {
            let (correct, of) = count(&|task| task.3 == skill);
            SkillResult { skill, correct, of }
        })
        .collect();
    let sections = [FRACTIONS, NUMBERS, MULTIPLY, PROBLEMS, FIGURES]
        .into_iter()
        .map(|section| {
            let (correct, of) = count(&|task| task.0 == section);
            let share = correct.value / of.value;
            let standing = if share >= 0.8 {
                Standing::Strong
            } else if share > 0.5 {
                Standing::Middle
            } else {
                Standing::Weak
            };
            let failed: Vec<&str> = TASKS
                .iter()
                .zip(right)
                .filter(|(task, right)| task.0 == section && !**right)
                .map(|(task, _)| task.2[words])
                .collect();
            let advice = if failed.is_empty() {
                String::new()
            } else {
                sentence(language, "practise", &[("topics", &failed.join("; "))])
            };
            SectionResult { section: section[words].to_owned(), correct, of, standing, advice }
        })
        .collect();
    let number = |value: f64| Number::new(value, 1, language);
    let score = right.iter().filter(|right| **right).count() as u32;
    let [low, high] = [f64::from(score) - 1.7, f64::from(score) + 1.7];
    let [low_text, high_text] = [low, high].map(|end| Number::new(end, 0, language).text);
    IndividualReport {
        imprint: imprint(language),
        school: school_name(language),
        class: "4 «А»".to_owned(),
        pupil: [
            "Әбілқайырова Айгерім Нұрланқызы",
            "Константинопольская Александра Вячеславовна",
            "Aigerim Abilkairova",
        ][words]
            .to_owned(),
        subject: mathematics(language),
        language_of_instruction: instruction(language),
        tasks: 20,
        correct: score,
        unattempted: 0,
        class_place: Some(Place { place: 7, of: 17 }),
        parallel_place: Some(Place { place: 16, of: 36 }),
        items,
        skills,
        sections,
        score: Score {
            raw: Number::whole(score),
            maximum: Number::whole(20),
            percent: Number::whole(score * 5),
            standard_error: Some(number(1.7)),
            low: Some(number(low)),
            high: Some(number(high)),
            sentence: sentence(language, "score-range", &[("low", &low_text), ("high", &high_text), ("maximum", "20")]),
        },
        summary: String::new(),
        scale: Some(scale::result(language, score)),
        no_scale: String::new(),
    }
}

/// Numbers that look like chance and are always the same: splitmix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `below` - 1.
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ (value >> 31)) % below.max(1)
    }
}

/// A name put together from parts, some of them long.
pub fn name(dice: &mut Dice, language: Language) -> String {
    const KAZAKH: ([&str; 8], [&str; 8]) = (
        ["Әбдірахманова", "Сейітқали", "Жұмабекова", "Нұрмұхамбетұлы", "Қасым", "Өтеген", "Шаңғытбаева", "Ыбырай"],
        ["Айгерім", "Нұрсұлтан", "Гүлнұр", "Бекзат", "Үміт", "Ерасыл", "Іңкәр", "Мұхаммедәлі"],
    );
    const RUSSIAN: ([&str; 8], [&str; 8]) = (
        ["Ким", "Воскресенская", "Шевченко", "Алимжанов", "Щербакова", "Ли", "Рахметуллаева", "Юрьев"],
        ["Анна", "Константин", "Дарья", "Тимур", "Елизавета", "Пётр", "Ксения", "Алишер"],
    );
    let (families, given) = if language == Language::Kk { KAZAKH } else { RUSSIAN };
    format!("{} {}", families[dice.roll(8) as usize], given[dice.roll(8) as usize])
}

/// A class of this many pupils in the test of [`individual`].
pub fn class(language: Language, pupils: u32) -> ClassReport {
    let words = index(language);
    let mut dice = Dice::new(62);
    let mut rows: Vec<(u32, String, Vec<Status>)> = (0..pupils)
        .map(|_| {
            let ability = dice.roll(60) + 25;
            let statuses: Vec<Status> = (0..20)
                .map(|task| match dice.roll(100) + 2 * task {
                    chance if chance < ability + 15 => Status::Correct,
                    chance if chance > 126 => Status::NotReached,
                    chance if chance % 11 == 0 => Status::Skipped,
                    _ => Status::Incorrect,
                })
                .collect();
            let score = statuses.iter().filter(|status| **status == Status::Correct).count() as u32;
            (score, name(&mut dice, language), statuses)
        })
        .collect();
    rows.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let percent = |part: u32, of: u32| Number::percent(part, of, 1, language);
    let items: Vec<ClassItem> = (0_u32..)
        .zip(TASKS)
        .map(|(task, (section, topic, criterion, skill, _))| {
            let right = rows.iter().filter(|row| row.2[task as usize] == Status::Correct).count() as u32;
            ClassItem {
                number: task + 1,
                section: section[words].to_owned(),
                topic: topic[words].to_owned(),
                criterion: criterion[words].to_owned(),
                skill: Some(skill),
                share: Mean::new(percent(right, pupils), pupils),
                campaign_share: Some(Mean::new(percent(78 - 2 * task, 100), 1365)),
            }
        })
        .collect();
    let mut needs: Vec<&ClassItem> = items.iter().collect();
    needs.sort_by_key(|item| item.share.value.as_ref().map_or(0, |share| (share.value * 10.0) as i64));
    let groups = needs
        .iter()
        .take(4)
        .map(|item| NeedGroup {
            need: item.criterion.clone(),
            items: vec![item.number],
            pupils: rows
                .iter()
                .filter(|row| row.2[item.number as usize - 1] != Status::Correct)
                .map(|row| row.1.clone())
                .collect(),
            advice: String::new(),
        })
        .collect();
    let total: u32 = rows.iter().map(|row| row.0).sum();
    let mean = |part, of, n| Mean::new(percent(part, of), n);
    let sections = [NUMBERS, MULTIPLY, PROBLEMS, FRACTIONS, FIGURES].map(|section| {
        let tasks: Vec<usize> = (0..20).filter(|task| TASKS[*task].0 == section).collect();
        let right = |row: &(u32, String, Vec<Status>)| {
            tasks.iter().filter(|task| row.2[**task] == Status::Correct).count() as u32
        };
        CriterionShare {
            criterion: section[words].to_owned(),
            items: tasks.iter().map(|task| *task as u32 + 1).collect(),
            share: mean(rows.iter().map(right).sum(), pupils * tasks.len() as u32, pupils),
            campaign_share: Some(mean(6, 10, 1365)),
        }
    });
    let absent = [["науқас", "болезнь", "illness"], ["дәлелсіз", "без причины", "no reason given"]];
    let individual = individual(language);
    let pupil_rows: Vec<PupilRow> = rows
        .iter()
        .map(|(score, name, statuses)| PupilRow {
            name: name.clone(),
            statuses: statuses.clone(),
            points: Vec::new(),
            score: Number::whole(*score),
            percent: Number::whole(score * 5),
            place: Some(Place { place: rows.iter().filter(|row| row.0 > *score).count() as u32 + 1, of: pupils }),
            scale: Some(scale::pupil(language, *score)),
        })
        .collect();
    let level_names = ["class", "parallel-mean", "campaign-mean"].map(|key| sentence(language, key, &[])).to_vec();
    ClassReport {
        imprint: individual.imprint,
        school: individual.school,
        class: individual.class,
        subject: individual.subject,
        language_of_instruction: individual.language_of_instruction,
        teacher: name(&mut dice, language),
        enrolled: pupils + 2,
        mean: mean(total, pupils * 20, pupils),
        parallel_mean: Some(mean(617, 1000, 36)),
        campaign_mean: Some(mean(605, 1000, 1365)),
        alpha: Some(Number::new(0.84, 2, language)),
        standard_error: Some(Number::new(1.73, 1, language)),
        items,
        levels: Some(scale::table(language, mathematics(language), level_names)),
        level_groups: scale::groups(language, &pupil_rows),
        no_scale: String::new(),
        pupils: pupil_rows,
        absent: absent
            .into_iter()
            .map(|reason| AbsentPupil { name: name(&mut dice, language), reason: reason[words].to_owned() })
            .collect(),
        criteria: sections.to_vec(),
        groups,
    }
}

/// A form on paper with a field of every kind.
pub fn paper(language: Language) -> PaperForm {
    let field = |number: &str, letters: &[&str], several: bool, places: usize, lines: usize| PaperField {
        number: number.to_owned(),
        letters: letters.iter().map(|letter| (*letter).to_owned()).collect(),
        several,
        places,
        lines,
    };
    let task = |number: &str, body: &str| PaperTask { number: number.to_owned(), body: body.to_owned() };
    PaperForm {
        language,
        title: "Әліппе".to_owned(),
        issuer: "Zerek".to_owned(),
        tasks: vec![
            task(
                "1",
                r#"#"Сколько будет ";#qti-math("корень из 16", false, $sqrt(16)$);#"?";#qti-choice("A)", [#"4";]);#qti-choice("B)", [#"8";]);"#,
            ),
            task("2", r#"#"Қала: ";#qti-line(7em);#qti-image("map.png", "картa", auto);"#),
        ],
        fields: vec![
            field("1", &["A", "B"], false, 0, 0),
            field("2", &["A", "B", "C"], true, 0, 0),
            field("3", &[], false, 4, 0),
            field("4", &[], false, 0, 3),
            field("5", &[], false, 0, 0),
        ],
        pictures: std::collections::BTreeMap::new(),
    }
}

/// Login cards for a class.
pub fn cards(language: Language, pupils: u32) -> LoginCards {
    let mut dice = Dice::new(4);
    let when = ["14 қараша, 09:00", "14 ноября, 09:00", "14 November, 09:00"][index(language)];
    let individual = individual(language);
    LoginCards {
        imprint: individual.imprint,
        school: individual.school,
        class: individual.class,
        address: "zerek.example.kz".to_owned(),
        cards: (0..pupils)
            .map(|_| LoginCard {
                pupil: name(&mut dice, language),
                subject: individual.subject.clone(),
                when: when.to_owned(),
                code: format!("{:04}-{:04}", dice.roll(10_000), dice.roll(10_000)),
            })
            .collect(),
    }
}
