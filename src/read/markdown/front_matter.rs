//! Metadata before the text: front matter in YAML or TOML, or labelled lines.

use super::super::html::PageLine;
use super::super::record::Value;

/// Metadata and the line it begins in.
#[derive(Debug, PartialEq)]
pub(super) struct FrontMatter {
    pub line: u64,
    pub values: Vec<(String, Value)>,
}

/// Front matter of more lines is none.
const MOST_LINES: usize = 300;

/// Metadata at the start of the lines, and the lines after it. Labelled lines without a fence
/// count only with one that `is_title` knows.
pub(super) fn split(
    lines: &[PageLine],
    is_title: impl FnMut(&str) -> bool,
) -> (Option<FrontMatter>, &[PageLine]) {
    let none = (None, lines);
    let Some(start) = lines.iter().position(|line| !line.text.trim().is_empty()) else {
        return none;
    };
    let first = lines[start].text.trim_end();
    let fence = match first {
        "---" | "+++" => first,
        _ => return unfenced(&lines[start..], is_title).unwrap_or(none),
    };
    let body = &lines[start + 1..];
    let ends = |line: &PageLine| {
        let line = line.text.trim_end();
        line == fence || fence == "---" && line == "..."
    };
    let Some(end) = body.iter().take(MOST_LINES).position(ends) else { return none };
    let separator = if fence == "+++" { '=' } else { ':' };
    let values = parse(&body[..end], separator);
    if values.is_empty() {
        return none;
    }
    (Some(FrontMatter { line: lines[start].number, values }), &body[end + 1..])
}

/// `Title: a` and further labelled lines up to the first empty one, as some generators of
/// sites have them.
fn unfenced(
    lines: &[PageLine],
    is_title: impl FnMut(&str) -> bool,
) -> Option<(Option<FrontMatter>, &[PageLine])> {
    let end = lines.iter().position(|line| line.text.trim().is_empty()).unwrap_or(lines.len());
    let values: Vec<(String, Value)> = lines[..end]
        .iter()
        .map(|line| key_value(&line.text, ':').filter(|(_, value)| !value.is_empty()))
        .map(|pair| pair.map(|(key, value)| (key.to_string(), scalar(value))))
        .collect::<Option<_>>()?;
    let mut is_title = is_title;
    let titled = values.iter().any(|(key, _)| is_title(key));
    // A blank line and text must follow: else these are the labelled lines of a role.
    let told = values.len() >= 2 && titled && end < lines.len();
    told.then(|| (Some(FrontMatter { line: lines[0].number, values }), &lines[end..]))
}

/// A key at the start of a line and what is said of it.
fn key_value(line: &str, separator: char) -> Option<(&str, &str)> {
    let full_width = line.split_once('：').filter(|_| separator == ':');
    let (key, value) = match line.split_once(separator) {
        Some((key, value)) if full_width.is_none_or(|(other, _)| key.len() < other.len()) => {
            (key, value)
        }
        _ => full_width?,
    };
    let key = key.trim().trim_matches(['"', '\'']);
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '/');
    let fits = !key.is_empty() && key.chars().count() <= 40 && key.chars().all(is_key);
    let number = key.chars().all(|c| c.is_ascii_digit());
    // `https://…` is an address.
    (fits && !number && !value.starts_with("//")).then_some((key, value.trim()))
}

fn parse(lines: &[PageLine], separator: char) -> Vec<(String, Value)> {
    let mut values: Vec<(String, Value)> = Vec::new();
    for line in lines {
        let text = line.text.trim_end();
        let trimmed = text.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let inner = trimmed.len() < text.len() || trimmed.starts_with("- ");
        match (inner, key_value(trimmed, separator)) {
            (false, Some((key, value))) => {
                // `|` and `>` announce a text in the lines that follow.
                let block = matches!(value, "|" | ">" | "|-" | ">-" | "|+" | ">+");
                let value = if block { Value::Text(String::new()) } else { scalar(value) };
                values.push((key.to_string(), value));
            }
            (true, pair) => {
                let Some((_, value)) = values.last_mut() else { continue };
                match trimmed.strip_prefix("- ") {
                    Some(entry) => add_entry(value, unquoted(entry)),
                    None => add_text(value, unquoted(pair.map_or(trimmed, |(_, value)| value))),
                }
            }
            (false, None) => {
                if let Some((_, value)) = values.last_mut() {
                    add_text(value, trimmed);
                }
            }
        }
    }
    values
}

fn add_entry(value: &mut Value, entry: &str) {
    match value {
        Value::List(entries) => entries.push(entry.to_string()),
        Value::Text(text) if text.is_empty() => *value = Value::List(vec![entry.to_string()]),
        Value::Text(text) => text.push_str(&format!("\n{entry}")),
    }
}

fn add_text(value: &mut Value, more: &str) {
    match value {
        Value::Text(text) => {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(more);
        }
        Value::List(entries) => {
            if let Some(last) = entries.last_mut() {
                last.push_str(&format!(" {more}"));
            }
        }
    }
}

fn scalar(value: &str) -> Value {
    let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match list {
        Some(list) => {
            let entries = list.split(',').map(|entry| unquoted(entry.trim()).to_string());
            Value::List(entries.filter(|entry| !entry.is_empty()).collect())
        }
        None => Value::Text(unquoted(value).to_string()),
    }
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inside = |quote: char| value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn told(text: &str) -> Option<(String, usize)> {
        let lines = source::lines(text);
        let (front, rest) = split(&lines, |key| key.eq_ignore_ascii_case("title"));
        let one = |(key, value): (String, Value)| match value {
            Value::Text(text) => format!("{key}={text}"),
            Value::List(entries) => format!("{key}={entries:?}"),
        };
        front.map(|front| {
            (front.values.into_iter().map(one).collect::<Vec<_>>().join("; "), rest.len())
        })
    }

    #[test]
    fn metadata_of_many_generators_is_read() {
        for (text, expected) in [
            ("---\ntitle: Cook\nlayout: job\n---\nx", "title=Cook; layout=job"),
            ("---\r\ntitle: \"Cook: soups\"\r\n...\r\nx", "title=Cook: soups"),
            ("+++\ntitle = 'Cook'\ntags = [\"a\", 'b']\n+++\nx", "title=Cook; tags=[\"a\", \"b\"]"),
            (
                "---\ntags:\n  - a\n  - b\nplace:\n  city: Bern\n---\nx",
                "tags=[\"a\", \"b\"]; place=Bern",
            ),
            (
                "---\nsummary: >\n  one\n  two\n# no\n标题：厨师\n---\nx",
                "summary=one\ntwo; 标题=厨师",
            ),
            ("Title: Cook\nDate: 2024-01-02\n\nx", "Title=Cook; Date=2024-01-02"),
        ] {
            let (values, _) = told(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(values, expected, "{text}");
        }
        assert_eq!(told("---\ntitle: a\n---\nx\ny").unwrap().1, 2);
    }

    #[test]
    fn a_rule_or_labelled_lines_of_a_role_are_no_metadata() {
        for text in [
            "---\n\nsome text\n\n---\nmore",
            "---\ntitle: never closed\n",
            "Location: Bern\nSkills: soups\n\nx",
            "Title: Cook\nYou cook. Every day.\n\nx",
            "https://example.org\n\nx",
            "",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
