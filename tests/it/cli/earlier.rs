//! `rolecluster run` and `embed` on a folder that holds something already.

use crate::support::{Workspace, postings};

/// The titles of the roles of `jobs`, sorted.
fn titles(workspace: &Workspace) -> Vec<String> {
    let lines = workspace.done(&["export", "jobs", "--format", "jsonl"]);
    let title = |line: &str| {
        let role: serde_json::Value = serde_json::from_str(line).unwrap();
        role["title"].as_str().unwrap().to_string()
    };
    let mut titles: Vec<String> = lines.lines().map(title).collect();
    titles.sort_unstable();
    titles
}

fn other() -> String {
    postings(3)
        .replace("storage-", "network-")
        .replace("Storage engineer", "Network engineer")
        .replace("web-", "page-")
        .replace("网页前端开发", "页面设计")
        .replace("data-", "books-")
        .replace("Data analyst", "Bookkeeper")
}

#[test]
fn roles_that_are_not_in_the_input_are_not_replaced_in_silence() {
    let workspace = Workspace::with_run();
    workspace.write("other.jsonl", other());
    let said = workspace.said(&["run", "other.jsonl", "--out", "jobs", "-k", "3", "--quiet"]);
    insta::assert_snapshot!(said, @r#"
    exit code 6
    --- stderr
    error: jobs holds 24 of 24 roles that are not in the input, such as "Storage engineer Berlin"; --add keeps them and adds the input, --replace drops them, or use another --out folder
    "#);
    assert_eq!(titles(&workspace).len(), 24);
    let (code, stderr) = workspace.failed(&["embed", "other.jsonl", "--out", "jobs"]);
    assert!(code == 6 && stderr.contains("--replace"), "{stderr}");
}

#[test]
fn add_keeps_what_is_there_and_replace_does_not() {
    let workspace = Workspace::with_run();
    workspace.write("other.jsonl", other());
    let add = ["run", "other.jsonl", "--out", "jobs", "-k", "3", "--quiet", "--add"];
    workspace.done(&add);
    assert_eq!(titles(&workspace).len(), 33);
    // Adding again what is there adds nothing.
    workspace.done(&add);
    assert_eq!(titles(&workspace).len(), 33);
    let report: serde_json::Value =
        serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap();
    assert_eq!(report["intake"]["files"].as_array().unwrap().len(), 2);
    workspace.done(&["run", "other.jsonl", "--out", "jobs", "-k", "3", "--quiet", "--replace"]);
    assert_eq!(titles(&workspace).len(), 9);
    let (code, stderr) =
        workspace.failed(&["run", "other.jsonl", "--out", "jobs", "--add", "--replace"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn an_input_that_holds_all_roles_and_more_needs_no_option() {
    let workspace = Workspace::with_run();
    workspace.write("more.jsonl", format!("{}{}", postings(8), other()));
    workspace.done(&["run", "more.jsonl", "--out", "jobs", "-k", "3", "--quiet"]);
    assert_eq!(titles(&workspace).len(), 33);
    // An edited text under its id and title is the same role.
    let edited = format!("{}{}", postings(8), other()).replace("Runs Ceph", "Operates Ceph");
    workspace.write("more.jsonl", edited);
    workspace.done(&["run", "more.jsonl", "--out", "jobs", "-k", "3", "--quiet"]);
    assert_eq!(titles(&workspace).len(), 33);
}

#[test]
fn a_file_that_no_run_wrote_is_never_overwritten() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(3));
    std::fs::create_dir(workspace.path().join("jobs")).unwrap();
    workspace.write("jobs/report.md", "my notes");
    workspace.write("jobs/notes.txt", "more notes");
    let said = workspace.said(&["run", "postings.jsonl", "--out", "jobs", "-k", "2", "--quiet"]);
    insta::assert_snapshot!(said, @r"
    exit code 6
    --- stderr
    error: jobs/report.md is there already, and rolecluster did not write it; move it away, or use another --out folder
    ");
    assert_eq!(workspace.read("jobs/report.md"), b"my notes");
    std::fs::remove_file(workspace.path().join("jobs/report.md")).unwrap();
    workspace.done(&["run", "postings.jsonl", "--out", "jobs", "-k", "2", "--quiet"]);
    workspace.done(&["run", "postings.jsonl", "--out", "jobs", "-k", "3", "--quiet"]);
    assert_eq!(workspace.read("jobs/notes.txt"), b"more notes");
}
