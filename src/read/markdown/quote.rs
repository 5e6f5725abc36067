//! Text -> Markdown that this folder reads as that text again, and no other reader shows
//! otherwise. What [`inline`](crate::text::markdown::inline) escapes is not enough: a line such as
//! `地点：上海` is a label without any mark-up. There a character is written as a numeric reference.

use super::contact;
use super::labels;
use crate::read::stack;
use crate::text::markdown::{inline, within_line};
use crate::text::sentences::without_marker;

/// Marks that separate the entries of a list, or keep some together.
const MARKS: &str = "、，,;；|｜•●()（）[]【】\t。…";

/// Where the marks are kept out of the way, in a private range of Unicode.
const HIDDEN: u32 = 0xe200;

/// Characters that would belong to the number of a role at the start of its title.
const AFTER_NUMBER: &str = ":：.．、,，)）|—–-";

/// A line of text as a paragraph of its own.
pub(crate) fn paragraph(line: &str) -> String {
    let quoted = inline(line);
    let is_item = without_marker(&quoted).len() < quoted.trim().len();
    if labels::label(&quoted).is_some() || is_item || contact::is_contact(&quoted) {
        first_as_reference(line)
    } else {
        quoted
    }
}

/// A title behind the number of a role: `### Role 2: title`.
pub(crate) fn title(title: &str) -> String {
    let title = title.trim();
    let begins = title.starts_with(|c: char| AFTER_NUMBER.contains(c));
    if begins || super::numbering::is_untitled(title) {
        first_as_reference(title)
    } else {
        within_line(title)
    }
}

/// What stands behind a label in bold.
pub(crate) fn value(text: &str) -> String {
    let mut out = String::new();
    // Facts may stand side by side, with these marks between them.
    for c in within_line(text).replace("\\|", "|").chars() {
        match c {
            '|' | '·' | '•' | '｜' => out.push_str(&reference(c)),
            c => out.push(c),
        }
    }
    out
}

/// An entry of a list of technologies.
pub(crate) fn entry(text: &str) -> String {
    let among = stack::split(&format!("a、{text}、z"));
    if among == ["a", text, "z"] && !text.starts_with('[') {
        return within_line(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c| MARKS.contains(c)) {
        out.push_str(&inline_part(&rest[..at]));
        let mark = rest[at..].chars().next().unwrap_or_default();
        out.push_str(&reference(mark));
        rest = &rest[at + mark.len_utf8()..];
    }
    out + &inline_part(rest)
}

/// [`within_line`] that keeps the blanks around a text.
fn inline_part(text: &str) -> String {
    let inner = text.trim();
    let start = text.len() - text.trim_start().len();
    format!("{}{}{}", &text[..start], within_line(inner), &text[start + inner.len()..])
}

/// Whether a line begins with a character reference, as no line does that is meant as a label.
pub(super) fn is_quoted(line: &str) -> bool {
    line.starts_with("&#")
}

/// Moves marks written as references out of the way.
pub(super) fn hide_marks(markup: &str) -> String {
    let mut out = markup.to_string();
    if !markup.contains("&#") {
        return out;
    }
    for (at, mark) in MARKS.chars().enumerate() {
        if let Some(hidden) = char::from_u32(HIDDEN + at as u32) {
            out = out.replace(&reference(mark), hidden.encode_utf8(&mut [0; 4]));
        }
    }
    out
}

/// The marks moved away by [`hide_marks`] put back.
pub(super) fn shown_marks(text: &str) -> String {
    let shown = |c: char| {
        let at = (c as u32).checked_sub(HIDDEN);
        at.and_then(|at| MARKS.chars().nth(at as usize)).unwrap_or(c)
    };
    text.chars().map(shown).collect()
}

fn first_as_reference(text: &str) -> String {
    let text = text.trim_start();
    let first = text.chars().next().unwrap_or_default();
    format!("{}{}", reference(first), inline_part(&text[first.len_utf8().min(text.len())..]))
}

fn reference(c: char) -> String {
    format!("&#{};", c as u32)
}

#[cfg(test)]
mod tests {
    use super::super::inline::plain;
    use super::super::outline::Outline;
    use super::super::{body, numbering, source};
    use super::*;

    /// What a body of these lines is read as.
    fn read(body: &str) -> body::Content {
        let lines = source::lines(&format!("### 岗位1：x\n\n{body}\n"));
        let outline = Outline::of(&lines);
        body::read(&outline.blocks[1].lines, &[])
    }

    #[test]
    fn lines_of_any_kind_stay_paragraphs() {
        for line in [
            "负责集群的稳定性。",
            "地点：上海",
            "技术栈：Go、K8s",
            "职责：负责集群",
            "【工作地点】上海",
            "**技术栈**：Go",
            "Apply: jobs@example.org",
            "https://example.org/jobs/17",
            "公司：甲 · 地点：乙",
            "1、负责集群",
            "（2）负责集群",
            "• dot",
            "- dash",
            "# heading",
            "### 岗位3：x",
            "| a | b |",
            "|---|---|",
            "---",
            "===",
            "```",
            "> quote",
            "[a](b) <b>c `e` __f__ *g*",
            "a&b; R&D, 5 < 6 > 4",
            "\\ back \\* slash",
            "3. point",
        ] {
            let found = read(&format!("before\n\n{}\n\nafter", paragraph(line)));
            let expected = format!("before\n{line}\nafter");
            assert_eq!(found.description, expected, "{}", paragraph(line));
            assert!(found.stack.is_empty() && found.fields.is_empty() && found.id.is_none());
        }
    }

    #[test]
    fn titles_of_any_kind_stay_titles() {
        for text in [
            ".NET engineer",
            "：x",
            "- x",
            "（无标题）",
            "岗位3：x",
            "1. Cook",
            "C#",
            "a | b `c` [d] *e* #",
            "(a) x",
            "—",
            "Role 2: x",
            "2 cooks",
        ] {
            for before in ["岗位12：", "Role 12: "] {
                let heading = format!("{before}{}", title(text));
                let (number, found) = numbering::role_heading(&heading).unwrap();
                assert_eq!((number, plain(found).as_str()), (Some(12), text), "{heading}");
                assert!(!numbering::is_untitled(found), "{heading}");
            }
        }
    }

    #[test]
    fn entries_and_values_of_any_kind_stay_whole() {
        let entries = [
            "C, C++",
            "[a",
            "b]",
            "AWS（EC2、S3）",
            "a | b",
            "x;y",
            "**k**: v",
            "(open",
            "Go",
            "<T>",
        ];
        let list = entries.map(entry).join("、");
        assert_eq!(read(&format!("**技术栈**：{list}")).stack, entries, "{list}");
        assert!(list.contains("AWS（EC2、S3）"), "{list}");
        for text in ["1.4", "a | 地点：b", "r·2", "*x*", "a`b", "#3"] {
            let found = read(&format!(
                "**编号**：{}\n\n**公司**：{} · **地点**：y",
                value(text),
                value(text)
            ));
            assert_eq!(found.id.as_deref(), Some(text));
            assert_eq!((found.fields["公司"].as_str(), found.fields["地点"].as_str()), (text, "y"));
        }
    }
}
