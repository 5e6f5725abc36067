//! What to read, and how.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::{Columns, Format};

/// Where roles come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl FromStr for Input {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if text == "-" { Input::Stdin } else { Input::File(text.into()) })
    }
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Input::Stdin } else { Input::File(path) }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Stdin => f.write_str("-"),
            Input::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// How to read; the default finds everything out by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The format of every input.
    pub format: Option<Format>,
    /// Names of columns; those left open are guessed.
    pub columns: Columns,
    /// The encoding of every text input by its usual name, such as `gb18030`.
    pub encoding: Option<String>,
    /// The sheet of every workbook, by name or number; by default those with postings.
    pub sheet: Option<String>,
    /// Where tables begin.
    pub table: TableOptions,
}

/// Where the tables of an input begin: found out by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableOptions {
    /// No line names the columns: the first is a posting already.
    pub no_header: bool,
    /// Lines (rows of a sheet) above the table.
    pub skip_lines: u64,
}
