//! The vectors of a run folder, mapped with their graph or read.

use super::role_source::RoleSource;
use super::run_indexes::{self, Opened, damaged};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::error::Error;
use crate::search::{ExactIndex, GraphIndex, LexicalIndex, Neighbor};
use crate::store::{IndexPart, RunFolder};

/// One unit vector per role.
pub(super) enum Vectors {
    /// Read; every row is looked at.
    Read(Embeddings),
    /// Mapped, with a graph.
    Mapped(GraphIndex, Box<RunFolder>, ModelFingerprint),
}

impl Vectors {
    /// Maps the graph, or reads the vectors where there is none that is of use; says why one
    /// was passed over.
    pub(super) fn open(
        run: &RunFolder,
        n_roles: usize,
        notes: &mut Vec<String>,
    ) -> Result<Self, Error> {
        match (run_indexes::graph(run)?, run.model()) {
            (Opened::Ready(graph), Some(model)) => {
                if graph.n_rows() != n_roles || graph.dimension() != model.dimension {
                    let (found, d) = (graph.n_rows(), graph.dimension());
                    let reason = format!("{found} vectors of {d} numbers for {n_roles} roles");
                    return Err(run.damaged_index(IndexPart::Neighbors, reason).into());
                }
                return Ok(Vectors::Mapped(graph, Box::new(run.clone()), model.clone()));
            }
            (Opened::Stale(note), _) => notes.push(note),
            _ => {}
        }
        Ok(Vectors::Read(run.embeddings()?))
    }

    /// The model that made them.
    pub(super) fn model(&self) -> &ModelFingerprint {
        match self {
            Vectors::Read(embeddings) => embeddings.model(),
            Vectors::Mapped(_, _, model) => model,
        }
    }

    /// One of them.
    ///
    /// # Panics
    /// If there is no such role.
    pub(super) fn row(&self, row: usize) -> Result<Vec<f32>, Error> {
        match self {
            Vectors::Read(embeddings) => Ok(embeddings.vectors().row(row).to_vec()),
            Vectors::Mapped(graph, run, _) => graph
                .row(row)
                .map(<[f32]>::to_vec)
                .map_err(|e| damaged(run, IndexPart::Neighbors, e)),
        }
    }

    /// The cosine of every role with a query.
    pub(super) fn scores(&self, query: &[f32]) -> Result<Vec<f32>, Error> {
        match self {
            Vectors::Read(embeddings) => Ok(ExactIndex::new(embeddings.vectors()).scores(query)),
            Vectors::Mapped(graph, run, _) => {
                graph.scores(query).map_err(|e| damaged(run, IndexPart::Neighbors, e))
            }
        }
    }

    /// Some hundred roles near a query with their cosines, nearest first, the `k` nearest among
    /// them; `None` where every role has to be looked at.
    pub(super) fn near(&self, query: &[f32], k: usize) -> Result<Option<Vec<Neighbor>>, Error> {
        match self {
            Vectors::Mapped(graph, run, _) => {
                graph.near(query, k).map_err(|e| damaged(run, IndexPart::Neighbors, e))
            }
            Vectors::Read(_) => Ok(None),
        }
    }

    /// The cosines of some roles with a query.
    pub(super) fn scores_of(&self, rows: &[usize], query: &[f32]) -> Result<Vec<f32>, Error> {
        match self {
            Vectors::Read(embeddings) => {
                let some = embeddings.vectors().select(rows);
                Ok(ExactIndex::new(&some).scores(query))
            }
            Vectors::Mapped(graph, run, _) => {
                graph.scores_of(rows, query).map_err(|e| damaged(run, IndexPart::Neighbors, e))
            }
        }
    }
}

/// The words of a run folder's texts, mapped or, where there is no index of use, counted now.
pub(super) struct Words {
    index: LexicalIndex,
    run: RunFolder,
}

impl Words {
    /// Says why an index was passed over.
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
            passed_over => {
                if let Opened::Stale(note) = passed_over {
                    notes.push(note);
                }
                let texts: Vec<&str> = roles.whole()?.texts.iter().map(String::as_str).collect();
                LexicalIndex::build(&texts).map_err(|e| damaged(run, IndexPart::Words, e))?
            }
        };
        Ok(Words { index, run: run.clone() })
    }

    /// BM25 of every text for a query.
    pub(super) fn scores(&self, query: &str) -> Result<Vec<f32>, Error> {
        self.index.scores(query).map_err(|e| damaged(&self.run, IndexPart::Words, e))
    }
}
