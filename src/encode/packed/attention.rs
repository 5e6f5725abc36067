//! Which of three ways attention goes.

use candle_core::{DType, Device, Result, Tensor};

use super::operation::Fused;
use super::trial::{self, Trial};
use super::{Packed, fused, products};

/// Attention within each sequence of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::encode) enum Attention {
    /// Our own kernel, on its CPU reference where there is no GPU.
    Fused,
    /// Padded matrix products; more memory and more passes over it, but every device has them.
    Products,
    /// The products of one sequence after the other: neither padding nor masks.
    OneByOne,
}

impl Attention {
    /// All ways, fastest first.
    pub(in crate::encode) const ALL: &[Attention] =
        &[Attention::Fused, Attention::Products, Attention::OneByOne];

    /// The kernel where it can be had, else the products and, on a GPU, why. On a GPU every way is
    /// tried before it is taken ([`Trial`]).
    pub(in crate::encode) fn choose(
        device: &Device,
        dtype: DType,
        head_size: usize,
    ) -> (Self, Option<String>) {
        let missing = fused::check(device, dtype, head_size).err();
        if !device.is_cuda() {
            return (if missing.is_none() { Attention::Fused } else { Attention::Products }, None);
        }
        let ways = if missing.is_none() { Self::ALL } else { &Self::ALL[1..] };
        let missing = missing.map(|why| format!("attention runs without its own kernel: {why}"));
        let trial = Trial::new(device, dtype, head_size);
        let run = |way: Attention| {
            let trial = trial
                .as_ref()
                .map_err(|error| candle_core::Error::msg(trial::first_line(error)))?;
            trial.difference(|joined, packed, n_heads| way.attend(joined, packed, n_heads))
        };
        let (chosen, wrong) = Self::sound(ways, trial::allowed(dtype), run);
        let notes: Vec<String> = missing.into_iter().chain(wrong).collect();
        (chosen, (!notes.is_empty()).then(|| notes.join("; ")))
    }

    /// The first of `ways` that gives right numbers, and a note on those before it.
    pub(super) fn sound(
        ways: &[Attention],
        allowed: f64,
        difference: impl Fn(Attention) -> Result<f64>,
    ) -> (Attention, Option<String>) {
        let Some((chosen, wrong)) = trial::first_sound(ways, allowed, difference) else {
            return (Attention::Products, None);
        };
        if wrong.is_empty() {
            return (chosen, None);
        }
        let told: Vec<String> =
            wrong.iter().map(|(way, why)| format!("{} ({why})", way.name())).collect();
        let outcome = match wrong.len() == ways.len() {
            true => "and no way is left: use --device cpu".to_string(),
            false => format!("{} are used instead", chosen.name()),
        };
        let note = format!(
            "this GPU does not compute attention rightly by {}; {outcome}; please report this \
             with what `rolecluster doctor --device cuda` prints",
            told.join(" and ")
        );
        (chosen, Some(note))
    }

    /// In messages.
    pub(in crate::encode) fn name(self) -> &'static str {
        match self {
            Attention::Fused => "the fused kernel",
            Attention::Products => "padded products",
            Attention::OneByOne => "products of single sequences",
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
            Attention::OneByOne => products::attend_one_by_one(joined, packed, n_heads),
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
            Attention::Products | Attention::OneByOne => {
                n_heads * longest * 2 * (4 + dtype.size_in_bytes())
            }
        }
    }
}
