//! Builds the search indexes of a run folder, and opens them.

use crate::embeddings::Embeddings;
use crate::error::Error;
use crate::long_text::LongText;
use crate::progress::Progress;
use crate::search::{
    Baseline, HnswGraph, HnswIndex, HnswParams, IndexChoice, IndexError, LexicalIndex,
};
use crate::store::{IndexPart, RunFolder, RunWriter};

/// Brings the indexes of a run folder up to date: the inverted index always, a graph over the
/// vectors when `choice` wants one. An index that is sound and of these roles is kept.
///
/// # Errors
/// When the disk refuses.
pub(super) fn refresh(
    run: &mut RunWriter,
    texts: &[LongText],
    embeddings: &Embeddings,
    choice: IndexChoice,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let reader = run.reader();
    if !is_sound(&reader, IndexPart::Words)? {
        let texts: Vec<&str> = texts.iter().map(LongText::as_str).collect();
        run.write_index(IndexPart::Words, |of, out| LexicalIndex::write(&texts, of, out))?;
    }
    let wanted = choice.wants_graph(embeddings.ids().len());
    let sound = choice != IndexChoice::Exact && is_sound(&reader, IndexPart::Neighbors)?;
    match (sound, wanted) {
        (true, _) => {}
        (false, false) => run.remove_index(IndexPart::Neighbors)?,
        (false, true) => {
            let rows = embeddings.vectors();
            let graph = HnswGraph::build(rows, &HnswParams::default(), progress);
            run.write_index(IndexPart::Neighbors, |of, out| graph.write(rows, of, out))?;
        }
    }
    Ok(())
}

/// Whether there is an index, made of the roles in the folder, with correct checksums.
fn is_sound(run: &RunFolder, index: IndexPart) -> Result<bool, Error> {
    let Some(bytes) = run.map_index(index)? else { return Ok(false) };
    let of = run.index_source(index);
    let checked = match index {
        IndexPart::Neighbors => HnswIndex::open(bytes, of).and_then(|index| index.verify()),
        IndexPart::Words => LexicalIndex::open(bytes, of).and_then(|index| index.verify()),
        IndexPart::Baseline => Baseline::open(bytes, of).map(drop),
    };
    Ok(checked.is_ok())
}

/// The result of opening an index.
pub(super) enum Opened<T> {
    /// It can be used.
    Ready(T),
    /// There is none.
    Missing,
    /// There is one of other roles or of another format; says why it is not used.
    Stale(String),
}

/// Opens the graph over the vectors.
pub(super) fn graph(run: &RunFolder) -> Result<Opened<HnswIndex>, Error> {
    open(run, IndexPart::Neighbors, HnswIndex::open)
}

/// Opens the inverted index.
pub(super) fn words(run: &RunFolder) -> Result<Opened<LexicalIndex>, Error> {
    open(run, IndexPart::Words, LexicalIndex::open)
}

/// The measured nearness of unrelated texts, if there is a sound one of these vectors.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn baseline(run: &RunFolder) -> Result<Option<Baseline>, Error> {
    let Some(bytes) = run.map_index(IndexPart::Baseline)? else { return Ok(None) };
    Ok(Baseline::open(bytes, run.index_source(IndexPart::Baseline)).ok())
}

fn open<T>(
    run: &RunFolder,
    index: IndexPart,
    open: fn(crate::mapped_file::Bytes, &str) -> Result<T, IndexError>,
) -> Result<Opened<T>, Error> {
    let Some(bytes) = run.map_index(index)? else { return Ok(Opened::Missing) };
    match open(bytes, run.index_source(index)) {
        Ok(found) => Ok(Opened::Ready(found)),
        Err(IndexError::Stale(why)) => {
            let path = run.path().join(index.file_name());
            let folder = run.path().display();
            Ok(Opened::Stale(format!(
                "{} is out of date and not used: {why}; `rolecluster cluster {folder}` makes it again",
                path.display()
            )))
        }
        Err(error) => Err(damaged(run, index, error)),
    }
}

/// Adds the file to an index error.
pub(super) fn damaged(run: &RunFolder, index: IndexPart, error: IndexError) -> Error {
    let (IndexError::Damaged(reason) | IndexError::Stale(reason)) = error;
    run.damaged_index(index, reason).into()
}
