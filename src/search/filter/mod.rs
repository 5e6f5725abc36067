//! Which roles may answer a search.
//!
//! A [`Filter`] is typed as `FIELD=VALUE` or as a range. It is applied to one role at a time, or, by
//! [`FieldIndexes`], to all at once.

mod apply;
mod field_index;
mod kind;
mod names;
mod refusal;
mod span;
#[cfg(test)]
mod tests;

pub use apply::{Candidate, parts_of};
pub use field_index::FieldIndexes;
pub use kind::{Field, Filter, FilterError, GroupFilter, RangeFilter, TechnologyFilter};
pub use refusal::Refusal;
