//! The tasks of a worker: each is loaded once and answers rows, every row by itself.

use arcstr::ArcStr;
use rayon::prelude::*;

use super::answers::{
    Answers, Given, Rows, number_lists, numbers, share_lists, shares, text_lists, texts, work_on,
};
use super::coding::Coding;
use super::embedding::{Embedding, cleaner};
use super::gathered;
use super::settings::{Task, WorkerSettings};
use crate::clean::{CleanedRole, RoleCleaner};
use crate::clustering::Clustering;
use crate::embeddings::ModelFingerprint;
use crate::encode::Encoder;
use crate::error::Error;
use crate::intake::BoilerplateSource;
use crate::pipeline::assign::{Assigner, Place};
use crate::pipeline::cluster_names::ClusterNames;
use crate::pipeline::model_settings::QueryModel;
use crate::pipeline::query::{Query, SearchOptions};
use crate::pipeline::searcher::Searcher;
use crate::progress::Progress;
use crate::role::Role;
use crate::store::{Part, RunFolder};
use crate::text;

/// Rows answered at once where a task has no wish of its own: few, so that answers flow.
const ROWS_AT_ONCE: usize = 1_024;

/// A task, loaded.
pub(super) enum Loaded {
    Read,
    Clean(Box<RoleCleaner>),
    Embed(Box<Embedding>),
    Assign(Box<Assigning>),
    Codes(Box<Coding>),
    Search(Box<Searching>),
    Recurring,
    Duplicates,
}

/// What places roles among specialisations.
pub(super) struct Assigning {
    assigner: Assigner,
    encoder: Encoder,
    clustering: Clustering,
    names: ClusterNames,
}

/// What searches a run.
pub(super) struct Searching {
    searcher: Searcher,
    options: SearchOptions,
}

impl Loaded {
    pub(super) fn load(settings: &WorkerSettings) -> Result<Self, Error> {
        let run = settings.run.as_deref().map(RunFolder::open).transpose()?;
        let query_model = QueryModel {
            source: settings.run_model.clone(),
            device: settings.model.device,
            prompt_name: None,
        };
        match (settings.task, run) {
            (Task::Read, _) => Ok(Loaded::Read),
            (Task::Recurring, _) => Ok(Loaded::Recurring),
            (Task::Duplicates, _) => Ok(Loaded::Duplicates),
            (Task::Clean, run) => Ok(Loaded::Clean(Box::new(cleaner(run.as_ref(), settings)?))),
            (Task::Embed, run) => {
                Ok(Loaded::Embed(Box::new(Embedding::load(settings, &query_model, run)?)))
            }
            (Task::Codes, run) => {
                let embedding = Embedding::load(settings, &query_model, run)?;
                Ok(Loaded::Codes(Box::new(Coding::load(embedding, settings.codes)?)))
            }
            (Task::Assign, Some(run)) => {
                Ok(Loaded::Assign(Box::new(Assigning::load(&run, &query_model)?)))
            }
            (Task::Search, Some(run)) => {
                let searcher = Searcher::open(&run, query_model)?;
                searcher.prepare()?;
                let options = settings.search.clone();
                Ok(Loaded::Search(Box::new(Searching { searcher, options })))
            }
            (task @ (Task::Assign | Task::Search), None) => {
                Err(Error::NoRunForTask { task: task.name() })
            }
        }
    }

    pub(super) fn model(&self) -> Option<&ModelFingerprint> {
        match self {
            Loaded::Read | Loaded::Clean(_) | Loaded::Recurring | Loaded::Duplicates => None,
            Loaded::Codes(task) => Some(&task.embedding.model),
            Loaded::Embed(task) => Some(&task.model),
            Loaded::Assign(task) => Some(task.assigner.made_by()),
            Loaded::Search(task) => Some(task.searcher.model()),
        }
    }

