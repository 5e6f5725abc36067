//! Rows in the order in which a spanning tree joins them: answers for the heaviest tree edge
//! between any two rows.

use super::{Edge, UnionFind};

/// An order of rows such that every set the tree joins is a stretch of it.
///
/// Each gap between consecutive places holds the weight at which they are joined, so the heaviest
/// tree edge between two rows is the largest gap between their places.
#[derive(Debug, Clone)]
pub(super) struct TreeOrder {
    rows: Vec<u32>,
    gaps: Vec<f64>,
    /// The largest of every [`STRETCH`] gaps.
    stretches: Vec<f64>,
}

const STRETCH: usize = 256;

impl TreeOrder {
    /// From a spanning tree's edges by ascending weight.
    pub fn new(n: usize, tree: &[Edge]) -> Self {
        // Every set is a chain: where it starts, where it ends, who follows whom, how far.
        let mut sets = UnionFind::new(n);
        let mut first: Vec<u32> = (0..n as u32).collect();
        let mut last = first.clone();
        let mut next = vec![(u32::MAX, 0.0f64); n];
        for edge in tree {
            let [a, b] = [edge.a, edge.b].map(|end| sets.find(end as usize));
            let Some(joined) = sets.union(a, b) else { continue };
            next[last[a] as usize] = (first[b], edge.weight);
            let ends = (first[a], last[b]);
            (first[joined], last[joined]) = ends;
        }
        let (mut rows, mut gaps) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut at = if n > 0 { first[sets.find(0)] } else { u32::MAX };
        while at != u32::MAX {
            rows.push(at);
            let (follower, gap) = next[at as usize];
            gaps.push(gap);
            at = follower;
        }
        gaps.pop();
        TreeOrder { rows, stretches: largest_of_each(&gaps), gaps }
    }

    /// The row at a place.
    pub fn row(&self, place: usize) -> usize {
        self.rows[place] as usize
    }

    /// The weight at which a place and the next are joined.
    pub fn gap(&self, place: usize) -> f64 {
        self.gaps[place]
    }

    /// The largest gap between two places, 0 from a place to itself.
    pub fn heaviest(&self, from: usize, to: usize) -> f64 {
        let largest = |gaps: &[f64]| gaps.iter().copied().fold(0.0, f64::max);
        let (first, end) = (from.div_ceil(STRETCH), to / STRETCH);
        if first >= end {
            return largest(&self.gaps[from..to]);
        }
        largest(&self.gaps[from..first * STRETCH])
            .max(largest(&self.stretches[first..end]))
            .max(largest(&self.gaps[end * STRETCH..to]))
    }

    /// Takes the gaps from a lighter tree without changing the order. The largest gap
    /// between two places is then no longer the heaviest edge between them, but still no
    /// less: joining all consecutive places joins the two ends.
    pub fn tighten(&mut self, tree: &[Edge]) {
        let links = Links::new(self.rows.len(), tree);
        for (gap, pair) in self.gaps.iter_mut().zip(self.rows.windows(2)) {
            *gap = gap.min(links.heaviest(pair[0], pair[1]));
        }
        self.stretches = largest_of_each(&self.gaps);
    }
}

fn largest_of_each(gaps: &[f64]) -> Vec<f64> {
    gaps.chunks(STRETCH).map(|gaps| gaps.iter().copied().fold(0.0, f64::max)).collect()
}

/// Disjoint sets that remember at which weight each was joined to its parent. Joined by
/// size and never shortened, a way up has at most `log2 n` steps, of rising weight.
struct Links {
    parent: Vec<u32>,
    weight: Vec<f64>,
}

impl Links {
    fn new(n: usize, tree: &[Edge]) -> Self {
        let mut links = Links { parent: (0..n as u32).collect(), weight: vec![f64::INFINITY; n] };
        let mut sets = UnionFind::new(n);
        for edge in tree {
            let [a, b] = [edge.a, edge.b].map(|end| sets.find(end as usize));
            let Some(joined) = sets.union(a, b) else { continue };
            let other = if joined == a { b } else { a };
            links.parent[other] = joined as u32;
            links.weight[other] = edge.weight;
        }
        links
    }

    fn heaviest(&self, a: u32, b: u32) -> f64 {
        let (mut a, mut b) = (a as usize, b as usize);
        let mut heaviest = 0.0;
        while a != b {
            if self.weight[a] > self.weight[b] {
                std::mem::swap(&mut a, &mut b);
            }
            // Two roots of different sets: no way between them.
            if self.weight[a] == f64::INFINITY {
                return f64::INFINITY;
            }
            heaviest = self.weight[a].max(heaviest);
            a = self.parent[a] as usize;
        }
        heaviest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::spanning_forest;
    use proptest::prelude::*;

    #[test]
    fn the_largest_gap_is_found_over_any_stretch() {
        let n = 1500;
        let mut edges: Vec<Edge> =
            (1..n).map(|i| Edge::new(i, i - 1, (i * 7919 % 1013) as f64)).collect();
        let order = TreeOrder::new(n, &spanning_forest(n, &mut edges));
        for (from, to) in [(0, 1499), (3, 3), (255, 257), (10, 250), (256, 512), (100, 1400)] {
            let plain = order.gaps[from..to].iter().copied().fold(0.0, f64::max);
            assert_eq!(order.heaviest(from, to), plain, "{from} to {to}");
        }
    }

    /// Heaviest edge between two rows by walking the tree.
    fn walked(tree: &[Edge], from: u32, to: u32) -> f64 {
        let mut open = vec![(from, u32::MAX, 0.0f64)];
        while let Some((at, came, heaviest)) = open.pop() {
            if at == to {
                return heaviest;
            }
            for edge in tree.iter().filter(|e| e.a == at || e.b == at) {
                let other = if edge.a == at { edge.b } else { edge.a };
                if other != came {
                    open.push((other, at, heaviest.max(edge.weight)));
                }
            }
        }
        f64::INFINITY
    }

    proptest! {
        #[test]
        fn gaps_tell_the_heaviest_edge(n in 1usize..40, numbers in prop::collection::vec(0u8..9, 80)) {
            let chain = |at: usize| (numbers[at] as usize * 37 + at * 11) % at;
            let mut edges: Vec<Edge> =
                (1..n).map(|i| Edge::new(i, chain(i), f64::from(numbers[i + 39]) + 1.0)).collect();
            let tree = spanning_forest(n, &mut edges);
            let mut order = TreeOrder::new(n, &tree);
            prop_assert_eq!(order.rows.len(), n);
            let heaviest = |order: &TreeOrder, p: usize, q: usize| order.heaviest(p, q);
            for p in 0..n {
                for q in p..n {
                    let expected = walked(&tree, order.rows[p], order.rows[q]);
                    prop_assert_eq!(heaviest(&order, p, q), expected);
                }
            }
            // A lighter tree over the same rows, another shape.
            let mut edges: Vec<Edge> = (1..n).map(|i| Edge::new(i, i - 1, 1.0)).collect();
            let lighter = spanning_forest(n, &mut edges);
            order.tighten(&lighter);
            for p in 0..n {
                for q in p..n {
                    prop_assert!(heaviest(&order, p, q) >= walked(&lighter, order.rows[p], order.rows[q]));
                }
            }
        }
    }
}
