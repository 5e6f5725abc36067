//! What the names of columns say before any value is seen.

use super::names::{Guess, Tier, Verdict, is_listed};
use super::nested;
use super::plan::by_name;
use super::stated::Columns;
use super::target::{Shape, Target};

/// What makes a role, by the name of its column alone.
pub(in crate::read) fn of_role(
    columns: &Columns,
    shape: Option<&Shape>,
    name: &str,
) -> Option<(Target, usize)> {
    match by_name(columns, shape, name, None) {
        Verdict::Is(Guess { tier: Tier::Contained | Tier::Misspelt, .. }) => None,
        Verdict::Is(guess) if guess.target.is_text() => Some((guess.target, guess.rank)),
        Verdict::Is(guess) if matches!(guess.target, Target::Id | Target::Section) => {
            Some((guess.target, guess.rank))
        }
        _ => None,
    }
}

/// What a column is for where its name says so by itself.
pub(in crate::read) fn told_by_name(name: &str) -> Option<Target> {
    match nested::verdict(name) {
        Verdict::Is(guess) if guess.tier <= Tier::Decorated => Some(guess.target),
        _ => None,
    }
}

/// How much a row of cells looks like a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::read) struct HeaderScore {
    /// Whether a name says title, text or technologies, or is one the user gave.
    pub has_text: bool,
    /// Cells that are names.
    pub known: usize,
}

/// How much `cells` look like a header.
pub(in crate::read) fn header_score(columns: &Columns, cells: &[String]) -> HeaderScore {
    let mut score = HeaderScore::default();
    for cell in cells.iter().filter(|cell| !cell.trim().is_empty()) {
        if columns.stated_for(cell, None).is_some() {
            score.has_text = true;
            score.known += 1;
            continue;
        }
        match nested::verdict(cell) {
            Verdict::Is(guess) if guess.tier != Tier::Contained => {
                score.has_text |= guess.target.is_text();
                score.known += 1;
            }
            Verdict::Other if is_listed(cell) => score.known += 1,
            _ => {}
        }
    }
    score
}
