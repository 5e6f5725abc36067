//! A hand-kept digest: sections, roles under them, and blocks that are neither.
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
//! parts of it.

mod body;
mod classify;
mod inline;
mod labels;
mod numbering;
mod outline;
mod plan;

use std::collections::HashMap;

use super::gather::Gathered;
use super::record::refuse_without_text;
use crate::intake::{SetAside, SetAsideKind};

use crate::role::{Origin, Role, RoleId};
use outline::{Block, Outline};
use plan::{Part, Plan};

/// Reads a whole digest.
pub(super) fn read(file: &str, text: &str, gathered: &mut Gathered) {
    let outline = Outline::of(text);
    let plan = Plan::of(&outline);
    let blocks = |parts: &[usize]| parts.iter().map(|&at| &outline.blocks[at]).collect::<Vec<_>>();
    let mut numbers = SectionNumbers::default();
    let mut section = Section::default();
    for (at, part) in plan.parts.iter().enumerate() {
        let block = &outline.blocks[at];
        match part {
            Part::Section | Part::Title => {
                if *part == Part::Section {
                    let (number, title) = numbering::numbered(&block.title);
                    let number = Some(numbers.next(&outline, at, number));
                    let title = Some(inline::plain(title)).filter(|title| !title.is_empty());
                    section = Section { title, number, last_role: 0 };
                }
                // An introduction is no role, and is kept.
                set_aside(file, block, &[], SetAsideKind::Other, gathered);
            }
            Part::Role { parts } => {
                let role = role(file, block, &blocks(parts), &mut section);
                gathered.take(file, block.line, role);
            }
            Part::Aside { kind, parts } => set_aside(file, block, &blocks(parts), *kind, gathered),
            Part::Empty => gathered.skip(file, block.line, "is a heading without text under it"),
            Part::Within => {}
        }
    }
}

/// Whether a text has the headings of a digest.
pub(super) fn looks_like_digest(sample: &str) -> bool {
    let outline = Outline::of(sample);
    let headings = outline.blocks.iter().filter(|block| block.level > 0).count();
    let prefixed = outline.blocks.iter().any(|b| numbering::role_heading(&b.title).is_some());
    headings >= 2 || headings == 1 && (prefixed || sample.trim_start().starts_with('#'))
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

/// Numbers of sections, by heading, and the last one used under each.
#[derive(Default)]
struct SectionNumbers {
    full: HashMap<usize, String>,
    last: HashMap<Option<usize>, u32>,
}

impl SectionNumbers {
    /// The number of the section at `at`: its own, or the next in its place.
    fn next(&mut self, outline: &Outline, at: usize, own: Option<String>) -> String {
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

fn role(
    file: &str,
    block: &Block,
    parts: &[&Block],
    section: &mut Section,
) -> Result<Role, String> {
    let heading = match numbering::role_heading(&block.title) {
        Some((number, title)) => (number.map(|n| n.to_string()), title),
        None => numbering::numbered(&block.title),
    };
    let content = body::read(block, parts);
    let id = match (content.id, heading.0) {
        (Some(id), _) => id,
        // `1.4` says section and role at once.
        (None, Some(number)) if number.contains('.') => number,
        (None, number) => {
            let number = number.and_then(|n| n.parse().ok()).unwrap_or(section.last_role + 1);
            section.last_role = number;
            match &section.number {
                Some(section) => format!("{section}.{number}"),
                None => number.to_string(),
            }
        }
    };
    let role = Role {
        id: RoleId::new(id),
        title: inline::plain(heading.1),
        description: content.description,
        stack: content.stack,
        section: section.title.clone(),
        origin: Origin { file: file.to_string(), line: block.line },
        fields: content.fields,
    };
    refuse_without_text(&role)?;
    Ok(role)
}

fn set_aside(
    file: &str,
    block: &Block,
    parts: &[&Block],
    kind: SetAsideKind,
    gathered: &mut Gathered,
) {
    let mut lines: Vec<String> = block.text_lines().map(crate::text::tidy).collect();
    for part in parts {
        lines.push(inline::plain(&part.title));
        lines.extend(part.text_lines().map(crate::text::tidy));
    }
    lines.retain(|line| !line.is_empty());
    if !lines.is_empty() {
        let (file, heading) = (file.to_string(), inline::plain(&block.title));
        gathered.set_aside.push(SetAside { file, line: block.line, heading, kind, lines });
    }
}
