//! What a column can be for.

use crate::intake::ColumnUse;

/// A known shape of records, such as the answers of a recruiting system: its name, and what
/// its columns are for. What the user says about a column goes before.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::read) struct Shape {
    pub name: &'static str,
    /// Paths as records name them, best first.
    pub columns: &'static [(&'static str, Target)],
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::read) enum Target {
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
pub(in crate::read) enum PayPart {
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
    pub fn precedence(self) -> usize {
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
