//! How much decoded text looks like text: frequent characters of the languages an encoding is
//! for, letters beside letters of their own script, and column names that are known.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use encoding_rs::Encoding;

use crate::read::columns;
use crate::text::script::Script;

/// Added for every known column name, and at most for this many.
const NAME_BONUS: f64 = 0.25;
const MOST_NAMES: usize = 3;

/// Lines among which the header is looked for, and what stands between its names.
const HEADER_LINES: usize = 12;
const SEPARATORS: [char; 5] = [',', ';', '\t', '|', '"'];

/// Frequent characters by group, from `data/lexicon/characters.tsv`.
static FREQUENT: LazyLock<HashMap<&str, HashSet<char>>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/lexicon/characters.tsv").lines();
    let groups = lines.filter(|line| !line.starts_with('#')).filter_map(|l| l.split_once('\t'));
    groups.map(|(group, characters)| (group, characters.chars().collect())).collect()
});

/// The order of Cyrillic letters by frequency.
static CYRILLIC: LazyLock<HashMap<char, usize>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/lexicon/characters.tsv").lines();
    let letters = lines.filter_map(|line| line.strip_prefix("cyrillic\t")).flat_map(str::chars);
    letters.enumerate().map(|(rank, letter)| (letter, rank)).collect()
});

/// The languages an encoding is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Simplified,
    Traditional,
    Japanese,
    Korean,
    Cyrillic,
    Latin(&'static str),
    Other,
}

impl Family {
    fn of(encoding: &'static Encoding) -> Self {
        match encoding.name() {
            "GBK" | "gb18030" => Family::Simplified,
            "Big5" => Family::Traditional,
            "Shift_JIS" | "EUC-JP" | "ISO-2022-JP" => Family::Japanese,
            "EUC-KR" => Family::Korean,
            "windows-1251" | "KOI8-R" | "KOI8-U" | "IBM866" | "x-mac-cyrillic" | "ISO-8859-5" => {
                Family::Cyrillic
            }
            "windows-1252" | "ISO-8859-15" | "macintosh" => Family::Latin("west"),
            "windows-1250" | "ISO-8859-2" | "ISO-8859-16" => Family::Latin("central"),
            "windows-1254" => Family::Latin("turkish"),
            "windows-1257" | "ISO-8859-13" | "ISO-8859-4" => Family::Latin("baltic"),
            _ => Family::Other,
        }
    }
}

/// How much `text`, decoded from `encoding`, looks like text in one of its languages: about 1
/// where it does, more with known column names, near 0 or below where it does not.
pub(super) fn score(text: &str, encoding: &'static Encoding) -> f64 {
    let family = Family::of(encoding);
    let (mut sum, mut bytes) = (0.0, 0.0);
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if !c.is_ascii() {
            // Two bytes of the input stand behind a character of a multi-byte encoding; a wrong
            // one makes two characters of them, whose weights must not add up.
            let weight =
                if encoding.is_single_byte() || ('｡'..='ﾟ').contains(&c) { 1.0 } else { 2.0 };
            let next = characters.peek().copied().unwrap_or(' ');
            sum += weight * character(c, previous, next, family);
            bytes += weight;
        }
        previous = c;
    }
    if bytes == 0.0 {
        return 0.0;
    }
    sum / bytes + NAME_BONUS * known_names(text) as f64
}

