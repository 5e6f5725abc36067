//! HTML tokenizer: tags, comments and character data, by syntax alone.
//!
//! Unlike a browser's tokenizer it expects text that was never HTML, or is only partly so:
//! `vector<int>`, `a < b` and `<jobs@example.org>` are character data. Otherwise any tag is
//! one, known or not, because recruiting systems mark matches with tags of their own.
//! The time is linear in the text: every search ahead ends in a token or is not repeated.

use std::collections::HashMap;

use super::elements::{Kind, kind};
use super::references::decode;

/// A piece of markup or text. Names are as they are written; character data is not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Token<'a> {
    Text(&'a str),
    Open(Tag<'a>),
    Close(Tag<'a>),
    /// The content of a script or style sheet.
    Raw(&'a str),
}

/// A start or end tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) struct Tag<'a> {
    pub name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    pub fn kind(&self) -> Kind {
        kind(self.name)
    }

    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute, character references decoded.
    pub fn attribute(&self, wanted: &str) -> Option<std::borrow::Cow<'a, str>> {
        let found = Attributes { rest: self.attributes }
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(decode(found.1.unwrap_or_default()))
    }
}

/// Names and values of attributes as they are written.
struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, Option<&'a str>);

    fn next(&mut self) -> Option<Self::Item> {
        let space = |c: char| c.is_ascii_whitespace() || c == '/';
        let rest = self.rest.trim_start_matches(space);
        if rest.is_empty() {
            return None;
        }
        let is_end = |c: char| space(c) || c == '=';
        // An equals sign at the start belongs to the name, as in browsers.
        let end = rest.char_indices().skip(1).find(|(_, c)| is_end(*c)).map(|(at, _)| at);
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let Some(value) = after.trim_start().strip_prefix('=') else {
            self.rest = after;
            return Some((name, None));
        };
        let value = value.trim_start();
        let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quoted {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => {
                value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
            }
        };
        self.rest = after;
        Some((name, Some(value)))
    }
}

