//! Texts -> unit rows, by a multilingual sentence encoder.
//!
//! [`Source`] names a model, [`ModelFiles`] finds its files (Hub, folder or compiled in, all
//! in Hub layout), [`Encoder::load`] builds it and [`Encoder::encode`] runs it. Families know
//! token ids and token vectors only; windows, batches, padding, pooling and scaling exist once,
//! here.

mod ahead;
mod batch;
mod blob;
mod bundled;
mod cpu;
mod device;
mod error;
mod family;
mod hub;
mod launch;
mod packed;
mod pooling;
mod source;
mod spec;
mod tokens;
mod unigram;
mod weights;

use std::collections::BTreeMap;
use std::sync::Arc;

use candle_core::Tensor;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

pub use device::{DeviceChoice, Dtype, OpenedDevice};
pub use error::EncodeError;
pub use source::{ModelFiles, Source};

use crate::embeddings::ModelFingerprint;
use crate::geometry::Matrix;
use crate::progress::Progress;
use family::{FamilyConfig, Network};
use launch::Budget;
use pooling::Head;
use spec::Spec;
use tokens::{Prompt, TextTokenizer, Window};
use weights::Weights;

/// Texts cut into tokens at once while the device computes those before.
const TEXTS_PER_PIECE: usize = 2048;

/// Bump when the rules between text and vector change (windows, pooling, special tokens), so
/// that vectors made by other rules are not taken for the same.
const RULES_VERSION: &[u8] = b"encode-rules-1";

/// A model ready to run.
pub struct Encoder {
    name: String,
    revision: String,
    digest: String,
    dtype: Dtype,
    prompts: BTreeMap<String, String>,
    default_prompt: Option<String>,
    tokenizer: TextTokenizer,
    network: Network,
    budget: Budget,
    head: Head,
}

/// What a batch started on the device will give.
enum Started {
    /// Pooled vectors still on the device, one row per sequence.
    Pooled(Tensor),
    /// Finished vectors.
    Done(Vec<Vec<f32>>),
}

impl Encoder {
    /// Reads settings and tokenizer and loads the weights onto the device.
    ///
    /// # Errors
    /// When a file is missing or damaged, or a part of the model is of a kind not built in.
    pub fn load(
        files: &ModelFiles,
        device: &OpenedDevice,
        dtype: Dtype,
    ) -> Result<Self, EncodeError> {
        let spec = Spec::read(files)?;
        let config = FamilyConfig::read(files, &spec.transformer)?;
        let max_tokens = spec.max_tokens.unwrap_or(usize::MAX).min(config.max_tokens());
        let weights = Arc::new(Weights::open(files, &spec.transformer)?);
        let head = Head::load(files, &spec.poolings, &spec.heads, config.width())?;
        let digest = digest(files, &spec, &weights)?;
        // Side by side, because a person may be waiting for one short text.
        let (tokenizer, network) = rayon::join(
            || {
                let (folder, vocabulary) = (&spec.transformer, config.vocabulary());
                TextTokenizer::load(files, folder, spec.lower_case, max_tokens, vocabulary)
            },
            || Network::load(files, &config, weights, device, dtype, max_tokens),
        );
        let (tokenizer, network) = (tokenizer?, network?);
        Ok(Encoder {
            name: files.name().to_string(),
            revision: files.revision().to_string(),
            digest,
            dtype,
            prompts: spec.prompts,
            default_prompt: spec.default_prompt,
            tokenizer,
            network,
            // With the weights in it.
            budget: Budget::new(device.free_memory()),
            head,
        })
    }

