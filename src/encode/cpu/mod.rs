//! The BERT family on the CPU, in `f32` or with 8-bit products: own loops on slices.
//!
//! Sequences lie one behind the other without padding, so no mask is needed. Weights are laid
//! out for the product kernel once, at load. Every sum runs in one fixed order whatever stands
//! beside it in the batch and whatever the number of threads, so a text gives the same bits
//! alone as among others. The same network on candle tensors is `family::bert`; the two are
//! tested against each other.

mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
pub(super) mod chunks;
mod elementwise;
mod int8;
mod product;
mod rounding;
mod simd;

use rayon::prelude::*;

use super::EncodeError;
use super::family::bert::{Activation, Config};
use super::storage::Table;
use super::weights::Weights;
use crate::geometry::vnni::Vnni;
use elementwise::{add_rows, layer_norm};
use int8::{PackedInt8, product_int8};
use product::{Finish, Packed, product};
use rounding::Rounded;
use simd::{Aligned, Level};

/// The numbers products are computed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    F32,
    Int8,
}

/// The network, ready to run.
pub(super) struct BertCpu {
    level: Level,
    width: usize,
    n_heads: usize,
    inner: usize,
    epsilon: f32,
    words: Table,
    /// Position and, where there are types, type 0: `positions x width`.
    positions: Vec<f32>,
    embedding_norm: Norm,
    layers: Vec<Layer>,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

struct Layer {
    /// Query, key and value side by side: `width -> 3 width`.
    query_key_value: Linear,
    attention_output: Linear,
    attention_norm: Norm,
    intermediate: Linear,
    activation: Activation,
    output: Linear,
    output_norm: Norm,
}

enum Linear {
    F32(Packed),
    Int8(PackedInt8),
}

impl Linear {
    /// Reads `name.weight` and `name.bias` of every part, outputs one behind the other.
    fn load(
        weights: &Weights,
        parts: &[String],
        (inputs, outputs): (usize, usize),
        precision: Precision,
    ) -> Result<Self, EncodeError> {
        let mut tables = Vec::with_capacity(parts.len());
        let mut bias = Vec::with_capacity(parts.len() * outputs);
        for name in parts {
            tables.push(weights.table(&format!("{name}.weight"), &[outputs, inputs])?);
            bias.extend(weights.f32(&format!("{name}.bias"), &[outputs])?);
        }
        Ok(match precision {
            Precision::F32 => Linear::F32(Packed::new(inputs, bias, &|row, out| {
                tables[row / outputs].read_row(row % outputs, out);
            })),
            Precision::Int8 => {
                let read_row = |row: usize, out: &mut [i8]| {
                    tables[row / outputs].read_int8_row(row % outputs, out)
                };
                Linear::Int8(PackedInt8::new(Vnni::detect(), inputs, bias, &read_row))
            }
        })
    }
}

/// Buffers used again from chunk to chunk.
#[derive(Default)]
pub(super) struct Scratch {
    hidden: Aligned,
    joined: Aligned,
    attended: Aligned,
    inner: Aligned,
    projected: Aligned,
    attention: attention::Scratch,
    rounded: Rounded,
}

impl BertCpu {
    /// Reads and packs all weights. Names equal those in the checkpoint.
    pub(super) fn load(
        weights: &Weights,
        config: &Config,
        precision: Precision,
    ) -> Result<Self, EncodeError> {
        let width = config.hidden_size;
        let norm = |name: &str| -> Result<Norm, EncodeError> {
            Ok(Norm {
                weight: weights.f32(&format!("{name}.weight"), &[width])?,
                bias: weights.f32(&format!("{name}.bias"), &[width])?,
            })
        };
        let types = "embeddings.token_type_embeddings.weight";
        let n_positions = config.max_position_embeddings;
        let mut positions =
            weights.f32("embeddings.position_embeddings.weight", &[n_positions, width])?;
        positions.drain(..config.first_position() * width);
        if config.type_vocab_size > 0 && weights.contains(types) {
            let types = weights.f32(types, &[config.type_vocab_size, width])?;
            for row in positions.chunks_exact_mut(width) {
                row.iter_mut().zip(&types).for_each(|(p, t)| *p += t);
            }
        }
        let layer = |i: usize| {
            Layer::load(weights, &format!("encoder.layer.{i}"), config, precision, &norm)
        };
        let layers: Result<Vec<Layer>, EncodeError> =
            (0..config.num_hidden_layers).into_par_iter().map(layer).collect();
        Ok(BertCpu {
            level: Level::detect(),
            width,
            n_heads: config.num_attention_heads,
            inner: config.intermediate_size,
            epsilon: config.layer_norm_eps as f32,
            words: weights
                .table("embeddings.word_embeddings.weight", &[config.vocab_size, width])?,
            positions,
            embedding_norm: norm("embeddings.LayerNorm")?,
            layers: layers?,
        })
    }

