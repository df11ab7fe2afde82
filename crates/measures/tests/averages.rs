//! Averages by schools that are kept as facts arrive, against a cube that reads every school again.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use kernel::Localized;
use measures::definition::{Averaging, Catalogue};
use measures::evaluate::{Evaluation, Value};
use measures::{Axes, Cube, Dimension, Fact, Member, Observation, Schema};
use proptest::prelude::*;

const DEFINITIONS: &str = r#"
[[facts]]
code = "pupils"
name = { kk = "а", ru = "а", en = "Pupils" }
scale = ["5", "4", "3", "2"]
over_periods = true

[[facts]]
code = "visitors"
name = { kk = "а", ru = "а", en = "Visitors" }
people = "by_sketch"

[[measure]]
code = "quality"
name = { kk = "Сапа", ru = "Качество", en = "Quality" }
kind = "share"
numerator = { facts = "pupils", levels = ["5", "4"] }
denominator = { facts = "pupils" }
averaging_without = ["s3"]
decimals = 1
exclusions = [{ where = { grade = ["1"] }, periods = ["*-q1"], note = { kk = "а", ru = "а", en = "a" } }]

[[measure]]
code = "mark"
name = { kk = "Баға", ru = "Отметка", en = "Mark" }
kind = "mean"
of = { facts = "pupils" }
decimals = 2

[[measure]]
code = "visitors"
name = { kk = "Келушілер", ru = "Посетители", en = "Visitors" }
kind = "count"
of = { facts = "visitors", read = "distinct" }
"#;

/// Schools of three regions, two of them in a district; enough that a total stands for an ancestor.
const SCHOOLS: u32 = 24;

fn empty(catalogue: &Catalogue) -> (Cube, Vec<Member>) {
    let name = Localized::default;
    let mut place = Dimension::new("place", name(), 6);
    let network = place.add("network", name(), None, "network").unwrap();
    let regions = [0, 1, 2].map(|one| place.add(format!("r{one}"), name(), Some(network), "region").unwrap());
    let district = place.add("d", name(), Some(regions[2]), "district").unwrap();
    let schools = (0..SCHOOLS)
        .map(|school| {
            let parent = if school % 5 == 2 { district } else { regions[school as usize % 3] };
            place.add(format!("s{school}"), name(), Some(parent), "school").unwrap()
        })
        .collect();
    let mut period = Dimension::new("period", name(), 4);
    let year = period.add("2024", name(), None, "year").unwrap();
    for term in 1..=2 {
        period.add(format!("2024-q{term}"), name(), Some(year), "term").unwrap();
    }
    let grade = Dimension::flat("grade", ["1", "2"]).unwrap();
    let mut cube = Cube::new(Schema::new(place, period, vec![grade]).unwrap());
    catalogue.declare_facts(&mut cube).unwrap();
    (cube, schools)
}

fn facts() -> impl Strategy<Value = Vec<(usize, u32, u32, u8, i32)>> {
    prop::collection::vec((0..SCHOOLS as usize, 2_u32..=3, 1_u32..=2, 0_u8..4, 1_i32..9), 0..60)
}

/// Every place alone, all schools together, all but one, some named twice.
fn axes(cube: &Cube, schools: &[Member]) -> Axes {
    let mut places: Vec<Vec<Member>> = cube.schema.place.members().map(|member| vec![member]).collect();
    places.extend([schools.to_vec(), schools[1..].to_vec(), [&schools[..3], &schools[..3]].concat()]);
    Axes { places, periods: vec![vec![1], vec![2], vec![2, 3]], others: vec![(0, vec![vec![1], vec![2], vec![1, 2]])] }
}

