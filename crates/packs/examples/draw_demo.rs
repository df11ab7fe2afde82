//! Draws the demonstration data and says how long it took: `cargo run --release -p packs --example draw_demo`.

use std::time::Instant;

use packs::Pack;
use packs::demo::{Demo, SEED};

fn main() -> Result<(), packs::PackError> {
    let start = Instant::now();
    let pack = Pack::embedded()?;
    let read = start.elapsed();
    let start = Instant::now();
    let demo = Demo::draw(&pack, &pack.campaigns[0], SEED)?;
    println!(
        "pack read in {read:?}; {} pupils, {} teachers, {} attempts, {} marks drawn in {:?}",
        demo.pupils.len(),
        demo.teachers.len(),
        demo.attempts.len(),
        demo.marks.len(),
        start.elapsed()
    );
    Ok(())
}
