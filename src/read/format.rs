//! Which format an input has: by magic bytes, by extension, by content.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::ReadError;
use super::{csv, html, json, markdown};

/// A format roles are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A digest: sections, roles under them; tables, lists and threads of postings.
    Markdown,
    /// A page: tables, cards or headings of postings.
    Html,
    /// One JSON object per line.
    Jsonl,
    /// A JSON array of objects, or an object that holds one.
    Json,
    /// Comma, semicolon, tab or pipe separated, with a header.
    Csv,
    /// Tab separated, with a header.
    Tsv,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// All formats, in the order they are listed to users.
    pub const ALL: [Format; 7] = [
        Format::Markdown,
        Format::Html,
        Format::Jsonl,
        Format::Json,
        Format::Csv,
        Format::Tsv,
        Format::Parquet,
    ];

    /// The name users write.
    pub fn name(self) -> &'static str {
        match self {
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Jsonl => "jsonl",
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Parquet => "parquet",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.to_lowercase();
        let alias = match wanted.as_str() {
            "md" => "markdown",
            "htm" => "html",
            "ndjson" => "jsonl",
            other => other,
        };
        let found = Format::ALL.into_iter().find(|format| format.name() == alias);
        found.ok_or_else(|| {
            let known = Format::ALL.map(Format::name).join(", ");
            format!("unknown format {text:?}; one of {known}")
        })
    }
}

/// Whether the bytes are Parquet, unless another format is asked for.
pub(super) fn is_parquet(head: &[u8], asked: Option<Format>) -> bool {
    head.starts_with(b"PAR1") && asked.is_none_or(|format| format == Format::Parquet)
}

/// The format of a text: what its beginning is, else what the extension says.
pub(super) fn of_text(file: &str, path: Option<&Path>, sample: &str) -> Result<Format, ReadError> {
    let extension = path.and_then(|p| p.extension()).and_then(|e| e.to_str());
    let extension = extension.map(str::to_lowercase);
    let extension = extension.as_deref().unwrap_or_default();
    if matches!(extension, "md" | "markdown" | "mdown" | "mkd") {
        return Ok(Format::Markdown);
    }
    // Records are often named after another format than theirs; JSON knows itself.
    if let Some(format) = of_json(sample) {
        return Ok(format);
    }
    match extension {
        "tsv" | "tab" => Ok(Format::Tsv),
        "csv" => Ok(Format::Csv),
        "parquet" | "pq" => Ok(Format::Parquet),
        "jsonl" | "ndjson" if sample.trim_start().starts_with(['{', '[']) => Ok(Format::Jsonl),
        "json" if sample.trim_start().starts_with(['{', '[']) => Ok(Format::Json),
        _ => match (of_content(sample), extension) {
            (Some(format), _) => Ok(format),
            (None, "jsonl" | "ndjson") => Ok(Format::Jsonl),
            (None, "json") => Ok(Format::Json),
            (None, _) => Err(ReadError::UnknownFormat {
                file: file.to_string(),
                known: Format::ALL.map(Format::name).join(", "),
            }),
        },
    }
}

fn of_json(sample: &str) -> Option<Format> {
    json::arrangement(sample).map(|arrangement| match arrangement {
        json::Arrangement::Lines => Format::Jsonl,
        json::Arrangement::Document => Format::Json,
    })
}

fn of_content(sample: &str) -> Option<Format> {
    if let Some(format) = of_json(sample) {
        return Some(format);
    }
    if html::looks_like_page(sample) {
        return Some(Format::Html);
    }
    if markdown::looks_like_digest(sample) {
        return Some(Format::Markdown);
    }
    csv::looks_like_table(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_the_format() {
        let cases = [
            ("{\"a\":1}\n{\"a\":2}\n", Some(Format::Jsonl)),
            ("{\"a\":1}", Some(Format::Json)),
            ("{\n \"jobs\": [\n", Some(Format::Json)),
            ("{\"jobs\":[{\"title\":\"x\"}]}", Some(Format::Json)),
            (" [ {\"a\":1}]", Some(Format::Json)),
            ("# Title\n\n## One\n", Some(Format::Markdown)),
            ("title,description\na,b\n", Some(Format::Csv)),
            ("title\tdescription\na\tb\n", Some(Format::Tsv)),
            ("岗位名称;职责\na;b\n", Some(Format::Csv)),
            ("<!DOCTYPE html><html>", Some(Format::Html)),
            ("\u{feff}<!-- saved --><table border=0><tr>", Some(Format::Html)),
            ("just some words", None),
        ];
        for (text, expected) in cases {
            assert_eq!(of_content(text), expected, "{text}");
        }
    }

    #[test]
    fn names_round_trip() {
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), format);
        }
        assert!("xls".parse::<Format>().unwrap_err().contains("html, jsonl"));
    }
}
