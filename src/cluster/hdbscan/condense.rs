//! Single linkage -> condensed tree: splits into groups large enough, rows that fall out.

use serde::Serialize;

use super::linkage::Linkage;

/// A cluster of the condensed tree. Density is `lambda = 1 / distance`: going up the
/// lambdas, a cluster is born, loses rows one by one and dies when it splits or dissolves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CondensedCluster {
    /// The cluster it split from; `None` for the root, which is all rows.
    pub parent: Option<u32>,
    /// Distance at which it split from its parent; `None` for the root.
    pub birth_distance: Option<f64>,
    /// Distance at which it splits or dissolves.
    pub death_distance: f64,
    /// Smallest distance at which a row leaves it or a cluster below it.
    pub closest_distance: f64,
    /// Rows at birth.
    pub size: usize,
    /// Sum over its rows of the lambda at which they leave less the lambda of birth
    /// (excess of mass); infinite when copies of one row fill a core distance.
    pub stability: f64,
}

impl CondensedCluster {
    /// Density at birth, 0 for the root.
    pub fn birth_lambda(&self) -> f64 {
        self.birth_distance.map_or(0.0, f64::recip)
    }
}

/// What leaves a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CondensedNode {
    /// A row.
    Row(usize),
    /// A cluster.
    Cluster(usize),
}

/// A line of the condensed tree as other programs list it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CondensedEdge {
    /// The cluster left.
    pub parent: usize,
    /// What leaves it.
    pub child: CondensedNode,
    /// Density at which it leaves; infinite at distance 0.
    pub lambda: f64,
    /// Rows that leave.
    pub size: usize,
}

/// The hierarchy reduced to clusters of `min_cluster_size` rows and more.
///
/// Cluster 0 is the root; a cluster's number is above its parent's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CondensedTree {
    clusters: Vec<CondensedCluster>,
    row_clusters: Vec<u32>,
    row_distances: Vec<f64>,
}

impl CondensedTree {
    /// `min_cluster_size` must be at least 2.
    pub(super) fn condense(linkage: &Linkage, min_cluster_size: usize) -> Self {
        let n = linkage.n_rows();
        let mut tree = CondensedTree {
            clusters: vec![CondensedCluster::born(None, None, n)],
            row_clusters: vec![0; n],
            row_distances: vec![f64::INFINITY; n],
        };
        if linkage.merges().is_empty() {
            return tree;
        }
        let root = (n + linkage.merges().len() - 1) as u32;
        let mut open = std::collections::VecDeque::from([(0, root)]);
        while let Some((cluster, node)) = open.pop_front() {
            let parts = tree.shed(cluster, node, linkage, min_cluster_size);
            let distance = tree.clusters[cluster].death_distance;
            for part in parts {
                open.push_back((tree.clusters.len(), part));
                let (parent, size) = (cluster as u32, linkage.size(part));
                tree.clusters.push(CondensedCluster::born(Some(parent), Some(distance), size));
            }
        }
        for id in (1..tree.clusters.len()).rev() {
            let CondensedCluster { parent, closest_distance, .. } = tree.clusters[id];
            if let Some(parent) = parent {
                let closest = &mut tree.clusters[parent as usize].closest_distance;
                *closest = closest.min(closest_distance);
            }
        }
        tree
    }

    /// Follows a cluster inwards from a node, rows falling out of it, until it dissolves or
    /// splits. Returns the nodes of the parts it splits into.
    fn shed(
        &mut self,
        cluster: usize,
        mut node: u32,
        linkage: &Linkage,
        min_cluster_size: usize,
    ) -> Vec<u32> {
        let birth = self.clusters[cluster].birth_lambda();
        let (mut large, mut stack) = (Vec::new(), Vec::new());
        while let Some(merge) = linkage.merge(node) {
            let lambda = merge.distance.recip();
            let mut leaving = 0;
            large.clear();
            for &child in linkage.children(merge) {
                if linkage.size(child) >= min_cluster_size {
                    large.push(child);
                    continue;
                }
                leaving += linkage.size(child);
                linkage.for_each_row(child, &mut stack, |row| {
                    self.row_clusters[row] = cluster as u32;
                    self.row_distances[row] = merge.distance;
                });
            }
            if large.len() > 1 {
                leaving += large.iter().map(|&child| linkage.size(child)).sum::<usize>();
            }
            let ends = &mut self.clusters[cluster];
            if leaving > 0 && lambda > birth {
                ends.stability += (lambda - birth) * leaving as f64;
            }
            ends.death_distance = merge.distance;
            ends.closest_distance = merge.distance;
            match large[..] {
                [only] => node = only,
                _ => break,
            }
        }
        // One part alone is the cluster itself, followed to a row.
        if large.len() > 1 { large } else { Vec::new() }
    }

    /// All clusters, the root first.
    pub fn clusters(&self) -> &[CondensedCluster] {
        &self.clusters
    }

    /// For each row the smallest cluster it ever belongs to.
    pub fn row_clusters(&self) -> &[u32] {
        &self.row_clusters
    }

    /// For each row the distance at which it leaves that cluster; infinite for a row that
    /// is alone.
    pub fn row_distances(&self) -> &[f64] {
        &self.row_distances
    }

    /// The clusters below each cluster, ascending.
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.clusters.len()];
        for (id, cluster) in self.clusters.iter().enumerate() {
            if let Some(parent) = cluster.parent {
                children[parent as usize].push(id);
            }
        }
        children
    }

    /// The tree as a list: clusters by number, then rows.
    pub fn edges(&self) -> Vec<CondensedEdge> {
        let clusters = self.clusters.iter().enumerate().filter_map(|(id, cluster)| {
            Some(CondensedEdge {
                parent: cluster.parent? as usize,
                child: CondensedNode::Cluster(id),
                lambda: cluster.birth_lambda(),
                size: cluster.size,
            })
        });
        let rows = self.row_clusters.iter().zip(&self.row_distances).enumerate().map(
            |(row, (&cluster, distance))| CondensedEdge {
                parent: cluster as usize,
                child: CondensedNode::Row(row),
                lambda: distance.recip(),
                size: 1,
            },
        );
        clusters.chain(rows).collect()
    }
}

impl CondensedCluster {
    fn born(parent: Option<u32>, birth_distance: Option<f64>, size: usize) -> Self {
        CondensedCluster {
            parent,
            birth_distance,
            death_distance: f64::INFINITY,
            closest_distance: f64::INFINITY,
            size,
            stability: 0.0,
        }
    }
}
