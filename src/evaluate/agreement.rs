//! External validation: clusters against given labels.

use serde::{Deserialize, Serialize};

use crate::clustering::Label;
use crate::contingency::Contingency;

/// How well clusters follow labels; 1 is a perfect match in each figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Rows that have a label.
    pub n: usize,
    /// Adjusted Rand index: pairs judged alike, 0 on average for unrelated groupings.
    pub ari: f64,
    /// Adjusted mutual information, 0 on average for unrelated groupings; N. X. Vinh,
    /// J. Epps and J. Bailey, JMLR 11 (2010).
    pub ami: f64,
    /// Normalised mutual information (arithmetic mean of the entropies); grows with the
    /// number of clusters, so compare it only at equal numbers.
    pub nmi: f64,
    /// 1 when every cluster holds one label only.
    pub homogeneity: f64,
    /// 1 when every label lies in one cluster only.
    pub completeness: f64,
    /// Harmonic mean of the two; A. Rosenberg and J. Hirschberg, EMNLP 2007.
    pub v_measure: f64,
    /// Share of rows that have the most frequent label of their cluster.
    pub purity: f64,
}

/// Compares clusters with labels, over the rows that have a label. Noise counts as one
/// more group, as scikit-learn counts its `-1`.
///
/// # Panics
/// If the two lists differ in length.
pub fn agreement(labels: &[Label], truth: &[Option<&str>]) -> Agreement {
    assert_eq!(labels.len(), truth.len(), "one label per row");
    let both = truth.iter().zip(labels).filter_map(|(truth, label)| truth.map(|t| (t, *label)));
    let (truth, labels): (Vec<&str>, Vec<Label>) = both.unzip();
    let table = Contingency::of(&truth, &labels);
    let mutual = mutual_information(&table);
    let (of_truth, of_clusters) =
        (entropy(table.rows(), table.n()), entropy(table.cols(), table.n()));
    let share = |of: f64| if of == 0.0 { 1.0 } else { mutual / of };
    let (homogeneity, completeness) = (share(of_truth), share(of_clusters));
    let sum = homogeneity + completeness;
    Agreement {
        n: truth.len(),
        ari: table.adjusted_rand(),
        ami: adjusted_mutual_information(&table, mutual, (of_truth + of_clusters) / 2.0),
        nmi: normalized(&table, mutual, (of_truth + of_clusters) / 2.0),
        homogeneity,
        completeness,
        v_measure: if sum == 0.0 { 0.0 } else { 2.0 * homogeneity * completeness / sum },
        purity: purity(&table),
    }
}

fn entropy(sizes: &[u64], n: u64) -> f64 {
    if sizes.len() < 2 {
        return 0.0;
    }
    let n = n as f64;
    -sizes.iter().map(|&size| size as f64 / n).map(|p| p * p.ln()).sum::<f64>()
}

fn mutual_information(table: &Contingency) -> f64 {
    if table.rows().len() < 2 || table.cols().len() < 2 {
        return 0.0;
    }
    let n = table.n() as f64;
    let term = |&(row, col, count): &(usize, usize, u64)| {
        let expected = table.rows()[row] as f64 * table.cols()[col] as f64;
        let count = count as f64;
        count / n * (count * n / expected).ln()
    };
    table.cells().iter().map(term).sum::<f64>().max(0.0)
}

fn is_trivial(table: &Contingency) -> bool {
    table.rows().len() == table.cols().len() && table.rows().len() < 2
}

fn normalized(table: &Contingency, mutual: f64, mean_entropy: f64) -> f64 {
    if is_trivial(table) {
        return 1.0;
    }
    if mutual == 0.0 { 0.0 } else { mutual / mean_entropy }
}

