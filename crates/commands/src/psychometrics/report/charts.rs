//! The charts of the report.

use charts::{Bin, Chart, Frame, Histogram, ItemLocation, Line, LinePoint, Lines, PersonItemMap, Reference};
use documents::report::AnalysisChart;
use psychometrics::classical::ItemCurve;
use psychometrics::scores::test_information;

use super::content::Found;
use super::names::{short, side_by_side};
use super::words::Words;

/// Abilities along the axis of every curve.
const REACH: f64 = 4.0;
const STEPS: i32 = 64;
/// How far from 0 the map of persons and items reaches.
const EDGE: f64 = 4.5;
/// Letters that stand side by side in the map, and lines of text from its top to its bottom.
const LETTERS: usize = 52;
const TEXT_LINES: f64 = 24.0;
/// Most bars of a distribution.
const BARS: usize = 60;

/// `read_aloud`: whether the numbers themselves belong into the alternative text.
fn finished(chart: &impl Chart, caption: String, name: &str, read_aloud: bool) -> AnalysisChart {
    let table = chart.table();
    let rows: Vec<String> = table.rows.iter().map(|row| row.join(" ")).collect();
    let alt = if read_aloud { format!("{name}: {}", rows.join("; ")) } else { name.to_owned() };
    AnalysisChart { caption, svg: chart.svg(), alt }
}

pub fn distribution(found: &Found, words: &Words) -> AnalysisChart {
    let test = &found.analysis.test;
    // A long test has more scores than a chart has room for bars; several then share one.
    let wide = test.distribution.len().div_ceil(BARS).max(1);
    let bin = |(place, scores): (usize, &[usize])| {
        let from = (place * wide) as f64 - 0.5;
        Bin { from, to: from + wide as f64, count: scores.iter().sum::<usize>() as u64 }
    };
    let chart = Histogram {
        frame: Frame::new("distribution", words.distribution, "", words.numbers(1)),
        heads: [words.score.to_owned(), words.persons.to_owned()],
        bins: test.distribution.chunks(wide).enumerate().map(bin).collect(),
        whole: wide == 1,
        marks: vec![Reference { label: words.mean.to_owned(), value: test.mean }],
    };
    finished(&chart, String::new(), words.distribution, true)
}

pub fn wright_map(found: &Found, words: &Words) -> AnalysisChart {
    let (bins, step) = (36_usize, 0.25);
    let low = -EDGE;
    let mut counts = vec![0_u64; bins];
    for (theta, _) in found.fitted.eap(found.responses.persons()).into_iter().flatten() {
        counts[((theta - low) / step).floor().clamp(0.0, (bins - 1) as f64) as usize] += 1;
    }
    let bin = |(place, count): (usize, u64)| {
        let from = low + step * place as f64;
        Bin { from, to: from + step, count }
    };
    // Empty ends say nothing.
    let filled = |count: &u64| *count > 0;
    let first = counts.iter().position(filled).unwrap_or(0);
    let last = counts.iter().rposition(filled).unwrap_or(bins - 1);
    let mut items = Vec::new();
    for (column, parameters) in found.responses.items().iter().zip(&found.fitted.items) {
        let Some((_, steps)) = parameters.difficulties() else { continue };
        for (k, location) in (1..).zip(&steps) {
            let name = short(&column.name);
            let mut label = if steps.len() == 1 { name } else { format!("{name}:{k}") };
            // A location far beyond all persons stands at the edge, with its number.
            if location.abs() > EDGE {
                label = format!("{label} ({})", words.shown(Some(*location), 1));
            }
            items.push(ItemLocation { label, location: location.clamp(-EDGE, EDGE) });
        }
    }
    let chart = PersonItemMap {
        frame: Frame::new("map", words.wright_map, "", words.numbers(2)),
        heads: [words.scale.to_owned(), words.persons.to_owned(), words.items.to_owned()],
        people: counts.into_iter().enumerate().map(bin).take(last + 1).skip(first).collect(),
        items: uncrowded(items),
    };
    finished(&chart, String::new(), words.wright_map, true)
}

/// Items that would run out of the map share a line of text, which names the first of them and counts the others.
fn uncrowded(mut items: Vec<ItemLocation>) -> Vec<ItemLocation> {
    items.sort_by(|one, other| one.location.total_cmp(&other.location));
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return items };
    let (low, step) = (first.location, ((last.location - first.location) / TEXT_LINES).max(1e-9));
    let line = |item: &ItemLocation| ((item.location - low) / step).floor() as usize;
    let letters = |line: &[ItemLocation]| line.iter().map(|item| item.label.chars().count() + 2).sum::<usize>();
    if items.chunk_by(|one, other| line(one) == line(other)).all(|line| letters(line) <= LETTERS) {
        return items;
    }
    let joined = |of_line: &[ItemLocation]| {
        let labels: Vec<String> = of_line.iter().map(|item| item.label.clone()).collect();
        // In the middle of the line, so that neighbouring lines of text stay apart.
        let location = (low + (line(&of_line[0]) as f64 + 0.5) * step).min(last.location);
        ItemLocation { label: side_by_side(&labels, LETTERS), location }
    };
    items.chunk_by(|one, other| line(one) == line(other)).map(joined).collect()
}

