//! Output formats of a report: one row per role for programs ([`export`]); a report of figures
//! ([`markdown`]), the postings themselves in order ([`digest`]), a page with a map ([`html`]) and
//! the map as a picture ([`svg`], [`png`]), and two runs compared ([`comparison`],
//! [`comparison_page`]) for people. [`AnswerTable`] puts what is found of rows beside them, and
//! [`AnswerWriter`] writes it as an Arrow stream.

mod answers;
mod chart;
mod comparison;
mod digest;
mod document;
mod html;
mod json;
mod markdown;
mod markup;
mod picture;
#[cfg(feature = "png")]
mod png;
#[cfg(not(feature = "png"))]
#[path = "png_disabled.rs"]
mod png;
mod report_text;
mod row;
mod schema;
mod svg;
mod table;

use std::io::{self, Write};

use strum::{EnumString, VariantNames};

use crate::read::Batch;
use crate::report::Report;
use crate::role::Role;
use crate::tabulate::{DEFAULT_FLOOR, Facets, Repeats, Span};
use crate::unknown_name::UnknownName;

pub use answers::{AnswerColumn, AnswerTable, AnswerWriter, Values, answer_batch};
pub use comparison::{comparison, comparison_page, two_languages};
pub use digest::{Boilerplate, digest};
pub use html::{Links, html, html_policy};
pub use markdown::markdown;
pub use png::png;
pub use report_text::by_person;
pub use schema::REPORT_SCHEMA;
pub use svg::svg;
use table::Table;
pub use table::{Changed, Formulas, TableOptions};

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase")]
#[strum(parse_err_ty = UnknownName, parse_err_fn = unknown_format)]
pub enum Format {
    /// One document: model, clusters, roles.
    Json,
    /// One role per line.
    Jsonl,
    /// One role per row; noise is -1.
    Csv,
    /// One role per row; noise is null.
    Parquet,
    /// A workbook with sheets for roles, specialisations, technologies and trends.
    Xlsx,
}

fn unknown_format(name: &str) -> UnknownName {
    UnknownName::new("export format", name, Format::VARIANTS)
}

/// Writes a report to `out`: the tabular formats with a row for each of `roles`, which stand in
/// the order of the report's placements.
///
/// # Errors
/// When `out` cannot be written, or a workbook cannot hold as many roles.
///
/// # Panics
/// If roles, neighbours or codes are not as many as the report's placements.
pub fn export(
    report: &Report,
    roles: &[Role],
    options: &TableOptions,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<Changed> {
    if format == Format::Json {
        json::document(report, options, out)?;
        return Ok(Changed::default());
    }
    let table = Table::of(report, roles, options);
    match format {
        Format::Json => {}
        Format::Jsonl => table::jsonl(&table, out)?,
        Format::Csv => return table::csv(&table, options, out),
        Format::Parquet => table::parquet(&table.columns(), out)?,
        Format::Xlsx => {
            let facets = Facets::new(report, roles, options.today, Repeats::LeftOut);
            return table::xlsx(
                &table.columns(),
                report,
                options.group_codes,
                &facets.trends(Span::Month, DEFAULT_FLOOR),
                out,
            );
        }
    }
    Ok(Changed::default())
}

/// The rows that [`export`] writes as Parquet, as a table in memory.
///
/// # Errors
/// When the columns do not make a table.
///
/// # Panics
/// As [`export`].
pub fn role_table(report: &Report, roles: &[Role], options: &TableOptions) -> io::Result<Batch> {
    Ok(Batch::from(table::batch(&Table::of(report, roles, options).columns())?))
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
