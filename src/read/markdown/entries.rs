//! Postings that are no headings: items of a list of links, and the titles of a newsletter,
//! which stand in bold or as a link above a paragraph each.

use super::inline;
use super::labels;
use super::occupation::names_work;
use super::outline::{Line, LineKind};
use crate::text::display_width;

/// A posting and the lines that belong to it.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub line: u64,
    pub title: String,
    /// What the line of the title says beside it.
    pub beside: String,
    /// Where its link leads.
    pub link: Option<&'a str>,
    pub lines: Vec<Line<'a>>,
}

/// A block cut into postings.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    /// Lines before the first.
    pub before: Vec<Line<'a>>,
    pub entries: Vec<Entry<'a>>,
}

/// A longer line is no title.
const WIDEST_TITLE: usize = 160;

/// What stands between a title and the rest of its line.
const SEPARATORS: [&str; 12] =
    [" - ", " – ", " — ", " | ", " · ", " • ", " @ ", " at ", "：", ": ", " / ", "，"];

/// What is asked of the postings of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demand {
    /// So many of them.
    pub least: usize,
    /// A word for work in most titles: other lists of links stand beside postings.
    pub strict: bool,
    /// The heading says that these are openings, so that items need no link.
    pub openings: bool,
}

/// The postings of a block, if it is made of them.
pub(super) fn of_block<'a>(lines: &[Line<'a>], demand: Demand) -> Option<Entries<'a>> {
    items(lines, demand).or_else(|| leads(lines, demand))
}

/// Items of a list, most of them with a link.
fn items<'a>(lines: &[Line<'a>], demand: Demand) -> Option<Entries<'a>> {
    let is_item = |line: &&Line<'_>| line.kind == LineKind::Text && marker(line.text).is_some();
    let all = lines.iter().filter(is_item).count();
    let entry = |line: &Line<'a>| {
        let inner = marker(line.text).filter(|_| line.kind == LineKind::Text)?;
        entry_of(line.number, inner, if demand.openings { Lead::Opening } else { Lead::Item })
    };
    let found = cut(lines, entry)?;
    let n = found.entries.len();
    let strict = demand.strict || demand.openings;
    (n >= demand.least && n * 5 >= all * 3 && is_work(&found.entries, strict)).then_some(found)
}

/// Titles above paragraphs: bold, a link, or both.
fn leads<'a>(lines: &[Line<'a>], demand: Demand) -> Option<Entries<'a>> {
    let mut apart = true;
    let entry = |line: &Line<'a>| {
        let begins = std::mem::replace(&mut apart, !line.has_text());
        let is_text = begins && line.kind == LineKind::Text && marker(line.text).is_none();
        entry_of(line.number, line.text.trim(), Lead::Line).filter(|_| is_text)
    };
    let found = cut(lines, entry)?;
    // Bold lines head parts of a posting as well, so they must name work.
    let all_links = found.entries.iter().all(|entry| entry.link.is_some());
    let told = is_work(&found.entries, demand.strict || !all_links);
    (found.entries.len() >= demand.least && told).then_some(found)
}

/// Lines cut before each that begins an entry. A rule ends an entry; what follows one without
/// a title of its own is a closing note.
fn cut<'a>(
    lines: &[Line<'a>],
    mut begins: impl FnMut(&Line<'a>) -> Option<Entry<'a>>,
) -> Option<Entries<'a>> {
    let mut found = Entries { before: Vec::new(), entries: Vec::new() };
    let mut after_rule = false;
    for line in lines {
        after_rule |= line.kind == LineKind::Rule;
        if let Some(entry) = begins(line) {
            found.entries.push(entry);
            after_rule = false;
            continue;
        }
        match found.entries.last_mut() {
            Some(entry) if !after_rule => entry.lines.push(*line),
            _ => found.before.push(*line),
        }
    }
    (!found.entries.is_empty()).then_some(found)
}

fn is_work(entries: &[Entry<'_>], strict: bool) -> bool {
    let named = entries.iter().filter(|entry| names_work(&entry.title)).count();
    if strict {
        named * 2 >= entries.len()
    } else {
        named * 4 >= entries.len() || all_elsewhere(entries)
    }
}

/// Whether all links leave the site of the text, as lists of postings elsewhere do.
fn all_elsewhere(entries: &[Entry<'_>]) -> bool {
    entries.iter().all(|entry| {
        entry.link.is_some_and(|link| link.starts_with("http"))
            && labels::meaning(&entry.title).is_none()
    })
}

/// A list item at the left margin, without its marker and check box.
fn marker(line: &str) -> Option<&str> {
    let indented = line.len() - line.trim_start().len();
    let rest = line.trim();
    let inner = match rest.strip_prefix(['-', '*', '+', '•']) {
        Some(inner) if inner.starts_with([' ', '\t']) => inner,
        _ => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let inner = rest[digits..].strip_prefix(['.', ')'])?;
            if digits == 0 || digits > 4 || !inner.starts_with(' ') {
                return None;
            }
            inner
        }
    };
    let inner = inner.trim_start();
    let inner =
        ["[ ] ", "[x] ", "[X] "].iter().find_map(|b| inner.strip_prefix(b)).unwrap_or(inner);
    (indented <= 1).then_some(inner)
}

/// What kind of line may begin an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// It begins with a link or with bold text.
    Line,
    /// It has a link anywhere.
    Item,
    /// It needs no link.
    Opening,
}

