//! Build script: lists the files of `models/bundled` for `src/encode/bundled.rs`, and with the
//! feature `cuda` compiles the kernels.
//!
//! The list is empty where the feature `bundled-model` is off or no weights are there, so
//! the crate builds without them and says at run time that it has no bundled model.

// A build script speaks to cargo through stdout.
#![allow(clippy::print_stdout)]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "../src/encode/packed/compile.rs"]
mod compile;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = root.join("models/bundled");
    println!("cargo:rerun-if-changed=models/bundle.rs");
    println!("cargo:rerun-if-changed=models/bundled");
    let wanted = env::var_os("CARGO_FEATURE_BUNDLED_MODEL").is_some()
        && folder.join("model.safetensors").is_file();
    let mut files = Vec::new();
    if wanted {
        collect(&folder, &mut files)?;
        files.sort();
    }
    let mut list = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(list, "    ({name:?}, include_bytes!({file:?})),");
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    if env::var_os("CARGO_FEATURE_CUDA").is_some() {
        compile::kernels(&root, &out)?;
    }
    fs::write(out.join("bundled_files.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "json" || e == "safetensors") {
            files.push(path);
        }
    }
    Ok(())
}
