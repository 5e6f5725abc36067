//! OpenDocument sheets as a stream of cells.
//!
//! calamine makes a table of all cells that a sheet spans, up to a hundred million of them; a
//! sheet with two cells far apart spans as many. Here only cells that hold something take room.

use std::collections::HashSet;
use std::io::{BufReader, Read};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::rows::Rows;
use crate::read::record::tell_apart;
use crate::read::source::ReadSeek;

/// Spaces that one `text:s` stands for, at most.
const MAX_SPACES: usize = 1_000;

/// Bytes of the manifest that are looked at.
const MANIFEST_BYTES: u64 = 1 << 20;

/// An open workbook.
pub(super) struct Ods {
    archive: ZipArchive<Box<dyn ReadSeek>>,
    /// Names of the sheets in their order, and whether each is shown.
    pub sheets: Vec<(String, bool)>,
}

type Xml<'z> = quick_xml::Reader<BufReader<ZipFile<'z, Box<dyn ReadSeek>>>>;

impl Ods {
    /// Opens a workbook and reads the names of its sheets.
    pub fn open(bytes: Box<dyn ReadSeek>) -> Result<Ods, String> {
        let mut archive = ZipArchive::new(bytes).map_err(told)?;
        if let Ok(manifest) = archive.by_name("META-INF/manifest.xml") {
            let mut text = String::new();
            let read = manifest.take(MANIFEST_BYTES).read_to_string(&mut text);
            if read.is_ok() && text.contains("encryption-data") {
                return Err("it is encrypted with a password".into());
            }
        }
        let sheets = sheets(&mut content(&mut archive)?)?;
        Ok(Ods { archive, sheets })
    }

    /// Puts the cells of a sheet into `rows`, until it ends or no more are taken.
    pub fn fill(&mut self, sheet: &str, rows: &mut Rows) -> Result<(), String> {
        let gone = || format!("the sheet {sheet:?} is gone");
        let wanted = self.sheets.iter().position(|(name, _)| name == sheet).ok_or_else(gone)?;
        let mut xml = content(&mut self.archive)?;
        let (mut buffer, mut tables, mut at) = (Vec::new(), Tables::default(), 0);
        loop {
            let event = xml.read_event_into(&mut buffer).map_err(told)?;
            if tables.sheet(&event).is_some() {
                if at == wanted {
                    return table(&mut xml, rows);
                }
                at += 1;
            }
            if matches!(event, Event::Eof) {
                return Err(gone());
            }
            buffer.clear();
        }
    }
}

/// The tables that are open.
#[derive(Default)]
struct Tables(u32);

impl Tables {
    /// The name and the style of the sheet that begins with this event: a table within another is none.
    fn sheet(&mut self, event: &Event<'_>) -> Option<(String, Option<String>)> {
        match event {
            Event::Start(start) if is(start, "table:table") => {
                self.0 += 1;
                let name = attribute(start, "table:name").filter(|_| self.0 == 1)?;
                Some((name, attribute(start, "table:style-name")))
            }
            Event::End(end) if end.name().as_ref() == "table:table" => {
                self.0 = self.0.saturating_sub(1);
                None
            }
            _ => None,
        }
    }
}

fn told(error: impl ToString) -> String {
    error.to_string()
}

fn is(start: &BytesStart<'_>, name: &str) -> bool {
    start.name().as_ref() == name
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.try_get_attribute(name).ok()??;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

fn repeats(start: &BytesStart<'_>, name: &str) -> u32 {
    attribute(start, name).and_then(|n| n.parse().ok()).unwrap_or(1)
}

fn content(archive: &mut ZipArchive<Box<dyn ReadSeek>>) -> Result<Xml<'_>, String> {
    let file = archive.by_name("content.xml").map_err(told)?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(file));
    let config = xml.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    Ok(xml)
}

/// The sheets in their order; names that come again are numbered.
fn sheets(xml: &mut Xml<'_>) -> Result<Vec<(String, bool)>, String> {
    let (mut sheets, mut hidden) = (Vec::new(), HashSet::new());
    let (mut buffer, mut style, mut tables) = (Vec::new(), None, Tables::default());
    loop {
        let event = xml.read_event_into(&mut buffer).map_err(told)?;
        if let Some((name, style)) = tables.sheet(&event) {
            let shown = style.is_none_or(|style| !hidden.contains(&style));
            sheets.push((name, shown));
        }
        match event {
            Event::Start(start) if is(&start, "style:style") => {
                style = attribute(&start, "style:name");
            }
            Event::Start(start)
                if is(&start, "style:table-properties")
                    && attribute(&start, "table:display").as_deref() == Some("false") =>
            {
                hidden.extend(style.take());
            }
            Event::Eof => {
                tell_apart(sheets.iter_mut().map(|(name, _)| name).collect());
                return Ok(sheets);
            }
            _ => {}
        }
        buffer.clear();
    }
}

