//! Which roles may answer a search.

use std::str::FromStr;

use super::role_attributes::RoleAttributes;
use crate::clustering::{ClusterId, Label};
use crate::role::Role;
use crate::store::RolePart;
use crate::text;

/// `FIELD=VALUE`: only roles whose field has, or contains, the value. Case and width of the
/// characters make no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// `cluster=3`, `cluster=none` or `cluster=part of a name`.
    Cluster(ClusterFilter),
    /// `language=zh`: the code of the language the role is written in.
    Language(String),
    /// `technology=Kubernetes`: the canonical name of a technology that the role names.
    Technology(String),
    /// `section=...`, `title=...`, or another column of the input.
    Contains {
        /// What is looked at.
        field: Field,
        /// What it must contain, normalised and in lower case.
        value: String,
    },
}

/// The clusters that pass [`Filter::Cluster`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterFilter {
    /// Roles in no cluster.
    Noise,
    /// The cluster of this id.
    Id(ClusterId),
    /// Clusters whose name contains this, normalised and in lower case.
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

/// Not of the form `FIELD=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a filter is FIELD=VALUE, such as section=network or language=zh, not {0:?}")]
pub struct FilterError(String);

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let refused = || FilterError(text.to_string());
        let (field, value) = text.split_once('=').ok_or_else(refused)?;
        let (field, value) = (field.trim(), folded(value));
        if field.is_empty() || value.is_empty() {
            return Err(refused());
        }
        Ok(match field {
            "cluster" => Filter::Cluster(ClusterFilter::of(value)),
            "language" => Filter::Language(value),
            "technology" => Filter::Technology(value),
            "section" => Filter::Contains { field: Field::Section, value },
            "title" => Filter::Contains { field: Field::Title, value },
            other => Filter::Contains { field: Field::Column(other.to_string()), value },
        })
    }
}

impl ClusterFilter {
    fn of(value: String) -> Self {
        match value.parse::<u32>() {
            Ok(id) => ClusterFilter::Id(ClusterId(id)),
            Err(_) if value == "none" => ClusterFilter::Noise,
            Err(_) => ClusterFilter::Name(value),
        }
    }

    fn passes(&self, cluster: Label, name: Option<&str>) -> bool {
        match self {
            ClusterFilter::Noise => cluster.is_none(),
            ClusterFilter::Id(id) => cluster == Some(*id),
            ClusterFilter::Name(part) => {
                cluster.is_some() && name.is_some_and(|name| folded(name).contains(part))
            }
        }
    }
}

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
}

impl Filter {
    /// The parts of a role that must be read to apply the filter.
    pub fn parts(&self) -> &'static [RolePart] {
        match self {
            Filter::Cluster(_) => &[],
            Filter::Language(_) => &[RolePart::Text],
            Filter::Technology(_) => &[RolePart::Title, RolePart::Description, RolePart::Stack],
            Filter::Contains { field: Field::Section, .. } => &[RolePart::Section],
            Filter::Contains { field: Field::Title, .. } => &[RolePart::Title],
            Filter::Contains { field: Field::Column(_), .. } => &[RolePart::Fields],
        }
    }

    /// The column the filter looks at, when it is one that the input may not have.
    pub fn column(&self) -> Option<&str> {
        match self {
            Filter::Contains { field: Field::Column(name), .. } => Some(name),
            _ => None,
        }
    }

    /// Whether a role passes.
    pub fn passes(&self, candidate: &Candidate<'_>) -> bool {
        let Candidate { row, role, text, attributes, cluster, cluster_name } = *candidate;
        match self {
            Filter::Cluster(wanted) => wanted.passes(cluster, cluster_name),
            Filter::Language(code) => attributes.language(row, text) == code,
            Filter::Technology(wanted) => {
                let names = attributes.technologies(row, role);
                names.iter().any(|name| name.to_lowercase() == *wanted)
            }
            Filter::Contains { field, value } => {
                let found = match field {
                    Field::Section => role.section.as_deref(),
                    Field::Title => Some(role.title.as_str()),
                    Field::Column(name) => role.fields.get(name).map(String::as_str),
                };
                found.is_some_and(|found| folded(found).contains(value))
            }
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

/// Normalised, in lower case, without blanks at the ends.
fn folded(text: &str) -> String {
    text::normalize(text).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::{Origin, RoleId};

    #[test]
    fn filters_hold_whatever_the_case_and_width() {
        let role = Role {
            id: RoleId::new("1"),
            title: "Ｋ８Ｓ运维".into(),
            description: "负责 Kubernetes 集群".into(),
            stack: vec!["K8s".into(), "Helm".into()],
            section: Some("Cloud Native".into()),
            origin: Origin::default(),
            facts: Default::default(),
            fields: [("city".to_string(), "上海市".to_string())].into(),
        };
        let candidate = Candidate {
            row: 0,
            role: &role,
            text: &role.text(),
            attributes: &RoleAttributes::default(),
            cluster: Some(ClusterId(3)),
            cluster_name: Some("容器平台 · Kubernetes"),
        };
        for (filter, expected) in [
            ("section=cloud", true),
            ("section=network", false),
            ("title=k8s", true),
            ("city=上海", true),
            ("city=北京", false),
            ("cluster=3", true),
            ("cluster=2", false),
            ("cluster=kubernetes", true),
            ("cluster=none", false),
            ("language=zh", true),
            ("technology=Kubernetes", true),
            ("technology=Kafka", false),
        ] {
            assert_eq!(filter.parse::<Filter>().unwrap().passes(&candidate), expected, "{filter}");
        }
        for wrong in ["section", "=x", "x=", "x= \u{3000}"] {
            assert!(wrong.parse::<Filter>().is_err());
        }
    }
}
