//! Time of suppression on large tables: `cargo run --release -p measures --example suppression [rows] [columns]`.

use measures::suppress::{Equation, Mark, suppress};
use std::collections::BTreeSet;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<usize>().ok());
    let (rows, columns) = (arguments.next().unwrap_or(385), arguments.next().unwrap_or(11));
    let width = columns + 1;
    let mut state = 0x9E37_79B9_u64;
    let mut below = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 32) * bound) >> 32
    };
    for small in [2_u64, 10, 30] {
        let mut cells = vec![0_i64; (rows + 1) * width];
        for row in 0..rows {
            for column in 0..columns {
                let count = if below(100) < small { 1 + below(4) } else { 5 + below(60) };
                for at in [row * width + column, row * width + columns, rows * width + column, rows * width + columns] {
                    if let Some(cell) = cells.get_mut(at) {
                        *cell += count as i64;
                    }
                }
            }
        }
        let down = (0..width).map(|column| Equation {
            total: rows * width + column,
            parts: (0..rows).map(|row| row * width + column).collect(),
        });
        let across = (0..=rows).map(|row| Equation {
            total: row * width + columns,
            parts: (0..columns).map(|column| row * width + column).collect(),
        });
        let equations: Vec<Equation> = across.chain(down).collect();
        let start = Instant::now();
        let marks = suppress(&cells, &equations, 5, &BTreeSet::new());
        let count = |mark| marks.iter().filter(|one| **one == mark).count();
        println!(
            "{rows} × {columns}, {small} % small: {} small, {} more hidden, {:.1} ms",
            count(Mark::Small),
            count(Mark::Complement),
            start.elapsed().as_secs_f64() * 1000.0
        );
    }
}
