//! The few words Zerek adds to an item, in its three languages, and the printing of variables.

use crate::value::{Scalar, Value, number_text};
use crate::xml::Element;
use std::fmt::Write as _;

/// Words around interactions.
#[derive(Debug)]
#[expect(missing_docs, reason = "each name says where the word stands")]
pub struct Texts {
    pub language: &'static str,
    pub choose: &'static str,
    pub answer: &'static str,
    pub more: &'static str,
    pub place: &'static str,
    pub first: &'static str,
    pub second: &'static str,
    pub pair: &'static str,
    pub gap: &'static str,
    pub point: &'static str,
    pub across: &'static str,
    pub down: &'static str,
    pub file: &'static str,
    pub drawing: &'static str,
    pub area: &'static str,
    pub end_attempt: &'static str,
    pub unsupported: &'static str,
    pub choose_exactly: &'static str,
    pub choose_at_most: &'static str,
    pub choose_at_least: &'static str,
    pub help: &'static str,
    pub may_use: &'static str,
    pub calculator: &'static str,
    pub ruler: &'static str,
    pub protractor: &'static str,
    pub material: &'static str,
    /// Names of the supports, in the order of [`crate::catalog::SUPPORTS`].
    pub supports: [&'static str; 15],
    /// Kinds of calculators, in the order of [`crate::companion::CALCULATORS`].
    pub calculators: [&'static str; 4],
}

const EN: Texts = Texts {
    language: "en",
    choose: "Choose…",
    answer: "Your answer",
    more: "More",
    place: "Place",
    first: "first",
    second: "second",
    pair: "Pair",
    gap: "Gap",
    point: "Point",
    across: "pixels from the left",
    down: "pixels from the top",
    file: "Choose a file",
    drawing: "Draw in the program you like and choose the picture here",
    area: "Area",
    end_attempt: "Submit",
    unsupported: "This task needs a program that is not available here.",
    choose_exactly: "Choose exactly",
    choose_at_most: "Choose at most",
    choose_at_least: "Choose at least",
    help: "Help",
    may_use: "You may use",
    calculator: "Calculator",
    ruler: "Ruler",
    protractor: "Protractor",
    material: "Material",
    supports: [
        "Additional directions",
        "Audio description",
        "Braille",
        "Glossary",
        "High contrast",
        "Keyboard",
        "Translation",
        "Language help",
        "Long description",
        "Sign language",
        "Simpler picture",
        "Simpler words",
        "Read aloud",
        "Tactile version",
        "Transcript",
    ],
    calculators: ["four operations", "standard", "scientific", "graphing"],
};

const RU: Texts = Texts {
    language: "ru",
    choose: "Выберите…",
    answer: "Ваш ответ",
    more: "Подробнее",
    place: "Место",
    first: "первый",
    second: "второй",
    pair: "Пара",
    gap: "Пропуск",
    point: "Точка",
    across: "пикселей слева",
    down: "пикселей сверху",
    file: "Выберите файл",
    drawing: "Нарисуйте в любой программе и выберите здесь рисунок",
    area: "Область",
    end_attempt: "Отправить",
    unsupported: "Для этого задания нужна программа, которой здесь нет.",
    choose_exactly: "Выберите ровно",
    choose_at_most: "Выберите не больше",
    choose_at_least: "Выберите не меньше",
    help: "Помощь",
    may_use: "Можно пользоваться",
    calculator: "Калькулятор",
    ruler: "Линейка",
    protractor: "Транспортир",
    material: "Материал",
    supports: [
        "Дополнительные указания",
        "Аудиоописание",
        "Шрифт Брайля",
        "Глоссарий",
        "Высокий контраст",
        "Работа с клавиатуры",
        "Перевод",
        "Языковая помощь",
        "Подробное описание",
        "Жестовый язык",
        "Упрощённый рисунок",
        "Простыми словами",
        "Прочитать вслух",
        "Тактильный вариант",
        "Расшифровка",
    ],
    calculators: ["четыре действия", "обычный", "инженерный", "графический"],
};

const KK: Texts = Texts {
    language: "kk",
    choose: "Таңдаңыз…",
    answer: "Жауабыңыз",
    more: "Толығырақ",
    place: "Орын",
    first: "бірінші",
    second: "екінші",
    pair: "Жұп",
    gap: "Бос орын",
    point: "Нүкте",
    across: "пиксель сол жақтан",
    down: "пиксель жоғарыдан",
    file: "Файлды таңдаңыз",
    drawing: "Кез келген бағдарламада сызып, суретті осында таңдаңыз",
    area: "Аймақ",
    end_attempt: "Жіберу",
    unsupported: "Бұл тапсырмаға мұнда жоқ бағдарлама керек.",
    choose_exactly: "Таңдау саны",
    choose_at_most: "Ең көп таңдау саны",
    choose_at_least: "Ең аз таңдау саны",
    help: "Көмек",
    may_use: "Пайдалануға болады",
    calculator: "Калькулятор",
    ruler: "Сызғыш",
    protractor: "Транспортир",
    material: "Материал",
    supports: [
        "Қосымша нұсқау",
        "Аудиосипаттама",
        "Брайль қарпі",
        "Сөздік",
        "Жоғары контраст",
        "Пернетақтамен жұмыс",
        "Аударма",
        "Тілдік көмек",
        "Толық сипаттама",
        "Ым тілі",
        "Ықшам сурет",
        "Қарапайым сөзбен",
        "Дауыстап оқу",
        "Тактильді нұсқа",
        "Мәтін жазбасы",
    ],
    calculators: ["төрт амал", "кәдімгі", "инженерлік", "графикалық"],
};

impl Texts {
    /// Words of a language (BCP 47); English for languages Zerek does not speak.
    #[must_use]
    pub fn of(language: &str) -> &'static Self {
        match language.split(['-', '_']).next().unwrap_or("") {
            "kk" => &KK,
            "ru" => &RU,
            _ => &EN,
        }
    }
}

impl Texts {
    /// The name of a support.
    #[must_use]
    pub fn support(&self, name: &str) -> &'static str {
        let index = crate::catalog::SUPPORTS.iter().position(|support| *support == name);
        index.and_then(|index| self.supports.get(index)).copied().unwrap_or(self.help)
    }

