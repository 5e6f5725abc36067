//! BM25 over an inverted index in a file.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use super::super::index_file::{self, IndexError, IndexFile, Kind, checksum, damaged};
use super::build::build;
use super::postings::Postings;
use super::terms::{Thing, query_things};
use crate::mapped_file::Bytes;

/// Saturation of the term frequency (Robertson & Zaragoza 2009, the usual value).
pub(super) const K1: f32 = 1.2;
/// Strength of the normalisation by length, from 0 to 1 (the usual value).
pub(super) const B: f32 = 0.75;

/// Share of a term's weight that its presence alone earns. A query of one word asks which texts
/// have it; how often they say it only orders them.
pub(super) const PRESENCE: f32 = 0.75;

/// Weight of a thing that a text names by another spelling than the query: nearly as good, so that
/// texts that write it as it was asked for come first.
pub(super) const OTHER_SPELLING: f32 = 0.75;

pub(super) const KIND: Kind = Kind { magic: *b"rcwords\n", version: 2, n_sections: 6 };

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

/// An inverted index over texts, scored with the weights of Okapi BM25 (Robertson & Zaragoza 2009,
/// "The Probabilistic Relevance Framework: BM25 and Beyond") and the idf that is never negative,
/// `ln(1 + (N - n + 0.5) / (n + 0.5))`. Sums are divided by what a text with every word of the
/// query would get, so that scores of different queries can be compared.
///
/// Words are [`text::terms`](crate::text::terms) without stop words, and the canonical names of
/// technologies and of words of the glossary: `压测` finds `load testing`. Other words are found
/// only as they are written; crossing languages is what vectors are for.
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

    /// One score per text, in `[0, 1]`: the share of what the query asks for that the text has,
    /// every word weighted by its idf. A word that no text has counts with the largest idf. Of a
    /// word's weight, `PRESENCE` is earned by standing in the text at all and the rest grows
    /// with the BM25 weight of its frequency. A word said twice in the query counts once.
    ///
    /// # Errors
    /// When a list of the file is damaged.
    pub fn scores(&self, query: &str) -> Result<Vec<f32>, IndexError> {
        let mut scores = vec![0.0f32; self.n_texts];
        let mut total = 0.0;
        for thing in &query_things(query) {
            let found = self.thing(thing)?;
            let idf = self.idf(found.iter().filter(|part| part.is_whole).count());
            total += idf;
            found.iter().for_each(|part| scores[part.text as usize] += idf * part.weight);
        }
        if total > 0.0 {
            scores.iter_mut().for_each(|score| *score /= total);
        }
        Ok(scores)
    }

    /// How many texts have this word, in lower case.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn n_texts_with(&self, word: &str) -> Result<usize, IndexError> {
        Ok(self.find(word)?.map_or(0, |at| self.fact(2 * at) as usize))
    }

    /// Shows `see` every indexed word that begins with `start`, and how many texts have it.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn each_word_from(
        &self,
        start: &str,
        see: &mut dyn FnMut(&str, usize),
    ) -> Result<(), IndexError> {
        for at in self.first_from(start.as_bytes())?..self.n_terms {
            let term = self.term(at)?;
            if !term.starts_with(start.as_bytes()) {
                break;
            }
            let word = std::str::from_utf8(term).map_err(|_| damaged("a word is no text"))?;
            see(word, self.fact(2 * at) as usize);
        }
        Ok(())
    }

    /// The texts that have at least a part of a thing, with the best of the weights.
    fn thing(&self, thing: &Thing) -> Result<Vec<Part>, IndexError> {
        let mut best = self.spelling(&thing.words)?;
        for name in &thing.names {
            let part = |(text, weight)| {
                let weight = OTHER_SPELLING * weight;
                Part { text, weight, is_whole: true }
            };
            let found: Vec<Part> = self.weights(name)?.into_iter().map(part).collect();
            best = better(&best, &found);
        }
        Ok(best)
    }

    /// The texts that have at least one of `terms`, ascending: weights are the mean of those of
    /// the terms, weighted by idf.
    fn spelling(&self, terms: &[String]) -> Result<Vec<Part>, IndexError> {
        if let [term] = terms {
            let part = |(text, weight)| Part { text, weight, is_whole: true };
            return Ok(self.weights(term)?.into_iter().map(part).collect());
        }
        let mut sums: BTreeMap<u32, (f32, usize)> = BTreeMap::new();
        let mut total = 0.0;
        for term in terms {
            let found = self.weights(term)?;
            let idf = self.idf(found.len());
            total += idf;
            for (text, weight) in found {
                let sum = sums.entry(text).or_default();
                *sum = (sum.0 + idf * weight, sum.1 + 1);
            }
        }
        let part = |(text, (sum, n_terms)): (u32, (f32, usize))| Part {
            text,
            weight: sum / total,
            is_whole: n_terms == terms.len(),
        };
        Ok(sums.into_iter().map(part).collect())
    }

    /// The texts that have a term, ascending, with a weight in `(0, 1)` that grows with its
    /// frequency.
    fn weights(&self, term: &str) -> Result<Vec<(u32, f32)>, IndexError> {
        let Some(at) = self.find(term)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for posting in self.postings(at)? {
            let (number, count) = posting?;
            // The list has its checksum; one that is wrong all the same names a text that is
            // not there.
            let Some(length) = self.length_of(number as usize) else {
                return Err(damaged(format!("a list names text {number}")));
            };
            let count = count as f32;
            let saturated = count / (count + K1 * (1.0 - B + B * length / self.mean_length));
            found.push((number, PRESENCE + (1.0 - PRESENCE) * saturated));
        }
        Ok(found)
    }

    fn idf(&self, n_with_term: usize) -> f32 {
        let (all, with) = (self.n_texts as f64, n_with_term as f64);
        (1.0 + ((all - with).max(0.0) + 0.5) / (with + 0.5)).ln() as f32
    }

    /// The number of a term, if it is indexed.
    fn find(&self, term: &str) -> Result<Option<usize>, IndexError> {
        let at = self.first_from(term.as_bytes())?;
        Ok((at < self.n_terms && self.term(at)? == term.as_bytes()).then_some(at))
    }

    /// The number of the first term that is not before `term`, by bisection.
    fn first_from(&self, term: &[u8]) -> Result<usize, IndexError> {
        let (mut low, mut high) = (0, self.n_terms);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.term(middle)? < term {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        Ok(low)
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

/// How much of one thing that a query asks for a text has.
#[derive(Debug, Clone, Copy)]
struct Part {
    text: u32,
    /// In `[0, 1]`.
    weight: f32,
    /// Whether all terms of one spelling are there.
    is_whole: bool,
}

/// Of two ascending lists, every text once with the greater weight.
fn better(a: &[Part], b: &[Part]) -> Vec<Part> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut merged = Vec::new();
    loop {
        let part = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x.text == y.text => Part {
                text: x.text,
                weight: x.weight.max(y.weight),
                is_whole: x.is_whole || y.is_whole,
            },
            (Some(&&x), Some(y)) if x.text < y.text => x,
            (_, Some(&&y)) => y,
            (Some(&&x), None) => x,
            (None, None) => return merged,
        };
        a.next_if(|x| x.text == part.text);
        b.next_if(|y| y.text == part.text);
        merged.push(part);
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
