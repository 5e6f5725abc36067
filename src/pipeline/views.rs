//! Writes the files that people open: digest, map and table.

use crate::error::Error;
use crate::export::{self, Format, TableOptions};
use crate::language::Language;
use crate::report::Report;
use crate::role::Role;
use crate::store::{RunWriter, View};

/// Writes digest, map and table into the run folder. `roles` are those of the report's
/// placements, in the same order.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_views(
    run: &mut RunWriter,
    report: &Report,
    roles: &[Role],
    language: Language,
) -> Result<(), Error> {
    run.write_view(View::Digest, |out| export::markdown(report, roles, language, out))?;
    run.write_view(View::MapPage, |out| export::html(report, roles, language, None, out))?;
    run.write_view(View::MapPicture, |out| export::svg(report, language, out))?;
    run.write_view(View::Table, |out| {
        export::export(report, roles, &TableOptions::default(), Format::Csv, out).map(|_| ())
    })?;
    Ok(())
}
