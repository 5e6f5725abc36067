//! The steps by which files and folders change, each of which a unit test can make fail.
//!
//! What must not be lost ([`crate::atomic_file`], [`crate::store`]) changes files by these alone.
//! Outside tests they are the functions of the standard library of the same name. Unit tests wait
//! for no disk: they write folders by the hundred, and none of them cuts the power.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// A file that is being written.
pub(crate) struct DiskWriter<'a> {
    file: &'a File,
    path: &'a Path,
}

impl<'a> DiskWriter<'a> {
    /// `path` is where `file` is.
    pub(crate) fn new(file: &'a File, path: &'a Path) -> Self {
        DiskWriter { file, path }
    }
}

impl Write for DiskWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(test)]
        if let Err(error) = faults::check(self.path) {
            // A disk that is full has taken a part of the bytes.
            self.file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        #[cfg(not(test))]
        faults::check(self.path)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens a file for writing where it is, and makes it where it is not.
pub(crate) fn open_to_write(path: &Path) -> io::Result<File> {
    faults::check(path)?;
    File::options().create(true).truncate(false).write(true).open(path)
}

/// Makes a temporary file.
pub(crate) fn temporary(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    faults::check(folder)?;
    builder.tempfile_in(folder)
}

/// Waits until a file, and all that is known of it, is on the disk.
pub(crate) fn sync_all(file: &File, path: &Path) -> io::Result<()> {
    faults::check(path)?;
    if cfg!(test) { Ok(()) } else { file.sync_all() }
}

/// Waits until the content of a file is on the disk.
pub(crate) fn sync_data(file: &File, path: &Path) -> io::Result<()> {
    faults::check(path)?;
    if cfg!(test) { Ok(()) } else { file.sync_data() }
}

/// Waits until the names in a folder are on the disk, where its file system can tell.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    faults::check(path)?;
    if cfg!(test) {
        return Ok(());
    }
    let Ok(folder) = File::open(path) else { return Ok(()) };
    match folder.sync_all() {
        Err(error) if is_lost(&error) => Err(error),
        // Many file systems do not let a folder be synced.
        _ => Ok(()),
    }
}

/// Whether the disk did not keep what it was given.
fn is_lost(error: &io::Error) -> bool {
    /// `EIO` of every Unix.
    const IO_ERROR: i32 = 5;
    let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    is_full || cfg!(unix) && error.raw_os_error() == Some(IO_ERROR)
}

pub(crate) fn set_len(file: &File, length: u64, path: &Path) -> io::Result<()> {
    faults::check(path)?;
    file.set_len(length)
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    faults::check(to)?;
    fs::rename(from, to)
}

/// Gives a temporary file its name, in place of the file that has it.
pub(crate) fn persist(temporary: NamedTempFile, to: &Path) -> io::Result<()> {
    faults::check(to)?;
    temporary.persist(to).map(drop).map_err(|error| error.error)
}

pub(crate) fn create_dir_all(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    faults::check(path)?;
    fs::create_dir_all(path)
}

/// A file that is not there is removed already.
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    faults::check(path)?;
    if_there(fs::remove_file(path))
}

/// A folder that is not there is removed already.
pub(crate) fn remove_dir_all(path: &Path) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    faults::check(path)?;
    if_there(fs::remove_dir_all(path))
}

fn if_there(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(not(test))]
mod faults {
    pub(super) fn check(_: &std::path::Path) -> std::io::Result<()> {
        Ok(())
    }
}

/// Faults on the thread of a test.
#[cfg(test)]
pub(crate) mod faults {
    use std::cell::RefCell;
    use std::io;
    use std::path::Path;

    /// Input/output error.
    pub(crate) const EIO: i32 = 5;
    /// No space left on device.
    pub(crate) const ENOSPC: i32 = 28;

    /// Which steps fail.
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Fault {
        /// How many steps succeed first.
        pub after: usize,
        /// How many fail then.
        pub failing: usize,
        /// The number of the error.
        pub errno: i32,
    }

    thread_local! {
        static PLANNED: RefCell<Option<(Fault, usize)>> = const { RefCell::new(None) };
    }

    /// Runs `work` while these steps fail; gives the number of steps it took as well.
    pub(crate) fn during<T>(fault: Fault, work: impl FnOnce() -> T) -> (T, usize) {
        PLANNED.set(Some((fault, 0)));
        let done = work();
        let (_, n_steps) = PLANNED.take().expect("nothing else ends it");
        (done, n_steps)
    }

    /// Numbers below the one given, the same for a seed, that say what of a file is damaged.
    pub(crate) fn draws(seed: u64) -> impl FnMut(usize) -> usize {
        let mut random = seed;
        move |n| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) as usize % n
        }
    }

    pub(super) fn check(_: &Path) -> io::Result<()> {
        PLANNED.with_borrow_mut(|planned| {
            let Some((fault, n_steps)) = planned else { return Ok(()) };
            let step = *n_steps;
            *n_steps += 1;
            match step >= fault.after && step - fault.after < fault.failing {
                true => Err(io::Error::from_raw_os_error(fault.errno)),
                false => Ok(()),
            }
        })
    }
}
