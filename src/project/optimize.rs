//! Stochastic gradient descent on the cross entropy, with negative samples (algorithm 5 of the
//! paper): connected points attract, others repel each other.
//!
//! Unlike the paper, all forces on one end of a tie (its attraction and its negative samples) are
//! computed from the positions before the step, so that they fit one vector register. Steps are short
//! compared with the distances, so the maps are alike.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

use super::curve::{self, Curve};
use super::fuzzy::Graph;
use super::params::LayoutParams;
use super::power::{LANES, powers};
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
    let n_epochs = n_epochs(points.rows(), params);
    let mut descent = Descent::<D> {
        at: points.iter_rows().map(|point| std::array::from_fn(|axis| point[axis])).collect(),
        ties: schedule(graph, n_epochs),
        rng: Xoshiro256PlusPlus::seed_from_u64(params.seed),
        forces: Forces::new(curve::fit(params.min_dist, params.spread)),
        others: vec![[0; LANES]; (1 + params.n_negatives).div_ceil(LANES)],
        n_negatives: params.n_negatives,
    };
    for epoch in 0..n_epochs {
        let rate = (params.learning_rate * (1.0 - epoch as f64 / n_epochs as f64)) as f32;
        descent.pass(epoch as f32, rate);
        let kept = 1.0 - rate * params.gravity as f32;
        descent.at.iter_mut().flatten().for_each(|x| *x *= kept);
        progress.advance(1);
    }
    for (row, point) in descent.at.iter().enumerate() {
        points.row_mut(row).copy_from_slice(point);
    }
}

struct Descent<const D: usize> {
    at: Vec<[f32; D]>,
    ties: Vec<Tie>,
    rng: Xoshiro256PlusPlus,
    forces: Forces,
    /// The points that exert a force on the end at hand: the other end of the tie, then the negative
    /// samples; the places left hold the end itself, which exerts none.
    others: Vec<[u32; LANES]>,
    n_negatives: usize,
}

impl<const D: usize> Descent<D> {
    /// One pass over the ties that are due, in the widest registers of the machine, with the same
    /// bits on every machine.
    fn pass(&mut self, epoch: f32, rate: f32) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: this machine has AVX2, as just asked.
            #[allow(unsafe_code)]
            return unsafe { self.pass_avx2(epoch, rate) };
        }
        self.pass_plain(epoch, rate);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn pass_avx2(&mut self, epoch: f32, rate: f32) {
        self.pass_plain(epoch, rate);
    }

    #[inline(always)]
    fn pass_plain(&mut self, epoch: f32, rate: f32) {
        for tie in 0..self.ties.len() {
            let Tie { from, to, every, next } = self.ties[tie];
            if next > epoch {
                continue;
            }
            self.ties[tie].next += every;
            // A tie is one edge seen from both ends, and each end is pushed from others.
            for (head, tail) in [(from, to), (to, from)] {
                self.draw(head, tail);
                self.step(head as usize, tail as usize, rate);
            }
        }
    }

    #[inline(always)]
    fn draw(&mut self, head: u32, tail: u32) {
        let n = self.at.len();
        self.others.as_flattened_mut().fill(head);
        self.others[0][0] = tail;
        for other in &mut self.others.as_flattened_mut()[1..=self.n_negatives] {
            *other = below(&mut self.rng, n) as u32;
        }
    }

    /// Moves one end of a tie by all that acts upon it, and the other end towards it.
    #[inline(always)]
    fn step(&mut self, head: usize, tail: usize, rate: f32) {
        let here = self.at[head];
        let (mut there, mut moved) = (self.at[tail], here);
        for (chunk, others) in self.others.iter().enumerate() {
            let mut apart = [[0.0f32; LANES]; D];
            for (lane, &other) in others.iter().enumerate() {
                let other = self.at[other as usize];
                (0..D).for_each(|axis| apart[axis][lane] = here[axis] - other[axis]);
            }
            let mut squared = [0.0f32; LANES];
            for apart in &apart {
                (0..LANES).for_each(|lane| squared[lane] += apart[lane] * apart[lane]);
            }
            let powers = powers(&squared, self.forces.b);
            let mut factors = [0.0f32; LANES];
            for lane in 0..LANES {
                factors[lane] = self.forces.repulsion(squared[lane], powers[lane]);
            }
            if chunk == 0 {
                factors[0] = self.forces.attraction(squared[0], powers[0]);
            }
            for (axis, apart) in apart.iter().enumerate() {
                let mut steps = [0.0f32; LANES];
                (0..LANES).for_each(|lane| steps[lane] = clip(factors[lane] * apart[lane]) * rate);
                if chunk == 0 {
                    there[axis] -= steps[0];
                }
                moved[axis] += steps.iter().sum::<f32>();
            }
        }
        self.at[tail] = there;
        self.at[head] = moved;
    }
}

