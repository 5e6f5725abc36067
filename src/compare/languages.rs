//! Whether two runs are written in two languages. What a language adds to the vectors of its postings
//! can be told within a run alone, so that the trades of two such runs do not meet.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::tabulate::Facets;
use crate::text::{self, DetectedLanguage};

/// Share of a run's roles in one language from which on the run counts as written in it.
const MOST: f64 = 2.0 / 3.0;

/// The languages of two runs, where each is written in one and these differ.
pub(super) fn two_languages(first: &Facets, second: &Facets) -> Option<[DetectedLanguage; 2]> {
    let languages = [language(first)?, language(second)?];
    (languages[0] != languages[1]).then_some(languages)
}

/// The language most roles are written in, of those whose language can be told.
fn language(facets: &Facets) -> Option<DetectedLanguage> {
    let told: Vec<DetectedLanguage> =
        facets.rows().par_iter().map(|facet| text::language(&facet.role.text())).collect();
    let mut counts: BTreeMap<DetectedLanguage, usize> = BTreeMap::new();
    for language in told {
        match language {
            DetectedLanguage::Unknown => {}
            // Chinese beside another language counts as Chinese, as it does for reports.
            DetectedLanguage::Mixed => *counts.entry(DetectedLanguage::Zh).or_default() += 1,
            language => *counts.entry(language).or_default() += 1,
        }
    }
    let all: usize = counts.values().sum();
    let (language, count) = counts.into_iter().max_by_key(|&(_, count)| count)?;
    (count as f64 >= MOST * all as f64).then_some(language)
}
