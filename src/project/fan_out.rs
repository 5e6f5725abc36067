//! Rows that repeat another get a place beside it.

use crate::geometry::Matrix;

/// Share of the picture's width that lies between a point and its first repetition.
const STEP: f64 = 0.004;
/// The angle at which seeds stand in a sunflower: no two repetitions cover each other.
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;

/// Places of all rows from the places of the distinct ones: row `i` stands where
/// `places.row(source[i])` is; the first row of each source on the spot, the second and
/// further ones around it in a sunflower. The result is `source.len() x 2`.
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
    let mut met = vec![0u32; places.rows()];
    let mut out = Matrix::zeros(source.len(), 2);
    for (row, &from) in source.iter().enumerate() {
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
