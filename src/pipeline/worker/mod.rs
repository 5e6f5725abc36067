//! A worker inside an engine such as Spark or Ray: rows in, answers out, for as long as rows come.
//!
//! Rows are an Arrow IPC stream, answers another with one row for every row, in the same order. The
//! answer to a row depends on that row and the settings alone: batches of any size, in any order,
//! on any number of machines give the same bytes. A row that cannot be answered has a reason. The
//! next batch is read when the answers to the last one have been taken, so a slow reader slows the
//! sender down, and no more than a batch is in memory.

mod answering;
mod answers;
mod coding;
mod embedding;
mod gathered;
mod rows;
mod settings;
mod tasks;

use std::io::{self, Read, Write};

pub use answering::{Answering, Worker, role_columns};
pub use settings::{Task, Worked, WorkerEvent, WorkerSettings};

use crate::error::Error;
use crate::export::AnswerWriter;
use crate::progress::Silent;
use crate::read::ArrowStream;

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
    let worker = Worker::load(settings.clone())?;
    tell(worker.ready());

    let mut stream = ArrowStream::open(input)?;
    let mut answering = worker.answering(&stream.empty_batch())?;
    tell(WorkerEvent::Columns { columns: answering.used() });
    let mut writer = AnswerWriter::begin(output, answering.table())
        .map_err(|source| unwritten(source, answering.worked()))?;
    while let Some(batch) = stream.next_batch()? {
        for rows in worker.portions(&batch) {
            let before = answering.worked();
            let answers = answering.answer(&rows, &Silent)?;
            writer.write(&answers).map_err(|source| unwritten(source, before))?;
            tell(WorkerEvent::Progress(answering.worked()));
        }
    }
    let worked = answering.worked();
    writer.finish().map_err(|source| unwritten(source, worked))?;
    stream.end()?;
    tell(WorkerEvent::Done(worked));
    Ok(worked)
}

fn unwritten(source: io::Error, worked: Worked) -> Error {
    Error::Answers { rows: worked.rows, reason: source.to_string() }
}