/// The entry a line begins.
fn entry_of<'a>(number: u64, line: &'a str, lead: Lead) -> Option<Entry<'a>> {
    let plain = inline::plain(line);
    if plain.is_empty() || display_width(&plain) > WIDEST_TITLE {
        return None;
    }
    let link = link(line);
    if link.is_none() && (lead == Lead::Item || labels::label(line).is_some()) {
        return None;
    }
    if link.is_some_and(|(_, to, _)| to.starts_with('#') || to.starts_with("mailto:")) {
        return None;
    }
    let first = |c: char| !c.is_alphanumeric() && !matches!(c, '[' | '(' | '（');
    let start = line.trim_start_matches(first);
    let bold =
        line.strip_prefix("**").and_then(|rest| rest.split_once("**")).map(|(inside, _)| inside);
    let leads = lead != Lead::Line || bold.is_some() || link.is_some() && start.starts_with('[');
    if !leads {
        return None;
    }
    let linked = link.map(|(text, _, _)| inline::plain(text));
    let bold = bold.map(inline::plain);
    let candidates = linked.iter().chain(bold.iter()).map(String::as_str);
    let segments = segments(&plain);
    let title = candidates
        .clone()
        .chain(segments.iter().copied())
        .find(|text| names_work(text) && display_width(text) <= WIDEST_TITLE / 2)
        .or_else(|| candidates.clone().find(|text| !text.is_empty()))
        .or_else(|| segments.first().copied())?
        .to_string();
    // A label such as `**Perks**` is part of a posting.
    if labels::meaning(&title).is_some() {
        return None;
    }
    let edge = |c: char| c.is_whitespace() || "-–—|·•:：,，@".contains(c);
    let (before, after) = plain.split_once(&title).unwrap_or((&plain, ""));
    let sides = [before.trim_matches(edge), after.trim_matches(edge)];
    let sides: Vec<&str> = sides.into_iter().filter(|side| !side.is_empty()).collect();
    let beside = sides.join(" | ");
    Some(Entry { line: number, title, beside, link: link.map(|(_, to, _)| to), lines: Vec::new() })
}

fn segments(line: &str) -> Vec<&str> {
    let mut pieces = vec![line];
    for separator in SEPARATORS {
        pieces = pieces.into_iter().flat_map(|piece| piece.split(separator)).collect();
    }
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// The first link of a line that is no image: its text, where it leads, and what follows.
fn link(line: &str) -> Option<(&str, &str, &str)> {
    for (at, _) in line.match_indices("](") {
        let Some(open) = line[..at].rfind('[') else { continue };
        if line[..open].ends_with('!') {
            continue;
        }
        let Some((target, after)) = line[at + 2..].split_once(')') else { continue };
        let target = target.split(' ').next().unwrap_or_default();
        if !target.is_empty() {
            return Some((&line[open + 1..at], target, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::outline::Outline;
    use super::super::source;
    use super::*;

    fn told(text: &str, strict: bool) -> Vec<(String, String, usize)> {
        demanded(text, Demand { least: 2, strict, openings: false })
    }

    fn demanded(text: &str, demand: Demand) -> Vec<(String, String, usize)> {
        let lines = source::lines(text);
        let outline = Outline::of(&lines);
        let found = of_block(&outline.blocks[0].lines, demand);
        let entries = found.into_iter().flat_map(|found| found.entries);
        entries
            .map(|e| (e.title, e.beside, e.lines.iter().filter(|l| l.has_text()).count()))
            .collect()
    }

    fn titles(text: &str, strict: bool) -> Vec<String> {
        told(text, strict).into_iter().map(|(title, _, _)| title).collect()
    }

    #[test]
    fn items_of_a_list_of_links_are_postings() {
        let text = "Hello.\n\n- [Rust engineer](http://a/1) - Acme, Bern\n- **[Cook](http://a/2)** (full-time)\n  - soups\n\
            - Beta GmbH: [Ward nurse](http://a/3)\n* 2024-05-01 [Delta](http://d) | Truck driver | Basel\n";
        assert_eq!(titles(text, true), ["Rust engineer", "Cook", "Ward nurse", "Truck driver"]);
        assert_eq!(told(text, true)[0].1, "Acme, Bern");
        assert_eq!(told(text, true)[1].2, 1);
        let text = "1. [护士](https://a/1)：北京\n2. [司机](https://a/2)：上海\n";
        assert_eq!(titles(text, true), ["护士", "司机"]);
    }

    #[test]
    fn titles_above_paragraphs_are_postings() {
        let text = "**[Rust engineer](http://a/1)** at Acme\nYou write the ledger.\n\n**Cook**, Beta\n\nYou cook.\n- soups\n\n---\nUnsubscribe";
        assert_eq!(
            told(text, true),
            [("Rust engineer".into(), "at Acme".into(), 1), ("Cook".into(), "Beta".into(), 2)]
        );
    }

    #[test]
    fn other_lists_and_bold_lines_are_none() {
        for text in [
            "- [Backend](#backend)\n- [Engineer](#engineer)\n",
            "- [Our blog](http://a/blog)\n- [Handbook](http://a/book)\n",
            "**About us**\n\nWe bake.\n\n**What you will do**\n\nYou bake.\n",
            "**Skills**: Go\n**Tools**: git\n",
            "- you cook\n- you clean\n- see [here](http://a)\n",
            "- [Cook](http://a/1)\n- soups\n- sauces\n- stocks\n",
        ] {
            assert!(told(text, true).is_empty(), "{text}");
        }
        let openings = Demand { least: 2, strict: true, openings: true };
        assert_eq!(demanded("- Cook, Bern\n- **Baker** – Thun\n", openings).len(), 2);
        assert!(demanded("- lunch\n- own flat\n", openings).is_empty());
        assert_eq!(
            titles("- [Kitchen hero](http://a/1)\n- [Soup wizard](http://a/2)\n", false).len(),
            2
        );
    }
}
