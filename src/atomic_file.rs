//! Atomic replacement of a file: write a temporary file beside it, sync, rename. All files are
//! written this way.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::disk::{self, DiskWriter};

/// A file could not be replaced. Its old content, if any, is unchanged, unless the new content is
/// there in full and only its name may not survive a power cut.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}", path.display())]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

impl WriteError {
    /// The same of a file that will be `path` once all files that belong together are written.
    pub(crate) fn of(self, path: PathBuf) -> Self {
        WriteError { path, ..self }
    }

    /// `path` could not be written.
    pub(crate) fn new(path: PathBuf, source: io::Error) -> Self {
        WriteError { path, source }
    }
}

/// Replaces `path` with what `fill` writes, or leaves it as it was.
///
/// The bytes go to a temporary file in the same directory, which is synced and then
/// renamed over `path`; a crash at any point leaves either the old file or the new one.
///
/// # Errors
/// [`WriteError`] names the path and carries the cause (full disk, read-only folder).
pub fn write(
    path: &Path,
    fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), WriteError> {
    replace(path, fill).map_err(|source| WriteError { path: path.to_path_buf(), source })
}

fn replace(
    path: &Path,
    fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        let why = format!("there is no folder {}", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, why));
    }
    let mut beside = tempfile::Builder::new();
    // Temporary files are private by default; a result gets the permissions of any new file.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        beside.permissions(std::fs::Permissions::from_mode(0o666));
    }
    beside.prefix(".rolecluster-").suffix(".tmp");
    let temporary = disk::temporary(&beside, folder).map_err(plain)?;
    let mut buffered = BufWriter::new(DiskWriter::new(temporary.as_file(), path));
    // A buffer that is dropped writes what it holds, which a write that failed must not repeat.
    if let Err(error) = fill(&mut buffered).and_then(|()| buffered.flush()) {
        let _ = buffered.into_parts();
        return Err(error);
    }
    drop(buffered);
    disk::sync_all(temporary.as_file(), path)?;
    disk::persist(temporary, path)?;
    // The rename itself must survive a power cut.
    disk::sync_folder(folder)
}

/// The same error without the name of the temporary file.
fn plain(error: io::Error) -> io::Error {
    if error.raw_os_error().is_some() {
        return error;
    }
    let inner = error.get_ref().and_then(|wrapped| wrapped.source());
    let number = inner.and_then(|source| source.downcast_ref::<io::Error>()?.raw_os_error());
    number.map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_content_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, |f| f.write_all(b"old")).unwrap();
        let failed = write(&path, |f| {
            f.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        assert!(failed.unwrap_err().to_string().contains("a.json"));
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
