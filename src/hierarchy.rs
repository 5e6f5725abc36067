//! Hierarchy of clusters: specialisations within directions, parts within specialisations.

use serde::{Deserialize, Serialize};

use crate::clustering::{ClusterId, Label};

/// A tree over the roles. Branches that hold clusters are directions; branches below a
/// cluster are parts of it.
///
/// From HDBSCAN it is the condensed tree, every branch a region that is dense on its own;
/// from k-means it is Ward's tree over the centres, whose innermost branches are the
/// clusters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Hierarchy {
    branches: Vec<Branch>,
    row_branches: Vec<u32>,
    row_distances: Vec<f64>,
}

/// A set of roles that is separate from the rest at some distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Branch {
    /// The branch it is part of; `None` for the first, which holds all roles. A branch comes
    /// after the one it is part of.
    pub parent: Option<u32>,
    /// The cluster it is; `None` for a direction or a part of a cluster.
    pub cluster: Label,
    /// Roles in it. Roles in no dense region count for the cluster they were placed with,
    /// not here.
    pub size: usize,
    /// Distance at which it parts from the rest; `None` for the first.
    pub birth_distance: Option<f64>,
    /// Distance at which it falls into smaller branches, or into single roles.
    pub death_distance: f64,
}

impl Hierarchy {
    /// From branches, the first of all, and for each row the innermost branch that holds it
    /// and the distance at which it leaves that branch. Sizes are counted anew.
    ///
    /// # Panics
    /// If a parent does not come before its branch, a row names a branch that is not there,
    /// or there is not one distance per row.
    pub fn new(branches: Vec<Branch>, row_branches: Vec<u32>, row_distances: Vec<f64>) -> Self {
        assert_eq!(row_branches.len(), row_distances.len(), "one distance per row");
        let mut hierarchy = Hierarchy { branches, row_branches, row_distances };
        hierarchy.branches.iter_mut().for_each(|branch| branch.size = 0);
        for &branch in &hierarchy.row_branches {
            hierarchy.branches[branch as usize].size += 1;
        }
        for id in (0..hierarchy.branches.len()).rev() {
            let Branch { parent, size, .. } = hierarchy.branches[id];
            if let Some(parent) = parent {
                assert!((parent as usize) < id, "a parent comes first");
                hierarchy.branches[parent as usize].size += size;
            }
        }
        hierarchy
    }

    /// All branches, the first one of all roles.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// For each row the innermost branch that holds it.
    pub fn row_branches(&self) -> &[u32] {
        &self.row_branches
    }

    /// The branches below each branch, ascending.
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.branches.len()];
        for (id, branch) in self.branches.iter().enumerate() {
            if let Some(parent) = branch.parent {
                children[parent as usize].push(id);
            }
        }
        children
    }

    /// Rows at the heart of a branch: those that leave last, ties by number.
    pub fn heart(&self, branch: usize, count: usize) -> Vec<usize> {
        let mut within = vec![false; self.branches.len()];
        for id in branch..self.branches.len() {
            let parent = self.branches[id].parent;
            within[id] = id == branch || parent.is_some_and(|parent| within[parent as usize]);
        }
        let mut rows: Vec<usize> = (0..self.row_branches.len())
            .filter(|&row| within[self.row_branches[row] as usize])
            .collect();
        rows.sort_by(|&a, &b| {
            self.row_distances[a].total_cmp(&self.row_distances[b]).then(a.cmp(&b))
        });
        rows.truncate(count);
        rows
    }

    /// The same tree seen by other rows: row `i` of the result is row `source[i]` of this
    /// one.
    ///
    /// # Panics
    /// If a source row is out of range.
    pub fn spread(&self, source: &[usize]) -> Hierarchy {
        let row_branches = source.iter().map(|&row| self.row_branches[row]).collect();
        let row_distances = source.iter().map(|&row| self.row_distances[row]).collect();
        Hierarchy::new(self.branches.clone(), row_branches, row_distances)
    }

    /// The same tree with other ids: cluster `c` becomes `ids[c]`.
    ///
    /// # Panics
    /// If a cluster has no new id.
    pub fn renumbered(mut self, ids: &[ClusterId]) -> Hierarchy {
        let clusters = self.branches.iter_mut().filter_map(|branch| branch.cluster.as_mut());
        clusters.for_each(|cluster| *cluster = ids[cluster.index()]);
        self
    }

    /// The tree as a reader takes it in: directions with their clusters, clusters with
    /// their parts. A direction that only sheds clusters one after another is one list, so
    /// that depth means something.
    pub fn outline(&self) -> Vec<Entry> {
        if self.branches.is_empty() {
            return Vec::new();
        }
        let children = self.children();
        let mut n_clusters: Vec<usize> =
            self.branches.iter().map(|branch| usize::from(branch.cluster.is_some())).collect();
        for id in (1..self.branches.len()).rev() {
            if let Some(parent) = self.branches[id].parent {
                n_clusters[parent as usize] += n_clusters[id];
            }
        }
        Outline { hierarchy: self, children, n_clusters }.of(0)
    }
}

/// A line of an [outline](Hierarchy::outline).
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The branch.
    pub branch: usize,
    /// The cluster it is, or `None`: a direction above clusters, or a part of one.
    pub cluster: Label,
    /// Clusters in it: 0 for a part of a cluster.
    pub n_clusters: usize,
    /// What is in it; larger first.
    pub within: Vec<Entry>,
}

