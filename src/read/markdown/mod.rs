//! Markdown and pages: digests, single postings, tables and lists of postings, newsletters,
//! threads.
//!
//! ```text
//! ## 一、section          a section, numbered 1; its title loses the number
//! ### 岗位2：title         a role, id 1.2
//! paragraphs, lists       its description
//! **技术栈**：a、b         its stack
//! ### 技术汇总             set aside: a summary, known by its words and its shape
//! ```
//!
//! The prefix of a role is not needed: without one, roles are the headings that hold text,
//! at the level where most of them are. Headings such as `Responsibilities` below a role are
//! parts of it. Below a heading, the rows of a table with a column of titles, the items of a
//! list of links and titles in bold above a paragraph each are roles as well. A file with
//! metadata and one posting is one role, a thread has one in each comment.
//!
//! The steps: [`source`] lines, [`front_matter`] or [`comments`] split off, [`outline`] of
//! headings, [`plan`] of what each of them is, [`body`] of each role.

mod body;
mod classify;
mod comments;
mod contact;
mod entries;
mod front_matter;
mod inline;
mod labels;
mod numbering;
mod occupation;
mod outline;
mod plan;
mod posting;
pub(crate) mod quote;
mod source;
mod tables;

use std::collections::HashMap;

use super::columns::Target;
use super::html::{self, Between, PageLine};
use super::record::{Record, Value, facts_of, refuse_without_text};
use super::sink::Sink;
use super::{ReadError, json};
use crate::intake::{SetAside, SetAsideKind};
use crate::role::{Origin, Role, RoleId};
use arcstr::ArcStr;
use body::Content;
use entries::{Entries, Entry};
use front_matter::FrontMatter;
pub(super) use occupation::names_work;
use outline::{Block, Outline};
use plan::{Part, Plan, Postings};

/// Reads a whole Markdown file.
pub(super) fn read(text: &str, sink: &mut Sink<'_>) {
    let lines = source::lines(text);
    Reader { sink, within: None }.document(&lines, "");
}

/// Reads a whole HTML page: the postings it has for search engines (schema.org's JobPosting),
/// else what it shows.
///
/// # Errors
/// When the data for search engines cannot be read at all.
pub(super) fn read_page(text: &str, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let page = html::to_markdown(text, Between::Html, 1);
    let before = sink.gathered().roles.len();
    for (_, data) in page.linked_data.iter().filter(|(_, data)| data.contains("JobPosting")) {
        json::read(json::Arrangement::Document, &mut data.as_bytes(), sink)?;
    }
    let mut reader = Reader { sink, within: None };
    if reader.sink.gathered().roles.len() > before {
        let lines = page.lines.iter().map(|line| inline::plain(&line.text)).collect();
        reader.set_aside(1, &page.title, SetAsideKind::Other, lines);
    } else {
        reader.document(&page.lines, &page.title);
    }
    let lines: Vec<String> = page.left_out.iter().map(|(_, line)| line.clone()).collect();
    if let Some((line, _)) = page.left_out.first() {
        reader.set_aside(*line, "menus and footers", SetAsideKind::Other, lines);
    }
    Ok(())
}

/// Whether a text has the headings of a digest.
pub(super) fn looks_like_digest(sample: &str) -> bool {
    let lines = source::lines(sample);
    let outline = Outline::of(&lines);
    let headings = outline.blocks.iter().filter(|block| block.level > 0).count();
    let prefixed = outline.blocks.iter().any(|block| block.announced);
    let titled = |key: &str| key.eq_ignore_ascii_case("title");
    headings >= 2
        || headings == 1 && (prefixed || sample.trim_start().starts_with('#'))
        || front_matter::split(&lines, titled).0.is_some_and(|front| front.values.len() >= 2)
        || lines
            .windows(2)
            .any(|pair| tables::is_separator(&pair[1].text) && pair[0].text.contains('|'))
}

struct Reader<'a, 's> {
    sink: &'a mut Sink<'s>,
    /// The section of the block being read.
    within: Option<String>,
}

impl Reader<'_, '_> {
    /// Reads lines; `page_title` is what a page's head calls it.
    fn document(&mut self, lines: &[PageLine], page_title: &str) {
        let (front, lines) = front_matter::split(lines, |key| self.is(key, Target::Title));
        if let Some((before, comments)) = comments::split(lines) {
            self.comments(before, &comments);
            return;
        }
        let outline = Outline::of(lines);
        let plan = Plan::of(&outline, self.sink.mapper());
        let title = front.as_ref().and_then(|front| self.title_of(front));
        match front {
            Some(front) if title.is_some() && posting::is_one(&front, &outline, &plan) => {
                let line = front.line;
                let record = posting::of_file(front, title.as_deref(), &outline);
                return self.record(line, record);
            }
            Some(front) => self.set_front_matter_aside(&front),
            None => {}
        }
        let found = |part: &Part<'_>| matches!(part, Part::Role { .. } | Part::Postings { .. });
        if !page_title.is_empty() && !plan.parts.iter().any(found) {
            // A page without any structure is one posting.
            let values = vec![("title".to_string(), Value::Text(page_title.to_string()))];
            let record =
                posting::of_file(FrontMatter { line: 1, values }, Some(page_title), &outline);
            return self.record(1, record);
        }
        self.digest(&outline, plan);
    }

