//! `rolecluster search`.

use serde_json::Value;

use crate::support::Workspace;

const FIELDS: [&str; 7] = ["rank", "id", "title", "score", "cluster", "cluster_name", "section"];

fn hits(json: &str) -> Vec<Value> {
    serde_json::from_str::<Vec<Value>>(json).unwrap()
}

#[test]
fn the_text_of_a_role_finds_that_role() {
    let workspace = Workspace::with_run();
    let text = "Storage engineer Munich\nRuns Ceph clusters and tunes disks Munich 2\nCeph";
    let found = hits(&workspace.done(&["search", "jobs", text, "-k", "3", "--json"]));
    assert_eq!(found.len(), 3);
    assert_eq!(found[0]["id"], "storage-2");
    assert_eq!(found[0]["section"], "storage");
    assert!(found[0]["score"].as_f64().unwrap() > 0.999, "{}", found[0]);
    for (at, hit) in found.iter().enumerate() {
        assert_eq!(hit["rank"], at + 1);
        let mut fields: Vec<&str> = hit.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        let mut expected = FIELDS;
        expected.sort_unstable();
        assert_eq!(fields, expected);
    }
}

#[test]
fn like_a_role_leaves_out_that_role() {
    let workspace = Workspace::with_run();
    let found = hits(&workspace.done(&["search", "jobs", "--like", "web-3", "-k", "7", "--json"]));
    assert!(found.iter().all(|hit| hit["section"] == "web" && hit["id"] != "web-3"));
}

#[test]
fn hits_are_listed_in_columns() {
    let workspace = Workspace::with_run();
    let said = workspace.done(&["search", "jobs", "--like", "web-3", "-k", "2"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("1  "), "{said}");
    assert!(lines[0].contains("网页前端开发"), "{said}");
}

#[test]
fn queries_from_stdin_are_answered_line_by_line() {
    let workspace = Workspace::with_run();
    let ask = |args: &[&str]| {
        let output = workspace.command(args).write_stdin("Ceph\n\n 前端 \n").output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let lines = ask(&["search", "jobs", "-k", "2", "--json"]);
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.lines().all(|line| hits(line).len() == 2));
    let text = ask(&["search", "jobs", "-k", "1"]);
    assert!(text.starts_with("> Ceph\n1  "), "{text}");
    assert!(text.contains("\n> 前端\n1  "), "{text}");
}

#[test]
fn asking_for_more_roles_than_there_are_gives_all() {
    let workspace = Workspace::with_run();
    assert_eq!(hits(&workspace.done(&["search", "jobs", "x", "-k", "999", "--json"])).len(), 24);
}

#[test]
fn what_cannot_be_looked_for_says_why() {
    let workspace = Workspace::with_run();
    insta::assert_snapshot!(workspace.said(&["search", "jobs", "--like", "web-99"]), @r#"
    exit code 2
    --- stderr
    error: no role has the id "web-99"; `rolecluster export DIR --format csv` lists them
    "#);
    insta::assert_snapshot!(workspace.said(&["search", "jobs", "  "]), @r"
    exit code 2
    --- stderr
    error: the query is empty; say what the roles are like
    ");
    insta::assert_snapshot!(workspace.said(&["search", "jobs", "x", "-k", "0"]), @r"
    exit code 2
    --- stderr
    error: -k 0 shows no role; give at least 1
    ");
    insta::assert_snapshot!(workspace.said(&["search", "nowhere", "x"]), @r"
    exit code 6
    --- stderr
    error: nowhere holds no finished run (no manifest.json); make one with `rolecluster run INPUT --out nowhere`
    ");
}

#[test]
fn a_folder_that_is_embedded_only_can_be_searched() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", crate::support::postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    let found = hits(&workspace.done(&["search", "jobs", "Ceph", "-k", "1", "--json"]));
    assert_eq!(found[0]["cluster"], Value::Null);
}

#[test]
fn a_model_that_has_changed_since_is_refused() {
    let workspace = Workspace::with_run();
    let other = workspace.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let (code, stderr) =
        workspace.failed(&["search", "jobs", "x", "--model", other.to_str().unwrap()]);
    assert_eq!(code, 5, "{stderr}");
}

#[test]
fn filters_modes_and_reasons() {
    let workspace = Workspace::with_run();
    let ask = |more: &[&str]| {
        let mut args = vec!["search", "jobs", "Ceph disks", "-k", "50", "--json"];
        args.extend(more);
        hits(&workspace.done(&args))
    };
    assert!(ask(&["--filter", "section=web"]).iter().all(|hit| hit["section"] == "web"));
    assert!(ask(&["--filter", "section=web"]).len() < ask(&[]).len());
    let lexical = ask(&["--mode", "lexical"]);
    assert!(!lexical.is_empty() && lexical.iter().all(|hit| hit["section"] == "storage"));
    let why = &ask(&["--explain"])[0]["explanation"];
    assert_eq!(why["technologies"][0], "Ceph", "{why}");
    let said = workspace.said(&["search", "jobs", "x", "--filter", "planet=mars"]);
    assert!(said.contains("no role has a field \"planet\""), "{said}");
    let said = workspace.said(&["search", "jobs", "x", "--mode", "psychic"]);
    assert!(said.contains("possible values: hybrid, semantic, lexical"), "{said}");
}
