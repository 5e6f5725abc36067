//! Fuzzy simplicial set: the neighbour graph with edge weights in `(0, 1]` (section 3.1 of the
//! paper: smooth nearest-neighbour distances and their fuzzy union).

use crate::geometry::Neighbors;

/// Bisection steps; 64 halve an interval to the last bit.
const N_STEPS: usize = 64;
/// The sum is met to this tolerance.
const TOLERANCE: f64 = 1e-5;
/// A scale is never less than this part of the mean distance, or equal rows would divide by 0.
const LEAST_SCALE: f64 = 1e-3;

/// A weighted edge; `from < to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub from: u32,
    pub to: u32,
    pub weight: f32,
}

/// All edges, every pair once, by `from` then `to`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Graph {
    pub edges: Vec<Edge>,
}

/// The graph of `n` points. Point `i` is tied to its neighbour `j` at distance `d` with weight
/// `exp(-(d - rho) / sigma)`, where `rho` is the distance to the nearest distinct neighbour and
/// `sigma` makes all weights of `i` add up to `log2(k + 1)`. The weights `p` and `q` from both
/// ends combine to `p + q - pq`.
pub(super) fn graph(neighbors: &Neighbors, n: usize) -> Graph {
    graph_of((0..n).map(|i| neighbors.of(i).collect()).collect())
}

/// The same where the number of neighbours differs: for each point its neighbours and their
/// squared distances, nearest first.
pub(super) fn graph_of(neighbors: Vec<Vec<(usize, f64)>>) -> Graph {
    let all = neighbors.iter().flatten();
    let n_views = all.clone().count();
    let mean_of_all = all.map(|&(_, squared)| squared.sqrt()).sum::<f64>() / n_views.max(1) as f64;
    // (low point, high point, seen from the high one?, strength)
    let mut views: Vec<(u32, u32, bool, f32)> = Vec::with_capacity(n_views);
    let mut distances: Vec<f64> = Vec::new();
    for (i, near) in neighbors.iter().enumerate() {
        distances.clear();
        distances.extend(near.iter().map(|&(_, squared)| squared.sqrt()));
        let (rho, sigma) = smooth(&distances, mean_of_all);
        for (&(j, _), &d) in near.iter().zip(&distances) {
            let excess = (d - rho).max(0.0);
            let strength = if excess == 0.0 { 1.0 } else { (-excess / sigma).exp() as f32 };
            // Rows are numbered in 32 bits by the neighbours themselves.
            let (i, j) = (i as u32, j as u32);
            views.push((i.min(j), i.max(j), i > j, strength));
        }
    }
    views.sort_unstable_by_key(|&(low, high, from_high, _)| (low, high, from_high));
    let mut edges: Vec<Edge> = Vec::with_capacity(views.len());
    for (from, to, _, strength) in views {
        match edges.last_mut() {
            Some(last) if (last.from, last.to) == (from, to) => {
                last.weight += strength - last.weight * strength;
            }
            _ => edges.push(Edge { from, to, weight: strength }),
        }
    }
    Graph { edges }
}

/// The distance to the nearest distinct neighbour, and the scale that makes the ties add up.
fn smooth(distances: &[f64], mean_of_all: f64) -> (f64, f64) {
    let rho = distances.iter().copied().find(|&d| d > 0.0).unwrap_or(0.0);
    let target = ((distances.len() + 1) as f64).log2();
    let (mut low, mut high, mut sigma) = (0.0f64, f64::INFINITY, 1.0f64);
    for _ in 0..N_STEPS {
        let sum: f64 = distances.iter().map(|&d| (-(d - rho).max(0.0) / sigma).exp()).sum();
        if (sum - target).abs() < TOLERANCE {
            break;
        }
        if sum > target {
            high = sigma;
            sigma = (low + high) / 2.0;
        } else {
            low = sigma;
            sigma = if high.is_finite() { (low + high) / 2.0 } else { sigma * 2.0 };
        }
    }
    let mean = distances.iter().sum::<f64>() / distances.len().max(1) as f64;
    let floor = LEAST_SCALE * if rho > 0.0 { mean } else { mean_of_all };
    (rho, sigma.max(floor).max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Matrix, nearest_neighbors};
    use crate::progress::Silent;

    #[test]
    fn ties_add_up_and_the_nearest_is_whole() {
        let distances = [0.2, 0.3, 0.5, 0.9, 1.0];
        let (rho, sigma) = smooth(&distances, 0.5);
        assert_eq!(rho, 0.2);
        let sum: f64 = distances.iter().map(|d| (-(d - rho) / sigma).exp()).sum();
        assert!((sum - 6f64.log2()).abs() < 1e-4, "{sum}");
    }

    #[test]
    fn the_two_views_of_a_pair_are_joined_once() {
        // 0 and 1 see each other as nearest; 2 sees 1, which does not see it.
        let rows = Matrix::new(3, 1, vec![0.0, 1.0, 3.0]).unwrap();
        let edges = graph(&nearest_neighbors(&rows, 1, &Silent), 3).edges;
        assert_eq!(edges.len(), 2);
        assert_eq!(edges[0], Edge { from: 0, to: 1, weight: 1.0 });
        assert_eq!((edges[1].from, edges[1].to), (1, 2));
    }

    #[test]
    fn equal_rows_are_tied_wholly_and_finitely() {
        let edges = graph(&nearest_neighbors(&Matrix::zeros(3, 1), 2, &Silent), 3).edges;
        assert_eq!(edges.len(), 3);
        assert!(edges.iter().all(|e| e.weight == 1.0));
    }
}
