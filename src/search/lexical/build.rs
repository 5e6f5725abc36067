//! Builds the sections of an inverted index.

use std::collections::HashMap;
use std::io;

use rayon::prelude::*;

use super::super::index_file::checksum;
use super::postings::push;
use super::terms::index_terms;

/// Texts split into terms at a time; their terms are held in memory together.
const TEXTS_AT_A_TIME: usize = 2048;

/// The sections, ready to be written.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub terms: String,
    pub term_starts: Vec<u8>,
    pub postings: Vec<u8>,
    pub posting_starts: Vec<u8>,
    pub term_facts: Vec<u8>,
    pub lengths: Vec<u8>,
    /// Terms of all texts, repeats counted.
    pub total: u64,
}

impl Built {
    pub(super) fn n_terms(&self) -> usize {
        self.term_facts.len() / 8
    }
}

/// The postings of one term so far.
#[derive(Debug, Default)]
struct List {
    bytes: Vec<u8>,
    n_texts: u32,
    next: u32,
}

/// Indexes `texts` in order. Splitting them into terms is most of the work and runs in parallel.
pub(super) fn build(texts: &[&str]) -> io::Result<Built> {
    let too_many = |what: &str| io::Error::other(format!("too many {what} for one index"));
    u32::try_from(texts.len()).map_err(|_| too_many("texts"))?;
    let mut built = Built::default();
    let mut lists: HashMap<String, List> = HashMap::new();
    for (at, some) in texts.chunks(TEXTS_AT_A_TIME).enumerate() {
        let counted: Vec<(u32, Vec<(String, u32)>)> = some.par_iter().map(|t| counts(t)).collect();
        for (within, (length, counts)) in counted.into_iter().enumerate() {
            let number = (at * TEXTS_AT_A_TIME + within) as u32;
            built.lengths.extend_from_slice(&length.to_le_bytes());
            built.total += u64::from(length);
            for (term, count) in counts {
                let list = lists.entry(term).or_default();
                push(&mut list.bytes, number - list.next);
                push(&mut list.bytes, count);
                list.n_texts += 1;
                list.next = number + 1;
            }
        }
    }
    let mut lists: Vec<(String, List)> = lists.into_iter().collect();
    lists.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (term, list) in lists {
        let start = u32::try_from(built.terms.len()).map_err(|_| too_many("words"))?;
        built.term_starts.extend_from_slice(&start.to_le_bytes());
        built.posting_starts.extend_from_slice(&(built.postings.len() as u64).to_le_bytes());
        built.term_facts.extend_from_slice(&list.n_texts.to_le_bytes());
        built.term_facts.extend_from_slice(&checksum(&list.bytes).to_le_bytes());
        built.terms.push_str(&term);
        built.postings.extend_from_slice(&list.bytes);
    }
    let end = u32::try_from(built.terms.len()).map_err(|_| too_many("words"))?;
    built.term_starts.extend_from_slice(&end.to_le_bytes());
    built.posting_starts.extend_from_slice(&(built.postings.len() as u64).to_le_bytes());
    Ok(built)
}

/// The number of terms of a text, and each distinct term with its count.
fn counts(text: &str) -> (u32, Vec<(String, u32)>) {
    let mut terms = index_terms(text);
    let length = terms.len() as u32;
    terms.sort_unstable();
    let mut counts: Vec<(String, u32)> = Vec::new();
    for term in terms {
        match counts.last_mut() {
            Some((last, count)) if *last == term => *count += 1,
            _ => counts.push((term, 1)),
        }
    }
    (length, counts)
}
