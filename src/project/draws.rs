//! Points drawn at random, the same whoever else draws at the time.

/// Points drawn for the pushes of one point in one epoch, whoever draws for others: SplitMix64 (Steele,
/// Lea and Flood 2014) from a state of their own.
pub(super) struct Draws(u64);

impl Draws {
    pub(super) fn new(seed: u64, epoch: usize, point: usize) -> Self {
        Draws(mix(mix(seed.wrapping_add(epoch as u64)).wrapping_add(point as u64)))
    }

    /// Numbers below `n` (at most 2^32), two of each draw, by multiply and shift; the bias is below
    /// `n / 2^32`.
    #[inline(always)]
    pub(super) fn fill(&mut self, n: usize, numbers: &mut [u32]) {
        let below = |bits: u64| ((bits * n as u64) >> 32) as u32;
        let (pairs, rest) = numbers.as_chunks_mut();
        for [low, high] in pairs {
            let bits = self.next();
            (*low, *high) = (below(bits & 0xffff_ffff), below(bits >> 32));
        }
        rest.iter_mut().for_each(|number| *number = below(self.next() >> 32));
    }

    #[inline(always)]
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
}

#[inline(always)]
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
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
