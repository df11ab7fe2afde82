//! A country's marks, for speed and memory: `cargo run --release -p measures --example country [schools] [marks per cell]`.
//!
//! 7,700 schools × 11 grades × 15 subjects × 2 languages × 2 sexes × 4 terms, about 7.4 marks per cell: 150 million marks.
//! Times are those of the processor where the system tells them, because other work on the machine is not ours to measure.
//! Prints one line per figure with the bound it is measured against, and ends with status 1 when a bound is missed.

use kernel::Localized;
use measures::definition::Catalogue;
use measures::evaluate::Evaluation;
use measures::table::{Along, Beside, Line, Request};
use measures::{
    Axes, Conditions, Cube, Dimension, Fact, FactKind, Keeps, KindId, Member, Observation, Quantity, ScaleLevel, Schema,
};
use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const DEFINITIONS: &str = r#"
[[measure]]
code = "mean"
name = { kk = "Орташа баға", ru = "Средняя отметка", en = "Mean mark" }
kind = "mean"
of = { facts = "marks" }
decimals = 2

[[measure]]
code = "good"
name = { kk = "Жақсы бағалар", ru = "Хорошие отметки", en = "Share of 4 and 5" }
kind = "share"
numerator = { facts = "marks", levels = ["5", "4"] }
denominator = { facts = "marks" }
decimals = 1
minimum_group = 5
"#;

struct Country {
    cube: Cube,
    marks: KindId,
    regions: Vec<Member>,
    schools: Vec<Member>,
    terms: Vec<Member>,
}

fn country(schools: usize) -> Result<Country, Box<dyn Error>> {
    let name = Localized::default;
    let mut place = Dimension::new("place", name(), 14);
    let network = place.add("country", name(), None, "network")?;
    let mut regions = Vec::new();
    let mut districts = Vec::new();
    for region in 0..20 {
        let member =
            place.add(format!("r{region}"), Localized::same(format!("Region {region}")), Some(network), "region")?;
        regions.push(member);
        for district in 0..10 {
            districts.push(place.add(format!("r{region}d{district}"), name(), Some(member), "district")?);
        }
    }
    let schools = (0..schools)
        .map(|school| {
            let district = districts.get(school % districts.len()).copied();
            place.add(format!("s{school}"), name(), district, "school")
        })
        .collect::<Result<_, _>>()?;
    let mut period = Dimension::new("period", name(), 6);
    let year = period.add("2024", name(), None, "year")?;
    let terms = (1..=4)
        .map(|term| period.add(format!("2024-q{term}"), name(), Some(year), "term"))
        .collect::<Result<_, _>>()?;
    let numbered = |code: &str, count: usize| {
        let codes: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
        Dimension::flat(code, codes.iter().map(String::as_str))
    };
    let others = vec![numbered("grade", 11)?, numbered("subject", 15)?, numbered("language", 2)?, numbered("sex", 2)?];
    let mut cube = Cube::new(Schema::new(place, period, others)?);
    let levels = ["5", "4", "3", "2"].map(|code| ScaleLevel { code: code.to_owned(), value: code.parse().ok() });
    let kind =
        FactKind { code: "marks".to_owned(), name: name(), keeps: Keeps::Scale(levels.to_vec()), over_periods: true };
    let marks = cube.declare(kind)?;
    Ok(Country { cube, marks, regions, schools, terms })
}

/// A small generator with a fixed seed (xorshift): the same facts on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * u64::from(bound)) >> 32) as u32
    }
}

/// Every mark of one school in one term.
fn school_term(country: &Country, school: Member, term: Member, per_cell: f64, numbers: &mut Numbers) -> Vec<Fact> {
    let mut facts = Vec::with_capacity(8_000);
    for grade in 1..=11 {
        for subject in 1..=15 {
            for group in 0..4 {
                let key = country.cube.schema.key(term, &[grade, subject, 1 + group / 2, 1 + group % 2]);
                let more = f64::from(numbers.below(1_000)) < per_cell.fract() * 1_000.0;
                let times = per_cell as u32 + u32::from(more);
                for _ in 0..times {
                    let level = [0, 0, 1, 1, 1, 2, 2, 2, 2, 3].get(numbers.below(10) as usize).copied().unwrap_or(0);
                    facts.push(Fact { place: school, key, observation: Observation::Level(level), times: 1 });
                }
            }
        }
    }
    facts
}

/// Megabytes of memory in use and at most, from the system where it tells.
fn memory() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    Some((line("VmRSS:")? / 1024, line("VmHWM:")? / 1024))
}

/// Processor time where the system tells it, otherwise time on the wall.
struct Watch {
    wall: Instant,
    processor: Option<u64>,
}

