//! The number formats a weight may be stored in, and decoding them to `f32`.
//!
//! Besides plain floats there are the two formats of the bundled model. Both keep their scales
//! in a second tensor, named as the first with `.scales` at its end:
//!
//! - **int8 rows**: a signed byte per number and one `f32` scale per row of the matrix; a number
//!   is byte times scale.
//! - **4-bit blocks**: every [`BLOCK`] numbers of a row share an `f16` scale; byte `j` of a
//!   block's 16 holds number `j` in its low four bits and number `j + 16` in its high ones; a
//!   number is (bits - 8) times scale. It is the layout known as Q4_0.

use std::ops::Range;

use super::model_bytes::ModelBytes;

/// Numbers that share a scale in 4-bit blocks.
pub(super) const BLOCK: usize = 32;

/// How the numbers of one tensor are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    F32,
    F16,
    Bf16,
    Int8Rows,
    Int4Blocks,
}

impl Storage {
    /// Bytes of a row of `cols` numbers, without its scales.
    pub(super) fn row_bytes(self, cols: usize) -> usize {
        match self {
            Storage::F32 => cols.saturating_mul(4),
            Storage::F16 | Storage::Bf16 => cols.saturating_mul(2),
            Storage::Int8Rows => cols,
            Storage::Int4Blocks => cols / 2,
        }
    }

    /// Bytes of the scales of a row of `cols` numbers.
    pub(super) fn scale_bytes(self, cols: usize) -> usize {
        match self {
            Storage::F32 | Storage::F16 | Storage::Bf16 => 0,
            Storage::Int8Rows => 4,
            Storage::Int4Blocks => 2 * (cols / BLOCK),
        }
    }
}

/// A matrix left in its file; rows are decoded when they are asked for.
#[derive(Debug)]
pub(super) struct Table {
    storage: Storage,
    /// `rows x row_bytes`.
    numbers: ModelBytes,
    /// `rows x scale_bytes`.
    scales: ModelBytes,
    rows: usize,
    cols: usize,
}

impl Table {
    /// `None` where the bytes are not those of `rows x cols` numbers.
    pub(super) fn new(
        storage: Storage,
        numbers: ModelBytes,
        scales: ModelBytes,
        (rows, cols): (usize, usize),
    ) -> Option<Self> {
        let whole = storage != Storage::Int4Blocks || cols.is_multiple_of(BLOCK);
        let fits = rows.checked_mul(storage.row_bytes(cols)) == Some(numbers.len())
            && rows.checked_mul(storage.scale_bytes(cols)) == Some(scales.len());
        (whole && fits).then_some(Table { storage, numbers, scales, rows, cols })
    }

    /// Writes row `row` to `out` (`cols` long).
    ///
    /// # Panics
    /// If there is no such row, or `out` is not as long as one.
    pub(super) fn read_row(&self, row: usize, out: &mut [f32]) {
        assert!(row < self.rows && out.len() == self.cols);
        let numbers = &self.numbers[part(row, self.storage.row_bytes(self.cols))];
        let scales = &self.scales[part(row, self.storage.scale_bytes(self.cols))];
        match self.storage {
            Storage::F32 | Storage::F16 | Storage::Bf16 => {
                decode_floats(self.storage, numbers, out);
            }
            Storage::Int8Rows => {
                let scale = row_scale(scales);
                for (value, &byte) in out.iter_mut().zip(numbers) {
                    *value = f32::from(byte as i8) * scale;
                }
            }
            Storage::Int4Blocks => decode_blocks(numbers, scales, out),
        }
    }

    /// Writes row `row` as signed bytes to `out` (`cols` long) and returns what one step of them
    /// is worth: exactly as stored where it is stored so, else rounded to the largest value.
    ///
    /// # Panics
    /// If there is no such row, or `out` is not as long as one.
    pub(super) fn read_int8_row(&self, row: usize, out: &mut [i8]) -> f32 {
        if self.storage == Storage::Int8Rows {
            assert!(row < self.rows && out.len() == self.cols);
            let numbers = &self.numbers[part(row, self.cols)];
            out.copy_from_slice(bytemuck::cast_slice(numbers));
            return row_scale(&self.scales[part(row, 4)]);
        }
        let mut values = vec![0.0; self.cols];
        self.read_row(row, &mut values);
        round_row(&values, out)
    }

    /// All rows, one behind the other.
    pub(super) fn to_vec(&self) -> Vec<f32> {
        let mut values = vec![0.0; self.rows * self.cols];
        if self.cols > 0 {
            for (row, out) in values.chunks_exact_mut(self.cols).enumerate() {
                self.read_row(row, out);
            }
        }
        values
    }
}

/// The bytes of row `row` where each has `size`.
fn part(row: usize, size: usize) -> Range<usize> {
    row * size..(row + 1) * size
}

fn row_scale(bytes: &[u8]) -> f32 {
    bytes.first_chunk().map_or(0.0, |scale| f32::from_le_bytes(*scale))
}

/// Rounds to multiples of 1/127 of the largest value; returns that step.
fn round_row(values: &[f32], out: &mut [i8]) -> f32 {
    let largest = values.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    for (out, x) in out.iter_mut().zip(values) {
        *out = (x / scale).round() as i8;
    }
    scale
}

fn decode_blocks(numbers: &[u8], scales: &[u8], out: &mut [f32]) {
    let blocks = numbers.as_chunks::<{ BLOCK / 2 }>().0.iter().zip(scales.as_chunks::<2>().0);
    for ((bytes, scale), out) in blocks.zip(out.as_chunks_mut::<BLOCK>().0) {
        let scale = half_to_f32(u16::from_le_bytes(*scale));
        let (low, high) = out.split_at_mut(BLOCK / 2);
        for ((low, high), byte) in low.iter_mut().zip(high).zip(bytes) {
            *low = (f32::from(byte & 15) - 8.0) * scale;
            *high = (f32::from(byte >> 4) - 8.0) * scale;
        }
    }
}

