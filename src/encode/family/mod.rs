//! Model families: token ids in, one vector per token out. Nothing else.

pub(super) mod bert;
mod qwen3;

use std::sync::Arc;

use candle_nn::VarBuilder;
use serde::Deserialize;

use super::EncodeError;
use super::cpu::BertCpu;
use super::device::{Dtype, OpenedDevice};
use super::source::ModelFiles;
use super::weights::{CandleWeights, Weights};

/// `config.json`, told apart by its `model_type`.
#[derive(Debug, Clone)]
pub(super) enum FamilyConfig {
    /// BERT, RoBERTa and XLM-RoBERTa: one network, other positions.
    Bert(bert::Config),
    /// Qwen3, read to the last token.
    Qwen3(qwen3::Config),
}

impl FamilyConfig {
    /// All families, for messages.
    const NAMES: &'static str = "bert, roberta, xlm-roberta, qwen3";

    /// Reads `config.json` in a folder of the model.
    pub(super) fn read(files: &ModelFiles, folder: &str) -> Result<Self, EncodeError> {
        #[derive(Deserialize)]
        struct Tag {
            #[serde(default)]
            model_type: String,
        }
        let file = format!("{folder}config.json");
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
            other => Err(files.unsupported("model_type", other, Self::NAMES)),
        }
    }

    /// Length of a token's vector.
    pub(super) fn width(&self) -> usize {
        match self {
            FamilyConfig::Bert(config) => config.hidden_size,
            FamilyConfig::Qwen3(config) => config.hidden_size,
        }
    }

    /// Token ids are below this.
    pub(super) fn vocabulary(&self) -> usize {
        match self {
            FamilyConfig::Bert(config) => config.vocab_size,
            FamilyConfig::Qwen3(config) => config.vocab_size,
        }
    }

    /// Most tokens the network has positions for.
    pub(super) fn max_tokens(&self) -> usize {
        match self {
            FamilyConfig::Bert(config) => config.max_tokens(),
            FamilyConfig::Qwen3(config) => config.max_position_embeddings,
        }
    }
}

/// A loaded network.
pub(super) enum Network {
    /// The BERT family on the CPU in `f32`: own loops.
    BertCpu(BertCpu),
    /// The BERT family elsewhere.
    Bert(bert::Bert),
    /// Qwen3 anywhere.
    Qwen3(qwen3::Qwen3),
}

impl Network {
    /// Loads the weights onto the device. Windows will have at most `max_tokens` tokens.
    pub(super) fn load(
        files: &ModelFiles,
        config: &FamilyConfig,
        weights: Arc<Weights>,
        device: &OpenedDevice,
        dtype: Dtype,
        max_tokens: usize,
    ) -> Result<Self, EncodeError> {
        let failed = |source| EncodeError::Compute { name: files.name().to_string(), source };
        let builder = |weights| {
            let backend = Box::new(CandleWeights(weights));
            VarBuilder::from_backend(backend, dtype.candle(), device.candle().clone())
        };
        Ok(match config {
            FamilyConfig::Bert(config) if device.candle().is_cpu() && dtype == Dtype::F32 => {
                Network::BertCpu(BertCpu::load(&weights, config)?)
            }
            FamilyConfig::Bert(config) => {
                Network::Bert(bert::Bert::load(builder(weights), config).map_err(failed)?)
            }
            FamilyConfig::Qwen3(config) => {
                let network = qwen3::Qwen3::load(builder(weights), config, max_tokens);
                Network::Qwen3(network.map_err(failed)?)
            }
        })
    }
}
