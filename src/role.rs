//! A role is one job posting as it was read; a corpus is all of them, ids unique.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use arcstr::ArcStr;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fields::Fields;
use crate::long_text::LongText;
use crate::text::truncate;

/// Identifies a role: `1.4` in a digest, the value of the id column, or a content hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleId(ArcStr);

impl RoleId {
    /// Wraps an id as the input wrote it.
    pub fn new(id: impl Into<String>) -> Self {
        RoleId(ArcStr::from(id.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A sample of rows, decided by the ids of their roles, so that the order of the roles does not matter.
pub(crate) fn drawn_by_id<'a>(
    rows: impl Iterator<Item = (usize, &'a RoleId)>,
    count: usize,
) -> Vec<usize> {
    let mut keyed: Vec<_> = rows.map(|(row, id)| (Sha256::digest(id.as_str()), row)).collect();
    keyed.sort_unstable();
    keyed.into_iter().take(count).map(|(_, row)| row).collect()
}

/// Where a role stood: file as given by the user (`-` for stdin), line counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The file as the user named it.
    pub file: ArcStr,
    /// Line (or row of a Parquet file), counted from 1.
    pub line: u64,
}

/// What the input says about a role beside its text, as it writes it; each may be missing. The
/// columns these were read from stay among the [fields](Role::fields).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// When it was posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<ArcStr>,
    /// Where the work is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<ArcStr>,
    /// The employer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<ArcStr>,
    /// What is paid; of several columns put together, such as `30000-35000 EUR year`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay: Option<ArcStr>,
}

/// Columns of the first words that stand for a title.
const FIRST_WORDS: usize = 72;

/// One job posting. The default one says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Role {
    /// Unique within its [`Corpus`].
    pub id: RoleId,
    /// May be empty when the input has none.
    pub title: ArcStr,
    /// Duties and requirements, paragraphs separated by a newline.
    pub description: LongText,
    /// Technologies listed apart from the text.
    pub stack: Vec<ArcStr>,
    /// The heading it stood under, or the input's own section column: free coarse labels.
    pub section: Option<ArcStr>,
    /// Where it was read.
    pub origin: Origin,
    /// Date, place, company and pay, where the input has them.
    pub facts: Facts,
    /// Every other column of the input, kept as text for labels and filters.
    pub fields: Fields,
}

impl Role {
    /// Its title, or the first words of its text where there is none; empty if there are none.
    pub fn heading(&self) -> Cow<'_, str> {
        match self.title.trim() {
            "" => {
                let first = self.description.lines().find(|line| !line.trim().is_empty());
                truncate(first.unwrap_or_default().trim(), FIRST_WORDS)
            }
            title => Cow::Borrowed(title),
        }
    }

    /// The text of the role: title, description and stack, a line each.
    pub fn text(&self) -> String {
        self.text_with(&self.description)
    }

    /// [`Role::text`] with another description, such as one freed of boilerplate.
    pub fn text_with(&self, description: &str) -> String {
        let stack = self.stack.join(", ");
        let parts = [self.title.as_str(), description, stack.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|p| !p.trim().is_empty()).collect();
        parts.join("\n")
    }

    /// Same text, same hash: 16 hexadecimal digits of SHA-256 over title, description and stack.
    pub fn content_hash(&self) -> String {
        let mut hasher = Sha256::new();
        for part in [&*self.title, &*self.description, &*self.stack.join("\u{1f}")] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize()[..8].iter().map(|b| format!("{b:02x}")).collect()
    }

    /// A label by name: `section`, `title` or any other column of the input.
    pub fn field(&self, name: &str) -> Option<&str> {
        match name {
            "section" => self.section.as_deref(),
            "title" => Some(&self.title),
            other => self.fields.get(other).map(ArcStr::as_str),
        }
    }
}

/// Roles in input order, ids unique.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corpus {
    roles: Vec<Role>,
}

impl Corpus {
    /// Takes roles in order. An id that came before gets `#2`, `#3`, ... appended, so
    /// that two digests, which both have a `1.1`, can be read together.
    pub fn new(mut roles: Vec<Role>) -> Self {
        let mut ids = std::collections::HashSet::with_capacity(roles.len());
        if roles.iter().all(|role| ids.insert(role.id.as_str())) {
            return Corpus { roles };
        }
        drop(ids);
        let mut seen: HashMap<ArcStr, usize> = HashMap::new();
        let mut taken: std::collections::HashSet<ArcStr> =
            roles.iter().map(|r| r.id.0.clone()).collect();
        for role in &mut roles {
            let count = seen.entry(role.id.0.clone()).or_insert(0);
            *count += 1;
            while *count > 1 {
                let candidate = ArcStr::from(format!("{}#{count}", role.id.0));
                if taken.insert(candidate.clone()) {
                    role.id.0 = candidate;
                    break;
                }
                *count += 1;
            }
        }
        Corpus { roles }
    }

    /// All roles in input order.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.roles.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(id: &str, title: &str) -> Role {
        Role { id: RoleId::new(id), title: title.into(), ..Role::default() }
    }

    #[test]
    fn a_heading_is_the_title_or_the_first_words() {
        let mut one = role("1", " SRE ");
        assert_eq!(one.heading(), "SRE");
        one.title = "\u{3000}".into();
        assert_eq!(one.heading(), "");
        one.description = format!("\n 负责存储系统{}\nmore", "研发".repeat(40)).into();
        assert!(one.heading().starts_with("负责存储系统") && one.heading().ends_with('…'));
    }

    #[test]
    fn repeated_ids_are_numbered_and_never_collide() {
        let corpus =
            Corpus::new(vec![role("a", ""), role("a", ""), role("a#2", ""), role("a", "")]);
        let ids: Vec<&str> = corpus.roles().iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["a", "a#3", "a#2", "a#4"]);
    }

    #[test]
    fn the_hash_tells_fields_apart() {
        let (mut a, mut b) = (role("1", "ab"), role("2", "a"));
        b.description = "b".into();
        assert_ne!(a.content_hash(), b.content_hash());
        a.id = RoleId::new("other");
        assert_eq!(a.content_hash(), role("1", "ab").content_hash());
    }
}