/// Little-endian floats; any other storage counts as `f16`.
fn decode_floats(storage: Storage, bytes: &[u8], out: &mut [f32]) {
    if storage == Storage::F32 {
        for (value, bytes) in out.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *value = f32::from_le_bytes(*bytes);
        }
        return;
    }
    let halves = out.iter_mut().zip(bytes.as_chunks::<2>().0);
    if storage == Storage::Bf16 {
        for (value, bytes) in halves {
            *value = f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16);
        }
    } else {
        for (value, bytes) in halves {
            *value = half_to_f32(u16::from_le_bytes(*bytes));
        }
    }
}

/// An IEEE half as `f32`, exactly, without a branch, so that a loop of it is vectorised: the
/// exponent is moved into place and set right by a product with 2^112, which also brings
/// subnormals into shape; infinity and NaN get the highest exponent back.
#[inline(always)]
fn half_to_f32(half: u16) -> f32 {
    let (sign, rest) = (u32::from(half & 0x8000) << 16, u32::from(half & 0x7FFF) << 13);
    let scaled = (f32::from_bits(rest) * f32::from_bits(0x7780_0000)).to_bits();
    let bits = if rest >= 0x0F80_0000 { rest | 0x7F80_0000 } else { scaled };
    f32::from_bits(bits | sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::test_random::random;

    fn bytes(bytes: &[u8]) -> ModelBytes {
        bytes.to_vec().into()
    }

    #[test]
    fn every_half_is_read_exactly() {
        for bits in 0..=u16::MAX {
            let (found, expected) = (half_to_f32(bits), half::f16::from_bits(bits).to_f32());
            assert!(found == expected || (found.is_nan() && expected.is_nan()), "{bits:#06x}");
            assert_eq!(found.is_sign_negative(), expected.is_sign_negative());
        }
    }

    #[test]
    fn all_float_types_are_read() {
        let mut out = [0.0; 2];
        decode_floats(Storage::F32, &[0, 0, 128, 63, 0, 0, 0, 192], &mut out);
        assert_eq!(out, [1.0, -2.0]);
        decode_floats(Storage::Bf16, &[128, 63, 0, 192], &mut out);
        assert_eq!(out, [1.0, -2.0]);
        decode_floats(Storage::F16, &[0, 60, 0, 192], &mut out);
        assert_eq!(out, [1.0, -2.0]);
    }

    #[test]
    fn every_number_of_a_4_bit_row_is_its_bits_minus_8_times_its_scale() {
        let (rows, cols) = (3, 2 * BLOCK);
        let numbers: Vec<u8> = (0..rows * cols / 2).map(|i| (i * 37 % 256) as u8).collect();
        let scale = |row: usize, block: usize| half::f16::from_f32(0.25 + (row * 2 + block) as f32);
        let scales: Vec<u8> =
            (0..rows * 2).flat_map(|i| scale(i / 2, i % 2).to_le_bytes()).collect();
        let table =
            Table::new(Storage::Int4Blocks, bytes(&numbers), bytes(&scales), (rows, cols)).unwrap();
        let mut out = vec![0.0; cols];
        for row in 0..rows {
            table.read_row(row, &mut out);
            for (col, &found) in out.iter().enumerate() {
                let (block, place) = (col / BLOCK, col % BLOCK);
                let byte = numbers[row * cols / 2 + block * 16 + place % 16];
                let bits = if place < 16 { byte & 15 } else { byte >> 4 };
                let expected = (i32::from(bits) - 8) as f32 * scale(row, block).to_f32();
                assert_eq!(found, expected, "row {row}, column {col}");
            }
        }
    }

    #[test]
    fn int8_rows_come_back_as_stored_and_floats_are_rounded_once() {
        let stored: Vec<u8> = vec![1, 255, 127, 129, 0, 7];
        let scales: Vec<u8> = [0.5f32, 2.0].iter().flat_map(|s| s.to_le_bytes()).collect();
        let table = Table::new(Storage::Int8Rows, bytes(&stored), bytes(&scales), (2, 3)).unwrap();
        assert_eq!(table.to_vec(), [0.5, -0.5, 63.5, -254.0, 0.0, 14.0]);
        let mut row = [0i8; 3];
        assert_eq!(table.read_int8_row(1, &mut row), 2.0);
        assert_eq!(row, [-127, 0, 7]);

        let values = random(40, 3);
        let plain: Vec<u8> = values.iter().flat_map(|x| x.to_le_bytes()).collect();
        let table = Table::new(Storage::F32, bytes(&plain), bytes(&[]), (1, 40)).unwrap();
        let mut row = [0i8; 40];
        let step = table.read_int8_row(0, &mut row);
        for (byte, x) in row.iter().zip(&values) {
            assert!((f32::from(*byte) * step - x).abs() <= 0.5001 * step);
        }
    }

    #[test]
    fn bytes_of_another_size_are_refused() {
        let table = |storage, n: usize, scales: usize, shape| {
            Table::new(storage, bytes(&vec![0; n]), bytes(&vec![0; scales]), shape)
        };
        assert!(table(Storage::F32, 24, 0, (2, 3)).is_some());
        assert!(table(Storage::F32, 23, 0, (2, 3)).is_none());
        assert!(table(Storage::Int8Rows, 6, 4, (2, 3)).is_none());
        assert!(table(Storage::Int4Blocks, 24, 2, (1, 48)).is_none(), "a block and a half");
        assert!(table(Storage::F32, 0, 0, (usize::MAX, usize::MAX)).is_none());
    }
}
