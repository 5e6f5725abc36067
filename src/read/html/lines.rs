//! Lines of Markdown that know where they came from, and what a page is made of beside them.

use super::tokens::Tag;

/// One line of Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read) struct PageLine {
    /// The line of the input it begins in, counted from 1.
    pub number: u64,
    pub text: String,
    /// It is the heading of a card of a job list.
    pub announces: bool,
}

/// What a page says.
#[derive(Debug, Default)]
pub(in crate::read) struct Page {
    /// What its head calls it.
    pub title: String,
    pub lines: Vec<PageLine>,
    /// Menus, footers and forms, with the line each begins in.
    pub left_out: Vec<(u64, String)>,
    /// Scripts of type `application/ld+json`, with the line each begins in.
    pub linked_data: Vec<(u64, String)>,
}

/// What the text between the tags is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Between {
    /// White space is one space.
    Html,
    /// Lines are lines.
    Markdown,
}

/// The level of a heading.
pub(super) fn heading_level(tag: &Tag<'_>) -> Option<usize> {
    let level = tag.name.strip_prefix(['h', 'H'])?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// An address as Markdown links hold it; scripts are none.
pub(super) fn link_target(href: &str) -> Option<String> {
    let href = href.trim();
    let script = href.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("javascript:"));
    let target = href.replace(' ', "%20").replace('(', "%28").replace(')', "%29");
    (!href.is_empty() && !script && !href.contains(char::is_control)).then_some(target)
}

/// A line of a page that would be markup in Markdown, as text.
pub(super) fn escaped(line: &str) -> String {
    let rule = line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | ' '));
    if line.starts_with(['#', '|', '>']) || line.starts_with("```") || rule {
        format!("\\{line}")
    } else {
        line.to_string()
    }
}
