//! Tokenises titles and texts; spellings of one thing become one token.
//!
//! A word is a technology of the lexicon, a concept of the glossary, or what
//! [`crate::text::words`] cuts the rest into. Punctuation and stop words break a sequence, so
//! that two neighbours in a sequence may form a phrase.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use rayon::prelude::*;
use unicode_normalization::char::is_combining_mark;

use super::lexicon::{Class, lexicon};
use super::technology_matches::{Hit, NEIGHBOURHOOD, Source, readable, technology_matches};
use super::title_text::{owner, stretches, without_brackets};
use crate::extract::Ranks;
use crate::language::Language;
use crate::long_text::LongText;
use crate::role::Role;
use crate::text::{self, DetectedLanguage, is_stopword};

/// Roles tokenised at once, before their words are numbered.
const CHUNK: usize = 4_096;

/// Longest word kept.
const LONGEST_WORD: usize = 40;

/// One word in all its spellings.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Item {
    /// Row of the technologies.
    Technology(usize),
    /// Row of the glossary.
    Concept(usize),
    /// Any other word, in small letters.
    Word(String),
}

/// Stands between two words that are not neighbours.
pub(super) const BREAK: u32 = u32::MAX;

/// All titles and texts in numbered words.
#[derive(Debug)]
pub(super) struct Tokens {
    items: Vec<Item>,
    /// How words are written, by number.
    spellings: HashMap<u32, BTreeMap<String, usize>>,
    /// Per role: the title without brackets, levels, places and companies.
    pub titles: Vec<Vec<u32>>,
    /// Per role: the text.
    pub texts: Vec<Vec<u32>>,
    /// Per role: its stack entries, a break between them.
    pub stacks: Vec<Vec<u32>>,
    /// Per role: the language of its text.
    pub languages: Vec<DetectedLanguage>,
    /// Per role: the stretches of its title between punctuation, in small letters.
    pub stretches: Vec<Vec<String>>,
    /// Per role: what its title says of rank.
    pub ranks: Vec<Ranks>,
}

/// A word and how it was written.
type Written = Option<(Item, Option<String>)>;

/// The tokens of one role.
struct Read {
    title: Vec<Written>,
    text: Vec<Written>,
    stack: Vec<Written>,
    language: DetectedLanguage,
    stretches: Vec<String>,
    ranks: Ranks,
}

impl Tokens {
    /// Reads roles and their texts, those of the given rows.
    pub fn new(roles: &[Role], texts: &[LongText], rows: &[usize]) -> Self {
        let mut numbers: HashMap<Item, u32> = HashMap::new();
        let mut tokens = Tokens {
            items: Vec::new(),
            spellings: HashMap::new(),
            titles: Vec::with_capacity(rows.len()),
            texts: Vec::with_capacity(rows.len()),
            stacks: Vec::with_capacity(rows.len()),
            languages: Vec::with_capacity(rows.len()),
            stretches: Vec::with_capacity(rows.len()),
            ranks: Vec::with_capacity(rows.len()),
        };
        for rows in rows.chunks(CHUNK) {
            let read: Vec<Read> =
                rows.par_iter().map(|&row| read(&roles[row], &texts[row])).collect();
            for role in read {
                let title = tokens.number(role.title, &mut numbers);
                tokens.titles.push(title);
                let text = tokens.number(role.text, &mut numbers);
                tokens.texts.push(text);
                let stack = tokens.number(role.stack, &mut numbers);
                tokens.stacks.push(stack);
                tokens.languages.push(role.language);
                tokens.stretches.push(role.stretches);
                tokens.ranks.push(role.ranks);
            }
        }
        tokens
    }

    /// What a number stands for.
    pub fn item(&self, number: u32) -> &Item {
        &self.items[number as usize]
    }

    /// Whether a word means software development.
    pub fn is_development(&self, number: u32) -> bool {
        let Some(Item::Concept(entry)) = self.items.get(number as usize) else { return false };
        let label = lexicon().concepts[*entry].label(Language::En);
        ["development", "developer"].contains(&label)
    }

    /// How many different words there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// How most roles write a word.
    pub fn spelling(&self, number: u32) -> Option<&str> {
        let counts = self.spellings.get(&number)?;
        let usual = counts.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        usual.map(|(written, _)| written.as_str())
    }

    fn number(&mut self, written: Vec<Written>, numbers: &mut HashMap<Item, u32>) -> Vec<u32> {
        let mut sequence = Vec::with_capacity(written.len());
        for word in written {
            let Some((item, spelling)) = word else {
                sequence.push(BREAK);
                continue;
            };
            let next = self.items.len() as u32;
            let number = *numbers.entry(item.clone()).or_insert(next);
            if number == next {
                self.items.push(item);
            }
            if let Some(spelling) = spelling {
                *self.spellings.entry(number).or_default().entry(spelling).or_insert(0) += 1;
            }
            sequence.push(number);
        }
        sequence
    }
}

/// The stretches of a sequence without a break.
pub(super) fn runs(sequence: &[u32]) -> impl Iterator<Item = &[u32]> {
    sequence.split(|&number| number == BREAK).filter(|run| !run.is_empty())
}

/// Letters below which a text is too short to tell its language by.
const SHORT_TEXT: usize = 60;

