//! Encoder speed.
//!
//! `cargo bench --bench encode` times named shapes with random weights, so it needs no model.
//! `benches/peers/encode.py` runs the same program as a worker (`ROLECLUSTER_PEER_TEXTS` set):
//! it then loads a real model and answers each line on stdin with the seconds one pass took.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use divan::Bencher;
use divan::counter::ItemsCount;
use rolecluster::encode::{DeviceChoice, Dtype, Encoder, ModelFiles, Source};
use rolecluster::progress::Silent;

fn main() {
    match std::env::var_os("ROLECLUSTER_PEER_TEXTS") {
        Some(texts) => worker(Path::new(&texts)),
        None => divan::main(),
    }
}

/// Layers, width, heads, inner width.
type Shape = (&'static str, usize, usize, usize, usize);

const SHAPES: [Shape; 4] = [
    ("bundled, 8 x 384", 8, 384, 12, 1536),
    ("MiniLM-L6, 6 x 384", 6, 384, 12, 1536),
    ("e5-base, 12 x 768", 12, 768, 12, 3072),
    ("bge-m3, 24 x 1024", 24, 1024, 16, 4096),
];

/// 32 texts of about 110 tokens each; counts texts.
#[divan::bench(args = [0, 1, 2], sample_count = 5, sample_size = 1)]
fn texts_of_110_tokens(bencher: Bencher, shape: usize) {
    let folder = random_model(SHAPES[shape]);
    let encoder = load(folder.path(), DeviceChoice::Cpu, Dtype::F32);
    // The tiny tokenizer cuts these words into letters.
    let text = "deploy gpu nodes ".repeat(8);
    let texts = vec![text.as_str(); 32];
    bencher
        .counter(ItemsCount::new(texts.len()))
        .bench_local(|| encoder.encode(&texts, None, &Silent).map(|rows| rows.rows()).ok());
}

/// One short question: what a person at a prompt waits for.
#[divan::bench(args = [0, 1, 2], sample_count = 20, sample_size = 1)]
fn one_question(bencher: Bencher, shape: usize) {
    let folder = random_model(SHAPES[shape]);
    let encoder = load(folder.path(), DeviceChoice::Cpu, Dtype::F32);
    bencher.bench_local(|| encoder.encode(&["gpu nodes"], None, &Silent).map(|r| r.rows()).ok());
}

/// From files to a model ready to run.
#[divan::bench(args = [0, 1, 2], sample_count = 5, sample_size = 1)]
fn load_model(bencher: Bencher, shape: usize) {
    let folder = random_model(SHAPES[shape]);
    bencher.bench_local(|| load(folder.path(), DeviceChoice::Cpu, Dtype::F32).dimension());
}

/// 8192 texts of 13 to 247 tokens on the first GPU, left out where there is none; counts texts.
/// `encode` gives vectors on the host, so the device is done when the clock stops.
#[divan::bench(args = [(1, "f32"), (1, "f16"), (2, "f16"), (2, "bf16"), (3, "bf16")],
    sample_count = 5, sample_size = 1, ignore = DeviceChoice::Cuda(0).open().is_err())]
