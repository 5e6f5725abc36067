//! Tables of postings: a header that names a title, and a role in every row below it.

use super::super::columns::Target;
use super::super::record::{Mapper, Record, Value};
use super::inline;
use super::outline::Line;
use crate::text::script::is_wide;

/// A row and the line it stands in.
#[derive(Debug, Clone)]
struct Row<'a> {
    line: u64,
    cells: Vec<&'a str>,
}

/// A table in the lines of a block.
#[derive(Debug)]
pub(super) struct JobTable {
    /// Which of the block's lines it takes.
    pub lines: std::ops::Range<usize>,
    /// A record per row, with the line it stands in.
    pub records: Vec<(u64, Record)>,
}

/// Rows above the one that names the columns: captions, dates of export.
const MOST_ABOVE_HEADER: usize = 5;

/// Cells that say that what stands above holds here too.
const DITTO: [&str; 10] = ["↳", "\"", "〃", "″", "''", "同上", "ditto", "同左", "上同", "└"];

/// Columns of links, by their names.
const LINK_COLUMNS: [&str; 12] = [
    "link",
    "links",
    "url",
    "apply",
    "application",
    "application/link",
    "apply link",
    "链接",
    "投递",
    "投递链接",
    "連結",
    "リンク",
];

/// The tables of postings in the lines of a block.
pub(super) fn find(lines: &[Line<'_>], mapper: &mut Mapper<'_>) -> Vec<JobTable> {
    let mut found = Vec::new();
    let mut at = 1;
    while at < lines.len() {
        if is_separator(lines[at].text) && lines[at - 1].text.contains('|') {
            let end = (at + 1..lines.len())
                .find(|&row| !lines[row].has_text() || !lines[row].text.contains('|'))
                .unwrap_or(lines.len());
            let rows = (at - 1..end).filter(|&row| row != at).map(|row| row_of(&lines[row]));
            found.extend(job_table(rows.collect(), at - 1..end, mapper));
            at = end;
        }
        at += 1;
    }
    found
}

fn row_of<'a>(line: &Line<'a>) -> Row<'a> {
    Row { line: line.number, cells: cells(line.text) }
}

/// The line between header and rows.
pub(super) fn is_separator(line: &str) -> bool {
    let line = line.trim();
    line.contains('|')
        && line.contains('-')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// The cells of a row; `\|` separates nothing.
pub(super) fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = Vec::new();
    let (mut start, mut previous) = (0, ' ');
    for (at, c) in line.char_indices() {
        if c == '|' && previous != '\\' {
            cells.push(line[start..at].trim());
            start = at + 1;
        }
        previous = c;
    }
    if !line[start..].trim().is_empty() {
        cells.push(line[start..].trim());
    }
    cells
}

fn job_table(
    rows: Vec<Row<'_>>,
    lines: std::ops::Range<usize>,
    mapper: &mut Mapper<'_>,
) -> Option<JobTable> {
    let mut title_of = |row: &Row<'_>| {
        let best = row.cells.iter().enumerate().filter_map(|(at, cell)| {
            let (target, rank) = mapper.target(&inline::plain(cell))?;
            (target == Target::Title).then_some((rank, at))
        });
        best.min().map(|(_, at)| at)
    };
    let header =
        (0..rows.len().min(MOST_ABOVE_HEADER)).find_map(|at| Some((at, title_of(&rows[at])?)));
    let (header_at, title) = header?;
    let (header, body) = (&rows[header_at], &rows[header_at + 1..]);
    let titled = |row: &&Row<'_>| row.cells.get(title).is_some_and(|cell| !cell.is_empty());
    // A title beside nothing but counts is a statistic, and one column of a few is no table.
    if body.is_empty()
        || body.iter().filter(titled).count() * 2 < body.len()
        || is_count(body, title)
    {
        return None;
    }
    let names: Vec<String> = header.cells.iter().map(|cell| inline::plain(cell)).collect();
    let links: Vec<bool> =
        (0..names.len()).map(|at| at != title && is_link_column(&names[at], body, at)).collect();
    let mut above: Vec<String> = vec![String::new(); names.len()];
    let records = body
        .iter()
        .map(|row| {
            let mut record = Record::new();
            for (at, name) in names.iter().enumerate() {
                let cell = row.cells.get(at).copied().unwrap_or_default();
                let mut value = if links[at] { link_of(cell) } else { text_of(cell) };
                if at == title {
                    value = value.trim_matches(is_mark).to_string();
                }
                if DITTO.contains(&value.to_lowercase().as_str()) {
                    value = above[at].clone();
                }
                above[at].clone_from(&value);
                if name.is_empty() || value.is_empty() {
                    continue;
                }
                record.push((name.clone(), Value::Text(value)));
            }
            if let Some(link) =
                row.cells.get(title).map(|cell| link_of(cell)).filter(|link| link.contains('/'))
            {
                record.push(("link".into(), Value::Text(link)));
            }
            (row.line, record)
        })
        .collect();
    Some(JobTable { lines, records })
}

