//! What the program says about the input: columns, dry runs, what cannot work.

use crate::support::{Workspace, postings};

const TABLE: &str = "Export vom 5. Januar\n\
    Stellen-Nr;Stellenbezeichnung;Aufgabn;Ort;Gehalt von;Gehalt bis;Schichten\n\
    007;Köchin;Kocht für das Haus;Ulm;2.500;2.900;ja\n\
    008;Fahrer;Bringt das Essen;k. A.;;;nein\n\
    009;Bäckerin;;Ulm;2.700;;ja\n";

#[test]
fn a_dry_run_shows_columns_and_roles_and_writes_nothing() {
    let workspace = Workspace::new();
    workspace.write("stellen.csv", TABLE);
    let said = workspace.said(&["run", "stellen.csv", "--dry-run"]);
    for part in [
        "exit code 0",
        "stellen.csv: 3 records (csv, UTF-8), columns taken for",
        "Stellenbezeichnung",
        "near spelling of \"aufgaben\"",
        "in 2 of 3",
        "Schichten",
        "3 roles; the first:",
        "2.500-2.900",
        "line 1 is no part of the table",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = workspace.done(&["embed", "stellen.csv", "--dry-run", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(shown["roles"], 3);
    assert_eq!(shown["files"][0]["columns"][2]["used_as"], "text");
    assert_eq!(shown["first_roles"][0]["facts"]["place"], "Ulm");
    assert!(workspace.path().read_dir().unwrap().count() == 1, "something was written");
    let (code, stderr) = workspace.failed(&["run", "stellen.csv"]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn a_run_says_what_columns_are_taken_for() {
    let workspace = Workspace::new();
    workspace.write("stellen.csv", TABLE);
    let (code, stderr) = workspace.failed(&["embed", "stellen.csv", "--out", "jobs"]);
    assert_eq!(code, 0, "{stderr}");
    for part in ["note: stellen.csv: 3 records", "near spelling of \"aufgaben\"", "--skip-lines"] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
    let (_, quiet) = workspace.failed(&["embed", "stellen.csv", "--out", "jobs", "--quiet"]);
    assert!(!quiet.contains("note:") && quiet.contains("--skip-lines"), "{quiet}");
    let intake = String::from_utf8(workspace.read("jobs/intake.json")).unwrap();
    assert!(intake.contains("\"used_as\": \"pay\""), "{intake}");
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let workspace = Workspace::new();
    workspace.write("none.csv", "病棟看護師,名古屋市\n訪問看護師,東京都\n");
    workspace.write("header.csv", "title,description\n");
    workspace.write("empty.csv", "\n\n");
    workspace.write("typo.csv", "title,text\na,b\n");
    let said = |args: &[&str]| workspace.said(&[&["run", "--dry-run"], args].concat());
    for (args, parts) in [
        (
            &["none.csv"][..],
            &["exit code 4", "病棟看護師", "--no-header", "--skip-lines N", "line 1"][..],
        ),
        (
            &["none.csv", "--no-header", "--title-column", "1"],
            &["exit code 0", "column 1", "2 roles"],
        ),
        (&["header.csv"], &["exit code 4", "header.csv holds no role"]),
        (&["empty.csv"], &["exit code 4", "empty.csv is empty"]),
        (
            &["typo.csv", "--title-column", "titel"],
            &["exit code 4", "no column \"titel\"", "\"title\", \"text\"", "give its number"],
        ),
        (&["typo.csv", "--encoding", "utf-99"], &["exit code 4", "unknown encoding", "shift_jis"]),
    ] {
        let said = said(args);
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

#[test]
fn options_that_cannot_work_are_refused_before_anything_is_read_or_embedded() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(2));
    for (option, value) in [
        ("-k", "0"),
        ("-k", "-1"),
        ("--min-cluster-size", "1"),
        ("--min-cluster-size", "0"),
        ("--min-samples", "0"),
        ("--max-noise", "1.5"),
        ("--max-noise", "NaN"),
    ] {
        let typed = format!("{option}={value}");
        let (code, stderr) = workspace.failed(&[
            "run",
            "gone.jsonl",
            "--out",
            "jobs",
            &typed.replacen("-k=", "-k", 1),
        ]);
        assert_eq!(code, 2, "{option} {value}: {stderr}");
    }
    for options in [&["-k", "40"][..], &["--algorithm", "hdbscan", "--min-cluster-size", "40"]] {
        let args = [&["run", "postings.jsonl", "--out", "jobs"], options].concat();
        let (code, stderr) = workspace.failed(&args);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("more than the 6 roles"), "{stderr}");
    }
    assert!(!workspace.path().join("jobs").exists());
}
