//! Reads, cleans and embeds roles, and writes them into a run folder.

use std::collections::HashSet;
use std::path::PathBuf;

use super::earlier_roles::{self, EarlierRoles};
use super::model_settings::ModelSettings;
use super::{baseline, run_indexes};
use crate::clean::{self, CleanParams, Cleaned};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::encode::{Encoder, OpenedDevice};
use crate::error::Error;
use crate::geometry::Matrix;
use crate::intake::Intake;
use crate::long_text::LongText;
use crate::progress::Progress;
use crate::read::{self, Input, Outcome, ReadOptions};
use crate::role::RoleId;
use crate::search::IndexChoice;
use crate::store::{Cache, CacheKey, Part, RunWriter, StoredRoles};

/// What [`embed`] works on.
#[derive(Debug, Clone)]
pub struct EmbedSettings {
    /// Files and stdin, in order.
    pub inputs: Vec<Input>,
    /// How to read them.
    pub read: ReadOptions,
    /// How to clean what was read.
    pub clean: CleanParams,
    /// Which model.
    pub model: ModelSettings,
    /// The name of one of the model's prompts, put before every role.
    pub prompt_name: Option<String>,
    /// Which index over the vectors to keep.
    pub index: IndexChoice,
    /// The run folder.
    pub out: PathBuf,
    /// What becomes of roles that the folder holds and the input does not.
    pub earlier: EarlierRoles,
}

impl EmbedSettings {
    /// The bundled model on the best device there is, and defaults for everything else.
    pub fn new(inputs: Vec<Input>, out: impl Into<PathBuf>) -> Self {
        EmbedSettings {
            inputs,
            read: ReadOptions::default(),
            clean: CleanParams::default(),
            model: ModelSettings::default(),
            prompt_name: None,
            index: IndexChoice::default(),
            out: out.into(),
            earlier: EarlierRoles::default(),
        }
    }
}

/// What [`embed`] did.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// Roles in the run folder.
    pub n_roles: usize,
    /// What became of the input.
    pub intake: Intake,
    /// Roles whose vector was in the cache.
    pub n_cached: usize,
    /// Vectors computed now; fewer than the remaining roles when texts repeat.
    pub n_computed: usize,
    /// The model.
    pub model: ModelFingerprint,
    /// Where it ran.
    pub device: String,
    /// Why it ran there, when that was not asked for, and what was assumed about the model: a
    /// sentence each.
    pub notes: Vec<String>,
}

/// Reads, cleans and embeds roles. The run folder stays locked until the returned writer is
/// dropped.
///
/// # Errors
/// When an input cannot be read or holds no role, the model cannot be loaded, the folder
/// holds vectors of another model or, unless told what becomes of them, roles that are not in the
/// input, or the disk refuses.
pub fn embed(
    settings: &EmbedSettings,
    progress: &dyn Progress,
) -> Result<(RunWriter, Embedded), Error> {
    let outcome = read_inputs(&settings.inputs, &settings.read, progress)?;
    embed_read(outcome, settings, progress)
}

/// Reads inputs; the first step of [`embed`], for those who look at what was read before going
/// on with [`embed_read`].
///
/// # Errors
/// When an input cannot be read or holds no role.
pub fn read_inputs(
    inputs: &[Input],
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Outcome, Error> {
    Ok(read::read(inputs, options, progress)?)
}

/// Cleans and embeds what was read from the inputs of `settings`.
///
/// # Errors
/// As [`embed`], but for reading.
pub fn embed_read(
    outcome: Outcome,
    settings: &EmbedSettings,
    progress: &dyn Progress,
) -> Result<(RunWriter, Embedded), Error> {
    let mut run = RunWriter::open(&settings.out)?;
    let outcome = earlier_roles::join(&run.reader(), outcome, settings.earlier)?;
    let cleaned = clean::clean(&outcome.corpus, &settings.clean, progress);
    let model = LoadedModel::load(&run, settings)?;
    let computing = Computing { model: &model, progress };
    let Computed { vectors, n_cached, n_computed } = computing.vectors(&run, &cleaned.texts)?;
    let (stored, intake) = parted(outcome, cleaned);
    let ids: Vec<RoleId> = stored.corpus.roles().iter().map(|r| r.id.clone()).collect();
    let n_roles = ids.len();
    let embeddings = Embeddings::new(ids, vectors, model.made_by.clone())?;
    run.write_embedded(&stored, &embeddings)?;
    run.write_json(Part::Intake, &intake)?;
    run_indexes::refresh(&mut run, &stored.texts, &embeddings, settings.index, progress)?;
    baseline::refresh(&mut run, embeddings.vectors(), &model.encoder)?;
    run.commit()?;
    Ok((run, model.embedded(n_roles, intake, (n_cached, n_computed))))
}

/// What is stored of the roles, and the account of the input.
pub(super) fn parted(outcome: Outcome, cleaned: Cleaned) -> (StoredRoles, Intake) {
    let intake = Intake {
        files: outcome.files,
        skipped: outcome.skipped,
        skipped_total: outcome.skipped_total,
        set_aside: outcome.set_aside,
        boilerplate: cleaned.boilerplate,
        boilerplate_unlisted: cleaned.boilerplate_unlisted,
        duplicates: cleaned.duplicates,
        similar: cleaned.similar,
        shortened: cleaned.shortened,
    };
    let stored = StoredRoles {
        corpus: outcome.corpus,
        texts: cleaned.texts,
        representative: cleaned.representative,
    };
    (stored, intake)
}

/// The model of a run folder, ready to embed roles.
pub(super) struct LoadedModel<'a> {
    pub encoder: Encoder,
    device: OpenedDevice,
    /// Name of the prompt put before every text.
    prompt: Option<&'a str>,
    pub made_by: ModelFingerprint,
}

