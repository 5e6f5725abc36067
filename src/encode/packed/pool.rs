//! Pooling where the token vectors are, so that only one row per sequence leaves the device.

use candle_core::{D, DType, Result, Tensor};

use super::sequences::Packed;
use crate::encode::pooling::Pooling;

/// Pools token vectors (`n x width`, any dtype) into one `f32` row per sequence, the poolings
/// laid end to end. Sums run in `f32`.
pub(in crate::encode) fn pool(
    hidden: &Tensor,
    packed: &Packed,
    poolings: &[Pooling],
) -> Result<Tensor> {
    let parts: Result<Vec<Tensor>> =
        poolings.iter().map(|&pooling| one(hidden, packed, pooling)).collect();
    Tensor::cat(&parts?, D::Minus1)
}

fn one(hidden: &Tensor, packed: &Packed, pooling: Pooling) -> Result<Tensor> {
    let n_sequences = packed.lengths.len();
    let rows_at = |place: &dyn Fn(usize, usize) -> usize| -> Result<Tensor> {
        let mut first = 0;
        let mut rows = Vec::with_capacity(n_sequences);
        for &length in &packed.lengths {
            rows.push(place(first, length) as u32);
            first += length;
        }
        let rows = Tensor::from_vec(rows, n_sequences, hidden.device())?;
        hidden.index_select(&rows, 0)?.to_dtype(DType::F32)
    };
    match pooling {
        Pooling::Cls => rows_at(&|first, _| first),
        Pooling::Last => rows_at(&|first, length| first + length - 1),
        // What stands behind a sequence's end is its last token, which the maximum has seen.
        Pooling::Max => packed.padded(hidden)?.to_dtype(DType::F32)?.max(1),
        Pooling::Mean => weighted(hidden, packed, &|_, n| 1.0 / n),
        Pooling::MeanSqrtLen => weighted(hidden, packed, &|_, n| 1.0 / n.sqrt()),
        Pooling::WeightedMean => {
            weighted(hidden, packed, &|i, n| (i + 1) as f64 / (n * (n + 1.0) / 2.0))
        }
    }
}

/// The sum over each sequence's tokens with weights `weight(place, length)`: one small product
/// per sequence.
fn weighted(
    hidden: &Tensor,
    packed: &Packed,
    weight: &dyn Fn(usize, f64) -> f64,
) -> Result<Tensor> {
    let (n_sequences, longest) = (packed.lengths.len(), packed.longest);
    let mut weights = Vec::with_capacity(n_sequences * longest);
    for &length in &packed.lengths {
        weights.extend((0..length).map(|i| weight(i, length as f64) as f32));
        weights.resize(weights.len() + longest - length, 0.0);
    }
    let weights = Tensor::from_vec(weights, (n_sequences, 1, longest), hidden.device())?;
    weights.matmul(&packed.padded(hidden)?.to_dtype(DType::F32)?)?.squeeze(1)
}
