//! Finds many phrases in a text at once, by whole words, in any script.
//!
//! A form that begins or ends with a Latin letter must begin or end a word; characters of
//! scripts without spaces (Chinese, Japanese, Korean) count as word boundaries, so `K8S` is
//! found in `负责K8S集群`. A version may follow a name (`Python3.8`), a plural `s` a long one.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

/// One spelling of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// As it is written.
    pub text: String,
    /// Whether it counts only in exactly this case (`ES`, not `es`).
    pub exact_case: bool,
    /// Whether it counts only beside other technologies (`Go`, `R`, `C`).
    pub needs_context: bool,
    /// Whether it counts only where other technologies are spoken of nearby (`Volcano`, `PLC`).
    pub needs_company: bool,
    /// The entry it stands for.
    pub entry: usize,
}

/// A form found at `start..end` (bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
    pub form: usize,
}

/// All forms, ready to be looked for.
#[derive(Debug)]
pub(super) struct Matcher {
    automaton: AhoCorasick,
    forms: Vec<Form>,
}

impl Matcher {
    /// Takes the forms and adds their usual respellings: `Spring Boot` is also `SpringBoot`
    /// and `Spring-Boot`.
    ///
    /// # Panics
    /// Never for the forms of a lexicon: their sum is far below the automaton's limits.
    pub fn new(forms: impl IntoIterator<Item = Form>) -> Self {
        let forms: Vec<Form> = forms.into_iter().flat_map(respellings).collect();
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(forms.iter().map(|f| f.text.as_str()))
            .expect("a lexicon fits an automaton");
        Matcher { automaton, forms }
    }

    /// The form a span was found by.
    pub fn form(&self, span: Span) -> &Form {
        &self.forms[span.form]
    }

    /// All forms, respellings included.
    #[cfg(test)]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// All forms in `text`, those within longer ones too: by start, the longest first.
    pub fn find_all(&self, text: &str) -> Vec<Span> {
        let mut spans: Vec<Span> = self
            .automaton
            .find_overlapping_iter(text)
            .map(|m| Span { start: m.start(), end: m.end(), form: m.pattern().as_usize() })
            .filter(|&span| self.stands_alone(text, span))
            .collect();
        // Of equal lengths an exact spelling comes first, then one that needs no context.
        spans.sort_by_key(|s| {
            let form = &self.forms[s.form];
            (s.start, std::cmp::Reverse(s.end), !form.exact_case, form.needs_context, s.form)
        });
        spans
    }

    /// The forms in `text`, leftmost first, the longest where several begin or overlap.
    pub fn find(&self, text: &str) -> Vec<Span> {
        longest(self.find_all(text))
    }

    fn stands_alone(&self, text: &str, span: Span) -> bool {
        let form = &self.forms[span.form];
        let found = &text[span.start..span.end];
        (!form.exact_case || found == form.text)
            && begins_word(text, span.start, found)
            && ends_word(&text[span.end..], found)
    }
}

/// Of spans that overlap, the first, and the longest of those that begin together.
pub(super) fn longest(mut spans: Vec<Span>) -> Vec<Span> {
    let mut end = 0;
    spans.retain(|span| {
        let free = span.start >= end;
        if free {
            end = span.end;
        }
        free
    });
    spans
}

/// Whether a character continues a word of a script with spaces.
pub(super) fn joins(c: char) -> bool {
    (c.is_alphanumeric() && !is_unspaced(c)) || c == '_'
}

/// Characters of scripts that put no spaces between words, and Korean, whose particles
/// follow a noun without one.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn begins_word(text: &str, start: usize, found: &str) -> bool {
    if !found.starts_with(joins) {
        return true;
    }
    let mut before = text[..start].chars().rev();
    match before.next() {
        Some(c) if joins(c) => false,
        // `app.js` and `main.go` are file names.
        Some('.') => found.len() > 3 || !before.next().is_some_and(joins),
        _ => true,
    }
}

fn ends_word(rest: &str, found: &str) -> bool {
    if !found.ends_with(joins) {
        return true;
    }
    let letter = found.ends_with(|c: char| c.is_alphabetic());
    if letter && (rest.starts_with("++") || rest.starts_with('#')) {
        return false;
    }
    let after_version = if letter && found.len() >= 3 { without_version(rest) } else { rest };
    let plural = found.len() >= 5 && letter;
    let rest = match after_version.strip_prefix('s') {
        Some(tail) if plural && after_version.len() == rest.len() => tail,
        _ => after_version,
    };
    !rest.starts_with(joins)
}

/// `3.8, ...` -> `, ...`; `2.x` too.
fn without_version(rest: &str) -> &str {
    if !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return rest;
    }
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let tail = &rest[end..];
    match tail.strip_prefix('x') {
        Some(after) if rest[..end].ends_with('.') => after,
        _ => tail,
    }
}

/// A form and the same with its spaces and hyphens left out or exchanged.
fn respellings(form: Form) -> Vec<Form> {
    let separators = [' ', '-'];
    if !form.text.contains(separators) {
        return vec![form];
    }
    let spaced = form.text.chars().any(is_unspaced);
    let mut texts = vec![form.text.clone()];
    for with in ["", " ", "-"] {
        let text: String = form.text.replace(separators, with);
        let usual = match with {
            "" => text.len() >= 5,
            "-" => !spaced,
            _ => true,
        };
        if usual && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.into_iter().map(|text| Form { text, ..form.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let form = |(entry, &(text, exact_case)): (usize, &(&str, bool))| Form {
            text: text.into(),
            exact_case,
            needs_context: false,
            needs_company: false,
            entry,
        };
        let forms = [
            ("Java", false),
            ("JavaScript", false),
            ("C", true),
            ("C++", false),
            ("ES", true),
            ("Spring Boot", false),
            ("SQL", false),
            ("SQL Server", false),
            ("js", false),
            (".NET", false),
            ("调度", false),
        ];
        let matcher = Matcher::new(forms.iter().enumerate().map(form));
        matcher.find(text).into_iter().map(|s| text[s.start..s.end].to_string()).collect()
    }

    #[test]
    fn whole_words_only_and_chinese_is_a_boundary() {
        assert_eq!(found("熟悉Java和javascript"), ["Java", "javascript"]);
        assert_eq!(found("javax, xjava, java_x, ajava"), [""; 0]);
        assert_eq!(found("ES集群、es、ESXi, yES"), ["ES"]);
        assert_eq!(found("做调度器"), ["调度"]);
    }

    #[test]
    fn the_longest_wins_and_a_failed_long_one_hides_nothing() {
        assert_eq!(found("SQL Server 2019"), ["SQL Server"]);
        assert_eq!(found("SQL Serverless"), ["SQL"]);
    }

    #[test]
    fn versions_plurals_and_respellings() {
        assert_eq!(found("Java8, java1.8; Java17+"), ["Java", "java", "Java"]);
        assert_eq!(found("SpringBoot2.x / spring-boot"), ["SpringBoot", "spring-boot"]);
        assert_eq!(found("SQL8x"), [""; 0]);
    }

    #[test]
    fn marks_belong_to_the_name() {
        assert_eq!(found("C/C++, C#, C++11"), ["C", "C++", "C++"]);
        assert_eq!(found("ASP.NET .NET main.js"), [".NET", ".NET"]);
    }
}
