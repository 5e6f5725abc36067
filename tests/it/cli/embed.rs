//! `rolecluster embed`, and what is not computed twice.

use crate::support::{Workspace, postings, tiny_model};

#[test]
fn what_was_embedded_once_is_known() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    workspace.write("b.jsonl", postings(5));
    insta::assert_snapshot!(workspace.said(&["embed", "a.jsonl", "--out", "jobs"]), @r"
    exit code 0
    --- stdout
    roles    9
    vectors  9 computed, 0 known; model [MODEL] on cpu
    folder   jobs
    --- stderr
    note: a.jsonl: 9 records (jsonl, UTF-8), columns taken for
      title    title
      text     description
      stack    stack
      section  section
      id       id
    ");
    insta::assert_snapshot!(workspace.said(&["embed", "a.jsonl", "--out", "jobs"]), @r"
    exit code 0
    --- stdout
    roles    9
    vectors  0 computed, 9 known; model [MODEL] on cpu
    folder   jobs
    --- stderr
    note: a.jsonl: 9 records (jsonl, UTF-8), columns taken for
      title    title
      text     description
      stack    stack
      section  section
      id       id
    ");
    insta::assert_snapshot!(workspace.said(&["embed", "b.jsonl", "--out", "jobs"]), @r"
    exit code 0
    --- stdout
    roles    15
    vectors  6 computed, 9 known; model [MODEL] on cpu
    folder   jobs
    --- stderr
    note: b.jsonl: 15 records (jsonl, UTF-8), columns taken for
      title    title
      text     description
      stack    stack
      section  section
      id       id
    ");
}

#[test]
fn the_same_in_json() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    let said = workspace.done(&["embed", "a.jsonl", "--out", "jobs", "--json"]);
    let done: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&done["roles"], &done["computed"]), (&9.into(), &9.into()));
    assert_eq!(done["model"]["dtype"], "f32");
}

#[test]
fn vectors_of_another_model_are_refused() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    let before = workspace.read("jobs/vectors.parquet");
    let other = tiny_model().with_file_name("tiny-e5");
    let model = other.to_str().unwrap();
    let said = workspace.said(&["embed", "a.jsonl", "--out", "jobs", "--model", model]);
    assert!(said.starts_with("exit code 6\n"), "{said}");
    assert!(said.contains("jobs holds vectors of model"), "{said}");
    assert!(said.contains("use another --out folder, or delete this one"), "{said}");
    assert_eq!(workspace.read("jobs/vectors.parquet"), before);
}

#[test]
fn the_arithmetic_is_recorded_and_not_compared() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    let said = workspace.done(&["embed", "a.jsonl", "--out", "jobs", "--dtype", "f16", "--json"]);
    let done: serde_json::Value = serde_json::from_str(&said).unwrap();
    // Computed again, because the cache keeps the arithmetics apart.
    assert_eq!((&done["model"]["dtype"], &done["computed"]), (&"f16".into(), &9.into()));
    let found = workspace.done(&["search", "jobs", "Ceph", "-k", "1"]);
    assert!(!found.is_empty());
    let said = workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    assert!(said.contains("0 computed, 9 known"), "{said}");
}

#[test]
fn a_folder_of_an_earlier_state_of_its_model_is_clustered_but_not_searched() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    copy_folder(&tiny_model(), &workspace.path().join("model"));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs", "--model", "./model"]);
    workspace.write("model/sentence_bert_config.json", r#"{"max_seq_length": 20}"#);
    let (code, stderr) = workspace.failed(&["search", "jobs", "engineer"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("`rolecluster embed` again, into a new folder"), "{stderr}");
    workspace.done(&["cluster", "jobs", "-k", "2"]);
}

#[test]
fn vectors_may_be_cut_and_queries_are_cut_alike() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    let args = ["embed", "a.jsonl", "--out", "jobs", "--json", "--dimensions", "16"];
    let done: serde_json::Value = serde_json::from_str(&workspace.done(&args)).unwrap();
    assert_eq!(done["model"]["dimension"], 16);
    assert!(!workspace.done(&["search", "jobs", "Ceph", "-k", "1"]).is_empty());
    let said = workspace.said(&["embed", "a.jsonl", "--out", "jobs"]);
    assert!(said.contains("jobs holds vectors of model"), "{said}");
    let (_, stderr) =
        workspace.failed(&["embed", "a.jsonl", "--out", "other", "--dimensions", "41"]);
    assert!(stderr.contains("cannot be cut to 41"), "{stderr}");
}

#[test]
fn a_model_that_was_moved_is_the_same_model() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    copy_folder(&tiny_model(), &workspace.path().join("moved"));
    let said = workspace.done(&["embed", "a.jsonl", "--out", "jobs", "--model", "./moved"]);
    assert!(said.contains("0 computed, 9 known"), "{said}");
}

#[test]
fn a_device_that_cannot_be_had_is_an_error_and_auto_says_why() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(2));
    let (code, stderr) =
        workspace.failed(&["embed", "a.jsonl", "--out", "jobs", "--device", "cuda:97"]);
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("cuda:97"), "{stderr}");
    let (code, stderr) =
        workspace.failed(&["embed", "a.jsonl", "--out", "jobs", "--device", "auto"]);
    assert_eq!(code, 0, "{stderr}");
    if !cfg!(feature = "cuda") {
        assert!(stderr.contains("note: running on the CPU"), "{stderr}");
    }
}

#[test]
fn a_model_that_cannot_be_had_says_which_and_why() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(2));
    let embed = |model: &str| {
        let (code, stderr) =
            workspace.failed(&["embed", "a.jsonl", "--out", "jobs", "--model", model]);
        assert_eq!(code, 5, "{model}: {stderr}");
        stderr
    };
    assert!(embed("./nowhere").contains("nowhere"));
    assert!(embed("some/model").contains("HF_HUB_OFFLINE"));
    copy_folder(&tiny_model(), &workspace.path().join("broken"));
    let weights = workspace.read("broken/model.safetensors");
    workspace.write("broken/model.safetensors", &weights[..weights.len() / 2]);
    assert!(embed("./broken").contains("model.safetensors"));
    workspace.write("broken/model.safetensors", &weights);
    workspace.write("broken/tokenizer.json", "{");
    assert!(embed("./broken").contains("tokenizer.json"));
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
