//! Whether a few words name work: the nouns of `data/lexicon/occupations.txt`.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use crate::text::{self, script::is_wide};

/// A noun this long also names work at the end of a compound: `Krankenpfleger`.
const SHORTEST_ENDING: usize = 5;

#[derive(Default)]
struct Nouns {
    words: HashSet<&'static str>,
    endings: Vec<&'static str>,
    /// Of scripts without spaces between words, and of more than one word.
    phrases: Vec<&'static str>,
    /// Work rather than people.
    fields: Vec<&'static str>,
}

static NOUNS: LazyLock<Nouns> = LazyLock::new(|| {
    let lines = include_str!("../../../data/lexicon/occupations.txt").lines();
    let mut nouns = Nouns::default();
    for line in lines.filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('~') {
            Some(fields) => nouns.fields.extend(fields.split(',').map(str::trim)),
            None => line.split(',').map(str::trim).for_each(|noun| nouns.add(noun)),
        }
    }
    nouns
});

impl Nouns {
    fn add(&mut self, noun: &'static str) {
        let unspaced = |c: char| is_wide(c) || ('\u{e00}'..'\u{e80}').contains(&c);
        if noun.contains(' ') || noun.chars().any(unspaced) {
            self.phrases.push(noun);
        } else if !noun.is_empty() {
            self.words.insert(noun);
            if noun.chars().count() >= SHORTEST_ENDING {
                self.endings.push(noun);
            }
        }
    }
}

/// Longer texts are no titles, and are not looked at.
const LONGEST: usize = 200;

/// Whether a short text has a word for someone who works, or for work, in any of the
/// languages listed.
pub(in crate::read) fn names_work(text: &str) -> bool {
    let lower = text::normalize(text).to_lowercase();
    let work = |field: &&str| match field.is_ascii() {
        true => lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == *field),
        false => lower.contains(*field),
    };
    lower.len() <= LONGEST && (NOUNS.fields.iter().any(work) || names_person(text))
}

/// Whether a short text has a word for someone who works.
pub(super) fn names_person(text: &str) -> bool {
    let text = text::normalize(text).to_lowercase();
    if text.len() > LONGEST {
        return false;
    }
    let named = |word: &str| {
        NOUNS.words.contains(word)
            || word.strip_suffix('s').is_some_and(|word| NOUNS.words.contains(word))
            || NOUNS.endings.iter().any(|ending| word.ends_with(ending))
    };
    NOUNS.phrases.iter().any(|phrase| text.contains(phrase))
        || text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).any(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_many_languages_name_work() {
        for title in [
            "Senior Backend Engineer (m/f/d)",
            "Ward Nurse",
            "Truck drivers",
            "Softwareentwicklerin",
            "Krankenpfleger",
            "Développeur Java",
            "Enfermera de noche",
            "Analista de dados",
            "高级前端工程师",
            "护士",
            "財務專員",
            "バックエンドエンジニア",
            "看護師",
            "백엔드 개발자",
            "Инженер-программист",
            "Водитель",
            "Головний бухгалтер",
            "مهندس برمجيات",
            "วิศวกรซอฟต์แวร์",
            "Kỹ sư phần mềm",
            "Yazılım mühendisi",
            "Magazynier",
            "सॉफ्टवेयर इंजीनियर",
            "Perawat",
            "Sjuksköterska",
            "Verpleegkundige",
        ] {
            assert!(names_work(title), "{title}");
        }
        assert!(names_work("后端开发") && !names_person("后端开发") && names_work("SRE / DevOps"));
        for text in [
            "Responsibilities",
            "About us",
            "职责",
            "Apply",
            "Berlin",
            "福利",
            "2024",
            "",
            "Privacy policy",
        ] {
            assert!(!names_work(text), "{text}");
        }
    }
}
