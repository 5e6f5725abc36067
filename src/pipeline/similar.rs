//! "Roles like this text": a query or a known role -> its nearest roles.

use std::sync::OnceLock;

use serde::Serialize;

use super::explain::{Explanation, explain};
use super::filter::{Filter, Seen};
use super::model::QueryModel;
use super::names::ClusterNames;
use crate::clustering::{ClusterId, Clustering};
use crate::embeddings::Embeddings;
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::progress::Silent;
use crate::role::RoleId;
use crate::search::{ExactIndex, LexicalIndex, Mode, Neighbor, best, fuse};
use crate::store::{Part, RunFolder, StoredRoles};

/// How far a query moves away from what it shall not be like (Rocchio 1971; the usual values
/// for unwanted texts lie between 0.15 and 0.5, and one given by hand is meant).
const AWAY: f32 = 0.5;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Roles like this text.
    Text(String),
    /// Roles like this one, itself left out.
    Like(RoleId),
}

/// How to look for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchOptions {
    /// How many roles.
    pub k: usize,
    /// What ranks them.
    pub mode: Mode,
    /// Only roles that pass all of these.
    pub filters: Vec<Filter>,
    /// Roles like this text come later.
    pub not: Option<String>,
    /// Whether hits say why.
    pub explain: Explain,
}

/// Whether hits say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Explain {
    /// They do not.
    #[default]
    No,
    /// With the sentence nearest the query, shared words and shared technologies.
    Yes,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            k: 10,
            mode: Mode::default(),
            filters: Vec::new(),
            not: None,
            explain: Explain::No,
        }
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// 1 is nearest.
    pub rank: usize,
    /// The role.
    pub id: RoleId,
    /// Its title.
    pub title: String,
    /// What it is ranked by: cosine similarity in `[-1, 1]` (semantic), BM25 (lexical), or the
    /// two scaled and joined in `[0, 1]` (hybrid).
    pub score: f32,
    /// Its cluster; `None` for noise, or before clustering.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: Option<String>,
    /// Its section in the input.
    pub section: Option<String>,
    /// Why it is here; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// A run folder ready to be searched; the model is loaded at the first text that needs it.
