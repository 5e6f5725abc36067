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

    /// For each of all rows the cluster whose mean is nearest, of `k` clusters of the sample.
    pub(super) fn of_all(&self, k: usize) -> Vec<u16> {
        let mut coarser = vec![0; self.sums.k];
        let labels = self.of_sample(k);
        self.finest.iter().zip(labels).for_each(|(&fine, label)| coarser[fine] = label);
        self.sums.merged(&coarser, k.min(self.sums.k)).nearest()
    }
}

/// Products of all rows with the sums of the rows of each cluster, which give distances to means.
struct Sums {
    k: usize,
    sizes: Vec<f64>,
    /// Squared length of each sum.
    squares: Vec<f64>,
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
        let squares = (0..k).map(|at| mutual[at * k + at]).collect();
        Sums { k, sizes, squares, mutual, products }
    }

    /// The sums of `k` clusters, cluster `c` of these being part of `coarser[c]`.
    fn merged(&self, coarser: &[usize], k: usize) -> Self {
        let mut sizes = vec![0.0; k];
        let mut squares = vec![0.0; k];
        for (at, &to) in coarser.iter().enumerate() {
            sizes[to] += self.sizes[at];
            let parts = (0..self.k).filter(|&other| coarser[other] == to);
            squares[to] += parts.map(|other| self.mutual[at * self.k + other]).sum::<f64>();
        }
        let mut products = vec![0.0f64; self.products.len() / self.k.max(1) * k];
        let lines = products.chunks_exact_mut(k.max(1));
        for (line, from) in lines.zip(self.products.chunks_exact(self.k.max(1))) {
            from.iter().zip(coarser).for_each(|(product, &to)| line[to] += product);
        }
        Sums { k, sizes, squares, mutual: Vec::new(), products }
    }

    /// The cluster with the nearest mean, for every row.
    fn nearest(&self) -> Vec<u16> {
        let nearest = |line: &[f64]| {
            let distance = |c: usize| {
                self.squares[c] / (self.sizes[c] * self.sizes[c]) - 2.0 * line[c] / self.sizes[c]
            };
            (0..self.k).min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap_or(0) as u16
        };
        self.products.chunks_exact(self.k.max(1)).map(nearest).collect()
    }
}
