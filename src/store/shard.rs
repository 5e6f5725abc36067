//! A share of a corpus that one of several jobs has embedded, and which shares make a whole.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoredRoles;
use super::manifest::describe_model;
use crate::embeddings::ModelFingerprint;

/// Most shares of one corpus.
const MOST: usize = 100_000;

/// One of several shares of about the same size, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// Not a share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("give I/N, such as 2/8 for the second of eight, with I from 1 to N and N up to {MOST}")]
pub struct NoShard;

impl Shard {
    /// Share `number`, from 1, of `of`.
    ///
    /// # Errors
    /// When there is no such share.
    pub fn new(number: usize, of: usize) -> Result<Self, NoShard> {
        match (1..=of).contains(&number) && of <= MOST {
            true => Ok(Shard { number, of }),
            false => Err(NoShard),
        }
    }

    /// The rows of this share among `n`: those of all shares are all rows, in order.
    pub fn rows(self, n: usize) -> Range<usize> {
        (self.number - 1) * n / self.of..self.number * n / self.of
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let (number, of) = text.split_once('/').ok_or(NoShard)?;
        let parse = |text: &str| text.trim().parse().map_err(|_| NoShard);
        Shard::new(parse(number)?, parse(of)?)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// What a folder says of the share in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardNote {
    /// Which one.
    pub shard: Shard,
    /// Roles of the whole corpus.
    pub n_roles: usize,
    /// SHA-256 of the whole corpus as it was read and cleaned.
    pub corpus: String,
    /// For every role of the share the row of the role it repeats, or its own row, among all.
    pub representative: Vec<usize>,
}

impl ShardNote {
    /// Of one share of all roles.
    pub fn of(shard: Shard, all: &StoredRoles) -> Self {
        let n_roles = all.corpus.len();
        let representative = all.representative[shard.rows(n_roles)].to_vec();
        ShardNote { shard, n_roles, corpus: digest(all), representative }
    }
}

/// SHA-256 of roles, their texts and what they repeat.
fn digest(all: &StoredRoles) -> String {
    let mut hasher = Sha256::new();
    let rows = all.corpus.roles().iter().zip(&all.texts).zip(&all.representative);
    for ((role, text), representative) in rows {
        // Roles are texts and numbers, which always become JSON.
        let role = serde_json::to_vec(role).unwrap_or_default();
        for part in [role.as_slice(), text.as_bytes()] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.update((*representative as u64).to_le_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why shares do not make a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// Two corpora were cut into different numbers of shares.
    #[error(
        "{} holds shard {first_shard} and {} shard {other_shard}: shards of one corpus have one N; embed it again as one of them",
        first.display(), other.display()
    )]
    OtherCount {
        /// A folder.
        first: PathBuf,
        /// What it holds.
        first_shard: Shard,
        /// Another.
        other: PathBuf,
        /// What that holds.
        other_shard: Shard,
    },
    /// Two folders are shares of different corpora.
    #[error(
        "{} is of another input than {}, or was read by other options; embed the shard again from the same files, named the same way",
        other.display(), first.display()
    )]
    OtherCorpus {
        /// A folder.
        first: PathBuf,
        /// Another.
        other: PathBuf,
    },
    /// Two folders hold vectors of different models.
    #[error(
        "{} holds vectors of {first_model} and {} of {other_model}; embed the shard again with the same model, prompt and dtype",
        first.display(), other.display()
    )]
    OtherModel {
        /// A folder.
        first: PathBuf,
        /// Its model.
        first_model: String,
        /// Another.
        other: PathBuf,
        /// Its model.
        other_model: String,
    },
    /// A share comes twice.
    #[error("{} and {} both hold shard {shard}; leave one of them out", first.display(), other.display())]
    Repeated {
        /// The share.
        shard: Shard,
        /// A folder with it.
        first: PathBuf,
        /// Another.
        other: PathBuf,
    },
    /// Shares are missing.
    #[error(
        "{} missing: {}; run `rolecluster embed --shard` for {} and name the folder too",
        if .missing.len() == 1 { "a shard is" } else { "shards are" },
        listed(missing),
        if .missing.len() == 1 { "it" } else { "each of them" }
    )]
    Missing {
        /// Those that no folder holds.
        missing: Vec<Shard>,
    },
}

/// The first of them, and how many more there are.
fn listed(shards: &[Shard]) -> String {
    const NAMED: usize = 10;
    let named: Vec<String> = shards.iter().take(NAMED).map(Shard::to_string).collect();
    match shards.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// A folder with a share: its path, what it says, and the model of its vectors.
pub type Share<'a> = (&'a Path, &'a ShardNote, &'a ModelFingerprint);

