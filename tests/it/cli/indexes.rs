//! The search indexes of a run folder: used, out of date, damaged, missing.

use std::path::Path;

use serde_json::Value;

use crate::support::{Workspace, postings};

/// Folders with the same 300 roles, one with a graph and one without.
fn both() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(100));
    workspace.done(&["run", "a.jsonl", "--out", "exact", "-k", "3", "--lang", "en"]);
    workspace
        .done(&["run", "a.jsonl", "--out", "graph", "-k", "3", "--lang", "en", "--index", "hnsw"]);
    workspace
}

fn hits(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

fn exists(workspace: &Workspace, name: &str) -> bool {
    Path::new(&workspace.path().join(name)).exists()
}

#[test]
fn a_graph_changes_no_answer() {
    let workspace = both();
    assert!(exists(&workspace, "graph/neighbors.index"));
    assert!(!exists(&workspace, "exact/neighbors.index"), "300 roles need none");
    for asked in [
        &["Ceph disks Munich"][..],
        &["Ceph disks Munich", "--mode", "semantic"],
        &["Ceph disks Munich", "--mode", "lexical"],
        &["SQL reports", "--not", "sales people", "-k", "5"],
        &["--like", "web-7"],
        &["--like", "web-7", "--mode", "semantic", "-k", "20"],
        &["sales", "--filter", "section=web"],
        &["sales", "--filter", "title=Trier", "--mode", "semantic"],
        &["sales", "--filter", "cluster=1"],
        &["sales", "--filter", "cluster=1", "--mode", "lexical"],
        &["Ceph disks", "--filter", "language=en", "--mode", "semantic", "-k", "3"],
        &["Ceph disks", "--filter", "section=storage", "--filter", "cluster=1", "-k", "3"],
        &["--like", "web-7", "--filter", "section=web", "--not", "Trier"],
        &["sales", "-k", "999"],
    ] {
        let ask = |folder: &str| {
            let mut args = vec!["search", folder, "--json", "--min-score", "0"];
            args.extend(asked);
            workspace.done(&args)
        };
        assert_eq!(ask("graph"), ask("exact"), "{asked:?}");
    }
    let figures = |folder: &str| workspace.done(&["evaluate", folder, "--pairs", "section"]);
    assert_eq!(figures("graph"), figures("exact"));
}

#[test]
fn a_damaged_index_is_named_and_made_again() {
    let workspace = both();
    let before = workspace.done(&["search", "graph", "Ceph", "--json"]);
    for name in ["graph/neighbors.index", "graph/words.index"] {
        let sound = workspace.read(name);
        let mut bytes = sound.clone();
        bytes.truncate(sound.len() / 2);
        workspace.write(name, &bytes);
        let (code, stderr) = workspace.failed(&["search", "graph", "Ceph"]);
        assert_eq!(code, 6, "{stderr}");
        let told = format!("error: {name} is damaged: ");
        assert!(
            stderr.starts_with(&told) && stderr.contains("`rolecluster cluster graph`"),
            "{stderr}"
        );
        workspace.done(&["cluster", "graph", "-k", "3", "--lang", "en", "--index", "hnsw"]);
        assert!(workspace.read(name) == sound, "{name}");
    }
    assert_eq!(workspace.done(&["search", "graph", "Ceph", "--json"]), before);
}

#[test]
fn an_index_of_other_roles_is_passed_over_with_a_word() {
    let workspace = both();
    workspace.write("b.jsonl", postings(90));
    workspace.done(&["embed", "b.jsonl", "--out", "other", "--index", "hnsw"]);
    let before = workspace.done(&["search", "graph", "Ceph", "--json"]);
    for name in ["neighbors.index", "words.index"] {
        workspace.write(&format!("graph/{name}"), workspace.read(&format!("other/{name}")));
    }
    let output = workspace.command(&["search", "graph", "Ceph", "--json"]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), before);
    let stderr = String::from_utf8(output.stderr).unwrap();
    for name in ["neighbors.index", "words.index"] {
        let told = format!("{name} is out of date and not used: it was made of other roles");
        assert_eq!(stderr.matches(&told).count(), 1, "{stderr}");
    }
}

#[test]
fn indexes_may_be_deleted_and_follow_the_roles() {
    let workspace = both();
    let before = workspace.done(&["search", "graph", "Ceph", "--json"]);
    for name in ["graph/neighbors.index", "graph/words.index"] {
        std::fs::remove_file(workspace.path().join(name)).unwrap();
    }
    let output = workspace.command(&["search", "graph", "Ceph", "--json"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), before);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    // More roles: what was made of the old ones goes, or is made again.
    workspace.write("b.jsonl", postings(110));
    workspace.done(&["embed", "b.jsonl", "--out", "exact", "--index", "hnsw"]);
    workspace.done(&["embed", "a.jsonl", "--out", "exact", "--replace"]);
    assert!(!exists(&workspace, "exact/neighbors.index"));
    assert_eq!(hits(&workspace.done(&["search", "exact", "Ceph", "--json"])).len(), 10);
}

#[test]
fn an_index_that_does_not_exist_lists_those_that_do() {
    let said = Workspace::new().said(&["embed", "a.jsonl", "--out", "x", "--index", "annoy"]);
    assert!(said.contains("[possible values: auto, exact, hnsw]"), "{said}");
}
