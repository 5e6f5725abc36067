//! The algorithm of `attention.cu` in plain Rust, tile by tile: what tests can run anywhere.
//!
//! Online softmax: Milakov & Gimelshein 2018 (arXiv:1805.02867); tiling: Dao et al. 2022
//! (arXiv:2205.14135).

/// How many queries a block computes, and how many keys it looks at in one step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    pub(super) queries: usize,
    pub(super) keys: usize,
}

/// For 16-bit floats. Equal to `QUERIES` and `KEYS` of the kernel; a test compares them.
pub(super) const HALVES: Tile = Tile { queries: 64, keys: 64 };
/// For `f32`: `QUERIES_F32` and `KEYS_F32`.
pub(super) const FLOATS: Tile = Tile { queries: 16, keys: 32 };

/// Turns scores into exponents of 2: `log2(e) / sqrt(size)`.
pub(super) fn factor(size: usize) -> f32 {
    (std::f64::consts::LOG2_E / (size as f64).sqrt()) as f32
}

/// `joined` is `n x 3 width`, `starts` has one number more than there are sequences; the
/// result is `n x width`. `round` is what the kernel does to a share before it multiplies
/// values with it.
pub(super) fn attend(
    joined: &[f32],
    starts: &[u32],
    n_heads: usize,
    width: usize,
    tile: Tile,
    round: impl Fn(f32) -> f32,
) -> Vec<f32> {
    let size = width / n_heads;
    let mut out = vec![0.0; joined.len() / 3];
    for bounds in starts.windows(2) {
        let (first, length) = (bounds[0] as usize, (bounds[1] - bounds[0]) as usize);
        for head in 0..n_heads {
            let part = |token: usize, which: usize| {
                let start = (first + token) * 3 * width + which * width + head * size;
                &joined[start..start + size]
            };
            for top in (0..length).step_by(tile.queries) {
                for query in top..length.min(top + tile.queries) {
                    let mut row = Row::new(size);
                    for left in (0..length).step_by(tile.keys) {
                        let keys = left..length.min(left + tile.keys);
                        row.see(part(query, 0), keys, &part, &round);
                    }
                    let start = (first + query) * width + head * size;
                    row.finish(&mut out[start..start + size]);
                }
            }
        }
    }
    out
}

/// What is kept for one query from tile to tile.
struct Row {
    largest: f32,
    total: f32,
    sums: Vec<f32>,
}

impl Row {
    fn new(size: usize) -> Self {
        Row { largest: f32::NEG_INFINITY, total: 0.0, sums: vec![0.0; size] }
    }

    fn see<'a>(
        &mut self,
        query: &[f32],
        keys: std::ops::Range<usize>,
        part: &impl Fn(usize, usize) -> &'a [f32],
        round: &impl Fn(f32) -> f32,
    ) {
        let factor = factor(query.len());
        let score = |key: usize| {
            let products = query.iter().zip(part(key, 1)).map(|(q, k)| q * k);
            products.sum::<f32>() * factor
        };
        let scores: Vec<f32> = keys.clone().map(score).collect();
        let largest = scores.iter().fold(self.largest, |high, &score| high.max(score));
        let kept = (self.largest - largest).exp2();
        self.largest = largest;
        self.total *= kept;
        self.sums.iter_mut().for_each(|sum| *sum *= kept);
        for (key, score) in keys.zip(scores) {
            let share = (score - largest).exp2();
            self.total += share;
            let share = round(share);
            self.sums.iter_mut().zip(part(key, 2)).for_each(|(sum, v)| *sum += share * v);
        }
    }

    fn finish(self, out: &mut [f32]) {
        out.iter_mut().zip(self.sums).for_each(|(out, sum)| *out = sum / self.total);
    }
}
