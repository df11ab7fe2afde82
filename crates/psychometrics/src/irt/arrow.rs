//! Block-diagonal matrices with a border: every item has its own parameters, a few are shared.

use crate::linalg::Cholesky;

/// Positive definite matrix over free parameters: private blocks, shared block and the strips between them.
#[derive(Debug)]
pub(crate) struct Arrow {
    blocks: Vec<Block>,
    shared: Vec<usize>,
    corner: Vec<f64>,
    /// Factored Schur complement; `None` without shared parameters.
    schur: Option<Cholesky>,
}

#[derive(Debug)]
struct Block {
    places: Vec<usize>,
    factor: Option<Cholesky>,
    diagonal: Vec<f64>,
    /// Private times shared.
    strip: Vec<f64>,
}

/// Factors a matrix, adding to the diagonal until it is positive definite.
fn factor(matrix: &[f64], size: usize) -> (Option<Cholesky>, Vec<f64>) {
    let diagonal: Vec<f64> = (0..size).map(|i| matrix[i * size + i].max(1e-8)).collect();
    let mut ridge = 1e-10;
    let mut tried = matrix.to_vec();
    for _ in 0..12 {
        for i in 0..size {
            tried[i * size + i] = matrix[i * size + i] + ridge * diagonal[i];
        }
        if let Some(factor) = Cholesky::new(&tried, size) {
            return (Some(factor), diagonal);
        }
        ridge *= 20.0;
    }
    (None, diagonal)
}

impl Arrow {
    /// Starts with the places of the shared parameters.
    pub fn new(shared: &[usize]) -> Self {
        Self {
            blocks: Vec::new(),
            shared: shared.to_vec(),
            corner: vec![0.0; shared.len() * shared.len()],
            schur: None,
        }
    }

    /// Adds one item's matrix over `places` (row after row); places that are shared go to border and corner.
    pub fn add(&mut self, places: &[usize], matrix: &[f64]) {
        let n = places.len();
        let s = self.shared.len();
        let border = |place: &usize| self.shared.iter().position(|shared| shared == place);
        let kinds: Vec<Option<usize>> = places.iter().map(border).collect();
        let own: Vec<usize> = (0..n).filter(|i| kinds[*i].is_none()).collect();
        let mut inner = Vec::with_capacity(own.len() * own.len());
        let mut strip = vec![0.0; own.len() * s];
        for (row, i) in own.iter().enumerate() {
            inner.extend(own.iter().map(|j| matrix[i * n + j]));
            for j in 0..n {
                if let Some(column) = kinds[j] {
                    strip[row * s + column] += matrix[i * n + j];
                }
            }
        }
        for i in 0..n {
            for j in 0..n {
                if let (Some(row), Some(column)) = (kinds[i], kinds[j]) {
                    self.corner[row * s + column] += matrix[i * n + j];
                }
            }
        }
        if !own.is_empty() {
            let (factor, diagonal) = factor(&inner, own.len());
            self.blocks.push(Block { places: own.iter().map(|i| places[*i]).collect(), factor, diagonal, strip });
        }
    }

    /// Finishes with the Schur complement of the shared parameters.
    pub fn finish(mut self) -> Self {
        let s = self.shared.len();
        if s == 0 {
            return self;
        }
        let mut complement = self.corner.clone();
        for block in &self.blocks {
            let rows = block.places.len();
            for column in 0..s {
                let strip: Vec<f64> = (0..rows).map(|row| block.strip[row * s + column]).collect();
                let solved = block.solve(&strip);
                for other in 0..s {
                    let dot: f64 = (0..rows).map(|row| block.strip[row * s + other] * solved[row]).sum();
                    complement[other * s + column] -= dot;
                }
            }
        }
        self.schur = factor(&complement, s).0;
        self
    }

    /// Solves for a right side over all free parameters.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let s = self.shared.len();
        let mut out = right.to_vec();
        let mut shared: Vec<f64> = self.shared.iter().map(|place| right[*place]).collect();
        let mut first = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            let own: Vec<f64> = block.places.iter().map(|place| right[*place]).collect();
            let solved = block.solve(&own);
            for column in 0..s {
                shared[column] -= (0..own.len()).map(|row| block.strip[row * s + column] * solved[row]).sum::<f64>();
            }
            first.push(solved);
        }
        if let Some(schur) = &self.schur {
            shared = schur.solve(&shared);
        }
        for (place, value) in self.shared.iter().zip(&shared) {
            out[*place] = *value;
        }
        for (block, mut solved) in self.blocks.iter().zip(first) {
            if s > 0 {
                let rows = block.places.len();
                let pull: Vec<f64> = (0..rows)
                    .map(|row| (0..s).map(|column| block.strip[row * s + column] * shared[column]).sum())
                    .collect();
                for (value, pull) in solved.iter_mut().zip(block.solve(&pull)) {
                    *value -= pull;
                }
            }
            for (place, value) in block.places.iter().zip(solved) {
                out[*place] = value;
            }
        }
        out
    }
}

impl Block {
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        match &self.factor {
            Some(factor) => factor.solve(right),
            None => right.iter().zip(&self.diagonal).map(|(r, d)| r / d).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_as_a_dense_matrix_would() {
        let mut arrow = Arrow::new(&[4]);
        let first = [4.0, 1.0, 0.5, 1.0, 3.0, 0.2, 0.5, 0.2, 2.0];
        let second = [5.0, 0.3, 0.1, 0.3, 2.0, 0.4, 0.1, 0.4, 1.5];
        arrow.add(&[0, 1, 4], &first);
        arrow.add(&[2, 3, 4], &second);
        let arrow = arrow.finish();
        let mut dense = vec![0.0; 25];
        for (places, matrix) in [([0, 1, 4], first), ([2, 3, 4], second)] {
            for i in 0..3 {
                for j in 0..3 {
                    dense[places[i] * 5 + places[j]] += matrix[i * 3 + j];
                }
            }
        }
        let right = [1.0, -2.0, 0.5, 3.0, 0.7];
        let expected = Cholesky::new(&dense, 5).unwrap().solve(&right);
        assert!(arrow.solve(&right).iter().zip(&expected).all(|(x, y)| (x - y).abs() < 1e-9));
    }
}
