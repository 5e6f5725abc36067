//! Metrics against scikit-learn and the hdbscan package.
//! `tests/fixtures/generate_metrics.py` made the files.

use rolecluster::clustering::{ClusterId, Label};
use rolecluster::evaluate;
use rolecluster::geometry::Matrix;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases<T> {
    cases: Vec<T>,
}

#[derive(Deserialize)]
struct AgreementCase {
    name: String,
    truth: Vec<String>,
    labels: Vec<i64>,
    ari: f64,
    ami: f64,
    nmi: f64,
    homogeneity: f64,
    completeness: f64,
    v_measure: f64,
    purity: f64,
}

#[derive(Deserialize)]
struct InternalCase {
    name: String,
    rows: Vec<Vec<f32>>,
    labels: Vec<i64>,
    silhouette: Vec<Option<f64>>,
    dbcv: f64,
    dbcv_per_cluster: Vec<f64>,
}

fn labels(raw: &[i64]) -> Vec<Label> {
    raw.iter().map(|&label| u32::try_from(label).ok().map(ClusterId)).collect()
}

fn near(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found}, expected {expected}");
}

#[test]
fn agreement_equals_scikit_learn() {
    let file = include_str!("../../fixtures/metrics/agreement.json");
    let cases: Cases<AgreementCase> = serde_json::from_str(file).unwrap();
    assert!(cases.cases.len() >= 10);
    for case in cases.cases {
        let truth: Vec<Option<&str>> = case.truth.iter().map(|t| Some(t.as_str())).collect();
        let found = evaluate::agreement(&labels(&case.labels), &truth);
        let figures = [
            ("ari", found.ari, case.ari),
            ("nmi", found.nmi, case.nmi),
            ("homogeneity", found.homogeneity, case.homogeneity),
            ("completeness", found.completeness, case.completeness),
            ("v_measure", found.v_measure, case.v_measure),
            ("purity", found.purity, case.purity),
        ];
        for (figure, found, expected) in figures {
            near(&format!("{figure} of {}", case.name), found, expected, 1e-12);
        }
        // Logarithms of factorials are of the size of n ln n; their last digits differ.
        near(&format!("ami of {}", case.name), found.ami, case.ami, 1e-9);
    }
}

#[test]
fn silhouette_and_dbcv_equal_their_references() {
    let file = include_str!("../../fixtures/metrics/internal.json");
    let cases: Cases<InternalCase> = serde_json::from_str(file).unwrap();
    assert!(cases.cases.len() >= 5);
    for case in cases.cases {
        let d = case.rows[0].len();
        let rows = Matrix::new(case.rows.len(), d, case.rows.concat()).unwrap();
        let labels = labels(&case.labels);
        let silhouette = evaluate::silhouette(&rows, &labels);
        for (row, (found, expected)) in silhouette.iter().zip(&case.silhouette).enumerate() {
            let what = format!("silhouette of row {row} of {}", case.name);
            assert_eq!(found.is_some(), expected.is_some(), "{what}");
            near(&what, found.unwrap_or(0.0), expected.unwrap_or(0.0), 1e-9);
        }
        let validity = evaluate::dbcv(&rows, &labels).unwrap();
        near(&format!("dbcv of {}", case.name), validity.index, case.dbcv, 1e-9);
        assert_eq!(validity.per_cluster.len(), case.dbcv_per_cluster.len());
        for (found, expected) in validity.per_cluster.iter().zip(&case.dbcv_per_cluster) {
            near(&format!("dbcv of a cluster of {}", case.name), *found, *expected, 1e-9);
        }
    }
}
