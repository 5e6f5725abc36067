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

/// Marks of a consonant that is not followed by a vowel: Thai, Lao, Khmer, Burmese.
const KILLED: [char; 4] = ['\u{e4c}', '\u{ecc}', '\u{17cd}', '\u{103a}'];

/// Up to two consonants of which the last bears such a mark, as in the loanword `คลา|วด์`.
fn is_syllable_end(piece: &str) -> bool {
    let clusters = clusters(piece);
    let killed = clusters.last().is_some_and(|last| last.ends_with(KILLED));
    killed && clusters.len() <= 2 && clusters.iter().map(|c| c.chars().count()).sum::<usize>() <= 3
}
