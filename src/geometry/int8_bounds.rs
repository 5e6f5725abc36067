//! Lower bounds on squared distances from rows quantised to 8 bits, at four times the speed of
//! `f32` products.
//!
//! A pass over all pairs of rows looks for the few that are nearer than some limit. The bounds
//! rule out nearly all others; the remaining pairs are computed in `f32`. The result is that of
//! a pass in full precision, on machines with and without the instruction.
//!
//! With `a = s q + e`, `q` whole numbers in -127..=127, and `L`, `E` the longest row and the
//! longest `e`, `a.b` differs from `s_a s_b q_a.q_b` by at most `(L + E) (|e_a| + |e_b|)`.

use rayon::prelude::*;

use super::norms::{Norms, round_down};
use super::vnni::{Block, COLUMNS, GROUP, Vnni};
use super::{Matrix, squared_length};

/// The code of zero: the instruction takes one operand unsigned.
const ZERO: u8 = 128;
/// Rows multiplied together: as many sums as fit in registers beside the operands.
const ROWS: usize = 8;
/// Longer rows could overflow sums of 32 bits.
const MOST_NUMBERS: usize = 60_000;

/// The quantised rows of a matrix.
#[derive(Debug)]
pub(super) struct Int8Bounds {
    vnni: Vnni,
    /// Steps of [`GROUP`] numbers per row; the last one is filled up with zeros.
    groups: usize,
    rows: Vec<[u8; GROUP]>,
    /// Per row what one step of its codes is worth.
    scales: Vec<f32>,
    /// Per row what [`ZERO`] on the other side adds to its sums.
    offsets: Vec<i32>,
    /// Per row its squared length less the most that rounding can add to a squared distance
    /// from it: `reduced[a] + reduced[b] - 2 p` is at most that of rows `a` and `b` when `p`
    /// is their product here.
    pub reduced: Vec<f32>,
}

impl Int8Bounds {
    /// `None` on machines that multiply floats as fast, and for rows too long for it.
    pub fn of(rows: &Matrix, norms: &Norms) -> Option<Int8Bounds> {
        let vnni = Vnni::detect()?;
        if rows.cols() > MOST_NUMBERS {
            return None;
        }
        let (n, groups) = (rows.rows(), rows.cols().div_ceil(GROUP));
        let mut codes = vec![[ZERO; GROUP]; n * groups];
        let rounded: Vec<(f32, f64, f64)> = codes
            .par_chunks_mut(groups.max(1))
            .zip(0..n)
            .map(|(codes, row)| round(rows.row(row), codes.as_flattened_mut()))
            .collect();
        let longest = rounded.iter().map(|&(_, _, length)| length).fold(0.0, f64::max);
        let farthest = rounded.iter().map(|&(_, error, _)| error).fold(0.0, f64::max);
        let reach = 2.0 * (longest + farthest);
        let reduced = |&(_, error, length): &(f32, f64, f64)| {
            round_down(length * length - reach * error - f64::from(norms.margin))
        };
        let offset = |codes: &[[u8; GROUP]]| {
            let signed = |&code: &u8| i32::from(code) - i32::from(ZERO);
            i32::from(ZERO) * codes.as_flattened().iter().map(signed).sum::<i32>()
        };
        Some(Int8Bounds {
            vnni,
            groups,
            offsets: codes.chunks(groups.max(1)).map(offset).collect(),
            rows: codes,
            scales: rounded.iter().map(|&(scale, ..)| scale).collect(),
            reduced: rounded.iter().map(reduced).collect(),
        })
    }

    /// `out[i * m + j]` becomes the product of rounded rows `down[i]` and `across[j]`, for `m`
    /// rows across. Whole numbers are summed, so it does not depend on the neighbours.
    ///
    /// To be called within [`Int8Bounds::compiled`].
    #[inline(always)]
    pub fn products(&self, down: &[u32], across: &[u32], buffer: &mut Vec<Block>, out: &mut [f32]) {
        assert_eq!(out.len(), down.len() * across.len(), "the result is down x across");
        buffer.resize(self.groups, Block::ZERO);
        let mut sums = [[0; COLUMNS]; ROWS];
        for (panel, columns) in across.chunks(COLUMNS).enumerate() {
            let (mut scales, mut offsets) = ([0.0; COLUMNS], [0; COLUMNS]);
            for (column, &row) in columns.iter().enumerate() {
                scales[column] = self.scales[row as usize];
                offsets[column] = self.offsets[row as usize];
                for (block, codes) in buffer.iter_mut().zip(self.codes(row)) {
                    // Taking 128 away is turning the highest bit over.
                    let signed = u32::from_le_bytes(*codes) ^ u32::from_le_bytes([ZERO; GROUP]);
                    let bytes = signed.to_le_bytes().map(|byte| byte as i8);
                    block.0[column * GROUP..][..GROUP].copy_from_slice(&bytes);
                }
            }
            for (tile, top) in down.chunks(ROWS).zip((0..).step_by(ROWS)) {
                // Rows past the end repeat the last one; their results are dropped.
                let row = |r: usize| self.codes(tile[r.min(tile.len() - 1)]);
                self.vnni.multiply(&std::array::from_fn(row), buffer, &mut sums);
                for (r, &row) in tile.iter().enumerate() {
                    let start = (top + r) * across.len() + panel * COLUMNS;
                    let out = &mut out[start..start + columns.len()];
                    let scale = self.scales[row as usize];
                    let product = |j: usize| (sums[r][j] - offsets[j]) as f32 * (scale * scales[j]);
                    // Said with the length of a register, it is a few instructions.
                    match <&mut [f32; COLUMNS]>::try_from(&mut *out) {
                        Ok(out) => *out = std::array::from_fn(product),
                        Err(_) => out.iter_mut().enumerate().for_each(|(j, x)| *x = product(j)),
                    }
                }
            }
        }
    }

