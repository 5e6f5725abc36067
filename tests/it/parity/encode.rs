//! The encoder against sentence-transformers, element by element.
//!
//! The models in `tests/fixtures/models` have random weights and the Hub layout; they and the
//! expected vectors are made by `tests/fixtures/generate_models.py`. The tolerance is that of
//! f32 sums in another order: unit rows differ by a few 1e-7. What needs the files of a real model
//! is in `real_models.rs`.

use std::path::{Path, PathBuf};

use rolecluster::embeddings::ModelFingerprint;
use rolecluster::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use rolecluster::geometry::Matrix;
use rolecluster::progress::Silent;
use serde::Deserialize;

const TOLERANCE: f32 = 1e-5;

#[derive(Deserialize)]
pub(super) struct Expected {
    pub(super) cases: Vec<Case>,
}

#[derive(Deserialize)]
pub(super) struct Case {
    text: String,
    pub(super) windows: usize,
    vector: Vec<f32>,
}

pub(super) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models")
}

fn load(folder: &Path, dtype: Dtype) -> Encoder {
    let files = ModelFiles::resolve(&Source::Dir(folder.into()), None).unwrap();
    Encoder::load(&files, &DeviceChoice::Cpu.open().unwrap(), dtype).unwrap()
}

pub(super) fn expected(path: &Path) -> Expected {
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

/// The vectors of the model in `folder` against those in `expected_file`.
pub(super) fn check(folder: &Path, expected_file: &Path, prompt: Option<&str>) {
    let cases = expected(expected_file).cases;
    let encoder = load(folder, Dtype::F32);
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let rows = encoder.encode(&texts, prompt, &Silent).unwrap();
    let difference = largest_difference(&rows, &cases);
    assert!(difference <= TOLERANCE, "{} differs by {difference}", folder.display());
}

fn check_tiny(name: &str) {
    let folder = fixtures().join(name);
    let file = folder.join("expected.json");
    let windows = expected(&file).cases.iter().map(|case| case.windows).max();
    assert!(windows > Some(1), "no text over the limit");
    check(&folder, &file, None);
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
fn a_bert_behind_a_compiled_normaliser_agrees_with_sentence_transformers() {
    check_tiny("tiny-e5");
}

#[test]
fn the_bundled_layout_in_f32_agrees_with_its_rounded_weights_in_sentence_transformers() {
    check_tiny("tiny-bundled");
}

#[test]
fn a_model_stored_in_8_bits_runs_in_them_unless_told_otherwise() {
    let folder = fixtures().join("tiny-bundled");
    let dtype = |dtype| load(&folder, dtype).fingerprint(None).unwrap().dtype;
    assert_eq!(dtype(Dtype::Auto), "int8");
    assert_eq!(dtype(Dtype::F32), "f32");
    let plain = load(&fixtures().join("tiny-e5"), Dtype::Auto);
    assert_eq!(plain.fingerprint(None).unwrap().dtype, "f32");
}

#[test]
fn rounding_a_model_moves_its_vectors_little() {
    let cases = expected(&fixtures().join("tiny-e5/expected.json")).cases;
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let bundled = load(&fixtures().join("tiny-bundled"), Dtype::F32);
    let rows = bundled.encode(&texts, None, &Silent).unwrap();
    for (row, case) in rows.iter_rows().zip(&cases) {
        let cosine: f32 = row.iter().zip(&case.vector).map(|(x, y)| x * y).sum();
        assert!(cosine > 0.98, "{:?}: {cosine}", case.text);
    }
}

#[test]
fn the_first_numbers_of_a_vector_are_a_vector_of_their_own() {
    let folder = fixtures().join("tiny-bert");
    let whole = load(&folder, Dtype::F32);
    let cut = load(&folder, Dtype::F32).with_dimension(16).unwrap();
    let texts = ["GPU cluster engineer", "运维", "Data engineer"];
    let (all, few) =
        (whole.encode(&texts, None, &Silent).unwrap(), cut.encode(&texts, None, &Silent).unwrap());
    assert_eq!((few.cols(), cut.dimension()), (16, 16));
    for (all, few) in all.iter_rows().zip(few.iter_rows()) {
        let length = all[..16].iter().map(|x| x * x).sum::<f32>().sqrt();
        for (x, y) in all.iter().zip(few) {
            assert!((x / length - y).abs() < 1e-6);
        }
    }
    let (whole, cut) = (whole.fingerprint(None).unwrap(), cut.fingerprint(None).unwrap());
    assert_eq!(whole.digest, cut.digest);
    assert!(!whole.comparable_with(&cut));
    for wrong in [0, 41] {
        let error = load(&folder, Dtype::F32).with_dimension(wrong).err().unwrap().to_string();
        assert!(error.contains("40") && error.contains(&wrong.to_string()), "{error}");
    }
}

#[test]
fn a_folder_of_an_earlier_version_is_recognised_by_its_digest() {
    let encoder = load(&fixtures().join("tiny-bert"), Dtype::F32);
    let now = encoder.fingerprint(None).unwrap();
    // As version 0.1 wrote it.
    let earlier = ModelFingerprint { digest: "2fc9df6f55a72ffa".into(), ..now.clone() };
    assert!(!now.comparable_with(&earlier));
    let same = encoder.fingerprint_like(None, &earlier).unwrap();
    assert!(same.comparable_with(&earlier));
    let other = ModelFingerprint { digest: "0123456789abcdef".into(), ..now.clone() };
    assert_eq!(encoder.fingerprint_like(None, &other).unwrap(), now);
}

#[test]
fn vectors_of_another_arithmetic_are_comparable() {
    let folder = fixtures().join("tiny-bundled");
    let of = |dtype| load(&folder, dtype).fingerprint(None).unwrap();
    let (f32, int8) = (of(Dtype::F32), of(Dtype::Int8));
    assert_ne!(f32.dtype, int8.dtype);
    assert!(f32.comparable_with(&int8));
}

/// A folder with these files beside the tokenizer of a test model.
fn static_folder(modules: &str, config: &str, tensor: &str, width: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    if !modules.is_empty() {
        write("modules.json", modules.as_bytes());
    }
    write("config.json", config.as_bytes());
    let pieces = ["[PAD]", "<unk>", "▁", "▁nurse", "▁driver", "s"];
    let vocabulary: Vec<(&str, f64)> =
        pieces.iter().enumerate().map(|(i, piece)| (*piece, -(i as f64))).collect();
    let tokenizer = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null, "post_processor": null, "decoder": null,
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
        "model": {"type": "Unigram", "unk_id": 1, "vocab": vocabulary}});
    write("tokenizer.json", tokenizer.to_string().as_bytes());
    let rows = (0..pieces.len() * width).map(|i| ((i * 7 % 11) as f32 - 5.0) / 3.0);
    let bytes: Vec<u8> = rows.flat_map(f32::to_le_bytes).collect();
    let shape = vec![pieces.len(), width];
    let view = safetensors::tensor::TensorView::new(safetensors::tensor::Dtype::F32, shape, &bytes);
    let path = folder.path().join("model.safetensors");
    safetensors::serialize_to_file([(tensor, view.unwrap())], None, &path).unwrap();
    folder
}

