//! Stochastic gradient descent on the cross entropy, with negative samples (algorithm 5 of the
//! paper): connected points attract, others repel each other.
//!
//! Unlike the paper's, which moves both ends of one tie after the other, this descent takes the points
//! in [`TURNS`]: all points of a turn are moved side by side, each from where the others were before
//! it, by up to [`TOGETHER`] of its ties and their negative samples at once. So it runs on all threads and
//! gives the same bytes on any number of them, and forces fill vector registers. In one turn, or by all of
//! a point's ties at once, points overshoot: fewer of their neighbours stay near them.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use super::curve;
use super::draws::Draws;
use super::forces::{Forces, TOGETHER};
use super::fuzzy::Graph;
use super::params::LayoutParams;
use super::power::LANES;
use super::pulls::Pulls;
use crate::geometry::Matrix;
use crate::progress::Progress;

/// Half the width of the first guess, as the reference scales it.
const HALF_WIDTH: f32 = 10.0;
/// Equal rows start this far apart, or nothing could ever part them.
const NOISE: f32 = 1e-2;
/// Turns of a pass.
const TURNS: usize = 4;
/// Points moved by one task.
const POINTS_PER_TASK: usize = 256;
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
/// A tie of weight `w` pulls in every `max / w`-th epoch; each pull comes with `n_negatives` pushes from
/// points drawn at random.
pub(super) fn optimize<const D: usize>(
    points: &mut Matrix,
    graph: &Graph,
    params: &LayoutParams,
    progress: &dyn Progress,
) {
    let n_epochs = n_epochs(points.rows(), params);
    let descent = Descent {
        pulls: Pulls::new(graph, points.rows(), n_epochs),
        forces: Forces::new(curve::fit(params.min_dist, params.spread)),
        n_negatives: params.n_negatives,
        seed: params.seed,
    };
    let place = |point: &[f32]| -> [f32; D] { std::array::from_fn(|axis| point[axis]) };
    let mut at: Vec<[f32; D]> = points.iter_rows().map(place).collect();
    let mut after = at.clone();
    for epoch in 0..n_epochs {
        let rate = (params.learning_rate * (1.0 - epoch as f64 / n_epochs as f64)) as f32;
        let kept = 1.0 - rate * params.gravity as f32;
        for turn in 0..TURNS {
            descent.pass(&Pass { epoch, turn, rate, kept }, &at, &mut after);
            std::mem::swap(&mut at, &mut after);
        }
        progress.advance(1);
    }
    for (row, point) in at.iter().enumerate() {
        points.row_mut(row).copy_from_slice(point);
    }
}

/// One turn of one epoch.
struct Pass {
    epoch: usize,
    /// Of the points, those whose number divided by [`TURNS`] leaves this are moved.
    turn: usize,
    rate: f32,
    /// What gravity leaves of a point's distance from the centre.
    kept: f32,
}

struct Descent {
    pulls: Pulls,
    forces: Forces,
    n_negatives: usize,
    seed: u64,
}

impl Descent {
    /// Writes where all points are after a pass, on all threads and in the widest registers of the
    /// machine, with the same bits everywhere.
    fn pass<const D: usize>(&self, pass: &Pass, at: &[[f32; D]], after: &mut [[f32; D]]) {
        after.par_chunks_mut(POINTS_PER_TASK).enumerate().for_each(|(task, after)| {
            let first = task * POINTS_PER_TASK;
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                // SAFETY: this machine has AVX2, as just asked.
                #[allow(unsafe_code)]
                return unsafe { self.move_avx2(pass, at, first, after) };
            }
            self.move_plain(pass, at, first, after);
        });
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn move_avx2<const D: usize>(
        &self,
        pass: &Pass,
        at: &[[f32; D]],
        first: usize,
        after: &mut [[f32; D]],
    ) {
        self.move_plain(pass, at, first, after);
    }

    /// Moves the points from `first` on whose turn it is.
    #[inline(always)]
    fn move_plain<const D: usize>(
        &self,
        pass: &Pass,
        at: &[[f32; D]],
        first: usize,
        after: &mut [[f32; D]],
    ) {
        let mut due = Vec::new();
        let n_others = TOGETHER * (1 + self.n_negatives);
        let mut others = vec![0; n_others.next_multiple_of(LANES)];
        for (point, after) in (first..).zip(after) {
            let mut here = at[point];
            if point % TURNS == pass.turn {
                let mut draws = Draws::new(self.seed, pass.epoch, point);
                self.pulls.due(point, pass.epoch, &mut due);
                for tied in due.chunks(TOGETHER) {
                    others[..tied.len()].copy_from_slice(tied);
                    let n_pushes = tied.len() * self.n_negatives;
                    draws.fill(at.len(), &mut others[TOGETHER..TOGETHER + n_pushes]);
                    let force =
                        self.forces.all(at, here, others.as_chunks().0, tied.len(), n_pushes);
                    (0..D).for_each(|axis| here[axis] += force[axis] * pass.rate);
                }
                here.iter_mut().for_each(|x| *x *= pass.kept);
            }
            *after = here;
        }
    }
}

/// A number in `[0, 1)`.
fn uniform(rng: &mut Xoshiro256PlusPlus) -> f32 {
    (rng.next_u32() >> 8) as f32 / (1u32 << 24) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::fuzzy::Edge;

    /// A ring of points, each tied to the next and to the one after that.
    fn ring(n: usize, n_negatives: usize) -> (Descent, Vec<[f32; 2]>) {
        let tie = |from: u32, step: u32, weight: f32| {
            let to = (from + step) % n as u32;
            Edge { from: from.min(to), to: from.max(to), weight }
        };
        let edges = (0..n as u32).flat_map(|at| [tie(at, 1, 1.0), tie(at, 2, 0.3)]).collect();
        let descent = Descent {
            pulls: Pulls::new(&Graph { edges }, n, 20),
            forces: Forces::new(curve::fit(0.1, 1.0)),
            n_negatives,
            seed: 3,
        };
        let angle = |at: usize| at as f32 / n as f32 * std::f32::consts::TAU;
        (descent, (0..n).map(|at| [angle(at).sin(), angle(at * 7).cos()]).collect())
    }

    #[test]
    fn wide_registers_and_other_tasks_give_the_same_bits() {
        let n = 2 * POINTS_PER_TASK + 40;
        for n_negatives in [0, 1, 5, 7, 8, 20] {
            let (descent, mut at) = ring(n, n_negatives);
            let (mut wide, mut plain) = (at.clone(), at.clone());
            for epoch in 0..20 {
                for turn in 0..TURNS {
                    let pass = Pass { epoch, turn, rate: 0.5, kept: 0.99 };
                    descent.pass(&pass, &at, &mut wide);
                    descent.move_plain(&pass, &at, 0, &mut plain);
                    let bits = |of: &[[f32; 2]]| -> Vec<u32> {
                        of.as_flattened().iter().map(|x| x.to_bits()).collect()
                    };
                    assert_eq!(bits(&wide), bits(&plain), "{n_negatives} pushes");
                    at.copy_from_slice(&wide);
                }
            }
            assert!(at.as_flattened().iter().all(|x| x.is_finite()));
        }
    }

    #[test]
    fn only_points_whose_turn_it_is_move() {
        let (descent, at) = ring(40, 5);
        let mut after = at.clone();
        descent.pass(&Pass { epoch: 9, turn: 1, rate: 0.5, kept: 1.0 }, &at, &mut after);
        for (point, (before, after)) in at.iter().zip(&after).enumerate() {
            assert_eq!(before != after, point % TURNS == 1, "point {point}");
        }
    }
}
