//! Which points pull at a point, and in which epochs.

use super::fuzzy::{Edge, Graph};
use super::ties::Ties;

/// For each tie, how often it pulls: times in 2^32 epochs.
pub(super) struct Pulls(Ties<u32>);

impl Pulls {
    /// Those too weak to pull once in `n_epochs` are left out.
    pub(super) fn new(graph: &Graph, n: usize, n_epochs: usize) -> Self {
        let strongest = graph.edges.iter().map(|e| e.weight).fold(0.0, f32::max);
        let is_strong = |edge: &&Edge| edge.weight * n_epochs as f32 >= strongest;
        let often = |edge: &Edge| (f64::from(edge.weight / strongest) * 2f64.powi(32)) as u32;
        Pulls(Ties::of(graph.edges.iter().filter(is_strong), n, often))
    }

    /// Gives the points that pull at `point` in an epoch.
    #[inline(always)]
    pub(super) fn due(&self, point: usize, epoch: usize, due: &mut Vec<u32>) {
        let ends = self.0.at(point);
        due.resize(ends.len(), 0);
        let mut n = 0;
        let epochs = epoch as u32 + 1;
        for &(other, often) in ends {
            // Without a branch, which could not be foreseen: the sum of what was due so far passes a
            // whole number.
            due[n] = other;
            n += usize::from(epochs.wrapping_mul(often) < often);
        }
        due.truncate(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::fuzzy::Edge;

    #[test]
    fn a_tie_pulls_at_both_ends_as_often_as_its_weight_says() {
        let weights = [1.0, 0.5, 0.3, 0.011, 0.009];
        let edges = weights.iter().zip(1..);
        let edges = edges.map(|(&weight, to)| Edge { from: 0, to, weight: weight * 0.8 }).collect();
        let pulls = Pulls::new(&Graph { edges }, 6, 100);
        let (mut near, mut far) = ([0; 6], [0; 6]);
        let mut due = Vec::new();
        for epoch in 0..100 {
            pulls.due(0, epoch, &mut due);
            due.iter().for_each(|&other| near[other as usize] += 1);
            for point in 1..6 {
                pulls.due(point, epoch, &mut due);
                assert!(due.iter().all(|&other| other == 0));
                far[point] += due.len();
            }
        }
        // The last would pull less than once. The strongest misses the first epoch.
        assert_eq!(near, [0, 99, 50, 30, 1, 0]);
        assert_eq!(far, near);
    }
}
