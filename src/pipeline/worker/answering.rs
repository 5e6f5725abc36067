//! A task that is loaded once and answers tables, batch by batch.

use std::collections::HashMap;

use super::answers::{Answers, Given, Rows};
use super::rows::Reader;
use super::settings::{Worked, WorkerEvent, WorkerSettings};
use super::tasks::Loaded;
use crate::error::Error;
use crate::export::{AnswerColumn, AnswerTable, Values, answer_batch};
use crate::intake::ColumnUse;
use crate::progress::{Progress, Silent};
use crate::ranges::ranges;
use crate::read::Batch;
use crate::role::Role;
use crate::store::model_metadata;

/// Version of the columns of the answers, in the metadata of their schema.
const ANSWERS_VERSION: &str = "1";

/// A task, loaded: any number of tables may be answered by it, at once or one after the other.
pub struct Worker {
    settings: WorkerSettings,
    loaded: Loaded,
}

impl Worker {
    /// Loads the model, or the run, of a task.
    ///
    /// # Errors
    /// When one of the two cannot be loaded, or the task needs a run and none is named.
    pub fn load(settings: WorkerSettings) -> Result<Self, Error> {
        let loaded = Loaded::load(&settings)?;
        Ok(Worker { settings, loaded })
    }

    /// What there is to know before the first row.
    pub fn ready(&self) -> WorkerEvent {
        WorkerEvent::Ready {
            task: self.settings.task,
            version: env!("CARGO_PKG_VERSION"),
            model: self.loaded.model().cloned(),
            notes: self.loaded.notes(),
        }
    }

    /// For batches with the columns of `like`, whose rows are not looked at.
    ///
    /// # Errors
    /// When no column can be used, one that was named is not there, or one that is to be kept has
    /// the name of an answer.
    pub fn answering(&self, like: &Batch) -> Result<Answering<'_>, Error> {
        let kept = like.places(&self.settings.keep)?;
        let mut reader = Reader::new(like, &self.settings)?;
        let nothing = like.empty();
        let (columns, _) = answers(&self.loaded, &mut reader, &nothing, &Silent)?;
        refuse_names_twice(&self.settings.keep, &columns)?;
        let table = AnswerTable::new((&nothing, kept), &columns, self.metadata());
        let table = table.map_err(|error| unwritten(&error, Worked::default()))?;
        Ok(Answering { loaded: &self.loaded, reader, table, worked: Worked::default() })
    }

    /// A batch in the pieces that are best answered in one call each.
    pub fn portions<'a>(&self, batch: &'a Batch) -> impl Iterator<Item = Batch> + use<'a> {
        let (n_rows, step) = (batch.n_rows(), self.loaded.rows_at_once());
        ranges(n_rows, step).map(|rows| batch.slice(rows))
    }

    /// What an engine, or whoever finds the answers in a file, may want to know of them.
    fn metadata(&self) -> HashMap<String, String> {
        let mut metadata = self.loaded.model().map(model_metadata).unwrap_or_default();
        for (key, value) in [
            ("rolecluster.version", env!("CARGO_PKG_VERSION")),
            ("rolecluster.task", self.settings.task.name()),
            ("rolecluster.answers", ANSWERS_VERSION),
        ] {
            metadata.insert(key.to_string(), value.to_string());
        }
        metadata
    }
}

/// A task at work on the rows of one table.
pub struct Answering<'a> {
    loaded: &'a Loaded,
    reader: Reader<'a>,
    table: AnswerTable,
    worked: Worked,
}

impl Answering<'_> {
    /// What each column is used for.
    pub fn used(&self) -> Vec<(String, ColumnUse)> {
        self.reader.used()
    }

    /// The columns of the answers.
    pub fn table(&self) -> &AnswerTable {
        &self.table
    }

    /// Rows answered so far.
    pub fn worked(&self) -> Worked {
        self.worked
    }

    /// One answer for every row, in the same order.
    ///
    /// # Errors
    /// When the model or the device fails; a row that cannot be answered is no error.
    pub fn answer(&mut self, rows: &Batch, progress: &dyn Progress) -> Result<Batch, Error> {
        let before = self.worked;
        let (columns, n_bad) = answers(self.loaded, &mut self.reader, rows, progress)?;
        self.worked.rows += rows.n_rows() as u64;
        self.worked.bad += n_bad;
        self.table.batch(rows, &columns).map_err(|error| unwritten(&error, before))
    }
}

/// Roles that were read from files, in the columns of [`Task::Read`](super::Task::Read).
///
/// # Errors
/// When they are too many for Arrow.
pub fn role_columns(roles: &[Role]) -> Result<Batch, Error> {
    let ids = roles.iter().map(|role| Some(role.id.as_str().to_string())).collect();
    let given = roles.iter().map(|role| Ok(Given::Role(Box::new(role.clone())))).collect();
    let (columns, _) = with_ids(&Loaded::Read, ids, given, &Silent)?;
    answer_batch(&columns).map_err(|error| unwritten(&error, Worked::default()))
}

/// The columns of the answers to `rows`, and how many rows have none.
fn answers(
    loaded: &Loaded,
    reader: &mut Reader<'_>,
    rows: &Batch,
    progress: &dyn Progress,
) -> Result<(Vec<AnswerColumn>, u64), Error> {
    let (ids, given) = reader.read(rows);
    with_ids(loaded, ids, given, progress)
}

fn with_ids(
    loaded: &Loaded,
    ids: Vec<Option<String>>,
    given: Rows<Given>,
    progress: &dyn Progress,
) -> Result<(Vec<AnswerColumn>, u64), Error> {
    let Answers { columns, reasons, n_bad } = loaded.answer(given, progress)?;
    let mut all = vec![("id", Values::Texts(ids))];
    all.extend(columns);
    all.push(("reason", Values::Texts(reasons)));
    Ok((all, n_bad))
}

fn refuse_names_twice(kept: &[String], answers: &[AnswerColumn]) -> Result<(), Error> {
    let is_answer = |name: &&String| answers.iter().any(|(answer, _)| answer == name);
    match kept.iter().find(is_answer) {
        Some(column) => Err(Error::KeptTwice { column: column.clone() }),
        None => Ok(()),
    }
}

fn unwritten(error: &std::io::Error, worked: Worked) -> Error {
    Error::Answers { rows: worked.rows, reason: error.to_string() }
}
