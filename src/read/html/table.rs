//! HTML tables -> rows of a Markdown table.

use std::collections::BTreeMap;

use super::lines::link_target;
use super::tokens::{Token, Tokens};

/// A cell that spans more rows or columns is taken to span so many.
const WIDEST_SPAN: usize = 64;

/// Where the tables that hold data begin, in order. A table that holds another, or a heading,
/// lays out a page; one of a single column or row holds no records.
pub(super) fn data_tables(text: &str) -> Vec<usize> {
    #[derive(Default)]
    struct Open {
        at: usize,
        layout: bool,
        rows: usize,
        cells: usize,
        widest: usize,
    }
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut end = |table: Open| {
        if !table.layout && table.rows >= 2 && table.widest.max(table.cells) >= 1 {
            found.push(table.at);
        }
    };
    for (at, token) in Tokens::new(text) {
        match token {
            Token::Open(tag) if tag.is("table") => {
                open.iter_mut().for_each(|around| around.layout = true);
                // A table within hundreds of others is nobody's data.
                if open.len() < 100 {
                    open.push(Open { at, ..Open::default() });
                }
            }
            Token::Close(tag) if tag.is("table") => open.pop().into_iter().for_each(&mut end),
            Token::Open(tag) => {
                let Some(table) = open.last_mut() else { continue };
                let heading = tag.name.len() == 2
                    && tag.name.starts_with(['h', 'H'])
                    && tag.name.ends_with(|c: char| c.is_ascii_digit());
                if heading || tag.is("article") {
                    table.layout = true;
                } else if tag.is("tr") {
                    table.widest = table.widest.max(table.cells);
                    table.rows += 1;
                    table.cells = 0;
                } else if tag.is("td") || tag.is("th") {
                    table.cells += 1;
                }
            }
            _ => {}
        }
    }
    open.into_iter().for_each(&mut end);
    found.sort_unstable();
    found
}

/// A table being read.
pub(super) struct Table {
    rows: Vec<(u64, Vec<String>)>,
    /// Columns taken by a cell of an earlier row: rows left, and its text.
    spanning: BTreeMap<usize, (usize, String)>,
    /// Rows the cell being read spans.
    row_span: usize,
    /// Where the link being read begins in its cell, and where it leads.
    link: Option<(usize, Option<String>)>,
}

impl Table {
    pub fn new(line: u64) -> Self {
        let rows = vec![(line, Vec::new())];
        Table { rows, spanning: BTreeMap::new(), row_span: 1, link: None }
    }

    fn open(&mut self) -> Option<&mut String> {
        self.rows.last_mut()?.1.last_mut()
    }

    pub fn row(&mut self, line: u64) {
        self.end_cell();
        self.fill();
        self.rows.push((line, Vec::new()));
    }

    pub fn cell(&mut self, columns: usize, rows: usize) {
        self.end_cell();
        self.fill();
        self.row_span = rows.clamp(1, WIDEST_SPAN);
        let Some((_, row)) = self.rows.last_mut() else { return };
        // The text stands in the last of the columns a cell spans until it ends.
        row.extend(std::iter::repeat_n(String::new(), columns.clamp(1, WIDEST_SPAN)));
    }

    /// Cells of earlier rows that reach down to the place where the next one would be.
    fn fill(&mut self) {
        let Some((_, row)) = self.rows.last_mut() else { return };
        while let Some((left, text)) = self.spanning.get_mut(&row.len()) {
            if *left == 0 {
                break;
            }
            *left -= 1;
            row.push(text.clone());
        }
    }

    fn end_cell(&mut self) {
        self.link = None;
        let span = std::mem::replace(&mut self.row_span, 1);
        let Some((_, row)) = self.rows.last_mut() else { return };
        let Some(last) = row.len().checked_sub(1) else { return };
        if span > 1 {
            self.spanning.insert(last, (span - 1, row[last].clone()));
        }
    }