/// How well one character fits where it stands.
fn character(c: char, previous: char, next: char, family: Family) -> f64 {
    let frequent = |group: &str| FREQUENT.get(group).is_some_and(|known| known.contains(&c));
    let among =
        |a: char, b: char| Script::of(a) == Script::of(b) && Script::of(a) != Script::Common;
    match c {
        '\u{fffd}' => return -5.0,
        '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' => return -3.0,
        '、' | '。' | '，' | '：' | '；' | '（' | '）' | '「' | '」' | '《' | '》' | '！'
        | '？' | '\u{3000}' | '・' | '【' | '】' => return 0.6,
        '–' | '—' | '‘' | '’' | '“' | '”' | '„' | '…' | '€' | '•' | '«' | '»' | '°' | '§' | '©'
        | '®' | '™' | '№' | '\u{a0}' => return 0.5,
        _ => {}
    }
    let script = Script::of(c);
    match (script, family) {
        (Script::Han, Family::Simplified) => share(frequent("simplified"), frequent("traditional")),
        (Script::Han, Family::Traditional) => {
            share(frequent("traditional"), frequent("simplified"))
        }
        (Script::Han, Family::Japanese) => share(frequent("japanese"), frequent("traditional")),
        // A Chinese character among Korean syllables is rare today.
        (Script::Han, Family::Korean) => -0.3,
        (Script::Hangul, Family::Korean) => share(frequent("korean"), false),
        (Script::Hiragana | Script::Katakana, Family::Japanese) if ('｡'..='ﾟ').contains(&c) => {
            // Half-width kana come in words; single ones are halves of something else.
            let kana = |c: char| ('｡'..='ﾟ').contains(&c);
            if kana(previous) || kana(next) { 0.3 } else { -0.5 }
        }
        (Script::Hiragana | Script::Katakana, Family::Japanese) => 1.0,
        (Script::Hiragana | Script::Katakana, _) => 0.1,
        (Script::Cyrillic, Family::Cyrillic) => cyrillic(c, previous, next),
        (Script::Latin, Family::Latin(group)) => {
            let lower: char = c.to_lowercase().next().unwrap_or(c);
            let known = FREQUENT.get(group).is_some_and(|known| known.contains(&lower));
            let alone = !previous.is_ascii_alphabetic() && !next.is_ascii_alphabetic();
            let turns = c.is_uppercase() && previous.is_lowercase();
            (if known { 0.9 } else { 0.0 })
                - (if alone { 0.4 } else { 0.0 })
                - (if turns { 0.5 } else { 0.0 })
        }
        (Script::Other | Script::SoutheastAsian, Family::Other) => {
            if among(c, previous) || among(c, next) { 0.7 } else { 0.0 }
        }
        (Script::Common, _) => -0.5,
        _ => -0.4,
    }
}

fn share(own: bool, near: bool) -> f64 {
    match (own, near) {
        (true, _) => 1.0,
        (_, true) => 0.4,
        _ => -0.2,
    }
}

/// Frequent letters weigh more; a capital after a small letter, or a letter beside one of
/// another script, is a sign of the wrong table.
fn cyrillic(c: char, previous: char, next: char) -> f64 {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let rank = CYRILLIC.get(&lower).map_or(60.0, |&rank| rank as f64);
    let turns = c.is_uppercase() && previous.is_lowercase();
    let foreign = [previous, next].iter().any(|c| c.is_ascii_alphabetic());
    (1.3 - rank / 24.0).max(-0.5)
        - (if turns { 0.6 } else { 0.0 })
        - (if foreign { 0.4 } else { 0.0 })
}

/// Known column names of more than ASCII letters in the first lines.
fn known_names(text: &str) -> usize {
    let cells = text.lines().take(HEADER_LINES).flat_map(|line| line.split(SEPARATORS));
    let cells = cells.map(str::trim).filter(|cell| !cell.is_ascii() && cell.len() < 60);
    cells.filter(|cell| columns::is_listed(cell)).take(MOST_NAMES).count()
}

/// Share of the characters of a text in two-byte units that are plain text: what a wrong byte
/// order turns into characters that hardly occur.
pub(super) fn wide_share(text: &str) -> f64 {
    let known = |c: char| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{5ff}')
            || matches!(c, '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}')
            || matches!(c, '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2030}' | '\u{3000}'..='\u{30ff}')
            || matches!(c, '\u{ff01}'..='\u{ff9f}' | '€')
            || FREQUENT.values().any(|group| group.contains(&c))
    };
    let (mut plain, mut all) = (0usize, 0usize);
    for c in text.chars() {
        all += 1;
        plain += usize::from(known(c));
    }
    plain as f64 / all.max(1) as f64
}

/// Whether a text looks like UTF-8 that was once decoded as Windows-1252 and encoded again:
/// `FÃ¼hrer`.
pub(super) fn decoded_twice(text: &str) -> bool {
    let (mut twice, mut runs) = (0usize, 0usize);
    for run in text.split(|c: char| c.is_ascii()).filter(|run| !run.is_empty()) {
        let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(run);
        runs += 1;
        twice += usize::from(!unmappable && bytes.len() > 1 && std::str::from_utf8(&bytes).is_ok());
    }
    twice >= 3 && twice * 2 > runs
}
