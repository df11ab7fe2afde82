//! Cells against recomputation from the records, on random trees, corrections and exclusions.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use kernel::Localized;
use measures::*;
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
struct Record {
    school: usize,
    term: usize,
    grade: u32,
    sex: u32,
    level: u8,
    value: i64,
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (0_usize..6, 0_usize..4, 0_u32..=3, 0_u32..=2, 0_u8..4, -50_i64..200)
        .prop_map(|(school, term, grade, sex, level, value)| Record { school, term, grade, sex, level, value });
    prop::collection::vec(one, 0..120)
}

struct World {
    cube: Cube,
    schools: Vec<Member>,
    terms: Vec<Member>,
    kinds: [KindId; 3],
}

/// Six schools in two regions (one region has districts), four terms in two half-years of one year.
fn world(parents: &[u8]) -> World {
    let name = Localized::default;
    let mut place = Dimension::new("place", name(), 6);
    let network = place.add("network", name(), None, "network").unwrap();
    let north = place.add("north", name(), Some(network), "region").unwrap();
    let south = place.add("south", name(), Some(network), "region").unwrap();
    let district = place.add("district", name(), Some(south), "district").unwrap();
    let schools = (0..6)
        .map(|number| {
            let parent = [network, north, south, district][usize::from(parents[number]) % 4];
            place.add(format!("s{number}"), name(), Some(parent), "school").unwrap()
        })
        .collect();
    let mut period = Dimension::new("period", name(), 4);
    let year = period.add("2024", name(), None, "year").unwrap();
    let halves = [1, 2].map(|half| period.add(format!("2024-h{half}"), name(), Some(year), "half_year").unwrap());
    let terms = (0..4)
        .map(|term| period.add(format!("2024-q{}", term + 1), name(), Some(halves[term / 2]), "term").unwrap())
        .collect();
    let grade = Dimension::flat("grade", ["1", "2", "3"]).unwrap();
    let sex = Dimension::flat("sex", ["f", "m"]).unwrap();
    let mut cube = Cube::new(Schema::new(place, period, vec![grade, sex]).unwrap());
    let marks = ["5", "4", "3", "2"].map(|code| ScaleLevel { code: code.to_owned(), value: code.parse().ok() });
    let keeps = [Keeps::Scale(marks.to_vec()), Keeps::Numbers { decimals: 1 }, Keeps::Values { decimals: 0 }];
    let mut number = 0;
    let kinds = keeps.map(|keeps| {
        number += 1;
        cube.declare(FactKind { code: format!("kind{number}"), name: name(), keeps, over_periods: true }).unwrap()
    });
    World { cube, schools, terms, kinds }
}

fn fact(world: &World, record: &Record, kind: usize) -> Fact {
    Fact {
        place: world.schools[record.school],
        key: world.cube.schema.key(world.terms[record.term], &[record.grade, record.sex]),
        observation: if kind == 0 { Observation::Level(record.level) } else { Observation::Value(record.value) },
        times: 1,
    }
}

fn record_all(world: &mut World, records: &[Record], batch: usize) {
    for kind in 0..3 {
        let facts: Vec<Fact> = records.iter().map(|record| fact(world, record, kind)).collect();
        for chunk in facts.chunks(batch.max(1)) {
            world.cube.record(world.kinds[kind], chunk).unwrap();
        }
    }
}

