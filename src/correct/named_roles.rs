//! The roles that corrections name.

use std::collections::{BTreeSet, HashSet};

use crate::corrections::{Corrections, CorrectionsError};
use crate::role::Role;

/// An id is taken for another when it is at least this much like it, in `[0, 1]`.
const LIKE: f64 = 0.6;

/// Refuses ids that no role has, unless one had it when the correction was made.
///
/// # Errors
/// Names the first such id, and the id most like it.
pub fn refuse_unknown(
    roles: &[Role],
    corrections: &Corrections,
    named_before: &BTreeSet<String>,
) -> Result<(), CorrectionsError> {
    let known: HashSet<&str> = roles.iter().map(|role| role.id.as_str()).collect();
    for entry in corrections.entries() {
        let mut named = entry.change.named().map(|id| id.as_str());
        let unknown = named.find(|id| !known.contains(id) && !named_before.contains(*id));
        let Some(id) = unknown else { continue };
        let mut likest: Vec<(f64, &str)> = known
            .iter()
            .map(|other| (strsim::normalized_damerau_levenshtein(id, other), *other))
            .filter(|(like, _)| *like >= LIKE)
            .collect();
        likest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let nearest = match likest.first() {
            Some((_, other)) => format!(" (the nearest is {other:?})"),
            None => String::new(),
        };
        let kind = entry.change.kind();
        let what = format!(
            "the {kind} names role {id:?}, and no role has that id{nearest}; put it right, or leave \
             it out; `rolecluster export DIR --format csv` lists all ids"
        );
        return Err(corrections.error(entry.line, what));
    }
    Ok(())
}
