//! The next state of a run folder, all of which replaces the present one in a single step.
//!
//! New files are written into `.staging/`, the manifest last. Renaming that folder to
//! `.committed/` is the step by which the new run exists. Its files are then moved into the run
//! folder; where that is cut off, readers find them in `.committed/`, and the next writer moves
//! the rest.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::StoreError;
use super::file_names::MANIFEST;
use crate::atomic_file::{self, WriteError};
use crate::disk;
use crate::mapped_file::{self, Bytes};

const STAGING: &str = ".staging";
const COMMITTED: &str = ".committed";

/// Whether a writer may be at work while a folder is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Shared,
    /// The reader belongs to the process that holds the lock.
    Own,
}

/// The bytes of a file of the run: the newest that `access` may see.
///
/// # Errors
/// When there is none, or it cannot be read.
pub(super) fn map(folder: &Path, name: &str, access: Access) -> io::Result<Bytes> {
    let newer: &[&str] = match access {
        Access::Shared => &[COMMITTED],
        Access::Own => &[STAGING, COMMITTED],
    };
    // From each of these a file only ever moves on to the next.
    for stage in newer {
        match mapped_file::map(&folder.join(stage).join(name)) {
            Err(error) if is_missing(&error) => {}
            found => return found,
        }
    }
    mapped_file::map(&folder.join(name))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Writes a file of the next state.
///
/// # Errors
/// Names the file by the place that it is written for.
pub(super) fn write(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), WriteError> {
    let staging = folder.join(STAGING);
    disk::create_dir_all(&staging).map_err(|source| WriteError::new(folder.join(name), source))?;
    atomic_file::write(&staging.join(name), fill).map_err(|error| error.of(folder.join(name)))
}

/// Takes a file out of the next state.
///
/// # Errors
/// When it is there and cannot be removed.
pub(super) fn withdraw(folder: &Path, name: &str) -> io::Result<()> {
    disk::remove_file(&folder.join(STAGING).join(name))
}

/// Makes what was written, the manifest among it, the state of the folder.
///
/// # Errors
/// Before the new state exists: nothing has changed. After: [`StoreError::NotMoved`].
pub(super) fn commit(folder: &Path) -> Result<(), StoreError> {
    finish(folder)?;
    disk::rename(&folder.join(STAGING), &folder.join(COMMITTED))
        .map_err(|source| WriteError::new(folder.join(MANIFEST), source))?;
    finish(folder)
}

/// Moves the files of a state that exists to their places.
///
/// # Errors
/// When a file cannot be moved.
pub(super) fn finish(folder: &Path) -> Result<(), StoreError> {
    let committed = folder.join(COMMITTED);
    let not_moved = |source| StoreError::NotMoved { folder: folder.to_path_buf(), source };
    let entries = match fs::read_dir(&committed) {
        Err(error) if is_missing(&error) => return Ok(()),
        entries => entries.map_err(not_moved)?,
    };
    // The new state must not be lost to a power cut that keeps some of the moves.
    disk::sync_folder(folder).map_err(not_moved)?;
    for entry in entries {
        let entry = entry.map_err(not_moved)?;
        disk::rename(&entry.path(), &folder.join(entry.file_name())).map_err(not_moved)?;
    }
    disk::sync_folder(folder).map_err(not_moved)?;
    disk::remove_dir_all(&committed).map_err(not_moved)
}

/// Forgets a next state that was not finished.
///
/// # Errors
/// When its files cannot be removed.
pub(super) fn discard(folder: &Path) -> Result<(), StoreError> {
    let path: PathBuf = folder.join(STAGING);
    disk::remove_dir_all(&path).map_err(|source| StoreError::Io { path, source })
}
