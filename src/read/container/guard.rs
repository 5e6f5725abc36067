//! Unpacked bytes, counted: a container that unpacks to far more than its size is a bomb.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use crate::read::ReadError;
use crate::read::limits::{MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FROM_BYTES};

/// What one container has unpacked to, its members together.
#[derive(Clone)]
pub(super) struct Budget {
    packed: Rc<Cell<u64>>,
    unpacked: Rc<Cell<u64>>,
}

impl Budget {
    /// For a container of which so many bytes are known to be there.
    pub fn new(packed: u64) -> Self {
        Budget { packed: Rc::new(Cell::new(packed)), unpacked: Rc::default() }
    }

    /// Counts the bytes of the container as they are read.
    pub fn packed<R: Read>(&self, inner: R) -> Counted<R> {
        Counted { inner, count: self.packed.clone() }
    }

    /// Counts what comes out, and ends it at the limit.
    pub fn unpacked<R: Read>(&self, inner: R) -> Guarded<R> {
        Guarded { inner, budget: self.clone(), fault: Rc::default() }
    }
}

/// Says that a limit was passed; inside an [`io::Error`].
#[derive(Debug)]
pub(in crate::read) struct Overflow(pub String);

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Overflow {}

pub(super) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

/// What a container that breaks off says; what came before is good.
pub(in crate::read) type Fault = Rc<RefCell<Option<String>>>;

pub(super) struct Guarded<R> {
    inner: R,
    budget: Budget,
    fault: Fault,
}

impl<R> Guarded<R> {
    /// Where the reason stands if the data breaks off.
    pub fn fault(&self) -> Fault {
        self.fault.clone()
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.inner.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            // A limit within: of a container inside this one.
            Err(error) if error.get_ref().is_some_and(|inner| inner.is::<Overflow>()) => {
                return Err(error);
            }
            Err(error) => {
                self.fault.borrow_mut().get_or_insert(error.to_string());
                return Ok(0);
            }
        };
        let unpacked = self.budget.unpacked.get() + count as u64;
        self.budget.unpacked.set(unpacked);
        let packed = self.budget.packed.get().max(1);
        if unpacked > RATIO_FROM_BYTES && unpacked / packed > MAX_RATIO {
            return Err(overflow(format!(
                "it unpacks to more than {MAX_RATIO} times its {packed} bytes, {} MiB so far",
                unpacked >> 20
            )));
        }
        if unpacked > MAX_UNPACKED_BYTES {
            return Err(overflow(format!(
                "it unpacks to more than {} GiB",
                MAX_UNPACKED_BYTES >> 30
            )));
        }
        Ok(count)
    }
}

fn overflow(seen: String) -> io::Error {
    io::Error::other(Overflow(seen))
}

/// A limit that was passed while bytes were read, as the error it is.
pub(super) fn limited(error: ReadError) -> ReadError {
    match error {
        ReadError::Io { file, source } => match source.get_ref().and_then(|e| e.downcast_ref()) {
            Some(Overflow(seen)) => ReadError::Limit {
                file,
                seen: seen.clone(),
                advice: "unpack it yourself if you trust it, and name the files in it",
            },
            None => ReadError::Io { file, source },
        },
        other => other,
    }
}
