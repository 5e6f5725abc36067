//! What many roles say in the same words, held once.
//!
//! Of a million postings most technologies, columns, places, sections and files are the same few
//! thousand words; a string for each takes half a kilobyte a posting.

use std::collections::HashSet;

use arcstr::ArcStr;

use crate::role::Role;

/// So many words are known at the most: what comes after them is mostly said once.
const MOST_KNOWN: usize = 1 << 16;

/// A longer text is said once.
const LONGEST: usize = 64;

/// The words that roles have said so far.
#[derive(Debug, Default)]
pub(crate) struct SharedWords {
    known: HashSet<ArcStr>,
}

impl SharedWords {
    /// Lets a role hold the words that roles before it hold, and only the memory it needs.
    pub(crate) fn share(&mut self, role: &mut Role) {
        role.stack.iter_mut().for_each(|entry| self.share_word(entry));
        role.stack.shrink_to_fit();
        self.share_word(&mut role.origin.file);
        let facts = &mut role.facts;
        let said = [&mut facts.date, &mut facts.place, &mut facts.company, &mut facts.pay];
        let said = said.into_iter().chain([&mut role.section]);
        said.flatten().for_each(|word| self.share_word(word));
        role.fields.words_mut().for_each(|word| self.share_word(word));
    }

    fn share_word(&mut self, word: &mut ArcStr) {
        if word.len() > LONGEST {
            return;
        }
        if let Some(known) = self.known.get(word) {
            word.clone_from(known);
        } else if self.known.len() < MOST_KNOWN {
            self.known.insert(word.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_are_held_once_and_roles_stay_the_same() {
        let long = "x".repeat(LONGEST + 1);
        let role = |id: usize| Role {
            title: format!("role {id}").into(),
            stack: vec!["Ceph".into(), "Kafka".into()],
            section: Some("存储".into()),
            fields: [("Kafka", "存储"), ("url", &long)].into_iter().collect(),
            ..Role::default()
        };
        let mut words = SharedWords::default();
        let shared: Vec<Role> = (0..2)
            .map(|id| {
                let mut shared = role(id);
                words.share(&mut shared);
                assert_eq!(shared, role(id));
                shared
            })
            .collect();
        let [a, b] = &shared[..] else { unreachable!() };
        assert!(ArcStr::ptr_eq(&a.stack[1], &b.stack[1]));
        assert!(ArcStr::ptr_eq(a.section.as_ref().unwrap(), &b.fields["Kafka"]));
        assert!(!ArcStr::ptr_eq(&a.fields["url"], &b.fields["url"]));
        assert_eq!(words.known.len(), 5);
    }

    #[test]
    fn words_beyond_the_limit_are_left_as_they_are() {
        let mut words = SharedWords::default();
        for at in 0..MOST_KNOWN + 10 {
            words.share_word(&mut at.to_string().into());
        }
        assert_eq!(words.known.len(), MOST_KNOWN);
    }
}