impl Watch {
    fn processor() -> Option<u64> {
        std::fs::read_to_string("/proc/self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
    }

    fn start() -> Self {
        Self { wall: Instant::now(), processor: Self::processor() }
    }

    fn seconds(&self) -> f64 {
        let elapsed = match (self.processor, Self::processor()) {
            // The system counts in ticks of some milliseconds: short times come from the wall, which only errs upwards.
            (Some(start), Some(now)) if now.saturating_sub(start) > 20_000_000 => Duration::from_nanos(now - start),
            _ => self.wall.elapsed(),
        };
        elapsed.as_secs_f64()
    }
}

struct Bounds(bool);

impl Bounds {
    fn line(&mut self, what: &str, value: f64, unit: &str, bound: f64, more: bool) {
        let met = if more { value >= bound } else { value <= bound };
        self.0 &= met;
        let sign = if more { "≥" } else { "≤" };
        println!("{what:62} {value:>12.2} {unit:8} {sign} {bound} {}", if met { "met" } else { "MISSED" });
    }
}

fn milliseconds(start: &Watch) -> f64 {
    start.seconds() * 1000.0
}

fn run() -> Result<bool, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let schools = arguments.next().map_or(Ok(7_700), |text| text.parse())?;
    let per_cell: f64 = arguments.next().map_or(Ok(7.4), |text| text.parse())?;
    let mut country = country(schools)?;
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut bounds = Bounds(true);
    let (mut facts, mut loading) = (0_usize, 0.0);
    for term in country.terms.clone() {
        for school in country.schools.clone() {
            let batch = school_term(&country, school, term, per_cell, &mut numbers);
            facts += batch.len();
            let start = Watch::start();
            country.cube.record(country.marks, &batch)?;
            loading += start.seconds();
        }
    }
    println!(
        "{facts} facts in {} cells (all levels), loaded in {loading:.1} s, one core",
        country.cube.cells(country.marks)
    );
    bounds.line("facts loaded per second, by school and term", facts as f64 / loading, "facts/s", 1_000_000.0, true);

    // The worst order: facts of all schools mixed, in batches of a million.
    let mixed: Vec<Fact> = (0..1_000_000)
        .filter_map(|_| {
            let school = *country.schools.get(numbers.below(schools as u32) as usize)?;
            let term = *country.terms.get(numbers.below(4) as usize)?;
            let members = [1 + numbers.below(11), 1 + numbers.below(15), 1 + numbers.below(2), 1 + numbers.below(2)];
            let key = country.cube.schema.key(term, &members);
            Some(Fact { place: school, key, observation: Observation::Level(numbers.below(4) as u8), times: 1 })
        })
        .collect();
    let start = Watch::start();
    country.cube.record(country.marks, &mixed)?;
    let mixed_rate = mixed.len() as f64 / start.seconds();
    bounds.line("facts loaded per second, a million in random order", mixed_rate, "facts/s", 1_000_000.0, true);

    let schema = &country.cube.schema;
    let single = |other: usize| -> Vec<Vec<Member>> {
        schema.others.get(other).map_or_else(Vec::new, |d| d.members().map(|member| vec![member]).collect())
    };
    let by_region = Axes {
        places: country.regions.iter().map(|region| vec![*region]).collect(),
        periods: vec![vec![1]],
        others: vec![(0, single(0)), (1, single(1))],
    };
    let start = Watch::start();
    let counts = country.cube.read(country.marks, &Quantity::Levels(vec![0, 1]), &by_region, &Conditions::default())?;
    bounds.line("cells of region × grade × subject, year", milliseconds(&start), "ms", 100.0, false);
    println!("  {} cells, {} marks of 4 and 5", counts.len(), counts.iter().flatten().sum::<i128>());

    let catalogue = Catalogue::from_toml([("country", DEFINITIONS)]).map_err(|errors| format!("{errors:?}"))?;
    let evaluation = Evaluation { cube: &country.cube, catalogue: &catalogue };
    let start = Watch::start();
    let values = evaluation.values("good", &by_region, &[])?;
    bounds.line("measure by region × grade × subject, year", milliseconds(&start), "ms", 100.0, false);
    println!("  {} values", values.len());
    let start = Watch::start();
    let values = evaluation.values_averaged("good", measures::definition::Averaging::BySchools, &by_region, &[])?;
    bounds.line("the same as the mean of the 7,700 schools", milliseconds(&start), "ms", 1_000.0, false);
    println!("  {} values", values.len());

    let lines = |along: Along, members: &[Member]| Line::of_members(schema, along, members, None);
    let grades: Vec<Member> = (1..=11).collect();
    let request = Request {
        code: String::new(),
        title: Localized::default(),
        rows: (Along::Place, lines(Along::Place, &country.regions)),
        columns: Some((Along::Other(0), lines(Along::Other(0), &grades))),
        measures: vec!["mean".to_owned()],
        place: vec![],
        period: vec![1],
        only: vec![(1, vec![3])],
        both_averages: true,
        beside: Beside::default(),
    };
    let start = Watch::start();
    let table = evaluation.table(&request)?;
    bounds.line(
        "finished table region × grade of one subject, all averages",
        milliseconds(&start),
        "ms",
        1_000.0,
        false,
    );
    println!("  {} rows of {} columns", table.rows.len(), table.columns.len());

    // One school corrects all its marks of a term: everything taken back and entered anew.
    let school = *country.schools.get(schools / 2).ok_or("no school")?;
    let batch = school_term(&country, school, *country.terms.first().ok_or("no term")?, per_cell, &mut numbers);
    country.cube.record(country.marks, &batch)?;
    let corrections: Vec<Fact> = batch
        .iter()
        .flat_map(|fact| [fact.taken_back(), Fact { observation: Observation::Level(0), ..*fact }])
        .collect();
    let start = Watch::start();
    country.cube.record(country.marks, &corrections)?;
    bounds.line("one school's corrections of a term, to all levels", milliseconds(&start), "ms", 50.0, false);
    println!("  {} corrected marks", batch.len());
    let one = batch.first().copied().ok_or("no mark")?;
    let start = Watch::start();
    country.cube.correct(country.marks, Fact { observation: Observation::Level(0), ..one }, one)?;
    bounds.line("one corrected mark, to all levels", milliseconds(&start), "ms", 50.0, false);
    if let Some((now, most)) = memory() {
        println!("memory now {now} MB");
        bounds.line("memory at most", most as f64, "MB", 4096.0, false);
    }
    Ok(bounds.0)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
