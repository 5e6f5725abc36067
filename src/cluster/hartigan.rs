//! Hartigan's method: single rows are moved until no move lowers the inertia; and the same
//! with splits and merges of clusters.
//!
//! Lloyd's algorithm stops where every row is nearest to its own mean, which is a weak optimum
//! when clusters are small, since moving a row also moves both means. Hartigan's rule takes that
//! into account: its optima are Lloyd's too, usually some percent lower.
//!
//! J. A. Hartigan, "Clustering Algorithms" (1975), chapter 4; M. Telgarsky and A. Vattani,
//! "Hartigan's method: k-means clustering without Voronoi", AISTATS 2010.

use rayon::prelude::*;

use super::gram::Gram;
use super::merge_tree::MergeTree;

/// Passes over all rows at most; a few are usual.
const MAX_PASSES: usize = 200;

/// A move must lower the inertia by this share of the mean squared length, so that
/// rounding cannot make rows move in circles.
const LEAST_GAIN: f64 = 1e-10;

/// A label per row and the sum of squared distances to the means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Partition {
    pub(super) labels: Vec<usize>,
    pub(super) inertia: f64,
}

/// Moves rows one at a time, in row order, each to where the inertia falls most. Labels
/// are in `0..k`; no cluster is emptied.
pub(super) fn refine(gram: &Gram, mut labels: Vec<usize>, k: usize) -> Partition {
    let n = gram.len();
    let mut sums = Sums::new(gram, &labels, k);
    let scale = (0..n).map(|i| gram.square(i)).sum::<f64>() / n.max(1) as f64;
    for _ in 0..MAX_PASSES {
        let mut moved = false;
        for row in 0..n {
            let from = labels[row];
            if sums.size[from] < 2.0 {
                continue;
            }
            let loss = sums.squared_distance(row, from, gram.square(row)) * sums.size[from]
                / (sums.size[from] - 1.0);
            let mut best = (from, loss - LEAST_GAIN * scale);
            for to in (0..k).filter(|&to| to != from) {
                let size = sums.size[to];
                let cost = if size == 0.0 {
                    0.0
                } else {
                    sums.squared_distance(row, to, gram.square(row)) * size / (size + 1.0)
                };
                if cost < best.1 {
                    best = (to, cost);
                }
            }
            if best.0 != from {
                sums.shift(gram, row, from, best.0);
                labels[row] = best.0;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let inertia = sums.inertia(gram);
    Partition { labels, inertia }
}

/// Improves a refined partition by moves no single row can make: one cluster is split in
/// two, two others become one, and all is refined again; kept where the inertia falls.
/// Most promising moves first, until none of them helps or `tries` are used up.
///
/// Merging and splitting as in G. H. Ball and D. J. Hall, "ISODATA" (1965), with the number
/// of clusters held.
pub(super) fn reshape(gram: &Gram, start: Partition, k: usize, tries: usize) -> Partition {
    let mut best = start;
    let mut left = tries;
    'improved: while left > 0 {
        let members = members(&best.labels, k);
        let sums = Sums::new(gram, &best.labels, k);
        let splits = splits(gram, &members);
        let merges = merges(&sums);
        let mut moves: Vec<(f64, usize, usize)> = Vec::new();
        for (split, (gain, _)) in splits.iter().enumerate().take(MOVES) {
            for (merge, (cost, a, b)) in merges.iter().enumerate() {
                let apart = *a != splits[split].1.cluster && *b != splits[split].1.cluster;
                if apart && gain - cost > -HOPE * best.inertia {
                    moves.push((gain - cost, split, merge));
                }
            }
        }
        moves.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for (_, split, merge) in moves.into_iter().take(MOVES) {
            if left == 0 {
                break;
            }
            left -= 1;
            let (_, a, b) = merges[merge];
            let mut labels = best.labels.clone();
            labels.iter_mut().filter(|label| **label == b).for_each(|label| *label = a);
            splits[split].1.second.iter().for_each(|&row| labels[row] = b);
            let found = refine(gram, labels, k);
            if found.inertia < best.inertia * (1.0 - 1e-9) {
                best = found;
                continue 'improved;
            }
        }
        break;
    }
    best
}

/// Splits, merges and moves looked at in a round.
const MOVES: usize = 8;

/// A move may start with a loss of this share of the inertia: refining often gains more.
const HOPE: f64 = 0.005;

/// The part of a cluster that would leave it.
struct Split {
    cluster: usize,
    second: Vec<usize>,
}

/// What each cluster would gain by being split in two, most first.
fn splits(gram: &Gram, members: &[Vec<usize>]) -> Vec<(f64, Split)> {
    let split = |(cluster, rows): (usize, &Vec<usize>)| {
        let part = gram.select(rows);
        let whole = Sums::new(&part, &vec![0; rows.len()], 1).inertia(&part);
        let halves = refine(&part, MergeTree::ward(&part).cut(2), 2);
        let second = rows.iter().zip(&halves.labels).filter(|(_, label)| **label == 1);
        let second = second.map(|(&row, _)| row).collect();
        (whole - halves.inertia, Split { cluster, second })
    };
    let mut found: Vec<(f64, Split)> =
        members.par_iter().enumerate().filter(|(_, rows)| rows.len() > 1).map(split).collect();
    found.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cluster.cmp(&y.1.cluster)));
    found
}

