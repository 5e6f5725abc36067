//! Reproducible pseudo-random numbers for tests (xorshift64).

/// A generator with a seed.
pub(super) struct Xorshift(u64);

impl Xorshift {
    pub fn new(seed: u64) -> Self {
        Xorshift(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }
}

/// `n` numbers in [-1, 1) from a seed.
pub(super) fn random(n: usize, seed: u64) -> Vec<f32> {
    let mut numbers = Xorshift::new(seed);
    (0..n).map(|_| (numbers.next() >> 40) as f32 / (1u64 << 23) as f32 - 1.0).collect()
}
