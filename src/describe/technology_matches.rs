//! Finds the technologies that a text names.
//!
//! Most names are unambiguous. Some are ordinary words or single letters (`Go`, `R`, `C`,
//! `Spring`, `Chef`): these count only in context, that is as an entry of a stack list or
//! beside another technology in an enumeration (`Java、Go、Python`, `C/C++`, `Python or R`).
//! Context propagates along an enumeration: one certain name accepts all its neighbours.

use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::{MASK, lexicon};
use super::matcher::{Span, longest};
use crate::text::normalize;

/// How near, in bytes, another technology has to be spoken of for a name that is also another word.
pub(super) const NEIGHBOURHOOD: usize = 240;

/// What kind of text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Sentences.
    Prose,
    /// One entry of a stack list: a name that fills it needs no further context.
    StackEntry,
}

/// A technology named at `start..end` (bytes of the text looked at).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Row of the lexicon.
    pub(super) entry: usize,
}

#[cfg(test)]
impl Hit {
    /// Canonical name.
    fn name(&self) -> &'static str {
        lexicon().technologies[self.entry].name
    }
}

/// E-mail and web addresses, which name hosts, not technologies in use.
static ADDRESSES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:https?://|www\.)[!-~]+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
        .expect("a valid pattern")
});

/// A text made ready for [`technology_matches`]: normalised, addresses blanked out.
pub(super) fn readable(text: &str) -> String {
    let text = normalize(text);
    let is_www = |word: &[u8]| word.eq_ignore_ascii_case(b"www.");
    let may_hold_one =
        text.contains('@') || text.contains("://") || text.as_bytes().windows(4).any(is_www);
    if !may_hold_one {
        return text;
    }
    ADDRESSES.replace_all(&text, " \u{b7} ").into_owned()
}

/// The technologies a text names, in order, the longest name where several overlap. The
/// text is expected in one spelling, see [`normalize()`].
pub(super) fn technology_matches(text: &str, source: Source) -> Vec<Hit> {
    hits(text, source, longest(lexicon().technology_forms.find_all(text)))
}

/// [`technology_matches`], and the names that count within a longer one too: `AWS` in `AWS Lambda`.
pub(super) fn matches_and_parts(text: &str, source: Source) -> (Vec<Hit>, Vec<usize>) {
    let lexicon = lexicon();
    let spans = lexicon.technology_forms.find_all(text);
    let entries = spans.iter().map(|&span| lexicon.technology_forms.form(span).entry);
    let parts = entries.filter(|&entry| lexicon.technologies[entry].counts_within).collect();
    (hits(text, source, longest(spans)), parts)
}

fn hits(text: &str, source: Source, spans: Vec<Span>) -> Vec<Hit> {
    let lexicon = lexicon();
    let accepted = in_context(text, source, &spans);
    let hit = |(span, _): (Span, bool)| {
        let entry = lexicon.technology_forms.form(span).entry;
        Hit { start: span.start, end: span.end, entry }
    };
    spans
        .into_iter()
        .zip(accepted)
        .filter(|&(_, accepted)| accepted)
        .map(hit)
        .filter(|hit| lexicon.technologies[hit.entry].kind != MASK)
        .collect()
}

/// Which spans count, one verdict each.
fn in_context(text: &str, source: Source, spans: &[Span]) -> Vec<bool> {
    let lexicon = lexicon();
    let form = |span: Span| lexicon.technology_forms.form(span);
    let is_mask = |span: Span| lexicon.technologies[form(span).entry].kind == MASK;
    let mut accepted: Vec<bool> = spans
        .iter()
        .map(|&span| {
            let alone = !form(span).needs_context && !form(span).needs_company;
            alone || (source == Source::StackEntry && fills_part(text, span))
        })
        .collect();
    // Context runs forwards along an enumeration, then backwards.
    let pairs = 1..spans.len();
    let forwards = pairs.clone().map(|at| (at, at - 1));
    let backwards = pairs.rev().map(|at| (at - 1, at));
    for (at, neighbor) in forwards.chain(backwards) {
        if accepted[at] || !accepted[neighbor] || is_mask(spans[neighbor]) {
            continue;
        }
        let (left, right) = (spans[at.min(neighbor)], spans[at.max(neighbor)]);
        accepted[at] = enumerates(&text[left.end..right.start]) && !reads_on(text, spans[at]);
    }
    let sure: Vec<(usize, usize)> = (0..spans.len())
        .filter(|&at| accepted[at] && !is_mask(spans[at]))
        .map(|at| (spans[at].start, form(spans[at]).entry))
        .collect();
    for (at, &span) in spans.iter().enumerate() {
        let form = form(span);
        accepted[at] |= form.needs_company
            && !form.needs_context
            && sure.iter().any(|&(start, entry)| {
                entry != form.entry && start.abs_diff(span.start) <= NEIGHBOURHOOD
            });
    }
    accepted
}

/// Whether a span is all there is between the separators of a stack entry.
fn fills_part(text: &str, span: Span) -> bool {
    let before = text[..span.start].trim_end().chars().next_back();
    let after = text[span.end..].trim_start().chars().next();
    before.is_none_or(is_separator) && after.is_none_or(|c| is_separator(c) || c.is_ascii_digit())
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        '/' | '、'
            | ','
            | '，'
            | ';'
            | '；'
            | '|'
            | '&'
            | '+'
            | '('
            | ')'
            | '（'
            | '）'
            | '·'
            | ':'
            | '：'
            | '\\'
    )
}

