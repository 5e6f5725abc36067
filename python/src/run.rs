//! Run folders: made, searched and looked into.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{FixedSizeListArray, Float32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use rolecluster::cli::args::Command;
use rolecluster::cli::reading::{self, Read};
use rolecluster::cli::run::discover_settings;
use rolecluster::cli::settings::{Queries, SearchSettings};
use rolecluster::cli::{Printer, summary, volume::Volume};
use rolecluster::pipeline::{self, Hit};
use rolecluster::progress::Progress;
use rolecluster::store::{Part, RunFolder};
use rolecluster::{export, read};

use crate::command::{parse, unexpected};
use crate::error::{UsageError, raised};
use crate::interrupt::interruptible;
use crate::table::{Rows, Table};
use crate::worker::silent;

/// Makes a run folder of files, or of a table in their place. `arguments` are those of
/// `rolecluster run`. Returns notes and warnings.
#[pyfunction]
#[pyo3(signature = (arguments, table, watched))]
pub fn cluster(
    py: Python<'_>,
    arguments: Vec<OsString>,
    table: Option<AnyRecordBatch>,
    watched: bool,
) -> PyResult<(Vec<String>, Vec<String>)> {
    let Command::Run(arguments) = parse(arguments)? else { return Err(unexpected()) };
    let without_effect = arguments.grouping.without_effect().map(str::to_string);
    let settings = arguments.settings();
    if settings.dry_run {
        return Err(UsageError::new_err(
            "a dry run is for the command line: `rolecluster run --dry-run`",
        ));
    }
    let rows = table.map(Rows::of).transpose()?;
    // Drawn on a terminal, if anybody looks.
    let bar = move || if watched { Printer::new(Volume::Normal).progress() } else { silent() };
    interruptible(py, bar, |progress| {
        let discover = discover_settings(&settings)?;
        let embed = &settings.embed;
        let outcome = match rows {
            Some(rows) => {
                read::read_table(&rows.whole()?, &embed.read).map_err(rolecluster::Error::from)?
            }
            None => pipeline::read_inputs(&embed.inputs, &embed.read, progress)?,
        };
        settings.refuse_too_many_clusters(outcome.corpus.len())?;
        let mut warnings = reading::warnings(&Read::from(&outcome));
        let (mut writer, embedded) = pipeline::embed_read(outcome, embed, progress)?;
        warnings.extend(summary::shortened(&embedded.intake));
        let report = pipeline::discover(&mut writer, &discover, progress)?;
        warnings.extend(report.method.warnings);
        let notes = without_effect.into_iter().chain(embedded.notes).collect();
        Ok((notes, warnings))
    })
}

/// A run folder opened for searching.
#[pyclass(module = "rolecluster._rolecluster", frozen)]
pub struct Searcher {
    inner: pipeline::Searcher,
}