/// A pictogram, such as the lock of a posting that is closed.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || c as u32 >= 0x2190 && !c.is_alphanumeric() && !is_wide(c)
}

/// Whether every other cell of the rows is a number.
fn is_count(rows: &[Row<'_>], title: usize) -> bool {
    let number = |cell: &&str| {
        cell.chars().any(|c| c.is_ascii_digit())
            && cell.chars().all(|c| c.is_ascii_digit() || " .,%+~约次".contains(c))
    };
    let mut others = rows.iter().flat_map(|row| {
        row.cells
            .iter()
            .enumerate()
            .filter(|(at, cell)| *at != title && !cell.is_empty())
            .map(|(_, cell)| cell)
    });
    others.clone().next().is_some() && others.all(number)
}

/// A column of buttons: its name says so, or all its cells are links of one wording.
fn is_link_column(name: &str, rows: &[Row<'_>], at: usize) -> bool {
    if LINK_COLUMNS.contains(&name.to_lowercase().as_str()) {
        return true;
    }
    let mut wordings: Vec<String> = Vec::new();
    let mut n_links = 0;
    for cell in rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty()) {
        if !cell.contains("](") && !cell.contains("<a ") {
            return false;
        }
        n_links += 1;
        let wording = inline::plain(cell);
        if !wordings.contains(&wording) {
            wordings.push(wording);
        }
        if wordings.len() > 1 {
            return false;
        }
    }
    n_links >= 2
}

/// Where the first link of a cell leads, else its text.
fn link_of(cell: &str) -> String {
    let markdown =
        cell.split_once("](").and_then(|(_, rest)| rest.split_once(')')).map(|(to, _)| to);
    let html = cell.split_once("href=").map(|(_, rest)| {
        rest.trim_start_matches(['"', '\'']).split(['"', '\'', '>', ' ']).next().unwrap_or_default()
    });
    match markdown.or(html) {
        Some(target) => target.split(' ').next().unwrap_or_default().to_string(),
        None => text_of(cell),
    }
}

/// The text of a cell, its own line breaks kept.
fn text_of(cell: &str) -> String {
    // A summary only counts what unfolding shows.
    let cell = match (cell.find("<summary>"), cell.find("</summary>")) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}", &cell[..start], &cell[end + 10..])
        }
        _ => cell.to_string(),
    };
    let cell = cell.replace("</br>", "<br>").replace("<br/>", "<br>").replace("<br />", "<br>");
    let lines: Vec<String> =
        cell.split("<br>").map(inline::plain).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::super::Columns;
    use super::super::outline::Outline;
    use super::super::source;
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let lines = source::lines(text);
        let outline = Outline::of(&lines);
        let columns = Columns::default();
        let mut mapper = Mapper::new(&columns);
        let tables = outline.blocks.iter().flat_map(|block| find(&block.lines, &mut mapper));
        let one = |(name, value): &(String, Value)| match value {
            Value::Text(text) => format!("{name}={text}"),
            Value::List(_) => String::new(),
        };
        tables
            .flat_map(|table| table.records)
            .map(|(_, record)| record.iter().map(one).collect::<Vec<_>>().join("; "))
            .collect()
    }

    #[test]
    fn every_row_is_a_record() {
        let text = "| Company | Role | Apply |\n|---|:-:|---|\n| **[A](http://a)** | Cook | [go](http://a/1) |\n\
            | ↳ | Baker \\| night | <a href=\"http://a/2\"><img alt=\"go\"></a> |\n\nafter\n";
        assert_eq!(
            told(text),
            [
                "Company=A; Role=Cook; Apply=http://a/1",
                "Company=A; Role=Baker | night; Apply=http://a/2"
            ]
        );
        let text = "公司 | 职位 | 城市\n--- | --- | ---\n甲 | [护士](/x) | 北京<br>上海\n乙 | 司机 | <details><summary>2 地</summary>成都</br>重庆</details>";
        assert_eq!(
            told(text),
            ["公司=甲; 职位=护士; 城市=北京\n上海; link=/x", "公司=乙; 职位=司机; 城市=成都\n重庆"]
        );
    }

    #[test]
    fn the_header_may_stand_below_a_caption() {
        let page = "<table><tr><td colspan=2>Vacancies of May</td></tr><tr><td>Position</td><td>Town</td></tr>\
            <tr><td>Cook</td><td>Bern</td></tr><tr><td>Nurse</td><td>Basel</td></tr></table>";
        assert_eq!(told(page), ["Position=Cook; Town=Bern", "Position=Nurse; Town=Basel"]);
    }

    #[test]
    fn tables_of_other_things_are_none() {
        for text in [
            "| Technology | Count |\n|---|---|\n| Go | 12 |\n| C | 3 |",
            "| Role | Postings |\n|---|---|\n| Cook | 12 |\n| Baker | 3 |",
            "| Name of town | Rain |\n|---|---|\n| Bern | much |",
            "| Role |\n| Cook |",
        ] {
            assert!(told(text).is_empty(), "{text}");
        }
    }
}
