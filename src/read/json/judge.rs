//! How much an object looks like a posting, by the names and lengths of its members.

use super::value::{Json, Object};
use super::{embedded, flatten};
use crate::read::columns::Target;

/// A text this long says something.
const LONG_TEXT: usize = 80;

/// Members of one object that are followed.
pub(super) const FOLLOWED: usize = 100;

/// Knows which names are those of a posting.
pub(super) struct Judge<'a> {
    pub target: &'a mut dyn FnMut(&str) -> Option<(Target, usize)>,
}

impl Judge<'_> {
    pub fn is_text(&mut self, name: &str) -> bool {
        let target = (self.target)(name).map(|(target, _)| target);
        matches!(target, Some(Target::Title | Target::Description | Target::Stack))
    }

    /// How much an object looks like a posting: about 4 for a title, 3 for a text, 2 for
    /// technologies, 1 for an id or a section, a little for anything else.
    pub fn score(&mut self, object: &Object<'_>) -> f32 {
        let (mut title, mut texts, mut other, mut unknown) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
        for (name, value) in object.members.iter().take(FOLLOWED) {
            let text = match value {
                Json::Null => continue,
                Json::Object(inner) if !flatten::is_text(inner) => continue,
                Json::Array(array) if array.items.is_empty() => continue,
                value => value.text().unwrap_or_default(),
            };
            // What stands in such a text is judged by itself.
            if embedded::looks_like_document(text) {
                continue;
            }
            let long = text.len() >= LONG_TEXT;
            match (self.target)(name) {
                // `name` and `role` are also what other things are called.
                Some((Target::Title, _)) => {
                    title = title.max(if is_vague(name) { 2.0 } else { 4.0 });
                }
                Some((Target::Description, _)) => texts += if long { 4.0 } else { 3.0 },
                Some((Target::Stack, _)) => other += 2.0,
                Some(_) => other += 1.0,
                None if long => unknown += 1.0,
                None => unknown += 0.1,
            }
        }
        title + texts.min(8.0) + other.min(4.0) + unknown.min(3.0)
    }
}

/// Names of titles that stand for anything.
fn is_vague(name: &str) -> bool {
    let name = name.to_lowercase();
    matches!(
        name.as_str(),
        "name" | "text" | "role" | "label" | "position" | "job" | "名称" | "nazwa"
    )
}

pub(super) fn called(name: &str, words: &str) -> bool {
    let name = name.to_lowercase();
    words.split_whitespace().any(|word| name.contains(word))
}
