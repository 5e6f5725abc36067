//! Cluster quality: internal figures, stability, and agreement with labels of the input.

use serde::Serialize;
use serde_json::Value;

use super::discover::load_report;
use super::stored_model::StoredModel;
use crate::cluster::{self, Algorithm, SAMPLE_ROWS};
use crate::clustering::Label;
use crate::error::Error;
use crate::evaluate::{self, Agreement, Stability, StabilityParams};
use crate::geometry::{Matrix, canonical_order};
use crate::report::{Method, Scores};
use crate::store::{Part, RunFolder};

/// Rows a resample holds at most, so that an assessment takes seconds.
const RESAMPLED_ROWS: usize = 8192;

/// How well the clusters follow a label field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterEvaluation {
    /// The field compared with.
    pub labels: String,
    /// Roles that have the field.
    pub n_labelled: usize,
    /// Figures that need no labels.
    pub scores: Scores,
    /// What comes back when parts of the roles are clustered again; `None` when that could
    /// not be done.
    pub stability: Option<Stability>,
    /// Figures that do; `None` when no role has the field.
    pub agreement: Option<Agreement>,
}

/// Compares the clusters of a run folder with a label field (`section`, `title` or any
/// other column of the input), and with clusterings of parts of the roles.
///
/// # Errors
/// When the folder has not been clustered, or `field` was asked for by name and no role has it.
pub fn evaluate_clusters(run: &RunFolder, field: Option<&str>) -> Result<ClusterEvaluation, Error> {
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
    let model: StoredModel = run.json(Part::Model)?;
    let (rows, role_of) = model.fitted_rows(&stored, &run.embeddings()?);
    let order = canonical_order(&rows);
    let labels: Vec<Label> = order.iter().map(|&at| clustering.labels()[role_of[at]]).collect();
    let stability = stability(&rows.select(&order), &labels, &report.method);
    let mut scores = report.scores;
    scores.stability = stability.as_ref().map(|stability| stability.mean_ari);
    Ok(ClusterEvaluation { labels: name.to_string(), n_labelled, scores, stability, agreement })
}

/// The rows that the clusters were found in.
fn n_fitted(rows: &Matrix, method: &Method) -> f64 {
    let sampled = method.parameters.get(SAMPLE_ROWS).and_then(Value::as_f64);
    sampled.unwrap_or(rows.rows() as f64).max(1.0)
}

fn stability(rows: &Matrix, labels: &[Label], method: &Method) -> Option<Stability> {
    let params = StabilityParams::default();
    let share = params.share.min(RESAMPLED_ROWS as f64 / rows.rows().max(1) as f64);
    let algorithm =
        Algorithm::repeated(method, share * rows.rows() as f64 / n_fitted(rows, method))?;
    let again = |part: &Matrix| cluster::refit(part, &algorithm);
    evaluate::stability(rows, labels, &StabilityParams { share, ..params }, again)
}
