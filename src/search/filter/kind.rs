//! A filter as it is typed, and what it means.

use std::fmt;
use std::str::FromStr;

use super::names;
use super::span::{Bound, Comparison};
use crate::describe::technology_spelt;
use crate::text;

/// `FIELD=VALUE`: only roles whose field has, or contains, the value. `FIELD>=VALUE`, and `>`, `<=`
/// and `<`: only roles whose column is a number or date in that range. Case and width of the
/// characters make no difference.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `cluster=3`, `cluster=none` or `cluster=part of a name`.
    Cluster(GroupFilter),
    /// `direction=2`, `direction=none` or `direction=part of a name`.
    Direction(GroupFilter),
    /// `language=zh`, `language=Chinese`: the code of the language the role is written in.
    Language(String),
    /// `technology=K8s`, `technology=告警`: a technology that the role names.
    Technology(TechnologyFilter),
    /// `section=...`, `title=...`, or another column of the input.
    Contains {
        /// What is looked at.
        field: Field,
        /// What it must contain, normalised and in lower case.
        value: String,
    },
    /// `salary>=20000`, `posted<2026-02`.
    Range(RangeFilter),
}

/// The technology of [`Filter::Technology`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TechnologyFilter {
    /// One of the lexicon, by its canonical name, whichever spelling was given.
    Known(&'static str),
    /// Another: an entry of a role's stack, normalised and in lower case.
    Other(String),
}

/// The column of [`Filter::Range`], and what it must be.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeFilter {
    /// The name of the column.
    pub column: String,
    /// The range as it was given, such as `>=20000`.
    pub text: String,
    comparison: Comparison,
    bound: Bound,
}

/// The clusters or directions that pass [`Filter::Cluster`] or [`Filter::Direction`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupFilter {
    /// Roles in none.
    Noise,
    /// The one of this number, which counts from 1.
    Number(u32),
    /// Those whose name contains this, normalised and in lower case.
    Name(String),
}

/// A field of a role that is text of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// The section it stood in.
    Section,
    /// Its title.
    Title,
    /// Another column, by its name.
    Column(String),
}

/// Not of the form `FIELD=VALUE`, or no number or date after `>`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// There is no field, no value, or nothing between them.
    #[error(
        "a filter is FIELD=VALUE, such as section=network or language=zh, or a range, such as \
         salary>=20000 or posted>=2026-01, not {0:?}"
    )]
    Form(String),
    /// A range needs something that can be compared.
    #[error(
        "{value:?} in {filter:?} is no number or date, such as 20000, 2026, 2026-01 or 2026-01-31"
    )]
    Bound {
        /// The filter as it was given.
        filter: String,
        /// What stands behind the sign.
        value: String,
    },
}

/// The signs between field and value, longer ones first.
const SIGNS: [(&str, Option<Comparison>); 7] = [
    (">=", Some(Comparison::AtLeast)),
    ("≥", Some(Comparison::AtLeast)),
    ("<=", Some(Comparison::AtMost)),
    ("≤", Some(Comparison::AtMost)),
    (">", Some(Comparison::MoreThan)),
    ("<", Some(Comparison::LessThan)),
    ("=", None),
];

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let refused = || FilterError::Form(text.to_string());
        let at = text.find(['=', '<', '>', '≥', '≤']).ok_or_else(refused)?;
        let (field, rest) = text.split_at(at);
        let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)).ok_or_else(refused)?;
        let (given, value) = (rest[sign.0.len()..].trim(), folded(&rest[sign.0.len()..]));
        let field = field.trim();
        if field.is_empty() || value.is_empty() {
            return Err(refused());
        }
        if let Some(comparison) = sign.1 {
            let bound = Bound::parse(&value).ok_or_else(|| FilterError::Bound {
                filter: text.to_string(),
                value: given.to_string(),
            })?;
            let (column, text) = (field.to_string(), format!("{}{given}", sign.0));
            return Ok(Filter::Range(RangeFilter { column, text, comparison, bound }));
        }
        Ok(match field {
            "cluster" => Filter::Cluster(GroupFilter::of(value)),
            "direction" => Filter::Direction(GroupFilter::of(value)),
            "language" => {
                Filter::Language(names::language_code(&value).map_or(value, str::to_string))
            }
            "technology" => Filter::Technology(match technology_spelt(given) {
                Some(name) => TechnologyFilter::Known(name),
                None => TechnologyFilter::Other(value),
            }),
            "section" => Filter::Contains { field: Field::Section, value },
            "title" => Filter::Contains { field: Field::Title, value },
            other => Filter::Contains { field: Field::Column(other.to_string()), value },
        })
    }
}

impl TechnologyFilter {
    /// The technology as it is shown.
    pub fn name(&self) -> &str {
        match self {
            TechnologyFilter::Known(name) => name,
            TechnologyFilter::Other(name) => name,
        }
    }
}

impl RangeFilter {
    /// Whether a value of the column lies in the range; `None` when it cannot be compared.
    pub fn admits(&self, value: &str) -> Option<bool> {
        self.bound.admits(self.comparison, value)
    }
}

impl fmt::Display for GroupFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GroupFilter::Noise => f.write_str("none"),
            GroupFilter::Number(number) => number.fmt(f),
            GroupFilter::Name(name) => f.write_str(name),
        }
    }
}

impl GroupFilter {
    fn of(value: String) -> Self {
        match value.parse() {
            Ok(number) => GroupFilter::Number(number),
            Err(_) if value == "none" => GroupFilter::Noise,
            Err(_) => GroupFilter::Name(value),
        }
    }
}

/// Normalised, in lower case, without blanks at the ends.
pub(super) fn folded(text: &str) -> String {
    text::normalize(text).trim().to_lowercase()
}
