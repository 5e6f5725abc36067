//! BM25 over an inverted index in a file.

use std::io::{self, Write};
use std::ops::Range;

use super::super::index_file::{self, IndexError, IndexFile, Kind, checksum, damaged};
use super::build::build;
use super::postings::Postings;
use super::terms::index_terms;
use crate::mapped_file::Bytes;

/// Saturation of the term frequency (Robertson & Zaragoza 2009, the usual value).
pub(super) const K1: f32 = 1.2;
/// Strength of the normalisation by length, from 0 to 1 (the usual value).
pub(super) const B: f32 = 0.75;

pub(super) const KIND: Kind = Kind { magic: *b"rcwords\n", version: 1, n_sections: 6 };

// Sections of the file.
/// All terms, sorted by their bytes, one behind the other.
const TERMS: usize = 0;
/// Where each term begins and where the last ends, u32.
const TERM_STARTS: usize = 1;
/// The postings of each term, one list behind the other.
const POSTINGS: usize = 2;
/// Where each list begins and where the last ends, u64 as two u32.
const POSTING_STARTS: usize = 3;
/// Number of texts with the term and CRC-32 of its list, two u32 a term.
const TERM_FACTS: usize = 4;
/// Terms in each text, u32.
const LENGTHS: usize = 5;

/// An inverted index over texts, scored by Okapi BM25 (Robertson & Zaragoza 2009, "The
/// Probabilistic Relevance Framework: BM25 and Beyond") with the idf that is never negative,
/// `ln(1 + (N - n + 0.5) / (n + 0.5))`.
///
/// Words are [`text::terms`](crate::text::terms) without stop words, so a query in one language finds only
/// texts that use its words; crossing languages is what vectors are for.
///
/// In memory and on disk it is the same bytes: sorted terms, and for each the texts that
/// have it as variable-length differences with counts. A query reads the lists of its own
/// terms and nothing else of them.
#[derive(Debug)]
pub struct LexicalIndex {
    file: IndexFile,
    n_texts: usize,
    n_terms: usize,
    mean_length: f32,
}

impl LexicalIndex {
    /// Indexes `texts`; a text's number is its place in the list.
    ///
    /// # Errors
    /// When there are more words than 32 bits count.
    pub fn build(texts: &[&str]) -> Result<Self, IndexError> {
        let mut bytes = Vec::new();
        Self::write(texts, "", &mut bytes)
            .map_err(|error| IndexError::Damaged(error.to_string()))?;
        Self::open(Bytes::Owned(bytes), "")
    }

    /// Writes the index of `texts`, which have the SHA-256 `of`.
    ///
    /// # Errors
    /// When `out` refuses, or there are more words than 32 bits count.
    pub fn write(texts: &[&str], of: &str, out: &mut dyn Write) -> io::Result<()> {
        let built = build(texts)?;
        let numbers = [texts.len() as u64, built.n_terms() as u64, built.total, 0, 0, 0, 0, 0];
        let sections: [&[u8]; 6] = [
            built.terms.as_bytes(),
            &built.term_starts,
            &built.postings,
            &built.posting_starts,
            &built.term_facts,
            &built.lengths,
        ];
        index_file::write(out, KIND, of, numbers, &sections)
    }

    /// Takes the bytes of a file, most likely mapped, that was made of texts with the SHA-256
    /// `of`. Reads terms and lengths to check them; lists are checked when they are read.
    ///
    /// # Errors
    /// When it is the index of other texts, or not what was written.
    pub fn open(bytes: Bytes, of: &str) -> Result<Self, IndexError> {
        let file = IndexFile::open(bytes, KIND, of)?;
        let (n_texts, n_terms) = (file.length(0)?, file.length(1)?);
        let index = LexicalIndex { n_texts, n_terms, mean_length: 0.0, file };
        for (section, length) in [
            (TERM_STARTS, n_terms.checked_add(1).and_then(|n| n.checked_mul(4))),
            (POSTING_STARTS, n_terms.checked_add(1).and_then(|n| n.checked_mul(8))),
            (TERM_FACTS, n_terms.checked_mul(8)),
            (LENGTHS, n_texts.checked_mul(4)),
        ] {
            index.file.expect::<u8>(section, length)?;
        }
        for section in [TERMS, TERM_STARTS, POSTING_STARTS, TERM_FACTS, LENGTHS] {
            index.file.verify(section)?;
        }
        let mean = (index.file.number(2) as f64 / n_texts.max(1) as f64).max(1.0) as f32;
        Ok(LexicalIndex { mean_length: mean, ..index })
    }

