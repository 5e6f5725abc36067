//! Which column is what: as the user says, else by its name, and where names leave it open by
//! what stands in it.

mod content;
mod lexicon;
mod names;
mod nested;
mod plan;

pub(super) use content::Content;
use names::{Guess, Tier, Verdict};
pub(super) use names::{bare, key};
pub(super) use plan::{Decision, Plan, Seen};

use crate::intake::ColumnUse;

/// Names of columns as the user gives them; case, accents, spaces and punctuation make no
/// difference. A column of a table can also be given by its number, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// The title.
    pub title: Option<String>,
    /// The text; several are joined in this order.
    pub description: Vec<String>,
    /// Technologies.
    pub stack: Option<String>,
    /// A coarse label.
    pub section: Option<String>,
    /// The id.
    pub id: Option<String>,
    /// The day it was posted.
    pub date: Option<String>,
    /// Where the work is.
    pub place: Option<String>,
    /// The employer.
    pub company: Option<String>,
    /// What is paid.
    pub pay: Option<String>,
}

/// A known shape of records, such as the answers of a recruiting system: its name, and what
/// its columns are for. What the user says about a column goes before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub name: &'static str,
    /// Paths as records name them, best first.
    pub columns: &'static [(&'static str, Target)],
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Target {
    Id,
    Title,
    Description,
    Stack,
    Section,
    Date,
    Place,
    Company,
    Pay(PayPart),
}

/// What part of the pay a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum PayPart {
    Whole,
    Min,
    Max,
    Currency,
    Period,
}

impl Target {
    /// Every target with a name of its own for users, pay as a whole.
    pub const ALL: [Target; 9] = [
        Target::Title,
        Target::Description,
        Target::Stack,
        Target::Section,
        Target::Id,
        Target::Date,
        Target::Place,
        Target::Company,
        Target::Pay(PayPart::Whole),
    ];

    /// Of several words in one name the one that decides: `salary description` is pay,
    /// `company city` a place, `title description` a text.
    fn precedence(self) -> usize {
        match self {
            Target::Date => 0,
            Target::Pay(_) => 1,
            Target::Place => 2,
            Target::Company => 3,
            Target::Description => 4,
            Target::Stack => 5,
            Target::Section => 6,
            Target::Title => 7,
            Target::Id => 8,
        }
    }

    /// What it is called where the mapping is shown.
    pub fn shown_as(self) -> ColumnUse {
        match self {
            Target::Id => ColumnUse::Id,
            Target::Title => ColumnUse::Title,
            Target::Description => ColumnUse::Text,
            Target::Stack => ColumnUse::Stack,
            Target::Section => ColumnUse::Section,
            Target::Date => ColumnUse::Date,
            Target::Place => ColumnUse::Place,
            Target::Company => ColumnUse::Company,
            Target::Pay(_) => ColumnUse::Pay,
        }
    }

    /// Whether a role can be made of it alone.
    pub fn is_text(self) -> bool {
        matches!(self, Target::Title | Target::Description | Target::Stack)
    }
}

impl Columns {
    /// What the user has named, with the place of each text among the texts.
    pub(super) fn stated(&self) -> impl Iterator<Item = (Target, usize, &str)> {
        let single = [
            (Target::Id, &self.id),
            (Target::Title, &self.title),
            (Target::Stack, &self.stack),
            (Target::Section, &self.section),
            (Target::Date, &self.date),
            (Target::Place, &self.place),
            (Target::Company, &self.company),
            (Target::Pay(PayPart::Whole), &self.pay),
        ];
        let texts = self.description.iter().enumerate();
        single
            .into_iter()
            .filter_map(|(target, name)| Some((target, 0, name.as_deref()?)))
            .chain(texts.map(|(at, name)| (Target::Description, at, name.as_str())))
    }

    /// What the user says a column is for; `number` is its place in a table, from 1.
    pub(super) fn stated_for(&self, name: &str, number: Option<usize>) -> Option<(Target, usize)> {
        let folded = key(name);
        let is_named = |wanted: &str| {
            key(wanted) == folded
                || number.is_some_and(|number| wanted.trim().parse() == Ok(number))
        };
        let mut stated = self.stated();
        stated.find(|(_, _, wanted)| is_named(wanted)).map(|(target, rank, _)| (target, rank))
    }

    /// Whether the user has said which column this is; then it is not guessed as well.
    pub(super) fn is_stated(&self, target: Target) -> bool {
        let use_of = Target::shown_as;
        self.stated().any(|(stated, _, _)| use_of(stated) == use_of(target))
    }

    /// A column the user named that is not among `known`.
    pub(super) fn missing(&self, known: &[String]) -> Option<String> {
        let keys: Vec<String> = known.iter().map(|name| key(name)).collect();
        let is_there = |wanted: &str| {
            let number: Option<usize> = wanted.trim().parse().ok();
            keys.contains(&key(wanted)) || number.is_some_and(|n| (1..=known.len()).contains(&n))
        };
        let mut stated = self.stated();
        stated.find(|(_, _, wanted)| !is_there(wanted)).map(|(_, _, wanted)| wanted.to_string())
    }
}

/// What makes a role, by the name of its column alone.
pub(super) fn of_role(
    columns: &Columns,
    shape: Option<&Shape>,
    name: &str,
) -> Option<(Target, usize)> {
    match plan::by_name(columns, shape, name, None) {
        Verdict::Is(Guess { tier: Tier::Contained | Tier::Misspelt, .. }) => None,
        Verdict::Is(guess) if guess.target.is_text() => Some((guess.target, guess.rank)),
        Verdict::Is(guess) if matches!(guess.target, Target::Id | Target::Section) => {
            Some((guess.target, guess.rank))
        }
        _ => None,
    }
}

/// What a column is for where its name says so by itself.
pub(super) fn told_by_name(name: &str) -> Option<Target> {
    match nested::verdict(name) {
        Verdict::Is(guess) if guess.tier <= Tier::Decorated => Some(guess.target),
        _ => None,
    }
}

/// Whether a name is listed, as one of ours or as one that only looks so.
pub(super) fn is_listed(name: &str) -> bool {
    names::is_listed(name)
}

/// How much a row of cells looks like a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct HeaderScore {
    /// Whether a name says title, text or technologies, or is one the user gave.
    pub has_text: bool,
    /// Cells that are names.
    pub known: usize,
}

/// How much `cells` look like a header.
pub(super) fn header_score(columns: &Columns, cells: &[String]) -> HeaderScore {
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
            Verdict::Other if names::is_listed(cell) => score.known += 1,
            _ => {}
        }
    }
    score
}

#[cfg(test)]
mod tests;
