//! Texts -> unit rows, by a multilingual sentence encoder.
//!
//! [`Source`] names a model, [`ModelFiles`] finds its files (Hub, folder or compiled in, all
//! in Hub layout), [`Encoder::load`] builds it and [`Encoder::encode`] runs it. Families know
//! token ids and token vectors only; windows, batches, padding, pooling and scaling exist once,
//! here.
//!
//! The BERT family runs on own loops on the CPU (`cpu`), and on candle tensors without padding
//! elsewhere (`packed`), with a fused attention kernel on CUDA. There batches follow the free
//! memory and are halved where it does not suffice (`launch`), while the next texts are cut
//! into tokens (`ahead`).

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
mod nearest;
#[cfg(test)]
mod noise;
mod packed;
mod pooling;
mod source;
mod spec;
mod tokens;
mod unigram;
mod vectors;
mod weights;

use std::collections::BTreeMap;
use std::sync::Arc;

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
const TEXTS_PER_PIECE: usize = if cfg!(test) { 5 } else { 2048 };

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

#[cfg(test)]
mod tests;
