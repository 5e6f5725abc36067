//! Roles that say what an earlier one says.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::bounded::Bounded;
use super::feature_lists::FeatureLists;
use super::features::{Features, Weights, hash, shared, spelled};
use super::minhash::{self, Candidates, Hasher, Sketch, fewest_equal};
use super::params::CleanParams;
use super::similar_rows::{EXACT_ROWS, LEAST_OF_MANY, SimilarRows, among};
use super::title_words::Title;
use crate::intake::{Duplicate, DuplicateKind};
use crate::long_text::LongText;
use crate::progress::Progress;
use crate::ranges::ranges;
use crate::role::Role;
use crate::text::script::Script;

/// A text with fewer shingles is too short to be nearly the same as another.
pub(super) const FEWEST_SHINGLES: usize = 20;

/// Rows whose pairs are in memory at once.
const ROWS_AT_ONCE: usize = 8_192;

/// A text held by another must not be much shorter than it.
const LEAST_CONTAINED_JACCARD: f64 = 0.5;

/// Words weighted by how rare they are must agree at least this much: two jobs of one
/// template differ in just those.
const LEAST_TELLING: f64 = 0.6;

/// Stacks that agree at least this much make up for titles that do not.
const LEAST_STACK: f64 = 0.6;

/// Who repeats whom.
pub(super) struct Merged {
    pub representative: Vec<usize>,
    pub duplicates: Vec<Duplicate>,
    /// The most similar of the pairs that were compared and are not merged; none where so few roles
    /// are left that each can be compared with each.
    pub similar: SimilarRows,
    /// Of the parts of the texts that are compared.
    pub features: FeatureLists,
}

/// Rows of the first roles of each text, spelling aside.
pub(super) fn distinct_as_written(roles: &Bounded<'_>) -> Vec<usize> {
    let key = |row: usize| written_key(&roles.roles[row], roles.description(row));
    let n = roles.roles.len();
    let keys: Vec<u64> = (0..n).into_par_iter().map(key).collect();
    let mut seen = std::collections::HashSet::new();
    (0..n).filter(|&row| seen.insert(keys[row])).collect()
}

/// Equal for roles that are written alike, spelling aside.
pub(super) fn written_key(role: &Role, description: &str) -> u64 {
    letters_hash(&role.text_with(description))
}

/// Equal for roles whose cleaned texts are the same, spelling aside.
pub(super) fn text_key(text: &str) -> u64 {
    letters_hash(text)
}

/// The part of a cleaned text that is compared; the title is compared apart.
pub(super) fn body_of<'t>(role: &Role, text: &'t str) -> &'t str {
    text.strip_prefix(role.title.as_str()).unwrap_or(text)
}

/// The MinHash signature of a cleaned text; `None` where it is too short to be compared.
pub(super) fn signature(hasher: &Hasher, role: &Role, text: &str) -> Option<minhash::Signature> {
    let shingles = Features::of(body_of(role, text)).shingles;
    (shingles.len() >= FEWEST_SHINGLES).then(|| hasher.signature(&shingles))
}

/// Merges every role into the first that says the same, or nearly the same; a role others
/// are merged into is itself merged into none.
pub(super) fn merge(
    roles: &[Role],
    texts: &[LongText],
    params: &CleanParams,
    progress: &dyn Progress,
) -> Merged {
    let exact = first_of_each_text(texts);
    let n_different = exact.iter().enumerate().filter(|&(row, &first)| row == first).count();
    let gathers_similar = params.similar < 1.0 && n_different > EXACT_ROWS;
    let mut merges = Merges::new(exact.clone(), gathers_similar);
    let body = |row: usize| body_of(&roles[row], &texts[row]);
    let hasher = Hasher::new();
    // Of the roles that copy none and are long enough to be compared.
    let signed = |row: usize, features: &Features| {
        progress.advance(1);
        let is_meant = exact[row] == row && features.shingles.len() >= FEWEST_SHINGLES;
        let both = is_meant.then(|| hasher.signature_and_sketch(&features.shingles));
        both.map_or((None, Sketch::NONE), |(signature, sketch)| (Some(signature), sketch))
    };
    let (features, signed) = FeatureLists::of(roles.len(), &body, signed);
    let (signatures, sketches): (Vec<_>, Vec<_>) = signed.into_iter().unzip();
    let candidates = Candidates::new(&signatures);
    drop(signatures);
    let may_matter = may_matter(&sketches, params);
    let weights = Weights::count(roles.len(), |row| features.words(row));
    let compare = Comparison { roles, features: &features, weights: &weights, params };
    for rows in ranges(roles.len(), ROWS_AT_ONCE) {
        merges.add_all(&candidates.pairs(rows, &may_matter), &compare);
    }
    merges.finish(roles, &exact, features)
}

