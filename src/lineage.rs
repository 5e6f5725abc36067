//! What became of earlier clusters when new ones were found.

use serde::{Deserialize, Serialize};

use crate::clustering::ClusterId;

/// How a cluster of one clustering goes on in the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Event {
    /// One cluster goes on as one.
    Kept {
        /// Before.
        old: ClusterId,
        /// After.
        new: ClusterId,
        /// Roles in both.
        shared: usize,
    },
    /// One cluster goes on as several.
    Split {
        /// Before.
        old: ClusterId,
        /// After, largest part first.
        new: Vec<ClusterId>,
    },
    /// Several clusters go on as one.
    Merged {
        /// Before, largest part first.
        old: Vec<ClusterId>,
        /// After.
        new: ClusterId,
    },
    /// A cluster with no forerunner.
    New {
        /// After.
        new: ClusterId,
    },
    /// A cluster without successor: its roles are scattered, noise, or no longer there.
    Gone {
        /// Before.
        old: ClusterId,
    },
}

/// All clusters before and after, each in at least one event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lineage {
    /// Roles present both times.
    pub shared_roles: usize,
    /// Kept first, then split, merged, new and gone.
    pub events: Vec<Event>,
}
