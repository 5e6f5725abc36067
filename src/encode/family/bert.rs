//! BERT, RoBERTa and XLM-RoBERTa on candle tensors: any device, any dtype.
//!
//! Names equal those in the checkpoint. The families differ in their position ids only:
//! BERT counts from 0, the others from `pad_token_id + 1`. Scores and their softmax are kept
//! in `f32` whatever the dtype, and the mask is finite, so half precision gives no NaN.
//!
//! References: Devlin et al. 2018 (arXiv:1810.04805), Conneau et al. 2019 (arXiv:1911.02116);
//! upstream `modeling_bert.py` and `modeling_xlm_roberta.py` of transformers.

use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::{Embedding, LayerNorm, Linear, Module, VarBuilder, embedding, layer_norm, linear};
use serde::Deserialize;

use crate::encode::batch::{padded_ids, padding_mask, unpadded};
use crate::encode::{EncodeError, ModelFiles};

/// The parts of `config.json` that are used.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::encode) struct Config {
    model_type: String,
    pub(in crate::encode) vocab_size: usize,
    pub(in crate::encode) hidden_size: usize,
    pub(in crate::encode) num_hidden_layers: usize,
    pub(in crate::encode) num_attention_heads: usize,
    pub(in crate::encode) intermediate_size: usize,
    pub(in crate::encode) hidden_act: Activation,
    pub(in crate::encode) max_position_embeddings: usize,
    #[serde(default)]
    pub(in crate::encode) type_vocab_size: usize,
    pub(in crate::encode) layer_norm_eps: f64,
    pad_token_id: Option<usize>,
    position_embedding_type: Option<String>,
}

/// Between the two halves of the feed-forward block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(in crate::encode) enum Activation {
    /// `x Phi(x)`, exact.
    #[serde(rename = "gelu")]
    Gelu,
    /// `x Phi(x)` by a tanh.
    #[serde(rename = "gelu_new", alias = "gelu_pytorch_tanh")]
    GeluTanh,
    /// `max(x, 0)`.
    #[serde(rename = "relu")]
    Relu,
}

impl Config {
    pub(super) fn check(
        &self,
        files: &ModelFiles,
        file: &str,
    ) -> std::result::Result<(), EncodeError> {
        let positions = self.position_embedding_type.as_deref().unwrap_or("absolute");
        if positions != "absolute" {
            return Err(files.unsupported("position_embedding_type", positions, "absolute"));
        }
        let heads = self.num_attention_heads;
        if self.intermediate_size == 0 {
            return Err(files.bad(file, "intermediate_size is 0"));
        }
        if heads == 0 || self.hidden_size == 0 || !self.hidden_size.is_multiple_of(heads) {
            let reason = format!("{} numbers do not divide into {heads} heads", self.hidden_size);
            return Err(files.bad(file, reason));
        }
        if self.max_position_embeddings <= self.first_position() {
            return Err(files.bad(file, "max_position_embeddings leaves no position"));
        }
        Ok(())
    }

    /// The first token's position id.
    pub(in crate::encode) fn first_position(&self) -> usize {
        match self.model_type.as_str() {
            "bert" => 0,
            _ => self.pad_token_id.unwrap_or(1) + 1,
        }
    }

    pub(super) fn max_tokens(&self) -> usize {
        self.max_position_embeddings - self.first_position()
    }
}

/// Embeddings and encoder; the pooler, where a checkpoint has one, is not part of it.
pub(in crate::encode) struct Bert {
    embeddings: Embeddings,
    layers: Vec<Layer>,
    device: Device,
}

impl Bert {
    pub(in crate::encode) fn load(vb: VarBuilder, config: &Config) -> Result<Self> {
        let encoder = vb.pp("encoder.layer");
        let layer = |i| Layer::load(encoder.pp(i), config);
        Ok(Bert {
            embeddings: Embeddings::load(vb.pp("embeddings"), config)?,
            layers: (0..config.num_hidden_layers).map(layer).collect::<Result<_>>()?,
            device: vb.device().clone(),
        })
    }

    /// Token vectors of every sequence (`t x width`, row-major), in order.
    pub(in crate::encode) fn forward(&self, batch: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let ids = padded_ids(batch, 0, &self.device)?;
        let mask = padding_mask(batch, &self.device)?;
        let mut hidden = self.embeddings.forward(&ids)?;
        for layer in &self.layers {
            hidden = layer.forward(&hidden, mask.as_ref())?;
        }
        let lengths: Vec<usize> = batch.iter().map(|ids| ids.len()).collect();
        unpadded(&hidden, &lengths)
    }
}

