//! What every point is tied to: both ends of every edge.

use super::fuzzy::Edge;

/// The ties of each point in the order of the edges, with something about each.
pub(super) struct Ties<T> {
    /// The ends of point `i` are those from `starts[i]` to `starts[i + 1]`.
    starts: Vec<usize>,
    /// The point at the other end.
    ends: Vec<(u32, T)>,
}

impl<T: Copy + Default> Ties<T> {
    pub(super) fn of<'a>(
        edges: impl Iterator<Item = &'a Edge> + Clone,
        n: usize,
        about: impl Fn(&Edge) -> T,
    ) -> Self {
        let mut starts = vec![0; n + 1];
        let points = edges.clone().flat_map(|edge| [edge.from, edge.to]);
        points.for_each(|point| starts[point as usize + 1] += 1);
        (0..n).for_each(|i| starts[i + 1] += starts[i]);
        let mut next = starts.clone();
        let mut ends = vec![(0, T::default()); starts[n]];
        for edge in edges {
            for (point, other) in [(edge.from, edge.to), (edge.to, edge.from)] {
                ends[next[point as usize]] = (other, about(edge));
                next[point as usize] += 1;
            }
        }
        Ties { starts, ends }
    }

    /// The ties of a point: the other ends, and what is known about each.
    #[inline(always)]
    pub(super) fn at(&self, point: usize) -> &[(u32, T)] {
        &self.ends[self.starts[point]..self.starts[point + 1]]
    }
}
