//! Words of the report in three languages.

use psychometrics::ItemFlag;

/// Headings and labels in one language.
pub struct Words {
    pub decimal_comma: bool,
    pub title: &'static str,
    pub test: &'static str,
    pub persons: &'static str,
    pub item: &'static str,
    pub items: &'static str,
    pub mean: &'static str,
    pub sd: &'static str,
    pub sem: &'static str,
    pub log_likelihood: &'static str,
    pub variance: &'static str,
    pub distribution: &'static str,
    pub wright_map: &'static str,
    pub curves: &'static str,
    pub facility: &'static str,
    pub item_rest: &'static str,
    pub flags: &'static str,
    pub warnings: &'static str,
    /// Short names of flags in the order of [`Words::flag`]; empty in English, whose flags are full sentences.
    flag_names: [&'static str; 13],
}

impl Words {
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
        let value = if self.decimal_comma { value.replace('.', ",") } else { value };
        format!("{name} {value}").trim_end().to_owned()
    }
}

const ENGLISH: Words = Words {
    decimal_comma: false,
    title: "Test analysis",
    test: "Test",
    persons: "Persons",
    item: "Item",
    items: "Items",
    mean: "Mean score",
    sd: "Standard deviation",
    sem: "Standard error of measurement",
    log_likelihood: "Log-likelihood",
    variance: "Variance of ability",
    distribution: "Distribution of scores",
    wright_map: "Persons and items on one scale",
    curves: "Expected share of points by ability",
    facility: "Facility",
    item_rest: "Item-rest correlation",
    flags: "Look at",
    warnings: "Warnings",
    flag_names: [""; 13],
};

const RUSSIAN: Words = Words {
    decimal_comma: true,
    title: "Анализ теста",
    test: "Тест",
    persons: "Участники",
    item: "Задание",
    items: "Задания",
    mean: "Средний балл",
    sd: "Стандартное отклонение",
    sem: "Стандартная ошибка измерения",
    log_likelihood: "Логарифм правдоподобия",
    variance: "Дисперсия способностей",
    distribution: "Распределение баллов",
    wright_map: "Участники и задания на одной шкале",
    curves: "Ожидаемая доля баллов в зависимости от способности",
    facility: "Трудность (доля верных)",
    item_rest: "Корреляция с остальным тестом",
    flags: "Обратить внимание",
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
    decimal_comma: true,
    title: "Тест талдауы",
    test: "Тест",
    persons: "Қатысушылар",
    item: "Тапсырма",
    items: "Тапсырмалар",
    mean: "Орташа балл",
    sd: "Стандартты ауытқу",
    sem: "Өлшеудің стандартты қатесі",
    log_likelihood: "Шындыққа ұқсастық логарифмі",
    variance: "Қабілет дисперсиясы",
    distribution: "Балдардың үлестірімі",
    wright_map: "Қатысушылар мен тапсырмалар бір шкалада",
    curves: "Қабілетке қарай күтілетін балл үлесі",
    facility: "Дұрыс жауап үлесі",
    item_rest: "Тесттің қалған бөлігімен корреляция",
    flags: "Назар аударыңыз",
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

/// Words of a language: kk, ru or en.
pub fn words(language: &str) -> Option<&'static Words> {
    match language {
        "kk" => Some(&KAZAKH),
        "ru" => Some(&RUSSIAN),
        "en" => Some(&ENGLISH),
        _ => None,
    }
}