/// The rows of a table that has been opened.
fn table(xml: &mut Xml<'_>, rows: &mut Rows) -> Result<(), String> {
    let (mut buffer, mut line) = (Vec::new(), 0u32);
    // What is known of the row that is open: its repetitions, the next column, its cells.
    let (mut rows_alike, mut column, mut cells) = (1, 0u32, Vec::new());
    loop {
        match xml.read_event_into(&mut buffer).map_err(told)? {
            Event::Start(start) if is(&start, "table:table-row") => {
                rows_alike = repeats(&start, "table:number-rows-repeated");
                (column, cells) = (0, Vec::new());
            }
            Event::Start(start)
                if is(&start, "table:table-cell") || is(&start, "table:covered-table-cell") =>
            {
                let cells_alike = repeats(&start, "table:number-columns-repeated");
                let text = cell(xml, &start.to_owned())?;
                if !text.is_empty() {
                    cells.push((column, cells_alike, text));
                }
                column = column.saturating_add(cells_alike);
            }
            Event::End(end) if end.name().as_ref() == "table:table-row" => {
                for row in 0..if cells.is_empty() { 0 } else { rows_alike } {
                    for (column, cells_alike, text) in &cells {
                        for at in 0..*cells_alike {
                            let (row, column) =
                                (line.saturating_add(row), column.saturating_add(at));
                            if !rows.put(row, column, text.clone())? {
                                return Ok(());
                            }
                        }
                    }
                }
                line = line.saturating_add(rows_alike);
            }
            Event::End(end) if end.name().as_ref() == "table:table" => return Ok(()),
            Event::Eof => return Err("the sheet breaks off".into()),
            _ => {}
        }
        buffer.clear();
    }
}

/// A cell as it is shown: what it states as its value, else its paragraphs, a line each.
fn cell(xml: &mut Xml<'_>, start: &BytesStart<'_>) -> Result<String, String> {
    let shown = paragraphs(xml, start.name().as_ref())?;
    let stated = |name: &str| attribute(start, name);
    if stated("calcext:value-type").as_deref() == Some("error") {
        return Ok(String::new());
    }
    Ok(match stated("office:value-type").as_deref() {
        Some("float" | "percentage" | "currency") => {
            let value = stated("office:value").unwrap_or_default();
            value.parse::<f64>().map_or(value, |number| number.to_string())
        }
        Some("date") => stated("office:date-value").unwrap_or(shown),
        Some("time") => stated("office:time-value").unwrap_or(shown),
        Some("boolean") => stated("office:boolean-value").unwrap_or(shown),
        _ => shown,
    })
}

/// The text up to the end of the element `name`, without that of comments.
fn paragraphs(xml: &mut Xml<'_>, name: &str) -> Result<String, String> {
    let (mut out, mut buffer, mut comment) = (String::new(), Vec::new(), false);
    // Cells of a table within the cell have the same name.
    let mut within = 0u32;
    loop {
        match xml.read_event_into(&mut buffer).map_err(told)? {
            Event::Start(start) if is(&start, name) => within += 1,
            Event::End(end) if end.name().as_ref() == name && within == 0 => return Ok(out),
            Event::End(end) if end.name().as_ref() == name => within -= 1,
            Event::End(end) if end.name().as_ref() == "office:annotation" => comment = false,
            Event::Start(start) if is(&start, "office:annotation") => comment = true,
            Event::Eof => return Err("a cell breaks off".into()),
            _ if comment => {}
            Event::Start(start) if is(&start, "text:p") && !out.is_empty() => out.push('\n'),
            Event::Start(start) if is(&start, "text:line-break") => out.push('\n'),
            Event::Start(start) if is(&start, "text:tab") => out.push('\t'),
            Event::Start(start) if is(&start, "text:s") => {
                let n = repeats(&start, "text:c") as usize;
                out.extend(std::iter::repeat_n(' ', n.min(MAX_SPACES)));
            }
            Event::Text(text) => out.push_str(&text.xml10_content()),
            Event::CData(text) => out.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => out.push_str(&referred(&reference)),
            _ => {}
        }
        buffer.clear();
    }
}

/// What a character reference stands for; one that is not known stays as it is written.
fn referred(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.xml10_content();
    resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), str::to_string)
}
