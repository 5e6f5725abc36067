//! Score fusion: cosine similarity and BM25 joined into one score.

/// Weight of the cosine similarity in the joint score; the rest is the weight of BM25.
///
/// Bruch, Gai & Ingber 2023 ("An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS)
/// find convex combinations better and less sensitive than reciprocal rank fusion, with the
/// semantic side the heavier one.
const SEMANTIC_WEIGHT: f32 = 0.7;

/// Joins cosine similarities and BM25 scores of the same texts: each is scaled to `[0, 1]` over
/// these texts (min-max for the cosine, from 0 to the maximum for BM25) and their weighted sum is
/// the joint score, in `[0, 1]`.
///
/// When no text shares a word with the query, the ranking is that of the cosines.
///
/// # Panics
/// If the two differ in length.
pub fn fuse(cosines: &[f32], lexical: &[f32]) -> Vec<f32> {
    assert_eq!(cosines.len(), lexical.len(), "one score of each kind per text");
    let least = cosines.iter().copied().fold(f32::INFINITY, f32::min);
    let most = cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let best_words = lexical.iter().copied().fold(0.0, f32::max);
    let scaled = |value: f32, span: f32| if span > 0.0 { value / span } else { 0.0 };
    let joint = |(&cosine, &words): (&f32, &f32)| {
        SEMANTIC_WEIGHT * scaled(cosine - least, most - least)
            + (1.0 - SEMANTIC_WEIGHT) * scaled(words, best_words)
    };
    cosines.iter().zip(lexical).map(joint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(scores: &[f32]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order
    }

    #[test]
    fn without_shared_words_the_vectors_decide() {
        let cosines = [0.1, 0.9, 0.5];
        assert_eq!(ranking(&fuse(&cosines, &[0.0; 3])), [1, 2, 0]);
    }

    #[test]
    fn a_shared_word_lifts_a_text_over_one_a_little_nearer() {
        let joint = fuse(&[0.60, 0.62, 0.10], &[7.0, 0.0, 0.0]);
        assert_eq!(ranking(&joint), [0, 1, 2]);
        assert!(joint.iter().all(|s| (0.0..=1.0).contains(s)));
    }

    #[test]
    fn equal_cosines_do_not_divide_by_zero() {
        assert_eq!(fuse(&[0.5, 0.5], &[0.0, 0.0]), [0.0, 0.0]);
        assert!(fuse(&[], &[]).is_empty());
    }
}
