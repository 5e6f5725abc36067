//! Loads and launches the kernels of `attention.cu`. The one place that hands pointers to a GPU.

use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::{
    CudaFunction, DeviceRepr, LaunchConfig, PushKernelArg,
};
use candle_core::cuda_backend::{CudaDType, CudaDevice, WrapErr};
use candle_core::{CudaStorage, DType, Layout, Result, Shape, WithDType, bail};
use half::{bf16, f16};

use super::attention_reference::{FLOATS, HALVES, Tile, factor};
use super::operation::Fused;

/// Made by `compile.rs`.
const PTX: &str = include_str!(concat!(env!("OUT_DIR"), "/attention.ptx"));

/// `THREADS` of the kernel.
const THREADS: u32 = 128;

/// Rows are read sixteen bytes at a time.
const ALIGNED: usize = 16;

/// The kernel for this type and size of a head.
pub(super) fn load(device: &CudaDevice, dtype: DType, head_size: usize) -> Result<CudaFunction> {
    let dtype = match dtype {
        DType::F16 => "f16",
        DType::BF16 => "bf16",
        DType::F32 => "f32",
        other => bail!("no attention kernel for {other:?}"),
    };
    let name = format!("attend_{dtype}_{head_size}");
    let function = device.get_or_load_custom_func(&name, "rolecluster-attention", PTX)?;
    Ok(function.into_cuda_function())
}

/// See [`Fused`].
pub(super) fn launch(
    op: &Fused,
    joined: (&CudaStorage, &Layout),
    starts: (&CudaStorage, &Layout),
) -> Result<(CudaStorage, Shape)> {
    match joined.0.dtype() {
        DType::F16 => run::<f16>(op, HALVES, joined, starts),
        DType::BF16 => run::<bf16>(op, HALVES, joined, starts),
        _ => run::<f32>(op, FLOATS, joined, starts),
    }
}

fn run<T: CudaDType + DeviceRepr + WithDType>(
    op: &Fused,
    tile: Tile,
    (joined, joined_layout): (&CudaStorage, &Layout),
    (starts, starts_layout): (&CudaStorage, &Layout),
) -> Result<(CudaStorage, Shape)> {
    let (n, width) = joined_layout.shape().dims2()?;
    let width = width / 3;
    let n_sequences = starts_layout.shape().dims1()?.saturating_sub(1);
    let device = joined.device();
    let kernel = load(device, T::DTYPE, width / op.n_heads)?;
    let (Some((start, end)), Some((first, last))) =
        (joined_layout.contiguous_offsets(), starts_layout.contiguous_offsets())
    else {
        bail!("packed attention needs rows that lie one behind the other");
    };
    if !(start * size_of::<T>()).is_multiple_of(ALIGNED) {
        bail!("packed attention needs rows that begin at a multiple of {ALIGNED} bytes");
    }
    let rows = joined.as_cuda_slice::<T>()?.slice(start..end);
    let starts = starts.as_cuda_slice::<u32>()?.slice(first..last);
    // SAFETY: nothing reads it before the kernel has written it, and the kernel writes every
    // row, because every token belongs to a sequence.
    #[allow(unsafe_code)]
    let out = unsafe { device.alloc::<T>(n * width)? };
    let (width_of_kernel, factor) = (width as i32, factor(width / op.n_heads));
    let tiles = op.longest.div_ceil(tile.queries) as u32;
    let config = LaunchConfig {
        grid_dim: (tiles, op.n_heads as u32, n_sequences as u32),
        block_dim: (THREADS, 1, 1),
        shared_mem_bytes: 0,
    };
    let stream = device.cuda_stream();
    let mut builder = stream.launch_builder(&kernel);
    builder.arg(&rows).arg(&starts).arg(&out).arg(&width_of_kernel).arg(&factor);
    // SAFETY: the arguments are those of the kernel in number, order and type; `starts` rises
    // from 0 to `n` (`Packed` made it), so every row that is read or written is among the `n`.
    #[allow(unsafe_code)]
    unsafe { builder.launch(config) }.w()?;
    Ok((CudaStorage::wrap_cuda_slice(out, device.clone()), Shape::from((n, width))))
}
