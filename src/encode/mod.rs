//! Texts -> unit rows, by a multilingual sentence encoder.
//!
//! [`Source`] names a model, [`ModelFiles`] finds its files (Hub, folder or compiled in, all
//! in Hub layout), [`Encoder::load`] builds it and [`Encoder::encode`] runs it. Families know
//! token ids and token vectors only; windows, batches, padding, pooling and scaling exist once,
//! here.

mod batch;
mod blob;
mod bundled;
mod cpu;
mod device;
mod error;
mod family;
mod hub;
mod pooling;
mod source;
mod spec;
mod tokens;
mod unigram;
mod weights;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

pub use device::{DeviceChoice, Dtype, OpenedDevice};
pub use error::EncodeError;
pub use source::{ModelFiles, Source};

use crate::embeddings::ModelFingerprint;
use crate::geometry::Matrix;
use crate::progress::Progress;
use family::{FamilyConfig, Network};
use pooling::Head;
use spec::Spec;
use tokens::{Prompt, TextTokenizer, Window};
use weights::Weights;

/// Padded tokens computed at once on candle's path.
const TOKENS_PER_BATCH: usize = 8192;

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
        let windows = self.tokenizer.windows(texts, self.prompt(prompt)?)?;
        let vectors = self.vectors(&windows, progress)?;
        let mut rows = Matrix::zeros(texts.len(), self.dimension());
        for (window, vector) in windows.iter().zip(&vectors) {
            if !vector.iter().all(|x| x.is_finite()) {
                let (name, dtype) = (self.name.clone(), self.dtype.to_string());
                return Err(EncodeError::NotFinite { name, text: window.text + 1, dtype });
            }
            let weight = window.weight as f32;
            let row = rows.row_mut(window.text);
            row.iter_mut().zip(vector).for_each(|(sum, x)| *sum += weight * x);
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
        let pool = |tokens: &[Vec<f32>]| tokens.iter().map(|t| self.head.apply(t)).collect();

        let budget = match &self.network {
            Network::BertCpu(_) => cpu::chunk_budget(&lengths),
            Network::Bert(_) | Network::Qwen3(_) => TOKENS_PER_BATCH,
        };
        let batches = batch::plan(&lengths, budget);
        let run = |scratch: &mut cpu::Scratch, batch: &Vec<usize>| {
            let ids = ids(batch);
            let vectors: candle_core::Result<Vec<Vec<f32>>> = match &self.network {
                Network::BertCpu(bert) => Ok(bert.forward(&ids, scratch, |t| self.head.apply(t))),
                Network::Bert(bert) => bert.forward(&ids).map(|tokens| pool(&tokens)),
                Network::Qwen3(qwen3) => qwen3.forward(&ids).map(|tokens| pool(&tokens)),
            };
            done(batch);
            vectors.map_err(|source| EncodeError::Compute { name: self.name.clone(), source })
        };
        let computed: Result<Vec<Vec<Vec<f32>>>, EncodeError> = match &self.network {
            Network::BertCpu(_) => {
                batches.par_iter().map_init(cpu::Scratch::default, run).collect()
            }
            // Candle spreads each product over the threads itself.
            Network::Bert(_) | Network::Qwen3(_) => {
                let mut scratch = cpu::Scratch::default();
                batches.iter().map(|batch| run(&mut scratch, batch)).collect()
            }
        };
        let mut vectors = vec![Vec::new(); windows.len()];
        for (i, vector) in batches.into_iter().flatten().zip(computed?.into_iter().flatten()) {
            vectors[i] = vector;
        }
        Ok(vectors)
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
