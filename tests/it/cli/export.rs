//! `rolecluster export`.

use serde_json::Value;

use crate::support::Workspace;

#[test]
fn json_holds_every_role_and_its_neighbours() {
    let workspace = Workspace::with_run();
    let args = ["export", "jobs", "--format", "json", "--neighbors", "2"];
    let document: Value = serde_json::from_str(&workspace.done(&args)).unwrap();
    assert_eq!(document["schema"], "rolecluster/assignments");
    assert_eq!(document["schema_version"], 2);
    let roles = document["roles"].as_array().unwrap();
    assert_eq!(roles.len(), 24);
    assert!(roles.iter().all(|role| role["neighbors"].as_array().unwrap().len() == 2));
    assert_eq!(roles[0]["id"], "storage-0");
}

#[test]
fn lines_and_table_say_the_same() {
    let workspace = Workspace::with_run();
    let lines = workspace.done(&["export", "jobs", "--format", "jsonl"]);
    let table = workspace.done(&["export", "jobs", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut n = 0;
    for (record, line) in reader.records().zip(lines.lines()) {
        let (record, role) = (record.unwrap(), serde_json::from_str::<Value>(line).unwrap());
        assert_eq!(record[0], *role["id"].as_str().unwrap());
        assert_eq!(record[5], role["cluster"].as_i64().unwrap_or(-1).to_string());
        assert_eq!(record[3], role["direction"].as_i64().unwrap_or(-1).to_string());
        n += 1;
    }
    assert_eq!(n, 24);
}

#[test]
fn a_file_is_written_in_one_step_and_named() {
    let workspace = Workspace::with_run();
    let said = workspace.said(&["export", "jobs", "--format", "parquet", "--out", "x.parquet"]);
    assert_eq!(said, "exit code 0\n--- stderr\nnote: 24 roles written to x.parquet\n");
    assert_eq!(&workspace.read("x.parquet")[..4], b"PAR1");
    let (code, stderr) =
        workspace.failed(&["export", "jobs", "--format", "csv", "--out", "no/such/x.csv"]);
    assert_eq!(code, 1);
    assert_eq!(stderr, "error: cannot write no/such/x.csv: there is no folder no/such\n");
}

#[test]
fn a_table_for_a_spreadsheet_says_what_it_changed() {
    let workspace = Workspace::new();
    let text = crate::support::postings(3).replace("\"Storage engineer Berlin\"", "\"=1+1\"");
    workspace.write("a.jsonl", text);
    workspace.done(&["run", "a.jsonl", "--out", "jobs", "-k", "2", "--quiet"]);
    let args = ["export", "jobs", "--format", "csv", "--out", "x.csv", "--bom", "--id-prefix", "r"];
    insta::assert_snapshot!(workspace.said(&args), @r"
    exit code 0
    --- stderr
    note: 9 roles written to x.csv
    note: 1 cell that a spreadsheet would run as a formula got an apostrophe in front; --keep-formulas leaves them as they are
    ");
    let table = String::from_utf8(workspace.read("x.csv")).unwrap();
    assert!(
        table.starts_with("\u{feff}id,title,section,direction,direction_name,cluster,"),
        "{table}"
    );
    assert!(table.contains("\nrstorage-0,'=1+1,storage,"), "{table}");
    let (code, stderr) = workspace.failed(&["export", "jobs", "--format", "jsonl", "--bom"]);
    assert!(code == 2 && stderr.contains("--bom is for CSV"), "{stderr}");
    workspace.done(&["export", "jobs", "--format", "xlsx", "--out", "x.xlsx"]);
    assert_eq!(&workspace.read("x.xlsx")[..2], b"PK");
}

#[test]
fn the_map_is_a_picture_too() {
    let workspace = Workspace::with_run();
    let said = workspace.said(&["export", "jobs", "--format", "png", "--out", "map.png"]);
    let note = "exit code 0\n--- stderr\nnote: map of 24 roles written to map.png\n";
    // A machine without fonts says so behind the note.
    assert!(said.starts_with(note), "{said}");
    assert_eq!(&workspace.read("map.png")[..8], b"\x89PNG\r\n\x1a\n");
    let args = ["export", "jobs", "--format", "png", "--neighbors", "3", "--out", "map.png"];
    let (code, stderr) = workspace.failed(&args);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("a picture has no neighbours"), "{stderr}");
}

#[test]
fn a_folder_not_clustered_yet_says_what_to_run() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", crate::support::postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    insta::assert_snapshot!(workspace.said(&["export", "jobs", "--format", "csv"]), @r"
    exit code 6
    --- stderr
    error: jobs has no report.json yet; run `rolecluster cluster jobs` first
    ");
}

#[test]
fn an_unknown_format_is_a_usage_error() {
    let workspace = Workspace::with_run();
    let (code, stderr) = workspace.failed(&["export", "jobs", "--format", "xml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("[possible values: json, jsonl, csv, parquet, xlsx, png]"), "{stderr}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let workspace = Workspace::with_run();
    for format in ["json", "jsonl", "csv", "parquet", "xlsx"] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rolecluster"))
            .args(["export", "jobs", "--format", format])
            .current_dir(workspace.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_full_disk_behind_stdout_is_a_failure() {
    let workspace = Workspace::with_run();
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_rolecluster"))
        .args(["export", "jobs", "--format", "csv"])
        .current_dir(workspace.path())
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}
