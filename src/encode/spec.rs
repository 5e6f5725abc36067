//! What a model folder says about itself: modules, pooling, length limit, prompts.
//!
//! Whatever is not understood is an error that lists what is; nothing is guessed in silence.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::EncodeError;
use super::pooling::Pooling;
use super::source::ModelFiles;

const MODULES: &str = "modules.json";

/// The settings of config_sentence_transformers.json.
pub(super) const PROMPTS: &str = "config_sentence_transformers.json";

/// Everything but the network and the tokenizer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spec {
    /// Folder of `config.json`, `tokenizer.json` and the weights: empty, or with a slash at its end.
    pub(super) folder: String,
    /// What turns tokens into vectors.
    pub(super) body: Body,
    /// Several are laid end to end.
    pub(super) poolings: Vec<Pooling>,
    /// What follows the pooling, in order.
    pub(super) heads: Vec<HeadSpec>,
    /// Most tokens of one window, special ones included, by the model's own settings; the
    /// network may allow fewer.
    pub(super) max_tokens: Option<usize>,
    /// Lower the case of every text before it is cut into tokens.
    pub(super) lower_case: bool,
    /// Name to text.
    pub(super) prompts: BTreeMap<String, String>,
    /// The prompt used where none is named.
    pub(super) default_prompt: Option<String>,
    /// Numbers of a vector that are kept (Matryoshka representations); `None` keeps all.
    pub(super) truncate_dim: Option<usize>,
    /// What was assumed where the model says nothing.
    pub(super) notes: Vec<String>,
}

/// What turns tokens into vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// A network described by `config.json`.
    Transformer,
    /// A table with a row per token (`StaticEmbedding`, model2vec).
    Static,
}

/// A module after the pooling.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum HeadSpec {
    /// A linear layer and an activation.
    Dense {
        /// Folder of its weights, with a slash at its end.
        folder: String,
        /// Length of a vector before it.
        inputs: usize,
        /// Length of a vector after it.
        outputs: usize,
        /// Whether a bias is added.
        bias: bool,
        /// What follows.
        activation: Activation,
    },
    /// Scale to unit length.
    Normalize,
}

/// What a Dense layer ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Activation {
    Identity,
    Tanh,
    Relu,
    Gelu,
}

impl Activation {
    /// The name in a model's description.
    pub(super) fn name(self) -> &'static str {
        match self {
            Activation::Identity => "identity",
            Activation::Tanh => "tanh",
            Activation::Relu => "relu",
            Activation::Gelu => "gelu",
        }
    }
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct DenseConfig {
    in_features: usize,
    out_features: usize,
    #[serde(default = "yes")]
    bias: bool,
    activation_function: Option<String>,
    #[serde(default)]
    use_residual: bool,
}

#[derive(Deserialize, Default)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
    #[serde(default)]
    do_lower_case: bool,
}

#[derive(Deserialize, Default)]
struct TokenizerConfig {
    // Some files write 1e30 for "no limit".
    model_max_length: Option<f64>,
}

#[derive(Deserialize, Default)]
struct PromptConfig {
    #[serde(default)]
    prompts: BTreeMap<String, String>,
    default_prompt_name: Option<String>,
    truncate_dim: Option<usize>,
}

fn yes() -> bool {
    true
}

impl Spec {
    /// Reads every settings file of the model.
    pub(super) fn read(files: &ModelFiles) -> Result<Self, EncodeError> {
        let Modules { folder, body, poolings, heads, notes } = match files.json(MODULES)? {
            Some(listed) => Modules::read(files, listed)?,
            None => Modules::assumed(files)?,
        };
        let sentence: SentenceConfig =
            files.json(&format!("{folder}sentence_bert_config.json"))?.unwrap_or_default();
        let tokenizer: TokenizerConfig =
            files.json(&format!("{folder}tokenizer_config.json"))?.unwrap_or_default();
        let prompts: PromptConfig = files.json(PROMPTS)?.unwrap_or_default();
        let by_tokenizer = tokenizer.model_max_length.filter(|n| (1.0..1e9).contains(n));
        if let Some(name) = &prompts.default_prompt_name
            && !prompts.prompts.contains_key(name)
        {
            let reason = format!("default_prompt_name is {name:?}, which is not among the prompts");
            return Err(files.bad(PROMPTS, reason));
        }
        let by_settings = sentence.max_seq_length.or(by_tokenizer.map(|n| n as usize));
        Ok(Spec {
            folder,
            body,
            poolings,
            heads,
            // A mean over rows of a table has no limit.
            max_tokens: by_settings.filter(|_| body == Body::Transformer),
            lower_case: sentence.do_lower_case,
            prompts: prompts.prompts,
            default_prompt: prompts.default_prompt_name,
            truncate_dim: prompts.truncate_dim,
            notes,
        })
    }
}

/// What `modules.json` says.
struct Modules {
    folder: String,
    body: Body,
    poolings: Vec<Pooling>,
    heads: Vec<HeadSpec>,
    notes: Vec<String>,
}

