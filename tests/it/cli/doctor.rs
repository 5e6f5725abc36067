//! `rolecluster doctor`.

use serde_json::Value;

use crate::support::{Workspace, masked};

#[test]
fn all_is_well() {
    let workspace = Workspace::new();
    if !cfg!(feature = "cuda") {
        let said = workspace.said(&["doctor"]);
        let said = masked(&said, r"\d+ cores, \d+ threads", "[N] cores, [N] threads");
        insta::assert_snapshot!(masked(&said, "[0-9a-f]{16}", "[DIGEST]"), @r"
        exit code 0
        --- stdout
        rolecluster   0.1.0
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
