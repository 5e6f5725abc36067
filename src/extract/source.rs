//! Where a text stands.

/// A column is about one thing, a sentence may be about any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Column,
    Text,
}
