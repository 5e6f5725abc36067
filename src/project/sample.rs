//! Beyond some ten thousand rows a sample is laid out, and every other row is put among the
//! sampled rows it is nearest to: the picture of a pile does not need each of its grains.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use crate::geometry::{Matrix, products, squared_length};
use crate::progress::Progress;

/// Rows placed by one task, and sampled rows compared with at a time.
const ROWS: usize = 256;
const COLUMNS: usize = 2048;
/// A row stands between this many sampled ones.
const N_BETWEEN: usize = 3;

/// `m` of `n` rows, ascending, each as likely as any other.
pub(super) fn choose(n: usize, m: usize, seed: u64) -> Vec<usize> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x5a4d_91e5);
    let mut chosen = Vec::with_capacity(m);
    // Knuth, "Seminumerical Algorithms", 3.4.2, algorithm S.
    for row in 0..n {
        let draw = (u128::from(rng.next_u64()) * (n - row) as u128) >> 64;
        if (draw as usize) < m - chosen.len() {
            chosen.push(row);
        }
    }
    chosen
}

/// Places for all of `rows`, given the `places` of the `chosen` ones: a row stands where the
/// sampled rows nearest to it stand, weighed by nearness.
pub(super) fn complete(
    rows: &Matrix,
    chosen: &[usize],
    places: &Matrix,
    progress: &dyn Progress,
) -> Matrix {
    let sample = rows.select(chosen);
    let lengths: Vec<f64> = sample.iter_rows().map(squared_length).collect();
    let mut out = Matrix::zeros(rows.rows(), 2);
    let rest: Vec<usize> = {
        let mut is_chosen = vec![false; rows.rows()];
        chosen.iter().for_each(|&row| is_chosen[row] = true);
        (0..rows.rows()).filter(|&row| !is_chosen[row]).collect()
    };
    progress.start("placing the rest on the map", rest.len() as u64);
    let placed: Vec<[f32; 2]> = rest
        .par_chunks(ROWS)
        .flat_map_iter(|block| {
            let found = nearest(&rows.select(block), &sample, &lengths);
            progress.advance(block.len() as u64);
            found.into_iter().map(|near| between(&near, places)).collect::<Vec<_>>()
        })
        .collect();
    progress.finish();
    for (&row, place) in rest.iter().zip(&placed) {
        out.row_mut(row).copy_from_slice(place);
    }
    for (&row, place) in chosen.iter().zip(places.iter_rows()) {
        out.row_mut(row).copy_from_slice(place);
    }
    out
}

/// The nearest sampled rows of each row of a block: squared distance and sampled row.
fn nearest(block: &Matrix, sample: &Matrix, lengths: &[f64]) -> Vec<Vec<(f64, usize)>> {
    let d = block.cols();
    let mut found: Vec<Vec<(f64, usize)>> = vec![Vec::with_capacity(N_BETWEEN + 1); block.rows()];
    let mut tile = Vec::new();
    for first in (0..sample.rows()).step_by(COLUMNS) {
        let last = (first + COLUMNS).min(sample.rows());
        let columns = last - first;
        tile.resize(block.rows() * columns, 0.0f32);
        products(block.as_slice(), &sample.as_slice()[first * d..last * d], d, &mut tile);
        for (i, (near, scores)) in found.iter_mut().zip(tile.chunks_exact(columns)).enumerate() {
            let own = squared_length(block.row(i));
            for (j, &score) in scores.iter().enumerate() {
                let squared = (own + lengths[first + j] - 2.0 * f64::from(score)).max(0.0);
                if near.len() == N_BETWEEN && squared >= near[N_BETWEEN - 1].0 {
                    continue;
                }
                let at = near.partition_point(|&(other, _)| other <= squared);
                near.insert(at, (squared, first + j));
                near.truncate(N_BETWEEN);
            }
        }
    }
    found
}

fn between(near: &[(f64, usize)], places: &Matrix) -> [f32; 2] {
    let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
    for &(squared, row) in near {
        let weight = 1.0 / (squared.sqrt() + 1e-6);
        x += weight * f64::from(places.row(row)[0]);
        y += weight * f64::from(places.row(row)[1]);
        sum += weight;
    }
    if sum > 0.0 { [(x / sum) as f32, (y / sum) as f32] } else { [0.0, 0.0] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_sample_has_the_size_asked_for_and_reaches_everywhere() {
        let chosen = choose(10_000, 1_000, 3);
        assert_eq!(chosen.len(), 1_000);
        assert!(chosen.windows(2).all(|w| w[0] < w[1]));
        for part in 0..10 {
            let here = chosen.iter().filter(|&&row| row / 1_000 == part).count();
            assert!((60..140).contains(&here), "{here} in part {part}");
        }
        assert_eq!(choose(5, 5, 0), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn the_rest_stands_where_its_nearest_stand() {
        let rows = Matrix::new(5, 1, vec![0.0, 10.0, 20.0, 0.001, 19.0]).unwrap();
        let places = Matrix::new(3, 2, vec![0.0, 0.0, 1.0, 0.0, 2.0, 0.0]).unwrap();
        let out = complete(&rows, &[0, 1, 2], &places, &Silent);
        assert_eq!(out.row(1), [1.0, 0.0]);
        assert!(out.row(3)[0] < 0.01, "{:?}", out.row(3));
        assert!((1.6..2.0).contains(&out.row(4)[0]), "{:?}", out.row(4));
    }
}
