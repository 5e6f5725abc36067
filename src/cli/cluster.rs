//! `rolecluster cluster`: the roles of a run folder, grouped again.

use rolecluster::pipeline;
use rolecluster::store::{RunFolder, RunWriter};

use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::ClusterSettings;
use super::summary::{self, Summary};

/// Clusters, names and writes.
pub fn run(settings: &ClusterSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    // A folder that holds no run is refused before a lock file is left in it.
    RunFolder::open(&settings.dir).map_err(rolecluster::Error::from)?;
    let mut writer = RunWriter::open(&settings.dir).map_err(rolecluster::Error::from)?;
    let report = pipeline::discover(&mut writer, &settings.discover, &*printer.progress())?;
    summary::warn_of_method(&report, printer);
    Summary { report: &report, embedded: None, folder: &settings.dir }
        .print(settings.output, printer)?;
    Ok(ExitCode::Success)
}
