//! The question to a search, its options, and an answer.

use serde::Serialize;

use crate::clustering::ClusterId;
use crate::role::RoleId;
use crate::search::{Explanation, Filter, Mode};

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Roles like this text.
    Text(String),
    /// Roles like this one, itself left out.
    Like(RoleId),
}

/// How to look for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchOptions {
    /// How many roles.
    pub k: usize,
    /// What ranks them.
    pub mode: Mode,
    /// Only roles that pass all of these.
    pub filters: Vec<Filter>,
    /// Roles like this text come later.
    pub not: Option<String>,
    /// Whether hits say why.
    pub explain: Explain,
}

/// Whether hits say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Explain {
    /// They do not.
    #[default]
    No,
    /// With the sentence that says most of the query's words, shared words and shared
    /// technologies: reading, no computing.
    ByWords,
    /// The same with the sentence nearest the query; every sentence of every hit is embedded.
    Yes,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            k: 10,
            mode: Mode::default(),
            filters: Vec::new(),
            not: None,
            explain: Explain::No,
        }
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// 1 is nearest.
    pub rank: usize,
    /// The role.
    pub id: RoleId,
    /// Its title.
    pub title: String,
    /// What it is ranked by: cosine similarity in `[-1, 1]` (semantic), BM25 (lexical), or the
    /// two scaled and joined in `[0, 1]` (hybrid).
    pub score: f32,
    /// Its cluster; `None` for noise, or before clustering.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: Option<String>,
    /// Its section in the input.
    pub section: Option<String>,
    /// Why it is here; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}
