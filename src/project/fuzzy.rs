//! Neighbours -> how strongly each pair of points is tied, in `(0, 1]` (section 3.1 of the
//! paper: smooth nearest-neighbour distances and the fuzzy union).

use super::Neighbors;

/// Bisection steps; 64 halve an interval to the last bit.
const N_STEPS: usize = 64;
/// The sum is met to this tolerance.
const TOLERANCE: f64 = 1e-5;
/// A scale is never less than this part of the mean distance, or equal rows would divide by 0.
const LEAST_SCALE: f64 = 1e-3;

/// One tie; `from < to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub from: u32,
    pub to: u32,
    pub weight: f32,
}

/// All ties, every pair once, by `from` then `to`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Graph {
    pub edges: Vec<Edge>,
}

/// Ties of `n` points. Seen from point `i`, its neighbour `j` is tied by
/// `exp(-(d - rho) / sigma)`: the nearest distinct neighbour by 1, and `sigma` so that all
/// its ties add up to `log2(k + 1)`. The two views `p` and `q` of a pair join as `p + q - pq`.
pub(super) fn graph(neighbors: &Neighbors, n: usize) -> Graph {
    let k = neighbors.k;
    let sum: f64 = neighbors.distances.iter().map(|&d| f64::from(d)).sum();
    let mean_of_all = sum / neighbors.distances.len().max(1) as f64;
    // (low point, high point, seen from the high one?, strength)
    let mut views: Vec<(u32, u32, bool, f32)> = Vec::with_capacity(n * k);
    for i in 0..n {
        let distances = &neighbors.distances[i * k..(i + 1) * k];
        let (rho, sigma) = smooth(distances, mean_of_all);
        for (&j, &d) in neighbors.rows[i * k..(i + 1) * k].iter().zip(distances) {
            let excess = (f64::from(d) - rho).max(0.0);
            let strength = if excess == 0.0 { 1.0 } else { (-excess / sigma).exp() as f32 };
            let i = i as u32;
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
fn smooth(distances: &[f32], mean_of_all: f64) -> (f64, f64) {
    let rho = distances.iter().copied().find(|&d| d > 0.0).map_or(0.0, f64::from);
    let target = ((distances.len() + 1) as f64).log2();
    let (mut low, mut high, mut sigma) = (0.0f64, f64::INFINITY, 1.0f64);
    for _ in 0..N_STEPS {
        let ties = distances.iter().map(|&d| (-(f64::from(d) - rho).max(0.0) / sigma).exp());
        let sum: f64 = ties.sum();
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
    let mean: f64 =
        distances.iter().map(|&d| f64::from(d)).sum::<f64>() / distances.len().max(1) as f64;
    let floor = LEAST_SCALE * if rho > 0.0 { mean } else { mean_of_all };
    (rho, sigma.max(floor).max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_add_up_and_the_nearest_is_whole() {
        let distances = [0.2f32, 0.3, 0.5, 0.9, 1.0];
        let (rho, sigma) = smooth(&distances, 0.5);
        assert!((rho - 0.2).abs() < 1e-6);
        let sum: f64 =
            distances.iter().map(|&d| (-(f64::from(d) - rho).max(0.0) / sigma).exp()).sum();
        assert!((sum - 6f64.log2()).abs() < 1e-4, "{sum}");
    }

    #[test]
    fn the_two_views_of_a_pair_are_joined_once() {
        // 0 - 1 see each other as nearest; 2 sees 1, which does not see it.
        let neighbors = Neighbors { k: 1, rows: vec![1, 0, 1], distances: vec![1.0, 1.0, 2.0] };
        let edges = graph(&neighbors, 3).edges;
        assert_eq!(edges.len(), 2);
        assert_eq!(edges[0], Edge { from: 0, to: 1, weight: 1.0 });
        assert_eq!((edges[1].from, edges[1].to), (1, 2));
    }

    #[test]
    fn equal_rows_are_tied_wholly_and_finitely() {
        let neighbors = Neighbors { k: 2, rows: vec![1, 2, 0, 2, 0, 1], distances: vec![0.0; 6] };
        let edges = graph(&neighbors, 3).edges;
        assert_eq!(edges.len(), 3);
        assert!(edges.iter().all(|e| e.weight == 1.0));
    }
}
