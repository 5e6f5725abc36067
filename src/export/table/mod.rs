//! The wide table: one row per role, with all that the input said and all that was found. Every
//! tabular format writes the same columns.

mod clusters;
mod codes;
mod column;
mod columns;
mod csv;
mod jsonl;
mod options;
mod parquet;
#[cfg(feature = "xlsx")]
mod xlsx;
#[cfg(not(feature = "xlsx"))]
#[path = "xlsx_disabled.rs"]
mod xlsx;

pub(super) use columns::Table;
pub(super) use csv::write as csv;
pub(super) use jsonl::write as jsonl;
pub use options::{Changed, Formulas, TableOptions};
pub(super) use parquet::{batch, write as parquet};
pub(super) use xlsx::write as xlsx;

#[cfg(test)]
mod tests;
