//! Cluster labels of roles, with strengths and shares.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A cluster's number: 0 is the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClusterId(pub u32);

impl ClusterId {
    /// As an index into a list of clusters.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The cluster of a role; `None` is noise.
pub type Label = Option<ClusterId>;

/// How much of a role belongs to a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The cluster.
    pub cluster: ClusterId,
    /// In `(0, 1]`.
    pub share: f32,
}

/// Smaller shares are not kept.
const LEAST_SHARE: f32 = 0.005;

/// Shares kept per role.
pub const MOST_SHARES: usize = 3;

/// A label and a strength per role, ids canonical.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Clustering {
    labels: Vec<Label>,
    strengths: Vec<f32>,
    n_clusters: usize,
    /// Per role; empty where the algorithm gives none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<Vec<Share>>,
}

impl Clustering {
    /// Takes raw labels (any numbers, `None` for noise) and strengths in `[0, 1]`, one per
    /// row, and renumbers the clusters: by falling size, ties by the smallest row.
    /// Returns the clustering and, for each new id, the raw label it had.
    ///
    /// # Panics
    /// If the two lists differ in length.
    pub fn canonical(raw: &[Option<usize>], strengths: Vec<f32>) -> (Self, Vec<usize>) {
        assert_eq!(raw.len(), strengths.len(), "one strength per label");
        // raw label -> (size, first row)
        let mut found: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for (row, label) in raw.iter().enumerate() {
            if let Some(label) = label {
                found.entry(*label).or_insert((0, row)).0 += 1;
            }
        }
        let mut order: Vec<(usize, (usize, usize))> = found.into_iter().collect();
        order.sort_by_key(|&(_, (size, first))| (std::cmp::Reverse(size), first));
        let renumbered: BTreeMap<usize, ClusterId> =
            order.iter().enumerate().map(|(new, &(raw, _))| (raw, ClusterId(new as u32))).collect();
        let labels = raw.iter().map(|label| label.map(|l| renumbered[&l])).collect();
        let old_of_new: Vec<usize> = order.into_iter().map(|(raw, _)| raw).collect();
        let n_clusters = old_of_new.len();
        (Clustering { labels, strengths, n_clusters, shares: Vec::new() }, old_of_new)
    }

    /// The same clusters under other ids: cluster `c` becomes `ids[c]`. The result need not
    /// be canonical; it is meant for ids that stay what they were over re-clustering.
    ///
    /// # Panics
    /// If `ids` is not a permutation of the ids.
    pub fn renumbered(mut self, ids: &[ClusterId]) -> Clustering {
        let mut sorted = ids.to_vec();
        sorted.sort_unstable();
        let all = (0..self.n_clusters as u32).map(ClusterId);
        assert!(sorted.into_iter().eq(all), "ids must be a permutation");
        let in_shares = self.shares.iter_mut().flatten().map(|share| &mut share.cluster);
        self.labels.iter_mut().flatten().chain(in_shares).for_each(|id| *id = ids[id.index()]);
        self
    }

