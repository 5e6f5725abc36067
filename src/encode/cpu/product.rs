//! Matrix products with weights laid out beforehand.
//!
//! The scheme is Goto's (Goto and van de Geijn 2008, "Anatomy of high-performance matrix
//! multiplication"): weights are cut into panels of [`LANES`] outputs; a block of panels that
//! fits the second-level cache meets one tile of rows after the other, each tile staying in the
//! first-level cache and its results in registers. Rows are read where they lie.
//!
//! Each result is one chain of multiply-adds over the inputs in order, whatever the number of
//! rows: a row's result does not depend on its neighbours.

use super::elementwise::activate;
#[cfg(target_arch = "x86_64")]
use super::simd::{AVX2_ROWS, AVX512_ROWS};
use super::simd::{Kernel, LANES, Lane, Level, Tile, fma, lanes_at, write_lanes};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::encode::family::bert::Activation;

/// Inputs summed before a tile's results go back to memory.
const DEPTH: usize = 512;
/// Bytes of weights that wait in the second-level cache.
pub(super) const BLOCK_BYTES: usize = 256 * 1024;

/// The weights and the bias of a linear layer.
pub(super) struct Packed {
    /// Panel after panel, each `inputs` lanes long; unused outputs are zero.
    panels: Vec<Lane>,
    bias: Vec<f32>,
    inputs: usize,
}

/// What happens to a result after the bias was added.
#[derive(Debug, Clone, Copy)]
pub(super) enum Finish {
    Plain,
    Activate(Activation),
}

impl Packed {
    /// Lays out `bias.len()` rows of `inputs` weights, which `read_row` writes one at a time.
    pub(super) fn new(inputs: usize, bias: Vec<f32>, read_row: &dyn Fn(usize, &mut [f32])) -> Self {
        let n_panels = bias.len().div_ceil(LANES);
        let mut panels = vec![Lane::ZERO; n_panels * inputs];
        let mut rows = vec![0.0; LANES * inputs];
        for (panel, lanes) in panels.chunks_exact_mut(inputs.max(1)).enumerate() {
            let kept = LANES.min(bias.len() - panel * LANES);
            rows[kept * inputs..].fill(0.0);
            for (lane, row) in rows.chunks_exact_mut(inputs).enumerate().take(kept) {
                read_row(panel * LANES + lane, row);
            }
            for (k, lane) in lanes.iter_mut().enumerate() {
                for (j, to) in lane.0.iter_mut().enumerate() {
                    *to = rows[j * inputs + k];
                }
            }
        }
        Packed { panels, bias, inputs }
    }

    /// Numbers per row of a result.
    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }
}

/// `out = finish(rows * weights + bias)`: `rows` is `m x inputs`, `out` is `m x outputs`.
pub(super) fn product(
    level: Level,
    rows: &[f32],
    weights: &Packed,
    finish: Finish,
    out: &mut [f32],
) {
    debug_assert_eq!(rows.len() * weights.outputs(), out.len() * weights.inputs);
    level.run(Product { rows, weights, finish, out });
}

struct Product<'a> {
    rows: &'a [f32],
    weights: &'a Packed,
    finish: Finish,
    out: &'a mut [f32],
}

impl Kernel for Product<'_> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        let Product { rows, weights, finish, out } = self;
        let (inputs, outputs) = (weights.inputs, weights.outputs());
        if rows.is_empty() || inputs == 0 || outputs == 0 {
            return;
        }
        let m = rows.len() / inputs;
        let n_panels = outputs.div_ceil(LANES);
        for from in (0..inputs).step_by(DEPTH) {
            let to = (from + DEPTH).min(inputs);
            let (is_first, is_last) = (from == 0, to == inputs);
            let panels_per_block =
                (BLOCK_BYTES / ((to - from) * size_of::<Lane>())).clamp(1, n_panels);
            for block in (0..n_panels).step_by(panels_per_block) {
                for top in (0..m).step_by(ROWS) {
                    // Rows past the end repeat the last one; their results are dropped.
                    let mut tile: [&[f32]; ROWS] = [&[]; ROWS];
                    for (r, row) in tile.iter_mut().enumerate() {
                        let start = (top + r).min(m - 1) * inputs;
                        *row = &rows[start + from..start + to];
                    }
                    let kept = ROWS.min(m - top);
                    for panel in block..(block + panels_per_block).min(n_panels) {
                        let start = panel * inputs;
                        let lanes = &weights.panels[start + from..start + to];
                        let left = panel * LANES;
                        let row = |r: usize| (top + r) * outputs..(top + r + 1) * outputs;
                        let mut held = Tile::<f32, ROWS>::new();
                        let sums = &mut held.0;
                        if is_first {
                            let sums = sums.as_flattened_mut();
                            multiply::<FMA, ROWS, true>(&tile, lanes, sums, LANES);
                        } else {
                            for (r, sum) in sums.iter_mut().enumerate().take(kept) {
                                *sum = lanes_at(&out[row(r)], left);
                            }
                            let sums = sums.as_flattened_mut();
                            multiply::<FMA, ROWS, false>(&tile, lanes, sums, LANES);
                        }
                        if is_last {
                            let bias = lanes_at(&weights.bias, left);
                            for sum in sums.iter_mut() {
                                for (x, b) in sum.iter_mut().zip(&bias) {
                                    *x += b;
                                }
                                if let Finish::Activate(activation) = finish {
                                    activate::<FMA>(activation, sum);
                                }
                            }
                        }
                        for (r, sum) in sums.iter().enumerate().take(kept) {
                            write_lanes(&mut out[row(r)], left, sum);
                        }
                    }
                }
            }
        }
    }
}

/// `out[r * stride + j] += sum over k of tile[r][k] * lanes[k][j]`, or `=` where it is `FRESH`: the
/// innermost loop of everything.
///
/// All rows of the tile are as long as there are lanes.
#[inline(always)]
pub(super) fn multiply<const FMA: bool, const ROWS: usize, const FRESH: bool>(
    tile: &[&[f32]; ROWS],
    lanes: &[Lane],
    out: &mut [f32],
    stride: usize,
) {
    #[cfg(target_arch = "x86_64")]
    if FMA && (ROWS == AVX512_ROWS || ROWS == AVX2_ROWS) {
        // SAFETY: on this architecture so many rows with fused multiply-add are those of
        // `Level::Avx512` and of `Level::Avx2` alone, which are chosen where the machine has the
        // instructions.
        #[allow(unsafe_code)]
        unsafe {
            match ROWS == AVX512_ROWS {
                true => avx512::multiply::<ROWS, FRESH>(tile, lanes, out, stride),
                false => avx2::multiply::<ROWS, FRESH>(tile, lanes, out, stride),
            }
        }
        return;
    }
    let depth = lanes.len();
    // Said once, so that the loop needs no bounds checks.
    let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
    let mut sums = [[0.0; LANES]; ROWS];
    for r in 0..ROWS {
        rows[r] = &tile[r][..depth];
        if !FRESH {
            sums[r].copy_from_slice(&out[r * stride..][..LANES]);
        }
    }
    for k in 0..depth {
        let lane = &lanes[k].0;
        for r in 0..ROWS {
            let x = rows[r][k];
            for j in 0..LANES {
                sums[r][j] = fma::<FMA>(x, lane[j], sums[r][j]);
            }
        }
    }
    for (r, sum) in sums.iter().enumerate() {
        out[r * stride..][..LANES].copy_from_slice(sum);
    }
}
