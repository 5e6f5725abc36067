//! Options several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rolecluster::cluster::{Choice, Detail, Reduction};
use rolecluster::encode::{DeviceChoice, Dtype, Source};
use rolecluster::read::{Format, Input};

use super::names::{LanguageChoice, language_choice, one_of};
use super::text_file::TextFile;

/// What to read and how.
#[derive(Debug, Args)]
pub struct InputOptions {
    /// Files, folders or patterns to read, `-` for stdin: a Markdown digest, JSON of any shape,
    /// CSV, TSV, Parquet or a workbook, compressed or in a ZIP archive; any text encoding.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<Input>,

    /// Encoding of text inputs, such as gb18030; detected by default.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_ENCODING")]
    pub encoding: Option<String>,

    /// Format of the inputs: markdown, jsonl, json, csv, tsv or parquet; detected by default.
    #[arg(long, value_name = "FORMAT", env = "ROLECLUSTER_INPUT_FORMAT")]
    pub input_format: Option<Format>,

    /// Sheet of a workbook, by name or number; by default those whose columns are those of
    /// postings.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_SHEET")]
    pub sheet: Option<String>,

    /// Show what each column is taken for and the first three roles, and stop.
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub table: TableLayoutOptions,

    #[command(flatten)]
    pub columns: ColumnOptions,
}

/// Where the tables begin.
#[derive(Debug, Args)]
pub struct TableLayoutOptions {
    /// The tables have no line that names their columns; title and text are told by content, or
    /// given by number (--title-column 2).
    #[arg(long)]
    pub no_header: bool,

    /// Lines (of a sheet, rows) above the table; found out by default.
    #[arg(long, value_name = "N", default_value_t = 0, env = "ROLECLUSTER_SKIP_LINES")]
    pub skip_lines: u64,
}

/// Which column holds what; told by name and content by default.
#[derive(Debug, Args)]
#[command(next_help_heading = "Columns, by name or number (told by name and content by default)")]
pub struct ColumnOptions {
    /// Column that holds the id.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_ID_COLUMN")]
    pub id_column: Option<String>,

    /// Column that holds the title.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_TITLE_COLUMN")]
    pub title_column: Option<String>,

    /// Column that holds the text; given several times, the texts are joined in that order.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_TEXT_COLUMN")]
    pub text_column: Vec<String>,

    /// Column that holds the technologies.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_STACK_COLUMN")]
    pub stack_column: Option<String>,

    /// Column that holds the section.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_SECTION_COLUMN")]
    pub section_column: Option<String>,

    /// Column that holds the day it was posted.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_DATE_COLUMN")]
    pub date_column: Option<String>,

    /// Column that holds where the work is.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_PLACE_COLUMN")]
    pub place_column: Option<String>,

    /// Column that holds the employer.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_COMPANY_COLUMN")]
    pub company_column: Option<String>,

    /// Column that holds what is paid.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_PAY_COLUMN")]
    pub pay_column: Option<String>,
}

/// How roles that repeat others are found, and what is left out of the texts.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cleaning")]
pub struct CleaningOptions {
    /// Pairs of roles that share this much of their text (the Jaccard similarity of their runs of
    /// three words or characters, 0 to 1) and were not merged are listed to be checked; 1 lists
    /// none.
    #[arg(long, value_name = "SIMILARITY", default_value_t = 0.25, value_parser = similarity)]
    #[arg(env = "ROLECLUSTER_NEAR_DUPLICATES")]
    pub near_duplicates: f64,

    /// Sentences, a line each, that say nothing about a role and are left out, beside those that
    /// are found out.
    #[arg(long, value_name = "FILE", env = "ROLECLUSTER_BOILERPLATE")]
    pub boilerplate: Option<TextFile>,

    /// Look for no sentences that recur: leave out those of the lexicon and of --boilerplate alone.
    #[arg(long)]
    pub no_recurring: bool,
}

/// What becomes of the roles that the run folder holds already.
#[derive(Debug, Args)]
pub struct EarlierOptions {
    /// Keep the roles that the run folder holds and add those of the input.
    #[arg(long, conflicts_with = "replace")]
    pub add: bool,

    /// Drop the roles that the run folder holds and the input does not.
    #[arg(long)]
    pub replace: bool,
}