struct Embeddings {
    word_embeddings: Embedding,
    position_embeddings: Embedding,
    /// All tokens are of type 0; `None` where the checkpoint has no types.
    token_type: Option<Tensor>,
    layer_norm: LayerNorm,
    first_position: usize,
}

impl Embeddings {
    fn load(vb: VarBuilder, config: &Config) -> Result<Self> {
        let width = config.hidden_size;
        let types = vb.pp("token_type_embeddings");
        let token_type = match config.type_vocab_size {
            n if n > 0 && types.contains_tensor("weight") => {
                Some(types.get((n, width), "weight")?.get(0)?)
            }
            _ => None,
        };
        Ok(Embeddings {
            word_embeddings: embedding(config.vocab_size, width, vb.pp("word_embeddings"))?,
            position_embeddings: embedding(
                config.max_position_embeddings,
                width,
                vb.pp("position_embeddings"),
            )?,
            token_type,
            layer_norm: layer_norm(width, config.layer_norm_eps, vb.pp("LayerNorm"))?,
            first_position: config.first_position(),
        })
    }

    fn forward(&self, ids: &Tensor) -> Result<Tensor> {
        let length = ids.dim(1)?;
        let positions =
            self.position_embeddings.embeddings().narrow(0, self.first_position, length)?;
        let mut sum = self.word_embeddings.forward(ids)?.broadcast_add(&positions)?;
        if let Some(token_type) = &self.token_type {
            sum = sum.broadcast_add(token_type)?;
        }
        self.layer_norm.forward(&sum)
    }
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    intermediate: Linear,
    output: Linear,
    output_norm: LayerNorm,
    activation: Activation,
    n_heads: usize,
}

impl Layer {
    fn load(vb: VarBuilder, config: &Config) -> Result<Self> {
        let (width, inner) = (config.hidden_size, config.intermediate_size);
        let norm = |vb: VarBuilder| layer_norm(width, config.layer_norm_eps, vb.pp("LayerNorm"));
        let attention = vb.pp("attention");
        Ok(Layer {
            query: linear(width, width, attention.pp("self.query"))?,
            key: linear(width, width, attention.pp("self.key"))?,
            value: linear(width, width, attention.pp("self.value"))?,
            attention_output: linear(width, width, attention.pp("output.dense"))?,
            attention_norm: norm(attention.pp("output"))?,
            intermediate: linear(width, inner, vb.pp("intermediate.dense"))?,
            output: linear(inner, width, vb.pp("output.dense"))?,
            output_norm: norm(vb.pp("output"))?,
            activation: config.hidden_act,
            n_heads: config.num_attention_heads,
        })
    }

    fn forward(&self, hidden: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
        let attended = self.attend(hidden, mask)?.apply(&self.attention_output)?;
        let hidden = self.attention_norm.forward(&(attended + hidden)?)?;
        let inner = hidden.apply(&self.intermediate)?;
        let inner = match self.activation {
            Activation::Gelu => inner.gelu_erf()?,
            Activation::GeluTanh => inner.gelu()?,
            Activation::Relu => inner.relu()?,
        };
        self.output_norm.forward(&(inner.apply(&self.output)? + hidden)?)
    }

    fn attend(&self, hidden: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
        let (batch, length, width) = hidden.dims3()?;
        let size = width / self.n_heads;
        let split = |linear: &Linear| {
            let rows = hidden.apply(linear)?.reshape((batch, length, self.n_heads, size))?;
            rows.transpose(1, 2)?.contiguous()
        };
        let (query, key, value) = (split(&self.query)?, split(&self.key)?, split(&self.value)?);
        // Scaled before the product, so that half precision does not overflow in it.
        let query = (query * (size as f64).powf(-0.5))?;
        let mut scores = query.matmul(&key.transpose(D::Minus2, D::Minus1)?)?;
        scores = scores.to_dtype(DType::F32)?;
        if let Some(mask) = mask {
            scores = scores.broadcast_add(mask)?;
        }
        let shares = candle_nn::ops::softmax_last_dim(&scores)?.to_dtype(value.dtype())?;
        shares.matmul(&value)?.transpose(1, 2)?.reshape((batch, length, width))
    }
}