    /// Checks the checksum of the postings.
    ///
    /// # Errors
    /// When a byte is not what was written.
    pub fn verify(&self) -> Result<(), IndexError> {
        self.file.verify(POSTINGS)
    }

    /// How many texts are indexed.
    pub fn n_texts(&self) -> usize {
        self.n_texts
    }

    /// One score per text, 0 where no word is shared. A word said twice in the query
    /// counts once.
    ///
    /// # Errors
    /// When a list of the file is damaged.
    pub fn scores(&self, query: &str) -> Result<Vec<f32>, IndexError> {
        let mut scores = vec![0.0f32; self.n_texts];
        let mut terms: Vec<String> = index_terms(query).collect();
        // Sorted, so that sums are the same whatever order the query's words stand in.
        terms.sort_unstable();
        terms.dedup();
        for term in &terms {
            let Some(at) = self.find(term)? else { continue };
            let idf = self.idf(self.fact(2 * at) as usize);
            for posting in self.postings(at)? {
                let (number, count) = posting?;
                // The list has its checksum; one that is wrong all the same names a text
                // that is not there.
                let (Some(score), Some(length)) =
                    (scores.get_mut(number as usize), self.length_of(number as usize))
                else {
                    return Err(damaged(format!("a list names text {number}")));
                };
                let count = count as f32;
                let weight =
                    count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length / self.mean_length));
                *score += idf * weight;
            }
        }
        Ok(scores)
    }

    fn idf(&self, n_with_term: usize) -> f32 {
        let (all, with) = (self.n_texts as f64, n_with_term as f64);
        (1.0 + ((all - with).max(0.0) + 0.5) / (with + 0.5)).ln() as f32
    }

    /// The number of a term, by bisection.
    fn find(&self, term: &str) -> Result<Option<usize>, IndexError> {
        let (mut low, mut high) = (0, self.n_terms);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.term(middle)?.cmp(term.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(middle)),
            }
        }
        Ok(None)
    }

    fn term(&self, at: usize) -> Result<&[u8], IndexError> {
        let starts = self.file.section(TERM_STARTS);
        let range = number(starts, at) as usize..number(starts, at + 1) as usize;
        part(self.file.section(TERMS), range)
    }

    fn postings(&self, at: usize) -> Result<Postings<'_>, IndexError> {
        let starts = self.file.section(POSTING_STARTS);
        let start = |at: usize| {
            let (low, high) = (number(starts, 2 * at), number(starts, 2 * at + 1));
            usize::try_from(u64::from(low) | u64::from(high) << 32)
                .map_err(|_| damaged("a list begins beyond all memory"))
        };
        let list = part(self.file.section(POSTINGS), start(at)?..start(at + 1)?)?;
        if checksum(list) != self.fact(2 * at + 1) {
            return Err(damaged(format!("the list of term {at} does not have its checksum")));
        }
        Ok(Postings::new(list))
    }

    fn fact(&self, at: usize) -> u32 {
        number(self.file.section(TERM_FACTS), at)
    }

    fn length_of(&self, text: usize) -> Option<f32> {
        (text < self.n_texts).then(|| number(self.file.section(LENGTHS), text) as f32)
    }
}

fn part(bytes: &[u8], range: Range<usize>) -> Result<&[u8], IndexError> {
    bytes.get(range).ok_or_else(|| damaged("a term or list lies outside its section"))
}

/// The `at`-th 32-bit number of a section whose length was checked.
fn number(section: &[u8], at: usize) -> u32 {
    let bytes = &section[4 * at..4 * at + 4];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
