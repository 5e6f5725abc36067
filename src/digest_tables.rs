//! What a digest says in tables of its own, each figure beside what its roles say.

use serde::{Deserialize, Serialize};

/// The tables of the digests that were read; empty where they had none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DigestTables {
    /// Counts, such as how often each technology is named.
    pub counts: Vec<CountTable>,
    /// Technologies listed by kind.
    pub summaries: Vec<SummaryTable>,
    /// Requirements said to be common to all roles.
    pub requirements: Vec<StatedRequirement>,
}

impl DigestTables {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.summaries.is_empty() && self.requirements.is_empty()
    }
}

/// A block of counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountTable {
    /// The file as the user named it.
    pub file: String,
    /// Line of its heading, counted from 1.
    pub line: u64,
    /// Its heading.
    pub heading: String,
    /// Its parts; one without a name where it has none.
    pub groups: Vec<CountGroup>,
}

/// A part of a block of counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountGroup {
    /// What the part is called; may be empty.
    pub name: String,
    /// The total the digest states for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<Figure>,
    /// What the roles say of the rows, added up.
    pub mentions: usize,
    /// Its rows, in the order of the digest.
    pub rows: Vec<CountRow>,
}

/// A number as the digest states it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The number.
    pub value: f64,
    /// Whether it is a share in per cent.
    pub percent: bool,
}

/// A count of the digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountRow {
    /// What is counted, as the digest writes it.
    pub label: String,
    /// The digest's figure.
    pub stated: Figure,
    /// Roles that name it.
    pub roles: usize,
    /// `roles` over all roles.
    pub share: f64,
    /// The technologies it was taken for; none where its words were looked for instead.
    pub technologies: Vec<String>,
}

/// Technologies listed by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummaryTable {
    /// The file as the user named it.
    pub file: String,
    /// Line of its heading, counted from 1.
    pub line: u64,
    /// Its heading.
    pub heading: String,
    /// The section it stands in, whose roles it is compared with; all roles where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Roles it is compared with.
    pub n_roles: usize,
    /// Its lines.
    pub kinds: Vec<SummaryKind>,
    /// What these roles name and the digest does not list, with the roles that do, most first.
    pub unlisted: Vec<SummaryEntry>,
}

/// A line of such a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummaryKind {
    /// Its name, as the digest writes it.
    pub name: String,
    /// Its entries.
    pub entries: Vec<SummaryEntry>,
}

/// A technology and the roles that name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryEntry {
    /// As the digest writes it.
    pub label: String,
    /// Roles that name it.
    pub roles: usize,
}

/// A requirement that the digest says all roles have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedRequirement {
    /// The file as the user named it.
    pub file: String,
    /// Line of the heading above it, counted from 1.
    pub line: u64,
    /// The requirement, as the digest writes it.
    pub text: String,
    /// Roles whose own text says it, or a part of it.
    pub roles: usize,
}
