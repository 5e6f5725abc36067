//! The encoder against sentence-transformers, element by element.
//!
//! The models in `tests/fixtures/models` have random weights and the Hub layout; they and the
//! expected vectors are made by `tests/fixtures/generate_models.py`. The tolerance is that of
//! f32 sums in another order: unit rows differ by a few 1e-7.

use std::path::{Path, PathBuf};

use rolecluster::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;
use serde::Deserialize;

const TOLERANCE: f32 = 1e-5;

#[derive(Deserialize)]
struct Expected {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    windows: usize,
    vector: Vec<f32>,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models")
}

fn load(folder: &Path, dtype: Dtype) -> Encoder {
    let files = ModelFiles::resolve(&Source::Dir(folder.into()), None).unwrap();
    Encoder::load(&files, &DeviceChoice::Cpu.open().unwrap(), dtype).unwrap()
}

fn expected(path: &Path) -> Expected {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The largest difference of any element.
fn largest_difference(rows: &Matrix, cases: &[Case]) -> f32 {
    assert_eq!(rows.rows(), cases.len());
    let mut largest = 0.0f32;
    for (row, case) in rows.iter_rows().zip(cases) {
        assert_eq!(row.len(), case.vector.len());
        for (x, y) in row.iter().zip(&case.vector) {
            // Not `max`, which would pass over NaN.
            assert!(x.is_finite(), "{:?}", case.text);
            largest = largest.max((x - y).abs());
        }
    }
    largest
}

fn check(folder: &Path, expected_file: &Path, prompt: Option<&str>) {
    let cases = expected(expected_file).cases;
    assert!(cases.iter().any(|case| case.windows > 1), "no text over the limit");
    let encoder = load(folder, Dtype::F32);
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let rows = encoder.encode(&texts, prompt, &Silent).unwrap();
    let difference = largest_difference(&rows, &cases);
    assert!(difference <= TOLERANCE, "{} differs by {difference}", folder.display());
}

fn check_tiny(name: &str) {
    let folder = fixtures().join(name);
    check(&folder, &folder.join("expected.json"), None);
}

#[test]
fn bert_agrees_with_sentence_transformers() {
    check_tiny("tiny-bert");
}

#[test]
fn xlm_roberta_in_shards_with_a_dense_layer_agrees_with_sentence_transformers() {
    check_tiny("tiny-xlm-roberta");
}

#[test]
fn qwen3_agrees_with_sentence_transformers_with_and_without_a_prompt() {
    check_tiny("tiny-qwen3");
    let folder = fixtures().join("tiny-qwen3");
    check(&folder, &folder.join("expected_query.json"), Some("query"));
}

#[test]
#[ignore = "needs the real model: set ROLECLUSTER_MINILM to the folder of all-MiniLM-L6-v2"]
fn all_minilm_l6_v2_agrees_with_sentence_transformers() {
    let folder = std::env::var_os("ROLECLUSTER_MINILM").expect("ROLECLUSTER_MINILM is not set");
    check(Path::new(&folder), &fixtures().join("all-MiniLM-L6-v2.json"), None);
}

#[test]
fn lower_precision_stays_near_and_never_turns_into_nan() {
    for (name, dtype, tolerance) in [
        ("tiny-bert", Dtype::F16, 1e-2),
        ("tiny-bert", Dtype::Bf16, 5e-2),
        ("tiny-bert", Dtype::Int8, 5e-2),
        ("tiny-xlm-roberta", Dtype::Int8, 5e-2),
        ("tiny-xlm-roberta", Dtype::F16, 1e-2),
        ("tiny-xlm-roberta", Dtype::Bf16, 5e-2),
        ("tiny-qwen3", Dtype::F16, 1e-2),
        ("tiny-qwen3", Dtype::Bf16, 5e-2),
    ] {
        let folder = fixtures().join(name);
        let cases = expected(&folder.join("expected.json")).cases;
        let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
        let rows = load(&folder, dtype).encode(&texts, None, &Silent).unwrap();
        let difference = largest_difference(&rows, &cases);
        assert!(difference <= tolerance, "{name} in {dtype} differs by {difference}");
    }
}

#[test]
fn one_text_equals_itself_in_any_batch_and_order_is_kept() {
    for name in ["tiny-bert", "tiny-xlm-roberta", "tiny-qwen3"] {
        let folder = fixtures().join(name);
        let encoder = load(&folder, Dtype::F32);
        let cases = expected(&folder.join("expected.json")).cases;
        let mut texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
        let all = encoder.encode(&texts, None, &Silent).unwrap();
        for (text, row) in texts.iter().zip(all.iter_rows()) {
            let alone = encoder.encode(&[text], None, &Silent).unwrap();
            let difference =
                alone.row(0).iter().zip(row).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(difference <= 1e-6, "{name}: {text:?} differs by {difference}");
        }
        texts.reverse();
        let reversed = encoder.encode(&texts, None, &Silent).unwrap();
        for i in 0..texts.len() {
            let pair = all.row(i).iter().zip(reversed.row(texts.len() - 1 - i));
            assert!(pair.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) <= 1e-6);
        }
        assert_eq!(encoder.encode(&[], None, &Silent).unwrap().rows(), 0);
    }
}

