//! The auditor on tables that nobody has seen: correct tables of six shapes with random numbers, rounded or cut, and the
//! same tables with one error of eleven kinds. Counts what is found, with rules and without, and what is flagged in tables
//! without an error.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use measures::Exact;
use measures::audit::{Report, Rules, Sheet, audit, propose_all};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A small generator with a fixed seed (xorshift): the same tables on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 33).cast_signed()) % bound).abs()
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }
}

/// How a report makes its numbers short.
#[derive(Clone, Copy)]
struct Style {
    decimals: u32,
    cuts: bool,
}

impl Style {
    fn print(self, value: Exact) -> String {
        let short = if self.cuts { value.truncated(self.decimals) } else { value.rounded(self.decimals) };
        short.fixed(self.decimals)
    }
}

type Cells = Vec<Vec<String>>;

/// Tables that belong together, and the relations that hold in them.
#[derive(Clone)]
struct Made {
    shape: &'static str,
    tables: Vec<(&'static str, Cells)>,
    rules: String,
}

impl Made {
    fn sheets(&self) -> Vec<Sheet> {
        self.tables.iter().map(|(name, cells)| Sheet::from_texts(name, cells.clone())).collect()
    }

    fn column(&self, table: usize, name: &str) -> Option<usize> {
        self.tables.get(table)?.1[0].iter().position(|column| column == name)
    }
}

fn exact(text: &str) -> Exact {
    text.parse().unwrap()
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn share(part: i64, whole: i64) -> Exact {
    Exact::from(part).percent_of(Exact::from(whole)).unwrap()
}

fn mean(values: &[Exact]) -> Exact {
    Exact::mean(values.iter().copied()).unwrap()
}

/// Marks by school, with shares, the quality and a total.
fn marks(numbers: &mut Numbers, style: Style) -> Made {
    let head = row(&["school", "pupils", "n5", "n4", "n3", "n2", "share5", "share4", "share3", "share2", "quality"]);
    let line = |label: String, counts: [i64; 4]| {
        let all = counts.iter().sum();
        let mut cells = vec![label, format!("{all}")];
        cells.extend(counts.map(|count| count.to_string()));
        cells.extend(counts.map(|count| style.print(share(count, all))));
        cells.push(style.print(share(counts[0] + counts[1], all)));
        cells
    };
    let mut cells = vec![head];
    let mut totals = [0; 4];
    for school in 0..numbers.between(5, 14) {
        let counts = [0; 4].map(|_: i64| numbers.between(11, 240));
        totals = [0, 1, 2, 3].map(|level| totals[level] + counts[level]);
        cells.push(line(format!("School {school}"), counts));
    }
    cells.push(line("Total".to_owned(), totals));
    let mut rules = "[[rule]]\nkind='sum'\ntables=['t']\nrows='all'\ntarget='pupils'\nof='[n5],[n4],[n3],[n2]'\n\
                     [[rule]]\nkind='sum'\ntables=['t']\nrows='Total'\ncolumns=['pupils','n5','n4','n3','n2']\nof='[{}@*]'\n\
                     [[rule]]\nkind='share'\ntables=['t']\nrows='all'\ntarget='quality'\npart='[n5]+[n4]'\nwhole='[pupils]'\n"
        .to_owned();
    rules += "[[rule]]\nkind='share'\ntables=['t']\nrows='all'\ncolumns=['5','4','3','2']\ntarget='share{}'\npart='[n{}]'\nwhole='[pupils]'\n";
    Made { shape: "marks", tables: vec![("t", cells)], rules }
}

/// Quality of four quarters with its mean and its change; the last row is the plain mean of the schools.
fn quarters(numbers: &mut Numbers, style: Style) -> Made {
    let mut cells = vec![row(&["school", "q1", "q2", "q3", "q4", "average", "change"])];
    let mut columns: [Vec<Exact>; 4] = Default::default();
    let line = |label: String, values: [Exact; 4]| {
        let mut cells = vec![label];
        cells.extend(values.map(|value| value.fixed(style.decimals)));
        cells.push(style.print(mean(&values)));
        cells.push(values[3].minus(values[0]).unwrap().fixed(style.decimals));
        cells
    };
    let unit = 10_i64.pow(style.decimals);
    for school in 0..numbers.between(5, 12) {
        let values = [0; 4].map(|_: i64| Exact::new(i128::from(numbers.between(35 * unit, 99 * unit)), style.decimals));
        columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        cells.push(line(format!("School {school}"), values));
    }
    let mut last = row(&["Mean"]);
    last.extend(columns.iter().map(|column| style.print(mean(column))));
    last.extend(row(&["", ""]));
    cells.push(last);
    let rules = "[[rule]]\nkind='mean'\ntables=['t']\ntarget='average'\nof='list([q1],[q2],[q3],[q4])'\n\
                 [[rule]]\nkind='change'\ntables=['t']\ntarget='change'\nlater='[q4]'\nearlier='[q1]'\n\
                 [[rule]]\nkind='mean'\ntables=['t']\nrows='Mean'\ncolumns=['q1','q2','q3','q4']\nof='[{}@*]'\n";
    Made { shape: "quarters", tables: vec![("t", cells)], rules: rules.to_owned() }
}

/// Places by mean points; the mean of the network is weighted by participants.
fn ranking(numbers: &mut Numbers, style: Style) -> Made {
    let unit = 10_i64.pow(style.decimals);
    let schools: Vec<(i64, [Exact; 2])> = (0..numbers.between(6, 15))
        .map(|_| {
            let points =
                [0; 2].map(|_: i64| Exact::new(i128::from(numbers.between(20 * unit, 95 * unit)), style.decimals));
            (numbers.between(12, 180), points)
        })
        .collect();
    let mut cells = vec![row(&["school", "participants", "reading", "science", "place"])];
    for (position, (participants, points)) in schools.iter().enumerate() {
        let place = 1 + schools.iter().filter(|other| other.1[0] > points[0]).count();
        let [reading, science] = points.map(|points| points.fixed(style.decimals));
        cells.push(vec![format!("School {position}"), participants.to_string(), reading, science, place.to_string()]);
    }
    let all: i64 = schools.iter().map(|school| school.0).sum();
    let weighted = |subject: usize| {
        let pairs = schools.iter().map(|school| (school.1[subject], Exact::from(school.0)));
        style.print(Exact::weighted_mean(pairs).unwrap())
    };
    cells.push(vec!["Total".to_owned(), all.to_string(), weighted(0), weighted(1), String::new()]);
    let rules = "[[rule]]\nkind='rank'\ntables=['t']\ntarget='place'\nof='reading'\n\
                 [[rule]]\nkind='sum'\ntables=['t']\nrows='Total'\ntarget='participants'\nof='[participants@*]'\n\
                 [[rule]]\nkind='mean'\ntables=['t']\nrows='Total'\ncolumns=['reading','science']\nof='[{}@*]'\nweights='[participants@*]'\n";
    Made { shape: "ranking", tables: vec![("t", cells)], rules: rules.to_owned() }
}

/// Pupils by language, with each region's part of all.
fn languages(numbers: &mut Numbers, style: Style) -> Made {
    let regions: Vec<[i64; 3]> =
        (0..numbers.between(5, 16)).map(|_| [0; 3].map(|_: i64| numbers.between(105, 9_000))).collect();
    let all: i64 = regions.iter().flatten().sum();
    let mut cells = vec![row(&["region", "kazakh", "russian", "english", "together", "part"])];
    let line = |label: String, counts: [i64; 3]| {
        let together: i64 = counts.iter().sum();
        let mut cells = vec![label];
        cells.extend(counts.map(|count| count.to_string()));
        cells.extend([together.to_string(), style.print(share(together, all))]);
        cells
    };
    for (position, counts) in regions.iter().enumerate() {
        cells.push(line(format!("Region {position}"), *counts));
    }
    let sums = [0, 1, 2].map(|language| regions.iter().map(|region| region[language]).sum());
    cells.push(line("Total".to_owned(), sums));
    let rules = "[[rule]]\nkind='sum'\ntables=['t']\nrows='all'\ntarget='together'\nof='[kazakh],[russian],[english]'\n\
                 [[rule]]\nkind='sum'\ntables=['t']\nrows='Total'\ncolumns=['kazakh','russian','english','together']\nof='[{}@*]'\n\
                 [[rule]]\nkind='share'\ntables=['t']\nrows='all'\ntarget='part'\npart='[together]'\nwhole='[together@Total]'\n";
    Made { shape: "languages", tables: vec![("t", cells)], rules: rules.to_owned() }
}

/// Two years with their growth, two groups with subtotals, and a total.
fn growth(numbers: &mut Numbers, style: Style) -> Made {
    let mut cells = vec![row(&["district", "year1", "year2", "growth"])];
    let line = |label: String, [one, two]: [i64; 2]| {
        let growth = Exact::from(two - one).percent_of(Exact::from(one)).unwrap();
        vec![label, one.to_string(), two.to_string(), style.print(growth)]
    };
    let mut all = [0; 2];
    let mut labels = [Vec::new(), Vec::new()];
    for (group, name) in ["north", "south"].into_iter().enumerate() {
        let mut sums = [0; 2];
        for position in 0..numbers.between(3, 7) {
            let one = numbers.between(120, 4_000);
            let years = [one, one + one * numbers.between(-30, 60) / 100 + 1];
            sums = [sums[0] + years[0], sums[1] + years[1]];
            labels[group].push(format!("District {name} {position}"));
            cells.push(line(format!("District {name} {position}"), years));
        }
        all = [all[0] + sums[0], all[1] + sums[1]];
        cells.push(line(format!("Subtotal {name}"), sums));
    }
    cells.push(line("Total".to_owned(), all));
    let mut rules =
        "[[rule]]\nkind='share'\ntables=['t']\nrows='all'\ntarget='growth'\npart='[year2]-[year1]'\nwhole='[year1]'\n\
                     [[rule]]\nkind='sum'\ntables=['t']\nrows='Total'\ncolumns=['year1','year2']\nof='[{}@*]'\n"
            .to_owned();
    for (name, labels) in ["north", "south"].iter().zip(labels) {
        let labels = labels.join("|");
        let columns = "columns=['year1','year2']";
        write!(rules, "[[rule]]\nkind='sum'\ntables=['t']\nrows='Subtotal {name}'\n{columns}\nof='[{{}}@{labels}]'\n")
            .unwrap();
    }
    Made { shape: "growth", tables: vec![("t", cells)], rules }
}

/// Two tables of a report that both print the pupils.
fn two_tables(numbers: &mut Numbers, style: Style) -> Made {
    let mut first = vec![row(&["school", "teachers", "pupils"])];
    let mut second = vec![row(&["school", "pupils", "girls", "part"])];
    for school in 0..numbers.between(6, 12) {
        let (pupils, teachers) = (numbers.between(180, 1_900), numbers.between(14, 120));
        let girls = pupils * numbers.between(40, 60) / 100;
        first.push(vec![format!("School {school}"), teachers.to_string(), pupils.to_string()]);
        second.push(vec![
            format!("School {school}"),
            pupils.to_string(),
            girls.to_string(),
            style.print(share(girls, pupils)),
        ]);
    }
    let rules = "[[rule]]\nkind='share'\ntables=['u']\ntarget='part'\npart='[girls]'\nwhole='[pupils]'\n\
                 [[rule]]\nkind='equals'\ntables=['u']\ntarget='pupils'\nthere='[t:pupils]'\n";
    Made { shape: "two tables", tables: vec![("t", first), ("u", second)], rules: rules.to_owned() }
}

fn made(numbers: &mut Numbers) -> Vec<Made> {
    let shapes = [marks, quarters, ranking, languages, growth, two_tables];
    let mut all = Vec::new();
    for shape in shapes {
        let style = Style { decimals: numbers.between(1, 2) as u32, cuts: numbers.below(5) == 0 };
        all.push(shape(numbers, style));
    }
    all
}

/// One digit becomes another, not the last one of a long number.
fn other_digit(numbers: &mut Numbers, text: &str) -> String {
    let digits: Vec<usize> = text.char_indices().filter(|(_, one)| one.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = digits[numbers.below((digits.len() as i64 - 1).max(1)) as usize];
    let old = text[at..=at].parse::<i64>().unwrap();
    let new = (old + numbers.between(1, 9)) % 10;
    format!("{}{new}{}", &text[..at], &text[at + 1..])
}

fn transposed(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let at = (0..bytes.len().saturating_sub(1)).find(|at| {
        bytes[*at].is_ascii_digit()
            && bytes[*at + 1].is_ascii_digit()
            && bytes[*at] != bytes[*at + 1]
            && (*at > 0 || bytes[1] != b'0')
    })?;
    let mut changed = bytes.to_vec();
    changed.swap(at, at + 1);
    String::from_utf8(changed).ok()
}

/// Plants one error of a kind; gives the changed cell (table, row without the heading, column).
fn plant(kind: &str, made: &mut Made, numbers: &mut Numbers) -> Option<(usize, usize, usize)> {
    let table = made.tables.len() - 1;
    let height = made.tables[table].1.len();
    let has_total = made.shape != "two tables";
    let body = if has_total { height - 2 } else { height - 1 };
    let line = 1 + numbers.below(body as i64) as usize;
    let column = |names: &[&str], made: &Made, numbers: &mut Numbers| {
        let known: Vec<usize> = names.iter().filter_map(|name| made.column(table, name)).collect();
        if known.is_empty() { None } else { known.get(numbers.below(known.len() as i64) as usize).copied() }
    };
    let counts = ["pupils", "n5", "n4", "n3", "n2", "kazakh", "russian", "english", "together", "year1", "year2"];
    let shares = ["share5", "share4", "share3", "quality", "part", "growth", "average"];
    let total = height - 1;
    let cells = &made.tables[table].1;
    let value = |row: usize, column: usize| exact(&cells[row][column]);
    let (row, column, text) = match kind {
        "digit of a count" | "transposed digits" => {
            let column = column(&counts, made, numbers)?;
            let old = &cells[line][column];
            let new = if kind == "transposed digits" { transposed(old)? } else { other_digit(numbers, old) };
            (line, column, new)
        }
        "digit of a share" => {
            let column = column(&shares, made, numbers)?;
            (line, column, other_digit(numbers, &cells[line][column]))
        }
        "a row left out of a total" | "a row counted twice" => {
            let column = column(&["pupils", "n5", "kazakh", "together", "participants", "year2"], made, numbers)?;
            if !has_total || cells[line][0].starts_with("Subtotal") {
                return None;
            }
            let (sum, own) = (value(total, column), value(line, column));
            let new = if kind == "a row counted twice" { sum.plus(own) } else { sum.minus(own) };
            (total, column, new.unwrap().to_string())
        }
        "mean of schools for the mean of people" => {
            let column = column(&["reading", "science", "share5", "quality"], made, numbers)?;
            let digits = cells[total][column].split('.').next_back()?.len() as u32;
            let values: Vec<Exact> = (1..total).map(|row| value(row, column)).collect();
            (total, column, mean(&values).fixed(digits))
        }
        "swapped places" => {
            let column = column(&["place"], made, numbers)?;
            let other = 1 + (line % body);
            let (one, two) = (cells[line][column].clone(), cells[other][column].clone());
            if one == two {
                return None;
            }
            made.tables[table].1[other][column] = one;
            (line, column, two)
        }
        "change with the wrong sign" => {
            let column = column(&["change", "growth"], made, numbers)?;
            let old = value(line, column);
            let digits = cells[line][column].split('.').next_back()?.len() as u32;
            (line, column, old.negated().fixed(digits))
        }
        "change against another quarter" => {
            let column = column(&["change"], made, numbers)?;
            let digits = cells[line][column].split('.').next_back()?.len() as u32;
            (line, column, value(line, 4).minus(value(line, 2)).unwrap().fixed(digits))
        }
        "two rows swapped in a column" => {
            let column = column(&["n5", "share5", "russian", "part", "q2", "girls", "reading"], made, numbers)?;
            let other = 1 + (line % body);
            let (one, two) = (cells[line][column].clone(), cells[other][column].clone());
            made.tables[table].1[other][column] = one;
            (line, column, two)
        }
        _ => {
            let column = column(&["share5", "quality"], made, numbers)?;
            let other = 1 + (line % body);
            let digits = cells[line][column].split('.').next_back()?.len() as u32;
            let part = if column == 6 { value(line, 2) } else { value(line, 2).plus(value(line, 3)).unwrap() };
            (line, column, part.percent_of(value(other, 1)).unwrap().fixed(digits))
        }
    };
    let old = &made.tables[table].1[row][column];
    // What reads as the same number, or as one that is cut or rounded, is no error.
    let unit = Exact::new(2, old.split_once('.').map_or(0, |(_, digits)| digits.len() as u32));
    if exact(old).minus(exact(&text)).unwrap().abs() < unit {
        return None;
    }
    made.tables[table].1[row][column] = text;
    Some((table, row - 1, column))
}

const KINDS: [&str; 11] = [
    "digit of a count",
    "digit of a share",
    "transposed digits",
    "a row left out of a total",
    "a row counted twice",
    "mean of schools for the mean of people",
    "swapped places",
    "change with the wrong sign",
    "change against another quarter",
    "two rows swapped in a column",
    "share of another row's whole",
];

fn with_rules(made: &Made) -> Report {
    let report = audit(&made.sheets(), &Rules::from_toml("rules", &made.rules).unwrap());
    assert_eq!(report.rule_errors, [], "{}", made.shape);
    report
}

fn unaided(made: &Made) -> Report {
    let sheets = made.sheets();
    let rules = propose_all(&sheets).into_iter().map(|one| one.rule).collect();
    let report = audit(&sheets, &Rules { rules, ..Rules::default() });
    assert_eq!(report.rule_errors, [], "{}", made.shape);
    report
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    planted: usize,
    found: usize,
    at_the_cell: usize,
    unaided: usize,
    unaided_at_the_cell: usize,
}

#[test]
fn planted_errors_are_found_and_correct_tables_are_left_alone() {
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let (mut tables, mut checked, mut alarms, mut guessed) = (0, 0, 0, 0);
    let mut guessed_alarms: Vec<String> = Vec::new();
    let mut by_kind: BTreeMap<&str, Count> = BTreeMap::new();
    let mut missed: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    for _round in 0..15 {
        for correct in made(&mut numbers) {
            tables += correct.tables.len();
            let (ruled, free) = (with_rules(&correct), unaided(&correct));
            checked += ruled.checked;
            alarms += ruled.findings.len() + ruled.problems.len();
            guessed += free.checked;
            guessed_alarms.extend(free.findings.iter().map(|finding| {
                let at = &finding.at;
                let (printed, computed, kind) = (&finding.printed, &finding.computed, finding.kind);
                format!("{}: {} {} {printed}, {computed} by {kind:?}", correct.shape, at.row, at.column)
            }));
            for kind in KINDS {
                let mut wrong = correct.clone();
                let Some((table, row, column)) = plant(kind, &mut wrong, &mut numbers) else { continue };
                let name = &wrong.tables[table].1[0][column];
                let at = |report: &Report| {
                    report.findings.iter().any(|one| one.at.row_number == row + 1 && one.at.column == *name)
                };
                // What could be a coarser rounding is named as such and not as a contradiction.
                let loosely = |report: &Report| {
                    report.tolerated.iter().any(|one| one.at.row_number == row + 1 && one.at.column == *name)
                };
                let coarser = |report: &Report, before: &Report| loosely(report) && !loosely(before);
                let (before, before_free) = (ruled.clone(), free.clone());
                let (ruled, free) = (with_rules(&wrong), unaided(&wrong));
                let count = by_kind.entry(kind).or_default();
                count.planted += 1;
                count.found += usize::from(!ruled.findings.is_empty() || coarser(&ruled, &before));
                count.at_the_cell += usize::from(at(&ruled));
                let noticed = !free.findings.is_empty() || coarser(&free, &before_free);
                count.unaided += usize::from(noticed);
                if !noticed {
                    *missed.entry((kind, correct.shape, name.clone())).or_default() += 1;
                }
                count.unaided_at_the_cell += usize::from(at(&free));
            }
        }
    }
    eprintln!("{tables} correct tables: {checked} numbers checked by rules, {alarms} false alarms;");
    eprintln!("{guessed} checked by guessed relations, {} false alarms: {guessed_alarms:#?}", guessed_alarms.len());
    eprintln!("{:42} {:>7} {:>6} {:>8} {:>8} {:>8}", "planted", "tables", "found", "at cell", "unaided", "at cell");
    let mut all = Count::default();
    for (kind, count) in &by_kind {
        eprintln!(
            "{kind:42} {:>7} {:>6} {:>8} {:>8} {:>8}",
            count.planted, count.found, count.at_the_cell, count.unaided, count.unaided_at_the_cell
        );
        all.planted += count.planted;
        all.found += count.found;
        all.unaided += count.unaided;
    }
    eprintln!("missed without rules: {missed:?}");
    assert_eq!(by_kind.len(), KINDS.len());
    assert_eq!(alarms, 0, "what is right is not flagged");
    assert_eq!(all.found, all.planted, "rules miss nothing that contradicts them");
    assert!(guessed_alarms.len() <= tables / 100, "{guessed_alarms:#?}");
    assert!(all.unaided * 100 >= all.planted * 90, "{} of {} found without rules", all.unaided, all.planted);
}
