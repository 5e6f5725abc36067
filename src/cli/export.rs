//! `rolecluster export`: the roles of a run folder as a table or as a digest, or its map as a
//! picture.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use rolecluster::atomic_file;
use rolecluster::classify::Scheme;
use rolecluster::export::{
    Boilerplate, Changed, Format, Formulas, TableOptions, digest, export, png,
};
use rolecluster::language::Language;
use rolecluster::pipeline::{CodeSettings, RunCodes, load_report, neighbor_ids, standard_codes};
use rolecluster::report::Report;
use rolecluster::role::Role;
use rolecluster::store::RunFolder;

use super::exit_code::ExitCode;
use super::export_args::ExportArgs;
use super::names::ExportFormat;
use super::printer::Printer;
use super::settings;
use super::table::counted;
use super::usage_error::UsageError;

/// What could not be written as it is.
#[derive(Default)]
struct Written {
    /// Characters no font could draw.
    missing: Vec<char>,
    changed: Changed,
}

/// Exports to a file, which is replaced in one step, or to stdout.
pub fn run(args: &ExportArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    refuse_options(args)?;
    let to_stdout = args.out == Path::new("-");
    let run = RunFolder::open(&args.dir).map_err(rolecluster::Error::from)?;
    let (report, _) = load_report(&run)?;
    let roles = run.roles().map_err(rolecluster::Error::from)?.corpus;
    let neighbors = args.neighbors.map(|k| neighbor_ids(&run, k)).transpose()?;
    let codes = |scheme| codes(&run, &report, roles.roles(), scheme, args);
    let codes = args.codes.map(codes).transpose()?;
    let options = TableOptions {
        codes: codes.as_ref().map(|codes| codes.roles.as_slice()),
        group_codes: codes.as_ref().map(|codes| &codes.groups),
        neighbors: neighbors.as_deref(),
        today: args.today,
        id_prefix: args.id_prefix.as_deref().unwrap_or_default(),
        byte_order_mark: args.bom,
        formulas: if args.keep_formulas { Formulas::Kept } else { Formulas::Neutralised },
    };
    let language = args.lang.0.unwrap_or_else(|| {
        Language::of_most(report.profiles.iter().map(|profile| profile.name.as_str()))
    });
    let boilerplate = if args.keep_boilerplate { Boilerplate::Kept } else { Boilerplate::Once };
    let mut done = Written::default();
    let mut fill = |out: &mut dyn Write| {
        done = match args.format {
            ExportFormat::Roles(format) => {
                let changed = export(&report, roles.roles(), &options, format, out)?;
                Written { changed, ..Written::default() }
            }
            ExportFormat::Digest => {
                digest(&report, roles.roles(), language, boilerplate, out)?;
                Written::default()
            }
            ExportFormat::Picture => {
                let missing = png(&report, language, out)?;
                Written { missing, ..Written::default() }
            }
        };
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
            ExportFormat::Digest => "digest of ",
            ExportFormat::Roles(_) => "",
        };
        let n = report.placements.len();
        printer.note(format_args!("{what}{n} roles written to {}", args.out.display()));
    }
    tell(&done, printer);
    Ok(ExitCode::Success)
}

/// The codes of every role, specialisation and direction.
fn codes(
    run: &RunFolder,
    report: &Report,
    roles: &[Role],
    scheme: Scheme,
    args: &ExportArgs,
) -> Result<RunCodes, rolecluster::Error> {
    let settings = CodeSettings { scheme, language: settings::title_language(args.lang) };
    standard_codes(run, report, roles, settings)
}

/// Refuses options that have no effect on the format asked for.
fn refuse_options(args: &ExportArgs) -> Result<(), UsageError> {
    let binary = match args.format {
        ExportFormat::Picture => Some("PNG"),
        ExportFormat::Roles(Format::Parquet) => Some("Parquet"),
        ExportFormat::Roles(Format::Xlsx) => Some("a workbook"),
        ExportFormat::Roles(_) | ExportFormat::Digest => None,
    };
    let to_stdout = args.out == Path::new("-");
    if let Some(name) = binary.filter(|_| to_stdout && io::stdout().is_terminal()) {
        let why = format!("{name} is no text for a terminal; give --out FILE or redirect stdout");
        return Err(UsageError(why));
    }
    let other = match args.format {
        ExportFormat::Picture => Some("a picture"),
        ExportFormat::Digest => Some("a digest"),
        ExportFormat::Roles(_) => None,
    };
    if let Some(other) = other.filter(|_| args.neighbors.is_some()) {
        let why = "has no neighbours; leave --neighbors out or choose another format";
        return Err(UsageError(format!("{other} {why}")));
    }
    if let Some(other) = other.filter(|_| args.codes.is_some()) {
        let why = "has no codes; choose one of csv, json, jsonl, parquet and xlsx";
        return Err(UsageError(format!("{other} {why}, or leave --codes out")));
    }
    if args.keep_boilerplate && args.format != ExportFormat::Digest {
        let why =
            "--keep-boilerplate is for --format markdown; the tables hold texts as they were read";
        return Err(UsageError(why.into()));
    }
    let of_csv = [
        ("--id-prefix", args.id_prefix.is_some()),
        ("--bom", args.bom),
        ("--keep-formulas", args.keep_formulas),
    ];
    let given = of_csv.iter().find(|(_, given)| *given).map(|(option, _)| option);
    if let Some(option) = given.filter(|_| args.format != ExportFormat::Roles(Format::Csv)) {
        let why = format!("{option} is for CSV; the other formats know text from numbers");
        return Err(UsageError(why));
    }
    Ok(())
}

fn tell(done: &Written, printer: &Printer) {
    let Changed { neutralised, cut } = done.changed;
    if neutralised > 0 {
        printer.note(format_args!(
            "{} that a spreadsheet would run as a formula got an apostrophe in front; \
             --keep-formulas leaves them as they are",
            counted(neutralised, "cell")
        ));
    }
    if cut > 0 {
        printer.warning(format_args!(
            "{} longer than a sheet can hold were cut; csv, jsonl and parquet hold all of them",
            counted(cut, "text")
        ));
    }
    if !done.missing.is_empty() {
        let some: String = done.missing.iter().take(12).collect();
        printer.warning(format_args!(
            "no font on this machine has {} characters of the names, such as {some}; they are \
             left out. Install one that does, for Chinese such as Noto Sans CJK",
            done.missing.len()
        ));
    }
}
