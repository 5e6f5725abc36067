//! HTML, in cells and fields of any format and as a format of its own -> text.

mod cards;
mod elements;
mod lines;
mod page;
mod references;
mod table;
mod tokens;
mod writer;

use std::borrow::Cow;

use crate::text::without_invisible;
use elements::Kind;
use references::decode;
use tokens::{Token, Tokens};

pub(super) use lines::{Between, PageLine};
pub(super) use page::to_markdown;

/// Escaped this often, markup is still found: some systems escape what was escaped already.
const MOST_ESCAPED: usize = 3;

/// The text of an HTML fragment, a line per paragraph, list item or table row; text without
/// tags or character references comes back as it is. What [`tokens`] does not take for a tag
/// stays.
///
/// Character references are decoded as often as tags come to light (`&lt;p&gt;…&lt;/p&gt;`),
/// and once more where that can make no tag (`R&amp;amp;D`).
pub(super) fn to_text(fragment: &str) -> Cow<'_, str> {
    if !fragment.contains(['<', '&']) {
        return Cow::Borrowed(fragment);
    }
    let (mut text, mut marked_up) = without_tags(&without_invisible(fragment));
    for _ in 0..MOST_ESCAPED {
        let decoded = without_invisible(&decode(&text)).into_owned();
        if !is_marked_up(&decoded) && !is_marked_up(&decode(&decoded)) {
            text = decoded;
            break;
        }
        (text, _) = without_tags(&decoded);
        marked_up = true;
    }
    let twice = decode(&text);
    let same_brackets = |c: char| text.matches(c).count() == twice.matches(c).count();
    if marked_up && !(same_brackets('<') && same_brackets('>')) {
        // `&amp;lt;b&amp;gt;` among tags is how an author writes about a tag.
        return Cow::Owned(text);
    }
    Cow::Owned(twice.into_owned())
}

/// Whether a text begins as a page does, or as a table that a program has named a workbook.
pub(super) fn looks_like_page(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    const PAGE: [&str; 8] = ["html", "head", "body", "table", "meta", "title", "main", "style"];
    let mut tokens = Tokens::new(start).map(|(_, token)| token);
    let first = tokens.find(|token| !matches!(token, Token::Text(text) if text.trim().is_empty()));
    let named = matches!(first, Some(Token::Open(tag)) if PAGE.iter().any(|name| tag.is(name)));
    let doctype = start.get(..9).is_some_and(|s| s.eq_ignore_ascii_case("<!doctype"));
    named
        || doctype && start.get(9..40).unwrap_or(&start[9..]).to_ascii_lowercase().contains("html")
}

/// Whether a text holds tags that are none by chance: an end tag, or one that breaks lines.
pub(super) fn is_marked_up(text: &str) -> bool {
    let sure = |token| match token {
        Token::Close(_) => true,
        Token::Open(tag) => matches!(tag.kind(), Kind::Break | Kind::Paragraph | Kind::Cell),
        Token::Text(_) | Token::Raw(_) => false,
    };
    text.contains('<') && Tokens::new(text).any(|(_, token)| sure(token))
}

