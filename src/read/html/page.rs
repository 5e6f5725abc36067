//! A page, or Markdown with HTML in it -> Markdown lines that know where they came from.
//!
//! The reader of digests has all the rules about what a role is, so a page is brought into its
//! form: headings, list items, links, bold labels and tables. Cards of a job list, which often
//! have no heading, are given one. Menus and the like are kept apart.

use super::lines::{Between, Page};
use super::table;
use super::tokens::{Token, Tokens};
use super::writer::Writer;

/// Reads a page; `first` is the number of its first line.
pub(in crate::read) fn to_markdown(text: &str, between: Between, first: u64) -> Page {
    let mut tokens = Tokens::new(text);
    let mut writer = Writer::new(between, table::data_tables(text));
    let (mut counted, mut number) = (0, first);
    while let Some((at, token)) = tokens.next() {
        number += text[counted..at].bytes().filter(|b| *b == b'\n').count() as u64;
        counted = at;
        writer.at_line(number);
        match token {
            Token::Text(text) => writer.text(text),
            Token::Raw(content) => writer.raw(content),
            Token::Open(tag) => writer.open(tag, at, tokens.is_closed_after(tag.name, at)),
            Token::Close(tag) => writer.close(tag),
        }
    }
    writer.finish()
}
