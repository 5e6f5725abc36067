//! Dendrogram over the clusters, as a [`Hierarchy`]: HDBSCAN's condensed tree, or Ward's tree
//! over centroids.

use super::hdbscan::Cut;
use crate::clustering::{ClusterId, Clustering};
use crate::geometry::{Matrix, squared_distance};
use crate::hierarchy::{Branch, Hierarchy};

/// Above this many centroids there is no tree: it takes `O(k^3)` and is too large to read.
const MOST_CENTRES: usize = 300;

/// The condensed tree of a cut; `ids` are the clusters' ids by label.
pub(super) fn of_cut(cut: &Cut, ids: &[ClusterId]) -> Hierarchy {
    let condensed = cut.condensed();
    let mut branches: Vec<Branch> = condensed
        .clusters()
        .iter()
        .map(|cluster| Branch {
            parent: cluster.parent,
            cluster: None,
            size: cluster.size,
            birth_distance: cluster.birth_distance,
            death_distance: finite(cluster.death_distance),
        })
        .collect();
    for (&branch, &id) in cut.clusters().iter().zip(ids) {
        branches[branch].cluster = Some(id);
    }
    let distances = condensed.row_distances().iter().map(|&distance| finite(distance)).collect();
    Hierarchy::new(branches, condensed.row_clusters().to_vec(), distances)
}

/// A single row never leaves anything.
fn finite(distance: f64) -> f64 {
    if distance.is_finite() { distance } else { 0.0 }
}

/// Ward's tree over the centres of clusters, weighed by their sizes; `None` for one cluster
/// or very many.
///
/// A distance is `sqrt(2 a b / (a + b))` times that of the means of two branches of `a` and
/// `b` rows, as SciPy's `linkage` has it.
pub(super) fn of_centres(centroids: &Matrix, clustering: &Clustering) -> Option<Hierarchy> {
    let k = centroids.rows();
    if !(2..=MOST_CENTRES).contains(&k) {
        return None;
    }
    let sizes = clustering.members().iter().map(|rows| rows.len() as f64).collect();
    let merges = ward(centroids, sizes);
    // Merges come inmost first, branches outmost first: node `i` is branch `last - i`.
    let last = k + merges.len() - 1;
    let mut branches = vec![
        Branch {
            parent: None,
            cluster: None,
            size: 0,
            birth_distance: None,
            death_distance: 0.0,
        };
        last + 1
    ];
    for cluster in 0..k {
        branches[last - cluster].cluster = Some(ClusterId(cluster as u32));
    }
    for (at, &(a, b, height)) in merges.iter().enumerate() {
        let parent = last - (k + at);
        branches[parent].death_distance = height;
        for child in [a, b] {
            branches[last - child].parent = Some(parent as u32);
            branches[last - child].birth_distance = Some(height);
        }
    }
    // Every row has a cluster here.
    let branch = |label: &Option<ClusterId>| label.map_or(0, |id| (last - id.index()) as u32);
    let rows: Vec<u32> = clustering.labels().iter().map(branch).collect();
    let distances = clustering.strengths().iter().map(|&strength| f64::from(1.0 - strength));
    Some(Hierarchy::new(branches, rows, distances.collect()))
}

/// `(node, node, height)`; nodes `0..k` are the centres, node `k + i` is merge `i`.
fn ward(centroids: &Matrix, mut sizes: Vec<f64>) -> Vec<(usize, usize, f64)> {
    let k = centroids.rows();
    let factor = |a: f64, b: f64| 2.0 * a * b / (a + b).max(1.0);
    let mut squared = vec![vec![f64::INFINITY; k]; k];
    for i in 0..k {
        for j in 0..i {
            squared[i][j] =
                squared_distance(centroids.row(i), centroids.row(j)) * factor(sizes[i], sizes[j]);
        }
    }
    let mut node: Vec<usize> = (0..k).collect();
    let mut alive: Vec<usize> = (0..k).collect();
    let mut merges = Vec::with_capacity(k - 1);
    while alive.len() > 1 {
        let pairs = alive
            .iter()
            .enumerate()
            .flat_map(|(at, &j)| alive[at + 1..].iter().map(move |&i| (i, j)));
        let nearest = pairs.min_by(|&(a, b), &(c, d)| squared[a][b].total_cmp(&squared[c][d]));
        // There are two at least.
        let Some((i, j)) = nearest else { break };
        let height = squared[i][j];
        merges.push((node[j], node[i], height.sqrt()));
        for &other in alive.iter().filter(|&&other| other != i && other != j) {
            let between = |a: usize, b: usize| squared[a.max(b)][a.min(b)];
            let (a, b, c) = (sizes[j], sizes[i], sizes[other]);
            // Lance and Williams.
            squared[other.max(j)][other.min(j)] =
                ((a + c) * between(other, j) + (b + c) * between(other, i) - c * height)
                    / (a + b + c);
        }
        sizes[j] += sizes[i];
        node[j] = k + merges.len() - 1;
        alive.retain(|&other| other != i);
    }
    merges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::hdbscan::{HdbscanParams, hdbscan};
    use crate::progress::Silent;

    #[test]
    fn centres_that_are_near_make_a_direction() {
        let centroids = Matrix::new(4, 1, vec![0.0, 10.0, 1.0, 11.5]).unwrap();
        let raw: Vec<Option<usize>> = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3].map(Some).to_vec();
        let (clustering, _) = Clustering::canonical(&raw, vec![1.0; 10]);
        let found = of_centres(&centroids, &clustering).unwrap();
        let sizes: Vec<usize> = found.branches().iter().map(|branch| branch.size).collect();
        // All, {1, 3}, {0, 2}, and the clusters from the last to the first.
        assert_eq!(sizes, [10, 4, 6, 1, 2, 3, 4]);
        let heights: Vec<f64> = found.branches().iter().map(|b| b.death_distance).collect();
        let expected = [(2.0 * 4.0 * 6.0 / 10.0f64).sqrt() * (10.375 - 1.0 / 3.0)];
        assert!((heights[0] - expected[0]).abs() < 1e-4, "{heights:?}");
        let outline = found.outline();
        assert_eq!(outline.iter().map(|entry| entry.n_clusters).collect::<Vec<_>>(), [2, 2]);
        let (one, _) = Clustering::canonical(&[Some(0)], vec![1.0]);
        assert_eq!(of_centres(&Matrix::zeros(1, 1), &one), None);
    }

    #[test]
    fn a_cut_keeps_its_clusters_and_what_is_below_them() {
        // Two pairs of tight groups, the pairs far apart; size 20 keeps the pairs whole.
        let number = |i: usize| [0.0, 1.0, 50.0, 51.0][i % 4] + 0.01 * ((i * i) as f32).sin();
        let rows = Matrix::new(48, 1, (0..48).map(number).collect()).unwrap();
        let params = HdbscanParams { min_cluster_size: 6, epsilon: 5.0, ..Default::default() };
        let (_, cut) = hdbscan(&rows, &params, &Silent).unwrap();
        assert_eq!(cut.n_clusters(), 2);
        let found = of_cut(&cut, &[ClusterId(0), ClusterId(1)]);
        let outline = found.outline();
        assert_eq!(outline.len(), 2);
        for entry in &outline {
            assert!(entry.cluster.is_some());
            assert!(entry.within.iter().all(|part| part.n_clusters == 0), "{entry:?}");
            assert!(entry.within.len() >= 2);
        }
        assert_eq!(found.branches()[0].size, 48);
    }
}
