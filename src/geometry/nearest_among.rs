//! The nearest of some rows to each of other rows.

use std::ops::Range;

use rayon::prelude::*;

use super::{Matrix, products, squared_distance, squared_length};
use crate::ranges::ranges;

/// Rows per task, and rows compared with at a time.
const ROWS: usize = 256;
const COLUMNS: usize = 2048;
/// Rows measured beside those asked for: products may confuse the order of a few.
const SPARE: usize = 5;

/// For each of `rows` the `k` nearest of `others`, nearest first, ties by row, as squared
/// distance and row. Products choose the candidates, distances in `f64` decide among them. `done`
/// is called with the number of rows finished.
///
/// # Panics
/// If the rows differ in length.
pub fn nearest_among(
    rows: &Matrix,
    others: &Matrix,
    k: usize,
    done: impl Fn(u64) + Sync,
) -> Vec<Vec<(f64, usize)>> {
    assert!(rows.rows() == 0 || others.rows() == 0 || rows.cols() == others.cols());
    let norms: Vec<f64> = others.iter_rows().map(squared_length).collect();
    let all: Vec<usize> = (0..rows.rows()).collect();
    all.par_chunks(ROWS)
        .flat_map_iter(|block| {
            let block = rows.select(block);
            let candidates = candidates(&block, others, &norms, k + SPARE);
            let decided: Vec<Vec<(f64, usize)>> = block
                .iter_rows()
                .zip(candidates)
                .map(|(row, near)| measured(row, &near, others, k))
                .collect();
            done(block.rows() as u64);
            decided
        })
        .collect()
}

/// The nearest by product: squared distance and row.
fn candidates(block: &Matrix, others: &Matrix, norms: &[f64], m: usize) -> Vec<Vec<(f64, usize)>> {
    let d = block.cols();
    let mut found: Vec<Vec<(f64, usize)>> = vec![Vec::with_capacity(m + 1); block.rows()];
    let mut tile = Vec::new();
    for Range { start: first, end } in ranges(others.rows(), COLUMNS) {
        let columns = end - first;
        tile.resize(block.rows() * columns, 0.0f32);
        products(block.as_slice(), &others.as_slice()[first * d..end * d], d, &mut tile);
        for (i, (near, scores)) in found.iter_mut().zip(tile.chunks_exact(columns)).enumerate() {
            let own = squared_length(block.row(i));
            for (j, &score) in scores.iter().enumerate() {
                let squared = own + norms[first + j] - 2.0 * f64::from(score);
                if near.len() == m && squared >= near[m - 1].0 {
                    continue;
                }
                let at = near.partition_point(|&(other, _)| other <= squared);
                near.insert(at, (squared, first + j));
                near.truncate(m);
            }
        }
    }
    found
}

fn measured(row: &[f32], near: &[(f64, usize)], others: &Matrix, k: usize) -> Vec<(f64, usize)> {
    let measure = |&(_, other): &(f64, usize)| (squared_distance(row, others.row(other)), other);
    let mut near: Vec<(f64, usize)> = near.iter().map(measure).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.truncate(k);
    near
}
