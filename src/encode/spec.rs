//! What a model folder says about itself: modules, pooling, length limit, prompts.
//!
//! Whatever is not understood is an error that lists what is; nothing is guessed in silence.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::EncodeError;
use super::pooling::Pooling;
use super::source::ModelFiles;

const MODULES: &str = "modules.json";

/// Everything but the network and the tokenizer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spec {
    /// Folder of `config.json`, `tokenizer.json` and the weights: empty, or with a slash at its end.
    pub(super) transformer: String,
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
}

fn yes() -> bool {
    true
}

impl Spec {
    /// Reads every settings file of the model.
    pub(super) fn read(files: &ModelFiles) -> Result<Self, EncodeError> {
        let advice =
            "it says how token vectors become one vector; use a sentence-transformers model";
        let listed = files.need(MODULES, advice)?;
        let modules: Vec<Module> =
            serde_json::from_slice(&listed).map_err(|e| files.bad(MODULES, e))?;
        let mut transformer = None;
        let mut poolings = Vec::new();
        let mut heads = Vec::new();
        for module in &modules {
            let folder = match module.path.trim_matches('/') {
                "" => String::new(),
                path => format!("{path}/"),
            };
            let kind = module.kind.rsplit('.').next().unwrap_or_default();
            match (kind, transformer.is_some(), poolings.is_empty()) {
                ("Transformer", false, true) => transformer = Some(folder),
                ("Pooling", true, true) => poolings = read_poolings(files, &folder)?,
                ("Dense", true, false) => heads.push(read_dense(files, folder)?),
                ("Normalize", true, false) => heads.push(HeadSpec::Normalize),
                _ => {
                    let found = format!("{kind} at place {}", heads.len() + 1);
                    let supported =
                        "Transformer, Pooling, then any of Dense and Normalize, in this order";
                    return Err(files.unsupported("module", found, supported));
                }
            }
        }
        let (Some(transformer), false) = (transformer, poolings.is_empty()) else {
            return Err(files.bad(MODULES, "there must be a Transformer and a Pooling module"));
        };
        let sentence: SentenceConfig =
            files.json(&format!("{transformer}sentence_bert_config.json"))?.unwrap_or_default();
        let tokenizer: TokenizerConfig =
            files.json(&format!("{transformer}tokenizer_config.json"))?.unwrap_or_default();
        let prompts: PromptConfig =
            files.json("config_sentence_transformers.json")?.unwrap_or_default();
        let by_tokenizer = tokenizer.model_max_length.filter(|n| (1.0..1e9).contains(n));
        if let Some(name) = &prompts.default_prompt_name
            && !prompts.prompts.contains_key(name)
        {
            let reason = format!("the default prompt {name:?} is not among the prompts");
            return Err(files.bad("config_sentence_transformers.json", reason));
        }
        Ok(Spec {
            transformer,
            poolings,
            heads,
            max_tokens: sentence.max_seq_length.or(by_tokenizer.map(|n| n as usize)),
            lower_case: sentence.do_lower_case,
            prompts: prompts.prompts,
            default_prompt: prompts.default_prompt_name,
        })
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
        assert!(error.contains(MODULES), "{error}");
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
        let lost = ("config_sentence_transformers.json", r#"{"default_prompt_name": "x"}"#);
        assert!(read(&[(MODULES, THREE), MEAN, lost]).is_err());
    }
}
