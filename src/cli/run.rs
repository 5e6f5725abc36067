//! `rolecluster run`: the main command, inputs to a complete run folder.

use rolecluster::pipeline;

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::RunSettings;
use super::summary::{self, Summary};

/// Reads, cleans, embeds, clusters, names and writes.
pub fn run(settings: &RunSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let progress = printer.progress();
    let (mut writer, embedded) = pipeline::embed(&settings.embed, &*progress)?;
    summary::note_model(&embedded, printer);
    summary::warn_of_skipped(&embedded.intake, printer);
    let report = pipeline::discover(&mut writer, &settings.discover, &*progress)?;
    summary::warn_of_method(&report, printer);
    let folder = writer.path().to_path_buf();
    Summary { report: &report, embedded: Some(&embedded), folder: &folder }
        .print(settings.output, printer)?;
    Ok(ExitCode::for_skipped(embedded.intake.skipped_total))
}
