//! Every form once, as a snapshot, and what holds for all of them.

use charts::{
    Band, BarRow, Bars, Bin, Chart, DotRow, Dots, Frame, Heat, HeatColours, Histogram, ItemLocation, Line, LinePoint,
    Lines, Multiples, Numbers, Panel, Parts, PersonItemMap, Reference, Region, RegionMap, Scatter, ScatterPoint,
    WholeRow, Zone,
};

fn frame(id: &str) -> Frame {
    Frame::new(id, "Атауы <& \"тырнақша\">", "Сипаттамасы", Numbers::comma(1))
}

fn heads<const N: usize>(names: [&str; N]) -> [String; N] {
    names.map(str::to_owned)
}

fn bars() -> Bars {
    Bars {
        frame: frame("bars"),
        heads: heads(["Пән", "n"]),
        series: vec!["Орташа, %".to_owned()],
        rows: vec![
            BarRow::new("Математика", 60.5).with_n(1365),
            BarRow::new("Жаратылыстану, Дүниетану және тағы басқа өте ұзақ атауы бар пән", 65.2).with_n(1352),
            BarRow { label: "Қазақ тілі (Т1)".to_owned(), values: vec![None], n: Some(8) },
        ],
        maximum: Some(100.0),
        reference: Some(Reference { label: "Науқан".to_owned(), value: 57.3 }),
    }
}

fn pairs() -> Bars {
    let row = |label: &str, one: f64, other: f64| BarRow {
        label: label.to_owned(),
        values: vec![Some(one), Some(other)],
        n: None,
    };
    Bars {
        frame: frame("pairs"),
        heads: heads(["Мектеп", "n"]),
        series: heads(["Мониторинг", "Тоқсан бағалары"]).to_vec(),
        rows: vec![row("Қарағанды", 70.8, 82.5), row("Батыс Қазақстан", 41.1, 73.7)],
        maximum: None,
        reference: None,
    }
}

fn dots() -> Dots {
    let row = |label: &str, value: f64, error: f64| DotRow {
        label: label.to_owned(),
        value: Some(value),
        interval: Some((value - error, value + error)),
        n: Some(80),
    };
    Dots {
        frame: frame("dots"),
        heads: heads(["Мектеп", "Орташа", "Төменгі", "Жоғарғы", "n"]),
        rows: vec![
            row("Қызылорда", 67.7, 1.9),
            row("Батыс Қазақстан", 41.1, 2.4),
            DotRow { label: "Абай".to_owned(), value: None, interval: None, n: Some(7) },
        ],
        range: None,
        reference: Some(Reference { label: "Орташа".to_owned(), value: 57.0 }),
    }
}

fn histogram() -> Histogram {
    let counts = [0, 1, 3, 8, 20, 41, 60, 52, 30, 11, 2];
    let bins = (0..).zip(counts).map(|(score, count)| {
        let middle = f64::from(score);
        Bin { from: middle - 0.5, to: middle + 0.5, count }
    });
    Histogram {
        frame: frame("histogram"),
        heads: heads(["Балл", "Білім алушылар"]),
        bins: bins.collect(),
        whole: true,
        marks: vec![
            Reference { label: "Орташа".to_owned(), value: 6.1 },
            Reference { label: "Шек".to_owned(), value: 9.4 },
        ],
    }
}

fn heat() -> Heat {
    Heat {
        frame: frame("heat"),
        head: "Пән".to_owned(),
        columns: heads(["Математика", "Физика", "Ағылшын тілі"]).to_vec(),
        rows: vec![
            ("Математика".to_owned(), vec![None, Some(0.62), Some(0.31)]),
            ("Физика".to_owned(), vec![Some(0.62), None, Some(-0.05)]),
        ],
        colours: HeatColours::Around(-1.0, 0.0, 1.0),
    }
}

