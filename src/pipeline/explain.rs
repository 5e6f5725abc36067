//! Why a role answers a query.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::describe::technologies_in;
use crate::role::{Origin, Role, RoleId};
use crate::text;

/// What a role shares with a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The sentence of the role nearest the query.
    pub sentence: String,
    /// Its cosine similarity to the query, in `[-1, 1]`.
    pub similarity: f32,
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

/// Joins the pieces; `similarities` holds one figure per sentence.
pub(super) fn explain(
    role: &Role,
    sentences: &[&str],
    similarities: &[f32],
    query: &str,
) -> Explanation {
    let nearest = (0..sentences.len())
        .max_by(|&a, &b| similarities[a].total_cmp(&similarities[b]).then(b.cmp(&a)));
    let asked: BTreeSet<&str> = technologies_in(&as_role(query)).into_iter().collect();
    let technologies =
        technologies_in(role).into_iter().filter(|name| asked.contains(name)).map(str::to_string);
    let said: BTreeSet<String> = text::words(&role.text()).into_iter().collect();
    let mut words = Vec::new();
    for word in text::words(query) {
        if said.contains(&word) && !text::is_stopword(&word) && !words.contains(&word) {
            words.push(word);
        }
    }
    Explanation {
        sentence: nearest.map_or_else(String::new, |at| sentences[at].trim().to_string()),
        similarity: nearest.map_or(0.0, |at| similarities[at]),
        technologies: technologies.collect(),
        words,
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
        let why = explain(&role, &sentences, &[0.2, 0.9, 0.1, 0.9], "Kubernetes Volcano queues");
        assert_eq!(why.sentence, "You run GPU queues with Volcano.");
        assert_eq!(why.technologies, ["Kubernetes", "Volcano"]);
        assert_eq!(why.words, ["volcano", "queues"]);
    }
}
