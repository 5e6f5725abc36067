//! One key for all ways of saying the same sentence.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::features::hash;
use crate::text::{self, script::Script};

/// Chinese function words that come and go between two copies of a sentence.
const CHINESE_GLUE: [&str; 40] = [
    "的",
    "了",
    "和",
    "与",
    "及",
    "或",
    "在",
    "并",
    "且",
    "等",
    "者",
    "有",
    "具有",
    "具备",
    "拥有",
    "一定",
    "良好",
    "较强",
    "较好",
    "很强",
    "极强",
    "优秀",
    "丰富",
    "熟悉",
    "熟练",
    "熟练掌握",
    "掌握",
    "了解",
    "以及",
    "以上",
    "能够",
    "能",
    "较",
    "强",
    "好",
    "优先",
    "优先考虑",
    "相关",
    "对",
    "地",
];

static GLUE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(CHINESE_GLUE).ok()
});

/// A key that does not change with case, punctuation, numbers, function words or the order
/// of clauses; `None` when nothing else is left. Sentences that differ in a word that says
/// something have different keys, however alike they are.
pub(super) fn key(sentence: &str) -> Option<u64> {
    let text = text::normalize(sentence).to_lowercase();
    let mut clauses: Vec<String> =
        text.split([',', '，', '、', ';', '；', '。', '/']).map(clause_key).collect();
    clauses.retain(|clause| !clause.is_empty());
    clauses.sort_unstable();
    let joined = clauses.join(" ");
    (!joined.is_empty()).then(|| hash(&joined))
}

/// The clauses of a text in one wording each: what [`key`] is made of. Clauses that say nothing are
/// left out.
pub(super) fn clauses(text: &str) -> Vec<String> {
    let text = text::normalize(text).to_lowercase();
    let ends = |c: char| ",，、;；。/\n.!！?？".contains(c);
    let mut clauses: Vec<String> = text.split(ends).map(clause_key).collect();
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

fn clause_key(clause: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let mut rest = clause.chars().peekable();
    while let Some(c) = rest.next() {
        match Script::of(c) {
            Script::Digit if word.is_empty() => {}
            Script::Latin | Script::Cyrillic | Script::Other | Script::Digit => word.push(c),
            // `c++` and `c` are not the same word.
            Script::Common if matches!(c, '+' | '#') && !word.is_empty() => word.push(c),
            Script::Common => {}
            _ => out.push(c),
        }
        let ends = !rest.peek().is_some_and(|next| {
            matches!(
                Script::of(*next),
                Script::Latin | Script::Cyrillic | Script::Other | Script::Digit
            ) || matches!(next, '+' | '#')
        });
        if ends && !word.is_empty() {
            if !text::is_stopword(&word) {
                out.push(' ');
                out.push_str(&word);
                out.push(' ');
            }
            word.clear();
        }
    }
    match GLUE.as_ref() {
        Some(glue) => glue.replace_all(&out, &[""; CHINESE_GLUE.len()]),
        None => out,
    }
    .split_whitespace()
    .collect::<Vec<_>>()
    .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_a_sentence_share_a_key() {
        for (a, b) in [
            ("具有良好的沟通能力，团队精神。", "良好的团队精神和，较强的沟通能力"),
            ("公司成立于2011年，总部在北京", "公司成立于2010年，总部在北京！"),
            ("We offer 25 days of vacation.", "we offer 30 days of the vacation"),
            ("本科及以上学历，计算机相关专业", "计算机相关专业，本科以上学历"),
        ] {
            assert_eq!(key(a), key(b), "{a} / {b}");
        }
    }

    #[test]
    fn a_word_that_tells_makes_another_key() {
        for (a, b) in [
            ("负责前端系统的开发", "负责后端系统的开发"),
            ("熟悉C++语言", "熟悉C语言"),
            ("You build the Java platform", "You build the PHP platform"),
        ] {
            assert_ne!(key(a), key(b), "{a} / {b}");
        }
        assert_eq!(key("3、"), None);
        assert_eq!(key("of the 25"), None);
    }
}
