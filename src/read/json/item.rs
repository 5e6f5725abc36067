//! What an input is cut into before anything is parsed.

/// How the values of an input follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Arrangement {
    /// One in each line.
    Lines,
    /// One after another, or in an array.
    Document,
}

/// What the cutters come upon, with the line it begins in.
pub(super) enum Item {
    /// A value: an item of an array, or one that stands alone.
    Value { line: u64, text: String, in_array: bool },
    /// A value longer than allowed.
    TooLong { line: u64, most: usize },
    /// A value the input ends in.
    Broken { line: u64 },
}