    pub(super) fn notes(&self) -> Vec<String> {
        match self {
            Loaded::Read | Loaded::Clean(_) | Loaded::Recurring | Loaded::Duplicates => Vec::new(),
            Loaded::Embed(task) => task.notes.clone(),
            Loaded::Codes(task) => task.embedding.notes.clone(),
            Loaded::Assign(task) => {
                let older = "the run was clustered by an early version: strengths are of the \
                    algorithm's own kind; `rolecluster cluster` on it mends that";
                task.assigner.is_of_older_kind().then(|| older.to_string()).into_iter().collect()
            }
            Loaded::Search(task) => task.searcher.take_notes(),
        }
    }

    /// Rows to hand to [`Loaded::answer`] in one call.
    pub(super) fn rows_at_once(&self) -> usize {
        match self {
            Loaded::Read | Loaded::Clean(_) | Loaded::Search(_) => ROWS_AT_ONCE,
            // A row stands for many roles.
            Loaded::Recurring | Loaded::Duplicates => 1,
            Loaded::Codes(task) => task.embedding.encoder.texts_at_once().max(ROWS_AT_ONCE),
            Loaded::Embed(task) => task.encoder.texts_at_once().max(ROWS_AT_ONCE),
            Loaded::Assign(task) => task.encoder.texts_at_once().max(ROWS_AT_ONCE),
        }
    }

    pub(super) fn answer(
        &self,
        rows: Rows<Given>,
        progress: &dyn Progress,
    ) -> Result<Answers, Error> {
        match self {
            Loaded::Read => Ok(read(roles(rows))),
            Loaded::Clean(cleaner) => Ok(clean(cleaner, roles(rows))),
            Loaded::Embed(task) => task.answer(rows, progress),
            Loaded::Assign(task) => task.answer(roles(rows), progress),
            Loaded::Codes(task) => task.answer(roles(rows), progress),
            Loaded::Search(task) => task.answer(rows, progress),
            Loaded::Recurring => Ok(gathered::recurring(rows)),
            Loaded::Duplicates => Ok(gathered::duplicates(rows)),
        }
    }
}

fn roles(rows: Rows<Given>) -> Rows<Role> {
    rows.into_iter().map(|row| row.and_then(Given::role)).collect()
}

fn read(rows: Rows<Role>) -> Answers {
    // Names and texts always become JSON.
    let fields = |role: &Role| serde_json::to_string(&role.fields).ok();
    let word = |word: &Option<ArcStr>| word.as_ref().map(ArcStr::to_string);
    let columns = vec![
        ("title", texts(&rows, |role| Some(role.title.to_string()))),
        ("description", texts(&rows, |role| Some(role.description.to_string()))),
        ("stack", text_lists(&rows, |role| owned(&role.stack))),
        ("section", texts(&rows, |role| word(&role.section))),
        ("date", texts(&rows, |role| word(&role.facts.date))),
        ("place", texts(&rows, |role| word(&role.facts.place))),
        ("company", texts(&rows, |role| word(&role.facts.company))),
        ("pay", texts(&rows, |role| word(&role.facts.pay))),
        ("fields", texts(&rows, fields)),
    ];
    Answers::of(&rows, columns)
}

fn owned(words: &[ArcStr]) -> Vec<String> {
    words.iter().map(ArcStr::to_string).collect()
}

fn sources(role: &CleanedRole) -> Vec<String> {
    let name = |source: &BoilerplateSource| match source {
        BoilerplateSource::Recurring => "recurring".to_string(),
        BoilerplateSource::Lexicon => "lexicon".to_string(),
    };
    role.left_out_sources.iter().map(name).collect()
}

