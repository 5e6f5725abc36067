//! Build script: `attention.cu` to PTX, which every driver turns into code for its own card.
//!
//! Compiled for compute capability 8.0 whatever card is there, because later ones run it too;
//! on earlier ones the kernels do not load and `products.rs` does the work.

use std::env;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles the kernels below `root` into `out/attention.ptx`.
pub fn kernels(root: &Path, out: &Path) -> Result<()> {
    let source = root.join("src/encode/packed/attention.cu");
    println!("cargo:rerun-if-changed={}", source.display());
    for name in ["NVCC", "CUDA_HOME", "CUDA_PATH"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    let nvcc = nvcc();
    let arguments = ["-std=c++17", "-O3", "-arch=compute_80", "--ptx", "-o"];
    let status = Command::new(&nvcc)
        .args(arguments)
        .arg(out.join("attention.ptx"))
        .arg(&source)
        .status()
        .map_err(|error| failed(&nvcc, &error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(&nvcc, &status.to_string())) }
}

fn nvcc() -> PathBuf {
    if let Some(nvcc) = env::var_os("NVCC") {
        return nvcc.into();
    }
    let homes = ["CUDA_HOME", "CUDA_PATH"].into_iter().filter_map(env::var_os);
    let inside = homes.map(|home| Path::new(&home).join("bin/nvcc")).find(|nvcc| nvcc.is_file());
    inside.unwrap_or_else(|| "nvcc".into())
}

fn failed(nvcc: &Path, reason: &str) -> Error {
    let advice = "the feature cuda needs the CUDA toolkit; .ci/cuda-toolchain makes one";
    Error::other(format!("{}: {reason}; {advice}", nvcc.display()))
}
