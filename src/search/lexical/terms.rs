//! The terms of a text that are indexed and searched for.

use crate::text;

/// [`text::terms`] without stop words, repeats included.
pub(super) fn index_terms(text: &str) -> impl Iterator<Item = String> {
    text::terms(text).into_iter().filter(|term| !text::is_stopword(term))
}
