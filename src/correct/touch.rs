//! What a person set about a group.

use std::collections::BTreeSet;

use crate::profile::ByHand;

/// What a person set about a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touch {
    /// The name it got.
    pub name: Option<String>,
    /// What was done.
    pub by_hand: BTreeSet<ByHand>,
}
