//! Words of the report in three languages.

use charts::Numbers;
use kernel::Language;
use psychometrics::{FitWarning, ItemFlag};

use super::super::input::Note;

/// Headings, labels and sentences in one language.
pub struct Words {
    language: Language,
    pub title: &'static str,
    pub test: &'static str,
    pub persons: &'static str,
    pub item: &'static str,
    pub items: &'static str,
    pub score: &'static str,
    pub scale: &'static str,
    pub mean: &'static str,
    pub sd: &'static str,
    pub alpha: &'static str,
    pub glb: &'static str,
    pub sem: &'static str,
    pub ability_reliability: &'static str,
    pub log_likelihood: &'static str,
    pub variance: &'static str,
    pub distribution: &'static str,
    pub wright_map: &'static str,
    pub map_note: &'static str,
    pub decisions: &'static str,
    pub decisions_note: &'static str,
    pub cut: &'static str,
    pub accuracy: &'static str,
    pub consistency: &'static str,
    pub all_levels: &'static str,
    pub precision: &'static str,
    pub precision_note: &'static str,
    pub information: &'static str,
    pub error: &'static str,
    pub ability: &'static str,
    pub curves: &'static str,
    pub answers: &'static str,
    pub answers_note: &'static str,
    pub scores_note: &'static str,
    pub group: &'static str,
    pub share: &'static str,
    pub no_answer: &'static str,
    pub facility: &'static str,
    pub item_rest: &'static str,
    pub without: &'static str,
    pub slope: &'static str,
    pub difficulty: &'static str,
    pub flags: &'static str,
    pub options: &'static str,
    pub option: &'static str,
    pub key: &'static str,
    pub mean_of_choosers: &'static str,
    pub warnings: &'static str,
    /// Short names of flags in the order of [`Words::flag`]; empty in English, whose flags are full sentences.
    flag_names: [&'static str; 13],
}

impl Words {
    /// How numbers are written.
    pub fn numbers(&self, decimals: u32) -> Numbers {
        if self.language == Language::En { Numbers::point(decimals) } else { Numbers::comma(decimals) }
    }

    /// A number, a dash when there is none.
    pub fn shown(&self, value: Option<f64>, decimals: u32) -> String {
        self.grouped(&self.numbers(decimals).plain(value.unwrap_or(f64::NAN)))
    }

    /// A number of persons or items.
    pub fn count(&self, n: usize) -> String {
        self.grouped(&n.to_string())
    }

    /// Digits of large numbers in threes.
    fn grouped(&self, text: &str) -> String {
        let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let digits = text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
        if digits < 5 {
            return text.to_owned();
        }
        let separator = if self.language == Language::En { ',' } else { '\u{a0}' };
        let mut out = text[..start].to_owned();
        for (place, digit) in text[start..start + digits].chars().enumerate() {
            if place > 0 && (digits - place).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(digit);
        }
        out + &text[start + digits..]
    }

    /// What was analysed.
    pub fn lead(&self, source: &str, persons: usize, items: usize, models: &str) -> String {
        let (persons, items) = (self.count(persons), self.count(items));
        match self.language {
            Language::En => format!("{source}: {persons} persons, {items} items, model {models}"),
            Language::Ru => format!("{source}: участников {persons}, заданий {items}, модель {models}"),
            Language::Kk => format!("{source}: {persons} қатысушы, {items} тапсырма, {models} моделі"),
        }
    }

    /// A remark about the data.
    pub fn note(&self, note: &Note) -> String {
        match (self.language, note) {
            (Language::En, note) => note.to_string(),
            (Language::Ru, Note::WithoutKey(columns)) => format!("столбцы без ключа не учтены: {columns}"),
            (Language::Kk, Note::WithoutKey(columns)) => format!("кілті жоқ бағандар есепке алынбады: {columns}"),
            (Language::Ru, Note::Repeated(n, names)) => {
                format!("участников, записанных больше одного раза: {n} ({names}); каждая строка считается участником")
            }
            (Language::Kk, Note::Repeated(n, names)) => {
                format!("{n} қатысушы бірнеше рет жазылған: {names}; әр жол жеке қатысушы деп саналды")
            }
        }
    }

    /// A warning of the calibration.
    pub fn fit_warning(&self, warning: &FitWarning) -> String {
        match self.language {
            Language::En => warning.to_string(),
            Language::Ru => self.warning_in_russian(warning),
            Language::Kk => self.warning_in_kazakh(warning),
        }
    }

