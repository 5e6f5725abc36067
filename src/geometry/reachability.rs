//! Exact minimum spanning tree of mutual reachability distances, without the `n x n` matrix.
//!
//! Two rows are as far apart as the largest of their distance and their core distances. By
//! the cycle property an edge is in no minimum spanning tree when some tree joins its ends
//! by lighter edges alone. So take a good tree first, from the nearest neighbours, and ask
//! of every pair only whether it is lighter than the heaviest edge between its ends:
//!
//! 1. Kruskal on the edges to the nearest neighbours, completed until it is connected.
//! 2. Rows in the order in which that tree joins them, with the weight of joining written
//!    between neighbours in the order. The heaviest edge between two rows is then the
//!    largest number between their places.
//! 3. One pass of products over all pairs of blocks, in 8 bits where the machine is faster at
//!    that. Pairs that may be lighter, given how wrong a product can be, are measured in
//!    `f64`.
//! 4. Kruskal on the tree and the pairs kept.
//!
//! Rows whose core distance alone is above every bound of a tile are left out of it.

use std::ops::Range;

use rayon::prelude::*;

use super::buffer_pool::{BufferPool, sized};
use super::initial_mst::initial_mst;
use super::int8_bounds::Int8Bounds;
use super::knn_search::PAIRS_PER_HIT;
use super::mst_tile::{Hit, Pairs, Side, Tile};
use super::near_blocks::BlockMeans;
use super::norms::{Norms, round_down, round_up};
use super::tree_order::TreeOrder;
use super::vnni::Block;
use super::{
    Edge, Matrix, Neighbors, complete_graph_tree, inner_product, products, spanning_forest,
    squared_distance,
};
use crate::progress::Progress;

/// Rows per block.
const BLOCK: usize = 512;
/// Tiles looked at before the bounds are drawn tighter for the first time.
const FIRST_BATCH: usize = 16;

/// The minimum spanning tree, `n - 1` edges by ascending weight; weights are squared
/// distances. `core` holds the squared core distances, `neighbors` some nearest rows of
/// every row: the more, the better the first tree. Rows must be finite.
pub fn mutual_reachability_tree(
    rows: &Matrix,
    core: &[f64],
    neighbors: &Neighbors,
    progress: &dyn Progress,
) -> Vec<Edge> {
    tree_in_blocks(Density { rows, core, neighbors }, BLOCK, all_pairs, progress)
}

/// Rows, their squared core distances, and some nearest rows of each.
#[derive(Clone, Copy)]
struct Density<'a> {
    rows: &'a Matrix,
    core: &'a [f64],
    neighbors: &'a Neighbors,
}

/// `pairs` names the pairs of blocks of `block` rows that are compared.
fn tree_in_blocks(
    Density { rows, core, neighbors }: Density,
    block: usize,
    pairs: impl Fn(&Pass) -> Vec<(usize, usize)>,
    progress: &dyn Progress,
) -> Vec<Edge> {
    let n = rows.rows();
    let Some(norms) = Norms::of(rows).filter(|_| n > 1 && neighbors.k() > 0) else {
        return tree_in_f64(rows, core, progress);
    };
    let mut tree = initial_mst(rows, core, neighbors, progress);
    let mut pass = Pass {
        rows,
        core,
        norms: &norms,
        codes: Int8Bounds::of(rows, &norms),
        order: TreeOrder::new(n, &tree),
        block,
        pool: BufferPool::default(),
    };
    let tiles = pairs(&pass);
    progress.start("spanning tree", tiles.len() as u64);
    let (mut done, mut batch) = (0, FIRST_BATCH);
    while done < tiles.len() {
        let now = &tiles[done..(done + batch).min(tiles.len())];
        let lighter: Vec<Vec<Edge>> = now
            .par_iter()
            .with_max_len(1)
            .map(|&(i, j)| {
                let edges = pass.lighter_edges(i, j);
                progress.advance(1);
                edges
            })
            .collect();
        done += now.len();
        let n_lighter: usize = lighter.iter().map(Vec::len).sum();
        if n_lighter > 0 {
            tree.extend(lighter.into_iter().flatten());
            tree = spanning_forest(n, &mut tree);
            pass.order.tighten(&tree);
        }
        // Many edges mean loose bounds, and those of the next tiles are tighter already.
        if n_lighter < n / 2 {
            batch *= 2;
        } else if batch > FIRST_BATCH {
            batch /= 2;
        }
    }
    progress.finish();
    tree
}

/// A light spanning tree, but not always the lightest: as [`mutual_reachability_tree`], but
/// each block of 512 rows that the first tree puts side by side is compared only with the
/// `near` blocks nearest to it, and with those it is nearest to. With as many as there are
/// the tree is exact.
pub fn near_reachability_tree(
    rows: &Matrix,
    core: &[f64],
    neighbors: &Neighbors,
    near: usize,
    progress: &dyn Progress,
) -> Vec<Edge> {
    let pairs = |pass: &Pass| {
        let n_blocks = rows.rows().div_ceil(BLOCK);
        let row = |place: usize| rows.row(pass.order.row(place));
        let means = BlockMeans::of(rows.rows(), rows.cols(), BLOCK, row);
        (0..n_blocks).map(|at| (at, at)).chain(means.near_pairs(near.max(1))).collect()
    };
    tree_in_blocks(Density { rows, core, neighbors }, BLOCK, pairs, progress)
}

