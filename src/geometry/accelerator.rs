//! Somewhere that multiplies matrices faster than this processor.
//!
//! What comes back only proposes, like all products here: whoever could be nearest, given how
//! wrong a product can be, is measured on this side. So results do not depend on the device.

use super::Matrix;

/// A device with a memory of its own.
pub trait Accelerator: Sync {
    /// For the report, such as `cuda:0`.
    fn name(&self) -> &str;

    /// Takes rows over, to be compared with one set of columns after another.
    ///
    /// # Errors
    /// Why the device would not, such as a lack of memory.
    fn load<'a>(&'a self, rows: &Matrix) -> Result<Box<dyn LoadedRows + 'a>, String>;
}

/// Rows in the memory of a device.
pub trait LoadedRows: Sync {
    /// For every row `x` the two lowest of `offsets[j] - x . columns[j]`, with products in
    /// `f32` as exact as those of [`super::products`]. `columns` is `k x d`, `k` at least 1.
    ///
    /// # Errors
    /// Why the device would not.
    fn two_lowest(&self, columns: &Matrix, offsets: &[f32]) -> Result<Vec<TwoLowest>, String>;
}

/// The lowest of some numbers and the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoLowest {
    /// Place of the lowest; of equal ones any.
    pub at: usize,
    /// The lowest.
    pub least: f32,
    /// The next, infinite where there is one number.
    pub second: f32,
}

impl TwoLowest {
    /// Looks through at least one number that is not NaN.
    pub fn of(numbers: &[f32]) -> TwoLowest {
        let mut found = TwoLowest { at: 0, least: f32::INFINITY, second: f32::INFINITY };
        for (at, &number) in numbers.iter().enumerate() {
            if number < found.least {
                found = TwoLowest { at, least: number, second: found.least };
            } else if number < found.second {
                found.second = number;
            }
        }
        found
    }
}
