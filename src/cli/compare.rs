//! `rolecluster compare`: two run folders of one model.

use std::path::Path;

use rolecluster::atomic_file;
use rolecluster::compare::Comparison;
use rolecluster::export::{comparison, comparison_page, two_languages};
use rolecluster::language::Language;
use rolecluster::pipeline::compare_runs;
use rolecluster::store::RunFolder;

use super::args::CompareArgs;
use super::exit_code::ExitCode;
use super::names::ComparisonFormat;
use super::printer::Printer;

/// Writes the comparison as Markdown, HTML or JSON.
pub fn run(args: &CompareArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let open = |path| RunFolder::open(path).map_err(rolecluster::Error::from);
    let found = compare_runs(&open(&args.first)?, &open(&args.second)?)?;
    let text = written(&found, args)?;
    if args.out == Path::new("-") {
        printer.data(&text)?;
    } else {
        atomic_file::write(&args.out, |file| file.write_all(text.as_bytes()))?;
        printer.note(format_args!("comparison written to {}", args.out.display()));
    }
    if let Some(warning) = two_languages(&found, Language::En) {
        printer.warning(warning);
    }
    Ok(ExitCode::Success)
}

fn written(found: &Comparison, args: &CompareArgs) -> anyhow::Result<String> {
    let named =
        found.specialisations.iter().flat_map(|fates| fates.before.iter().chain(&fates.after));
    let language = args.lang.0.unwrap_or_else(|| Language::of_most(named.map(|c| c.name.as_str())));
    let format = if args.json { ComparisonFormat::Json } else { args.format };
    Ok(match format {
        ComparisonFormat::Markdown => comparison(found, language),
        ComparisonFormat::Html => comparison_page(found, language),
        ComparisonFormat::Json => serde_json::to_string_pretty(found)? + "\n",
    })
}
