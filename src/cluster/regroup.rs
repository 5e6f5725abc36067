//! Other groups in place of those an algorithm found: by given directions, or by a person.

use std::collections::BTreeMap;

use super::assign::{ClusterModel, RegroupedModel};
use super::fitted::Fitted;
use crate::clustering::{ClusterId, Clustering};

/// Groups of the rows of a [`Fitted`]. Those that were clusters are called by the cluster's number
/// counted from 0; others by larger numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grouping {
    /// The group of each row; `None` is noise.
    pub groups: Vec<Option<usize>>,
    /// The direction of each group, by any number.
    pub directions: BTreeMap<usize, usize>,
}

/// What [`Fitted::regrouped`] gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Regrouped {
    /// The groups as clusters.
    pub fitted: Fitted,
    /// The group that each cluster is, by cluster id.
    pub groups: Vec<usize>,
    /// The number that each direction had, by direction id.
    pub directions: Vec<usize>,
}

impl Fitted {
    /// The same rows in other groups. Clusters keep their order, others come after them.
    ///
    /// # Panics
    /// If there is not one group per row, or a group has no direction.
    pub fn regrouped(self, grouping: &Grouping) -> Regrouped {
        let found = &self.clustering;
        assert_eq!(grouping.groups.len(), found.labels().len(), "one group per row");
        let (clustering, groups) =
            Clustering::canonical(&grouping.groups, found.strengths().to_vec());
        let directions: Vec<usize> =
            groups.iter().map(|group| grouping.directions[group]).collect();
        let certainty = certainty(found, &grouping.groups, &groups);
        let clustering = clustering.with_levels(&directions, certainty);
        let mut sorted = groups.clone();
        sorted.sort_unstable();
        // Every group is among the sorted ones.
        let id = |group: &usize| ClusterId(sorted.partition_point(|other| other < group) as u32);
        let ids: Vec<ClusterId> = groups.iter().map(id).collect();
        let clustering = clustering.renumbered(&ids);
        let labels = clustering.labels().to_vec();
        let own = |row: usize, id: ClusterId| if labels[row] == Some(id) { 1.0 } else { 0.0 };
        let clustering = clustering.with_shares(own);
        let mut directions = vec![0; clustering.n_directions()];
        for (group, direction) in sorted.iter().zip(clustering.directions()) {
            directions[direction.index()] = grouping.directions[group];
        }
        let raw = self.raw.map(|raw| raw.iter().zip(&labels).map(|(r, l)| r.and(*l)).collect());
        let model = RegroupedModel::new(self.model, found.labels(), &labels);
        let model = ClusterModel::Regrouped(model);
        // A tree of other clusters would not be one of these.
        let fitted = Fitted { clustering, method: self.method, model, raw, hierarchy: None };
        Regrouped { fitted, groups: sorted, directions }
    }
}

/// The certainty of the clusters that the rows of a group come from, on average.
fn certainty(found: &Clustering, row_groups: &[Option<usize>], groups: &[usize]) -> Vec<f32> {
    if found.n_clusters() == 0 || found.certainty(ClusterId(0)).is_none() {
        return Vec::new();
    }
    let of_group = |group: &usize| {
        let rows = row_groups.iter().zip(found.labels()).filter(|(of, _)| **of == Some(*group));
        let all: Vec<f32> = rows.filter_map(|(_, label)| found.certainty((*label)?)).collect();
        let sum: f64 = all.iter().map(|&share| f64::from(share)).sum();
        (sum / all.len().max(1) as f64) as f32
    };
    groups.iter().map(of_group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Choice, KMeansParams, assign, fit_kmeans};
    use crate::clustering::{DirectionId, Label};
    use crate::geometry::Matrix;
    use crate::report::Method;

    /// Three clusters on a line: rows 0-3 at 0, rows 4-6 at 10, rows 7-8 at 30.
    fn fitted() -> (Matrix, Fitted) {
        let points = vec![0.0, 0.1, 0.2, 0.3, 10.0, 10.1, 10.2, 30.0, 30.1];
        let rows = Matrix::new(9, 1, points).unwrap();
        let params = KMeansParams { k: Choice::Given(3), ..KMeansParams::default() };
        let kmeans = fit_kmeans(&rows, 3, &params).unwrap();
        let model = kmeans.model();
        let clustering = kmeans.clustering.with_levels(&[0, 0, 1], vec![0.9, 0.5, 0.7]);
        (rows, Fitted { clustering, method: Method::default(), model, raw: None, hierarchy: None })
    }

    fn ids(labels: &[Label]) -> Vec<u32> {
        labels.iter().map(|label| label.map_or(99, |id| id.0)).collect()
    }

    #[test]
    fn groups_become_clusters_and_new_rows_follow_them() {
        let (rows, fitted) = fitted();
        // The first two become one; one row of the last leaves it; row 3 joins the last.
        let groups = [0, 0, 0, 2, 0, 0, 0, 7, 2].map(Some).to_vec();
        let directions = BTreeMap::from([(0, 5), (2, 1), (7, 5)]);
        let found = fitted.regrouped(&Grouping { groups, directions });
        assert_eq!(ids(found.fitted.clustering.labels()), [0, 0, 0, 1, 0, 0, 0, 2, 1]);
        assert_eq!((found.groups, found.directions), (vec![0, 2, 7], vec![5, 1]));
        let of: Vec<DirectionId> = found.fitted.clustering.directions().to_vec();
        assert_eq!(of, [0, 1, 0].map(DirectionId));
        let certainty = found.fitted.clustering.certainty(ClusterId(0)).unwrap();
        assert!((certainty - 0.7).abs() < 1e-6, "{certainty}");
        let again = assign(&found.fitted.model, &rows, &rows).unwrap();
        let again: Vec<Label> = again.iter().map(|place| place.label).collect();
        assert_eq!(again, found.fitted.clustering.labels());
        let new = Matrix::new(3, 1, vec![11.0, 31.0, -1.0]).unwrap();
        let new = assign(&found.fitted.model, &rows, &new).unwrap();
        assert_eq!(ids(&new.iter().map(|place| place.label).collect::<Vec<_>>()), [0, 1, 0]);
        let json = serde_json::to_string(&found.fitted.model).unwrap();
        assert_eq!(serde_json::from_str::<ClusterModel>(&json).unwrap(), found.fitted.model);
    }
}