    fn is(&mut self, column: &str, target: Target) -> bool {
        self.sink.mapper().target(column).is_some_and(|(found, _)| found == target)
    }

    fn title_of(&mut self, front: &FrontMatter) -> Option<String> {
        front.values.iter().find_map(|(key, value)| match value {
            Value::Text(text) if self.is(key, Target::Title) => Some(inline::plain(text)),
            _ => None,
        })
    }

    fn record(&mut self, line: u64, record: Record) {
        self.sink.record(line, record);
    }

    fn take(&mut self, line: u64, role: Result<Role, String>) {
        let file = self.sink.file().to_string();
        self.sink.gathered().take(&file, line, role);
    }

    fn comments(&mut self, before: &[PageLine], comments: &[comments::Comment<'_>]) {
        let number = before.first().map_or(1, |line| line.number);
        self.set_aside(number, "", SetAsideKind::Other, posting::lines_of(before));
        for comment in comments {
            match posting::of_comment(comment) {
                Some(record) => self.record(comment.line, record),
                None => {
                    let lines = posting::lines_of(comment.lines);
                    self.set_aside(comment.line, &comment.heading, SetAsideKind::Other, lines);
                }
            }
        }
    }

    fn digest(&mut self, outline: &Outline<'_>, plan: Plan<'_>) {
        let mut numbers = SectionNumbers::default();
        let mut section = Section::default();
        let blocks =
            |parts: &[usize]| parts.iter().map(|&at| &outline.blocks[at]).collect::<Vec<_>>();
        let is_section: Vec<bool> =
            plan.parts.iter().map(|part| matches!(part, Part::Section)).collect();
        for (at, part) in plan.parts.into_iter().enumerate() {
            let block = &outline.blocks[at];
            self.within = outline.parent(at).filter(|&up| is_section[up]).and_then(|up| {
                let (_, title) = numbering::numbered(outline.blocks[up].title);
                Some(inline::plain(title)).filter(|title| !title.is_empty())
            });
            match part {
                Part::Section => {
                    section = numbers.section(outline, at);
                    // An introduction is no role, and is kept.
                    self.set_block_aside(block, &[], SetAsideKind::Other);
                }
                Part::Title => self.set_block_aside(block, &[], SetAsideKind::Other),
                Part::Role { parts } => {
                    let role = self.role(block, &blocks(&parts), &mut section);
                    self.take(block.line, role);
                }
                Part::Postings { postings, section: is_section } => {
                    if is_section {
                        section = numbers.section(outline, at);
                    }
                    match postings {
                        Postings::Tables(tables) => self.tables(block, tables, &section),
                        Postings::Entries(entries) => self.entries(block, entries, &mut section),
                    }
                }
                Part::Aside { kind, parts } => self.set_block_aside(block, &blocks(&parts), kind),
                Part::Empty => {
                    self.sink.skip(block.line, "is a heading without text under it");
                }
                Part::Within => {}
            }
        }
    }

    fn role(
        &mut self,
        block: &Block<'_>,
        parts: &[&Block<'_>],
        section: &mut Section,
    ) -> Result<Role, String> {
        let heading = match numbering::role_heading(block.title) {
            Some((number, title)) => (number.map(|n| n.to_string()), title),
            None => numbering::numbered(block.title),
        };
        let mut content = body::read(&block.lines, parts);
        let id = section.role_id(content.id.take(), heading.0);
        let untitled = block.announced && numbering::is_untitled(heading.1);
        let mut title = if untitled { String::new() } else { inline::plain(heading.1) };
        if let Some(stated) = content.title.take().filter(|stated| *stated != title) {
            content.fields.insert("heading".into(), std::mem::replace(&mut title, stated));
        }
        self.finish(id, title, content, section, block.line)
    }

    fn finish(
        &self,
        id: String,
        title: String,
        content: Content,
        section: &Section,
        line: u64,
    ) -> Result<Role, String> {
        let role = Role {
            id: RoleId::new(id),
            title: title.into(),
            description: content.description.into(),
            stack: content.stack.into_iter().map(ArcStr::from).collect(),
            section: section.title.as_deref().map(ArcStr::from),
            origin: Origin { file: self.sink.file().into(), line },
            facts: facts_of(&content.fields),
            fields: content.fields.into(),
        };
        refuse_without_text(&role)?;
        Ok(role)
    }

    fn tables(&mut self, block: &Block<'_>, tables: Vec<tables::JobTable>, section: &Section) {
        let in_table = |at: usize| tables.iter().any(|table| table.lines.contains(&at));
        let rest =
            block.lines.iter().enumerate().filter(|(at, line)| !in_table(*at) && line.has_text());
        let lines = rest.map(|(_, line)| crate::text::tidy(line.text)).collect();
        self.set_aside(block.line, block.title, SetAsideKind::Other, lines);
        for (line, mut record) in tables.into_iter().flat_map(|table| table.records) {
            if let Some(title) = &section.title
                && !record.iter().any(|(name, _)| self.is(name, Target::Section))
            {
                record.push(("section".into(), Value::Text(title.clone())));
            }
            self.record(line, record);
        }
    }

    fn entries(&mut self, block: &Block<'_>, found: Entries<'_>, section: &mut Section) {
        let before = found.before.iter().filter(|line| line.has_text());
        let lines = before.map(|line| crate::text::tidy(line.text)).collect();
        self.set_aside(block.line, block.title, SetAsideKind::Other, lines);
        for entry in found.entries {
            let line = entry.line;
            let role = self.entry(entry, section);
            self.take(line, role);
        }
    }

    fn entry(&self, entry: Entry<'_>, section: &mut Section) -> Result<Role, String> {
        let mut content = body::read(&entry.lines, &[]);
        if !entry.beside.is_empty() {
            let description = std::mem::take(&mut content.description);
            let separator = if description.is_empty() { "" } else { "\n" };
            content.description = format!("{}{separator}{description}", entry.beside);
        }
        if let Some(link) = entry.link {
            content.fields.entry("link".into()).or_insert_with(|| link.to_string());
        }
        let title = content.title.take().unwrap_or(entry.title);
        let id = section.role_id(content.id.take(), None);
        self.finish(id, title, content, section, entry.line)
    }

    fn set_front_matter_aside(&mut self, front: &FrontMatter) {
        let one = |(key, value): &(String, Value)| match value {
            Value::Text(text) => format!("{key}: {}", text.replace('\n', " ")),
            Value::List(entries) => format!("{key}: {}", entries.join(", ")),
        };
        let lines = front.values.iter().map(one).collect();
        self.set_aside(front.line, "", SetAsideKind::Other, lines);
    }

    fn set_block_aside(&mut self, block: &Block<'_>, parts: &[&Block<'_>], kind: SetAsideKind) {
        let mut lines: Vec<String> = block.text_lines().map(crate::text::tidy).collect();
        for part in parts {
            lines.push(inline::plain(part.title));
            lines.extend(part.text_lines().map(crate::text::tidy));
        }
        self.set_aside(block.line, block.title, kind, lines);
    }

    fn set_aside(&mut self, line: u64, heading: &str, kind: SetAsideKind, mut lines: Vec<String>) {
        lines.retain(|line| !line.is_empty());
        if !lines.is_empty() {
            let (file, heading) = (self.sink.file().to_string(), inline::plain(heading));
            let section = self.within.clone();
            let block = SetAside { file, line, heading, section, kind, lines };
            self.sink.gathered().set_aside.push(block);
        }
    }
}

/// The section roles are being read in.
#[derive(Default)]
struct Section {
    title: Option<String>,
    /// Its number after those of the sections around it, such as `2.1`.
    number: Option<String>,
    /// The last role number used, so that a role without one gets the next.
    last_role: u32,
}

impl Section {
    /// The id of the next role: its own, or its number below that of the section.
    fn role_id(&mut self, own: Option<String>, number: Option<String>) -> String {
        match (own, number) {
            (Some(id), _) => id,
            // `1.4` says section and role at once.
            (None, Some(number)) if number.contains('.') => number,
            (None, number) => {
                let number = number.and_then(|n| n.parse().ok()).unwrap_or(self.last_role + 1);
                self.last_role = number;
                match &self.number {
                    Some(section) => format!("{section}.{number}"),
                    None => number.to_string(),
                }
            }
        }
    }
}

/// Numbers of sections, by heading, and the last one used under each.
#[derive(Default)]
struct SectionNumbers {
    full: HashMap<usize, String>,
    last: HashMap<Option<usize>, u32>,
}

impl SectionNumbers {
    fn section(&mut self, outline: &Outline<'_>, at: usize) -> Section {
        let (number, title) = numbering::numbered(outline.blocks[at].title);
        let number = Some(self.next(outline, at, number));
        let title = Some(inline::plain(title)).filter(|title| !title.is_empty());
        Section { title, number, last_role: 0 }
    }

    /// The number of the section at `at`: its own, or the next in its place.
    fn next(&mut self, outline: &Outline<'_>, at: usize, own: Option<String>) -> String {
        let parent = outline.parent(at).filter(|up| self.full.contains_key(up));
        let last = self.last.entry(parent).or_default();
        let own = own.unwrap_or_else(|| (*last + 1).to_string());
        *last = own.rsplit('.').next().and_then(|n| n.parse().ok()).unwrap_or(*last + 1);
        let number = match parent.and_then(|up| self.full.get(&up)) {
            Some(parent) if !own.contains('.') => format!("{parent}.{own}"),
            _ => own,
        };
        self.full.insert(at, number.clone());
        number
    }
}

#[cfg(test)]
mod tests;
