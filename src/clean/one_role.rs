//! One role at a time, where a corpus is spread over many machines: its cleaned text, and the keys
//! by which other programs count over all of it what [`clean`](super::clean()) counts in memory.

use std::collections::HashSet;

use arcstr::ArcStr;

use super::features::{bucket, word_set};
use super::minhash::Hasher;
use super::{boilerplate, duplicates, key, strip};
use crate::intake::{BoilerplateSentence, BoilerplateSource};
use crate::role::Role;
use crate::text;

/// Cleans roles one at a time. What it says of a role depends on nothing but that role.
pub struct RoleCleaner {
    recurring: HashSet<u64>,
    hasher: Hasher,
}

/// A role cleaned by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanedRole {
    /// Its title.
    pub title: ArcStr,
    /// Its technologies.
    pub stack: Vec<ArcStr>,
    /// The text to embed.
    pub text: String,
    /// Sentences and clauses left out of it, in order.
    pub left_out: Vec<String>,
    /// The key of each of them: wordings of one sentence share it.
    pub left_out_keys: Vec<u64>,
    /// How each of them was known.
    pub left_out_sources: Vec<BoilerplateSource>,
    /// Equal for roles that are written alike, spelling aside: count sentences over one role of
    /// each.
    pub written_key: u64,
    /// A key per sentence that the lexicon does not know, each once: the number of roles that
    /// have it says how far the sentence recurs.
    pub sentence_keys: Vec<u64>,
    /// Equal for roles whose cleaned texts are the same, spelling aside.
    pub text_key: u64,
    /// MinHash bands: roles that share one may be near duplicates. `None` for a text too short.
    pub bands: Option<Vec<u64>>,
    /// Where each different word of the text without its title is counted, of 2^20 places: in how
    /// many texts each place is says how much the words of it tell.
    pub word_places: Vec<u64>,
}

impl RoleCleaner {
    /// Leaves out what the lexicon knows, and what recurs by `boilerplate`.
    pub fn new(boilerplate: &[BoilerplateSentence]) -> Self {
        let recurring = boilerplate.iter().filter(|b| b.source == BoilerplateSource::Recurring);
        let recurring = recurring.filter_map(|b| key::key(&b.sentence)).collect();
        RoleCleaner { recurring, hasher: Hasher::new() }
    }

    /// Leaves out these sentences too.
    #[must_use]
    pub fn and_sentences(mut self, sentences: &[String]) -> Self {
        self.recurring.extend(sentences.iter().filter_map(|sentence| key::key(sentence)));
        self
    }

    /// The text to embed, and no more.
    pub fn text(&self, role: &Role) -> String {
        strip::strip(role, &text::excerpt(&role.description), &self.recurring).text
    }

    /// The whole description without the same sentences, however long it is; one of which nothing
    /// would be left stays as it is.
    pub fn description(&self, role: &Role) -> String {
        match strip::strip_description(&role.description, &self.recurring) {
            Some((stripped, _)) => stripped,
            None => role.description.to_string(),
        }
    }

    /// The text to embed, and the keys.
    pub fn clean(&self, role: &Role) -> CleanedRole {
        let description = text::excerpt(&role.description);
        let strip::Stripped { text, left_out, .. } =
            strip::strip(role, &description, &self.recurring);
        let signature = duplicates::signature(&self.hasher, role, &text);
        let words = word_set(duplicates::body_of(role, &text));
        CleanedRole {
            title: role.title.clone(),
            stack: role.stack.clone(),
            left_out_keys: left_out.iter().map(|left_out| left_out.key).collect(),
            left_out_sources: left_out.iter().map(|left_out| left_out.source).collect(),
            left_out: left_out.into_iter().map(|left_out| left_out.sentence).collect(),
            word_places: words.into_iter().map(|word| bucket(word) as u64).collect(),
            written_key: duplicates::written_key(role, &description),
            sentence_keys: boilerplate::sentence_keys(&description),
            text_key: duplicates::text_key(&text),
            bands: signature.map(|bands| bands.to_vec()),
            text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::{CleanParams, clean};
    use crate::progress::Silent;
    use crate::role::{Corpus, RoleId};

    fn role(id: usize, description: String) -> Role {
        Role {
            id: RoleId::new(id.to_string()),
            title: format!("Job {id}").into(),
            description: description.into(),
            ..Role::default()
        }
    }

    /// Eight different jobs, of which the last says what the first says but for one word.
    fn roles() -> Vec<Role> {
        let work = [
            "drives lorries over the mountains",
            "bakes bread and rolls before dawn",
            "audits ledgers of small shops",
            "keeps bees on the roofs of schools",
            "repairs violins with old tools",
            "teaches swimming to small children",
            "paints ships in the dry dock",
        ];
        let detail = "with care and patience from early spring until late autumn every single year \
            in all kinds of weather beside colleagues who have done this for decades and know how";
        let closing = "Our canteen has the finest soup in the whole county.";
        let text = |work: &str| format!("Who {work} {detail}.\n{closing}");
        let mut roles: Vec<Role> =
            work.iter().enumerate().map(|(id, work)| role(id, text(work))).collect();
        let near = text(work[0]).replace("patience", "calm");
        roles.push(Role { title: "Job 0".into(), ..role(7, near) });
        roles
    }

    #[test]
    fn one_at_a_time_with_the_corpus_s_sentences_gives_the_corpus_s_texts() {
        let roles = roles();
        let corpus = Corpus::new(roles.clone());
        let cleaned = clean(&corpus, &CleanParams::default(), &Silent);
        assert!(!cleaned.boilerplate.is_empty(), "the canteen recurs");
        let cleaner = RoleCleaner::new(&cleaned.boilerplate);
        let one = roles.iter().map(|role| cleaner.clean(role)).collect::<Vec<_>>();
        for ((found, expected), role) in one.iter().zip(&cleaned.texts).zip(&roles) {
            assert_eq!(*expected, found.text);
            assert_eq!(cleaner.text(role), found.text);
        }
        // The near duplicate shares a band with the role it repeats, and no other role does.
        assert_eq!(cleaned.representative[7], 0);
        let meet = |a: usize, b: usize| {
            let bands = |at: usize| one[at].bands.clone().unwrap_or_default();
            bands(a).iter().any(|band| bands(b).contains(band))
        };
        assert!(meet(7, 0));
    }

    #[test]
    fn sentence_keys_count_what_recurs() {
        let cleaner = RoleCleaner::new(&[]);
        let keys: Vec<Vec<u64>> =
            roles().iter().map(|role| cleaner.clean(role).sentence_keys).collect();
        let canteen = key::key("Our canteen has the finest soup in the whole county.").unwrap();
        assert!(keys.iter().all(|keys| keys.contains(&canteen)));
    }
}
