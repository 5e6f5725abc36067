//! Separates points that share a position, so that none covers another on the map.

use crate::geometry::{Matrix, first_occurrences};

/// Distance between a point and its first copy, as a share of the width of the map.
const STEP: f64 = 0.004;
/// The golden angle, at which points of a spiral cover each other least (Vogel 1979).
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;

/// Positions of all rows from those of the different ones: row `i` stands at
/// `places.row(source[i])`, the first row at each position exactly, further ones around it in a
/// spiral. The result is `source.len() x 2`.
///
/// # Panics
/// If a source is not a row of `places`, or `places` has not two columns.
pub fn fan_out(places: &Matrix, source: &[usize]) -> Matrix {
    assert_eq!(places.cols(), 2, "a place has two coordinates");
    let width = (0..2)
        .map(|axis| {
            let values = places.iter_rows().map(|p| f64::from(p[axis]));
            let (low, high) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
            if high > low { high - low } else { 0.0 }
        })
        .fold(0.0, f64::max);
    let step = STEP * if width > 0.0 { width } else { 1.0 };
    let first = first_occurrences(places);
    let mut met = vec![0u32; places.rows()];
    let mut out = Matrix::zeros(source.len(), 2);
    for (row, from) in source.iter().map(|&from| first[from]).enumerate() {
        let turn = f64::from(met[from]);
        met[from] += 1;
        let (radius, angle) = (step * turn.sqrt(), GOLDEN_ANGLE * turn);
        let place = places.row(from);
        out.row_mut(row).copy_from_slice(&[
            (f64::from(place[0]) + radius * angle.cos()) as f32,
            (f64::from(place[1]) + radius * angle.sin()) as f32,
        ]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_positions_of_different_rows_are_separated_too() {
        let places = Matrix::new(3, 2, vec![0.0, 0.0, 10.0, 0.0, 0.0, 0.0]).unwrap();
        let out = fan_out(&places, &[0, 1, 2]);
        assert_ne!(out.row(0), out.row(2));
        assert_eq!(out.row(0), [0.0, 0.0]);
    }

    #[test]
    fn repetitions_stand_around_the_first_and_nobody_is_covered() {
        let places = Matrix::new(2, 2, vec![0.0, 0.0, 10.0, 0.0]).unwrap();
        let out = fan_out(&places, &[0, 1, 0, 0, 1]);
        assert_eq!((out.row(0), out.row(1)), ([0.0, 0.0].as_slice(), [10.0, 0.0].as_slice()));
        for (row, home) in [(2, 0), (3, 0), (4, 1)] {
            let (p, q) = (out.row(row), places.row(home));
            let distance = (p[0] - q[0]).hypot(p[1] - q[1]);
            assert!(distance > 0.01 && distance < 0.2, "{distance}");
        }
        assert_ne!(out.row(2), out.row(3));
        assert!(fan_out(&Matrix::zeros(0, 2), &[]).rows() == 0);
    }
}
