//! Real models against sentence-transformers, and the bundled one against its own weights in f32.
//!
//! Models that are too large for the repository are named by a variable. Their reference vectors
//! are made by `tests/fixtures/generate_models.py` and `tests/fixtures/generate_base.py`.

use std::path::{Path, PathBuf};

use rolecluster::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;

use super::encode::{check, expected, fixtures};

/// The folder a variable names.
fn folder_in(variable: &str) -> PathBuf {
    let folder = std::env::var_os(variable);
    PathBuf::from(folder.unwrap_or_else(|| panic!("{variable} does not name the model's folder")))
}

#[test]
#[ignore = "needs all-MiniLM-L6-v2: set ROLECLUSTER_MINILM to its folder"]
fn all_minilm_l6_v2_agrees_with_sentence_transformers() {
    let expected = fixtures().join("all-MiniLM-L6-v2.json");
    check(&folder_in("ROLECLUSTER_MINILM"), &expected, None);
}

#[test]
#[ignore = "needs the base of the bundled model, as models/train/unpack.py writes it: set ROLECLUSTER_E5 to its folder"]
fn multilingual_e5_small_agrees_with_sentence_transformers() {
    let expected = fixtures().join("multilingual-e5-small.json");
    check(&folder_in("ROLECLUSTER_E5"), &expected, None);
}

#[test]
#[ignore = "needs the base of the bundled model and the vectors that tests/fixtures/generate_base.py writes beside it: set ROLECLUSTER_E5 to its folder"]
fn multilingual_e5_small_agrees_in_many_scripts_and_over_several_windows() {
    let folder = folder_in("ROLECLUSTER_E5");
    let file = folder.join("expected.json");
    let cases = expected(&file).cases;
    assert!(cases.len() >= 12);
    assert!(cases.iter().any(|case| case.windows > 1), "no text over the limit");
    check(&folder, &file, None);
}

/// Every eleventh posting of the sample: of each of its languages.
fn postings() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples/roles.jsonl");
    let text = std::fs::read_to_string(file).unwrap();
    let said = |line: &str| {
        let role: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{}\n{}", role["title"].as_str().unwrap(), role["description"].as_str().unwrap())
    };
    text.lines().enumerate().filter(|(at, _)| at % 11 == 0).map(|(_, line)| said(line)).collect()
}

/// Words in 4 bits and layers in 8 are unpacked for f32, and multiplied as they are in 8 bits,
/// where what comes in is rounded as well. That rounding is all that may differ.
#[test]
fn the_bundled_model_in_8_bits_is_near_its_own_weights_in_f32() {
    let files = ModelFiles::resolve(&Source::Bundled, None).unwrap();
    let device = DeviceChoice::Cpu.open().unwrap();
    let postings = postings();
    let texts: Vec<&str> = postings.iter().map(String::as_str).collect();
    let [exact, rounded]: [Matrix; 2] = [Dtype::F32, Dtype::Int8].map(|dtype| {
        Encoder::load(&files, &device, dtype).unwrap().encode(&texts, None, &Silent).unwrap()
    });
    assert_eq!((exact.rows(), exact.cols()), (rounded.rows(), rounded.cols()));
    for ((exact, rounded), text) in exact.iter_rows().zip(rounded.iter_rows()).zip(&texts) {
        for (x, y) in exact.iter().zip(rounded) {
            // Elements of a unit row of 384 are about 0.05.
            assert!((x - y).abs() <= 0.02, "{text:?}: {x} in f32, {y} in 8 bits");
        }
    }
}