pub struct Searcher {
    stored: StoredRoles,
    embeddings: Embeddings,
    clustering: Option<Clustering>,
    names: ClusterNames,
    model: QueryModel,
    encoder: Option<Encoder>,
    words: OnceLock<LexicalIndex>,
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
        let (stored, embeddings) = (run.roles()?, run.embeddings()?);
        let words = OnceLock::new();
        Ok(Searcher { stored, embeddings, clustering, names, model, encoder: None, words })
    }

    /// The best roles for a query, best first. In lexical mode roles that share no word with
    /// it are no answer.
    ///
    /// # Errors
    /// When the model cannot be loaded or is no longer the one that made the vectors, no
    /// role has the id asked for, or a filter names a field that no role has.
    pub fn search(&mut self, query: &Query, options: &SearchOptions) -> Result<Vec<Hit>, Error> {
        self.refuse_unknown_fields(&options.filters)?;
        let target = self.target(query, options)?;
        let scores = self.scores(&target, options);
        let keep = |row: usize| {
            Some(row) != target.itself
                && (options.mode != Mode::Lexical || scores[row] > 0.0)
                && options.filters.iter().all(|filter| filter.keeps(&self.seen(row)))
        };
        let found = best(&scores, options.k, &keep);
        let mut hits: Vec<Hit> =
            found.iter().enumerate().map(|(at, neighbor)| self.hit(at + 1, neighbor)).collect();
        if options.explain == Explain::Yes {
            let vector = self.vector_of(query, &target)?;
            for (hit, neighbor) in hits.iter_mut().zip(&found) {
                hit.explanation = Some(self.explanation(neighbor.row, &target.text, &vector)?);
            }
        }
        Ok(hits)
    }

    fn target(&mut self, query: &Query, options: &SearchOptions) -> Result<Target, Error> {
        let (text, mut vector, itself) = match query {
            // Words alone need no model.
            Query::Text(text) if options.mode == Mode::Lexical => (text.clone(), Vec::new(), None),
            Query::Text(text) => (text.clone(), self.embed(&[text])?.into_vec(), None),
            Query::Like(id) => {
                let row = self.embeddings.ids().iter().position(|known| known == id);
                let row = row.ok_or_else(|| Error::NoSuchRole(id.clone()))?;
                let vector = self.embeddings.vectors().row(row).to_vec();
                (self.stored.texts[row].clone(), vector, Some(row))
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

    fn scores(&self, target: &Target, options: &SearchOptions) -> Vec<f32> {
        let cosines = || ExactIndex::new(self.embeddings.vectors()).scores(&target.vector);
        let words = || {
            let mut scores = self.words().scores(&target.text);
            if let Some(unwanted) = &options.not {
                let unwanted = self.words().scores(unwanted);
                scores.iter_mut().zip(unwanted).for_each(|(s, u)| *s = (*s - u).max(0.0));
            }
            scores
        };
        match options.mode {
            Mode::Semantic => cosines(),
            Mode::Lexical => words(),
            Mode::Hybrid => fuse(&cosines(), &words()),
        }
    }

    fn words(&self) -> &LexicalIndex {
        self.words.get_or_init(|| {
            LexicalIndex::build(&self.stored.texts.iter().map(String::as_str).collect::<Vec<_>>())
        })
    }

    fn seen(&self, row: usize) -> Seen<'_> {
        let cluster = self.clustering.as_ref().and_then(|c| c.labels()[row]);
        Seen {
            role: &self.stored.corpus.roles()[row],
            text: &self.stored.texts[row],
            cluster,
            cluster_name: self.names.of(cluster),
        }
    }

    fn hit(&self, rank: usize, neighbor: &Neighbor) -> Hit {
        let Seen { role, cluster, cluster_name, .. } = self.seen(neighbor.row);
        Hit {
            rank,
            id: role.id.clone(),
            title: role.title.clone(),
            score: neighbor.score,
            cluster,
            cluster_name: cluster_name.map(str::to_string),
            section: role.section.clone(),
            explanation: None,
        }
    }

    fn vector_of(&mut self, query: &Query, target: &Target) -> Result<Vec<f32>, Error> {
        match query {
            Query::Text(text) if target.vector.is_empty() => Ok(self.embed(&[text])?.into_vec()),
            _ => Ok(target.vector.clone()),
        }
    }

    fn explanation(
        &mut self,
        row: usize,
        query: &str,
        vector: &[f32],
    ) -> Result<Explanation, Error> {
        let role = self.stored.corpus.roles()[row].clone();
        let sentences = super::explain::sentences_of(&role);
        let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
        let rows = self.embed(&sentences)?;
        Ok(explain(&role, &sentences, &ExactIndex::new(&rows).scores(vector), query))
    }

    fn refuse_unknown_fields(&self, filters: &[Filter]) -> Result<(), Error> {
        let roles = self.stored.corpus.roles();
        let unknown = filters.iter().find(|filter| {
            !filter.is_built_in() && !roles.iter().any(|role| role.field(filter.field()).is_some())
        });
        match unknown {
            Some(filter) => Err(Error::no_such_field(filter.field(), roles)),
            None => Ok(()),
        }
    }

    fn embed(&mut self, texts: &[&str]) -> Result<Matrix, Error> {
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            empty => empty.insert(self.model.load(self.embeddings.model())?),
        };
        let prompt = match &self.model.prompt_name {
            Some(name) => Some(name.as_str()),
            None => encoder.prompt_names().into_iter().find(|name| *name == "query"),
        };
        Ok(encoder.encode(texts, prompt, &Silent)?)
    }
}

/// The ids of the `k` nearest other roles of every role, in row order.
pub fn neighbor_ids(run: &RunFolder, k: usize) -> Result<Vec<Vec<RoleId>>, Error> {
    let embeddings = run.embeddings()?;
    let all = ExactIndex::new(embeddings.vectors()).neighbors_of_all(k);
    let name = |n: &Neighbor| embeddings.ids()[n.row].clone();
    Ok(all.iter().map(|neighbors| neighbors.iter().map(name).collect()).collect())
}
