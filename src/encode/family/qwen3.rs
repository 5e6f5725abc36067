//! Qwen3 as an encoder (Qwen3-Embedding): candle's network, read to its last hidden layer.
//!
//! Attention is causal, so padding on the right is never seen by a real token and needs no
//! mask. Upstream: <https://huggingface.co/Qwen/Qwen3-Embedding-0.6B>.

use candle_core::{Device, Result};
use candle_nn::{Activation, VarBuilder};
use candle_transformers::models::qwen3;
use serde::Deserialize;

use crate::encode::batch::{padded_ids, unpadded};
use crate::encode::{EncodeError, ModelFiles};

/// The parts of `config.json` that are used.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::encode) struct Config {
    pub(super) vocab_size: usize,
    pub(super) hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: usize,
    head_dim: Option<usize>,
    pub(super) max_position_embeddings: usize,
    rms_norm_eps: f64,
    hidden_act: Activation,
    #[serde(default)]
    attention_bias: bool,
    #[serde(default)]
    use_sliding_window: bool,
    /// Older files; newer ones have it among the rope parameters.
    rope_theta: Option<f64>,
    rope_parameters: Option<Rope>,
    rope_scaling: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
struct Rope {
    rope_theta: Option<f64>,
    #[serde(default)]
    rope_type: String,
}

impl Config {
    /// Refuses what the network below would compute wrongly.
    pub(super) fn check(
        &self,
        files: &ModelFiles,
        file: &str,
    ) -> std::result::Result<(), EncodeError> {
        let scaled = self.rope_scaling.as_ref().is_some_and(|value| !value.is_null());
        let kind = self.rope_parameters.as_ref().map_or("default", |rope| &rope.rope_type);
        if scaled || !matches!(kind, "" | "default") {
            return Err(files.unsupported("rope type", kind, "default"));
        }
        if self.use_sliding_window {
            return Err(files.unsupported("attention", "sliding window", "full attention"));
        }
        let heads = (self.num_attention_heads, self.num_key_value_heads);
        if heads.0 == 0 || heads.1 == 0 || !heads.0.is_multiple_of(heads.1) {
            let reason = format!("{} query heads on {} key heads", heads.0, heads.1);
            return Err(files.bad(file, reason));
        }
        if self.head_dim.is_none() && !self.hidden_size.is_multiple_of(heads.0) {
            return Err(files.bad(file, "hidden_size is no multiple of num_attention_heads"));
        }
        Ok(())
    }
}

/// The network. Cheap to clone: weights are shared.
pub(in crate::encode) struct Qwen3 {
    model: qwen3::Model,
    device: Device,
    /// Bytes of the widest vectors of a token, and heads.
    size: (usize, usize),
}

impl Qwen3 {
    pub(super) fn load(vb: VarBuilder, config: &Config, max_tokens: usize) -> Result<Self> {
        let theta = config.rope_parameters.as_ref().and_then(|rope| rope.rope_theta);
        let upstream = qwen3::Config {
            vocab_size: config.vocab_size,
            hidden_size: config.hidden_size,
            intermediate_size: config.intermediate_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: config.num_attention_heads,
            head_dim: config.head_dim.unwrap_or(config.hidden_size / config.num_attention_heads),
            attention_bias: config.attention_bias,
            num_key_value_heads: config.num_key_value_heads,
            // The rotation table is as long as the longest window, no longer.
            max_position_embeddings: max_tokens,
            sliding_window: None,
            max_window_layers: config.num_hidden_layers,
            tie_word_embeddings: true,
            rope_theta: theta.or(config.rope_theta).unwrap_or(10_000.0),
            rms_norm_eps: config.rms_norm_eps,
            use_sliding_window: false,
            hidden_act: config.hidden_act,
        };
        let device = vb.device().clone();
        let attended = upstream.head_dim * upstream.num_attention_heads;
        let numbers = 6 * upstream.hidden_size + 6 * attended + 3 * upstream.intermediate_size;
        let bytes = numbers * vb.dtype().size_in_bytes() + 4 * upstream.hidden_size;
        let size = (bytes, upstream.num_attention_heads);
        Ok(Qwen3 { model: qwen3::Model::new(&upstream, vb)?, device, size })
    }

    /// See [`Network::token_bytes`](super::Network::token_bytes). Scores and shares are counted
    /// as `f32`, twice.
    pub(super) fn token_bytes(&self, longest: usize) -> usize {
        self.size.0 + self.size.1 * longest * 4 * 4
    }

    /// Token vectors of every sequence (`t x width`, row-major), in order.
    pub(in crate::encode) fn forward(&self, batch: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let ids = padded_ids(batch, 0, &self.device)?;
        // A clone, because the network gathers keys and values as it runs.
        let hidden = self.model.clone().forward(&ids, 0)?;
        let lengths: Vec<usize> = batch.iter().map(|ids| ids.len()).collect();
        unpadded(&hidden, &lengths)
    }
}