/// Every pair of blocks, by distance between their numbers.
fn all_pairs(pass: &Pass) -> Vec<(usize, usize)> {
    let n_blocks = pass.rows.rows().div_ceil(pass.block);
    (0..n_blocks).flat_map(|by| (by..n_blocks).map(move |j| (j - by, j))).collect()
}

/// The same by measuring every pair: for rows whose products leave the range of `f32`.
fn tree_in_f64(rows: &Matrix, core: &[f64], progress: &dyn Progress) -> Vec<Edge> {
    const ROWS_PER_TASK: usize = 256;
    progress.start("spanning tree", rows.rows() as u64);
    let tree = complete_graph_tree(rows.rows(), |i, outside, out| {
        out.par_iter_mut().zip(outside).with_min_len(ROWS_PER_TASK).for_each(|(weight, &j)| {
            *weight = reach(rows, core, i, j as usize);
        });
        progress.advance(1);
    });
    progress.finish();
    tree
}

fn reach(rows: &Matrix, core: &[f64], i: usize, j: usize) -> f64 {
    squared_distance(rows.row(i), rows.row(j)).max(core[i]).max(core[j])
}

/// What all tiles share. Blocks are blocks of places in the tree's order.
struct Pass<'a> {
    rows: &'a Matrix,
    core: &'a [f64],
    norms: &'a Norms,
    codes: Option<Int8Bounds>,
    order: TreeOrder,
    block: usize,
    pool: BufferPool<Scratch>,
}

#[derive(Default)]
struct Scratch {
    tile: Vec<f32>,
    blocks: Vec<Block>,
    sides: [Side; 2],
    /// The numbers of each side's rows.
    packed: [Vec<f32>; 2],
    bounds: [Vec<f64>; 2],
    hits: Vec<Hit>,
}

impl Pass<'_> {
    fn places(&self, block: usize) -> Range<usize> {
        block * self.block..((block + 1) * self.block).min(self.rows.rows())
    }

    /// The edges within a block or between two that are lighter than the tree between
    /// their ends.
    fn lighter_edges(&self, i: usize, j: usize) -> Vec<Edge> {
        self.pool.with(|scratch| {
            let pairs = if i == j {
                let [side, other] = &mut scratch.sides;
                side.gather_within(self, self.places(i));
                other.clone_from(side);
                Pairs::Within
            } else {
                let [side_i, side_j] = &mut scratch.sides;
                self.gather_two(i, j, side_i, side_j, &mut scratch.bounds);
                Pairs::Between
            };
            match &self.codes {
                Some(codes) if self.hits_by_codes(codes, scratch, pairs) => {}
                _ => self.hits_by_products(scratch, pairs),
            }
            self.measured(scratch)
        })
    }

    fn hits_by_products(&self, scratch: &mut Scratch, pairs: Pairs) {
        let Scratch { tile, sides, packed, hits, .. } = scratch;
        for (side, packed) in sides.iter_mut().zip(packed.iter_mut()) {
            let reduced = |row: usize| self.norms.squared[row] - self.norms.margin / 2.0;
            side.reduce(reduced);
            packed.clear();
            side.rows.iter().for_each(|&row| packed.extend(self.rows.row(row as usize)));
        }
        let tile = sized(tile, sides[0].rows.len() * sides[1].rows.len());
        products(&packed[0], &packed[1], self.rows.cols(), tile);
        hits.clear();
        Tile { products: tile, down: &sides[0], across: &sides[1] }.lighter(pairs, hits);
    }

    /// The same from rounded rows; says whether they told enough pairs apart.
    fn hits_by_codes(&self, codes: &Int8Bounds, scratch: &mut Scratch, pairs: Pairs) -> bool {
        let Scratch { tile, blocks, sides, hits, .. } = scratch;
        sides.iter_mut().for_each(|side| side.reduce(|row| codes.reduced[row]));
        let [down, across] = sides;
        let tile = sized(tile, down.rows.len() * across.rows.len());
        hits.clear();
        codes.compiled(|| {
            codes.products(&down.rows, &across.rows, blocks, tile);
            Tile { products: tile, down, across }.lighter(pairs, hits);
        });
        hits.len() * PAIRS_PER_HIT <= tile.len()
    }

    fn gather_two(
        &self,
        i: usize,
        j: usize,
        side_i: &mut Side,
        side_j: &mut Side,
        bounds: &mut [Vec<f64>; 2],
    ) {
        let (down, across) = (self.places(i), self.places(j));
        let [down_bounds, across_bounds] = bounds;
        // Walking away from the first place across, in both directions.
        let mut heaviest = self.order.heaviest(down.end - 1, across.start);
        down_bounds.clear();
        for place in down.clone().rev() {
            if place + 1 < down.end {
                heaviest = heaviest.max(self.order.gap(place));
            }
            down_bounds.push(heaviest);
        }
        down_bounds.reverse();
        let most_down = heaviest;
        let mut heaviest = 0.0f64;
        across_bounds.clear();
        for place in across.clone() {
            if place > across.start {
                heaviest = heaviest.max(self.order.gap(place - 1));
            }
            across_bounds.push(heaviest);
        }
        side_i.gather(self, down.start, down_bounds, heaviest);
        side_j.gather(self, across.start, across_bounds, most_down);
    }

    fn measured(&self, scratch: &Scratch) -> Vec<Edge> {
        let [down, across] = &scratch.sides;
        let measure = |hit: &Hit| {
            let a = down.rows[hit.at as usize] as usize;
            let b = across.rows[hit.column as usize] as usize;
            // Most hits of rounded rows end here.
            let Norms { squared, margin } = self.norms;
            let product = inner_product(self.rows.row(a), self.rows.row(b));
            if squared[a] + squared[b] - 2.0 * product - margin >= hit.bound {
                return None;
            }
            let weight = reach(self.rows, self.core, a, b);
            (weight < f64::from(hit.bound)).then(|| Edge::new(a, b, weight))
        };
        scratch.hits.iter().filter_map(measure).collect()
    }
}