/// Words that join the members of a list.
const AND_OR: &str = "and or und oder lub oraz et ou y och eller og en of sekä ja tai veya ve dan \
    atau và hoặc или и або та או أو और หรือ และ または と 및 和 或者 或 与 及 以及 等";

/// Whether the text between two names only lists them.
fn enumerates(between: &str) -> bool {
    if between.len() > 24 {
        return false;
    }
    let mut rest =
        between.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_matches(' ');
    if rest.is_empty() {
        return false;
    }
    while let Some(first) = rest.chars().next() {
        let begins = |word: &&str| rest.starts_with(word);
        let word = AND_OR.split_whitespace().filter(begins).max_by_key(|word| word.len());
        rest = match word {
            _ if is_separator(first) => &rest[first.len_utf8()..],
            Some(word) => &rest[word.len()..],
            None => return false,
        }
        .trim_start_matches(' ');
    }
    true
}

/// Whether a name in small letters is followed by a word, as a verb would be: `go and see`.
fn reads_on(text: &str, span: Span) -> bool {
    if text[span.start..span.end].chars().any(char::is_uppercase) {
        return false;
    }
    let Some(rest) = text[span.end..].strip_prefix(' ') else { return false };
    let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    !word.is_empty() && !["or", "and", "language", "programming", "is", "etc"].contains(&&*word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> Vec<&'static str> {
        technology_matches(&readable(text), Source::Prose).iter().map(Hit::name).collect()
    }

    fn entry(text: &str) -> Vec<&'static str> {
        technology_matches(&readable(text), Source::StackEntry).iter().map(Hit::name).collect()
    }

    #[test]
    fn aliases_lead_to_the_canonical_name() {
        let cases = [
            ("K8s/k8S/Kubernetes", "Kubernetes"),
            ("普罗米修斯", "Prometheus"),
            ("阿里云", "Alibaba Cloud"),
            ("Golang", "Go"),
            ("精通Go语言", "Go"),
            ("昇腾910B", "Ascend"),
            ("쿠버네티스를", "Kubernetes"),
            ("Maschinelles Lernen", "Machine learning"),
            ("wirtualizacja", "Virtualisation"),
            ("spring-boot", "Spring Boot"),
        ];
        for (text, name) in cases {
            assert!(prose(text).contains(&name), "{text}: {:?}", prose(text));
        }
    }

    #[test]
    fn go_is_a_language_only_beside_others() {
        for text in
            ["Java、Go、Python", "go/python", "Python, Java or Go", "C++/go/rust", "Go (Golang)"]
        {
            assert!(prose(text).contains(&"Go"), "{text}");
        }
        for text in [
            "ready to go to work",
            "Go above and beyond",
            "let's go, Docker",
            "Docker and go see the team",
            "on the go",
        ] {
            assert!(!prose(text).contains(&"Go"), "{text}");
        }
    }

    #[test]
    fn letters_and_words_need_company() {
        assert_eq!(prose("C/C++"), ["C", "C++"]);
        assert_eq!(prose("C#"), ["C#"]);
        assert_eq!(prose("Python、R、SQL"), ["Python", "R", "SQL"]);
        assert_eq!(prose("R&D team, B/S, C端, plan C"), [""; 0]);
        assert_eq!(prose("Spring 2025 internship; the chef; a swift answer"), [""; 0]);
        assert_eq!(prose("Spring、MyBatis"), ["Spring", "MyBatis"]);
        assert_eq!(prose("Chef, Puppet, Ansible"), ["Chef", "Puppet", "Ansible"]);
        assert_eq!(prose("Hong Kong office, excel in teams, es war einmal"), [""; 0]);
        assert_eq!(prose("ES、Redis"), ["Elasticsearch", "Redis"]);
        assert_eq!(prose("manila、cinder"), ["Manila", "Cinder"]);
        assert_eq!(prose("office in Manila"), [""; 0]);
    }

    #[test]
    fn names_of_other_things_need_technical_company() {
        for text in [
            "Guide to the Volcano park",
            "A Puppet theatre needs hands",
            "Bee keepers: one Hive each",
            "Barclays PLC, London",
            "LL.M. or LLM degree",
            "Reporter for CNN",
            "Feeding the Llama herd",
        ] {
            assert_eq!(prose(text), [""; 0], "{text}");
        }
        assert_eq!(prose("Work on Kubernetes is queued by Volcano"), ["Kubernetes", "Volcano"]);
        assert_eq!(prose("Hive runs above HDFS here"), ["Hive", "HDFS"]);
        assert_eq!(prose("PLC programming for presses"), ["PLC"]);
        assert_eq!(entry("Puppet"), ["Puppet"]);
    }

    #[test]
    fn stack_entries_vouch_for_themselves() {
        assert_eq!(entry("Go"), ["Go"]);
        assert_eq!(entry("go 1.21"), ["Go"]);
        assert_eq!(entry("R"), ["R"]);
        assert_eq!(entry("go to market"), [""; 0]);
        assert_eq!(entry("Nvidia H100/A100"), ["NVIDIA", "H100", "A100"]);
        assert_eq!(entry("SSE/AVX/Neon"), ["SSE", "AVX", "Neon"]);
        assert_eq!(entry("TCP/IP"), ["TCP/IP"]);
        assert_eq!(entry("CI/CD"), ["CI/CD"]);
    }

    #[test]
    fn addresses_are_no_technologies() {
        assert_eq!(prose("see https://github.com/oracle/docker and mail hr@redis.com"), [""; 0]);
        assert_eq!(prose("www.docker.com，熟悉Redis"), ["Redis"]);
    }
}
