//! Which headings are sections, which are roles, and which are neither.

use std::collections::HashMap;

use super::super::columns::Target;
use super::super::record::{Mapper, Value};
use super::classify;
use super::entries::{self, Demand, Entries};
use super::inline;
use super::labels::{self, Meaning};
use super::occupation::{names_person, names_work};
use super::outline::{Block, Outline};
use super::tables::{self, JobTable};
use crate::intake::SetAsideKind;

/// What a block is.
#[derive(Debug)]
pub(super) enum Part<'a> {
    /// The title of the whole digest.
    Title,
    /// A heading roles stand under.
    Section,
    /// A role, with the blocks of its inner headings.
    Role { parts: Vec<usize> },
    /// A heading whose own lines are postings; whether it is more than the title of the whole.
    Postings { postings: Postings<'a>, section: bool },
    /// A block that is no role, with the blocks under it.
    Aside { kind: SetAsideKind, parts: Vec<usize> },
    /// Where a role was expected, a heading without text.
    Empty,
    /// Belongs to an earlier block, or holds nothing.
    Within,
}

/// Postings that are no headings.
#[derive(Debug)]
pub(super) enum Postings<'a> {
    Tables(Vec<JobTable>),
    Entries(Entries<'a>),
}

/// One part per block.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub parts: Vec<Part<'a>>,
}

impl<'a> Plan<'a> {
    pub fn of(outline: &Outline<'a>, mapper: &mut Mapper<'_>) -> Self {
        let n = outline.blocks.len();
        let mut plan = Plan { parts: (0..n).map(|_| Part::Within).collect() };
        let mut decided = vec![false; n];
        let facts = Facts::of(outline);
        plan.set_whole_sections_aside(outline, &facts, &mut decided);
        plan.find_postings(outline, &facts, mapper, &mut decided);
        let level = role_level(outline, &facts, &decided);
        for at in 0..n {
            if !decided[at] {
                decided[at] = true;
                plan.parts[at] = plan.part(outline, &facts, at, level, &mut decided);
            }
        }
        plan
    }

