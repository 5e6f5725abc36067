//! The standard occupations nearest specialisations and directions.

use serde::{Deserialize, Serialize};

use crate::clustering::{ClusterId, DirectionId};

/// A standard occupation, or a group of them, that the roles of a group are near.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupCode {
    /// `esco:` and the identifier of the concept, or the four digits of a unit group of ISCO-08.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// The mean of the scores that it has for the roles of the group, at most 1.
    pub score: f64,
    /// Share of these roles whose own nearest code it is, in `[0, 1]`.
    pub share: f64,
    /// The unit group of ISCO-08 that it belongs to; absent where the code is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isco: Option<String>,
}

/// The codes of all groups of a run, best first; a group that is near none has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupCodes {
    /// The standard: `esco` or `isco`.
    pub standard: String,
    /// The least score at which a code is near.
    pub least_score: f32,
    /// By cluster id.
    pub clusters: Vec<Vec<GroupCode>>,
    /// By direction id.
    pub directions: Vec<Vec<GroupCode>>,
}

impl GroupCodes {
    /// The codes of a cluster.
    pub fn of_cluster(&self, id: ClusterId) -> &[GroupCode] {
        self.clusters.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// The codes of a direction.
    pub fn of_direction(&self, id: DirectionId) -> &[GroupCode] {
        self.directions.get(id.index()).map_or(&[], Vec::as_slice)
    }
}
