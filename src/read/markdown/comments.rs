//! An issue or a thread written to a file, with a posting in every comment.

use std::sync::LazyLock;

use regex::Regex;

use super::super::html::PageLine;
use super::inline;
use super::numbering;
use super::occupation::names_work;

/// A comment and the line it begins in.
#[derive(Debug)]
pub(super) struct Comment<'a> {
    pub line: u64,
    /// What announces it, such as its author and date.
    pub heading: String,
    pub lines: &'a [PageLine],
}

/// Fewer are no thread.
const FEWEST: usize = 2;

/// The first of the patterns; a plain sentence may well hold a date.
const WITHOUT_DATE: usize = 3;

/// A longer line announces nothing.
const LONGEST_HEADING: usize = 160;

const DATE: &str = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? \d{4}|\d+ (?:minute|hour|day|week|month|year)s? ago|\d+\s*(?:分钟|小时|天|个月|年)前)";

/// Lines that announce a comment, without the marks of headings and of bold text.
static ANNOUNCES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // Comment 3, 评论 #3, Comment by @user
        r"^(?:issue ?comment|comment|reply|post|评论|回复|回帖|评论者|コメント|返信|댓글|kommentar|antwort|commentaire|réponse|comentario|respuesta|comentário|resposta|commento|komentarz|комментарий|ответ|коментар)\s*(?:(?:#|№|no\.?|nr\.?|第)?\s*\d+\b.*|(?:by|from|von|par|de|di|od|来自|：|:)\s*@?\S.*)$".to_string(),
        // @user commented on ...
        r"^@?[\w.\-\[\]]+\)?(?:\([^)]*\))?\s+(?:commented|replied|wrote|posted|said|评论|回复|发表|發表|回覆|kommentierte|schrieb|a commenté|comentó|comentou|napisał|написал)\b?.*$".to_string(),
        // 3楼, #3
        r"^(?:#?\d+\s*[楼樓]|#\d+)(?:\s.*)?$".to_string(),
        // @user (2024-05-01)
        format!(r"^@?[\w.\-\[\]()/: ]{{1,60}}?[\s,·|—–\-(（@]+(?:on |at |am |le )?{DATE}.*$"),
        format!(r"^{DATE}[\s\d:TZ.,+]*[\s,·|—–\-(（]+@?[\w.\-]{{1,39}}[)）:：]*$"),
    ]
    .iter()
    .filter_map(|pattern| Regex::new(&format!("(?i){pattern}")).ok())
    .collect()
});

/// The comments of a thread with what stands before the first, if the lines are one.
pub(super) fn split(lines: &[PageLine]) -> Option<(&[PageLine], Vec<Comment<'_>>)> {
    // Where headings announce roles, lines that look so are a part of their texts.
    let forms = [Form::Fields, Form::Heading, Form::Bold, Form::Plain];
    let n_forms = if lines.iter().any(announces_role) { 2 } else { forms.len() };
    let (form, mut starts) = forms
        .into_iter()
        .take(n_forms)
        .map(|form| (form, starts(lines, form)))
        .find(|(_, starts)| starts.len() >= FEWEST)?;
    // A heading of another level is the author's own.
    if form == Form::Heading {
        let level = |at: &usize| lines[*at].text.trim().bytes().take_while(|b| *b == b'#').count();
        let first = level(&starts[0]);
        starts.retain(|at| level(at) == first);
    }
    if starts.len() < FEWEST {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let comment = |(&start, end): (&usize, usize)| {
        let body = start + form.header_lines(&lines[start..end]);
        Comment {
            line: lines[start].number,
            heading: form.heading(&lines[start..body.min(end)]),
            lines: &lines[body.min(end)..end],
        }
    };
    Some((&lines[..starts[0]], starts.iter().zip(ends).map(comment).collect()))
}

/// How comments are announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// An author line, a tab between name and value, and further fields up to `--`.
    Fields,
    Heading,
    Bold,
    /// A line that stands apart.
    Plain,
}

