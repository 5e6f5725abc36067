//! Attention by padded matrix products (cuBLAS on a GPU), where the kernel is not to be had.

use candle_core::{D, DType, Result, Tensor};

use super::Packed;

/// See [`Attention::attend`](super::Attention::attend). Scores and their softmax are kept in
/// `f32` whatever the dtype.
pub(super) fn attend(joined: &Tensor, packed: &Packed, n_heads: usize) -> Result<Tensor> {
    let mask = packed.padding.as_ref().map(|padding| &padding.mask);
    packed.unpadded(&attend_padded(&packed.padded(joined)?, mask, n_heads)?)
}

/// The same without a mask or a copy with padding: nothing but products and a softmax.
pub(super) fn attend_one_by_one(
    joined: &Tensor,
    packed: &Packed,
    n_heads: usize,
) -> Result<Tensor> {
    let mut first = 0;
    let one = |&length: &usize| {
        first += length;
        let joined = joined.narrow(0, first - length, length)?.unsqueeze(0)?;
        attend_padded(&joined, None, n_heads)?.squeeze(0)
    };
    let sequences = packed.lengths.iter().filter(|&&length| length > 0);
    Tensor::cat(&sequences.map(one).collect::<Result<Vec<Tensor>>>()?, 0)
}

/// `b x t x 3 width` to `b x t x width`; `mask` hides what is padding.
fn attend_padded(joined: &Tensor, mask: Option<&Tensor>, n_heads: usize) -> Result<Tensor> {
    let (batch, length, width) = joined.dims3()?;
    let size = width / 3 / n_heads;
    let parts = joined.reshape((batch, length, 3, n_heads, size))?;
    let part = |i| parts.narrow(2, i, 1)?.squeeze(2)?.transpose(1, 2)?.contiguous();
    let (query, key, value) = (part(0)?, part(1)?, part(2)?);
    // Scaled before the product, so that half precision does not overflow in it.
    let query = (query * (size as f64).powf(-0.5))?;
    let mut scores = query.matmul(&key.transpose(D::Minus2, D::Minus1)?)?.to_dtype(DType::F32)?;
    if let Some(mask) = mask {
        scores = scores.broadcast_add(mask)?;
    }
    let shares = candle_nn::ops::softmax_last_dim(&scores)?.to_dtype(value.dtype())?;
    let attended = shares.matmul(&value)?.transpose(1, 2)?;
    attended.reshape((batch, length, width / 3))
}
