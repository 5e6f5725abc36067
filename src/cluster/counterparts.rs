//! What each language adds to vectors, told from postings that have a counterpart in another.
//!
//! Two rows of different languages are counterparts when each is the other's nearest row of
//! another language and they are nearly as alike as rows of one language. The mean difference of
//! counterparts is the language's own share: a trade that is posted in one language only has none,
//! and so keeps what tells it from others. (The mean of all rows of a language, the usual way,
//! holds its trades too. Single-cell data of different laboratories are joined like this:
//! L. Haghverdi et al., "Batch effects ... matching mutual nearest neighbors", Nature
//! Biotechnology 36 (2018).)

use super::gram::Gram;
use crate::geometry::Matrix;

/// Counterparts are at least this share as alike as the nearest rows of one language.
const LIKENESS: f64 = 0.8;

/// Few counterparts say little: the mean is taken as if there were so many more without a
/// difference.
const PRIOR_PAIRS: f64 = 2.0;

/// Counterparts are looked for again after a first offset is taken out.
const ROUNDS: usize = 2;

/// An offset per language (`n_languages x d`) of rows whose mean is zero; `language` holds one of
/// `0..n_languages` per row. `O(n^2 d)`.
pub(super) fn offsets(centred: &Matrix, language: &[usize], n_languages: usize) -> Matrix {
    let mut offsets = Matrix::zeros(n_languages, centred.cols());
    for _ in 0..ROUNDS {
        let likeness = likeness(centred, language, &offsets);
        let mut next = Matrix::zeros(n_languages, centred.cols());
        for of in 0..n_languages {
            let pairs = counterparts(&likeness, language, of);
            let others = language.iter().filter(|&&other| other != of).count();
            let share = others as f64 / language.len() as f64 / (pairs.len() as f64 + PRIOR_PAIRS);
            for (at, to) in next.row_mut(of).iter_mut().enumerate() {
                let difference = |&(a, b): &(usize, usize)| {
                    f64::from(centred.row(a)[at]) - f64::from(centred.row(b)[at])
                };
                *to = (pairs.iter().map(difference).sum::<f64>() * share) as f32;
            }
        }
        offsets = next;
    }
    offsets
}

/// Cosines of all rows, less the offset of their language.
fn likeness(centred: &Matrix, language: &[usize], offsets: &Matrix) -> Gram {
    let mut rows = centred.clone();
    for (row, &of) in language.iter().enumerate() {
        rows.row_mut(row).iter_mut().zip(offsets.row(of)).for_each(|(x, offset)| *x -= offset);
    }
    rows.normalize_rows();
    Gram::of(&rows)
}

/// Rows of a language with their counterparts of other languages.
fn counterparts(likeness: &Gram, language: &[usize], of: usize) -> Vec<(usize, usize)> {
    let (own, others): (Vec<usize>, Vec<usize>) =
        (0..language.len()).partition(|&row| language[row] == of);
    let mut pairs = Vec::new();
    for &row in &own {
        let siblings = own.iter().copied().filter(|&other| other != row);
        let Some((_, alike)) = nearest(likeness, row, siblings) else { continue };
        let Some((other, cosine)) = nearest(likeness, row, others.iter().copied()) else {
            continue;
        };
        let back = nearest(likeness, other, own.iter().copied());
        if cosine >= LIKENESS * alike && back.is_some_and(|(back, _)| back == row) {
            pairs.push((row, other));
        }
    }
    pairs
}

/// The nearest of `others`, the first on a tie, and its cosine.
fn nearest(
    likeness: &Gram,
    row: usize,
    others: impl Iterator<Item = usize>,
) -> Option<(usize, f64)> {
    let line = likeness.row(row);
    let cosines = others.map(|other| (other, f64::from(line[other])));
    cosines.reduce(|a, b| if b.1 > a.1 { b } else { a })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::tests::directions;

    fn centred(rows: &Matrix) -> Matrix {
        let mut rows = rows.clone();
        for at in 0..rows.cols() {
            let mean =
                (0..rows.rows()).map(|row| rows.row(row)[at]).sum::<f32>() / rows.rows() as f32;
            (0..rows.rows()).for_each(|row| rows.row_mut(row)[at] -= mean);
        }
        rows
    }

    #[test]
    fn trades_in_two_languages_show_what_the_language_adds() {
        // Twenty trades, each in two languages that differ in the last number.
        let mut rows = directions(20, 2, 16, 0.1, 3);
        for row in 0..40 {
            rows.row_mut(row)[15] += if row < 20 { 0.3 } else { -0.3 };
        }
        let language: Vec<usize> = (0..40).map(|row| row / 20).collect();
        let found = offsets(&centred(&rows), &language, 2);
        assert!((found.row(0)[15] - 0.3).abs() < 0.06, "{:?}", found.row(0));
        assert!((found.row(1)[15] + 0.3).abs() < 0.06, "{:?}", found.row(1));
        assert!(found.row(0)[..15].iter().all(|x| x.abs() < 0.03), "{:?}", found.row(0));
    }

    #[test]
    fn a_trade_in_one_language_keeps_what_it_is() {
        let rows = directions(3, 8, 16, 0.3, 3);
        let language: Vec<usize> = (0..24).map(|row| usize::from(row % 3 == 0)).collect();
        let found = offsets(&centred(&rows), &language, 2);
        assert!(found.as_slice().iter().all(|&x| x == 0.0), "{found:?}");
        assert_eq!(offsets(&centred(&rows), &[0; 24], 1), Matrix::zeros(1, 16));
    }
}
