//! A document as Markdown.

use std::fmt::Write;

use super::super::document::{Block, Document, Run};
use crate::text::markdown::{inline, within_line};

pub(in crate::export) fn document(document: &Document) -> String {
    let mut out = format!("# {}\n\n", within_line(&document.title));
    // Writing to a string cannot fail.
    for block in &document.blocks {
        let _ = match block {
            Block::Heading(text) => writeln!(out, "## {}\n", within_line(text)),
            Block::Paragraph(text) => writeln!(out, "{}\n", inline(text)),
            Block::List(items) => {
                for item in items {
                    let _ = writeln!(out, "- {}", line(item));
                }
                writeln!(out)
            }
            Block::Table { head, rows } => {
                let numbers = "---:|".repeat(head.len().saturating_sub(1));
                let _ = writeln!(out, "{}\n|---|{numbers}", cells(head));
                for row in rows {
                    let _ = writeln!(out, "{}", cells(row));
                }
                writeln!(out)
            }
        };
    }
    out
}

fn line(runs: &[Run]) -> String {
    let run = |run: &Run| {
        // White space at the ends is the document's own.
        let text = within_line(run.text.trim());
        let (before, after) = ends(&run.text);
        if run.is_strong { format!("**{text}**") } else { format!("{before}{text}{after}") }
    };
    runs.iter().map(run).collect()
}

fn ends(text: &str) -> (&'static str, &'static str) {
    let space = |is: bool| if is { " " } else { "" };
    (space(text.starts_with(' ')), space(text.len() > 1 && text.ends_with(' ')))
}

fn cells(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| within_line(cell)).collect();
    format!("| {} |", cells.join(" | "))
}
