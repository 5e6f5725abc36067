//! The command line as it is typed. Turning it into checked settings is `settings.rs`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use super::correct_args::CorrectCommand;
use super::examples;
use super::export_args::ExportArgs;
use super::merge_args::MergeArgs;
use super::names::{ComparisonFormat, LanguageChoice, comparison_format, language_choice, one_of};
use super::options::{
    CleaningOptions, DeviceOptions, EarlierOptions, GroupingOptions, IndexOptions, InputOptions,
    ModelOptions, score,
};
use super::text_file::TextFile;
use super::token::Token;
use super::vector_args::{EmbedArgs, WorkerArgs};
use super::volume::Volume;

/// Turns a pile of job postings, in any language, into named specialisations, a search
/// index and clean JSON. Works offline: nothing is fetched or sent unless you ask for it.
#[derive(Debug, Parser)]
#[command(name = "rolecluster", version, after_help = examples::OVERVIEW, max_term_width = 100)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct GlobalArgs {
    /// Print only results, warnings and errors.
    #[arg(short, long, global = true)]
    quiet: bool,

    /// Settings file; by default ./rolecluster.toml, if it exists.
    #[arg(long, global = true, value_name = "FILE", env = "ROLECLUSTER_CONFIG")]
    pub config: Option<PathBuf>,

    /// Number of threads; by default one per core. Does not change the result.
    #[arg(long, global = true, value_name = "N", env = "ROLECLUSTER_THREADS")]
    pub threads: Option<usize>,

    /// Technologies of your own, a line each: name, kind and aliases, a tab between them.
    #[arg(long, global = true, value_name = "FILE", env = "ROLECLUSTER_LEXICON")]
    pub lexicon: Option<TextFile>,

    /// Words and phrases, a line each, that are never part of a name or a typical word.
    #[arg(long, global = true, value_name = "FILE", env = "ROLECLUSTER_STOP_WORDS")]
    pub stop_words: Option<TextFile>,
}

impl GlobalArgs {
    /// How much to print.
    pub fn volume(&self) -> Volume {
        if self.quiet { Volume::Quiet } else { Volume::Normal }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read, clean, embed, cluster, name and write: the main command.
    #[command(after_help = examples::RUN)]
    Run(RunArgs),
    /// Read, clean and embed only; cached vectors are not computed again.
    #[command(after_help = examples::EMBED)]
    Embed(EmbedArgs),
    /// Make one specialisation of several; with --out, join the folders of `embed --shard` into a
    /// run folder.
    #[command(after_help = examples::MERGE)]
    Merge(MergeArgs),
    /// Answer the rows of an Arrow stream on stdin by another on stdout, inside Spark, Ray and
    /// other engines.
    #[command(after_help = examples::WORKER)]
    Worker(WorkerArgs),
    /// Cluster and name the roles of a run folder again, with other options.
    #[command(after_help = examples::CLUSTER)]
    Cluster(ClusterArgs),
    #[command(flatten)]
    Correct(CorrectCommand),
    /// Find roles similar to a text, or to another role.
    #[command(after_help = examples::SEARCH)]
    Search(SearchArgs),
    /// Serve map, live search and role pages to a browser, and a JSON API.
    #[command(after_help = examples::SERVE)]
    Serve(ServeArgs),
    /// Answer an assistant: a Model Context Protocol server on stdin and stdout.
    #[command(after_help = examples::MCP)]
    Mcp(McpArgs),
    /// Assign new postings to the specialisations of a run folder.
    #[command(after_help = examples::ASSIGN)]
    Assign(AssignArgs),
    /// Write the roles with all their columns as CSV, Parquet, JSON Lines or a workbook, the
    /// postings in order as a Markdown digest, the clusters as JSON, or the map as a PNG.
    #[command(after_help = examples::EXPORT)]
    Export(ExportArgs),
    /// Count the roles by what they state: technologies by city, shares by month, pay by level.
    #[command(after_help = examples::TABLE)]
    Table(TableArgs),
    /// Compare two run folders: specialisations that appeared, vanished, grew or shrank, and
    /// technologies gained and lost.
    #[command(after_help = examples::COMPARE)]
    Compare(CompareArgs),
    /// Measure the clusters (silhouette, DBCV, stability, agreement with labels), or how well the
    /// search finds known pairs.
    #[command(after_help = examples::EVALUATE)]
    Evaluate(EvaluateArgs),
    /// Check model, devices, caches and versions; with --device cuda or cpu, what the device
    /// computes as well.
    #[command(after_help = examples::DOCTOR)]
    Doctor(DoctorArgs),
    /// Print a completion script for a shell.
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Print the manual page.
    #[command(after_help = examples::MANUAL)]
    Manual,
}

/// `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Run folder to write; created if it does not exist.
    #[arg(short, long, value_name = "DIR", required_unless_present = "dry_run")]
    pub out: Option<PathBuf>,
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
    pub grouping: GroupingOptions,
    #[command(flatten)]
    pub index: IndexOptions,
}

