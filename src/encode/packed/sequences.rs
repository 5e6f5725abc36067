//! A batch of sequences of unequal length, one behind the other.

use candle_core::{Device, Result, Tensor};

/// Token ids of several sequences, one behind the other, and where each begins.
pub(in crate::encode) struct Packed {
    pub(super) lengths: Vec<usize>,
    /// `n`, as `u32`.
    pub(in crate::encode) ids: Tensor,
    /// Place of every token in its sequence, from 0: `n`, as `u32`.
    pub(in crate::encode) positions: Tensor,
    /// First token of every sequence, and `n` at the end, as `u32`.
    pub(super) starts: Tensor,
    pub(super) longest: usize,
    /// `None` where all sequences are equally long.
    pub(super) padding: Option<Padding>,
}

/// The way from packed rows to padded ones and back.
pub(super) struct Padding {
    /// The token that stands at every place of the padded batch (`b t`). Behind a sequence's
    /// end that is its last token, so that what is computed there stays finite.
    pub(super) take: Tensor,
    /// The padded place of every token (`n`).
    pub(super) keep: Tensor,
    /// Added to scores: 0, or a large negative number behind a sequence's end (`b x 1 x 1 x t`,
    /// `f32`). Finite, so that no row of scores can become NaN.
    pub(super) mask: Tensor,
}

/// What a score behind the end of a sequence becomes; its share is 0 in `f32`.
pub(super) const HIDDEN: f32 = -1e4;

impl Packed {
    /// No sequence may be empty.
    pub(in crate::encode) fn new(batch: &[&[u32]], device: &Device) -> Result<Self> {
        let lengths: Vec<usize> = batch.iter().map(|ids| ids.len()).collect();
        let n: usize = lengths.iter().sum();
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let positions: Vec<u32> = lengths.iter().flat_map(|&length| 0..length as u32).collect();
        let mut starts = vec![0u32];
        let mut end = 0;
        for &length in &lengths {
            end += length as u32;
            starts.push(end);
        }
        let equal = lengths.iter().all(|&length| length == longest);
        Ok(Packed {
            ids: Tensor::from_vec(batch.concat(), n, device)?,
            positions: Tensor::from_vec(positions, n, device)?,
            starts: Tensor::from_vec(starts, lengths.len() + 1, device)?,
            padding: if equal { None } else { Some(Padding::new(&lengths, longest, device)?) },
            lengths,
            longest,
        })
    }

    /// `n x width` rows as `b x t x width`.
    pub(super) fn padded(&self, rows: &Tensor) -> Result<Tensor> {
        let shape = (self.lengths.len(), self.longest, rows.dim(1)?);
        match &self.padding {
            Some(padding) => rows.index_select(&padding.take, 0)?.reshape(shape),
            None => rows.reshape(shape),
        }
    }

    /// `b x t x width` back to `n x width`.
    pub(super) fn unpadded(&self, padded: &Tensor) -> Result<Tensor> {
        let rows = padded.flatten(0, 1)?;
        match &self.padding {
            Some(padding) => rows.index_select(&padding.keep, 0),
            None => Ok(rows),
        }
    }

    /// Token vectors (`n x width`) to one row-major `f32` slice per sequence.
    #[cfg(test)]
    pub(in crate::encode) fn rows(&self, hidden: &Tensor) -> Result<Vec<Vec<f32>>> {
        let hidden = hidden.to_dtype(candle_core::DType::F32)?;
        let mut first = 0;
        let row = |&length: &usize| {
            first += length;
            hidden.narrow(0, first - length, length)?.flatten_all()?.to_vec1()
        };
        self.lengths.iter().map(row).collect()
    }
}

impl Padding {
    fn new(lengths: &[usize], longest: usize, device: &Device) -> Result<Self> {
        let n_places = lengths.len() * longest;
        let (mut take, mut keep) = (Vec::with_capacity(n_places), Vec::new());
        let mut mask = Vec::with_capacity(n_places);
        let mut first = 0;
        for &length in lengths {
            keep.extend((0..length).map(|i| (take.len() + i) as u32));
            take.extend((0..longest).map(|i| (first + i.min(length - 1)) as u32));
            mask.extend((0..longest).map(|i| if i < length { 0.0 } else { HIDDEN }));
            first += length;
        }
        Ok(Padding {
            take: Tensor::from_vec(take, n_places, device)?,
            keep: Tensor::from_vec(keep, first, device)?,
            mask: Tensor::from_vec(mask, (lengths.len(), 1, 1, longest), device)?,
        })
    }
}
