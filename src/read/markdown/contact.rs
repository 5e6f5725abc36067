//! Lines that only say where to apply.

use std::sync::LazyLock;

use regex::Regex;

use super::inline;

/// Addresses: mail, web, telephone, names in messengers.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
        [\w.+-]+ (?: @ | \s?[\[({]\s?at\s?[\])}]\s? ) [\w-]+ (?: \. | \s?[\[({]\s?dot\s?[\])}]\s? ) [\w.-]+
        | https?://\S+ | www\.\S+ | \b(?:t\.me|wa\.me)/\S+
        | (?:\+|\b00)\d[\d\s().-]{6,}\d | \(\d{2,4}\)\s?\d[\d\s-]{4,}\d | \b\d{3}[\s.-]\d{3,4}[\s.-]\d{4}\b | \b1\d{10}\b
        | (?:微信|wechat|vx|qq|telegram|skype)(?:号|id)?\s*[:：]?\s*@?[\w.-]{4,}",
    )
    .ok()
});

/// Beside an address, a line of more words says something else too.
const MOST_WORDS: usize = 10;
const MOST_WIDE: usize = 16;

/// Whether a line is an address and hardly a word beside it.
pub(super) fn is_contact(line: &str) -> bool {
    let telling = line.contains(['@', '/', '+', '('])
        || line.bytes().filter(u8::is_ascii_digit).count() >= 5
        || ["微信", "wechat", "WeChat", "QQ", "[at]"].iter().any(|name| line.contains(name));
    if !telling || line.len() > 400 {
        return false;
    }
    let plain = inline::plain_with_links(line);
    let Some(address) = ADDRESS.as_ref().filter(|address| address.is_match(&plain)) else {
        return false;
    };
    let rest = address.replace_all(&plain, " ");
    let wide =
        rest.chars().filter(|c| crate::text::script::is_wide(*c) && c.is_alphanumeric()).count();
    let words =
        rest.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    words <= MOST_WORDS && wide <= MOST_WIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_the_words_around_them_are_contact_lines() {
        for line in [
            "Apply: jobs@example.org",
            "Send your CV to cook@example.org by May",
            "简历请投递至 hr@example.com",
            "[Apply here](https://example.org/apply)",
            "Tel. +41 44 123 45 67",
            "微信：cook_1234",
            "- Contact: Ana, ana [at] example [dot] org",
            "https://example.org/jobs/17",
            "电话 13812345678",
        ] {
            assert!(is_contact(line), "{line}");
        }
        for line in [
            "Run CI/CD and TCP/IP (24/7)",
            "Founded in 1998 with 12000 people",
            "You keep the pages of https://example.org fast, write their tests, answer the on-call phone and talk to the editors.",
            "负责 https://example.org 站点的前端架构设计与性能优化工作，保证体验",
            "@ 5+ years",
            "",
        ] {
            assert!(!is_contact(line), "{line}");
        }
    }
}
