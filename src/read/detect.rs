//! Which format an input has: by magic bytes, by extension, by content.

use std::path::Path;

use super::{Format, ReadError};
use super::{csv, html, json, markdown};

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
}
