//! "Roles like this text": a query or a known role -> its nearest roles.

use std::sync::Mutex;

use super::cluster_names::ClusterNames;
use super::explain::{Asked, Explanation};
use super::filter::{self, Filter, Seen};
use super::lazy::{Lazy, lock};
use super::model_settings::QueryModel;
use super::query::{Explain, Hit, Query, SearchOptions};
use super::role_attributes::RoleAttributes;
use super::role_source::RoleSource;
use super::search_sources::{Vectors, Words};
use crate::clustering::{Clustering, Label};
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::progress::Silent;
use crate::role::{Role, RoleId};
use crate::search::{ExactIndex, Mode, Neighbor, best, best_where, fuse};
use crate::store::{Part, RolePart, RunFolder};

/// How far a query moves away from what it shall not be like (Rocchio 1971; the usual values
/// for unwanted texts lie between 0.15 and 0.5, and one given by hand is meant).
const AWAY: f32 = 0.5;

/// Roles that tell how far cosines go down, where not all are looked at.
const SAMPLED: usize = 256;

/// What every hit shows of its role, and what explaining it takes.
const SHOWN: &[RolePart] = &[RolePart::Id, RolePart::Title, RolePart::Section];
const EXPLAINED: &[RolePart] =
    &[RolePart::Id, RolePart::Title, RolePart::Section, RolePart::Description, RolePart::Stack];

/// A run folder ready to be searched, by any number of threads at once. The model is loaded at
/// the first text that needs it, and roles are read as far as an answer needs them, unless
/// [`Searcher::prepare`] was called.
pub struct Searcher {
    run: RunFolder,
    pub(super) roles: RoleSource,
    pub(super) vectors: Vectors,
    pub(super) clustering: Option<Clustering>,
    pub(super) names: ClusterNames,
    model: QueryModel,
    encoder: Lazy<Encoder>,
    words: Lazy<Words>,
    pub(super) attributes: RoleAttributes,
    notes: Mutex<Vec<String>>,
}

/// A query made ready.
struct Target {
    text: String,
    vector: Vec<f32>,
    itself: Option<usize>,
}

impl Searcher {
    /// Opens a run folder, clustered or not.
    ///
    /// # Errors
    /// When the folder holds no vectors, or a file of it is damaged.
    pub fn open(run: &RunFolder, model: QueryModel) -> Result<Self, Error> {
        let (clustering, names) = if run.has(Part::Clustering) && run.has(Part::Report) {
            (Some(run.json(Part::Clustering)?), ClusterNames::load(run)?)
        } else {
            (None, ClusterNames::default())
        };
        let (roles, mut notes) = (RoleSource::open(run)?, Vec::new());
        let vectors = Vectors::open(run, roles.len(), &mut notes)?;
        Ok(Searcher {
            run: run.clone(),
            roles,
            vectors,
            clustering,
            names,
            model,
            encoder: Lazy::default(),
            words: Lazy::default(),
            attributes: RoleAttributes::default(),
            notes: Mutex::new(notes),
        })
    }

