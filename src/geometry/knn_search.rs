//! The nearest other rows of every row, exactly, from blocked products.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::buffer_pool::{BufferPool, sized};
use super::int8_bounds::Int8Bounds;
use super::knn_candidates::KnnCandidates;
use super::near_blocks::BlockMeans;
use super::neighbors::nearer;
use super::norms::{Norms, larger};
use super::vnni::Block;
use super::{Matrix, Neighbors, inner_product, partition_order, products, squared_distance};
use crate::progress::Progress;

/// Rows per block: a tile of products, 512 x 512, fits the cache of a core.
pub(super) const BLOCK: usize = 512;
/// Columns looked at together for anything near enough.
const LANES: usize = 16;
/// The order of the rows changes the time, not the result.
const ANY_SEED: u64 = 1;
/// Where products of rounded rows leave more than one pair in so many, multiplying all of
/// them again is cheaper than each by itself.
pub(super) const PAIRS_PER_HIT: usize = 8;

/// The `k` nearest other rows of every row (all others where there are fewer).
///
/// Every pair of blocks is multiplied once, for both sides, so `n^2 d` operations, in 8 bits
/// where the machine is faster at that. Products only propose: whoever could be among the
/// nearest, given how wrong a product can be, is measured in `f64`. Memory is `O(n k)`, a
/// quarter of the rows and a tile per thread. Rows must be finite.
pub fn nearest_neighbors(rows: &Matrix, k: usize, progress: &dyn Progress) -> Neighbors {
    nearest_in_blocks(rows, k, BLOCK, progress)
}

/// The same among the rows of a row's own block and of the `near` blocks nearest to it, or
/// that it is nearest to: exact among the rows looked at. Blocks are [`BLOCK`] rows that
/// follow each other, so rows should be [ordered](super::partition_order) before.
pub(super) fn nearest_in_near_blocks(
    rows: &Matrix,
    k: usize,
    near: usize,
    progress: &dyn Progress,
) -> Neighbors {
    let n = rows.rows();
    // One full block beside its own holds enough neighbours, even for a last block of one.
    let near = near.max(1);
    if near + 1 >= n.div_ceil(BLOCK) || k >= BLOCK {
        return nearest_neighbors(rows, k, progress);
    }
    let means = BlockMeans::of(n, rows.cols(), BLOCK, |row| rows.row(row));
    let order: Vec<u32> = (0..n as u32).collect();
    nearest_among(rows, k, order.chunks(BLOCK).collect(), means.near_pairs(near), progress)
}

fn nearest_in_blocks(rows: &Matrix, k: usize, block: usize, progress: &dyn Progress) -> Neighbors {
    // Rows near each other first: then the nearest seen so far rule out nearly all others.
    let order: Vec<u32> =
        partition_order(rows, ANY_SEED).into_iter().map(|row| row as u32).collect();
    let blocks: Vec<&[u32]> = order.chunks(block).collect();
    let n = blocks.len();
    // By distance between blocks, so that tasks side by side seldom share a block.
    let pairs = (1..n).flat_map(|by| (by..n).map(move |j| (j - by, j))).collect();
    nearest_among(rows, k, blocks, pairs, progress)
}

fn nearest_among(
    rows: &Matrix,
    k: usize,
    blocks: Vec<&[u32]>,
    pairs: Vec<(usize, usize)>,
    progress: &dyn Progress,
) -> Neighbors {
    let n = rows.rows();
    let k = k.min(n.saturating_sub(1));
    let Some(norms) = Norms::of(rows).filter(|_| k > 0) else {
        return nearest_in_f64(rows, k, progress);
    };
    progress.start("nearest neighbours", (blocks.len() + pairs.len()) as u64);
    let codes = Int8Bounds::of(rows, &norms).filter(|_| !pairs.is_empty());
    let search = Search { rows, norms: &norms, codes, pool: BufferPool::default() };
    let found: Vec<Mutex<KnnCandidates>> = blocks
        .par_iter()
        .map(|ids| {
            let nearest = search.within_block(ids, k);
            progress.advance(1);
            Mutex::new(nearest)
        })
        .collect();
    pairs.par_iter().with_max_len(1).for_each(|&(i, j)| {
        search.between_blocks([blocks[i], blocks[j]], [&found[i], &found[j]]);
        progress.advance(1);
    });
    let finish = |found: Mutex<KnnCandidates>| {
        found.into_inner().unwrap_or_else(PoisonError::into_inner).finish(rows)
    };
    let finished: Vec<Vec<(f64, u32)>> = found.into_par_iter().map(finish).collect();
    let (mut index, mut squared) = (vec![0; n * k], vec![0.0; n * k]);
    for (ids, nearest) in blocks.iter().zip(finished) {
        for (&row, nearest) in ids.iter().zip(nearest.chunks_exact(k)) {
            for (at, &(distance, other)) in (row as usize * k..).zip(nearest) {
                index[at] = other;
                squared[at] = distance;
            }
        }
    }
    progress.finish();
    Neighbors::new(k, index, squared)
}

