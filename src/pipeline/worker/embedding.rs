//! Vectors of rows.

use rayon::prelude::*;

use super::answers::{Answers, Given, Rows, vectors, work_on};
use super::settings::WorkerSettings;
use crate::clean::RoleCleaner;
use crate::embeddings::ModelFingerprint;
use crate::encode::Encoder;
use crate::error::Error;
use crate::intake::Intake;
use crate::pipeline::model_settings::{QueryModel, role_prompt};
use crate::progress::Progress;
use crate::store::{Part, RunFolder};

/// What turns texts into vectors.
pub(super) struct Embedding {
    pub(super) cleaner: RoleCleaner,
    pub(super) encoder: Encoder,
    prompt: Option<String>,
    pub(super) model: ModelFingerprint,
    pub(super) notes: Vec<String>,
}

/// What leaves out the sentences of the lexicon, those that were given, and those of the run.
pub(super) fn cleaner(
    run: Option<&RunFolder>,
    settings: &WorkerSettings,
) -> Result<RoleCleaner, Error> {
    let intake: Intake = run.map(|run| run.json(Part::Intake)).transpose()?.unwrap_or_default();
    Ok(RoleCleaner::new(&intake.boilerplate).and_sentences(&settings.boilerplate))
}

impl Embedding {
    pub(super) fn load(
        settings: &WorkerSettings,
        query_model: &QueryModel,
        run: Option<RunFolder>,
    ) -> Result<Self, Error> {
        let cleaner = cleaner(run.as_ref(), settings)?;
        if let Some(run) = run {
            let made_by = run.embeddings()?.into_vectors().1;
            let encoder = query_model.load(&made_by)?;
            let prompt = role_prompt(&encoder, &made_by)?;
            let model = encoder.fingerprint_like(prompt.as_deref(), &made_by)?;
            let notes = encoder.notes().to_vec();
            return Ok(Embedding { cleaner, encoder, prompt, model, notes });
        }
        let (encoder, device) = settings.model.load()?;
        let prompt = settings.prompt_name.clone();
        let model = encoder.fingerprint(prompt.as_deref())?;
        let notes = device.note().map(str::to_string).into_iter();
        let notes = notes.chain(encoder.notes().to_vec()).collect();
        Ok(Embedding { cleaner, encoder, prompt, model, notes })
    }

    pub(super) fn answer(
        &self,
        rows: Rows<Given>,
        progress: &dyn Progress,
    ) -> Result<Answers, Error> {
        let text = |given: Given| match given {
            Given::Role(role) => self.cleaner.text(&role),
            Given::Text(text) => text,
        };
        let texts: Rows<String> = rows.into_par_iter().map(|row| row.map(text)).collect();
        let found = self.vectors(texts, progress)?;
        let column = vectors(self.model.dimension, &found);
        Ok(Answers::of(&found, vec![("vector", column)]))
    }

    /// A vector for every text.
    pub(super) fn vectors(
        &self,
        texts: Rows<String>,
        progress: &dyn Progress,
    ) -> Result<Rows<Vec<f32>>, Error> {
        work_on(texts, &|texts: &[String]| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let vectors = self.encoder.encode(&texts, self.prompt.as_deref(), progress)?;
            Ok(vectors.iter_rows().map(<[f32]>::to_vec).collect())
        })
    }
}
