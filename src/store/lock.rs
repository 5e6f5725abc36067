//! One writer per run folder.
//!
//! The lock is the operating system's, on a file that stays: it goes with the process that
//! holds it, however that ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::StoreError;
use super::file_names::LOCK;

/// Takes the lock, or says that another process has it.
pub(super) fn take(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let io = |source| StoreError::Io { path: path.clone(), source };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { folder: folder.to_path_buf() }),
        // A file system without locks (some network mounts) cannot protect; go on.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Whether a process has it now.
pub(super) fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join(LOCK)) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}
