//! The vectors a query is compared with: all of them in memory, or mapped with a graph.

use super::IndexError;
use super::brute_force::ExactIndex;
use super::hnsw::HnswIndex;
use super::row_set::RowSet;
use super::top_k::Neighbor;
use crate::geometry::Matrix;

/// One unit row per role.
#[derive(Debug)]
pub enum VectorIndex {
    /// In memory; a query is compared with every row.
    Exact(Matrix),
    /// Mapped from a file, with a graph that leads a query to the rows near it.
    Hnsw(HnswIndex),
}

impl VectorIndex {
    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        match self {
            VectorIndex::Exact(rows) => rows.rows(),
            VectorIndex::Hnsw(index) => index.n_rows(),
        }
    }

    /// A copy of a row.
    ///
    /// # Errors
    /// When the row is damaged, or a mapped index has no such row.
    ///
    /// # Panics
    /// If there is no such row in memory.
    pub fn row(&self, row: usize) -> Result<Vec<f32>, IndexError> {
        match self {
            VectorIndex::Exact(rows) => Ok(rows.row(row).to_vec()),
            VectorIndex::Hnsw(index) => Ok(index.row(row)?.to_vec()),
        }
    }

    /// The cosine of every row with `query`, a unit vector.
    ///
    /// # Errors
    /// When a row is damaged.
    pub fn scores(&self, query: &[f32]) -> Result<Vec<f32>, IndexError> {
        match self {
            VectorIndex::Exact(rows) => Ok(ExactIndex::new(rows).scores(query)),
            VectorIndex::Hnsw(index) => index.scores(query),
        }
    }

    /// The cosines of `rows` with `query`, in their order.
    ///
    /// # Errors
    /// When a row is damaged.
    pub fn scores_of(&self, rows: &[usize], query: &[f32]) -> Result<Vec<f32>, IndexError> {
        match self {
            VectorIndex::Exact(all) => Ok(ExactIndex::new(all).scores_of(rows, query)),
            VectorIndex::Hnsw(index) => index.scores_of(rows, query),
        }
    }

    /// A few hundred rows near `query` with their cosines, nearest first, the `k` nearest of all
    /// among them; with `among`, only those rows. `None` when every row has to be compared:
    /// without a graph, or when the walk along the graph is not sure of its result.
    ///
    /// # Errors
    /// When a row is damaged.
    pub fn near(
        &self,
        query: &[f32],
        k: usize,
        among: Option<&RowSet>,
    ) -> Result<Option<Vec<Neighbor>>, IndexError> {
        match self {
            VectorIndex::Exact(_) => Ok(None),
            VectorIndex::Hnsw(index) => index.near(query, k, among),
        }
    }
}
