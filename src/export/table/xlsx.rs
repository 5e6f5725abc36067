//! A workbook: roles, specialisations, technologies and trends, a sheet each. Text cells are
//! texts, so an id such as `1.10` stays one and nothing runs as a formula.

use std::io::{self, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::column::{Column, Values};
use super::options::Changed;
use crate::group_codes::{GroupCode, GroupCodes};
use crate::report::Report;
use crate::tabulate::Trends;

/// Rows of a sheet, the header counted.
const MOST_ROWS: usize = 1_048_576;
/// Characters of a cell.
const MOST_CHARS: usize = 32_767;

/// Writes the workbook. `trends` are named by what was compared.
pub(in crate::export) fn write(
    columns: &[Column],
    report: &Report,
    codes: Option<&GroupCodes>,
    trends: &[(&str, Trends)],
    out: &mut dyn Write,
) -> io::Result<Changed> {
    let n = columns.first().map_or(0, |column| column.values.len());
    if n >= MOST_ROWS {
        let why = format!(
            "a sheet holds {} rows and there are {n} roles; export csv or parquet instead",
            MOST_ROWS - 1
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let mut workbook = Workbook::new();
    // Equal input gives equal bytes: no time of writing.
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(io::Error::other)?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
    let mut changed = Changed::default();
    let mut sheets = Sheets { workbook: &mut workbook, changed: &mut changed };
    sheets.roles(columns).map_err(io::Error::other)?;
    sheets.specialisations(report, codes).map_err(io::Error::other)?;
    sheets.technologies(report).map_err(io::Error::other)?;
    sheets.trends(trends).map_err(io::Error::other)?;
    let bytes = workbook.save_to_buffer().map_err(io::Error::other)?;
    out.write_all(&bytes)?;
    Ok(changed)
}

struct Sheets<'a> {
    workbook: &'a mut Workbook,
    changed: &'a mut Changed,
}

/// A row of any sheet but that of the roles.
enum Value<'a> {
    Text(&'a str),
    Number(f64),
}

fn code(best: &GroupCode) -> [Value<'_>; 3] {
    [Value::Text(&best.code), Value::Text(&best.title), Value::Number(best.score)]
}

impl Sheets<'_> {
    fn roles(&mut self, columns: &[Column]) -> Result<(), XlsxError> {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let sheet = sheet(self.workbook, "roles", &names)?;
        for (at, column) in columns.iter().enumerate() {
            let at = place(at)?;
            for row in 0..column.values.len() {
                let below = row as u32 + 1;
                match &column.values {
                    Values::Text(values) => {
                        if let Some(text) = &values[row] {
                            write_text(sheet, (below, at), text, self.changed)?;
                        }
                    }
                    Values::List(values) => {
                        let separator = if column.is_ids { " " } else { "; " };
                        let text = values[row].join(separator);
                        write_text(sheet, (below, at), &text, self.changed)?;
                    }
                    Values::Integer(values) => {
                        number(sheet, (below, at), values[row].map(|v| v as f64))?;
                    }
                    Values::Float(values) => number(sheet, (below, at), values[row])?,
                    Values::Single(values) => {
                        number(sheet, (below, at), values[row].map(f64::from))?;
                    }
                    Values::Flag(values) => {
                        if let Some(flag) = values[row] {
                            sheet.write_boolean(below, at, flag)?;
                        }
                    }
                    Values::Date(values) => {
                        if let Some(date) = values[row] {
                            let text = date.to_string();
                            match ExcelDateTime::parse_from_str(&text) {
                                Ok(date) => {
                                    sheet.write_datetime_with_format(below, at, &date, &day)?
                                }
                                // Days before 1900 are none to Excel.
                                Err(_) => sheet.write_string(below, at, &text)?,
                            };
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn specialisations(
        &mut self,
        report: &Report,
        codes: Option<&GroupCodes>,
    ) -> Result<(), XlsxError> {
        let n = report.placements.len().max(1) as f64;
        let with_directions = !report.directions.is_empty();
        let is_corrected = !report.corrections.is_empty();
        let texts: Vec<[String; 4]> = report
            .profiles
            .iter()
            .map(|profile| {
                let technologies: Vec<&str> =
                    profile.technologies.iter().map(|t| t.label.as_str()).collect();
                let terms: Vec<&str> = profile.terms.iter().map(|t| t.term.as_str()).collect();
                let exemplars: Vec<&str> = profile.exemplars.iter().map(|id| id.as_str()).collect();
                let by_hand: Vec<&str> = profile.by_hand.iter().map(|what| what.key()).collect();
                [technologies.join("; "), terms.join("; "), exemplars.join(" "), by_hand.join("; ")]
            })
            .collect();
        let rows = report.profiles.iter().zip(&texts).map(
            |(profile, [technologies, terms, exemplars, by_hand])| {
                let mut row = vec![
                    Value::Number(f64::from(profile.id.number())),
                    Value::Text(&profile.name),
                    Value::Number(profile.size as f64),
                    Value::Number(profile.size as f64 / n),
                    Value::Text(technologies),
                    Value::Text(terms),
                    Value::Text(exemplars),
                ];
                if with_directions {
                    let name = profile.direction.and_then(|id| report.direction_name(id));
                    row.push(Value::Text(name.unwrap_or_default()));
                }
                if is_corrected {
                    row.push(Value::Text(by_hand));
                }
                let best = codes.and_then(|codes| codes.of_cluster(profile.id).first());
                row.extend(best.into_iter().flat_map(code));
                row
            },
        );
        let mut names =
            vec!["cluster", "name", "roles", "share", "technologies", "terms", "exemplars"];
        names.extend(with_directions.then_some("direction"));
        names.extend(is_corrected.then_some("by_hand"));
        if codes.is_some() {
            names.extend(["code", "code_title", "code_score"]);
        }
        self.rows("specialisations", &names, rows.collect())
    }

    fn technologies(&mut self, report: &Report) -> Result<(), XlsxError> {
        let mut rows = Vec::new();
        for technology in &report.technologies {
            rows.push(vec![
                Value::Text(&technology.name),
                Value::Text(&technology.label),
                Value::Text(&technology.kind),
                Value::Text(""),
                Value::Number(technology.count as f64),
                Value::Number(technology.share),
                Value::Number(technology.lift),
            ]);
        }
        for profile in &report.profiles {
            rows.extend(profile.technologies.iter().map(|technology| {
                vec![
                    Value::Text(&technology.name),
                    Value::Text(&technology.label),
                    Value::Text(&technology.kind),
                    Value::Text(&profile.name),
                    Value::Number(technology.count as f64),
                    Value::Number(technology.share),
                    Value::Number(technology.lift),
                ]
            }));
        }
        let names = ["technology", "label", "kind", "specialisation", "roles", "share", "lift"];
        self.rows("technologies", &names, rows)
    }

    fn trends(&mut self, trends: &[(&str, Trends)]) -> Result<(), XlsxError> {
        let mut rows = Vec::new();
        for (of, compared) in trends {
            rows.extend(compared.changes.iter().map(|change| {
                vec![
                    Value::Text(of),
                    Value::Text(&change.name),
                    Value::Text(&compared.first),
                    Value::Text(&compared.last),
                    Value::Number(change.before as f64),
                    Value::Number(change.after as f64),
                    Value::Number(change.share_before),
                    Value::Number(change.share_after),
                    Value::Number(change.difference.low),
                    Value::Number(change.difference.high),
                    Value::Number(change.p_adjusted),
                ]
            }));
        }
        let names = [
            "of",
            "name",
            "first",
            "last",
            "roles_first",
            "roles_last",
            "share_first",
            "share_last",
            "difference_low",
            "difference_high",
            "p_adjusted",
        ];
        self.rows("trends", &names, rows)
    }

    fn rows(&mut self, name: &str, names: &[&str], rows: Vec<Vec<Value>>) -> Result<(), XlsxError> {
        let sheet = sheet(self.workbook, name, names)?;
        for (row, values) in rows.into_iter().take(MOST_ROWS - 1).enumerate() {
            for (at, value) in values.into_iter().enumerate() {
                let cell = (row as u32 + 1, place(at)?);
                match value {
                    Value::Text(text) => write_text(sheet, cell, text, self.changed)?,
                    Value::Number(value) => number(sheet, cell, Some(value))?,
                }
            }
        }
        Ok(())
    }
}

fn sheet<'a>(
    workbook: &'a mut Workbook,
    name: &str,
    names: &[&str],
) -> Result<&'a mut Worksheet, XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (at, name) in names.iter().enumerate() {
        sheet.write_string_with_format(0, place(at)?, *name, &bold)?;
    }
    Ok(sheet)
}

fn place(at: usize) -> Result<u16, XlsxError> {
    u16::try_from(at).map_err(|_| XlsxError::RowColumnLimitError)
}

fn number(sheet: &mut Worksheet, at: (u32, u16), value: Option<f64>) -> Result<(), XlsxError> {
    if let Some(value) = value.filter(|value| value.is_finite()) {
        sheet.write_number(at.0, at.1, value)?;
    }
    Ok(())
}

fn write_text(
    sheet: &mut Worksheet,
    at: (u32, u16),
    text: &str,
    changed: &mut Changed,
) -> Result<(), XlsxError> {
    if text.is_empty() {
        return Ok(());
    }
    // XML has no place for control characters, and a sheet counts in UTF-16.
    let clean = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let mut room = MOST_CHARS;
    let mut fits = |c: &char| {
        let size = c.len_utf16();
        room.checked_sub(size).map(|left| room = left).is_some()
    };
    let kept: String = text.chars().filter(clean).take_while(|c| fits(c)).collect();
    changed.cut +=
        usize::from(room < 2 && kept.chars().count() < text.chars().filter(clean).count());
    sheet.write_string(at.0, at.1, &kept)?;
    Ok(())
}
