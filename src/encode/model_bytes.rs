//! Bytes of a model file, or a part of them, wherever they are stored.

use std::io;
use std::ops::{Deref, Range};
use std::path::Path;
use std::sync::Arc;

use crate::mapped_file::{self, Bytes};

/// A range of bytes that stays valid as long as somebody holds it. Cheap to clone and to slice;
/// nothing is copied.
#[derive(Debug, Clone)]
pub(super) struct ModelBytes {
    storage: Storage,
    range: Range<usize>,
}

#[derive(Debug, Clone)]
enum Storage {
    /// Compiled into the program.
    Static(&'static [u8]),
    /// Pages of a file, or memory of this process.
    Shared(Arc<Bytes>),
}

impl ModelBytes {
    /// Maps a file; an empty one is an empty slice.
    pub(super) fn map(path: &Path) -> io::Result<ModelBytes> {
        mapped_file::map(path).map(ModelBytes::shared)
    }

    fn shared(bytes: Bytes) -> ModelBytes {
        ModelBytes { range: 0..bytes.len(), storage: Storage::Shared(Arc::new(bytes)) }
    }

    /// A part of these bytes, counted from their beginning.
    ///
    /// # Panics
    /// If the range does not lie within them.
    pub(super) fn slice(&self, range: Range<usize>) -> ModelBytes {
        assert!(range.start <= range.end && range.end <= self.range.len());
        let start = self.range.start;
        ModelBytes { storage: self.storage.clone(), range: start + range.start..start + range.end }
    }
}

impl From<&'static [u8]> for ModelBytes {
    fn from(bytes: &'static [u8]) -> Self {
        ModelBytes { range: 0..bytes.len(), storage: Storage::Static(bytes) }
    }
}

impl From<Vec<u8>> for ModelBytes {
    fn from(bytes: Vec<u8>) -> Self {
        ModelBytes::shared(Bytes::Owned(bytes))
    }
}

impl Deref for ModelBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.storage {
            Storage::Static(bytes) => &bytes[self.range.clone()],
            Storage::Shared(bytes) => &bytes[self.range.clone()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_of_a_slice_counts_from_its_own_beginning() {
        for whole in [ModelBytes::from(b"0123456789".as_slice()), b"0123456789".to_vec().into()] {
            let part = whole.slice(2..8);
            assert_eq!(&*part, b"234567");
            assert_eq!(&*part.slice(1..3), b"34");
            assert!(part.slice(6..6).is_empty());
            assert!(std::panic::catch_unwind(|| part.slice(3..7)).is_err());
        }
    }
}
