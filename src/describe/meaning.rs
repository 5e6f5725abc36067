//! Which cluster a phrase means, by vectors of the model that made those of the roles.

use crate::geometry::{Matrix, inner_product};
use crate::occupations::Occupations;

/// One unit row per phrase, or `None` where the model is not to be had.
pub type EmbedPhrases<'a> = dyn Fn(&[String]) -> Option<Matrix> + 'a;

/// What the names of clusters are compared by, beside words.
#[derive(Clone, Copy, Default)]
pub struct Meaning<'a> {
    /// The roles' vectors as the model gave them, a unit row each, where clusters were found in others.
    pub vectors: Option<&'a Matrix>,
    /// Embeds phrases as the roles were embedded.
    pub embed: Option<&'a EmbedPhrases<'a>>,
    /// Standard occupations with vectors of the same model.
    pub occupations: Option<&'a Occupations>,
}

impl Meaning<'_> {
    /// The vectors of phrases; `None` without a model, or where one phrase has no direction.
    pub(super) fn vectors(&self, phrases: &[String]) -> Option<Matrix> {
        let embed = self.embed?;
        if phrases.is_empty() {
            return None;
        }
        embed(phrases).filter(|vectors| vectors.rows() == phrases.len())
    }
}

/// The unit means of the clusters.
#[derive(Debug)]
pub(super) struct Centroids(Matrix);

impl Centroids {
    /// Of unit rows, by the members of each cluster.
    pub fn new(vectors: &Matrix, members: &[Vec<usize>]) -> Self {
        let mut rows = Matrix::zeros(members.len(), vectors.cols());
        for (cluster, members) in members.iter().enumerate() {
            let mut sum = vec![0.0f64; vectors.cols()];
            for &member in members {
                sum.iter_mut().zip(vectors.row(member)).for_each(|(sum, x)| *sum += f64::from(*x));
            }
            let row = rows.row_mut(cluster);
            row.iter_mut().zip(&sum).for_each(|(x, sum)| *x = *sum as f32);
        }
        rows.normalize_rows();
        Centroids(rows)
    }

    /// The centroid of a cluster.
    pub fn row(&self, cluster: usize) -> &[f32] {
        self.0.row(cluster)
    }

    /// How much nearer `vector` is to this cluster than to the nearest other one, as a difference of cosines;
    /// negative where another cluster is nearer. Rounded, so that the order of the rows, which
    /// moves a sum in its last digits, decides nothing.
    pub fn margin(&self, cluster: usize, vector: &[f32]) -> f64 {
        let cosine = |row: usize| f64::from(inner_product(self.0.row(row), vector));
        let others = (0..self.0.rows()).filter(|&other| other != cluster).map(cosine);
        let margin = cosine(cluster) - others.fold(-1.0, f64::max);
        (margin * 1e4).round() / 1e4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_is_the_lead_over_the_nearest_other_cluster() {
        let rows = Matrix::new(4, 2, vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, -1.0, 0.0]).unwrap();
        let centroids = Centroids::new(&rows, &[vec![0, 1], vec![2], vec![3]]);
        assert_eq!(centroids.margin(0, &[0.6, 0.8]), -0.2);
        assert_eq!(centroids.margin(1, &[0.6, 0.8]), 0.2);
        // Alone there is nothing to be confused with.
        assert_eq!(Centroids::new(&rows, &[vec![0]]).margin(0, &[0.0, 1.0]), 1.0);
    }
}
