//! Why a role answers a query: the sentence, technologies and words they share.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::describe::technologies_in_text;
use crate::role::Role;
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

/// The parts of a role that are compared with a query: title, sentences, stack.
pub fn sentences_of(role: &Role) -> Vec<String> {
    let stack = role.stack.join(", ");
    let parts = [role.title.as_str()].into_iter().chain(text::sentences(&role.description));
    let mut parts: Vec<String> = parts.map(str::to_string).collect();
    parts.push(stack);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Characters of a field that are searched for words. A posting has a few thousand; the bound
/// limits the work a hostile one can cause.
const CHARS_READ: usize = 20_000;

/// The technologies and words of a query, to be compared with several roles.
pub struct QueryTerms {
    technologies: BTreeSet<&'static str>,
    words: Vec<String>,
}

impl QueryTerms {
    /// Looks for technologies and words in a query.
    pub fn of(query: &str) -> Self {
        let technologies = technologies_in_text(query).into_iter().collect();
        let mut words: Vec<String> = Vec::new();
        for word in text::words(query) {
            if !text::is_stopword(&word) && !words.contains(&word) {
                words.push(word);
            }
        }
        QueryTerms { technologies, words }
    }

    /// Explains by the sentence nearest to the query. `technologies` are those of the role,
    /// `similarities` holds the cosine of each of `sentences` with the query.
    pub fn by_meaning(
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

    /// Explains by the first sentence with the most words of the query, without a model.
    /// `technologies` are those of the role. The title is searched for words, but is never the
    /// sentence, because every list of hits shows it anyway.
    pub fn by_words(&self, role: &Role, technologies: &[&'static str]) -> Explanation {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::technologies_in;
    use crate::role::RoleId;

    #[test]
    fn the_nearest_sentence_and_what_is_shared() {
        let role = Role {
            id: RoleId::new("1"),
            title: "Scheduler engineer".into(),
            description: "You run GPU queues with Volcano. You like tea.".into(),
            stack: vec!["K8s".into(), "Go".into()],
            ..Role::default()
        };
        let sentences = sentences_of(&role);
        assert_eq!(sentences.len(), 4);
        let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
        let asked = QueryTerms::of("Kubernetes Volcano queues");
        let technologies = technologies_in(&role);
        let why = asked.by_meaning(&role, &technologies, &sentences, &[0.2, 0.9, 0.1, 0.9]);
        assert_eq!(why.sentence, "You run GPU queues with Volcano.");
        assert_eq!(why.technologies, ["Kubernetes", "Volcano"]);
        assert_eq!(why.words, ["volcano", "queues"]);

        let by_words = QueryTerms::of("tea, Volcano tea").by_words(&role, &technologies);
        assert_eq!(by_words.sentence, "You run GPU queues with Volcano.", "the first of two");
        let by_words = QueryTerms::of("who likes a tea").by_words(&role, &technologies);
        assert_eq!((by_words.sentence.as_str(), by_words.similarity), ("You like tea.", None));
        assert_eq!(by_words.words, ["tea"]);
    }
}