#[test]
fn fingerprints_tell_models_prompts_and_arithmetic_apart() {
    let qwen = load(&fixtures().join("tiny-qwen3"), Dtype::F32);
    assert_eq!(qwen.prompt_names(), ["document", "query"]);
    let (plain, query) =
        (qwen.fingerprint(None).unwrap(), qwen.fingerprint(Some("query")).unwrap());
    assert_ne!(plain, query);
    assert_eq!(plain.digest, query.digest);
    assert!(query.prompt.starts_with("Instruct: "));
    let error = qwen.fingerprint(Some("passage")).unwrap_err().to_string();
    assert!(error.contains("passage") && error.contains("document, query"), "{error}");

    let bert = load(&fixtures().join("tiny-bert"), Dtype::F32).fingerprint(None).unwrap();
    assert_ne!(bert.digest, plain.digest);
    assert_eq!((bert.dimension, bert.dtype.as_str(), bert.revision.as_str()), (40, "f32", "local"));
}

/// A copy of tiny-bert with one file changed, and what loading it says.
fn broken(file: &str, change: impl Fn(String) -> String) -> String {
    let folder = tempfile::tempdir().unwrap();
    for name in ["config.json", "modules.json", "tokenizer.json", "model.safetensors"] {
        let source = fixtures().join("tiny-bert").join(name);
        std::fs::copy(source, folder.path().join(name)).unwrap();
    }
    std::fs::create_dir(folder.path().join("1_Pooling")).unwrap();
    let pooling = "1_Pooling/config.json";
    std::fs::copy(fixtures().join("tiny-bert").join(pooling), folder.path().join(pooling)).unwrap();
    let path = folder.path().join(file);
    if file.ends_with(".safetensors") {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.truncate(bytes.len() / 2);
        std::fs::write(&path, bytes).unwrap();
    } else {
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, change(text)).unwrap();
    }
    let files = ModelFiles::resolve(&Source::Dir(folder.path().into()), None).unwrap();
    let loaded = Encoder::load(&files, &DeviceChoice::Cpu.open().unwrap(), Dtype::F32);
    loaded.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn what_is_not_supported_is_named_with_what_is() {
    let family =
        broken("config.json", |t| t.replace(r#""model_type": "bert""#, r#""model_type": "t5""#));
    assert!(family.contains("\"t5\"") && family.contains("xlm-roberta"), "{family}");
    let act =
        broken("config.json", |t| t.replace(r#""hidden_act": "gelu""#, r#""hidden_act": "silu""#));
    assert!(act.contains("config.json") && act.contains("silu"), "{act}");
    let shape = broken("config.json", |t| {
        t.replace(r#""intermediate_size": 72"#, r#""intermediate_size": 80"#)
    });
    assert!(shape.contains("intermediate") && shape.contains("80"), "{shape}");
    let deeper = broken("config.json", |t| {
        t.replace(r#""num_hidden_layers": 2"#, r#""num_hidden_layers": 3"#)
    });
    assert!(deeper.contains("encoder.layer.2"), "{deeper}");
    let module = broken("modules.json", |t| t.replace("Pooling\"", "WordWeights\""));
    assert!(module.contains("WordWeights"), "{module}");
    let cut = broken("model.safetensors", |t| t);
    assert!(cut.contains("model.safetensors"), "{cut}");
    let tokenizer = broken("tokenizer.json", |_| "{}".to_string());
    assert!(tokenizer.contains("tokenizer.json"), "{tokenizer}");
}
