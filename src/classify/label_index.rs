//! How much the letters of a title have in common with the labels of each occupation, in any
//! language: the cosine of their n-grams of characters, weighted by how rare they are (TF-IDF).
//!
//! A label is a document, its n-grams of 2 to 4 characters are the terms, words have a space on
//! either side. The weight of a term is its count in the label times `ln((1 + n) / (1 + df)) + 1`
//! over `n` labels of which `df` have it. An occupation is as near as the nearest of its labels.

use rayon::prelude::*;

use crate::text::normalize;

/// Lengths of the n-grams in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
const LONGEST: usize = 4;

/// An n-gram, filled up with zeros.
type Gram = [char; LONGEST];

/// The labels by their n-grams.
#[derive(Debug)]
pub(super) struct LabelIndex {
    /// Every n-gram that a label has, ascending.
    terms: Vec<Gram>,
    idf: Vec<f32>,
    /// Where the labels of each term begin, and where the last ones end.
    starts: Vec<u32>,
    /// Labels that have a term, and its weight in each, which is scaled so that a label has length 1.
    labels: Vec<(u32, f32)>,
    /// The occupation that each label belongs to.
    owners: Vec<u32>,
    n_owners: usize,
}

impl LabelIndex {
    /// Of labels, each with the number of its occupation, which is below `n_owners`.
    pub fn new<'a>(labels: impl Iterator<Item = (usize, &'a str)>, n_owners: usize) -> Self {
        let (owners, labels): (Vec<u32>, Vec<&str>) =
            labels.map(|(owner, label)| (owner as u32, label)).unzip();
        let of_label = |(at, label): (usize, &&str)| {
            grams(label).into_iter().map(move |(gram, count)| (gram, at as u32, count))
        };
        let mut counts: Vec<(Gram, u32, f32)> =
            labels.par_iter().enumerate().flat_map_iter(of_label).collect();
        counts.par_sort_unstable_by_key(|&(gram, label, _)| (gram, label));
        let mut index = LabelIndex {
            terms: Vec::new(),
            idf: Vec::new(),
            starts: vec![0],
            labels: Vec::with_capacity(counts.len()),
            owners,
            n_owners,
        };
        let all = index.owners.len() as f32;
        let mut squares = vec![0f64; index.owners.len()];
        for of_term in counts.chunk_by(|a, b| a.0 == b.0) {
            let idf = ((1.0 + all) / (1.0 + of_term.len() as f32)).ln() + 1.0;
            for &(_, label, count) in of_term {
                let weight = count * idf;
                squares[label as usize] += f64::from(weight).powi(2);
                index.labels.push((label, weight));
            }
            index.terms.push(of_term[0].0);
            index.idf.push(idf);
            index.starts.push(index.labels.len() as u32);
        }
        for (label, weight) in &mut index.labels {
            *weight /= squares[*label as usize].sqrt() as f32;
        }
        index
    }

    /// The cosine of a title with the nearest label of each occupation, in `[0, 1]`; n-grams that
    /// no label has count for the length of the title, as those do that all but one have.
    pub fn likeness(&self, title: &str) -> Vec<f32> {
        let mut cosines = vec![0f32; self.owners.len()];
        let rarest = ((1.0 + self.owners.len() as f32) / 2.0).ln() + 1.0;
        let mut square = 0f64;
        for (gram, count) in grams(title) {
            let term = self.terms.binary_search(&gram).ok();
            let weight = count * term.map_or(rarest, |term| self.idf[term]);
            square += f64::from(weight).powi(2);
            for &(label, of_label) in term.map_or(&[][..], |term| self.labels_of(term)) {
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

    fn labels_of(&self, term: usize) -> &[(u32, f32)] {
        &self.labels[self.starts[term] as usize..self.starts[term + 1] as usize]
    }
}

/// The n-grams of a text with their counts, ascending.
fn grams(text: &str) -> Vec<(Gram, f32)> {
    let mut found: Vec<Gram> = Vec::new();
    let text = normalize(text).to_lowercase();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let padded: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
        for length in LENGTHS {
            for window in padded.windows(length) {
                let mut gram = ['\0'; LONGEST];
                gram[..length].copy_from_slice(window);
                found.push(gram);
            }
        }
    }
    found.sort_unstable();
    found.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f32)).collect()
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
