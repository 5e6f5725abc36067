//! What names are made of.

use super::ctfidf::Typical;
use super::phrase_format::PhraseFormat;
use super::technology_counts::Technologies;
use super::tokens::Tokens;

/// The inputs of a name.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    pub tokens: &'a Tokens,
    pub technologies: &'a Technologies,
    pub typical: &'a [Vec<Typical>],
    pub members: &'a [Vec<usize>],
    pub wording: &'a PhraseFormat<'a>,
}
