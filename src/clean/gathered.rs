//! What an engine has gathered from many machines, settled as [`clean`](super::clean()) settles it in
//! memory: which sentences recur, and which roles repeat which.

use std::collections::{BTreeMap, HashMap};

use arcstr::ArcStr;
use serde::Deserialize;

use super::bounded::Bounded;
use super::features::Weights;
use super::params::CleanParams;
use super::{boilerplate, duplicates, key};
use crate::long_text::LongText;
use crate::role::{Origin, Role, RoleId};
use crate::text::sentences;

/// A role, by what is compared of it.
#[derive(Debug, Clone, Default, Deserialize)]
struct GatheredRole {
    title: Option<ArcStr>,
    /// Its description, or its cleaned text.
    text: Option<String>,
    stack: Option<Vec<ArcStr>>,
}

impl GatheredRole {
    fn role(self) -> (Role, LongText) {
        let role = Role {
            id: RoleId::new(""),
            title: self.title.unwrap_or_default(),
            description: LongText::default(),
            stack: self.stack.unwrap_or_default(),
            section: None,
            origin: Origin::default(),
            facts: Default::default(),
            fields: Default::default(),
        };
        (role, self.text.unwrap_or_default().into())
    }
}

/// Sentences that many roles say, with some of these roles.
#[derive(Debug, Clone, Deserialize)]
pub struct GatheredSentences {
    roles: Vec<GatheredRole>,
    /// The key of each sentence, and the places of some roles that say it, in order.
    said_by: Vec<(i64, Vec<usize>)>,
    /// Places of roles two and two, by which to tell how much any two resemble each other.
    base: Vec<usize>,
}

impl GatheredSentences {
    /// The sentences that recur among roles which have nothing else in common, in the wording of
    /// the first role given for each, with their keys and by these.
    ///
    /// # Errors
    /// When a place is that of no role.
    pub fn recurring(self, params: &CleanParams) -> Result<BTreeMap<u64, String>, String> {
        let places = self.said_by.iter().flat_map(|(_, at)| at).chain(&self.base);
        refuse_outside(places.copied(), self.roles.len())?;
        let role = |role: GatheredRole| {
            let (role, description) = role.role();
            Role { description, ..role }
        };
        let roles: Vec<Role> = self.roles.into_iter().map(role).collect();
        let bounded = Bounded::new(&roles);
        let rows: Vec<usize> = (0..roles.len()).collect();
        // Engines know no numbers without a sign.
        let said_by: HashMap<u64, Vec<usize>> =
            self.said_by.into_iter().map(|(key, at)| (key as u64, at)).collect();
        let first = |key: &u64| said_by.get(key).and_then(|at| at.first()).copied();
        let wording = |key: u64| {
            let said = sentences(bounded.description(first(&key)?));
            let found = said.into_iter().find(|sentence| key::key(sentence) == Some(key))?;
            Some((key, found.to_string()))
        };
        let recurring =
            boilerplate::not_topical((&bounded, &rows), said_by.clone(), &self.base, params);
        Ok(recurring.into_iter().filter_map(wording).collect())
    }
}

/// Roles that may repeat each other, and no role outside.
#[derive(Debug, Clone, Deserialize)]
pub struct GatheredDuplicates {
    /// In the order of the corpus, cleaned, those left out that copy another.
    roles: Vec<GatheredRole>,
    /// Places of pairs that may be near duplicates, the earlier first.
    pairs: Vec<(u32, u32)>,
    /// Roles of the whole corpus.
    n_roles: usize,
    /// How many of these have a word of a place, for all places of words of `roles`.
    counts: Vec<(usize, u32)>,
}

impl GatheredDuplicates {
    /// For each role the place of the one that it repeats, or its own, and how similar the two are.
    ///
    /// # Errors
    /// When a pair is of no roles, or stands the wrong way round.
    pub fn merged(mut self, params: &CleanParams) -> Result<(Vec<usize>, Vec<f64>), String> {
        let places = self.pairs.iter().flat_map(|&(a, b)| [a as usize, b as usize]);
        refuse_outside(places, self.roles.len())?;
        if let Some((a, b)) = self.pairs.iter().find(|(a, b)| a >= b) {
            return Err(format!("the pair {a}, {b} does not begin with the earlier role"));
        }
        self.pairs.sort_unstable_by_key(|&(earlier, later)| (later, earlier));
        self.pairs.dedup();
        let (roles, texts): (Vec<Role>, Vec<LongText>) =
            self.roles.into_iter().map(GatheredRole::role).unzip();
        let weights = Weights::of_counts(self.n_roles, self.counts);
        Ok(duplicates::merge_pairs((&roles, &texts), &self.pairs, &weights, params))
    }
}

