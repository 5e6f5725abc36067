//! The run folders of an earlier version (`tests/fixtures/runs/eac4113`) still do all they did.

use std::fs;
use std::path::{Path, PathBuf};

use rolecluster::pipeline::load_report;
use rolecluster::store::RunFolder;
use serde_json::Value;

use crate::support::Workspace;

const RUNS: [&str; 3] = ["kmeans", "hdbscan", "hdbscan-reduce-none"];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The model that made the vectors; it was at another place then.
fn model() -> String {
    fixtures().join("models/tiny-xlm-roberta").display().to_string()
}

/// A workspace with copies of the run folders and the postings they were made of.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let source = fixtures().join("runs/eac4113");
    workspace.write("postings.jsonl", fs::read(source.join("postings.jsonl")).unwrap());
    for run in RUNS {
        copy(&source.join(run), &workspace.path().join(run));
    }
    workspace
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target)
        } else {
            fs::copy(&path, &target).map(drop).unwrap()
        }
    }
}

fn json(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

/// Ids of roles and clusters as `report.json` has them, read without the program, counted from 1 as
/// the program counts them today.
fn stored_clusters(workspace: &Workspace, run: &str) -> Vec<(Value, Value)> {
    let report: Value =
        serde_json::from_slice(&workspace.read(&format!("{run}/report.json"))).unwrap();
    let placements = report["placements"].as_array().unwrap();
    let from_zero = u64::from(report["schema_version"] == 1);
    let number = |cluster: &Value| cluster.as_u64().map(|number| number + from_zero);
    placements.iter().map(|p| (p["id"].clone(), number(&p["cluster"]).into())).collect()
}

fn clusters(lines: &[Value]) -> Vec<(Value, Value)> {
    lines.iter().map(|line| (line["id"].clone(), line["cluster"].clone())).collect()
}

#[test]
fn they_are_opened_and_every_part_is_read() {
    let workspace = workspace();
    for run in RUNS {
        let folder = RunFolder::open(&workspace.path().join(run)).unwrap();
        let stored = folder.roles().unwrap();
        assert_eq!((stored.corpus.len(), stored.distinct_rows().len()), (19, 18), "{run}");
        let embeddings = folder.embeddings().unwrap();
        assert_eq!((embeddings.vectors().rows(), embeddings.vectors().cols()), (19, 24), "{run}");
        let (report, clustering) = load_report(&folder).unwrap();
        let labels: Vec<_> = report.placements.iter().map(|p| p.cluster).collect();
        assert_eq!(labels, clustering.labels(), "{run}");
        assert_eq!(report.raw_labels.is_some(), run != "kmeans");
        assert_eq!(report.lineage.is_some(), run == "kmeans");
        assert_eq!(
            clustering.noise().len(),
            [0, 2, 4][RUNS.iter().position(|r| *r == run).unwrap()]
        );
    }
}

#[test]
fn they_are_searched_in_every_mode_with_the_model_that_was_moved() {
    let workspace = workspace();
    let model = model();
    for run in RUNS {
        let ask = |args: &[&str]| {
            let mut all = vec!["search", run, "--json", "--min-score", "0", "--model", &model];
            all.extend(args);
            let output = workspace.command(&all).output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            // The index of words is of an earlier format; it is made again in memory.
            let told = "words.index is out of date and not used: format version 1";
            let is_told = |line: &str| line.contains(told);
            assert!(output.status.success(), "{run} {args:?}: {stderr}");
            assert!(stderr.lines().all(is_told), "{run} {args:?}: {stderr}");
            json(&String::from_utf8(output.stdout).unwrap())
        };
        let own = "Network engineer\nYou run the BGP edge and the firewalls of two data centres, \
                   and you automate both with Ansible.\nBGP, Ansible";
        for mode in ["semantic", "lexical", "hybrid"] {
            let hits = ask(&[own, "--mode", mode, "-k", "3"]);
            assert_eq!(hits[0]["id"], "s-en", "{run} {mode}");
            if mode == "semantic" {
                // The stored vector is the one the model gives now.
                assert!(hits[0]["score"].as_f64().unwrap() > 0.9999, "{}", hits[0]);
            }
        }
        let like = ask(&["--like", "w-en", "--mode", "semantic", "-k", "1"]);
        assert_eq!(like[0]["id"], "w-en-again", "{run}: the same text");
        let filtered = ask(&["Kubernetes", "--filter", "language=ja", "-k", "9"]);
        let mut ids: Vec<&str> = filtered.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["s-ja", "w-ja"], "{run}");
        let city = ask(&["React", "--filter", "city=仙台", "--explain", "-k", "9"]);
        assert_eq!(city.len(), 2);
        assert!(
            city.iter().any(|hit| hit["explanation"]["technologies"][0] == "React"),
            "{city:?}"
        );
    }
}

