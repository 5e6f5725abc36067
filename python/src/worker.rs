//! Rows answered one by one: what `rolecluster worker` does, over tables in memory.

use std::ffi::OsString;

use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use rolecluster::cli::args::Command;
use rolecluster::cli::reading::{self, Read};
use rolecluster::cli::worker::worker_settings;
use rolecluster::pipeline::{self, WorkerEvent, WorkerSettings};
use rolecluster::progress::{Progress, Silent};

use crate::command::{parse, unexpected};
use crate::interrupt::interruptible;
use crate::table::{Rows, Table};

/// A task with its model loaded, that answers any number of tables.
#[pyclass(module = "rolecluster._rolecluster", frozen)]
pub struct Worker {
    inner: pipeline::Worker,
}

#[pymethods]
impl Worker {
    /// `arguments` are those of `rolecluster worker`.
    #[new]
    fn new(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<Self> {
        let settings = settings(arguments)?;
        let load = |_: &dyn Progress| -> anyhow::Result<pipeline::Worker> {
            Ok(pipeline::Worker::load(settings)?)
        };
        Ok(Worker { inner: interruptible(py, silent, load)? })
    }

    /// What to know about the model: a sentence each.
    #[getter]
    fn notes(&self) -> Vec<String> {
        match self.inner.ready() {
            WorkerEvent::Ready { notes, .. } => notes,
            _ => Vec::new(),
        }
    }

    /// One row for every row, in the same order.
    fn answer(&self, py: Python<'_>, table: AnyRecordBatch) -> PyResult<Table> {
        let rows = Rows::of(table)?;
        interruptible(py, silent, |progress| {
            let mut answering = self.inner.answering(&rows.like())?;
            let nothing = answering.answer(&rows.like(), progress)?;
            let mut answers = Vec::new();
            for batch in rows {
                for portion in self.inner.portions(&batch?) {
                    progress.advance(0);
                    answers.push(answering.answer(&portion, progress)?);
                }
            }
            Ok(Table::new(nothing, answers))
        })
    }
}

fn settings(arguments: Vec<OsString>) -> PyResult<WorkerSettings> {
    match parse(arguments)? {
        Command::Worker(arguments) => Ok(worker_settings(arguments)),
        _ => Err(unexpected()),
    }
}

/// The roles in files, and warnings. `arguments` are those of `rolecluster embed --dry-run`.
#[pyfunction]
pub fn read(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<(Table, Vec<String>)> {
    let Command::Embed(arguments) = parse(arguments)? else { return Err(unexpected()) };
    let settings = arguments.settings().embed;
    interruptible(py, silent, |progress| {
        let outcome = pipeline::read_inputs(&settings.inputs, &settings.read, progress)?;
        let warnings = reading::warnings(&Read::from(&outcome));
        let roles = pipeline::role_columns(outcome.corpus.roles())?;
        Ok((Table::of(roles.into()), warnings))
    })
}

/// Progress that nobody sees.
pub fn silent() -> Box<dyn Progress> {
    Box::new(Silent)
}
