//! The two tables of `data/lexicon/`, read once from the binary.
//!
//! `data/lexicon/README.md` describes their columns. The tests below reject malformed lines; at
//! run time they are skipped.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::matcher::{Form, Matcher};
pub(super) use super::own_terms::MASK;
use super::own_terms::{OwnTerms, own_terms};
use crate::language::Language;

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
    Lexicon::new(
        include_str!("../../data/lexicon/technologies.tsv"),
        include_str!("../../data/lexicon/glossary.tsv"),
        own_terms(),
    )
});

impl Lexicon {
    /// The tables of the program and the terms of its user, whose spellings go before.
    fn new(technology_table: &'static str, glossary: &'static str, own: &'static OwnTerms) -> Self {
        let (mut technologies, mut forms) = (Vec::new(), Vec::new());
        add_technologies(technology_table, &mut technologies, &mut forms);
        let n_built_in = forms.len();
        add_technologies(&own.technologies, &mut technologies, &mut forms);
        let own_forms: HashSet<String> =
            forms[n_built_in..].iter().map(|form| form.text.to_lowercase()).collect();
        let mut place = 0..forms.len();
        forms.retain(|form| {
            place.next() >= Some(n_built_in) || !own_forms.contains(&form.text.to_lowercase())
        });
        let (mut concepts, mut words) = (Vec::new(), Vec::new());
        add_concepts(glossary, &mut concepts, &mut words);
        add_stop_words(&own.stop_words, &mut concepts, &mut words);
        Lexicon {
            technologies,
            technology_forms: Matcher::new(forms),
            concepts,
            concept_forms: Matcher::new(words),
        }
    }
}

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

fn add_technologies(table: &'static str, entries: &mut Vec<Technology>, forms: &mut Vec<Form>) {
    for [name, kind, aliases, rule, chinese] in rows(table) {
        // A name that is known gets further spellings.
        let known = entries.iter().position(|entry| entry.name.eq_ignore_ascii_case(name));
        let entry = known.unwrap_or(entries.len());
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
        if known.is_none() {
            entries.push(Technology { name, kind, counts_within, chinese });
        }
    }
}

/// Phrases that are dropped wherever they stand.
fn add_stop_words(lines: &'static str, entries: &mut Vec<Concept>, forms: &mut Vec<Form>) {
    let phrases = lines.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    for phrase in phrases.filter(|phrase| !phrase.is_empty()) {
        let text = phrase.to_string();
        forms.retain(|form| !form.text.eq_ignore_ascii_case(phrase));
        let entry = entries.len();
        let (exact_case, needs_context, needs_company) = (false, false, false);
        forms.push(Form { text, exact_case, needs_context, needs_company, entry });
        entries.push(Concept { english: phrase, chinese: phrase, class: Class::Dropped });
    }
}

fn add_concepts(table: &'static str, entries: &mut Vec<Concept>, forms: &mut Vec<Form>) {
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
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::profile::KINDS;

    #[test]
    fn every_line_follows_the_readme() {
        let table = include_str!("../../data/lexicon/technologies.tsv");
        let mut names = HashSet::new();
        for (at, [name, kind, aliases, rule, _]) in rows(table).enumerate() {
            assert!(names.insert(name), "{name} stands twice");
            assert!(kind == MASK || KINDS.iter().any(|k| k.key == kind), "{name}: kind {kind}");
            const RULES: &str = " case context case+context alias part case+part near case+near";
            let rules: Vec<&str> = RULES.split(' ').collect();
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
    fn own_terms_go_before_those_of_the_program() {
        static OWN: LazyLock<OwnTerms> = LazyLock::new(|| OwnTerms {
            technologies: "Zorbix\tdatabase\tZX|Bee\nB\tcloud\tAye".into(),
            stop_words: "# ours\nAcme Ltd\nplatform".into(),
        });
        let lexicon =
            Lexicon::new("A\tdatabase\tAye|Eh\nB\tcloud\tBee", "weak\tplatform\t平台", &OWN);
        let named = |text: &str| -> Vec<&str> {
            let spans = lexicon.technology_forms.find(text);
            let entry = |span| lexicon.technology_forms.form(span).entry;
            spans.into_iter().map(|span| lexicon.technologies[entry(span)].name).collect()
        };
        assert_eq!(named("ZX, Eh, Bee, Aye, B"), ["Zorbix", "A", "Zorbix", "B", "B"]);
        assert_eq!(lexicon.technologies.len(), 3);
        let spans = lexicon.concept_forms.find("Acme Ltd platform 平台");
        let class = |span| lexicon.concepts[lexicon.concept_forms.form(span).entry].class;
        let classes: Vec<Class> = spans.into_iter().map(class).collect();
        assert_eq!(classes, [Class::Dropped, Class::Dropped, Class::Weak]);
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
