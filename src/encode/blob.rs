//! Bytes of a model file, mapped rather than read: the one place that maps memory.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

/// Bytes that live as long as somebody holds them.
#[derive(Debug, Clone)]
pub(super) enum Blob {
    /// Compiled into the program.
    Static(&'static [u8]),
    /// Pages of a file.
    Mapped(Arc<Mmap>),
}

impl Blob {
    /// Maps a file; an empty one is an empty slice.
    pub(super) fn map(path: &Path) -> io::Result<Blob> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder, not a file"));
        }
        if metadata.len() == 0 {
            return Ok(Blob::Static(&[]));
        }
        // SAFETY: the map is read-only and its bytes are only ever read as `u8`, for which
        // every pattern is valid. Should another process change the file meanwhile, values
        // change; should it cut the file short, the system ends this process. Both hold for
        // every program that maps model weights.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file)? };
        Ok(Blob::Mapped(Arc::new(map)))
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
            Blob::Mapped(map) => map,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_folders_and_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, b"weights").unwrap();
        assert_eq!(&*Blob::map(&path).unwrap(), b"weights");
        std::fs::write(&path, b"").unwrap();
        assert_eq!(&*Blob::map(&path).unwrap(), b"");
        assert!(Blob::map(folder.path()).is_err());
        let missing = Blob::map(&folder.path().join("b")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
