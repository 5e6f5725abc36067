//! Matrix products in 8-bit integers: a quarter of the memory, about a third of the time.
//!
//! Weights are rounded once, or stored so, each output by its own scale; every row of
//! activations is rounded as it comes, by its own scale and zero point (asymmetric quantisation,
//! Jacob et al. 2018, arXiv 1712.05877): the 256 levels span the row's own range, which lies
//! mostly on one side of zero behind a GELU and in rows with a few large numbers. Sums are exact
//! in 32 bits, so they do not depend on order, instruction set or neighbours. The zero point times
//! a weight row's sum is taken off again.

use super::elementwise::activate;
use super::product::Finish;
use super::simd::{Kernel, LANES, Level};
use crate::geometry::vnni::{Block, GROUP, Vnni};

/// Levels of a byte above its lowest.
const STEPS: f32 = 255.0;

/// The weights and the bias of a linear layer.
pub(super) struct PackedInt8 {
    /// Panel after panel of [`LANES`] outputs, each `groups` blocks long.
    panels: Vec<Block>,
    groups: usize,
    /// Per output: what one step of its weights is worth.
    scales: Vec<f32>,
    /// Per output: the sum of its rounded weights, by which a row's zero point counts.
    sums: Vec<i32>,
    bias: Vec<f32>,
    inputs: usize,
}

/// Rounded rows, used again from product to product.
#[derive(Default)]
pub(super) struct Rounded {
    rows: Vec<[u8; GROUP]>,
    /// What one step is worth, per row.
    scales: Vec<f32>,
    /// The byte that stands for zero, per row.
    zeros: Vec<u8>,
}

impl PackedInt8 {
    /// Lays out `bias.len()` rows of `inputs` weights. `read_row` writes one row as bytes and
    /// returns what one step of them is worth.
    pub(super) fn new(
        inputs: usize,
        bias: Vec<f32>,
        read_row: &dyn Fn(usize, &mut [i8]) -> f32,
    ) -> Self {
        let (outputs, groups) = (bias.len(), inputs.div_ceil(GROUP));
        let n_panels = outputs.div_ceil(LANES);
        let mut panels = vec![Block::ZERO; n_panels * groups];
        let (mut scales, mut sums) = (vec![0.0; outputs], vec![0; outputs]);
        // Zeros behind the last input stay what they are.
        let mut row = vec![0i8; groups * GROUP];
        for output in 0..outputs {
            scales[output] = read_row(output, &mut row[..inputs]);
            sums[output] = row.iter().map(|&x| i32::from(x)).sum();
            let blocks = &mut panels[output / LANES * groups..][..groups];
            let left = output % LANES * GROUP;
            for (block, group) in blocks.iter_mut().zip(row.as_chunks::<GROUP>().0) {
                block.0[left..left + GROUP].copy_from_slice(group);
            }
        }
        PackedInt8 { panels, groups, scales, sums, bias, inputs }
    }
}

/// As [`product`](super::product::product), through 8-bit integers.
pub(super) fn product_int8(
    level: Level,
    vnni: Option<Vnni>,
    rows: &[f32],
    weights: &PackedInt8,
    finish: Finish,
    rounded: &mut Rounded,
    out: &mut [f32],
) {
    debug_assert_eq!(rows.len() * weights.bias.len(), out.len() * weights.inputs);
    let m = rows.len() / weights.inputs.max(1);
    rounded.rows.resize(m * weights.groups, [0; GROUP]);
    rounded.scales.resize(m, 0.0);
    rounded.zeros.resize(m, 0);
    level.run(Round { rows, width: weights.inputs, groups: weights.groups, rounded });
    level.run(Product { vnni, rounded, m, weights, finish, out });
}

struct Round<'a> {
    rows: &'a [f32],
    width: usize,
    groups: usize,
    rounded: &'a mut Rounded,
}

impl Kernel for Round<'_> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        /// Adding and taking away 1.5 * 2^23 rounds to an integer, which is then in the low bits.
        const ROUND: f32 = 12_582_912.0;
        let Round { rows, width, groups, rounded } = self;
        let numbers = rounded.scales.iter_mut().zip(&mut rounded.zeros);
        let targets = rounded.rows.chunks_exact_mut(groups).zip(numbers);
        for (row, (target, (scale, zero))) in rows.chunks_exact(width).zip(targets) {
            let (lowest, highest) = range_with_zero(row);
            *scale = if highest > lowest { (highest - lowest) / STEPS } else { 1.0 };
            let inverse = 1.0 / *scale;
            let offset = (-lowest * inverse).round_ties_even();
            *zero = offset as u8;
            let bytes = target.as_flattened_mut();
            for (byte, x) in bytes.iter_mut().zip(row) {
                // The highest number may round to one step too many.
                let level = x * inverse + offset;
                let level = if level < STEPS { level } else { STEPS };
                *byte = (level + ROUND).to_bits() as u8;
            }
            bytes[width..].fill(*zero);
        }
    }
}

