//! A report as files: for other programs one flat row per role ([`export`]), for people a
//! digest ([`markdown`]), a page with a map ([`html`]) and the map as a picture ([`svg`],
//! [`png`]).

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
use std::str::FromStr;

use crate::report::Report;
use crate::role::RoleId;

pub use html::html;
pub use markdown::markdown;
pub use png::png;
pub use schema::REPORT_SCHEMA;
pub use svg::svg;

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// No format of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no export format {0:?}; there are json, jsonl, csv and parquet")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "json" => Ok(Format::Json),
            "jsonl" => Ok(Format::Jsonl),
            "csv" => Ok(Format::Csv),
            "parquet" => Ok(Format::Parquet),
            other => Err(UnknownFormat(other.into())),
        }
    }
}

/// Writes `report` to `out`. `neighbors`, where given, holds the ids of each role's nearest
/// roles, in the order of the report's placements.
///
/// # Errors
/// What `out` answers.
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
