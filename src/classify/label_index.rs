//! How much the letters of a title have in common with the labels of each occupation, in any
//! language: the cosine of their n-grams of characters, weighted by how rare they are (TF-IDF).
//!
//! A label is a document, its n-grams of 2 to 4 characters are the terms, words have a space on
//! either side. The weight of a term is its count in the label times `ln((1 + n) / (1 + df)) + 1`
//! over `n` labels of which `df` have it. An occupation is as near as the nearest of its labels.

use std::collections::{BTreeMap, HashMap};

use crate::text::normalize;

/// Lengths of the n-grams in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
const LONGEST: usize = 4;

/// An n-gram, filled up with zeros.
type Gram = [char; LONGEST];

/// The labels by their n-grams.
#[derive(Debug)]
pub(super) struct LabelIndex {
    terms: HashMap<Gram, Term>,
    /// The occupation that each label belongs to.
    owners: Vec<u32>,
    n_owners: usize,
}

#[derive(Debug, Default)]
struct Term {
    idf: f32,
    /// Labels that have the term, and its weight in each, which is scaled so that a label has length 1.
    labels: Vec<(u32, f32)>,
}

impl LabelIndex {
    /// Of labels, each with the number of its occupation, which is below `n_owners`.
    pub fn new<'a>(labels: impl Iterator<Item = (usize, &'a str)>, n_owners: usize) -> Self {
        let mut terms: HashMap<Gram, Term> = HashMap::new();
        let mut owners = Vec::new();
        for (owner, label) in labels {
            let at = owners.len() as u32;
            owners.push(owner as u32);
            for (gram, count) in grams(label) {
                terms.entry(gram).or_default().labels.push((at, count));
            }
        }
        let mut squares = vec![0f64; owners.len()];
        // In the order of the grams, since a sum depends on its order.
        let mut in_order: Vec<(&Gram, &mut Term)> = terms.iter_mut().collect();
        in_order.sort_unstable_by_key(|(gram, _)| **gram);
        for (_, term) in in_order {
            let (all, having) = (owners.len() as f32, term.labels.len() as f32);
            term.idf = ((1.0 + all) / (1.0 + having)).ln() + 1.0;
            for (label, weight) in &mut term.labels {
                *weight *= term.idf;
                squares[*label as usize] += f64::from(*weight).powi(2);
            }
        }
        for term in terms.values_mut() {
            for (label, weight) in &mut term.labels {
                *weight /= squares[*label as usize].sqrt() as f32;
            }
        }
        LabelIndex { terms, owners, n_owners }
    }

    /// The cosine of a title with the nearest label of each occupation, in `[0, 1]`; n-grams that
    /// no label has count for the length of the title, as those do that all but one have.
    pub fn likeness(&self, title: &str) -> Vec<f32> {
        let mut cosines = vec![0f32; self.owners.len()];
        let rarest = ((1.0 + self.owners.len() as f32) / 2.0).ln() + 1.0;
        let mut square = 0f64;
        for (gram, count) in grams(title) {
            let term = self.terms.get(&gram);
            let weight = count * term.map_or(rarest, |term| term.idf);
            square += f64::from(weight).powi(2);
            for &(label, of_label) in term.map_or(&[][..], |term| &term.labels) {
                cosines[label as usize] += weight * of_label;
            }
        }
        let length = square.sqrt().max(f64::MIN_POSITIVE) as f32;
        let mut nearest = vec![0f32; self.n_owners];
        for (cosine, &owner) in cosines.iter().zip(&self.owners) {
            let nearest = &mut nearest[owner as usize];
            *nearest = nearest.max(cosine / length).min(1.0);
        }
        nearest
    }
}

/// The n-grams of a text with their counts, in order.
fn grams(text: &str) -> BTreeMap<Gram, f32> {
    let mut counts = BTreeMap::new();
    let text = normalize(text).to_lowercase();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let padded: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
        for length in LENGTHS {
            for window in padded.windows(length) {
                let mut gram = ['\0'; LONGEST];
                gram[..length].copy_from_slice(window);
                *counts.entry(gram).or_default() += 1.0;
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_nearest_to_itself_and_other_letters_are_far() {
        let labels = [(0, "nurse"), (0, "护士"), (1, "truck driver"), (2, "bus driver")];
        let index = LabelIndex::new(labels.into_iter(), 3);
        let of = |title: &str| index.likeness(title);
        assert!((of("Nurse")[0] - 1.0).abs() < 1e-5 && of("Nurse")[1] == 0.0);
        assert!((of("护士")[0] - 1.0).abs() < 1e-5);
        assert!((of("truck-driver")[1] - 1.0).abs() < 1e-5);
        assert!(of("driver of trucks")[1] > of("driver of trucks")[2]);
        assert_eq!(of(""), [0.0; 3]);
        assert_eq!(of("xyz"), [0.0; 3]);
    }
}
