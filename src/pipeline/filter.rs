//! Which roles may answer a search.

use std::str::FromStr;

use super::role_attributes::RoleAttributes;
use crate::clustering::Label;
use crate::role::Role;
use crate::store::RolePart;
use crate::text;

/// `FIELD=VALUE`: only roles whose field says so, whatever the case.
///
/// `cluster` takes a number, a name or part of one, or `none` for noise; `language` a code
/// such as `zh`; `technology` a name of the lexicon; `section`, `title` and every other
/// column of the input hold when they contain the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    field: String,
    value: String,
}

/// Not of the form `FIELD=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a filter is FIELD=VALUE, such as section=network or language=zh, not {0:?}")]
pub struct FilterError(String);

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        match text.split_once('=') {
            Some((field, value)) if !field.trim().is_empty() && !value.trim().is_empty() => {
                Ok(Filter {
                    field: field.trim().to_string(),
                    value: text::normalize(value).trim().to_lowercase(),
                })
            }
            _ => Err(FilterError(text.to_string())),
        }
    }
}

/// What a filter may look at.
pub(super) struct Seen<'a> {
    pub row: usize,
    /// At least as much of it as [`parts`] says.
    pub role: &'a Role,
    pub text: &'a str,
    pub attributes: &'a RoleAttributes,
    pub cluster: Label,
    pub cluster_name: Option<&'a str>,
}

/// What of a role these filters look at.
pub(super) fn parts(filters: &[Filter]) -> Vec<RolePart> {
    let of = |filter: &Filter| match filter.field() {
        "cluster" => &[][..],
        "language" => &[RolePart::Text],
        "technology" => &[RolePart::Title, RolePart::Description, RolePart::Stack],
        "section" => &[RolePart::Section],
        "title" => &[RolePart::Title],
        _ => &[RolePart::Fields],
    };
    let mut parts: Vec<RolePart> = filters.iter().flat_map(of).copied().collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

impl Filter {
    /// Name of the field.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Whether the field is one every role has, or is computed for every role.
    pub(super) fn is_built_in(&self) -> bool {
        ["cluster", "language", "technology", "section", "title"].contains(&self.field.as_str())
    }

    pub(super) fn keeps(&self, seen: &Seen<'_>) -> bool {
        match self.field.as_str() {
            "cluster" => self.keeps_cluster(seen),
            "language" => seen.attributes.language(seen.row, seen.text) == self.value,
            "technology" => {
                let names = seen.attributes.technologies(seen.row, seen.role);
                names.iter().any(|name| name.to_lowercase() == self.value)
            }
            field => seen.role.field(field).is_some_and(|found| self.is_in(found)),
        }
    }

    fn keeps_cluster(&self, seen: &Seen<'_>) -> bool {
        match (seen.cluster, self.value.parse::<u32>()) {
            (None, _) => self.value == "none",
            (Some(id), Ok(wanted)) => id.0 == wanted,
            (Some(_), Err(_)) => seen.cluster_name.is_some_and(|name| self.is_in(name)),
        }
    }

    fn is_in(&self, text: &str) -> bool {
        text::normalize(text).to_lowercase().contains(&self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clustering::ClusterId;
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
            fields: [("city".to_string(), "上海市".to_string())].into(),
        };
        let seen = Seen {
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
            assert_eq!(filter.parse::<Filter>().unwrap().keeps(&seen), expected, "{filter}");
        }
        for wrong in ["section", "=x", "x="] {
            assert!(wrong.parse::<Filter>().is_err());
        }
    }
}
