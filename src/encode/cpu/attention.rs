//! Attention within each sequence, one head at a time, without leaving the cache.
//!
//! Scores of a tile of queries against all keys, their softmax and the product with the values
//! follow each other on a buffer of a few rows; no `t x t` matrix is ever stored. Only real
//! tokens are there, so nothing is masked.

use super::elementwise::{exp, max_of};
use super::product::multiply;
use super::simd::{Kernel, LANES, Lane, Level};

/// Buffers used again from sequence to sequence.
#[derive(Default)]
pub(super) struct Scratch {
    /// Keys, transposed: one panel of `size` lanes per [`LANES`] keys.
    keys: Vec<Lane>,
    /// Values: one panel of `t` lanes per [`LANES`] places.
    values: Vec<Lane>,
    /// Scores of one tile, rows of `t` rounded up to [`LANES`].
    scores: Vec<f32>,
}

/// `joined` holds query, key and value of every token side by side (`n x 3 width`, heads side
/// by side within each); `out` becomes `n x width`.
pub(super) fn attend(
    level: Level,
    joined: &[f32],
    lengths: &[usize],
    n_heads: usize,
    scratch: &mut Scratch,
    out: &mut [f32],
) {
    level.run(Attention { joined, lengths, n_heads, scratch, out });
}

struct Attention<'a> {
    joined: &'a [f32],
    lengths: &'a [usize],
    n_heads: usize,
    scratch: &'a mut Scratch,
    out: &'a mut [f32],
}

impl Kernel for Attention<'_> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        let Attention { joined, lengths, n_heads, scratch, out } = self;
        let n: usize = lengths.iter().sum();
        if n == 0 {
            return;
        }
        let width = out.len() / n;
        let size = width / n_heads;
        let mut first = 0;
        for &length in lengths {
            let rows = &joined[first * 3 * width..(first + length) * 3 * width];
            let out = &mut out[first * width..(first + length) * width];
            for head in 0..n_heads {
                one_head::<FMA, ROWS>(rows, length, width, head * size, size, scratch, out);
            }
            first += length;
        }
    }
}

/// Head at `left..left + size` of one sequence.
#[inline(always)]
fn one_head<const FMA: bool, const ROWS: usize>(
    rows: &[f32],
    length: usize,
    width: usize,
    left: usize,
    size: usize,
    scratch: &mut Scratch,
    out: &mut [f32],
) {
    let scale = 1.0 / (size as f32).sqrt();
    let part = |token: usize, which: usize| {
        let start = token * 3 * width + which * width + left;
        &rows[start..start + size]
    };
    let key_panels = length.div_ceil(LANES);
    let padded = key_panels * LANES;
    scratch.keys.clear();
    scratch.keys.resize(key_panels * size, Lane::ZERO);
    for (panel, lanes) in scratch.keys.chunks_exact_mut(size).enumerate() {
        let mut keys: [&[f32]; LANES] = [&[]; LANES];
        for (j, key) in keys.iter_mut().enumerate() {
            // Keys past the end repeat the last one; their scores are dropped.
            *key = part((panel * LANES + j).min(length - 1), 1);
        }
        for (k, lane) in lanes.iter_mut().enumerate() {
            for j in 0..LANES {
                lane.0[j] = keys[j][k];
            }
        }
    }
    let value_panels = size.div_ceil(LANES);
    scratch.values.clear();
    scratch.values.resize(value_panels * length, Lane::ZERO);
    for token in 0..length {
        for (panel, places) in part(token, 2).chunks(LANES).enumerate() {
            scratch.values[panel * length + token].0[..places.len()].copy_from_slice(places);
        }
    }
    scratch.scores.resize(ROWS * padded, 0.0);

    for top in (0..length).step_by(ROWS) {
        let kept = ROWS.min(length - top);
        // Rows past the end repeat the last one; their results are dropped.
        let mut queries: [&[f32]; ROWS] = [&[]; ROWS];
        for (r, query) in queries.iter_mut().enumerate() {
            *query = part((top + r).min(length - 1), 0);
        }
        for (panel, keys) in scratch.keys.chunks_exact(size).enumerate() {
            let sums = multiply::<FMA, ROWS>(&queries, keys, [[0.0; LANES]; ROWS]);
            for (r, sum) in sums.iter().enumerate() {
                let start = r * padded + panel * LANES;
                scratch.scores[start..start + LANES].copy_from_slice(sum);
            }
        }
        let mut inverse = [0.0; ROWS];
        for (row, inverse) in scratch.scores.chunks_exact_mut(padded).zip(&mut inverse) {
            *inverse = 1.0 / exponentials::<FMA>(row, length, scale);
        }
        let mut shares: [&[f32]; ROWS] = [&[]; ROWS];
        for (row, share) in scratch.scores.chunks_exact(padded).zip(&mut shares) {
            *share = &row[..length];
        }
        for (panel, values) in scratch.values.chunks_exact(length).enumerate() {
            let sums = multiply::<FMA, ROWS>(&shares, values, [[0.0; LANES]; ROWS]);
            let places = LANES.min(size - panel * LANES);
            for (r, sum) in sums.iter().enumerate().take(kept) {
                let start = (top + r) * width + left + panel * LANES;
                let to = &mut out[start..start + places];
                to.iter_mut().zip(sum).for_each(|(to, x)| *to = x * inverse[r]);
            }
        }
    }
}

/// Replaces the first `length` scores by `e^(scale (score - largest))`, the rest by 0; returns
/// their sum.
#[inline(always)]
fn exponentials<const FMA: bool>(row: &mut [f32], length: usize, scale: f32) -> f32 {
    let largest = max_of(&row[..length]);
    for x in &mut row[length..] {
        *x = f32::NEG_INFINITY;
    }
    let mut sums = [0.0; LANES];
    for chunk in row.as_chunks_mut::<LANES>().0 {
        for j in 0..LANES {
            chunk[j] = exp::<FMA>((chunk[j] - largest) * scale);
        }
        for j in 0..LANES {
            sums[j] += chunk[j];
        }
    }
    // What lies past the end is about 1e-38 each and does not reach the sum.
    let mut total = 0.0;
    for sum in sums {
        total += sum;
    }
    total
}