const STATIC: &str = r#"[
    {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"}]"#;
const MODEL2VEC: &str = r#"{"model_type": "model2vec", "normalize": true}"#;

#[test]
fn a_static_embedding_is_the_mean_of_its_tokens_rows() {
    let row = |i: usize| (0..4).map(move |j| (((i * 4 + j) * 7 % 11) as f32 - 5.0) / 3.0);
    for (modules, config, tensor) in [
        (STATIC, "{}", "embedding.weight"),
        (STATIC, MODEL2VEC, "embeddings"),
        ("", MODEL2VEC, "embeddings"),
    ] {
        let folder = static_folder(modules, config, tensor, 4);
        let encoder = load(folder.path(), Dtype::Auto);
        assert!(encoder.notes().is_empty(), "{:?}", encoder.notes());
        let found = encoder.encode(&["nurse driver"], None, &Silent).unwrap();
        let sum: Vec<f32> = row(3).zip(row(4)).map(|(a, b)| a + b).collect();
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        for (x, y) in found.row(0).iter().zip(&sum) {
            assert!((x - y / length).abs() < 1e-6, "{tensor}: {:?}", found.row(0));
        }
        let long = ["nurse driver"; 5000].join(" ");
        let both = encoder.encode(&[&long, "nurse driver", ""], None, &Silent).unwrap();
        for (x, y) in both.row(0).iter().zip(both.row(1)) {
            assert!((x - y).abs() < 1e-4, "a long text is one mean");
        }
        assert!(both.as_slice().iter().all(|x| x.is_finite()));
    }
}

#[test]
fn model2vec_leaves_out_what_its_vocabulary_lacks() {
    let folder = static_folder(STATIC, MODEL2VEC, "embeddings", 4);
    let encoder = load(folder.path(), Dtype::Auto);
    let rows = encoder.encode(&["nurse", "nurse犬", "犬"], None, &Silent).unwrap();
    assert_eq!(rows.row(0), rows.row(1));
    assert_ne!(rows.row(0), rows.row(2), "nothing but unknown tokens is their row");
    // sentence-transformers counts them.
    let folder = static_folder(STATIC, "{}", "embedding.weight", 4);
    let rows = load(folder.path(), Dtype::Auto).encode(&["nurse", "nurse犬"], None, &Silent);
    let rows = rows.unwrap();
    assert_ne!(rows.row(0), rows.row(1));
}

#[test]
fn a_static_embedding_says_what_it_lacks() {
    let folder = static_folder(STATIC, "{}", "table", 4);
    let files = ModelFiles::resolve(&Source::Dir(folder.path().into()), None).unwrap();
    let loaded = Encoder::load(&files, &DeviceChoice::Cpu.open().unwrap(), Dtype::Auto);
    let error = loaded.err().unwrap().to_string();
    assert!(error.contains("embedding.weight") && error.contains("embeddings"), "{error}");
    let folder = static_folder(STATIC, "{}", "embedding.weight", 4);
    let files = ModelFiles::resolve(&Source::Dir(folder.path().into()), None).unwrap();
    let loaded = Encoder::load(&files, &DeviceChoice::Cpu.open().unwrap(), Dtype::F16);
    assert!(loaded.err().unwrap().to_string().contains("f16"));
}

#[test]
fn a_folder_without_modules_is_read_by_its_mean_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["config.json", "tokenizer.json", "model.safetensors", "sentence_bert_config.json"]
    {
        std::fs::copy(fixtures().join("tiny-bert").join(name), folder.path().join(name)).unwrap();
    }
    let encoder = load(folder.path(), Dtype::F32);
    assert!(encoder.notes()[0].contains("modules.json"), "{:?}", encoder.notes());
    let cases = expected(&fixtures().join("tiny-bert/expected.json")).cases;
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let rows = encoder.encode(&texts, None, &Silent).unwrap();
    assert!(largest_difference(&rows, &cases) <= TOLERANCE);
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
        ("tiny-e5", Dtype::Int8, 5e-2),
        ("tiny-bundled", Dtype::Int8, 5e-2),
        ("tiny-bundled", Dtype::F16, 1e-2),
        ("tiny-bundled", Dtype::Bf16, 5e-2),
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
    for name in ["tiny-bert", "tiny-xlm-roberta", "tiny-qwen3", "tiny-bundled"] {
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
