//! Lines -> headings and what stands below each.
//!
//! More lenient than CommonMark where people write otherwise: `##标题` without a space is a
//! heading, a line above `---` is one only where it stands apart, and indented text is text.

use super::super::html::PageLine;
use super::numbering;

/// The level of a role announced by its prefix without being a heading.
const PLAIN_ROLE_LEVEL: u8 = 7;

/// A heading and its own lines, up to the next heading.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    /// 1 to 6; 0 for what stands before the first heading or after the last rule.
    pub level: u8,
    pub title: &'a str,
    /// Line of the heading (of the first line of text for level 0), counted from 1.
    pub line: u64,
    pub lines: Vec<Line<'a>>,
    /// The input says that this is a role: by a prefix, or as a card of a page.
    pub announced: bool,
}

/// A line of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub number: u64,
    pub text: &'a str,
    pub kind: LineKind,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    Text,
    /// Inside a fence, where nothing is markup.
    Code,
    /// A thematic break.
    Rule,
}

impl Line<'_> {
    /// Whether it has something to say.
    pub fn has_text(&self) -> bool {
        self.kind != LineKind::Rule && !self.text.trim().is_empty()
    }
}

impl<'a> Block<'a> {
    /// Its lines without rules and blank ones.
    pub fn text_lines(&self) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(|line| line.has_text()).map(|line| line.text)
    }

    pub fn has_text(&self) -> bool {
        self.text_lines().next().is_some()
    }
}

/// All blocks in order.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    pub blocks: Vec<Block<'a>>,
    parents: Vec<Option<usize>>,
}

impl<'a> Outline<'a> {
    pub fn of(lines: &'a [PageLine]) -> Self {
        let mut blocks = blocks(lines, false);
        if !blocks.iter().any(|block| block.announced) {
            // Some digests announce roles in bold or plain lines.
            let plain = self::blocks(lines, true);
            if plain.iter().filter(|block| block.announced).count() >= 2 {
                blocks = plain;
            }
        }
        split_closing_note(&mut blocks);
        let mut parents = Vec::with_capacity(blocks.len());
        let mut open: Vec<usize> = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            if block.level == 0 {
                open.clear();
                parents.push(None);
                continue;
            }
            while open.last().is_some_and(|&up| blocks[up].level >= block.level) {
                open.pop();
            }
            parents.push(open.last().copied());
            open.push(at);
        }
        Outline { blocks, parents }
    }

    /// The heading a heading stands under.
    pub fn parent(&self, at: usize) -> Option<usize> {
        self.parents[at]
    }

    /// The headings right under this one.
    pub fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        self.below(at).filter(move |&below| self.parents[below] == Some(at))
    }

    /// All headings under this one, which follow it.
    pub fn below(&self, at: usize) -> std::ops::Range<usize> {
        let level = self.blocks[at].level;
        let rest = &self.blocks[at + 1..];
        let count = rest.iter().take_while(|b| level > 0 && b.level > level).count();
        at + 1..at + 1 + count
    }
}

fn blocks(lines: &[PageLine], plain_roles: bool) -> Vec<Block<'_>> {
    let mut blocks = vec![Block::default()];
    let mut fence: Option<&str> = None;
    let mut lines = lines.iter().peekable();
    while let Some(PageLine { number, text, announces }) = lines.next() {
        // There is always a last block: the first is made above.
        let Some(block) = blocks.last_mut() else { break };
        let (number, line) = (*number, text.as_str());
        let trimmed = line.trim();
        let add = |block: &mut Block<'_>, kind| {
            if block.line == 0 && !trimmed.is_empty() && kind == LineKind::Text {
                block.line = number;
            }
        };
        if let Some(mark) = fence {
            if trimmed.starts_with(mark) {
                fence = None;
            } else {
                block.lines.push(Line { number, text: line, kind: LineKind::Code });
            }
            continue;
        }
        if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark)) {
            fence = Some(mark);
            continue;
        }
        let next = lines.peek().map(|line| line.text.trim()).unwrap_or_default();
        // Only a line that stands apart is underlined; below a paragraph, `---` is a rule.
        let apart = match block.lines.last() {
            None => block.level == 0,
            Some(line) => line.kind != LineKind::Text || line.text.trim().is_empty(),
        };
        let heading = atx(line)
            .or_else(|| setext(line, next, apart))
            .or_else(|| if plain_roles { plain_role(trimmed) } else { None });
        let kind = if is_rule(trimmed) { LineKind::Rule } else { LineKind::Text };
        let Some((level, title)) = heading else {
            add(block, kind);
            block.lines.push(Line { number, text: line, kind });
            continue;
        };
        if level <= 2 && is_underline(next) && !line.trim_start().starts_with('#') {
            lines.next();
        }
        let announced = *announces || numbering::role_heading(title).is_some();
        blocks.push(Block { level, title, line: number, lines: vec![], announced });
    }
    blocks
}

