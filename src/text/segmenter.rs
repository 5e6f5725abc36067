//! Words of Thai, Lao, Khmer and Burmese, by ICU's dictionaries.

use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use super::clusters::clusters;

/// The dictionaries are faster than ICU's neural models by two orders of magnitude, and cut
/// fewer words of postings apart.
static DICTIONARY: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// The words of a run of these scripts. What the dictionary does not know comes in small pieces;
/// one that cannot begin a word stays with what is before it.
pub(super) fn segment(run: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = DICTIONARY.segment_str(run).filter(|&at| at < run.len()).collect();
    let ends: Vec<usize> = starts.iter().copied().skip(1).chain([run.len()]).collect();
    let mut at = ends.iter();
    starts.retain(|&start| {
        let end = at.next().copied().unwrap_or(run.len());
        start == 0 || !is_syllable_end(&run[start..end])
    });
    let ends = starts.iter().skip(1).copied().chain([run.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &run[start..end]).collect()
}

/// Marks of a consonant without a vowel, and how many letters up to one cannot be a word: in Thai
/// and Lao the end of a loanword, as in `คลา|วด์`; in Khmer and Burmese a letter that ends the
/// syllable before it.
const WITHOUT_VOWEL: [(char, usize); 4] =
    [('\u{e4c}', 2), ('\u{ecc}', 2), ('\u{17cd}', 1), ('\u{103a}', 1)];

fn is_syllable_end(piece: &str) -> bool {
    let Some(&(mark, most)) = WITHOUT_VOWEL.iter().find(|(mark, _)| piece.ends_with(*mark)) else {
        return false;
    };
    // Nothing but letters and that mark.
    let clusters = clusters(piece);
    clusters.len() <= most && piece.trim_end_matches(mark).chars().count() == clusters.len()
}
