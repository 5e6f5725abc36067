//! Which windows are computed together, and how they are padded where they must be.

use candle_core::{DType, Device, Result, Tensor};

/// Groups sequences of like length, longest first, so that `count x longest <= budget`.
///
/// The longest come first so that a batch too large for memory shows itself at once, and so
/// that threads finish together. A sequence longer than the budget is a batch of its own.
/// Returns indices into `lengths`; every index comes exactly once.
pub(super) fn plan(lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(lengths[i]), i));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for i in order {
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * lengths[batch[0]].max(1) <= budget => batch.push(i),
            _ => batches.push(vec![i]),
        }
    }
    batches
}

/// Token ids as a `b x t` tensor, short rows filled up with `filler` on the right.
pub(super) fn padded_ids(batch: &[&[u32]], filler: u32, device: &Device) -> Result<Tensor> {
    let longest = batch.iter().map(|ids| ids.len()).max().unwrap_or(0);
    let mut flat = Vec::with_capacity(batch.len() * longest);
    for ids in batch {
        flat.extend_from_slice(ids);
        flat.resize(flat.len() + longest - ids.len(), filler);
    }
    Tensor::from_vec(flat, (batch.len(), longest), device)
}

/// Splits a batch of token vectors (`b x t x width`, any dtype, any device) into one row-major
/// `f32` slice per sequence, padding left out.
pub(super) fn unpadded(hidden: &Tensor, lengths: &[usize]) -> Result<Vec<Vec<f32>>> {
    let hidden = hidden.to_dtype(DType::F32)?;
    let row = |(i, &length): (usize, &usize)| {
        hidden.get(i)?.narrow(0, 0, length)?.flatten_all()?.to_vec1::<f32>()
    };
    lengths.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_once_and_never_over_budget() {
        let lengths: Vec<usize> = (0..200).map(|i| (i * 37) % 90 + 1).collect();
        let batches = plan(&lengths, 256);
        let mut seen: Vec<usize> = batches.concat();
        seen.sort_unstable();
        assert_eq!(seen, (0..200).collect::<Vec<_>>());
        for batch in &batches {
            let longest = batch.iter().map(|&i| lengths[i]).max().unwrap();
            assert!(batch.len() == 1 || batch.len() * longest <= 256);
        }
        let padding: usize = batches
            .iter()
            .map(|b| b.iter().map(|&i| lengths[b[0]] - lengths[i]).sum::<usize>())
            .sum();
        let total: usize = lengths.iter().sum();
        assert!(padding * 20 < total, "{padding} of {total}");
    }

    #[test]
    fn a_sequence_over_budget_is_alone() {
        assert_eq!(plan(&[5, 300, 4], 100), vec![vec![1], vec![0, 2]]);
        assert!(plan(&[], 100).is_empty());
    }

    #[test]
    fn padding_comes_and_goes() {
        let batch: [&[u32]; 2] = [&[1, 2, 3], &[4]];
        let ids = padded_ids(&batch, 9, &Device::Cpu).unwrap();
        assert_eq!(ids.to_vec2::<u32>().unwrap(), [[1, 2, 3], [4, 9, 9]]);
        let hidden = ids.to_dtype(DType::F16).unwrap().unsqueeze(2).unwrap();
        let rows = unpadded(&hidden, &[3, 1]).unwrap();
        assert_eq!(rows, vec![vec![1.0, 2.0, 3.0], vec![4.0]]);
    }
}