fn adjusted_mutual_information(table: &Contingency, mutual: f64, mean_entropy: f64) -> f64 {
    if is_trivial(table) {
        return 1.0;
    }
    if table.rows().len() < 2 || table.cols().len() < 2 {
        return 0.0;
    }
    let expected = expected_mutual_information(table);
    // The sign is kept and 0 / 0 avoided, as scikit-learn does.
    let away_from_0 = |x: f64| if x < 0.0 { x.min(-f64::EPSILON) } else { x.max(f64::EPSILON) };
    away_from_0(mutual - expected) / away_from_0(mean_entropy - expected)
}

/// The mean mutual information over all groupings with these group sizes: for each pair of
/// groups the overlap is hypergeometric (Vinh and others, equation 24).
fn expected_mutual_information(table: &Contingency) -> f64 {
    let n = table.n() as usize;
    let factorials = ln_factorials(n);
    // Groups of equal size have equal terms.
    let (rows, cols) = (counted(table.rows()), counted(table.cols()));
    let mut sum = 0.0;
    for &(a, a_times) in &rows {
        for &(b, b_times) in &cols {
            let fixed = factorials[a] + factorials[b] + factorials[n - a] + factorials[n - b]
                - factorials[n];
            let term = |overlap: usize| {
                let ways = fixed
                    - factorials[overlap]
                    - factorials[a - overlap]
                    - factorials[b - overlap]
                    - factorials[n + overlap - a - b];
                let x = overlap as f64;
                x / n as f64 * (x * n as f64 / (a as f64 * b as f64)).ln() * ways.exp()
            };
            let first = (a + b).saturating_sub(n).max(1);
            sum += (a_times * b_times) as f64 * (first..=a.min(b)).map(term).sum::<f64>();
        }
    }
    sum
}

/// Different sizes and how often each occurs.
fn counted(sizes: &[u64]) -> Vec<(usize, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    sizes.iter().for_each(|&size| *counts.entry(size as usize).or_insert(0) += 1);
    counts.into_iter().collect()
}

/// `ln(i!)` for `i` in `0..=n`, summed with compensation so that no digit is lost on the
/// way (W. Kahan, 1965).
fn ln_factorials(n: usize) -> Vec<f64> {
    let (mut sum, mut lost) = (0.0f64, 0.0f64);
    let mut all = Vec::with_capacity(n + 1);
    all.push(0.0);
    for i in 1..=n {
        let term = (i as f64).ln() - lost;
        let next = sum + term;
        lost = (next - sum) - term;
        sum = next;
        all.push(sum);
    }
    all
}

fn purity(table: &Contingency) -> f64 {
    if table.n() == 0 {
        return 1.0;
    }
    let mut most = vec![0; table.cols().len()];
    for &(_, col, count) in table.cells() {
        most[col] = count.max(most[col]);
    }
    most.iter().sum::<u64>() as f64 / table.n() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clustering::ClusterId;

    #[test]
    fn a_renamed_grouping_agrees_fully_and_rows_without_label_do_not_count() {
        let labels = [Some(ClusterId(1)), Some(ClusterId(1)), None, Some(ClusterId(0))];
        let found = agreement(&labels, &[Some("x"), Some("x"), Some("y"), None]);
        let all = [
            found.ari,
            found.ami,
            found.nmi,
            found.homogeneity,
            found.completeness,
            found.v_measure,
            found.purity,
        ];
        assert_eq!(found.n, 3);
        assert!(all.iter().all(|x| (x - 1.0).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn everything_in_one_cluster_says_nothing() {
        let found = agreement(&[Some(ClusterId(0)); 4], &["a", "a", "b", "b"].map(Some));
        assert_eq!((found.ari, found.ami, found.nmi), (0.0, 0.0, 0.0));
        assert_eq!((found.homogeneity, found.completeness, found.purity), (0.0, 1.0, 0.5));
    }

    #[test]
    fn no_labelled_row_is_no_disagreement() {
        let found = agreement(&[None], &[None]);
        assert_eq!((found.n, found.ari, found.ami, found.v_measure), (0, 1.0, 1.0, 1.0));
    }
}
