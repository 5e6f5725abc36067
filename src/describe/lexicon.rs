//! The two tables of `data/lexicon/`, read once from the binary.
//!
//! `data/lexicon/README.md` describes their columns. The tests below reject malformed lines; at
//! run time they are skipped.

use std::sync::LazyLock;

use super::matcher::{Form, Matcher};
use crate::language::Language;

/// The kind of entries that hide text from the others (`go to`, `Hong Kong`).
pub(super) const MASK: &str = "mask";

/// A technology, or text to be passed over.
#[derive(Debug)]
pub(super) struct Technology {
    /// Canonical name.
    pub name: &'static str,
    /// Kind, as in [`crate::profile::KINDS`], or [`MASK`].
    pub kind: &'static str,
    /// Whether it counts within a longer name too: `AWS` in `AWS Lambda`.
    pub counts_within: bool,
    /// The name in Chinese text, where it differs.
    chinese: &'static str,
}

impl Technology {
    /// The name in a language.
    pub fn label(&self, language: Language) -> &'static str {
        if language == Language::Zh && !self.chinese.is_empty() { self.chinese } else { self.name }
    }

    /// Whether it is a common noun (`Load balancing`) rather than the name of a thing
    /// (`Nginx`).
    pub fn is_common_noun(&self) -> bool {
        let mut words = self.name.split(' ');
        let first = words.next().unwrap_or_default();
        let second = words.next().unwrap_or_default();
        let sentence_case = first.chars().skip(1).all(|c| !c.is_uppercase());
        sentence_case
            && !first.contains(['.', '/'])
            && (second.starts_with(|c: char| c.is_lowercase())
                || (!self.chinese.is_empty() && SINGLE_NOUNS.contains(&self.name)))
    }
}

/// Common nouns of one word; brands look the same to a program.
const SINGLE_NOUNS: &[&str] = &[
    "Alerting",
    "Autoscaling",
    "Blockchain",
    "Bluetooth",
    "Compiler",
    "Containerisation",
    "Cryptography",
    "Embeddings",
    "Fine-tuning",
    "Firewall",
    "Firmware",
    "Inspection",
    "Logging",
    "Microcontrollers",
    "Microservices",
    "Middleware",
    "Monitoring",
    "Multi-cloud",
    "Multi-cluster",
    "Multithreading",
    "Observability",
    "On-call",
    "Postmortems",
    "Pre-training",
    "Prototyping",
    "Quantization",
    "Robotics",
    "Rollback",
    "Router",
    "Sandbox",
    "Self-healing",
    "Sharding",
    "Statistics",
    "Switch",
    "Troubleshooting",
    "Virtualisation",
];

/// What a glossary word may do in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A subject (`inference`) or a job family (`nursing`): may be a name.
    Subject,
    /// A line of business (`insurance`): says who hires rather than what the work is.
    Industry,
    /// Says something only beside another word (`platform`, `management`).
    Weak,
    /// A job word of any subject (`engineer`).
    Generic,
    /// Level, place, company: never part of a name.
    Dropped,
}

/// A word in two languages.
#[derive(Debug)]
pub(super) struct Concept {
    english: &'static str,
    chinese: &'static str,
    /// What it may do.
    pub class: Class,
}

impl Concept {
    /// The word in a language.
    pub fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.chinese,
            Language::En => self.english,
        }
    }
}

/// Both tables and their matchers.
#[derive(Debug)]
pub(super) struct Lexicon {
    pub technologies: Vec<Technology>,
    pub technology_forms: Matcher,
    pub concepts: Vec<Concept>,
    pub concept_forms: Matcher,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let (technologies, forms) = technologies(include_str!("../../data/lexicon/technologies.tsv"));
    let technology_forms = Matcher::new(forms);
    let (concepts, forms) = concepts(include_str!("../../data/lexicon/glossary.tsv"));
    Lexicon { technologies, technology_forms, concepts, concept_forms: Matcher::new(forms) }
});

/// The lexicon; built at the first call, in a few milliseconds.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

fn rows(table: &'static str) -> impl Iterator<Item = [&'static str; 5]> {
    table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).map(|line| {
        let mut cells = line.split('\t');
        std::array::from_fn(|_| cells.next().unwrap_or_default().trim())
    })
}

