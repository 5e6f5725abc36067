//! Inputs -> roles, cleaned texts, vectors -> run folder.

use std::path::PathBuf;

use crate::clean::{self, CleanParams};
use crate::embeddings::{Embeddings, ModelFingerprint};
use crate::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, OpenedDevice, Source};
use crate::error::Error;
use crate::geometry::Matrix;
use crate::intake::Intake;
use crate::progress::Progress;
use crate::read::{self, Input, ReadOptions};
use crate::role::RoleId;
use crate::store::{Cache, CacheKey, Part, RunWriter, StoredRoles};

/// Texts embedded between two writes of the cache: what a killed run can lose.
const TEXTS_PER_CHECKPOINT: usize = 256;

/// Which model, where and how.
#[derive(Debug, Clone)]
pub struct ModelSettings {
    /// Bundled, Hub repository or folder.
    pub source: Source,
    /// Hub branch, tag or commit.
    pub revision: Option<String>,
    /// Where to compute.
    pub device: DeviceChoice,
    /// Arithmetic.
    pub dtype: Dtype,
}

impl ModelSettings {
    /// Loads the model; the note says where it runs and why.
    pub fn load(&self) -> Result<(Encoder, OpenedDevice), Error> {
        let files = ModelFiles::resolve(&self.source, self.revision.as_deref())?;
        let device = self.device.open()?;
        let encoder = Encoder::load(&files, &device, self.dtype)?;
        Ok((encoder, device))
    }
}

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
    /// The run folder.
    pub out: PathBuf,
}

/// What [`embed`] did.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// Roles in the run folder.
    pub n_roles: usize,
    /// What became of the input.
    pub intake: Intake,
    /// Vectors found in the cache.
    pub n_cached: usize,
    /// Vectors computed now.
    pub n_computed: usize,
    /// The model.
    pub model: ModelFingerprint,
    /// Where it ran.
    pub device: String,
    /// Why it ran there, when that was not asked for.
    pub device_note: Option<String>,
}

/// Reads, cleans and embeds; the run folder is locked meanwhile.
///
/// # Errors
/// When an input cannot be read or holds no role, the model cannot be loaded, the folder
/// holds vectors of another model, or the disk refuses.
pub fn embed(settings: &EmbedSettings, progress: &dyn Progress) -> Result<(RunWriter, Embedded), Error> {
    let outcome = read::read(&settings.inputs, &settings.read)?;
    let cleaned = clean::clean(&outcome.corpus, &settings.clean);
    let mut run = RunWriter::open(&settings.out)?;
    let (encoder, device) = settings.model.load()?;
    let prompt = settings.prompt_name.as_deref();
    let model = encoder.fingerprint(prompt)?;
    run.refuse_other_model(&model)?;

    let mut cache = Cache::open(&run, &model)?;
    let (vectors, n_computed) =
        cached_vectors(&cleaned.texts, &mut cache, &encoder, prompt, progress)?;
    let ids: Vec<RoleId> = outcome.corpus.roles().iter().map(|r| r.id.clone()).collect();
    let n_roles = ids.len();
    let intake = Intake {
        files: outcome.files,
        skipped: outcome.skipped,
        skipped_total: outcome.skipped_total,
        set_aside: outcome.set_aside,
        boilerplate: cleaned.boilerplate,
        duplicates: cleaned.duplicates,
    };
    let stored = StoredRoles {
        corpus: outcome.corpus,
        texts: cleaned.texts,
        representative: cleaned.representative,
    };
    run.write_embedded(&stored, &Embeddings::new(ids, vectors, model.clone())?)?;
    run.write_json(Part::Intake, &intake)?;
    let embedded = Embedded {
        n_roles,
        intake,
        n_cached: n_roles - n_computed,
        n_computed,
        model,
        device: device.name().to_string(),
        device_note: device.note().map(str::to_string),
    };
    Ok((run, embedded))
}

/// One row per text, from the cache where it can be had. Every distinct text is embedded
/// once, longest work first in the encoder's own order; a checkpoint is written every
/// [`TEXTS_PER_CHECKPOINT`] texts.
fn cached_vectors(
    texts: &[String],
    cache: &mut Cache,
    encoder: &Encoder,
    prompt: Option<&str>,
    progress: &dyn Progress,
) -> Result<(Matrix, usize), Error> {
    let keys: Vec<CacheKey> = texts.iter().map(|text| cache.key(text)).collect();
    let mut wanted = std::collections::HashSet::new();
    let missing: Vec<usize> = (0..texts.len())
        .filter(|&row| cache.get(&keys[row]).is_none() && wanted.insert(keys[row]))
        .collect();
    if !missing.is_empty() {
        progress.start("embedding", missing.len() as u64);
        for rows in missing.chunks(TEXTS_PER_CHECKPOINT) {
            let batch: Vec<&str> = rows.iter().map(|&row| texts[row].as_str()).collect();
            let vectors = encoder.encode(&batch, prompt, progress)?;
            let batch_keys: Vec<CacheKey> = rows.iter().map(|&row| keys[row]).collect();
            cache.append(&batch_keys, &vectors)?;
        }
        progress.finish();
    }
    let dimension = encoder.dimension();
    let mut data = Vec::with_capacity(texts.len() * dimension);
    for key in &keys {
        // Every key was found above or has just been appended.
        data.extend_from_slice(cache.get(key).unwrap_or_default());
    }
    let computed = texts.len() - keys.iter().filter(|key| !wanted.contains(*key)).count();
    Ok((Matrix::new(texts.len(), dimension, data)?, computed))
}
