//! Words looked for in texts, spelling aside.

use crate::text::normalize;

/// Shorter words of Latin letters say too little to be looked for.
const SHORTEST: usize = 2;

/// A text in which words are looked for.
pub(super) struct Wording(String);

impl Wording {
    pub fn of(text: &str) -> Self {
        Wording(normalize(text).to_lowercase())
    }

    /// Whether the text has the term; one of Latin letters as a whole word.
    pub fn has(&self, term: &str) -> bool {
        let word = |c: char| c.is_ascii_alphanumeric();
        self.0.match_indices(term).any(|(at, _)| {
            let before = self.0[..at].chars().next_back().is_some_and(word);
            let after = self.0[at + term.len()..].chars().next().is_some_and(word);
            !(before && term.starts_with(word) || after && term.ends_with(word))
        })
    }
}

/// The alternatives of a label: `A/B`, `A、B等`, `others (A, B)`.
pub(super) fn terms(label: &str) -> Vec<String> {
    let label = normalize(label).to_lowercase();
    let parts = label.split(['/', '、', ',', ';', '(', ')', '|']);
    let bare = |part: &str| {
        let part = part.trim().trim_end_matches('等').trim();
        let long = part.chars().count() >= SHORTEST;
        long.then(|| part.to_string())
    };
    parts.filter_map(bare).collect()
}