fn texts_on_a_gpu(bencher: Bencher, (shape, dtype): (usize, &str)) {
    let folder = random_model(SHAPES[shape]);
    let dtype = dtype.parse().unwrap_or_else(|error| panic!("{error}"));
    let encoder = load(folder.path(), DeviceChoice::Cuda(0), dtype);
    let texts: Vec<String> = (0..8192).map(|i| "deploy gpu ".repeat(i * 37 % 27 + 1)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    bencher
        .counter(ItemsCount::new(texts.len()))
        .bench_local(|| encoder.encode(&texts, None, &Silent).map(|rows| rows.rows()).ok());
}

fn load(folder: &Path, device: DeviceChoice, dtype: Dtype) -> Encoder {
    let files = ModelFiles::resolve(&Source::Dir(folder.into()), None).expect("a model folder");
    let device = device.open().unwrap_or_else(|error| panic!("{error}"));
    Encoder::load(&files, &device, dtype).unwrap_or_else(|error| panic!("{error}"))
}

/// A BERT of the given shape in a temporary folder, with the tokenizer of a test model.
fn random_model((_, layers, width, heads, inner): Shape) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/tiny-bert");
    std::fs::create_dir(folder.path().join("1_Pooling")).expect("a folder");
    for file in ["tokenizer.json", "modules.json"] {
        std::fs::copy(tiny.join(file), folder.path().join(file)).expect("a test model");
    }
    let write = |file: &str, value: serde_json::Value| {
        std::fs::write(folder.path().join(file), value.to_string()).expect("a file");
    };
    write("1_Pooling/config.json", serde_json::json!({ "pooling_mode": "mean" }));
    let (vocabulary, positions) = (30_000, 512);
    write(
        "config.json",
        serde_json::json!({
            "model_type": "bert", "vocab_size": vocabulary, "hidden_size": width,
            "num_hidden_layers": layers, "num_attention_heads": heads,
            "intermediate_size": inner, "hidden_act": "gelu",
            "max_position_embeddings": positions, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
        }),
    );
    let mut tensors: BTreeMap<String, (Vec<usize>, Vec<u8>)> = BTreeMap::new();
    let mut add = |name: String, shape: Vec<usize>, centre: f32| {
        let n: usize = shape.iter().product();
        let mut state = tensors.len() as u32 + 1;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            centre + 0.08 * ((state >> 8) as f32 / (1 << 24) as f32 - 0.5)
        };
        let bytes = (0..n).flat_map(|_| noise().to_le_bytes()).collect();
        tensors.insert(name, (shape, bytes));
    };
    let norm = |add: &mut dyn FnMut(String, Vec<usize>, f32), name: &str| {
        add(format!("{name}.LayerNorm.weight"), vec![width], 1.0);
        add(format!("{name}.LayerNorm.bias"), vec![width], 0.0);
    };
    let tables = [("word", vocabulary), ("position", positions), ("token_type", 2)];
    for (table, rows) in tables {
        add(format!("embeddings.{table}_embeddings.weight"), vec![rows, width], 0.0);
    }
    norm(&mut add, "embeddings");
    for layer in 0..layers {
        let name = format!("encoder.layer.{layer}");
        let linears = [
            ("attention.self.query", width, width),
            ("attention.self.key", width, width),
            ("attention.self.value", width, width),
            ("attention.output.dense", width, width),
            ("intermediate.dense", inner, width),
            ("output.dense", width, inner),
        ];
        for (part, outputs, inputs) in linears {
            add(format!("{name}.{part}.weight"), vec![outputs, inputs], 0.0);
            add(format!("{name}.{part}.bias"), vec![outputs], 0.0);
        }
        norm(&mut add, &format!("{name}.attention.output"));
        norm(&mut add, &format!("{name}.output"));
    }
    let views = tensors.iter().map(|(name, (shape, bytes))| {
        let view = safetensors::tensor::TensorView::new(
            safetensors::tensor::Dtype::F32,
            shape.clone(),
            bytes,
        );
        (name, view.expect("a tensor"))
    });
    let path = folder.path().join("model.safetensors");
    safetensors::serialize_to_file(views, None, &path).expect("a weight file");
    folder
}

/// Loads the model named by `ROLECLUSTER_PEER_MODEL`, then passes over all texts (a JSON array
/// of strings) for each line on stdin. A line that names a file gets the vectors written there,
/// as little-endian `f32`.
#[allow(clippy::print_stdout)]
fn worker(texts: &Path) {
    let folder = PathBuf::from(std::env::var_os("ROLECLUSTER_PEER_MODEL").unwrap_or_default());
    let dtype = std::env::var("ROLECLUSTER_PEER_DTYPE").unwrap_or("f32".to_string());
    let device = std::env::var("ROLECLUSTER_PEER_DEVICE").unwrap_or("cpu".to_string());
    let device = device.parse().unwrap_or_else(|e| panic!("{e}"));
    let encoder = load(&folder, device, dtype.parse().unwrap_or_else(|e| panic!("{e}")));
    let texts = std::fs::read(texts).expect("the file of texts");
    let texts: Vec<String> = serde_json::from_slice(&texts).expect("a JSON array of strings");
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for line in std::io::stdin().lock().lines() {
        let start = Instant::now();
        let rows = encoder.encode(&texts, None, &Silent).unwrap_or_else(|e| panic!("{e}"));
        println!("{}", start.elapsed().as_secs_f64());
        std::io::stdout().flush().expect("stdout");
        let file = line.unwrap_or_default();
        if !file.is_empty() {
            let bytes: Vec<u8> = rows.as_slice().iter().flat_map(|x| x.to_le_bytes()).collect();
            std::fs::write(file, bytes).expect("the file of vectors");
        }
    }
}
