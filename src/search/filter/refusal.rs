//! Why no role passes a filter: what it asks for does not exist.

use std::borrow::Cow;
use std::collections::BTreeSet;

use arcstr::ArcStr;

use super::apply::Candidate;
use super::kind::{Field, Filter, TechnologyFilter, folded};

/// Fields of every role, beside the columns of the input.
const FIELDS: [&str; 6] = ["cluster", "direction", "language", "section", "technology", "title"];
/// Known values named in a message.
const MOST_NAMED: usize = 3;

/// A filter on something that no role has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such column.
    #[error("no role has a field {field:?}; there are: {}", .known.join(", "))]
    NoField {
        /// The field asked for.
        field: String,
        /// All there are.
        known: Vec<String>,
    },
    /// The field has no such value.
    #[error("no role has {field}={value}{}", nearest_are(.nearest))]
    NoValue {
        /// The field asked for.
        field: String,
        /// The value asked for.
        value: String,
        /// Known values, nearest first.
        nearest: Vec<String>,
    },
    /// The column holds nothing that can be compared.
    #[error(
        "{column}{range} compares numbers or dates, and no role has one of that kind in {column:?}; \
         it holds, for example, {example:?}"
    )]
    NoNumbers {
        /// The column asked for.
        column: String,
        /// What it must be.
        range: String,
        /// A value it has.
        example: String,
    },
}

fn nearest_are(nearest: &[String]) -> String {
    match nearest {
        [] => "; no role has any".to_string(),
        [only] => format!("; the nearest is {only}"),
        [most @ .., last] => format!("; the nearest are {} and {last}", most.join(", ")),
    }
}

impl Filter {
    /// Why none of `roles`, which are all there are, passes; `None` when one does.
    pub fn refusal(&self, roles: &[Candidate<'_>]) -> Option<Refusal> {
        if roles.iter().any(|role| self.passes(role)) {
            return None;
        }
        if let Filter::Range(range) = self
            && FIELDS.contains(&range.column.as_str())
        {
            let of_names = format!("{}=x", range.column).parse::<Filter>().ok()?;
            return Some(Refusal::NoNumbers {
                column: range.column.clone(),
                range: range.text.clone(),
                example: of_names.known(roles).into_iter().next()?,
            });
        }
        if let Some(column) = self.column()
            && !roles.iter().any(|role| role.role.fields.contains_key(column))
        {
            let columns = roles.iter().flat_map(|role| role.role.fields.keys());
            let known: BTreeSet<String> =
                columns.map(ArcStr::to_string).chain(FIELDS.map(str::to_string)).collect();
            let (field, known) = (column.to_string(), known.into_iter().collect());
            return Some(Refusal::NoField { field, known });
        }
        if let Filter::Range(range) = self {
            let mut values = roles.iter().filter_map(|role| role.role.fields.get(&range.column));
            if values.clone().all(|value| range.admits(value).is_none()) {
                return Some(Refusal::NoNumbers {
                    column: range.column.clone(),
                    range: range.text.clone(),
                    example: values.find(|value| !value.is_empty())?.to_string(),
                });
            }
            // The values are numbers or dates, just not such.
            return None;
        }
        let (field, value) = self.asked();
        let nearest = nearest(&value, self.known(roles));
        Some(Refusal::NoValue { field, value, nearest })
    }

    /// Field and value, as they are shown.
    fn asked(&self) -> (String, String) {
        let (field, value) = match self {
            Filter::Cluster(group) => ("cluster", group.to_string()),
            Filter::Direction(group) => ("direction", group.to_string()),
            Filter::Language(code) => ("language", code.clone()),
            Filter::Technology(technology) => ("technology", technology.name().to_string()),
            Filter::Contains { field: Field::Section, value } => ("section", value.clone()),
            Filter::Contains { field: Field::Title, value } => ("title", value.clone()),
            Filter::Contains { field: Field::Column(name), value } => {
                (name.as_str(), value.clone())
            }
            Filter::Range(range) => (range.column.as_str(), range.text.clone()),
        };
        (field.to_string(), value)
    }

    /// What the field holds, each once.
    fn known(&self, roles: &[Candidate<'_>]) -> BTreeSet<String> {
        let stack = Filter::Technology(TechnologyFilter::Other(String::new()));
        let known = roles.iter().flat_map(|role| {
            let mut values = self.values(role);
            if matches!(self, Filter::Technology(_)) {
                // Both are technologies to a reader.
                values.extend(
                    role.attributes
                        .technologies(role.row, role.role)
                        .iter()
                        .map(|t| Cow::Borrowed(*t)),
                );
                values.extend(stack.values(role));
            }
            values
        });
        known.map(Cow::into_owned).filter(|value| !value.trim().is_empty()).collect()
    }
}

/// The known values nearest to `wanted` by letters that differ, in proportion to the length.
fn nearest(wanted: &str, known: BTreeSet<String>) -> Vec<String> {
    let likeness = |value: &String| strsim::normalized_damerau_levenshtein(wanted, &folded(value));
    let mut known: Vec<(f64, String)> = known.into_iter().map(|v| (likeness(&v), v)).collect();
    known.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    known.into_iter().take(MOST_NAMED).map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clustering::ClusterId;
    use crate::role::{Role, RoleId};
    use crate::search::RoleAttributes;

    fn role(section: &str, city: &str) -> Role {
        Role {
            id: RoleId::new(city),
            title: "Engineer".into(),
            description: "Runs Kubernetes and Kafka".into(),
            stack: vec!["Kubernetes".into(), "Kafka".into()],
            section: Some(section.into()),
            fields: [("city", city)].into_iter().collect(),
            ..Role::default()
        }
    }

    fn refusal(filter: &str) -> Option<String> {
        let roles = [role("network", "Berlin"), role("storage", "Munich")];
        let texts: Vec<String> = roles.iter().map(Role::text).collect();
        let attributes = RoleAttributes::default();
        let (cluster, cluster_name) = (Some(ClusterId(0)), Some("Networks"));
        let roles = roles.iter().zip(&texts).enumerate();
        let candidates: Vec<Candidate<'_>> = roles
            .map(|(row, (role, text))| Candidate {
                row,
                role,
                text,
                attributes: &attributes,
                cluster,
                cluster_name,
                direction: None,
                direction_name: None,
            })
            .collect();
        filter.parse::<Filter>().unwrap().refusal(&candidates).map(|refusal| refusal.to_string())
    }

    #[test]
    fn what_there_is_is_said() {
        insta::assert_snapshot!(refusal("planet=mars").unwrap(), @r#"no role has a field "planet"; there are: city, cluster, direction, language, section, technology, title"#);
        insta::assert_snapshot!(refusal("city=Munch").unwrap(), @"no role has city=munch; the nearest are Munich and Berlin");
        insta::assert_snapshot!(refusal("technology=Kuberntes").unwrap(), @"no role has technology=kuberntes; the nearest are Kubernetes and Kafka");
        insta::assert_snapshot!(refusal("language=de").unwrap(), @"no role has language=de; the nearest is en");
        insta::assert_snapshot!(refusal("city>=3").unwrap(), @r#"city>=3 compares numbers or dates, and no role has one of that kind in "city"; it holds, for example, "Berlin""#);
        assert!(refusal("section>=3").unwrap().ends_with(r#"it holds, for example, "network""#));
        assert_eq!(refusal("section=net"), None);
        assert_eq!(refusal("technology=K8s"), None);
    }
}