    fn warning_in_russian(&self, warning: &FitWarning) -> String {
        match warning {
            FitWarning::NotConverged(left) => {
                format!("расчёт не сошёлся: до максимума логарифма правдоподобия осталось около {left:.0e}")
            }
            FitWarning::EmptyPersons(n) => format!("участники без единого ответа не учтены: {n}"),
            FitWarning::EmptyScores(item, scores) => {
                format!("задание {item}: никто не получил баллов {}; такие категории убраны", listed(scores))
            }
            FitWarning::SameAnswers(item, other) => {
                format!("задания {item} и {other}: ответы всех участников одинаковы; уберите одно из них")
            }
            FitWarning::NegativeSlope(item) => format!("задание {item}: отрицательная дискриминация, проверьте ключ"),
            FitWarning::LargeSlope(item, slope) => {
                format!(
                    "задание {item}: дискриминация {} на пределе того, что показывают данные",
                    self.shown(Some(*slope), 1)
                )
            }
            FitWarning::AsymptoteAtBoundary(item) => {
                format!("задание {item}: асимптота на границе; нужна модель проще или априорное распределение")
            }
            FitWarning::NoStandardErrors => {
                "стандартных ошибок нет: какой-то параметр не определяется данными".to_owned()
            }
            FitWarning::Disconnected(sets) => {
                format!("план не связан: наборов заданий без общих участников {}", sets.len())
            }
            FitWarning::RangeTooNarrow(group) => {
                format!("распределение способностей {group} выходит за пределы узлов интегрирования")
            }
            other => other.to_string(),
        }
    }

    fn warning_in_kazakh(&self, warning: &FitWarning) -> String {
        match warning {
            FitWarning::NotConverged(left) => {
                format!(
                    "есептеу жинақталмады: шындыққа ұқсастық логарифмінің максимумына дейін шамамен {left:.0e} қалды"
                )
            }
            FitWarning::EmptyPersons(n) => format!("бірде-бір жауабы жоқ {n} қатысушы есепке алынбады"),
            FitWarning::EmptyScores(item, scores) => {
                format!("{item} тапсырмасы: {} балды ешкім алмаған; бұл санаттар алынып тасталды", listed(scores))
            }
            FitWarning::SameAnswers(item, other) => {
                format!("{item} және {other} тапсырмасы: барлық қатысушының жауабы бірдей; біреуін алып тастаңыз")
            }
            FitWarning::NegativeSlope(item) => format!("{item} тапсырмасы: дискриминациясы теріс, кілтті тексеріңіз"),
            FitWarning::LargeSlope(item, slope) => {
                format!(
                    "{item} тапсырмасы: {} дискриминациясы – деректер көрсете алатын шекте",
                    self.shown(Some(*slope), 1)
                )
            }
            FitWarning::AsymptoteAtBoundary(item) => {
                format!("{item} тапсырмасы: асимптота шекте тұр; қарапайымырақ модель немесе априорлық үлестірім керек")
            }
            FitWarning::NoStandardErrors => "стандартты қателер жоқ: бір параметр деректермен анықталмайды".to_owned(),
            FitWarning::Disconnected(sets) => {
                format!("жоспар байланыспаған: ортақ қатысушысы жоқ {} тапсырма жиыны бар", sets.len())
            }
            FitWarning::RangeTooNarrow(group) => {
                format!("{group} қабілет үлестірімі интегралдау түйіндерінен шығып кетеді")
            }
            other => other.to_string(),
        }
    }

