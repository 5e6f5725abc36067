//! What is done number by number: activations, exponentials, layer normalisation.
//!
//! Polynomials without branches, so that a loop over them becomes vector instructions.

use super::simd::{Kernel, LANES, Level, fma};
use crate::encode::family::bert::Activation;
use crate::geometry::larger;

/// `2^x` for `x` up to 127, relative error below 2e-7; about 2^-126 below that. The whole part goes to the
/// exponent's bits, a polynomial takes the rest, `|r| <= 1/2`.
#[inline(always)]
pub(super) fn exp2<const FMA: bool>(x: f32) -> f32 {
    /// Adding and taking away 1.5 * 2^23 rounds to an integer.
    const ROUND: f32 = 12_582_912.0;
    let x = larger(x, -126.0);
    let shifted = x + ROUND;
    let r = x - (shifted - ROUND);
    let mut p = 1.546_144_8e-4;
    for c in [1.339_086_7e-3, 9.618_057e-3, 5.550_357e-2, 0.240_226_5, std::f32::consts::LN_2] {
        p = fma::<FMA>(p, r, c);
    }
    let power = fma::<FMA>(p, r, 1.0);
    // The low bits of `shifted` hold the whole part.
    f32::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// The error function, absolute error below 2e-7: a rational approximation on [-4, 4], outside
/// of which it is 1 in `f32`.
#[inline(always)]
fn erf<const FMA: bool>(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let s = x * x;
    let mut p = -2.726_142_3e-10;
    for c in [
        2.770_681_4e-8,
        -2.101_024e-6,
        -5.692_506_4e-5,
        -7.349_906_3e-4,
        -2.954_6e-3,
        -1.609_603_3e-2,
    ] {
        p = fma::<FMA>(p, s, c);
    }
    let mut q = -1.456_607_2e-5;
    for c in [-2.133_740_6e-4, -1.682_827e-3, -7.373_329_2e-3, -1.426_473_9e-2] {
        q = fma::<FMA>(q, s, c);
    }
    // Where erf is 1 but for a rounding, the quotient's own rounding would be the larger error.
    if s > 3.8 * 3.8 { x.signum() } else { x * p / q }
}

/// Applies an activation in place.
#[inline(always)]
pub(super) fn activate<const FMA: bool>(activation: Activation, values: &mut [f32; LANES]) {
    match activation {
        Activation::Gelu => {
            for x in values {
                let half = 0.5 * *x;
                *x = fma::<FMA>(half, erf::<FMA>(*x * std::f32::consts::FRAC_1_SQRT_2), half);
            }
        }
        Activation::GeluTanh => {
            // 0.5 x (1 + tanh y) = x / (1 + e^-2y)
            for x in values {
                let cube = *x * *x * *x;
                let y = 0.797_884_6 * fma::<FMA>(0.044_715, cube, *x);
                let power = -2.0 * std::f32::consts::LOG2_E * y;
                *x /= 1.0 + exp2::<FMA>(if power < 126.0 { power } else { 126.0 });
            }
        }
        Activation::Relu => values.iter_mut().for_each(|x| *x = x.max(0.0)),
    }
}

/// Adds `other` to `row`.
pub(super) fn add_rows(row: &mut [f32], other: &[f32]) {
    row.iter_mut().zip(other).for_each(|(x, y)| *x += y);
}

/// Adds `added` to `rows` where there is one, then scales every row to mean 0 and variance 1,
/// times `weight`, plus `bias`.
pub(super) fn layer_norm(
    level: Level,
    rows: &mut [f32],
    added: Option<&[f32]>,
    weight: &[f32],
    bias: &[f32],
    epsilon: f32,
) {
    level.run(LayerNorm { rows, added, weight, bias, epsilon });
}

struct LayerNorm<'a> {
    rows: &'a mut [f32],
    added: Option<&'a [f32]>,
    weight: &'a [f32],
    bias: &'a [f32],
    epsilon: f32,
}

impl Kernel for LayerNorm<'_> {
    #[inline(always)]
    fn run<const FMA: bool, const ROWS: usize>(self) {
        let width = self.weight.len();
        let n = width as f32;
        for (at, row) in self.rows.chunks_exact_mut(width).enumerate() {
            if let Some(added) = self.added {
                let added = &added[at * width..(at + 1) * width];
                for (x, y) in row.iter_mut().zip(added) {
                    *x += y;
                }
            }
            let mean = sum_of(row, |x| x) / n;
            let variance = sum_of(row, |x| (x - mean) * (x - mean)) / n;
            let scale = 1.0 / (variance + self.epsilon).sqrt();
            for ((x, w), b) in row.iter_mut().zip(self.weight).zip(self.bias) {
                *x = fma::<FMA>((*x - mean) * scale, *w, *b);
            }
        }
    }
}

/// The sum of `f` over a row, in [`LANES`] sums side by side, then by halves.
#[inline(always)]
pub(super) fn sum_of(row: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for j in 0..LANES {
            sums[j] += f(chunk[j]);
        }
    }
    for (sum, &x) in sums.iter_mut().zip(rest) {
        *sum += f(x);
    }
    sum_by_halves(&sums)
}

/// The largest `f` of a row, as [`sum_of`] goes.
#[inline(always)]
pub(super) fn max_of(row: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut largest = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for j in 0..LANES {
            largest[j] = larger(f(chunk[j]), largest[j]);
        }
    }
    for (largest, &x) in largest.iter_mut().zip(rest) {
        *largest = larger(f(x), *largest);
    }
    max_by_halves(&largest)
}

// Calls, or the compiler takes the loops before them apart to suit the steps here.
#[inline(never)]
fn sum_by_halves(lanes: &[f32; LANES]) -> f32 {
    by_halves(*lanes, |x, y| x + y)
}

#[inline(never)]
fn max_by_halves(lanes: &[f32; LANES]) -> f32 {
    by_halves(*lanes, larger)
}

/// Joins a register's numbers half by half, in four steps and not in fifteen.
#[inline(always)]
fn by_halves(mut lanes: [f32; LANES], join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for j in 0..half {
            lanes[j] = join(lanes[j], lanes[j + half]);
        }
        half /= 2;
    }
    lanes[0]
}
