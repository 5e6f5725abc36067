//! A text that is one posting: a file of its own, or a comment of a thread.

use super::super::html::PageLine;
use super::super::record::{Record, Value};
use super::body::{self, Content};
use super::comments::Comment;
use super::front_matter::FrontMatter;
use super::inline;
use super::labels;
use super::numbering;
use super::occupation::names_work;
use super::outline::{Block, Line, Outline};
use super::plan::{Part, Plan};
use crate::text::display_width;

/// A comment of fewer columns that names no work is talk.
const LEAST_COLUMNS: usize = 60;

/// A title is cut off here.
const WIDEST_TITLE: usize = 120;

/// Names under which metadata says that a file is one posting.
const OF_POSTING: [&str; 22] = [
    "company",
    "location",
    "salary",
    "employer",
    "department",
    "employment_type",
    "employmenttype",
    "job_type",
    "jobtype",
    "type",
    "deadline",
    "apply",
    "apply_url",
    "position",
    "role",
    "公司",
    "地点",
    "工作地点",
    "薪资",
    "城市",
    "勤務地",
    "ort",
];

/// Whether a file with metadata is one posting rather than a digest with a title.
pub(super) fn is_one(front: &FrontMatter, outline: &Outline<'_>, plan: &Plan<'_>) -> bool {
    let of_posting = |key: &str| OF_POSTING.contains(&key.to_lowercase().as_str());
    let roles =
        || plan.parts.iter().enumerate().filter(|(_, part)| matches!(part, Part::Role { .. }));
    if plan.parts.iter().any(|part| matches!(part, Part::Postings { .. })) {
        return false;
    }
    if outline.blocks.iter().filter(|block| block.announced).count() >= 2 {
        return false;
    }
    roles().count() <= 1
        || front.values.iter().any(|(key, _)| of_posting(key))
        || roles().any(|(at, _)| labels::meaning(outline.blocks[at].title).is_some())
}

/// The record of a file that is one posting: its metadata and all its text.
pub(super) fn of_file(front: FrontMatter, title: Option<&str>, outline: &Outline<'_>) -> Record {
    let same = |heading: &str| {
        let heading = inline::plain(numbering::numbered(heading).1);
        title.is_some_and(|title| heading.eq_ignore_ascii_case(title.trim()))
    };
    let (mut own, mut parts): (Vec<Line<'_>>, Vec<&Block<'_>>) = (Vec::new(), Vec::new());
    for block in &outline.blocks {
        if parts.is_empty() && (block.level == 0 || same(block.title)) {
            own.extend(&block.lines);
        } else {
            parts.push(block);
        }
    }
    let mut record = front.values;
    add(&mut record, body::read(&own, &parts));
    record
}

/// The record of a comment, or `None` if it is no posting.
pub(super) fn of_comment(comment: &Comment<'_>) -> Option<Record> {
    let outline = Outline::of(comment.lines);
    let first = outline.blocks.iter().find(|block| block.level > 0 || block.has_text())?;
    let (mut own, mut parts) = (Vec::new(), Vec::new());
    for block in &outline.blocks {
        match block.level {
            0 if parts.is_empty() => own.extend(block.lines.iter().copied()),
            _ => parts.push(block),
        }
    }
    let headline = match first.level {
        0 => first.lines.iter().find(|line| line.has_text()).map_or("", |line| line.text),
        _ => first.title,
    };
    let mut content = body::read(&own, &parts);
    let columns: usize = content.description.lines().map(display_width).sum();
    let telling = content.title.is_some() || !content.stack.is_empty() || content.fields.len() >= 2;
    if !telling && columns < LEAST_COLUMNS && !names_work(headline) {
        return None;
    }
    let stated = content.title.take();
    let stated =
        stated.map(|t| if display_width(&t) > WIDEST_TITLE / 2 { headline_title(&t) } else { t });
    let title = stated.or_else(|| {
        let parts = outline.blocks.iter().filter(|block| block.level > 0);
        let named = parts.map(|block| inline::plain(block.title)).find(|title| names_work(title));
        named.or_else(|| Some(headline_title(headline)))
    })?;
    let mut record: Record = vec![("title".into(), Value::Text(title))];
    if !comment.heading.is_empty() {
        record.push(("comment".into(), Value::Text(comment.heading.clone())));
    }
    add(&mut record, content);
    Some(record)
}

/// The title in the first line of a posting: `Acme | Rust engineer | Bern | remote` and the like.
fn headline_title(line: &str) -> String {
    let plain = inline::plain(line);
    let label =
        labels::label(line).map(|label| inline::plain(label.value)).filter(|v| !v.is_empty());
    let plain = label.unwrap_or(plain);
    let pieces: Vec<&str> = plain
        .split(['|', '·', '｜'])
        .flat_map(|p| p.split([',', '，', '。', '.', ';', '；']))
        .map(str::trim)
        .collect();
    let by_bar: Vec<&str> = plain.split(['|', '｜']).map(str::trim).collect();
    let named = |piece: &&&str| names_work(piece) && display_width(piece) <= WIDEST_TITLE / 2;
    let piece = by_bar.iter().find(named).or_else(|| pieces.iter().find(named));
    let title = match piece {
        Some(piece) => piece,
        // The company is named before its posting.
        None if by_bar.len() >= 3 => by_bar[1],
        None => plain.as_str(),
    };
    crate::text::truncate(title, WIDEST_TITLE).into_owned()
}

fn add(record: &mut Record, content: Content) {
    let has =
        |record: &Record, name: &str| record.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    record.push(("description".into(), Value::Text(content.description)));
    if !content.stack.is_empty() {
        record.push(("stack".into(), Value::List(content.stack)));
    }
    if let Some(id) = content.id.filter(|_| !has(record, "id")) {
        record.push(("id".into(), Value::Text(id)));
    }
    if let Some(title) = content.title.filter(|_| !has(record, "title")) {
        record.push(("title".into(), Value::Text(title)));
    }
    for (name, value) in content.fields {
        if !has(record, &name) {
            record.push((name, Value::Text(value)));
        }
    }
}

/// The lines a comment that is no posting is kept as.
pub(super) fn lines_of(lines: &[PageLine]) -> Vec<String> {
    let lines = lines.iter().map(|line| crate::text::tidy(&line.text));
    lines.filter(|line| !line.is_empty()).collect()
}