/// The row each role is merged into, or its own, and how similar the two are, among roles none of
/// which copies another; the pairs stand by the later and then the earlier row.
pub(super) fn merge_pairs(
    (roles, texts): (&[Role], &[LongText]),
    pairs: &[(u32, u32)],
    weights: &Weights,
    params: &CleanParams,
) -> (Vec<usize>, Vec<f64>) {
    let mut merges = Merges::new((0..roles.len()).collect(), false);
    let body = |row: usize| body_of(&roles[row], &texts[row]);
    let hasher = Hasher::new();
    let sketch = |_: usize, features: &Features| hasher.sketch(&features.shingles);
    let (features, sketches) = FeatureLists::of(roles.len(), &body, sketch);
    let may_matter = may_matter(&sketches, params);
    let pairs: Vec<(u32, u32)> =
        pairs.iter().copied().filter(|&(earlier, later)| may_matter(earlier, later)).collect();
    merges.add_all(&pairs, &Comparison { roles, features: &features, weights, params });
    (merges.representative, merges.similarity)
}

/// Whether two rows may be near duplicates, or similar, by their sketches; most rows that share a
/// band in a large corpus are not.
fn may_matter<'s>(
    sketches: &'s [Sketch],
    params: &CleanParams,
) -> impl Fn(u32, u32) -> bool + Sync + use<'s> {
    let least = params.near_duplicate.min(LEAST_CONTAINED_JACCARD).min(LEAST_OF_MANY);
    let fewest = fewest_equal(least);
    move |earlier, later| sketches[earlier as usize].may_reach(&sketches[later as usize], fewest)
}

/// The row of the first role with the same text, spelling aside, for every role.
fn first_of_each_text(texts: &[LongText]) -> Vec<usize> {
    let keys: Vec<u64> = texts.par_iter().map(|text| text_key(text)).collect();
    let mut first: HashMap<u64, usize> = HashMap::new();
    keys.into_iter().enumerate().map(|(row, key)| *first.entry(key).or_insert(row)).collect()
}

/// What each role has been merged into so far, and how similar the two are.
struct Merges {
    representative: Vec<usize>,
    similarity: Vec<f64>,
    /// The pairs that are left; `None` where nobody asks for them.
    similar: Option<SimilarRows>,
}

impl Merges {
    /// Nothing is merged but copies into what they copy.
    fn new(representative: Vec<usize>, gathers_similar: bool) -> Self {
        let similarity = vec![1.0; representative.len()];
        Merges { representative, similarity, similar: gathers_similar.then(SimilarRows::default) }
    }

    /// Merges rows in order, each by the pairs in which it is the later one, and takes note of
    /// the pairs that are left.
    fn add_all(&mut self, pairs: &[(u32, u32)], compare: &Comparison<'_>) {
        pairs.chunk_by(|a, b| a.1 == b.1).for_each(|near| self.add(near, compare));
        if let Some(similar) = &mut self.similar {
            let is_left = |row: u32| self.representative[row as usize] == row as usize;
            let is_pair = |&(earlier, later): &(u32, u32)| is_left(earlier) && is_left(later);
            let left: Vec<(u32, u32)> = pairs.iter().copied().filter(is_pair).collect();
            *similar = std::mem::take(similar).join(compare.similar(&left));
        }
    }

    /// Merges a row into the most similar of the earlier rows it is paired with, if any is a
    /// near duplicate.
    fn add(&mut self, pairs: &[(u32, u32)], compare: &Comparison<'_>) {
        let row = pairs[0].1 as usize;
        // What an earlier row was merged into stands for it.
        let mut leaders: Vec<usize> =
            pairs.iter().map(|&(earlier, _)| self.representative[earlier as usize]).collect();
        leaders.sort_unstable();
        leaders.dedup();
        let best = leaders
            .into_iter()
            .filter_map(|leader| compare.similarity(leader, row).map(|s| (s, leader)))
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((found, leader)) = best {
            self.representative[row] = leader;
            self.similarity[row] = found;
        }
    }

