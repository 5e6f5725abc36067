//! `rolecluster evaluate`: cluster quality, agreement with labels, and search quality on known
//! pairs.

use rolecluster::pipeline::{
    ClusterEvaluation, SearchEvaluation, evaluate_clusters, evaluate_search,
};
use rolecluster::store::RunFolder;

use super::args::EvaluateArgs;
use super::exit_code::ExitCode;
use super::printer::Printer;
use super::table::{Align, aligned, plain};

/// Measures and prints.
pub fn run(args: &EvaluateArgs, printer: &Printer) -> anyhow::Result<ExitCode> {
    let run = RunFolder::open(&args.dir).map_err(rolecluster::Error::from)?;
    if let Some(field) = &args.pairs {
        let found = evaluate_search(&run, field)?;
        match args.json {
            true => printer.json(&found)?,
            false => printer.data(&search_text(&found))?,
        }
        return Ok(ExitCode::Success);
    }
    let found = evaluate_clusters(&run, args.labels.as_deref())?;
    if args.json {
        printer.json(&found)?;
    } else {
        printer.data(&text(&found))?;
    }
    Ok(ExitCode::Success)
}

fn text(found: &ClusterEvaluation) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut tell = |figure: &str, value: Option<f64>, meaning: &str| {
        let value = value.map_or_else(|| "-".to_string(), |value| format!("{value:.3}"));
        rows.push(vec![figure.to_string(), value, meaning.to_string()]);
    };
    let scores = &found.scores;
    tell("silhouette", scores.silhouette, "how much nearer its own cluster is than the next");
    let of = match scores.dbcv_sample {
        Some(n) => format!("denser inside than the gaps between, of a sample of {n} roles"),
        None => "denser inside than the gaps between".to_string(),
    };
    tell("DBCV", scores.dbcv, &of);
    let weakest =
        found.stability.as_ref().and_then(|s| s.per_cluster.iter().copied().reduce(f64::min));
    tell("stability", scores.stability, "the same picture from parts of the roles, 0 is chance");
    tell("weakest", weakest, "share of the least stable cluster that comes back");
    tell("noise", Some(scores.noise_share), "share of roles in no cluster");
    tell("largest", Some(scores.largest_share), "share of roles in the largest cluster");
    if let Some(agreement) = &found.agreement {
        tell("ARI", Some(agreement.ari), "pairs of roles judged alike, 0 is chance");
        tell("AMI", Some(agreement.ami), "what clusters tell about labels, 0 is chance");
        tell("NMI", Some(agreement.nmi), "the same, not corrected for chance");
        tell("homogeneity", Some(agreement.homogeneity), "a cluster holds one label only");
        tell("completeness", Some(agreement.completeness), "a label lies in one cluster only");
        tell("V-measure", Some(agreement.v_measure), "harmonic mean of these two");
        tell(
            "purity",
            Some(agreement.purity),
            "share of roles that have their cluster's main label",
        );
    }
    let clusters = scores.n_clusters;
    let heading = match &found.agreement {
        Some(_) => {
            let (n, labels) = (found.n_labelled, plain(&found.labels));
            format!("{clusters} clusters; {n} roles have a label in `{labels}`\n\n")
        }
        None => format!("{clusters} clusters; no labels to compare with\n\n"),
    };
    heading + &aligned(&[Align::Left, Align::Right, Align::Left], &rows)
}

fn search_text(found: &SearchEvaluation) -> String {
    let SearchEvaluation { n_paired, n_queries, modes, .. } = found;
    let pairs = plain(&found.pairs);
    let mut said = format!("{n_paired} roles share their `{pairs}` with another");
    if n_queries < n_paired {
        said.push_str(&format!("; {n_queries} of them were asked for"));
    }
    said.push_str("\n\n");
    let heading = ["mode", "recall@1", "recall@10", "MRR", "MAP"];
    let mut rows = vec![heading.map(String::from).to_vec()];
    for found in modes {
        let name: &str = found.mode.into();
        let figures = &found.figures;
        let values = [figures.recall_at_1, figures.recall_at_10, figures.mrr, figures.map];
        let mut row = vec![name.to_string()];
        row.extend(values.map(|value| format!("{value:.3}")));
        rows.push(row);
    }
    said + &aligned(&[Align::Left, Align::Right, Align::Right, Align::Right, Align::Right], &rows)
}
