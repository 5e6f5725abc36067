//! `rolecluster compare`: two run folders of one model.

use rolecluster::export::comparison;
use rolecluster::language::Language;
use rolecluster::pipeline::compare_runs;
use rolecluster::store::RunFolder;

use super::args::CompareArgs;
use super::exit_code::ExitCode;
use super::printer::Printer;

/// Prints the comparison as Markdown or JSON.
pub fn run(args: &CompareArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let open = |path| RunFolder::open(path).map_err(rolecluster::Error::from);
    let found = compare_runs(&open(&args.first)?, &open(&args.second)?)?;
    if args.json {
        printer.json(&found)?;
        return Ok(ExitCode::Success);
    }
    let named =
        found.specialisations.iter().flat_map(|fates| fates.before.iter().chain(&fates.after));
    let language = args.lang.0.unwrap_or_else(|| Language::of_most(named.map(|c| c.name.as_str())));
    printer.data(&comparison(&found, language))?;
    Ok(ExitCode::Success)
}
