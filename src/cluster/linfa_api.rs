//! linfa's `Fit` and `Predict` for k-means and HDBSCAN; `examples/linfa.rs` uses both.

use linfa::DatasetBase;
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, ArrayBase, Data, Ix2};

use super::choice::Choice;
use super::error::ClusterError;
use super::hdbscan::{HdbscanParams, Model, hdbscan};
use super::kmeans::{self, KMeans, KMeansParams, Metric};
use super::kmeans_run;
use super::nearest::Centroids;
use crate::geometry::Matrix;
use crate::progress::Silent;

impl From<linfa::error::Error> for ClusterError {
    fn from(error: linfa::error::Error) -> Self {
        ClusterError::Linfa(error.to_string())
    }
}

impl<D: Data<Elem = f32>, T> Fit<ArrayBase<D, Ix2>, T, ClusterError> for KMeansParams {
    type Object = KMeans;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<KMeans, ClusterError> {
        let rows = matrix(dataset.records());
        match self.k {
            Choice::Given(k) => kmeans::fit(&rows, k, self),
            Choice::Auto => kmeans_run::fit_auto(&rows, self),
        }
    }
}

impl<D: Data<Elem = f32>> PredictInplace<ArrayBase<D, Ix2>, Array1<usize>> for KMeans {
    /// # Panics
    /// If rows and targets differ in number, rows and centroids in length, or a number is
    /// not finite; [`super::assign()`] gives an error instead.
    fn predict_inplace(&self, rows: &ArrayBase<D, Ix2>, targets: &mut Array1<usize>) {
        assert_eq!(rows.nrows(), targets.len(), "one target per row");
        assert_eq!(rows.ncols(), self.centroids.cols(), "rows and centroids differ in length");
        let mut rows = matrix(rows);
        if self.metric == Metric::Spherical {
            rows.normalize_rows();
        }
        let nearest = Centroids::new(&self.centroids).two_nearest(&rows);
        targets.iter_mut().zip(nearest).for_each(|(target, n)| *target = n.first);
    }

    fn default_target(&self, rows: &ArrayBase<D, Ix2>) -> Array1<usize> {
        Array1::zeros(rows.nrows())
    }
}

/// A fitted HDBSCAN: the fitted rows with what prediction needs of their density tree.
#[derive(Debug, Clone)]
pub struct Hdbscan {
    rows: Matrix,
    model: Model,
    labels: Vec<Option<usize>>,
}

impl Hdbscan {
    /// The cluster of every fitted row, 0 the largest; `None` is noise.
    pub fn labels(&self) -> &[Option<usize>] {
        &self.labels
    }
}

impl<D: Data<Elem = f32>, T> Fit<ArrayBase<D, Ix2>, T, ClusterError> for HdbscanParams {
    type Object = Hdbscan;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Hdbscan, ClusterError> {
        let rows = matrix(dataset.records());
        let (tree, cut) = hdbscan(&rows, self, &Silent)?;
        let model = Model::new(&tree, &cut);
        Ok(Hdbscan { rows, model, labels: cut.labels().to_vec() })
    }
}

impl<D: Data<Elem = f32>> PredictInplace<ArrayBase<D, Ix2>, Array1<Option<usize>>> for Hdbscan {
    /// # Panics
    /// If rows and targets differ in number, rows and fitted rows in length, or a number is
    /// not finite; [`Model::predict`] gives an error instead.
    fn predict_inplace(&self, rows: &ArrayBase<D, Ix2>, targets: &mut Array1<Option<usize>>) {
        assert_eq!(rows.nrows(), targets.len(), "one target per row");
        let found = self.model.predict(&self.rows, &matrix(rows), &Silent);
        let found = found.unwrap_or_else(|error| panic!("{error}"));
        targets.iter_mut().zip(found).for_each(|(target, found)| *target = found.label);
    }

    fn default_target(&self, rows: &ArrayBase<D, Ix2>) -> Array1<Option<usize>> {
        Array1::default(rows.nrows())
    }
}

fn matrix(rows: &ArrayBase<impl Data<Elem = f32>, Ix2>) -> Matrix {
    let mut matrix = Matrix::zeros(rows.nrows(), rows.ncols());
    for (i, row) in rows.rows().into_iter().enumerate() {
        matrix.row_mut(i).iter_mut().zip(row).for_each(|(to, &x)| *to = x);
    }
    matrix
}
