//! Kinds of workbooks, and who takes their sheets.

use crate::read::ReadError;
use crate::read::sink::Sink;

/// How a workbook is stored.
#[cfg_attr(not(feature = "xlsx"), allow(dead_code))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) enum Kind {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

impl Kind {
    /// The name users know it by.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Xlsx => "xlsx",
            Kind::Xlsb => "xlsb",
            Kind::Xls => "xls",
            Kind::Ods => "ods",
        }
    }
}

/// Something that takes the sheets of a workbook one after another.
#[cfg_attr(not(feature = "xlsx"), allow(dead_code))]
pub(in crate::read) trait Sheets {
    /// Reads one sheet with a sink of its own, named after the workbook and the sheet.
    ///
    /// # Errors
    /// Whatever `read` fails with, and a sheet without a role.
    fn sheet(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut Sink<'_>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError>;

    /// A sheet that is not wanted, and why.
    fn left_out(&mut self, name: &str, reason: String);

    /// A sheet that could not be read, and why.
    fn failed(&mut self, name: &str, reason: String);
}
