//! Files and stdin -> a corpus of roles, and an account of everything that is none.
//!
//! Formats are told by extension and content, text encodings by content, columns by their
//! usual names; all three can be set. A record that cannot be taken for a role is skipped
//! and counted, never fatal; an input that yields no role at all is an error.

mod accumulator;
mod advice;
mod columns;
mod container;
mod csv;
mod detect;
mod encoding;
mod error;
mod format;
mod html;
mod json;
mod limits;
mod lines;
mod markdown;
mod meter;
mod options;
mod parquet;
mod placeholder;
mod record;
mod sink;
mod source;
mod stack;
mod stream;
mod table;
mod workbook;

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

pub use columns::Columns;
pub use error::ReadError;
pub use format::Format;
pub use limits::{MAX_RECORD_BYTES, MAX_SKIPPED_KEPT};
pub(crate) use markdown::quote;
pub use options::{Input, ReadOptions, TableOptions};
pub use stream::{ArrowStream, Batch, RowReader, TextColumn};

use crate::intake::{FileNote, SetAside, SetAsideKind, Skipped};
use crate::progress::{Progress, Silent};
use crate::role::Corpus;
use crate::text::without_invisible;
use accumulator::Accumulator;
use container::Visitor as _;
use encoding::TextReader;
use limits::MAX_DOCUMENT_BYTES;
use meter::Meter;
use sink::{Account, Sink};
use source::Source;

/// Decoded text looked at to tell a format.
const SAMPLE_BYTES: usize = 64 * 1024;

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
pub fn read(
    inputs: &[Input],
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Outcome, ReadError> {
    if inputs.is_empty() {
        return Err(ReadError::NoInput);
    }
    if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
        return Err(ReadError::StdinTwice);
    }
    let meter = Meter::start(total_bytes(inputs), progress);
    let outcome = read_all(inputs, options, &meter);
    meter.finish();
    outcome
}

/// Reads a table in memory, given as batches of the same columns, as [`read`] does a Parquet file with
/// the same rows.
///
/// # Errors
/// When a column that was named is missing, or the table holds no role at all.
pub fn read_table(batches: &[Batch], options: &ReadOptions) -> Result<Outcome, ReadError> {
    let meter = Meter::start(0, &Silent);
    let mut reading = Reading::new(options, &meter);
    let name = batches.first().map_or("the table", Batch::source);
    reading.note(name, &mut |sink| {
        let encoding = parquet::read_batches(batches, sink)?;
        let encoding = encoding.map_or("UTF-8", |encoding| encoding.name()).to_string();
        Ok(Told { format: "Arrow".into(), encoding, malformed: false })
    })?;
    Ok(reading.outcome())
}

fn total_bytes(inputs: &[Input]) -> u64 {
    let bytes = |input: &Input| match input {
        Input::Stdin => 0,
        Input::File(path) => container::expand(path).map_or(0, |p| p.iter().map(meter::size).sum()),
    };
    inputs.iter().map(bytes).sum()
}

fn read_all(
    inputs: &[Input],
    options: &ReadOptions,
    meter: &Meter<'_>,
) -> Result<Outcome, ReadError> {
    let mut reading = Reading::new(options, meter);
    for input in inputs {
        match input {
            Input::Stdin => container::each_member(Source::open(input, meter)?, &mut reading)?,
            Input::File(path) => reading.path(path)?,
        }
    }
    Ok(reading.outcome())
}

/// What has been read so far, and how to read on.
struct Reading<'o> {
    options: &'o ReadOptions,
    meter: &'o Meter<'o>,
    gathered: Accumulator,
    files: Vec<FileNote>,
}

impl<'o> Reading<'o> {
    fn new(options: &'o ReadOptions, meter: &'o Meter<'o>) -> Self {
        Reading { options, meter, gathered: Accumulator::default(), files: Vec::new() }
    }

    fn outcome(self) -> Outcome {
        let Reading { gathered, files, .. } = self;
        Outcome {
            corpus: Corpus::new(gathered.roles),
            files,
            skipped: gathered.skipped,
            skipped_total: gathered.skipped_total,
            set_aside: gathered.set_aside,
        }
    }

    /// A file, or the files of a folder or a pattern.
    fn path(&mut self, path: &Path) -> Result<(), ReadError> {
        let paths = container::expand(path)?;
        if let [only] = paths.as_slice()
            && only == path
        {
            let outcome = file_at(only, self.meter, self);
            self.meter.close(only);
            return outcome;
        }
        let mut members = container::Members::default();
        for file in paths {
            let name = file.display().to_string();
            let meter = self.meter;
            if container::is_about(&name) && !members.none_read() {
                let mut read =
                    |visitor: &mut dyn container::Visitor| file_at(&file, meter, visitor);
                self.about(&name, &mut read)?;
            } else {
                members.take(&name, file_at(&file, meter, self))?;
            }
            meter.close(&file);
        }
        members.finish(&path.display().to_string(), self)
    }