/// What it would cost to make two clusters one, least first.
fn merges(sums: &Sums) -> Vec<(f64, usize, usize)> {
    let mut found = Vec::new();
    for a in 0..sums.k {
        for b in a + 1..sums.k {
            let (na, nb) = (sums.size[a], sums.size[b]);
            if na > 0.0 && nb > 0.0 {
                let squared = sums.squares[a] / (na * na) + sums.squares[b] / (nb * nb)
                    - 2.0 * sums.between(a, b) / (na * nb);
                found.push((na * nb / (na + nb) * squared.max(0.0), a, b));
            }
        }
    }
    found.sort_by(|x, y| x.0.total_cmp(&y.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    found.truncate(MOVES);
    found
}

fn members(labels: &[usize], k: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); k];
    labels.iter().enumerate().for_each(|(row, &label)| members[label].push(row));
    members
}

/// What is known of the clusters' vector sums `S_j` without writing them down.
struct Sums {
    k: usize,
    /// `n x k`: inner product of each row with each `S_j`.
    products: Vec<f64>,
    /// `k`: squared length of `S_j`.
    squares: Vec<f64>,
    /// `k x k`: inner product of `S_a` with `S_b`, as it was at the start.
    between: Vec<f64>,
    /// `k`: rows in each cluster.
    size: Vec<f64>,
}

impl Sums {
    fn new(gram: &Gram, labels: &[usize], k: usize) -> Self {
        let mut products = vec![0.0; gram.len() * k];
        products.par_chunks_mut(k.max(1)).enumerate().for_each(|(row, out)| {
            for (&product, &label) in gram.row(row).iter().zip(labels) {
                out[label] += f64::from(product);
            }
        });
        let mut between = vec![0.0; k * k];
        let mut size = vec![0.0; k];
        for (&label, products) in labels.iter().zip(products.chunks_exact(k.max(1))) {
            let to = between[label * k..(label + 1) * k].iter_mut();
            to.zip(products).for_each(|(sum, product)| *sum += product);
            size[label] += 1.0;
        }
        let squares = (0..k).map(|label| between[label * k + label]).collect();
        Sums { k, products, squares, between, size }
    }

    fn between(&self, a: usize, b: usize) -> f64 {
        self.between[a * self.k + b]
    }

    fn squared_distance(&self, row: usize, cluster: usize, square: f64) -> f64 {
        let size = self.size[cluster];
        let product = self.products[row * self.k + cluster];
        (square - 2.0 * product / size + self.squares[cluster] / (size * size)).max(0.0)
    }

    fn shift(&mut self, gram: &Gram, row: usize, from: usize, to: usize) {
        let own = gram.square(row);
        let k = self.k;
        self.squares[from] += own - 2.0 * self.products[row * k + from];
        self.squares[to] += own + 2.0 * self.products[row * k + to];
        self.size[from] -= 1.0;
        self.size[to] += 1.0;
        for (other, &product) in gram.row(row).iter().enumerate() {
            self.products[other * k + from] -= f64::from(product);
            self.products[other * k + to] += f64::from(product);
        }
    }

    fn inertia(&self, gram: &Gram) -> f64 {
        let total: f64 = (0..gram.len()).map(|row| gram.square(row)).sum();
        let used = |j: usize| if self.size[j] > 0.0 { self.squares[j] / self.size[j] } else { 0.0 };
        (total - (0..self.k).map(used).sum::<f64>()).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Matrix;

    fn inertia(points: &[f32], labels: &[usize], k: usize) -> f64 {
        let of = |cluster: usize| {
            let members: Vec<f64> = (0..points.len())
                .filter(|&i| labels[i] == cluster)
                .map(|i| f64::from(points[i]))
                .collect();
            let mean = members.iter().sum::<f64>() / members.len().max(1) as f64;
            members.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
        };
        (0..k).map(of).sum()
    }

    #[test]
    fn leaves_an_optimum_where_lloyd_would_stay() {
        // Lloyd stays: 1.9 is nearer to the mean 1 of {0.1, 1.9} than to 2.85. Hartigan
        // moves it, since that lowers the inertia from 1.62 + 0.045 to 0.65.
        let points = [0.1, 1.9, 2.7, 3.0];
        let gram = Gram::of(&Matrix::new(4, 1, points.to_vec()).unwrap());
        let refined = refine(&gram, vec![0, 0, 1, 1], 2);
        assert_eq!(refined.labels, [0, 1, 1, 1]);
        assert!((refined.inertia - inertia(&points, &refined.labels, 2)).abs() < 1e-5);
        assert!(refined.inertia < inertia(&points, &[0, 0, 1, 1], 2));
    }

    #[test]
    fn reshaping_leaves_an_optimum_no_single_row_can_leave() {
        // Two groups share a cluster and a third is cut in half: no row gains by moving.
        let points = [0.0, 0.1, 0.2, 3.0, 3.1, 3.2, 20.0, 20.4, 22.0, 22.4];
        let gram = Gram::of(&Matrix::new(10, 1, points.to_vec()).unwrap());
        let stuck = refine(&gram, vec![0, 0, 0, 0, 0, 0, 1, 1, 2, 2], 3);
        assert_eq!(stuck.labels, [0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
        let freed = reshape(&gram, stuck, 3, 10);
        let expected = inertia(&points, &[0, 0, 0, 1, 1, 1, 2, 2, 2, 2], 3);
        assert!((freed.inertia - expected).abs() < 1e-4, "{freed:?}");
    }

    #[test]
    fn fills_an_empty_cluster_and_empties_none() {
        let points = [0.0, 0.1, 5.0, 5.1, 9.0, 9.2];
        let start = inertia(&points, &[0; 6], 1);
        let gram = Gram::of(&Matrix::new(6, 1, points.to_vec()).unwrap());
        let refined = refine(&gram, vec![0; 6], 3);
        let mut used = refined.labels.clone();
        used.sort();
        used.dedup();
        assert_eq!(used.len(), 3);
        assert!((refined.inertia - inertia(&points, &refined.labels, 3)).abs() < 1e-4);
        assert!(refined.inertia < start, "{refined:?}");
    }
}
