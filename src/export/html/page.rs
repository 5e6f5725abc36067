//! A document as one page that needs no other file and runs nothing.

use std::fmt::Write;

use super::super::document::{Block, Document, Run};
use super::super::markup::inline;
use super::embed;
use crate::language::Language;

const STYLE: &str = include_str!("page.css");

pub(in crate::export) fn page(document: &Document, language: Language) -> String {
    let title = inline(&document.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n",
        language.code(),
        embed::policy_without_script(STYLE),
    );
    for block in &document.blocks {
        // Writing to a string cannot fail.
        let _ = match block {
            Block::Heading(text) => writeln!(out, "<h2>{}</h2>", inline(text)),
            Block::Paragraph(text) => writeln!(out, "<p>{}</p>", inline(text)),
            Block::List(items) => {
                let items: Vec<String> =
                    items.iter().map(|item| format!("<li>{}</li>\n", line(item))).collect();
                writeln!(out, "<ul>\n{}</ul>", items.concat())
            }
            Block::Table { head, rows } => writeln!(out, "{}", table(head, rows)),
        };
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn line(runs: &[Run]) -> String {
    let run = |run: &Run| {
        let text = inline(run.text.trim());
        match run.is_strong {
            true => format!("<strong><bdi>{text}</bdi></strong>"),
            false => {
                let space = |is: bool| if is { " " } else { "" };
                let before = space(run.text.starts_with(' '));
                let after = space(run.text.len() > 1 && run.text.ends_with(' '));
                format!("{before}{text}{after}")
            }
        }
    };
    runs.iter().map(run).collect()
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let cell = |text: &String| format!("<td>{}</td>", inline(text));
    let of_head = |text: &String| format!("<th scope=\"col\">{}</th>", inline(text));
    let head: String = head.iter().map(of_head).collect();
    let row = |cells: &Vec<String>| {
        let (first, rest) = cells.split_first()?;
        let rest: String = rest.iter().map(cell).collect();
        Some(format!("<tr><th scope=\"row\"><bdi>{}</bdi></th>{rest}</tr>\n", inline(first)))
    };
    let rows: String = rows.iter().filter_map(row).collect();
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>")
}
