//! Tells which new rows are no nearer to a run than texts about something else.

use super::baseline;
use super::lazy::Lazy;
use super::run_indexes;
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::{Matrix, nearest_among};
use crate::search::Baseline;
use crate::store::RunFolder;

/// The rows of a run, and how near unrelated texts come to them: the limit below which a search
/// says that nothing is near.
pub(super) struct Strangers {
    /// As the model made them: unrelated texts are of no language's postings.
    rows: Matrix,
    baseline: Lazy<Baseline>,
}

impl Strangers {
    /// With the baseline that is kept in the folder, if there is a sound one.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub(super) fn open(run: &RunFolder, rows: Matrix) -> Result<Self, Error> {
        let baseline = Lazy::default();
        if let Some(kept) = run_indexes::baseline(run)? {
            baseline.get_or_load(|| Ok::<_, Error>(kept))?;
        }
        Ok(Strangers { rows, baseline })
    }

    /// Whether the nearest row of the run is as far as chance may bring an unrelated text, for each
    /// of these vectors of the same model.
    ///
    /// # Errors
    /// When the baseline has to be measured and the model fails.
    pub(super) fn among(&self, vectors: &Matrix, encoder: &Encoder) -> Result<Vec<bool>, Error> {
        let baseline = self.baseline.get_or_load(|| baseline::measure(&self.rows, encoder))?;
        let noise = baseline.noise(self.rows.rows());
        let nearest = nearest_among(vectors, &self.rows, 1, |_| ());
        let is_strange = |near: &Vec<(f64, usize)>| {
            let Some(&(squared, _)) = near.first() else { return true };
            // Of unit rows.
            baseline.nearness((1.0 - squared / 2.0) as f32) <= noise
        };
        Ok(nearest.iter().map(is_strange).collect())
    }
}
