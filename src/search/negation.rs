//! Finds in a query what is not wanted: `Kubernetes, but no Java`, `运维，不要值班`.

use crate::describe::mentions_in_query;
use crate::text::{is_stopword, normalize};

/// Longer texts are postings or descriptions, whose `no experience needed` is no wish.
const LONGEST: usize = 200;

/// Words that deny what follows, with the blank behind them in languages that have one. Longer
/// ones come before those they begin with.
const DENIALS: [&str; 42] = [
    "don't want ",
    "do not want ",
    "rather than ",
    "instead of ",
    "but not ",
    "but no ",
    "excluding ",
    "without ",
    "except ",
    "avoid ",
    "never ",
    "non-",
    "not ",
    "no ",
    "不想要",
    "不想做",
    "不需要",
    "不想用",
    "不希望",
    "不要求",
    "不涉及",
    "而不是",
    "不包括",
    "不要",
    "不想",
    "不做",
    "不用",
    "不含",
    "不是",
    "不带",
    "不搞",
    "没有",
    "排除",
    "而非",
    "无需",
    "ohne ",
    "keine ",
    "kein ",
    "nicht ",
    "sans ",
    "sin ",
    "sem ",
];

/// Verbs that begin a wish again: `不用Oracle 会Redis`.
const AFFIRMATIONS: [&str; 6] = ["会", "懂", "熟悉", "需要", "想", "必须"];

/// A query without what it does not want, and that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is left of the query.
    pub wanted: String,
    /// What is not wanted, as the query names it.
    pub unwanted: String,
}

/// Takes apart a short query that denies a technology or a word of the glossary; `None` for any
/// other. A denial counts only when such a name follows it within the same clause, with nothing
/// but function words between: `without downtime` asks for something, `without Java` does not.
pub fn wish(query: &str) -> Option<Wish> {
    if query.chars().count() > LONGEST {
        return None;
    }
    let query = normalize(query);
    let mut wanted = String::new();
    let mut unwanted: Vec<&str> = Vec::new();
    let mut rest = query.as_str();
    while let Some((at, denial)) = first_denial(rest) {
        let behind = &rest[at + denial..];
        match denied(behind) {
            Some(length) => {
                wanted.push_str(&rest[..at]);
                unwanted.push(behind[..length].trim());
                rest = &behind[length..];
            }
            None => {
                wanted.push_str(&rest[..at + denial]);
                rest = behind;
            }
        }
    }
    wanted.push_str(rest);
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；' | '-');
    let wanted = wanted.trim_matches(is_end).to_string();
    let says_something = wanted.chars().any(char::is_alphanumeric);
    (!unwanted.is_empty() && says_something).then(|| Wish { wanted, unwanted: unwanted.join(", ") })
}

/// The place and length of the first denial that begins a word.
fn first_denial(text: &str) -> Option<(usize, usize)> {
    let lower = text.to_ascii_lowercase();
    let begins = |at: usize| {
        let before = lower[..at].chars().next_back();
        !lower[at..].starts_with(|c: char| c.is_ascii())
            || !before.is_some_and(char::is_alphanumeric)
    };
    let first = |denial: &&str| {
        lower
            .match_indices(*denial)
            .map(|(at, _)| at)
            .find(|&at| begins(at))
            .map(|at| (at, denial.len()))
    };
    DENIALS.iter().filter_map(first).min_by_key(|&(at, length)| (at, std::cmp::Reverse(length)))
}

/// The length of what is denied at the start of `text`: up to the end of the last name of the
/// clause, when a name comes first.
fn denied(text: &str) -> Option<usize> {
    if ["only", "just", "仅", "只"].iter().any(|more| text.trim_start().starts_with(more)) {
        return None;
    }
    let end = text.find([',', '，', '.', '。', ';', '；', '!', '！', '?', '？', '\n']);
    let clause = &text[..end.unwrap_or(text.len())];
    let mut names = mentions_in_query(clause);
    names.sort_by_key(|name| (name.start, std::cmp::Reverse(name.end)));
    let is_glue = |between: &str| {
        let between = between.trim();
        let wishes = AFFIRMATIONS.iter().any(|verb| between.contains(verb));
        !wishes && between.split_whitespace().all(|word| is_stopword(&word.to_lowercase()))
            || matches!(
                between,
                "任何" | "做" | "用" | "写" | "和" | "或" | "的" | "、" | "/" | "any"
            )
    };
    let mut reach = None;
    for name in names {
        let from = reach.unwrap_or(0);
        if name.start >= from && !is_glue(&clause[from..name.start]) {
            break;
        }
        reach = Some(from.max(name.end));
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(query: &str) -> Option<(String, String)> {
        wish(query).map(|wish| (wish.wanted, wish.unwanted))
    }

    #[test]
    fn what_is_denied_is_taken_out() {
        for (query, wanted, unwanted) in [
            ("back end, no Java", "back end", "Java"),
            ("Kubernetes operations without GPU", "Kubernetes operations", "GPU"),
            ("SRE but not on-call or Windows", "SRE", "on-call or Windows"),
            ("运维开发，不要值班", "运维开发", "值班"),
            ("数据库运维 不用Oracle 会Redis", "数据库运维  会Redis", "Oracle"),
            ("Datenbanken ohne Oracle", "Datenbanken", "Oracle"),
        ] {
            let expected = Some((wanted.to_string(), unwanted.to_string()));
            assert_eq!(parts(query), expected, "{query}");
        }
    }

    #[test]
    fn a_denial_of_nothing_by_name_is_part_of_the_wish() {
        for query in [
            "move virtual machines without downtime",
            "share data without revealing it",
            "系统不能挂",
            "SRE, not only Java",
            "notes about Java",
            "no Java",
            "Kubernetes",
            "",
        ] {
            assert_eq!(parts(query), None, "{query}");
        }
        let posting = "You run Kubernetes. ".repeat(12) + "No Java.";
        assert_eq!(parts(&posting), None, "a posting is no wish");
    }
}