fn answers(cube: &Cube, catalogue: &Catalogue, schools: &[Member]) -> Vec<Vec<Value>> {
    let evaluation = Evaluation { cube, catalogue };
    let axes = axes(cube, schools);
    [("quality", Averaging::BySchools), ("quality", Averaging::OfRoundedValues), ("mark", Averaging::BySchools)]
        .map(|(measure, averaging)| evaluation.values_averaged(measure, averaging, &axes, &[]).unwrap())
        .into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn kept_averages_equal_reading_every_school(batches in prop::collection::vec(facts(), 1..5)) {
        let catalogue = Catalogue::from_toml([("test", DEFINITIONS)]).unwrap();
        let (mut kept, schools) = empty(&catalogue);
        let kind = kept.kind("pupils").unwrap();
        let mut all: Vec<Fact> = Vec::new();
        for (number, batch) in batches.iter().enumerate() {
            let new: Vec<Fact> = batch
                .iter()
                .map(|(school, term, grade, level, times)| Fact {
                    place: schools[*school],
                    key: kept.schema.key(*term, &[*grade]),
                    observation: Observation::Level(*level),
                    times: *times,
                })
                .collect();
            // Every second batch also takes back what came first.
            let back: Vec<Fact> = all.iter().take(5 * (number % 2)).map(|fact| fact.taken_back()).collect();
            let batch = [new, back].concat();
            kept.record(kind, &batch).unwrap();
            all.extend(batch);
            let (mut fresh, _) = empty(&catalogue);
            fresh.record(kind, &all).unwrap();
            prop_assert_eq!(answers(&kept, &catalogue, &schools), answers(&fresh, &catalogue, &schools));
            // A copy goes its own way.
            let mut copy = kept.clone();
            if let Some(first) = all.first() {
                copy.record(kind, &[first.taken_back(), first.taken_back()]).unwrap();
            }
            prop_assert_eq!(answers(&kept, &catalogue, &schools), answers(&fresh, &catalogue, &schools));
        }
    }
}

#[test]
fn a_mean_of_schools_is_the_mean_of_their_values() {
    let catalogue = Catalogue::from_toml([("test", DEFINITIONS)]).unwrap();
    let (mut cube, schools) = empty(&catalogue);
    let kind = cube.kind("pupils").unwrap();
    let key = cube.schema.key(3, &[2]);
    let fact = |school: usize, level, times| Fact {
        place: schools[school],
        key,
        observation: Observation::Level(level),
        times,
    };
    // 75.0 and 33.3 percent; s3 is left out, 10 schools have nobody.
    cube.record(kind, &[fact(0, 0, 3), fact(0, 2, 1), fact(6, 1, 1), fact(6, 3, 2), fact(3, 0, 50)]).unwrap();
    let mean = |cube: &Cube, averaging| {
        let axes = Axes { places: vec![vec![1]], periods: vec![vec![1]], others: vec![] };
        let values = Evaluation { cube, catalogue: &catalogue }.values_averaged("quality", averaging, &axes, &[]);
        let value = values.unwrap().remove(0);
        (value.exact.unwrap().fixed(4), value.schools)
    };
    assert_eq!(mean(&cube, Averaging::BySchools), ("54.1667".to_owned(), Some(2)));
    assert_eq!(mean(&cube, Averaging::OfRoundedValues), ("54.1500".to_owned(), Some(2)));
    cube.correct(kind, fact(6, 3, 2), fact(6, 1, 2)).unwrap();
    assert_eq!(mean(&cube, Averaging::BySchools), ("87.5000".to_owned(), Some(2)));
    cube.record(kind, &[fact(6, 1, -3)]).unwrap();
    assert_eq!(mean(&cube, Averaging::BySchools), ("75.0000".to_owned(), Some(1)));
}

#[test]
fn people_counted_by_sketch_say_so() {
    let catalogue = Catalogue::from_toml([("test", DEFINITIONS)]).unwrap();
    let (mut cube, schools) = empty(&catalogue);
    let kind = cube.kind("visitors").unwrap();
    let visit = |person: i64, school: usize, times| Fact {
        place: schools[school],
        key: cube.schema.key(2, &[1]),
        observation: Observation::Person(person),
        times,
    };
    // 4,000 people, each in two schools.
    let facts: Vec<Fact> =
        (0..4_000).flat_map(|person| [visit(person, person as usize % 12, 1), visit(person, 12, 1)]).collect();
    let stranger = visit(1_000_000, 0, 1);
    cube.record(kind, &facts).unwrap();
    let read = |cube: &Cube| {
        let axes = Axes { places: vec![vec![1]], periods: vec![vec![2]], others: vec![] };
        Evaluation { cube, catalogue: &catalogue }.values("visitors", &axes, &[]).unwrap().remove(0)
    };
    let value = read(&cube);
    let people = value.exact.unwrap().to_whole().unwrap();
    assert!(value.estimated && (3_850..4_150).contains(&people), "{people}");
    assert_eq!(i128::from(value.group), people, "the group is people, not visits");
    let before = cube.dump(kind);
    cube.record(kind, &[stranger]).unwrap();
    assert_ne!(cube.dump(kind), before);
    cube.record(kind, &[stranger.taken_back()]).unwrap();
    assert_eq!(cube.dump(kind), before, "who is taken back leaves no trace");
}
