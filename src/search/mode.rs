//! What ranks the roles, and which index over the vectors is kept.

use std::str::FromStr;

use serde::Serialize;

/// From this many rows on, [`IndexChoice::Auto`] builds a graph. Below, comparing the query with
/// every row of 384 numbers takes about 5 ms on one core (10 ms for 100,000 rows,
/// `benches/search.rs`); reading the vectors, which a mapped graph saves, comes on top.
pub const ROWS_FOR_A_GRAPH: usize = 50_000;

/// Which index over the vectors is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndexChoice {
    /// A graph from [`ROWS_FOR_A_GRAPH`] rows on.
    #[default]
    Auto,
    /// None: the query is compared with every row.
    Exact,
    /// An HNSW graph.
    Hnsw,
}

/// No index of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no index {0:?}; there are auto, exact and hnsw")]
pub struct UnknownIndex(String);

impl FromStr for IndexChoice {
    type Err = UnknownIndex;

    fn from_str(name: &str) -> Result<Self, UnknownIndex> {
        match name {
            "auto" => Ok(IndexChoice::Auto),
            "exact" => Ok(IndexChoice::Exact),
            "hnsw" => Ok(IndexChoice::Hnsw),
            other => Err(UnknownIndex(other.into())),
        }
    }
}

impl IndexChoice {
    /// Whether a graph is wanted over `n_rows` vectors.
    pub fn wants_graph(self, n_rows: usize) -> bool {
        match self {
            IndexChoice::Auto => n_rows >= ROWS_FOR_A_GRAPH,
            IndexChoice::Exact => false,
            IndexChoice::Hnsw => true,
        }
    }
}

/// What ranks the roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Cosine similarity and BM25 together, see [`fuse`](super::fuse()).
    #[default]
    Hybrid,
    /// Cosine similarity of the vectors.
    Semantic,
    /// BM25 over the words.
    Lexical,
}

/// No search mode of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no search mode {0:?}; there are hybrid, semantic and lexical")]
pub struct UnknownMode(String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(name: &str) -> Result<Self, UnknownMode> {
        match name {
            "hybrid" => Ok(Mode::Hybrid),
            "semantic" => Ok(Mode::Semantic),
            "lexical" => Ok(Mode::Lexical),
            other => Err(UnknownMode(other.into())),
        }
    }
}
