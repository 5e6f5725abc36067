//! One writer per run folder.
//!
//! An advisory lock of the operating system on the file `.lock`. The system releases it when
//! the process ends, whether it ended well or was killed; the file itself stays.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::StoreError;
use super::file_names::LOCK;
use crate::disk;

/// Takes the lock for as long as the returned file is open.
///
/// # Errors
/// When another process has it, or the file cannot be made.
pub(super) fn take(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let io = |source| StoreError::Io { path: path.clone(), source };
    let file = disk::open_to_write(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { folder: folder.to_path_buf() }),
        // Some network file systems have no locks. Refusing to write there would make them
        // unusable, so the folder is written without one.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Whether another process has the lock now.
pub(super) fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join(LOCK)) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}