    /// Copies follow the role they copy.
    fn finish(mut self, roles: &[Role], exact: &[usize], features: FeatureLists) -> Merged {
        let mut duplicates = Vec::new();
        for (row, &copied) in exact.iter().enumerate() {
            // A copy of a role that is itself merged is as near to the first as that one is.
            let kind = if copied != row && self.representative[copied] == copied {
                DuplicateKind::Exact
            } else {
                DuplicateKind::Near
            };
            if copied != row {
                self.representative[row] = self.representative[copied];
                self.similarity[row] = self.similarity[copied];
            }
            let of = self.representative[row];
            if of != row {
                let (role, of) = (roles[row].id.clone(), roles[of].id.clone());
                duplicates.push(Duplicate { role, of, kind, similarity: self.similarity[row] });
            }
        }
        let similar = self.similar.unwrap_or_default();
        Merged { representative: self.representative, duplicates, similar, features }
    }
}

/// By what rows are compared.
struct Comparison<'a> {
    roles: &'a [Role],
    features: &'a FeatureLists,
    weights: &'a Weights,
    params: &'a CleanParams,
}

impl Comparison<'_> {
    /// Those of the pairs that are worth a look, by the Jaccard similarity of their shingles.
    fn similar(&self, pairs: &[(u32, u32)]) -> SimilarRows {
        let shingles = |row: u32| self.features.shingles(row as usize);
        among(pairs, &shingles, self.params.similar.max(LEAST_OF_MANY))
    }

    /// The Jaccard similarity of two roles' shingles, if they are near duplicates.
    fn similarity(&self, a: usize, b: usize) -> Option<f64> {
        let (x, y) = (self.features.shingles(a), self.features.shingles(b));
        let both = shared(x, y) as f64;
        let (x_size, y_size) = (x.len() as f64, y.len() as f64);
        let jaccard = both / (x_size + y_size - both);
        let alike = jaccard >= self.params.near_duplicate;
        let held = both / x_size.min(y_size) >= self.params.near_contained
            && jaccard >= LEAST_CONTAINED_JACCARD;
        if !alike && !held {
            return None;
        }
        let (x, y) = (self.features.words(a), self.features.words(b));
        let near = self.weights.jaccard(x, y) >= LEAST_TELLING
            && same_work((&self.roles[a], x), (&self.roles[b], y));
        near.then_some(jaccard)
    }
}

/// Whether two roles whose texts are nearly the same are the same work, by their titles and
/// the words of their texts.
///
/// Jobs of one template (`chemistry lecturer`, `history lecturer`) swap a word of the title
/// throughout the text. And titles that name other work must be made up for by the stacks.
fn same_work(a: (&Role, &[u32]), b: (&Role, &[u32])) -> bool {
    let (x, y) = (Title::of(a.0), Title::of(b.0));
    let has = |set: &[u32], word: &u32| set.binary_search(word).is_ok();
    let swapped_in = |own: &Title, text: &[u32], title: &Title, other: &[u32]| {
        let (own, title) = (own.word_set(), title.word_set());
        own.iter().any(|word| has(text, word) && !has(&title, word) && !has(other, word))
    };
    if swapped_in(&x, a.1, &y, b.1) && swapped_in(&y, b.1, &x, a.1) {
        return false;
    }
    x.is_empty() || y.is_empty() || x.names_work_of(&y) || stacks_agree(a.0, b.0)
}

fn stacks_agree(a: &Role, b: &Role) -> bool {
    let lower =
        |role: &Role| role.stack.iter().map(|e| e.to_lowercase()).collect::<BTreeSet<String>>();
    let (x, y) = (lower(a), lower(b));
    let both = x.intersection(&y).count();
    both > 0 && both as f64 >= LEAST_STACK * x.union(&y).count() as f64
}

/// A hash of letters and digits alone, with the marks that make another name (`C++`, `C#`).
fn letters_hash(text: &str) -> u64 {
    let letters: String = spelled(text)
        .chars()
        .filter(|c| Script::of(*c) != Script::Common || matches!(c, '+' | '#'))
        .collect();
    hash(&letters)
}
