//! CSV for spreadsheets: noise is -1, lists are joined by a space, and a text that a
//! spreadsheet would run as a formula gets an apostrophe in front.

use std::borrow::Cow;
use std::io::{self, Write};

use super::row::rows;
use crate::report::Report;
use crate::role::RoleId;

pub(super) fn table(
    report: &Report,
    neighbors: Option<&[Vec<RoleId>]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    let mut header =
        vec!["id", "title", "section", "cluster", "cluster_name", "strength", "duplicate_of"];
    if neighbors.is_some() {
        header.push("neighbors");
    }
    writer.write_record(&header).map_err(cause)?;
    for row in rows(report, neighbors) {
        let cluster = row.cluster.map_or_else(|| "-1".to_string(), |c| c.to_string());
        let strength = row.strength.to_string();
        let mut record = vec![
            harmless(row.id.as_str()),
            harmless(row.title),
            harmless(row.section.unwrap_or_default()),
            Cow::from(cluster),
            harmless(row.cluster_name.unwrap_or_default()),
            Cow::from(strength),
            harmless(row.duplicate_of.map(RoleId::as_str).unwrap_or_default()),
        ];
        if let Some(neighbors) = row.neighbors {
            let ids: Vec<&str> = neighbors.iter().map(RoleId::as_str).collect();
            record.push(harmless(&ids.join(" ")).into_owned().into());
        }
        writer.write_record(record.iter().map(|field| field.as_bytes())).map_err(cause)?;
    }
    writer.flush()
}

/// The I/O error inside a CSV error, so that a full disk or a closed pipe is recognised.
fn cause(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Spreadsheets take a cell that begins with one of these for a formula, which may contact a
/// server (OWASP, "CSV injection").
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
