//! Matrix products in 8-bit integers: a quarter of the memory and about a third of the time where
//! the processor multiplies bytes (AVX-512 VNNI).
//!
//! Weights are rounded once, or stored so, each output by its own scale; rows of activations are
//! rounded as they come ([`Rounded`]). Sums are exact in 32 bits, so they do not depend on order,
//! instruction set or neighbours. The zero point times a weight row's sum is taken off again.
//!
//! Elsewhere the same whole numbers are multiplied as floats, nearly as fast as `f32`: sums of
//! [`DEPTH`] products stay below 2^24, where every whole number is a float, so they are exact too.

use super::elementwise::activate;
use super::product::{BLOCK_BYTES, Finish, multiply};
use super::rounding::Rounded;
use super::simd::{Kernel, LANES, Lane, Level, Tile, lanes_at, write_lanes};
use crate::geometry::vnni::{Block, GROUP, Vnni};

/// Products of a byte and a signed byte, the sum of which is an exact float.
const DEPTH: usize = 512;
const _: () = assert!(DEPTH * 255 * 128 < 1 << 24);

/// The weights and the bias of a linear layer.
pub(super) struct PackedInt8 {
    panels: Panels,
    /// Per output: what one step of its weights is worth.
    scales: Vec<f32>,
    /// Per output: the sum of its rounded weights, by which a row's zero point counts.
    sums: Vec<i32>,
    bias: Vec<f32>,
    inputs: usize,
}

/// Rounded weights, panel after panel of [`LANES`] outputs.
enum Panels {
    /// Each as many blocks long as an input has groups.
    Bytes(Vnni, Vec<Block>),
    /// Each as many lanes long as there are inputs; whole numbers.
    Floats(Vec<Lane>),
}

impl PackedInt8 {
    /// Lays out `bias.len()` rows of `inputs` weights. `read_row` writes one row as bytes and
    /// returns what one step of them is worth.
    pub(super) fn new(
        vnni: Option<Vnni>,
        inputs: usize,
        bias: Vec<f32>,
        read_row: &dyn Fn(usize, &mut [i8]) -> f32,
    ) -> Self {
        let (outputs, groups) = (bias.len(), inputs.div_ceil(GROUP));
        let n_panels = outputs.div_ceil(LANES);
        let mut panels = match vnni {
            Some(vnni) => Panels::Bytes(vnni, vec![Block::ZERO; n_panels * groups]),
            None => Panels::Floats(vec![Lane::ZERO; n_panels * inputs]),
        };
        let (mut scales, mut sums) = (vec![0.0; outputs], vec![0; outputs]);
        // Zeros behind the last input stay what they are.
        let mut row = vec![0i8; groups * GROUP];
        for output in 0..outputs {
            scales[output] = read_row(output, &mut row[..inputs]);
            sums[output] = row.iter().map(|&x| i32::from(x)).sum();
            let (panel, column) = (output / LANES, output % LANES);
            match &mut panels {
                Panels::Bytes(_, blocks) => {
                    let blocks = &mut blocks[panel * groups..][..groups];
                    let left = column * GROUP;
                    for (block, group) in blocks.iter_mut().zip(row.as_chunks::<GROUP>().0) {
                        block.0[left..left + GROUP].copy_from_slice(group);
                    }
                }
                Panels::Floats(lanes) => {
                    let lanes = &mut lanes[panel * inputs..][..inputs];
                    for (lane, &x) in lanes.iter_mut().zip(&row) {
                        lane.0[column] = f32::from(x);
                    }
                }
            }
        }
        PackedInt8 { panels, scales, sums, bias, inputs }
    }
}

/// As [`product`](super::product::product), through 8-bit integers.
pub(super) fn product_int8(
    level: Level,
    rows: &[f32],
    weights: &PackedInt8,
    finish: Finish,
    rounded: &mut Rounded,
    out: &mut [f32],
) {
    let width = weights.inputs;
    debug_assert_eq!(rows.len() * weights.bias.len(), out.len() * width);
    if rows.is_empty() || width == 0 {
        return;
    }
    match &weights.panels {
        Panels::Bytes(vnni, blocks) => {
            rounded.round_to_bytes(level, rows, width);
            level.run(ByteProduct { vnni: *vnni, blocks, rounded, weights, finish, out });
        }
        Panels::Floats(lanes) => {
            rounded.round_to_floats(level, rows, width);
            level.run(FloatProduct { lanes, rounded, weights, finish, out });
        }
    }
}