    /// What a block is that no rule about whole sections has decided on.
    fn part(
        &self,
        outline: &Outline<'a>,
        facts: &Facts,
        at: usize,
        level: u8,
        decided: &mut [bool],
    ) -> Part<'a> {
        let block = &outline.blocks[at];
        if block.level == 0 {
            return Part::Aside { kind: SetAsideKind::Other, parts: vec![] };
        }
        let below: Vec<usize> = outline.below(at).filter(|&b| !decided[b]).collect();
        let is_postings = |b: usize| matches!(self.parts[b], Part::Postings { .. });
        let roles_below = outline.below(at).any(|b| outline.blocks[b].announced || is_postings(b));
        let announced = block.announced;
        // Beside lists of postings, other text is about them unless its heading names work.
        let eligible = !self.has_postings() || names_work(block.title);
        let is_role_place = announced
            || block.level >= level
                && !roles_below
                && eligible
                && (facts.by_prefix
                    || facts.together[at]
                    || block.level == level && described(block));
        if is_role_place {
            let aside = if announced { None } else { aside_kind(outline, at) };
            let text = block.has_text() || below.iter().any(|&b| outline.blocks[b].has_text());
            below.iter().for_each(|&b| decided[b] = true);
            return match aside {
                Some(kind) => Part::Aside { kind, parts: below },
                None if text || announced => Part::Role { parts: below },
                None => Part::Empty,
            };
        }
        if below.is_empty() && !roles_below {
            let kind = classify::by_words(block.title).or_else(|| classify::by_shape(block));
            return Part::Aside { kind: kind.unwrap_or(SetAsideKind::Other), parts: vec![] };
        }
        if is_title(outline, facts, at) { Part::Title } else { Part::Section }
    }

    fn has_postings(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Postings { .. }))
    }

    /// Blocks made of tables of postings, lists of links or titles above paragraphs. Where
    /// roles are announced by headings, these are something else.
    fn find_postings(
        &mut self,
        outline: &Outline<'a>,
        facts: &Facts,
        mapper: &mut Mapper<'_>,
        decided: &mut [bool],
    ) {
        if facts.by_prefix {
            return;
        }
        let mut tables: Vec<Vec<JobTable>> =
            outline.blocks.iter().map(|block| tables::find(&block.lines, mapper)).collect();
        let told = |at: usize| {
            let block = &outline.blocks[at];
            let demand = Demand { least: 2, strict: true, openings: true };
            block.level > 0 && described(block) && entries::of_block(&block.lines, demand).is_none()
        };
        let strict = (0..outline.blocks.len()).any(|at| tables[at].is_empty() && told(at));
        for (at, block) in outline.blocks.iter().enumerate() {
            let meaning = labels::meaning(block.title);
            let no_list = block.level > 0 && classify::by_words(block.title).is_some();
            if decided[at] || no_list || matches!(meaning, Some(Meaning::Contact | Meaning::Stack))
            {
                continue;
            }
            let tables = std::mem::take(&mut tables[at]);
            let postings = if !tables.is_empty() && !is_overview(outline, &tables, mapper) {
                Some(Postings::Tables(tables))
            } else if tables.is_empty() && !facts.is_part(outline, at) {
                let openings = block.level > 0 && classify::is_openings(block.title);
                let demand = Demand { least: 2, strict, openings };
                entries::of_block(&block.lines, demand).map(Postings::Entries)
            } else {
                None
            };
            if let Some(postings) = postings {
                self.set_postings(outline, at, postings, decided);
            }
        }
        self.find_single_postings(outline, facts, decided);
    }

    fn set_postings(
        &mut self,
        outline: &Outline<'a>,
        at: usize,
        postings: Postings<'a>,
        decided: &mut [bool],
    ) {
        decided[at] = true;
        let section = outline.blocks[at].level > 0 && !is_only_first(outline, at);
        self.parts[at] = Part::Postings { postings, section };
    }

    /// Where other sections hold several postings each, some may hold a single one.
    fn find_single_postings(&mut self, outline: &Outline<'a>, facts: &Facts, decided: &mut [bool]) {
        let entries =
            |part: &Part<'_>| matches!(part, Part::Postings { postings: Postings::Entries(_), .. });
        if !self.parts.iter().any(entries) {
            return;
        }
        let demand = Demand { least: 1, strict: true, openings: false };
        for (at, block) in outline.blocks.iter().enumerate() {
            let other = decided[at] || block.level == 0 || facts.is_part(outline, at);
            if !other && let Some(found) = entries::of_block(&block.lines, demand) {
                self.set_postings(outline, at, Postings::Entries(found), decided);
            }
        }
    }

    /// Headings that say they are no section, such as statistics, with all that stands
    /// under them, unless roles do.
    fn set_whole_sections_aside(
        &mut self,
        outline: &Outline<'a>,
        facts: &Facts,
        decided: &mut [bool],
    ) {
        for at in 0..outline.blocks.len() {
            let below = outline.below(at);
            if decided[at]
                || below.is_empty()
                || outline.blocks[at].announced
                || is_title(outline, facts, at)
            {
                continue;
            }
            let Some(kind) = classify::by_words(outline.blocks[at].title) else { continue };
            let role_like = |b: usize| {
                let block = &outline.blocks[b];
                block.announced || classify::by_shape(block).is_none() && described(block)
            };
            if !below.clone().any(role_like) {
                below.clone().for_each(|b| decided[b] = true);
                decided[at] = true;
                self.parts[at] = Part::Aside { kind, parts: below.collect() };
            }
        }
    }
}

/// What is known of headings before any is decided on.
struct Facts {
    /// Any announces a role in so many words, so that roles are known by it.
    by_prefix: bool,
    /// It and those under it are one thing: none is under it, or those are parts of a role
    /// such as duties and requirements.
    together: Vec<bool>,
}

impl Facts {
    fn of(outline: &Outline<'_>) -> Self {
        let blocks = &outline.blocks;
        let by_prefix = blocks.iter().any(|block| block.announced);
        let work_level = if by_prefix { None } else { work_level(blocks) };
        let together = (0..blocks.len())
            .map(|at| parts_of_one(outline, at) || Some(blocks[at].level) == work_level)
            .collect();
        Facts { by_prefix, together }
    }

    /// Whether a block is part of a role above it.
    fn is_part(&self, outline: &Outline<'_>, at: usize) -> bool {
        let mut up = outline.parent(at);
        while let Some(parent) = up {
            if self.together[parent] {
                return true;
            }
            up = outline.parent(parent);
        }
        false
    }
}

