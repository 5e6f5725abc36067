//! What ranks the roles, and which index over the vectors is kept.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::unknown_name::UnknownName;

/// From this many rows on, [`IndexChoice::Auto`] builds a graph. Below, comparing the query with
/// every row of 384 numbers takes about 5 ms on one core (10 ms for 100,000 rows,
/// `benches/search.rs`); reading the vectors, which a mapped graph saves, comes on top.
pub const ROWS_FOR_A_GRAPH: usize = 50_000;

/// Which index over the vectors is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_index)]
pub enum IndexChoice {
    /// A graph from [`ROWS_FOR_A_GRAPH`] rows on.
    #[default]
    Auto,
    /// None: the query is compared with every row.
    Exact,
    /// An HNSW graph.
    Hnsw,
}

fn unknown_index(name: &str) -> UnknownName {
    UnknownName::new("index", name, IndexChoice::VARIANTS)
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
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, EnumString, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_mode)]
pub enum Mode {
    /// Cosine similarity and BM25 together, see [`fuse`](super::fuse()).
    #[default]
    Hybrid,
    /// Cosine similarity of the vectors.
    Semantic,
    /// BM25 over the words.
    Lexical,
}

fn unknown_mode(name: &str) -> UnknownName {
    UnknownName::new("search mode", name, Mode::VARIANTS)
}