    /// Reads one input into a sink of its own and notes what came of it.
    fn note(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut Sink<'_>) -> Result<Told, ReadError>,
    ) -> Result<(), ReadError> {
        let (roles_before, skipped_before) =
            (self.gathered.roles.len(), self.gathered.skipped_total);
        let kept_before = self.gathered.skipped.len();
        let sink = Sink::new(name, &self.options.columns, &mut self.gathered);
        let mut sink = sink.with_table(self.options.table);
        let told = read(&mut sink)?;
        let Account { records, columns, warnings } = sink.finish()?;
        let roles = self.gathered.roles.len() - roles_before;
        if roles == 0 {
            return Err(ReadError::NoRole {
                file: name.to_string(),
                format: told.format,
                skipped: self.gathered.skipped_total - skipped_before,
                example: self.gathered.skipped.get(kept_before).cloned(),
            });
        }
        let (file, Told { format, encoding, malformed }) = (name.to_string(), told);
        let note =
            FileNote { file, format, encoding, roles, malformed, records, columns, warnings };
        self.files.push(note);
        Ok(())
    }
}

/// Reads the file, or the files of the container, at a path.
fn file_at(
    path: &Path,
    meter: &Meter<'_>,
    visitor: &mut dyn container::Visitor,
) -> Result<(), ReadError> {
    container::each_member(Source::open(&Input::File(path.to_path_buf()), meter)?, visitor)
}

/// What is known of an input once it is read.
struct Told {
    format: String,
    encoding: String,
    malformed: bool,
}

impl Told {
    fn of_binary(format: impl ToString) -> Told {
        Told { format: format.to_string(), encoding: "UTF-8".into(), malformed: false }
    }
}

impl container::Visitor for Reading<'_> {
    fn file(&mut self, source: Source<'_>) -> Result<(), ReadError> {
        let (name, options) = (source.name.clone(), self.options);
        if let Some(kind) = source.workbook {
            return workbook::read(source, kind, options, &mut Book { reading: self, name, kind });
        }
        let mut source = Some(source);
        self.note(&name, &mut |sink| match source.take() {
            Some(source) => read_source(source, options, sink),
            None => Err(ReadError::Empty { file: name.clone() }),
        })
    }

    fn left_out(&mut self, name: &str, reason: String) {
        let (file, kind) = (name.to_string(), SetAsideKind::Other);
        let block =
            SetAside { file, line: 0, heading: reason, section: None, kind, lines: Vec::new() };
        self.gathered.set_aside.push(block);
    }

    fn failed(&mut self, name: &str, reason: String) {
        self.gathered.skip(name, 0, reason);
    }

    fn about(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut dyn container::Visitor) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let before = (self.gathered.mark(), self.files.len());
        let outcome = read(self);
        if let Err(error @ ReadError::Limit { .. }) = outcome {
            return Err(error);
        }
        // A few headings of a manual look like postings too; their titles name no work.
        let found = self.gathered.roles_since(&before.0);
        let named = found.iter().filter(|role| markdown::names_work(&role.title)).count();
        if outcome.is_err() || named * 2 < found.len() {
            self.gathered.rewind(before.0);
            self.files.truncate(before.1);
            self.left_out(name, "tells about the other files".into());
        }
        Ok(())
    }
}

/// The sheets of one workbook.
struct Book<'r, 'o> {
    reading: &'r mut Reading<'o>,
    name: String,
    kind: workbook::Kind,
}

impl workbook::Sheets for Book<'_, '_> {
    fn sheet(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut Sink<'_>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let kind = self.kind;
        self.reading.note(&format!("{}/{name}", self.name), &mut |sink| {
            read(sink)?;
            Ok(Told::of_binary(kind.name()))
        })
    }

    fn left_out(&mut self, name: &str, reason: String) {
        container::Visitor::left_out(self.reading, &format!("{}/{name}", self.name), reason);
    }

    fn failed(&mut self, name: &str, reason: String) {
        container::Visitor::failed(self.reading, &format!("{}/{name}", self.name), reason);
    }
}

/// Reads one file that is no container.
fn read_source(
    source: Source<'_>,
    options: &ReadOptions,
    sink: &mut Sink<'_>,
) -> Result<Told, ReadError> {
    if detect::is_parquet(&source.head, options.format) {
        let encoding = parquet::read(source.into_seekable()?, sink)?;
        let encoding = encoding.map_or("UTF-8", |encoding| encoding.name()).to_string();
        return Ok(Told { format: Format::Parquet.to_string(), encoding, malformed: false });
    }
    let path = source.path.clone();
    let mut text = TextReader::new(source.into_reader(), options.encoding.as_deref())?;
    let format = read_text(path.as_deref(), &mut text, options.format, sink)?;
    Ok(Told {
        format: format.to_string(),
        encoding: text.encoding().to_string(),
        malformed: text.malformed(),
    })
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
        None => detect::of_text(&name, path, &sample)?,
    };
    match format {
        Format::Markdown => markdown::read(&whole(text, &name)?, sink),
        Format::Html => markdown::read_page(&whole(text, &name)?, sink)?,
        Format::Jsonl => json::read(json::Arrangement::Lines, text, sink)?,
        Format::Json => json::read(json::Arrangement::Document, text, sink)?,
        Format::Csv | Format::Tsv => csv::read(format, &sample, text, sink)?,
        Format::Parquet => return Err(parquet::promised(&name)),
    }
    Ok(format)
}

/// A text that has to be held in memory.
fn whole<R: Read>(text: &mut TextReader<R>, name: &str) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    let read = text.by_ref().take(MAX_DOCUMENT_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|source| ReadError::Io { file: name.to_string(), source })?;
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(ReadError::Limit {
            file: name.to_string(),
            seen: format!("a text of more than {} MiB", MAX_DOCUMENT_BYTES >> 20),
            advice: "cut it into files, and name their folder",
        });
    }
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(match without_invisible(&text) {
        Cow::Owned(visible) => visible,
        Cow::Borrowed(_) => text,
    })
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
