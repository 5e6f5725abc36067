//! Which clusters of one run are those of another, in the space both share.
//!
//! A role of one run belongs to a cluster of the other when that cluster's centroid is nearest to
//! it and no farther than nine tenths of the cluster's own roles are. A cluster continues where
//! most of its roles belong (the transitions of M. Spiliopoulou et al., "MONIC", KDD 2006).

use crate::clustering::{ClusterId, Clustering};
use crate::geometry::{Matrix, UnionFind, inner_product};

/// Share of a cluster's roles that belong to the cluster it continues in.
const MOST: f64 = 0.5;

/// Share of a cluster's own roles that lie outside of its radius.
const OUTSIDE: f64 = 0.1;

/// The clusters of one run.
#[derive(Debug)]
pub(super) struct Clusters {
    /// Unit vector of each cluster.
    centroids: Vec<Vec<f32>>,
    /// Least cosine to its centroid at which a role belongs to a cluster.
    radii: Vec<f32>,
    /// Rows of each cluster.
    pub members: Vec<Vec<usize>>,
}

impl Clusters {
    /// The clusters of the rows where `counted` holds.
    pub fn new(vectors: &Matrix, clustering: &Clustering, counted: &[bool]) -> Self {
        let mut members = clustering.members();
        members.iter_mut().for_each(|rows| rows.retain(|&row| counted[row]));
        let centroids: Vec<Vec<f32>> = members.iter().map(|rows| centroid(vectors, rows)).collect();
        let radius = |(rows, centroid): (&Vec<usize>, &Vec<f32>)| {
            let mut cosines: Vec<f32> =
                rows.iter().map(|&row| inner_product(vectors.row(row), centroid)).collect();
            cosines.sort_by(f32::total_cmp);
            cosines.get((cosines.len() as f64 * OUTSIDE) as usize).copied().unwrap_or(1.0)
        };
        let radii = members.iter().zip(&centroids).map(radius).collect();
        Clusters { centroids, radii, members }
    }

    /// Number of roles of a cluster.
    pub fn size(&self, id: ClusterId) -> usize {
        self.members[id.index()].len()
    }

    /// The cosine of the centroids of a cluster here and one there.
    pub fn similarity(&self, here: ClusterId, other: &Clusters, there: ClusterId) -> f64 {
        f64::from(inner_product(&self.centroids[here.index()], &other.centroids[there.index()]))
    }

    /// The cluster of `other` in which each cluster here continues, if any. `vectors` are those
    /// the rows here number.
    pub fn continue_in(&self, vectors: &Matrix, other: &Clusters) -> Vec<Option<ClusterId>> {
        let goal = |rows: &Vec<usize>| {
            let mut counts = vec![0usize; other.centroids.len()];
            for cluster in rows.iter().filter_map(|&row| other.nearest(vectors.row(row))) {
                counts[cluster] += 1;
            }
            let largest =
                counts.iter().enumerate().max_by_key(|&(at, &n)| (n, std::cmp::Reverse(at)));
            let (at, &count) = largest?;
            let most = count as f64 >= MOST * rows.len() as f64 && count > 0;
            most.then_some(ClusterId(at as u32))
        };
        self.members.iter().map(goal).collect()
    }

    /// The cluster a vector belongs to.
    fn nearest(&self, vector: &[f32]) -> Option<usize> {
        let cosines = self.centroids.iter().map(|centroid| inner_product(vector, centroid));
        let (at, best) =
            cosines.enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        (best >= self.radii[at]).then_some(at)
    }
}

/// Clusters here and there that are one another's continuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub before: Vec<ClusterId>,
    pub after: Vec<ClusterId>,
}

/// Joins clusters that continue in one another, in the order of the clusters before, then of those
/// after that nothing continues in.
pub(super) fn matches(
    forwards: &[Option<ClusterId>],
    backwards: &[Option<ClusterId>],
) -> Vec<Match> {
    let n = forwards.len();
    let mut sets = UnionFind::new(n + backwards.len());
    for (at, goal) in forwards.iter().enumerate() {
        if let Some(goal) = goal {
            sets.union(at, n + goal.index());
        }
    }
    for (at, goal) in backwards.iter().enumerate() {
        if let Some(goal) = goal {
            sets.union(n + at, goal.index());
        }
    }
    let mut found: Vec<(usize, Match)> = Vec::new();
    for at in 0..n + backwards.len() {
        let root = sets.find(at);
        let place = found.iter().position(|(other, _)| *other == root);
        let place = place.unwrap_or_else(|| {
            found.push((root, Match { before: vec![], after: vec![] }));
            found.len() - 1
        });
        match at.checked_sub(n) {
            None => found[place].1.before.push(ClusterId(at as u32)),
            Some(at) => found[place].1.after.push(ClusterId(at as u32)),
        }
    }
    found.into_iter().map(|(_, found)| found).collect()
}

fn centroid(vectors: &Matrix, rows: &[usize]) -> Vec<f32> {
    let mut sum = vec![0.0f64; vectors.cols()];
    for &row in rows {
        sum.iter_mut().zip(vectors.row(row)).for_each(|(sum, &value)| *sum += f64::from(value));
    }
    let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
    sum.iter().map(|value| if length > 0.0 { (value / length) as f32 } else { 0.0 }).collect()
}
