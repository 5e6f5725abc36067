//! Forces between points of a layout: the attractive and the repulsive gradient of the curve, of
//! several pairs side by side.

use super::curve::Curve;
use super::power::{LANES, powers};

/// Pulls whose forces on a point are taken from one place of it.
pub(super) const TOGETHER: usize = 4;
const _: () = assert!(TOGETHER <= LANES);
/// No step is longer than this in any direction.
const LONGEST_STEP: f32 = 4.0;
/// Keeps the push between two points on one spot finite.
const SOFTENING: f32 = 1e-3;

/// The attractive and the repulsive gradient of the curve.
pub(super) struct Forces {
    a: f32,
    b: f32,
}

impl Forces {
    pub(super) fn new(curve: Curve) -> Self {
        Forces { a: curve.a as f32, b: curve.b as f32 }
    }

    /// The sum of the forces on a point at `here`: of `n_pulls` others that pull, and, from the place
    /// [`TOGETHER`] on, of `n_pushes` that push. Other places do nothing.
    #[inline(always)]
    pub(super) fn all<const D: usize>(
        &self,
        at: &[[f32; D]],
        here: [f32; D],
        others: &[[u32; LANES]],
        n_pulls: usize,
        n_pushes: usize,
    ) -> [f32; D] {
        let mut sums = [[0.0f32; LANES]; D];
        let end = TOGETHER + n_pushes;
        for (chunk, others) in others[..end.div_ceil(LANES)].iter().enumerate() {
            let mut apart = [[0.0f32; LANES]; D];
            for (lane, &other) in others.iter().enumerate() {
                let other = at[other as usize];
                (0..D).for_each(|axis| apart[axis][lane] = here[axis] - other[axis]);
            }
            let mut squared = [0.0f32; LANES];
            for apart in &apart {
                (0..LANES).for_each(|lane| squared[lane] += apart[lane] * apart[lane]);
            }
            let powers = powers(&squared, self.b);
            let mut factors = [0.0f32; LANES];
            for lane in 0..LANES {
                let is_used = chunk * LANES + lane < end;
                let push = self.repulsion(squared[lane], powers[lane]);
                factors[lane] = if is_used { push } else { 0.0 };
            }
            if chunk == 0 {
                for lane in 0..TOGETHER {
                    let pull = self.attraction(squared[lane], powers[lane]);
                    factors[lane] = if lane < n_pulls { pull } else { 0.0 };
                }
            }
            for (sums, apart) in sums.iter_mut().zip(&apart) {
                (0..LANES).for_each(|lane| sums[lane] += clip(factors[lane] * apart[lane]));
            }
        }
        sums.map(|mut sums| {
            (0..4).for_each(|lane| sums[lane] += sums[lane + 4]);
            (sums[0] + sums[2]) + (sums[1] + sums[3])
        })
    }

    /// Factor of the difference of two tied points, negative: they approach. Of their squared
    /// distance and its power; nothing where they are on one spot.
    #[inline(always)]
    fn attraction(&self, squared: f32, power: f32) -> f32 {
        let factor = -2.0 * self.a * self.b * power / (squared * (1.0 + self.a * power));
        if squared > 0.0 { factor } else { 0.0 }
    }

    /// Factor of the difference of two other points, positive: they part. Finite on one spot.
    #[inline(always)]
    fn repulsion(&self, squared: f32, power: f32) -> f32 {
        2.0 * self.b / ((SOFTENING + squared) * (1.0 + self.a * power))
    }
}

/// By plain comparisons, one instruction each.
#[inline(always)]
fn clip(x: f32) -> f32 {
    let x = if x < LONGEST_STEP { x } else { LONGEST_STEP };
    if x > -LONGEST_STEP { x } else { -LONGEST_STEP }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the gradients of the paper's curve, in `f64`.
    #[test]
    fn the_sum_is_that_of_the_gradients() {
        let (a, b) = (1.577f64, 0.895f64);
        let forces = Forces { a: a as f32, b: b as f32 };
        let at: Vec<[f32; 2]> =
            (0..40).map(|i| [(i as f32 * 0.9).sin() * 3.0, (i as f32 * 2.3).cos() * 3.0]).collect();
        let here = [0.4f32, -0.2];
        for (n_pulls, n_pushes) in [(0, 0), (1, 0), (1, 5), (3, 4), (4, 20), (2, 28)] {
            let mut others = vec![[39u32; LANES]; 4];
            for (lane, other) in others.as_flattened_mut().iter_mut().enumerate() {
                *other = lane as u32;
            }
            let found = forces.all(&at, here, &others, n_pulls, n_pushes);
            let of = |other: usize, factor: &dyn Fn(f64) -> f64| -> [f64; 2] {
                let apart: [f64; 2] =
                    std::array::from_fn(|axis| f64::from(here[axis]) - f64::from(at[other][axis]));
                let factor = factor(apart.iter().map(|x| x * x).sum());
                apart.map(|x| (factor * x).clamp(-4.0, 4.0))
            };
            let pull = |d: f64| -2.0 * a * b * d.powf(b - 1.0) / (1.0 + a * d.powf(b));
            let push = |d: f64| 2.0 * b / ((0.001 + d) * (1.0 + a * d.powf(b)));
            let mut all: Vec<[f64; 2]> = (0..n_pulls).map(|other| of(other, &pull)).collect();
            all.extend((TOGETHER..TOGETHER + n_pushes).map(|other| of(other, &push)));
            for axis in 0..2 {
                let expected: f64 = all.iter().map(|force| force[axis]).sum();
                let found = f64::from(found[axis]);
                assert!(
                    (found - expected).abs() < 5e-5,
                    "{n_pulls} {n_pushes}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn points_on_one_spot_exert_nothing_and_no_force_is_endless() {
        let forces = Forces { a: 1.577, b: 0.895 };
        let at = [[1.0f32, 1.0], [1.0, 1.0], [1.0 + 1e-6, 1.0], [1e20, 1.0]];
        let others = [[0, 1, 2, 3, 0, 1, 2, 3]];
        let force = forces.all(&at, at[0], &others, 2, 2);
        assert_eq!(force, [0.0, 0.0]);
        let force = forces.all(&at, at[0], &others, 4, 4);
        assert!(force.iter().all(|x| x.abs() <= 8.0 * LONGEST_STEP), "{force:?}");
    }
}
