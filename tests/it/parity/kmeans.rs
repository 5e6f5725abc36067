//! k-means against scikit-learn (`tests/fixtures/generate_kmeans.py`) and linfa-clustering.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::KMeans as LinfaKMeans;
use ndarray::Array2;
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use rolecluster::cluster::{Choice, KMeansParams, fit_kmeans};
use rolecluster::geometry::Matrix;
use serde::Deserialize;

/// Ours may be worse by this share at most; it should be better.
const TOLERANCE: f64 = 0.001;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    n: usize,
    d: usize,
    groups: usize,
    spread: f32,
    seed: u64,
    first: Vec<f32>,
    last: Vec<f32>,
    fits: Vec<FitCase>,
}

#[derive(Deserialize)]
struct FitCase {
    k: usize,
    inertia: f64,
}

/// `count` numbers in [-1, 1), as the script draws them.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state * 48271 % 2_147_483_647;
        ((state >> 8) as f64 / f64::from(1 << 22) - 1.0) as f32
    };
    (0..count).map(|_| next()).collect()
}

impl Case {
    fn rows(&self) -> Matrix {
        let centres = numbers(self.groups * self.d, self.seed);
        let noise = numbers(self.n * self.d, self.seed + 1);
        let number = |i: usize| {
            let centre = centres[i / self.d % self.groups * self.d + i % self.d];
            centre + self.spread * noise[i]
        };
        let rows = Matrix::new(self.n, self.d, (0..self.n * self.d).map(number).collect()).unwrap();
        for (found, expected) in [(rows.row(0), &self.first), (rows.row(self.n - 1), &self.last)] {
            assert_eq!(found, expected, "rows of {} are not the script's", self.name);
        }
        rows
    }
}

fn cases() -> Vec<Case> {
    let file: File =
        serde_json::from_str(include_str!("../../fixtures/kmeans/inertia.json")).unwrap();
    assert_eq!(file.cases.len(), 4);
    file.cases
}

#[test]
fn inertia_is_scikit_learns_or_lower() {
    for case in cases() {
        let rows = case.rows();
        for fit in &case.fits {
            let params = KMeansParams { tolerance: 0.0, ..KMeansParams::default() };
            let found = fit_kmeans(&rows, fit.k, &params).unwrap();
            assert_eq!(found.clustering.n_clusters(), fit.k);
            assert!(
                found.inertia <= fit.inertia * (1.0 + TOLERANCE),
                "{} k={}: {} against {}",
                case.name,
                fit.k,
                found.inertia,
                fit.inertia
            );
        }
    }
}

#[test]
fn inertia_is_linfas_or_lower_and_both_are_called_alike() {
    for case in cases().into_iter().filter(|case| case.n <= 300) {
        let rows = case.rows();
        let array = Array2::from_shape_vec((case.n, case.d), rows.as_slice().to_vec()).unwrap();
        let dataset = DatasetBase::from(array.clone());
        let wide = DatasetBase::from(array.mapv(f64::from));
        for fit in &case.fits {
            let rng = Xoshiro256Plus::seed_from_u64(7);
            let linfa = LinfaKMeans::params_with_rng(fit.k, rng)
                .n_runs(10)
                .tolerance(1e-6)
                .fit(&wide)
                .unwrap();
            let ours = KMeansParams { k: Choice::Given(fit.k), ..KMeansParams::default() }
                .fit(&dataset)
                .unwrap();
            let reference = linfa.inertia() * case.n as f64;
            assert!(
                ours.inertia <= reference * (1.0 + TOLERANCE),
                "{} k={}: {} against linfa's {reference}",
                case.name,
                fit.k,
                ours.inertia
            );
            // The same centres give the same labels in both.
            let predicted = ours.predict(&array);
            let labels: Vec<usize> =
                ours.clustering.labels().iter().map(|label| label.unwrap().index()).collect();
            assert_eq!(predicted.to_vec(), labels);
        }
    }
}
