//! Columns as the user names them.

use super::fold::key;
use super::target::{PayPart, Target};

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

impl Columns {
    /// What the user has named, with the place of each text among the texts.
    pub(in crate::read) fn stated(&self) -> impl Iterator<Item = (Target, usize, &str)> {
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
    pub(in crate::read) fn stated_for(
        &self,
        name: &str,
        number: Option<usize>,
    ) -> Option<(Target, usize)> {
        let folded = key(name);
        let is_named = |wanted: &str| {
            key(wanted) == folded
                || number.is_some_and(|number| wanted.trim().parse() == Ok(number))
        };
        let mut stated = self.stated();
        stated.find(|(_, _, wanted)| is_named(wanted)).map(|(target, rank, _)| (target, rank))
    }

    /// Whether the user has said which column this is; then it is not guessed as well.
    pub(in crate::read) fn is_stated(&self, target: Target) -> bool {
        let use_of = Target::shown_as;
        self.stated().any(|(stated, _, _)| use_of(stated) == use_of(target))
    }

    /// A column the user named that is not among `known`.
    pub(in crate::read) fn missing(&self, known: &[String]) -> Option<String> {
        let keys: Vec<String> = known.iter().map(|name| key(name)).collect();
        let is_there = |wanted: &str| {
            let number: Option<usize> = wanted.trim().parse().ok();
            keys.contains(&key(wanted)) || number.is_some_and(|n| (1..=known.len()).contains(&n))
        };
        let mut stated = self.stated();
        stated.find(|(_, _, wanted)| !is_there(wanted)).map(|(_, _, wanted)| wanted.to_string())
    }
}