/// Which model, and where to run it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Model")]
pub struct ModelOptions {
    /// Model: `bundled`, ORG/NAME on the Hugging Face Hub, or a folder in Hub layout.
    #[arg(long, value_name = "MODEL", default_value = "bundled", env = "ROLECLUSTER_MODEL")]
    pub model: Source,

    /// Branch, tag or commit of a Hub model.
    #[arg(long, value_name = "REVISION", env = "ROLECLUSTER_REVISION")]
    pub revision: Option<String>,

    #[command(flatten)]
    pub device: DeviceOptions,

    /// Number format to compute in; auto is int8 on the CPU for a model stored in 8 bits, else
    /// f32. int8 is for the BERT family on the CPU. Vectors of one model can be compared
    /// whatever format they were computed in.
    #[arg(long, value_name = "DTYPE", default_value = "auto", env = "ROLECLUSTER_DTYPE")]
    #[arg(value_parser = one_of::<Dtype>())]
    pub dtype: Dtype,

    /// Keep only the first N dimensions of every vector, for models trained for it (Matryoshka);
    /// by default the model's `truncate_dim`, else all.
    #[arg(long, value_name = "N", env = "ROLECLUSTER_DIMENSIONS")]
    pub dimensions: Option<usize>,

    /// Name of a prompt of the model, put before the text of every role.
    #[arg(long, value_name = "NAME", env = "ROLECLUSTER_PROMPT_NAME")]
    pub prompt_name: Option<String>,
}

/// How the search finds the nearest roles.
#[derive(Debug, Args)]
#[command(next_help_heading = "Search index")]
pub struct IndexOptions {
    /// Index over the vectors: exact compares the query with every role, hnsw searches a graph
    /// kept in the run folder, auto builds the graph from 50,000 roles on.
    #[arg(long, value_name = "NAME", default_value = "auto", env = "ROLECLUSTER_INDEX")]
    #[arg(value_parser = one_of::<rolecluster::search::IndexChoice>())]
    pub index: rolecluster::search::IndexChoice,
}

/// Where to compute.
#[derive(Debug, Args)]
pub struct DeviceOptions {
    /// Device: auto, cpu, cuda or cuda:N. `auto` uses a GPU if there is one and prints a note if
    /// not; with `cuda`, a missing GPU is an error.
    #[arg(long, value_name = "DEVICE", default_value = "auto", env = "ROLECLUSTER_DEVICE")]
    pub device: DeviceChoice,
}

/// How to find and name the specialisations.
#[derive(Debug, Args)]
#[command(next_help_heading = "Clustering and naming")]
pub struct GroupingOptions {
    /// Clustering algorithm: kmeans assigns every role, hdbscan leaves outliers unassigned, gmm
    /// fits a Gaussian mixture.
    #[arg(long, value_name = "NAME", default_value = "kmeans", env = "ROLECLUSTER_ALGORITHM")]
    pub algorithm: AlgorithmName,

    /// Number of specialisations for kmeans and gmm, or `auto`: as many as there are clear groups,
    /// or as the number of roles suggests.
    #[arg(short, long, value_name = "N", default_value = "auto", value_parser = at_least::<1>)]
    #[arg(env = "ROLECLUSTER_K")]
    pub k: Choice<usize>,

    /// How fine specialisations and directions are where their number is chosen: coarse, normal or
    /// fine.
    #[arg(long, value_name = "HOW", default_value = "normal", env = "ROLECLUSTER_DETAIL")]
    pub detail: Detail,

    /// Smallest cluster for hdbscan: a number of roles, or `auto`.
    #[arg(long, value_name = "N", default_value = "auto", value_parser = at_least::<2>)]
    #[arg(env = "ROLECLUSTER_MIN_CLUSTER_SIZE")]
    pub min_cluster_size: Choice<usize>,

    /// Number of neighbours that defines the density at a role, itself counted, for hdbscan: a
    /// number, or `auto`.
    #[arg(long, value_name = "N", default_value = "auto", value_parser = at_least::<1>)]
    #[arg(env = "ROLECLUSTER_MIN_SAMPLES")]
    pub min_samples: Choice<usize>,

    /// Space in which hdbscan looks for dense regions: each role averaged with its neighbours
    /// (diffusion), five dimensions computed by UMAP (umap), or the vectors themselves (none).
    #[arg(long, value_name = "NAME", default_value = "diffusion", env = "ROLECLUSTER_REDUCE")]
    pub reduce: Reduction,

