//! One JSON value, parsed leniently, with the place of every object.
//!
//! `serde_json` refuses what programs really write (bare `NaN`, lone surrogates, Python's
//! `None` and single quotes, a comma too many) and does not tell where an inner object
//! begins, which the line of a record is counted from.

use std::borrow::Cow;

use super::value::{Array, Json, Object};
use crate::read::limits::MAX_NESTING;

/// Parses one value, which must be all of `text` but blanks, a comma and a semicolon.
pub(super) fn parse(text: &str) -> Result<Json<'_>, String> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let value = parser.value()?;
    parser.blanks();
    match parser.text[parser.at..].trim_end_matches([',', ';', ' ', '\t', '\r', '\n', '\0']) {
        "" => Ok(value),
        _ => Err(parser.fault("the end of the value")),
    }
}

/// How a text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    /// With a whole value.
    Whole,
    /// With a value that goes on where the text ends.
    CutOff,
    /// With something that is no JSON.
    Broken,
}

/// A fault this near to the end of a sample may be a word or an escape that is cut in two.
const CUT_BYTES: usize = 12;

/// How a text begins, of which only a part may be there.
pub(super) fn beginning(text: &str) -> Beginning {
    let mut parser = Parser { text, at: 0, depth: 0 };
    match parser.value() {
        Ok(_) => Beginning::Whole,
        Err(_) => {
            let rest = &text[parser.at..];
            let word = rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'\\');
            match rest.len() < CUT_BYTES && word {
                true => Beginning::CutOff,
                false => Beginning::Broken,
            }
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        // A byte order mark in the middle is left over from files that were joined.
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(0xef) if self.text[self.at..].starts_with('\u{feff}') => self.at += 3,
                _ => return,
            }
        }
    }

    /// Says what was expected, and what stands there.
    fn fault(&self, expected: &str) -> String {
        let rest = &self.text[self.at..];
        let seen: String = rest.chars().take(12).collect();
        let column = self.text[..self.at].chars().rev().take_while(|c| *c != '\n').count() + 1;
        let lines = self.text[..self.at].matches('\n').count();
        let place = match lines {
            0 => format!("column {column}"),
            _ => format!("column {column} of its line {}", lines + 1),
        };
        match rest.is_empty() {
            true => format!("is no JSON: it ends at {place} where {expected} should stand"),
            false => format!("is no JSON: {seen:?} at {place} where {expected} should stand"),
        }
    }

    fn value(&mut self) -> Result<Json<'a>, String> {
        self.blanks();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(quote @ (b'"' | b'\'')) => Ok(Json::Text(self.string(quote)?)),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(byte) if byte.is_ascii_alphabetic() => self.word(),
            _ => Err(self.fault("a value")),
        }
    }

    fn nested(
        &mut self,
        inner: fn(&mut Self) -> Result<Json<'a>, String>,
    ) -> Result<Json<'a>, String> {
        if self.depth == MAX_NESTING {
            return Err(format!("nests deeper than {MAX_NESTING} levels"));
        }
        self.depth += 1;
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Json<'a>, String> {
        let mut object = Object { at: self.at, members: Vec::new() };
        self.at += 1;
        while !self.closes(b'}', object.members.is_empty())? {
            let name = match self.peek() {
                Some(quote @ (b'"' | b'\'')) => self.string(quote)?,
                _ => return Err(self.fault("a name in quotes")),
            };
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.fault("a colon"));
            }
            self.at += 1;
            let value = self.value()?;
            object.members.push((name, value));
        }
        Ok(Json::Object(object))
    }

    fn array(&mut self) -> Result<Json<'a>, String> {
        let mut array = Array { at: self.at, items: Vec::new() };
        self.at += 1;
        while !self.closes(b']', array.items.is_empty())? {
            let value = self.value()?;
            array.items.push(value);
        }
        Ok(Json::Array(array))
    }

    /// Past blanks and commas; whether the bracket closes here. A comma must stand before
    /// every item but the first.
    fn closes(&mut self, bracket: u8, first: bool) -> Result<bool, String> {
        self.blanks();
        let mut separated = first;
        while self.peek() == Some(b',') {
            separated = true;
            self.at += 1;
            self.blanks();
        }
        if self.peek() == Some(bracket) {
            self.at += 1;
            return Ok(true);
        }
        if separated { Ok(false) } else { Err(self.fault("a comma or the closing bracket")) }
    }

    fn number(&mut self) -> Result<Json<'a>, String> {
        let rest = &self.text[self.at..];
        let signed = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        if signed.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.at += 1;
            return self.word();
        }
        let length = rest
            .bytes()
            .position(|b| !matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E' | b'_'))
            .unwrap_or(rest.len());
        let number = &rest[..length];
        if !number.bytes().any(|b| b.is_ascii_digit()) {
            return Err(self.fault("a number"));
        }
        self.at += length;
        Ok(Json::Number(number))
    }

    /// `null`, `true`, and what other languages write for them.
    fn word(&mut self) -> Result<Json<'a>, String> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(rest.len());
        let value = match &rest[..length] {
            "true" | "True" | "TRUE" => Json::Bool(true),
            "false" | "False" | "FALSE" => Json::Bool(false),
            "null" | "None" | "NULL" | "nil" | "undefined" | "NaN" | "nan" | "NA" | "NaT"
            | "Infinity" | "inf" | "Inf" => Json::Null,
            _ => return Err(self.fault("a value")),
        };
        self.at += length;
        Ok(value)
    }

    fn string(&mut self, quote: u8) -> Result<Cow<'a, str>, String> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut from = start;
        loop {
            let bytes = self.text.as_bytes();
            let Some(step) = bytes[self.at..].iter().position(|b| *b == quote || *b == b'\\')
            else {
                self.at = self.text.len();
                return Err(self.fault("the closing quote"));
            };
            self.at += step;
            let plain = &self.text[from..self.at];
            if bytes[self.at] == quote {
                self.at += 1;
                return Ok(match owned {
                    None => Cow::Borrowed(plain),
                    Some(text) => Cow::Owned(text + plain),
                });
            }
            let text = owned.get_or_insert_default();
            text.push_str(plain);
            self.at += 1;
            let escaped = self.escape()?;
            owned.get_or_insert_default().push(escaped);
            from = self.at;
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, String> {
        let Some(c) = self.text[self.at..].chars().next() else {
            return Err(self.fault("an escaped character"));
        };
        self.at += c.len_utf8();
        Ok(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => match self.hex(4) {
                // Half of a pair is no text unless the other half follows.
                Some(high @ 0xd800..=0xdbff) => {
                    let before = self.at;
                    let low = self.text[self.at..].starts_with("\\u").then(|| {
                        self.at += 2;
                        self.hex(4)
                    });
                    match low.flatten() {
                        Some(low @ 0xdc00..=0xdfff) => {
                            let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                            char::from_u32(code).unwrap_or('\u{fffd}')
                        }
                        _ => {
                            self.at = before;
                            '\u{fffd}'
                        }
                    }
                }
                Some(code) => char::from_u32(code).unwrap_or('\u{fffd}'),
                None => return Err(self.fault("four hexadecimal digits")),
            },
            'x' => match self.hex(2) {
                Some(code) => char::from_u32(code).unwrap_or('\u{fffd}'),
                None => return Err(self.fault("two hexadecimal digits")),
            },
            // Quotes, slashes, and what should not have been escaped.
            other => other,
        })
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text = self.text.get(self.at..self.at + digits)?;
        let all = text.bytes().all(|b| b.is_ascii_hexdigit());
        let code = u32::from_str_radix(text, 16).ok().filter(|_| all)?;
        self.at += digits;
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match parse(text) {
            Ok(value) => shown(&value),
            Err(reason) => format!("! {reason}"),
        }
    }

    fn shown(value: &Json<'_>) -> String {
        match value {
            Json::Null => "null".into(),
            Json::Bool(value) => value.to_string(),
            Json::Number(number) => number.to_string(),
            Json::Text(text) => format!("{text:?}"),
            Json::Array(array) => {
                format!("[{}]", array.items.iter().map(shown).collect::<Vec<_>>().join(" "))
            }
            Json::Object(object) => {
                let member =
                    |(name, value): &(Cow<'_, str>, Json<'_>)| format!("{name}:{}", shown(value));
                format!("{{{}}}", object.members.iter().map(member).collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn json_and_what_programs_write_for_it() {
        for (text, expected) in [
            (r#"{"a": [1, -2.50e3, true, null], "b": {}}"#, "{a:[1 -2.50e3 true null] b:{}}"),
            (r#"{"a": NaN, "b": -Infinity, "c": Infinity}"#, "{a:null b:null c:null}"),
            ("{'a': 'it\\'s', 'b': None, 'c': True}", r#"{a:"it's" b:null c:true}"#),
            (r#"[1, 2, ]"#, "[1 2]"),
            (r#"{"a": 12345678901234567890123},"#, "{a:12345678901234567890123}"),
            ("{\"a\":\"one\ntwo\tthree\"}", r#"{a:"one\ntwo\tthree"}"#),
            (r#""\u4e2d \ud83d\ude00 \ud83d \udc00 \\ud83d""#, r#""中 😀 � � \\ud83d""#),
            ("\u{feff}{\"a\":1}\u{0}", "{a:1}"),
            ("[]", "[]"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_said_with_its_place() {
        for (text, expected) in [
            ("{\"a\":1", "it ends at column 7 where a comma or the closing bracket"),
            ("{\"a\" 1}", "\"1}\" at column 6 where a colon"),
            ("{\"a\":\n  nonsense}", "\"nonsense}\" at column 3 of its line 2 where a value"),
            ("[1 2]", "\"2]\" at column 4 where a comma"),
            ("{\"a\":\"x", "it ends at column 8 where the closing quote"),
            ("{a:1}", "\"a:1}\" at column 2 where a name in quotes"),
            ("1 2", "\"2\" at column 3 where the end of the value"),
            ("\"\\u12g4\"", "where four hexadecimal digits"),
            ("", "it ends at column 1 where a value"),
        ] {
            let reason = told(text);
            assert!(reason.starts_with("! is no JSON: ") && reason.contains(expected), "{reason}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(MAX_NESTING)).is_ok());
        let reason = parse(&nested(MAX_NESTING + 1)).unwrap_err();
        assert_eq!(reason, "nests deeper than 128 levels");
        assert!(parse(&"{\"a\":".repeat(100_000)).is_err());
    }

    #[test]
    fn objects_know_where_they_begin() {
        let Json::Array(array) = parse("[{},\n {\"a\":{}}]").unwrap() else { panic!() };
        let at: Vec<usize> = array.items.iter().filter_map(Json::object).map(|o| o.at).collect();
        assert_eq!(at, [1, 6]);
    }
}
