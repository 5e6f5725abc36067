//! Dense row-major matrix of `f32`, the type of all vectors: `rows x cols`.

use serde::{Deserialize, Serialize};

/// A dense row-major matrix of `f32`.
///
/// Shape is fixed at construction: `as_slice().len() == rows() * cols()` always holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Shaped")]
pub struct Matrix {
    data: Vec<f32>,
    rows: usize,
    cols: usize,
}

/// The number of values is not that of the shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{len} numbers do not fill a {rows} x {cols} matrix")]
pub struct ShapeError {
    rows: usize,
    cols: usize,
    len: usize,
}

/// A matrix as it is read back, before its shape is checked.
#[derive(Deserialize)]
struct Shaped {
    data: Vec<f32>,
    rows: usize,
    cols: usize,
}

impl TryFrom<Shaped> for Matrix {
    type Error = ShapeError;

    fn try_from(shaped: Shaped) -> Result<Self, ShapeError> {
        Matrix::new(shaped.rows, shaped.cols, shaped.data)
    }
}

impl Matrix {
    /// Takes `rows * cols` numbers, row after row.
    pub fn new(rows: usize, cols: usize, data: Vec<f32>) -> Result<Self, ShapeError> {
        if rows.checked_mul(cols) != Some(data.len()) {
            let len = data.len();
            return Err(ShapeError { rows, cols, len });
        }
        Ok(Matrix { data, rows, cols })
    }

    /// A `rows x cols` matrix of zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        let data = vec![0.0; rows * cols];
        Matrix { data, rows, cols }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `i`, `cols()` numbers long.
    ///
    /// # Panics
    /// If `i >= rows()`.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.data[i * self.cols..(i + 1) * self.cols]
    }

    /// Row `i`, to write to.
    ///
    /// # Panics
    /// If `i >= rows()`.
    pub fn row_mut(&mut self, i: usize) -> &mut [f32] {
        &mut self.data[i * self.cols..(i + 1) * self.cols]
    }

    /// All rows in order.
    pub fn iter_rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        (0..self.rows).map(|i| self.row(i))
    }

    /// All numbers, row after row.
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }

    /// The numbers, row after row.
    pub fn into_vec(self) -> Vec<f32> {
        self.data
    }

    /// The rows with these indices, in this order.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn select(&self, indices: &[usize]) -> Matrix {
        let mut data = Vec::with_capacity(indices.len() * self.cols);
        for &i in indices {
            data.extend_from_slice(self.row(i));
        }
        Matrix { data, rows: indices.len(), cols: self.cols }
    }

    /// Scales every row to unit length (sums in `f64`); a zero row stays zero.
    pub fn normalize_rows(&mut self) {
        if self.cols == 0 {
            return;
        }
        for row in self.data.chunks_exact_mut(self.cols) {
            let squares: f64 = row.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
            if squares > 0.0 {
                let scale = 1.0 / squares.sqrt();
                row.iter_mut().for_each(|x| *x = (f64::from(*x) * scale) as f32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_shape_is_refused_with_its_numbers() {
        let error = Matrix::new(2, 3, vec![0.0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "5 numbers do not fill a 2 x 3 matrix");
        assert!(Matrix::new(usize::MAX, 2, vec![]).is_err());
    }

    #[test]
    fn rows_are_normalised_and_zero_rows_left_alone() {
        let mut m = Matrix::new(2, 2, vec![3.0, 4.0, 0.0, 0.0]).unwrap();
        m.normalize_rows();
        assert_eq!(m.as_slice(), [0.6, 0.8, 0.0, 0.0]);
    }

    #[test]
    fn select_repeats_and_reorders() {
        let m = Matrix::new(3, 1, vec![1.0, 2.0, 3.0]).unwrap();
        assert_eq!(m.select(&[2, 0, 2]).as_slice(), [3.0, 1.0, 3.0]);
    }
}