    /// Largest share of roles hdbscan may leave unassigned, from 0 to 1; of the rest, those
    /// with the clearest nearest specialisation join it.
    #[arg(long, value_name = "SHARE", default_value_t = 0.25, value_parser = share)]
    #[arg(env = "ROLECLUSTER_MAX_NOISE")]
    pub max_noise: f64,

    /// Directions given in a file, one name a line, a description after a tab or " - ", in any
    /// language: roles near one of them are placed there, the rest is grouped freely.
    #[arg(long, value_name = "FILE", env = "ROLECLUSTER_DIRECTIONS")]
    pub directions: Option<PathBuf>,

    /// Seed of all random choices; equal input and seed give equal results.
    #[arg(long, value_name = "N", default_value_t = 42, env = "ROLECLUSTER_SEED")]
    pub seed: u64,

    /// Language of names and report; auto takes the one most roles are written in.
    #[arg(long, value_name = "LANG", default_value = "auto", env = "ROLECLUSTER_LANG")]
    #[arg(value_parser = language_choice())]
    pub lang: LanguageChoice,

    /// Get names from an OpenAI-compatible chat endpoint, such as `http://localhost:11434/v1`.
    /// It is sent terms, technologies and exemplar titles of each specialisation, nothing else;
    /// without this option nothing leaves the machine.
    #[arg(long, value_name = "URL", env = "ROLECLUSTER_NAMER")]
    pub namer: Option<String>,

    /// Name of the model at the endpoint.
    #[arg(long, value_name = "NAME", default_value = "default", env = "ROLECLUSTER_NAMER_MODEL")]
    pub namer_model: String,

    /// Bearer token for the endpoint; safer in the environment than on the command line.
    #[arg(long, value_name = "TOKEN", env = "ROLECLUSTER_NAMER_KEY", hide_env_values = true)]
    pub namer_key: Option<String>,

    /// Seconds to wait for one name; after that the built-in name is kept.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, env = "ROLECLUSTER_NAMER_TIMEOUT")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=600))]
    pub namer_timeout: u64,
}

impl GroupingOptions {
    /// An option that was given and has no effect on the algorithm.
    pub fn without_effect(&self) -> Option<&'static str> {
        match self.algorithm {
            AlgorithmName::Kmeans if self.min_cluster_size != Choice::Auto => {
                Some("--min-cluster-size is for hdbscan; kmeans makes no use of it")
            }
            AlgorithmName::Kmeans if self.min_samples != Choice::Auto => {
                Some("--min-samples is for hdbscan; kmeans makes no use of it")
            }
            AlgorithmName::Gmm if self.min_cluster_size != Choice::Auto => {
                Some("--min-cluster-size is for hdbscan; gmm makes no use of it")
            }
            AlgorithmName::Gmm if self.min_samples != Choice::Auto => {
                Some("--min-samples is for hdbscan; gmm makes no use of it")
            }
            AlgorithmName::Hdbscan if self.k != Choice::Auto => {
                Some("-k is for kmeans and gmm; hdbscan finds the number of clusters itself")
            }
            _ => None,
        }
    }
}

/// An algorithm by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AlgorithmName {
    /// k-means.
    Kmeans,
    /// HDBSCAN.
    Hdbscan,
    /// Gaussian mixture.
    Gmm,
}

/// A number of roles or clusters; fewer than `LEAST` can be made no use of.
fn at_least<const LEAST: usize>(text: &str) -> Result<Choice<usize>, String> {
    match text.parse() {
        Ok(Choice::Given(given)) if given < LEAST => {
            Err(format!("give `auto` or a whole number from {LEAST} on"))
        }
        Ok(choice) => Ok(choice),
        Err(_) => Err(format!("give `auto` or a whole number from {LEAST} on")),
    }
}

pub fn score(text: &str) -> Result<f32, &'static str> {
    let given = text.parse().ok().filter(|given| (0.0..=1.0).contains(given));
    given.ok_or("give a score, from 0 to 1")
}

fn similarity(text: &str) -> Result<f64, &'static str> {
    share(text).map_err(|_| "give a similarity, from 0 to 1")
}

fn share(text: &str) -> Result<f64, &'static str> {
    let given = text.parse().ok().filter(|given| (0.0..=1.0).contains(given));
    given.ok_or("give a share of the roles, from 0 to 1")
}
