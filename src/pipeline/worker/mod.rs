//! A worker inside an engine such as Spark or Ray: rows in, answers out, for as long as rows come.
//!
//! Rows are an Arrow IPC stream, answers another with one row for every row, in the same order. The
//! answer to a row depends on that row and the settings alone: batches of any size, in any order,
//! on any number of machines give the same bytes. A row that cannot be answered has a reason. The
//! next batch is read when the answers to the last one have been taken, so a slow reader slows the
//! sender down, and no more than a batch is in memory.

mod answers;
mod coding;
mod embedding;
mod gathered;
mod rows;
mod settings;
mod tasks;

use std::collections::HashMap;
use std::io::{self, Read, Write};

pub use settings::{Task, Worked, WorkerEvent, WorkerSettings};

use crate::error::Error;
use crate::export::{AnswerColumn, AnswerWriter, Values};
use crate::read::{ArrowStream, Batch};
use crate::store::model_metadata;
use answers::Answers;
use rows::Reader;
use tasks::Loaded;

/// Version of the columns of the answers, in the metadata of their schema.
const ANSWERS_VERSION: &str = "1";

/// Answers every row of `input` on `output`, and tells `tell` how far it is.
///
/// # Errors
/// When the model or the run cannot be loaded, the input is no Arrow stream, breaks off, or has no
/// column that can be used, or the output is closed. What was written until then is whole, and has
/// no mark of the end.
pub fn work(
    settings: &WorkerSettings,
    input: impl Read,
    output: impl Write,
    tell: &mut dyn FnMut(WorkerEvent),
) -> Result<Worked, Error> {
    let loaded = Loaded::load(settings)?;
    let (task, version) = (settings.task, env!("CARGO_PKG_VERSION"));
    let (model, notes) = (loaded.model().cloned(), loaded.notes());
    tell(WorkerEvent::Ready { task, version, model, notes });

    let mut stream = ArrowStream::open(input)?;
    let kept = stream.places(&settings.keep)?;
    let reader = Reader::new(&stream, settings)?;
    tell(WorkerEvent::Columns { columns: reader.used() });
    let mut answering = Answering { loaded: &loaded, reader, worked: Worked::default() };
    let nothing = stream.empty_batch();
    let columns = answering.answer(&nothing)?;
    refuse_names_twice(&settings.keep, &columns)?;
    let metadata = metadata(task, &loaded);
    let mut writer = AnswerWriter::begin(output, (&nothing, kept), &columns, metadata)
        .map_err(|source| unwritten(source, answering.worked))?;
    while let Some(batch) = stream.next_batch()? {
        for start in (0..batch.n_rows()).step_by(loaded.rows_at_once()) {
            let rows = batch.slice(start..batch.n_rows().min(start + loaded.rows_at_once()));
            let before = answering.worked;
            let columns = answering.answer(&rows)?;
            writer.write(&rows, &columns).map_err(|source| unwritten(source, before))?;
            tell(WorkerEvent::Progress(answering.worked));
        }
    }
    writer.finish().map_err(|source| unwritten(source, answering.worked))?;
    stream.end()?;
    tell(WorkerEvent::Done(answering.worked));
    Ok(answering.worked)
}

/// A task at work on the rows of a stream.
struct Answering<'a> {
    loaded: &'a Loaded,
    reader: Reader<'a>,
    worked: Worked,
}

impl Answering<'_> {
    /// The columns of the answers to `rows`.
    fn answer(&mut self, rows: &Batch) -> Result<Vec<AnswerColumn>, Error> {
        let (ids, given) = self.reader.read(rows);
        let Answers { columns, reasons, n_bad } = self.loaded.answer(given)?;
        self.worked.rows += rows.n_rows() as u64;
        self.worked.bad += n_bad;
        let mut all = vec![("id", Values::Texts(ids))];
        all.extend(columns);
        all.push(("reason", Values::Texts(reasons)));
        Ok(all)
    }
}

/// What an engine, or whoever finds the answers in a file, may want to know of them.
fn metadata(task: Task, loaded: &Loaded) -> HashMap<String, String> {
    let mut metadata = loaded.model().map(model_metadata).unwrap_or_default();
    for (key, value) in [
        ("rolecluster.version", env!("CARGO_PKG_VERSION")),
        ("rolecluster.task", task.name()),
        ("rolecluster.answers", ANSWERS_VERSION),
    ] {
        metadata.insert(key.to_string(), value.to_string());
    }
    metadata
}

fn refuse_names_twice(kept: &[String], answers: &[AnswerColumn]) -> Result<(), Error> {
    let is_answer = |name: &&String| answers.iter().any(|(answer, _)| answer == name);
    match kept.iter().find(is_answer) {
        Some(column) => Err(Error::KeptTwice { column: column.clone() }),
        None => Ok(()),
    }
}

fn unwritten(source: io::Error, worked: Worked) -> Error {
    Error::Answers { rows: worked.rows, reason: source.to_string() }
}
