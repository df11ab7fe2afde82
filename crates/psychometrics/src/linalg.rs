//! The little dense linear algebra the crate needs: Cholesky of a symmetric matrix, row after row.

/// Sum of products in eight running sums, which the compiler turns into vectors; the order is fixed.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (x_chunks, y_chunks) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = x_chunks.remainder().iter().zip(y_chunks.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in x_chunks.zip(y_chunks) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// A lower triangular factor `L` with `A = L L'`.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors a symmetric positive definite matrix of `size` rows; `None` when it is not positive definite.
    pub fn new(matrix: &[f64], size: usize) -> Option<Self> {
        let mut lower = matrix.to_vec();
        for row in 0..size {
            for column in 0..=row {
                let (head, tail) =
                    (&lower[row * size..row * size + column], &lower[column * size..column * size + column]);
                let dot = dot(head, tail);
                let rest = lower[row * size + column] - dot;
                if row == column {
                    let tolerance = 1e-13 * matrix[row * size + row].abs();
                    if !(rest > tolerance && rest.is_finite()) {
                        return None;
                    }
                    lower[row * size + row] = rest.sqrt();
                } else {
                    lower[row * size + column] = rest / lower[column * size + column];
                }
            }
        }
        Some(Self { size, lower })
    }

    /// Solves `A x = b`.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = right.to_vec();
        for row in 0..n {
            let dot = dot(&self.lower[row * n..row * n + row], &x[..row]);
            x[row] = (x[row] - dot) / self.lower[row * n + row];
        }
        for row in (0..n).rev() {
            x[row] /= self.lower[row * n + row];
            let value = x[row];
            for column in 0..row {
                x[column] -= self.lower[row * n + column] * value;
            }
        }
        x
    }

    /// `L x`: standard normal numbers become numbers with covariance `A`.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        (0..self.size).map(|row| dot(&self.lower[row * self.size..=row * self.size + row], &x[..=row])).collect()
    }

    /// The inverse of `A`, row after row.
    pub fn inverse(&self) -> Vec<f64> {
        let n = self.size;
        let mut inverse = vec![0.0; n * n];
        let mut unit = vec![0.0; n];
        for column in 0..n {
            unit[column] = 1.0;
            for (row, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[row * n + column] = value;
            }
            unit[column] = 0.0;
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_times_matrix_is_one() {
        let matrix = [4.0, 2.0, 0.4, 2.0, 3.0, 0.5, 0.4, 0.5, 1.0];
        let inverse = Cholesky::new(&matrix, 3).unwrap().inverse();
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| matrix[i * 3 + k] * inverse[k * 3 + j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
        assert!(Cholesky::new(&[1.0, 2.0, 2.0, 1.0], 2).is_none());
    }
}
