//! Nearest roles to a vector, roles that share a query's words, and both at once.
//!
//! Two indexes live in files that are mapped, not read: [`GraphIndex`], for more rows than
//! are quickly looked at one by one, and [`LexicalIndex`].

mod exact;
mod fuse;
mod hnsw;
mod index_file;
mod lexical;

pub use exact::ExactIndex;
pub use fuse::fuse;
pub use hnsw::{Graph, GraphIndex, GraphParams};
pub use index_file::IndexError;
pub use lexical::LexicalIndex;

/// From so many rows on a graph is built unless told otherwise. Below, looking at every row of
/// 384 numbers takes some 5 ms on one core (10 ms for 100,000 rows, `benches/search.rs`); reading
/// the vectors beforehand, which a mapped graph saves, comes on top.
pub const ROWS_FOR_A_GRAPH: usize = 50_000;

/// Which index over the vectors is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndexChoice {
    /// A graph from [`ROWS_FOR_A_GRAPH`] rows on.
    #[default]
    Auto,
    /// None: every row is looked at.
    Exact,
    /// A graph.
    Hnsw,
}

/// No index of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no index {0:?}; there are auto, exact and hnsw")]
pub struct UnknownIndex(String);

impl std::str::FromStr for IndexChoice {
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
    /// Whether a graph is wanted over so many rows.
    pub fn wants_graph(self, n_rows: usize) -> bool {
        match self {
            IndexChoice::Auto => n_rows >= ROWS_FOR_A_GRAPH,
            IndexChoice::Exact => false,
            IndexChoice::Hnsw => true,
        }
    }
}

/// What decides the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
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
/// are passed over. `keep` is asked from the best row down, and no further than it must.
pub fn best(scores: &[f32], k: usize, keep: &dyn Fn(usize) -> bool) -> Vec<Neighbor> {
    from_the_best(scores).filter(|next| keep(next.row)).take(k).collect()
}

/// The `k` best of `scores` as [`best`] gives them, where it takes an effort to tell which of
/// the rows that `may` be kept are: `keep` is asked about some at once, best first, then about
/// twice as many.
///
/// # Errors
/// Those of `keep`.
pub fn best_where<E>(
    scores: &[f32],
    k: usize,
    may: &dyn Fn(usize) -> bool,
    mut keep: impl FnMut(&[usize]) -> Result<Vec<bool>, E>,
) -> Result<Vec<Neighbor>, E> {
    let mut candidates = from_the_best(scores).filter(|next| may(next.row));
    let (mut found, mut at_once) = (Vec::new(), ASKED_FIRST);
    while found.len() < k {
        let some: Vec<Neighbor> = candidates.by_ref().take(at_once).collect();
        if some.is_empty() {
            break;
        }
        let rows: Vec<usize> = some.iter().map(|next| next.row).collect();
        let kept = some.into_iter().zip(keep(&rows)?).filter(|&(_, kept)| kept);
        found.extend(kept.map(|(next, _)| next));
        at_once *= 2;
    }
    found.truncate(k);
    Ok(found)
}

/// Rows [`best_where`] asks about at first.
const ASKED_FIRST: usize = 64;

fn from_the_best(scores: &[f32]) -> impl Iterator<Item = Neighbor> {
    let all = scores.iter().enumerate().map(|(row, &score)| Ranked(Neighbor { row, score }));
    let mut heap: std::collections::BinaryHeap<Ranked> = all.collect::<Vec<_>>().into();
    std::iter::from_fn(move || heap.pop().map(|Ranked(next)| next))
}

/// Better is greater.
#[derive(PartialEq)]
struct Ranked(Neighbor);

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.score.total_cmp(&other.0.score).then(other.0.row.cmp(&self.0.row))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
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