/// The same by measuring every pair: for rows whose products leave the range of `f32`.
fn nearest_in_f64(rows: &Matrix, k: usize, progress: &dyn Progress) -> Neighbors {
    let n = rows.rows();
    progress.start("nearest neighbours", n as u64);
    let lines: Vec<Vec<(f64, u32)>> = (0..n)
        .into_par_iter()
        .map(|i| {
            let others = (0..n).filter(|&j| j != i);
            let mut all: Vec<(f64, u32)> =
                others.map(|j| (squared_distance(rows.row(i), rows.row(j)), j as u32)).collect();
            if k < all.len() {
                all.select_nth_unstable_by(k, nearer);
                all.truncate(k);
            }
            all.sort_unstable_by(nearer);
            progress.advance(1);
            all
        })
        .collect();
    progress.finish();
    let (squared, rows) = lines.into_iter().flatten().unzip();
    Neighbors::new(k, rows, squared)
}

/// What all tiles share. A block is the rows in it.
struct Search<'a> {
    rows: &'a Matrix,
    norms: &'a Norms,
    codes: Option<Int8Bounds>,
    pool: BufferPool<Scratch>,
}

#[derive(Default)]
struct Scratch {
    tile: Vec<f32>,
    blocks: Vec<Block>,
    sides: [Side; 2],
    /// Row, column and squared distance, within the margin of the true one.
    hits: Vec<(u32, u32, f32)>,
}

#[derive(Default)]
struct Side {
    /// The numbers of the rows.
    packed: Vec<f32>,
    /// Their squared norms, less what a distance may be too large by.
    squared: Vec<f32>,
    limits: Vec<f32>,
}

impl Search<'_> {
    fn within_block<'a>(&self, ids: &'a [u32], k: usize) -> KnnCandidates<'a> {
        let mut nearest = KnnCandidates::new(ids, k, self.norms.margin);
        self.pool.with(|Scratch { tile, sides: [side, _], .. }| {
            self.pack(ids, side);
            let tile = sized(tile, ids.len() * ids.len());
            products(&side.packed, &side.packed, self.rows.cols(), tile);
            for (i, line) in tile.chunks_exact(ids.len()).enumerate() {
                for (j, &product) in line.iter().enumerate().filter(|&(j, _)| j != i) {
                    let distance = side.squared[i] + side.squared[j] - 2.0 * product;
                    nearest.offer(self.rows, i, ids[j], distance);
                }
            }
        });
        nearest.tighten(self.rows);
        nearest
    }

    fn between_blocks(&self, [down, across]: [&[u32]; 2], found: [&Mutex<KnnCandidates>; 2]) {
        self.pool.with(|scratch| {
            for (side, found) in scratch.sides.iter_mut().zip(found) {
                side.limits.clone_from(&lock(found).limits);
            }
            match &self.codes {
                Some(codes) if self.hits_by_codes(codes, down, across, scratch) => {}
                _ => self.hits_by_products(down, across, scratch),
            }
            let mut nearest = lock(found[0]);
            for &(row, column, distance) in &scratch.hits {
                nearest.offer(self.rows, row as usize, across[column as usize], distance);
            }
            drop(nearest);
            let mut nearest = lock(found[1]);
            for &(row, column, distance) in &scratch.hits {
                nearest.offer(self.rows, column as usize, down[row as usize], distance);
            }
        });
    }

    fn pack(&self, ids: &[u32], side: &mut Side) {
        side.packed.clear();
        ids.iter().for_each(|&row| side.packed.extend(self.rows.row(row as usize)));
        side.squared.clear();
        side.squared.extend(ids.iter().map(|&row| self.norms.squared[row as usize]));
    }

    fn hits_by_products(&self, down: &[u32], across: &[u32], scratch: &mut Scratch) {
        let Scratch { tile, sides, hits, .. } = scratch;
        self.pack(down, &mut sides[0]);
        self.pack(across, &mut sides[1]);
        let tile = sized(tile, down.len() * across.len());
        products(&sides[0].packed, &sides[1].packed, self.rows.cols(), tile);
        near_enough(tile, sides, hits);
    }

    /// The same from rounded rows; says whether they told enough pairs apart.
    fn hits_by_codes(
        &self,
        codes: &Int8Bounds,
        down: &[u32],
        across: &[u32],
        scratch: &mut Scratch,
    ) -> bool {
        let Scratch { tile, blocks, sides, hits } = scratch;
        for (side, ids) in sides.iter_mut().zip([down, across]) {
            side.squared.clear();
            side.squared.extend(ids.iter().map(|&row| codes.reduced[row as usize]));
        }
        let tile = sized(tile, down.len() * across.len());
        codes.compiled(|| {
            codes.products(down, across, blocks, tile);
            near_enough(tile, sides, hits);
        });
        if hits.len() * PAIRS_PER_HIT > tile.len() {
            return false;
        }
        hits.retain_mut(|(row, column, distance)| {
            let (row, column) = (*row as usize, *column as usize);
            let (a, b) = (down[row] as usize, across[column] as usize);
            let product = inner_product(self.rows.row(a), self.rows.row(b));
            *distance = self.norms.squared[a] + self.norms.squared[b] - 2.0 * product;
            *distance <= larger(sides[0].limits[row], sides[1].limits[column])
        });
        true
    }
}

