//! The question to a search, its options, and an answer.

use serde::Serialize;

use crate::clustering::{ClusterId, DirectionId};
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
#[derive(Debug, Clone, PartialEq)]
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
    /// Only roles with at least this score, see [`Hit::score`]. Without it there are no hits when
    /// the best role is no nearer than chance brings an unrelated text, see [`Answer::noise`].
    pub min_score: Option<f32>,
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
            min_score: None,
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The roles, best first.
    pub hits: Vec<Hit>,
    /// The query with its misspelt words put right, when that was searched for.
    pub searched_for: Option<String>,
    /// What the query says is not wanted; roles about it come later.
    pub unwanted: Option<String>,
    /// Whether the best role is no nearer than chance brings an unrelated text. Then there are no
    /// hits, unless a least score was given.
    pub nothing_near: bool,
    /// The score of the best role that passes the filters; `None` when there is none.
    pub best: Option<f32>,
    /// The score that the best role may reach for a text that has nothing to do with any.
    pub noise: f32,
}

/// One role of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// 1 is nearest.
    pub rank: usize,
    /// The role.
    pub id: RoleId,
    /// Its title.
    pub title: String,
    /// How surely it is what was asked for, in `[0, 1]`, on one scale for all queries, roles and
    /// modes: 0 is no nearer than an unrelated text, 1 the same text, and a role with
    /// every word of the query has 0.7 or more. See [`fuse`](crate::search::fuse()) for how nearness in meaning
    /// and the share of the words become one number; the modes `semantic` and `lexical` show one
    /// of the two.
    pub score: f32,
    /// Its cluster; `None` for noise, or before clustering.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: Option<String>,
    /// The direction of its cluster.
    pub direction: Option<DirectionId>,
    /// The direction's name.
    pub direction_name: Option<String>,
    /// Its section in the input.
    pub section: Option<String>,
    /// Why it is here; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// A query after it was embedded or looked up.
pub(super) struct Resolved {
    pub(super) text: String,
    /// The same without what it says is not wanted.
    pub(super) wanted: String,
    /// Whether misspelt words of the text were put right.
    pub(super) corrected: bool,
    /// What is not wanted, by the query or the options.
    pub(super) unwanted: Option<String>,
    /// The part of it that the query says.
    pub(super) denied: Option<String>,
    /// Empty in lexical mode.
    pub(super) vector: Vec<f32>,
    /// The row of the role that others shall be like.
    pub(super) itself: Option<usize>,
}