fn scatter() -> Scatter {
    let point = |label: &str, x: f64, y: f64| ScatterPoint { label: label.to_owned(), x, y, n: Some(60) };
    Scatter {
        frame: frame("scatter"),
        heads: heads(["Мектеп", "Мониторинг, %", "Баға, %", "n"]),
        points: vec![
            point("Қарағанды", 70.8, 82.5),
            point("БҚО", 41.1, 73.7),
            point("Абай", 44.8, 72.9),
            point("ШҚО", 67.6, 70.6),
        ],
        x_range: None,
        y_range: None,
        diagonal: true,
        names: true,
    }
}

fn lines() -> Lines {
    let line = |name: &str, values: [Option<f64>; 4]| Line {
        name: name.to_owned(),
        points: (0..).zip(values).map(|(year, y)| LinePoint { x: f64::from(2019 + year), y }).collect(),
    };
    Lines {
        frame: frame("lines"),
        head: "Жыл".to_owned(),
        axis: "Орташа, %".to_owned(),
        lines: vec![
            line("Математика", [Some(51.0), Some(54.5), Some(58.0), Some(60.5)]),
            line("Физика", [Some(50.0), None, Some(48.0), Some(60.3)]),
        ],
        places: (2019..2023).map(|year| (f64::from(year), year.to_string())).collect(),
        range: None,
        markers: true,
    }
}

fn map() -> PersonItemMap {
    let people = [3, 12, 30, 41, 28, 9, 2];
    PersonItemMap {
        frame: frame("map"),
        heads: heads(["Логит", "Білім алушылар", "Тапсырмалар"]),
        people: (0..)
            .zip(people)
            .map(|(step, count)| {
                let from = -2.0 + 0.5 * f64::from(step);
                Bin { from, to: from + 0.5, count }
            })
            .collect(),
        items: [("1", -1.8), ("2", -1.75), ("3", 0.1), ("4", 0.12), ("5", 2.6)]
            .map(|(label, location)| ItemLocation { label: label.to_owned(), location })
            .to_vec(),
    }
}

fn parts() -> Parts {
    let row =
        |label: &str, values: [Option<f64>; 4], n| WholeRow { label: label.to_owned(), values: values.to_vec(), n };
    Parts {
        frame: frame("parts"),
        heads: heads(["Мектеп", "n"]),
        parts: heads(["«5»", "«4»", "«3»", "«2»"]).to_vec(),
        rows: vec![
            row("Астана қ. ФМБ", [Some(21.1), Some(62.9), Some(16.0), Some(0.0)], Some(835)),
            row("Өскемен қ. ХББ", [Some(30.0), Some(60.0), Some(9.8), Some(0.2)], Some(707)),
            row("Абай", [None, None, None, None], None),
        ],
    }
}

fn multiples() -> Multiples {
    let panel = |name: &str, values: [Option<f64>; 2], decimals| Panel {
        name: name.to_owned(),
        values: values.to_vec(),
        decimals,
    };
    Multiples {
        frame: frame("multiples"),
        head: "Мектеп".to_owned(),
        rows: heads(["Қарағанды", "Батыс Қазақстан"]).to_vec(),
        panels: vec![
            panel("Контингент", [Some(1365.0), Some(707.0)], 0),
            panel("Білім сапасы, %", [Some(70.8), None], 1),
            panel("Өзгеруі, пайыздық пункт", [Some(-2.5), Some(1.25)], 2),
            panel("Үлгерім, %", [Some(100.0), Some(99.8)], 1),
            panel("Орын", [Some(1.0), Some(2.0)], 0),
        ],
    }
}

fn regions() -> RegionMap {
    let tile = |x: f64, y: f64| vec![(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)];
    let region = |label: &str, short: &str, x: f64, y: f64, value| Region {
        label: label.to_owned(),
        short: short.to_owned(),
        outlines: vec![tile(x, y)],
        value,
    };
    RegionMap {
        frame: frame("regions"),
        heads: heads(["Облыс", "Білім сапасы, %"]),
        regions: vec![
            region("Батыс Қазақстан облысы", "БҚО", 0.0, 0.0, Some(41.1)),
            region("Қарағанды облысы", "Қарағанды", 1.0, 0.0, Some(70.8)),
            region("Солтүстік Қазақстан облысы", "СҚО", 1.0, 1.0, None),
        ],
        colours: HeatColours::Rising(40.0, 75.0),
    }
}

