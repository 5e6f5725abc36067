//! Clusters against labels the input brought along.

use serde::Serialize;

use super::discover::load_report;
use crate::error::Error;
use crate::evaluate::{self, Agreement};
use crate::report::Scores;
use crate::store::RunFolder;

/// How well the clusters follow a label field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// The field compared with.
    pub labels: String,
    /// Roles that have the field.
    pub n_labelled: usize,
    /// Figures that need no labels.
    pub scores: Scores,
    /// Figures that do; `None` when no role has the field.
    pub agreement: Option<Agreement>,
}

/// Compares the clusters of a run folder with a label field (`section`, `title` or any
/// other column of the input).
///
/// # Errors
/// When the folder has not been clustered, or `field` was asked for by name and no role has it.
pub fn assess(run: &RunFolder, field: Option<&str>) -> Result<Assessment, Error> {
    let (report, clustering) = load_report(run)?;
    let stored = run.roles()?;
    let roles = stored.corpus.roles();
    let name = field.unwrap_or("section");
    let truth: Vec<Option<&str>> = roles.iter().map(|role| role.field(name)).collect();
    let n_labelled = truth.iter().flatten().count();
    if n_labelled == 0 && field.is_some() {
        return Err(Error::no_such_field(name, roles));
    }
    let agreement = (n_labelled > 0).then(|| evaluate::agreement(clustering.labels(), &truth));
    Ok(Assessment { labels: name.to_string(), n_labelled, scores: report.scores, agreement })
}
