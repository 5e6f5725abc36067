//! Roles that share a query's words, by BM25.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::text;

/// How soon a repeated word stops counting (Robertson & Zaragoza 2009, the usual value).
const K1: f32 = 1.2;
/// How much a long text is held against itself.
const B: f32 = 0.75;

/// An inverted index over texts, scored by Okapi BM25 (Robertson & Zaragoza 2009, "The
/// Probabilistic Relevance Framework: BM25 and Beyond") with the idf that is never negative,
/// `ln(1 + (N - n + 0.5) / (n + 0.5))`.
///
/// Words are [`text::terms`] without stop words, so a query in one language finds only
/// texts that use its words; crossing languages is what vectors are for.
#[derive(Debug, Clone, Default)]
pub struct LexicalIndex {
    /// Term -> the texts that have it, ascending, and its weight there without the idf.
    postings: HashMap<String, Vec<(u32, f32)>>,
    n_texts: usize,
}

impl LexicalIndex {
    /// Indexes `texts`; a text's number is its place in the list.
    pub fn build(texts: &[&str]) -> Self {
        let n_texts = texts.len();
        // Cutting is the work; counting keeps the order of the texts.
        let terms: Vec<Vec<String>> =
            texts.par_iter().map(|text| searchable(text).collect()).collect();
        let mut lengths = Vec::with_capacity(n_texts);
        let mut postings: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        for (number, terms) in terms.into_iter().enumerate() {
            let mut counts: HashMap<String, f32> = HashMap::new();
            lengths.push(terms.len() as f32);
            for term in terms {
                *counts.entry(term).or_default() += 1.0;
            }
            for (term, count) in counts {
                postings.entry(term).or_default().push((number as u32, count));
            }
        }
        let total: f64 = lengths.iter().map(|&l| f64::from(l)).sum();
        let mean = (total / n_texts.max(1) as f64).max(1.0) as f32;
        for (number, weight) in postings.values_mut().flatten() {
            let length = lengths[*number as usize];
            *weight = *weight * (K1 + 1.0) / (*weight + K1 * (1.0 - B + B * length / mean));
        }
        LexicalIndex { postings, n_texts }
    }

    /// One score per text, 0 where no word is shared. A word said twice in the query
    /// counts once.
    pub fn scores(&self, query: &str) -> Vec<f32> {
        let mut scores = vec![0.0f32; self.n_texts];
        let mut terms: Vec<String> = searchable(query).collect();
        // Sorted, so that sums are the same whatever order the query's words stand in.
        terms.sort_unstable();
        terms.dedup();
        for term in &terms {
            let Some(found) = self.postings.get(term) else { continue };
            let idf = self.idf(found.len());
            for &(number, weight) in found {
                scores[number as usize] += idf * weight;
            }
        }
        scores
    }

    fn idf(&self, n_with_term: usize) -> f32 {
        let (all, with) = (self.n_texts as f64, n_with_term as f64);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln() as f32
    }
}

fn searchable(text: &str) -> impl Iterator<Item = String> {
    text::terms(text).into_iter().filter(|term| !text::is_stopword(term))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(texts: &[&str]) -> LexicalIndex {
        LexicalIndex::build(texts)
    }

    #[test]
    fn equals_the_formula_worked_by_hand() {
        let found = index(&["kafka kafka redis", "redis"]).scores("kafka");
        // N = 2, n = 1, tf = 2, length 3, mean length 2.
        let idf = (1.0f32 + 1.5 / 1.5).ln();
        let expected = idf * 2.0 * 2.2 / (2.0 + 1.2 * (0.25 + 0.75 * 1.5));
        assert!((found[0] - expected).abs() < 1e-6, "{found:?}");
        assert_eq!(found[1], 0.0);
    }

    #[test]
    fn names_of_the_trade_are_found_in_any_script_and_width() {
        let index = index(&["负责Ｋ８Ｓ调度，熟悉Volcano", "前端开发 C++", "安卓开发 C#"]);
        for query in ["K8s Volcano", "k8s调度", "VOLCANO"] {
            let scores = index.scores(query);
            assert!(scores[0] > 0.0 && scores[1] == 0.0 && scores[2] == 0.0, "{query}: {scores:?}");
        }
        let scores = index.scores("C++");
        assert!(scores[1] > 0.0 && scores[2] == 0.0);
    }

    #[test]
    fn word_order_repeats_and_emptiness_change_nothing() {
        let index = index(&["a redis kafka", "kafka flink", ""]);
        assert_eq!(index.scores("redis kafka"), index.scores("kafka redis kafka"));
        assert_eq!(index.scores("…"), [0.0; 3]);
        assert!(LexicalIndex::build(&[]).scores("x").is_empty());
    }
}
