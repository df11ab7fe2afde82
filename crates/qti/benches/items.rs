//! Speed of what happens to every item: `cargo bench -p qti`.
//!
//! Prints microseconds per item and items per second; compare on an idle machine.

use qti::package::{DocumentKind, Package, PackageWriter};
use qti::render::RenderOptions;
use qti::score::Responses;
use std::hint::black_box;
use std::io::Cursor;
use std::time::Instant;

const ITEM: &str = include_str!("../suite/choice-single/item.xml");

fn main() {
    let rounds = 5_000_u32;
    let responses = Responses::new().with("RESPONSE", "B");
    let mut steps: [(&str, f64); 5] = [("parse", 0.0), ("check", 0.0), ("render", 0.0), ("score", 0.0), ("all", 0.0)];
    for _ in 0..rounds {
        let start = Instant::now();
        let Ok(item) = qti::parse_item(black_box(ITEM)) else { return };
        let parsed = start.elapsed().as_secs_f64();
        black_box(qti::check::item(&item));
        let checked = start.elapsed().as_secs_f64();
        black_box(qti::render::html(&item, &RenderOptions::default()));
        let rendered = start.elapsed().as_secs_f64();
        black_box(qti::score::score(&item, &responses));
        let scored = start.elapsed().as_secs_f64();
        for (step, time) in
            steps.iter_mut().zip([parsed, checked - parsed, rendered - checked, scored - rendered, scored])
        {
            step.1 += time * 1e6 / f64::from(rounds);
        }
    }
    for (name, microseconds) in steps {
        println!("{name:8} {microseconds:8.2} microseconds per item");
    }
    package(10_000);
}

/// A package of many items, written and imported: read, parsed and checked.
fn package(count: usize) {
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), "bench");
    for index in 0..count {
        let path = format!("items/i{index}.xml");
        if writer.add(DocumentKind::Item, &format!("i{index}"), &path, ITEM.as_bytes()).is_err() {
            return;
        }
    }
    let Ok(bytes) = writer.finish() else { return };
    let start = Instant::now();
    let Ok(mut package) = Package::open(bytes) else { return };
    let Ok(manifest) = package.manifest() else { return };
    let mut read = 0;
    for resource in manifest.resources {
        let text = resource.href.and_then(|href| package.text(&href).ok());
        if let Some(Ok(item)) = text.map(|text| qti::parse_item(&text)) {
            black_box(qti::check::item(&item));
            read += 1;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("package  {:8.0} items per second ({read} items imported and checked)", f64::from(read) / seconds);
}
