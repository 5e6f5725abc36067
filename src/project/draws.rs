//! Points drawn at random, the same whoever else draws at the time.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// Points drawn for the pushes of one point in one epoch, whoever draws for others, from a state of their
/// own.
pub(super) struct Draws(SplitMix64);

impl Draws {
    pub(super) fn new(seed: u64, epoch: usize, point: usize) -> Self {
        /// What the generator adds to its state before it makes a number of it.
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = |x: u64| SplitMix64::seed_from_u64(x.wrapping_sub(STEP)).next_u64();
        let of_epoch = mixed(seed.wrapping_add(epoch as u64));
        Draws(SplitMix64::seed_from_u64(mixed(of_epoch.wrapping_add(point as u64))))
    }

    /// Numbers below `n` (at most 2^32), two of each draw, by multiply and shift; the bias is below
    /// `n / 2^32`.
    #[inline(always)]
    pub(super) fn fill(&mut self, n: usize, numbers: &mut [u32]) {
        let below = |bits: u64| ((bits * n as u64) >> 32) as u32;
        let (pairs, rest) = numbers.as_chunks_mut();
        for [low, high] in pairs {
            let bits = self.0.next_u64();
            (*low, *high) = (below(bits & 0xffff_ffff), below(bits >> 32));
        }
        rest.iter_mut().for_each(|number| *number = below(self.0.next_u64() >> 32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_evenly_and_differ_between_points_and_epochs() {
        let draw = |seed, epoch, point| {
            let mut numbers = vec![u32::MAX; 5_001];
            Draws::new(seed, epoch, point).fill(10, &mut numbers);
            numbers
        };
        let numbers = draw(1, 2, 3);
        for number in 0..10 {
            let n = numbers.iter().filter(|&&x| x == number).count();
            assert!((420..580).contains(&n), "{number} came up {n} times");
        }
        for other in [draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4), draw(1, 3, 2)] {
            let n_equal = numbers.iter().zip(&other).filter(|(x, y)| x == y).count();
            assert!((400..600).contains(&n_equal), "{n_equal} of {} alike", other.len());
        }
    }
}