impl Side {
    fn keep(&mut self, pass: &Pass, row: usize, bound: f64) {
        self.rows.push(row as u32);
        self.core.push(round_down(pass.core[row]));
        self.bounds.push(round_up(bound));
    }

    /// For pairs with another block, `elsewhere` being the largest bound on its side.
    fn gather(&mut self, pass: &Pass, start: usize, bounds: &[f64], elsewhere: f64) {
        self.clear();
        for (place, &bound) in (start..).zip(bounds) {
            let row = pass.order.row(place);
            if pass.core[row] < bound.max(elsewhere) {
                self.keep(pass, row, bound);
            }
        }
    }

    /// For pairs within the block.
    fn gather_within(&mut self, pass: &Pass, places: Range<usize>) {
        self.clear();
        let most = pass.order.heaviest(places.start, places.end - 1);
        let mut since_kept = 0.0f64;
        for place in places.clone() {
            if place > places.start {
                since_kept = since_kept.max(pass.order.gap(place - 1));
            }
            let row = pass.order.row(place);
            if pass.core[row] < most {
                self.keep(pass, row, since_kept);
                since_kept = 0.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::nearest_neighbors;
    use crate::geometry::test_rows::shaken;
    use crate::progress::Silent;
    use proptest::prelude::*;

    fn assert_same_weights(rows: &Matrix, min_samples: usize, block: usize) {
        let neighbors = nearest_neighbors(rows, (min_samples - 1).max(1), &Silent);
        let core: Vec<f64> = (0..rows.rows())
            .map(|i| {
                if min_samples == 1 { 0.0 } else { neighbors.of(i).last().map_or(0.0, |(_, d)| d) }
            })
            .collect();
        let weights = |tree: Vec<Edge>| tree.iter().map(|e| e.weight).collect::<Vec<_>>();
        let exact = weights(tree_in_f64(rows, &core, &Silent));
        let density = Density { rows, core: &core, neighbors: &neighbors };
        let found = weights(tree_in_blocks(density, block, all_pairs, &Silent));
        assert_eq!(found, exact);
    }

    proptest! {
        #[test]
        fn weights_are_those_of_prim_in_f64(
            rows in prop::collection::vec(prop::collection::vec(-3i8..4, 4), 1..120),
            min_samples in 1usize..9,
            block in 3usize..40,
            offset in 0u16..500,
            wobble in 0.0f32..0.5,
        ) {
            let rows = shaken(&rows, 4, offset, wobble);
            assert_same_weights(&rows, min_samples.min(rows.rows()), block);
        }

        #[test]
        fn so_they_are_on_unit_rows_in_many_dimensions(
            seed in any::<u64>(),
            n in 50usize..200,
            n_groups in 1usize..8,
            spread in 0.1f32..2.0,
            min_samples in 1usize..12,
        ) {
            let mut state = seed | 1;
            let mut next = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state % 20_000) as f32 / 10_000.0 - 1.0
            };
            let d = 24;
            let centres: Vec<f32> = (0..n_groups * d).map(|_| next()).collect();
            let number = |i: usize| centres[i / d % n_groups * d + i % d];
            let data: Vec<f32> = (0..n * d).map(|i| number(i) + spread * next()).collect();
            let mut rows = Matrix::new(n, d, data).unwrap();
            rows.normalize_rows();
            assert_same_weights(&rows, min_samples, 32);
        }
    }
}
