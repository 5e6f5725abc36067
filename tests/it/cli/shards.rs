//! `rolecluster embed --shard` and `rolecluster merge`: many jobs, one run folder.

use crate::support::{Workspace, postings, tiny_model};

/// Postings with copies, near copies and a sentence that recurs.
fn with_repeats() -> String {
    let closing = " Our canteen has the finest soup in the whole county.";
    let text = postings(5).replace("\",\"id\"", &format!("{closing}\",\"id\""));
    assert!(text.contains("canteen"), "the order of the fields has changed");
    let copies: String =
        text.lines().take(4).map(|line| line.replace("-0\"", "-9\"") + "\n").collect();
    text + &copies
}

/// Embeds every share of `postings.jsonl` but those in `without` into `shard.I`.
fn embed_shards(workspace: &Workspace, of: usize, without: &[usize]) {
    for number in (1..=of).filter(|number| !without.contains(number)) {
        let (shard, out) = (format!("{number}/{of}"), format!("shard.{number}"));
        workspace.done(&["embed", "postings.jsonl", "--shard", &shard, "--out", &out]);
    }
}

#[test]
fn shards_joined_are_the_run_of_one_machine() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", with_repeats());
    workspace.done(&["embed", "postings.jsonl", "--out", "whole"]);
    embed_shards(&workspace, 3, &[]);
    workspace.done(&["merge", "shard.3", "shard.1", "shard.2", "--out", "joined"]);
    for name in [
        "roles.parquet",
        "vectors.parquet",
        "intake.json",
        "words.index",
        "baseline.index",
        "manifest.json",
    ] {
        let (joined, whole) = (format!("joined/{name}"), format!("whole/{name}"));
        assert!(workspace.read(&joined) == workspace.read(&whole), "{name} differs");
    }
    workspace.done(&["cluster", "joined", "-k", "3"]);
    assert!(!workspace.done(&["search", "joined", "Ceph", "-k", "1"]).is_empty());
}

#[test]
fn more_shards_than_roles_are_some_that_are_empty() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(1));
    workspace.done(&["embed", "postings.jsonl", "--out", "whole"]);
    embed_shards(&workspace, 5, &[]);
    let shards: Vec<String> = (1..=5).map(|number| format!("shard.{number}")).collect();
    let mut args = vec!["merge", "--out", "joined"];
    args.extend(shards.iter().map(String::as_str));
    workspace.done(&args);
    assert!(workspace.read("joined/vectors.parquet") == workspace.read("whole/vectors.parquet"));
}

#[test]
fn a_job_that_runs_again_computes_nothing_twice() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(4));
    let args = ["embed", "postings.jsonl", "--shard", "2/2", "--out", "shard.2", "--json"];
    let json = |said: String| serde_json::from_str::<serde_json::Value>(&said).unwrap();
    let first = json(workspace.done(&args));
    assert_eq!((&first["roles"], &first["computed"]), (&6.into(), &6.into()));
    let again = json(workspace.done(&args));
    assert_eq!((&again["computed"], &again["cached"]), (&0.into(), &6.into()));
}

#[test]
fn what_makes_no_whole_is_found_and_said() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(3));
    embed_shards(&workspace, 3, &[2]);
    let merge = |shards: &[&str]| {
        let mut args = vec!["merge", "--out", "joined"];
        args.extend_from_slice(shards);
        let (code, stderr) = workspace.failed(&args);
        assert_eq!(code, 6, "{stderr}");
        stderr
    };
    let said = merge(&["shard.1", "shard.3"]);
    assert!(said.contains("a shard is missing: 2/3"), "{said}");
    let said = merge(&["shard.1", "shard.3", "shard.1"]);
    assert!(said.contains("both hold shard 1/3"), "{said}");

    let embed = |args: &[&str]| {
        let shard = ["embed", "--shard", "2/3", "--out"];
        workspace.done(&[&shard[..], args].concat());
    };
    let other = tiny_model().with_file_name("tiny-e5");
    embed(&["model", "postings.jsonl", "--model", other.to_str().unwrap()]);
    let said = merge(&["shard.1", "model", "shard.3"]);
    assert!(said.contains("holds vectors of model"), "{said}");
    workspace.write("more.jsonl", postings(4));
    embed(&["more", "more.jsonl"]);
    let said = merge(&["shard.1", "more", "shard.3"]);
    assert!(said.contains("more is of another input than shard.1"), "{said}");
    workspace.done(&["embed", "postings.jsonl", "--shard", "2/4", "--out", "four"]);
    let said = merge(&["shard.1", "four", "shard.3"]);
    assert!(said.contains("shard.1 holds shard 1/3 and four shard 2/4"), "{said}");
    workspace.done(&["embed", "postings.jsonl", "--out", "whole"]);
    let said = merge(&["shard.1", "whole", "shard.3"]);
    assert!(said.contains("whole holds a whole run, and a shard is wanted"), "{said}");
    assert!(!workspace.path().join("joined").exists(), "nothing was written");
}

#[test]
fn a_shard_is_no_run_and_no_other_shard() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(3));
    embed_shards(&workspace, 2, &[2]);
    let before = workspace.read("shard.1/manifest.json");
    for args in [
        &["cluster", "shard.1"][..],
        &["search", "shard.1", "Ceph"],
        &["embed", "postings.jsonl", "--out", "shard.1", "--replace"],
        &["embed", "postings.jsonl", "--out", "shard.1", "--shard", "2/2"],
    ] {
        let (code, stderr) = workspace.failed(args);
        assert_eq!(code, 6, "{args:?}: {stderr}");
        assert!(stderr.contains("shard.1 holds "), "{args:?}: {stderr}");
    }
    assert_eq!(workspace.read("shard.1/manifest.json"), before);
    let (code, stderr) =
        workspace.failed(&["embed", "postings.jsonl", "--out", "x", "--shard", "3/2"]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("with I from 1 to N"), "{stderr}");
}

#[test]
fn a_shard_that_was_damaged_is_named() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(3));
    embed_shards(&workspace, 2, &[]);
    let mut bytes = workspace.read("shard.2/vectors.parquet");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    workspace.write("shard.2/vectors.parquet", bytes);
    let (code, stderr) = workspace.failed(&["merge", "shard.1", "shard.2", "--out", "joined"]);
    assert_eq!(code, 6, "{stderr}");
    assert!(stderr.contains("shard.2/vectors.parquet is damaged"), "{stderr}");
}
