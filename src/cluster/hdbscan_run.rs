//! HDBSCAN for a report: clusters that last over many sizes, noise kept within its bound,
//! parameters and warnings told.

use super::assign::{ClusterModel, Density, Votes};
use super::choice::Choice;
use super::error::ClusterError;
use super::fitted::Fitted;
use super::grouping::{grouped, means_of, with_shares};
use super::hdbscan::{Cut, HdbscanParams, Model, Precision, SingleCluster, Tree};
use super::hdbscan_consensus::{self as consensus, Agreement};
use super::hdbscan_params::DensityParams;
use super::hdbscan_report as report;
use super::kmeans::{KMeansParams, Prepared};
use super::kmeans_run;
use super::levels::Levels;
use super::noise_assignment::{NoiseAssignment, assign_noise};
use super::reduction::{FEWEST_REDUCED, Reduction};
use super::{choose_size, dendrogram, sensitivity};
use crate::clustering::{ClusterId, Clustering, Label};
use crate::geometry::{Matrix, canonical_order};
use crate::progress::Progress;
use crate::project::{self, Diffusion, Neighborhoods};
use crate::report::Method;

/// Rows that cuts of one tree are compared on at most.
const COMPARED_ROWS: usize = 4096;

/// Clusters `rows` (`n x d`). Copies count with their number: for density, for the size of clusters
/// and for noise.
pub(super) fn run(
    rows: &Neighborhoods,
    params: &DensityParams,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    params.check(rows.vectors())?;
    let chosen_by_samples =
        params.min_cluster_size == Choice::Auto && params.reduction == Reduction::Diffusion;
    if chosen_by_samples
        && (consensus::FEWEST_ROWS..=consensus::MOST_ROWS).contains(&rows.n_distinct(progress))
        && let Some(diffusion) = Diffusion::of(rows, progress)
    {
        return by_samples(rows, &diffusion, params, progress);
    }
    by_tree(rows, params, progress)
}

/// What samples of the rows agree on.
fn by_samples(
    rows: &Neighborhoods,
    diffusion: &Diffusion,
    params: &DensityParams,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let vectors = rows.vectors();
    let (distinct, place) = (rows.distinct(progress), rows.distinct_of(progress));
    let mut copies = vec![0; distinct.rows()];
    place.iter().for_each(|&at| copies[at] += 1);
    let min_samples = params.resolved_min_samples(vectors.rows());
    let base = params.at_size(2, min_samples);
    let how = (&base, params.detail);
    let found = consensus::agreement(distinct, diffusion, &copies, how, progress)?;
    let Agreement { labels, strengths, sizes, n_samples } = found;
    let raw: Vec<Option<usize>> = place.iter().map(|&at| labels[at]).collect();
    let strengths = place.iter().map(|&at| strengths[at]).collect();
    let order = canonical_order(vectors);
    let assigned = assign_noise(vectors, &order, raw.clone(), strengths, params.max_noise);

    let mut method = Method { algorithm: "hdbscan".into(), ..Method::default() };
    method.warnings = report::what_to_know(&raw, &assigned, params.max_noise);
    let best = sizes.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let size = best.map_or(2, |&(size, _)| size);
    method.choice = sizes;
    let (clustering, old) = Clustering::canonical(&assigned.labels, assigned.strengths);
    let mut new_of_old = vec![ClusterId(0); old.len()];
    old.iter().enumerate().for_each(|(new, &old)| new_of_old[old] = ClusterId(new as u32));
    let raw: Vec<Label> = raw.iter().map(|label| label.map(|label| new_of_old[label])).collect();
    let levels = Levels::of(clustering.n_clusters(), params.directions);
    let clustering = levelled(vectors, clustering, levels, progress)?;
    report::Told {
        size,
        levels,
        min_samples,
        raw: &raw,
        reduced_to: Some(project::DIFFUSED),
        tree: Precision::Exact,
        samples: Some(n_samples),
    }
    .tell(&mut method, params);
    let model = ClusterModel::Votes(Votes::new(clustering.labels(), clustering.strengths()));
    let hierarchy = dendrogram::of_centres(&means_of(vectors, &clustering), &clustering);
    Ok(Fitted { clustering, method, model, raw: Some(raw), hierarchy })
}

/// The clusters with directions, certainty and shares, as for k-means.
fn levelled(
    vectors: &Matrix,
    clustering: Clustering,
    levels: Levels,
    progress: &dyn Progress,
) -> Result<Clustering, ClusterError> {
    if levels.k == 0 {
        return Ok(clustering);
    }
    let kmeans = KMeansParams::default();
    let prepared = Prepared::new(vectors, &kmeans)?;
    let consensus = kmeans_run::consensus(&prepared, levels, progress);
    let centroids = means_of(vectors, &clustering);
    let grouped = grouped(clustering, &centroids, consensus.as_ref(), &prepared, levels);
    Ok(with_shares(grouped.clustering, vectors, &centroids, grouped.softness))
}

