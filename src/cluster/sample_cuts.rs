//! A sample of the rows, clustered into any number of clusters by Ward's tree, and where all other
//! rows belong by their nearest mean.
//!
//! All follows from products of rows. They are added up once, for the finest cut; the sums of a
//! coarser cut are sums of these.

use super::gram::Gram;
use super::merge_tree::MergeTree;

/// The cuts of a sample's tree into at most so many clusters.
pub(super) struct SampleCuts {
    tree: MergeTree,
    /// Label of each row of the sample in the finest cut.
    finest: Vec<usize>,
    sums: Sums,
}

impl SampleCuts {
    /// Of the rows `sample` of `gram`, for cuts of up to `most` clusters.
    pub(super) fn of(gram: &Gram, sample: &[usize], most: usize) -> Self {
        let tree = MergeTree::ward(&gram.select(sample));
        let most = most.min(sample.len());
        let finest = tree.cut(most);
        let sums = Sums::of(gram, sample, &finest, most);
        SampleCuts { tree, finest, sums }
    }

    /// The label in `0..k` of each row of the sample.
    pub(super) fn of_sample(&self, k: usize) -> Vec<usize> {
        self.tree.cut(k)
    }

    /// For each of `ks`, and each of all rows, the cluster whose mean is nearest, of `k` clusters of
    /// the sample.
    pub(super) fn of_all(&self, ks: &[usize]) -> Vec<Vec<u16>> {
        let finest = self.sums.k();
        let mut joined = Joined::none(&self.sums);
        let mut by_k = vec![Vec::new(); finest + 1];
        for k in (1..=finest).rev() {
            if ks.iter().any(|&wanted| wanted.min(finest) == k) {
                by_k[k] = joined.labels();
            }
            if let Some((a, b)) = self.tree.joined_below(k) {
                joined.join(self.finest[a], self.finest[b]);
            }
        }
        ks.iter().map(|&k| by_k[k.min(finest)].clone()).collect()
    }
}

/// Products of all rows with the sums of the rows of each cluster, which give distances to means.
#[derive(Clone)]
struct Sums {
    sizes: Vec<f64>,
    /// Products of the sums of two clusters, `k x k`.
    mutual: Vec<f64>,
    /// `n x k`.
    products: Vec<f64>,
}

impl Sums {
    fn of(gram: &Gram, sample: &[usize], labels: &[usize], k: usize) -> Self {
        let mut sizes = vec![0.0; k];
        labels.iter().for_each(|&label| sizes[label] += 1.0);
        let mut products = vec![0.0f64; gram.len() * k];
        for (row, to) in products.chunks_exact_mut(k.max(1)).enumerate() {
            let line = gram.row(row);
            sample.iter().zip(labels).for_each(|(&of, &at)| to[at] += f64::from(line[of]));
        }
        let mut mutual = vec![0.0; k * k];
        for (&row, &label) in sample.iter().zip(labels) {
            for other in 0..k {
                mutual[label * k + other] += products[row * k + other];
            }
        }
        Sums { sizes, mutual, products }
    }

    fn k(&self) -> usize {
        self.sizes.len()
    }

    /// The squared distance of a row, by its products, to the mean of a cluster; the square of the
    /// row itself is left out.
    fn distance(&self, line: &[f64], c: usize) -> f64 {
        let (square, size) = (self.mutual[c * self.k() + c], self.sizes[c]);
        square / (size * size) - 2.0 * line[c] / size
    }
}

/// The clusters of a cut, joined one after the other, and the nearest of them for every row. What was
/// nearest stays so until it is joined or the joined ones are nearer: a cut costs two looks a row and
/// not one for each cluster.
struct Joined {
    /// The sums of joined clusters stand where the first of them stood.
    sums: Sums,
    /// For every cluster of the finest cut the first of those that it is joined with.
    first: Vec<usize>,
    /// These first ones, ascending.
    alive: Vec<usize>,
    nearest: Vec<(usize, f64)>,
}

