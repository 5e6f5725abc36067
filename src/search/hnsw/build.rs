//! Builds the graph over rows, in the same way at any number of threads.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use rayon::prelude::*;

use super::codes::encode;
use super::walk::{Coded, Scored, Seen, View};
use crate::geometry::{Matrix, first_occurrences};
use crate::progress::Progress;

/// Nodes inserted together at most. The nodes of a batch are compared with each other by brute
/// force, which is cheaper than searching the graph as long as they are few.
const BATCH: usize = 512;
/// Levels above the bottom at most: one node in `m` reaches each from the one below.
const MOST_LEVELS: u8 = 12;

/// How a graph is built. The defaults are at the upper end of what the paper recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HnswParams {
    /// Links a new node gets; a power of 2 from 2 to 64. More links give a better recall
    /// and a larger file.
    pub m: usize,
    /// Number of candidates the links are chosen from (`efConstruction`).
    pub candidates: usize,
    /// Seed of the order of insertion and of the levels.
    pub seed: u64,
}

impl Default for HnswParams {
    fn default() -> Self {
        HnswParams { m: 16, candidates: 160, seed: 42 }
    }
}

impl HnswParams {
    /// The parameters, moved into the ranges that are supported.
    fn checked(self) -> Self {
        HnswParams {
            m: self.m.clamp(2, 64).next_power_of_two(),
            candidates: self.candidates.max(8),
            ..self
        }
    }
}

/// A graph over rows, in memory, to be written to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct HnswGraph {
    pub(super) params: HnswParams,
    pub(super) d: usize,
    /// The row of each node: of several equal rows the first.
    pub(super) first_rows: Vec<usize>,
    pub(super) node_of_row: Vec<u32>,
    pub(super) codes: Vec<i8>,
    pub(super) scales: Vec<f32>,
    pub(super) levels: Vec<u8>,
    pub(super) ground: Vec<u32>,
    pub(super) upper_starts: Vec<u32>,
    pub(super) upper: Vec<u32>,
    pub(super) entry: u32,
    pub(super) top: usize,
}

/// The links chosen for a node of a batch, by level from the bottom up.
struct Choice {
    node: u32,
    links: Vec<Vec<u32>>,
}

impl HnswGraph {
    /// Builds the graph over `rows` (`n x d`, unit length, finite).
    pub fn build(rows: &Matrix, params: &HnswParams, progress: &dyn Progress) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(params.seed);
        let mut graph = HnswGraph::without_links(rows, params.checked(), &mut rng);
        let n = graph.levels.len();
        let mut order: Vec<u32> = (0..n as u32).collect();
        for at in 0..n {
            let other = at + (rng.next_u64() % (n - at) as u64) as usize;
            order.swap(at, other);
        }
        progress.start("search index", n as u64);
        if let Some(&first) = order.first() {
            graph.entry = first;
            graph.top = usize::from(graph.levels[first as usize]);
        }
        let mut done = 1.min(n);
        while done < n {
            let batch = &order[done..n.min(done + done.min(BATCH))];
            graph.insert(batch);
            done += batch.len();
            progress.advance(batch.len() as u64);
        }
        progress.finish();
        graph
    }

    fn without_links(rows: &Matrix, params: HnswParams, rng: &mut Xoshiro256PlusPlus) -> Self {
        let copies = first_occurrences(rows);
        let (mut first_rows, mut node_of_row) = (Vec::new(), Vec::with_capacity(rows.rows()));
        for (row, &first) in copies.iter().enumerate() {
            if first == row {
                node_of_row.push(first_rows.len() as u32);
                first_rows.push(row);
            } else {
                node_of_row.push(node_of_row[first]);
            }
        }
        let n = first_rows.len();
        let mut codes = Vec::with_capacity(n * rows.cols());
        let scales = first_rows.iter().map(|&row| encode(rows.row(row), &mut codes)).collect();
        // One node in m reaches the next level: the trailing zeros of a random number, in groups
        // of log2(m) bits.
        let zeros = params.m.trailing_zeros();
        let level = |_| ((rng.next_u64().trailing_zeros() / zeros) as u8).min(MOST_LEVELS);
        let levels: Vec<u8> = (0..n).map(level).collect();
        let mut upper_starts = Vec::with_capacity(n);
        let mut n_lists = 0u32;
        for &level in &levels {
            upper_starts.push(n_lists);
            n_lists += u32::from(level);
        }
        HnswGraph {
            d: rows.cols(),
            first_rows,
            node_of_row,
            codes,
            scales,
            levels,
            ground: vec![0; n * (1 + 2 * params.m)],
            upper_starts,
            upper: vec![0; n_lists as usize * (1 + params.m)],
            entry: 0,
            top: 0,
            params,
        }
    }

    pub(super) fn view(&self) -> View<'_> {
        View {
            d: self.d,
            m: self.params.m,
            codes: &self.codes,
            scales: &self.scales,
            levels: &self.levels,
            ground: &self.ground,
            upper_starts: &self.upper_starts,
            upper: &self.upper,
            entry: self.entry,
            top: self.top,
        }
    }

    /// Searches for every node of the batch in the graph as it was before the batch, then adds
    /// the links of all.
    fn insert(&mut self, batch: &[u32]) {
        let view = self.view();
        let params = self.params;
        let choices: Vec<Choice> = batch
            .par_iter()
            .map_init(Seen::default, |seen, &node| choose(view, &params, node, batch, seen))
            .collect();
        // Reverse-link requests, sorted so that the graph is deterministic.
        let mut wishes: Vec<(u8, u32, u32)> = Vec::new();
        for choice in &choices {
            for (level, links) in choice.links.iter().enumerate() {
                self.set_links(choice.node, level, links);
                wishes.extend(links.iter().map(|&link| (level as u8, link, choice.node)));
            }
        }
        wishes.par_sort_unstable();
        let groups: Vec<&[(u8, u32, u32)]> =
            wishes.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).collect();
        let view = self.view();
        let granted: Vec<Vec<u32>> =
            groups.par_iter().with_min_len(16).map(|wishes| grant(view, wishes)).collect();
        for (wishes, links) in groups.iter().zip(granted) {
            self.set_links(wishes[0].1, usize::from(wishes[0].0), &links);
        }
        for &node in batch {
            let level = usize::from(self.levels[node as usize]);
            if level > self.top {
                (self.top, self.entry) = (level, node);
            }
        }
    }

    fn set_links(&mut self, node: u32, level: usize, links: &[u32]) {
        let m = self.params.m;
        let list = if level == 0 {
            let stride = 1 + 2 * m;
            &mut self.ground[node as usize * stride..][..stride]
        } else {
            let at = self.upper_starts[node as usize] as usize + level - 1;
            &mut self.upper[at * (1 + m)..][..1 + m]
        };
        list[0] = links.len() as u32;
        list[1..1 + links.len()].copy_from_slice(links);
        list[1 + links.len()..].fill(0);
    }
}

