//! Out-of-sample projection: positions of new rows in an embedding of other rows.

use rayon::prelude::*;

use super::{Matrix, products, squared_distance, squared_length};

/// Rows per task, and placed rows compared with at a time.
const ROWS: usize = 256;
const COLUMNS: usize = 2048;
/// Neighbours a position is interpolated from.
const N_BETWEEN: usize = 3;
/// Neighbours whose distance is computed exactly: products may confuse the order of a few.
const N_MEASURED: usize = 8;

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
    assert!(rows.rows() == 0 || placed.rows() == 0 || rows.cols() == placed.cols());
    let norms: Vec<f64> = placed.iter_rows().map(squared_length).collect();
    let all: Vec<usize> = (0..rows.rows()).collect();
    let data: Vec<f32> = all
        .par_chunks(ROWS)
        .flat_map_iter(|block| {
            let block = rows.select(block);
            let near = nearest(&block, placed, &norms);
            let stands = |(row, near): (&[f32], &Vec<_>)| interpolated(row, near, placed, places);
            let found: Vec<Vec<f32>> = block.iter_rows().zip(&near).map(stands).collect();
            done(block.rows() as u64);
            found.into_iter().flatten()
        })
        .collect();
    // One place of p numbers for every row.
    Matrix::new(rows.rows(), places.cols(), data).unwrap_or_default()
}

/// The nearest placed rows of each row of a block: squared distance from products, and row.
fn nearest(block: &Matrix, placed: &Matrix, norms: &[f64]) -> Vec<Vec<(f64, usize)>> {
    let d = block.cols();
    let mut found: Vec<Vec<(f64, usize)>> = vec![Vec::with_capacity(N_MEASURED + 1); block.rows()];
    let mut tile = Vec::new();
    for first in (0..placed.rows()).step_by(COLUMNS) {
        let last = (first + COLUMNS).min(placed.rows());
        let columns = last - first;
        tile.resize(block.rows() * columns, 0.0f32);
        products(block.as_slice(), &placed.as_slice()[first * d..last * d], d, &mut tile);
        for (i, (near, scores)) in found.iter_mut().zip(tile.chunks_exact(columns)).enumerate() {
            let own = squared_length(block.row(i));
            for (j, &score) in scores.iter().enumerate() {
                let squared = own + norms[first + j] - 2.0 * f64::from(score);
                if near.len() == N_MEASURED && squared >= near[N_MEASURED - 1].0 {
                    continue;
                }
                let at = near.partition_point(|&(other, _)| other <= squared);
                near.insert(at, (squared, first + j));
                near.truncate(N_MEASURED);
            }
        }
    }
    found
}

fn interpolated(row: &[f32], near: &[(f64, usize)], placed: &Matrix, places: &Matrix) -> Vec<f32> {
    let measure = |&(_, other): &(f64, usize)| (squared_distance(row, placed.row(other)), other);
    let mut near: Vec<(f64, usize)> = near.iter().map(measure).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.truncate(N_BETWEEN);
    if let Some(&(0.0, same)) = near.first() {
        return places.row(same).to_vec();
    }
    let mut sums = vec![0.0f64; places.cols()];
    let mut weights = 0.0;
    for &(squared, other) in &near {
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
