//! Rows for tests.

use super::Matrix;

/// Rows of `d` whole numbers, moved away from the origin and shaken a little: many equal
/// distances, near-copies, and norms far above the distances.
pub(super) fn shaken(rows: &[Vec<i8>], d: usize, offset: u16, wobble: f32) -> Matrix {
    let number = |(at, x): (usize, &i8)| {
        f32::from(*x) + f32::from(offset) + wobble * (at as f32 * 0.7).sin()
    };
    let data = rows.iter().flatten().enumerate().map(number).collect();
    Matrix::new(rows.len(), d, data).unwrap()
}