/// The least and the largest number of a row and zero.
#[inline(always)]
fn range_with_zero(row: &[f32]) -> (f32, f32) {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let (mut low, mut high) = ([0.0f32; LANES], [0.0f32; LANES]);
    for chunk in chunks {
        for j in 0..LANES {
            low[j] = if chunk[j] < low[j] { chunk[j] } else { low[j] };
            high[j] = if chunk[j] > high[j] { chunk[j] } else { high[j] };
        }
    }
    let lowest = low.iter().chain(rest).fold(0.0f32, |m, &x| m.min(x));
    (lowest, high.iter().chain(rest).fold(0.0f32, |m, &x| m.max(x)))
}

struct Product<'a> {
    vnni: Option<Vnni>,
    rounded: &'a Rounded,
    m: usize,
    weights: &'a PackedInt8,
    finish: Finish,
    out: &'a mut [f32],
}

impl Kernel for Product<'_> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        let Product { vnni, rounded, m, weights, finish, out } = self;
        let (groups, outputs) = (weights.groups, weights.bias.len());
        if m == 0 || groups == 0 {
            return;
        }
        for top in (0..m).step_by(ROWS) {
            // Rows past the end repeat the last one; their results are dropped.
            let mut tile: [&[[u8; GROUP]]; ROWS] = [&[]; ROWS];
            let (mut row_scales, mut zeros) = ([0.0; ROWS], [0; ROWS]);
            for r in 0..ROWS {
                let row = (top + r).min(m - 1);
                tile[r] = &rounded.rows[row * groups..(row + 1) * groups];
                row_scales[r] = rounded.scales[row];
                zeros[r] = i32::from(rounded.zeros[row]);
            }
            for (panel, blocks) in weights.panels.chunks_exact(groups).enumerate() {
                let mut sums = [[0; LANES]; ROWS];
                match vnni {
                    Some(vnni) => vnni.multiply(&tile, blocks, &mut sums),
                    None => multiply(&tile, blocks, &mut sums),
                }
                let left = panel * LANES;
                let columns = LANES.min(outputs - left);
                let (mut scales, mut weight_sums) = ([0.0; LANES], [0; LANES]);
                let mut bias = [0.0; LANES];
                scales[..columns].copy_from_slice(&weights.scales[left..left + columns]);
                weight_sums[..columns].copy_from_slice(&weights.sums[left..left + columns]);
                bias[..columns].copy_from_slice(&weights.bias[left..left + columns]);
                for r in 0..ROWS.min(m - top) {
                    let mut result = [0.0; LANES];
                    for j in 0..LANES {
                        let sum = (sums[r][j] - zeros[r] * weight_sums[j]) as f32;
                        result[j] = sum * (row_scales[r] * scales[j]) + bias[j];
                    }
                    if let Finish::Activate(activation) = finish {
                        activate::<FMA>(activation, &mut result);
                    }
                    let start = (top + r) * outputs + left;
                    out[start..start + columns].copy_from_slice(&result[..columns]);
                }
            }
        }
    }
}

/// Adds `tile[r][g][i] * blocks[g][j][i]` over all `g`, `i` to `sums[r][j]`, in plain integers.
#[inline(always)]
fn multiply<const ROWS: usize>(
    tile: &[&[[u8; GROUP]]; ROWS],
    blocks: &[Block],
    sums: &mut [[i32; LANES]; ROWS],
) {
    let mut rows: [&[[u8; GROUP]]; ROWS] = [&[]; ROWS];
    for r in 0..ROWS {
        rows[r] = &tile[r][..blocks.len()];
    }
    for (g, block) in blocks.iter().enumerate() {
        for r in 0..ROWS {
            let x = rows[r][g].map(i32::from);
            for j in 0..LANES {
                for i in 0..GROUP {
                    sums[r][j] += x[i] * i32::from(block.0[j * GROUP + i]);
                }
            }
        }
    }
}