impl Joined {
    fn none(sums: &Sums) -> Self {
        let all: Vec<usize> = (0..sums.k()).collect();
        let lines = sums.products.chunks_exact(sums.k().max(1));
        let nearest = lines.map(|line| nearest(sums, line, &all)).collect();
        Joined { sums: sums.clone(), first: all.clone(), alive: all, nearest }
    }

    /// Joins the clusters that hold two clusters of the finest cut.
    fn join(&mut self, x: usize, y: usize) {
        let (x, y) = (self.first[x], self.first[y]);
        let (a, b) = (x.min(y), x.max(y));
        self.first.iter_mut().filter(|first| **first == b).for_each(|first| *first = a);
        self.alive.retain(|&cluster| cluster != b);
        let k = self.sums.k();
        let sums = &mut self.sums;
        sums.sizes[a] += sums.sizes[b];
        (0..k).for_each(|c| sums.mutual[a * k + c] += sums.mutual[b * k + c]);
        (0..k).for_each(|c| sums.mutual[c * k + a] += sums.mutual[c * k + b]);
        let mut products = std::mem::take(&mut sums.products);
        for (line, found) in products.chunks_exact_mut(k).zip(&mut self.nearest) {
            line[a] += line[b];
            let distance = self.sums.distance(line, a);
            if found.0 == a || found.0 == b {
                *found = nearest(&self.sums, line, &self.alive);
            } else if distance < found.1 || (distance == found.1 && a < found.0) {
                *found = (a, distance);
            }
        }
        self.sums.products = products;
    }

    /// The nearest cluster of every row, numbered in the order of their first ones.
    fn labels(&self) -> Vec<u16> {
        let mut number = vec![0u16; self.sums.k()];
        self.alive.iter().zip(0..).for_each(|(&cluster, at)| number[cluster] = at);
        self.nearest.iter().map(|&(cluster, _)| number[cluster]).collect()
    }
}

/// The cluster with the nearest mean, and its distance; of equals the first.
fn nearest(sums: &Sums, line: &[f64], clusters: &[usize]) -> (usize, f64) {
    let distances = clusters.iter().map(|&c| (c, sums.distance(line, c)));
    let nearer = |best: (usize, f64), next: (usize, f64)| if next.1 < best.1 { next } else { best };
    distances.reduce(nearer).unwrap_or((0, f64::INFINITY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::row_keys::{draw, row_keys};
    use crate::cluster::tests::directions;
    use crate::geometry::{Matrix, squared_distance};

    /// By the means themselves, cut by cut.
    fn slowly(rows: &Matrix, sample: &[usize], labels: &[usize], k: usize) -> Vec<u16> {
        let mut means = Matrix::zeros(k, rows.cols());
        for (&row, &label) in sample.iter().zip(labels) {
            let size = labels.iter().filter(|&&other| other == label).count() as f32;
            let mean = means.row_mut(label).iter_mut().zip(rows.row(row));
            mean.for_each(|(mean, x)| *mean += x / size);
        }
        let nearest = |row: &[f32]| {
            let distance = |c: &usize| squared_distance(row, means.row(*c));
            (0..k).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0) as u16
        };
        rows.iter_rows().map(nearest).collect()
    }

    #[test]
    fn joining_step_by_step_says_what_every_cut_by_itself_says() {
        let rows = directions(7, 15, 12, 0.6, 3);
        let keys = row_keys(rows.iter_rows());
        let sample = draw(&keys, 1, 60);
        let cuts = SampleCuts::of(&Gram::of(&rows), &sample, 20);
        let ks = [2, 3, 5, 8, 13, 20, 25];
        let found = cuts.of_all(&ks);
        for (&k, found) in ks.iter().zip(&found) {
            let k = k.min(20);
            assert_eq!(*found, slowly(&rows, &sample, &cuts.of_sample(k), k), "{k} clusters");
        }
        let none = SampleCuts::of(&Gram::of(&rows), &[], 20);
        assert_eq!(none.of_all(&[2]).concat().len(), 0);
    }
}