impl<'a> LoadedModel<'a> {
    /// Refuses a model other than that of the vectors in the folder.
    pub(super) fn load(run: &RunWriter, settings: &'a EmbedSettings) -> Result<Self, Error> {
        let (encoder, device) = settings.model.load()?;
        let prompt = settings.prompt_name.as_deref();
        let made_by = match run.reader().model() {
            Some(known) => encoder.fingerprint_like(prompt, known)?,
            None => encoder.fingerprint(prompt)?,
        };
        run.refuse_other_model(&made_by)?;
        Ok(LoadedModel { encoder, device, prompt, made_by })
    }

    /// What was done by it; `counts` are the vectors that were known, and those computed.
    pub(super) fn embedded(
        self,
        n_roles: usize,
        intake: Intake,
        (n_cached, n_computed): (usize, usize),
    ) -> Embedded {
        let notes = self.device.note().map(str::to_string).into_iter();
        Embedded {
            n_roles,
            intake,
            n_cached,
            n_computed,
            model: self.made_by,
            device: self.device.name().to_string(),
            notes: notes.chain(self.encoder.notes().to_vec()).collect(),
        }
    }
}

/// How texts that are not in the cache are embedded.
pub(super) struct Computing<'a> {
    pub model: &'a LoadedModel<'a>,
    pub progress: &'a dyn Progress,
}

/// Vectors, and where they are from.
pub(super) struct Computed {
    /// A row per text.
    pub vectors: Matrix,
    pub n_cached: usize,
    pub n_computed: usize,
}

impl Computing<'_> {
    /// The vectors of texts, from the cache of the folder as far as it knows them.
    pub(super) fn vectors(&self, run: &RunWriter, texts: &[LongText]) -> Result<Computed, Error> {
        let mut cache = Cache::open(run, &self.model.made_by)?;
        let keys: Vec<CacheKey> = texts.iter().map(|text| cache.key(text)).collect();
        let n_cached = keys.iter().filter(|key| cache.knows(key)).count();
        let n_computed = self.fill(&mut cache, texts, &keys)?;
        Ok(Computed { vectors: cache.vectors(&keys)?, n_cached, n_computed })
    }

    /// Embeds every distinct text that is not in the cache and returns their number. `keys` are
    /// those of `texts`. The cache is written after every [`Encoder::texts_at_once`] texts: a
    /// killed run loses no more than these.
    fn fill(
        &self,
        cache: &mut Cache,
        texts: &[LongText],
        keys: &[CacheKey],
    ) -> Result<usize, Error> {
        let mut wanted = HashSet::new();
        let missing: Vec<usize> = (0..texts.len())
            .filter(|&row| !cache.knows(&keys[row]) && wanted.insert(keys[row]))
            .collect();
        if missing.is_empty() {
            return Ok(0);
        }
        self.progress.start("embedding", missing.len() as u64);
        let LoadedModel { encoder, prompt, .. } = self.model;
        for rows in missing.chunks(encoder.texts_at_once()) {
            let batch: Vec<&str> = rows.iter().map(|&row| texts[row].as_str()).collect();
            let vectors = encoder.encode(&batch, *prompt, self.progress)?;
            let batch_keys: Vec<CacheKey> = rows.iter().map(|&row| keys[row]).collect();
            cache.append(&batch_keys, &vectors)?;
        }
        self.progress.finish();
        Ok(missing.len())
    }
}
