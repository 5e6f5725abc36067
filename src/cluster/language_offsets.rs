//! Takes out of the vectors what they say of the language a posting is written in.
//!
//! A multilingual model puts a text where its meaning is and a little towards the texts of its
//! language. In a corpus of several languages that little is the same in all postings of a
//! language, so it makes groups of languages where groups of trades are wanted. Subtracted are
//! therefore the mean of all vectors, which tells none from another (J. Mu and P. Viswanath,
//! "All-but-the-top", ICLR 2018), and what each language adds to it ([`counterparts`]); the rest is
//! scaled to unit length.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::counterparts;
use super::row_keys::{draw, row_keys};
use crate::geometry::{Matrix, canonical_order, first_occurrences_of};
use crate::text::{self, DetectedLanguage};

/// Counterparts are looked for among so many rows; of more a sample.
const MOST_ROWS: usize = 2048;

/// The draw of that sample.
const ROUND: u64 = 1 << 33;

/// What is subtracted from the vectors of postings, by their language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LanguageOffsets {
    /// The mean of all rows; subtracted where the language is not known or not among these.
    all: Vec<f32>,
    /// That mean and what the language adds to it, by ISO 639-1 code, with the number of rows.
    languages: BTreeMap<String, (usize, Vec<f32>)>,
}

impl LanguageOffsets {
    /// Those of the rows of `vectors` (`n x d`), which stand for these texts.
    ///
    /// # Panics
    /// If there is not one text per row.
    pub fn of(vectors: &Matrix, texts: &[&str]) -> LanguageOffsets {
        LanguageOffsets::of_told(vectors, &languages(texts))
    }

    /// The same, and the rows without them ([`LanguageOffsets::remove`]): languages are told once.
    ///
    /// # Panics
    /// If there is not one text per row.
    pub fn taken_out(vectors: Matrix, texts: &[&str]) -> (LanguageOffsets, Matrix) {
        let told = languages(texts);
        let offsets = LanguageOffsets::of_told(&vectors, &told);
        let rows = offsets.remove_told(vectors, &told);
        (offsets, rows)
    }

    fn of_told(vectors: &Matrix, told: &[DetectedLanguage]) -> LanguageOffsets {
        assert_eq!(vectors.rows(), told.len(), "one text per row");
        let order = canonical_order(vectors);
        let all = mean(vectors, &order);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for language in told.iter().filter(|language| is_one(**language)) {
            *counts.entry(language.code()).or_default() += 1;
        }
        let codes: Vec<&str> = counts.keys().copied().collect();
        let offsets = match codes.len() {
            // A language alone adds to the mean of all and to nothing else.
            0 | 1 => Matrix::zeros(codes.len(), vectors.cols()),
            _ => {
                let number = |at: usize| codes.binary_search(&told[order[at]].code()).ok();
                offsets((vectors, &order), &all, number, codes.len())
            }
        };
        let of_language = |(at, (&code, &count)): (usize, (&&str, &usize))| {
            let sum = all.iter().zip(offsets.row(at)).map(|(mean, offset)| mean + offset);
            (code.to_string(), (count, sum.collect()))
        };
        LanguageOffsets { languages: counts.iter().enumerate().map(of_language).collect(), all }
    }

    /// The rows of `vectors` (`n x d`) less what is subtracted for the language of their texts, at
    /// unit length; a row that is that becomes zero.
    ///
    /// # Panics
    /// If there is not one text per row, or a row is not as long as the means.
    pub fn remove(&self, vectors: &Matrix, texts: &[&str]) -> Matrix {
        self.remove_told(vectors.clone(), &languages(texts))
    }

    fn remove_told(&self, mut rows: Matrix, told: &[DetectedLanguage]) -> Matrix {
        assert_eq!(rows.rows(), told.len(), "one text per row");
        assert_eq!(rows.cols(), self.all.len(), "rows are as long as the means");
        for (row, language) in told.iter().enumerate() {
            let mean = self.languages.get(language.code()).map_or(&self.all, |(_, mean)| mean);
            rows.row_mut(row).iter_mut().zip(mean).for_each(|(x, m)| *x -= m);
        }
        rows.normalize_rows();
        rows
    }

    /// Number of rows by ISO 639-1 code, for the languages that were told.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        self.languages.iter().map(|(code, (count, _))| (code.as_str(), *count)).collect()
    }
}

