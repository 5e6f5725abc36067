//! Vectors of short phrases by the model of a run, kept in the run's cache.

use std::cell::RefCell;

use super::assign::role_prompt;
use super::model_settings::QueryModel;
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
    cache: RefCell<Cache>,
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
        let cache = RefCell::new(Cache::open(run, model)?);
        let (encoder, refused) = (RefCell::default(), RefCell::default());
        Ok(PhraseVectors { model, device, cache, encoder, refused })
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
        let mut cache = self.cache.borrow_mut();
        let keys: Vec<CacheKey> = phrases.iter().map(|phrase| cache.key(phrase)).collect();
        let mut missing: Vec<usize> =
            (0..phrases.len()).filter(|&at| !cache.knows(&keys[at])).collect();
        missing.sort_by_key(|&at| &phrases[at]);
        missing.dedup_by_key(|&mut at| &phrases[at]);
        if !missing.is_empty() {
            let mut encoder = self.encoder.borrow_mut();
            let encoder = match &mut *encoder {
                Some(loaded) => loaded,
                empty => {
                    let model = QueryModel { device: self.device, ..QueryModel::default() };
                    empty.insert(model.load(self.model)?)
                }
            };
            let prompt = role_prompt(encoder, self.model)?;
            let texts: Vec<&str> = missing.iter().map(|&at| phrases[at].as_str()).collect();
            let vectors = encoder.encode(&texts, prompt.as_deref(), &Silent)?;
            let missing: Vec<CacheKey> = missing.iter().map(|&at| keys[at]).collect();
            cache.append(&missing, &vectors)?;
        }
        Ok(cache.vectors(&keys)?)
    }
}
