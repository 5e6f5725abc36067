//! Arguments turned into checked settings; nothing is validated again after this.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use rolecluster::clean::CleanParams;
use rolecluster::cluster::{Algorithm, Choice, DensityParams, GmmParams, KMeansParams};
use rolecluster::corrections::Corrections;
use rolecluster::describe::{DescribeParams, RemoteNamer};
use rolecluster::encode::{DeviceChoice, Source};
use rolecluster::language::Language;
use rolecluster::pipeline::{
    AssignSettings, DiscoverSettings, EarlierRoles, EmbedSettings, Explain, ModelSettings, Query,
    QueryModel, SearchOptions, Shard,
};
use rolecluster::project::LayoutParams;
use rolecluster::read::{Columns, Input, ReadOptions, TableOptions};
use rolecluster::role::RoleId;

use super::args::{AssignArgs, ClusterArgs, DoctorArgs, McpArgs, RunArgs, SearchArgs, ServeArgs};
use super::names::LanguageChoice;
use super::options::{
    AlgorithmName, CleaningOptions, ColumnOptions, EarlierOptions, GroupingOptions, IndexOptions,
    InputOptions, ModelOptions,
};
use super::text_file::TextFile;
use super::token::Token;
use super::usage_error::UsageError;
use super::vector_args::EmbedArgs;

/// Output format of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Tables and sentences.
    Text,
    /// One JSON document.
    Json,
}

/// `run`.
pub struct RunSettings {
    /// Read only, and show what was understood.
    pub dry_run: bool,
    pub embed: EmbedSettings,
    pub discover: DiscoverSettings,
    /// The file of given directions.
    pub directions: Option<PathBuf>,
    pub output: Output,
}

/// `embed`.
pub struct EmbeddingSettings {
    /// Read only, and show what was understood.
    pub dry_run: bool,
    pub embed: EmbedSettings,
    /// The share of the roles to embed; all of them by default.
    pub shard: Option<Shard>,
    pub output: Output,
}

/// `cluster`.
pub struct ClusterSettings {
    pub dir: PathBuf,
    pub discover: DiscoverSettings,
    /// The file of given directions.
    pub directions: Option<PathBuf>,
    /// Where the model is now, if it was moved.
    pub model: Option<Source>,
    pub output: Output,
}

/// `search`.
pub struct SearchSettings {
    pub dir: PathBuf,
    pub queries: Queries,
    pub search: SearchOptions,
    pub model: QueryModel,
    pub output: Output,
}

/// `serve`.
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub struct ServeSettings {
    pub dir: PathBuf,
    pub address: SocketAddr,
    /// Required where others can reach the address.
    pub token: Option<Token>,
    /// `None` for the one most roles are written in.
    pub language: Option<Language>,
    pub model: QueryModel,
}

/// `mcp`.
#[cfg_attr(not(feature = "mcp"), allow(dead_code))]
pub struct McpSettings {
    pub dir: PathBuf,
    pub model: QueryModel,
}

/// The queries of a search.
pub enum Queries {
    /// One, from the command line.
    One(Query),
    /// One per line of stdin.
    Stdin,
}

/// `assign`.
pub struct AssigningSettings {
    /// Read only, and show what was understood.
    pub dry_run: bool,
    pub dir: PathBuf,
    pub assign: AssignSettings,
    pub output: Output,
}

/// `doctor`.
pub struct DoctorSettings {
    pub model: ModelSettings,
    pub speed: bool,
    pub output: Output,
}

impl RunSettings {
    /// Refuses more clusters, or larger ones, than the `n_roles` that were read allow; with `--add`
    /// the folder holds more roles than that.
    pub fn refuse_too_many_clusters(&self, n_roles: usize) -> Result<(), UsageError> {
        if self.embed.earlier == EarlierRoles::Kept {
            return Ok(());
        }
        let (option, asked) = match &self.discover.algorithm {
            Algorithm::KMeans(KMeansParams { k: Choice::Given(k), .. })
            | Algorithm::Gmm(GmmParams { k: Choice::Given(k), .. }) => ("-k", *k),
            Algorithm::Hdbscan(DensityParams { min_cluster_size: Choice::Given(size), .. }) => {
                ("--min-cluster-size", *size)
            }
            _ => return Ok(()),
        };
        if asked <= n_roles {
            return Ok(());
        }
        Err(UsageError(format!(
            "{option} {asked} is more than the {n_roles} roles that were read; ask for at most \
             {n_roles}, or for auto"
        )))
    }
}