impl Modules {
    fn read(files: &ModelFiles, listed: Vec<Module>) -> Result<Self, EncodeError> {
        let mut found: Option<(String, Body)> = None;
        let mut poolings = Vec::new();
        let mut heads = Vec::new();
        for (at, module) in listed.iter().enumerate() {
            let folder = match module.path.trim_matches('/') {
                "" | "." => String::new(),
                path => format!("{path}/"),
            };
            let kind = module.kind.rsplit('.').next().unwrap_or_default();
            match (kind, found.is_some(), poolings.is_empty()) {
                ("Transformer", false, true) => found = Some((folder, Body::Transformer)),
                ("StaticEmbedding", false, true) => {
                    found = Some((folder, Body::Static));
                    poolings.push(Pooling::Mean);
                }
                ("Pooling", true, true) => poolings = read_poolings(files, &folder)?,
                ("Dense", true, false) => heads.push(read_dense(files, folder)?),
                ("Normalize", true, false) => heads.push(HeadSpec::Normalize),
                _ => {
                    let found = format!("{kind} (entry {} of {MODULES})", at + 1);
                    let supported = "Transformer and Pooling, or StaticEmbedding, then any of Dense and Normalize, in this order";
                    return Err(files.unsupported("module", found, supported));
                }
            }
        }
        let (Some((folder, body)), false) = (found, poolings.is_empty()) else {
            let reason = "there must be a Transformer and a Pooling module, or a StaticEmbedding";
            return Err(files.bad(MODULES, reason));
        };
        Ok(Modules { folder, body, poolings, heads, notes: Vec::new() })
    }

    /// For a plain folder of a network: the mean of its token vectors, as sentence-transformers
    /// does it.
    fn assumed(files: &ModelFiles) -> Result<Self, EncodeError> {
        #[derive(Deserialize)]
        struct Kind {
            #[serde(default)]
            model_type: String,
        }
        let advice = "and no config.json: it is not the folder of a model; give one in Hub layout";
        let kind: Kind =
            files.json("config.json")?.ok_or_else(|| files.missing(MODULES, advice))?;
        let (body, notes) = match kind.model_type.as_str() {
            "model2vec" => (Body::Static, vec![]),
            _ => {
                let note = "the model has no modules.json, which says how token vectors become one; their mean is taken";
                (Body::Transformer, vec![note.to_string()])
            }
        };
        let poolings = vec![Pooling::Mean];
        Ok(Modules { folder: String::new(), body, poolings, heads: vec![], notes })
    }
}

/// Both forms there are: `"pooling_mode": "mean"` (or a list), and one flag per mode.
fn read_poolings(files: &ModelFiles, folder: &str) -> Result<Vec<Pooling>, EncodeError> {
    let file = format!("{folder}config.json");
    let bytes = files.need(&file, "it says how token vectors become one vector")?;
    let config: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&bytes).map_err(|e| files.bad(&file, e))?;
    let on = |value: &serde_json::Value| value.as_bool() == Some(true);
    let names: Vec<String> = match config.get("pooling_mode") {
        Some(serde_json::Value::String(name)) => vec![name.clone()],
        Some(serde_json::Value::Array(names)) => {
            names.iter().map(|n| n.as_str().unwrap_or_default().to_string()).collect()
        }
        Some(other) => return Err(files.bad(&file, format!("pooling_mode is {other}"))),
        None => {
            let flags = config.iter().filter(|(_, value)| on(value));
            flags
                .filter_map(|(key, _)| Some(key.strip_prefix("pooling_mode_")?.to_string()))
                .collect()
        }
    };
    if config.get("include_prompt").is_some_and(|value| value.as_bool() == Some(false)) {
        let found = "include_prompt = false";
        return Err(files.unsupported("pooling", found, "prompts that take part in the pooling"));
    }
    let mut poolings = Vec::with_capacity(names.len());
    for name in &names {
        let pooling = Pooling::from_name(name)
            .ok_or_else(|| files.unsupported("pooling", name, Pooling::NAMES))?;
        poolings.push(pooling);
    }
    // Flags lie in any order in the file; vectors are joined in this one.
    if !config.contains_key("pooling_mode") {
        poolings.sort();
    }
    if poolings.is_empty() {
        return Err(files.bad(&file, "no pooling mode is switched on"));
    }
    Ok(poolings)
}