fn technologies(table: &'static str) -> (Vec<Technology>, Vec<Form>) {
    let (mut entries, mut forms) = (Vec::new(), Vec::new());
    for [name, kind, aliases, rule, chinese] in rows(table) {
        let entry = entries.len();
        let mut add = |text: &str, [exact_case, needs_context, needs_company]: [bool; 3]| {
            let text = text.into();
            forms.push(Form { text, exact_case, needs_context, needs_company, entry });
        };
        if rule != "alias" {
            add(name, ["case", "context", "near"].map(|part| rule.contains(part)));
        }
        for alias in aliases.split('|').filter(|alias| !alias.is_empty()) {
            let text = alias.trim_start_matches(['=', '?', '~']);
            let marks = &alias[..alias.len() - text.len()];
            add(text, ['=', '?', '~'].map(|mark| marks.contains(mark)));
        }
        let counts_within = rule.contains("part");
        entries.push(Technology { name, kind, counts_within, chinese });
    }
    (entries, forms)
}

fn concepts(table: &'static str) -> (Vec<Concept>, Vec<Form>) {
    let (mut entries, mut forms) = (Vec::new(), Vec::new());
    for [class, english, chinese, also, _] in rows(table) {
        let class = match class {
            "topic" | "family" => Class::Subject,
            "industry" => Class::Industry,
            "weak" => Class::Weak,
            "generic" => Class::Generic,
            _ => Class::Dropped,
        };
        let spellings = [english, chinese].into_iter().chain(also.split('|'));
        for text in spellings.filter(|text| !text.is_empty()) {
            // `HR` is a word, `hr` may be an hour.
            let exact_case = text.len() <= 3 && text.chars().all(|c| c.is_ascii_uppercase());
            let entry = entries.len();
            let (text, needs_context, needs_company) = (text.into(), false, false);
            forms.push(Form { text, exact_case, needs_context, needs_company, entry });
        }
        entries.push(Concept { english, chinese, class });
    }
    (entries, forms)
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::profile::KINDS;

    #[test]
    fn every_line_follows_the_readme() {
        let table = include_str!("../../data/lexicon/technologies.tsv");
        let mut names = HashSet::new();
        for (at, [name, kind, aliases, rule, _]) in rows(table).enumerate() {
            assert!(names.insert(name), "{name} stands twice");
            assert!(kind == MASK || KINDS.iter().any(|k| k.key == kind), "{name}: kind {kind}");
            let rules = ["", "case", "context", "case+context", "alias", "part", "case+part", "case+near"];
            assert!(rules.contains(&rule), "{name}: rule {rule}");
            assert!(rule != "alias" || !aliases.is_empty(), "row {at}: {name} cannot be found");
            assert!(!aliases.split('|').any(|a| a.trim() != a), "{name}: spaces");
        }
        assert!((500..2_000).contains(&names.len()));
        for line in include_str!("../../data/lexicon/glossary.tsv").lines().skip(1) {
            assert!((3..=4).contains(&line.split('\t').count()), "{line}");
        }
    }

    #[test]
    fn no_spelling_means_two_things() {
        for table in [&lexicon().technology_forms, &lexicon().concept_forms] {
            let mut seen: HashMap<String, usize> = HashMap::new();
            for form in table.forms() {
                let key =
                    if form.exact_case { form.text.clone() } else { form.text.to_lowercase() };
                let entry = *seen.entry(key).or_insert(form.entry);
                assert_eq!(entry, form.entry, "{:?} means two things", form.text);
            }
        }
    }

    #[test]
    fn nouns_and_names_are_told_apart() {
        let noun = |name: &str| {
            lexicon().technologies.iter().find(|t| t.name == name).map(Technology::is_common_noun)
        };
        for name in ["Load balancing", "Monitoring", "Chaos engineering"] {
            assert_eq!(noun(name), Some(true), "{name}");
        }
        for name in ["Nginx", "Alibaba Cloud", "CI/CD", "Ascend", "LLM", "KV cache"] {
            assert_eq!(noun(name), Some(false), "{name}");
        }
    }
}
