//! Our own suite: one folder per construct under `suite/`.

use crate::cases;
use std::path::Path;

#[test]
fn own_suite() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/suite"));
    let mut folders: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("item.xml").exists())
        .collect();
    folders.sort();
    let mut total = 0;
    let mut wrong = Vec::new();
    for folder in folders {
        let (count, problems) = cases::run(&folder);
        total += count;
        wrong.extend(problems);
    }
    assert!(wrong.is_empty(), "{} problems in {total} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(total >= 717, "only {total} cases ran");
}