    /// The same clustering with a soft membership: `share(row, id)` is how much of a row
    /// belongs to a cluster. The largest [`MOST_SHARES`] above 0.005 are kept.
    pub fn with_shares(mut self, share: impl Fn(usize, ClusterId) -> f32) -> Clustering {
        let of_row = |row: usize| {
            let ids = (0..self.n_clusters as u32).map(ClusterId);
            let all = ids.map(|cluster| Share { cluster, share: share(row, cluster) });
            let mut kept: Vec<Share> = all.filter(|share| share.share > LEAST_SHARE).collect();
            kept.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.cluster.cmp(&b.cluster)));
            kept.truncate(MOST_SHARES);
            kept
        };
        self.shares = (0..self.labels.len()).map(of_row).collect();
        self
    }

    /// Soft membership: the clusters each row belongs to in part, largest share first. Empty
    /// for algorithms that give none.
    pub fn shares(&self) -> &[Vec<Share>] {
        &self.shares
    }

    /// One label per row.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// How surely each row belongs to its cluster, in `[0, 1]`; 0 for noise.
    pub fn strengths(&self) -> &[f32] {
        &self.strengths
    }

    /// Number of clusters; ids are `0..n_clusters`.
    pub fn n_clusters(&self) -> usize {
        self.n_clusters
    }

    /// Rows of each cluster, ascending.
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.n_clusters];
        for (row, label) in self.labels.iter().enumerate() {
            if let Some(id) = label {
                members[id.index()].push(row);
            }
        }
        members
    }

    /// Rows without a cluster, ascending.
    pub fn noise(&self) -> Vec<usize> {
        (0..self.labels.len()).filter(|&row| self.labels[row].is_none()).collect()
    }

    /// The same clusters seen by other rows: row `i` of the result is row `source[i]` of
    /// this one. Used to give duplicates the label of the role they repeat.
    ///
    /// # Panics
    /// If a source row is out of range.
    pub fn spread(&self, source: &[usize]) -> Clustering {
        let raw: Vec<Option<usize>> =
            source.iter().map(|&row| self.labels[row].map(ClusterId::index)).collect();
        let strengths = source.iter().map(|&row| self.strengths[row]).collect();
        let (mut spread, old_of_new) = Clustering::canonical(&raw, strengths);
        if !self.shares.is_empty() {
            let new_of_old: BTreeMap<usize, ClusterId> =
                old_of_new.into_iter().zip((0..).map(ClusterId)).collect();
            let renamed = |share: &Share| {
                let cluster = *new_of_old.get(&share.cluster.index())?;
                Some(Share { cluster, ..*share })
            };
            let of_row = |&row: &usize| self.shares[row].iter().filter_map(renamed).collect();
            spread.shares = source.iter().map(of_row).collect();
        }
        spread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_by_size_then_by_first_row() {
        let raw = [Some(7), Some(3), None, Some(3), Some(9), Some(7)];
        let (clustering, old) = Clustering::canonical(&raw, vec![1.0; 6]);
        assert_eq!(old, [7, 3, 9]);
        let ids: Vec<Option<u32>> = clustering.labels().iter().map(|l| l.map(|c| c.0)).collect();
        assert_eq!(ids, [Some(0), Some(1), None, Some(1), Some(2), Some(0)]);
        assert_eq!(clustering.members(), [vec![0, 5], vec![1, 3], vec![4]]);
        assert_eq!(clustering.noise(), [2]);
    }

    #[test]
    fn shares_follow_their_clusters() {
        let (clustering, _) = Clustering::canonical(&[Some(0), Some(0), Some(1)], vec![1.0; 3]);
        let clustering = clustering.with_shares(|row, id| match (row, id.0) {
            (2, 1) | (0, 0) => 0.75,
            (2, 0) | (0, 1) => 0.25,
            (_, id) => 1.0 - id as f32,
        });
        let told = |clustering: &Clustering, row: usize| -> Vec<(u32, f32)> {
            clustering.shares()[row].iter().map(|s| (s.cluster.0, s.share)).collect()
        };
        assert_eq!(told(&clustering, 0), [(0, 0.75), (1, 0.25)]);
        assert_eq!(told(&clustering, 1), [(0, 1.0)]);
        // Row 2 four times: its cluster is the largest now.
        let spread = clustering.spread(&[0, 1, 2, 2, 2, 2]);
        assert_eq!(told(&spread, 0), [(1, 0.75), (0, 0.25)]);
        assert_eq!(told(&spread, 5), [(0, 0.75), (1, 0.25)]);
        let turned = spread.renumbered(&[ClusterId(1), ClusterId(0)]);
        assert_eq!(told(&turned, 5), [(1, 0.75), (0, 0.25)]);
        assert_eq!(turned.labels()[5], Some(ClusterId(1)));
        let json = serde_json::to_string(&turned).unwrap();
        assert_eq!(serde_json::from_str::<Clustering>(&json).unwrap(), turned);
    }
}
