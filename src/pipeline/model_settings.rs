//! Loads a model by its settings, or the model that made the vectors of a folder.

use crate::embeddings::ModelFingerprint;
use crate::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, OpenedDevice, Source};
use crate::error::Error;

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
    /// How many numbers of every vector to keep; `None` keeps as many as the model says.
    pub dimensions: Option<usize>,
}

impl Default for ModelSettings {
    /// The bundled model, on a GPU where there is one.
    fn default() -> Self {
        ModelSettings {
            source: Source::Bundled,
            revision: None,
            device: DeviceChoice::Auto,
            dtype: Dtype::Auto,
            dimensions: None,
        }
    }
}

impl ModelSettings {
    /// Loads the model; the device says where it runs and why.
    ///
    /// # Errors
    /// When the model cannot be found or is damaged, or the device is not to be had.
    pub fn load(&self) -> Result<(Encoder, OpenedDevice), Error> {
        // The device first, because a wrong one is known at once, while a model may have to be
        // downloaded.
        let device = self.device.open()?;
        let files = ModelFiles::resolve(&self.source, self.revision.as_deref())?;
        let mut encoder = Encoder::load(&files, &device, self.dtype)?;
        if let Some(dimension) = self.dimensions {
            encoder = encoder.with_dimension(dimension)?;
        }
        Ok((encoder, device))
    }
}

/// The model that made a folder's vectors, for texts that come later.
#[derive(Debug, Clone, Default)]
pub struct QueryModel {
    /// Where the model is now, if it was moved.
    pub source: Option<Source>,
    /// Where to compute.
    pub device: DeviceChoice,
    /// The prompt put before queries; without it the model's `query` prompt is used where it
    /// has one.
    pub prompt_name: Option<String>,
}

impl QueryModel {
    /// Loads the model that made `made_by`'s vectors.
    ///
    /// # Errors
    /// When it cannot be loaded, or is no longer the same.
    pub fn load(&self, made_by: &ModelFingerprint) -> Result<Encoder, Error> {
        let (source, revision) = match &self.source {
            Some(source) => (source.clone(), None),
            None => (
                made_by.name.parse()?,
                (made_by.revision != "local").then(|| made_by.revision.clone()),
            ),
        };
        // Vectors of another arithmetic are comparable; a laptop may search what a GPU embedded.
        let dtype = Dtype::Auto;
        let device = self.device;
        let settings = ModelSettings { source, revision, device, dtype, dimensions: None };
        let (encoder, _) = settings.load()?;
        let found = encoder.fingerprint_like(None, made_by)?;
        if found.digest != made_by.digest {
            return Err(Error::ModelChanged {
                name: found.name,
                expected: made_by.digest.clone(),
                found: found.digest,
            });
        }
        match encoder.dimension() == made_by.dimension {
            true => Ok(encoder),
            false => Ok(encoder.with_dimension(made_by.dimension)?),
        }
    }
}

/// The name of the prompt that was put before the roles of the run.
pub(super) fn role_prompt(
    encoder: &Encoder,
    made_by: &ModelFingerprint,
) -> Result<Option<String>, Error> {
    for name in encoder.prompt_names() {
        if encoder.fingerprint(Some(name))?.prompt == made_by.prompt {
            return Ok(Some(name.to_string()));
        }
    }
    Ok(None)
}
