//! `rolecluster cluster`: the roles of a run folder, grouped again.

use rolecluster::pipeline::{self, DiscoverSettings};
use rolecluster::store::{RunFolder, RunWriter};

use super::corrections::CorrectionsFile;
use super::directions_file::with_directions;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::settings::ClusterSettings;
use super::summary::{self, Summary};

/// Clusters, names and writes.
pub fn run(settings: ClusterSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    let ClusterSettings { dir, discover, directions, model, output } = settings;
    // A folder that holds no run is refused before a lock file is left in it.
    RunFolder::open(&dir).map_err(rolecluster::Error::from)?;
    let discover = with_directions(discover, directions.as_deref(), model)?;
    let corrections = CorrectionsFile::read(&dir)?.corrections().clone();
    let discover = DiscoverSettings { corrections, ..discover };
    let mut writer = RunWriter::open(&dir).map_err(rolecluster::Error::from)?;
    let report = pipeline::discover(&mut writer, &discover, &*printer.progress())?;
    summary::warn_of_method(&report, printer);
    Summary { report: &report, embedded: None, folder: &dir }.print(output, printer)?;
    Ok(ExitCode::Success)
}
