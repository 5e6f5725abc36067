//! Union-find (disjoint sets): which rows are connected so far.

/// Disjoint sets over `0..n`: union by size, find with path halving.
#[derive(Debug, Clone)]
pub struct UnionFind {
    parent: Vec<u32>,
    size: Vec<u32>,
    n_sets: usize,
}

impl UnionFind {
    /// `n` sets of one.
    ///
    /// # Panics
    /// If `n` does not fit in 32 bits.
    pub fn new(n: usize) -> Self {
        let n32 = u32::try_from(n).unwrap_or_else(|_| panic!("{n} elements, more than 32 bits"));
        UnionFind { parent: (0..n32).collect(), size: vec![1; n], n_sets: n }
    }

    /// The representative of the set of `x`.
    pub fn find(&mut self, x: usize) -> usize {
        let mut at = x;
        while self.parent[at] as usize != at {
            let grandparent = self.parent[self.parent[at] as usize];
            self.parent[at] = grandparent;
            at = grandparent as usize;
        }
        at
    }

    /// Joins the sets of `a` and `b`. Returns the representative of the union, or `None` when
    /// they were one set before.
    pub fn union(&mut self, a: usize, b: usize) -> Option<usize> {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return None;
        }
        let (small, large) = if self.size[a] < self.size[b] { (a, b) } else { (b, a) };
        self.parent[small] = large as u32;
        self.size[large] += self.size[small];
        self.n_sets -= 1;
        Some(large)
    }

    /// Elements in the set of `x`.
    pub fn size(&mut self, x: usize) -> usize {
        let root = self.find(x);
        self.size[root] as usize
    }

    /// Number of sets.
    pub fn n_sets(&self) -> usize {
        self.n_sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_join_once() {
        let mut sets = UnionFind::new(5);
        assert!(sets.union(0, 1).is_some());
        assert!(sets.union(3, 4).is_some());
        assert_eq!(sets.union(1, 0), None);
        assert!(sets.union(4, 1).is_some());
        assert_eq!((sets.n_sets(), sets.size(3), sets.size(2)), (2, 4, 1));
        assert_eq!(sets.find(0), sets.find(3));
    }
}
