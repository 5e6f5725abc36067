//! Clusters of very many rows: found in a sample of them, which the rest joins.
//!
//! Centres, density and what samples agree on change little beyond some ten thousand rows, while
//! memory and time grow with every one. Which rows are in the sample is decided by what they hold,
//! so that neither their order nor the number of threads changes a label.

use serde_json::json;

use super::assign::{Assigned, ClusterModel, SampledModel, assign};
use super::dendrogram;
use super::error::ClusterError;
use super::fitted::Fitted;
use super::grouping::means_of;
use super::row_keys::{draw, row_keys};
use crate::clustering::{ClusterId, Clustering};
use crate::geometry::{Matrix, canonical_order, first_not_finite, place_out_of_sample};
use crate::progress::Progress;

/// Up to so many rows all are clustered.
const ALL_ROWS: usize = 200_000;

/// Rows of the sample; the map is laid out on as many.
const MOST_SAMPLED: usize = 60_000;

/// The parameter of a method that says how many rows the sample had.
pub const SAMPLE_ROWS: &str = "sample_rows";

/// Rows of the rest that are placed at once.
const AT_ONCE: usize = 16_384;

/// The draw of the sample, which no other draw by the same keys uses.
const ROUND: u64 = u64::MAX - 1;

/// Rows in which clusters are found, of many.
#[derive(Debug)]
pub struct RowSample {
    /// Their numbers, ascending.
    chosen: Vec<usize>,
    rows: Matrix,
}

impl RowSample {
    /// A sample of the rows of `vectors`; `None` where they are few enough to be clustered all.
    ///
    /// # Errors
    /// When a number is not finite.
    pub fn of_many(vectors: &Matrix) -> Result<Option<RowSample>, ClusterError> {
        RowSample::of(vectors, ALL_ROWS, MOST_SAMPLED)
    }

    fn of(vectors: &Matrix, all: usize, count: usize) -> Result<Option<RowSample>, ClusterError> {
        if vectors.rows() <= all {
            return Ok(None);
        }
        if let Some((row, column)) = first_not_finite(vectors) {
            return Err(ClusterError::NotFinite { row, column });
        }
        let order = canonical_order(vectors);
        let keys = row_keys(order.iter().map(|&row| vectors.row(row)));
        let mut chosen: Vec<usize> =
            draw(&keys, ROUND, count).into_iter().map(|at| order[at]).collect();
        chosen.sort_unstable();
        let rows = vectors.select(&chosen);
        Ok(Some(RowSample { chosen, rows }))
    }

    /// The rows of the sample.
    pub fn rows(&self) -> &Matrix {
        &self.rows
    }

    /// What was found in the sample, for all rows of `vectors`, and their places on the map: the
    /// rest goes where new rows would go.
    ///
    /// # Errors
    /// When a row cannot be placed.
    pub fn completed(
        &self,
        fitted: Fitted,
        places: &Matrix,
        vectors: &Matrix,
        progress: &dyn Progress,
    ) -> Result<(Fitted, Matrix), ClusterError> {
        let n = vectors.rows();
        let Fitted { clustering: found, mut method, model, raw, .. } = fitted;
        let mut labels: Vec<Option<usize>> = vec![None; n];
        let (mut strengths, mut all_places) = (vec![0.0f32; n], Matrix::zeros(n, places.cols()));
        let mut is_chosen = vec![false; n];
        for (at, &row) in self.chosen.iter().enumerate() {
            is_chosen[row] = true;
            labels[row] = found.labels()[at].map(ClusterId::index);
            strengths[row] = found.strengths()[at];
            all_places.row_mut(row).copy_from_slice(places.row(at));
        }
        let rest: Vec<usize> = (0..n).filter(|&row| !is_chosen[row]).collect();
        progress.start("placing the rest of the roles", rest.len() as u64);
        for rows in rest.chunks(AT_ONCE) {
            let new = vectors.select(rows);
            let assigned = assign(&model, &self.rows, &new)?;
            let placed = place_out_of_sample(&new, &self.rows, places, |_| ());
            for ((&row, Assigned { label, strength }), place) in
                rows.iter().zip(assigned).zip(placed.iter_rows())
            {
                labels[row] = label.map(ClusterId::index);
                strengths[row] = strength;
                all_places.row_mut(row).copy_from_slice(place);
            }
            progress.advance(rows.len() as u64);
        }
        progress.finish();

        let (clustering, old_of_new) = Clustering::canonical(&labels, strengths);
        let old: Vec<ClusterId> = old_of_new.iter().map(|&old| ClusterId(old as u32)).collect();
        let clustering = with_levels(clustering, &found, &old);
        // A row of the rest has one label: that which it was given.
        let raw = raw.map(|raw| {
            let mut all = clustering.labels().to_vec();
            for (&row, label) in self.chosen.iter().zip(raw) {
                all[row] = label.and(all[row]);
            }
            all
        });
        let hierarchy = dendrogram::of_centres(&means_of(vectors, &clustering), &clustering);
        let model = self.model(model).renumbered(&old);
        method.parameters.insert(SAMPLE_ROWS.into(), json!(self.chosen.len()));
        method.warnings.push(format!(
            "the specialisations were found in a sample of {} of the {n} roles, drawn by what they \
             hold; the others went where new roles go",
            self.chosen.len()
        ));
        Ok((Fitted { clustering, method, model, raw, hierarchy }, all_places))
    }