/// `cluster`.
#[derive(Debug, Args)]
pub struct ClusterArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub grouping: GroupingOptions,
    #[command(flatten)]
    pub index: IndexOptions,
    #[command(flatten)]
    pub device: DeviceOptions,
    /// Where the model of the run folder is now, if it was moved; only --directions asks it.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<rolecluster::encode::Source>,
}

/// `search`.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Query text, in any language; without it, one query per line is read from stdin.
    pub query: Option<String>,
    /// Find roles similar to this one instead, given by its id.
    #[arg(long, value_name = "ROLE_ID", conflicts_with = "query")]
    pub like: Option<String>,
    /// Number of roles to show.
    #[arg(short, value_name = "N", default_value_t = 10)]
    pub k: usize,
    /// Ranking: semantic by the meaning of the text, lexical by its words and the spellings of
    /// technologies, hybrid by both.
    #[arg(long, value_name = "MODE", default_value = "hybrid")]
    #[arg(value_parser = one_of::<rolecluster::search::Mode>())]
    pub mode: rolecluster::search::Mode,
    /// Show only roles whose field has this value: section, cluster, direction, language,
    /// technology (in any spelling), title or any column of the input; salary>=20000 and
    /// date<2026-02 compare numbers and dates. May be given several times, and all must hold.
    #[arg(long, value_name = "FIELD=VALUE")]
    pub filter: Vec<rolecluster::search::Filter>,
    /// Show only roles with at least this score. A score says how surely a role is what was asked
    /// for: 0 is no nearer than an unrelated text, 1 the same text, and a role with every word
    /// of the query has about 0.7 where only two or three roles have those words. Without this
    /// option nothing is shown when the best role is no nearer than chance brings an unrelated
    /// text.
    #[arg(long, value_name = "SCORE", value_parser = score)]
    pub min_score: Option<f32>,
    /// Rank roles similar to this text lower.
    #[arg(long, value_name = "TEXT")]
    pub not: Option<String>,
    /// Explain each hit: the most similar sentence, and the technologies and words shared with the
    /// query.
    #[arg(long)]
    pub explain: bool,
    /// Where the model of the run folder is now, if it was moved.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<rolecluster::encode::Source>,
    #[command(flatten)]
    pub device: DeviceOptions,
    /// Name of a prompt of the model, put before a query; by default `query`, if there is one.
    #[arg(long, value_name = "NAME")]
    pub prompt_name: Option<String>,
    /// Print an array of {rank, id, title, score, cluster, cluster_name, direction,
    /// direction_name, section}; with queries from stdin one such array per line.
    #[arg(long)]
    pub json: bool,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Port on the loopback address, which only this machine can reach; 0 for any free one.
    #[arg(long, value_name = "PORT", default_value_t = 7717, env = "ROLECLUSTER_PORT")]
    pub port: u16,
    /// Address and port to listen on instead; one that others can reach requires --token.
    #[arg(long, value_name = "ADDR:PORT", env = "ROLECLUSTER_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Token required with every request; safer in the environment than on the command line.
    #[arg(long, value_name = "TOKEN", env = "ROLECLUSTER_TOKEN", hide_env_values = true)]
    pub token: Option<Token>,
    /// Language of the pages; auto takes the one most roles are written in.
    #[arg(long, value_name = "LANG", default_value = "auto", env = "ROLECLUSTER_LANG")]
    #[arg(value_parser = language_choice())]
    pub lang: LanguageChoice,
    /// Where the model of the run folder is now, if it was moved.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<rolecluster::encode::Source>,
    #[command(flatten)]
    pub device: DeviceOptions,
    /// Name of a prompt of the model, put before a query; by default `query`, if there is one.
    #[arg(long, value_name = "NAME")]
    pub prompt_name: Option<String>,
}

