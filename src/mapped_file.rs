//! Memory-mapped files. No other file maps memory.

use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

/// The bytes of a file, mapped or held in memory.
#[derive(Debug)]
pub enum Bytes {
    /// Pages of a file; the first byte is aligned to a page.
    Mapped(Mmap),
    /// Memory of this process, such as an index that was not written to a file.
    Owned(Vec<u8>),
}

/// Maps a file for reading; an empty one is an empty slice.
///
/// # Errors
/// When the file is not there, is a folder, or cannot be read.
pub fn map(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder, not a file"));
    }
    map_whole(&file)
}

/// Maps a file that is open; an empty one is an empty slice.
///
/// # Errors
/// When it cannot be mapped.
pub(crate) fn map_whole(file: &File) -> io::Result<Bytes> {
    if file.metadata()?.len() == 0 {
        return Ok(Bytes::Owned(Vec::new()));
    }
    // SAFETY: the map is read-only, and its bytes are read as numbers, for which every pattern is
    // valid, or as text that is checked to be UTF-8. Should another process change the file meanwhile, values
    // change; should it cut the file short, the system ends this process. Both hold for
    // every program that maps model weights or an index; this program itself never changes a
    // file in place, it renames a new one over it, and a file without a name is its own alone.
    #[allow(unsafe_code)]
    let map = unsafe { Mmap::map(file)? };
    Ok(Bytes::Mapped(map))
}

impl Bytes {
    /// Lets go of the pages in memory; whoever reads on gets them from the file again.
    pub(crate) fn drop_pages(&self) {
        #[cfg(unix)]
        if let Bytes::Mapped(map) = self {
            // SAFETY: the map is of a file, shared and never written to: dropped pages are read again
            // with the same bytes.
            #[allow(unsafe_code)]
            let dropped = unsafe { map.unchecked_advise(memmap2::UncheckedAdvice::DontNeed) };
            // A system that keeps them does no harm.
            drop(dropped);
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
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
        assert_eq!(&*map(&path).unwrap(), b"weights");
        std::fs::write(&path, b"").unwrap();
        assert_eq!(&*map(&path).unwrap(), b"");
        assert!(map(folder.path()).is_err());
        let missing = map(&folder.path().join("b")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
