//! JSON one value a line, and whether an input is that.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::item::{Arrangement, Item};
use super::orient;
use super::parse::{self, Beginning};
use super::scan::Nesting;
use crate::read::limits::MAX_RECORD_BYTES;
use crate::read::lines::{Line, Lines};

/// A value may run over this many lines where others take one.
const JOINED_LINES: usize = 2_000;

/// Lines that could not be joined to a value are looked at again this often in one input.
const FAILED_JOINS: usize = 200;

/// A script may put this much before its data: `window.__DATA__ = {`, `callback([`.
const PREFIX_BYTES: usize = 200;

/// Lines of a sample that are looked at.
const LOOKED_AT: usize = 50;

/// Whether the beginning of a text is JSON, and how its values follow each other.
pub(in crate::read) fn arrangement(sample: &str) -> Option<Arrangement> {
    let sample = sample.trim_start_matches(is_blank);
    let sample = sample[prefix(sample)..].trim_start_matches(is_blank);
    if !sample.starts_with(['{', '[']) {
        return None;
    }
    let lines: Vec<&str> = sample
        .lines()
        .map(str::trim)
        .filter(|line| !bare(line).is_empty())
        .take(LOOKED_AT)
        .collect();
    let complete = |line: &&str| is_object(line);
    let first = lines.first().is_some_and(complete);
    let rows = lines.len() > 1 && lines.iter().take(3).all(|line| is_row(line));
    if first && lines.len() > 1 || rows {
        return Some(Arrangement::Lines);
    }
    let opens = lines.first().is_some_and(|line| line.ends_with(['[', '{', ',', ':']));
    match parse::beginning(sample) {
        Beginning::Whole | Beginning::CutOff => Some(Arrangement::Document),
        // Most lines are good, and the first is none that the others are part of.
        Beginning::Broken
            if !opens && lines.iter().filter(|l| complete(l)).count() * 2 >= lines.len() =>
        {
            Some(Arrangement::Lines)
        }
        // Brackets that mean something else: `[link](url)`, `{{ template }}`.
        Beginning::Broken => {
            let mut inner = sample[1..].trim_start_matches(is_blank).chars();
            let json = match sample.as_bytes()[0] {
                b'{' => matches!(inner.next(), Some('"' | '\'' | '}')) && sample.contains("\":"),
                _ => matches!(inner.next(), Some('{')) && sample.contains("\":"),
            };
            json.then_some(Arrangement::Document)
        }
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\0')
}

/// A line without the brackets and commas that an array around all lines leaves on it.
fn bare(line: &str) -> &str {
    let line = line.trim_matches(is_blank);
    let start = line.trim_start_matches(['[', ',', ' ']);
    start.trim_end_matches([']', ',', ';', ' '])
}

fn is_object(line: &str) -> bool {
    let line = bare(line);
    line.starts_with('{') && line.ends_with('}') && parse::parse(line).is_ok()
}

/// Whether brackets and quotes close at the end of a line and not before: it need not be parsed
/// to know that it is one value.
fn closed(line: &str) -> bool {
    let mut nesting = Nesting::default();
    let end = line.bytes().position(|byte| nesting.closes(byte));
    end.is_some_and(|end| end + 1 == line.len())
}

/// Whether a line is an array of cells.
fn is_row(line: &str) -> bool {
    line.starts_with('[')
        && parse::parse(line).is_ok_and(|row| row.array().is_some_and(orient::is_row))
}

/// Length of what a script puts before its data, or 0.
fn prefix(sample: &str) -> usize {
    let mut end = sample.len().min(PREFIX_BYTES);
    while !sample.is_char_boundary(end) {
        end -= 1;
    }
    let Some(at) = sample[..end].find(['{', '[']) else { return 0 };
    let before = sample[..at].trim_end();
    // A guard against inclusion by other sites.
    if matches!(before, ")]}'," | ")]}'" | "while(1);" | "for(;;);") {
        return at;
    }
    let Some(name) = before.strip_suffix(['=', '(']) else { return 0 };
    let named = name.split_whitespace().all(|word| {
        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_$.&/*|".contains(c))
    });
    if named && !name.trim().is_empty() { at } else { 0 }
}

/// Consumes what a script puts before its data.
pub(super) fn skip_prefix(text: &mut dyn BufRead) -> io::Result<()> {
    let buffer = text.fill_buf()?;
    let valid = match std::str::from_utf8(&buffer[..buffer.len().min(4 * PREFIX_BYTES)]) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&buffer[..error.valid_up_to()]).unwrap_or_default(),
    };
    let blank = valid.len() - valid.trim_start_matches(is_blank).len();
    let length = prefix(&valid[blank..]);
    if length > 0 {
        text.consume(blank + length);
    }
    Ok(())
}

/// Gives the value of every line; of a few lines, where one goes on in the next.
pub(super) fn values(text: &mut dyn BufRead, give: &mut dyn FnMut(Item)) -> io::Result<()> {
    let mut lines = Waiting { lines: Lines::new(text), waiting: VecDeque::new(), failed: 0 };
    let mut in_array = None;
    while let Some(line) = lines.next()? {
        let number = line.number;
        if line.too_long {
            give(Item::TooLong { line: number, most: MAX_RECORD_BYTES });
            continue;
        }
        let text = String::from_utf8_lossy(&line.bytes);
        let text = text.trim_matches(is_blank);
        let in_array =
            *in_array.get_or_insert(text.starts_with('[') && parse::parse(text).is_err());
        if bare(text).is_empty() {
            continue;
        }
        let whole = match closed(text) || parse::parse(text).is_ok() {
            true => text.to_string(),
            false => match parse::beginning(bare(text)) {
                Beginning::CutOff => lines.joined(bare(text))?.unwrap_or(bare(text).to_string()),
                _ => bare(text).to_string(),
            },
        };
        give(Item::Value { line: number, text: whole, in_array });
    }
    Ok(())
}

struct Waiting<'t> {
    lines: Lines<&'t mut dyn BufRead>,
    /// Lines read ahead in the hope of a closing bracket.
    waiting: VecDeque<Line>,
    failed: usize,
}

impl Waiting<'_> {
    fn next(&mut self) -> io::Result<Option<Line>> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// The value that begins with `first` and ends in a later line, if there is one.
    fn joined(&mut self, first: &str) -> io::Result<Option<String>> {
        if self.failed >= FAILED_JOINS {
            return Ok(None);
        }
        let mut whole = first.to_string();
        let mut nesting = Nesting::default();
        let mut more: Vec<Line> = Vec::new();
        let _ = first.bytes().filter(|byte| nesting.closes(*byte)).count();
        while more.len() < JOINED_LINES && whole.len() < MAX_RECORD_BYTES {
            let Some(line) = self.next()? else { break };
            let text = String::from_utf8_lossy(&line.bytes).into_owned();
            // A record of its own: the one before it is simply broken.
            let own = line.too_long || text.starts_with('{') && is_object(&text);
            more.push(line);
            if own {
                break;
            }
            whole.push('\n');
            whole.push_str(text.trim_end());
            if text.bytes().any(|byte| nesting.closes(byte)) {
                if is_object(&whole) {
                    return Ok(Some(bare(&whole).to_string()));
                }
                break;
            }
        }
        self.failed += 1;
        more.into_iter().rev().for_each(|line| self.waiting.push_front(line));
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrangement_is_told_by_parsing() {
        use Arrangement::{Document, Lines};
        for (text, expected) in [
            ("{\"a\":1}\n{\"a\":2}\n", Some(Lines)),
            ("[\n{\"a\":1},\n{\"a\":2}\n]", Some(Lines)),
            ("[{\"a\":1}\n,{\"a\":2}\n]", Some(Lines)),
            ("{\"a\":NaN}\n{\"a\":2}\n", Some(Lines)),
            ("[\"a\",1]\n[\"b\",2]\n", Some(Lines)),
            ("{broken\n{\"a\":2}\n{\"a\":3}\n", Some(Lines)),
            ("{\"a\":1}", Some(Document)),
            ("{\n \"jobs\": [\n", Some(Document)),
            ("{\"jobs\": [{\"title\":\"x\"}]}", Some(Document)),
            ("{\"jobs\": [\n{\"a\":1},\n{\"a\":2}\n]}", Some(Document)),
            (" [ {\"a\":1}]", Some(Document)),
            ("[]", Some(Document)),
            ("{\n\"a\":1\n}\n{\n\"a\":2\n}\n", Some(Document)),
            ("{\"a\":\"no end of it", Some(Document)),
            ("window.__DATA__ = {\"a\":1};", Some(Document)),
            ("callback([{\"a\":1}])", Some(Document)),
            (")]}',\n{\"a\":1}", Some(Document)),
            ("[link](http://a.b) and {more}", None),
            ("[section]\nkey=1\n", None),
            ("{{ template }}", None),
            ("title,description\n", None),
            ("just some words", None),
        ] {
            assert_eq!(arrangement(text), expected, "{text}");
        }
    }
}
