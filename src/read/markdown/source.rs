//! The text of a file -> its lines, with HTML in them brought to Markdown.

use super::super::html::{self, Between, PageLine};

/// Characters of code are moved out of the way of HTML into a private range of Unicode.
const HIDDEN: u32 = 0xe100;

/// The lines of a text, numbered from 1. Where it holds HTML, headings, lists, links and
/// tables become Markdown, except in code and in the rows of Markdown tables.
pub(super) fn lines(text: &str) -> Vec<PageLine> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let marked_up = html::is_marked_up(text);
    let mut out = Vec::new();
    let mut html_part = String::new();
    let mut part_begins = 1;
    let mut fence: Option<&str> = None;
    for (at, line) in text.lines().enumerate() {
        let number = at as u64 + 1;
        let trimmed = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        let as_written = fence.is_some() || mark.is_some() || is_row(trimmed);
        match fence {
            Some(open) if trimmed.starts_with(open) => fence = None,
            Some(_) => {}
            None => fence = mark,
        }
        if !marked_up {
            out.push(plain(number, line));
        } else if as_written {
            convert(&mut html_part, part_begins, &mut out);
            out.push(plain(number, line));
            part_begins = number + 1;
        } else {
            html_part.push_str(&hide_code(line));
            html_part.push('\n');
        }
    }
    convert(&mut html_part, part_begins, &mut out);
    out
}

fn plain(number: u64, line: &str) -> PageLine {
    PageLine { number, text: line.to_string(), announces: false }
}

/// Whether a line is the row of a Markdown table, whose cells may hold HTML of their own.
fn is_row(line: &str) -> bool {
    line.starts_with('|') || line.matches(" | ").count() >= 2
}

fn convert(part: &mut String, begins: u64, out: &mut Vec<PageLine>) {
    if part.is_empty() {
        return;
    }
    let page = html::to_markdown(part.trim_end_matches('\n'), Between::Markdown, begins);
    part.clear();
    out.extend(page.lines.into_iter().map(|mut line| {
        if line.text.contains(|c| shown(c) != c) {
            line.text = line.text.chars().map(shown).collect();
        }
        line
    }));
}

/// Angle brackets between backticks are no markup.
fn hide_code(line: &str) -> String {
    if !line.contains('`') || !line.contains('<') {
        return line.to_string();
    }
    let hide = |c: char| match c {
        '<' | '>' => char::from_u32(HIDDEN + c as u32).unwrap_or(c),
        _ => c,
    };
    let mut pieces = line.split('`').enumerate().peekable();
    let mut out = String::with_capacity(line.len());
    while let Some((at, piece)) = pieces.next() {
        // What stands between two backticks, the last piece never does.
        if at % 2 == 1 && pieces.peek().is_some() {
            out.extend(piece.chars().map(hide));
        } else {
            out.push_str(piece);
        }
        if pieces.peek().is_some() {
            out.push('`');
        }
    }
    out
}

fn shown(c: char) -> char {
    match (c as u32).checked_sub(HIDDEN) {
        Some(hidden @ (0x3c | 0x3e)) => char::from_u32(hidden).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u64, String)> {
        let lines = lines(text).into_iter().filter(|line| !line.text.trim().is_empty());
        lines.map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn html_becomes_markdown_and_code_stays() {
        let text = "# A\n<h4>Cook</h4>\n<p><b>Duties:</b> <a href=\"/x\">soups</a></p>\n\n```\n<h1>code</h1>\n```\n\
            use `<div>` and vector<int>\n| a | <details><summary>2</summary>x</br>y</details> |\n";
        let expected = [
            (1, "# A"),
            (2, "#### Cook"),
            (3, "**Duties:** [soups](/x)"),
            (5, "```"),
            (6, "<h1>code</h1>"),
            (7, "```"),
            (8, "use `<div>` and vector<int>"),
            (9, "| a | <details><summary>2</summary>x</br>y</details> |"),
        ];
        assert_eq!(told(text), expected.map(|(n, t)| (n, t.to_string())));
    }

    #[test]
    fn text_without_html_is_left_alone() {
        let text = "a < b\n\n  - vector<int>\n#include <map>\n";
        let lines: Vec<String> = lines(text).into_iter().map(|line| line.text).collect();
        assert_eq!(lines, text.lines().collect::<Vec<_>>());
    }
}
