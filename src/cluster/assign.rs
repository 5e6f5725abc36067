//! Clusters for rows that were not there when the clusters were found.

use super::ClusterError;
use super::kmeans::Metric;
use super::nearest::Centroids;
use crate::clustering::{ClusterId, ClusterModel, Label};
use crate::geometry::Matrix;

/// The place of a new row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assigned {
    /// Its cluster; `None` is noise.
    pub label: Label,
    /// How surely it belongs there, in `[0, 1]`, measured as for fitted rows.
    pub strength: f32,
}

/// Gives each row of `vectors` (`n x d`) the cluster it falls into. A fitted row gets the
/// label it was fitted with, and a row alone what it gets in a batch.
///
/// # Errors
/// When the rows are not as long as those the clusters were found in, or a number is not
/// finite.
pub fn assign(model: &ClusterModel, vectors: &Matrix) -> Result<Vec<Assigned>, ClusterError> {
    if vectors.rows() == 0 {
        return Ok(Vec::new());
    }
    match model {
        ClusterModel::Centroids { centroids, spherical } => {
            let metric = if *spherical { Metric::Spherical } else { Metric::Euclidean };
            same_dimension(centroids, vectors)?;
            let rows = super::kmeans::prepare(vectors, metric)?;
            let nearest = Centroids::new(centroids).two_nearest(&rows);
            let place = |n: &super::nearest::Nearest| Assigned {
                label: Some(ClusterId(n.first as u32)),
                strength: n.margin(),
            };
            Ok(nearest.iter().map(place).collect())
        }
    }
}

fn same_dimension(fitted: &Matrix, new: &Matrix) -> Result<(), ClusterError> {
    let (expected, found) = (fitted.cols(), new.cols());
    if expected == found { Ok(()) } else { Err(ClusterError::Dimension { expected, found }) }
}
