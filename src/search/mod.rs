//! Search: the roles nearest to a vector, the roles that share a query's words, both at once,
//! filters, and why a role was found.
//!
//! [`rank`] is the way in. Two indexes are files that are mapped into memory: [`HnswIndex`], for
//! more rows than can quickly be compared one by one, and [`LexicalIndex`]. Without the first,
//! [`ExactIndex`] compares every row.

mod baseline;
mod brute_force;
mod explanation;
mod filter;
mod fuse;
mod hnsw;
mod index_file;
mod lexical;
mod mode;
mod negation;
mod ranking;
mod role_attributes;
mod row_set;
mod specificity;
mod spelling;
mod top_k;
mod vector_index;

pub use baseline::Baseline;
pub use brute_force::ExactIndex;
pub use explanation::{Explanation, QueryTerms, sentences_of};
pub use filter::{
    Candidate, Field, FieldIndexes, Filter, FilterError, GroupFilter, RangeFilter, Refusal,
    TechnologyFilter, parts_of,
};
pub use fuse::fuse;
pub use hnsw::{HnswGraph, HnswIndex, HnswParams};
pub use index_file::IndexError;
pub use lexical::LexicalIndex;
pub use mode::{IndexChoice, Mode, ROWS_FOR_A_GRAPH};
pub use negation::{Wish, wish};
pub use ranking::{Among, RankError, RowFilter, Target, rank};
pub use role_attributes::RoleAttributes;
pub use row_set::RowSet;
pub use specificity::specific;
pub use spelling::corrected;
pub use top_k::{Neighbor, top_k};
pub use vector_index::VectorIndex;
