//! What a worker is told, and what it tells.

use std::path::PathBuf;

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::classify::Scheme;
use crate::embeddings::ModelFingerprint;
use crate::intake::ColumnUse;
use crate::pipeline::{CodeSettings, ModelSettings, SearchOptions};
use crate::read::Columns;
use crate::unknown_name::UnknownName;

/// What a worker does with every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames, Serialize)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_task)]
pub enum Task {
    /// Columns, whatever they are called -> the parts of a role.
    Read,
    /// A role -> its text without stock phrases, and the keys by which an engine counts sentences
    /// and duplicates over all machines.
    Clean,
    /// A role, or a text that was cleaned before -> its vector.
    Embed,
    /// A role -> its place among the specialisations of a run.
    Assign,
    /// A role -> its standard occupations.
    Codes,
    /// A query -> the roles of a run most like it.
    Search,
    /// Sentences that many roles say, gathered by the keys of [`Task::Clean`] as JSON -> those that
    /// recur among roles which have nothing else in common.
    Recurring,
    /// Roles that may repeat each other, gathered so too -> which one each repeats.
    Duplicates,
}

fn unknown_task(name: &str) -> UnknownName {
    UnknownName::new("task", name, Task::VARIANTS)
}

impl Task {
    /// Its name.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What a worker is told.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// What it does.
    pub task: Task,
    /// The run it does it for: [`Task::Assign`] and [`Task::Search`] need one, [`Task::Clean`] and
    /// [`Task::Embed`] treat rows as those of the run were treated where there is one.
    pub run: Option<PathBuf>,
    /// The model of [`Task::Embed`]; with a run only the device counts.
    pub model: ModelSettings,
    /// Name of the prompt put before every role.
    pub prompt_name: Option<String>,
    /// Where the model of the run is now, if it was moved.
    pub run_model: Option<crate::encode::Source>,
    /// Sentences that [`Task::Clean`], [`Task::Embed`] and [`Task::Codes`] leave out beside those of
    /// the lexicon and of the run.
    pub boilerplate: Vec<String>,
    /// How [`Task::Codes`] codes; without a language, the titles of a row's codes are in its own.
    pub codes: CodeSettings,
    /// How [`Task::Search`] searches.
    pub search: SearchOptions,
    /// Names of columns; those left open are told by their names.
    pub columns: Columns,
    /// Columns of the rows that are passed on beside the answers.
    pub keep: Vec<String>,
}

impl WorkerSettings {
    /// The bundled model and defaults for everything else.
    pub fn new(task: Task) -> Self {
        WorkerSettings {
            task,
            run: None,
            model: ModelSettings::default(),
            prompt_name: None,
            run_model: None,
            boilerplate: Vec::new(),
            codes: CodeSettings { scheme: Scheme::Isco, language: None },
            search: SearchOptions::default(),
            columns: Columns::default(),
            keep: Vec::new(),
        }
    }
}

/// What a worker tells while it works.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum WorkerEvent {
    /// Everything is loaded; rows may come.
    Ready {
        /// What it does.
        task: Task,
        /// Of the program.
        version: &'static str,
        /// The model, where the task has one.
        model: Option<ModelFingerprint>,
        /// What to know about it: a sentence each.
        notes: Vec<String>,
    },
    /// The schema has come.
    Columns {
        /// What each column is used for.
        columns: Vec<(String, ColumnUse)>,
    },
    /// Rows have been answered.
    Progress(Worked),
    /// All rows have been answered.
    Done(Worked),
}

/// How many rows a worker has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Worked {
    /// All of them.
    pub rows: u64,
    /// Those with a reason instead of an answer.
    pub bad: u64,
}