fn dump(world: &World) -> Vec<Vec<String>> {
    world.kinds.iter().map(|kind| world.cube.dump(*kind)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_of_arrival_does_not_matter(
        (records, shuffled) in records().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        parents in prop::collection::vec(any::<u8>(), 6),
        batch in 1_usize..40,
    ) {
        let (mut first, mut second) = (world(&parents), world(&parents));
        record_all(&mut first, &records, records.len());
        record_all(&mut second, &shuffled, batch);
        prop_assert_eq!(dump(&first), dump(&second));
    }

    #[test]
    fn corrections_leave_no_trace(
        records in records(), wrong in records(), parents in prop::collection::vec(any::<u8>(), 6),
    ) {
        let (mut corrected, mut right) = (world(&parents), world(&parents));
        record_all(&mut right, &records, 7);
        // The first records arrive wrong and are corrected, some corrections before the fact they correct.
        for kind in 0..3 {
            let id = corrected.kinds[kind];
            for (position, record) in records.iter().enumerate() {
                let after = fact(&corrected, record, kind);
                match wrong.get(position) {
                    Some(before) => {
                        let before = fact(&corrected, before, kind);
                        if position % 2 == 0 {
                            corrected.cube.record(id, &[before]).unwrap();
                            corrected.cube.correct(id, before, after).unwrap();
                        } else {
                            corrected.cube.correct(id, before, after).unwrap();
                            prop_assert!(corrected.cube.negative_cells(id).len() < 1000);
                            corrected.cube.record(id, &[before]).unwrap();
                        }
                    }
                    None => corrected.cube.record(id, &[after]).unwrap(),
                }
            }
            prop_assert_eq!(corrected.cube.negative_cells(id), vec![]);
        }
        prop_assert_eq!(dump(&corrected), dump(&right));
    }

    #[test]
    fn cells_equal_recomputation(
        records in records(), parents in prop::collection::vec(any::<u8>(), 6),
        left_out_grade in 1_u32..=3, left_out_half in 0_usize..2,
    ) {
        let mut world = world(&parents);
        record_all(&mut world, &records, 25);
        let schema = &world.cube.schema;
        let places: Vec<Vec<Member>> = schema.place.members().map(|member| vec![member]).collect();
        let periods: Vec<Vec<Member>> = schema.period.members().map(|member| vec![member]).collect();
        // Grades one by one, then grades 1-2 together, then all, also the unrecorded ones.
        let grades = vec![vec![1], vec![2], vec![3], vec![1, 2], vec![0, 1, 2, 3]];
        let axes = Axes { places: places.clone(), periods: periods.clone(), others: vec![(0, grades.clone())] };
        let half = schema.period.member(["2024-h1", "2024-h2"][left_out_half]).unwrap();
        let conditions = Conditions {
            only: vec![(1, vec![0, 2])],
            left_out: vec![LeftOut { places: vec![], periods: vec![half], others: vec![(0, vec![left_out_grade])] }],
        };
        let cube = &world.cube;
        let read = |kind: usize, quantity: Quantity| cube.read(world.kinds[kind], &quantity, &axes, &conditions).unwrap();
        let answers = [
            read(0, Quantity::Count), read(0, Quantity::Levels(vec![0, 1])), read(0, Quantity::Sum),
            read(1, Quantity::Sum), read(1, Quantity::Squares), read(2, Quantity::Lowest), read(2, Quantity::Highest),
            read(2, Quantity::Distinct), read(2, Quantity::Between(0, 99)), read(0, Quantity::Highest),
        ];
        let mut group = 0;
        for place in &places {
            for period in &periods {
                for grade in &grades {
                    let left_out = |term: usize| schema.period.lineage(world.terms[term]).any(|ancestor| ancestor == half);
                    let inside: Vec<&Record> = records.iter().filter(|record| {
                        schema.place.lineage(world.schools[record.school]).any(|ancestor| ancestor == place[0])
                            && schema.period.lineage(world.terms[record.term]).any(|ancestor| ancestor == period[0])
                            && grade.contains(&record.grade)
                            && record.sex != 1
                            && !(left_out(record.term) && record.grade == left_out_grade)
                    }).collect();
                    let sum = |value: fn(&Record) -> i128| Some(inside.iter().map(|record| value(record)).sum::<i128>());
                    let mut values: Vec<i64> = inside.iter().map(|record| record.value).collect();
                    values.sort_unstable();
                    let (lowest, highest) = (values.first().copied(), values.last().copied());
                    values.dedup();
                    let expected = [
                        sum(|_| 1), sum(|record| i128::from(record.level < 2)), sum(|record| 5 - i128::from(record.level)),
                        sum(|record| record.value.into()), sum(|record| i128::from(record.value).pow(2)),
                        lowest.map(i128::from), highest.map(i128::from), Some(values.len() as i128),
                        sum(|record| i128::from((0..=99).contains(&record.value))),
                        inside.iter().map(|record| 5 - i128::from(record.level)).max(),
                    ];
                    for (answer, expected) in answers.iter().zip(expected) {
                        prop_assert_eq!(answer[group], expected, "place {:?} period {:?} grade {:?}", place, period, grade);
                    }
                    group += 1;
                }
            }
        }
    }
}

#[test]
fn facts_that_do_not_fit_are_named() {
    let mut world = world(&[0; 6]);
    let good = fact(&world, &Record { school: 0, term: 0, grade: 1, sex: 1, level: 0, value: 0 }, 0);
    let level = Fact { observation: Observation::Level(4), ..good };
    let error = world.cube.record(world.kinds[0], &[good, level]).unwrap_err();
    assert_eq!(error.to_string(), "fact 1 does not fit kind \"kind1\": the scale has no such level");
    assert_eq!(world.cube.cells(world.kinds[0]), 0, "all or none");
    let place = Fact { place: 60, ..good };
    assert!(world.cube.record(world.kinds[0], &[place]).unwrap_err().to_string().contains("place"));
    let axes = Axes { places: vec![vec![1]], periods: vec![vec![1]], others: vec![] };
    let asked = world.cube.read(world.kinds[1], &Quantity::Distinct, &axes, &Conditions::default());
    assert!(matches!(asked, Err(CubeError::NotKept { .. })));
}
