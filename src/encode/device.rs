//! Where to compute and in which arithmetic.

use std::fmt;
use std::str::FromStr;

use candle_core::Device;
use strum::{Display, EnumString, VariantNames};

use super::EncodeError;

/// What the user asked for: `auto`, `cpu`, `cuda` or `cuda:N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeviceChoice {
    /// The first GPU where there is one, else the CPU, saying why.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// GPU number `N`; an error where it cannot be had, never a silent CPU run.
    Cuda(usize),
}

impl FromStr for DeviceChoice {
    type Err = EncodeError;

    fn from_str(text: &str) -> Result<Self, EncodeError> {
        let unknown = || EncodeError::UnknownDevice { found: text.to_string() };
        match text {
            "auto" => Ok(DeviceChoice::Auto),
            "cpu" => Ok(DeviceChoice::Cpu),
            "cuda" => Ok(DeviceChoice::Cuda(0)),
            other => {
                let number = other.strip_prefix("cuda:").ok_or_else(unknown)?;
                number.parse().map(DeviceChoice::Cuda).map_err(|_| unknown())
            }
        }
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeviceChoice::Auto => f.write_str("auto"),
            DeviceChoice::Cpu => f.write_str("cpu"),
            DeviceChoice::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

impl DeviceChoice {
    /// Opens the device.
    ///
    /// # Errors
    /// When a GPU was asked for by name and cannot be had.
    pub fn open(self) -> Result<OpenedDevice, EncodeError> {
        let cpu = |note| OpenedDevice { device: Device::Cpu, name: "cpu".to_string(), note };
        match self {
            DeviceChoice::Cpu => Ok(cpu(None)),
            DeviceChoice::Cuda(number) => {
                open_cuda(number).map_err(|reason| EncodeError::NoCuda { number, reason })
            }
            DeviceChoice::Auto => Ok(match open_cuda(0) {
                Ok(device) => device,
                Err(reason) => cpu(Some(format!("running on the CPU: {reason}"))),
            }),
        }
    }
}

/// A device ready to compute on.
#[derive(Debug, Clone)]
pub struct OpenedDevice {
    device: Device,
    name: String,
    note: Option<String>,
}

impl OpenedDevice {
    /// `cpu` or `cuda:N`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it is this one, when the user left the choice open.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Whether it is a GPU.
    pub fn is_gpu(&self) -> bool {
        !matches!(self.candle(), Device::Cpu)
    }

    pub(super) fn candle(&self) -> &Device {
        &self.device
    }

    /// Bytes of its memory that nobody uses; `None` where that is not the device's own.
    pub(super) fn free_memory(&self) -> Option<usize> {
        free_memory(&self.device)
    }
}

/// Whether a computation failed for want of device memory: the driver's word for it, cuBLAS's,
/// and cuBLAS's when it cannot set up its workspace.
pub(super) fn is_out_of_memory(error: &candle_core::Error) -> bool {
    const SIGNS: [&str; 3] = ["OUT_OF_MEMORY", "out of memory", "ALLOC_FAILED"];
    let text = error.to_string();
    SIGNS.iter().any(|sign| text.contains(sign))
}

#[cfg(feature = "cuda")]
fn free_memory(device: &Device) -> Option<usize> {
    let stream = device.as_cuda_device().ok()?.cuda_stream();
    stream.context().mem_get_info().ok().map(|(free, _)| free)
}

#[cfg(not(feature = "cuda"))]
fn free_memory(_device: &Device) -> Option<usize> {
    None
}

#[cfg(feature = "cuda")]
fn open_cuda(number: usize) -> Result<OpenedDevice, String> {
    let device = Device::new_cuda(number).map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or("unknown reason").to_string();
        format!("GPU {number} cannot be opened ({first})")
    })?;
    Ok(OpenedDevice { device, name: format!("cuda:{number}"), note: None })
}

#[cfg(not(feature = "cuda"))]
fn open_cuda(_number: usize) -> Result<OpenedDevice, String> {
    Err("this build has no CUDA support".to_string())
}

/// The arithmetic vectors are computed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase")]
#[strum(parse_err_ty = EncodeError, parse_err_fn = unknown_dtype)]
pub enum Dtype {
    /// `int8` on the CPU for a model stored so, else `f32`.
    #[default]
    Auto,
    /// 32-bit floats.
    F32,
    /// 16-bit IEEE floats.
    F16,
    /// bfloat16.
    Bf16,
    /// 8-bit products with 32-bit sums, for the BERT family on the CPU: about three times as
    /// fast as `f32`, at a small loss of precision.
    Int8,
}

impl Dtype {
    /// The arithmetic itself: never [`Dtype::Auto`].
    pub(super) fn resolve(self, device: &OpenedDevice, is_stored_as_int8: bool) -> Dtype {
        match self {
            Dtype::Auto if is_stored_as_int8 && device.candle().is_cpu() => Dtype::Int8,
            Dtype::Auto => Dtype::F32,
            other => other,
        }
    }
}

fn unknown_dtype(name: &str) -> EncodeError {
    EncodeError::UnknownDtype { found: name.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for text in ["auto", "cpu", "cuda:0", "cuda:3"] {
            assert_eq!(text.parse::<DeviceChoice>().unwrap().to_string(), text);
        }
        assert_eq!("cuda".parse::<DeviceChoice>().unwrap(), DeviceChoice::Cuda(0));
        for text in ["", "gpu", "cuda:", "cuda:-1", "CPU"] {
            assert!(text.parse::<DeviceChoice>().is_err(), "{text}");
        }
        for text in ["auto", "f32", "f16", "bf16", "int8"] {
            assert_eq!(text.parse::<Dtype>().unwrap().to_string(), text);
        }
        assert!("f64".parse::<Dtype>().is_err());
    }

    #[test]
    fn only_a_lack_of_memory_counts_as_one() {
        let is_full = |text: &str| is_out_of_memory(&candle_core::Error::msg(text));
        assert!(is_full(r#"DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")"#));
        assert!(is_full("CublasError(CUBLAS_STATUS_ALLOC_FAILED)"));
        assert!(!is_full(r#"DriverError(CUDA_ERROR_ILLEGAL_ADDRESS, "an illegal address")"#));
        assert!(!is_full("shape mismatch"));
    }

    #[test]
    fn a_missing_gpu_is_an_error_when_named_and_a_note_when_not() {
        assert_eq!(DeviceChoice::Cpu.open().unwrap().note(), None);
        if let Err(error) = DeviceChoice::Cuda(99).open() {
            assert!(error.to_string().contains("cuda:99"), "{error}");
        } else {
            panic!("GPU 99 opened");
        }
        let device = DeviceChoice::Auto.open().unwrap();
        assert_eq!(device.name() == "cpu", device.note().is_some());
    }
}
