//! What a person wants changed in the groups that were found, as `corrections.toml` in the run
//! folder says it.
//!
//! A correction holds on to roles, never to a number or a name, since both may change when the
//! roles are clustered again: a group is meant by roles that were in it, and the group that has
//! more than half of those is the one corrected.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::role::RoleId;

/// Characters of a name at most.
pub const LONGEST_NAME: usize = 120;

/// The corrections of a run folder, in the order in which they are made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corrections {
    file: String,
    entries: Vec<Correction>,
}

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The line of the file it begins on.
    pub line: usize,
    /// What to change.
    #[serde(flatten)]
    pub change: Change,
}

/// What to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// The group that holds most of these roles gets a name.
    Rename {
        /// Whether a specialisation or a direction is meant.
        level: Level,
        /// Roles that were in it.
        roles: Vec<RoleId>,
        /// The name.
        name: String,
    },
    /// The specialisations that hold most of each list become one.
    Merge {
        /// A list of roles for each specialisation.
        groups: Vec<Vec<RoleId>>,
        /// The name of what they become.
        name: Option<String>,
    },
    /// These roles become a specialisation of their own.
    Split {
        /// The roles.
        roles: Vec<RoleId>,
        /// Its name.
        name: Option<String>,
    },
    /// These roles go into the specialisation that holds most of others.
    Move {
        /// The roles.
        roles: Vec<RoleId>,
        /// Roles that are in the specialisation they go to.
        to: Vec<RoleId>,
    },
    /// These roles stay together under a name, whatever the clustering says: in the
    /// specialisation that holds most of them, or in one of their own.
    Pin {
        /// The roles.
        roles: Vec<RoleId>,
        /// Its name.
        name: String,
    },
}

/// What is renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A specialisation.
    Specialisation,
    /// A direction.
    Direction,
}

/// What became of a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The correction.
    #[serde(flatten)]
    pub correction: Correction,
    /// Whether it found something to hold on to.
    pub held: bool,
    /// What a person should know about it, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A correction that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct CorrectionsError {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// What was seen and what to do.
    pub what: String,
}

impl Change {
    /// The word for it in the file.
    pub fn kind(&self) -> &'static str {
        match self {
            Change::Rename { .. } => "rename",
            Change::Merge { .. } => "merge",
            Change::Split { .. } => "split",
            Change::Move { .. } => "move",
            Change::Pin { .. } => "pin",
        }
    }

    /// The name it gives, and to what.
    pub fn name(&self) -> Option<(Level, &str)> {
        match self {
            Change::Rename { level, name, .. } => Some((*level, name)),
            Change::Pin { name, .. } => Some((Level::Specialisation, name)),
            Change::Merge { name, .. } | Change::Split { name, .. } => {
                Some((Level::Specialisation, name.as_deref()?))
            }
            Change::Move { .. } => None,
        }
    }

    /// The roles whose place it decides.
    pub fn placed(&self) -> &[RoleId] {
        match self {
            Change::Split { roles, .. }
            | Change::Move { roles, .. }
            | Change::Pin { roles, .. } => roles,
            Change::Rename { .. } | Change::Merge { .. } => &[],
        }
    }

    /// Every role it names.
    pub fn named(&self) -> impl Iterator<Item = &RoleId> {
        let (first, rest): (&[RoleId], &[Vec<RoleId>]) = match self {
            Change::Rename { roles, .. }
            | Change::Split { roles, .. }
            | Change::Pin { roles, .. }
            | Change::Move { roles, .. } => (roles, &[]),
            Change::Merge { groups, .. } => (&[], groups),
        };
        let to: &[RoleId] = match self {
            Change::Move { to, .. } => to,
            _ => &[],
        };
        first.iter().chain(rest.iter().flatten()).chain(to)
    }
}

impl Corrections {
    /// The corrections of `file`, which is how messages name it.
    ///
    /// # Errors
    /// When one says nothing, or contradicts another.
    pub fn new(
        file: impl Into<String>,
        entries: Vec<Correction>,
    ) -> Result<Corrections, CorrectionsError> {
        let corrections = Corrections { file: file.into(), entries };
        corrections.entries.iter().try_for_each(|entry| corrections.check_alone(entry))?;
        corrections.check_names()?;
        corrections.check_places()?;
        Ok(corrections)
    }

