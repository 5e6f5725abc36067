//! The density hierarchy: everything that does not depend on `min_cluster_size`.

use serde::{Deserialize, Serialize};

use super::approximate::approximate_tree;
use super::condense::CondensedTree;
use super::core_distance::CoreDistances;
use super::duplicates::Duplicates;
use super::error::HdbscanError;
use super::label::Cut;
use super::linkage::Linkage;
use super::params::{HdbscanParams, check_min_samples};
use super::select;
use crate::geometry::{
    Edge, FewDimensions, Matrix, Neighbors, first_not_finite, mutual_reachability_tree,
    nearest_neighbors, spanning_forest,
};
use crate::progress::Progress;

/// Nearest neighbours kept at least, so that the first spanning tree is a good one.
const GRAPH_NEIGHBORS: usize = 8;
/// The same where they are searched for: the more a row knows, the more it is shown.
const SEARCHED_NEIGHBORS: usize = 16;

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

/// Default number of blocks that every block is compared with: at 200,000 rows one in
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

/// Squared core distances of the distinct rows, and the lightest tree that joins them: by k-d
/// tree in few dimensions, by products of all pairs in many.
fn exact_tree(
    copies: &Duplicates,
    min_samples: usize,
    k: usize,
    progress: &dyn Progress,
) -> (Vec<f64>, Vec<Edge>) {
    let rows = copies.distinct();
    let core_of = |near: &Neighbors| CoreDistances::of_distinct(&copies.counts, near, min_samples);
    match FewDimensions::of(rows) {
        Some(few) => {
            let neighbors = few.nearest_neighbors(k, progress);
            let core = core_of(&neighbors);
            let tree = few.mutual_reachability_tree(&core, &neighbors, progress);
            (core, tree)
        }
        None => {
            let neighbors = nearest_neighbors(rows, k, progress);
            let core = core_of(&neighbors);
            let tree = mutual_reachability_tree(rows, &core, &neighbors, progress);
            (core, tree)
        }
    }
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
            Precision::Exact => exact_tree(&copies, min_samples, k, progress),
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