    /// Applies `pool` to the token vectors of every sequence (`t x width`, row-major), in order.
    ///
    /// Ids are below the vocabulary's size and no sequence is longer than there are positions;
    /// the tokenizer sees to both.
    pub(super) fn forward<T>(
        &self,
        batch: &[&[u32]],
        scratch: &mut Scratch,
        pool: impl Fn(&[f32]) -> T,
    ) -> Vec<T> {
        let (level, width) = (self.level, self.width);
        let lengths: Vec<usize> = batch.iter().map(|ids| ids.len()).collect();
        let n: usize = lengths.iter().sum();
        scratch.resize(n, width, self.inner);
        let Scratch { hidden, joined, attended, inner, projected, attention, rounded } = scratch;
        let mut apply = |linear: &Linear, rows: &[f32], finish, out: &mut [f32]| match linear {
            Linear::F32(packed) => product(level, rows, packed, finish, out),
            Linear::Int8(packed) => product_int8(level, rows, packed, finish, rounded, out),
        };

        let places = batch.iter().flat_map(|ids| ids.iter().enumerate());
        for ((position, &id), row) in places.zip(hidden.chunks_exact_mut(width)) {
            self.words.read_row(id as usize, row);
            add_rows(row, &self.positions[position * width..(position + 1) * width]);
        }
        let norm = &self.embedding_norm;
        layer_norm(level, hidden, None, &norm.weight, &norm.bias, self.epsilon);

        for layer in &self.layers {
            apply(&layer.query_key_value, hidden, Finish::Plain, joined);
            attention::attend(level, joined, &lengths, self.n_heads, attention, attended);
            apply(&layer.attention_output, attended, Finish::Plain, projected);
            let norm = &layer.attention_norm;
            layer_norm(level, hidden, Some(projected), &norm.weight, &norm.bias, self.epsilon);
            apply(&layer.intermediate, hidden, Finish::Activate(layer.activation), inner);
            apply(&layer.output, inner, Finish::Plain, projected);
            let norm = &layer.output_norm;
            layer_norm(level, hidden, Some(projected), &norm.weight, &norm.bias, self.epsilon);
        }
        let mut rest: &[f32] = hidden;
        let sequence = |&length: &usize| {
            let (tokens, others) = rest.split_at(length * width);
            rest = others;
            pool(tokens)
        };
        lengths.iter().map(sequence).collect()
    }
}

impl Scratch {
    fn resize(&mut self, n: usize, width: usize, inner: usize) {
        self.hidden.resize(n * width);
        self.joined.resize(n * 3 * width);
        self.attended.resize(n * width);
        self.inner.resize(n * inner);
        self.projected.resize(n * width);
    }
}

impl Layer {
    fn load(
        weights: &Weights,
        name: &str,
        config: &Config,
        precision: Precision,
        norm: &dyn Fn(&str) -> Result<Norm, EncodeError>,
    ) -> Result<Self, EncodeError> {
        let (width, inner) = (config.hidden_size, config.intermediate_size);
        let linear = |parts: &[&str], shape| {
            let parts: Vec<String> = parts.iter().map(|part| format!("{name}.{part}")).collect();
            Linear::load(weights, &parts, shape, precision)
        };
        let joined = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Layer {
            query_key_value: linear(&joined, (width, width))?,
            attention_output: linear(&["attention.output.dense"], (width, width))?,
            attention_norm: norm(&format!("{name}.attention.output.LayerNorm"))?,
            intermediate: linear(&["intermediate.dense"], (width, inner))?,
            activation: config.hidden_act,
            output: linear(&["output.dense"], (inner, width))?,
            output_norm: norm(&format!("{name}.output.LayerNorm"))?,
        })
    }
}

#[cfg(test)]
mod tests;
