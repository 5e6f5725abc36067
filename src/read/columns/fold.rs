//! Names of columns without what makes no difference, and cut into parts.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text;

/// A name without what makes no difference: case, accents, width, spaces, punctuation.
pub(in crate::read) fn key(name: &str) -> String {
    fold(name).chars().filter(|&c| in_word(c)).collect()
}

/// A name without what stands in brackets: a unit, a remark. One that stands in brackets whole
/// stays.
pub(in crate::read) fn bare(name: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0usize);
    for c in name.chars() {
        match c {
            '(' | '（' | '[' | '【' | '<' | '{' => depth += 1,
            ')' | '）' | ']' | '】' | '>' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    if key(&out).is_empty() { name.to_string() } else { out }
}

/// A name cut into the smallest parts that words and fillers are made of: words where they are
/// written apart, characters where they are not.
pub(super) fn atoms(name: &str) -> Vec<String> {
    let mut atoms: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let name = text::normalize(name);
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let begins = c.is_uppercase()
            && (previous.is_lowercase() || rest.peek().is_some_and(|n| n.is_lowercase()));
        let other_kind = c.is_numeric() != previous.is_numeric();
        if !in_word(c) || begins || other_kind || unspaced(c) || unspaced(previous) {
            push(&mut atoms, &mut word);
        }
        if in_word(c) {
            word.push(c);
        }
        previous = c;
    }
    push(&mut atoms, &mut word);
    atoms
}

fn push(atoms: &mut Vec<String>, word: &mut String) {
    let folded: String = fold(&std::mem::take(word)).chars().filter(|&c| in_word(c)).collect();
    if !folded.is_empty() {
        atoms.push(folded);
    }
}

/// Letters, digits, and the marks that belong to a letter in many scripts.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Characters of scripts that put no space between words.
fn unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff
        | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff)
}

/// Lower case without accents; letters that are written in several ways become one.
fn fold(name: &str) -> String {
    let lower = text::normalize(name).to_lowercase();
    let mut out = String::with_capacity(lower.len());
    for c in lower.nfd() {
        match c {
            '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{655}' | '\u{670}' => {}
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ة' => out.push('ه'),
            'ى' | 'ی' => out.push('ي'),
            'ک' => out.push('ك'),
            _ => out.push(c),
        }
    }
    out.nfc().collect()
}

/// Whether a name is long enough, and of such letters, that a slip of the keyboard shows.
pub(super) fn spelt_in_letters(name: &str) -> bool {
    name.chars().count() >= 5 && name.chars().all(|c| c.is_alphabetic() && (c as u32) < 0x0590)
}