#[pymethods]
impl Searcher {
    /// `arguments` are those of `rolecluster search` without a query.
    #[new]
    fn new(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<Self> {
        let SearchSettings { dir, model, .. } = settings(arguments)?;
        let open = |_: &dyn Progress| -> anyhow::Result<pipeline::Searcher> {
            let run = RunFolder::open(&dir).map_err(rolecluster::Error::from)?;
            Ok(pipeline::Searcher::open(&run, model)?)
        };
        Ok(Searcher { inner: interruptible(py, silent, open)? })
    }

    /// The roles most like a query, best first; `arguments` are those of `rolecluster search`.
    fn search(&self, py: Python<'_>, arguments: Vec<OsString>) -> PyResult<Table> {
        let SearchSettings { queries, search, .. } = settings(arguments)?;
        let Queries::One(query) = queries else {
            return Err(UsageError::new_err("give a text to search for, or an id as `like`"));
        };
        interruptible(py, silent, |_| {
            let answer = self.inner.search(&query, &search)?;
            Ok(Table::of(hits(&answer.hits)?))
        })
    }
}

fn settings(arguments: Vec<OsString>) -> PyResult<SearchSettings> {
    match parse(arguments)? {
        Command::Search(arguments) => arguments.check().map_err(raised),
        _ => Err(unexpected()),
    }
}

/// A row for each hit, in the columns that `rolecluster search --json` has.
fn hits(hits: &[Hit]) -> anyhow::Result<RecordBatch> {
    use export::Values;
    let texts = |of: &dyn Fn(&Hit) -> Option<String>| Values::Texts(hits.iter().map(of).collect());
    let numbers = |of: &dyn Fn(&Hit) -> Option<i64>| Values::Numbers(hits.iter().map(of).collect());
    let mut columns = vec![
        ("rank", numbers(&|hit| i64::try_from(hit.rank).ok())),
        ("id", texts(&|hit| Some(hit.id.to_string()))),
        ("title", texts(&|hit| Some(hit.title.clone()))),
        ("score", Values::Shares(hits.iter().map(|hit| Some(hit.score)).collect())),
        ("cluster", numbers(&|hit| Some(hit.cluster?.number().into()))),
        ("cluster_name", texts(&|hit| hit.cluster_name.clone())),
        ("direction", numbers(&|hit| Some(hit.direction?.number().into()))),
        ("direction_name", texts(&|hit| hit.direction_name.clone())),
        ("section", texts(&|hit| hit.section.clone())),
    ];
    if hits.iter().any(|hit| hit.explanation.is_some()) {
        let why = || hits.iter().map(|hit| hit.explanation.clone());
        let lists = [
            ("sentence", Values::Texts(why().map(|why| Some(why?.sentence)).collect())),
            ("technologies", Values::TextLists(why().map(|why| Some(why?.technologies)).collect())),
            ("words", Values::TextLists(why().map(|why| Some(why?.words)).collect())),
        ];
        columns.extend(lists);
    }
    Ok(export::answer_batch(&columns)?.into())
}

/// The roles of a run folder, as `rolecluster export --format parquet` writes them.
#[pyfunction]
pub fn roles(py: Python<'_>, folder: PathBuf) -> PyResult<Table> {
    interruptible(py, silent, |_| {
        let run = RunFolder::open(&folder).map_err(rolecluster::Error::from)?;
        let (report, _) = pipeline::load_report(&run)?;
        let roles = run.roles().map_err(rolecluster::Error::from)?.corpus;
        let table = export::role_table(&report, roles.roles(), &Default::default())?;
        Ok(Table::of(table.into()))
    })
}

/// The vectors of a run folder and the ids of their roles.
#[pyfunction]
pub fn vectors(py: Python<'_>, folder: PathBuf) -> PyResult<Table> {
    interruptible(py, silent, |_| {
        let run = RunFolder::open(&folder).map_err(rolecluster::Error::from)?;
        let embeddings = run.embeddings().map_err(rolecluster::Error::from)?;
        let ids: StringArray = embeddings.ids().iter().map(|id| Some(id.as_str())).collect();
        let (vectors, _) = embeddings.into_vectors();
        let width = i32::try_from(vectors.cols())?;
        let item = Arc::new(Field::new("item", DataType::Float32, false));
        // The numbers stay where they are.
        let numbers = Arc::new(Float32Array::from(vectors.into_vec()));
        let vectors = FixedSizeListArray::try_new(item, width, numbers, None)?;
        let columns: [(&str, arrow_array::ArrayRef); 2] =
            [("id", Arc::new(ids)), ("vector", Arc::new(vectors))];
        Ok(Table::of(RecordBatch::try_from_iter(columns)?))
    })
}

/// The specialisations of a run folder, the largest first.
#[pyfunction]
pub fn specialisations(py: Python<'_>, folder: PathBuf) -> PyResult<Table> {
    use export::Values;
    interruptible(py, silent, |_| {
        let run = RunFolder::open(&folder).map_err(rolecluster::Error::from)?;
        let (report, _) = pipeline::load_report(&run)?;
        let all = || report.profiles.iter();
        let direction_name = |id: rolecluster::clustering::DirectionId| {
            report.directions.get(id.index()).map(|direction| direction.name.clone())
        };
        let columns = vec![
            ("cluster", Values::Numbers(all().map(|p| Some(p.id.number().into())).collect())),
            ("name", Values::Texts(all().map(|p| Some(p.name.clone())).collect())),
            ("roles", Values::Numbers(all().map(|p| i64::try_from(p.size).ok()).collect())),
            (
                "direction",
                Values::Numbers(all().map(|p| Some(p.direction?.number().into())).collect()),
            ),
            (
                "direction_name",
                Values::Texts(all().map(|p| direction_name(p.direction?)).collect()),
            ),
            (
                "technologies",
                Values::TextLists(
                    all()
                        .map(|p| Some(p.technologies.iter().map(|t| t.name.clone()).collect()))
                        .collect(),
                ),
            ),
        ];
        Ok(Table::of(export::answer_batch(&columns)?.into()))
    })
}

/// The report of a run folder, as JSON.
#[pyfunction]
pub fn report(py: Python<'_>, folder: PathBuf) -> PyResult<String> {
    interruptible(py, silent, |_| {
        let run = RunFolder::open(&folder).map_err(rolecluster::Error::from)?;
        Ok(run
            .json::<serde_json::Value>(Part::Report)
            .map_err(rolecluster::Error::from)?
            .to_string())
    })
}
