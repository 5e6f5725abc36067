//! Makes the changes a person wants in the groups that were found.
//!
//! [`correct()`] takes [`Corrections`] in the order of their file. Each finds the group it means by
//! the roles it names: the one that has more than half of those that are still there. One that
//! finds none changes nothing and says so. A role that repeats others takes these along wherever
//! it goes.

mod grouped_roles;
mod named_roles;
mod state;
mod touch;

use std::collections::BTreeSet;

use crate::cluster::{Fitted, Grouping, Regrouped};
use crate::clustering::{ClusterId, DirectionId};
use crate::corrections::{Corrections, CorrectionsError, Outcome};
use crate::profile::ByHand;
use state::State;

pub use grouped_roles::GroupedRoles;
pub use named_roles::refuse_unknown;
pub use touch::Touch;

/// The groups as a person wants them.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The groups.
    pub fitted: Fitted,
    /// What a person set, by cluster id.
    pub clusters: Vec<Touch>,
    /// What a person set, by direction id.
    pub directions: Vec<Touch>,
    /// The direction that each was before, by direction id; `None` for a new one.
    pub earlier_directions: Vec<Option<DirectionId>>,
    /// What a person said about the place of each role.
    pub rows: Vec<Option<ByHand>>,
    /// What became of each correction, in order.
    pub outcomes: Vec<Outcome>,
}

/// Makes the changes.
///
/// # Errors
/// When a correction names a role that neither is in the run nor was when it was made; `named_before`
/// holds the ids of those that were.
///
/// # Panics
/// If there is not a role for every row of `found`.
pub fn correct(
    found: Fitted,
    grouped: GroupedRoles,
    corrections: &Corrections,
    named_before: &BTreeSet<String>,
) -> Result<Corrected, CorrectionsError> {
    refuse_unknown(grouped.roles, corrections, named_before)?;
    let n_clusters = found.clustering.n_clusters();
    let n_directions = found.clustering.n_directions();
    let mut state = State::new(&found.clustering, grouped);
    let outcomes = corrections.entries().iter().map(|entry| state.make(entry)).collect();
    let State { groups, directions, touched, touched_directions, rows, .. } = state;
    let before = found.clustering.labels().iter().map(|label| label.map(ClusterId::index));
    let regrouped = if before.eq(groups.iter().copied()) {
        Regrouped {
            fitted: found,
            groups: (0..n_clusters).collect(),
            directions: (0..n_directions).collect(),
        }
    } else {
        found.regrouped(&Grouping { groups, directions })
    };
    let of_group = |group: &usize| touched.get(group).cloned().unwrap_or_default();
    let of_direction = |number: &usize| touched_directions.get(number).cloned().unwrap_or_default();
    let earlier = |&number: &usize| (number < n_directions).then_some(DirectionId(number as u32));
    Ok(Corrected {
        clusters: regrouped.groups.iter().map(of_group).collect(),
        directions: regrouped.directions.iter().map(of_direction).collect(),
        earlier_directions: regrouped.directions.iter().map(earlier).collect(),
        fitted: regrouped.fitted,
        rows,
        outcomes,
    })
}

#[cfg(test)]
mod tests;
