//! The neighbour graph that every layout of the same rows starts from, built once.

use std::sync::OnceLock;

use super::{pca, sample};
use crate::geometry::{
    Matrix, Neighbors, canonical_order, first_not_finite, first_occurrences, nearest_neighbors,
};
use crate::progress::Progress;

/// Size of a neighbourhood, the row itself counted: UMAP's default.
const N_NEIGHBORS: usize = 15;

/// Rows in the graph at most, since exact neighbours take time as the square of their number;
/// of more rows a random sample of this size is laid out and the rest interpolated.
const MOST_ROWS: usize = 60_000;

/// Fewer rows than this have no neighbourhoods to speak of: PCA shows all there is.
const FEWEST_FOR_NEIGHBORHOODS: usize = 8;

/// Rows (`n x d`) and the nearest neighbours of each different one, found when they are first
/// asked for and then shared by [`super::layout`] and [`super::reduce`].
///
/// Rows are taken in an order of their own content, copies once, so that no layout depends on
/// the order of the input. A row that is not finite is taken for zeros.
#[derive(Debug)]
pub struct Neighborhoods<'a> {
    vectors: &'a Matrix,
    n_neighbors: usize,
    most_rows: usize,
    seed: u64,
    graph: OnceLock<Graph>,
}

/// The different rows in canonical order, and the neighbours among (a sample of) them.
#[derive(Debug)]
struct Graph {
    distinct: Matrix,
    /// For each input row its place in `distinct`.
    distinct_of: Vec<usize>,
    /// Places in `distinct` of the rows laid out; `None` for all of them.
    sampled: Option<(Vec<usize>, Matrix)>,
    /// `None` for a handful of rows.
    neighbors: Option<Neighbors>,
}

impl<'a> Neighborhoods<'a> {
    /// Computes nothing yet. `seed` draws the sample of more than 60,000 different rows.
    pub fn of(vectors: &'a Matrix, seed: u64) -> Self {
        Neighborhoods::with(vectors, N_NEIGHBORS, MOST_ROWS, seed)
    }

    /// The same with neighbourhoods of another size (at least 2, the row itself counted) and
    /// another number of rows laid out at most.
    pub fn with(vectors: &'a Matrix, n_neighbors: usize, most_rows: usize, seed: u64) -> Self {
        let most_rows = most_rows.max(FEWEST_FOR_NEIGHBORHOODS);
        Neighborhoods { vectors, n_neighbors, most_rows, seed, graph: OnceLock::new() }
    }

    /// The rows as they were given.
    pub fn vectors(&self) -> &'a Matrix {
        self.vectors
    }

    /// Finds the neighbours now. Whoever asks from several threads at once does so first, or the
    /// threads that find them for one would wait for the other.
    pub fn find(&self, progress: &dyn Progress) {
        self.graph(progress);
    }

    /// Number of different rows.
    pub fn n_distinct(&self, progress: &dyn Progress) -> usize {
        self.graph(progress).distinct.rows()
    }

    fn graph(&self, progress: &dyn Progress) -> &Graph {
        self.graph.get_or_init(|| {
            let cleaned = with_zeros(self.vectors);
            let vectors = cleaned.as_ref().unwrap_or(self.vectors);
            let first = first_occurrences(vectors);
            let mut order = canonical_order(vectors);
            order.retain(|&row| first[row] == row);
            let mut place = vec![0; vectors.rows()];
            order.iter().enumerate().for_each(|(at, &row)| place[row] = at);
            let distinct = vectors.select(&order);
            let sampled = (distinct.rows() > self.most_rows).then(|| {
                let chosen = sample::choose(distinct.rows(), self.most_rows, self.seed);
                let rows = distinct.select(&chosen);
                (chosen, rows)
            });
            let rows = sampled.as_ref().map_or(&distinct, |(_, rows)| rows);
            let k = self.n_neighbors.clamp(2, rows.rows().max(2)) - 1;
            let neighbors = (rows.rows() >= FEWEST_FOR_NEIGHBORHOODS)
                .then(|| nearest_neighbors(rows, k, progress));
            let distinct_of = first.iter().map(|&row| place[row]).collect();
            Graph { distinct, distinct_of, sampled, neighbors }
        })
    }

    /// Lays every row out with `fit`, which is given the principal components of the different
    /// rows (`m x k`) and their neighbours, where there are enough for neighbourhoods, and
    /// moves the rows. `n x k`.
    pub(super) fn lay_out(
        &self,
        k: usize,
        seed: u64,
        progress: &dyn Progress,
        fit: impl FnOnce(&mut Matrix, Option<&Neighbors>),
    ) -> Matrix {
        self.place(progress, |rows, neighbors| {
            let mut places = pca::project(rows, k, seed);
            fit(&mut places, neighbors);
            places
        })
    }

    /// The place that `fit` gives every row, given the different rows (`m x d`) in canonical order
    /// and their neighbours, where there are enough for neighbourhoods.
    pub(super) fn place(
        &self,
        progress: &dyn Progress,
        fit: impl FnOnce(&Matrix, Option<&Neighbors>) -> Matrix,
    ) -> Matrix {
        let graph = self.graph(progress);
        let rows = graph.sampled.as_ref().map_or(&graph.distinct, |(_, rows)| rows);
        let mut places = fit(rows, graph.neighbors.as_ref());
        if let Some((chosen, _)) = &graph.sampled {
            places = sample::complete(&graph.distinct, chosen, &places, progress);
        }
        places.select(&graph.distinct_of)
    }

    /// The different rows in canonical order.
    pub fn distinct(&self, progress: &dyn Progress) -> &Matrix {
        &self.graph(progress).distinct
    }

    /// For each row its place among the different ones.
    pub fn distinct_of(&self, progress: &dyn Progress) -> &[usize] {
        &self.graph(progress).distinct_of
    }

    /// The neighbours of the different rows; `None` for a handful of rows, and for so many that
    /// only a sample of them is looked at.
    pub(super) fn of_distinct(&self, progress: &dyn Progress) -> Option<&Neighbors> {
        let graph = self.graph(progress);
        graph.neighbors.as_ref().filter(|_| graph.sampled.is_none())
    }
}

/// A copy with rows that are not finite set to zero, or `None` when there is none.
fn with_zeros(rows: &Matrix) -> Option<Matrix> {
    first_not_finite(rows)?;
    let mut copy = rows.clone();
    for row in 0..copy.rows() {
        let row = copy.row_mut(row);
        if !row.iter().all(|x| x.is_finite()) {
            row.fill(0.0);
        }
    }
    Some(copy)
}
