//! Attention within each sequence, one head at a time, without leaving the cache.
//!
//! Scores of a tile of queries against all keys, their softmax and the product with the values
//! follow each other on a buffer of a few rows; no `t x t` matrix is ever stored. Only real
//! tokens are there, so nothing is masked.

use super::elementwise::{exp2, max_of, sum_of};
use super::product::multiply;
use super::simd::{Aligned, Kernel, LANES, Lane, Level, Tile, fma, lanes_at, write_lanes};

/// Buffers used again from sequence to sequence.
#[derive(Default)]
pub(super) struct Scratch {
    /// Keys, transposed: one panel of `size` lanes per [`LANES`] keys.
    keys: Vec<Lane>,
    /// Values: one panel of `t` lanes per [`LANES`] places.
    values: Vec<Lane>,
    /// Scores of one tile, rows of `t` rounded up to [`LANES`].
    scores: Aligned,
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
    // The softmax in powers of two.
    let scale = std::f32::consts::LOG2_E / (size as f32).sqrt();
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
        for panel in 0..value_panels {
            scratch.values[panel * length + token].0 = lanes_at(part(token, 2), panel * LANES);
        }
    }
    scratch.scores.resize(ROWS * padded);

    for top in (0..length).step_by(ROWS) {
        let kept = ROWS.min(length - top);
        // Rows past the end repeat the last one; their results are dropped.
        let mut queries: [&[f32]; ROWS] = [&[]; ROWS];
        for (r, query) in queries.iter_mut().enumerate() {
            *query = part((top + r).min(length - 1), 0);
        }
        for (panel, keys) in scratch.keys.chunks_exact(size).enumerate() {
            let scores = &mut scratch.scores[panel * LANES..];
            multiply::<FMA, ROWS, true>(&queries, keys, scores, padded);
        }
        let mut inverse = [0.0; ROWS];
        for (row, inverse) in scratch.scores.chunks_exact_mut(padded).zip(&mut inverse) {
            *inverse = 1.0 / powers::<FMA>(row, length, scale);
        }
        let mut shares: [&[f32]; ROWS] = [&[]; ROWS];
        for (row, share) in scratch.scores.chunks_exact(padded).zip(&mut shares) {
            *share = &row[..length];
        }
        for (panel, values) in scratch.values.chunks_exact(length).enumerate() {
            let mut sums = Tile::<f32, ROWS>::new();
            multiply::<FMA, ROWS, true>(&shares, values, sums.0.as_flattened_mut(), LANES);
            for (r, sum) in sums.0.iter().enumerate().take(kept) {
                let start = (top + r) * width + left;
                let row = &mut out[start..start + size];
                write_lanes(row, panel * LANES, &sum.map(|x| x * inverse[r]));
            }
        }
    }
}

/// Replaces the first `length` scores by `2^(scale (score - largest))`, the rest by next to nothing;
/// returns their sum.
#[inline(always)]
fn powers<const FMA: bool>(row: &mut [f32], length: usize, scale: f32) -> f32 {
    let largest = -scale * max_of(&row[..length], |x| x);
    row[length..].fill(f32::NEG_INFINITY);
    for chunk in row.as_chunks_mut::<LANES>().0 {
        for x in chunk {
            *x = exp2::<FMA>(fma::<FMA>(*x, scale, largest));
        }
    }
    // What lies past the end is about 1e-38 each and does not reach the sum.
    sum_of(row, |x| x)
}
