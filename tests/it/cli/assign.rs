//! `rolecluster assign`.

use serde_json::Value;

use crate::support::{Workspace, postings};

fn places(workspace: &Workspace, input: &str) -> Vec<Value> {
    serde_json::from_str(&workspace.done(&["assign", "jobs", input, "--json"])).unwrap()
}

#[test]
fn a_role_of_the_run_keeps_its_cluster() {
    let workspace = Workspace::with_run();
    let lines = workspace.done(&["export", "jobs", "--format", "jsonl"]);
    let known: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (place, role) in places(&workspace, "postings.jsonl").iter().zip(&known) {
        for field in ["id", "cluster", "cluster_name"] {
            assert_eq!(place[field], role[field], "{place}");
        }
    }
}

#[test]
fn one_by_one_equals_all_at_once() {
    let workspace = Workspace::with_run();
    let text = postings(3).replace("Runs", "Keeps running").replace("reports", "queries");
    workspace.write("new.jsonl", &text);
    let together = places(&workspace, "new.jsonl");
    for (line, expected) in text.lines().zip(&together) {
        workspace.write("one.jsonl", line);
        assert_eq!(&places(&workspace, "one.jsonl")[0], expected);
    }
}

#[test]
fn the_run_folder_stays_as_it_is() {
    let workspace = Workspace::with_run();
    let before = workspace.read("jobs/manifest.json");
    workspace.done(&["assign", "jobs", "postings.jsonl"]);
    assert_eq!(workspace.read("jobs/manifest.json"), before);
}
