//! Stochastic gradient descent on the cross entropy, with negative samples (algorithm 5 of the
//! paper): connected points attract, others repel each other.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

use super::curve::{self, Curve};
use super::fuzzy::Graph;
use super::params::LayoutParams;
use super::power::power;
use crate::geometry::Matrix;
use crate::progress::Progress;

/// Half the width of the first guess, as the reference scales it.
const HALF_WIDTH: f32 = 10.0;
/// Equal rows start this far apart, or nothing could ever part them.
const NOISE: f32 = 1e-2;
/// No step is longer than this in any direction.
const LONGEST_STEP: f32 = 4.0;
/// Keeps the push between two points on one spot finite.
const SOFTENING: f32 = 1e-3;
/// Up to this many rows the longer schedule is affordable.
const MANY_ROWS: usize = 10_000;

/// Scales a first guess to a fixed width and adds a little noise.
pub(super) fn spread_out(points: &mut Matrix, seed: u64) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x5eed_0f01);
    let widest = points.as_slice().iter().fold(0.0f32, |w, x| w.max(x.abs()));
    let scale = if widest > 0.0 { HALF_WIDTH / widest } else { 0.0 };
    for row in 0..points.rows() {
        for x in points.row_mut(row) {
            *x = *x * scale + NOISE * (uniform(&mut rng) * 2.0 - 1.0);
        }
    }
}

/// Passes over the ties of `n` points.
pub(super) fn n_epochs(n: usize, params: &LayoutParams) -> usize {
    params.n_epochs.unwrap_or(if n <= MANY_ROWS { 500 } else { 200 })
}

/// Runs the descent in place on `points` (`n x D`).
///
/// A tie of weight `w` is pulled in every `max / w`-th epoch; each pull comes with
/// `n_negatives` pushes against points drawn at random.
pub(super) fn optimize<const D: usize>(
    points: &mut Matrix,
    graph: &Graph,
    params: &LayoutParams,
    progress: &dyn Progress,
) {
    let n = points.rows();
    let n_epochs = n_epochs(n, params);
    let forces = Forces::new(curve::fit(params.min_dist, params.spread));
    let mut ties = schedule(graph, n_epochs);
    let mut at: Vec<[f32; D]> =
        points.iter_rows().map(|point| std::array::from_fn(|axis| point[axis])).collect();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(params.seed);
    for epoch in 0..n_epochs {
        let rate = (params.learning_rate * (1.0 - epoch as f64 / n_epochs as f64)) as f32;
        for tie in &mut ties {
            if tie.next > epoch as f32 {
                continue;
            }
            tie.next += tie.every;
            let (from, to) = (tie.from as usize, tie.to as usize);
            // A tie is one edge seen from both ends, and each end is pushed from others.
            for (head, tail) in [(from, to), (to, from)] {
                pull(&mut at, head, tail, rate, &forces);
                for _ in 0..params.n_negatives {
                    let other = below(&mut rng, n);
                    if other != head {
                        push(&mut at, head, other, rate, &forces);
                    }
                }
            }
        }
        let kept = 1.0 - rate * params.gravity as f32;
        at.iter_mut().flatten().for_each(|x| *x *= kept);
        progress.advance(1);
    }
    for (row, point) in at.iter().enumerate() {
        points.row_mut(row).copy_from_slice(point);
    }
}

/// A tie and when it is due.
struct Tie {
    from: u32,
    to: u32,
    every: f32,
    next: f32,
}

/// Ties in the order of their edges; those too weak to come up once are left out.
fn schedule(graph: &Graph, n_epochs: usize) -> Vec<Tie> {
    let strongest = graph.edges.iter().map(|e| e.weight).fold(0.0, f32::max);
    let due = |e: &super::fuzzy::Edge| {
        let every = strongest / e.weight;
        (every <= n_epochs as f32).then_some(Tie { from: e.from, to: e.to, every, next: every })
    };
    graph.edges.iter().filter_map(due).collect()
}

/// The attractive and the repulsive gradient of the curve.
struct Forces {
    a: f32,
    b: f32,
}

impl Forces {
    fn new(curve: Curve) -> Self {
        Forces { a: curve.a as f32, b: curve.b as f32 }
    }

    /// Factor of the difference of two tied points, negative: they approach.
    fn attraction(&self, squared: f32) -> f32 {
        let power = power(squared, self.b);
        -2.0 * self.a * self.b * (power / squared) / (1.0 + self.a * power)
    }

    /// Factor of the difference of two other points, positive: they part.
    fn repulsion(&self, squared: f32) -> f32 {
        2.0 * self.b / ((SOFTENING + squared) * (1.0 + self.a * power(squared, self.b)))
    }
}

fn pull<const D: usize>(at: &mut [[f32; D]], head: usize, tail: usize, rate: f32, forces: &Forces) {
    let (apart, squared) = difference(at[head], at[tail]);
    if squared <= 0.0 {
        return;
    }
    let factor = forces.attraction(squared);
    for axis in 0..D {
        let step = clip(factor * apart[axis]) * rate;
        at[head][axis] += step;
        at[tail][axis] -= step;
    }
}

fn push<const D: usize>(
    at: &mut [[f32; D]],
    head: usize,
    other: usize,
    rate: f32,
    forces: &Forces,
) {
    let (apart, squared) = difference(at[head], at[other]);
    if squared <= 0.0 {
        return;
    }
    let factor = forces.repulsion(squared);
    for axis in 0..D {
        at[head][axis] += clip(factor * apart[axis]) * rate;
    }
}

/// The way from `q` to `p`, and its squared length.
fn difference<const D: usize>(p: [f32; D], q: [f32; D]) -> ([f32; D], f32) {
    let apart: [f32; D] = std::array::from_fn(|axis| p[axis] - q[axis]);
    (apart, apart.iter().fold(0.0, |sum, x| sum + x * x))
}

fn clip(x: f32) -> f32 {
    x.clamp(-LONGEST_STEP, LONGEST_STEP)
}

/// A number in `[0, 1)`.
fn uniform(rng: &mut Xoshiro256PlusPlus) -> f32 {
    (rng.next_u32() >> 8) as f32 / (1u32 << 24) as f32
}

/// A row below `n` (at most 2^32), by multiply and shift; the bias is below `n / 2^32`.
fn below(rng: &mut Xoshiro256PlusPlus, n: usize) -> usize {
    ((u64::from(rng.next_u32()) * n as u64) >> 32) as usize
}
