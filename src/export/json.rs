//! JSON: one versioned document.

use std::io::{self, Write};

use serde::Serialize;

use super::row::{Row, rows};
use super::table::TableOptions;
use crate::embeddings::ModelFingerprint;
use crate::group_codes::GroupCodes;
use crate::profile::{ClusterProfile, Direction};
use crate::report::{Method, Report, SCHEMA_VERSION, Scores};

/// The document's shape is described in the README; `schema_version` changes with it.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    schema_version: u32,
    written_by: &'a str,
    model: &'a ModelFingerprint,
    method: &'a Method,
    scores: &'a Scores,
    directions: &'a [Direction],
    clusters: &'a [ClusterProfile],
    #[serde(skip_serializing_if = "Option::is_none")]
    codes: Option<&'a GroupCodes>,
    roles: Vec<Row<'a>>,
}

pub(super) fn document(
    report: &Report,
    options: &TableOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        schema: "rolecluster/assignments",
        schema_version: SCHEMA_VERSION,
        written_by: &report.written_by,
        model: &report.model,
        method: &report.method,
        scores: &report.scores,
        directions: &report.directions,
        clusters: &report.profiles,
        codes: options.group_codes.or(report.codes.as_ref()),
        roles: rows(report, options).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}
