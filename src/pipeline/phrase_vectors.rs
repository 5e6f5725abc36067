//! Vectors of short phrases by the model of a run, kept in the run's cache where it is written.

use std::cell::RefCell;

use super::model_settings::{QueryModel, role_prompt};
use crate::embeddings::ModelFingerprint;
use crate::encode::{DeviceChoice, Encoder};
use crate::error::Error;
use crate::geometry::Matrix;
use crate::progress::Silent;
use crate::store::{Cache, CacheKey, RunWriter};

/// Embeds phrases; the model is loaded when the first phrase is not in the cache.
pub(super) struct PhraseVectors<'a> {
    model: &'a ModelFingerprint,
    device: DeviceChoice,
    cache: Option<RefCell<Cache>>,
    encoder: RefCell<Option<Encoder>>,
    /// Why the model could not be had; it is asked for once.
    refused: RefCell<Option<String>>,
}

impl<'a> PhraseVectors<'a> {
    /// For phrases beside the vectors that `model` made for `run`.
    pub(super) fn open(
        run: &RunWriter,
        model: &'a ModelFingerprint,
        device: DeviceChoice,
    ) -> Result<Self, Error> {
        let cache = Some(RefCell::new(Cache::open(run, model)?));
        Ok(PhraseVectors { cache, ..PhraseVectors::uncached(model, device) })
    }

    /// The same where nothing is written.
    pub(super) fn uncached(model: &'a ModelFingerprint, device: DeviceChoice) -> Self {
        let (encoder, refused) = (RefCell::default(), RefCell::default());
        PhraseVectors { model, device, cache: None, encoder, refused }
    }

    /// One unit row per phrase; `None` when the model cannot be loaded or fails, which
    /// [`PhraseVectors::warning`] then explains.
    pub(super) fn vectors(&self, phrases: &[String]) -> Option<Matrix> {
        if self.refused.borrow().is_some() {
            return None;
        }
        match self.try_vectors(phrases) {
            Ok(vectors) => Some(vectors),
            Err(error) => {
                *self.refused.borrow_mut() = Some(error.to_string());
                None
            }
        }
    }

    /// Why the names were chosen without the model, if they were.
    pub(super) fn warning(&self) -> Option<String> {
        let reason = self.refused.borrow();
        reason.as_ref().map(|why| format!("names were chosen by words alone: {why}"))
    }

    fn try_vectors(&self, phrases: &[String]) -> Result<Matrix, Error> {
        let Some(cache) = &self.cache else {
            return self.embedded(&phrases.iter().map(String::as_str).collect::<Vec<_>>());
        };
        let mut cache = cache.borrow_mut();
        let keys: Vec<CacheKey> = phrases.iter().map(|phrase| cache.key(phrase)).collect();
        let mut missing: Vec<usize> =
            (0..phrases.len()).filter(|&at| !cache.knows(&keys[at])).collect();
        missing.sort_by_key(|&at| &phrases[at]);
        missing.dedup_by_key(|&mut at| &phrases[at]);
        if !missing.is_empty() {
            let texts: Vec<&str> = missing.iter().map(|&at| phrases[at].as_str()).collect();
            let vectors = self.embedded(&texts)?;
            let missing: Vec<CacheKey> = missing.iter().map(|&at| keys[at]).collect();
            if cache.append(&missing, &vectors).is_err() {
                // What the disk does not keep is computed, so that a full disk changes no name.
                return self.embedded(&phrases.iter().map(String::as_str).collect::<Vec<_>>());
            }
        }
        Ok(cache.vectors(&keys)?)
    }

    fn embedded(&self, texts: &[&str]) -> Result<Matrix, Error> {
        let mut encoder = self.encoder.borrow_mut();
        let encoder = match &mut *encoder {
            Some(loaded) => loaded,
            empty => {
                let model = QueryModel { device: self.device, ..QueryModel::default() };
                empty.insert(model.load(self.model)?)
            }
        };
        let prompt = role_prompt(encoder, self.model)?;
        Ok(encoder.encode(texts, prompt.as_deref(), &Silent)?)
    }
}
