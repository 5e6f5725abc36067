//! Why a role answers a query.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::describe::technologies_in;
use crate::role::{Origin, Role, RoleId};
use crate::text;

/// What a role shares with a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The sentence of the role nearest the query, or the one that says most of its words.
    pub sentence: String,
    /// Its cosine similarity to the query, in `[-1, 1]`; absent where words decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f32>,
    /// Technologies both name, by canonical name.
    pub technologies: Vec<String>,
    /// Words both say, in the query's order.
    pub words: Vec<String>,
}

/// What of a role is held against a query: title, sentences, stack.
pub(super) fn sentences_of(role: &Role) -> Vec<String> {
    let stack = role.stack.join(", ");
    let parts = [role.title.as_str()].into_iter().chain(text::sentences(&role.description));
    let mut parts: Vec<String> = parts.map(str::to_string).collect();
    parts.push(stack);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Characters of a role that are read for words: a posting has some thousands, a hostile one
/// as many as it likes.
const CHARS_READ: usize = 20_000;

/// A query taken apart once, to be held against several roles.
pub(super) struct Asked {
    technologies: BTreeSet<&'static str>,
    words: Vec<String>,
}

impl Asked {
    pub(super) fn of(query: &str) -> Self {
        let technologies = technologies_in(&as_role(query)).into_iter().collect();
        let mut words: Vec<String> = Vec::new();
        for word in text::words(query) {
            if !text::is_stopword(&word) && !words.contains(&word) {
                words.push(word);
            }
        }
        Asked { technologies, words }
    }

    /// `technologies` are the role's, `similarities` hold one figure per sentence.
    pub(super) fn by_meaning(
        &self,
        role: &Role,
        technologies: &[&'static str],
        sentences: &[&str],
        similarities: &[f32],
    ) -> Explanation {
        let nearest = (0..sentences.len())
            .max_by(|&a, &b| similarities[a].total_cmp(&similarities[b]).then(b.cmp(&a)));
        let said = text::words(&role.text()).into_iter().collect();
        Explanation {
            sentence: nearest.map_or_else(String::new, |at| sentences[at].trim().to_string()),
            similarity: Some(nearest.map_or(0.0, |at| similarities[at])),
            technologies: self.shared_technologies(technologies),
            words: self.shared_words(&said),
        }
    }

    /// The sentence is the one that says most of the query's words, the first of such; the
    /// title has a line of its own wherever a hit is shown, so it is read for words only.
    pub(super) fn by_words(&self, role: &Role, technologies: &[&'static str]) -> Explanation {
        let read = |text: &str| text.chars().take(CHARS_READ).collect::<String>();
        let mut said: BTreeSet<String> = BTreeSet::new();
        said.extend(text::words(&read(&role.title)));
        said.extend(text::words(&read(&role.stack.join(", "))));
        let description = read(&role.description);
        let mut best: Option<(usize, &str)> = None;
        for sentence in text::sentences(&description) {
            let words: BTreeSet<String> = text::words(sentence).into_iter().collect();
            let n_shared = self.words.iter().filter(|word| words.contains(*word)).count();
            if best.is_none_or(|(most, _)| n_shared > most) {
                best = Some((n_shared, sentence));
            }
            said.extend(words);
        }
        Explanation {
            sentence: best.map_or_else(String::new, |(_, sentence)| sentence.trim().to_string()),
            similarity: None,
            technologies: self.shared_technologies(technologies),
            words: self.shared_words(&said),
        }
    }

    fn shared_technologies(&self, named: &[&'static str]) -> Vec<String> {
        let shared = named.iter().filter(|name| self.technologies.contains(*name));
        shared.map(|name| name.to_string()).collect()
    }

    fn shared_words(&self, said: &BTreeSet<String>) -> Vec<String> {
        self.words.iter().filter(|word| said.contains(*word)).cloned().collect()
    }
}

/// A query read as a list of technologies is read: `Go, Volcano` asks for the language.
fn as_role(query: &str) -> Role {
    Role {
        id: RoleId::new(""),
        title: String::new(),
        description: query.to_string(),
        stack: query.split([',', '，', '、', ' ']).map(str::to_string).collect(),
        section: None,
        origin: Origin::default(),
        fields: Default::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_sentence_and_what_is_shared() {
        let mut role = as_role("");
        role.title = "Scheduler engineer".into();
        role.description = "You run GPU queues with Volcano. You like tea.".into();
        role.stack = vec!["K8s".into(), "Go".into()];
        let sentences = sentences_of(&role);
        assert_eq!(sentences.len(), 4);
        let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
        let asked = Asked::of("Kubernetes Volcano queues");
        let technologies = technologies_in(&role);
        let why = asked.by_meaning(&role, &technologies, &sentences, &[0.2, 0.9, 0.1, 0.9]);
        assert_eq!(why.sentence, "You run GPU queues with Volcano.");
        assert_eq!(why.technologies, ["Kubernetes", "Volcano"]);
        assert_eq!(why.words, ["volcano", "queues"]);

        let by_words = Asked::of("tea, Volcano tea").by_words(&role, &technologies);
        assert_eq!(by_words.sentence, "You run GPU queues with Volcano.", "the first of two");
        let by_words = Asked::of("who likes a tea").by_words(&role, &technologies);
        assert_eq!((by_words.sentence.as_str(), by_words.similarity), ("You like tea.", None));
        assert_eq!(by_words.words, ["tea"]);
    }
}
