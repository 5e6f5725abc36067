//! Bytes of the inputs that have been read, for whoever draws the progress.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;

use crate::progress::Progress;

/// Counts the bytes of one input after another.
pub(super) struct Meter<'p> {
    progress: &'p dyn Progress,
    /// Bytes of the present input that have been counted.
    counted: Cell<u64>,
}

impl<'p> Meter<'p> {
    /// Begins the stage with the bytes of all inputs; 0 where they are not known.
    pub fn start(total: u64, progress: &'p dyn Progress) -> Self {
        progress.start("reading", total);
        Meter { progress, counted: Cell::new(0) }
    }

    /// A reader whose bytes are counted.
    pub fn counted<R: Read>(&self, inner: R) -> Counted<'_, R> {
        Counted { inner, meter: self }
    }

    /// An input is done, also where parts of it were passed over.
    pub fn close(&self, path: &Path) {
        self.progress.advance(size(path).saturating_sub(self.counted.take()));
    }

    /// All inputs are done.
    pub fn finish(&self) {
        self.progress.finish();
    }
}

/// Bytes of a file; 0 where there is none.
pub(super) fn size(path: impl AsRef<Path>) -> u64 {
    path.as_ref().metadata().map_or(0, |metadata| metadata.len())
}

pub(super) struct Counted<'m, R> {
    inner: R,
    meter: &'m Meter<'m>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.counted.set(self.meter.counted.get() + count as u64);
        self.meter.progress.advance(count as u64);
        Ok(count)
    }
}
