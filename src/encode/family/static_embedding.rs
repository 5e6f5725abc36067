//! A table with a row per token and no network (`StaticEmbedding` of sentence-transformers,
//! model2vec): a text is the mean of its tokens' rows.
//!
//! Two layouts: sentence-transformers names the table `embedding.weight`, model2vec
//! `embeddings`, beside which it may keep a factor per token (`weights`) and, where tokens share
//! rows, the row of each (`mapping`). Upstream: <https://github.com/MinishLab/model2vec>.

use crate::encode::storage::Table;
use crate::encode::weights::Weights;
use crate::encode::{EncodeError, ModelFiles};

const SENTENCE_TRANSFORMERS: &str = "embedding.weight";
const MODEL2VEC: &str = "embeddings";

/// The table, left in its file.
pub(in crate::encode) struct StaticEmbedding {
    rows: Table,
    width: usize,
    /// The row of every token, where that is not its own number.
    mapping: Option<Vec<u32>>,
    /// What a token's row is multiplied with.
    factors: Option<Vec<f32>>,
}

/// What is known before the table is loaded.
#[derive(Debug, Clone)]
pub(in crate::encode) struct Config {
    table: &'static str,
    n_rows: usize,
    pub(super) width: usize,
    /// Tokens are below this.
    pub(super) vocabulary: usize,
}

impl Config {
    /// Reads the shapes of the tensors.
    pub(super) fn read(files: &ModelFiles, weights: &Weights) -> Result<Self, EncodeError> {
        let named = [SENTENCE_TRANSFORMERS, MODEL2VEC];
        let table = named.into_iter().find(|name| weights.shape(name).is_some());
        let missing = || EncodeError::MissingWeight {
            name: files.name().to_string(),
            weight: named.join(" or "),
        };
        let table = table.ok_or_else(missing)?;
        let shape = weights.shape(table).unwrap_or_default();
        let [n_rows, width] = shape[..] else {
            let reason = format!("{table} has shape {shape:?}, not tokens x numbers");
            return Err(files.bad(crate::encode::weight_files::SINGLE, reason));
        };
        let vocabulary = weights.shape("mapping").map_or(n_rows, |shape| shape.iter().product());
        Ok(Config { table, n_rows, width, vocabulary })
    }

    /// Whether tokens that stand for what the vocabulary lacks are left out, as model2vec does.
    pub(in crate::encode) fn drops_unknown(&self) -> bool {
        self.table == MODEL2VEC
    }
}

impl StaticEmbedding {
    pub(super) fn load(
        files: &ModelFiles,
        weights: &Weights,
        config: &Config,
    ) -> Result<Self, EncodeError> {
        let mapping = weights.integers("mapping");
        if let Some(mapping) = &mapping
            && let Some(row) = mapping.iter().find(|&&row| row as usize >= config.n_rows)
        {
            let reason = format!("mapping names row {row}, but there are {}", config.n_rows);
            return Err(files.bad(crate::encode::weight_files::SINGLE, reason));
        }
        let factors = match weights.shape("weights") {
            Some(_) => Some(weights.f32("weights", &[config.vocabulary])?),
            None => None,
        };
        let rows = weights.table(config.table, &[config.n_rows, config.width])?;
        Ok(StaticEmbedding { rows, width: config.width, mapping, factors })
    }

    /// The vector of every token (`t x width`, row-major). Ids are below the vocabulary's size.
    pub(in crate::encode) fn forward(&self, ids: &[u32]) -> Vec<f32> {
        let mut vectors = vec![0.0; ids.len() * self.width];
        for (&id, vector) in ids.iter().zip(vectors.chunks_exact_mut(self.width.max(1))) {
            let row = self.mapping.as_ref().map_or(id, |mapping| mapping[id as usize]);
            self.rows.read_row(row as usize, vector);
            if let Some(factors) = &self.factors {
                vector.iter_mut().for_each(|x| *x *= factors[id as usize]);
            }
        }
        vectors
    }
}
