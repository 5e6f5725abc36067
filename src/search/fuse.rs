//! Score fusion: nearness in meaning and shared words joined into one score.

/// What a text that has every word of the query is worth, whatever it means: no more than this,
/// because a word alone may mean something else.
const WORDS_WORTH: f32 = 0.9;

/// Joins the nearness `meaning` of a text ([`Baseline::nearness`](super::Baseline::nearness), at
/// most 1) and the share `words` of the query's words in it
/// ([`LexicalIndex::scores`](super::LexicalIndex::scores), in `[0, 1]`, made
/// [`specific`](super::specific)).
///
/// The two are independent pieces of evidence, so the joint score is that of a noisy OR
/// (J. Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988), `1 - (1 - m) (1 - w)`
/// with `w = 0.9 words`: either may bring a text to the top, neither can bury it, and where
/// one says nothing the order is that of the other. It grows with both, and depends on nothing
/// but the text and the query, so scores of different queries can be compared.
///
/// The constant was chosen on a grid (0.5 to 1, and powers 1 to 3 of the share), by descriptions
/// and single terms asked of a digest in two languages, with three models; the proportional share
/// was never worse than either half.
pub fn fuse(meaning: f32, words: f32) -> f32 {
    1.0 - (1.0 - meaning) * (1.0 - weight_of(words))
}

/// What remains of a score when the text has the share `unwanted` of the words that are not
/// wanted.
pub(super) fn demote(score: f32, unwanted: f32) -> f32 {
    score.min(score * (1.0 - weight_of(unwanted)))
}

fn weight_of(words: f32) -> f32 {
    WORDS_WORTH * words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_one_text_that_has_the_word_comes_before_any_that_is_only_near() {
        assert!(fuse(0.05, 0.8) > fuse(0.6, 0.0));
    }

    #[test]
    fn in_a_long_description_a_few_shared_words_do_not_outweigh_the_meaning() {
        assert!(fuse(0.55, 0.05) > fuse(0.45, 0.15));
        assert!(fuse(0.50, 0.20) > fuse(0.50, 0.15), "of equally near texts they decide");
    }

    #[test]
    fn an_unwanted_word_takes_a_text_down() {
        assert!(demote(0.9, 1.0) < 0.1 && demote(0.9, 0.0) == 0.9);
    }

    proptest! {
        #[test]
        fn a_score_grows_with_both_and_is_no_less_than_either(
            m in 0.0f32..=1.0, w in 0.0f32..=1.0, more in 0.0f32..=1.0,
        ) {
            let joint = fuse(m, w);
            prop_assert!((0.0..=1.0).contains(&joint));
            prop_assert!(joint >= m - 1e-6);
            prop_assert!(fuse(m.max(more), w) >= joint && fuse(m, w.max(more)) >= joint);
            prop_assert!((fuse(m, 0.0) - m).abs() < 1e-6);
        }
    }
}
