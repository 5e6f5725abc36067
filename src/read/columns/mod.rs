//! Which column is what: as the user says, else by its name, and where names leave it open by
//! what stands in it.

mod content;
mod fold;
mod header;
mod lexicon;
mod names;
mod nested;
mod plan;
mod stated;
mod target;

pub(super) use content::Content;
pub(super) use fold::{bare, key};
pub(super) use header::{header_score, of_role, told_by_name};
pub(super) use names::is_listed;
pub(super) use plan::{Decision, Plan, Seen};
pub use stated::Columns;
pub(super) use target::{PayPart, Shape, Target};

#[cfg(test)]
mod tests;
