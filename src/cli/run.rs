//! `rolecluster run`: the main command, inputs to a complete run folder.

use rolecluster::pipeline::{self, DiscoverSettings, EmbedSettings};

use super::corrections::CorrectionsFile;
use super::directions_file::with_directions;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::reading::{self, Read};
use super::settings::RunSettings;
use super::summary::{self, Summary};

/// Reads, cleans, embeds, clusters, names and writes.
pub fn run(settings: RunSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let progress = printer.progress();
    // A wrong file is told before hours of embedding, not after.
    let discover = discover_settings(&settings)?;
    let EmbedSettings { inputs, read, .. } = &settings.embed;
    let outcome = pipeline::read_inputs(inputs, read, &*progress)?;
    if settings.dry_run {
        return reading::show(&outcome, settings.output, printer);
    }
    reading::tell(&Read::from(&outcome), printer);
    // Told before hours of embedding, not after.
    settings.refuse_too_many_clusters(outcome.corpus.len())?;
    let (mut writer, embedded) = pipeline::embed_read(outcome, &settings.embed, &*progress)?;
    summary::note_model(&embedded, printer);
    summary::warn_of_shortened(&embedded.intake, printer);
    let report = pipeline::discover(&mut writer, &discover, &*progress)?;
    summary::warn_of_method(&report, printer);
    let folder = writer.path().to_path_buf();
    Summary { report: &report, embedded: Some(&embedded), folder: &folder }
        .print(settings.output, printer)?;
    Ok(ExitCode::for_skipped(embedded.intake.skipped_total))
}

/// The settings with what the files of directions and corrections say; a dry run reads neither.
pub fn discover_settings(settings: &RunSettings) -> anyhow::Result<DiscoverSettings> {
    let discover = settings.discover.clone();
    if settings.dry_run {
        return Ok(discover);
    }
    let corrections = CorrectionsFile::read(&settings.embed.out)?.corrections().clone();
    let discover = with_directions(discover, settings.directions.as_deref(), None)?;
    Ok(DiscoverSettings { corrections, ..discover })
}
