//! A text with headings, lists and tables, which is written as Markdown or as a page. All of it is
//! plain text; each format escapes what it has to.

/// A whole document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document {
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A part of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// Of the second level.
    Heading(String),
    Paragraph(String),
    List(Vec<Vec<Run>>),
    /// A header and rows; all columns but the first hold numbers.
    Table {
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub text: String,
    pub is_strong: bool,
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Self {
        Run { text: text.into(), is_strong: false }
    }

    pub fn strong(text: impl Into<String>) -> Self {
        Run { text: text.into(), is_strong: true }
    }
}
