//! Walking along links towards a query.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::geometry::code_product;

/// A node and how near it is; the nearest is the greatest, of equals the smaller number.
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

/// A row as it is compared: codes and what one of them is worth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coded<'a> {
    pub codes: &'a [i8],
    pub worth: f32,
}

impl Coded<'_> {
    /// About the cosine of the two rows; the same both ways.
    pub(super) fn score(self, other: Coded<'_>) -> f32 {
        code_product(self.codes, other.codes) as f32 * (self.worth * other.worth)
    }
}

/// A graph, wherever its parts are. A link list is its length, then as many nodes, then
/// room for more; lists may say anything, as they do in a file that was tampered with, and
/// walking them still ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    /// Length of a row.
    pub d: usize,
    /// Most links of a node, above the bottom; twice as many there.
    pub m: usize,
    pub codes: &'a [i8],
    pub worths: &'a [f32],
    /// The level each node reaches up to.
    pub levels: &'a [u8],
    /// One list of `1 + 2 m` numbers per node.
    pub ground: &'a [u32],
    /// Where the lists of a node above the bottom begin, counted in lists.
    pub upper_starts: &'a [u32],
    /// Lists of `1 + m` numbers, a node's levels from 1 up behind each other.
    pub upper: &'a [u32],
    pub entry: u32,
    pub top: usize,
}

/// Nodes seen, one bit each; kept between searches so that memory is not asked for each time.
#[derive(Debug, Default)]
pub(super) struct Seen {
    bits: Vec<u64>,
}

impl Seen {
    fn clear(&mut self, n: usize) {
        self.bits.clear();
        self.bits.resize(n.div_ceil(64), 0);
    }

    /// Whether `node` is seen for the first time.
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
        Coded { codes: &self.codes[at * self.d..(at + 1) * self.d], worth: self.worths[at] }
    }

    /// The links of a node at a level it reaches; none that lead nowhere.
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

    /// From the top down to `level`, always to the nearest link (algorithm 2 with `ef = 1`).
    pub(super) fn descend(&self, query: Coded<'_>, level: usize) -> Scored {
        let score = |node| Scored { score: query.score(self.coded(node)), node };
        let mut best = score(self.entry);
        for at in (level + 1..=self.top).rev() {
            // Every step is to a nearer node, so the walk ends.
            while let Some(nearer) =
                self.links(best.node, at).map(score).filter(|other| *other > best).max()
            {
                best = nearer;
            }
        }
        best
    }

    /// The `width` nearest nodes that links lead to at `level` from `starts`, nearest first
    /// (algorithm 2).
    pub(super) fn search_level(
        &self,
        query: Coded<'_>,
        starts: &[Scored],
        width: usize,
        level: usize,
        seen: &mut Seen,
    ) -> Vec<Scored> {
        seen.clear(self.n());
        let mut found = BinaryHeap::with_capacity(width + 1);
        let mut open = BinaryHeap::with_capacity(width);
        for &start in starts {
            if seen.first(start.node) {
                open.push(start);
                found.push(std::cmp::Reverse(start));
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

    /// The `width` nodes nearest to a query, nearest first, of about all that are
    /// (algorithm 5).
    pub(super) fn nearest(&self, query: Coded<'_>, width: usize) -> Vec<Scored> {
        let start = self.descend(query, 0);
        self.search_level(query, &[start], width.max(1), 0, &mut Seen::default())
    }
}

/// The links in the `at`-th list of `stride` numbers; none where there is no such list.
fn list_at(lists: &[u32], at: usize, stride: usize) -> &[u32] {
    let list = at.checked_mul(stride).and_then(|start| lists.get(start..)?.get(..stride));
    match list.and_then(<[u32]>::split_first) {
        Some((&length, links)) => &links[..links.len().min(length as usize)],
        None => &[],
    }
}
