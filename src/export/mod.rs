//! Output formats of a report: one row per role for programs ([`export`]); a digest
//! ([`markdown`]), a page with a map ([`html`]) and the map as a picture ([`svg`], [`png`]) for
//! people.

mod csv;
mod html;
mod json;
mod markdown;
mod parquet;
mod picture;
#[cfg(feature = "png")]
mod png;
#[cfg(not(feature = "png"))]
#[path = "png_disabled.rs"]
mod png;
mod report_text;
mod row;
mod schema;
mod svg;

use std::io::{self, Write};

use strum::{EnumString, VariantNames};

use crate::report::Report;
use crate::role::RoleId;
use crate::unknown_name::UnknownName;

pub use html::html;
pub use markdown::markdown;
pub use png::png;
pub use schema::REPORT_SCHEMA;
pub use svg::svg;

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_format)]
pub enum Format {
    /// One document: model, clusters, roles.
    Json,
    /// One role per line.
    Jsonl,
    /// One role per row; noise is -1.
    Csv,
    /// One role per row; noise is null.
    Parquet,
}

fn unknown_format(name: &str) -> UnknownName {
    UnknownName::new("export format", name, Format::VARIANTS)
}

/// Writes `report` to `out`. `neighbors`, where given, holds the ids of each role's nearest
/// roles, in the order of the report's placements.
///
/// # Errors
/// When `out` cannot be written.
///
/// # Panics
/// If `neighbors` is not as long as the report's placements.
pub fn export(
    report: &Report,
    neighbors: Option<&[Vec<RoleId>]>,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    assert!(neighbors.is_none_or(|n| n.len() == report.placements.len()));
    match format {
        Format::Json => json::document(report, neighbors, out),
        Format::Jsonl => json::lines(report, neighbors, out),
        Format::Csv => csv::table(report, neighbors, out),
        Format::Parquet => parquet::table(report, neighbors, out),
    }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
