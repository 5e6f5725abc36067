//! What a filter looks at, and which values pass.

use std::borrow::Cow;

use arcstr::ArcStr;

use super::kind::{Field, Filter, GroupFilter, TechnologyFilter, folded};
use crate::clustering::{ClusterId, DirectionId, Label};
use crate::role::Role;
use crate::search::role_attributes::RoleAttributes;
use crate::store::RolePart;

/// A role as the filters see it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its row.
    pub row: usize,
    /// Its fields, at least those of [`Filter::parts`].
    pub role: &'a Role,
    /// The text it was embedded by, where [`Filter::parts`] asks for it.
    pub text: &'a str,
    /// Languages and technologies of the roles.
    pub attributes: &'a RoleAttributes,
    /// Its cluster.
    pub cluster: Label,
    /// The name of its cluster.
    pub cluster_name: Option<&'a str>,
    /// The direction of its cluster.
    pub direction: Option<DirectionId>,
    /// The name of that.
    pub direction_name: Option<&'a str>,
}

/// Stands for the number of the cluster or direction of a role that is in none.
const NO_GROUP: &str = "none";

impl Filter {
    /// The parts of a role that must be read to apply the filter.
    pub fn parts(&self) -> &'static [RolePart] {
        match self {
            Filter::Cluster(_) | Filter::Direction(_) => &[],
            Filter::Language(_) => &[RolePart::Text],
            Filter::Technology(_) => &[RolePart::Title, RolePart::Description, RolePart::Stack],
            Filter::Contains { field: Field::Section, .. } => &[RolePart::Section],
            Filter::Contains { field: Field::Title, .. } => &[RolePart::Title],
            Filter::Contains { field: Field::Column(_), .. } | Filter::Range(_) => {
                &[RolePart::Fields]
            }
        }
    }

    /// The column the filter looks at, when it is one that the input may not have.
    pub fn column(&self) -> Option<&str> {
        match self {
            Filter::Contains { field: Field::Column(name), .. } => Some(name),
            Filter::Range(range) => Some(&range.column),
            _ => None,
        }
    }

    /// Whether a role passes.
    pub fn passes(&self, candidate: &Candidate<'_>) -> bool {
        self.values(candidate).iter().any(|value| self.admits(&folded(value)))
    }

    /// Names what [`Filter::values`] gives; filters of equal names look at the same values.
    pub(super) fn indexed_field(&self) -> String {
        match self {
            Filter::Cluster(GroupFilter::Name(_)) => "cluster name".into(),
            Filter::Cluster(_) => "cluster".into(),
            Filter::Direction(GroupFilter::Name(_)) => "direction name".into(),
            Filter::Direction(_) => "direction".into(),
            Filter::Language(_) => "language".into(),
            Filter::Technology(TechnologyFilter::Known(_)) => "technology".into(),
            Filter::Technology(TechnologyFilter::Other(_)) => "stack".into(),
            Filter::Contains { field: Field::Section, .. } => "section".into(),
            Filter::Contains { field: Field::Title, .. } => "title".into(),
            Filter::Contains { field: Field::Column(name), .. } => format!("column {name}"),
            Filter::Range(range) => format!("column {}", range.column),
        }
    }

    /// The values of a role that the filter looks at.
    pub(super) fn values<'a>(&self, candidate: &Candidate<'a>) -> Vec<Cow<'a, str>> {
        let Candidate { row, role, text, attributes, .. } = *candidate;
        let number = |number: Option<u32>| {
            number.map_or(Cow::Borrowed(NO_GROUP), |number| number.to_string().into())
        };
        let one = |value: Option<&'a str>| value.map(Cow::Borrowed).into_iter().collect();
        match self {
            Filter::Cluster(GroupFilter::Name(_)) => {
                one(candidate.cluster.and(candidate.cluster_name))
            }
            Filter::Cluster(_) => vec![number(candidate.cluster.map(ClusterId::number))],
            Filter::Direction(GroupFilter::Name(_)) => {
                one(candidate.direction.and(candidate.direction_name))
            }
            Filter::Direction(_) => vec![number(candidate.direction.map(DirectionId::number))],
            Filter::Language(_) => one(Some(attributes.language(row, text))),
            Filter::Technology(TechnologyFilter::Known(_)) => {
                attributes.technologies(row, role).iter().map(|name| Cow::Borrowed(*name)).collect()
            }
            Filter::Technology(TechnologyFilter::Other(_)) => {
                role.stack.iter().map(|entry| Cow::Borrowed(entry.as_str())).collect()
            }
            Filter::Contains { field: Field::Section, .. } => one(role.section.as_deref()),
            Filter::Contains { field: Field::Title, .. } => one(Some(&role.title)),
            Filter::Contains { field: Field::Column(name), .. } => {
                one(role.fields.get(name).map(ArcStr::as_str))
            }
            Filter::Range(range) => one(role.fields.get(&range.column).map(ArcStr::as_str)),
        }
    }

    /// Whether one of the values, [`folded`], passes.
    pub(super) fn admits(&self, value: &str) -> bool {
        match self {
            Filter::Cluster(group) | Filter::Direction(group) => match group {
                GroupFilter::Noise => value == NO_GROUP,
                GroupFilter::Number(number) => value.parse() == Ok(*number),
                GroupFilter::Name(part) => value.contains(part.as_str()),
            },
            Filter::Language(code) => value == code,
            Filter::Technology(wanted) => value == folded(wanted.name()),
            Filter::Contains { value: part, .. } => value.contains(part.as_str()),
            Filter::Range(range) => range.admits(value) == Some(true),
        }
    }
}

/// The parts of a role that must be read to apply all of `filters`, each once.
pub fn parts_of(filters: &[Filter]) -> Vec<RolePart> {
    let mut parts: Vec<RolePart> = filters.iter().flat_map(Filter::parts).copied().collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}
