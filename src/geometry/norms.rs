//! Squared norms, and the error bound of squared distances computed from inner products.

use super::{Matrix, squared_length};

/// Squared norms of rows, and what `|a|^2 + |b|^2 - 2 a.b` in `f32` may be wrong by.
#[derive(Debug, Clone)]
pub(super) struct Norms {
    /// One per row.
    pub squared: Vec<f32>,
    /// The squared distance is at most this far from the one computed from products.
    pub margin: f32,
}

impl Norms {
    /// `None` when rows are so long or so short that products leave the range of `f32`.
    pub fn of(rows: &Matrix) -> Option<Self> {
        let exact: Vec<f64> = rows.iter_rows().map(squared_length).collect();
        let largest = exact.iter().copied().fold(0.0, f64::max);
        if !(1e-20..=1e30).contains(&largest) {
            return None;
        }
        // A sum of d products in any order is wrong by at most d u |a| |b|, u = 2^-24; it
        // counts twice. The rest is rounding of the norms and of the final sums, whose
        // terms are at most 4 |a|^2, with some to spare for the limits compared with.
        let units = 2.0 * rows.cols() as f64 + 24.0;
        let margin = (units * largest * f64::from(f32::EPSILON) / 2.0) as f32;
        Some(Norms { squared: exact.into_iter().map(|x| x as f32).collect(), margin })
    }
}

/// The smallest `f32` not below `x`.
pub(super) fn round_up(x: f64) -> f32 {
    let near = x as f32;
    if f64::from(near) < x { near.next_up() } else { near }
}

/// The largest `f32` not above `x`.
pub(super) fn round_down(x: f64) -> f32 {
    let near = x as f32;
    if f64::from(near) > x { near.next_down() } else { near }
}

/// The larger of two numbers that are not NaN; one instruction, unlike [`f32::max`].
#[inline(always)]
pub(crate) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{products, squared_distance};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_distance_is_farther_off_than_the_margin(
            rows in prop::collection::vec(prop::collection::vec(-1e3f32..1e3, 31), 2..12),
            scale in 1e-6f32..1e6,
        ) {
            let data: Vec<f32> = rows.iter().flatten().map(|x| x * scale).collect();
            let rows = Matrix::new(rows.len(), 31, data).unwrap();
            let norms = Norms::of(&rows).unwrap();
            let n = rows.rows();
            let mut tile = vec![0.0; n * n];
            products(rows.as_slice(), rows.as_slice(), 31, &mut tile);
            for i in 0..n {
                for j in 0..n {
                    let found = norms.squared[i] + norms.squared[j] - 2.0 * tile[i * n + j];
                    let exact = squared_distance(rows.row(i), rows.row(j));
                    prop_assert!((f64::from(found) - exact).abs() <= f64::from(norms.margin));
                }
            }
        }
    }

    #[test]
    fn rounding_goes_the_way_it_says() {
        for x in [0.1f64, 1.0 / 3.0, 2.0, 1e-30, 123_456_789.0] {
            assert!(f64::from(round_up(x)) >= x && f64::from(round_down(x)) <= x);
            assert!(f64::from(round_up(x).next_down()) < x);
        }
    }

    #[test]
    fn rows_out_of_range_are_left_to_others() {
        assert!(Norms::of(&Matrix::new(1, 1, vec![1e20]).unwrap()).is_none());
        assert!(Norms::of(&Matrix::new(1, 1, vec![1e-20]).unwrap()).is_none());
        assert!(Norms::of(&Matrix::new(1, 1, vec![1.0]).unwrap()).is_some());
    }
}
