//! What becomes of the roles that a run folder holds when it is written again.

use std::collections::{HashMap, HashSet};

use crate::error::Error;
use crate::intake::Intake;
use crate::read::Outcome;
use crate::role::{Corpus, Role};
use crate::store::{Part, RunFolder, StoreError};

/// What becomes of roles that the folder holds and the input does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EarlierRoles {
    /// The folder is not written when there are any.
    #[default]
    Refused,
    /// They stay, before those of the input.
    Kept,
    /// They go.
    Dropped,
}

/// The roles to be written: those of the input and, where they are kept, those of the folder.
///
/// A role of the folder is in the input when one there has the same text, or the same id and
/// title: then it was only edited, and the input's version holds. Digests number their roles, so
/// the id alone does not tell.
///
/// # Errors
/// When the folder holds roles that are not in the input and nothing says what becomes of them.
pub(super) fn join(
    folder: &RunFolder,
    outcome: Outcome,
    earlier: EarlierRoles,
) -> Result<Outcome, Error> {
    if earlier == EarlierRoles::Dropped || !folder.has(Part::Roles) {
        return Ok(outcome);
    }
    let stored = match folder.roles() {
        Ok(stored) => stored.corpus,
        // Making the run again is how a damaged folder is mended.
        Err(StoreError::Damaged { .. }) if earlier == EarlierRoles::Refused => return Ok(outcome),
        Err(error) => return Err(error.into()),
    };
    let known = Known::of(outcome.corpus.roles());
    let missing: Vec<&Role> = stored.roles().iter().filter(|role| !known.has(role)).collect();
    let Some(first) = missing.first() else { return Ok(outcome) };
    if earlier == EarlierRoles::Refused {
        let named = if first.title.is_empty() { first.id.as_str() } else { &first.title };
        let (folder, example) = (folder.path().to_path_buf(), named.to_string());
        let (count, of) = (missing.len(), stored.len());
        return Err(StoreError::OtherRoles { folder, count, of, example }.into());
    }
    let intake: Intake = folder.json(Part::Intake)?;
    let missing: Vec<Role> = missing.into_iter().cloned().collect();
    Ok(joined(missing, intake, outcome))
}

/// Roles by what makes them the same.
struct Known<'a> {
    hashes: HashSet<String>,
    titles: HashMap<&'a str, &'a str>,
}

impl<'a> Known<'a> {
    fn of(roles: &'a [Role]) -> Self {
        Known {
            hashes: roles.iter().map(Role::content_hash).collect(),
            titles: roles.iter().map(|role| (role.id.as_str(), role.title.as_str())).collect(),
        }
    }

    fn has(&self, role: &Role) -> bool {
        self.titles.get(role.id.as_str()) == Some(&role.title.as_str())
            || self.hashes.contains(&role.content_hash())
    }
}

/// The roles that were there, then those of the input, with the notes on both. What cleaning finds
/// is found again.
fn joined(earlier: Vec<Role>, intake: Intake, outcome: Outcome) -> Outcome {
    let roles = earlier.into_iter().chain(outcome.corpus.roles().iter().cloned());
    let corpus = Corpus::new(roles.collect());
    let Intake { mut files, mut skipped, skipped_total, mut set_aside, .. } = intake;
    // A file that is read again is noted as it is now.
    files.retain(|note| outcome.files.iter().all(|now| now.file != note.file));
    skipped.retain(|one| outcome.files.iter().all(|now| now.file != one.file));
    set_aside.retain(|one| outcome.files.iter().all(|now| now.file != one.file));
    let skipped_total = if files.is_empty() { 0 } else { skipped_total };
    files.extend(outcome.files);
    skipped.extend(outcome.skipped);
    set_aside.extend(outcome.set_aside);
    let skipped_total = skipped_total + outcome.skipped_total;
    Outcome { corpus, files, skipped, skipped_total, set_aside }
}