    /// The words for a kind of calculator.
    #[must_use]
    pub fn calculator_kind(&self, kind: &str) -> &'static str {
        let index = crate::companion::CALCULATORS.iter().position(|known| *known == kind);
        index.and_then(|index| self.calculators.get(index)).copied().unwrap_or("")
    }
}

/// The text of a printed variable (information model, "Printed Variable").
pub(super) fn printed(element: &Element, value: &Value) -> String {
    let format = element.attribute("format").unwrap_or("");
    let base = element.attribute("base").and_then(|t| t.trim().parse::<u32>().ok()).unwrap_or(10);
    let power_form = element.attribute("power-form") == Some("true");
    let one = |scalar: &Scalar| format_scalar(scalar, format, base, power_form);
    match value {
        Value::Null => String::new(),
        Value::Single(scalar) => one(scalar),
        Value::Ordered(values) => {
            let index = element.attribute("index").and_then(|t| t.trim().parse::<usize>().ok());
            match index {
                Some(index) => index.checked_sub(1).and_then(|i| values.get(i)).map(one).unwrap_or_default(),
                None => join(element, values.iter().map(one)),
            }
        }
        Value::Multiple(values) => join(element, values.iter().map(one)),
        Value::Record(fields) => {
            let indicator = element.attribute("mapping-indicator").unwrap_or("=");
            let field = element.attribute("field");
            let of = |value: &Option<Scalar>| value.as_ref().map(one).unwrap_or_default();
            match field {
                Some(field) => fields.iter().find(|(name, _)| name == field).map(|(_, v)| of(v)).unwrap_or_default(),
                None => join(element, fields.iter().map(|(name, value)| format!("{name}{indicator}{}", of(value)))),
            }
        }
    }
}

fn join(element: &Element, parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(element.attribute("delimiter").unwrap_or(";"))
}

