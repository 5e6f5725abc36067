//! Many dimensions -> two, for the map, or a few, to find dense regions in: near roles stay
//! near.
//!
//! [`layout`] and [`reduce`] are UMAP (McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold
//! Approximation and Projection for Dimension Reduction", arXiv 1802.03426), a stage a file:
//! exact nearest neighbours, `fuzzy` (how strongly each point is tied to its neighbours),
//! [`pca`] as the first guess, `optimize` (pull tied points together, push others apart),
//! `curve` (the shape of "near" on paper), `sample` (what is done with very many rows). [`fan_out`] gives repeated rows a place of their own.
//!
//! The optimisation is serial, so the same rows and seed give the same bytes at any number of
//! threads; on 50,000 rows it takes less time than finding the neighbours does.

mod curve;
mod fan_out;
mod fuzzy;
mod optimize;
pub mod pca;
mod sample;

use crate::geometry::{Matrix, nearest_neighbors};
use crate::progress::Progress;

pub use fan_out::fan_out;

/// Below this many rows there is no neighbourhood to speak of, and PCA shows all there is.
const FEWEST_FOR_NEIGHBORHOODS: usize = 8;

/// [`reduce`] never makes a neighbourhood smaller than this.
const FEWEST_NEIGHBORS: usize = 5;

/// How to lay out a map.
#[derive(Debug, Clone, PartialEq)]
pub struct LayoutParams {
    /// Size of a neighbourhood, the point itself counted: small shows detail, large shows
    /// the whole. At least 2; more than there are rows means all rows.
    pub n_neighbors: usize,
    /// How close two points may come on paper, in units of `spread`.
    pub min_dist: f64,
    /// Scale of the picture.
    pub spread: f64,
    /// Passes over the neighbour graph; `None` takes 500 up to 10,000 rows and 200 above.
    pub n_epochs: Option<usize>,
    /// Points pushed away for every point pulled near.
    pub n_negatives: usize,
    /// First step length; it falls to zero.
    pub learning_rate: f64,
    /// How strongly every point is drawn to the middle, as a part of its distance per epoch:
    /// nothing else keeps islands that share no neighbour from drifting apart until the map
    /// is mostly empty. 0 is UMAP as published.
    pub gravity: f64,
    /// Rows laid out by their neighbours, which takes time as the square of their number; of
    /// more, a random sample of this size is, and the rest is put among it.
    pub most_rows: usize,
    /// Decides every random choice.
    pub seed: u64,
}

impl Default for LayoutParams {
    fn default() -> Self {
        LayoutParams {
            n_neighbors: 15,
            min_dist: 0.1,
            spread: 1.0,
            n_epochs: None,
            n_negatives: 5,
            learning_rate: 1.0,
            gravity: 0.02,
            most_rows: 60_000,
            seed: 0,
        }
    }
}

/// Lays `rows` (`n x d`) out on paper: `n x 2`, centred, longer side first.
///
/// Equal rows, parameters and seed give equal bytes at any number of threads. Fewer than
/// eight rows are drawn by PCA. Never fails: a row that is not finite is taken for zeros.
pub fn layout(rows: &Matrix, params: &LayoutParams, progress: &dyn Progress) -> Matrix {
    all_or_sample(rows, params, progress, |rows| {
        let places = fitted::<2>(rows, params, "drawing the map", progress);
        // A second PCA turns the finished picture: its longest extent lies flat.
        pca::project(&places, 2, params.seed)
    })
}

/// Numbers per row that [`reduce`] leaves.
pub const REDUCED: usize = 5;

/// Brings `rows` (`n x d`) down to `n x` [`REDUCED`]. Where embeddings lie in one cloud of
/// nearly even density, their neighbourhoods, laid out afresh with no least distance and
/// nothing drawing them to the middle, have dense regions to be found.
///
/// As for [`layout`], equal rows, parameters and seed give equal bytes, and it never fails. A
/// neighbourhood holds `sqrt(n)` rows at most, or with few rows it would be most of them;
/// `min_dist` and `gravity` are not looked at.
pub fn reduce(rows: &Matrix, params: &LayoutParams, progress: &dyn Progress) -> Matrix {
    let most = ((rows.rows() as f64).sqrt().round() as usize).max(FEWEST_NEIGHBORS);
    let n_neighbors = params.n_neighbors.min(most);
    let params = LayoutParams { n_neighbors, min_dist: 0.0, gravity: 0.0, ..params.clone() };
    all_or_sample(rows, &params, progress, |rows| {
        fitted::<REDUCED>(rows, &params, "laying out neighbourhoods", progress)
    })
}

fn all_or_sample(
    rows: &Matrix,
    params: &LayoutParams,
    progress: &dyn Progress,
    fitted: impl Fn(&Matrix) -> Matrix,
) -> Matrix {
    let cleaned = finite(rows);
    let rows = cleaned.as_ref().unwrap_or(rows);
    let most = params.most_rows.max(FEWEST_FOR_NEIGHBORHOODS);
    if rows.rows() <= most {
        return fitted(rows);
    }
    let chosen = sample::choose(rows.rows(), most, params.seed);
    let places = fitted(&rows.select(&chosen));
    sample::complete(rows, &chosen, &places, progress)
}

/// Lays out all of `rows` by their neighbours, in `D` dimensions.
fn fitted<const D: usize>(
    rows: &Matrix,
    params: &LayoutParams,
    what: &str,
    progress: &dyn Progress,
) -> Matrix {
    let n = rows.rows();
    let mut start = pca::project(rows, D, params.seed);
    if n >= FEWEST_FOR_NEIGHBORHOODS {
        let k = params.n_neighbors.clamp(2, n) - 1;
        let graph = fuzzy::graph(&nearest_neighbors(rows, k, progress), n);
        optimize::spread_out(&mut start, params.seed);
        progress.start(what, optimize::n_epochs(n, params) as u64);
        optimize::optimize::<D>(&mut start, &graph, params, progress);
        progress.finish();
    }
    start
}

/// A copy with rows that are not finite set to zero, or `None` when there is none.
fn finite(rows: &Matrix) -> Option<Matrix> {
    if rows.as_slice().iter().all(|x| x.is_finite()) {
        return None;
    }
    let mut copy = rows.clone();
    for row in 0..copy.rows() {
        let row = copy.row_mut(row);
        if !row.iter().all(|x| x.is_finite()) {
            row.fill(0.0);
        }
    }
    Some(copy)
}

#[cfg(test)]
mod tests;
