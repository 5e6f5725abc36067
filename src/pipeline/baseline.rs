//! Measures how near unrelated texts come to the roles of a run folder.

use super::query_text::embed_queries;
use super::run_indexes;
use super::search_sources::VectorSource;
use crate::encode::Encoder;
use crate::error::Error;
use crate::geometry::Matrix;
use crate::search::{Baseline, ExactIndex};
use crate::store::{IndexPart, RunFolder, RunWriter};

/// Measures and writes the baseline of `vectors`, unless the folder holds it.
///
/// # Errors
/// When the model fails, or the disk refuses.
pub(super) fn refresh(
    run: &mut RunWriter,
    vectors: &Matrix,
    encoder: &Encoder,
) -> Result<(), Error> {
    if run_indexes::baseline(&run.reader())?.is_some() {
        return Ok(());
    }
    let measured = measure(vectors, encoder)?;
    Ok(run.write_index(IndexPart::Baseline, |of, out| measured.write(of, out))?)
}

/// The baseline of `vectors`, measured with the model that made them.
///
/// # Errors
/// When the model fails.
pub(super) fn measure(vectors: &Matrix, encoder: &Encoder) -> Result<Baseline, Error> {
    let unrelated = embed_queries(encoder, None, &Baseline::texts())?;
    let index = ExactIndex::new(vectors);
    Ok(Baseline::measure(unrelated.iter_rows().map(|row| index.scores(row)).collect()))
}

/// The baseline of a folder: as it is kept there, or measured now with the model that `encoder`
/// loads. `None` when there is no such model any more.
pub(super) fn open<'a>(
    run: &RunFolder,
    vectors: &VectorSource,
    encoder: impl FnOnce() -> Result<&'a Encoder, Error>,
) -> Result<Option<Baseline>, Error> {
    if let Some(kept) = run_indexes::baseline(run)? {
        return Ok(Some(kept));
    }
    let Ok(encoder) = encoder() else { return Ok(None) };
    let unrelated = embed_queries(encoder, None, &Baseline::texts())?;
    let cosines = unrelated.iter_rows().map(|row| vectors.scores(row));
    Ok(Some(Baseline::measure(cosines.collect::<Result<_, Error>>()?)))
}