/// What each of `n` languages adds to the mean of the rows, which come in canonical order; `number`
/// says which one the row at a place of the order is in.
fn offsets(
    (vectors, order): (&Matrix, &[usize]),
    mean: &[f32],
    number: impl Fn(usize) -> Option<usize>,
    n: usize,
) -> Matrix {
    let row = |at: usize| vectors.row(order[at]);
    let first = first_occurrences_of(order.len(), row);
    let distinct: Vec<usize> = first.into_iter().filter(|&at| number(at).is_some()).collect();
    let drawn = draw(&row_keys(distinct.iter().map(|&at| row(at))), ROUND, MOST_ROWS);
    let chosen: Vec<usize> = drawn.iter().map(|&at| order[distinct[at]]).collect();
    let mut centred = vectors.select(&chosen);
    for row in 0..centred.rows() {
        centred.row_mut(row).iter_mut().zip(mean).for_each(|(x, mean)| *x -= mean);
    }
    let numbers: Vec<usize> = drawn.iter().filter_map(|&at| number(distinct[at])).collect();
    counterparts::offsets(&centred, &numbers, n)
}

fn languages(texts: &[&str]) -> Vec<DetectedLanguage> {
    texts.par_iter().map(|text| text::language(text)).collect()
}

/// Whether it is a language, and not several or none that is known.
fn is_one(language: DetectedLanguage) -> bool {
    !matches!(language, DetectedLanguage::Mixed | DetectedLanguage::Unknown)
}

/// The mean row, summed in this order.
fn mean(rows: &Matrix, order: &[usize]) -> Vec<f32> {
    let mut sums = vec![0.0f64; rows.cols()];
    for &row in order {
        sums.iter_mut().zip(rows.row(row)).for_each(|(sum, &x)| *sum += f64::from(x));
    }
    sums.iter().map(|sum| (sum / rows.rows().max(1) as f64) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::tests::directions;
    use crate::geometry::squared_distance;

    const GERMAN: &str = "Sie pflegen die Rosen und den Rasen im Garten der Stadt.";
    const ENGLISH: &str = "You keep the roses and the lawn in the garden of the city.";

    #[test]
    fn what_a_language_adds_is_taken_out() {
        // Thirty trades in two languages, which differ in the last number.
        let mut vectors = directions(30, 2, 16, 0.1, 3);
        for row in 0..60 {
            vectors.row_mut(row)[15] += if row < 30 { 0.4 } else { -0.4 };
        }
        let texts = [[GERMAN; 30], [ENGLISH; 30]].concat();
        let offsets = LanguageOffsets::of(&vectors, &texts);
        assert_eq!(offsets.counts(), BTreeMap::from([("de", 30), ("en", 30)]));
        let found = offsets.remove(&vectors, &texts);
        for trade in 0..30 {
            let apart = squared_distance(found.row(trade), found.row(trade + 30));
            assert!(apart < 0.1, "{trade}: {apart}");
        }
        let json = serde_json::to_string(&offsets).unwrap();
        assert_eq!(serde_json::from_str::<LanguageOffsets>(&json).unwrap(), offsets);
    }

    #[test]
    fn a_trade_in_one_language_stays_a_group() {
        let vectors = directions(3, 8, 16, 0.3, 3);
        let texts: Vec<&str> = (0..24).map(|row| [GERMAN, ENGLISH, ENGLISH][row % 3]).collect();
        let found = LanguageOffsets::of(&vectors, &texts).remove(&vectors, &texts);
        for row in 3..24 {
            assert!(squared_distance(found.row(row), found.row(row % 3)) < 0.5, "{row}");
        }
    }

    #[test]
    fn the_order_of_the_rows_changes_no_bit() {
        let numbers = (0..60).map(|i| (i as f32 * 1.7).sin()).collect();
        let vectors = Matrix::new(20, 3, numbers).unwrap();
        let texts: Vec<&str> = (0..20).map(|i| [GERMAN, ENGLISH, "2024"][i % 3]).collect();
        let order: Vec<usize> = (0..20).map(|i| (i * 7 + 3) % 20).collect();
        let shuffled: Vec<&str> = order.iter().map(|&row| texts[row]).collect();
        let offsets = LanguageOffsets::of(&vectors, &texts);
        assert_eq!(LanguageOffsets::of(&vectors.select(&order), &shuffled), offsets);
        assert_eq!(offsets.counts().values().sum::<usize>(), 14);
    }
}
