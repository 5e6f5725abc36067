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
mod label;
mod linkage;
mod membership;
mod predict;
mod select;
#[cfg(test)]
mod tests;

pub use condense::{CondensedCluster, CondensedEdge, CondensedNode, CondensedTree};
pub use core_distance::CoreDistances;
pub use label::Cut;
pub use linkage::{Linkage, Merge};
pub use predict::{Model, Prediction};

use serde::{Deserialize, Serialize};

use approximate::approximate_tree;
use duplicates::Duplicates;

use crate::geometry::{
    Matrix, first_not_finite, mutual_reachability_tree, nearest_neighbors, spanning_forest,
};
use crate::progress::Progress;

/// Nearest neighbours kept at least, so that the first spanning tree is a good one.
const GRAPH_NEIGHBORS: usize = 8;
/// The same where they are searched for: the more a row knows, the more it is shown.
const SEARCHED_NEIGHBORS: usize = 16;

/// How clusters are chosen from the condensed tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    /// The set of clusters that lives longest in sum (the paper's choice).
    #[default]
    ExcessOfMass,
    /// The leaves of the tree: more, smaller, more even clusters.
    Leaf,
}

/// Whether all rows together may be the one cluster found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SingleCluster {
    /// Without a split there is no cluster, only noise.
    #[default]
    Refuse,
    /// Excess of mass may keep the root; then only its densest rows are labelled.
    Allow,
}

/// What counts as a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HdbscanParams {
    /// Fewest rows a cluster may have; at least 2.
    pub min_cluster_size: usize,
    /// A row is dense within the distance that holds this many rows, itself counted.
    /// `None` takes `min_cluster_size`, or the number of rows where that is smaller.
    pub min_samples: Option<usize>,
    /// Which clusters of the hierarchy are kept.
    pub selection: Selection,
    /// Clusters that split below this distance are kept whole; 0 for no such limit.
    pub epsilon: f64,
    /// Clusters with more rows are split further, or become noise where they cannot be.
    pub max_cluster_size: Option<usize>,
    /// Whether the root may be a cluster.
    pub single_cluster: SingleCluster,
}

impl Default for HdbscanParams {
    fn default() -> Self {
        HdbscanParams {
            min_cluster_size: 5,
            min_samples: None,
            selection: Selection::default(),
            epsilon: 0.0,
            max_cluster_size: None,
            single_cluster: SingleCluster::default(),
        }
    }
}

impl HdbscanParams {
    /// Whether the parameters fit `n` rows. A `min_cluster_size` above `n` is no error: it
    /// makes every row noise.
    ///
    /// # Errors
    /// Names the first value that does not fit.
    pub fn check(&self, n: usize) -> Result<(), HdbscanError> {
        if self.min_cluster_size < 2 {
            return Err(HdbscanError::MinClusterSize { given: self.min_cluster_size });
        }
        if let Some(given) = self.min_samples {
            check_min_samples(given, n)?;
        }
        if !self.epsilon.is_finite() || self.epsilon < 0.0 {
            return Err(HdbscanError::Epsilon { given: self.epsilon });
        }
        match self.max_cluster_size {
            Some(max) if max < self.min_cluster_size => {
                Err(HdbscanError::MaxClusterSize { max, min: self.min_cluster_size })
            }
            _ => Ok(()),
        }
    }

    /// `min_samples`, with the default filled in for `n` rows.
    pub fn resolved_min_samples(&self, n: usize) -> usize {
        self.min_samples.unwrap_or_else(|| self.min_cluster_size.min(n).max(1))
    }
}

/// Rows or parameters HDBSCAN cannot work with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HdbscanError {
    /// A coordinate is NaN or infinite.
    #[error("row {row} is not finite (column {column}): embed it again, or leave it out")]
    NotFinite {
        /// Row, counted from 0.
        row: usize,
        /// Column, counted from 0.
        column: usize,
    },
    /// A cluster of one row is no cluster.
    #[error("min_cluster_size is {given}: give at least 2")]
    MinClusterSize {
        /// As given.
        given: usize,
    },
    /// There are not that many rows to count.
    #[error("min_samples is {given}, but there are {rows} rows: give 1 to {rows}")]
    MinSamples {
        /// As given.
        given: usize,
        /// Rows to cluster.
        rows: usize,
    },
    /// The tree was built with another value.
    #[error("min_samples is {given}, but the tree was built with {built}: build another tree")]
    OtherMinSamples {
        /// As given.
        given: usize,
        /// The tree's.
        built: usize,
    },
    /// Not a distance.
    #[error("epsilon is {given}: give a distance, 0 or larger")]
    Epsilon {
        /// As given.
        given: f64,
    },
    /// No size is small enough and large enough.
    #[error("max_cluster_size is {max}, below min_cluster_size {min}: raise it to {min} or more")]
    MaxClusterSize {
        /// As given.
        max: usize,
        /// `min_cluster_size`.
        min: usize,
    },
    /// New rows come from another model, or the fitted rows are not the fitted ones.
    #[error("expected {expected_rows} fitted rows of {expected} numbers, found {rows} of {found}")]
    Shape {
        /// Fitted rows.
        expected_rows: usize,
        /// Their length.
        expected: usize,
        /// Rows given.
        rows: usize,
        /// Their length.
        found: usize,
    },
}

