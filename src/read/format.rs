//! The formats roles are read from.

use std::fmt;
use std::str::FromStr;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), format);
        }
        assert!("xls".parse::<Format>().unwrap_err().contains("html, jsonl"));
    }
}
