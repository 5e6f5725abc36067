//! JSON data blocks, escaped for HTML, and the content security policy.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Writes `value` as a JSON data block of class `class`.
///
/// In JSON `<`, `>`, `&`, U+2028 and U+2029 can only stand inside strings, where an escape
/// means the same; without them no text can end the block, open a comment in it or be taken
/// for a character reference.
pub(super) fn block(class: &str, value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<script type=\"application/json\" class=\"{class}\">")?;
    let json = serde_json::to_string(value)?;
    let mut rest = json.as_str();
    while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        let (before, from) = rest.split_at(at);
        let c = from.chars().next().unwrap_or_default();
        write!(out, "{before}\\u{:04x}", c as u32)?;
        rest = &from[c.len_utf8()..];
    }
    writeln!(out, "{rest}</script>")
}

/// The content security policy of a page that runs `script` and `style` and nothing else, and
/// that may ask the server it comes from where `asks` is true.
pub(super) fn policy(script: &str, style: &str, asks: bool) -> String {
    let connections = if asks { " connect-src 'self';" } else { "" };
    format!(
        "default-src 'none';{connections} script-src 'sha256-{}'; style-src 'sha256-{}'; \
         base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(script.as_bytes())),
        base64(&Sha256::digest(style.as_bytes()))
    )
}

/// The policy of a page that has this style and nothing else.
pub(super) fn policy_without_script(style: &str) -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(style.as_bytes()))
    )
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let all = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            if digit <= chunk.len() {
                out.push(DIGITS[(all >> (18 - 6 * digit)) as usize & 63] as char);
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_the_rfc_has_it() {
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|s| base64(s.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }

    #[test]
    fn a_block_cannot_be_ended_from_within_and_means_the_same() {
        let text = "</script><!-- & \u{2028}\u{2029} \" \\u003c";
        let mut out = Vec::new();
        block("data", &[text], &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let json = out.trim_end().strip_prefix("<script type=\"application/json\" class=\"data\">");
        let json = json.unwrap().strip_suffix("</script>").unwrap();
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(json).unwrap(), [text]);
    }
}