#[test]
fn known_and_new_roles_are_assigned() {
    let workspace = workspace();
    let new = r#"{"id": "new", "title": "Network engineer, edge", "description": "You run the BGP edge of two data centres and you automate it with Ansible.", "stack": ["BGP", "Ansible"]}"#;
    workspace.write("new.jsonl", new);
    for run in RUNS {
        let assign = |input: &str| {
            let output = workspace
                .command(&["assign", run, input, "--json", "--model", &model()])
                .output()
                .unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            // 3: a line was skipped.
            assert!(matches!(output.status.code(), Some(0 | 3)), "{run}: {stderr}");
            json(&String::from_utf8(output.stdout).unwrap())
        };
        assert_eq!(clusters(&assign("postings.jsonl")), stored_clusters(&workspace, run), "{run}");
        let new = assign("new.jsonl");
        assert_eq!((new.len(), &new[0]["id"]), (1, &Value::from("new")), "{run}");
        let strength = new[0]["strength"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&strength), "{run}: {strength}");
    }
}

#[test]
fn they_are_exported_and_evaluated() {
    let workspace = workspace();
    for run in RUNS {
        let lines = workspace.done(&["export", run, "--format", "jsonl", "--neighbors", "2"]);
        let lines: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(clusters(&lines), stored_clusters(&workspace, run), "{run}");
        assert_eq!(lines[5]["id"], "w-en");
        assert_eq!(lines[5]["neighbors"][0], "w-en-again", "{}", lines[5]);
        let whole: Value =
            serde_json::from_str(&workspace.done(&["export", run, "--format", "json"])).unwrap();
        let algorithm = if run == "kmeans" { "kmeans" } else { "hdbscan" };
        assert_eq!(whole["method"]["algorithm"], algorithm);
        let figures: Value =
            serde_json::from_str(&workspace.done(&["evaluate", run, "--json"])).unwrap();
        assert_eq!(figures["n_labelled"], 19, "{run}");
        // The algorithm and its parameters are understood, or there would be none.
        assert!(figures["stability"]["mean_ari"].is_number(), "{run}: {figures}");
        let pairs = workspace.done(&["evaluate", run, "--pairs", "section", "--json"]);
        let pairs: Value = serde_json::from_str(&pairs).unwrap();
        assert_eq!(pairs["n_paired"], 19, "{run}");
    }
}

#[test]
fn they_are_clustered_again_and_their_ids_stay() {
    let workspace = workspace();
    workspace.done(&["cluster", "kmeans", "-k", "4", "--lang", "en", "--index", "hnsw"]);
    // The history is understood: what goes on from the clusters of the older program, before roles
    // were added, has their numbers.
    let report: Value = serde_json::from_slice(&workspace.read("kmeans/report.json")).unwrap();
    let lineage = &report["lineage"];
    assert_eq!(lineage["shared_roles"], 13, "{lineage}");
    let goes_on = |event: &&Value| event["fate"] == "kept" || event["fate"] == "merged";
    let events: Vec<&Value> =
        lineage["events"].as_array().unwrap().iter().filter(goes_on).collect();
    assert!(!events.is_empty(), "{lineage}");
    assert!(events.iter().all(|event| event["old"][0] == event["new"][0]), "{lineage}");
    for run in ["hdbscan", "hdbscan-reduce-none"] {
        workspace.done(&["cluster", run, "--algorithm", "hdbscan", "--lang", "en"]);
        assert_eq!(stored_clusters(&workspace, run).len(), 19);
    }
}

#[test]
fn roles_are_added_to_them_without_embedding_the_old_ones_again() {
    let workspace = workspace();
    let mut text = String::from_utf8(workspace.read("postings.jsonl")).unwrap();
    text.push_str(
        r#"{"id": "new", "title": "Rust developer", "description": "You write parsers."}"#,
    );
    workspace.write("more.jsonl", text);
    for run in RUNS {
        let output = workspace
            .command(&["embed", "more.jsonl", "--out", run, "--json", "--model", &model()])
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{run}: {stderr}");
        let done: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&done["roles"], &done["computed"]), (&20.into(), &1.into()), "{done}");
    }
}
