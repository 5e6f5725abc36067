//! Greedy search along the links of the graph.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::geometry::inner_product_i8;

/// A node and its similarity to the query. Nearer nodes are greater; of equally near nodes the
/// one with the smaller number is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scored {
    pub score: f32,
    pub node: u32,
}

impl Eq for Scored {}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A row as 8-bit codes and their scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coded<'a> {
    pub codes: &'a [i8],
    pub scale: f32,
}

impl Coded<'_> {
    /// The approximate cosine of two rows; symmetric.
    pub(super) fn score(self, other: Coded<'_>) -> f32 {
        inner_product_i8(self.codes, other.codes) as f32 * (self.scale * other.scale)
    }
}

/// The parts of a graph, in memory or in a mapped file. A link list is its length, then as many
/// nodes, then unused room. Lists may hold arbitrary numbers, as in a file that was tampered
/// with: a search over them still ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    /// Length of a row.
    pub d: usize,
    /// Links of a node at most, per level above the bottom; at the bottom twice as many.
    pub m: usize,
    pub codes: &'a [i8],
    pub scales: &'a [f32],
    /// The highest level of each node.
    pub levels: &'a [u8],
    /// One list of `1 + 2 m` numbers per node.
    pub ground: &'a [u32],
    /// Index into `upper`, counted in lists, of the first list of each node.
    pub upper_starts: &'a [u32],
    /// Lists of `1 + m` numbers; the lists of a node stand together, from level 1 up.
    pub upper: &'a [u32],
    pub entry: u32,
    pub top: usize,
}

/// The set of visited nodes, one bit each; reused between searches to save allocations.
#[derive(Debug, Default)]
pub(super) struct Seen {
    bits: Vec<u64>,
}

impl Seen {
    fn clear(&mut self, n: usize) {
        self.bits.clear();
        self.bits.resize(n.div_ceil(64), 0);
    }

    /// Marks `node` as visited and returns whether it was not before.
    fn first(&mut self, node: u32) -> bool {
        let (word, bit) = (node as usize / 64, 1 << (node % 64));
        let first = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        first
    }
}

impl<'a> View<'a> {
    pub(super) fn n(&self) -> usize {
        self.levels.len()
    }

    pub(super) fn coded(&self, node: u32) -> Coded<'a> {
        let at = node as usize;
        Coded { codes: &self.codes[at * self.d..(at + 1) * self.d], scale: self.scales[at] }
    }

    /// The links of a node at a level; links to nodes that do not exist are left out.
    pub(super) fn links(&self, node: u32, level: usize) -> impl Iterator<Item = u32> + use<'a> {
        let n = self.n();
        let list = match level {
            0 => list_at(self.ground, node as usize, 1 + 2 * self.m),
            _ if level <= usize::from(self.levels[node as usize]) => {
                let start = self.upper_starts[node as usize] as usize;
                list_at(self.upper, start + level - 1, 1 + self.m)
            }
            _ => &[],
        };
        list.iter().copied().filter(move |&link| (link as usize) < n)
    }

    /// Greedy descent from the top down to `level` (algorithm 2 with `ef = 1`).
    pub(super) fn descend(&self, query: Coded<'_>, level: usize) -> Scored {
        let score = |node| Scored { score: query.score(self.coded(node)), node };
        let mut best = score(self.entry);
        for at in (level + 1..=self.top).rev() {
            // Every step leads to a nearer node, so the loop ends.
            while let Some(nearer) =
                self.links(best.node, at).map(score).filter(|other| *other > best).max()
            {
                best = nearer;
            }
        }
        best
    }

    /// Best-first search at `level` from `starts`: the `width` nearest nodes found, nearest first
    /// (algorithm 2).
    pub(super) fn search_level(
        &self,
        query: Coded<'_>,
        starts: &[Scored],
        width: usize,
        level: usize,
        seen: &mut Seen,
    ) -> Vec<Scored> {
        self.search_kept(query, starts, Beam { width, level }, seen, |_| true)
    }

    /// The same with only nodes in the result for which `keep` is true. The others are walked
    /// along all the same, so that what is kept need not hang together: to find `width` of them,
    /// the walk visits about `width` divided by their share of all nodes.
    fn search_kept(
        &self,
        query: Coded<'_>,
        starts: &[Scored],
        Beam { width, level }: Beam,
        seen: &mut Seen,
        keep: impl Fn(u32) -> bool,
    ) -> Vec<Scored> {
        seen.clear(self.n());
        let mut found = BinaryHeap::with_capacity(width + 1);
        let mut open = BinaryHeap::with_capacity(width);
        for &start in starts {
            if seen.first(start.node) {
                open.push(start);
                if keep(start.node) {
                    found.push(std::cmp::Reverse(start));
                }
            }
        }
        while found.len() > width {
            found.pop();
        }
        while let Some(nearest) = open.pop() {
            let full = found.len() >= width;
            if full && found.peek().is_some_and(|worst| nearest < worst.0) {
                break;
            }
            for node in self.links(nearest.node, level) {
                if !seen.first(node) {
                    continue;
                }
                let other = Scored { score: query.score(self.coded(node)), node };
                if found.len() < width || found.peek().is_some_and(|worst| other > worst.0) {
                    open.push(other);
                    if !keep(node) {
                        continue;
                    }
                    found.push(std::cmp::Reverse(other));
                    if found.len() > width {
                        found.pop();
                    }
                }
            }
        }
        let mut found: Vec<Scored> = found.into_iter().map(|scored| scored.0).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        found
    }

    /// About the `width` nodes nearest to a query for which `keep` is true, nearest first
    /// (algorithm 5).
    pub(super) fn nearest(
        &self,
        query: Coded<'_>,
        width: usize,
        keep: impl Fn(u32) -> bool,
    ) -> Vec<Scored> {
        let start = self.descend(query, 0);
        let beam = Beam { width: width.max(1), level: 0 };
        self.search_kept(query, &[start], beam, &mut Seen::default(), keep)
    }
}

/// How many nodes a best-first search keeps (`ef` of the paper), and at which level.
#[derive(Debug, Clone, Copy)]
struct Beam {
    width: usize,
    level: usize,
}

/// The links in the `at`-th list of `stride` numbers; none when there is no such list.
fn list_at(lists: &[u32], at: usize, stride: usize) -> &[u32] {
    let list = at.checked_mul(stride).and_then(|start| lists.get(start..)?.get(..stride));
    match list.and_then(<[u32]>::split_first) {
        Some((&length, links)) => &links[..links.len().min(length as usize)],
        None => &[],
    }
}
