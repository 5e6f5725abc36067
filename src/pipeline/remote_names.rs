//! Names from a chat endpoint, cached in the run folder.

use crate::describe::{self, Description, NameAnswers, NameCache, RemoteNamer};
use crate::error::Error;
use crate::role::Role;
use crate::store::{Part, RunWriter};

/// Replaces the built-in names by those of an endpoint and returns warnings about what went wrong.
/// A cluster without a usable answer keeps its built-in name. Every answer is saved before the
/// next question is sent.
///
/// # Errors
/// When the disk refuses. An endpoint that fails is no error.
pub(super) fn ask(
    run: &mut RunWriter,
    namer: &RemoteNamer,
    description: &mut Description,
    roles: &[Role],
) -> Result<Vec<String>, Error> {
    let reader = run.reader();
    let mut cache: NameCache = if reader.has(Part::Names) {
        reader.json(Part::Names).unwrap_or_default()
    } else {
        NameCache::new()
    };
    let mut written = Ok(());
    let mut keep = |answers: &NameCache| {
        if written.is_ok() {
            written = run.write_json(Part::Names, answers).and_then(|()| run.commit());
        }
    };
    let renamed = describe::rename(
        &mut description.profiles,
        roles,
        description.language,
        namer,
        NameAnswers { cache: &mut cache, keep: &mut keep },
    );
    written?;
    let (kept, all) = (renamed.n_kept, renamed.n_kept + renamed.n_named);
    let note = |problem: String| format!("namer: {kept} of {all} names are built in: {problem}");
    Ok(renamed.problems.into_iter().map(note).collect())
}
