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

#[test]
fn the_table_says_what_its_columns_are() {
    let workspace = Workspace::with_run();
    let table = workspace.done(&["assign", "jobs", "postings.jsonl"]);
    let header: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(header, ["id", "title", "strength", "cluster", "specialisation"]);
    let n_roles = places(&workspace, "postings.jsonl").len();
    assert_eq!(table.lines().count(), n_roles + 1);
}

#[test]
fn a_place_says_how_like_the_run_a_new_posting_is_or_why_it_has_none() {
    let workspace = Workspace::with_run();
    let text = postings(3).replace("Runs", "Keeps running").replace("reports", "queries");
    workspace.write("new.jsonl", &text);
    for place in places(&workspace, "new.jsonl") {
        let likeness = place["likeness"].as_f64().unwrap_or(1.0);
        assert!((0.0..=1.0).contains(&likeness), "{place}");
        assert_eq!(place["cluster"].is_null(), place["reason"].is_string(), "{place}");
    }
}

#[test]
fn a_file_that_is_not_there_is_told_with_one_reason() {
    let workspace = Workspace::with_run();
    let (code, stderr) = workspace.failed(&["assign", "jobs", "missing.csv"]);
    assert_eq!(code, 4, "{stderr}");
    assert_eq!(stderr.matches("os error").count(), 1, "{stderr}");
}
