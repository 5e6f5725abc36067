//! One tile of the minimum spanning tree search: the pairs of two blocks of rows that may be
//! lighter than the heaviest tree edge between them.

use super::norms::larger;

/// Columns looked at together.
const LANES: usize = 16;

/// The rows of a block that matter to a tile.
#[derive(Default, Clone)]
pub(super) struct Side {
    pub rows: Vec<u32>,
    /// Their squared norms, less half of what a squared distance from products may be
    /// wrong by: distances come out no larger than they are.
    pub reduced: Vec<f32>,
    /// Their squared core distances, rounded down.
    pub core: Vec<f32>,
    /// Heaviest edge on the way, rounded up: between two blocks from the row to the first
    /// place of the block farther on, within one block from the kept row before.
    pub bounds: Vec<f32>,
}

impl Side {
    pub fn clear(&mut self) {
        self.rows.clear();
        self.reduced.clear();
        self.core.clear();
        self.bounds.clear();
    }

    /// Takes the reduced squared norms that go with the products of the tile.
    pub fn reduce(&mut self, reduced: impl Fn(usize) -> f32) {
        self.reduced.clear();
        self.reduced.extend(self.rows.iter().map(|&row| reduced(row as usize)));
    }
}

/// A pair of a tile that may be lighter than the heaviest edge on the way.
pub(super) struct Hit {
    pub at: u32,
    pub column: u32,
    pub bound: f32,
}

/// Which pairs of a tile count.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pairs {
    /// Those of two blocks: all.
    Between,
    /// Those of one block, which is on both sides: each once.
    Within,
}

/// The products of the rows down with the rows across.
pub(super) struct Tile<'a> {
    pub products: &'a [f32],
    pub down: &'a Side,
    pub across: &'a Side,
}

impl Tile<'_> {
    /// Adds the pairs that may be lighter than what joins them.
    #[inline(always)]
    pub fn lighter(&self, pairs: Pairs, hits: &mut Vec<Hit>) {
        let width = self.across.rows.len().max(1);
        for (at, line) in self.products.chunks_exact(width).enumerate() {
            let own = Own::new(self.down, at);
            match pairs {
                Pairs::Between => own.lighter(at, line, self.across, hits),
                Pairs::Within => own.lighter_after(at, line, self.across, hits),
            }
        }
    }
}

/// A row against all columns of a tile.
struct Own {
    reduced: f32,
    core: f32,
    bound: f32,
}

impl Own {
    fn new(side: &Side, at: usize) -> Self {
        Own { reduced: side.reduced[at], core: side.core[at], bound: side.bounds[at] }
    }

    /// No more than the mutual reachability.
    #[inline(always)]
    fn reach(&self, product: f32, reduced: f32, core: f32) -> f32 {
        larger(larger(self.reduced + reduced - 2.0 * product, self.core), core)
    }

    /// Adds every column that may be nearer than the heaviest edge on the way.
    #[inline(always)]
    fn lighter(&self, at: usize, products: &[f32], side: &Side, hits: &mut Vec<Hit>) {
        let (blocks, rest) = products.as_chunks::<LANES>();
        let reduced = side.reduced.as_chunks::<LANES>().0;
        let core = side.core.as_chunks::<LANES>().0;
        let bounds = side.bounds.as_chunks::<LANES>().0;
        for (block, (((p, s), c), b)) in
            blocks.iter().zip(reduced).zip(core).zip(bounds).enumerate()
        {
            let is_lighter =
                |lane: usize| self.reach(p[lane], s[lane], c[lane]) < larger(self.bound, b[lane]);
            let mut any = false;
            for lane in 0..LANES {
                any |= is_lighter(lane);
            }
            if any {
                for lane in (0..LANES).filter(|&lane| is_lighter(lane)) {
                    let column = (block * LANES + lane) as u32;
                    hits.push(Hit { at: at as u32, column, bound: larger(self.bound, b[lane]) });
                }
            }
        }
        let done = blocks.len() * LANES;
        for (column, &product) in (done..).zip(rest) {
            let reach = self.reach(product, side.reduced[column], side.core[column]);
            let bound = larger(self.bound, side.bounds[column]);
            if reach < bound {
                hits.push(Hit { at: at as u32, column: column as u32, bound });
            }
        }
    }

    /// The same for the columns of its own block that come after it.
    fn lighter_after(&self, at: usize, products: &[f32], side: &Side, hits: &mut Vec<Hit>) {
        let mut bound = 0.0f32;
        for column in at + 1..products.len() {
            bound = larger(bound, side.bounds[column]);
            if self.reach(products[column], side.reduced[column], side.core[column]) < bound {
                hits.push(Hit { at: at as u32, column: column as u32, bound });
            }
        }
    }
}
