//! Tables written the other way round: a column at a time, or names apart from rows.
//!
//! pandas alone writes five of them: `columns` (`{"title": {"0": "a"}}`), `list`
//! (`{"title": ["a"]}`), `split` (`{"columns": ["title"], "data": [["a"]]}`), `values`
//! (`[["a"]]`) and `index` (`{"0": {"title": "a"}}`, objects by id, see the plan).

use std::collections::HashMap;

use super::flatten;
use super::judge::Judge;
use super::value::{Json, Object};
use crate::read::record::Record;

/// How the values of one object, or the rows of one array, make records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// Each object is a record.
    Records,
    /// An object of columns, each an object from row to value.
    Columns,
    /// An object of columns, each an array.
    Lists,
    /// Rows in one member of an object, their names in another.
    Split { names: String, rows: String },
    /// An array of arrays; the first may be the names.
    Rows,
}

/// The layout of an object that is a table, if it is one.
pub(super) fn of(object: &Object<'_>, judge: &mut Judge<'_>) -> Option<Layout> {
    if let Some(layout) = split(object) {
        return Some(layout);
    }
    let says = |judge: &mut Judge<'_>| object.members.iter().any(|(name, _)| judge.is_text(name));
    if by_lists(object) && says(judge) {
        return Some(Layout::Lists);
    }
    (by_columns(object) && says(judge)).then_some(Layout::Columns)
}

/// Whether an array is rows of cells.
pub(super) fn is_rows(items: &[Json<'_>]) -> bool {
    let row = |item: &Json<'_>| item.array().is_some_and(is_row);
    !items.is_empty() && items.iter().take(50).all(row)
}

/// Whether an array is one row of cells.
pub(super) fn is_row(items: &[Json<'_>]) -> bool {
    let within = |cell: &Json<'_>| matches!(cell, Json::Object(_));
    let nested = |cell: &Json<'_>| cell.array().is_some_and(|items| items.iter().any(within));
    items.iter().any(|cell| cell.scalar().is_some())
        && !items.iter().any(|cell| within(cell) || nested(cell))
}

fn split(object: &Object<'_>) -> Option<Layout> {
    let (rows, items) = object.members.iter().find_map(|(name, value)| {
        let items = value.array()?;
        let row = |item: &Json<'_>| item.array().is_some_and(|cells| !cells.is_empty());
        (!items.is_empty() && items.iter().take(50).all(row)).then_some((name, items))
    })?;
    let width = items[0].array()?.len();
    let (names, _) = object.members.iter().find(|(name, value)| {
        let named =
            |items: &[Json<'_>]| items.len() == width && items.iter().all(|i| name_of(i).is_some());
        name != rows && value.array().is_some_and(named)
    })?;
    Some(Layout::Split { names: names.to_string(), rows: rows.to_string() })
}

/// A column's name, as itself or within its description.
fn name_of<'j>(value: &'j Json<'_>) -> Option<&'j str> {
    match value {
        Json::Text(name) => Some(name),
        Json::Object(object) => {
            ["name", "label", "title", "field", "id"].iter().find_map(|key| object.get(key)?.text())
        }
        _ => None,
    }
}

fn by_lists(object: &Object<'_>) -> bool {
    let mut lengths = object.members.iter().map(|(_, value)| value.array().map(<[_]>::len));
    let Some(Some(length)) = lengths.next() else { return false };
    length > 1 && lengths.all(|other| other == Some(length))
}

fn by_columns(object: &Object<'_>) -> bool {
    let columns: Option<Vec<&Object<'_>>> =
        object.members.iter().map(|(_, value)| value.object()).collect();
    let Some(columns) = columns.filter(|columns| !columns.is_empty()) else { return false };
    let first = columns[0];
    // `{"title": {"en": ..., "fr": ...}}` is one record in two languages.
    if first.members.is_empty() || flatten::is_text(first) {
        return false;
    }
    let numbered = first.members.iter().all(|(row, _)| row.bytes().all(|b| b.is_ascii_digit()));
    let cells = columns.iter().all(|column| {
        column.members.len() == first.members.len()
            && column.members.iter().zip(&first.members).all(|(a, b)| a.0 == b.0)
            && column.members.iter().all(|(_, cell)| cell.object().is_none_or(flatten::is_text))
    });
    cells && (numbered || columns.len() > 1 && first.members.len() > 1)
}

/// The records of a table, each with its row counted from 0.
pub(super) fn records(
    object: &Object<'_>,
    layout: &Layout,
    take: &mut dyn FnMut(usize, Result<Record, String>),
) {
    match layout {
        Layout::Columns => {
            let columns: Vec<(&str, HashMap<&str, &Json<'_>>)> = object
                .members
                .iter()
                .filter_map(|(name, column)| {
                    let cells = column.object()?.members.iter();
                    Some((&**name, cells.map(|(row, cell)| (&**row, cell)).collect()))
                })
                .collect();
            let first = object.members.first().and_then(|(_, column)| column.object());
            for (at, (row, _)) in first.iter().flat_map(|first| &first.members).enumerate() {
                let cells = columns.iter();
                take(
                    at,
                    record(cells.filter_map(|(name, cells)| Some((*name, *cells.get(&**row)?)))),
                );
            }
        }
        Layout::Lists => {
            let columns: Vec<(&str, &[Json<'_>])> =
                object.members.iter().filter_map(|(n, v)| Some((&**n, v.array()?))).collect();
            let length = columns.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
            for row in 0..length {
                let cells = columns.iter();
                take(row, record(cells.filter_map(|(name, cells)| Some((*name, cells.get(row)?)))));
            }
        }
        Layout::Split { names, rows } => {
            let names: Vec<&str> = object
                .get(names)
                .and_then(Json::array)
                .map(|names| names.iter().map(|name| name_of(name).unwrap_or_default()).collect())
                .unwrap_or_default();
            let rows = object.get(rows).and_then(Json::array).unwrap_or_default();
            for (at, row) in rows.iter().enumerate() {
                let taken = match row.array() {
                    Some(cells) if cells.len() <= names.len() => {
                        record(names.iter().copied().zip(cells))
                    }
                    Some(cells) => {
                        Err(format!("has {} values for {} names", cells.len(), names.len()))
                    }
                    None => Err(format!("is {}, not a row", row.kind())),
                };
                take(at, taken);
            }
        }
        Layout::Records | Layout::Rows => {}
    }
}

fn record<'j, 'v: 'j>(
    cells: impl Iterator<Item = (&'j str, &'j Json<'v>)>,
) -> Result<Record, String> {
    let mut record = Record::new();
    for (name, cell) in cells {
        flatten::add(name.to_string(), cell, &mut record)?;
    }
    Ok(record)
}