    /// The model, for all rows as the fitted ones.
    fn model(&self, model: ClusterModel) -> ClusterModel {
        match model {
            // Centres need no rows.
            ClusterModel::Centroids { .. } => model,
            other => ClusterModel::Sampled(SampledModel::new(&self.chosen, other)),
        }
    }
}

/// Directions and certainty as they were `found`; cluster `i` is `old[i]` there.
fn with_levels(clustering: Clustering, found: &Clustering, old: &[ClusterId]) -> Clustering {
    let direction = |id: &ClusterId| found.direction_of(*id).map(|direction| direction.index());
    let Some(directions) = old.iter().map(direction).collect::<Option<Vec<usize>>>() else {
        return clustering;
    };
    let certainty = old.iter().filter_map(|&id| found.certainty(id)).collect();
    let clustering = clustering.with_levels(&directions, certainty);
    // A mixture keeps these; for other algorithms shares are measured afterwards.
    let (labels, strengths) = (clustering.labels().to_vec(), clustering.strengths().to_vec());
    clustering.with_shares(|row, id| if labels[row] == Some(id) { strengths[row] } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::tests::directions;
    use crate::cluster::{Algorithm, Choice, DensityParams, GmmParams, KMeansParams, cluster};
    use crate::clustering::Label;
    use crate::progress::Silent;

    fn algorithms() -> [Algorithm; 3] {
        [
            Algorithm::KMeans(KMeansParams { k: Choice::Given(6), ..KMeansParams::default() }),
            Algorithm::Hdbscan(DensityParams::default()),
            Algorithm::Gmm(GmmParams { k: Choice::Given(6), ..GmmParams::default() }),
        ]
    }

    fn found(rows: &Matrix, algorithm: &Algorithm) -> (Fitted, Matrix) {
        let sample = RowSample::of(rows, 500, 400).unwrap().unwrap();
        let fitted = cluster(sample.rows(), algorithm, &Silent).unwrap();
        let places = Matrix::zeros(400, 2);
        sample.completed(fitted, &places, rows, &Silent).unwrap()
    }

    #[test]
    fn the_rest_goes_where_its_group_is_whatever_the_order() {
        let rows = directions(6, 200, 16, 0.4, 11);
        let turned: Vec<usize> = (0..1200).rev().collect();
        for algorithm in algorithms() {
            let (fitted, places) = found(&rows, &algorithm);
            let labels = fitted.clustering.labels();
            assert_eq!((fitted.clustering.n_clusters(), places.rows()), (6, 1200));
            let group_of = |row: usize| labels[row % 6];
            let same = (0..1200).filter(|&row| labels[row] == group_of(row)).count();
            assert!(same > 1150, "{same} {}", fitted.method.algorithm);
            let (again, _) = found(&rows.select(&turned), &algorithm);
            let together = |labels: &[Label], a: usize, b: usize| labels[a] == labels[b];
            for row in 1..1200 {
                assert_eq!(
                    together(labels, row, row - 1),
                    together(again.clustering.labels(), 1199 - row, 1200 - row)
                );
            }
            // New rows that are fitted ones get their labels back.
            let places = assign(&fitted.model, &rows, &rows).unwrap();
            assert!(places.iter().zip(labels).all(|(place, label)| place.label == *label));
            let json = serde_json::to_string(&fitted.model).unwrap();
            assert_eq!(serde_json::from_str::<ClusterModel>(&json).unwrap(), fitted.model);
            assert!(fitted.method.warnings.iter().any(|w| w.contains("400 of the 1200")));
        }
    }

    #[test]
    fn few_rows_are_all_clustered() {
        let rows = directions(6, 200, 16, 0.4, 11);
        assert!(RowSample::of_many(&rows).unwrap().is_none());
    }
}
