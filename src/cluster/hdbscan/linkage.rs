//! Minimum spanning tree of mutual reachability -> single linkage.

use crate::geometry::{Edge, UnionFind};

/// Everything that becomes connected at one distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// Mutual reachability at which the children join.
    pub distance: f64,
    /// Rows below.
    pub size: usize,
    first_child: usize,
    n_children: usize,
}

/// The single-linkage hierarchy, a node for every set of rows that is connected at some
/// distance.
///
/// Nodes `0..n_rows` are the rows; node `n_rows + i` is `merges()[i]`. Merges come by
/// ascending distance, ties by their smallest row, and every parent is farther out than
/// its children, so the last one is the root. Children come by their smallest row.
#[derive(Debug, Clone, PartialEq)]
pub struct Linkage {
    n_rows: usize,
    merges: Vec<Merge>,
    children: Vec<u32>,
}

impl Linkage {
    /// From the edges of a spanning tree over `0..n_rows`, by ascending weight, where a
    /// weight is a squared distance.
    pub(super) fn from_tree(n_rows: usize, tree: &[Edge]) -> Self {
        let binary = Binary::from_tree(n_rows, tree);
        let n_nodes = binary.distance.len();
        // A node goes into its parent when both stand at the same distance.
        let stays = |node: usize| {
            let parent = binary.parent[node];
            parent == NONE || binary.distance[parent as usize] > binary.distance[node]
        };
        let mut order: Vec<usize> = (n_rows..n_nodes).filter(|&node| stays(node)).collect();
        order.sort_unstable_by(|&a, &b| {
            let by_distance = binary.distance[a].total_cmp(&binary.distance[b]);
            by_distance.then(binary.first_row[a].cmp(&binary.first_row[b]))
        });
        let mut renumbered: Vec<u32> = (0..n_nodes as u32).collect();
        for (new, &old) in order.iter().enumerate() {
            renumbered[old] = (n_rows + new) as u32;
        }

        let mut merges = Vec::with_capacity(order.len());
        let mut children = Vec::with_capacity(n_nodes);
        let (mut found, mut stack) = (Vec::new(), Vec::new());
        for &node in &order {
            stack.push(node);
            while let Some(at) = stack.pop() {
                for child in binary.children[at - n_rows] {
                    let child = child as usize;
                    if child < n_rows || stays(child) {
                        found.push(child);
                    } else {
                        stack.push(child);
                    }
                }
            }
            found.sort_unstable_by_key(|&child| binary.first_row[child]);
            merges.push(Merge {
                distance: binary.distance[node],
                size: binary.size[node] as usize,
                first_child: children.len(),
                n_children: found.len(),
            });
            children.extend(found.drain(..).map(|child| renumbered[child]));
        }
        Linkage { n_rows, merges, children }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// All merges, nearest first.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The nodes a merge joins.
    pub fn children(&self, merge: &Merge) -> &[u32] {
        &self.children[merge.first_child..merge.first_child + merge.n_children]
    }

    /// Rows below a node.
    pub fn size(&self, node: u32) -> usize {
        self.merge(node).map_or(1, |merge| merge.size)
    }

    /// The merge a node stands for; `None` for a row.
    pub fn merge(&self, node: u32) -> Option<&Merge> {
        (node as usize).checked_sub(self.n_rows).map(|at| &self.merges[at])
    }

    /// The weights of the spanning tree, `n - 1` ascending distances.
    pub fn tree_weights(&self) -> Vec<f64> {
        let repeated = |m: &Merge| std::iter::repeat_n(m.distance, m.n_children - 1);
        self.merges.iter().flat_map(repeated).collect()
    }

    /// Calls `visit` for every row below a node.
    pub(super) fn for_each_row(
        &self,
        node: u32,
        stack: &mut Vec<u32>,
        mut visit: impl FnMut(usize),
    ) {
        stack.push(node);
        while let Some(node) = stack.pop() {
            match self.merge(node) {
                Some(merge) => stack.extend(self.children(merge)),
                None => visit(node as usize),
            }
        }
    }
}

const NONE: u32 = u32::MAX;

/// The hierarchy as Kruskal meets it, two children a node.
struct Binary {
    children: Vec<[u32; 2]>,
    parent: Vec<u32>,
    distance: Vec<f64>,
    size: Vec<u32>,
    first_row: Vec<u32>,
}

impl Binary {
    fn from_tree(n_rows: usize, tree: &[Edge]) -> Self {
        let n_nodes = n_rows + tree.len();
        let mut binary = Binary {
            children: Vec::with_capacity(tree.len()),
            parent: vec![NONE; n_nodes],
            distance: vec![0.0; n_nodes],
            size: vec![1; n_nodes],
            first_row: (0..n_nodes as u32).collect(),
        };
        let mut sets = UnionFind::new(n_rows);
        let mut node_of_set: Vec<u32> = (0..n_rows as u32).collect();
        for (at, edge) in tree.iter().enumerate() {
            let [a, b] = [edge.a, edge.b].map(|end| node_of_set[sets.find(end as usize)]);
            // The edges of a spanning tree always join two sets.
            let Some(set) = sets.union(edge.a as usize, edge.b as usize) else { continue };
            let node = n_rows + at;
            node_of_set[set] = node as u32;
            binary.children.push([a, b]);
            let [a, b] = [a as usize, b as usize];
            binary.parent[a] = node as u32;
            binary.parent[b] = node as u32;
            binary.distance[node] = edge.weight.sqrt();
            binary.size[node] = binary.size[a] + binary.size[b];
            binary.first_row[node] = binary.first_row[a].min(binary.first_row[b]);
        }
        binary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_distances_make_one_merge_whatever_the_edges() {
        // 0-1-2-3 all one apart, and 4 two away from them.
        let chain = [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 4, 4.0)];
        let star = [(1, 3, 1.0), (0, 3, 1.0), (2, 3, 1.0), (0, 4, 4.0)];
        let [chain, star] = [chain, star].map(|edges| {
            let edges: Vec<Edge> = edges.iter().map(|&(a, b, w)| Edge::new(a, b, w)).collect();
            Linkage::from_tree(5, &edges)
        });
        assert_eq!(chain, star);
        assert_eq!(chain.merges().len(), 2);
        assert_eq!(chain.children(&chain.merges()[0]), [0, 1, 2, 3]);
        assert_eq!(chain.children(&chain.merges()[1]), [5, 4]);
        assert_eq!(chain.tree_weights(), [1.0, 1.0, 1.0, 2.0]);
        assert_eq!((chain.size(6), chain.size(5), chain.size(4)), (5, 4, 1));
    }

    #[test]
    fn one_row_or_none_has_no_merge() {
        assert!(Linkage::from_tree(1, &[]).merges().is_empty());
        assert!(Linkage::from_tree(0, &[]).tree_weights().is_empty());
    }
}
