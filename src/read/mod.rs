//! Files and stdin -> a corpus of roles, and an account of everything that is none.
//!
//! Formats are told by extension and content, text encodings by content, columns by their
//! usual names; all three can be set. A record that cannot be taken for a role is skipped
//! and counted, never fatal; an input that yields no role at all is an error.

mod advice;
mod columns;
mod container;
mod csv;
mod encoding;
mod error;
mod format;
mod gather;
mod html;
mod json;
mod limits;
mod lines;
mod markdown;
mod parquet;
mod placeholder;

mod record;
mod sink;
mod source;
mod stack;
mod table;

use std::convert::Infallible;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use columns::Columns;
pub use error::ReadError;
pub use format::Format;
pub use limits::{MAX_RECORD_BYTES, MAX_SKIPPED_KEPT};

use crate::intake::{FileNote, SetAside, Skipped};
use crate::role::Corpus;
use encoding::TextReader;
use gather::Gathered;
use sink::{Account, Sink};
use source::Source;

/// Decoded text looked at to tell a format.
const SAMPLE_BYTES: usize = 64 * 1024;

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
    /// Where tables begin.
    pub table: TableOptions,
}

/// Where the tables of an input begin: found out by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableOptions {
    /// No line names the columns: the first is a posting already.
    pub no_header: bool,
    /// Lines (rows of a sheet) above the table.
    pub skip_lines: u64,
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
        if let Input::File(path) = input
            && path.is_dir()
        {
            return Err(ReadError::Folder { file: input.to_string() });
        }
        container::each_member(Source::open(input)?, &mut |source| {
            files.push(read_source(source, options, &mut gathered)?);
            Ok(())
        })?;
    }
    Ok(Outcome {
        corpus: Corpus::new(gathered.roles),
        files,
        skipped: gathered.skipped,
        skipped_total: gathered.skipped_total,
        set_aside: gathered.set_aside,
    })
}

/// Reads one file that is no container.
fn read_source(
    source: Source<'_>,
    options: &ReadOptions,
    gathered: &mut Gathered,
) -> Result<FileNote, ReadError> {
    let name = source.name.clone();
    let (roles_before, skipped_before) = (gathered.roles.len(), gathered.skipped_total);
    let kept_before = gathered.skipped.len();
    let mut sink = Sink::new(&name, &options.columns, gathered).with_table(options.table);

    let (format, encoding, malformed) = if format::is_parquet(&source.head, options.format) {
        parquet::read(source.into_seekable()?, &mut sink)?;
        (Format::Parquet, "UTF-8".to_string(), false)
    } else {
        let path = source.path.clone();
        let mut text = TextReader::new(source.into_reader(), options.encoding.as_deref())?;
        let format = read_text(path.as_deref(), &mut text, options.format, &mut sink)?;
        (format, text.encoding().to_string(), text.malformed())
    };
    let Account { records, columns, warnings } = sink.finish()?;

    let roles = gathered.roles.len() - roles_before;
    if roles == 0 {
        return Err(ReadError::NoRole {
            file: name,
            format: format.to_string(),
            skipped: gathered.skipped_total - skipped_before,
            example: gathered.skipped.get(kept_before).cloned(),
        });
    }
    let format = format.to_string();
    Ok(FileNote { file: name, format, encoding, roles, malformed, records, columns, warnings })
}

/// Reads a text in the format asked for, or the one it is in.
fn read_text<R: Read>(
    path: Option<&Path>,
    text: &mut TextReader<R>,
    asked: Option<Format>,
    sink: &mut Sink<'_>,
) -> Result<Format, ReadError> {
    let name = sink.file().to_string();
    let io = |source| ReadError::Io { file: name.clone(), source };
    let sample = text.peek(SAMPLE_BYTES).map_err(io)?;
    text.doubt(&sample).into_iter().for_each(|doubt| sink.warn(doubt));
    let format = match asked {
        Some(format) => format,
        None => format::of_text(&name, path, &sample)?,
    };
    match format {
        Format::Markdown | Format::Html => {
            let mut whole = String::new();
            text.read_to_string(&mut whole).map_err(io)?;
            match format {
                Format::Html => markdown::read_page(&whole, sink)?,
                _ => markdown::read(&whole, sink),
            }
        }
        Format::Jsonl => json::read(json::Arrangement::Lines, text, sink)?,
        Format::Json => json::read(json::Arrangement::Document, text, sink)?,
        Format::Csv | Format::Tsv => csv::read(format, &sample, text, sink)?,
        Format::Parquet => return Err(parquet::promised(&name)),
    }
    Ok(format)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
