//! The fuzz corpus, replayed.

use crate::exercise;

/// What a fuzz target does with bytes.
type Target = fn(&[u8]);

#[test]
fn corpus_is_replayed() {
    let targets: [(&str, Target); 5] = [
        ("item", exercise::item),
        ("test", exercise::test),
        ("package", exercise::package),
        ("math", exercise::math),
        ("formats", exercise::formats),
    ];
    for (target, run) in targets {
        let folder = format!("{}/../../fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
        let mut count = 0;
        for entry in std::fs::read_dir(&folder).unwrap() {
            run(&std::fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count > 0, "{folder} is empty");
    }
}
