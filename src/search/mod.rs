//! Nearest roles to a vector, roles that share a query's words, and both at once.

mod exact;
mod fuse;
mod lexical;

pub use exact::ExactIndex;
pub use fuse::fuse;
pub use lexical::LexicalIndex;

/// A row of the index and how near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbor {
    /// Row of the indexed matrix.
    pub row: usize,
    /// Cosine similarity, in `[-1, 1]`; higher is nearer.
    pub score: f32,
}

/// Anything that answers "which rows are nearest".
pub trait Index: Sync {
    /// The `k` nearest rows to `query` (a unit vector, `d` long), nearest first, equal
    /// scores by row; fewer if the index is smaller. Rows for which `keep` is false are
    /// passed over.
    fn nearest(&self, query: &[f32], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<Neighbor>;
}
