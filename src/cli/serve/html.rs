//! Text and addresses inside a page, so that neither can turn into markup.

use std::fmt::{self, Display, Formatter, Write};

/// Text as it stands in a page, between tags or in a quoted attribute.
pub struct Text<'a>(pub &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => f.write_char(c)?,
                // No page may hold them.
                c if c.is_control() => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Text of either direction within a line of another.
pub struct Inline<'a>(pub &'a str);

impl Display for Inline<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "<bdi>{}</bdi>", Text(self.0))
    }
}

/// Text as one piece of an address: everything that could mean something there is escaped.
pub struct Piece<'a>(pub &'a str);

impl Display for Piece<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'~' | b'.' => {
                    f.write_char(char::from(byte))?;
                }
                other => write!(f, "%{other:02X}")?,
            }
        }
        Ok(())
    }
}

/// Paragraphs of a posting.
pub fn paragraphs(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("<p dir=\"auto\">{}</p>", Text(line))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let hostile = "<script>alert(1)</script> \" ' & \0 \u{1b}[1m";
        let text = Text(hostile).to_string();
        assert!(!text.contains(['<', '>', '"', '\'', '\0', '\u{1b}']), "{text}");
        assert_eq!(Text("C++ & 存储\n").to_string(), "C++ &amp; 存储\n");
        assert_eq!(
            paragraphs("a\n\n <b>\r\n"),
            "<p dir=\"auto\">a</p><p dir=\"auto\">&lt;b&gt;</p>"
        );
    }

    #[test]
    fn no_id_leaves_its_place_in_an_address() {
        assert_eq!(Piece("1.4-zh").to_string(), "1.4-zh");
        assert_eq!(Piece("a/../?b#c%存\"").to_string(), "a%2F..%2F%3Fb%23c%25%E5%AD%98%22");
    }
}
