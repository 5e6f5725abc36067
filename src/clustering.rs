//! Cluster labels of roles, with strengths and shares.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Version of the JSON documents this program writes; raised when a field changes meaning
/// or goes away, not when one is added. Version 1 counted clusters from 0.
pub const SCHEMA_VERSION: u32 = 2;

/// A cluster, counted from 0: the first is the largest. Read and written from 1 on, in JSON as in
/// text, as people count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct ClusterId(pub u32);

/// A direction, counted from 0: the first has the most roles. Read and written from 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct DirectionId(pub u32);

/// Clusters and directions are numbered from 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("clusters and directions are numbered from 1 on, so there is no number 0")]
pub struct NumberError;

macro_rules! numbered_from_one {
    ($id:ident) => {
        impl $id {
            /// As an index into a list.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// As people count, from 1 on.
            pub fn number(self) -> u32 {
                self.0 + 1
            }
        }

        impl TryFrom<u32> for $id {
            type Error = NumberError;

            /// From a number that counts from 1.
            fn try_from(number: u32) -> Result<Self, NumberError> {
                number.checked_sub(1).map($id).ok_or(NumberError)
            }
        }

        impl From<$id> for u32 {
            fn from(id: $id) -> u32 {
                id.number()
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.number().fmt(f)
            }
        }
    };
}

numbered_from_one!(ClusterId);
numbered_from_one!(DirectionId);

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

/// A role sits between two clusters where the second has at least this share of what the first has.
const BETWEEN: f32 = 0.75;

/// Which version of the documents this is; written as [`SCHEMA_VERSION`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchemaVersion(u32);

impl Default for SchemaVersion {
    fn default() -> Self {
        SchemaVersion(SCHEMA_VERSION)
    }
}

/// A label and a strength per role, ids canonical; the clusters grouped into directions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Clustering {
    #[serde(default)]
    schema_version: SchemaVersion,
    labels: Vec<Label>,
    strengths: Vec<f32>,
    n_clusters: usize,
    /// Per role; empty where the algorithm gives none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<Vec<Share>>,
    /// By cluster id; empty in clusterings of versions that knew no directions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    directions: Vec<DirectionId>,
    /// By cluster id; empty where there were too few rows to measure it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certainty: Vec<f32>,
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
        let clustering = Clustering { labels, strengths, n_clusters, ..Clustering::default() };
        (clustering, old_of_new)
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
        self.directions = permuted(&self.directions, ids);
        self.certainty = permuted(&self.certainty, ids);
        self
    }

    /// The same clustering with the clusters grouped: `directions` has a number per cluster, equal
    /// for those of one direction, and `certainty` how often roles of the cluster stay together,
    /// in `[0, 1]`, or nothing. Directions are numbered by falling number of roles, ties by their
    /// first cluster.
    ///
    /// # Panics
    /// If there is not one direction per cluster.
    pub fn with_levels(mut self, directions: &[usize], certainty: Vec<f32>) -> Clustering {
        assert_eq!(directions.len(), self.n_clusters, "one direction per cluster");
        let mut found: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for (id, (members, direction)) in self.members().iter().zip(directions).enumerate() {
            found.entry(*direction).or_insert((0, id)).0 += members.len();
        }
        let mut order: Vec<(usize, (usize, usize))> = found.into_iter().collect();
        order.sort_by_key(|&(_, (size, first))| (std::cmp::Reverse(size), first));
        let number: BTreeMap<usize, DirectionId> = order
            .iter()
            .enumerate()
            .map(|(new, &(raw, _))| (raw, DirectionId(new as u32)))
            .collect();
        self.directions = directions.iter().map(|raw| number[raw]).collect();
        self.certainty = certainty;
        self
    }

    /// The direction of each cluster, by cluster id; empty where none were made.
    pub fn directions(&self) -> &[DirectionId] {
        &self.directions
    }

    /// Number of directions.
    pub fn n_directions(&self) -> usize {
        self.directions.iter().map(|id| id.index() + 1).max().unwrap_or(0)
    }

    /// The direction of a cluster.
    pub fn direction_of(&self, id: ClusterId) -> Option<DirectionId> {
        self.directions.get(id.index()).copied()
    }

    /// How often two roles of a cluster fall together when samples of the roles are clustered, in
    /// `[0, 1]`; `None` where it was not measured.
    pub fn certainty(&self, id: ClusterId) -> Option<f32> {
        self.certainty.get(id.index()).copied()
    }

    /// The two clusters a row sits between, the likelier first: the second has at least three
    /// quarters of the share of the first.
    pub fn between(&self, row: usize) -> Option<[ClusterId; 2]> {
        match self.shares.get(row).map(Vec::as_slice)? {
            [first, second, ..] if second.share >= BETWEEN * first.share => {
                Some([first.cluster, second.cluster])
            }
            _ => None,
        }
    }

    /// The same rows grouped by direction: cluster `d` of the result is direction `d` here.
    pub fn by_direction(&self) -> Clustering {
        let direction = |id: ClusterId| self.direction_of(id).map(|d| ClusterId(d.0));
        Clustering {
            labels: self.labels.iter().map(|label| label.and_then(direction)).collect(),
            strengths: self.strengths.clone(),
            n_clusters: self.n_directions(),
            ..Clustering::default()
        }
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

    /// The same clustering with other strengths, one per row, in `[0, 1]`.
    ///
    /// # Panics
    /// If there is not one for every row.
    pub fn with_strengths(mut self, strengths: Vec<f32>) -> Clustering {
        assert_eq!(strengths.len(), self.labels.len(), "one strength per label");
        self.strengths = strengths;
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
                old_of_new.iter().copied().zip((0..).map(ClusterId)).collect();
            let renamed = |share: &Share| {
                let cluster = *new_of_old.get(&share.cluster.index())?;
                Some(Share { cluster, ..*share })
            };
            let of_row = |&row: &usize| self.shares[row].iter().filter_map(renamed).collect();
            spread.shares = source.iter().map(of_row).collect();
        }
        if self.directions.is_empty() {
            return spread;
        }
        let directions: Vec<usize> =
            old_of_new.iter().map(|&old| self.directions[old].index()).collect();
        let certainty = old_of_new.iter().filter_map(|&old| self.certainty.get(old)).copied();
        spread.with_levels(&directions, certainty.collect())
    }
}