/// The density hierarchy of some rows: what does not depend on `min_cluster_size`.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    core: CoreDistances,
    linkage: Linkage,
    precision: Precision,
}

/// Above this many rows all pairs take minutes (the work grows with the square), and
/// [`Precision::Approximate`] is worth its name.
pub const EXACT_ROWS: usize = 200_000;

/// Blocks every block is compared with where nobody says otherwise: at 200,000 rows one in
/// six, at a million one in thirty.
pub const NEAR_BLOCKS: usize = 64;

/// Whether every pair of rows was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// The tree is the lightest there is.
    Exact,
    /// Rows were compared with those in blocks near their own: nearly the lightest, and
    /// dependent on a seed, though not on row order or threads.
    Approximate {
        /// Of the order that makes the blocks.
        seed: u64,
        /// How many blocks, of 512 rows each, every block is compared with at least. With
        /// as many as there are the tree is exact.
        near_blocks: usize,
    },
}

impl Tree {
    /// Core distances and the single-linkage hierarchy of mutual reachability, where two
    /// rows are as far apart as the largest of their distance and their core distances.
    ///
    /// Exact: every distance that decides is computed in `f64`. Needs `O(n min_samples)`
    /// memory beside the rows (`n x d`), never `n x n`.
    ///
    /// # Errors
    /// When a row is not finite, or `min_samples` is 0 or above `n` (any value goes for no
    /// rows at all).
    pub fn build(
        rows: &Matrix,
        min_samples: usize,
        progress: &dyn Progress,
    ) -> Result<Tree, HdbscanError> {
        Tree::build_with(rows, min_samples, Precision::Exact, progress)
    }

    /// [`Tree::build`], exactly or on an approximate neighbour graph.
    ///
    /// # Errors
    /// As [`Tree::build`].
    pub fn build_with(
        rows: &Matrix,
        min_samples: usize,
        precision: Precision,
        progress: &dyn Progress,
    ) -> Result<Tree, HdbscanError> {
        if let Some((row, column)) = first_not_finite(rows) {
            return Err(HdbscanError::NotFinite { row, column });
        }
        check_min_samples(min_samples, rows.rows())?;
        let copies = Duplicates::find(rows);
        let k = (min_samples - 1).max(GRAPH_NEIGHBORS);
        let (distinct_core, tree) = match precision {
            Precision::Exact => {
                let distinct = copies.distinct();
                let neighbors = nearest_neighbors(distinct, k, progress);
                let core = CoreDistances::of_distinct(&copies.counts, &neighbors, min_samples);
                let tree = mutual_reachability_tree(distinct, &core, &neighbors, progress);
                (core, tree)
            }
            Precision::Approximate { seed, near_blocks } => {
                let k = (2 * (min_samples - 1)).max(SEARCHED_NEIGHBORS);
                approximate_tree(&copies, min_samples, k, (seed, near_blocks), progress)
            }
        };
        let core = CoreDistances::spread(&copies, &distinct_core, min_samples);
        let mut tree = copies.with_copies(&tree, core.squared());
        let tree = spanning_forest(rows.rows(), &mut tree);
        Ok(Tree { core, linkage: Linkage::from_tree(rows.rows(), &tree), precision })
    }

    /// How it was built.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.linkage.n_rows()
    }

    /// The core distances.
    pub fn core_distances(&self) -> &CoreDistances {
        &self.core
    }

    /// The hierarchy.
    pub fn linkage(&self) -> &Linkage {
        &self.linkage
    }

    /// The clusters for these parameters; costs little beside [`Tree::build`].
    ///
    /// # Errors
    /// When a parameter does not fit (see [`HdbscanParams::check`]) or names another
    /// `min_samples` than the tree's.
    pub fn cut(&self, params: &HdbscanParams) -> Result<Cut, HdbscanError> {
        params.check(self.n_rows())?;
        let built = self.core.min_samples();
        match params.min_samples {
            Some(given) if given != built => Err(HdbscanError::OtherMinSamples { given, built }),
            _ => {
                let condensed = CondensedTree::condense(&self.linkage, params.min_cluster_size);
                let selected = select::select(&condensed, params);
                Ok(Cut::label(condensed, &selected, params.epsilon))
            }
        }
    }
}

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

fn check_min_samples(given: usize, rows: usize) -> Result<(), HdbscanError> {
    if given == 0 || (rows > 0 && given > rows) {
        return Err(HdbscanError::MinSamples { given, rows });
    }
    Ok(())
}