/// The links of a new node at each of its levels (algorithm 1).
fn choose(
    view: View<'_>,
    params: &HnswParams,
    node: u32,
    batch: &[u32],
    seen: &mut Seen,
) -> Choice {
    let itself = view.coded(node);
    let reach = usize::from(view.levels[node as usize]);
    let mates: Vec<Scored> = batch
        .iter()
        .filter(|&&mate| mate != node)
        .map(|&mate| Scored { score: itself.score(view.coded(mate)), node: mate })
        .collect();
    let mut links = vec![Vec::new(); reach + 1];
    let mut nearest = vec![view.descend(itself, reach.min(view.top))];
    for level in (0..=reach).rev() {
        let mut candidates = Vec::new();
        if level <= view.top {
            nearest = view.search_level(itself, &nearest, params.candidates, level, seen);
            candidates.extend_from_slice(&nearest);
        }
        let reaches = |mate: &&Scored| usize::from(view.levels[mate.node as usize]) >= level;
        candidates.extend(mates.iter().filter(reaches));
        candidates.sort_unstable_by(|a, b| b.cmp(a));
        candidates.truncate(params.candidates);
        links[level] = spread(view, &candidates, params.m);
    }
    Choice { node, links }
}

/// The neighbour selection heuristic (algorithm 4): of the candidates, nearest first, those that
/// are nearer to the node than to any candidate taken before, at most `most`.
fn spread(view: View<'_>, candidates: &[Scored], most: usize) -> Vec<u32> {
    let mut taken: Vec<(u32, Coded<'_>)> = Vec::with_capacity(most);
    for candidate in candidates {
        if taken.len() == most {
            break;
        }
        let coded = view.coded(candidate.node);
        if taken.iter().all(|(_, other)| coded.score(*other) < candidate.score) {
            taken.push((candidate.node, coded));
        }
    }
    taken.into_iter().map(|(node, _)| node).collect()
}

/// The links of a node after reverse links were requested: all of them, or a selection by the
/// heuristic when they are too many.
fn grant(view: View<'_>, wishes: &[(u8, u32, u32)]) -> Vec<u32> {
    let (level, node) = (usize::from(wishes[0].0), wishes[0].1);
    let most = if level == 0 { 2 * view.m } else { view.m };
    let mut links: Vec<u32> = view.links(node, level).collect();
    for &(_, _, wisher) in wishes {
        if !links.contains(&wisher) {
            links.push(wisher);
        }
    }
    if links.len() <= most {
        return links;
    }
    let itself = view.coded(node);
    let score = |node| Scored { score: itself.score(view.coded(node)), node };
    let mut candidates: Vec<Scored> = links.into_iter().map(score).collect();
    candidates.sort_unstable_by(|a, b| b.cmp(a));
    spread(view, &candidates, most)
}