impl RunArgs {
    /// The settings; every value was checked when it was parsed.
    pub fn settings(self) -> RunSettings {
        let RunArgs { earlier, input, cleaning, out, model, grouping, index, json } = self;
        RunSettings {
            dry_run: input.dry_run,
            discover: discover_settings(&grouping, &index, model.device.device),
            directions: grouping.directions,
            embed: EmbedSettings {
                earlier: earlier_roles(&earlier),
                clean: clean_params(&cleaning),
                ..embed_settings(input, model, &index, out)
            },
            output: output(json),
        }
    }
}

impl EmbedArgs {
    pub fn settings(self) -> EmbeddingSettings {
        let dry_run = self.input.dry_run;
        let earlier = earlier_roles(&self.earlier);
        let embed = embed_settings(self.input, self.model, &self.index, self.out);
        let clean = clean_params(&self.cleaning);
        let embed = EmbedSettings { earlier, clean, ..embed };
        let (shard, output) = (self.shard, output(self.json));
        EmbeddingSettings { dry_run, embed, shard, output }
    }
}

impl ClusterArgs {
    pub fn settings(self) -> ClusterSettings {
        let discover = discover_settings(&self.grouping, &self.index, self.device.device);
        let (directions, model) = (self.grouping.directions, self.model);
        ClusterSettings { dir: self.dir, discover, directions, model, output: output(self.json) }
    }
}

impl SearchArgs {
    pub fn check(self) -> Result<SearchSettings, UsageError> {
        let queries = match (self.query, self.like) {
            (_, Some(id)) => Queries::One(Query::Like(RoleId::new(id))),
            (Some(text), None) if text.trim().is_empty() => {
                return Err(UsageError("the query is empty; say what the roles are like".into()));
            }
            (Some(text), None) => Queries::One(Query::Text(text)),
            (None, None) => Queries::Stdin,
        };
        if self.k == 0 {
            return Err(UsageError("-k 0 shows no role; give at least 1".into()));
        }
        let search = SearchOptions {
            k: self.k,
            mode: self.mode,
            filters: self.filter,
            not: self.not,
            explain: if self.explain { Explain::Yes } else { Explain::No },
            min_score: self.min_score,
        };
        let model = QueryModel {
            source: self.model,
            device: self.device.device,
            prompt_name: self.prompt_name,
        };
        Ok(SearchSettings { dir: self.dir, queries, search, model, output: output(self.json) })
    }
}

impl ServeArgs {
    pub fn check(self) -> Result<ServeSettings, UsageError> {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let address = self.listen.unwrap_or(here);
        if !address.ip().is_loopback() && self.token.is_none() {
            return Err(UsageError(format!(
                "others can reach {address}; give a --token that they must know, \
                 or leave out --listen to serve this machine only"
            )));
        }
        let model = QueryModel {
            source: self.model,
            device: self.device.device,
            prompt_name: self.prompt_name,
        };
        let (dir, language) = (self.dir, self.lang.0);
        Ok(ServeSettings { dir, address, token: self.token, language, model })
    }
}

impl McpArgs {
    pub fn settings(self) -> McpSettings {
        let model = QueryModel {
            source: self.model,
            device: self.device.device,
            prompt_name: self.prompt_name,
        };
        McpSettings { dir: self.dir, model }
    }
}

impl AssignArgs {
    pub fn settings(self) -> AssigningSettings {
        let dry_run = self.input.dry_run;
        let (inputs, read) = reading(self.input);
        let model =
            QueryModel { source: self.model, device: self.device.device, prompt_name: None };
        let corrections = Corrections::default();
        let assign = AssignSettings { inputs, read, model, corrections };
        AssigningSettings { dry_run, dir: self.dir, assign, output: output(self.json) }
    }
}

impl DoctorArgs {
    pub fn settings(self) -> DoctorSettings {
        let (model, speed) = (model_settings(&self.model), self.speed);
        DoctorSettings { model, speed, output: output(self.json) }
    }
}