/// A tie and when it is due.
#[derive(Clone, Copy)]
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

    /// Factor of the difference of two tied points, negative: they approach. Of their squared
    /// distance and its power; nothing where they are on one spot.
    #[inline(always)]
    fn attraction(&self, squared: f32, power: f32) -> f32 {
        match squared > 0.0 {
            true => -2.0 * self.a * self.b * (power / squared) / (1.0 + self.a * power),
            false => 0.0,
        }
    }

    /// Factor of the difference of two other points, positive: they part. Finite on one spot.
    #[inline(always)]
    fn repulsion(&self, squared: f32, power: f32) -> f32 {
        2.0 * self.b / ((SOFTENING + squared) * (1.0 + self.a * power))
    }
}

#[inline(always)]
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring of points, each tied to the next.
    fn descent(n_negatives: usize) -> Descent<2> {
        let n = 40;
        let angle = |at: u32| at as f32 / n as f32 * std::f32::consts::TAU;
        let tie = |at: u32| Tie { from: at, to: (at + 1) % n, every: 1.0, next: 0.0 };
        Descent {
            at: (0..n).map(|at| [angle(at).sin(), angle(at * 7).cos()]).collect(),
            ties: (0..n).map(tie).collect(),
            rng: Xoshiro256PlusPlus::seed_from_u64(1),
            forces: Forces { a: 1.577, b: 0.895 },
            others: vec![[0; LANES]; (1 + n_negatives).div_ceil(LANES)],
            n_negatives,
        }
    }

    #[test]
    fn wide_registers_give_the_same_bits() {
        for n_negatives in [0, 1, 5, 7, 8, 20] {
            let (mut wide, mut plain) = (descent(n_negatives), descent(n_negatives));
            for epoch in 0..20 {
                wide.pass(epoch as f32, 0.5);
                plain.pass_plain(epoch as f32, 0.5);
            }
            let bits = |of: &Descent<2>| -> Vec<u32> {
                of.at.iter().flatten().map(|x| x.to_bits()).collect()
            };
            assert_eq!(bits(&wide), bits(&plain), "{n_negatives} pushes");
            assert!(wide.at.iter().flatten().all(|x| x.is_finite()));
        }
    }

    /// Against the gradients of the paper's curve, in `f64`.
    #[test]
    fn a_step_is_that_of_the_gradient() {
        let (head, tail, rate) = (3u32, 4u32, 0.25f32);
        for negatives in [vec![], vec![9, 17, 21], (10..24).collect::<Vec<u32>>()] {
            let mut found = descent(negatives.len());
            found.draw(head, tail);
            found.others.as_flattened_mut()[1..=negatives.len()].copy_from_slice(&negatives);
            let before = found.at.clone();
            let (a, b) = (f64::from(found.forces.a), f64::from(found.forces.b));
            found.step(head as usize, tail as usize, rate);
            let at = |point: u32| before[point as usize].map(f64::from);
            let step = |other: u32, factor: &dyn Fn(f64) -> f64| -> [f64; 2] {
                let apart: [f64; 2] = std::array::from_fn(|axis| at(head)[axis] - at(other)[axis]);
                let factor = factor(apart.iter().map(|x| x * x).sum());
                apart.map(|x| (factor * x).clamp(-4.0, 4.0) * f64::from(rate))
            };
            let pulled = step(tail, &|d| -2.0 * a * b * d.powf(b - 1.0) / (1.0 + a * d.powf(b)));
            let pushed =
                |&other: &u32| step(other, &|d| 2.0 * b / ((0.001 + d) * (1.0 + a * d.powf(b))));
            let pushes: Vec<[f64; 2]> = negatives.iter().map(pushed).collect();
            for axis in 0..2 {
                let moved = |point: u32| f64::from(found.at[point as usize][axis]);
                let all = pulled[axis] + pushes.iter().map(|step| step[axis]).sum::<f64>();
                assert!((moved(head) - at(head)[axis] - all).abs() < 2e-5, "{negatives:?}");
                assert!((moved(tail) - at(tail)[axis] + pulled[axis]).abs() < 1e-5);
            }
        }
    }
}
