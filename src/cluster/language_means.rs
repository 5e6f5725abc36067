//! Takes out of the vectors what they say of the language a posting is written in.
//!
//! A multilingual model puts a text where its meaning is and a little towards the texts of its
//! language. In a corpus of several languages that little is the same in all postings of a
//! language, so it makes groups of languages where groups of trades are wanted. The mean of each
//! language's vectors is therefore subtracted and the rest scaled to unit length (compare S. Yang
//! et al., "A simple and effective method to eliminate the self language bias in multilingual
//! representations", EMNLP 2021). In a corpus of one language the same step takes out what all its
//! postings have in common, which tells none from another (J. Mu and P. Viswanath,
//! "All-but-the-top", ICLR 2018).
//!
//! A trade that is posted in one language only loses part of what tells it from others. The mean
//! of a language with few postings is drawn towards that of all, as if [`PRIOR_ROLES`] more of its
//! postings were average ones.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::geometry::{Matrix, canonical_order};
use crate::text::{self, DetectedLanguage};

const PRIOR_ROLES: f64 = 2.0;

/// The mean vector of the postings of each language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LanguageMeans {
    /// Of all rows; subtracted where the language is not known or not among these.
    all: Vec<f32>,
    /// By ISO 639-1 code, with the number of rows.
    languages: BTreeMap<String, (usize, Vec<f32>)>,
}

impl LanguageMeans {
    /// The means of the rows of `vectors` (`n x d`), which stand for these texts.
    ///
    /// # Panics
    /// If there is not one text per row.
    pub fn of(vectors: &Matrix, texts: &[&str]) -> LanguageMeans {
        assert_eq!(vectors.rows(), texts.len(), "one text per row");
        let languages = languages(texts);
        let order = canonical_order(vectors);
        let all = mean(vectors, order.iter().copied(), &vec![0.0; vectors.cols()], 0.0);
        let mut found: BTreeMap<DetectedLanguage, Vec<usize>> = BTreeMap::new();
        for &row in &order {
            found.entry(languages[row]).or_default().push(row);
        }
        found.retain(|language, _| is_one(*language));
        let of_language = |(language, rows): (DetectedLanguage, Vec<usize>)| {
            let mean = mean(vectors, rows.iter().copied(), &all, PRIOR_ROLES);
            (language.code().to_string(), (rows.len(), mean))
        };
        LanguageMeans { languages: found.into_iter().map(of_language).collect(), all }
    }

    /// The rows of `vectors` (`n x d`) less the mean of the language of their texts, at unit
    /// length; a row that is its mean becomes zero.
    ///
    /// # Panics
    /// If there is not one text per row, or a row is not as long as the means.
    pub fn remove(&self, vectors: &Matrix, texts: &[&str]) -> Matrix {
        assert_eq!(vectors.rows(), texts.len(), "one text per row");
        assert_eq!(vectors.cols(), self.all.len(), "rows are as long as the means");
        let mut rows = vectors.clone();
        for (row, language) in languages(texts).into_iter().enumerate() {
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

fn languages(texts: &[&str]) -> Vec<DetectedLanguage> {
    texts.par_iter().map(|text| text::language(text)).collect()
}

/// Whether it is a language, and not several or none that is known.
fn is_one(language: DetectedLanguage) -> bool {
    !matches!(language, DetectedLanguage::Mixed | DetectedLanguage::Unknown)
}

/// The mean of the rows and of `prior_rows` more at `prior`.
fn mean(
    vectors: &Matrix,
    rows: impl Iterator<Item = usize>,
    prior: &[f32],
    prior_rows: f64,
) -> Vec<f32> {
    let mut sums: Vec<f64> = prior.iter().map(|&x| f64::from(x) * prior_rows).collect();
    let mut count = prior_rows;
    for row in rows {
        sums.iter_mut().zip(vectors.row(row)).for_each(|(sum, &x)| *sum += f64::from(x));
        count += 1.0;
    }
    sums.iter().map(|sum| (sum / count.max(1.0)) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str = "Sie pflegen die Rosen und den Rasen im Garten der Stadt.";
    const ENGLISH: &str = "You keep the roses and the lawn in the garden of the city.";

    #[test]
    fn what_a_language_adds_is_taken_out() {
        // The first two numbers say the trade, the third the language.
        let rows = [[1.0, 0.0, 2.0], [0.0, 1.0, 2.0], [1.0, 0.0, -2.0], [0.0, 1.0, -2.0]];
        let mut vectors = Matrix::new(200, 3, rows.concat().repeat(50)).unwrap();
        vectors.normalize_rows();
        let texts = [GERMAN, GERMAN, ENGLISH, ENGLISH].repeat(50);
        let means = LanguageMeans::of(&vectors, &texts);
        assert_eq!(means.counts(), BTreeMap::from([("de", 100), ("en", 100)]));
        let found = means.remove(&vectors, &texts);
        for (a, b) in found.row(0).iter().zip(found.row(2)) {
            assert!((a - b).abs() < 0.3, "{found:?}");
        }
        assert!(found.row(0)[0] > 0.6 && found.row(1)[0] < -0.6, "{found:?}");
        let json = serde_json::to_string(&means).unwrap();
        assert_eq!(serde_json::from_str::<LanguageMeans>(&json).unwrap(), means);
    }

    #[test]
    fn the_order_of_the_rows_changes_no_bit() {
        let numbers = (0..60).map(|i| (i as f32 * 1.7).sin()).collect();
        let vectors = Matrix::new(20, 3, numbers).unwrap();
        let texts: Vec<&str> = (0..20).map(|i| [GERMAN, ENGLISH, "2024"][i % 3]).collect();
        let order: Vec<usize> = (0..20).map(|i| (i * 7 + 3) % 20).collect();
        let shuffled: Vec<&str> = order.iter().map(|&row| texts[row]).collect();
        let means = LanguageMeans::of(&vectors, &texts);
        assert_eq!(LanguageMeans::of(&vectors.select(&order), &shuffled), means);
        assert_eq!(means.counts().values().sum::<usize>(), 14);
    }
}
