//! What a device is asked before somebody relies on it: whether attention is right on it.

use candle_core::DType;

use super::device::{Dtype, OpenedDevice};
use super::packed::{self, Attention, Trial};

/// Places in a head of the models in use.
const HEAD_SIZES: [usize; 3] = [32, 64, 128];

/// How one way to compute attention did on a device.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionCheck {
    /// Its arithmetic.
    pub dtype: Dtype,
    /// Places in a head.
    pub head_size: usize,
    /// The way, in words.
    pub way: &'static str,
    /// Largest difference from what the processor computes, or why there is none.
    pub difference: Result<f64, String>,
    /// What rounding explains.
    pub allowed: f64,
}

impl OpenedDevice {
    /// Every way to compute attention, in every arithmetic and for every size of a head, on a few
    /// sequences of unequal length. On the CPU the fused kernel is its reference in Rust.
    pub fn check_attention(&self) -> Vec<AttentionCheck> {
        let mut checks = Vec::new();
        for dtype in [Dtype::F32, Dtype::F16, Dtype::Bf16] {
            for head_size in HEAD_SIZES {
                let of_candle = candle_dtype(dtype);
                let trial = Trial::new(self.candle(), of_candle, head_size);
                for &way in Attention::ALL {
                    let run = |trial: &Trial| {
                        trial.difference(|joined, packed, heads| way.attend(joined, packed, heads))
                    };
                    let told = |error: &candle_core::Error| packed::first_line(error);
                    let found = trial.as_ref().map_err(told);
                    checks.push(AttentionCheck {
                        dtype,
                        head_size,
                        way: way.name(),
                        difference: found.and_then(|trial| run(trial).map_err(|e| told(&e))),
                        allowed: packed::allowed(of_candle),
                    });
                }
            }
        }
        checks
    }
}

/// The type of candle for one of the arithmetics on floats.
pub(super) fn candle_dtype(dtype: Dtype) -> DType {
    match dtype {
        Dtype::F16 => DType::F16,
        Dtype::Bf16 => DType::BF16,
        Dtype::F32 | Dtype::Auto | Dtype::Int8 => DType::F32,
    }
}