/// The language of what is left of a text, or of all of it where hardly anything is: postings from a
/// template lose most.
fn language_of(role: &Role, text: &str) -> DetectedLanguage {
    let body = text.strip_prefix(role.title.as_str()).unwrap_or(text);
    let is_short = body.chars().filter(|c| c.is_alphabetic()).nth(SHORT_TEXT).is_none();
    if is_short { text::language(&role.text()) } else { text::language(text) }
}

fn read(role: &Role, text: &str) -> Read {
    let language = language_of(role, text);
    let cut = if language == DetectedLanguage::Ja { text::japanese_words } else { text::words };
    let keeps_spelling = !matches!(language, DetectedLanguage::Zh | DetectedLanguage::En);
    let reader = Reader { cut, keeps_spelling };
    let mut stack = Vec::new();
    for entry in &role.stack {
        reader.text(&readable(entry), Source::StackEntry, &mut stack);
        stack.push(None);
    }
    let mut title = Vec::new();
    let (whole, hidden) = (readable(&role.title), owner(role));
    let mut short = without_brackets(&whole);
    for name in hidden {
        short = short.replace(&readable(name), " / ");
    }
    let short = if short.trim().is_empty() { &whole } else { &short };
    let text = readable(text);
    reader.title(short, &text, &mut title);
    let mut body = Vec::new();
    reader.text(&text, Source::Prose, &mut body);
    let (stretches, ranks) = (stretches(short, language), Ranks::of(&role.title));
    Read { title, text: body, stack, language, stretches, ranks }
}

/// Cuts texts of one language.
struct Reader {
    cut: fn(&str) -> Vec<String>,
    /// Whether to keep how words of the lexicon are written: in languages that it has no words in.
    keeps_spelling: bool,
}

impl Reader {
    fn text(&self, text: &str, source: Source, out: &mut Vec<Written>) {
        self.around(text, technology_matches(text, source), out);
    }

    /// A title, whose names may need the company of those in the text below.
    fn title(&self, title: &str, text: &str, out: &mut Vec<Written>) {
        let most = NEIGHBOURHOOD.min(text.len());
        let end = (0..=most).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let mut hits = technology_matches(&format!("{title}\n{}", &text[..end]), Source::Prose);
        hits.retain(|hit| hit.end <= title.len());
        self.around(title, hits, out);
    }

    fn around(&self, text: &str, hits: Vec<Hit>, out: &mut Vec<Written>) {
        let mut at = 0;
        for hit in hits {
            self.between(&text[at..hit.start], out);
            let written = self.spelling(&text[hit.start..hit.end]);
            out.push(Some((Item::Technology(hit.entry), written)));
            at = hit.end;
        }
        self.between(&text[at..], out);
    }

    /// Text without technologies: glossary words, and the rest cut into words.
    fn between(&self, text: &str, out: &mut Vec<Written>) {
        let lexicon = lexicon();
        let mut at = 0;
        for span in lexicon.concept_forms.find(text) {
            self.words(&text[at..span.start], out);
            let entry = lexicon.concept_forms.form(span).entry;
            if lexicon.concepts[entry].class != Class::Dropped {
                let written = self.spelling(&text[span.start..span.end]);
                out.push(Some((Item::Concept(entry), written)));
            }
            at = span.end;
        }
        self.words(&text[at..], out);
    }

    fn spelling(&self, written: &str) -> Option<String> {
        self.keeps_spelling.then(|| written.to_string())
    }

    fn words(&self, text: &str, out: &mut Vec<Written>) {
        for piece in text.split_inclusive(is_punctuation) {
            let broken = piece.ends_with(is_punctuation);
            let folded = piece.to_lowercase();
            // Positions in the folded piece are those of the piece only while lengths agree.
            let aligned = folded.len() == piece.len();
            let mut from = 0;
            if piece.chars().any(char::is_alphanumeric) {
                for word in (self.cut)(piece) {
                    let place = folded[from..].find(&word).map(|at| from + at).filter(|_| aligned);
                    let written = place.and_then(|at| piece.get(at..at + word.len()));
                    from = place.map_or(from, |at| at + word.len());
                    // `Gesundheits-` of `Gesundheits- und Krankenpfleger` is half a word.
                    let is_half = place.is_some() && ends_with_hyphen(&folded[from..]);
                    let spelling = written.map(str::to_string);
                    let is_word = !is_half && is_telling(&word);
                    out.push(is_word.then_some((Item::Word(word), spelling)));
                }
            }
            if broken {
                out.push(None);
            }
        }
    }
}

/// Whether a word goes on with a hyphen and no more.
fn ends_with_hyphen(rest: &str) -> bool {
    let rest = rest.strip_prefix('-');
    rest.is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
}

/// Punctuation that parts two words; a hyphen or a dot inside a name does not, nor does a mark on a letter.
fn is_punctuation(c: char) -> bool {
    !(c.is_alphanumeric()
        || is_combining_mark(c)
        || matches!(c, '\u{200c}' | '\u{200d}')
        || c.is_whitespace()
        || matches!(c, '-' | '_' | '.' | '+' | '#' | '\'' | '&'))
        || c == '\n'
}

/// Words of no lexicon that say nothing about a role.
static PLAIN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let list = include_str!("../../data/lexicon/plain.txt");
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Whether a word says anything by itself.
fn is_telling(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let two = letters.next().is_some() && letters.next().is_some();
    two && word.chars().count() <= LONGEST_WORD && !is_stopword(word) && !PLAIN.contains(word)
}
