//! Model families: token ids in, one vector per token out. Nothing else.

pub(super) mod bert;
mod qwen3;
mod static_embedding;

use std::sync::Arc;

use candle_core::DType;
use candle_nn::VarBuilder;
use serde::Deserialize;

use super::EncodeError;
use super::candle_weights::CandleWeights;
use super::cpu::{BertCpu, Precision};
use super::device::{Dtype, OpenedDevice};
use super::source::ModelFiles;
use super::spec::{Body, Spec};
use super::weights::Weights;

/// `config.json`, told apart by its `model_type`.
#[derive(Debug, Clone)]
pub(super) enum FamilyConfig {
    /// BERT, RoBERTa and XLM-RoBERTa: one network, other positions.
    Bert(bert::Config),
    /// Qwen3, read to the last token.
    Qwen3(qwen3::Config),
    /// A table of rows and no network.
    Static(static_embedding::Config),
}

impl FamilyConfig {
    /// All families, for messages.
    const NAMES: &'static str = "bert, roberta, xlm-roberta, qwen3";

    /// Reads `config.json`, or the shapes of the weights where there is no network.
    pub(super) fn read(
        files: &ModelFiles,
        spec: &Spec,
        weights: &Weights,
    ) -> Result<Self, EncodeError> {
        #[derive(Deserialize)]
        struct Tag {
            model_type: String,
        }
        if spec.body == Body::Static {
            return static_embedding::Config::read(files, weights).map(FamilyConfig::Static);
        }
        let file = format!("{}config.json", spec.folder);
        let bytes = files.need(&file, "it describes the network")?;
        let bad = |error: serde_json::Error| files.bad(&file, error);
        let tag: Tag = serde_json::from_slice(&bytes).map_err(bad)?;
        match tag.model_type.as_str() {
            "bert" | "roberta" | "xlm-roberta" => {
                let config: bert::Config = serde_json::from_slice(&bytes).map_err(bad)?;
                config.check(files, &file)?;
                Ok(FamilyConfig::Bert(config))
            }
            "qwen3" => {
                let config: qwen3::Config = serde_json::from_slice(&bytes).map_err(bad)?;
                config.check(files, &file)?;
                Ok(FamilyConfig::Qwen3(config))
            }
            other => Err(files.unsupported("model_type (config.json)", other, Self::NAMES)),
        }
    }

    /// Loads the network's weights onto the device. Windows will have at most `max_tokens` tokens.
    pub(super) fn load(
        &self,
        files: &ModelFiles,
        weights: Arc<Weights>,
        device: &OpenedDevice,
        dtype: Dtype,
        max_tokens: usize,
    ) -> Result<Network, EncodeError> {
        let on_cpu = device.candle().is_cpu();
        let candle_dtype = match (self, dtype) {
            (FamilyConfig::Static(_), Dtype::F16 | Dtype::Bf16 | Dtype::Int8) => {
                let supported = "f32 for a model without a network";
                return Err(files.unsupported("dtype", dtype, supported));
            }
            (FamilyConfig::Bert(config), Dtype::F32) if on_cpu => {
                return BertCpu::load(&weights, config, Precision::F32).map(Network::BertCpu);
            }
            (FamilyConfig::Bert(config), Dtype::Int8) if on_cpu => {
                return BertCpu::load(&weights, config, Precision::Int8).map(Network::BertCpu);
            }
            (_, Dtype::F32 | Dtype::Auto) => DType::F32,
            (_, Dtype::F16) => DType::F16,
            (_, Dtype::Bf16) => DType::BF16,
            (_, Dtype::Int8) => {
                let supported =
                    "int8 for bert, roberta and xlm-roberta on the CPU; else f32, f16, bf16";
                return Err(files.unsupported("dtype", "int8", supported));
            }
        };
        let failed = |source| EncodeError::Compute { name: files.name().to_string(), source };
        let builder = |weights| {
            let backend = Box::new(CandleWeights(weights));
            VarBuilder::from_backend(backend, candle_dtype, device.candle().clone())
        };
        Ok(match self {
            FamilyConfig::Bert(config) => {
                Network::Bert(bert::Bert::load(builder(weights), config).map_err(failed)?)
            }
            FamilyConfig::Qwen3(config) => {
                let network = qwen3::Qwen3::load(builder(weights), config, max_tokens);
                Network::Qwen3(network.map_err(failed)?)
            }
            FamilyConfig::Static(config) => {
                Network::Static(static_embedding::StaticEmbedding::load(files, &weights, config)?)
            }
        })
    }

    /// Length of a token's vector.
    pub(super) fn width(&self) -> usize {
        match self {
            FamilyConfig::Bert(config) => config.hidden_size,
            FamilyConfig::Qwen3(config) => config.hidden_size,
            FamilyConfig::Static(config) => config.width,
        }
    }

    /// Token ids are below this.
    pub(super) fn vocabulary(&self) -> usize {
        match self {
            FamilyConfig::Bert(config) => config.vocab_size,
            FamilyConfig::Qwen3(config) => config.vocab_size,
            FamilyConfig::Static(config) => config.vocabulary,
        }
    }

    /// Most tokens the network has positions for.
    pub(super) fn max_tokens(&self) -> usize {
        match self {
            FamilyConfig::Bert(config) => config.max_tokens(),
            FamilyConfig::Qwen3(config) => config.max_position_embeddings,
            FamilyConfig::Static(_) => usize::MAX,
        }
    }

    /// Whether special tokens stand around a text.
    pub(super) fn has_special_tokens(&self) -> bool {
        !matches!(self, FamilyConfig::Static(_))
    }

    /// Whether tokens that stand for what the vocabulary lacks are left out.
    pub(super) fn drops_unknown(&self) -> bool {
        matches!(self, FamilyConfig::Static(config) if config.drops_unknown())
    }
}

/// A loaded network.
pub(super) enum Network {
    /// The BERT family on the CPU in `f32` or `int8`: own loops.
    BertCpu(BertCpu),
    /// The BERT family elsewhere.
    Bert(bert::Bert),
    /// Qwen3 anywhere.
    Qwen3(qwen3::Qwen3),
    /// A table of rows, always on the CPU.
    Static(static_embedding::StaticEmbedding),
}

impl Network {
    /// What a user should know about how it runs.
    pub(super) fn note(&self) -> Option<&str> {
        match self {
            Network::Bert(bert) => bert.note(),
            Network::BertCpu(_) | Network::Qwen3(_) | Network::Static(_) => None,
        }
    }

    /// Device memory one token of a padded batch needs at most, in bytes, where sequences have
    /// `longest` tokens.
    pub(super) fn token_bytes(&self, longest: usize) -> usize {
        match self {
            Network::BertCpu(_) | Network::Static(_) => 0,
            Network::Bert(bert) => bert.token_bytes(longest),
            Network::Qwen3(qwen3) => qwen3.token_bytes(longest),
        }
    }
}