/// `mcp`.
#[derive(Debug, Args)]
pub struct McpArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Where the model of the run folder is now, if it was moved.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<rolecluster::encode::Source>,
    #[command(flatten)]
    pub device: DeviceOptions,
    /// Name of a prompt of the model, put before a query; by default `query`, if there is one.
    #[arg(long, value_name = "NAME")]
    pub prompt_name: Option<String>,
}

/// `assign`.
#[derive(Debug, Args)]
pub struct AssignArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Print an array of {id, title, section, cluster, cluster_name, strength, likeness, reason}.
    #[arg(long)]
    pub json: bool,
    /// Where the model of the run folder is now, if it was moved.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<rolecluster::encode::Source>,
    #[command(flatten)]
    pub device: DeviceOptions,
    #[command(flatten)]
    pub input: InputOptions,
}

/// `table`.
#[derive(Debug, Args)]
pub struct TableArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// What the rows are: specialisation, technology, section, seniority, education, experience,
    /// city, place, company, currency, language, month, quarter, year, isco1 to isco4 (groups of
    /// ISCO-08 by their digits; needs vectors of the bundled model) or a column of the input.
    #[arg(long, value_name = "FIELD", default_value = "technology")]
    pub rows: String,
    /// What the columns are; by default there is one, of all roles.
    #[arg(long, value_name = "FIELD", conflicts_with = "by")]
    pub columns: Option<String>,
    /// Periods as columns, by the day a role was posted.
    #[arg(long, value_name = "PERIOD", value_parser = one_of::<rolecluster::tabulate::Span>())]
    pub by: Option<rolecluster::tabulate::Span>,
    /// What to show: count of roles, share of the roles of a column with its 95 % interval,
    /// quartiles of a month's pay, change between the first and the last period, values that
    /// stand together in a role, or in how many roles each detail was found.
    #[arg(long, value_name = "KIND", default_value = "count")]
    #[arg(value_parser = one_of::<rolecluster::pipeline::Measure>())]
    pub values: rolecluster::pipeline::Measure,
    /// Currency of the pay, such as CNY; by default the one most roles pay in. Currencies are
    /// never mixed.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// Cells with fewer roles stay empty.
    #[arg(long, value_name = "N", default_value_t = rolecluster::tabulate::DEFAULT_FLOOR)]
    pub floor: usize,
    /// Rows at most, those with most roles.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub top: usize,
    /// Count roles that repeat others too.
    #[arg(long)]
    pub with_duplicates: bool,
    /// Day from which `3 days ago` counts, as 2026-03-10; without it such dates stay unknown.
    #[arg(long, value_name = "DATE")]
    pub today: Option<jiff::civil::Date>,
    /// Print the table as JSON.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print the table as CSV.
    #[arg(long)]
    pub csv: bool,
}

/// `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The first run folder.
    pub first: PathBuf,
    /// The second, of the same model.
    pub second: PathBuf,
    /// Format: markdown, html for one page that needs no other file, or json.
    #[arg(short, long, value_name = "FORMAT", default_value = "markdown")]
    #[arg(value_parser = comparison_format())]
    pub format: ComparisonFormat,
    /// File to write, `-` for stdout.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
    /// Print the comparison as JSON, like --format json.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Language of the comparison; auto takes the one most specialisations are named in.
    #[arg(long, value_name = "LANG", default_value = "auto", env = "ROLECLUSTER_LANG")]
    #[arg(value_parser = language_choice())]
    pub lang: LanguageChoice,
}

/// `evaluate`.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Run folder.
    pub dir: PathBuf,
    /// Field of the input to compare with; by default `section`, if the input has it.
    #[arg(long, value_name = "FIELD")]
    pub labels: Option<String>,
    /// Measure the search instead: roles with equal values of this field should find each
    /// other.
    #[arg(long, value_name = "FIELD", conflicts_with = "labels")]
    pub pairs: Option<String>,
    /// Print the measurements as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Print the findings as JSON.
    #[arg(long)]
    pub json: bool,
    /// Also time networks of well-known shapes on the device that --device names, which needs no
    /// model; on a CPU the smallest alone.
    #[arg(long)]
    pub speed: bool,
    #[command(flatten)]
    pub model: ModelOptions,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to complete in.
    pub shell: Shell,
}
