//! Roles counted by two dimensions: counts, shares with intervals, or pay.

use std::collections::BTreeMap;

use serde::Serialize;

use super::interval::{quartiles, wilson};
use crate::over_time::Interval;

/// Cells with fewer roles are suppressed unless asked otherwise: a share of three roles says
/// nothing, and a median of two tells what one employer pays.
pub const DEFAULT_FLOOR: usize = 5;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Fewer roles than the floor, and more than none.
    Suppressed,
    /// Roles.
    Count(usize),
    /// Roles of the column that are of the row.
    Share {
        /// Roles of both.
        count: usize,
        /// `count` over the roles of the column.
        share: f64,
        /// 95 % score interval.
        interval: Interval,
    },
    /// A month's pay, in the currency of the table.
    Pay {
        /// Roles with pay in that currency.
        count: usize,
        /// Lower quartile, median, upper quartile.
        quartiles: [f64; 3],
    },
}

/// What to put into the cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Values<'a> {
    /// Roles.
    Count,
    /// Shares of the roles of each column.
    Share,
    /// Quartiles of these months' pay, one per role, `None` for roles without.
    Pay(&'a [Option<f64>]),
}

/// A table of cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossTab {
    /// Names of the rows: most roles first.
    pub rows: Vec<String>,
    /// Names of the columns: most roles first, periods in order.
    pub columns: Vec<String>,
    /// Roles of each column.
    pub column_totals: Vec<usize>,
    /// One list of cells per row.
    pub cells: Vec<Vec<Cell>>,
    /// Cells left empty because they hold fewer roles than `floor`.
    pub suppressed: usize,
    /// The least number of roles of a cell that is shown.
    pub floor: usize,
    /// Roles without a value along one of the dimensions, or without pay where that is shown.
    pub without: usize,
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Cells with fewer roles are suppressed.
    pub floor: usize,
    /// Rows at most, those with most roles.
    pub most_rows: usize,
    /// Columns at most.
    pub most_columns: usize,
    /// Whether columns are periods, which stay in order and are all kept.
    pub columns_are_periods: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Layout { floor: DEFAULT_FLOOR, most_rows: 30, most_columns: 12, columns_are_periods: false }
    }
}

/// Counts roles by the values of two dimensions. A role with several values, such as its
/// technologies, counts in each of them once.
///
/// # Panics
/// If the dimensions, or the pay, are not of equally many roles.
pub fn cross_tab(
    rows: &[Vec<String>],
    columns: &[Vec<String>],
    values: Values,
    layout: Layout,
) -> CrossTab {
    assert_eq!(rows.len(), columns.len(), "one value of each dimension per role");
    let pay = |at: usize| match values {
        Values::Pay(pay) => pay[at],
        _ => Some(0.0),
    };
    let counted =
        |at: &usize| !rows[*at].is_empty() && !columns[*at].is_empty() && pay(*at).is_some();
    let at: Vec<usize> = (0..rows.len()).filter(counted).collect();
    let in_columns: Vec<usize> = (0..rows.len()).filter(|&at| !columns[at].is_empty()).collect();
    let row_names = names(at.iter().map(|&at| &rows[at]), layout.most_rows, false);
    let is_period = layout.columns_are_periods;
    let most = if is_period { usize::MAX } else { layout.most_columns };
    let column_names = names(in_columns.iter().map(|&at| &columns[at]), most, is_period);
    let mut pays: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
    for &role in &at {
        for row in unique(&rows[role]) {
            for column in unique(&columns[role]) {
                pays.entry((row, column)).or_default().extend(pay(role));
            }
        }
    }
    let total = |name: &String| in_columns.iter().filter(|&&at| columns[at].contains(name)).count();
    let column_totals: Vec<usize> = column_names.iter().map(total).collect();
    let cell = |row: &str, (column, &total): (&String, &usize)| {
        let here = pays.get(&(row, column.as_str())).map_or(&[][..], Vec::as_slice);
        cell(here, total, values, layout.floor)
    };
    let cells: Vec<Vec<Cell>> = row_names
        .iter()
        .map(|row| {
            column_names.iter().zip(&column_totals).map(|column| cell(row, column)).collect()
        })
        .collect();
    let suppressed = cells.iter().flatten().filter(|cell| **cell == Cell::Suppressed).count();
    CrossTab {
        without: rows.len() - at.len(),
        rows: row_names,
        columns: column_names,
        column_totals,
        suppressed,
        cells,
        floor: layout.floor,
    }
}

fn cell(pays: &[f64], total: usize, values: Values, floor: usize) -> Cell {
    let count = pays.len();
    match (values, wilson(count, total), quartiles(pays)) {
        _ if count > 0 && count < floor => Cell::Suppressed,
        (Values::Share, Some(interval), _) => {
            Cell::Share { count, share: count as f64 / total as f64, interval }
        }
        (Values::Pay(_), _, Some(quartiles)) => Cell::Pay { count, quartiles },
        _ => Cell::Count(count),
    }
}

/// The values of a dimension: most roles first, ties by name; or all in the order of their names.
fn names<'a>(
    values: impl Iterator<Item = &'a Vec<String>>,
    most: usize,
    by_name: bool,
) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for role in values {
        unique(role).into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    if !by_name {
        names.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    }
    names.into_iter().take(most).map(|(name, _)| name.to_string()).collect()
}

/// The values of one role, each once.
fn unique(values: &[String]) -> Vec<&str> {
    let mut values: Vec<&str> = values.iter().map(String::as_str).collect();
    values.sort_unstable();
    values.dedup();
    values
}
