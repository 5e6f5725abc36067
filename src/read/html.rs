//! HTML fragments, as job boards export them -> text with line breaks.

use std::borrow::Cow;

/// Tags whose place is a line break.
const BLOCKS: &str = " p br div li ul ol tr table thead tbody h1 h2 h3 h4 h5 h6 section article header \
    footer blockquote pre hr dl dt dd ";

/// Tags that only dress the text.
const INLINE: &str = " a b i u s em strong span font small big sub sup code mark img label abbr \
    td th strike del ins center html body head meta link title o:p tt figure svg path button input form ";

/// Tags whose content is no text.
const HIDDEN: [&str; 3] = ["script", "style", "template"];

/// The text of an HTML fragment. Only known tags are taken for tags, so `List<String>` and
/// `<3` stay; text without tags or entities comes back as it is.
pub(super) fn to_text(fragment: &str) -> Cow<'_, str> {
    if !fragment.contains(['<', '&']) {
        return Cow::Borrowed(fragment);
    }
    // Some boards escape the whole fragment once more.
    let escaped =
        fragment.contains("&lt;/") || fragment.contains("&lt;br") || fragment.contains("&lt;p&gt;");
    let once =
        if escaped { Cow::Owned(decode_entities(fragment)) } else { Cow::Borrowed(fragment) };
    Cow::Owned(decode_entities(&without_tags(&once)))
}

/// Every search ahead either succeeds or is never made again, so the time is linear even in
/// a text of nothing but openings.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let last_close = text.rfind('>').map_or(0, |at| at + 1);
    let mut comments_close = true;
    while let Some(at) = rest.find('<') {
        let position = text.len() - rest.len() + at;
        if position >= last_close {
            break;
        }
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if comments_close && let Some(comment) = rest.strip_prefix("<!--") {
            match comment.find("-->") {
                Some(end) => {
                    rest = &comment[end + 3..];
                    continue;
                }
                None => comments_close = false,
            }
        }
        match tag(rest) {
            Some((name, closing, length)) => {
                rest = &rest[length..];
                if is_in(BLOCKS, &name) {
                    out.push('\n');
                } else if matches!(name.as_str(), "td" | "th") {
                    out.push(' ');
                }
                if !closing && HIDDEN.contains(&name.as_str()) {
                    rest = after_hidden(rest, &name);
                }
            }
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_in(list: &str, name: &str) -> bool {
    !name.is_empty() && list.split_whitespace().any(|known| known == name)
}

/// A known tag at the start of `text`: name, whether it closes, and its bytes.
fn tag(text: &str) -> Option<(String, bool, usize)> {
    let inner = &text[1..];
    let closing = inner.starts_with('/');
    let start = usize::from(closing);
    // No known name is longer; never look further than needed.
    let name: String = inner[start..]
        .chars()
        .take(11)
        .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
        .collect::<String>()
        .to_ascii_lowercase();
    let known = is_in(BLOCKS, &name) || is_in(INLINE, &name) || HIDDEN.contains(&name.as_str());
    if !known {
        return None;
    }
    let after = &inner[start + name.len()..];
    let bounded = after.starts_with(['>', '/', ' ', '\t', '\n', '\r']);
    let end = after.find('>').filter(|_| bounded)?;
    Some((name, closing, 1 + start + text[1 + start..].len() - after.len() + end + 1))
}

/// What follows the end of a script or style; all of it is hidden when it never ends.
fn after_hidden<'a>(text: &'a str, name: &str) -> &'a str {
    for (at, _) in text.match_indices("</") {
        let found = text.get(at + 2..at + 2 + name.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return text[at..].find('>').map_or("", |end| &text[at + end + 1..]);
        }
    }
    ""
}

const ENTITIES: [(&str, &str); 48] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("middot", "·"),
    ("bull", "•"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("ecirc", "ê"),
    ("agrave", "à"),
    ("acirc", "â"),
    ("ccedil", "ç"),
    ("ocirc", "ô"),
    ("ucirc", "û"),
    ("icirc", "î"),
    ("aacute", "á"),
    ("iacute", "í"),
    ("oacute", "ó"),
    ("uacute", "ú"),
    ("ntilde", "ñ"),
    ("atilde", "ã"),
    ("otilde", "õ"),
    ("oslash", "ø"),
    ("aring", "å"),
    ("euro", "€"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("times", "×"),
    ("deg", "°"),
];

fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..]
            .char_indices()
            .take(10)
            .find(|(_, c)| *c == ';')
            .map(|(end, _)| &rest[1..1 + end]);
        match name.and_then(|name| entity(name).map(|value| (name, value))) {
            Some((name, value)) => {
                out.push_str(&value);
                rest = &rest[name.len() + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<Cow<'static, str>> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32).map(|c| Cow::Owned(c.to_string()));
    }
    let found = ENTITIES.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| Cow::Borrowed(*value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tidy;

    #[test]
    fn tags_become_line_breaks_or_nothing() {
        assert_eq!(
            tidy(&to_text("<p>Run <b>K8s</b>&nbsp;clusters</p><ul><li>Go<li>Rust</ul>")),
            "Run K8s clusters\nGo\nRust"
        );
        assert_eq!(tidy(&to_text("a<br/>b<BR>c<style>x{}</style>d<!-- no -->e")), "a\nb\ncde");
        assert_eq!(tidy(&to_text("&lt;p&gt;R&amp;amp;D&lt;/p&gt;")), "R&D");
        assert_eq!(
            to_text("f&uuml;r &#25105; &#x4e2d; AT&T &unknown;"),
            "für 我 中 AT&T &unknown;"
        );
    }

    #[test]
    fn what_is_no_tag_stays() {
        for text in
            ["List<String> and <3", "a < b && c > d", "Vec<u8>", "<p", "x<y>", "&", "&#xffffffff;"]
        {
            assert_eq!(to_text(text), text);
        }
        assert_eq!(to_text("<script>alert(1)"), "");
    }
}