fn band() -> Band {
    let zone = |name: &str, note: &str, from| Zone { name: name.to_owned(), note: note.to_owned(), from };
    Band {
        frame: frame("band"),
        heads: heads(["Деңгей", "Ықтималдық", "Бастап"]),
        range: (100.0, 900.0),
        zones: vec![
            zone("Негізгі", "2 %", None),
            zone("Ілгері", "71 %", Some(470.0)),
            zone("Жоғарғы", "27 %", Some(610.0)),
        ],
        value: 588.0,
        interval: (547.0, 629.0),
        label: "588 ± 41".to_owned(),
    }
}

fn all() -> Vec<(&'static str, Box<dyn Chart>)> {
    vec![
        ("bars", Box::new(bars())),
        ("pairs", Box::new(pairs())),
        ("dots", Box::new(dots())),
        ("histogram", Box::new(histogram())),
        ("heat", Box::new(heat())),
        ("scatter", Box::new(scatter())),
        ("lines", Box::new(lines())),
        ("map", Box::new(map())),
        ("band", Box::new(band())),
        ("parts", Box::new(parts())),
        ("multiples", Box::new(multiples())),
        ("regions", Box::new(regions())),
    ]
}

#[test]
fn pictures_are_as_they_were() {
    for (name, chart) in all() {
        let table = chart.table();
        let rows: Vec<String> = table.rows.iter().map(|row| row.join(" | ")).collect();
        insta::assert_snapshot!(name, format!("{}\n{}\n\n{}", table.heads.join(" | "), rows.join("\n"), chart.svg()));
    }
}

#[test]
fn pictures_are_well_formed_named_and_inside_their_frame() {
    for (name, chart) in all() {
        let svg = chart.svg();
        assert!(svg.contains(r#"role="img" aria-labelledby=""#), "{name}");
        assert!(svg.contains("<title id=") && svg.contains("&lt;&amp; &quot;тырнақша&quot;&gt;</title>"), "{name}");
        assert!(svg.contains("<desc id="), "{name}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        let width = attribute(&svg, "width");
        let height = attribute(&svg, "height");
        for (key, limit) in [("x", width), ("x1", width), ("x2", width), ("cx", width), ("y", height), ("cy", height)] {
            for value in svg.split(&format!(" {key}=\"")).skip(1) {
                let value: f64 = value.split('"').next().unwrap().parse().unwrap();
                assert!((-0.01..=limit + 0.01).contains(&value), "{name}: {key} = {value} of {limit}");
            }
        }
        let table = chart.table();
        assert!(!table.rows.is_empty(), "{name}");
        for row in &table.rows {
            assert_eq!(row.len(), table.heads.len(), "{name}");
        }
    }
}

#[test]
fn empty_data_make_an_empty_picture_not_an_error() {
    let mut empty = bars();
    empty.rows.clear();
    empty.maximum = None;
    empty.reference = None;
    let mut no_dots = dots();
    no_dots.rows.clear();
    no_dots.reference = None;
    let mut no_points = scatter();
    no_points.points.clear();
    let mut no_lines = lines();
    no_lines.lines.clear();
    let mut nobody = map();
    nobody.people.clear();
    nobody.items.clear();
    let mut no_bins = histogram();
    no_bins.bins.clear();
    no_bins.marks.clear();
    let mut no_parts = parts();
    no_parts.rows.clear();
    let mut no_panels = multiples();
    no_panels.panels.clear();
    let mut no_regions = regions();
    no_regions.regions.clear();
    let charts: [&dyn Chart; 9] =
        [&empty, &no_dots, &no_points, &no_lines, &nobody, &no_bins, &no_parts, &no_panels, &no_regions];
    for chart in charts {
        let svg = chart.svg();
        assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

fn attribute(svg: &str, name: &str) -> f64 {
    let (_, rest) = svg.split_once(&format!(" {name}=\"")).expect("the root has a size");
    rest.split('"').next().and_then(|text| text.parse().ok()).expect("a number")
}
