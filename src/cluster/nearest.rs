//! Nearest centroid of each row: from `f32` products, decided in `f64` where those are too close.

use rayon::prelude::*;

use crate::geometry::{Matrix, TwoLowest, products, squared_distance, squared_length};

/// Rows per block of products: block and centroids stay in the second-level cache.
pub(super) const ROWS_PER_BLOCK: usize = 256;

/// The two nearest centroids of a row. Distances are exact, so that a row gets the same
/// answer alone and in any batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Nearest {
    /// The nearest; on a tie the lowest.
    pub(super) first: usize,
    /// Squared distance to it.
    pub(super) squared: f64,
    /// The next nearest and its squared distance; `None` when there is one centroid.
    pub(super) second: Option<(usize, f64)>,
}

impl Nearest {
    /// The simplified silhouette `1 - a / b` of distances to own and next centroid, in
    /// `[0, 1]`: 1 on the centroid, 0 half-way between two. 1 when there is one centroid.
    /// E. R. Hruschka et al., "Evolutionary algorithms for clustering gene-expression
    /// data", ICDM 2004.
    pub(super) fn margin(&self) -> f32 {
        match self.second {
            None => 1.0,
            Some((_, 0.0)) => 0.0,
            Some((_, squared)) => (1.0 - (self.squared / squared).sqrt()) as f32,
        }
    }
}

/// Centroids with what comparing against them needs.
#[derive(Debug, Clone)]
pub(super) struct Centroids<'a> {
    rows: &'a Matrix,
    half_squares: Vec<f32>,
    longest: f32,
}

impl<'a> Centroids<'a> {
    pub(super) fn new(rows: &'a Matrix) -> Self {
        let squares: Vec<f64> = rows.iter_rows().map(squared_length).collect();
        let longest = squares.iter().fold(0.0f64, |a, &b| a.max(b)).sqrt() as f32;
        let half_squares = squares.iter().map(|s| (s / 2.0) as f32).collect();
        Centroids { rows, half_squares, longest }
    }

    /// Half the squared length of each.
    pub(super) fn half_squares(&self) -> &[f32] {
        &self.half_squares
    }

    /// `out[i * k + j]` is half the squared distance of row `i` to centroid `j`, less half
    /// the squared length of row `i`; off by at most [`Centroids::slack`].
    pub(super) fn scores(&self, rows: &[f32], out: &mut [f32]) {
        products(rows, self.rows.as_slice(), self.rows.cols(), out);
        for scores in out.chunks_exact_mut(self.half_squares.len().max(1)) {
            scores.iter_mut().zip(&self.half_squares).for_each(|(s, half)| *s = half - *s);
        }
    }

    /// Bound on the rounding error of a score of a row of this length: that of a product
    /// of `d` terms (Higham, "Accuracy and Stability of Numerical Algorithms", 3.1), and of
    /// the two roundings after it.
    pub(super) fn slack(&self, length: f32) -> f32 {
        let unit = f32::EPSILON / 2.0;
        (self.rows.cols() + 8) as f32 * unit * self.longest * (length + self.longest)
    }

    /// The two nearest centroids of every row.
    pub(super) fn two_nearest(&self, rows: &Matrix) -> Vec<Nearest> {
        let (k, d) = (self.rows.rows(), rows.cols());
        if d == 0 || k == 0 {
            return vec![Nearest { first: 0, squared: 0.0, second: None }; rows.rows()];
        }
        let block = |block: &[f32]| {
            let mut scores = vec![0.0; block.len() / d * k];
            self.scores(block, &mut scores);
            let of_row = |(row, scores)| self.resolve(row, scores);
            block.chunks_exact(d).zip(scores.chunks_exact(k)).map(of_row).collect::<Vec<_>>()
        };
        rows.as_slice().par_chunks(ROWS_PER_BLOCK * d).flat_map_iter(block).collect()
    }

    /// Decides in `f64` among the centroids whose scores could be among the two lowest.
    pub(super) fn resolve(&self, row: &[f32], scores: &[f32]) -> Nearest {
        let TwoLowest { least, second, .. } = TwoLowest::of(scores);
        let reach = if second.is_finite() { second } else { least };
        let limit = reach + 2.0 * self.slack(squared_length(row).sqrt() as f32);
        let mut found = Nearest { first: usize::MAX, squared: f64::INFINITY, second: None };
        for (centroid, _) in scores.iter().enumerate().filter(|&(_, &score)| score <= limit) {
            let squared = squared_distance(row, self.rows.row(centroid));
            if squared < found.squared {
                found.second = (found.first != usize::MAX).then_some((found.first, found.squared));
                found.first = centroid;
                found.squared = squared;
            } else if found.second.is_none_or(|(_, other)| squared < other) {
                found.second = Some((centroid, squared));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrix(n: usize, d: usize, seed: f32) -> Matrix {
        let number = |i: usize| ((i as f32 + 1.0) * seed).sin();
        Matrix::new(n, d, (0..n * d).map(number).collect()).unwrap()
    }

    proptest! {
        #[test]
        fn equals_looking_at_every_centroid(n in 1usize..300, k in 1usize..9, d in 1usize..20, seed in 0.1f32..9.0) {
            let (rows, centroids) = (matrix(n, d, seed), matrix(k, d, seed + 0.3));
            let found = Centroids::new(&centroids).two_nearest(&rows);
            for (row, nearest) in rows.iter_rows().zip(found) {
                let mut all: Vec<(f64, usize)> =
                    centroids.iter_rows().map(|c| squared_distance(row, c)).zip(0..).collect();
                all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                prop_assert_eq!((nearest.squared, nearest.first), all[0]);
                prop_assert_eq!(nearest.second, all.get(1).map(|&(squared, c)| (c, squared)));
            }
        }
    }

    #[test]
    fn ties_go_to_the_lowest_and_have_no_margin() {
        let centroids = Matrix::new(3, 1, vec![1.0, -1.0, 1.0]).unwrap();
        let nearest = Centroids::new(&centroids)
            .two_nearest(&Matrix::new(3, 1, vec![0.0, 1.0, -1.0]).unwrap());
        assert_eq!(nearest.iter().map(|n| n.first).collect::<Vec<_>>(), [0, 0, 1]);
        let margins: Vec<f32> = nearest.iter().map(Nearest::margin).collect();
        assert_eq!(margins, [0.0, 0.0, 1.0]);
    }
}