fn read_dense(files: &ModelFiles, folder: String) -> Result<HeadSpec, EncodeError> {
    let file = format!("{folder}config.json");
    let bytes = files.need(&file, "a Dense layer cannot be read without it")?;
    let config: DenseConfig = serde_json::from_slice(&bytes).map_err(|e| files.bad(&file, e))?;
    if config.use_residual {
        return Err(files.unsupported("Dense layer", "use_residual", "plain linear layers"));
    }
    let name = config.activation_function.as_deref().unwrap_or("Tanh");
    let activation = match name.rsplit('.').next().unwrap_or_default() {
        "Identity" => Activation::Identity,
        "Tanh" => Activation::Tanh,
        "ReLU" => Activation::Relu,
        "GELU" => Activation::Gelu,
        _ => return Err(files.unsupported("activation", name, "Identity, Tanh, ReLU, GELU")),
    };
    let (inputs, outputs) = (config.in_features, config.out_features);
    Ok(HeadSpec::Dense { folder, inputs, outputs, bias: config.bias, activation })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Source;

    /// A folder with these files, and what is read from it.
    fn read(written: &[(&str, &str)]) -> Result<Spec, EncodeError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in written {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        Spec::read(&ModelFiles::resolve(&Source::Dir(folder.path().into()), None).unwrap())
    }

    const THREE: &str = r#"[
        {"path": "", "type": "sentence_transformers.models.Transformer"},
        {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]"#;
    const MEAN: (&str, &str) = ("1_Pooling/config.json", r#"{"pooling_mode_mean_tokens": true}"#);

    #[test]
    fn both_forms_of_pooling() {
        let pooled = |text: &str| read(&[(MODULES, THREE), (MEAN.0, text)]).map(|s| s.poolings);
        assert_eq!(pooled(MEAN.1).unwrap(), [Pooling::Mean]);
        assert_eq!(pooled(r#"{"pooling_mode": "lasttoken"}"#).unwrap(), [Pooling::Last]);
        let two = r#"{"pooling_mode": ["mean", "cls"]}"#;
        assert_eq!(pooled(two).unwrap(), [Pooling::Mean, Pooling::Cls]);
        let flags = r#"{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true}"#;
        assert_eq!(pooled(flags).unwrap(), [Pooling::Cls, Pooling::Mean]);
        let error = pooled(r#"{"pooling_mode": "attention"}"#).unwrap_err().to_string();
        assert!(error.contains("attention") && error.contains("mean"), "{error}");
        assert!(pooled("{}").is_err());
        assert!(pooled(r#"{"pooling_mode": "mean", "include_prompt": false}"#).is_err());
    }

    #[test]
    fn unknown_or_missing_modules_are_refused() {
        let error = read(&[]).unwrap_err().to_string();
        assert!(error.contains(MODULES) && error.contains("config.json"), "{error}");
        let foreign = THREE.replace("2_Normalize", "2_LSTM").replace("Normalize", "LSTM");
        let error = read(&[(MODULES, &foreign), MEAN]).unwrap_err().to_string();
        assert!(error.contains("LSTM") && error.contains("Normalize"), "{error}");
        let alone = r#"[{"path": "", "type": "x.Transformer"}]"#;
        assert!(read(&[(MODULES, alone)]).is_err());
        assert!(read(&[(MODULES, "[")]).is_err());
        let outside = THREE.replace("1_Pooling\"", "../1_Pooling\"");
        assert!(read(&[(MODULES, &outside), MEAN]).is_err());
    }

    #[test]
    fn without_modules_the_mean_is_taken_and_said() {
        let spec = read(&[("config.json", r#"{"model_type": "bert"}"#)]).unwrap();
        assert_eq!((spec.poolings, spec.body), (vec![Pooling::Mean], Body::Transformer));
        assert!(spec.notes[0].contains("modules.json") && spec.notes[0].contains("mean"));
        let spec = read(&[("config.json", r#"{"model_type": "model2vec"}"#)]).unwrap();
        assert_eq!((spec.body, spec.notes.len()), (Body::Static, 0));
    }

    #[test]
    fn a_static_embedding_needs_no_pooling_and_has_no_limit() {
        let modules = r#"[{"path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
            {"path": "1_Normalize", "type": "sentence_transformers.models.Normalize"}]"#;
        let limit = ("tokenizer_config.json", r#"{"model_max_length": 512}"#);
        let spec = read(&[(MODULES, modules), limit]).unwrap();
        assert_eq!((spec.body, spec.folder.as_str()), (Body::Static, ""));
        assert_eq!((spec.heads, spec.max_tokens), (vec![HeadSpec::Normalize], None));
    }

    #[test]
    fn limits_and_prompts() {
        let sentence = ("sentence_bert_config.json", r#"{"max_seq_length": 256}"#);
        let tokenizer = ("tokenizer_config.json", r#"{"model_max_length": 512}"#);
        let both = read(&[(MODULES, THREE), MEAN, sentence, tokenizer]).unwrap();
        assert_eq!(both.max_tokens, Some(256));
        let endless = ("tokenizer_config.json", r#"{"model_max_length": 1e30}"#);
        assert_eq!(read(&[(MODULES, THREE), MEAN, endless]).unwrap().max_tokens, None);
        let prompts = ("config_sentence_transformers.json", r#"{"prompts": {"query": "q: "}}"#);
        let spec = read(&[(MODULES, THREE), MEAN, prompts]).unwrap();
        assert_eq!(spec.prompts["query"], "q: ");
        let cut = ("config_sentence_transformers.json", r#"{"truncate_dim": 64}"#);
        assert_eq!(read(&[(MODULES, THREE), MEAN, cut]).unwrap().truncate_dim, Some(64));
        let lost = ("config_sentence_transformers.json", r#"{"default_prompt_name": "x"}"#);
        assert!(read(&[(MODULES, THREE), MEAN, lost]).is_err());
    }
}
