//! What titles say of the work, for telling whether two postings of one text are one job.

use super::features::{spelled, word_set};
use crate::role::Role;
use crate::text::{self, is_stopword};

/// Words of titles that name no work: ranks, kinds of employment, the word for engineer.
const TITLE_GLUE: &str = "engineer developer development specialist expert senior junior lead principal staff \
    manager architect intern internship i ii iii sr jr m f d w x the of and for in entwickler entwicklerin ingenieur \
    développeur ingénieur desarrollador ingeniero programista inżynier";

/// The same in Chinese and Japanese, taken out before pairs of characters are made.
const CHINESE_TITLE_GLUE: [&str; 22] = [
    "工程师",
    "開発者",
    "エンジニア",
    "开发",
    "研发",
    "专家",
    "高级",
    "资深",
    "初级",
    "中级",
    "助理",
    "经理",
    "主管",
    "负责人",
    "总监",
    "架构师",
    "实习生",
    "实习",
    "校招",
    "社招",
    "岗",
    "方向",
];

/// Places: a job posted for several is one job.
const PLACES: [&str; 36] = [
    "北京",
    "上海",
    "广州",
    "深圳",
    "杭州",
    "成都",
    "武汉",
    "南京",
    "西安",
    "苏州",
    "重庆",
    "天津",
    "长沙",
    "郑州",
    "合肥",
    "厦门",
    "青岛",
    "大连",
    "东莞",
    "珠海",
    "无锡",
    "宁波",
    "远程",
    "東京",
    "大阪",
    "서울",
    "berlin",
    "münchen",
    "hamburg",
    "london",
    "paris",
    "madrid",
    "warszawa",
    "remote",
    "hybrid",
    "singapore",
];

/// The words of a title that name the work; of a script without spaces, pairs of characters.
pub(super) struct Title {
    words: Vec<String>,
    /// How many of them stand before the first dash, comma or bracket; behind it is often a place or a team.
    n_first: usize,
}

impl Title {
    /// Of a role, whose place and company say nothing of the work.
    pub fn of(role: &Role) -> Self {
        let mut title = spelled(&role.title);
        let facts = [&role.facts.place, &role.facts.company].into_iter().flatten();
        let facts: Vec<String> = facts.map(|fact| spelled(fact)).collect();
        let hidden = facts.iter().map(String::as_str).filter(|fact| fact.chars().count() > 1);
        for glue in CHINESE_TITLE_GLUE.into_iter().chain(PLACES).chain(hidden) {
            title = title.replace(glue, " ");
        }
        let parts = [" - ", " – ", " — ", "(", "[", "【", ",", "、", "/", "|", ":", ";"];
        let end = parts.iter().filter_map(|part| title.find(part)).min().unwrap_or(title.len());
        let (first, rest) = title.split_at(end);
        let mut words = title_words(first);
        let n_first = words.len();
        for word in title_words(rest) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Title { words, n_first }
    }

    /// Whether a title says nothing of the work.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// As words of texts are compared.
    pub fn word_set(&self) -> Vec<u32> {
        word_set(&self.words.join(" "))
    }

    /// Whether two titles may name the same work: they have a word in common, and where each says
    /// something that the other does not (`taxi driver`, `truck driver`), they have half of their words
    /// in common.
    pub fn names_work_of(&self, other: &Title) -> bool {
        let has =
            |title: &Title, word: &str| title.words.iter().any(|own| text::is_form_of(own, word));
        let both = self.words.iter().filter(|word| has(other, word)).count();
        let is_new = |title: &Title, other: &Title| {
            title.words[..title.n_first].iter().any(|word| !has(other, word))
        };
        let all = self.words.len() + other.words.len() - both.min(other.words.len());
        let apart = is_new(self, other) && is_new(other, self) && 2 * both < all;
        both > 0 && !apart
    }
}

fn title_words(title: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text::terms(title) {
        let is_glue = TITLE_GLUE.split(' ').any(|glue| glue == word) || is_stopword(&word);
        let telling = !is_glue && word.chars().any(char::is_alphabetic);
        if telling && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}
