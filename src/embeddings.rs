//! One unit row per role, and which model made them.

use serde::{Deserialize, Serialize};

use crate::geometry::Matrix;
use crate::role::RoleId;

/// Everything that decides what a vector means, where the model was found, and in which
/// arithmetic it ran.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelFingerprint {
    /// As the user named it: `bundled`, `ORG/NAME` or a folder.
    pub name: String,
    /// Hub commit, or `local`.
    pub revision: String,
    /// SHA-256 of a description of settings, tokenizer and weights, first 16 hexadecimal digits.
    pub digest: String,
    /// Length of a row.
    pub dimension: usize,
    /// `f32`, `f16`, `bf16` or `int8`: the arithmetic the rows were computed in. Recorded, not
    /// compared: it moves a vector by less than one posting differs from the next.
    pub dtype: String,
    /// The text put before every role, empty for none.
    pub prompt: String,
}

impl ModelFingerprint {
    /// Whether vectors of the two may be compared: same weights, tokenizer, settings, prompt
    /// and length, wherever the model was found and whatever arithmetic it ran in.
    pub fn comparable_with(&self, other: &ModelFingerprint) -> bool {
        (&self.digest, self.dimension, &self.prompt)
            == (&other.digest, other.dimension, &other.prompt)
    }
}

/// Unit rows and the roles they stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    ids: Vec<RoleId>,
    vectors: Matrix,
    model: ModelFingerprint,
}

/// Ids, rows and dimension do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{ids} roles, but {rows} vectors of {cols} numbers, where the model gives {dimension}")]
pub struct EmbeddingsError {
    ids: usize,
    rows: usize,
    cols: usize,
    dimension: usize,
}

impl Embeddings {
    /// Joins `ids` with the rows of `vectors` (`ids.len() x model.dimension`).
    pub fn new(
        ids: Vec<RoleId>,
        vectors: Matrix,
        model: ModelFingerprint,
    ) -> Result<Self, EmbeddingsError> {
        if ids.len() != vectors.rows() || vectors.cols() != model.dimension {
            return Err(EmbeddingsError {
                ids: ids.len(),
                rows: vectors.rows(),
                cols: vectors.cols(),
                dimension: model.dimension,
            });
        }
        Ok(Embeddings { ids, vectors, model })
    }

    /// The same, its ids held where `ids`, which stand in row order, hold theirs.
    pub fn sharing_ids<'a>(mut self, ids: impl Iterator<Item = &'a RoleId>) -> Self {
        for (own, other) in self.ids.iter_mut().zip(ids) {
            if own == other {
                own.clone_from(other);
            }
        }
        self
    }

    /// The rows and the model that made them, without the ids.
    pub fn into_vectors(self) -> (Matrix, ModelFingerprint) {
        (self.vectors, self.model)
    }

    /// The roles, in row order.
    pub fn ids(&self) -> &[RoleId] {
        &self.ids
    }

    /// `ids().len() x model().dimension`, unit rows.
    pub fn vectors(&self) -> &Matrix {
        &self.vectors
    }

    /// The model that made the rows.
    pub fn model(&self) -> &ModelFingerprint {
        &self.model
    }
}
