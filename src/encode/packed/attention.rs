//! Which of the two ways attention goes.

use candle_core::{DType, Device, Result, Tensor};

use super::fused;
use super::operation::Fused;
use super::{Packed, products};

/// Attention within each sequence of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::encode) enum Attention {
    /// Our own kernel, on its CPU reference where there is no GPU.
    Fused,
    /// Padded matrix products; more memory and more passes over it, but every device has them.
    Products,
}

impl Attention {
    /// The kernel where it can be had, else the products and, on a GPU, why.
    pub(in crate::encode) fn choose(
        device: &Device,
        dtype: DType,
        head_size: usize,
    ) -> (Self, Option<String>) {
        match fused::check(device, dtype, head_size) {
            Ok(()) => (Attention::Fused, None),
            Err(reason) => {
                let note = format!("attention runs without its own kernel: {reason}");
                (Attention::Products, device.is_cuda().then_some(note))
            }
        }
    }

    /// `joined` holds query, key and value of every token side by side (`n x 3 width`, heads
    /// side by side within each); the result is `n x width`.
    pub(in crate::encode) fn attend(
        self,
        joined: &Tensor,
        packed: &Packed,
        n_heads: usize,
    ) -> Result<Tensor> {
        match self {
            Attention::Fused => {
                let op = Fused { n_heads, longest: packed.longest };
                joined.contiguous()?.apply_op2_no_bwd(&packed.starts, &op)
            }
            Attention::Products => products::attend(joined, packed, n_heads),
        }
    }

    /// Device memory for the scores of one token of a sequence, in bytes: twice in `f32`
    /// (before and after softmax) and twice in the type of the values.
    pub(in crate::encode) fn score_bytes(
        self,
        n_heads: usize,
        longest: usize,
        dtype: DType,
    ) -> usize {
        match self {
            Attention::Fused => 0,
            Attention::Products => n_heads * longest * 2 * (4 + dtype.size_in_bytes()),
        }
    }
}