fn refuse_outside(mut places: impl Iterator<Item = usize>, n: usize) -> Result<(), String> {
    match places.find(|&at| at >= n) {
        Some(at) => Err(format!("place {at} is that of no role; there are {n}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::clean::{Cleaned, RoleCleaner, clean};
    use crate::progress::Silent;
    use crate::role::Corpus;

    /// Jobs of three trades, some of them nearly alike, with two closings that all trades share and
    /// a duty that one trade shares.
    fn roles() -> Vec<Role> {
        let trades = [
            ("Lorry driver", "drives lorries over the mountains to the ports of the south coast"),
            ("Baker", "bakes bread and rolls before dawn in a shop beside the old mill"),
            ("Auditor", "audits ledgers of small shops and explains what is wrong with them"),
        ];
        let closings = ["Our canteen has the finest soup.", "The office dog greets visitors."];
        let detail = |at: usize| {
            let words =
                ["amber", "birch", "cedar", "dune", "elm", "fern", "grove", "heath", "iris"];
            let mut state = at as u32 + 1;
            let mut word = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                words[(state >> 16) as usize % words.len()]
            };
            (0..14).map(|_| word()).collect::<Vec<_>>().join(" ")
        };
        (0..60)
            .map(|at| {
                // Every fifth says nearly what the one before it says.
                let own = if at % 5 == 4 { at - 1 } else { at };
                let (title, work) = trades[own % 3];
                let calm = if at % 5 == 4 { "calmly" } else { "patiently" };
                let duty =
                    if own % 3 == 0 { "\nCheck the tyres of every lorry twice." } else { "" };
                let (role, _) =
                    GatheredRole { title: Some(title.into()), ..GatheredRole::default() }.role();
                let description =
                    format!("Who {work} {calm}, {}.{duty}\n{}", detail(own), closings[own % 2]);
                Role { id: RoleId::new(at.to_string()), description: description.into(), ..role }
            })
            .collect()
    }

    fn in_memory() -> (Vec<Role>, Cleaned) {
        let roles = roles();
        let cleaned = clean(&Corpus::new(roles.clone()), &CleanParams::default(), &Silent);
        (roles, cleaned)
    }

    #[test]
    fn sentences_that_recur_are_those_that_recur_in_memory() {
        let (roles, cleaned) = in_memory();
        let cleaner = RoleCleaner::new(&[]);
        let keys: Vec<Vec<u64>> =
            roles.iter().map(|role| cleaner.clean(role).sentence_keys).collect();
        let written: BTreeSet<u64> =
            roles.iter().map(|role| cleaner.clean(role).written_key).collect();
        assert_eq!(written.len(), roles.len(), "sentences are counted over different roles");
        let mut said_by: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (at, keys) in keys.iter().enumerate() {
            keys.iter().for_each(|&key| said_by.entry(key as i64).or_default().push(at));
        }
        said_by.retain(|_, at| at.len() >= 4);
        for at in said_by.values_mut() {
            let count = at.len();
            let wanted = count.min(24);
            *at = (0..wanted).map(|k| at[(k * count).div_ceil(wanted)]).collect();
        }
        let base: Vec<usize> = (0..30).flat_map(|i| [i, i + 30]).collect();
        let described: Vec<_> = roles
            .iter()
            .map(|role| json!({"title": role.title, "text": role.description, "stack": null}))
            .collect();
        let said_by: Vec<_> = said_by.into_iter().collect();
        let group = json!({"roles": described, "said_by": said_by, "base": base});
        let group: GatheredSentences = serde_json::from_value(group).unwrap();
        let found = group.recurring(&CleanParams::default()).unwrap();
        let found: BTreeSet<&str> = found.values().map(String::as_str).collect();
        let expected: BTreeSet<&str> =
            cleaned.boilerplate.iter().map(|b| b.sentence.as_str()).collect();
        assert_eq!(found, expected);
        assert!(found.len() >= 2, "{found:?}");
    }

    #[test]
    fn who_repeats_whom_is_what_it_is_in_memory() {
        let (roles, cleaned) = in_memory();
        let cleaner = RoleCleaner::new(&cleaned.boilerplate);
        let one: Vec<_> = roles.iter().map(|role| cleaner.clean(role)).collect();
        let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
        one.iter().flat_map(|role| &role.word_places).for_each(|&place| {
            *counts.entry(place).or_default() += 1;
        });
        let bands = |at: usize| one[at].bands.clone().unwrap_or_default();
        let meet = |a: usize, b: usize| bands(a).iter().zip(bands(b)).any(|(x, y)| *x == y);
        // Bands of sixty roles are not crowded, so that each meets all it shares one with.
        let pairs: Vec<(usize, usize)> = (0..roles.len())
            .flat_map(|b| (0..b).map(move |a| (a, b)))
            .filter(|&(a, b)| meet(a, b))
            .collect();
        let described: Vec<_> = one
            .iter()
            .map(|role| json!({"title": role.title, "text": role.text, "stack": role.stack}))
            .collect();
        let group = |pairs: &[(usize, usize)]| {
            let counts: Vec<_> = counts.iter().collect();
            let n = roles.len();
            let group = json!({"roles": described, "pairs": pairs, "n_roles": n, "counts": counts});
            serde_json::from_value::<GatheredDuplicates>(group).unwrap()
        };
        let (representative, similarity) = group(&pairs).merged(&CleanParams::default()).unwrap();
        assert_eq!(representative, cleaned.representative);
        assert!(!cleaned.duplicates.is_empty() && cleaned.duplicates.len() < 20);
        let found: Vec<f64> = cleaned.duplicates.iter().map(|d| d.similarity).collect();
        let merged = (0..roles.len()).filter(|&at| representative[at] != at);
        assert_eq!(merged.map(|at| similarity[at]).collect::<Vec<_>>(), found);

        for (pair, why) in [((3, 60), "place 60 is that of no role"), ((4, 4), "earlier role")] {
            let error = group(&[pair]).merged(&CleanParams::default()).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
