//! Technologies and stop words of the user's own, beside those of the program.
//!
//! They belong to the process and not to a run: counts, names and filters of all its runs use
//! them. They have to be given before the first text is looked at.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::profile::KINDS;

/// The kind of entries that hide text from the others (`go to`, `Hong Kong`).
pub(super) const MASK: &str = "mask";

/// Terms to add, as they stand in files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnTerms {
    /// Technologies: name, kind and aliases (`|` between two), a tab between columns; rule and Chinese name may
    /// follow as in `data/lexicon/technologies.tsv`. Lines that begin with `#` are comments.
    pub technologies: String,
    /// Words and phrases that are never a term or part of a name, one a line.
    pub stop_words: String,
}

/// Why terms were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OwnTermsError {
    /// A line of the technologies is not of the form asked for.
    #[error("line {line}: {reason}; write NAME, KIND and ALIASES with a tab between them")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Terms were given before, or texts were looked at.
    #[error("terms have to be given once, before anything is read")]
    TooLate,
}

static OWN: OnceLock<&'static OwnTerms> = OnceLock::new();

impl OwnTerms {
    /// Checks the terms and uses them from now on.
    ///
    /// # Errors
    /// When a line is malformed, or when it is too late.
    pub fn install(self) -> Result<(), OwnTermsError> {
        self.check()?;
        // Kept to the end of the process, as what is compiled in.
        OWN.set(Box::leak(Box::new(self))).map_err(|_| OwnTermsError::TooLate)
    }

    fn check(&self) -> Result<(), OwnTermsError> {
        let mut names = HashSet::new();
        for (at, line) in self.technologies.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let refuse = |reason: String| OwnTermsError::Line { line: at + 1, reason };
            let mut cells = line.split('\t').map(str::trim);
            let (name, kind) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            if name.is_empty() {
                return Err(refuse("no name".into()));
            }
            if kind != MASK && !KINDS.iter().any(|known| known.key == kind) {
                let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.key).collect();
                return Err(refuse(format!("no kind {kind:?}; there are {}", kinds.join(", "))));
            }
            if !names.insert(name.to_lowercase()) {
                return Err(refuse(format!("{name} stands twice")));
            }
        }
        Ok(())
    }
}

/// The terms in use; from the first call on no others can be given.
pub(super) fn own_terms() -> &'static OwnTerms {
    static NONE: OwnTerms = OwnTerms { technologies: String::new(), stop_words: String::new() };
    OWN.get_or_init(|| &NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(technologies: &str) -> String {
        let terms = OwnTerms { technologies: technologies.into(), ..OwnTerms::default() };
        terms.check().unwrap_err().to_string()
    }

    #[test]
    fn malformed_lines_are_refused_with_their_number() {
        assert!(
            refused("# ours\nFoo\tdatabse\tbar")
                .starts_with("line 2: no kind \"databse\"; there are language, ")
        );
        assert!(refused("\tdatabase").contains("no name"));
        assert!(refused("Foo\tdatabase\nfoo\tcloud").starts_with("line 2: foo stands twice"));
        let good = "Foo\tdatabase\tFooDB|=FD\n\n# nothing\nBar\tcloud";
        assert_eq!(OwnTerms { technologies: good.into(), ..OwnTerms::default() }.check(), Ok(()));
    }
}
