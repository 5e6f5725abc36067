//! Which format an input has: by magic bytes, by extension, by content.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::ReadError;
use super::csv;
use super::markdown;

/// A format roles are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A digest: sections, roles under them.
    Markdown,
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
    pub const ALL: [Format; 6] =
        [Format::Markdown, Format::Jsonl, Format::Json, Format::Csv, Format::Tsv, Format::Parquet];

    /// The name users write.
    pub fn name(self) -> &'static str {
        match self {
            Format::Markdown => "markdown",
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

/// Formats told by their first bytes: Parquet, and those that are none of ours.
pub(super) fn of_bytes(
    file: &str,
    head: &[u8],
    asked: Option<Format>,
) -> Result<Option<Format>, ReadError> {
    if head.is_empty() {
        return Err(ReadError::Empty { file: file.to_string() });
    }
    if head.starts_with(b"PAR1") && asked.is_none_or(|format| format == Format::Parquet) {
        return Ok(Some(Format::Parquet));
    }
    const UNPACK: &str = "unpack it first";
    const SAVE: &str = "save it as CSV or UTF-8 text first";
    let foreign: [(&[u8], &str, &str); 9] = [
        (b"\x1f\x8b", "gzip compressed", UNPACK),
        (b"\x28\xb5\x2f\xfd", "zstd compressed", UNPACK),
        (b"\xfd7zXZ", "xz compressed", UNPACK),
        (b"BZh", "bzip2 compressed", UNPACK),
        (b"PK\x03\x04", "a ZIP archive, perhaps a spreadsheet", SAVE),
        (b"\xd0\xcf\x11\xe0", "an old Office document", SAVE),
        (b"%PDF-", "a PDF", SAVE),
        (b"\xff\xfe\0\0", "UTF-32 text", "save it as UTF-8 first"),
        (b"\0\0\xfe\xff", "UTF-32 text", "save it as UTF-8 first"),
    ];
    match foreign.iter().find(|(magic, _, _)| head.starts_with(magic)) {
        Some((_, what, advice)) => Err(ReadError::NotText { file: file.to_string(), what, advice }),
        None => Ok(None),
    }
}

/// The format of a text: what the extension says, else what the beginning looks like.
pub(super) fn of_text(file: &str, path: Option<&Path>, sample: &str) -> Result<Format, ReadError> {
    let extension = path.and_then(|p| p.extension()).and_then(|e| e.to_str());
    let by_content = of_content(sample);
    match extension.map(str::to_lowercase).as_deref() {
        Some("md" | "markdown" | "mdown" | "mkd") => Ok(Format::Markdown),
        Some("tsv" | "tab") => Ok(Format::Tsv),
        Some("csv") => Ok(Format::Csv),
        Some("parquet" | "pq") => Ok(Format::Parquet),
        // Both extensions are used for both formats; the content knows.
        Some("jsonl" | "ndjson") => Ok(match by_content {
            Some(Format::Json) if sample.trim_start().starts_with('[') => Format::Json,
            _ => Format::Jsonl,
        }),
        Some("json") => Ok(match by_content {
            Some(Format::Jsonl) => Format::Jsonl,
            _ => Format::Json,
        }),
        _ => by_content.ok_or_else(|| ReadError::UnknownFormat { file: file.to_string() }),
    }
}

fn of_content(sample: &str) -> Option<Format> {
    let start = sample.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.starts_with('{') {
        let first = start.lines().next().unwrap_or_default();
        let whole = serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok();
        let more = start[first.len()..].trim_start().starts_with('{');
        return Some(if whole && (more || !start.contains("\":[{")) {
            Format::Jsonl
        } else {
            Format::Json
        });
    }
    if start.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', ']'])) {
        return Some(Format::Json);
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
            ("{\"a\":1}", Some(Format::Jsonl)),
            ("{\n \"jobs\": [\n", Some(Format::Json)),
            ("{\"jobs\":[{\"title\":\"x\"}]}", Some(Format::Json)),
            (" [ {\"a\":1}]", Some(Format::Json)),
            ("# Title\n\n## One\n", Some(Format::Markdown)),
            ("title,description\na,b\n", Some(Format::Csv)),
            ("title\tdescription\na\tb\n", Some(Format::Tsv)),
            ("岗位名称;职责\na;b\n", Some(Format::Csv)),
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
        assert!("xls".parse::<Format>().unwrap_err().contains("markdown, jsonl"));
    }
}
