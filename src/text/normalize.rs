//! One spelling for one text.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Makes text safe to keep and to show, changing nothing a reader would see: control
/// characters, direction marks and other invisible characters go, full-width Latin letters
/// and digits become plain ones, white space is collapsed to single spaces within a line,
/// and empty lines go.
pub fn tidy(text: &str) -> String {
    collapse(text.chars().map(plain_width))
}

/// [`tidy`] after Unicode compatibility composition (NFKC): what looks alike becomes alike
/// (`Ｋ８ｓ`, `①`, `ﬁ`, `：` become `K8s`, `1`, `fi`, `:`). Case is kept.
pub fn normalize(text: &str) -> String {
    if text.is_ascii() {
        return collapse(text.chars());
    }
    let folded = collapse(text.nfkc());
    if !folded.contains(['\u{e4d}', '\u{ecd}']) {
        return folded;
    }
    // NFKC takes the vowel `am` of Thai and Lao apart; dictionaries and people write it as one.
    folded.replace("\u{e4d}\u{e32}", "\u{e33}").replace("\u{ecd}\u{eb2}", "\u{eb3}")
}

/// A full-width letter or digit as its plain form; anything else as it is.
fn plain_width(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
        }
        _ => c,
    }
}

fn collapse(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    // White space is written only when something visible follows it.
    let (mut space, mut line) = (false, false);
    let mut previous = '\0';
    for c in chars {
        if is_line_break(c) {
            line = true;
        } else if c.is_whitespace() || c == '\u{2800}' {
            space = true;
        } else if !is_invisible(c, previous) {
            if line && !out.is_empty() {
                out.push('\n');
            } else if space && !out.is_empty() {
                out.push(' ');
            }
            (space, line) = (false, false);
            out.push(c);
            previous = c;
        }
    }
    out
}

/// The text without characters that show nothing, white space as it is. Between the letters of
/// a tag they would hide it from whoever looks for tags, and no reader sees them.
pub fn without_invisible(text: &str) -> Cow<'_, str> {
    let shows = |c: char, previous: char| c.is_whitespace() || !is_invisible(c, previous);
    let mut previous = '\0';
    let all_show = text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control())
        || text.chars().all(|c| shows(c, std::mem::replace(&mut previous, c)));
    if all_show {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut previous = '\0';
    for c in text.chars().filter(|&c| shows(c, std::mem::replace(&mut previous, c))) {
        out.push(c);
    }
    Cow::Owned(out)
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Characters that show nothing and can hide something. Joiners stay where a script needs
/// them (Arabic, Indic, emoji) and go elsewhere, where they are a scraper's watermark.
fn is_invisible(c: char, previous: char) -> bool {
    match c {
        '\u{200c}' | '\u{200d}' => !matches!(previous,
            '\u{600}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{2600}'..='\u{27bf}'
            | '\u{1f000}'..='\u{1faff}'),
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        c => c.is_control() || (c as u32) & 0xfffe == 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_ligatures_and_spaces_become_plain() {
        assert_eq!(normalize("Ｋ８ｓ　与　ﬁle：①"), "K8s 与 file:1");
        assert_eq!(normalize("  a \t b \r\n\r\n  c\u{2028}d  "), "a b\nc\nd");
        assert_eq!(normalize("e\u{301}"), "é");
        assert_eq!(normalize("ｶﾞ"), "ガ");
        assert_eq!(normalize("น้ำ ນ້ຳ ﬁ"), "น้ำ ນ້ຳ fi");
    }

    #[test]
    fn tidy_keeps_chinese_punctuation() {
        assert_eq!(tidy("负责Ｋ８Ｓ，熟悉（Go）：①"), "负责K8S，熟悉（Go）：①");
    }

    #[test]
    fn invisible_characters_go() {
        assert_eq!(normalize("a\u{0}b\u{202e}c\u{200b}d\u{feff}e\u{ad}f\u{7}"), "abcdef");
        assert_eq!(tidy("工\u{200d}程\u{200c}师\u{e0041}"), "工程师");
        assert_eq!(tidy("می\u{200c}خواهم"), "می\u{200c}خواهم");
        assert_eq!(normalize("\u{0}\u{200b} \n"), "");
    }

    #[test]
    fn what_shows_nothing_goes_and_white_space_stays() {
        let hidden = "<scr\u{200b}ipt>\n\ta\u{0}b \u{3000}می\u{200c}خواهم";
        assert_eq!(without_invisible(hidden), "<script>\n\tab \u{3000}می\u{200c}خواهم");
        assert!(matches!(without_invisible("plain text"), Cow::Borrowed(_)));
        assert!(matches!(without_invisible("纯文本\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn both_are_idempotent() {
        for text in ["Ａ　b\u{2029}c ﬃ ½ 한글", "\u{1160}x\u{301}", "１２　３\u{85}４"]
        {
            assert_eq!(normalize(&normalize(text)), normalize(text));
            assert_eq!(tidy(&tidy(text)), tidy(text));
        }
    }
}
