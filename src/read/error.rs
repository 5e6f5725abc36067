//! Why an input cannot be read: what failed, where, what was seen there, what to do about it.

use std::io;

use super::advice;
use crate::intake::Skipped;

/// Why an input cannot be read. Every text names the file, says what was seen and ends in
/// what to do.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No input was named.
    #[error("no input: name a file, a folder, or - for standard input")]
    NoInput,
    /// Standard input was named more than once.
    #[error("standard input (-) can be read only once")]
    StdinTwice,
    /// The file cannot be opened or read.
    #[error("cannot read {file}: {source}")]
    Io {
        /// The file as the user named it.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The file is a folder.
    #[error("{file} is a folder; name the files in it")]
    Folder {
        /// The folder.
        file: String,
    },
    /// The file holds nothing.
    #[error(
        "{file} is empty: it has no bytes or only blank lines; name the file with the postings"
    )]
    Empty {
        /// The file as the user named it.
        file: String,
    },
    /// The file is something that roles are not read from.
    #[error("{file} is {what}, which is not read; {advice}")]
    NotRead {
        /// The file as the user named it.
        file: String,
        /// What it is.
        what: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// The file is of a kind that is read, but not this one.
    #[error("cannot read {file} as {kind}: {seen}; {advice}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// What it was taken for.
        kind: &'static str,
        /// What was met, and where.
        seen: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// Reading would cost more than is allowed.
    #[error("{file} is beyond what is read: {seen}; {advice}")]
    Limit {
        /// The file as the user named it.
        file: String,
        /// The limit, and how it was passed.
        seen: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// A folder, a pattern or an archive without a file that is read.
    #[error("{file} holds no file that is read ({seen}); name the files, or unpack it")]
    NoMember {
        /// The folder, pattern or archive as the user named it.
        file: String,
        /// How many files there are, and the reason for the first.
        seen: String,
    },
    /// The encoding asked for is not known.
    #[error(
        "unknown encoding {label:?}; use a name such as utf-8, gb18030, shift_jis, euc-kr or windows-1252"
    )]
    UnknownEncoding {
        /// The name given.
        label: String,
    },
    /// The format cannot be told.
    #[error("cannot tell the format of {file}; set it: markdown, jsonl, json, csv, tsv or parquet")]
    UnknownFormat {
        /// The file as the user named it.
        file: String,
    },
    /// A column named by the user is not in the file.
    #[error("{file} has no column {}; it has: {}; name one of these, or give its number", advice::quoted(.column), advice::listed(.known))]
    NoSuchColumn {
        /// The file as the user named it.
        file: String,
        /// The column asked for.
        column: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// No column looks like a title, a description or a stack.
    #[error("no column of {file} is known as a title, a text or technologies; it has: {}; {advice}", advice::listed(.known))]
    NoTextColumn {
        /// The file as the user named it.
        file: String,
        /// The columns there are.
        known: Vec<String>,
        /// What settles it.
        advice: String,
    },
    /// Not one record is a role.
    #[error("{file} holds no role (read as {format}, {skipped} records skipped{}); check the format and the columns", .example.as_ref().map(|s| format!(", the first in line {}: {}", s.line, s.reason)).unwrap_or_default())]
    NoRole {
        /// The file as the user named it.
        file: String,
        /// The format it was read as.
        format: String,
        /// Records skipped.
        skipped: u64,
        /// The first of them.
        example: Option<Skipped>,
    },
}
