//! Sentences made of nothing but stock phrases, from `data/lexicon/boilerplate.txt`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::text::{self, script::Script};

/// The kind of phrases that say nothing by themselves and join those that are listed.
const GLUE: &str = "glue";

/// Chinese characters that may stand between stock phrases without being listed.
const MAX_LOOSE_CHARACTERS: usize = 1;

/// Stock phrases are short; longer sentences are not looked at.
const LONGEST_SENTENCE: usize = 400;

struct Lexicon {
    phrases: AhoCorasick,
    /// Per phrase: whether it is more than glue.
    telling: Vec<bool>,
}

static LEXICON: LazyLock<Option<Lexicon>> = LazyLock::new(|| {
    let (mut phrases, mut telling) = (Vec::new(), Vec::new());
    let mut kind = "";
    for line in include_str!("../../data/lexicon/boilerplate.txt").lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(name) => kind = name,
            None => {
                phrases.push(line);
                telling.push(kind != GLUE);
            }
        }
    }
    let phrases =
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(phrases).ok()?;
    Some(Lexicon { phrases, telling })
});

/// Whether a sentence or clause is made of stock phrases, glue, stop words and numbers alone,
/// at least one of them a stock phrase.
pub(super) fn is_boilerplate(sentence: &str) -> bool {
    let Some(lexicon) = LEXICON.as_ref() else { return false };
    if sentence.len() > LONGEST_SENTENCE {
        return false;
    }
    let text = text::normalize(sentence).to_lowercase();
    let (mut telling, mut loose, mut end) = (false, 0, 0);
    for found in lexicon.phrases.find_iter(&text) {
        if !stands_alone(&text, found.start(), found.end()) {
            continue;
        }
        match loose_characters(&text[end..found.start()]) {
            Some(count) => loose += count,
            None => return false,
        }
        end = found.end();
        telling |= lexicon.telling[found.pattern().as_usize()];
    }
    let Some(rest) = loose_characters(&text[end..]) else { return false };
    telling && loose + rest <= MAX_LOOSE_CHARACTERS
}

/// Whether a match is not part of a longer Western word.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let in_word = |c: char| {
        matches!(Script::of(c), Script::Latin | Script::Cyrillic | Script::Other)
            || matches!(c, '+' | '#')
    };
    let edge = |inside: Option<char>, outside: Option<char>| {
        !(inside.is_some_and(in_word) && outside.is_some_and(in_word))
    };
    edge(text[start..end].chars().next(), text[..start].chars().next_back())
        && edge(text[start..end].chars().next_back(), text[end..].chars().next())
}

/// Characters between phrases that are in no list, `None` when one is a word that tells.
fn loose_characters(between: &str) -> Option<usize> {
    let mut count = 0;
    let mut word = String::new();
    for c in between.chars().chain([' ']) {
        match Script::of(c) {
            Script::Latin | Script::Cyrillic | Script::Other => word.push(c),
            // `c++` and `k8s` are words; a number by itself is not.
            Script::Digit if !word.is_empty() => word.push(c),
            Script::Digit => {}
            Script::Common if matches!(c, '\'' | '’') && !word.is_empty() => word.push(c),
            script => {
                if !word.is_empty() && !text::is_stopword(&word) {
                    return None;
                }
                word.clear();
                count += usize::from(script != Script::Common);
            }
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_phrases_of_many_languages_are_known() {
        for sentence in [
            "本科及以上学历，计算机相关专业；",
            "良好的沟通能力、责任心、自驱力、团队合作精神",
            "有较强的责任心，能够承受一定的工作压力。",
            "具备学习能力、抗压能力、问题分析与解决能力",
            "五险一金，带薪年假，周末双休，节日福利",
            "岗位职责：",
            "完成领导交办的其他工作",
            "4、完成直接上级交办的其他工作任务；",
            "领导临时安排的其他事宜等",
            "Bachelor's degree in Computer Science or related field.",
            "Excellent written and verbal communication skills",
            "Strong problem-solving skills and attention to detail",
            "We are an equal opportunity employer",
            "Sehr gute Deutsch- und Englischkenntnisse in Wort und Schrift",
            "원활한 커뮤니케이션 능력",
            "コミュニケーション能力の高い方",
            "Umiejętność pracy w zespole",
            "5年以上工作经验",
        ] {
            assert!(is_boilerplate(sentence), "{sentence}");
        }
    }

    #[test]
    fn one_word_that_tells_keeps_a_sentence() {
        for sentence in [
            "熟悉Kubernetes，良好的沟通能力",
            "计算机视觉相关专业",
            "3年以上Java工作经验",
            "数据分析能力强",
            "Excellent communication skills and Python",
            "5 years of experience in payments",
            "负责与客户沟通需求",
            "Communication systems engineer",
            "完成领导安排的培训教材编写",
            "公司",
            "of the",
            "",
            "2024",
        ] {
            assert!(!is_boilerplate(sentence), "{sentence}");
        }
    }

    #[test]
    fn the_list_is_written_as_it_is_compared() {
        for line in include_str!("../../data/lexicon/boilerplate.txt").lines() {
            if !line.starts_with(['#', '[']) {
                assert_eq!(text::normalize(line).to_lowercase(), line);
            }
        }
    }
}
