//! Changes the text of `corrections.toml` entry by entry, so that comments stay.

use std::fmt::Write;

use rolecluster::corrections::{Change, Level};
use rolecluster::role::RoleId;

/// What a new file begins with.
const HEADER: &str = "\
# What is changed by hand in the groups of this run. Every `run`, `cluster`, `correct` and `assign`
# here obeys it, from top to bottom. Groups are meant by roles that are in them. Delete an entry to
# undo it, then `rolecluster correct` this folder.
";

/// Ids on a line.
const PER_LINE: usize = 8;

/// The text with an entry more.
pub fn with(text: &str, entry: &str) -> String {
    let text = if text.trim().is_empty() { HEADER } else { text };
    format!("{}\n\n{entry}", text.trim_end())
}

/// The line on which the last entry begins, counted from 1.
pub fn last_entry(text: &str) -> usize {
    let begins = text.lines().enumerate().filter(|(_, line)| line.starts_with("[["));
    begins.map(|(at, _)| at + 1).max().unwrap_or(1)
}

/// The text without the entries that begin on the lines `leaving`, each with the comment above it;
/// `all` are those on which any begins, ascending. Lines are counted from 1.
pub fn without(text: &str, all: &[usize], leaving: &[usize]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_comment = |at: usize| lines[at].trim_start().starts_with('#');
    let mut stays = vec![true; lines.len()];
    for &start in leaving {
        let next = all.iter().copied().find(|&line| line > start).unwrap_or(lines.len() + 1);
        let (mut first, mut end) = (start - 1, next - 1);
        while first > 0 && is_comment(first - 1) {
            first -= 1;
        }
        // A comment below an entry is about the next one.
        while end > start && (is_comment(end - 1) || lines[end - 1].trim().is_empty()) {
            end -= 1;
        }
        // The lines between it and what comes then.
        while end < lines.len() && lines[end].trim().is_empty() {
            end += 1;
        }
        // The comment a file begins with is about all of it.
        if first == 0 && start > 1 {
            first = start - 1;
        }
        stays[first..end].fill(false);
    }
    let kept = lines.iter().zip(stays).filter(|(_, stays)| *stays);
    kept.map(|(line, _)| format!("{line}\n")).collect()
}

/// An entry as it is written, below a comment.
pub fn entry(change: &Change, about: &str) -> String {
    let mut text = String::new();
    if !about.is_empty() {
        let about: String = about.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# {about}");
    }
    let _ = writeln!(text, "[[{}]]", change.kind());
    if let Change::Rename { level: Level::Direction, .. } = change {
        text.push_str("level = \"direction\"\n");
    }
    if let Some((_, name)) = change.name() {
        let _ = writeln!(text, "name = {}", quoted(name));
    }
    match change {
        Change::Rename { roles, .. } | Change::Split { roles, .. } | Change::Pin { roles, .. } => {
            let _ = writeln!(text, "roles = {}", list(roles, ""));
        }
        Change::Move { roles, to } => {
            let _ = writeln!(text, "roles = {}\nto = {}", list(roles, ""), list(to, ""));
        }
        Change::Merge { groups, .. } => {
            text.push_str("groups = [\n");
            for group in groups {
                let _ = writeln!(text, "  {},", list(group, "  "));
            }
            text.push_str("]\n");
        }
    }
    text
}

fn list(roles: &[RoleId], indent: &str) -> String {
    let ids: Vec<String> = roles.iter().map(|role| quoted(role.as_str())).collect();
    if ids.len() <= PER_LINE {
        return format!("[{}]", ids.join(", "));
    }
    let lines: Vec<String> =
        ids.chunks(PER_LINE).map(|ids| format!("{indent}  {},\n", ids.join(", "))).collect();
    format!("[\n{}{indent}]", lines.concat())
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_as_it_was_meant() {
        let ids = |n: usize| (0..n).map(|at| RoleId::new(format!("1.{at}"))).collect::<Vec<_>>();
        let merge = Change::Merge { groups: vec![ids(1), ids(9)], name: Some("a\\b \"c\"".into()) };
        assert_eq!(
            entry(&merge, "two\nof them"),
            "# two of them\n[[merge]]\nname = \"a\\\\b \\\"c\\\"\"\ngroups = [\n  [\"1.0\"],\n  [\n    \
             \"1.0\", \"1.1\", \"1.2\", \"1.3\", \"1.4\", \"1.5\", \"1.6\", \"1.7\",\n    \"1.8\",\n  \
             ],\n]\n"
        );
        assert_eq!(quoted("a\u{7f}\t"), "\"a\\u007F\\u0009\"");
    }
}
