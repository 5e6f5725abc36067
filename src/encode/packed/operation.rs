//! Attention over packed sequences, as candle is asked for it.

/// Sizes of a head the kernel is compiled for.
pub(super) const HEAD_SIZES: [usize; 3] = [32, 64, 128];

/// Takes `joined` (`n x 3 width`) and `starts` (`u32`); gives `n x width`.
pub(super) struct Fused {
    pub(super) n_heads: usize,
    /// Length of the longest sequence.
    pub(super) longest: usize,
}