struct ByteProduct<'a> {
    vnni: Vnni,
    blocks: &'a [Block],
    rounded: &'a Rounded,
    weights: &'a PackedInt8,
    finish: Finish,
    out: &'a mut [f32],
}

impl Kernel for ByteProduct<'_> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        let ByteProduct { vnni, blocks, rounded, weights, finish, out } = self;
        let groups = weights.inputs.div_ceil(GROUP);
        let m = rounded.scales.len();
        for top in (0..m).step_by(ROWS) {
            // Rows past the end repeat the last one; their results are dropped.
            let mut tile: [&[[u8; GROUP]]; ROWS] = [&[]; ROWS];
            for (r, row) in tile.iter_mut().enumerate() {
                let start = (top + r).min(m - 1) * groups;
                *row = &rounded.bytes[start..start + groups];
            }
            for (panel, blocks) in blocks.chunks_exact(groups).enumerate() {
                let mut sums = Tile::new();
                vnni.multiply(&tile, blocks, &mut sums.0);
                weights.finish::<FMA, ROWS>(&sums.0, rounded, (top, panel), finish, out);
            }
        }
    }
}

struct FloatProduct<'a> {
    lanes: &'a [Lane],
    rounded: &'a Rounded,
    weights: &'a PackedInt8,
    finish: Finish,
    out: &'a mut [f32],
}

impl Kernel for FloatProduct<'_> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        let FloatProduct { lanes, rounded, weights, finish, out } = self;
        let inputs = weights.inputs;
        let m = rounded.scales.len();
        let panels_per_block = (BLOCK_BYTES / (inputs * size_of::<Lane>())).max(1);
        for (block, lanes) in lanes.chunks(panels_per_block * inputs).enumerate() {
            for top in (0..m).step_by(ROWS) {
                for (panel, lanes) in lanes.chunks_exact(inputs).enumerate() {
                    let mut sums = Tile::<i32, ROWS>::new();
                    for (part, lanes) in lanes.chunks(DEPTH).enumerate() {
                        let mut tile: [&[f32]; ROWS] = [&[]; ROWS];
                        for (r, row) in tile.iter_mut().enumerate() {
                            let start = (top + r).min(m - 1) * inputs + part * DEPTH;
                            *row = &rounded.floats[start..start + lanes.len()];
                        }
                        let mut found = Tile::<f32, ROWS>::new();
                        let found = found.0.as_flattened_mut();
                        multiply::<FMA, ROWS, true>(&tile, lanes, found, LANES);
                        for (sum, found) in sums.0.as_flattened_mut().iter_mut().zip(found) {
                            *sum += *found as i32;
                        }
                    }
                    let place = (top, block * panels_per_block + panel);
                    weights.finish::<FMA, ROWS>(&sums.0, rounded, place, finish, out);
                }
            }
        }
    }
}

impl PackedInt8 {
    /// Writes a tile's results from the sums of its rounded numbers: rows from `top` on, the
    /// outputs of `panel`.
    #[inline(always)]
    fn finish<const FMA: bool, const ROWS: usize>(
        &self,
        sums: &[[i32; LANES]; ROWS],
        rounded: &Rounded,
        (top, panel): (usize, usize),
        finish: Finish,
        out: &mut [f32],
    ) {
        let outputs = self.bias.len();
        let left = panel * LANES;
        let (scales, bias) = (lanes_at(&self.scales, left), lanes_at(&self.bias, left));
        let weight_sums = lanes_at(&self.sums, left);
        for r in 0..ROWS.min(rounded.scales.len() - top) {
            let (row_scale, zero) = (rounded.scales[top + r], rounded.zeros[top + r]);
            let mut result = [0.0; LANES];
            for j in 0..LANES {
                let sum = (sums[r][j] - zero * weight_sums[j]) as f32;
                result[j] = sum * (row_scale * scales[j]) + bias[j];
            }
            if let Finish::Activate(activation) = finish {
                activate::<FMA>(activation, &mut result);
            }
            let row = (top + r) * outputs..(top + r + 1) * outputs;
            write_lanes(&mut out[row], left, &result);
        }
    }
}