/// Makes `hits` the pairs of a tile nearer than the limit of one side or the other.
#[inline(always)]
fn near_enough(tile: &[f32], [down, across]: &[Side; 2], hits: &mut Vec<(u32, u32, f32)>) {
    hits.clear();
    let lines = tile.chunks_exact(across.squared.len()).zip(&down.squared).zip(&down.limits);
    for (row, ((line, &own), &limit)) in (0..).zip(lines) {
        near_enough_in_line(line, (own, limit), across, |column, d| {
            hits.push((row, column as u32, d));
        });
    }
}

/// Calls `hit` for every column nearer than the row's limit or the column's, given the squared
/// norm and the limit of the row.
#[inline(always)]
fn near_enough_in_line(
    products: &[f32],
    (own, limit): (f32, f32),
    Side { squared, limits, .. }: &Side,
    mut hit: impl FnMut(usize, f32),
) {
    let distance = |product: f32, other: f32| own + other - 2.0 * product;
    let (blocks, rest) = products.as_chunks::<LANES>();
    let ((squares, squares_rest), (others, others_rest)) =
        (squared.as_chunks::<LANES>(), limits.as_chunks::<LANES>());
    for (at, ((p, s), l)) in blocks.iter().zip(squares).zip(others).enumerate() {
        let mut any = false;
        for lane in 0..LANES {
            any |= distance(p[lane], s[lane]) <= larger(limit, l[lane]);
        }
        if any {
            for lane in 0..LANES {
                let d = distance(p[lane], s[lane]);
                if d <= larger(limit, l[lane]) {
                    hit(at * LANES + lane, d);
                }
            }
        }
    }
    let done = blocks.len() * LANES;
    for (lane, ((p, s), l)) in rest.iter().zip(squares_rest).zip(others_rest).enumerate() {
        let d = distance(*p, *s);
        if d <= larger(limit, *l) {
            hit(done + lane, d);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::test_rows::shaken;
    use crate::progress::Silent;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_find_what_measuring_every_pair_finds(
            rows in prop::collection::vec(prop::collection::vec(-3i8..4, 5), 1..90),
            k in 1usize..12,
            block in 3usize..40,
            offset in 0u16..2000,
            wobble in 0.0f32..0.01,
        ) {
            let rows = shaken(&rows, 5, offset, wobble);
            let exact = nearest_in_f64(&rows, k.min(rows.rows() - 1), &Silent);
            prop_assert_eq!(nearest_in_blocks(&rows, k, block, &Silent), exact);
        }
    }

    proptest! {
        // Rows of one length in many directions: what 8 bits tell apart.
        #[test]
        fn so_they_do_on_unit_rows(
            seed in 1u64..1_000_000,
            n in 30usize..150,
            spread in 0.1f32..2.0,
            k in 1usize..12,
        ) {
            let number = |i: u64| ((i * seed) as f64 * 0.618).sin() as f32;
            let at = |i: u64| number(i % 24 + i / 24 % 5 * 1009) + spread * number(i + 7919);
            let mut rows = Matrix::new(n, 24, (0..n as u64 * 24).map(at).collect()).unwrap();
            rows.normalize_rows();
            let exact = nearest_in_f64(&rows, k, &Silent);
            prop_assert_eq!(nearest_in_blocks(&rows, k, 16, &Silent), exact);
        }
    }

    #[test]
    fn a_thousand_near_copies_are_kept_within_bounds() {
        let number = |i: usize| 1.0 + 1e-6 * ((i * 31 % 97) as f32);
        let rows = Matrix::new(500, 4, (0..2000).map(number).collect()).unwrap();
        let exact = nearest_in_f64(&rows, 3, &Silent);
        assert_eq!(nearest_in_blocks(&rows, 3, 64, &Silent), exact);
    }
}