    /// One unit row per text, in order. `prompt` names one of [`Encoder::prompt_names`];
    /// without it the model's default prompt is used where it has one.
    ///
    /// A text over the model's limit is embedded in windows, whose unit vectors are averaged
    /// by their number of tokens. Tells `progress` how many texts are done; starting and
    /// finishing the stage is the caller's.
    ///
    /// # Errors
    /// When the model has no such prompt, or computing fails.
    pub fn encode(
        &self,
        texts: &[&str],
        prompt: Option<&str>,
        progress: &dyn Progress,
    ) -> Result<Matrix, EncodeError> {
        let prompt = self.prompt(prompt)?;
        let mut rows = Matrix::zeros(texts.len(), self.dimension());
        let mut add = |windows: Vec<Window>| -> Result<(), EncodeError> {
            let vectors = self.vectors(&windows, progress)?;
            for (window, vector) in windows.iter().zip(&vectors) {
                if !vector.iter().all(|x| x.is_finite()) {
                    let (name, dtype) = (self.name.clone(), self.dtype.to_string());
                    return Err(EncodeError::NotFinite { name, text: window.text + 1, dtype });
                }
                let weight = window.weight as f32;
                let row = rows.row_mut(window.text);
                row.iter_mut().zip(vector).for_each(|(sum, x)| *sum += weight * x);
            }
            Ok(())
        };
        match &self.network {
            // The same threads do both, so nothing is won by cutting ahead.
            Network::BertCpu(_) => add(self.tokenizer.windows(texts, prompt)?)?,
            Network::Bert(_) | Network::Qwen3(_) => {
                let pieces = texts.chunks(TEXTS_PER_PIECE).enumerate().map(|(at, piece)| {
                    let mut windows = self.tokenizer.windows(piece, prompt)?;
                    windows.iter_mut().for_each(|window| window.text += at * TEXTS_PER_PIECE);
                    Ok(windows)
                });
                ahead::ahead(pieces, add)?;
            }
        }
        rows.normalize_rows();
        Ok(rows)
    }

    /// What decides the meaning of the rows [`Encoder::encode`] gives for this prompt.
    ///
    /// # Errors
    /// When the model has no such prompt.
    pub fn fingerprint(&self, prompt: Option<&str>) -> Result<ModelFingerprint, EncodeError> {
        Ok(ModelFingerprint {
            name: self.name.clone(),
            revision: self.revision.clone(),
            digest: self.digest.clone(),
            dimension: self.dimension(),
            dtype: self.dtype.to_string(),
            prompt: self.prompt(prompt)?.text.to_string(),
        })
    }

    /// Length of a row.
    pub fn dimension(&self) -> usize {
        self.head.dimension()
    }

    /// The prompts the model knows by name, in order of name.
    pub fn prompt_names(&self) -> Vec<&str> {
        self.prompts.keys().map(String::as_str).collect()
    }

    /// Texts to hand to [`Encoder::encode`] in one call, if there are that many: enough to keep
    /// the device busy.
    pub fn texts_at_once(&self) -> usize {
        match &self.network {
            Network::BertCpu(_) => 256,
            Network::Bert(_) | Network::Qwen3(_) if !self.budget.has_own_memory() => 256,
            Network::Bert(_) | Network::Qwen3(_) => 8 * TEXTS_PER_PIECE,
        }
    }

    /// What a user should know about how the model runs here.
    pub fn note(&self) -> Option<&str> {
        self.network.note()
    }

