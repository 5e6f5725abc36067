//! Roles -> the texts that are embedded, and which roles repeat which.
//!
//! Sentences that say nothing about a role are left out of its text: those a small lexicon
//! knows (degrees, soft skills, benefits), and those that recur in this corpus among roles
//! that have nothing else in common. Each is listed once with the number of roles that say
//! it. Roles with the same or nearly the same words are merged into the first of them, by
//! their words alone: vectors cannot tell two jobs of one template apart, words can. Pairs that
//! share less of their text are left as they are and listed, for a person to look at.

mod boilerplate;
mod bounded;
mod duplicates;
mod feature_lists;
mod features;
mod gathered;
mod key;
mod lexicon;
mod minhash;
mod one_role;
mod params;
mod similar;
mod similar_rows;
mod strip;
mod title_words;

use rayon::prelude::*;

use crate::intake::{BoilerplateSentence, Duplicate, Shortened, SimilarPairs};
use crate::long_text::{LongText, Pager};
use crate::progress::Progress;
use crate::ranges::ranges;
use crate::role::Corpus;
use bounded::Bounded;
pub use gathered::{GatheredDuplicates, GatheredSentences};
pub use one_role::{CleanedRole, RoleCleaner};
pub use params::CleanParams;

/// What is embedded instead of the roles as they were written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cleaned {
    /// One text per role, in corpus order.
    pub texts: Vec<LongText>,
    /// Sentences left out of the texts, most roles first.
    pub boilerplate: Vec<BoilerplateSentence>,
    /// Sentences left out that are not in `boilerplate`: the lexicon knows them, and one role
    /// each says them.
    pub boilerplate_unlisted: usize,
    /// Roles that repeat an earlier one, in corpus order.
    pub duplicates: Vec<Duplicate>,
    /// The row of the role each repeats, or its own row; a role named here repeats none.
    pub representative: Vec<usize>,
    /// Pairs of roles that share much of their text and are not merged.
    pub similar: SimilarPairs,
    /// Roles of whose description, or whole text, only an excerpt is in `texts`, in corpus order.
    pub shortened: Vec<Shortened>,
}

/// Roles whose sentences are in memory at once.
const ROWS_AT_ONCE: usize = 8_192;

/// Passes over the roles that take most of the time.
const PASSES: u64 = 4;

/// Cleans a corpus. Equal corpora give equal results on any number of threads.
pub fn clean(corpus: &Corpus, params: &CleanParams, progress: &dyn Progress) -> Cleaned {
    let roles = corpus.roles();
    progress.start("cleaning", PASSES * roles.len() as u64);
    let bounded = Bounded::new(roles);
    let distinct = duplicates::distinct_as_written(&bounded);
    progress.advance(roles.len() as u64);
    let mut recurring = match params.find_recurring {
        true => boilerplate::recurring(&bounded, &distinct, params),
        false => Default::default(),
    };
    recurring.extend(params.boilerplate.iter().filter_map(|sentence| key::key(sentence)));
    progress.advance(roles.len() as u64);
    let strip = |row: usize| {
        let stripped = strip::strip(&roles[row], bounded.description(row), &recurring);
        progress.advance(1);
        stripped
    };
    let mut texts: Vec<LongText> = Vec::with_capacity(roles.len());
    let (mut pager, mut left_out, mut shortened) =
        (Pager::default(), boilerplate::LeftOutSentences::default(), Vec::new());
    for rows in ranges(roles.len(), ROWS_AT_ONCE) {
        let stripped: Vec<strip::Stripped> = rows.clone().into_par_iter().map(strip).collect();
        for (row, stripped) in rows.zip(stripped) {
            shortened.extend(bounded.shortened(row, &stripped));
            left_out.add(row, stripped.left_out);
            texts.push(stripped.text.into());
            pager.pushed(&mut texts, |text| text);
        }
    }
    let (boilerplate, boilerplate_unlisted) = left_out.listed();
    let merged = duplicates::merge(roles, &texts, params, progress);
    let similar = similar::pairs(roles, &merged, params.similar);
    progress.finish();
    Cleaned {
        texts,
        boilerplate,
        boilerplate_unlisted,
        duplicates: merged.duplicates,
        representative: merged.representative,
        similar,
        shortened,
    }
}

/// The clauses of a text, case, numbers, punctuation and function words aside, so that two wordings
/// of one requirement are the same.
pub fn clauses(text: &str) -> Vec<String> {
    key::clauses(text)
}

#[cfg(test)]
mod tests;
