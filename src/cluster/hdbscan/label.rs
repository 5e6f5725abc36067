//! Selected clusters -> a label and a strength per row.

use serde::{Deserialize, Serialize};

use super::condense::CondensedTree;

/// One flat clustering of a [`Tree`](super::Tree).
///
/// Labels are numbered by falling size, ties by the smallest row; lists "per cluster" are
/// in the order of labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    labels: Vec<Option<usize>>,
    probabilities: Vec<f32>,
    clusters: Vec<usize>,
    condensed: CondensedTree,
    labeller: Labeller,
}

impl Cut {
    /// `selected` holds clusters of which none lies below another.
    pub(super) fn label(condensed: CondensedTree, selected: &[usize], epsilon: f64) -> Self {
        let labeller = Labeller::new(&condensed, selected, epsilon);
        let (labels, probabilities) = (Vec::new(), Vec::new());
        let clusters = selected.to_vec();
        let mut cut = Cut { labels, probabilities, clusters, condensed, labeller };
        let raw: Vec<Option<usize>> = cut.rows().map(|(c, d)| cut.labeller.label(c, d)).collect();
        cut.number_by_size(&raw);
        cut.labels = cut.rows().map(|(c, d)| cut.labeller.label(c, d)).collect();
        cut.probabilities = cut.rows().map(|(c, d)| cut.labeller.probability(c, d)).collect();
        cut
    }

    /// The cluster of each row; `None` is noise.
    pub fn labels(&self) -> &[Option<usize>] {
        &self.labels
    }

    /// How long each row stays in its cluster against the row that stays longest, in
    /// `[0, 1]`; 0 for noise.
    pub fn probabilities(&self) -> &[f32] {
        &self.probabilities
    }

    /// Number of clusters.
    pub fn n_clusters(&self) -> usize {
        self.clusters.len()
    }

    /// The condensed tree's cluster behind each label.
    pub fn clusters(&self) -> &[usize] {
        &self.clusters
    }

    /// The tree the labels were read from.
    pub fn condensed(&self) -> &CondensedTree {
        &self.condensed
    }

    pub(super) fn labeller(&self) -> &Labeller {
        &self.labeller
    }

    /// For each row the smallest cluster it belongs to and the distance at which it leaves it.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, f64)> {
        let clusters = self.condensed.row_clusters().iter().map(|&c| c as usize);
        clusters.zip(self.condensed.row_distances().iter().copied())
    }

    fn number_by_size(&mut self, raw: &[Option<usize>]) {
        let mut found: Vec<(std::cmp::Reverse<usize>, usize, usize)> = (0..self.clusters.len())
            .map(|label| (std::cmp::Reverse(0), usize::MAX, label))
            .collect();
        for (row, label) in raw.iter().enumerate() {
            if let Some(label) = *label {
                found[label].0.0 += 1;
                found[label].1 = found[label].1.min(row);
            }
        }
        found.sort_unstable();
        let mut new_of_old = vec![0; found.len()];
        for (new, &(_, _, old)) in found.iter().enumerate() {
            new_of_old[old] = new;
        }
        self.clusters = found.iter().map(|&(_, _, old)| self.clusters[old]).collect();
        for label in self.labeller.labels.iter_mut().flatten() {
            *label = new_of_old[*label];
        }
    }
}

/// Says the label of a row that leaves a cluster of the condensed tree at a distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Labeller {
    /// Per condensed cluster the label of the kept cluster it is or lies below.
    pub(super) labels: Vec<Option<usize>>,
    /// Per condensed cluster the death of that kept cluster.
    pub(super) deaths: Vec<f64>,
    /// When the root itself is kept, the distance up to which its rows are labelled.
    pub(super) root_limit: Option<f64>,
}

impl Labeller {
    fn new(tree: &CondensedTree, selected: &[usize], epsilon: f64) -> Self {
        let clusters = tree.clusters();
        let mut labels = vec![None; clusters.len()];
        let mut deaths = vec![f64::INFINITY; clusters.len()];
        for (label, &id) in selected.iter().enumerate() {
            labels[id] = Some(label);
            deaths[id] = clusters[id].death_distance;
        }
        for (id, cluster) in clusters.iter().enumerate() {
            if let (None, Some(parent)) = (labels[id], cluster.parent) {
                labels[id] = labels[parent as usize];
                deaths[id] = deaths[parent as usize];
            }
        }
        let limit = if epsilon > 0.0 { epsilon } else { clusters[0].death_distance };
        Labeller { root_limit: labels[0].map(|_| limit), labels, deaths }
    }

    pub(super) fn label(&self, cluster: usize, distance: f64) -> Option<usize> {
        match self.root_limit {
            Some(limit) if distance > limit => None,
            _ => self.labels[cluster],
        }
    }

    pub(super) fn probability(&self, cluster: usize, distance: f64) -> f32 {
        match self.label(cluster, distance) {
            Some(_) => share(self.deaths[cluster], distance) as f32,
            None => 0.0,
        }
    }
}

/// The density at `distance` over that at `nearest`, at most 1: `nearest / distance`.
fn share(nearest: f64, distance: f64) -> f64 {
    if distance <= nearest { 1.0 } else { nearest / distance }
}
