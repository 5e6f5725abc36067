//! The clustering whose stability is reported is the one the run folder holds.

use rolecluster::cluster::{Algorithm, DensityParams, LanguageOffsets, Reduction, refit};
use rolecluster::clustering::Label;
use rolecluster::contingency::Contingency;
use rolecluster::embeddings::{Embeddings, ModelFingerprint};
use rolecluster::geometry::Matrix;
use rolecluster::intake::Intake;
use rolecluster::pipeline::{DiscoverSettings, discover};
use rolecluster::progress::Silent;
use rolecluster::project::LayoutParams;
use rolecluster::report::Report;
use rolecluster::role::{Corpus, Origin, Role, RoleId};
use rolecluster::store::{Part, RunWriter, StoredRoles};

use crate::support::two_numbers;

/// Unit rows in one diffuse cloud, in which different seeds find different groups.
fn cloud(n: usize, d: usize) -> Matrix {
    let number = |i: usize| {
        let (row, column) = (i / d, i % d);
        ((row * 31 + column * 17) as f32 * 0.37).sin() + ((i * i % 7919) as f32 * 0.618).sin()
    };
    let mut rows = Matrix::new(n, d, (0..n * d).map(number).collect()).unwrap();
    rows.normalize_rows();
    rows
}

#[test]
fn a_library_run_of_hdbscan_can_be_repeated_from_its_report() {
    let (n, d) = (240, 16);
    let vectors = cloud(n, d);
    let role = |i: usize| Role {
        id: RoleId::new(i.to_string()),
        title: format!("Role {i}").into(),
        description: format!("Does {i}").into(),
        stack: vec![],
        section: None,
        origin: Origin { file: "roles.csv".into(), line: i as u64 + 1 },
        facts: Default::default(),
        fields: Default::default(),
    };
    let roles: Vec<Role> = (0..n).map(role).collect();
    let corpus = Corpus::new(roles);
    let ids = corpus.roles().iter().map(|role| role.id.clone()).collect();
    let texts: Vec<String> = corpus.roles().iter().map(Role::text).collect();
    let said: Vec<&str> = texts.iter().map(String::as_str).collect();
    let clustered = LanguageOffsets::of(&vectors, &said).remove(&vectors, &said);
    let model = ModelFingerprint { dimension: d, ..two_numbers() };
    let embeddings = Embeddings::new(ids, vectors, model).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunWriter::open(folder.path()).unwrap();
    let texts = texts.into_iter().map(Into::into).collect();
    let stored = StoredRoles { corpus, texts, representative: (0..n).collect() };
    run.write_embedded(&stored, &embeddings).unwrap();
    run.write_json(Part::Intake, &Intake::default()).unwrap();

    let params = DensityParams { reduction: Reduction::Umap, ..DensityParams::default() };
    let algorithm = Algorithm::Hdbscan(params);
    let settings = DiscoverSettings { algorithm, ..DiscoverSettings::default() };
    let report = discover(&mut run, &settings, &Silent).unwrap();
    let labels = |report: &Report| -> Vec<Label> {
        report.placements.iter().map(|place| place.cluster).collect()
    };
    let found = labels(&report);
    let Some(Algorithm::Hdbscan(repeated)) = Algorithm::repeated(&report.method, 1.0) else {
        panic!("{:?}", report.method)
    };
    let agreement = |params: DensityParams| {
        let again = refit(&clustered, &Algorithm::Hdbscan(params)).unwrap();
        Contingency::of(&found, &again).adjusted_rand()
    };
    assert_eq!(agreement(repeated.clone()), 1.0);
    // The seed of the map must not be that of the reduction.
    let shows = |seed: &u64| agreement(DensityParams { seed: *seed, ..repeated.clone() }) < 1.0;
    let seed = (1..200).find(shows).expect("the cloud has to be one in which the seed shows");
    let layout = LayoutParams { seed, ..settings.layout };
    let settings = DiscoverSettings { layout, ..settings };
    assert_eq!(labels(&discover(&mut run, &settings, &Silent).unwrap()), found);
}
