//! `rolecluster assign`: new postings to existing specialisations.

use rolecluster::pipeline::{self, Assigned};
use rolecluster::store::RunFolder;
use rolecluster::text::truncate;

use super::corrections::CorrectionsFile;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::reading::{self, Read};
use super::settings::{AssigningSettings, Output};
use super::table::{Align, aligned, plain};

/// Reads new postings and prints the specialisation of each; the run folder is not changed.
pub fn run(settings: &AssigningSettings, printer: &Printer) -> anyhow::Result<ExitCode> {
    if settings.dry_run {
        let pipeline::AssignSettings { inputs, read, .. } = &settings.assign;
        let outcome = pipeline::read_inputs(inputs, read, &*printer.progress())?;
        return reading::show(&outcome, settings.output, printer);
    }
    let run = RunFolder::open(&settings.dir).map_err(rolecluster::Error::from)?;
    let corrections = CorrectionsFile::read(&settings.dir)?.corrections().clone();
    let assign = pipeline::AssignSettings { corrections, ..settings.assign.clone() };
    let Assigned { places, intake, is_of_older_kind } =
        pipeline::assign(&run, &assign, &*printer.progress())?;
    reading::tell(&Read::from(&intake), printer);
    if is_of_older_kind {
        printer.warning(format!(
            "{} was clustered by an early version: its strengths are of the algorithm's own kind, \
             and postings of other trades get a place too; `rolecluster cluster {}` mends that",
            settings.dir.display(),
            settings.dir.display()
        ));
    }
    match settings.output {
        Output::Json => printer.json(&places)?,
        Output::Text => {
            let row = |place: &pipeline::Place| {
                vec![
                    plain(place.id.as_str()),
                    truncate(&plain(&place.title), 48).into_owned(),
                    format!("{:.2}", place.strength),
                    place.cluster.map_or_else(|| "-".into(), |id| id.to_string()),
                    match (&place.cluster_name, place.reason) {
                        (Some(name), _) => plain(name),
                        (None, reason) => reason.map_or_else(|| "-".into(), |r| r.to_string()),
                    },
                ]
            };
            let header = ["id", "title", "strength", "cluster", "specialisation"];
            let header = header.map(str::to_string).to_vec();
            let rows: Vec<Vec<String>> =
                std::iter::once(header).chain(places.iter().map(row)).collect();
            let columns = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Left];
            printer.data(&aligned(&columns, &rows))?;
        }
    }
    Ok(ExitCode::for_skipped(intake.skipped_total))
}