/// The character data between the tags, and whether there was any tag.
fn without_tags(text: &str) -> (String, bool) {
    let mut tokens = Tokens::new(text);
    let mut out = String::with_capacity(text.len());
    let mut hidden: Option<&str> = None;
    // An element that ends where another begins is another word, as a row of labels is.
    let mut after_end = false;
    let mut any = false;
    while let Some((at, token)) = tokens.next() {
        any |= !matches!(token, Token::Text(_));
        match token {
            Token::Close(tag) if hidden.is_some_and(|name| tag.is(name)) => hidden = None,
            _ if hidden.is_some() => {}
            Token::Text("") => continue,
            Token::Text(text) => out.push_str(text),
            Token::Raw(_) => {}
            Token::Open(tag) | Token::Close(tag) => {
                let opens = matches!(token, Token::Open(_));
                match tag.kind() {
                    Kind::Paragraph | Kind::Break => out.push('\n'),
                    Kind::Cell => out.push(' '),
                    Kind::Hidden if opens && tokens.is_closed_after(tag.name, at) => {
                        hidden = Some(tag.name);
                    }
                    Kind::Inline | Kind::Unknown if opens && after_end => out.push(' '),
                    _ => {}
                }
                let separate = matches!(tag.kind(), Kind::Unknown)
                    || ["span", "a", "button", "label", "li"].iter().any(|name| tag.is(name));
                after_end = !opens && separate;
                continue;
            }
        }
        after_end = false;
    }
    (out, any)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tidy;

    fn text(fragment: &str) -> String {
        tidy(&to_text(fragment))
    }

    #[test]
    fn invisible_characters_hide_no_tag() {
        for (fragment, expected) in [
            ("<scr\u{200b}ipt>alert(1)</scr\u{200b}ipt>Nurse", "Nurse"),
            ("<\u{feff}b>Nurse</\u{2060}b>", "Nurse"),
            ("&lt;b\u{ad}r&gt;Nurse", "Nurse"),
            ("&#8203;<p>Nu\u{200b}rse</p>&lt;scr&#8203;ipt&gt;x&lt;/scr&#8203;ipt&gt;", "Nurse"),
            ("a <\u{200b} b", "a < b"),
        ] {
            assert_eq!(text(fragment), expected, "{fragment:?}");
        }
    }

    #[test]
    fn tags_become_line_breaks_or_nothing() {
        for (fragment, expected) in [
            (
                "<p>Run <b>K8s</b>&nbsp;clusters</p><ul><li>Go<li>Rust</ul>",
                "Run K8s clusters\nGo\nRust",
            ),
            ("a<br/>b<BR>c<style>x{}</style>d<!-- no -->e", "a\nb\ncde"),
            ("Drive a <highlighttext>lorry</highlighttext> far", "Drive a lorry far"),
            ("<hl>Go</hl>lang, <keyword class='x'>Rust</keyword>", "Golang, Rust"),
            ("<span>Go</span><span>Rust</span><b>K</b><b>8s</b>", "Go Rust K8s"),
            ("<SCRIPT>var a = '<p>x</p>';</SCRIPT>y<noscript>z</noscript>", "y"),
            ("<svg><title>icon</title><path d='M1'/></svg>Cook", "Cook"),
            ("<table><tr><td>a<td>b</table>", "a b"),
            ("<script>alert(1)", ""),
            ("bake <!-- a tracking pixel", "bake"),
            ("<div><ul><li>x</li></ul>tail", "x\ntail"),
        ] {
            assert_eq!(text(fragment), expected, "{fragment}");
        }
    }

    #[test]
    fn character_references_are_decoded_however_often_they_were_escaped() {
        for (fragment, expected) in [
            ("caf&eacute; &#8211; &#x1F600;", "café – 😀"),
            ("f&uuml;r &#25105; &#x4e2d; AT&T &unknown;", "für 我 中 AT&T &unknown;"),
            ("Nurse &amp; Carer", "Nurse & Carer"),
            ("R&amp;amp;D, caf&amp;eacute;", "R&D, café"),
            ("&lt;p&gt;R&amp;amp;D&lt;/p&gt;", "R&D"),
            ("&lt;hl&gt;Go&lt;/hl&gt; &amp;nbsp; x", "Go x"),
            ("&amp;lt;ul&amp;gt;&amp;lt;li&amp;gt;Go&amp;lt;/li&amp;gt;&amp;lt;/ul&amp;gt;", "Go"),
            ("<div>&lt;p&gt;Go&lt;/p&gt;</div>", "Go"),
            ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
            ("a &amp;lt; b", "a < b"),
            ("<p>write &amp;lt;b&amp;gt; for bold</p>", "write &lt;b&gt; for bold"),
            ("<p>vector&lt;int&gt; and a < b</p>", "vector<int> and a < b"),
            ("1&#150;2 &nbsp x", "1–2 x"),
            ("?a=1&copy=2&lang=de", "?a=1&copy=2&lang=de"),
        ] {
            assert_eq!(text(fragment), expected, "{fragment}");
        }
    }

    #[test]
    fn what_is_no_tag_stays() {
        for text in
            ["List<String> and <3", "a < b && c > d", "Vec<u8>", "<p", "x<y>", "&", "Map<K, V>"]
        {
            assert_eq!(to_text(text), text);
        }
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_length() {
        let n = 200_000;
        for piece in [
            "<",
            "<!--",
            "<a \"",
            "<a \">\" ",
            "<a '\"",
            "</",
            "<!",
            "&amp;",
            "<b>",
            "<script>",
            "<![CDATA[",
        ] {
            let hostile = piece.repeat(n / piece.len()) + ">";
            assert!(to_text(&hostile).len() <= hostile.len(), "{piece}");
        }
    }
}
