//! The weights compiled into the program, where there are any.

/// File name within the model's folder, content. Empty in a build without weights.
pub(super) static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bundled_files.rs"));
