//! Where a text names a technology or a word of the glossary, under whichever spelling.

use super::lexicon::{Class, MASK, Technology, lexicon};
use super::matcher::Span;
use super::technology_matches::{Source, technology_matches};
use crate::language::Language;
use crate::text::normalize;

/// A technology or a word of the trade at `start..end` (bytes of the normalised text).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The canonical name in lower case: `kubernetes` for `K8s`, `load testing` for `压测`.
    pub name: String,
}

/// The mentions in prose. `text` is expected in one spelling, see [`normalize()`]. A span may be
/// mentioned twice, as a technology and as a word of the glossary.
pub fn mentions(text: &str) -> Vec<Mention> {
    all(text, Source::Prose)
}

/// The mentions in a query, which may be a bare list of names: `Go` alone is the language.
pub fn mentions_in_query(text: &str) -> Vec<Mention> {
    let mut found = all(text, Source::Prose);
    let mut from = 0;
    for word in text.split([',', '，', '、', ' ']) {
        let of_word = technologies(word, Source::StackEntry).map(|m| Mention {
            start: from + m.start,
            end: from + m.end,
            ..m
        });
        for mention in of_word {
            if !found.iter().any(|other| other.start < mention.end && mention.start < other.end) {
                found.push(mention);
            }
        }
        from += word.len();
        from += text[from..].chars().next().map_or(0, char::len_utf8);
    }
    found
}

/// The canonical name of the technology that is spelt so, in any language; case makes no
/// difference.
pub fn technology_spelt(spelling: &str) -> Option<&'static str> {
    let spelling = normalize(spelling);
    let spelling = spelling.trim();
    let lexicon = lexicon();
    let is_label = |t: &&Technology| {
        t.kind != MASK
            && [Language::En, Language::Zh].iter().any(|&language| {
                normalize(t.label(language)).to_lowercase() == spelling.to_lowercase()
            })
    };
    if let Some(known) = lexicon.technologies.iter().find(is_label) {
        return Some(known.name);
    }
    [spelling.to_string(), spelling.to_uppercase()].iter().find_map(|text| {
        let whole = |span: &Span| (span.start, span.end) == (0, text.len());
        let span = lexicon.technology_forms.find_all(text).into_iter().find(whole)?;
        let technology = &lexicon.technologies[lexicon.technology_forms.form(span).entry];
        (technology.kind != MASK).then_some(technology.name)
    })
}

fn all(text: &str, source: Source) -> Vec<Mention> {
    let mut found: Vec<Mention> = technologies(text, source).collect();
    let lexicon = lexicon();
    for span in lexicon.concept_forms.find(text) {
        let concept = &lexicon.concepts[lexicon.concept_forms.form(span).entry];
        let name = normalize(concept.label(Language::En)).to_lowercase();
        let mention = Mention { start: span.start, end: span.end, name };
        if matches!(concept.class, Class::Subject | Class::Industry) && !found.contains(&mention) {
            found.push(mention);
        }
    }
    found
}

fn technologies(text: &str, source: Source) -> impl Iterator<Item = Mention> {
    technology_matches(text, source).into_iter().map(|hit| Mention {
        start: hit.start,
        end: hit.end,
        name: normalize(lexicon().technologies[hit.entry].name).to_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: Vec<Mention>) -> Vec<String> {
        let mut names: Vec<String> = found.into_iter().map(|mention| mention.name).collect();
        names.sort();
        names
    }

    #[test]
    fn spellings_share_a_name_and_places_are_those_of_the_text() {
        let text = "负责K8s平台的压测";
        let found = mentions(text);
        let named =
            |name: &str| found.iter().find(|m| m.name == name).map(|m| &text[m.start..m.end]);
        assert_eq!(named("kubernetes"), Some("K8s"));
        assert_eq!(named("load testing"), Some("压测"));
    }

    #[test]
    fn every_spelling_and_label_leads_to_the_name() {
        let cases = ["K8s", "kubernetes", "golang", "告警", "es", "压测", "R&D", "nonsense"];
        let found = cases.map(technology_spelt);
        let expected =
            ["Kubernetes", "Kubernetes", "Go", "Alerting", "Elasticsearch", "Load testing"];
        assert_eq!(found[..6], expected.map(Some));
        assert_eq!(found[6..], [None, None]);
    }

    #[test]
    fn a_query_may_be_a_bare_name() {
        assert_eq!(names(mentions("go")), [""; 0]);
        assert_eq!(names(mentions_in_query("go")), ["go"]);
        assert_eq!(names(mentions_in_query("kafka、Go ES")), ["elasticsearch", "go", "kafka"]);
    }
}
