//! The ability scale of the samples: twenty tasks, two points of the scale for every tenth of a task.

use kernel::Language;

use super::{Dice, index};
use crate::report::{LevelGroup, LevelRow, LevelTable, LevelZone, Number, PupilLevel, PupilRow, ScaleResult};
use crate::sentence;

const LEVELS: [[&str; 3]; 3] =
    [["Негізгі", "Базовый", "Basic"], ["Ілгері", "Повышенный", "Progressing"], ["Жоғарғы", "Высокий", "High"]];
const MEANINGS: [[&str; 3]; 3] = [
    [
        "оқушы жеке қарапайым тапсырмаларды орындайды, негізгі тақырыптарды қайталау қажет",
        "ученик справляется с отдельными простыми заданиями, основные темы нужно повторить",
        "the pupil manages some simple tasks; the main topics need going over again",
    ],
    [
        "оқушы тапсырмалардың көбін орындайды, қиынырақ тақырыптарды пысықтау қажет",
        "ученик справляется с большинством заданий, стоит закрепить более трудные темы",
        "the pupil manages most tasks; the harder topics need practice",
    ],
    [
        "оқушы тапсырмалардың барлық дерлік түрін, соның ішінде қиындарын да орындайды",
        "ученик справляется почти со всеми заданиями, в том числе с трудными",
        "the pupil manages nearly all tasks, the hard ones too",
    ],
];
const CUTS: [f64; 2] = [456.0, 561.0];

/// Points and level of so many tasks of twenty.
fn place(correct: u32) -> (f64, usize) {
    let points = 256.0 + 20.0 * f64::from(correct);
    (points, CUTS.iter().filter(|cut| points >= **cut).count())
}

pub(super) fn names(language: Language) -> Vec<String> {
    LEVELS.map(|level| level[index(language)].to_owned()).to_vec()
}

/// The result of a pupil with so many of twenty.
pub(super) fn result(language: Language, correct: u32) -> ScaleResult {
    let (value, level) = place(correct);
    let (points, error) = (Number::new(value, 0, language), Number::new(52.0, 0, language));
    let name = LEVELS[level][index(language)];
    let meaning = MEANINGS[level][index(language)];
    let arguments = [("points", points.text.as_str()), ("error", &error.text), ("level", name), ("meaning", meaning)];
    let chances = [[92.0, 8.0, 0.0], [9.0, 68.0, 23.0], [1.0, 30.0, 69.0]][level];
    let zone = |(at, name): (usize, String)| LevelZone {
        name,
        from: (at > 0).then(|| Number::new(CUTS[at - 1], 0, language)),
        chance: Number::new(chances[at], 0, language),
    };
    let own = Number::new(chances[level], 0, language).text;
    ScaleResult {
        sentence: sentence(language, "scale-sentence", &arguments),
        certainty: sentence(language, "scale-certain", &[("chance", &own)]),
        range: (value - 52.0, value + 52.0),
        ends: (100.0, 900.0),
        levels: names(language).into_iter().enumerate().map(zone).collect(),
        points,
        error,
        level,
    }
}

/// The same in a row.
pub(super) fn pupil(language: Language, correct: u32) -> PupilLevel {
    let (points, level) = place(correct);
    PupilLevel {
        points: Number::new(points, 0, language),
        error: Number::new(52.0, 0, language),
        level: LEVELS[level][index(language)].to_owned(),
        index: level,
    }
}

/// Who of a class stands where.
pub(super) fn groups(language: Language, rows: &[PupilRow]) -> Vec<LevelGroup> {
    let group = |(at, level): (usize, String)| LevelGroup {
        level,
        meaning: MEANINGS[at][index(language)].to_owned(),
        pupils: rows
            .iter()
            .filter(|row| row.scale.as_ref().is_some_and(|scale| scale.index == at))
            .map(|row| row.name.clone())
            .collect(),
    };
    names(language).into_iter().enumerate().map(group).collect()
}

/// A table of groups with these names; the last one is too small to be shown.
pub(super) fn table(language: Language, title: String, groups: Vec<String>) -> LevelTable {
    let mut dice = Dice::new(title.len() as u64);
    let last = groups.len().saturating_sub(1);
    let row = |(at, name): (usize, String)| {
        if at == last && last > 2 {
            return LevelRow { name, n: 7, mean: None, error: None, shares: Vec::new(), counts: Vec::new() };
        }
        let counts = [100 + dice.roll(250) as u32, 250 + dice.roll(300) as u32, 50 + dice.roll(250) as u32];
        let n = counts.iter().sum();
        LevelRow {
            name,
            n,
            mean: Some(Number::new(490.0 + dice.roll(20) as f64, 0, language)),
            error: Some(Number::new(3.6, 1, language)),
            shares: counts.iter().filter_map(|count| Number::percent(*count, n, 1, language)).collect(),
            counts: counts.to_vec(),
        }
    };
    LevelTable {
        title,
        levels: names(language),
        rows: groups.into_iter().enumerate().map(row).collect(),
        note: sentence(language, "scale-note", &[("mean", "500"), ("low", "400"), ("high", "600")]),
    }
}
