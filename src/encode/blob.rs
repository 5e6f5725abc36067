//! Bytes of a model file, wherever they are.

use std::io;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use crate::mapped_file::{self, Bytes};

/// Bytes that live as long as somebody holds them.
#[derive(Debug, Clone)]
pub(super) enum Blob {
    /// Compiled into the program.
    Static(&'static [u8]),
    /// Pages of a file.
    Mapped(Arc<Bytes>),
}

impl Blob {
    /// Maps a file; an empty one is an empty slice.
    pub(super) fn map(path: &Path) -> io::Result<Blob> {
        mapped_file::map(path).map(|bytes| Blob::Mapped(Arc::new(bytes)))
    }
}

impl From<&'static [u8]> for Blob {
    fn from(bytes: &'static [u8]) -> Self {
        Blob::Static(bytes)
    }
}

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Blob::Static(bytes) => bytes,
            Blob::Mapped(bytes) => bytes,
        }
    }
}
