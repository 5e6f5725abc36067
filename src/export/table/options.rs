//! What a table may hold, and what it could not.

use jiff::civil::Date;

use crate::classify::StandardCode;
use crate::group_codes::GroupCodes;
use crate::role::RoleId;

/// What a table holds beside what every table holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct TableOptions<'a> {
    /// The ids of each role's nearest roles, in the order of the report's placements.
    pub neighbors: Option<&'a [Vec<RoleId>]>,
    /// The standard codes near each role, best first, in the same order.
    pub codes: Option<&'a [Vec<StandardCode>]>,
    /// Those near each specialisation and direction.
    pub group_codes: Option<&'a GroupCodes>,
    /// The day relative dates such as `3 days ago` count from.
    pub today: Option<Date>,
    /// CSV only: written before every id, so that a spreadsheet takes `1.10` for a text.
    pub id_prefix: &'a str,
    /// CSV only: a byte order mark at the beginning, by which Excel knows UTF-8.
    pub byte_order_mark: bool,
    /// CSV only: what becomes of a cell that a spreadsheet would run.
    pub formulas: Formulas,
}

/// What becomes of the text of a cell that a spreadsheet would take for a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formulas {
    /// It gets an apostrophe in front.
    #[default]
    Neutralised,
    /// It stays as it is.
    Kept,
}

/// What a table could not hold as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changed {
    /// Cells that got an apostrophe in front.
    pub neutralised: usize,
    /// Cells whose text was cut to what a spreadsheet holds.
    pub cut: usize,
}
