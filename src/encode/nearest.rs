//! Nearest columns of many rows, computed on a GPU: the product at the heart of k-means.

use candle_core::{D, Device, Tensor};

use super::device::OpenedDevice;
use crate::geometry::{Matrix, TwoLowest};

/// Scores held at a time: 256 MiB, and as much again to look for the second.
const MOST_SCORES: usize = 1 << 26;

impl OpenedDevice {
    /// Copies rows (`n x d`) to the device, to be compared with one set of columns after another.
    ///
    /// # Errors
    /// Why the device refuses, such as a lack of memory.
    pub fn load_rows(&self, rows: &Matrix) -> Result<DeviceRows<'_>, String> {
        let loaded = tensor(rows, self.candle()).map_err(told)?;
        Ok(DeviceRows { device: self.candle(), rows: loaded, most_scores: MOST_SCORES })
    }
}

/// Rows in the memory of a device.
#[derive(Debug)]
pub struct DeviceRows<'a> {
    device: &'a Device,
    /// `n x d`.
    rows: Tensor,
    most_scores: usize,
}

impl DeviceRows<'_> {
    /// For every row `x` the two lowest of `offsets[j] - x . columns[j]`, with products in
    /// `f32` as exact as those of [`crate::geometry::products`]. `columns` is `k x d`, `k` at
    /// least 1. Sums are added in another order than on the CPU, so equal inputs may differ in
    /// the last bits: callers decide close calls in `f64` themselves.
    ///
    /// # Errors
    /// Why the device refuses.
    pub fn two_lowest(&self, columns: &Matrix, offsets: &[f32]) -> Result<Vec<TwoLowest>, String> {
        self.in_blocks(columns, offsets).map_err(told)
    }

    fn in_blocks(&self, columns: &Matrix, offsets: &[f32]) -> candle_core::Result<Vec<TwoLowest>> {
        let (n, k) = (self.rows.dim(0)?, columns.rows());
        let transposed = tensor(columns, self.device)?.t()?;
        let offsets = Tensor::from_slice(offsets, (1, k), self.device)?;
        let numbers = Tensor::arange(0, k as u32, self.device)?.reshape((1, k))?;
        let block = (self.most_scores / k.max(1)).max(1);
        let mut found = Vec::with_capacity(n);
        for start in (0..n).step_by(block) {
            let rows = self.rows.narrow(0, start, block.min(n - start))?;
            let scores = offsets.broadcast_sub(&rows.matmul(&transposed)?)?;
            let at = scores.argmin_keepdim(D::Minus1)?;
            let least = scores.gather(&at, D::Minus1)?;
            let others = numbers.broadcast_ne(&at)?;
            let infinite = Tensor::full(f32::INFINITY, scores.shape(), self.device)?;
            let second = others.where_cond(&scores, &infinite)?.min(D::Minus1)?;
            let at = at.flatten_all()?.to_vec1::<u32>()?.into_iter();
            let least = least.flatten_all()?.to_vec1::<f32>()?;
            let lowest = at.zip(least).zip(second.to_vec1::<f32>()?);
            found.extend(lowest.map(|((at, least), second)| TwoLowest {
                at: at as usize,
                least,
                second,
            }));
        }
        Ok(found)
    }
}

fn tensor(rows: &Matrix, device: &Device) -> candle_core::Result<Tensor> {
    Tensor::from_slice(rows.as_slice(), (rows.rows(), rows.cols()), device)
}

/// Without the trace, which is for other readers.
fn told(error: candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or("unknown reason").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::DeviceChoice;
    use crate::encode::test_random::random;
    use crate::geometry::{products, squared_length};

    #[test]
    fn scores_are_those_of_this_processor_in_blocks_of_any_size() {
        let device = DeviceChoice::Auto.open().unwrap();
        for (n, d, k) in [(1, 1, 1), (40, 24, 7), (301, 48, 20)] {
            let rows = Matrix::new(n, d, random(n * d, 1)).unwrap();
            let columns = Matrix::new(k, d, random(k * d, 2)).unwrap();
            let offsets: Vec<f32> =
                columns.iter_rows().map(|c| (squared_length(c) / 2.0) as f32).collect();
            let mut scores = vec![0.0; n * k];
            products(rows.as_slice(), columns.as_slice(), d, &mut scores);
            for scores in scores.chunks_exact_mut(k) {
                scores
                    .iter_mut()
                    .zip(&offsets)
                    .for_each(|(score, offset)| *score = offset - *score);
            }
            for most_scores in [1, 3 * k, MOST_SCORES] {
                let loaded = tensor(&rows, device.candle()).unwrap();
                let on_device = DeviceRows { device: device.candle(), rows: loaded, most_scores };
                let found = on_device.two_lowest(&columns, &offsets).unwrap();
                assert_eq!(found.len(), n);
                for (found, scores) in found.iter().zip(scores.chunks_exact(k)) {
                    let expected = TwoLowest::of(scores);
                    assert_eq!(found.at, expected.at);
                    assert!((found.least - expected.least).abs() < 1e-5);
                    assert!(
                        found.second == expected.second
                            || (found.second - expected.second).abs() < 1e-5
                    );
                }
            }
        }
    }

    #[test]
    fn rows_that_do_not_fit_together_are_an_error() {
        let device = DeviceChoice::Cpu.open().unwrap();
        let rows = device.load_rows(&Matrix::zeros(3, 4)).unwrap();
        assert!(rows.two_lowest(&Matrix::zeros(2, 5), &[0.0, 0.0]).is_err());
    }
}
