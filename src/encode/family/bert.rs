//! BERT, RoBERTa and XLM-RoBERTa on candle tensors: any device, any dtype.
//!
//! Names equal those in the checkpoint. The families differ in their position ids only:
//! BERT counts from 0, the others from `pad_token_id + 1`. Tokens lie one behind the other
//! without padding; only attention knows where a sequence ends. Scores and their softmax, sums
//! of layer norms and of pooling are kept in `f32` whatever the dtype, and masks are finite, so
//! half precision gives no NaN.
//!
//! References: Devlin et al. 2018 (arXiv:1810.04805), Conneau et al. 2019 (arXiv:1911.02116);
//! upstream `modeling_bert.py` and `modeling_xlm_roberta.py` of transformers.

use candle_core::{Device, Result, Tensor};
use candle_nn::{Embedding, LayerNorm, Linear, Module, VarBuilder, embedding, layer_norm, linear};
use serde::Deserialize;

use crate::encode::packed::{Attention, Packed};
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
    attention: Attention,
    note: Option<String>,
    device: Device,
    /// Numbers in a token's vector, in the widest place, and bytes in each.
    size: (usize, usize, usize),
}

impl Bert {
    pub(in crate::encode) fn load(vb: VarBuilder, config: &Config) -> Result<Self> {
        let encoder = vb.pp("encoder.layer");
        let layer = |i| Layer::load(encoder.pp(i), config);
        let head_size = config.hidden_size / config.num_attention_heads;
        let (attention, note) = Attention::choose(vb.device(), vb.dtype(), head_size);
        Ok(Bert {
            embeddings: Embeddings::load(vb.pp("embeddings"), config)?,
            layers: (0..config.num_hidden_layers).map(layer).collect::<Result<_>>()?,
            attention,
            note,
            device: vb.device().clone(),
            size: (config.hidden_size, config.intermediate_size, vb.dtype().size_in_bytes()),
        })
    }

    /// A batch on the network's device.
    pub(in crate::encode) fn pack(&self, batch: &[&[u32]]) -> Result<Packed> {
        Packed::new(batch, &self.device)
    }

    /// Token vectors of all sequences, one behind the other: `n x width`.
    pub(in crate::encode) fn forward(&self, packed: &Packed) -> Result<Tensor> {
        let mut hidden = self.embeddings.forward(packed)?;
        for layer in &self.layers {
            hidden = layer.forward(&hidden, packed, self.attention)?;
        }
        Ok(hidden)
    }

    /// Why attention does not run as fast as it could.
    pub(in crate::encode) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// Device memory one token of a padded batch needs at most, in bytes, where sequences have
    /// `longest` tokens: in a layer the vector, query, key, value, result, their padded copies
    /// and the wide activations before and after; while pooling two copies in `f32`.
    pub(in crate::encode) fn token_bytes(&self, longest: usize) -> usize {
        let (width, inner, bytes) = self.size;
        let n_heads = self.layers.first().map_or(1, |layer| layer.n_heads);
        let dtype = self.embeddings.layer_norm.weight().dtype();
        let scores = self.attention.score_bytes(n_heads, longest, dtype);
        (10 * width + 3 * inner) * bytes + 2 * 4 * width + scores
    }

    /// The same network with another attention.
    #[cfg(test)]
    pub(in crate::encode) fn with_attention(mut self, attention: Attention) -> Self {
        self.attention = attention;
        self
    }
}

struct Embeddings {
    word_embeddings: Embedding,
    /// From the first token's position on.
    position_embeddings: Tensor,
    /// All tokens are of type 0; `None` where the checkpoint has no types.
    token_type: Option<Tensor>,
    layer_norm: LayerNorm,
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
        let n_positions = config.max_position_embeddings;
        let positions = vb.pp("position_embeddings").get((n_positions, width), "weight")?;
        Ok(Embeddings {
            word_embeddings: embedding(config.vocab_size, width, vb.pp("word_embeddings"))?,
            position_embeddings: positions
                .narrow(0, config.first_position(), config.max_tokens())?
                .contiguous()?,
            token_type,
            layer_norm: layer_norm(width, config.layer_norm_eps, vb.pp("LayerNorm"))?,
        })
    }

    fn forward(&self, packed: &Packed) -> Result<Tensor> {
        let positions = self.position_embeddings.index_select(&packed.positions, 0)?;
        let mut sum = (self.word_embeddings.forward(&packed.ids)? + positions)?;
        if let Some(token_type) = &self.token_type {
            sum = sum.broadcast_add(token_type)?;
        }
        self.layer_norm.forward(&sum)
    }
}

struct Layer {
    /// Query, key and value side by side: one product instead of three.
    query_key_value: Linear,
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
        let parts = ["self.query", "self.key", "self.value"];
        let side_by_side = |shape: &[usize], name: &str| -> Result<Tensor> {
            let part = |part: &&str| attention.pp(part).get(shape, name);
            Tensor::cat(&parts.iter().map(part).collect::<Result<Vec<Tensor>>>()?, 0)
        };
        let (weight, bias) =
            (side_by_side(&[width, width], "weight")?, side_by_side(&[width], "bias")?);
        Ok(Layer {
            query_key_value: Linear::new(weight, Some(bias)),
            attention_output: linear(width, width, attention.pp("output.dense"))?,
            attention_norm: norm(attention.pp("output"))?,
            intermediate: linear(width, inner, vb.pp("intermediate.dense"))?,
            output: linear(inner, width, vb.pp("output.dense"))?,
            output_norm: norm(vb.pp("output"))?,
            activation: config.hidden_act,
            n_heads: config.num_attention_heads,
        })
    }

    fn forward(&self, hidden: &Tensor, packed: &Packed, attention: Attention) -> Result<Tensor> {
        let joined = hidden.apply(&self.query_key_value)?;
        let attended = attention.attend(&joined, packed, self.n_heads)?;
        drop(joined);
        let attended = attended.apply(&self.attention_output)?;
        let hidden = self.attention_norm.forward(&(attended + hidden)?)?;
        let inner = hidden.apply(&self.intermediate)?;
        let inner = match self.activation {
            Activation::Gelu => inner.gelu_erf()?,
            Activation::GeluTanh => inner.gelu()?,
            Activation::Relu => inner.relu()?,
        };
        self.output_norm.forward(&(inner.apply(&self.output)? + hidden)?)
    }
}
