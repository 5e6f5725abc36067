//! Record of the input: everything that was read, skipped, set aside or merged.

use serde::{Deserialize, Serialize};

use crate::role::RoleId;

/// A record that could not be read as a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file as the user named it, `-` for stdin.
    pub file: String,
    /// Line (row of a Parquet file), counted from 1; 0 for a file that could not be read.
    pub line: u64,
    /// Why, in words.
    pub reason: String,
}

impl Skipped {
    /// File and line, or the file alone.
    pub fn place(&self) -> String {
        place(&self.file, self.line)
    }
}

fn place(file: &str, line: u64) -> String {
    if line == 0 { file.to_string() } else { format!("{file}:{line}") }
}

/// What a block of a digest is that is not a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetAsideKind {
    /// Requirements common to all roles, listed once.
    CommonRequirements,
    /// A list of technologies by kind.
    Summary,
    /// Counts.
    Statistics,
    /// Anything else, such as an introduction or a closing note.
    Other,
}

/// A block of a digest that is not a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The file as the user named it.
    pub file: String,
    /// Line of its heading, counted from 1; 0 for a file or sheet left out.
    pub line: u64,
    /// Its heading, empty for text before the first one.
    pub heading: String,
    /// The section it stands in, as roles have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// What it was taken for.
    pub kind: SetAsideKind,
    /// Its lines.
    pub lines: Vec<String>,
}

impl SetAside {
    /// File and line, or the file alone.
    pub fn place(&self) -> String {
        place(&self.file, self.line)
    }
}

/// What a column of the input is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnUse {
    /// The title.
    Title,
    /// The text, or a part of it.
    Text,
    /// Technologies.
    Stack,
    /// A coarse label.
    Section,
    /// The id.
    Id,
    /// The day it was posted.
    Date,
    /// Where the work is.
    Place,
    /// The employer.
    Company,
    /// What is paid, or a part of it.
    Pay,
    /// Nothing: it is kept as a field.
    Kept,
}

impl ColumnUse {
    /// The name users see, in tables and in the options that set a column.
    pub fn name(self) -> &'static str {
        match self {
            ColumnUse::Title => "title",
            ColumnUse::Text => "text",
            ColumnUse::Stack => "stack",
            ColumnUse::Section => "section",
            ColumnUse::Id => "id",
            ColumnUse::Date => "date",
            ColumnUse::Place => "place",
            ColumnUse::Company => "company",
            ColumnUse::Pay => "pay",
            ColumnUse::Kept => "kept",
        }
    }
}

/// A column of the input and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnNote {
    /// Its name as the input writes it.
    pub name: String,
    /// What it is used for.
    pub used_as: ColumnUse,
    /// Records in which it holds something.
    pub filled: u64,
    /// Why it is used so, where its name alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// How a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// The file as the user named it, `-` for stdin.
    pub file: String,
    /// Detected or stated format.
    pub format: String,
    /// Detected encoding.
    pub encoding: String,
    /// Roles found in it.
    pub roles: usize,
    /// Whether bytes had to be replaced because they are no text in that encoding.
    pub malformed: bool,
    /// Records read, those refused included; 0 where the input has no columns.
    #[serde(default)]
    pub records: u64,
    /// What each column is used for, in the order of the input, as far as columns are listed.
    #[serde(default)]
    pub columns: Vec<ColumnNote>,
    /// What to know before the roles are trusted.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// Where a boilerplate sentence was known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoilerplateSource {
    /// It recurs across many roles of this corpus.
    Recurring,
    /// It is in the lexicon.
    Lexicon,
}

/// A sentence said by many roles, left out of their vectors and listed once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoilerplateSentence {
    /// The sentence as its first role writes it.
    pub sentence: String,
    /// Roles that say it.
    pub count: usize,
    /// How it was known.
    pub source: BoilerplateSource,
}

/// How two roles repeat each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateKind {
    /// The same text.
    Exact,
    /// Nearly the same words.
    Near,
}

/// A role that repeats an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The role that repeats.
    pub role: RoleId,
    /// The role it repeats.
    pub of: RoleId,
    /// How.
    pub kind: DuplicateKind,
    /// Jaccard similarity of their shingles, in `[0, 1]`.
    pub similarity: f64,
}

/// Two roles that share much of their text and are not merged: a person should look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimilarPair {
    /// The earlier role.
    pub first: RoleId,
    /// The later one.
    pub second: RoleId,
    /// Jaccard similarity of their shingles, in `[0, 1]`.
    pub similarity: f64,
}

/// The pairs of roles to be checked, most similar first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SimilarPairs {
    /// The similarity from which on a pair is listed: the one asked for, of more than 10,000 roles at
    /// least 0.5.
    pub least: f64,
    /// The most similar ones.
    pub pairs: Vec<SimilarPair>,
    /// Further pairs that are not listed.
    pub unlisted: usize,
}

/// A role compared by an excerpt of its description, or of its whole text where the title or the
/// technologies are too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortened {
    /// The role.
    pub role: RoleId,
    /// Bytes of what was cut.
    pub bytes: usize,
    /// Bytes of the excerpt.
    pub kept: usize,
}

/// All of it, for one run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Intake {
    /// One note per input.
    pub files: Vec<FileNote>,
    /// The first records skipped; [`Intake::skipped_total`] counts all.
    pub skipped: Vec<Skipped>,
    /// Number of records skipped.
    pub skipped_total: u64,
    /// Blocks that are not roles.
    pub set_aside: Vec<SetAside>,
    /// Sentences said by many roles.
    pub boilerplate: Vec<BoilerplateSentence>,
    /// Further sentences left out, each said by one role and not listed.
    #[serde(default)]
    pub boilerplate_unlisted: usize,
    /// Roles that repeat others.
    pub duplicates: Vec<Duplicate>,
    /// Pairs of roles that may be one job, and were not merged.
    #[serde(default)]
    pub similar: SimilarPairs,
    /// Roles whose description is too long, or holds data that is no text, so that an excerpt
    /// is compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shortened: Vec<Shortened>,
}