/// Whether the headings under one are parts of a role: all known as such, or two and at least
/// half of them where none of them has such parts itself.
fn parts_of_one(outline: &Outline<'_>, at: usize) -> bool {
    let is_known = |b: usize| labels::meaning(outline.blocks[b].title).is_some();
    let children: Vec<usize> = outline.children(at).collect();
    let known = children.iter().filter(|&&child| is_known(child)).count();
    let deeper = outline.below(at).len() > children.len();
    if !deeper && known == children.len() {
        return true;
    }
    let inner = children.iter().any(|&child| outline.children(child).any(is_known));
    known >= 2 && known * 2 >= children.len() && !inner
}

/// The level at which headings name people who work, when those above and below name none.
fn work_level(blocks: &[Block<'_>]) -> Option<u8> {
    let mut levels: HashMap<u8, (usize, usize)> = HashMap::new();
    for block in blocks.iter().filter(|block| block.level > 0) {
        let (named, all) = levels.entry(block.level).or_default();
        *named += usize::from(names_person(block.title));
        *all += 1;
    }
    let mut mostly: Vec<u8> =
        levels.iter().filter(|(_, (named, all))| named * 5 >= all * 4).map(|(l, _)| *l).collect();
    mostly.sort_unstable();
    let &[level] = mostly.as_slice() else { return None };
    let few = levels.iter().filter(|(l, _)| **l > level).all(|(_, (named, all))| named * 5 <= *all);
    few.then_some(level)
}

/// Whether tables only list again what the headings say.
fn is_overview(outline: &Outline<'_>, tables: &[JobTable], mapper: &mut Mapper<'_>) -> bool {
    let headings: Vec<String> =
        outline.blocks.iter().map(|block| inline::plain(block.title).to_lowercase()).collect();
    let records = tables.iter().flat_map(|table| &table.records);
    let (mut all, mut known) = (0, 0);
    for (_, record) in records {
        let title = record.iter().find(|(name, _)| is_title_column(mapper, name));
        let Some((_, Value::Text(title))) = title else { continue };
        all += 1;
        known +=
            usize::from(headings.iter().any(|heading| heading.contains(&title.to_lowercase())));
    }
    all > 0 && known * 2 > all
}

fn is_title_column(mapper: &mut Mapper<'_>, name: &str) -> bool {
    mapper.target(name).is_some_and(|(target, _)| target == Target::Title)
}

/// The level roles stand at: that of most announced roles; without any, that of most
/// headings that hold text of their own.
fn role_level(outline: &Outline<'_>, facts: &Facts, decided: &[bool]) -> u8 {
    let mut counts: HashMap<u8, usize> = HashMap::new();
    for (at, block) in outline.blocks.iter().enumerate() {
        let counted = if facts.by_prefix {
            block.announced
        } else {
            block.level > 0
                && !decided[at]
                && !facts.is_part(outline, at)
                && facts.together[at]
                && aside_kind(outline, at).is_none()
                && (block.has_text() || !outline.below(at).is_empty())
        };
        if counted {
            *counts.entry(block.level).or_default() += 1;
        }
    }
    // With equals, the deeper: a section is above what it holds.
    counts.into_iter().max_by_key(|&(level, count)| (count, level)).map_or(1, |(level, _)| level)
}

/// Whether a block says something in sentences or lists a stack, as a role does.
fn described(block: &Block<'_>) -> bool {
    classify::has_prose(block) || classify::has_stack(block)
}

/// What a block in a role's place is, if it is no role. Words alone do not make a block a
/// summary when it describes something in sentences or has a stack.
fn aside_kind(outline: &Outline<'_>, at: usize) -> Option<SetAsideKind> {
    let block = &outline.blocks[at];
    let by_words = classify::by_words(block.title).filter(|kind| match kind {
        SetAsideKind::Summary | SetAsideKind::Statistics => !described(block),
        SetAsideKind::CommonRequirements | SetAsideKind::Other => !classify::has_stack(block),
    });
    by_words.or_else(|| classify::by_shape(block))
}

/// The only heading of the first level, with the rest of the digest under it.
fn is_title(outline: &Outline<'_>, facts: &Facts, at: usize) -> bool {
    is_only_first(outline, at) && !facts.together[at]
}

/// Whether a heading is the first and the only one of the first level.
fn is_only_first(outline: &Outline<'_>, at: usize) -> bool {
    let first = outline.blocks[at].level == 1 && outline.blocks[..at].iter().all(|b| b.level == 0);
    first && outline.blocks.iter().filter(|b| b.level == 1).count() == 1
}
