//! What two texts are compared by: shingles, which know order, and words, which know weight.

use crate::text::{self, script::Script};

/// Tokens in a row that make a shingle: words of a Western text, characters of a Chinese one.
const SHINGLE: usize = 3;

/// Buckets of the document frequency table. Words that share one share a count; with a few
/// hundred thousand words in a corpus that is rare and only makes both look commoner.
const BUCKETS: usize = 1 << 20;

/// FNV-1a with a final mix, so that every bit counts.
pub(super) fn hash(text: &str) -> u64 {
    let fnv = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    mix(fnv)
}

fn mix(mut h: u64) -> u64 {
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h = (h ^ (h >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ (h >> 33)
}

/// Both views of one text, sorted and without repeats.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub shingles: Vec<u32>,
    pub words: Vec<u32>,
}

impl Features {
    pub fn of(text: &str) -> Self {
        let tokens = tokens(text);
        Features { shingles: shingles(&tokens), words: words(&tokens) }
    }
}

/// A word, or one character of a script without spaces.
struct Token {
    hash: u64,
    character: bool,
}

/// A text in one spelling: widths, case, and `&` as the word it stands for.
pub(super) fn spelled(text: &str) -> String {
    let text = text::normalize(text).to_lowercase();
    if text.contains('&') { text.replace('&', " and ") } else { text }
}

fn tokens(text: &str) -> Vec<Token> {
    let text = spelled(text);
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let script = Script::of(c);
        let in_word = match script {
            Script::Latin | Script::Cyrillic | Script::Other | Script::Digit => true,
            Script::Common => matches!(c, '+' | '#') && start.is_some(),
            _ => false,
        };
        if in_word {
            start = start.or(Some(at));
            continue;
        }
        if let Some(start) = start.take() {
            out.push(Token { hash: hash(&text[start..at]), character: false });
        }
        if script != Script::Common {
            out.push(Token { hash: mix(u64::from(u32::from(c))), character: true });
        }
    }
    out
}

fn sorted(mut hashes: Vec<u32>) -> Vec<u32> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn shingles(tokens: &[Token]) -> Vec<u32> {
    let combine = |window: &[Token]| {
        let chained = window.iter().fold(0u64, |h, t| mix(h.rotate_left(21) ^ t.hash));
        (chained >> 32) as u32
    };
    if tokens.len() < SHINGLE {
        return if tokens.is_empty() { Vec::new() } else { vec![combine(tokens)] };
    }
    sorted(tokens.windows(SHINGLE).map(combine).collect())
}

/// Western words, and pairs of neighbouring characters, which stand for Chinese words.
fn words(tokens: &[Token]) -> Vec<u32> {
    let single = tokens.iter().filter(|t| !t.character).map(|t| (t.hash >> 32) as u32);
    let pairs = tokens
        .windows(2)
        .filter(|pair| pair[0].character && pair[1].character)
        .map(|pair| (mix(pair[0].hash ^ pair[1].hash.rotate_left(17)) >> 32) as u32);
    sorted(single.chain(pairs).collect())
}

/// The words of a text, as [`Features`] has them.
pub(super) fn word_set(text: &str) -> Vec<u32> {
    words(&tokens(text))
}

/// Where a word is counted.
pub(super) fn bucket(word: u32) -> usize {
    word as usize % BUCKETS
}

/// How much a word tells: the logarithm of how rare it is.
pub(super) struct Weights {
    counts: Vec<u32>,
    texts: f64,
}

impl Weights {
    /// Counts in how many of `n` texts each word is; `words_of` gives those of one.
    pub fn count<'w>(n: usize, words_of: impl Fn(usize) -> &'w [u32]) -> Self {
        let mut counts = vec![0u32; BUCKETS];
        for word in (0..n).flat_map(words_of) {
            let count = &mut counts[bucket(*word)];
            *count = count.saturating_add(1);
        }
        Weights { counts, texts: n as f64 }
    }

    /// Of counts that were made elsewhere: in how many of `n` texts a word of each
    /// [bucket](bucket) is, those of no text left out.
    pub fn of_counts(n: usize, known: impl IntoIterator<Item = (usize, u32)>) -> Self {
        let mut counts = vec![0u32; BUCKETS];
        for (bucket, count) in known {
            counts[bucket % BUCKETS] = count;
        }
        Weights { counts, texts: n as f64 }
    }

    fn weight(&self, word: u32) -> f64 {
        let count = f64::from(self.counts[bucket(word)].max(1));
        (1.0 + self.texts / count).ln()
    }

    /// Weight of the words both have over the weight of all words either has, in `[0, 1]`;
    /// 0 for two empty sets.
    pub fn jaccard(&self, a: &[u32], b: &[u32]) -> f64 {
        let (mut both, mut all) = (0.0, 0.0);
        merge(a, b, |word, shared| {
            let weight = self.weight(word);
            all += weight;
            both += if shared { weight } else { 0.0 };
        });
        if all > 0.0 { both / all } else { 0.0 }
    }
}

/// Elements two sorted sets share.
pub(super) fn shared(a: &[u32], b: &[u32]) -> usize {
    let mut count = 0;
    merge(a, b, |_, shared| count += usize::from(shared));
    count
}

/// Calls back for every element of the union of two sorted sets.
fn merge(a: &[u32], b: &[u32], mut each: impl FnMut(u32, bool)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        match (a.get(i), b.get(j)) {
            (Some(&x), Some(&y)) if x == y => {
                each(x, true);
                (i, j) = (i + 1, j + 1);
            }
            (Some(&x), Some(&y)) if x < y => {
                each(x, false);
                i += 1;
            }
            (Some(&x), None) => {
                each(x, false);
                i += 1;
            }
            (_, Some(&y)) => {
                each(y, false);
                j += 1;
            }
            (None, None) => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_know_order_and_words_do_not() {
        let (a, b) = (Features::of("one two three four"), Features::of("four three two one"));
        assert_eq!(shared(&a.words, &b.words), 4);
        assert_eq!(shared(&a.shingles, &b.shingles), 0);
        let (a, b) = (Features::of("负责集群，K8s"), Features::of("负责 集群 k8s！"));
        assert_eq!((a.shingles.len(), shared(&a.shingles, &b.shingles)), (3, 3));
        assert_ne!(Features::of("c++").words, Features::of("c").words);
    }

    #[test]
    fn spelling_makes_no_other_text() {
        let (a, b) = (
            Features::of("Design & build ＡＰＩｓ，测试"),
            Features::of("design and build APIs 测试。"),
        );
        assert_eq!((a.shingles, a.words), (b.shingles, b.words));
        assert_eq!(Features::of("R＆D").words, Features::of("r and d").words);
    }

    #[test]
    fn rare_words_weigh_more() {
        let texts = ["common a", "common b", "common c", "common d"].map(word_set);
        let weights = Weights::count(4, |at| &texts[at]);
        let similarity = weights.jaccard(&texts[0], &texts[1]);
        // ln 2 shared over ln 2 + 2 ln 5.
        assert!((similarity - 2f64.ln() / (2f64.ln() + 2.0 * 5f64.ln())).abs() < 1e-12);
        assert_eq!(weights.jaccard(&[], &[]), 0.0);
        assert_eq!(weights.jaccard(&texts[0], &texts[0]), 1.0);
    }

    #[test]
    fn short_and_empty_texts_have_few_features() {
        assert_eq!(Features::of("").shingles.len(), 0);
        assert_eq!(Features::of("one").shingles.len(), 1);
        assert_ne!(Features::of("one").shingles, Features::of("two").shingles);
    }
}