    /// A flag in the language of the report, with its number or option.
    pub fn flag(&self, flag: &ItemFlag) -> String {
        let (place, value) = match flag {
            ItemFlag::NoResponses => (0, String::new()),
            ItemFlag::AllAlike => (1, String::new()),
            ItemFlag::Few(n) => (2, n.to_string()),
            ItemFlag::TooEasy(p) => (3, format!("{p:.2}")),
            ItemFlag::TooHard(p) => (4, format!("{p:.2}")),
            ItemFlag::NegativeDiscrimination(r) => (5, format!("{r:.2}")),
            ItemFlag::LowDiscrimination(r) => (6, format!("{r:.2}")),
            ItemFlag::ManySkipped(p) => (7, format!("{p:.2}")),
            ItemFlag::ManyNotReached(p) => (8, format!("{p:.2}")),
            ItemFlag::EmptyScore(score) => (9, score.to_string()),
            ItemFlag::DistractorCorrelates(option, r) => (10, format!("{option} ({r:.2})")),
            ItemFlag::DistractorBeatsKey(option) => (11, option.clone()),
            ItemFlag::UnusedOption(option) => (12, option.clone()),
            other => return other.to_string(),
        };
        let name = self.flag_names[place];
        if name.is_empty() {
            return flag.to_string();
        }
        let value = if self.language == Language::En { value } else { value.replace('.', ",") };
        format!("{name} {value}").trim_end().to_owned()
    }
}

fn listed(scores: &[u8]) -> String {
    scores.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}

const ENGLISH: Words = Words {
    language: Language::En,
    title: "Test analysis",
    test: "Test",
    persons: "Persons",
    item: "Item",
    items: "Items",
    score: "Score",
    scale: "Scale",
    mean: "Mean score",
    sd: "Standard deviation",
    alpha: "α (95 % interval)",
    glb: "Greatest lower bound of reliability",
    sem: "Standard error of measurement",
    ability_reliability: "Reliability of ability (EAP)",
    log_likelihood: "Log-likelihood",
    variance: "Variance of ability",
    distribution: "Distribution of scores",
    wright_map: "Persons and items on one scale",
    map_note: "Left: persons by ability (EAP). Right: items at their difficulty; a step of an item with several points is written item:step. Where no item stands, persons are measured poorly. +3 counts items that had no room; the table has all.",
    decisions: "Decisions at cut scores",
    decisions_note: "Accuracy: expected share of persons whose true level is the one given. Consistency: share that a parallel form would put into the same level (Livingston and Lewis 1995).",
    cut: "Cut score",
    accuracy: "Accuracy",
    consistency: "Consistency",
    all_levels: "All levels",
    precision: "Where the test measures well",
    precision_note: "The standard error of ability is one over the root of the information.",
    information: "Information",
    error: "Standard error of ability",
    ability: "Ability θ",
    curves: "Expected share of points by ability",
    answers: "Answers by score group",
    answers_note: "Groups of about equal size by total score, the weakest on the left; * marks the key. A wrong answer whose share rises to the right needs a look.",
    scores_note: "Groups of about equal size by total score, the weakest on the left; the share of each score on the item.",
    group: "Score group",
    share: "Share",
    no_answer: "none",
    facility: "Facility",
    item_rest: "Item-rest correlation",
    without: "α without it",
    slope: "a (SE)",
    difficulty: "b (SE)",
    flags: "Look at",
    options: "Answers chosen",
    option: "Answer",
    key: "key",
    mean_of_choosers: "Mean score of those who chose it",
    warnings: "Warnings",
    flag_names: [""; 13],
};

const RUSSIAN: Words = Words {
    language: Language::Ru,
    title: "Анализ теста",
    test: "Тест",
    persons: "Участники",
    item: "Задание",
    items: "Задания",
    score: "Балл",
    scale: "Шкала",
    mean: "Средний балл",
    sd: "Стандартное отклонение",
    alpha: "α (интервал 95 %)",
    glb: "Наибольшая нижняя граница надёжности",
    sem: "Стандартная ошибка измерения",
    ability_reliability: "Надёжность оценок способности (EAP)",
    log_likelihood: "Логарифм правдоподобия",
    variance: "Дисперсия способностей",
    distribution: "Распределение баллов",
    wright_map: "Участники и задания на одной шкале",
    map_note: "Слева участники по способности (EAP), справа задания по трудности; шаг задания с несколькими баллами записан как задание:шаг. Там, где нет заданий, участники измерены плохо. Запись +3 – это задания, которым не хватило места; в таблице есть все.",
    decisions: "Решения по пороговым баллам",
    decisions_note: "Точность – ожидаемая доля участников, чей истинный уровень совпадает с присвоенным. Согласованность – доля тех, кого параллельный вариант отнёс бы к тому же уровню (Livingston, Lewis 1995).",
    cut: "Пороговый балл",
    accuracy: "Точность",
    consistency: "Согласованность",
    all_levels: "Все уровни",
    precision: "Где тест измеряет точно",
    precision_note: "Стандартная ошибка способности равна единице, делённой на корень из информации.",
    information: "Информация",
    error: "Стандартная ошибка способности",
    ability: "Способность θ",
    curves: "Ожидаемая доля баллов в зависимости от способности",
    answers: "Ответы по группам баллов",
    answers_note: "Группы примерно равного размера по общему баллу, слева самая слабая; * отмечает ключ. Неверный ответ, доля которого растёт вправо, нужно проверить.",
    scores_note: "Группы примерно равного размера по общему баллу, слева самая слабая; доля каждого балла за задание.",
    group: "Группа баллов",
    share: "Доля",
    no_answer: "нет",
    facility: "Доля верных",
    item_rest: "Корреляция с остальным тестом",
    without: "α без задания",
    slope: "a (ст. ошибка)",
    difficulty: "b (ст. ошибка)",
    flags: "Обратить внимание",
    options: "Выбранные ответы",
    option: "Ответ",
    key: "ключ",
    mean_of_choosers: "Средний балл выбравших",
    warnings: "Предупреждения",
    flag_names: [
        "нет ответов",
        "все баллы одинаковы",
        "мало ответов:",
        "очень лёгкое:",
        "очень трудное:",
        "корреляция не положительна, проверьте ключ:",
        "слабо различает:",
        "доля пропустивших:",
        "доля не дошедших:",
        "никто не получил баллов:",
        "неверный вариант связан с высоким баллом:",
        "различает лучше ключа вариант",
        "почти никто не выбрал вариант",
    ],
};

const KAZAKH: Words = Words {
    language: Language::Kk,
    title: "Тест талдауы",
    test: "Тест",
    persons: "Қатысушылар",
    item: "Тапсырма",
    items: "Тапсырмалар",
    score: "Балл",
    scale: "Шкала",
    mean: "Орташа балл",
    sd: "Стандартты ауытқу",
    alpha: "α (95 % аралық)",
    glb: "Сенімділіктің ең үлкен төменгі шегі",
    sem: "Өлшеудің стандартты қатесі",
    ability_reliability: "Қабілет бағаларының сенімділігі (EAP)",
    log_likelihood: "Шындыққа ұқсастық логарифмі",
    variance: "Қабілет дисперсиясы",
    distribution: "Балдардың үлестірімі",
    wright_map: "Қатысушылар мен тапсырмалар бір шкалада",
    map_note: "Сол жақта – қабілеті бойынша қатысушылар (EAP), оң жақта – қиындығы бойынша тапсырмалар; бірнеше балл беретін тапсырманың қадамы «тапсырма:қадам» түрінде жазылған. Тапсырма жоқ жерде қатысушылар дәл өлшенбейді. «+3» – орын жетпеген тапсырмалар саны; кестеде бәрі бар.",
    decisions: "Шекті балдар бойынша шешімдер",
    decisions_note: "Дәлдік – нақты деңгейі берілген деңгеймен сәйкес келетін қатысушылардың күтілетін үлесі. Үйлесімділік – параллель нұсқа дәл сол деңгейге жатқызатындардың үлесі (Livingston, Lewis 1995).",
    cut: "Шекті балл",
    accuracy: "Дәлдік",
    consistency: "Үйлесімділік",
    all_levels: "Барлық деңгей",
    precision: "Тест қай жерде дәл өлшейді",
    precision_note: "Қабілеттің стандартты қатесі – бірді ақпараттың түбіріне бөлгенге тең.",
    information: "Ақпарат",
    error: "Қабілеттің стандартты қатесі",
    ability: "Қабілет θ",
    curves: "Қабілетке қарай күтілетін балл үлесі",
    answers: "Балл топтары бойынша жауаптар",
    answers_note: "Топтар жалпы балл бойынша шамамен тең бөлінген, сол жақта – ең әлсізі; * кілтті білдіреді. Үлесі оңға қарай өсетін қате жауапты тексеру керек.",
    scores_note: "Топтар жалпы балл бойынша шамамен тең бөлінген, сол жақта – ең әлсізі; тапсырманың әр балының үлесі.",
    group: "Балл тобы",
    share: "Үлес",
    no_answer: "жоқ",
    facility: "Дұрыс жауап үлесі",
    item_rest: "Тесттің қалған бөлігімен корреляция",
    without: "Тапсырмасыз α",
    slope: "a (ст. қате)",
    difficulty: "b (ст. қате)",
    flags: "Назар аударыңыз",
    options: "Таңдалған жауаптар",
    option: "Жауап",
    key: "кілт",
    mean_of_choosers: "Таңдағандардың орташа балы",
    warnings: "Ескертулер",
    flag_names: [
        "жауап жоқ",
        "барлық балл бірдей",
        "жауап аз:",
        "өте оңай:",
        "өте қиын:",
        "корреляция оң емес, кілтті тексеріңіз:",
        "нашар ажыратады:",
        "өткізіп жібергендер үлесі:",
        "жетпегендер үлесі:",
        "ешкім алмаған балл:",
        "қате нұсқа жоғары балмен байланысты:",
        "кілттен жақсы ажырататын нұсқа",
        "ешкім дерлік таңдамаған нұсқа",
    ],
};

/// Words of a language.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::Kk => &KAZAKH,
        Language::Ru => &RUSSIAN,
        Language::En => &ENGLISH,
    }
}
