//! `rolecluster embed`: inputs -> a run folder with vectors.

use rolecluster::pipeline::{self, EmbedSettings};

use super::summary::{told_intake, warn_of_skipped};
use super::table::aligned;
use super::{ExitCode, Printer, summary};

/// Reads, cleans and embeds.
pub fn run(settings: &EmbedSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let (_writer, embedded) = pipeline::embed(settings, &*printer.progress())?;
    summary::note_device(&embedded, printer);
    warn_of_skipped(&embedded.intake, printer);
    let mut rows = vec![vec!["roles".to_string(), embedded.n_roles.to_string()]];
    rows.extend(told_intake(&embedded.intake));
    rows.push(summary::told_model(&embedded));
    rows.push(vec!["folder".into(), settings.out.display().to_string()]);
    printer.summary(&aligned(summary::FACTS, &rows))?;
    Ok(ExitCode::for_skipped(embedded.intake.skipped_total))
}
