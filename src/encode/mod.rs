//! Texts -> unit rows, by a multilingual sentence encoder.
//!
//! [`Source`] names a model, [`ModelFiles`] finds its files (Hub, folder or compiled in, all
//! in Hub layout), [`Encoder::load`] builds it and [`Encoder::encode`] runs it. Families know
//! token ids and token vectors only; windows, batches, padding, pooling and scaling exist once,
//! here.
//!
//! The BERT family runs on own loops on the CPU (`cpu`), and on candle tensors without padding
//! elsewhere (`packed`), with a fused attention kernel on CUDA. There batches follow the free
//! memory and are halved where it does not suffice (`memory_budget`), while the next texts are cut
//! into tokens (`prefetch`).

mod batch;
mod bundled;
mod candle_weights;
mod cpu;
mod device;
mod device_check;
mod error;
mod family;
mod fingerprint;
mod head;
mod hub;
mod memory_budget;
mod model_bytes;
mod nearest;
mod packed;
mod pieces;
mod pooling;
mod prefetch;
mod source;
mod spec;
mod speed;
mod storage;
#[cfg(test)]
mod test_models;
#[cfg(test)]
mod test_random;
mod tokens;
mod unigram;
mod vectors;
mod weight_files;
mod weights;

use std::sync::Arc;

pub use device::{DeviceChoice, Dtype, OpenedDevice};
pub use device_check::AttentionCheck;
pub use error::EncodeError;
pub use source::{ModelFiles, Source};
pub use speed::{NetworkShape, Speed, Timing};

use crate::embeddings::ModelFingerprint;
use crate::geometry::Matrix;
use crate::progress::Progress;
use family::{FamilyConfig, Network};
use head::Head;
use memory_budget::Budget;
use spec::Spec;
use tokens::{Limits, Prompt, TextTokenizer, Window};
use weights::Weights;

/// Texts cut into tokens at once while the device computes those before.
const TEXTS_PER_PIECE: usize = if cfg!(test) { 5 } else { 2048 };