/// The tokens of a text with the byte each begins at. Text may come in several pieces, some
/// of them empty.
pub(in crate::read) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Found behind the text that has just been given out.
    ahead: Option<(usize, Token<'a>)>,
    /// The element whose content is no markup.
    raw: Option<&'a str>,
    /// Where the last end tag of each name begins, in lower case.
    closed: HashMap<String, usize>,
    /// A comment was opened that never ends.
    unclosed_comment: bool,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut closed = HashMap::new();
        for (at, _) in text.match_indices("</") {
            let name = tag_name(&text[at + 2..]);
            if !name.is_empty() {
                closed.insert(name.to_ascii_lowercase(), at);
            }
        }
        Tokens { text, at: 0, ahead: None, raw: None, closed, unclosed_comment: false }
    }

    /// Whether an element that was opened before `at` is closed after it.
    pub fn is_closed_after(&self, name: &str, at: usize) -> bool {
        self.closed.get(&name.to_ascii_lowercase()).is_some_and(|&last| last > at)
    }

    fn raw_text(&mut self, name: &str) -> Option<(usize, Token<'a>)> {
        let (start, rest) = (self.at, &self.text[self.at..]);
        let ends = |at: &usize| tag_name(&rest[at + 2..]).eq_ignore_ascii_case(name);
        let end = rest.match_indices("</").map(|(at, _)| at).find(ends).unwrap_or(rest.len());
        self.at += end;
        (end > 0).then_some((start, Token::Raw(&rest[..end])))
    }

    /// The markup at a `<`: its end, and its token if it has one to give.
    fn markup(&mut self, at: usize) -> Option<(usize, Option<Token<'a>>)> {
        let rest = &self.text[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            return Some((at + 4 + self.comment_length(comment), None));
        }
        if let Some(section) = rest.strip_prefix("<![CDATA[") {
            let end = section.find("]]>");
            let text = Token::Text(&section[..end.unwrap_or(section.len())]);
            let length = end.map_or(section.len(), |end| end + 3);
            return Some((at + 9 + length, Some(text)));
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            let named = rest[2..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '[');
            return named.then(|| tag_end(&rest[2..]).map(|end| (at + 2 + end, None)))?;
        }
        if let Some(inner) = rest.strip_prefix("</") {
            let name = tag_name(inner);
            let after = &inner[name.len()..];
            let end = tag_end(after).unwrap_or(after.len());
            let cut_off = end == after.len() && !after.ends_with('>');
            if name.is_empty() || cut_off && after.contains('<') {
                return None;
            }
            let token = Token::Close(Tag { name, attributes: "" });
            return Some((at + 2 + name.len() + end, Some(token)));
        }
        self.start_tag(at)
    }

    /// Bytes of a comment with its end. One that never ends hides the rest of its line.
    fn comment_length(&mut self, comment: &str) -> usize {
        if !self.unclosed_comment {
            match comment.find("-->") {
                Some(end) => return end + 3,
                None => self.unclosed_comment = true,
            }
        }
        comment.find('\n').unwrap_or(comment.len())
    }

    fn start_tag(&self, at: usize) -> Option<(usize, Option<Token<'a>>)> {
        let inner = &self.text[at + 1..];
        let name = tag_name(inner);
        let after = &inner[name.len()..];
        if name.is_empty() || !after.starts_with(|c: char| c.is_whitespace() || "/>".contains(c)) {
            // The name of a tag is followed by white space, a slash or its end.
            return None;
        }
        let Some(end) = tag_end(after) else {
            // A text cut off in the middle of a tag.
            let cut_off = !after.contains('<') && after.contains('=');
            return cut_off.then_some((self.text.len(), None));
        };
        let tag = Tag { name, attributes: &after[..end - 1] };
        self.is_markup(&tag, at).then(|| (at + 1 + name.len() + end, Some(Token::Open(tag))))
    }

    /// Whether what has the syntax of a start tag is one. Code and placeholders have it too:
    /// `vector<int>`, `#include <map>`, `template <class T>`, `<Company>`, `<your name>`.
    fn is_markup(&self, tag: &Tag<'_>, at: usize) -> bool {
        let before = &self.text[..at];
        let attached = before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let self_closing = tag.attributes.ends_with('/');
        let mut attributes = Attributes { rest: tag.attributes }.peekable();
        let bare = attributes.peek().is_some();
        if attributes.any(|(_, value)| value.is_some()) || self.is_closed_after(tag.name, at) {
            return true;
        }
        let capital = tag.name.starts_with(|c: char| c.is_ascii_uppercase())
            && tag.name.contains(|c: char| c.is_ascii_lowercase());
        let included = before.trim_end().ends_with("include");
        match tag.kind() {
            _ if self_closing => true,
            _ if included => false,
            Kind::Inline => !bare && !attached,
            Kind::Unknown => !bare && !attached && !capital,
            _ => !(attached && capital),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (usize, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(token) = self.ahead.take() {
            return Some(token);
        }
        if let Some(name) = self.raw.take()
            && let Some(token) = self.raw_text(name)
        {
            return Some(token);
        }
        let start = self.at;
        let mut search = start;
        while let Some(at) = self.text[search..].find('<').map(|found| search + found) {
            let Some((end, token)) = self.markup(at) else {
                search = at + 1;
                continue;
            };
            self.at = end;
            if let Some(Token::Open(tag)) = token
                && tag.kind() == Kind::Raw
            {
                self.raw = Some(tag.name);
            }
            self.ahead = token.map(|token| (at, token));
            return Some((start, Token::Text(&self.text[start..at])));
        }
        self.at = self.text.len();
        (start < self.at).then(|| (start, Token::Text(&self.text[start..])))
    }
}

/// The name of a tag at the start of `text`; empty where none begins.
fn tag_name(text: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let name = &text[..end];
    // `<https://example.org>` is a link in angle brackets.
    let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.ends_with(':');
    if is_tag { name } else { "" }
}

/// Bytes up to and with the `>` that ends a tag; one in a quoted value ends none, unless the
/// quotation never ends. A tag holds no other `<` outside of quotations.
fn tag_end(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find(['>', '<', '"', '\'']) {
        at += found;
        match text.as_bytes()[at] {
            b'>' => return Some(at + 1),
            b'<' => break,
            quote => match text[at + 1..].find(char::from(quote)) {
                Some(end) => at += 1 + end + 1,
                None => break,
            },
        }
    }
    let end = text.find(['>', '<'])?;
    text[end..].starts_with('>').then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let one = |(_, token): (usize, Token<'_>)| match token {
            Token::Text(text) => text.to_string(),
            Token::Open(tag) => format!("[{}]", tag.name),
            Token::Close(tag) => format!("[/{}]", tag.name),
            Token::Raw(text) => format!("[raw {}]", text.len()),
        };
        Tokens::new(text).map(one).collect()
    }

    #[test]
    fn any_tag_is_one_known_or_not() {
        for (text, expected) in [
            ("a <hl>b</hl> c", "a [hl]b[/hl] c"),
            ("un<em>believ</em>able", "un[em]believ[/em]able"),
            ("<x-match id=1>b</x-match>", "[x-match]b[/x-match]"),
            ("a <keyword>b", "a [keyword]b"),
            ("a<o:p></o:p>b", "a[o:p][/o:p]b"),
            ("<my_tag/>x</font>", "[my_tag]x[/font]"),
            ("a<br>b<BR />c<p class='x'>d", "a[br]b[BR]c[p]d"),
            ("<a title=\"x > y\" href=z>b</a>", "[a]b[/a]"),
            ("<a title=\"5\" tall\">b</a>", "[a]b[/a]"),
            ("x<!-- <b> --><![CDATA[y]]><!DOCTYPE html><?xml a?>z", "xyz"),
            (
                "<script>if (a</b/.x) {}</script>x<style>p{}",
                "[script][raw 15][/script]x[style][raw 3]",
            ),
            ("go on <a href=\"http://exa", "go on "),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_tag_is_text() {
        for text in [
            "vector<int>",
            "List<String> and <3",
            "a < b && c > d",
            "Map<String, List<u8>>",
            "<p",
            "Option<A> or Vec<i>",
            "x<y>",
            "#include <map>",
            "template <typename T>",
            "<>",
            "</>",
            "std::vector<std::string>",
            "write to <jobs@example.org>",
            "see <https://example.org>",
            "dear <your name>, dear <Company>",
            "a<b and c>d",
            "<-- look",
            "x <= y",
            "</",
            "<!",
            "foo::<Bar>()",
        ] {
            assert_eq!(told(text), text);
        }
    }

    #[test]
    fn attributes_are_read_as_browsers_do() {
        let text = "<a  HREF='x&amp;y' title=\"a > b\" data-n=3 checked>";
        let open = |(_, token)| match token {
            Token::Open(tag) => Some(tag),
            _ => None,
        };
        let tag = Tokens::new(text).find_map(open).unwrap();
        assert_eq!(tag.attribute("href").unwrap(), "x&y");
        assert_eq!(tag.attribute("title").unwrap(), "a > b");
        assert_eq!(tag.attribute("data-n").unwrap(), "3");
        assert_eq!(tag.attribute("checked").unwrap(), "");
        assert_eq!(tag.attribute("class"), None);
    }
}
