//! Rows of activations rounded to 256 levels, each by its own scale and zero point (asymmetric
//! quantisation, Jacob et al. 2018, arXiv 1712.05877).
//!
//! The levels span the row's own range, which lies mostly on one side of zero behind a GELU and in
//! rows with a few large numbers.

use super::elementwise::max_of;
use super::simd::{Kernel, Level};
use crate::geometry::vnni::GROUP;

/// Levels of a byte above its lowest.
const STEPS: f32 = 255.0;
/// Adding 1.5 * 2^23 rounds to an integer, which is then in the low bits.
const ROUND: f32 = 12_582_912.0;

/// Rounded rows, used again from product to product.
#[derive(Default)]
pub(super) struct Rounded {
    /// Where the processor multiplies bytes: rows of whole groups.
    pub(super) bytes: Vec<[u8; GROUP]>,
    /// Elsewhere: the levels as floats.
    pub(super) floats: Vec<f32>,
    /// What one step is worth, per row.
    pub(super) scales: Vec<f32>,
    /// The level that stands for zero, per row.
    pub(super) zeros: Vec<i32>,
}

impl Rounded {
    /// Rounds rows of `width` numbers to bytes, the last group of each filled up with zeros.
    pub(super) fn round_to_bytes(&mut self, level: Level, rows: &[f32], width: usize) {
        let groups = width.div_ceil(GROUP);
        self.resize(rows.len() / width);
        self.bytes.resize(self.scales.len() * groups, [0; GROUP]);
        let targets = self.bytes.as_flattened_mut();
        let (scales, zeros) = (&mut self.scales, &mut self.zeros);
        level.run(Round { rows, width, targets, stride: groups * GROUP, scales, zeros });
    }

    /// Rounds rows of `width` numbers to levels as floats.
    pub(super) fn round_to_floats(&mut self, level: Level, rows: &[f32], width: usize) {
        self.resize(rows.len() / width);
        self.floats.resize(rows.len(), 0.0);
        let (targets, scales, zeros) = (&mut self.floats, &mut self.scales, &mut self.zeros);
        level.run(Round { rows, width, targets, stride: width, scales, zeros });
    }

    fn resize(&mut self, m: usize) {
        self.scales.resize(m, 0.0);
        self.zeros.resize(m, 0);
    }
}

/// What a level is written as.
trait Target: Copy {
    /// Of a level to which [`ROUND`] was added.
    fn of(rounded: f32) -> Self;
}

impl Target for u8 {
    #[inline(always)]
    fn of(rounded: f32) -> u8 {
        rounded.to_bits() as u8
    }
}

impl Target for f32 {
    #[inline(always)]
    fn of(rounded: f32) -> f32 {
        rounded - ROUND
    }
}

struct Round<'a, T> {
    rows: &'a [f32],
    width: usize,
    targets: &'a mut [T],
    /// Targets per row.
    stride: usize,
    scales: &'a mut [f32],
    zeros: &'a mut [i32],
}

impl<T: Target> Kernel for Round<'_, T> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        let Round { rows, width, targets, stride, scales, zeros } = self;
        let targets = targets.chunks_exact_mut(stride).zip(scales.iter_mut().zip(zeros));
        for (row, (target, (scale, zero))) in rows.chunks_exact(width).zip(targets) {
            let (lowest, highest) = range_with_zero(row);
            *scale = if highest > lowest { (highest - lowest) / STEPS } else { 1.0 };
            let inverse = 1.0 / *scale;
            let offset = (-lowest * inverse).round_ties_even();
            *zero = offset as i32;
            for (to, x) in target.iter_mut().zip(row) {
                // The highest number may round to one step too many.
                let level = x * inverse + offset;
                let level = if level < STEPS { level } else { STEPS };
                *to = T::of(level + ROUND);
            }
            target[width..].fill(T::of(offset + ROUND));
        }
    }
}

/// The least and the largest number of a row and zero.
#[inline(always)]
fn range_with_zero(row: &[f32]) -> (f32, f32) {
    // Side by side in one loop the compiler turns both into one of shuffles, four times as slow.
    ((-max_of(row, |x| -x)).min(0.0), max_of(row, |x| x).max(0.0))
}
