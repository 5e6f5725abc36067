//! `rolecluster run`.

use crate::support::{Workspace, masked, postings, sample};

#[test]
fn a_run_says_what_it_found_and_where_it_is() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(8));
    let said = workspace.said(&["run", "postings.jsonl", "--out", "jobs", "-k", "3"]);
    insta::assert_snapshot!(masked(&said, r"\d\.\d\d", "[RAND]"), @r"
    exit code 0
    --- stdout
    24 roles in 3 specialisations; every role has its place.

    #  roles  share  specialisation                 technologies
    1      8   33 %  Storage · Ceph                 Ceph
    2      8   33 %  Front end development · React  React
    3      8   33 %  Sales · SQL                    SQL

    vectors  24 computed, 0 known; model [MODEL] on cpu
    files    jobs/report.md    the digest, to read
             jobs/map.html     the map, opens in a browser
             jobs/map.svg      the map as a picture
             jobs/roles.csv    one row per role, for a spreadsheet
             jobs/report.json  everything found, for programs
    --- stderr
    note: postings.jsonl: 24 records (jsonl, UTF-8), columns taken for
      title    title
      text     description
      stack    stack
      section  section
      id       id
    warning: the clustering is sensitive to the number of clusters: with 2 instead of 3 it agrees with this one to an adjusted Rand index of [RAND] (1 is the same, 0 is chance)
    ");
    for file in ["report.md", "report.json", "roles.csv", "roles.parquet", "vectors.parquet"] {
        assert!(!workspace.read(&format!("jobs/{file}")).is_empty(), "{file}");
    }
}

#[test]
fn the_same_in_json() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(6));
    let said = workspace.done(&["run", "postings.jsonl", "--out", "jobs", "-k", "3", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(summary["roles"], 18);
    assert_eq!(summary["skipped"], 0);
    assert_eq!(summary["clusters"].as_array().unwrap().len(), 3);
    assert_eq!(summary["computed"], 18);
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(4));
    let said = workspace.said(&["run", "postings.jsonl", "--out", "jobs", "-k", "1", "--quiet"]);
    assert_eq!(said, "exit code 0\n");
}

#[test]
fn a_bad_record_is_named_counted_and_left_out() {
    let workspace = Workspace::new();
    let bad = format!("{}{{\"title\": \n[1, 2]\n{{\"id\": \"x\"}}\n", postings(4));
    workspace.write("postings.jsonl", bad);
    let (code, stderr) = workspace.failed(&["run", "postings.jsonl", "--out", "jobs", "-k", "3"]);
    assert_eq!(code, 3, "{stderr}");
    insta::assert_snapshot!(masked(&stderr, r"\d\.\d\d", "[RAND]"), @r"
    note: postings.jsonl: 15 records (jsonl, UTF-8), columns taken for
      title    title        in 12 of 15
      text     description  in 12 of 15
      stack    stack        in 12 of 15
      section  section      in 12 of 15
      id       id           in 13 of 15
    warning: postings.jsonl:13: skipped: is no JSON: it ends at column 10 where a value should stand
    warning: postings.jsonl:14: skipped: is an array, not an object
    warning: postings.jsonl:15: skipped: has no title, no description and no stack
    warning: the clustering is sensitive to the number of clusters: with 2 instead of 3 it agrees with this one to an adjusted Rand index of [RAND] (1 is the same, 0 is chance)
    ");
    let report: serde_json::Value =
        serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap();
    assert_eq!(report["intake"]["skipped_total"], 3);
}

#[test]
fn stdin_is_an_input() {
    let workspace = Workspace::new();
    let output = workspace
        .command(&["run", "-", "--out", "jobs", "-k", "3", "--json"])
        .write_stdin(postings(4))
        .output()
        .unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["roles"], 12);
}

#[test]
fn the_same_input_gives_the_same_bytes_at_any_number_of_threads() {
    let workspace = Workspace::new();
    for (threads, out) in [("1", "one"), ("2", "two")] {
        workspace.done(&["run", sample().to_str().unwrap(), "--out", out, "--threads", threads]);
    }
    for file in ["roles.parquet", "vectors.parquet", "clustering.json", "report.json", "report.md"]
    {
        let (one, two) =
            (workspace.read(&format!("one/{file}")), workspace.read(&format!("two/{file}")));
        assert!(one == two, "{file} differs");
    }
}

#[test]
fn hostile_text_reaches_the_terminal_harmless() {
    let workspace = Workspace::new();
    let hostile = |i: usize| {
        let title = format!("\u{1b}[2J\u{202e}<script>alert({i})</script>\u{0}");
        serde_json::json!({"title": title, "description": format!("=cmd|' /C calc'!A{i}")})
            .to_string()
    };
    let text: Vec<String> = (0..6).map(hostile).collect();
    workspace.write("hostile.jsonl", text.join("\n"));
    let output =
        workspace.command(&["run", "hostile.jsonl", "--out", "jobs", "-k", "2"]).output().unwrap();
    for stream in [&output.stdout, &output.stderr] {
        let said = String::from_utf8_lossy(stream);
        let harmful = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!said.contains(harmful), "{said:?}");
    }
    let found = workspace.done(&["search", "jobs", "alert"]);
    assert!(!found.contains(['\u{1b}', '\u{202e}', '\0']), "{found:?}");
}
