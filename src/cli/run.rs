//! `rolecluster run`: the main command, inputs to a complete run folder.

use rolecluster::pipeline::{self, DiscoverSettings, EarlierRoles, EmbedSettings};

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
    // Wrong files are told before hours of embedding, not after.
    let directions = settings.directions.as_deref();
    let discover = with_directions(settings.discover.clone(), directions, None)?;
    let corrections = CorrectionsFile::read(&settings.embed.out)?.corrections().clone();
    let discover = DiscoverSettings { corrections, ..discover };
    let EmbedSettings { inputs, read, .. } = &settings.embed;
    let outcome = pipeline::read_inputs(inputs, read, &*progress)?;
    if settings.dry_run {
        return reading::show(&outcome, settings.output, printer);
    }
    reading::tell(&Read::from(&outcome), printer);
    // Told before hours of embedding, not after; with --add the folder holds more roles than that.
    if settings.embed.earlier != EarlierRoles::Kept {
        settings.refuse_too_many_clusters(outcome.corpus.len())?;
    }
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