/// The places of `shares` in the order in which they make a whole.
///
/// # Errors
/// When they are not of one corpus and one model, or one comes twice or is missing.
pub fn whole(shares: &[Share<'_>]) -> Result<Vec<usize>, ShardError> {
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let Some(&(first, note, model)) = shares.first() else { return Ok(Vec::new()) };
    let owned = |path: &Path| path.to_path_buf();
    for (at, &(path, found, other_model)) in shares.iter().enumerate() {
        let (first, other) = (owned(first), owned(path));
        if found.shard.of != note.shard.of {
            let (first_shard, other_shard) = (note.shard, found.shard);
            return Err(ShardError::OtherCount { first, first_shard, other, other_shard });
        }
        if (found.n_roles, &found.corpus) != (note.n_roles, &note.corpus) {
            return Err(ShardError::OtherCorpus { first, other });
        }
        // Equal bytes need equal arithmetic, beyond what makes vectors comparable.
        if !model.comparable_with(other_model) || model.dtype != other_model.dtype {
            let (first_model, other_model) = (describe_model(model), describe_model(other_model));
            return Err(ShardError::OtherModel { first, first_model, other, other_model });
        }
        if let Some(earlier) = places.insert(found.shard.number, at) {
            let first = owned(shares[earlier].0);
            return Err(ShardError::Repeated { shard: found.shard, first, other });
        }
    }
    let of = note.shard.of;
    let is_missing = |number: &usize| !places.contains_key(number);
    let missing: Vec<Shard> =
        (1..=of).filter(is_missing).map(|number| Shard { number, of }).collect();
    match missing.is_empty() {
        true => Ok(places.into_values().collect()),
        false => Err(ShardError::Missing { missing }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_all_rows_in_order() {
        for (n, of) in [(10, 3), (2, 5), (0, 2), (1_000_003, 7)] {
            let rows: Vec<usize> =
                (1..=of).flat_map(|number| Shard::new(number, of).unwrap().rows(n)).collect();
            assert!(rows.iter().copied().eq(0..n), "{n} in {of}");
        }
    }

    #[test]
    fn what_is_no_share_is_refused() {
        assert_eq!("2/8".parse::<Shard>().unwrap().to_string(), "2/8");
        for wrong in ["", "2", "0/3", "4/3", "1/0", "a/b", "-1/2", "1/100001", "1/2/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_makes_no_whole_is_told() {
        let note = |number, of, corpus: &str| ShardNote {
            shard: Shard::new(number, of).unwrap(),
            n_roles: 9,
            corpus: corpus.into(),
            representative: Vec::new(),
        };
        let model = ModelFingerprint {
            name: "m".into(),
            revision: "local".into(),
            digest: "d".into(),
            dimension: 2,
            dtype: "f32".into(),
            prompt: String::new(),
        };
        let other = ModelFingerprint { dtype: "f16".into(), ..model.clone() };
        let said = |shares: &[(&str, ShardNote, &ModelFingerprint)]| {
            let shares: Vec<Share<'_>> =
                shares.iter().map(|(path, note, model)| (Path::new(*path), note, *model)).collect();
            whole(&shares).map_err(|error| error.to_string())
        };
        let (a, b, c) = (note(1, 3, "x"), note(2, 3, "x"), note(3, 3, "x"));
        let found = said(&[("c", c.clone(), &model), ("a", a.clone(), &model), ("b", b, &model)]);
        assert_eq!(found.unwrap(), [1, 2, 0]);
        let errors = [
            said(&[("a", a.clone(), &model)]),
            said(&[("a", a.clone(), &model), ("c", c.clone(), &model)]),
            said(&[("a", a.clone(), &model), ("copy", a.clone(), &model)]),
            said(&[("a", a.clone(), &model), ("d", note(2, 4, "x"), &model)]),
            said(&[("a", a.clone(), &model), ("e", note(2, 3, "y"), &model)]),
            said(&[("a", a, &model), ("f", note(2, 3, "x"), &other)]),
        ];
        let errors: Vec<String> = errors.into_iter().map(Result::unwrap_err).collect();
        insta::assert_snapshot!(errors.join("\n"), @r"
        shards are missing: 2/3, 3/3; run `rolecluster embed --shard` for each of them and name the folder too
        a shard is missing: 2/3; run `rolecluster embed --shard` for it and name the folder too
        a and copy both hold shard 1/3; leave one of them out
        a holds shard 1/3 and d shard 2/4: shards of one corpus have one N; embed it again as one of them
        e is of another input than a, or was read by other options; embed the shard again from the same files, named the same way
        a holds vectors of model m (local, d, f32) and f of model m (local, d, f16); embed the shard again with the same model, prompt and dtype
        ");
    }
}
