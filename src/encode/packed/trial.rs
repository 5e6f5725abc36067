//! A trial of attention on a device: a few sequences of unequal length, computed every way, against
//! the numbers that this processor gives.
//!
//! A kernel may be compiled wrongly, a driver may have a fault, a card may be of a kind on which
//! nothing was tried. So before a model runs on a GPU, it is tried there, which takes some
//! milliseconds.

use candle_core::{DType, Device, Result, Tensor};

use super::Packed;
use super::attention_reference::{FLOATS, attend};

/// One token, less than a tile, a tile, one more, several tiles.
const LENGTHS: [usize; 6] = [1, 31, 64, 65, 2, 130];
const N_HEADS: usize = 2;

/// Largest difference between two sound ways, of numbers between -1 and 1: what rounding costs.
pub(in crate::encode) fn allowed(dtype: DType) -> f64 {
    match dtype {
        DType::F16 => 4e-3,
        DType::BF16 => 3.2e-2,
        _ => 1e-4,
    }
}

/// Sequences on a device, and what attention within them must give.
pub(in crate::encode) struct Trial {
    joined: Tensor,
    packed: Packed,
    expected: Vec<f32>,
}

impl Trial {
    /// # Errors
    /// When the device does not even copy numbers.
    pub(in crate::encode) fn new(device: &Device, dtype: DType, head_size: usize) -> Result<Self> {
        let width = N_HEADS * head_size;
        let ids: Vec<Vec<u32>> = LENGTHS.iter().map(|&length| vec![0; length]).collect();
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        let n: usize = LENGTHS.iter().sum();
        let rows = Tensor::from_vec(numbers(n * 3 * width), (n, 3 * width), &Device::Cpu)?;
        let rounded = rows.to_dtype(dtype)?;
        let exact = on_host(&rounded)?;
        let mut starts = vec![0u32];
        LENGTHS.iter().for_each(|&length| starts.push(starts[starts.len() - 1] + length as u32));
        Ok(Trial {
            expected: attend(&exact, &starts, N_HEADS, width, FLOATS, |share| share),
            joined: rounded.to_device(device)?,
            packed: Packed::new(&ids, device)?,
        })
    }

    /// How far the numbers that `run` gives for rows, batch and heads are from the right ones.
    ///
    /// # Errors
    /// When it fails.
    pub(in crate::encode) fn difference(
        &self,
        run: impl Fn(&Tensor, &Packed, usize) -> Result<Tensor>,
    ) -> Result<f64> {
        let found = on_host(&run(&self.joined, &self.packed, N_HEADS)?)?;
        if found.len() != self.expected.len() {
            return Ok(f64::INFINITY);
        }
        let pairs = found.iter().zip(&self.expected);
        // What is no number is as wrong as can be.
        let apart = |(x, y): (&f32, &f32)| match x.is_finite() {
            true => f64::from((x - y).abs()),
            false => f64::INFINITY,
        };
        Ok(pairs.map(apart).fold(0.0, f64::max))
    }
}

/// The first of `ways` whose numbers are within what is allowed, and what is wrong with those
/// before it. The last is taken whatever it gives.
pub(super) fn first_sound<W: Copy>(
    ways: &[W],
    allowed: f64,
    difference: impl Fn(W) -> Result<f64>,
) -> Option<(W, Vec<(W, String)>)> {
    let mut wrong = Vec::new();
    for &way in ways {
        match difference(way) {
            Ok(found) if found <= allowed => return Some((way, wrong)),
            Ok(found) => wrong.push((way, format!("its numbers are off by {found:.1e}"))),
            Err(error) => wrong.push((way, first_line(&error))),
        }
    }
    ways.last().map(|&last| (last, wrong))
}

/// Without the trace, which is for other readers.
pub(in crate::encode) fn first_line(error: &candle_core::Error) -> String {
    error.to_string().lines().next().unwrap_or("unknown reason").to_string()
}

fn on_host(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.to_device(&Device::Cpu)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
}

/// Numbers between -1 and 1 without a pattern that a fault could hide in.
fn numbers(n: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next()).collect()
}
