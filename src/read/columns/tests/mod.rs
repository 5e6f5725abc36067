//! Names of columns as public job data have them, and what is decided for them.

mod asia;
mod decisions;
mod europe;

use super::names::Verdict;
use super::*;

/// What a name says by itself, as users see it.
fn said(name: &str) -> &'static str {
    match nested::verdict(name) {
        Verdict::Is(guess) => guess.target.shown_as().name(),
        Verdict::Other => "other",
        Verdict::Unknown => "-",
    }
}

/// Checks `use: name, name; use: name` for names parted by `|`.
fn check(source: &str, uses: &[(&str, &str)]) {
    for (expected, names) in uses {
        for name in names.split('|') {
            assert_eq!(said(name), *expected, "{name:?} of {source}");
        }
    }
}
