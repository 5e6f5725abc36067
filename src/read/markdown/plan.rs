//! Which headings are sections, which are roles, and which are neither.

use std::collections::HashMap;

use super::classify;
use super::labels;
use super::numbering;
use super::outline::{Block, Outline};
use crate::intake::SetAsideKind;

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// The title of the whole digest.
    Title,
    /// A heading roles stand under.
    Section,
    /// A role, with the blocks of its inner headings.
    Role { parts: Vec<usize> },
    /// A block that is no role, with the blocks under it.
    Aside { kind: SetAsideKind, parts: Vec<usize> },
    /// Where a role was expected, a heading without text.
    Empty,
    /// Belongs to an earlier block, or holds nothing.
    Within,
}

/// One part per block.
#[derive(Debug)]
pub(super) struct Plan {
    pub parts: Vec<Part>,
}

impl Plan {
    pub fn of(outline: &Outline) -> Self {
        let n = outline.blocks.len();
        let mut plan = Plan { parts: vec![Part::Within; n] };
        let mut decided = vec![false; n];
        let facts = Facts::of(outline);
        let announced = &facts.announced;
        plan.set_whole_sections_aside(outline, &facts, &mut decided);
        let level = role_level(outline, &facts, &decided);
        for at in 0..n {
            if decided[at] {
                continue;
            }
            decided[at] = true;
            let block = &outline.blocks[at];
            if block.level == 0 {
                plan.parts[at] = Part::Aside { kind: SetAsideKind::Other, parts: vec![] };
                continue;
            }
            let below: Vec<usize> = outline.below(at).filter(|&b| !decided[b]).collect();
            let roles_below = below.iter().any(|&b| announced[b]);
            let is_role_place = announced[at]
                || block.level >= level
                    && !roles_below
                    && (facts.by_prefix
                        || facts.together[at]
                        || block.level == level && described(block));
            plan.parts[at] = if is_role_place {
                let aside = if announced[at] { None } else { aside_kind(outline, at) };
                let text = block.has_text() || below.iter().any(|&b| outline.blocks[b].has_text());
                below.iter().for_each(|&b| decided[b] = true);
                match aside {
                    Some(kind) => Part::Aside { kind, parts: below },
                    None if text || announced[at] => Part::Role { parts: below },
                    None => Part::Empty,
                }
            } else if below.is_empty() {
                let kind = classify::by_words(&block.title).or_else(|| classify::by_shape(block));
                Part::Aside { kind: kind.unwrap_or(SetAsideKind::Other), parts: vec![] }
            } else if is_title(outline, &facts, at) {
                Part::Title
            } else {
                Part::Section
            };
        }
        plan
    }

    /// Headings that say they are no section, such as statistics, with all that stands
    /// under them, unless roles do.
    fn set_whole_sections_aside(&mut self, outline: &Outline, facts: &Facts, decided: &mut [bool]) {
        for at in 0..outline.blocks.len() {
            let below = outline.below(at);
            if decided[at]
                || below.is_empty()
                || facts.announced[at]
                || is_title(outline, facts, at)
            {
                continue;
            }
            let Some(kind) = classify::by_words(&outline.blocks[at].title) else { continue };
            let role_like = |b: usize| {
                let block = &outline.blocks[b];
                facts.announced[b] || classify::by_shape(block).is_none() && described(block)
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
    /// It announces a role in so many words.
    announced: Vec<bool>,
    /// Any does, so that roles are known by it.
    by_prefix: bool,
    /// It and those under it are one thing: none is under it, or all are parts of a role
    /// such as duties and requirements.
    together: Vec<bool>,
}

impl Facts {
    fn of(outline: &Outline) -> Self {
        let announced: Vec<bool> = outline
            .blocks
            .iter()
            .map(|block| numbering::role_heading(&block.title).is_some())
            .collect();
        let mut together = vec![true; outline.blocks.len()];
        for (at, block) in outline.blocks.iter().enumerate() {
            let Some(up) = outline.parent(at) else { continue };
            together[up] &= labels::meaning(&block.title).is_some();
            if let Some(further) = outline.parent(up) {
                together[further] = false;
            }
        }
        Facts { by_prefix: announced.contains(&true), announced, together }
    }
}

/// The level roles stand at: that of most announced roles; without any, that of most
/// headings that hold text of their own.
fn role_level(outline: &Outline, facts: &Facts, decided: &[bool]) -> u8 {
    let mut counts: HashMap<u8, usize> = HashMap::new();
    for (at, block) in outline.blocks.iter().enumerate() {
        let counted = if facts.by_prefix {
            facts.announced[at]
        } else {
            let inner = outline.parent(at).is_some_and(|up| facts.together[up]);
            block.level > 0
                && !decided[at]
                && !inner
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
fn described(block: &Block) -> bool {
    classify::has_prose(block) || classify::has_stack(block)
}

/// What a block in a role's place is, if it is no role. Words alone do not make a block a
/// summary when it describes something in sentences or has a stack.
fn aside_kind(outline: &Outline, at: usize) -> Option<SetAsideKind> {
    let block = &outline.blocks[at];
    let by_words = classify::by_words(&block.title).filter(|kind| match kind {
        SetAsideKind::Summary | SetAsideKind::Statistics => !described(block),
        SetAsideKind::CommonRequirements | SetAsideKind::Other => !classify::has_stack(block),
    });
    by_words.or_else(|| classify::by_shape(block))
}

/// The only heading of the first level, with the rest of the digest under it.
fn is_title(outline: &Outline, facts: &Facts, at: usize) -> bool {
    let first = outline.blocks[at].level == 1 && outline.blocks[..at].iter().all(|b| b.level == 0);
    first && outline.blocks.iter().filter(|b| b.level == 1).count() == 1 && !facts.together[at]
}
