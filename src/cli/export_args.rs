//! The command line of `export` as it is typed.

use std::path::PathBuf;

use clap::Args;
use rolecluster::classify::Scheme;

use super::names::{ExportFormat, LanguageChoice, export_format, language_choice, scheme};

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Format: a table of the roles, markdown for the digest (the postings in order, which can be
    /// read again), or png for the map.
    #[arg(short, long, value_parser = export_format())]
    pub format: ExportFormat,
    /// File to write, `-` for stdout.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
    /// Add the ids of the K nearest roles to each role.
    #[arg(long, value_name = "K")]
    pub neighbors: Option<usize>,
    /// Add the nearest standard occupations of ESCO, or unit groups of ISCO-08, to each role, its
    /// specialisation and its direction: code, title and score, and for the role the next two; empty
    /// where none is near. Needs vectors of the bundled model.
    #[arg(long, value_name = "STANDARD", value_parser = scheme())]
    pub codes: Option<Scheme>,
    /// Day from which `3 days ago` counts, as 2026-03-10; without it such dates stay unknown.
    #[arg(long, value_name = "DATE")]
    pub today: Option<jiff::civil::Date>,
    /// CSV: text before every id, so that a spreadsheet does not take 1.10 for the number 1.1.
    #[arg(long, value_name = "TEXT")]
    pub id_prefix: Option<String>,
    /// CSV: begin with a byte order mark, by which Excel knows UTF-8.
    #[arg(long)]
    pub bom: bool,
    /// CSV: leave a cell that a spreadsheet would run as a formula as it is; by default it gets
    /// an apostrophe in front.
    #[arg(long)]
    pub keep_formulas: bool,
    /// Markdown: leave sentences that many roles say in their texts too; by default they stand
    /// once, before the roles.
    #[arg(long)]
    pub keep_boilerplate: bool,
    /// Markdown and PNG: language of headings; auto takes the one most specialisations are named
    /// in. With --codes, of the titles of codes; auto takes the one most roles are written in.
    #[arg(long, value_name = "LANG", default_value = "auto", env = "ROLECLUSTER_LANG")]
    #[arg(value_parser = language_choice())]
    pub lang: LanguageChoice,
}