/// A model ready to run.
pub struct Encoder {
    files: ModelFiles,
    spec: Spec,
    digest: String,
    /// Never [`Dtype::Auto`].
    dtype: Dtype,
    notes: Vec<String>,
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
        let weights = Arc::new(Weights::open(files, &spec.folder)?);
        let config = FamilyConfig::read(files, &spec, &weights)?;
        let dtype = dtype.resolve(device, weights.is_int8());
        let max_tokens = spec.max_tokens.unwrap_or(usize::MAX).min(config.max_tokens());
        let mut head = Head::load(files, &spec.poolings, &spec.heads, config.width())?;
        let digest = fingerprint::digest(files, &spec, &weights)?;
        let limits = Limits {
            max_tokens,
            vocabulary: config.vocabulary(),
            lower_case: spec.lower_case,
            has_special_tokens: config.has_special_tokens(),
            drops_unknown: config.drops_unknown(),
        };
        // Side by side, because a person may be waiting for one short text.
        let (tokenizer, network) = rayon::join(
            || TextTokenizer::load(files, &spec.folder, &weights, limits),
            || config.load(files, weights.clone(), device, dtype, max_tokens),
        );
        let (tokenizer, network) = (tokenizer?, network?);
        let mut notes = spec.notes.clone();
        notes.extend(network.note().map(str::to_string));
        if let Some(wanted) = spec.max_tokens.filter(|&wanted| wanted > max_tokens) {
            notes.push(format!(
                "the model says it reads {wanted} tokens at once, but has positions for {max_tokens}; longer texts are read in windows of that"
            ));
        }
        if let Some(dimension) = spec.truncate_dim {
            truncate(files, &mut head, dimension, Some("truncate_dim"))?;
        }
        Ok(Encoder {
            files: files.clone(),
            spec,
            digest,
            dtype,
            notes,
            tokenizer,
            network,
            // With the weights in it.
            budget: Budget::new(device.free_memory()),
            head,
        })
    }

    /// The same model with only the first `dimension` numbers of every vector, scaled to unit
    /// length again: for models trained to allow that (Matryoshka representations, Kusupati et
    /// al. 2022, arXiv:2205.13147).
    ///
    /// # Errors
    /// When the vectors have no such number of places.
    pub fn with_dimension(mut self, dimension: usize) -> Result<Self, EncodeError> {
        truncate(&self.files, &mut self.head, dimension, None)?;
        Ok(self)
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
                    let (name, dtype) = (self.files.name().into(), self.dtype.to_string());
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
            Network::BertCpu(_) | Network::Static(_) => {
                add(self.tokenizer.windows(texts, prompt)?)?;
            }
            Network::Bert(_) | Network::Qwen3(_) => {
                let pieces = texts.chunks(TEXTS_PER_PIECE).enumerate().map(|(at, piece)| {
                    let mut windows = self.tokenizer.windows(piece, prompt)?;
                    windows.iter_mut().for_each(|window| window.text += at * TEXTS_PER_PIECE);
                    Ok(windows)
                });
                prefetch::prefetch(pieces, add)?;
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
            name: self.files.name().to_string(),
            revision: self.files.revision().to_string(),
            digest: self.digest.clone(),
            dimension: self.dimension(),
            dtype: self.dtype.to_string(),
            prompt: self.prompt(prompt)?.text.to_string(),
        })
    }

    /// [`Encoder::fingerprint`], but under the digest that an earlier version of this program
    /// gave the same model, where `known` has that one: its run folders stay usable.
    ///
    /// # Errors
    /// When the model has no such prompt, or its files cannot be read any more.
    pub fn fingerprint_like(
        &self,
        prompt: Option<&str>,
        known: &ModelFingerprint,
    ) -> Result<ModelFingerprint, EncodeError> {
        let mut found = self.fingerprint(prompt)?;
        if known.digest != found.digest {
            let earlier = fingerprint::first_version_digest(&self.files, &self.spec)?;
            if earlier == known.digest {
                found.digest = earlier;
            }
        }
        Ok(found)
    }

    /// Length of a row.
    pub fn dimension(&self) -> usize {
        self.head.dimension()
    }

    /// The prompts the model knows by name, in order of name.
    pub fn prompt_names(&self) -> Vec<&str> {
        self.spec.prompts.keys().map(String::as_str).collect()
    }

    /// Whether a word is a token of its own. Frequent words of the model's languages are; misspelt
    /// ones are cut into pieces.
    pub fn has_token_for(&self, word: &str) -> bool {
        self.tokenizer.content(word).is_ok_and(|ids| ids.len() == 1)
    }

    /// Texts to hand to [`Encoder::encode`] in one call, if there are that many: enough to keep
    /// the device busy.
    pub fn texts_at_once(&self) -> usize {
        match &self.network {
            Network::BertCpu(_) => 256,
            Network::Static(_) => TEXTS_PER_PIECE,
            Network::Bert(_) | Network::Qwen3(_) if !self.budget.has_own_memory() => 256,
            Network::Bert(_) | Network::Qwen3(_) => 8 * TEXTS_PER_PIECE,
        }
    }

    /// What a user should know about the model and how it runs here: a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    fn prompt<'a>(&'a self, name: Option<&'a str>) -> Result<Prompt<'a>, EncodeError> {
        let Some(name) = name.or(self.spec.default_prompt.as_deref()) else {
            return Ok(Prompt { name: "", text: "" });
        };
        let Some(text) = self.spec.prompts.get(name) else {
            let known = match self.prompt_names().join(", ") {
                names if names.is_empty() => "none".to_string(),
                names => names,
            };
            let (model, prompt) = (self.files.name().to_string(), name.to_string());
            return Err(EncodeError::UnknownPrompt { name: model, prompt, known });
        };
        Ok(Prompt { name, text })
    }
}

/// Cuts vectors to `dimension` numbers; `key` is the setting that says so, if one of the model's.
fn truncate(
    files: &ModelFiles,
    head: &mut Head,
    dimension: usize,
    key: Option<&'static str>,
) -> Result<(), EncodeError> {
    head.truncate(dimension).map_err(|full| match key {
        Some(key) => {
            let reason = format!("{key} is {dimension}, but vectors have {full} numbers");
            files.bad(spec::PROMPTS, reason)
        }
        None => EncodeError::NoSuchDimension { name: files.name().to_string(), dimension, full },
    })
}

#[cfg(test)]
mod tests;