    /// In the order in which they are made.
    pub fn entries(&self) -> &[Correction] {
        &self.entries
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How messages name the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The error of what stands on a line.
    pub fn error(&self, line: usize, what: impl Into<String>) -> CorrectionsError {
        CorrectionsError { file: self.file.clone(), line, what: what.into() }
    }

    /// Refuses lists without roles and names that are none.
    fn check_alone(&self, entry: &Correction) -> Result<(), CorrectionsError> {
        let Correction { line, change } = entry;
        let kind = change.kind();
        let is_empty = match change {
            Change::Merge { groups, .. } => groups.iter().any(Vec::is_empty),
            Change::Move { roles, to } => roles.is_empty() || to.is_empty(),
            other => other.named().next().is_none(),
        };
        if is_empty {
            let what = format!("the {kind} names no role; list ids of roles, or delete the entry");
            return Err(self.error(*line, what));
        }
        if let Change::Merge { groups, .. } = change
            && groups.len() < 2
        {
            let what = "the merge lists one group; list at least two, [[\"ID\"], [\"ID\"]]";
            return Err(self.error(*line, what));
        }
        if let Change::Move { roles, to } = change
            && let Some(both) = roles.iter().find(|role| to.contains(role))
        {
            let what = format!(
                "the move takes role {:?} to itself; `to` wants roles of the specialisation it goes \
                 to",
                both.as_str()
            );
            return Err(self.error(*line, what));
        }
        let Some((_, name)) = change.name() else { return Ok(()) };
        let long = name.chars().count() > LONGEST_NAME;
        if long || name.trim().is_empty() || name.chars().any(char::is_control) {
            let what = format!(
                "the {kind} gives the name {name:?}; a name is one line of 1 to {LONGEST_NAME} \
                 characters"
            );
            return Err(self.error(*line, what));
        }
        Ok(())
    }

    /// Refuses one name for two groups.
    fn check_names(&self) -> Result<(), CorrectionsError> {
        let mut given: BTreeMap<(Level, String), &Correction> = BTreeMap::new();
        for entry in &self.entries {
            let Some((level, name)) = entry.change.name() else { continue };
            if let Some(first) = given.insert((level, name.trim().to_lowercase()), entry) {
                let what = format!(
                    "the {} gives the name {name:?}, which the {} on line {} gives too; merge the \
                     two groups, or change one of the names",
                    entry.change.kind(),
                    first.change.kind(),
                    first.line
                );
                return Err(self.error(entry.line, what));
            }
        }
        Ok(())
    }

    /// Refuses two places for one role.
    fn check_places(&self) -> Result<(), CorrectionsError> {
        let mut placed: BTreeMap<&RoleId, &Correction> = BTreeMap::new();
        for entry in &self.entries {
            for role in entry.change.placed() {
                let Some(first) = placed.insert(role, entry) else { continue };
                if first.line == entry.line {
                    continue;
                }
                let what = format!(
                    "the {} places role {:?}, which the {} on line {} places too; leave it to one \
                     of the two",
                    entry.change.kind(),
                    role.as_str(),
                    first.change.kind(),
                    first.line
                );
                return Err(self.error(entry.line, what));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &str) -> Vec<RoleId> {
        names.split_whitespace().map(RoleId::new).collect()
    }

    fn rename(line: usize, roles: &str, name: &str) -> Correction {
        let (roles, name) = (ids(roles), name.to_string());
        Correction { line, change: Change::Rename { level: Level::Specialisation, roles, name } }
    }

    fn refused(entries: Vec<Correction>) -> String {
        Corrections::new("c.toml", entries).unwrap_err().to_string()
    }

    #[test]
    fn what_says_nothing_is_refused_where_it_stands() {
        assert_eq!(
            refused(vec![rename(3, "", "x")]),
            "c.toml:3: the rename names no role; list ids of roles, or delete the entry"
        );
        assert!(refused(vec![rename(3, "a", " ")]).starts_with("c.toml:3: the rename gives"));
        assert!(refused(vec![rename(1, "a", "a\nb")]).contains(r#""a\nb""#));
        let merge = Change::Merge { groups: vec![ids("a")], name: None };
        let merge = Correction { line: 2, change: merge };
        assert!(refused(vec![merge]).contains("one group"));
        let to_itself = Change::Move { roles: ids("a b"), to: ids("b") };
        assert!(refused(vec![Correction { line: 2, change: to_itself }]).contains("to itself"));
    }

    #[test]
    fn contradictions_name_both_lines() {
        let twice = refused(vec![rename(1, "a", "Storage"), rename(7, "b", " storage")]);
        assert!(twice.starts_with("c.toml:7: ") && twice.contains("line 1"), "{twice}");
        let split = Change::Split { roles: ids("a b"), name: None };
        let pin = Change::Pin { roles: ids("b c"), name: "x".into() };
        let split = Correction { line: 1, change: split };
        let twice = refused(vec![split, Correction { line: 5, change: pin }]);
        assert!(twice.contains("the pin places role \"b\", which the split on line 1"), "{twice}");
    }

    #[test]
    fn a_name_may_stand_on_both_levels() {
        let mut of_direction = rename(4, "a", "Storage");
        if let Change::Rename { level, .. } = &mut of_direction.change {
            *level = Level::Direction;
        }
        let found = Corrections::new("c.toml", vec![rename(1, "a", "Storage"), of_direction]);
        let json = serde_json::to_string(found.unwrap().entries()).unwrap();
        assert!(json.contains(r#"{"line":1,"kind":"rename","level":"specialisation""#), "{json}");
    }
}