    /// One unit vector per window, in order.
    fn vectors(
        &self,
        windows: &[Window],
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<f32>>, EncodeError> {
        let lengths: Vec<usize> = windows.iter().map(|window| window.ids.len()).collect();
        let ids = |batch: &[usize]| -> Vec<&[u32]> {
            batch.iter().map(|&i| windows[i].ids.as_slice()).collect()
        };
        let is_first = |&&i: &&usize| i == 0 || windows[i - 1].text != windows[i].text;
        let done = |batch: &[usize]| progress.advance(batch.iter().filter(is_first).count() as u64);
        let mut vectors = vec![Vec::new(); windows.len()];

        if let Network::BertCpu(bert) = &self.network {
            let batches = batch::plan(&lengths, cpu::chunk_budget(&lengths));
            let run = |scratch: &mut cpu::Scratch, batch: &Vec<usize>| {
                let vectors = bert.forward(&ids(batch), scratch, |t| self.head.apply(t));
                done(batch);
                vectors
            };
            let computed: Vec<Vec<Vec<f32>>> =
                batches.par_iter().map_init(cpu::Scratch::default, run).collect();
            for (i, vector) in batches.into_iter().flatten().zip(computed.into_iter().flatten()) {
                vectors[i] = vector;
            }
            return Ok(vectors);
        }

        let longest = lengths.iter().copied().max().unwrap_or(0);
        let budget = self.budget.tokens(self.network.token_bytes(longest));
        let batches = batch::plan(&lengths, budget);
        let finish = |batch: &[usize], started: Started| {
            let finished = match started {
                Started::Done(vectors) => vectors,
                Started::Pooled(rows) => {
                    let rows = rows.to_vec2::<f32>()?;
                    rows.into_iter().map(|row| self.head.finish(row)).collect()
                }
            };
            batch.iter().zip(finished).for_each(|(&i, vector)| vectors[i] = vector);
            done(batch);
            Ok(())
        };
        let start = |batch: &[usize]| self.start(&ids(batch));
        launch::run(batches, &lengths, &self.budget, device::is_out_of_memory, start, finish)
            .map_err(|source| match device::is_out_of_memory(&source) {
                true => EncodeError::DeviceFull { name: self.name.clone(), tokens: longest },
                false => EncodeError::Compute { name: self.name.clone(), source },
            })?;
        Ok(vectors)
    }

    /// Starts a batch on candle's path; on a GPU its result is not waited for.
    fn start(&self, ids: &[&[u32]]) -> candle_core::Result<Started> {
        let pool = |tokens: Vec<Vec<f32>>| tokens.iter().map(|t| self.head.apply(t)).collect();
        match &self.network {
            Network::Bert(bert) => {
                let packed = bert.pack(ids)?;
                let hidden = bert.forward(&packed)?;
                packed::pool(&hidden, &packed, self.head.poolings()).map(Started::Pooled)
            }
            Network::Qwen3(qwen3) => qwen3.forward(ids).map(|tokens| Started::Done(pool(tokens))),
            // Has a way of its own in `vectors`.
            Network::BertCpu(bert) => {
                let mut scratch = cpu::Scratch::default();
                let apply = |tokens: &[f32]| self.head.apply(tokens);
                Ok(Started::Done(bert.forward(ids, &mut scratch, apply)))
            }
        }
    }

    fn prompt<'a>(&'a self, name: Option<&'a str>) -> Result<Prompt<'a>, EncodeError> {
        let Some(name) = name.or(self.default_prompt.as_deref()) else {
            return Ok(Prompt { name: "", text: "" });
        };
        let Some(text) = self.prompts.get(name) else {
            let known = match self.prompt_names().join(", ") {
                names if names.is_empty() => "none".to_string(),
                names => names,
            };
            let (model, prompt) = (self.name.clone(), name.to_string());
            return Err(EncodeError::UnknownPrompt { name: model, prompt, known });
        };
        Ok(Prompt { name, text })
    }
}

/// Hash of the settings and the tokenizer in full and of the weights by
/// [`Weights::digest`], first 16 hexadecimal digits.
fn digest(files: &ModelFiles, spec: &Spec, weights: &Weights) -> Result<String, EncodeError> {
    let mut hasher = Sha256::new();
    hasher.update(RULES_VERSION);
    // Prompts are a part of the fingerprint of their own.
    hasher.update(format!("{:?}", (&spec.poolings, &spec.heads, spec.max_tokens, spec.lower_case)));
    for file in ["config.json", "tokenizer.json"] {
        let file = format!("{}{file}", spec.transformer);
        if let Some(blob) = files.open(&file)? {
            hasher.update((blob.len() as u64).to_le_bytes());
            hasher.update(&*blob);
        }
    }
    weights.digest(&mut hasher);
    for head in &spec.heads {
        if let spec::HeadSpec::Dense { folder, .. } = head {
            Weights::open(files, folder)?.digest(&mut hasher);
        }
    }
    Ok(hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect())
}
