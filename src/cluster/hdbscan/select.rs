//! Condensed tree -> which of its clusters to keep.

use super::condense::CondensedTree;
use super::params::{HdbscanParams, Selection, SingleCluster};

/// The kept clusters, ascending; none lies below another.
pub(super) fn select(tree: &CondensedTree, params: &HdbscanParams) -> Vec<usize> {
    let children = tree.children();
    let chosen = match params.selection {
        Selection::ExcessOfMass => excess_of_mass(tree, &children, params),
        // The root alone is no leaf: nothing has split off.
        Selection::Leaf => (1..children.len()).filter(|&id| children[id].is_empty()).collect(),
    };
    if params.epsilon == 0.0 {
        return chosen;
    }
    let kept = widen(tree, &chosen, params);
    // A kept root labels the rows within epsilon; where there is none it is no cluster.
    let empty = kept == [0] && tree.clusters()[0].closest_distance > params.epsilon;
    if empty { Vec::new() } else { kept }
}

/// Keeps a cluster when it has at least the mass that the best choice below it has.
fn excess_of_mass(
    tree: &CondensedTree,
    children: &[Vec<usize>],
    params: &HdbscanParams,
) -> Vec<usize> {
    let clusters = tree.clusters();
    let mut best = vec![0.0; clusters.len()];
    let mut keep = vec![false; clusters.len()];
    let mut below = Vec::new();
    for id in (0..clusters.len()).rev() {
        below.clear();
        below.extend(children[id].iter().map(|&child| best[child]));
        // In an order that does not depend on which child has the smaller row.
        below.sort_unstable_by(f64::total_cmp);
        let below: f64 = below.iter().sum();
        let own = clusters[id].stability;
        let allowed = match params.single_cluster {
            SingleCluster::Refuse => id != 0,
            SingleCluster::Allow => clusters[id].size >= params.min_cluster_size,
        };
        let too_large = params.max_cluster_size.is_some_and(|max| clusters[id].size > max);
        keep[id] = allowed && !too_large && own >= below;
        best[id] = if keep[id] { own } else { below };
    }
    outermost(tree, &keep)
}

/// Replaces a cluster born below `epsilon` by the ancestor that was born above it.
fn widen(tree: &CondensedTree, chosen: &[usize], params: &HdbscanParams) -> Vec<usize> {
    let clusters = tree.clusters();
    let born_below = |id: usize| clusters[id].birth_distance.is_some_and(|d| d < params.epsilon);
    let born_within = |id: usize| clusters[id].birth_distance.is_some_and(|d| d <= params.epsilon);
    let mut keep = vec![false; clusters.len()];
    for &id in chosen {
        let mut at = id;
        if born_below(id) {
            while let Some(parent) = clusters[at].parent {
                if parent == 0 && params.single_cluster == SingleCluster::Refuse {
                    break;
                }
                at = parent as usize;
                if !born_within(at) {
                    break;
                }
            }
        }
        keep[at] = true;
    }
    outermost(tree, &keep)
}

/// The marked clusters that lie below no other marked cluster.
fn outermost(tree: &CondensedTree, keep: &[bool]) -> Vec<usize> {
    let mut covered = vec![false; keep.len()];
    let mut result = Vec::new();
    for (id, cluster) in tree.clusters().iter().enumerate() {
        let above = cluster.parent.is_some_and(|parent| covered[parent as usize]);
        if keep[id] && !above {
            result.push(id);
        }
        covered[id] = above || keep[id];
    }
    result
}