fn starts(lines: &[PageLine], form: Form) -> Vec<usize> {
    let is_blank = |at: usize| lines.get(at).is_none_or(|line| line.text.trim().is_empty());
    let announces = |at: &usize| {
        let text = lines[*at].text.trim();
        if text.len() > LONGEST_HEADING {
            return false;
        }
        let apart = *at == 0 || is_blank(at - 1) || lines[at - 1].text.trim().starts_with("--");
        match form {
            Form::Fields => {
                apart
                    && text.starts_with("author:")
                    && lines.get(at + 1).is_some_and(|next| next.text.starts_with("association:"))
            }
            Form::Heading => {
                text.starts_with('#')
                    && !announces_role(&lines[*at])
                    && matches(text.trim_start_matches('#').trim(), usize::MAX)
            }
            Form::Bold => {
                apart
                    && (text.starts_with("**") || text.starts_with("> **"))
                    && matches(text.trim_start_matches(['>', ' ']), usize::MAX)
            }
            Form::Plain => apart && matches(text, WITHOUT_DATE),
        }
    };
    (0..lines.len()).filter(announces).collect()
}

/// Whether a line is a heading such as `### Role 2: title`.
fn announces_role(line: &PageLine) -> bool {
    let text = line.text.trim();
    text.starts_with('#') && numbering::role_heading(text.trim_start_matches('#')).is_some()
}

/// Whether one of the first so many patterns announces a comment.
fn matches(text: &str, patterns: usize) -> bool {
    let plain = inline::plain(text);
    // `Cook (2024-05-01)` is a posting with its date.
    ANNOUNCES.iter().take(patterns).any(|pattern| pattern.is_match(&plain)) && !names_work(&plain)
}

impl Form {
    /// Lines from the start of a comment to its text.
    fn header_lines(self, lines: &[PageLine]) -> usize {
        if self != Form::Fields {
            return 1;
        }
        lines.iter().position(|line| line.text.trim() == "--").map_or(1, |end| end + 1)
    }

    fn heading(self, header: &[PageLine]) -> String {
        let lines =
            header.iter().map(|line| line.text.trim().trim_start_matches(['#', '>']).trim());
        let lines = lines.filter(|line| !line.is_empty() && *line != "--");
        let plain: Vec<String> = lines.map(inline::plain).collect();
        plain.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn told(text: &str) -> Vec<(u64, String, usize)> {
        let lines = source::lines(text);
        let comments = split(&lines).map(|(_, comments)| comments).unwrap_or_default();
        let filled =
            |lines: &[PageLine]| lines.iter().filter(|l| !l.text.trim().is_empty()).count();
        comments.into_iter().map(|c| (c.line, c.heading, filled(c.lines))).collect()
    }

    #[test]
    fn threads_of_many_forms_are_cut_into_comments() {
        for text in [
            "# Who is hiring\n\nRules.\n\n## Comment 1\n\nCook\n\n### Duties\n\n## Comment 2\n\nNurse\n",
            "# Jobs\n\n---\n\n**ana** commented on May 3, 2024:\n\nCook\n\n---\n\n**bo-2** commented on 4 May 2024:\n\nNurse\n",
            "### @ana (2024-05-03)\nCook\n\n### @bo · 2024-05-04T10:00:00Z\nNurse\n",
            "author:\tana\nassociation:\tnone\nedited:\tfalse\n--\nCook\n--\nauthor:\tbo\nassociation:\tnone\n--\nNurse\n--\n",
            "#### 评论 #1\n厨师\n\n#### 评论 #2\n护士\n",
            "1楼\n\n厨师\n\n2楼\n\n护士\n",
            "ana commented 3 days ago\n\nCook\n\nbo commented 2 days ago\n\nNurse\n",
        ] {
            let told = told(text);
            assert_eq!(told.len(), 2, "{text}: {told:?}");
            assert!(told.iter().all(|(_, heading, n)| *n >= 1 && !heading.is_empty()), "{told:?}");
        }
    }

    #[test]
    fn digests_and_postings_are_no_threads() {
        for text in [
            "# Jobs\n\n## Cook\n\nSoups.\n\n## Nurse\n\nWards.\n",
            "## 岗位1：厨师\n文字\n## 岗位2：护士\n文字\n",
            "## Comment 1\n\nonly one\n",
            "Founded on May 3, 2024.\n\nGrown by 2024-05-03.\n",
            "## Cook (2024-05-01)\n\nx\n\n## Nurse (2024-05-02)\n\ny\n",
            "## Engineer, Berlin\n\nx\n\n## Posting policy\n\ny\n",
            "## Role 1: Lab (2024-05-01)\n\nx\n\n## Role 2: Ward (2024-05-02)\n\ny\n",
            "## 岗位1：甲\n\n#1 in town\n\n## 岗位2：乙\n\nPost: 3\n\nReply to 4 letters\n",
        ] {
            assert!(told(text).is_empty(), "{text}");
        }
    }
}