/// The clusters of one tree at one size.
fn by_tree(
    rows: &Neighborhoods,
    params: &DensityParams,
    progress: &dyn Progress,
) -> Result<Fitted, ClusterError> {
    let vectors = rows.vectors();
    let places = reduced(rows, params, progress);
    let measured = places.as_ref().unwrap_or(vectors);
    let n = vectors.rows();
    let mut method = Method { algorithm: "hdbscan".into(), ..Method::default() };
    let precision = params.precision(n, measured.cols());
    if precision != Precision::Exact {
        method.warnings.push(report::approximation(n, params.exact_rows));
    }
    let min_samples = params.resolved_min_samples(n);
    let tree = Tree::build_with(measured, min_samples, precision, progress)?;
    let one = n > 1 && rows.n_distinct(progress) == 1;
    let run = Run { vectors, params, min_samples, tree, one };
    let order = canonical_order(vectors);
    let size = match params.min_cluster_size {
        Choice::Given(size) => size,
        Choice::Auto => run.chosen_size(&order, &mut method)?,
    };
    let cut = run.cut(size)?;
    let assigned = run.settle(&cut, &order);
    method.warnings.extend(report::what_to_know(cut.labels(), &assigned, params.max_noise));
    let mut others = Vec::new();
    for other in [size - 1, size + 1].into_iter().filter(|&other| other >= 2) {
        others.push((other, run.settle(&run.cut(other)?, &order).labels));
    }
    let sensitivity = sensitivity::to_min_cluster_size(size, &assigned.labels, &others);
    method.warnings.extend(sensitivity);
    let chosen = Chosen { size, cut, assigned };
    run.fitted(chosen, places, method, progress)
}

/// The rows in few dimensions, as asked for; `None` for too few different ones.
fn reduced(
    rows: &Neighborhoods,
    params: &DensityParams,
    progress: &dyn Progress,
) -> Option<Matrix> {
    let enough = rows.vectors().rows() >= FEWEST_REDUCED
        && params.reduction != Reduction::None
        && rows.n_distinct(progress) >= FEWEST_REDUCED;
    match params.reduction {
        Reduction::Diffusion if enough => Some(project::diffuse(rows, progress)),
        Reduction::Umap if enough => Some(project::reduce(rows, params.seed, progress)),
        _ => None,
    }
}

/// What every cut of one density tree shares.
struct Run<'a> {
    vectors: &'a Matrix,
    params: &'a DensityParams,
    min_samples: usize,
    tree: Tree,
    /// All rows are equal: one cluster, which no density tells from noise.
    one: bool,
}

/// A cluster size with the cut of the tree at it, and what that makes of the noise.
struct Chosen {
    size: usize,
    cut: Cut,
    assigned: NoiseAssignment,
}

impl Run<'_> {
    fn at_size(&self, size: usize) -> HdbscanParams {
        let params = self.params.at_size(size, self.min_samples);
        match self.one {
            true => HdbscanParams { single_cluster: SingleCluster::Allow, ..params },
            false => params,
        }
    }

    /// The smallest cluster size whose clusters last, seen on rows at equal steps of an order of
    /// content.
    fn chosen_size(&self, order: &[usize], method: &mut Method) -> Result<usize, ClusterError> {
        let m = order.len().min(COMPARED_ROWS);
        let compared: Vec<usize> = (0..m).map(|at| order[order.len() * at / m]).collect();
        let chosen =
            choose_size::choose(&self.tree, &self.at_size(2), self.params.detail, &compared)?;
        method.choice = chosen.tried;
        Ok(chosen.size)
    }

    fn cut(&self, size: usize) -> Result<Cut, ClusterError> {
        Ok(self.tree.cut(&self.at_size(size))?)
    }

    /// The labels of a cut with noise kept within its bound.
    fn settle(&self, cut: &Cut, order: &[usize]) -> NoiseAssignment {
        let (labels, strengths) = (cut.labels().to_vec(), cut.probabilities().to_vec());
        assign_noise(self.vectors, order, labels, strengths, self.params.max_noise)
    }

    fn fitted(
        self,
        Chosen { size, cut, assigned }: Chosen,
        places: Option<Matrix>,
        mut method: Method,
        progress: &dyn Progress,
    ) -> Result<Fitted, ClusterError> {
        let (clustering, old_of_new) = Clustering::canonical(&assigned.labels, assigned.strengths);
        let old: Vec<ClusterId> = old_of_new.iter().map(|&old| ClusterId(old as u32)).collect();
        let mut new_of_old = vec![ClusterId(0); old.len()];
        old.iter().enumerate().for_each(|(new, id)| new_of_old[id.index()] = ClusterId(new as u32));
        let raw: Vec<Label> =
            cut.labels().iter().map(|label| label.map(|label| new_of_old[label])).collect();
        let levels = Levels::of(clustering.n_clusters(), self.params.directions);
        let clustering = levelled(self.vectors, clustering, levels, progress)?;
        report::Told {
            size,
            levels,
            min_samples: self.min_samples,
            raw: &raw,
            reduced_to: places.as_ref().map(Matrix::cols),
            tree: self.tree.precision(),
            samples: None,
        }
        .tell(&mut method, self.params);
        let model = Density { tree: Model::new(&self.tree, &cut), rule: assigned.rule, places };
        let model = ClusterModel::Density(Box::new(model)).renumbered(&old);
        let hierarchy = (!old.is_empty()).then(|| dendrogram::of_cut(&cut, &new_of_old));
        Ok(Fitted { clustering, method, model, raw: Some(raw), hierarchy })
    }
}