    /// Runs products, and loops over them, as compiled for this machine.
    pub fn compiled<R>(&self, work: impl FnOnce() -> R) -> R {
        self.vnni.compiled(work)
    }

    #[inline(always)]
    fn codes(&self, row: u32) -> &[[u8; GROUP]] {
        &self.rows[row as usize * self.groups..][..self.groups]
    }
}

/// Writes the codes of a row; returns what a step is worth, how long the error is, and how
/// long the row.
fn round(row: &[f32], codes: &mut [u8]) -> (f32, f64, f64) {
    let largest = row.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let step = largest / 127.0;
    // A row of next to nothing is all error.
    let scale = if step.is_normal() { step } else { 1.0 };
    let mut squared_error = 0.0f64;
    for (code, &x) in codes.iter_mut().zip(row) {
        let steps = (x / scale).round();
        let error = f64::from(x) - f64::from(steps) * f64::from(scale);
        squared_error += error * error;
        *code = (steps as i32 + i32::from(ZERO)) as u8;
    }
    (scale, squared_error.sqrt(), squared_length(row).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::squared_distance;
    use proptest::prelude::*;

    fn of(rows: &Matrix) -> Option<Int8Bounds> {
        Int8Bounds::of(rows, &Norms::of(rows)?)
    }

    proptest! {
        #[test]
        fn no_distance_is_below_its_bound(
            numbers in prop::collection::vec(-1.0f32..1.0, 37 * 21),
            peak in 0usize..37,
            scale in 1e-6f32..1e6,
            from in 0usize..37,
        ) {
            let mut data: Vec<f32> = numbers.iter().map(|x| x * scale).collect();
            // One long row, one of zeros: neither may loosen the others beyond their bounds.
            data[peak * 21] = 40.0 * scale;
            data[21..42].fill(0.0);
            let rows = Matrix::new(37, 21, data).unwrap();
            let Some(codes) = of(&rows) else { return Ok(()) };
            let (down, across): (Vec<u32>, Vec<u32>) = ((0..37).rev().collect(), (from as u32..37).collect());
            let mut out = vec![f32::NAN; 37 * across.len()];
            codes.compiled(|| codes.products(&down, &across, &mut Vec::new(), &mut out));
            for (line, &i) in out.chunks_exact(across.len()).zip(&down) {
                for (&product, &j) in line.iter().zip(&across) {
                    let (i, j) = (i as usize, j as usize);
                    let bound = codes.reduced[i] + codes.reduced[j] - 2.0 * product;
                    let exact = squared_distance(rows.row(i), rows.row(j));
                    prop_assert!(f64::from(bound) <= exact, "{bound} above {exact}");
                }
            }
        }
    }

    #[test]
    fn bounds_on_unit_rows_are_near_the_distances() {
        let number = |i: usize| ((i * i % 7919) as f32 * 0.618).sin();
        let mut rows = Matrix::new(40, 384, (0..40 * 384).map(number).collect()).unwrap();
        rows.normalize_rows();
        let Some(codes) = of(&rows) else { return };
        let all: Vec<u32> = (0..40).collect();
        let mut out = vec![0.0; 1600];
        codes.compiled(|| codes.products(&all, &all, &mut Vec::new(), &mut out));
        for i in 0..40 {
            for j in 0..40 {
                let bound = codes.reduced[i] + codes.reduced[j] - 2.0 * out[i * 40 + j];
                let exact = squared_distance(rows.row(i), rows.row(j));
                assert!(exact - f64::from(bound) < 0.05, "{bound} for {exact}");
            }
        }
    }
}
