//! The indexes of a run folder, opened for a search. Errors name the damaged file.

use super::role_source::RoleSource;
use super::run_indexes::{self, Opened, damaged};
use crate::embeddings::ModelFingerprint;
use crate::error::Error;
use crate::long_text::LongText;
use crate::search::{
    Among, LexicalIndex, Mode, Neighbor, RankError, Target, VectorIndex, corrected, rank,
};
use crate::store::{IndexPart, RunFolder};

/// The vectors of a run folder and the model that made them.
pub(super) struct VectorSource {
    index: VectorIndex,
    model: ModelFingerprint,
    run: RunFolder,
}

impl VectorSource {
    /// Maps the graph, or reads the vectors when there is no usable one; `notes` says why a graph
    /// was not used.
    pub(super) fn open(
        run: &RunFolder,
        n_roles: usize,
        notes: &mut Vec<String>,
    ) -> Result<Self, Error> {
        let run = run.clone();
        match (run_indexes::graph(&run)?, run.model()) {
            (Opened::Ready(graph), Some(model)) => {
                if graph.n_rows() != n_roles || graph.dimension() != model.dimension {
                    let (found, d) = (graph.n_rows(), graph.dimension());
                    let reason = format!("{found} vectors of {d} numbers for {n_roles} roles");
                    return Err(run.damaged_index(IndexPart::Neighbors, reason).into());
                }
                let model = model.clone();
                return Ok(VectorSource { index: VectorIndex::Hnsw(graph), model, run });
            }
            (Opened::Stale(note), _) => notes.push(note),
            _ => {}
        }
        let (vectors, model) = run.embeddings()?.into_vectors();
        Ok(VectorSource { index: VectorIndex::Exact(vectors), model, run })
    }

    /// The model that made the vectors.
    pub(super) fn model(&self) -> &ModelFingerprint {
        &self.model
    }

    /// The vector of a role.
    ///
    /// # Panics
    /// If there is no such role.
    pub(super) fn row(&self, row: usize) -> Result<Vec<f32>, Error> {
        self.index.row(row).map_err(|e| damaged(&self.run, IndexPart::Neighbors, e))
    }

    /// The cosine of every role with a query.
    pub(super) fn scores(&self, query: &[f32]) -> Result<Vec<f32>, Error> {
        self.index.scores(query).map_err(|e| damaged(&self.run, IndexPart::Neighbors, e))
    }

    /// The best roles, see [`rank`].
    pub(super) fn rank(
        &self,
        target: &Target<'_>,
        mode: Mode,
        k: usize,
        among: Among<'_, Error>,
    ) -> Result<Vec<Neighbor>, Error> {
        rank(&self.index, target, mode, k, among).map_err(|error| match error {
            RankError::Vectors(error) => damaged(&self.run, IndexPart::Neighbors, error),
            RankError::Filter(error) => error,
        })
    }
}

/// The inverted index of a run folder, mapped or, when there is no usable one, built now.
pub(super) struct WordSource {
    index: LexicalIndex,
    run: RunFolder,
}

impl WordSource {
    /// `notes` says why an index was not used.
    pub(super) fn open(
        run: &RunFolder,
        roles: &RoleSource,
        notes: &mut Vec<String>,
    ) -> Result<Self, Error> {
        let index = match run_indexes::words(run)? {
            Opened::Ready(index) if index.n_texts() == roles.len() => index,
            Opened::Ready(index) => {
                let reason = format!("{} texts for {} roles", index.n_texts(), roles.len());
                return Err(run.damaged_index(IndexPart::Words, reason).into());
            }
            unusable => {
                if let Opened::Stale(note) = unusable {
                    notes.push(note);
                }
                let texts: Vec<&str> = roles.whole()?.texts.iter().map(LongText::as_str).collect();
                LexicalIndex::build(&texts).map_err(|e| damaged(run, IndexPart::Words, e))?
            }
        };
        Ok(WordSource { index, run: run.clone() })
    }

    /// The share of the query's words in every role.
    pub(super) fn scores(&self, query: &str) -> Result<Vec<f32>, Error> {
        self.index.scores(query).map_err(|e| damaged(&self.run, IndexPart::Words, e))
    }

    /// The query with its misspelt words put right, if there are any; see [`corrected`].
    pub(super) fn corrected(
        &self,
        query: &str,
        is_word: &dyn Fn(&str) -> bool,
    ) -> Result<Option<String>, Error> {
        let found = corrected(query, &self.index, is_word);
        found.map_err(|e| damaged(&self.run, IndexPart::Words, e))
    }
}
