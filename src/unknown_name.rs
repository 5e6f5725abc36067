//! The error of a name that is none of a fixed list, such as a search mode.

/// No choice of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} {found:?}; there are {}", listed(.known))]
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

/// `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => "none".to_string(),
        [only] => only.to_string(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_lists_what_there_is() {
        let error = UnknownName::new("fruit", "stone", &["apple", "pear", "plum"]);
        assert_eq!(error.to_string(), "no fruit \"stone\"; there are apple, pear and plum");
        assert_eq!(listed(&["apple"]), "apple");
        assert_eq!(listed(&["apple", "pear"]), "apple and pear");
    }
}
