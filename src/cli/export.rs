//! `rolecluster export`: the roles of a run folder as a table, or its map as a picture.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use rolecluster::atomic_file;
use rolecluster::export::{Format, export, png};
use rolecluster::language::Language;
use rolecluster::pipeline::{load_report, neighbor_ids};
use rolecluster::report::Report;
use rolecluster::role::RoleId;
use rolecluster::store::RunFolder;

use super::args::ExportArgs;
use super::exit_code::ExitCode;
use super::names::ExportFormat;
use super::printer::Printer;
use super::usage_error::UsageError;

/// Exports to a file, which is replaced in one step, or to stdout.
pub fn run(args: &ExportArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let to_stdout = args.out == Path::new("-");
    if to_stdout && io::stdout().is_terminal() {
        let binary = match args.format {
            ExportFormat::Picture => Some("PNG"),
            ExportFormat::Roles(Format::Parquet) => Some("Parquet"),
            ExportFormat::Roles(_) => None,
        };
        if let Some(name) = binary {
            let why =
                format!("{name} is no text for a terminal; give --out FILE or redirect stdout");
            return Err(UsageError(why).into());
        }
    }
    if args.format == ExportFormat::Picture && args.neighbors.is_some() {
        let why = "a picture has no neighbours; leave --neighbors out or choose another format";
        return Err(UsageError(why.into()).into());
    }
    let run = RunFolder::open(&args.dir).map_err(rolecluster::Error::from)?;
    let (report, _) = load_report(&run)?;
    let neighbors = args.neighbors.map(|k| neighbor_ids(&run, k)).transpose()?;
    let mut missing = Vec::new();
    let mut fill = |out: &mut dyn Write| {
        missing = written(&report, neighbors.as_deref(), args.format, out)?;
        Ok(())
    };
    if to_stdout {
        let mut out = io::BufWriter::new(io::stdout().lock());
        fill(&mut out).context("cannot write to stdout")?;
        out.flush().context("cannot write to stdout")?;
    } else {
        atomic_file::write(&args.out, |file| fill(file))?;
        let what = match args.format {
            ExportFormat::Picture => "map of ",
            ExportFormat::Roles(_) => "",
        };
        let n = report.placements.len();
        printer.note(format_args!("{what}{n} roles written to {}", args.out.display()));
    }
    if !missing.is_empty() {
        let some: String = missing.iter().take(12).collect();
        printer.warning(format_args!(
            "no font on this machine has {} characters of the names, such as {some}; they are \
             left out. Install one that does, for Chinese such as Noto Sans CJK",
            missing.len()
        ));
    }
    Ok(ExitCode::Success)
}

/// Writes `report` and returns the characters that no font could draw.
fn written(
    report: &Report,
    neighbors: Option<&[Vec<RoleId>]>,
    format: ExportFormat,
    out: &mut dyn Write,
) -> io::Result<Vec<char>> {
    match format {
        ExportFormat::Roles(format) => {
            export(report, neighbors, format, out)?;
            Ok(Vec::new())
        }
        ExportFormat::Picture => {
            let names = report.profiles.iter().map(|profile| profile.name.as_str());
            png(report, Language::of_most(names), out)
        }
    }
}