    pub fn text(&mut self, text: &str) {
        let Some(cell) = self.open() else { return };
        if text.starts_with(char::is_whitespace) && !cell.is_empty() {
            cell.push(' ');
        }
        for (at, word) in text.split_whitespace().enumerate() {
            if at > 0 {
                cell.push(' ');
            }
            cell.push_str(&word.replace('|', "\\|"));
        }
        if text.ends_with(char::is_whitespace) && !text.trim().is_empty() {
            cell.push(' ');
        }
    }

    pub fn line_break(&mut self) {
        if let Some(cell) = self.open().filter(|cell| !cell.is_empty() && !cell.ends_with("<br>")) {
            cell.push_str("<br>");
        }
    }

    pub fn link(&mut self, href: Option<&str>) {
        let start = self.open().map_or(0, |cell| cell.len());
        self.link = Some((start, href.and_then(link_target)));
    }

    pub fn image(&mut self, alt: Option<&str>) {
        let start = self.link.as_ref().map(|(start, _)| *start);
        let Some(cell) = self.open() else { return };
        if start == Some(cell.len()) {
            cell.push_str(&alt.unwrap_or_default().replace('|', "\\|"));
        }
    }

    pub fn end_link(&mut self) {
        let Some((start, Some(target))) = self.link.take() else { return };
        let Some(cell) = self.open().filter(|cell| cell.len() >= start) else { return };
        let text = cell.split_off(start);
        cell.push_str(&format!("[{}]({target})", text.trim()));
    }

    /// The table in Markdown, each row with the line it begins in.
    pub fn lines(mut self) -> Vec<(u64, String)> {
        self.end_cell();
        self.fill();
        self.rows.retain(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
        let width = self.rows.iter().map(|(_, row)| row.len()).max().unwrap_or(0);
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        for (at, (number, row)) in self.rows.into_iter().enumerate() {
            let cells: Vec<&str> =
                row.iter().map(|cell| cell.trim().trim_end_matches("<br>")).collect();
            lines.push((number, format!("| {} |", cells.join(" | "))));
            if at == 0 {
                lines.push((number, format!("|{}", " --- |".repeat(width.max(1)))));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Between;
    use super::super::page::to_markdown;

    fn lines(page: &str) -> Vec<String> {
        let page = to_markdown(page, Between::Html, 1);
        page.lines.into_iter().map(|line| line.text).filter(|text| !text.is_empty()).collect()
    }

    #[test]
    fn rows_and_cells_are_kept_with_or_without_end_tags() {
        for page in [
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1<br>2</td><td>x | y</td></tr></table>",
            "<table><tr><th>a<th>b<tr><td><p>1</p><p>2</p><td>x | y</table>",
            "<TABLE border=1><THEAD><TR><TD>a</TD><TD>b</TD></TR></THEAD><TBODY><TR><TD>1<BR/>2<TD>x | y",
        ] {
            assert_eq!(
                lines(page),
                ["| a | b |", "| --- | --- |", "| 1<br>2 | x \\| y |"],
                "{page}"
            );
        }
    }

    #[test]
    fn cells_that_span_stand_in_every_row() {
        let page = "<table><tr><td>a<td>b<td>c</tr><tr><td rowspan=2>1<td>2<td>3</tr><tr><td>4<td>5</tr>\
            <tr><td colspan=2>6<td>7</tr></table>";
        assert_eq!(lines(page)[2..], ["| 1 | 2 | 3 |", "| 1 | 4 | 5 |", "|  | 6 | 7 |"]);
    }

    #[test]
    fn tables_that_lay_out_a_page_are_no_tables() {
        let page = "<table><tr><td>menu</td><td><h2>Cook</h2>Soups<table><tr><th>a<tr><td>1</table></td></tr></table>";
        assert_eq!(lines(page), ["menu", "## Cook", "Soups", "| a |", "| --- |", "| 1 |"]);
    }

    #[test]
    fn links_and_images_in_cells() {
        let page = "<table><tr><td>a<tr><td><a href='/x'><img src=i alt=Apply></a></table>";
        assert_eq!(lines(page)[2], "| [Apply](/x) |");
    }
}
