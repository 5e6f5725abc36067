//! Texts that share a query's words: an inverted index, scored by BM25.

mod bm25;
mod build;
mod postings;
mod terms;

pub use bm25::LexicalIndex;

#[cfg(test)]
mod tests;
