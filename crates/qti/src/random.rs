//! Seeded random numbers for templates and shuffling: the same seed gives the same item on every machine.
//!
//! Mulberry32, a public domain generator of 32 bits of state, is taken because published scored cases with
//! a seed (see `../shared/qti/scoring`) rest on it. It draws variants of items, never secrets.

/// A seeded sequence of numbers.
#[derive(Debug, Clone)]
pub struct Random {
    state: u32,
}

impl Random {
    /// A sequence; seeds that differ in any of their 64 bits give different sequences as a rule.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: (seed as u32) ^ ((seed >> 32) as u32).wrapping_mul(0x9e37_79b9) }
    }

    fn next(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x6d2b_79f5);
        let mut t = self.state;
        t = (t ^ (t >> 15)).wrapping_mul(t | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 0x3d));
        t ^ (t >> 14)
    }

    /// A number in [0, 1).
    pub fn fraction(&mut self) -> f64 {
        f64::from(self.next()) / 4_294_967_296.0
    }

    /// A whole number in 0..n; 0 when n is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((self.fraction() * n as f64) as u64).min(n.saturating_sub(1))
    }

    /// Puts a slice into a drawn order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let chosen = self.below(last as u64 + 1) as usize;
            items.swap(last, chosen);
        }
    }
}
