//! What a cluster is about, in words a person reads.

use serde::{Deserialize, Serialize};

use crate::clustering::ClusterId;
use crate::role::RoleId;

/// A word or phrase typical of a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The word as most roles write it.
    pub term: String,
    /// Class-based TF-IDF weight: higher is more typical.
    pub score: f64,
}

/// How often a technology is asked for, here and over all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TechnologyUse {
    /// Canonical name, such as `Kubernetes`.
    pub name: String,
    /// Kind, such as `language`, `database`, `monitoring`.
    pub kind: String,
    /// Roles that name it (a role counts once).
    pub count: usize,
    /// `count` over the number of roles looked at, in `[0, 1]`.
    pub share: f64,
    /// Share here over share in all roles; 1 is no more than usual.
    pub lift: f64,
}

/// A specialisation: name, vocabulary, technologies and the roles that show it best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClusterProfile {
    /// The cluster described.
    pub id: ClusterId,
    /// Short, distinct, human.
    pub name: String,
    /// Number of roles.
    pub size: usize,
    /// Most typical words first.
    pub terms: Vec<Term>,
    /// Most asked-for first.
    pub technologies: Vec<TechnologyUse>,
    /// The three roles nearest the centre, nearest first.
    pub exemplars: Vec<RoleId>,
}
