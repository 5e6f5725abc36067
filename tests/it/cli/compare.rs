//! `rolecluster compare`.

use serde_json::Value;

use crate::support::{Workspace, postings};

#[test]
fn a_run_and_itself_have_stayed() {
    let workspace = Workspace::with_run();
    let found: Value =
        serde_json::from_str(&workspace.done(&["compare", "jobs", "jobs", "--json"])).unwrap();
    let fates = found["specialisations"].as_array().unwrap();
    assert_eq!(fates.len(), 3);
    assert!(fates.iter().all(|fates| fates["fate"] == "stayed"), "{found}");
    let text = workspace.done(&["compare", "jobs", "jobs", "--lang", "en"]);
    assert!(text.contains("## Stayed (3)") && text.contains("None beyond chance."), "{text}");
    let text = workspace.done(&["compare", "jobs", "jobs", "--lang", "zh"]);
    assert!(text.contains("## 基本不变 (3)"), "{text}");
    let page = workspace.done(&["compare", "jobs", "jobs", "--format", "html", "--lang", "en"]);
    assert!(page.contains("<h2>Stayed (3)</h2>") && !page.contains("<script"), "{page}");
    workspace.done(&["compare", "jobs", "jobs", "--format", "html", "--out", "page.html"]);
    assert!(workspace.read("page.html").starts_with(b"<!doctype html>"));
    let (code, stderr) = workspace.failed(&["compare", "jobs", "jobs", "--format", "csv"]);
    assert!(code == 2 && stderr.contains("markdown, html, json"), "{stderr}");
}

#[test]
fn what_is_in_one_run_only_appeared() {
    let workspace = Workspace::with_run();
    let only: String = postings(8)
        .lines()
        .filter(|line| !line.contains("React"))
        .map(|l| format!("{l}\n"))
        .collect();
    workspace.write("fewer.jsonl", only);
    workspace.done(&["run", "fewer.jsonl", "--out", "fewer", "-k", "2", "--lang", "en", "--quiet"]);
    let found: Value =
        serde_json::from_str(&workspace.done(&["compare", "fewer", "jobs", "--json"])).unwrap();
    let appeared: Vec<&Value> = found["specialisations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|fates| fates["fate"] == "appeared")
        .collect();
    assert_eq!(appeared.len(), 1, "{found}");
    assert!(appeared[0]["after"][0]["name"].as_str().unwrap().contains("React"));
    let changes = found["technologies"]["changes"].as_array().unwrap();
    assert_eq!(changes[0]["name"], "React");
}

#[test]
fn runs_of_two_models_are_refused() {
    let workspace = Workspace::with_run();
    workspace.write("a.jsonl", postings(3));
    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/tiny-xlm-roberta");
    workspace.done(&["run", "a.jsonl", "--out", "b", "-k", "2", "--quiet", "--model", other]);
    let (code, stderr) = workspace.failed(&["compare", "jobs", "b"]);
    assert_eq!(code, 6);
    assert!(stderr.contains("vectors of two models are never compared"), "{stderr}");
}
