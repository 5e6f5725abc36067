//! `rolecluster export`: a run folder as a file other programs read.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use rolecluster::atomic_file;
use rolecluster::export::{Format, export};
use rolecluster::pipeline::{load_report, neighbor_ids};
use rolecluster::store::RunFolder;

use super::args::ExportArgs;
use super::settings::UsageError;
use super::{ExitCode, Printer};

/// Exports to a file, which is replaced in one step, or to stdout.
pub fn run(args: &ExportArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let to_stdout = args.out == Path::new("-");
    if to_stdout && args.format == Format::Parquet && io::stdout().is_terminal() {
        let why = "Parquet is no text for a terminal; give --out FILE or redirect stdout";
        return Err(UsageError(why.into()).into());
    }
    let run = RunFolder::open(&args.dir).map_err(rolecluster::Error::from)?;
    let (report, _) = load_report(&run)?;
    let neighbors = args.neighbors.map(|k| neighbor_ids(&run, k)).transpose()?;
    let neighbors = neighbors.as_deref();
    if to_stdout {
        let mut out = io::BufWriter::new(io::stdout().lock());
        export(&report, neighbors, args.format, &mut out).context("cannot write to stdout")?;
        out.flush().context("cannot write to stdout")?;
    } else {
        atomic_file::write(&args.out, |file| export(&report, neighbors, args.format, file))?;
        printer.note(format_args!(
            "{} roles written to {}",
            report.placements.len(),
            args.out.display()
        ));
    }
    Ok(ExitCode::Success)
}
