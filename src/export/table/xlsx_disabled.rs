//! A build without workbooks.

use std::io::{self, Write};

use super::column::Column;
use super::options::Changed;
use crate::group_codes::GroupCodes;
use crate::report::Report;
use crate::tabulate::Trends;

pub(in crate::export) fn write(
    _columns: &[Column],
    _report: &Report,
    _codes: Option<&GroupCodes>,
    _trends: &[(&str, Trends)],
    _out: &mut dyn Write,
) -> io::Result<Changed> {
    let why = "this build writes no workbooks; build it with the feature xlsx, or export csv";
    Err(io::Error::new(io::ErrorKind::Unsupported, why))
}
