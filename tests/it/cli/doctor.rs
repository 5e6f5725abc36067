//! `rolecluster doctor`.

use serde_json::Value;

use crate::support::{Workspace, masked};

#[test]
fn all_is_well() {
    let workspace = Workspace::new();
    if !cfg!(feature = "cuda") {
        let said = workspace.said(&["doctor", "--device", "auto"]);
        let said = masked(&said, r"\d+ cores, \d+ threads", "[N] cores, [N] threads");
        insta::assert_snapshot!(masked(&said, "[0-9a-f]{16}", "[DIGEST]"), @r"
        exit code 0
        --- stdout
        rolecluster   0.2.0
        formats       run folder 2, JSON schema 2
        cpu           [N] cores, [N] threads used
        cuda          none: no device cuda:0: this build has no CUDA support; use --device cpu or auto
        device        cpu
        model         [MODEL] (local, [DIGEST]), 40 numbers a role
        hub cache     [HERE]/hf/hub, not made yet; HF_HUB_OFFLINE is set
        vector cache  cache/ in every run folder
        ");
    }
}

#[test]
fn what_is_missing_is_said_and_everything_else_still_looked_at() {
    let workspace = Workspace::new();
    let output = workspace
        .command(&["doctor", "--model", "./nowhere", "--device", "cuda:97", "--json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(found["model"]["missing"].as_str().unwrap().contains("nowhere"));
    assert!(found["device"]["missing"].as_str().unwrap().contains("cuda:97"));
    assert_eq!(found["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn a_device_that_is_named_is_asked_to_compute() {
    let workspace = Workspace::new();
    let said = workspace.done(&["doctor", "--device", "cpu", "--speed"]);
    let figures = masked(&said, r"\d[\d.]* (texts/s|TFLOP/s|% of a product)", "[N] $1");
    for row in [
        "attention, heads of 64: the fused kernel",
        "attention, heads of 128: padded products",
        "attention, heads of 32: products of single sequences",
        "k-means: the nearest of 20 centres",
        "models/tiny-bert ",
        "MiniLM-L6 shape, 32 tokens",
    ] {
        assert!(figures.contains(row), "{row}: {figures}");
    }
    assert!(figures.contains("[N] texts/s") && figures.contains("of a product"), "{figures}");
    assert!(figures.ends_with(" checks of the device are right\n"), "{figures}");
    assert!(!figures.contains("WRONG") && !figures.contains("FAILED"), "{figures}");
}

#[test]
fn every_family_computes_alike_in_every_arithmetic() {
    let workspace = Workspace::new();
    for name in ["tiny-bert", "tiny-e5", "tiny-xlm-roberta", "tiny-qwen3"] {
        let model = format!("{}/tests/fixtures/models/{name}", env!("CARGO_MANIFEST_DIR"));
        let args = ["doctor", "--device", "cpu", "--model", &model, "--json"];
        let found: Value = serde_json::from_str(&workspace.done(&args)).unwrap();
        let checks = found["device_report"]["checks"].as_array().unwrap();
        let of_model: Vec<&Value> = checks
            .iter()
            .filter(|check| check["what"].as_str().unwrap().starts_with("model"))
            .collect();
        assert_eq!(of_model.len(), 3, "{found}");
        for check in of_model {
            assert_eq!(check["is_right"], true, "{name}: {check}");
            assert!(check["texts_per_second"].as_f64().unwrap() > 0.0);
        }
    }
}
