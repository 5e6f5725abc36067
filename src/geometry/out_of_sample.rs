//! Out-of-sample projection: positions of new rows in an embedding of other rows.

use super::{Matrix, nearest_among};

/// Neighbours a position is interpolated from.
const N_BETWEEN: usize = 3;

/// Positions (`m x p`) of `rows` (`m x d`), given the positions `places` (`n x p`) of other
/// rows `placed` (`n x d`): the mean of those of the three nearest, weighted by inverse
/// distance. A row equal to a placed one gets exactly its position; without any placed row all
/// are zeros. `done` is called with the number of rows finished.
///
/// # Panics
/// If the rows differ in length, or there is not a place for every placed row.
pub fn place_out_of_sample(
    rows: &Matrix,
    placed: &Matrix,
    places: &Matrix,
    done: impl Fn(u64) + Sync,
) -> Matrix {
    assert_eq!(placed.rows(), places.rows(), "one place for every placed row");
    let near = nearest_among(rows, placed, N_BETWEEN, done);
    let data: Vec<f32> = near.iter().flat_map(|near| interpolated(near, places)).collect();
    // One place of p numbers for every row.
    Matrix::new(rows.rows(), places.cols(), data).unwrap_or_default()
}

fn interpolated(near: &[(f64, usize)], places: &Matrix) -> Vec<f32> {
    if let Some(&(0.0, same)) = near.first() {
        return places.row(same).to_vec();
    }
    let mut sums = vec![0.0f64; places.cols()];
    let mut weights = 0.0;
    for &(squared, other) in near {
        let weight = 1.0 / (squared.sqrt() + 1e-6);
        sums.iter_mut().zip(places.row(other)).for_each(|(sum, &x)| *sum += weight * f64::from(x));
        weights += weight;
    }
    sums.into_iter().map(|sum| if weights > 0.0 { (sum / weights) as f32 } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_where_their_nearest_stand() {
        let placed = Matrix::new(3, 1, vec![0.0, 10.0, 20.0]).unwrap();
        let places = Matrix::new(3, 2, vec![0.0, 5.0, 1.0, 5.0, 2.0, 5.0]).unwrap();
        let rows = Matrix::new(3, 1, vec![10.0, 0.001, 19.0]).unwrap();
        let out = place_out_of_sample(&rows, &placed, &places, |_| ());
        assert_eq!(out.row(0), [1.0, 5.0]);
        assert!(out.row(1)[0] < 0.01 && (out.row(1)[1] - 5.0).abs() < 1e-6, "{:?}", out.row(1));
        assert!((1.6..2.0).contains(&out.row(2)[0]), "{:?}", out.row(2));
        let alone = place_out_of_sample(&rows.select(&[2]), &placed, &places, |_| ());
        assert_eq!(alone.row(0), out.row(2));
        assert_eq!(
            place_out_of_sample(&rows, &Matrix::zeros(0, 1), &Matrix::zeros(0, 2), |_| ()).row(1),
            [0.0, 0.0]
        );
    }
}
