//! Files and stdin -> a corpus of roles, and an account of everything that is none.
//!
//! Formats are told by extension and content, text encodings by content, columns by their
//! usual names; all three can be set. A record that cannot be taken for a role is skipped
//! and counted, never fatal; an input that yields no role at all is an error.

mod columns;
mod csv;
mod encoding;
mod format;
mod gather;
mod html;
mod json;
mod lines;
mod markdown;
mod parquet;
mod record;
mod stack;

use std::convert::Infallible;
use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::str::FromStr;

pub use columns::Columns;
pub use format::Format;

use crate::intake::{FileNote, SetAside, Skipped};
use crate::role::Corpus;
use encoding::TextReader;
use gather::Gathered;
use record::Mapper;

/// Skipped records kept with line and reason; the rest are only counted.
pub const MAX_SKIPPED_KEPT: usize = 1_000;

/// A single record longer than this many bytes is skipped.
pub const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

/// Decoded text looked at to tell a format.
const SAMPLE_BYTES: usize = 64 * 1024;

/// Raw bytes looked at to tell binary formats.
const HEAD_BYTES: u64 = 4 * 1024;

/// Where roles come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl FromStr for Input {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if text == "-" { Input::Stdin } else { Input::File(text.into()) })
    }
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Input::Stdin } else { Input::File(path) }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Stdin => f.write_str("-"),
            Input::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// How to read; the default finds everything out by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The format of every input.
    pub format: Option<Format>,
    /// Names of columns; those left open are guessed.
    pub columns: Columns,
    /// The encoding of every text input by its usual name, such as `gb18030`.
    pub encoding: Option<String>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// The roles in input order.
    pub corpus: Corpus,
    /// One note per input.
    pub files: Vec<FileNote>,
    /// The first [`MAX_SKIPPED_KEPT`] records skipped.
    pub skipped: Vec<Skipped>,
    /// Number of records skipped.
    pub skipped_total: u64,
    /// Blocks of digests that are not roles.
    pub set_aside: Vec<SetAside>,
}

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No input was named.
    #[error("no input: name a file, or - for standard input")]
    NoInput,
    /// Standard input was named more than once.
    #[error("standard input (-) can be read only once")]
    StdinTwice,
    /// The file cannot be opened or read.
    #[error("cannot read {file}: {source}")]
    Io {
        /// The file as the user named it.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is a folder.
    #[error("{file} is a folder; name the files in it")]
    Folder {
        /// The folder.
        file: String,
    },
    /// The file holds nothing.
    #[error("{file} is empty")]
    Empty {
        /// The file as the user named it.
        file: String,
    },
    /// The file is something else than text or Parquet.
    #[error("{file} is {what}; {advice}")]
    NotText {
        /// The file as the user named it.
        file: String,
        /// What it looks like.
        what: &'static str,
        /// What to do about it.
        advice: &'static str,
    },
    /// The encoding asked for is not known.
    #[error(
        "unknown encoding {label:?}; use a name such as utf-8, gb18030, shift_jis, euc-kr or windows-1252"
    )]
    UnknownEncoding {
        /// The name given.
        label: String,
    },
    /// The format cannot be told.
    #[error("cannot tell the format of {file}; set it: markdown, jsonl, json, csv, tsv or parquet")]
    UnknownFormat {
        /// The file as the user named it.
        file: String,
    },
    /// A column named by the user is not in the file.
    #[error("{file} has no column {column:?}; it has: {}", .known.join(", "))]
    NoSuchColumn {
        /// The file as the user named it.
        file: String,
        /// The column asked for.
        column: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// No column looks like a title, a description or a stack.
    #[error("no column of {file} looks like a title, a description or a stack; it has: {}; say which is which", .known.join(", "))]
    NoTextColumn {
        /// The file as the user named it.
        file: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// The file is damaged.
    #[error("{file} is damaged: {reason}")]
    Damaged {
        /// The file as the user named it.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Not one record is a role.
    #[error("{file} holds no role (read as {format}, {skipped} records skipped{}); check the format and the columns", .example.as_ref().map(|s| format!(", the first in line {}: {}", s.line, s.reason)).unwrap_or_default())]
    NoRole {
        /// The file as the user named it.
        file: String,
        /// The format it was read as.
        format: Format,
        /// Records skipped.
        skipped: u64,
        /// The first of them.
        example: Option<Skipped>,
    },
}

/// Reads every input in order. An id that comes up twice is numbered by [`Corpus::new`].
///
/// # Errors
/// When an input cannot be opened, told or understood, or holds no role at all.
pub fn read(inputs: &[Input], options: &ReadOptions) -> Result<Outcome, ReadError> {
    if inputs.is_empty() {
        return Err(ReadError::NoInput);
    }
    if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
        return Err(ReadError::StdinTwice);
    }
    let mut gathered = Gathered::default();
    let mut files = Vec::with_capacity(inputs.len());
    for input in inputs {
        files.push(read_one(input, options, &mut gathered)?);
    }
    Ok(Outcome {
        corpus: Corpus::new(gathered.roles),
        files,
        skipped: gathered.skipped,
        skipped_total: gathered.skipped_total,
        set_aside: gathered.set_aside,
    })
}

fn read_one(
    input: &Input,
    options: &ReadOptions,
    gathered: &mut Gathered,
) -> Result<FileNote, ReadError> {
    let name = input.to_string();
    let io = |source| ReadError::Io { file: name.clone(), source };
    let mut file = open(input, &name)?;
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(io)?;
    let (roles_before, skipped_before) = (gathered.roles.len(), gathered.skipped_total);
    let kept_before = gathered.skipped.len();
    let mut mapper = Mapper::new(&options.columns);

    let binary = format::of_bytes(&name, &head, options.format)?;
    let (format, encoding, malformed) = if binary == Some(Format::Parquet) {
        let source = match input {
            Input::File(path) => parquet::Source::File(File::open(path).map_err(io)?),
            Input::Stdin => {
                file.read_to_end(&mut head).map_err(io)?;
                parquet::Source::Bytes(head.into())
            }
        };
        parquet::read(&name, source, &mut mapper, gathered)?;
        (Format::Parquet, "UTF-8".to_string(), false)
    } else {
        let label = options.encoding.as_deref();
        let mut text = TextReader::new(Cursor::new(head).chain(file), label)?;
        let sample = text.peek(SAMPLE_BYTES).map_err(io)?;
        let path = match input {
            Input::File(path) => Some(path.as_path()),
            Input::Stdin => None,
        };
        let format = match options.format {
            Some(format) => format,
            None => format::of_text(&name, path, &sample)?,
        };
        match format {
            Format::Markdown => {
                let mut whole = String::new();
                text.read_to_string(&mut whole).map_err(io)?;
                markdown::read(&name, &whole, gathered);
            }
            Format::Jsonl => json::read_lines(&name, &mut text, &mut mapper, gathered)?,
            Format::Json => json::read_values(&name, &mut text, &mut mapper, gathered)?,
            Format::Csv | Format::Tsv => {
                csv::read(&name, format, &sample, &mut text, &mut mapper, gathered)?;
            }
            Format::Parquet => unreachable_parquet(&name)?,
        }
        (format, text.encoding().to_string(), text.malformed())
    };

    let roles = gathered.roles.len() - roles_before;
    if roles == 0 {
        return Err(ReadError::NoRole {
            file: name,
            format,
            skipped: gathered.skipped_total - skipped_before,
            example: gathered.skipped.get(kept_before).cloned(),
        });
    }
    Ok(FileNote { file: name, format: format.to_string(), encoding, roles, malformed })
}

/// Parquet asked for, or promised by the extension, where the bytes are not.
fn unreachable_parquet(name: &str) -> Result<(), ReadError> {
    let reason = "it does not begin as a Parquet file does".to_string();
    Err(ReadError::Damaged { file: name.to_string(), reason })
}

fn open(input: &Input, name: &str) -> Result<Box<dyn Read>, ReadError> {
    let Input::File(path) = input else { return Ok(Box::new(io::stdin().lock())) };
    let io = |source| ReadError::Io { file: name.to_string(), source };
    let file = File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.is_dir() {
        return Err(ReadError::Folder { file: name.to_string() });
    }
    Ok(Box::new(file))
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
