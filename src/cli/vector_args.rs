//! Arguments of the commands that make vectors, on one machine or on many.

use std::path::PathBuf;

use clap::Args;
use rolecluster::classify::Scheme;
use rolecluster::encode::{Dtype, Source};
use rolecluster::pipeline::{Shard, Task};
use rolecluster::search::Mode;

use super::names::{LanguageChoice, language_choice, one_of, scheme};
use super::options::{
    CleaningOptions, ColumnOptions, DeviceOptions, EarlierOptions, IndexOptions, InputOptions,
    ModelOptions,
};
use super::text_file::TextFile;

/// `embed`.
#[derive(Debug, Args)]
pub struct EmbedArgs {
    /// Run folder to write; created if it does not exist.
    #[arg(short, long, value_name = "DIR", required_unless_present = "dry_run")]
    pub out: Option<PathBuf>,
    /// Embed only this share of the roles, such as 2/8 for the second of eight, into a folder for
    /// `merge`. Every job reads and cleans the whole input.
    #[arg(long, value_name = "I/N", conflicts_with = "add")]
    pub shard: Option<Shard>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub earlier: EarlierOptions,
    #[command(flatten)]
    pub input: InputOptions,
    #[command(flatten)]
    pub cleaning: CleaningOptions,
    #[command(flatten)]
    pub model: ModelOptions,
    #[command(flatten)]
    pub index: IndexOptions,
}

/// `worker`.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// What to do with every row: read (columns to the parts of a role), clean (its text without
    /// stock phrases, and keys to count sentences and duplicates by), embed, assign, codes (its
    /// standard occupations) or search; recurring and duplicates settle what an engine gathered by
    /// the keys of clean.
    #[arg(long, value_name = "TASK", value_parser = one_of::<Task>())]
    pub task: Task,
    /// Run folder: assign and search are about it; clean and embed treat rows as its own were.
    #[arg(long, value_name = "DIR", required_if_eq_any([("task", "assign"), ("task", "search")]))]
    pub run: Option<PathBuf>,
    /// Column to pass on beside the answers; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub keep: Vec<String>,
    /// Model, for embed: `bundled` (the default), ORG/NAME on the Hugging Face Hub, or a folder in
    /// Hub layout. With --run, where the model of the run is now, if it was moved.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<Source>,
    /// Branch, tag or commit of a Hub model.
    #[arg(long, value_name = "REVISION", conflicts_with = "run")]
    pub revision: Option<String>,
    #[command(flatten)]
    pub device: DeviceOptions,
    /// clean, embed and codes: sentences, a line each, that are left out of the texts beside those
    /// of the lexicon and of the run.
    #[arg(long, value_name = "FILE")]
    pub boilerplate: Option<TextFile>,
    /// codes: the standard.
    #[arg(long, value_name = "STANDARD", default_value = "isco", value_parser = scheme())]
    pub codes: Scheme,
    /// codes: language of the titles of codes; auto takes that of each row.
    #[arg(long, value_name = "LANG", default_value = "auto", value_parser = language_choice())]
    pub lang: LanguageChoice,
    /// Number format to compute in, see `embed`.
    #[arg(long, value_name = "DTYPE", default_value = "auto", value_parser = one_of::<Dtype>())]
    #[arg(conflicts_with = "run")]
    pub dtype: Dtype,
    /// Keep only the first N dimensions of every vector, see `embed`.
    #[arg(long, value_name = "N", conflicts_with = "run")]
    pub dimensions: Option<usize>,
    /// Name of a prompt of the model, put before the text of every role.
    #[arg(long, value_name = "NAME", conflicts_with = "run")]
    pub prompt_name: Option<String>,
    /// search: number of roles to find for a query.
    #[arg(short, value_name = "N", default_value_t = 10)]
    pub k: usize,
    /// search: ranking, semantic, lexical or hybrid.
    #[arg(long, value_name = "MODE", default_value = "hybrid", value_parser = one_of::<Mode>())]
    pub mode: Mode,
    #[command(flatten)]
    pub columns: ColumnOptions,
}
