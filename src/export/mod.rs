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
mod schema;
mod svg;
mod words;

use std::io::{self, Write};
use std::str::FromStr;

use serde::Serialize;

use crate::clustering::ClusterId;
use crate::report::{Placement, Report};
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

/// One flat row.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a RoleId,
    title: &'a str,
    section: Option<&'a str>,
    cluster: Option<ClusterId>,
    cluster_name: Option<&'a str>,
    strength: f32,
    duplicate_of: Option<&'a RoleId>,
    /// Nearest first; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    neighbors: Option<&'a [RoleId]>,
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

/// What the page and the picture answer when no map was drawn.
fn no_map() -> io::Error {
    let reason = "the report holds no map; cluster the run folder again to have one drawn";
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

fn rows<'a>(
    report: &'a Report,
    neighbors: Option<&'a [Vec<RoleId>]>,
) -> impl Iterator<Item = Row<'a>> {
    report.placements.iter().enumerate().map(move |(i, placement)| {
        let Placement { id, title, section, cluster, cluster_name, strength, duplicate_of } =
            placement;
        Row {
            id,
            title,
            section: section.as_deref(),
            cluster: *cluster,
            cluster_name: cluster_name.as_deref(),
            strength: *strength,
            duplicate_of: duplicate_of.as_ref(),
            neighbors: neighbors.map(|n| n[i].as_slice()),
        }
    })
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
