//! Why a model cannot be loaded or run.

/// Anything that can go wrong between a model's name and its vectors.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Not a device name.
    #[error("unknown device {found:?}; there are: auto, cpu, cuda, cuda:N")]
    UnknownDevice {
        /// What was given.
        found: String,
    },
    /// Not an arithmetic.
    #[error("unknown dtype {found:?}; there are: auto, f32, f16, bf16, int8")]
    UnknownDtype {
        /// What was given.
        found: String,
    },
    /// A GPU asked for by name cannot be had.
    #[error("no device cuda:{number}: {reason}; use --device cpu or auto")]
    NoCuda {
        /// Its number.
        number: usize,
        /// Why.
        reason: String,
    },
    /// Not a model name.
    #[error(
        "{found:?} names no model; give `bundled`, ORG/NAME on the Hugging Face Hub, or a folder"
    )]
    UnknownSource {
        /// What was given.
        found: String,
    },
    /// The program was built without weights.
    #[error("this build has no bundled model; give --model ORG/NAME or --model DIR")]
    NoBundledModel,
    /// A revision was given for a model that has none.
    #[error("--revision {revision:?} given for {name}, but only Hub models have revisions")]
    NoRevisions {
        /// The model.
        name: String,
        /// The revision asked for.
        revision: String,
    },
    /// The Hub's cache folder cannot be told.
    #[error("no place for the model cache: HOME is not set; set HF_HOME or HF_HUB_CACHE")]
    NoCacheFolder,
    /// Offline, and the cache does not hold the model.
    #[error(
        "HF_HUB_OFFLINE is set and {cache} does not hold {name} at revision {revision}; fetch it once online, or copy the folder and give --model DIR"
    )]
    NotInCache {
        /// The model.
        name: String,
        /// The revision asked for.
        revision: String,
        /// The cache folder.
        cache: String,
    },
    /// The cache does not hold the model, and the feature `hub` is off.
    #[error(
        "{cache} does not hold {name} at revision {revision}, and this build cannot fetch it; build with the Cargo feature `hub`, or copy the folder and give --model DIR"
    )]
    NoHubClient {
        /// The model.
        name: String,
        /// The revision asked for.
        revision: String,
        /// The cache folder.
        cache: String,
    },
    /// The Hub did not answer as hoped.
    #[error("cannot fetch {what} of model {name} (revision {revision}) from {endpoint}: {reason}")]
    Hub {
        /// The model.
        name: String,
        /// The revision asked for.
        revision: String,
        /// The file, or `the file list`.
        what: String,
        /// The server.
        endpoint: String,
        /// Its answer.
        reason: String,
    },
    /// A file of the model cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The folder lacks a file.
    #[error("model {name} has no {file}; {advice}")]
    MissingFile {
        /// The model.
        name: String,
        /// The file, from the model's root.
        file: String,
        /// What to do.
        advice: &'static str,
    },
    /// A file of the model does not hold what it should.
    #[error("{file} of model {name} is damaged or of an unknown form: {reason}")]
    BadFile {
        /// The model.
        name: String,
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A part of the model is of a kind not built in.
    #[error("model {name} needs {what} {found:?}, which is not supported; supported: {supported}")]
    Unsupported {
        /// The model.
        name: String,
        /// `model_type`, `pooling`, `module`, ...
        what: &'static str,
        /// What the model says.
        found: String,
        /// What there is instead.
        supported: String,
    },
    /// A weight is not there.
    #[error("model {name} has no weight {weight:?}")]
    MissingWeight {
        /// The model.
        name: String,
        /// Its name in the checkpoint.
        weight: String,
    },
    /// A weight has another shape than the configuration says.
    #[error(
        "weight {weight:?} of model {name} has shape {found:?}, but the configuration says {expected:?}"
    )]
    WeightShape {
        /// The model.
        name: String,
        /// Its name in the checkpoint.
        weight: String,
        /// Shape in the file.
        found: Vec<usize>,
        /// Shape by `config.json`.
        expected: Vec<usize>,
    },
    /// The model has no prompt of this name.
    #[error("model {name} has no prompt {prompt:?}; it has: {known}")]
    UnknownPrompt {
        /// The model.
        name: String,
        /// The prompt asked for.
        prompt: String,
        /// Those there are.
        known: String,
    },
    /// Vectors cannot be cut to this length.
    #[error(
        "vectors of model {name} have {full} numbers and cannot be cut to {dimension}; give --dimensions from 1 to {full}"
    )]
    NoSuchDimension {
        /// The model.
        name: String,
        /// The length asked for.
        dimension: usize,
        /// The length there is.
        full: usize,
    },
    /// The prompt leaves no room for text.
    #[error("prompt {prompt:?} takes {tokens} of the {limit} tokens model {name} reads at once")]
    PromptTooLong {
        /// The model.
        name: String,
        /// The prompt's name.
        prompt: String,
        /// Its length in tokens.
        tokens: usize,
        /// Content tokens that fit.
        limit: usize,
    },
    /// The tokenizer refused a text.
    #[error("the tokenizer of model {name} failed: {reason}")]
    Tokenize {
        /// The model.
        name: String,
        /// Why.
        reason: String,
    },
    /// The arithmetic failed.
    #[error("model {name} failed while computing: {source}")]
    Compute {
        /// The model.
        name: String,
        /// The backend's own words.
        source: candle_core::Error,
    },
    /// Not even one window fits into the device's memory.
    #[error(
        "the device has no memory left for {tokens} tokens at once by model {name}; close other programs on it, or use --dtype f16 or bf16, or --device cpu"
    )]
    DeviceFull {
        /// The model.
        name: String,
        /// Length of the window.
        tokens: usize,
    },
    /// A vector holds NaN or infinity.
    #[error(
        "the vector of text {text} is not finite in {dtype}; model {name} needs --dtype f32 or bf16"
    )]
    NotFinite {
        /// The model.
        name: String,
        /// Which of the texts given, counted from 1.
        text: usize,
        /// The arithmetic.
        dtype: String,
    },
}
