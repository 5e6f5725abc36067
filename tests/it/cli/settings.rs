//! Flag before environment, environment before file, file before default.

use crate::support::{Workspace, postings};

fn n_clusters(workspace: &Workspace, command: &mut assert_cmd::Command) -> usize {
    let output = command.output().unwrap();
    let said = workspace.transcript(command);
    let summary: serde_json::Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"));
    summary["clusters"].as_array().unwrap().len()
}

#[test]
fn the_order_is_flag_environment_file() {
    let workspace = Workspace::with_run();
    workspace.write("rolecluster.toml", "k = 2\nseed = 1\n");
    let cluster = ["cluster", "jobs", "--json"];
    assert_eq!(n_clusters(&workspace, &mut workspace.command(&cluster)), 2);
    let mut with_env = workspace.command(&cluster);
    assert_eq!(n_clusters(&workspace, with_env.env("ROLECLUSTER_K", "4")), 4);
    let mut with_flag = workspace.command(&["cluster", "jobs", "--json", "-k", "5"]);
    assert_eq!(n_clusters(&workspace, with_flag.env("ROLECLUSTER_K", "4")), 5);
}

#[test]
fn another_file_can_be_named_by_flag_or_environment() {
    let workspace = Workspace::with_run();
    workspace.write("mine.toml", "k = \"2\"\n");
    let args = ["cluster", "jobs", "--json", "--config", "mine.toml"];
    assert_eq!(n_clusters(&workspace, &mut workspace.command(&args)), 2);
    let mut by_env = workspace.command(&["cluster", "jobs", "--json"]);
    assert_eq!(n_clusters(&workspace, by_env.env("ROLECLUSTER_CONFIG", "mine.toml")), 2);
    let (code, stderr) = workspace.failed(&["cluster", "jobs", "--config", "gone.toml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot read settings from gone.toml"), "{stderr}");
}

#[test]
fn a_setting_of_another_command_does_no_harm() {
    let workspace = Workspace::with_run();
    workspace.write("rolecluster.toml", "title-column = \"title\"\nthreads = 1\n");
    workspace.done(&["search", "jobs", "--like", "web-1"]);
    workspace.done(&["export", "jobs", "--format", "csv"]);
}

#[test]
fn a_setting_nobody_knows_is_refused() {
    let workspace = Workspace::new();
    workspace.write("rolecluster.toml", "clusters = 3\n");
    workspace.write("a.jsonl", postings(2));
    let (code, stderr) = workspace.failed(&["run", "a.jsonl", "--out", "jobs"]);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("rolecluster.toml: unknown setting `clusters`; there are "),
        "{stderr}"
    );
    for known in ["device", "k", "min-cluster-size", "model"] {
        assert!(stderr.contains(&format!(", {known},")), "{known}: {stderr}");
    }
    assert!(!stderr.contains("config,"), "a file cannot name itself: {stderr}");
}

#[test]
fn a_bad_value_is_refused_wherever_it_stands() {
    let workspace = Workspace::with_run();
    workspace.write("bad.toml", "k = \"many\"\n");
    let args = ["cluster", "jobs", "--config", "bad.toml"];
    insta::assert_snapshot!(workspace.said(&args), @r"
    exit code 2
    --- stderr
    error: invalid value 'many' for '--k <N>': give `auto` or a whole number from 1 on

    For more information, try '--help'.
    ");
    let mut by_env = workspace.command(&["cluster", "jobs"]);
    let said = workspace.transcript(by_env.env("ROLECLUSTER_K", "many"));
    assert!(said.contains("invalid value 'many'"), "{said}");
}
