//! Nearest roles to a vector, roles that share a query's words, and both at once.

mod exact;
mod fuse;
mod lexical;

pub use exact::ExactIndex;
pub use fuse::fuse;
pub use lexical::LexicalIndex;

/// What decides the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Meaning and words together, see [`fuse`].
    #[default]
    Hybrid,
    /// Meaning alone: cosine of the vectors.
    Semantic,
    /// Words alone: BM25.
    Lexical,
}

/// No search mode of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no search mode {0:?}; there are hybrid, semantic and lexical")]
pub struct UnknownMode(String);

impl std::str::FromStr for Mode {
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

/// The `k` best of `scores`, best first, equal scores by row; rows for which `keep` is false
/// are passed over.
pub fn best(scores: &[f32], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<Neighbor> {
    let mut found: Vec<Neighbor> = scores
        .iter()
        .enumerate()
        .filter(|&(row, _)| keep(row))
        .map(|(row, &score)| Neighbor { row, score })
        .collect();
    let better = |a: &Neighbor, b: &Neighbor| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row));
    if k < found.len() {
        found.select_nth_unstable_by(k, better);
        found.truncate(k);
    }
    found.sort_unstable_by(better);
    found
}

/// A row of the index and how near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbor {
    /// Row of the indexed matrix.
    pub row: usize,
    /// Cosine similarity in `[-1, 1]`, or what the [`Mode`] ranks by; higher is nearer.
    pub score: f32,
}

/// Anything that answers "which rows are nearest".
pub trait Index: Sync {
    /// The `k` nearest rows to `query` (a unit vector, `d` long), nearest first, equal
    /// scores by row; fewer if the index is smaller. Rows for which `keep` is false are
    /// passed over.
    fn nearest(&self, query: &[f32], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<Neighbor>;
}
