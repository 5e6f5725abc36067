//! A cut kept for later: which cluster would a new row fall into.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::HdbscanError;
use super::label::{Cut, Labeller};
use super::tree::Tree;
use crate::geometry::{Matrix, first_not_finite, squared_distance};
use crate::progress::Progress;

/// What [`Model::predict`] needs of a fitted tree and cut, beside the fitted rows.
///
/// All distances are finite, so that it can be written as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    min_samples: usize,
    core_squared: Vec<f64>,
    row_clusters: Vec<u32>,
    row_distances: Vec<f64>,
    parents: Vec<Option<u32>>,
    births: Vec<Option<f64>>,
    labeller: Labeller,
}

/// Where a new row falls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// Its cluster, by the cut's labels; `None` is noise.
    pub label: Option<usize>,
    /// How surely, in `[0, 1]`; 0 for noise.
    pub probability: f32,
    /// The fitted row it joins; `None` when there is none.
    pub joins: Option<usize>,
}

impl Model {
    /// Keeps what prediction needs.
    ///
    /// # Panics
    /// If the cut was made from another tree with fewer rows.
    pub fn new(tree: &Tree, cut: &Cut) -> Self {
        assert_eq!(tree.n_rows(), cut.labels().len(), "tree and cut belong together");
        let condensed = cut.condensed();
        let finite = |distance: &f64| distance.min(f64::MAX);
        let mut labeller = cut.labeller().clone();
        labeller.deaths.iter_mut().for_each(|d| *d = finite(d));
        labeller.root_limit = labeller.root_limit.as_ref().map(finite);
        Model {
            min_samples: tree.core_distances().min_samples(),
            core_squared: tree.core_distances().squared().to_vec(),
            row_clusters: condensed.row_clusters().to_vec(),
            row_distances: condensed.row_distances().iter().map(finite).collect(),
            parents: condensed.clusters().iter().map(|c| c.parent).collect(),
            births: condensed.clusters().iter().map(|c| c.birth_distance).collect(),
            labeller,
        }
    }

    /// Gives label `l` the number `new_of_old[l]`.
    ///
    /// # Panics
    /// If a label has no new number.
    pub fn renumber(&mut self, new_of_old: &[usize]) {
        for label in self.labeller.labels.iter_mut().flatten() {
            *label = new_of_old[*label];
        }
    }

    /// The label and strength of every row of `new` (`m x d`), given the `fitted` rows
    /// (`n x d`) the tree was built from. A new row changes nothing for the next one.
    ///
    /// The row joins the fitted row that is nearest in mutual reachability, and with it the
    /// smallest cluster that existed at that distance. A row equal to a fitted one takes
    /// its label and strength.
    ///
    /// # Errors
    /// When a new row is not finite, or the shapes do not fit.
    pub fn predict(
        &self,
        fitted: &Matrix,
        new: &Matrix,
        progress: &dyn Progress,
    ) -> Result<Vec<Prediction>, HdbscanError> {
        let n = self.row_clusters.len();
        if fitted.rows() != n || (n > 0 && new.rows() > 0 && new.cols() != fitted.cols()) {
            return Err(HdbscanError::Shape {
                expected_rows: n,
                expected: fitted.cols(),
                rows: fitted.rows(),
                found: new.cols(),
            });
        }
        if let Some((row, column)) = first_not_finite(new) {
            return Err(HdbscanError::NotFinite { row, column });
        }
        progress.start("assigning", new.rows() as u64);
        let predictions = (0..new.rows())
            .into_par_iter()
            .map_init(
                || (Vec::new(), Vec::new()),
                |(distances, scratch), row| {
                    distances.clear();
                    let to = |other| squared_distance(new.row(row), other);
                    distances.extend(fitted.iter_rows().map(to));
                    progress.advance(1);
                    self.place(distances, scratch)
                },
            )
            .collect();
        progress.finish();
        Ok(predictions)
    }

    /// From the squared distances to all fitted rows.
    fn place(&self, squared: &[f64], scratch: &mut Vec<f64>) -> Prediction {
        if let Some(copy) = squared.iter().position(|&d| d == 0.0) {
            return self.at(self.row_clusters[copy] as usize, self.row_distances[copy], copy);
        }
        let core = self.core_distance(squared, scratch);
        let reach = |row: usize| squared[row].max(self.core_squared[row]).max(core);
        let nearer = |&a: &usize, &b: &usize| {
            let by_reach = reach(a).total_cmp(&reach(b));
            by_reach.then(squared[a].total_cmp(&squared[b]))
        };
        let Some(joins) = (0..squared.len()).min_by(nearer) else {
            return Prediction { label: None, probability: 0.0, joins: None };
        };
        let distance = reach(joins).sqrt();
        let mut cluster = self.row_clusters[joins] as usize;
        if distance <= self.row_distances[joins] {
            return self.at(cluster, self.row_distances[joins], joins);
        }
        while let (Some(parent), Some(birth)) = (self.parents[cluster], self.births[cluster])
            && birth <= distance
        {
            cluster = parent as usize;
        }
        self.at(cluster, distance, joins)
    }

    /// Squared core distance of a new row, which counts itself first.
    fn core_distance(&self, squared: &[f64], scratch: &mut Vec<f64>) -> f64 {
        let others = (self.min_samples - 1).min(squared.len());
        if others == 0 {
            return 0.0;
        }
        scratch.clear();
        scratch.extend_from_slice(squared);
        *scratch.select_nth_unstable_by(others - 1, f64::total_cmp).1
    }

    fn at(&self, cluster: usize, distance: f64, joins: usize) -> Prediction {
        Prediction {
            label: self.labeller.label(cluster, distance),
            probability: self.labeller.probability(cluster, distance),
            joins: Some(joins),
        }
    }
}