fn clean(cleaner: &RoleCleaner, rows: Rows<Role>) -> Answers {
    let cleaned: Rows<CleanedRole> =
        rows.into_par_iter().map(|row| row.map(|role| cleaner.clean(&role))).collect();
    // Engines without unsigned numbers compare the same bits.
    let signed = |keys: &[u64]| keys.iter().map(|&key| key as i64).collect::<Vec<i64>>();
    let columns = vec![
        ("clean_text", texts(&cleaned, |role| Some(role.text.clone()))),
        ("left_out", text_lists(&cleaned, |role| role.left_out.clone())),
        ("left_out_keys", number_lists(&cleaned, |role| Some(signed(&role.left_out_keys)))),
        ("left_out_sources", text_lists(&cleaned, sources)),
        ("written_key", numbers(&cleaned, |role| Some(role.written_key as i64))),
        ("sentence_keys", number_lists(&cleaned, |role| Some(signed(&role.sentence_keys)))),
        ("text_key", numbers(&cleaned, |role| Some(role.text_key as i64))),
        ("bands", number_lists(&cleaned, |role| role.bands.as_deref().map(signed))),
        ("word_places", number_lists(&cleaned, |role| Some(signed(&role.word_places)))),
        ("role_title", texts(&cleaned, |role| Some(role.title.to_string()))),
        ("role_stack", text_lists(&cleaned, |role| owned(&role.stack))),
    ];
    Answers::of(&cleaned, columns)
}

impl Assigning {
    fn load(run: &RunFolder, query_model: &QueryModel) -> Result<Self, Error> {
        let assigner = Assigner::open(run)?;
        let encoder = query_model.load(assigner.made_by())?;
        let clustering = run.json(Part::Clustering)?;
        Ok(Assigning { assigner, encoder, clustering, names: ClusterNames::load(run)? })
    }

    fn answer(&self, rows: Rows<Role>, progress: &dyn Progress) -> Result<Answers, Error> {
        let found = work_on(rows, &|roles: &[Role]| {
            self.assigner.places(roles, || Ok(&self.encoder), progress)
        })?;
        let direction = |place: &Place| self.clustering.direction_of(place.cluster?);
        let direction_name =
            |place: &Place| self.names.of_direction(direction(place)).map(str::to_string);
        let columns = vec![
            ("cluster", numbers(&found, |place| Some(place.cluster?.number().into()))),
            ("cluster_name", texts(&found, |place| place.cluster_name.clone())),
            ("direction", numbers(&found, |place| Some(direction(place)?.number().into()))),
            ("direction_name", texts(&found, direction_name)),
            ("strength", shares(&found, |place| place.cluster.map(|_| place.strength))),
            ("likeness", shares(&found, |place| place.likeness)),
        ];
        let mut answers = Answers::of(&found, columns);
        // A role without a place is answered: that it has none is what was asked.
        for (reason, found) in answers.reasons.iter_mut().zip(&found) {
            let unplaced = found.as_ref().ok().and_then(|place| place.reason);
            *reason = reason.take().or_else(|| Some(unplaced?.to_string()));
        }
        Ok(answers)
    }
}

/// What is found for a query: ids and scores, best first.
type Hits = Vec<(String, f32)>;

impl Searching {
    fn answer(&self, rows: Rows<Given>, progress: &dyn Progress) -> Result<Answers, Error> {
        let text = |given: Given| match given {
            Given::Role(role) => role.text(),
            Given::Text(text) => text,
        };
        let texts: Rows<String> = rows.into_iter().map(|row| row.map(text)).collect();
        let hits = |text: &String| self.hits(text).inspect(|_| progress.advance(1));
        let found: Rows<Hits> =
            work_on(texts, &|texts: &[String]| texts.iter().map(hits).collect())?;
        let columns = vec![
            ("ids", text_lists(&found, |hits| hits.iter().map(|(id, _)| id.clone()).collect())),
            ("scores", share_lists(&found, |hits| hits.iter().map(|(_, score)| *score).collect())),
        ];
        let mut answers = Answers::of(&found, columns);
        for (reason, found) in answers.reasons.iter_mut().zip(&found) {
            if found.as_ref().is_ok_and(Vec::is_empty) {
                *reason = Some("nothing like it here".into());
            }
        }
        Ok(answers)
    }

    fn hits(&self, text: &str) -> Result<Hits, Error> {
        let query = Query::Text(text::excerpt(text).into_owned());
        let answer = self.searcher.search(&query, &self.options)?;
        let hit = |hit: crate::pipeline::query::Hit| (hit.id.as_str().to_string(), hit.score);
        Ok(answer.hits.into_iter().map(hit).collect())
    }
}
