//! HDBSCAN: clusters of any shape and number, and noise, from one density hierarchy.
//!
//! Campello, Moulavi, Zimek and Sander, "Hierarchical density estimates for data
//! clustering, visualization, and outlier detection", TKDD 2015. One file per stage:
//!
//! rows -> nearest neighbours -> [`CoreDistances`] -> spanning tree -> [`Linkage`] -> [`CondensedTree`] -> selected clusters ->
//! labels and strengths ([`Cut`]), with [`Model`] for rows that come later.
//!
//! The first two stages are [`Tree::build`]; they cost all the time. The rest is
//! [`Tree::cut`], which can be asked for as many parameters as one likes.
//!
//! # Ties
//!
//! Rows that stand at equal distances, copies above all, leave it open in which order a
//! spanning tree joins them, and the usual implementations let the order of the rows
//! decide. Here the hierarchy is not binary: everything that becomes connected at one
//! distance is joined by one [`Merge`] with as many children as it takes. Which rows are
//! connected at a distance is a property of the data, and stabilities are summed along the
//! hierarchy, so the partition depends neither on row order nor on the number of threads.
//! Where no two distances are equal the result is scikit-learn's.

mod approximate;
mod condense;
mod core_distance;
mod duplicates;
mod error;
mod label;
mod linkage;
mod membership;
mod params;
mod predict;
mod select;
#[cfg(test)]
mod tests;
mod tree;

pub use condense::{CondensedCluster, CondensedEdge, CondensedNode, CondensedTree};
pub use core_distance::CoreDistances;
pub use error::HdbscanError;
pub use label::Cut;
pub use linkage::{Linkage, Merge};
pub use params::{HdbscanParams, Selection, SingleCluster};
pub use predict::{Model, Prediction};
pub use tree::{EXACT_ROWS, NEAR_BLOCKS, Precision, Tree};

use crate::geometry::Matrix;
use crate::progress::Progress;

/// Builds the tree of `rows` and cuts it once.
///
/// # Errors
/// As [`Tree::build`] and [`Tree::cut`].
pub fn hdbscan(
    rows: &Matrix,
    params: &HdbscanParams,
    progress: &dyn Progress,
) -> Result<(Tree, Cut), HdbscanError> {
    params.check(rows.rows())?;
    let tree = Tree::build(rows, params.resolved_min_samples(rows.rows()), progress)?;
    let cut = tree.cut(params)?;
    Ok((tree, cut))
}