/// The output format that `--json` asks for, or not.
pub fn output(json: bool) -> Output {
    if json { Output::Json } else { Output::Text }
}

fn embed_settings(
    input: InputOptions,
    model: ModelOptions,
    index: &IndexOptions,
    out: Option<PathBuf>,
) -> EmbedSettings {
    let (inputs, read) = reading(input);
    EmbedSettings {
        inputs,
        read,
        clean: CleanParams::default(),
        model: model_settings(&model),
        prompt_name: model.prompt_name,
        index: index.index,
        // Only a dry run does without, and writes nothing.
        out: out.unwrap_or_default(),
        earlier: EarlierRoles::default(),
    }
}

/// The language of the titles of codes.
pub fn title_language(choice: LanguageChoice) -> Option<&'static str> {
    choice.0.map(|language| match language {
        Language::Zh => "zh",
        Language::En => "en",
    })
}

/// The sentences of a file.
pub fn sentences(file: &TextFile) -> Vec<String> {
    file.lines().map(str::to_string).collect()
}

fn clean_params(options: &CleaningOptions) -> CleanParams {
    CleanParams {
        similar: options.near_duplicates,
        boilerplate: options.boilerplate.as_ref().map(sentences).unwrap_or_default(),
        find_recurring: !options.no_recurring,
        ..CleanParams::default()
    }
}

fn earlier_roles(options: &EarlierOptions) -> EarlierRoles {
    match (options.add, options.replace) {
        (true, _) => EarlierRoles::Kept,
        (_, true) => EarlierRoles::Dropped,
        _ => EarlierRoles::Refused,
    }
}

fn reading(input: InputOptions) -> (Vec<Input>, ReadOptions) {
    let InputOptions { inputs, input_format, encoding, sheet, table, columns, dry_run: _ } = input;
    let table = TableOptions { no_header: table.no_header, skip_lines: table.skip_lines };
    let columns = self::columns(columns);
    (inputs, ReadOptions { format: input_format, columns, encoding, sheet, table })
}

/// Columns as they were named.
pub fn columns(columns: ColumnOptions) -> Columns {
    Columns {
        id: columns.id_column,
        title: columns.title_column,
        description: columns.text_column,
        stack: columns.stack_column,
        section: columns.section_column,
        date: columns.date_column,
        place: columns.place_column,
        company: columns.company_column,
        pay: columns.pay_column,
    }
}

fn model_settings(model: &ModelOptions) -> ModelSettings {
    ModelSettings {
        source: model.model.clone(),
        revision: model.revision.clone(),
        device: model.device.device,
        dtype: model.dtype,
        dimensions: model.dimensions,
    }
}

fn discover_settings(
    grouping: &GroupingOptions,
    index: &IndexOptions,
    device: DeviceChoice,
) -> DiscoverSettings {
    let algorithm = match grouping.algorithm {
        AlgorithmName::Kmeans => Algorithm::KMeans(KMeansParams {
            k: grouping.k,
            detail: grouping.detail,
            seed: grouping.seed,
            ..KMeansParams::default()
        }),
        AlgorithmName::Hdbscan => Algorithm::Hdbscan(DensityParams {
            min_cluster_size: grouping.min_cluster_size,
            detail: grouping.detail,
            min_samples: grouping.min_samples,
            max_noise: grouping.max_noise,
            reduction: grouping.reduce,
            seed: grouping.seed,
            ..DensityParams::default()
        }),
        AlgorithmName::Gmm => Algorithm::Gmm(GmmParams {
            k: grouping.k,
            detail: grouping.detail,
            seed: grouping.seed,
            ..GmmParams::default()
        }),
    };
    let namer = grouping.namer.as_ref().map(|url| RemoteNamer {
        url: url.clone(),
        model: grouping.namer_model.clone(),
        key: grouping.namer_key.clone(),
        timeout: Duration::from_secs(grouping.namer_timeout),
    });
    let describe = DescribeParams { language: grouping.lang.0, namer, ..DescribeParams::default() };
    let layout = LayoutParams { seed: grouping.seed, ..LayoutParams::default() };
    let index = index.index;
    DiscoverSettings { algorithm, describe, layout, index, device, ..DiscoverSettings::default() }
}
