//! One thing to read: a file, standard input, or a member of a container.

use std::fs::File;
#[cfg(feature = "formats")]
use std::io::Seek;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;

use bytes::Bytes;

use super::limits::MAX_HELD_BYTES;
use super::meter::Meter;
use super::{Input, ReadError, workbook};

/// Raw bytes looked at to tell containers and binary formats.
const HEAD_BYTES: u64 = 4 * 1024;

/// Bytes, and what is known of them before they are read.
pub(super) struct Source<'a> {
    /// The file as the user named it; a member with its path inside, `jobs.zip/2024/a.csv`.
    pub name: String,
    /// A name whose extension may tell the format; none for standard input.
    pub path: Option<PathBuf>,
    /// The first bytes; the reader goes on after them.
    pub head: Vec<u8>,
    /// A workbook, as what its container tells of it.
    pub workbook: Option<workbook::Kind>,
    reader: Box<dyn Read + 'a>,
    /// The same bytes where they can be read from any place already.
    whole: Option<Whole>,
}

/// Bytes that are all there.
enum Whole {
    /// A file that can be opened again.
    OnDisk(PathBuf),
    Open(Seekable),
}

/// Bytes that can be read from any place.
pub(super) enum Seekable {
    File(File),
    Bytes(Bytes),
}

/// What a ZIP reader asks for.
#[cfg(feature = "formats")]
pub(super) trait ReadSeek: Read + Seek {}
#[cfg(feature = "formats")]
impl<T: Read + Seek> ReadSeek for T {}

impl<'a> Source<'a> {
    /// Opens what the user named, which is no folder.
    pub fn open(input: &Input, meter: &'a Meter<'a>) -> Result<Source<'a>, ReadError> {
        let name = input.to_string();
        let Input::File(path) = input else {
            return Source::new(name, None, Box::new(meter.counted(io::stdin().lock())));
        };
        let io = |source| ReadError::Io { file: name.clone(), source };
        let file = File::open(path).map_err(io)?;
        let regular = file.metadata().map_err(io)?.is_file();
        let mut source = Source::new(name, Some(path.clone()), Box::new(meter.counted(file)))?;
        source.whole = regular.then(|| Whole::OnDisk(path.clone()));
        Ok(source)
    }

    /// Bytes from anywhere.
    pub fn new(
        name: String,
        path: Option<PathBuf>,
        mut reader: Box<dyn Read + 'a>,
    ) -> Result<Source<'a>, ReadError> {
        let mut head = Vec::new();
        let read = reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head);
        read.map_err(|source| ReadError::Io { file: name.clone(), source })?;
        Ok(Source { name, path, head, workbook: None, reader, whole: None })
    }

    /// A workbook, found by its container.
    pub fn workbook(
        name: String,
        path: Option<PathBuf>,
        kind: workbook::Kind,
        bytes: Seekable,
    ) -> Source<'static> {
        let (head, reader) = (Vec::new(), Box::new(io::empty()));
        let (workbook, whole) = (Some(kind), Some(Whole::Open(bytes)));
        Source { name, path, head, workbook, reader, whole }
    }

    /// All bytes in order.
    pub fn into_reader(self) -> Box<dyn Read + 'a> {
        Box::new(Cursor::new(self.head).chain(self.reader))
    }

    /// All bytes in any order: the file itself where there is one, else all of them in memory.
    pub fn into_seekable(mut self) -> Result<Seekable, ReadError> {
        let name = self.name.clone();
        let io = |source| ReadError::Io { file: name.clone(), source };
        match self.whole.take() {
            Some(Whole::OnDisk(path)) => return Ok(Seekable::File(File::open(path).map_err(io)?)),
            Some(Whole::Open(bytes)) => return Ok(bytes),
            None => {}
        }
        let mut bytes = Vec::new();
        let mut reader = self.into_reader();
        reader.by_ref().take(MAX_HELD_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
        if bytes.len() as u64 > MAX_HELD_BYTES {
            return Err(ReadError::Limit {
                file: name.clone(),
                seen: format!("more than {} GiB would be held in memory", MAX_HELD_BYTES >> 30),
                advice: "unpack it and name the file itself",
            });
        }
        Ok(Seekable::Bytes(bytes.into()))
    }
}

impl Seekable {
    /// How many bytes there are.
    pub fn size(&self) -> io::Result<u64> {
        match self {
            Seekable::File(file) => Ok(file.metadata()?.len()),
            Seekable::Bytes(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// The same bytes a second time, not at the same time as the first.
    #[cfg(feature = "formats")]
    pub fn again(&self) -> io::Result<Seekable> {
        Ok(match self {
            Seekable::File(file) => Seekable::File(file.try_clone()?),
            Seekable::Bytes(bytes) => Seekable::Bytes(bytes.clone()),
        })
    }

    #[cfg(feature = "formats")]
    pub fn into_read_seek(self) -> Box<dyn ReadSeek> {
        match self {
            // A second handle goes on where the first one stopped; readers seek first.
            Seekable::File(file) => Box::new(io::BufReader::new(file)),
            Seekable::Bytes(bytes) => Box::new(Cursor::new(bytes)),
        }
    }
}
