//! Nameless temporary files that are mapped: memory that the system need not hold.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::mapped_file::{self, Bytes};

/// Bytes read of a file before its pages are dropped: those read before are hardly read again soon.
const READ_AT_ONCE: usize = 8 << 20;

/// A file that was written by this process and has no name, so that nobody can change it.
#[derive(Debug)]
pub(crate) struct Pages {
    bytes: Bytes,
    /// What one read brings into memory at the least.
    least: usize,
    /// Bytes read since its pages were dropped last.
    read: AtomicUsize,
}

impl Pages {
    /// Of what was written so far, read in order.
    ///
    /// # Errors
    /// When the file cannot be mapped.
    pub(crate) fn in_order(file: &File) -> io::Result<Self> {
        Ok(Pages { bytes: mapped_file::map_whole(file)?, least: 0, read: AtomicUsize::new(0) })
    }

    /// Of what was written so far, read here and there: around each read the system maps this many
    /// bytes more.
    ///
    /// # Errors
    /// When the file cannot be mapped.
    pub(crate) fn here_and_there(file: &File) -> io::Result<Self> {
        const FAULT_AROUND: usize = 64 << 10;
        Ok(Pages { least: FAULT_AROUND, ..Pages::in_order(file)? })
    }

    /// Some of the bytes; none beyond the end.
    pub(crate) fn read(&self, range: Range<usize>) -> &[u8] {
        let bytes = self.bytes.get(range).unwrap_or_default();
        let brought = bytes.len().max(self.least);
        let read = self.read.fetch_add(brought, Ordering::Relaxed) + brought;
        // Reads here and there share the pages of many; dropping them costs more.
        let most = if self.least > 0 { 8 * READ_AT_ONCE } else { READ_AT_ONCE };
        if read >= most {
            self.read.store(0, Ordering::Relaxed);
            self.bytes.drop_pages();
        }
        bytes
    }
}

/// A new file without a name.
///
/// # Errors
/// When the disk refuses.
pub(crate) fn nameless_file() -> io::Result<File> {
    tempfile::tempfile_in(folder())
}

/// Where large temporary files go, by the custom of SQLite: `TMPDIR`, else `/var/tmp`, because
/// `/tmp` is memory on many systems.
fn folder() -> PathBuf {
    let large = Path::new("/var/tmp");
    match std::env::var_os("TMPDIR") {
        None if large.is_dir() => large.to_path_buf(),
        _ => std::env::temp_dir(),
    }
}
