//! `rolecluster embed`: inputs to a run folder with vectors.

use std::path::Path;

use rolecluster::embeddings::ModelFingerprint;
use rolecluster::pipeline::{self, EmbedSettings};
use serde::Serialize;

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::reading::{self, Read};
use super::settings::{EmbeddingSettings, Output};
use super::summary;
use super::table::{aligned, plain};

/// The summary as JSON.
#[derive(Serialize)]
struct EmbedJson<'a> {
    roles: usize,
    skipped: u64,
    computed: usize,
    cached: usize,
    model: &'a ModelFingerprint,
    device: &'a str,
    folder: &'a Path,
}

/// Reads, cleans and embeds.
pub fn run(settings: &EmbeddingSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let progress = printer.progress();
    let EmbedSettings { inputs, read, .. } = &settings.embed;
    let outcome = pipeline::read_inputs(inputs, read, &*progress)?;
    if settings.dry_run {
        return reading::show(&outcome, settings.output, printer);
    }
    reading::tell(&Read::from(&outcome), printer);
    let (writer, embedded) = match settings.shard {
        Some(shard) => pipeline::embed_shard(outcome, &settings.embed, shard, &*progress)?,
        None => pipeline::embed_read(outcome, &settings.embed, &*progress)?,
    };
    summary::note_model(&embedded, printer);
    summary::warn_of_shortened(&embedded.intake, printer);
    match settings.output {
        Output::Json => printer.json(&EmbedJson {
            roles: embedded.n_roles,
            skipped: embedded.intake.skipped_total,
            computed: embedded.n_computed,
            cached: embedded.n_cached,
            model: &embedded.model,
            device: &embedded.device,
            folder: writer.path(),
        })?,
        Output::Text => {
            let mut rows = vec![vec!["roles".to_string(), embedded.n_roles.to_string()]];
            rows.extend(summary::intake_facts(&embedded.intake));
            rows.push(summary::model_facts(&embedded));
            rows.extend(settings.shard.map(|shard| vec!["shard".into(), shard.to_string()]));
            rows.push(vec!["folder".into(), plain(&writer.path().display().to_string())]);
            printer.summary(&aligned(summary::FACTS, &rows))?;
        }
    }
    Ok(ExitCode::for_skipped(embedded.intake.skipped_total))
}
