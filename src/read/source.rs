//! One thing to read: a file, standard input, or a member of a container.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::limits::MAX_HELD_BYTES;
use super::{Input, ReadError};

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
    reader: Box<dyn Read + 'a>,
    /// The file on disk these are the bytes of, if any.
    file: Option<PathBuf>,
}

/// Bytes that can be read from any place.
pub(super) enum Seekable {
    File(File),
    Bytes(Bytes),
}

/// What a ZIP reader asks for.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl<'a> Source<'a> {
    /// Opens what the user named, which is no folder.
    pub fn open(input: &Input) -> Result<Source<'static>, ReadError> {
        let name = input.to_string();
        let Input::File(path) = input else {
            return Source::new(name, None, Box::new(io::stdin().lock()));
        };
        let io = |source| ReadError::Io { file: name.clone(), source };
        let file = File::open(path).map_err(io)?;
        let regular = file.metadata().map_err(io)?.is_file();
        let mut source = Source::new(name, Some(path.clone()), Box::new(file))?;
        source.file = regular.then(|| path.clone());
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
        Ok(Source { name, path, head, reader, file: None })
    }

    /// The extension in lower case, or an empty text.
    pub fn extension(&self) -> String {
        let extension = self.path.as_deref().and_then(Path::extension).and_then(|e| e.to_str());
        extension.unwrap_or_default().to_lowercase()
    }

    /// All bytes in order.
    pub fn into_reader(self) -> Box<dyn Read + 'a> {
        Box::new(Cursor::new(self.head).chain(self.reader))
    }

    /// All bytes in any order: the file itself where there is one, else all of them in memory.
    pub fn into_seekable(self) -> Result<Seekable, ReadError> {
        let name = self.name.clone();
        let io = |source| ReadError::Io { file: name.clone(), source };
        if let Some(path) = &self.file {
            return Ok(Seekable::File(File::open(path).map_err(io)?));
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
    pub fn into_read_seek(self) -> Box<dyn ReadSeek> {
        match self {
            Seekable::File(file) => Box::new(io::BufReader::new(file)),
            Seekable::Bytes(bytes) => Box::new(Cursor::new(bytes)),
        }
    }
}
