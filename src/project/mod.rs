//! Dimension reduction: embeddings to two dimensions for the map, or to a few in which dense
//! regions show. Rows that are near each other stay near each other.
//!
//! [`layout`] and [`reduce`] are UMAP (McInnes, Healy and Melville 2018, "UMAP: Uniform Manifold
//! Approximation and Projection for Dimension Reduction", arXiv 1802.03426), one stage a file:
//! [`Neighborhoods`] (exact nearest neighbours, shared by both layouts), `fuzzy` (the weighted
//! graph of section 3.1), [`pca`] as the initial positions, `curve` (the low-dimensional
//! similarity of section 3.2), `optimize` (stochastic gradient descent with negative samples, by `pulls`,
//! `draws` and `forces`), `sample` (very many rows: a sample is laid out, the rest is interpolated).
//! [`fan_out`] separates copies on the map.
//!
//! [`diffuse`] involves no descent and no chance: what HDBSCAN runs on.
//!
//! The descent moves many points side by side and reads only where they were before, so that the same
//! rows and seed give the same bytes at any number of threads.

mod curve;
mod diffusion;
mod draws;
mod fan_out;
mod forces;
mod fuzzy;
mod neighborhoods;
mod optimize;
mod params;
pub mod pca;
mod power;
mod pulls;
mod sample;
mod ties;

use crate::geometry::{Matrix, Neighbors};
use crate::progress::Progress;

pub use diffusion::{DIFFUSED, Diffusion, diffuse};
pub use fan_out::fan_out;
pub use neighborhoods::Neighborhoods;
pub use params::LayoutParams;

/// [`reduce`] never makes a neighbourhood smaller than this.
const FEWEST_NEIGHBORS: usize = 5;

/// Positions on a map for all rows: `n x 2`, centred, the longer side horizontal. Equal rows
/// get equal positions.
///
/// Equal rows, parameters and seed give equal bytes at any number of threads and in any order
/// of the rows. Fewer than eight different rows are laid out by PCA. Never fails.
pub fn layout(rows: &Neighborhoods, params: &LayoutParams, progress: &dyn Progress) -> Matrix {
    rows.lay_out(2, params.seed, progress, |places, neighbors| {
        let Some(neighbors) = neighbors else { return };
        descend::<2>(places, neighbors, params, "drawing the map", progress);
        // PCA of the result turns its longest extent to the horizontal.
        *places = pca::project(places, 2, params.seed);
    })
}

/// Number of dimensions that [`reduce`] leaves.
pub const REDUCED: usize = 5;

/// Positions in [`REDUCED`] dimensions, `n x` [`REDUCED`], for density-based clustering: no
/// least distance and no gravity, so that dense regions show where the embeddings themselves
/// lie in one cloud of nearly even density.
///
/// Deterministic as [`layout`] is. A neighbourhood holds at most `sqrt(m)` of `m` different
/// rows, or with few rows it would be most of them.
pub fn reduce(rows: &Neighborhoods, seed: u64, progress: &dyn Progress) -> Matrix {
    let params = LayoutParams { min_dist: 0.0, gravity: 0.0, seed, ..LayoutParams::default() };
    rows.lay_out(REDUCED, seed, progress, |places, neighbors| {
        let Some(neighbors) = neighbors else { return };
        let most = ((places.rows() as f64).sqrt().round() as usize).max(FEWEST_NEIGHBORS);
        let neighbors = neighbors.truncated(most - 1);
        descend::<REDUCED>(places, &neighbors, &params, "laying out neighbourhoods", progress);
    })
}

/// From initial positions in `D` dimensions to those of the neighbour graph.
fn descend<const D: usize>(
    places: &mut Matrix,
    neighbors: &Neighbors,
    params: &LayoutParams,
    what: &str,
    progress: &dyn Progress,
) {
    let graph = fuzzy::graph(neighbors, places.rows());
    optimize::spread_out(places, params.seed);
    progress.start(what, optimize::n_epochs(places.rows(), params) as u64);
    optimize::optimize::<D>(places, &graph, params, progress);
    progress.finish();
}

#[cfg(test)]
mod tests;
