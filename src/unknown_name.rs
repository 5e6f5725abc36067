//! The error of a name that is none of a fixed list, such as a search mode.

/// No choice of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} {found:?}; there are {}", .known.join(", "))]
pub struct UnknownName {
    kind: &'static str,
    found: String,
    known: &'static [&'static str],
}

impl UnknownName {
    /// `kind` says what the name is of; `known` are the names there are.
    pub fn new(kind: &'static str, found: &str, known: &'static [&'static str]) -> Self {
        UnknownName { kind, found: found.to_string(), known }
    }
}
