//! How the clusters of one clustering continue in the next.

use serde::{Deserialize, Serialize};

use crate::clustering::ClusterId;

/// How clusters of one clustering go on in the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// One cluster goes on as one.
    Kept,
    /// One cluster goes on as several.
    Split,
    /// Several clusters go on as one.
    Merged,
    /// A cluster with no forerunner.
    New,
    /// A cluster without successor: its roles are scattered, noise, or no longer there.
    Gone,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub fate: Fate,
    /// The clusters before, largest part first; empty for a new one.
    pub old: Vec<ClusterId>,
    /// The clusters after, largest part first; empty for one that is gone.
    pub new: Vec<ClusterId>,
}

/// All clusters before and after, each in at least one event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lineage {
    /// Roles present both times.
    pub shared_roles: usize,
    /// Kept first, then split, merged, new and gone.
    pub events: Vec<Event>,
}
