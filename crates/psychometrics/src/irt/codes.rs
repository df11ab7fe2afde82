//! Several items in one byte.
//!
//! The responses of a person to a few neighbouring items form one code (mixed radix). What is a sum over items
//! becomes a sum over a few table look-ups, and what is a scatter over items becomes a scatter over codes that is
//! unfolded once ("the method of four Russians").

use super::layout::{Block, MISSING};

/// Neighbouring items of a block whose responses make one code.
#[derive(Debug, Clone)]
pub(crate) struct CodeGroup {
    /// Position of the first item within the block.
    pub first: usize,
    /// Radix of each item: its categories, one more when responses may be absent (digit 0 is then "absent").
    pub radices: Vec<usize>,
    /// Product of the radices, at most 256.
    pub size: usize,
    /// One code per row.
    pub codes: Vec<u8>,
}

impl CodeGroup {
    /// For every code and every item of the group, calls `visit(code, item within the block, category)`.
    pub fn digits(&self, scattered: bool, mut visit: impl FnMut(usize, usize, usize)) {
        for code in 0..self.size {
            let mut rest = code;
            for (place, radix) in self.radices.iter().enumerate() {
                let digit = rest % radix;
                rest /= radix;
                if !scattered {
                    visit(code, self.first + place, digit);
                } else if digit > 0 {
                    visit(code, self.first + place, digit - 1);
                }
            }
        }
    }
}

/// Groups the items of a block so that no table is longer than `limit` (at most 256).
pub(crate) fn code_groups(block: &Block, categories: &[usize], limit: usize) -> Vec<CodeGroup> {
    let extra = usize::from(block.scattered);
    let radix = |place: usize| categories[block.items[place] as usize] + extra;
    let mut groups: Vec<CodeGroup> = Vec::new();
    for place in 0..block.items.len() {
        match groups.last_mut() {
            Some(group) if group.size * radix(place) <= limit => {
                group.radices.push(radix(place));
                group.size *= radix(place);
            }
            _ => groups.push(CodeGroup {
                first: place,
                radices: vec![radix(place)],
                size: radix(place),
                codes: Vec::new(),
            }),
        }
    }
    for group in &mut groups {
        let code = |row: usize| {
            let cells = &block.row(row)[group.first..group.first + group.radices.len()];
            let mut code = 0;
            for (cell, radix) in cells.iter().zip(&group.radices).rev() {
                let digit = if extra == 0 {
                    usize::from(*cell)
                } else if *cell == MISSING {
                    0
                } else {
                    usize::from(*cell) + 1
                };
                code = code * radix + digit;
            }
            code as u8
        };
        group.codes = (0..block.rows()).map(code).collect();
    }
    groups
}
