//! The encoder as a whole on candle's path: what batches and pieces must not change.

mod arithmetics;
mod scripts;

use std::path::Path;

use super::*;
use crate::progress::Silent;

fn tiny(name: &str, dtype: Dtype) -> Encoder {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(name);
    let files = ModelFiles::resolve(&Source::Dir(folder), None).unwrap();
    Encoder::load(&files, &DeviceChoice::Cpu.open().unwrap(), dtype).unwrap()
}

/// Of unequal length, some over the model's limit, more than fit into two pieces.
fn texts() -> Vec<String> {
    (0..2 * TEXTS_PER_PIECE + 3)
        .map(|i| format!("posting {i}: {}", "deploy gpu nodes, ".repeat(i * i % 17)))
        .collect()
}

#[test]
fn vectors_do_not_depend_on_how_texts_are_split() {
    for (name, dtype, allowed) in [
        ("tiny-qwen3", Dtype::F32, 1e-6),
        ("tiny-bert", Dtype::F16, 2e-3),
        ("tiny-xlm-roberta", Dtype::Bf16, 2e-2),
    ] {
        let mut encoder = tiny(name, dtype);
        let texts = texts();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let together = encoder.encode(&texts, None, &Silent).unwrap();
        // So little memory that every window is a batch of its own.
        encoder.budget = Budget::new(Some(1));
        let split = encoder.encode(&texts, None, &Silent).unwrap();
        for (i, text) in texts.iter().enumerate() {
            let alone = encoder.encode(&[text], None, &Silent).unwrap();
            for other in [split.row(i), alone.row(0)] {
                for (x, y) in together.row(i).iter().zip(other) {
                    assert!((x - y).abs() <= allowed, "{name}, text {i}: {x} and {y}");
                }
            }
        }
    }
}

#[test]
fn progress_counts_every_text_once_and_an_error_while_cutting_ends_the_run() {
    struct Count(std::sync::atomic::AtomicU64);
    impl Progress for Count {
        fn start(&self, _: &str, _: u64) {}
        fn advance(&self, n: u64) {
            self.0.fetch_add(n, std::sync::atomic::Ordering::Relaxed);
        }
        fn finish(&self) {}
    }
    let encoder = tiny("tiny-bert", Dtype::F16);
    let texts = texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let count = Count(0.into());
    encoder.encode(&texts, None, &count).unwrap();
    assert_eq!(count.0.into_inner(), texts.len() as u64);
    let unknown = encoder.encode(&texts, Some("no such prompt"), &Silent);
    assert!(matches!(unknown, Err(EncodeError::UnknownPrompt { .. })));
}