    /// What the reader should know, once: an index that was passed over, and why.
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.notes))
    }

    /// The best roles for a query, best first. In lexical mode roles that share no word with
    /// it are no answer.
    ///
    /// # Errors
    /// When the model cannot be loaded or is no longer the one that made the vectors, no
    /// role has the id asked for, or a filter names a field that no role has.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Hit>, Error> {
        let target = self.target(query, options)?;
        self.open_words(options.mode)?;
        let found = self.ranked(&target, options)?;
        if found.is_empty() {
            self.refuse_unknown_fields(&options.filters)?;
        }
        let rows: Vec<usize> = found.iter().map(|neighbor| neighbor.row).collect();
        let parts = if options.explain == Explain::No { SHOWN } else { EXPLAINED };
        let roles = self.roles.some(parts, &rows, |_, role, _| role.clone())?;
        let mut hits: Vec<Hit> =
            found.iter().zip(&roles).map(|(n, role)| self.hit(n, role)).collect();
        hits.iter_mut().enumerate().for_each(|(at, hit)| hit.rank = at + 1);
        if options.explain == Explain::No {
            return Ok(hits);
        }
        let asked = Asked::of(&target.text);
        let vector = match options.explain {
            Explain::Yes => Some(self.vector_of(query, &target)?),
            _ => None,
        };
        for ((hit, role), row) in hits.iter_mut().zip(&roles).zip(rows) {
            let technologies = self.attributes.technologies(row, role);
            hit.explanation = Some(match &vector {
                Some(vector) => self.explanation(role, &technologies, &asked, vector)?,
                None => asked.by_words(role, &technologies),
            });
        }
        Ok(hits)
    }

    /// What every role scores as an answer to "like this role": hybrid,
    /// semantic and lexical.
    pub(super) fn scores_like(&self, row: usize) -> Result<[Vec<f32>; 3], Error> {
        self.open_words(Mode::Hybrid)?;
        let words = self.word_scores(&self.roles.text(row)?, &SearchOptions::default())?;
        let cosines = self.vectors.scores(&self.vectors.row(row)?)?;
        Ok([fuse(&cosines, &words), cosines, words])
    }

    fn target(&self, query: &Query, options: &SearchOptions) -> Result<Target, Error> {
        let (text, mut vector, itself) = match query {
            // Words alone need no model.
            Query::Text(text) if options.mode == Mode::Lexical => (text.clone(), Vec::new(), None),
            Query::Text(text) => (text.clone(), self.embed(&[text])?.into_vec(), None),
            Query::Like(id) => {
                let row = self.roles.row_of(id)?.ok_or_else(|| Error::NoSuchRole(id.clone()))?;
                (self.roles.text(row)?, self.vectors.row(row)?, Some(row))
            }
        };
        if let (Some(unwanted), false) = (&options.not, vector.is_empty()) {
            let unwanted = self.embed(&[unwanted])?.into_vec();
            for (wanted, unwanted) in vector.iter_mut().zip(&unwanted) {
                *wanted -= AWAY * unwanted;
            }
            let mut row = Matrix::new(1, vector.len(), vector)?;
            row.normalize_rows();
            vector = row.into_vec();
        }
        Ok(Target { text, vector, itself })
    }

    /// The best roles: of those an index leads to where that is sure to be enough, or else of
    /// all.
    fn ranked(&self, target: &Target, options: &SearchOptions) -> Result<Vec<Neighbor>, Error> {
        let words = self.word_scores(&target.text, options)?;
        if options.mode == Mode::Lexical {
            let shares = |row: usize| words[row] > 0.0 && Some(row) != target.itself;
            return self.best_passing(&words, options, &shares);
        }
        if options.filters.is_empty()
            && let Some(found) = self.by_index(target, &words, options)?
        {
            return Ok(found);
        }
        let mut scores = self.vectors.scores(&target.vector)?;
        if options.mode == Mode::Hybrid {
            scores = fuse(&scores, &words);
        }
        self.best_passing(&scores, options, &|row| Some(row) != target.itself)
    }

    /// The best rows of those that `may` answer and pass the filters, which look at roles from
    /// the best down and at no more than they must.
    fn best_passing(
        &self,
        scores: &[f32],
        options: &SearchOptions,
        may: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<Neighbor>, Error> {
        let filters = &options.filters;
        if filters.is_empty() {
            return Ok(best(scores, options.k, may));
        }
        let parts = filter::parts(filters);
        best_where(scores, options.k, may, |rows| {
            self.roles.some(&parts, rows, |row, role, text| {
                let seen = self.seen(row, role, text);
                filters.iter().all(|filter| filter.keeps(&seen))
            })
        })
    }

    /// The best roles without a look at every one; `None` where others may be as good, or there
    /// is no index.
    fn by_index(
        &self,
        target: &Target,
        words: &[f32],
        options: &SearchOptions,
    ) -> Result<Option<Vec<Neighbor>>, Error> {
        // One more, since the role itself is no answer.
        let near = self.vectors.near(&target.vector, options.k.saturating_add(1))?;
        let Some(mut near) = near else { return Ok(None) };
        if options.mode == Mode::Semantic {
            near.retain(|neighbor| Some(neighbor.row) != target.itself);
            near.truncate(options.k);
            return Ok(Some(near));
        }
        // Who can stand at the top: roles near in meaning and roles that share most words. Some
        // taken evenly from all tell how far cosines go down.
        let wordy = best(words, near.len(), &|row| words[row] > 0.0);
        let sample = (0..words.len()).step_by(words.len().div_ceil(SAMPLED));
        let mut rows: Vec<usize> =
            near.iter().chain(&wordy).map(|found| found.row).chain(sample).collect();
        rows.sort_unstable();
        rows.dedup();
        let mut cosines = self.vectors.scores_of(&rows, &target.vector)?;
        let mut shared: Vec<f32> = rows.iter().map(|&row| words[row]).collect();
        // Whoever is in neither list is no nearer than the last of one and shares no more than
        // the last of the other (the threshold of Fagin, Lotem and Naor, PODS 2001).
        let all_words = wordy.len() < near.len();
        cosines.push(near.last().map_or(1.0, |last| last.score));
        shared.push(wordy.last().filter(|_| !all_words).map_or(0.0, |last| last.score));
        let mut scores = fuse(&cosines, &shared);
        let most_elsewhere = scores.pop().unwrap_or(f32::INFINITY);
        let mut found = best(&scores, options.k, &|at| Some(rows[at]) != target.itself);
        let sure = found.len() == options.k
            && found.last().is_some_and(|last| last.score > most_elsewhere);
        found.iter_mut().for_each(|neighbor| neighbor.row = rows[neighbor.row]);
        Ok(sure.then_some(found))
    }

    pub(super) fn open_words(&self, mode: Mode) -> Result<(), Error> {
        if mode == Mode::Semantic {
            return Ok(());
        }
        self.words.get_or_load(|| {
            let mut notes = Vec::new();
            let words = Words::open(&self.run, &self.roles, &mut notes)?;
            lock(&self.notes).append(&mut notes);
            Ok::<_, Error>(words)
        })?;
        Ok(())
    }

    /// BM25 of every role, less that of what is not wanted; nothing where only meaning counts.
    fn word_scores(&self, text: &str, options: &SearchOptions) -> Result<Vec<f32>, Error> {
        let Some(index) = self.words.get().filter(|_| options.mode != Mode::Semantic) else {
            return Ok(Vec::new());
        };
        let mut scores = index.scores(text)?;
        if let Some(unwanted) = &options.not {
            let unwanted = index.scores(unwanted)?;
            scores.iter_mut().zip(unwanted).for_each(|(s, u)| *s = (*s - u).max(0.0));
        }
        Ok(scores)
    }

    fn seen<'a>(&'a self, row: usize, role: &'a Role, text: &'a str) -> Seen<'a> {
        let cluster = self.label(row);
        let (attributes, cluster_name) = (&self.attributes, self.names.of(cluster));
        Seen { row, role, text, attributes, cluster, cluster_name }
    }

    pub(super) fn label(&self, row: usize) -> Label {
        self.clustering.as_ref().and_then(|found| found.labels().get(row).copied().flatten())
    }

    fn hit(&self, neighbor: &Neighbor, role: &Role) -> Hit {
        let cluster = self.label(neighbor.row);
        Hit {
            rank: 0,
            id: role.id.clone(),
            title: role.title.clone(),
            score: neighbor.score,
            cluster,
            cluster_name: self.names.of(cluster).map(str::to_string),
            section: role.section.clone(),
            explanation: None,
        }
    }

    fn vector_of(&self, query: &Query, target: &Target) -> Result<Vec<f32>, Error> {
        match query {
            Query::Text(text) if target.vector.is_empty() => Ok(self.embed(&[text])?.into_vec()),
            _ => Ok(target.vector.clone()),
        }
    }

    fn explanation(
        &self,
        role: &Role,
        technologies: &[&'static str],
        asked: &Asked,
        vector: &[f32],
    ) -> Result<Explanation, Error> {
        let sentences = super::explain::sentences_of(role);
        let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
        let rows = self.embed(&sentences)?;
        let similarities = ExactIndex::new(&rows).scores(vector);
        Ok(asked.by_meaning(role, technologies, &sentences, &similarities))
    }

    /// Where any role was found, every field is one of that role.
    fn refuse_unknown_fields(&self, filters: &[Filter]) -> Result<(), Error> {
        if filters.iter().all(Filter::is_built_in) {
            return Ok(());
        }
        let roles = self.roles()?;
        let unknown = filters.iter().find(|filter| {
            !filter.is_built_in() && !roles.iter().any(|role| role.field(filter.field()).is_some())
        });
        match unknown {
            Some(filter) => Err(Error::no_such_field(filter.field(), roles)),
            None => Ok(()),
        }
    }

    fn embed(&self, texts: &[&str]) -> Result<Matrix, Error> {
        let encoder = self.encoder()?;
        let prompt = match &self.model.prompt_name {
            Some(name) => Some(name.as_str()),
            None => encoder.prompt_names().into_iter().find(|name| *name == "query"),
        };
        Ok(encoder.encode(texts, prompt, &Silent)?)
    }

    pub(super) fn encoder(&self) -> Result<&Encoder, Error> {
        self.encoder.get_or_load(|| self.model.load(self.vectors.model()))
    }
}

/// The ids of the `k` nearest other roles of every role, in row order.
pub fn neighbor_ids(run: &RunFolder, k: usize) -> Result<Vec<Vec<RoleId>>, Error> {
    let embeddings = run.embeddings()?;
    let all = ExactIndex::new(embeddings.vectors()).neighbors_of_all(k);
    let name = |n: &Neighbor| embeddings.ids()[n.row].clone();
    Ok(all.iter().map(|neighbors| neighbors.iter().map(name).collect()).collect())
}