/// `## title` or `## title ##`. The space may be missing before a letter that is not ASCII,
/// but for the first level, where `#标签` is a tag.
fn atx(line: &str) -> Option<(u8, &str)> {
    let indented = line.len() - line.trim_start_matches(' ').len();
    let text = line.trim();
    let level = text.bytes().take_while(|b| *b == b'#').count();
    if indented > 3 || !(1..=6).contains(&level) {
        return None;
    }
    let after = &text[level..];
    let spaced = after.is_empty() || after.starts_with([' ', '\t', '\u{3000}']);
    if !spaced && (level == 1 || after.starts_with(|c: char| c.is_ascii())) {
        return None;
    }
    let title = after.trim().trim_end_matches('#').trim_end();
    // `C#` at the end of a title keeps its mark.
    let closing = after.trim().len() - title.len();
    let title = if closing > 0 && !after.trim()[..title.len() + closing].contains(" #") {
        after.trim()
    } else {
        title
    };
    (!title.is_empty()).then_some((level as u8, title))
}

fn is_underline(line: &str) -> bool {
    line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
}

/// A single line of text underlined with `===` or `---`.
fn setext<'a>(line: &'a str, next: &str, apart: bool) -> Option<(u8, &'a str)> {
    let text = line.trim();
    let could_be = !text.is_empty()
        && apart
        && is_underline(next)
        && text.chars().count() <= 100
        && !text.starts_with(['-', '*', '+', '>', '|', '#'])
        && !text.ends_with(['。', '.', ';', '；', ':', '：'])
        && !is_rule(text);
    could_be.then(|| (if next.starts_with('=') { 1 } else { 2 }, text))
}

/// `**岗位1：title**` or `Role 2: title` on a line of its own.
fn plain_role(line: &str) -> Option<(u8, &str)> {
    let title = line.trim_start_matches("**").trim_end_matches("**").trim();
    let announced = numbering::role_heading(title)
        .is_some_and(|(number, title)| number.is_some() && !title.is_empty());
    (announced && title.chars().count() <= 80 && !title.ends_with(['。', '.']))
        .then_some((PLAIN_ROLE_LEVEL, title))
}

fn is_rule(line: &str) -> bool {
    let Some(mark) = line.chars().next().filter(|c| matches!(c, '-' | '*' | '_')) else {
        return false;
    };
    line.chars().filter(|c| *c == mark).count() >= 3 && line.chars().all(|c| c == mark || c == ' ')
}

/// What follows the last rule of a digest is a closing note, unless it carries on the last
/// role with a labelled line.
fn split_closing_note(blocks: &mut Vec<Block<'_>>) {
    let Some(last) = blocks.last_mut().filter(|block| block.level > 0) else { return };
    let is_rule = |line: &Line| line.kind == LineKind::Rule;
    let Some(rule) = last.lines.iter().rposition(is_rule) else { return };
    let is_text = |line: &Line| line.kind == LineKind::Text && line.has_text();
    let emphasised = |line: &Line| {
        let text = line.text.trim();
        line.kind != LineKind::Text || text.is_empty() || text.starts_with(['*', '_', '>'])
    };
    let before =
        last.lines[..rule].iter().any(is_text) || last.lines[rule..].iter().all(emphasised);
    let labelled = last.lines[rule..].iter().any(|line| {
        line.kind == LineKind::Text && super::labels::label(line.text).is_some_and(|l| l.bold)
    });
    if before && !labelled && last.lines[rule..].iter().any(is_text) {
        let lines = last.lines.split_off(rule);
        let line = lines[0].number;
        blocks.push(Block { line, lines, ..Block::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn told(text: &str) -> Vec<(u8, String)> {
        let lines = source::lines(text);
        let blocks = Outline::of(&lines).blocks.into_iter().filter(|b| b.level > 0);
        blocks.map(|b| (b.level, b.title.to_string())).collect()
    }

    #[test]
    fn headings_of_all_kinds_are_seen() {
        let text =
            "Title\n=====\n\nPart\n----\ntext\n---\n### Role C#\n#### Deep ##\n##标题\n#tag\n";
        let expected = [(1, "Title"), (2, "Part"), (3, "Role C#"), (4, "Deep"), (2, "标题")];
        assert_eq!(told(text), expected.map(|(l, t)| (l, t.to_string())));
    }

    #[test]
    fn code_and_rules_are_no_headings() {
        assert!(told("```\n# no\n```\n\n---\n***\n").is_empty());
        assert!(told("a paragraph.\n---\n- item\n---\n").is_empty());
    }

    #[test]
    fn plain_lines_announce_roles_when_no_heading_does() {
        let text = "## 一、方向\n**岗位1：甲**\n文字\n岗位2：乙\n文字\n";
        assert_eq!(
            told(text),
            [(2, "一、方向".into()), (7, "岗位1：甲".into()), (7, "岗位2：乙".into())]
        );
    }

    #[test]
    fn the_tree_knows_who_stands_under_whom() {
        let lines = source::lines("# a\n## b\n### c\n## d\n");
        let outline = Outline::of(&lines);
        let parents: Vec<Option<usize>> = (0..5).map(|at| outline.parent(at)).collect();
        assert_eq!(parents, [None, None, Some(1), Some(2), Some(1)]);
        assert_eq!(outline.below(1), 2..5);
        assert_eq!(outline.children(1).collect::<Vec<_>>(), [2, 4]);
    }
}