fn curve(name: String, value: impl Fn(f64) -> Option<f64>) -> Line {
    let point = |i: i32| {
        let x = REACH * f64::from(i) / f64::from(STEPS / 2);
        LinePoint { x, y: value(x) }
    };
    Line { name, points: (-STEPS / 2..=STEPS / 2).map(point).collect() }
}

/// Information of the test, and the standard error of ability that follows from it.
pub fn information(found: &Found, words: &Words) -> Vec<AnalysisChart> {
    let items = found.fitted.calibrated(found.responses);
    let chart = |id: &str, name: &str, line: Line, top: Option<f64>| {
        let chart = Lines {
            frame: Frame::new(id, name, "", words.numbers(2)).wide(440.0),
            head: words.ability.to_owned(),
            axis: String::new(),
            lines: vec![line],
            places: Vec::new(),
            range: Some((0.0, top.unwrap_or(1.0))),
            markers: false,
        };
        finished(&chart, name.to_owned(), name, false)
    };
    let at = |theta: f64| test_information(&items, theta);
    let information = curve(String::new(), |theta| Some(at(theta)));
    let highest = information.points.iter().filter_map(|p| p.y).fold(0.1, f64::max);
    // Beyond an error of 1.5 nothing is measured; the line stops there.
    let error = curve(String::new(), |theta| Some(1.0 / at(theta).sqrt()).filter(|se| *se <= 1.5));
    vec![
        chart("information", words.information, information, Some(highest)),
        chart("error", words.error, error, Some(1.5)),
    ]
}

/// Expected share of points, five items to a chart, so that every line can be told by its name and place.
pub fn items(found: &Found, words: &Words) -> Vec<AnalysisChart> {
    let names: Vec<&str> = found.responses.items().iter().map(|item| item.name.as_str()).collect();
    let all: Vec<usize> = (0..names.len()).collect();
    all.chunks(5)
        .map(|five| {
            let line = |item: &usize| {
                let parameters = &found.fitted.items[*item];
                let top = (parameters.categories() - 1) as f64;
                curve(short(names[*item]), |theta| Some(parameters.expected_score(theta) / top))
            };
            let first = names[five[0]];
            let chart = Lines {
                frame: Frame::new(format!("curves-{}", five[0]), words.curves, "", words.numbers(2)).wide(440.0),
                head: words.ability.to_owned(),
                axis: words.share.to_owned(),
                lines: five.iter().map(line).collect(),
                places: Vec::new(),
                range: Some((0.0, 1.0)),
                markers: false,
            };
            let last = five.last().map_or(first, |item| names[*item]);
            let caption = if five.len() == 1 { first.to_owned() } else { format!("{first} – {last}") };
            let name = format!("{}: {caption}", words.curves);
            finished(&chart, caption, &name, false)
        })
        .collect()
}

/// Share of each answer by score group, one chart for every item.
pub fn answers(found: &Found, words: &Words) -> Vec<AnalysisChart> {
    let analysis = found.analysis;
    let groups = analysis.groups.totals.len();
    let place = |(group, (low, high)): (usize, &(u32, u32))| {
        // The outer groups need one number only; the last would not have room for two.
        let text = match group {
            _ if low == high => low.to_string(),
            0 => format!("≤{high}"),
            _ if group + 1 == groups => format!("≥{low}"),
            _ => format!("{low}–{high}"),
        };
        ((group + 1) as f64, text)
    };
    let places: Vec<(f64, String)> = analysis.groups.totals.iter().enumerate().map(place).collect();
    analysis
        .items
        .iter()
        .enumerate()
        .map(|(number, item)| {
            let line = |curve: &ItemCurve| {
                let name = match (curve.option.as_str(), curve.is_key && found.responses.has_choices()) {
                    ("", _) => words.no_answer.to_owned(),
                    (option, true) => format!("{option}*"),
                    (option, false) => option.to_owned(),
                };
                let points = (1..).zip(&curve.points).map(|(x, p)| LinePoint { x: f64::from(x), y: p.share }).collect();
                Line { name, points }
            };
            let chart = Lines {
                frame: Frame::new(format!("answers-{number}"), words.answers, "", words.numbers(2)).wide(320.0),
                head: words.group.to_owned(),
                axis: words.share.to_owned(),
                lines: analysis.curves.iter().filter(|curve| curve.item == item.item).map(line).collect(),
                places: places.clone(),
                range: Some((0.0, 1.0)),
                markers: true,
            };
            finished(&chart, item.item.clone(), &format!("{}, {}", words.answers, item.item), true)
        })
        .collect()
}