/// Values by id under other ids: that of `c` is that of `ids[c]` in the result.
fn permuted<T: Copy>(values: &[T], ids: &[ClusterId]) -> Vec<T> {
    let mut pairs: Vec<(ClusterId, T)> = ids.iter().copied().zip(values.iter().copied()).collect();
    pairs.sort_by_key(|&(id, _)| id);
    pairs.into_iter().map(|(_, value)| value).collect()
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

    #[test]
    fn directions_go_by_size_and_follow_their_clusters() {
        let raw: Vec<Option<usize>> = [0, 0, 0, 1, 1, 2, 2, 3].map(Some).to_vec();
        let (clustering, _) = Clustering::canonical(&raw, vec![1.0; 8]);
        let found = clustering.with_levels(&[7, 5, 5, 7], vec![0.9, 0.8, 0.7, 0.6]);
        let told = |found: &Clustering| found.directions().iter().map(|d| d.0).collect::<Vec<_>>();
        // Equal sizes: that of the first cluster comes first.
        assert_eq!((told(&found), found.n_directions()), (vec![0, 1, 1, 0], 2));
        let turned = found.clone().renumbered(&[3, 2, 1, 0].map(ClusterId));
        assert_eq!(told(&turned), [0, 1, 1, 0]);
        assert_eq!(turned.certainty(ClusterId(0)), Some(0.6));
        // The last row five times: its direction and cluster are the largest.
        let spread = found.spread(&[0, 3, 5, 7, 7, 7, 7, 7]);
        assert_eq!(told(&spread), [0, 0, 1, 1]);
        assert_eq!(spread.certainty(ClusterId(0)), Some(0.6));
        let above = spread.by_direction();
        assert_eq!(above.members(), [vec![0, 3, 4, 5, 6, 7], vec![1, 2]]);
    }

    #[test]
    fn a_role_between_two_clusters_is_said_to_be() {
        let (clustering, _) = Clustering::canonical(&[Some(0), Some(0), Some(1)], vec![1.0; 3]);
        let clustering = clustering.with_shares(|row, id| match (row, id.0) {
            (0, 0) => 0.55,
            (0, 1) => 0.45,
            (_, 0) => 0.6,
            (_, _) => 0.4,
        });
        assert_eq!(clustering.between(0), Some([ClusterId(0), ClusterId(1)]));
        assert_eq!((clustering.between(1), clustering.between(9)), (None, None));
    }
}
