//! Fused attention as an operation of candle: the kernel on a GPU, its reference on the CPU.

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp2, DType, Device, Layout, Result, Shape, WithDType, bail};
use half::{bf16, f16};

use super::attention_reference::{self as reference, FLOATS, HALVES, Tile};
use super::operation::{Fused, HEAD_SIZES};

/// Whether the fused kernel runs on this device, and if not, why.
pub(super) fn check(
    device: &Device,
    dtype: DType,
    head_size: usize,
) -> std::result::Result<(), String> {
    if !HEAD_SIZES.contains(&head_size) {
        return Err(format!("heads of {head_size} places"));
    }
    match device {
        #[cfg(feature = "cuda")]
        Device::Cuda(cuda) => super::kernel::load(cuda, dtype, head_size)
            .map(|_| ())
            .map_err(|error| error.to_string()),
        _ => Err(format!("no kernel for {dtype:?} on this device")),
    }
}

impl CustomOp2 for Fused {
    fn name(&self) -> &'static str {
        "packed-attention"
    }

    fn cpu_fwd(
        &self,
        joined: &CpuStorage,
        joined_layout: &Layout,
        starts: &CpuStorage,
        starts_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let starts = contiguous(starts.as_slice::<u32>()?, starts_layout)?;
        if starts.windows(2).any(|bounds| (bounds[1] - bounds[0]) as usize > self.longest) {
            bail!("a sequence is longer than the {} tokens promised", self.longest);
        }
        let (n, width) = joined_layout.shape().dims2()?;
        let run = Run { starts, n_heads: self.n_heads, width: width / 3 };
        let out = match joined {
            CpuStorage::F32(rows) => {
                run.on(contiguous(rows, joined_layout)?, FLOATS, |x| x, |x| x)?
            }
            CpuStorage::F16(rows) => {
                run.on(contiguous(rows, joined_layout)?, HALVES, f16::to_f32, f16::from_f32)?
            }
            CpuStorage::BF16(rows) => {
                run.on(contiguous(rows, joined_layout)?, HALVES, bf16::to_f32, bf16::from_f32)?
            }
            other => bail!("packed attention is not for {:?}", other.dtype()),
        };
        Ok((out, Shape::from((n, width / 3))))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        joined: &candle_core::CudaStorage,
        joined_layout: &Layout,
        starts: &candle_core::CudaStorage,
        starts_layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::kernel::launch(self, (joined, joined_layout), (starts, starts_layout))
    }
}

/// One call of the reference.
struct Run<'a> {
    starts: &'a [u32],
    n_heads: usize,
    width: usize,
}

impl Run<'_> {
    fn on<T: WithDType>(
        &self,
        rows: &[T],
        tile: Tile,
        to_f32: impl Fn(T) -> f32,
        from_f32: impl Fn(f32) -> T,
    ) -> Result<CpuStorage> {
        let rows: Vec<f32> = rows.iter().map(|&x| to_f32(x)).collect();
        let round = |x| to_f32(from_f32(x));
        let out = reference::attend(&rows, self.starts, self.n_heads, self.width, tile, round);
        let out: Vec<T> = out.into_iter().map(from_f32).collect();
        Ok(T::to_cpu_storage_owned(out))
    }
}

fn contiguous<'a, T>(values: &'a [T], layout: &Layout) -> Result<&'a [T]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&values[start..end]),
        None => bail!("packed attention needs rows that lie one behind the other"),
    }
}