/// A number by a C-like format: `%d`, `%5.2f`, `%.3e`, `%g`, `%x`; other types by their text.
fn format_scalar(scalar: &Scalar, format: &str, base: u32, power_form: bool) -> String {
    let number = match scalar {
        Scalar::Integer(n) => {
            if format.is_empty() && base != 10 && (2..=36).contains(&base) {
                return in_base(*n, base);
            }
            *n as f64
        }
        Scalar::Float(x) => *x,
        _ => return scalar.to_string(),
    };
    let Some((flags, width, precision, kind)) = parse_format(format) else {
        // Without a format: integers as they are, floats with six significant figures (%g's default).
        return match scalar {
            Scalar::Integer(n) => n.to_string(),
            _ if power_form => power(&general(number, 6)),
            _ => general(number, 6),
        };
    };
    let whole = number.trunc();
    let body = match kind {
        'd' | 'i' => number_text(whole),
        'e' | 'E' => exponent(number, precision.unwrap_or(6)),
        'f' | 'F' => format!("{number:.*}", precision.unwrap_or(6)),
        'x' => in_base(whole as i64, 16),
        'X' => in_base(whole as i64, 16).to_uppercase(),
        'o' => in_base(whole as i64, 8),
        _ => general(number, precision.unwrap_or(6)),
    };
    let body = if kind == 'E' { body.to_uppercase() } else { body };
    let body = if power_form { power(&body) } else { body };
    let body = if flags.contains('+') && number >= 0.0 { format!("+{body}") } else { body };
    let missing = width.unwrap_or(0).saturating_sub(body.chars().count());
    if flags.contains('-') {
        body + &" ".repeat(missing)
    } else if flags.contains('0') {
        match body.strip_prefix('-') {
            Some(rest) => format!("-{}{rest}", "0".repeat(missing)),
            None => "0".repeat(missing) + &body,
        }
    } else {
        " ".repeat(missing) + &body
    }
}

fn parse_format(format: &str) -> Option<(String, Option<usize>, Option<usize>, char)> {
    let rest = format.trim().strip_prefix('%')?;
    let kind = rest.chars().last()?;
    if !kind.is_ascii_alphabetic() {
        return None;
    }
    let rest = &rest[..rest.len() - kind.len_utf8()];
    let flags: String = rest.chars().take_while(|c| "-+0 #".contains(*c)).collect();
    let rest = &rest[flags.len()..];
    let (width, precision) = rest.split_once('.').unwrap_or((rest, ""));
    let small = |text: &str| text.parse::<usize>().ok().map(|n| n.min(100));
    Some((flags, small(width), small(precision), kind))
}

/// `1.5e-07` with an exponent of at least two digits, as C prints it.
fn exponent(x: f64, precision: usize) -> String {
    let text = format!("{x:.precision$e}");
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text;
    };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    let mut out = String::from(mantissa);
    let _ = write!(out, "e{sign}{digits:0>2}");
    out
}

/// C's `%g`: so many significant figures, no trailing zeros, an exponent when the number is far from one.
fn general(x: f64, figures: usize) -> String {
    if !x.is_finite() || x == 0.0 {
        return number_text(x);
    }
    let figures = figures.max(1);
    let scientific = format!("{x:.*e}", figures - 1);
    let power: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    if power < -4 || power >= figures as i32 {
        let text = exponent(x, figures - 1);
        match text.split_once('e') {
            Some((mantissa, rest)) => format!("{}e{rest}", trimmed(mantissa)),
            None => text,
        }
    } else {
        let places = (figures as i32 - 1 - power).max(0) as usize;
        trimmed(&format!("{x:.places$}"))
    }
}

/// `1.5e-07` as `1.5 × 10⁻⁷`.
fn power(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return text.to_owned();
    };
    let number: i32 = exponent.parse().unwrap_or(0);
    let raised: String = number
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            digit => digit.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(digit),
        })
        .collect();
    format!("{mantissa} × 10{raised}")
}

fn in_base(n: i64, base: u32) -> String {
    let mut rest = n.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((rest % u64::from(base)) as u32, base).unwrap_or('0'));
        rest /= u64::from(base);
        if rest == 0 {
            break;
        }
    }
    let mut out = String::new();
    if n < 0 {
        out.push('-');
    }
    out.extend(digits.iter().rev());
    out
}
