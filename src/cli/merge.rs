//! `rolecluster merge`: one specialisation of several, or the folders of `embed --shard` joined into
//! a run folder.

use std::path::{Path, PathBuf};

use rolecluster::embeddings::ModelFingerprint;
use rolecluster::pipeline::{self, EarlierRoles, MergeSettings, QueryModel};
use serde::Serialize;

use super::correct;
use super::exit_code::ExitCode;
use super::merge_args::MergeArgs;
use super::printer::Printer;
use super::summary;
use super::table::{aligned, plain};

/// The summary as JSON.
#[derive(Serialize)]
struct MergeJson<'a> {
    roles: usize,
    shards: usize,
    skipped: u64,
    model: &'a ModelFingerprint,
    folder: &'a Path,
}

/// Merges specialisations, or joins shards where there is a folder to write.
pub fn run(args: MergeArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    match args.out.clone() {
        None => correct::merge(&args, printer),
        Some(out) => join(args, out, printer),
    }
}

fn join(args: MergeArgs, out: PathBuf, printer: &Printer) -> anyhow::Result<ExitCode> {
    let json = args.json;
    let earlier = if args.replace { EarlierRoles::Dropped } else { EarlierRoles::Refused };
    let shards = args.shards();
    let model = QueryModel { source: args.model, device: args.device.device, prompt_name: None };
    let settings = MergeSettings { shards, out, index: args.index.index, earlier, model };
    let (writer, merged) = pipeline::merge(&settings, &*printer.progress())?;
    merged.note.iter().for_each(|note| printer.note(note));
    if json {
        printer.json(&MergeJson {
            roles: merged.n_roles,
            shards: settings.shards.len(),
            skipped: merged.intake.skipped_total,
            model: &merged.model,
            folder: writer.path(),
        })?;
    } else {
        let mut rows = vec![vec!["roles".to_string(), merged.n_roles.to_string()]];
        rows.extend(summary::intake_facts(&merged.intake));
        rows.push(vec!["shards".into(), settings.shards.len().to_string()]);
        rows.push(vec!["folder".into(), plain(&writer.path().display().to_string())]);
        printer.summary(&aligned(summary::FACTS, &rows))?;
    }
    Ok(ExitCode::for_skipped(merged.intake.skipped_total))
}
