//! The tiny models of `tests/fixtures/models`, for tests of networks.

use std::path::Path;

use super::family::FamilyConfig;
use super::family::bert::Config;
use super::source::{ModelFiles, Source};
use super::spec::Spec;
use super::weights::Weights;

/// Weights and settings of a tiny BERT.
pub(super) fn tiny_bert(name: &str) -> (Weights, Config) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name);
    let files = ModelFiles::resolve(&Source::Dir(folder), None).unwrap();
    let weights = Weights::open(&files, "").unwrap();
    let FamilyConfig::Bert(config) =
        FamilyConfig::read(&files, &Spec::read(&files).unwrap(), &weights).unwrap()
    else {
        panic!("{name} is no BERT");
    };
    (weights, config)
}