struct Outline<'a> {
    hierarchy: &'a Hierarchy,
    children: Vec<Vec<usize>>,
    n_clusters: Vec<usize>,
}

impl Outline<'_> {
    /// What is in a branch.
    fn of(&self, branch: usize) -> Vec<Entry> {
        let is_part = self.n_clusters[branch] == 0;
        let in_cluster = is_part || self.hierarchy.branches[branch].cluster.is_some();
        let mut found = Vec::new();
        let mut at = branch;
        loop {
            let counted = |child: &&usize| in_cluster || self.n_clusters[**child] > 0;
            let (wide, single): (Vec<usize>, Vec<usize>) =
                self.children[at].iter().filter(counted).partition(|&&child| self.is_wide(child));
            found.extend(single.into_iter().map(|child| self.inmost(child)));
            match wide[..] {
                // Only sheds: what is left goes on in the same list.
                [only] => at = only,
                _ => {
                    found.extend(wide);
                    break;
                }
            }
        }
        let size = |id: &usize| self.hierarchy.branches[*id].size;
        found.sort_by(|a, b| size(b).cmp(&size(a)).then(a.cmp(b)));
        let entry = |id: usize| Entry {
            branch: id,
            cluster: self.hierarchy.branches[id].cluster,
            n_clusters: self.n_clusters[id],
            within: self.of(id),
        };
        found.into_iter().map(entry).collect()
    }

    /// A direction of several clusters, or a part of a cluster that falls apart itself.
    fn is_wide(&self, branch: usize) -> bool {
        match self.n_clusters[branch] {
            0 => !self.children[branch].is_empty(),
            n => n > 1,
        }
    }

    /// The cluster in a branch that holds nothing else of note, or the branch itself.
    fn inmost(&self, branch: usize) -> usize {
        let mut at = branch;
        while self.n_clusters[at] == 1 && self.hierarchy.branches[at].cluster.is_none() {
            let child = self.children[at].iter().find(|&&child| self.n_clusters[child] == 1);
            // It is in one of them.
            let Some(&child) = child else { break };
            at = child;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(parent: Option<u32>, cluster: Option<u32>) -> Branch {
        let cluster = cluster.map(ClusterId);
        Branch { parent, cluster, size: 0, birth_distance: None, death_distance: 1.0 }
    }

    /// All -> {1, {2, 3}} and {4, {5, 6}}, where 6 has two parts; a region of noise in the
    /// first.
    fn hierarchy() -> Hierarchy {
        let branches = vec![
            branch(None, None),
            branch(Some(0), None),
            branch(Some(0), None),
            branch(Some(1), Some(1)),
            branch(Some(1), None),
            branch(Some(4), Some(2)),
            branch(Some(4), Some(3)),
            branch(Some(2), Some(0)),
            branch(Some(2), None),
            branch(Some(8), Some(4)),
            branch(Some(8), Some(5)),
            branch(Some(10), None),
            branch(Some(10), None),
            branch(Some(1), None),
        ];
        let rows = vec![0, 3, 3, 5, 6, 7, 7, 7, 9, 11, 12, 12, 13];
        let distances = (0..rows.len()).map(|row| 1.0 - row as f64 / 100.0).collect();
        Hierarchy::new(branches, rows, distances)
    }

    fn told(entries: &[Entry]) -> String {
        let tell = |entry: &Entry| match (entry.cluster, &entry.within[..]) {
            (Some(id), []) => id.to_string(),
            (Some(id), within) => format!("{id}[{}]", told(within)),
            (None, []) => "part".to_string(),
            (None, within) => format!("({})", told(within)),
        };
        entries.iter().map(tell).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sizes_count_what_is_below_and_the_heart_leaves_last() {
        let found = hierarchy();
        let sizes: Vec<usize> = found.branches().iter().map(|branch| branch.size).collect();
        assert_eq!(sizes, [13, 5, 7, 2, 2, 1, 1, 3, 4, 1, 3, 1, 2, 1]);
        assert_eq!(found.heart(2, 2), [11, 10]);
        assert_eq!(found.heart(3, 9), [2, 1]);
    }

    #[test]
    fn an_outline_has_directions_clusters_and_parts_and_no_steps_of_one() {
        assert_eq!(told(&hierarchy().outline()), "(1 6[part part] 5) (2 3 4)");
        assert!(Hierarchy::default().outline().is_empty());
    }

    #[test]
    fn a_cluster_alone_in_a_direction_stands_for_it() {
        let branches = vec![
            branch(None, None),
            branch(Some(0), None),
            branch(Some(0), Some(1)),
            branch(Some(1), Some(0)),
            branch(Some(1), None),
        ];
        let found = Hierarchy::new(branches, vec![3, 3, 2, 4], vec![0.0; 4]);
        assert_eq!(told(&found.outline()), "1 2");
    }

    #[test]
    fn other_rows_and_ids_keep_the_tree() {
        let ids: Vec<ClusterId> = [5, 4, 3, 2, 1, 0].map(ClusterId).to_vec();
        let found = hierarchy().spread(&[1, 1, 1, 9]).renumbered(&ids);
        assert_eq!(found.row_branches(), [3, 3, 3, 11]);
        assert_eq!(found.branches()[3].size, 3);
        assert_eq!(found.branches()[0].size, 4);
        assert_eq!(found.branches()[3].cluster, Some(ClusterId(4)));
        let json = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Hierarchy>(&json).unwrap(), found);
    }
}
