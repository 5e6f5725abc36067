//! `rolecluster rename`, `merge`, `move`, `split`, `pin` and `correct`, and what obeys them.

use serde_json::Value;

use crate::support::Workspace;

fn report(workspace: &Workspace) -> Value {
    serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap()
}

fn file(workspace: &Workspace) -> String {
    String::from_utf8(workspace.read("jobs/corrections.toml")).unwrap()
}

/// Name and number of the specialisation of a role.
fn place(report: &Value, id: &str) -> (String, u64) {
    let placements = report["placements"].as_array().unwrap();
    let found = placements.iter().find(|place| place["id"] == id).unwrap();
    (found["cluster_name"].as_str().unwrap().to_string(), found["cluster"].as_u64().unwrap())
}

fn number(report: &Value, id: &str) -> String {
    place(report, id).1.to_string()
}

#[test]
fn a_name_survives_clustering_again_and_goes_with_its_entry() {
    let workspace = Workspace::with_run();
    let before = report(&workspace);
    let (built_in, number) = place(&before, "storage-0");
    let said = workspace.done(&["rename", "jobs", &number.to_string(), "Disks & \"tape\""]);
    assert!(said.contains("Disks & \"tape\" *"), "{said}");
    assert!(said.contains("by hand  1 correction; * is set by a person"), "{said}");
    let text = file(&workspace);
    assert!(text.contains(&format!("# {built_in:?}, 8 roles\n[[rename]]\n")), "{text}");

    // The same as clustering again by the settings of the run, and others do not lose it.
    let corrected = workspace.read("jobs/report.json");
    workspace.done(&["cluster", "jobs", "-k", "3", "--lang", "en"]);
    assert!(corrected == workspace.read("jobs/report.json"), "correcting is not clustering again");
    for args in [["-k", "3", "--seed", "7"], ["-k", "4", "--seed", "1"]] {
        workspace.done(&[&["cluster", "jobs", "--lang", "en"], &args[..]].concat());
        assert_eq!(place(&report(&workspace), "storage-0").0, "Disks & \"tape\"", "{args:?}");
    }
    workspace.done(&["cluster", "jobs", "--algorithm", "hdbscan", "--min-cluster-size", "4"]);
    assert_eq!(place(&report(&workspace), "storage-0").0, "Disks & \"tape\"");
    let digest = String::from_utf8(workspace.read("jobs/report.md")).unwrap();
    assert!(digest.contains("Disks &amp; \"tape\"\n") && digest.contains(" ✎ "), "{digest}");

    let table = workspace.done(&["export", "jobs", "--format", "csv"]);
    assert!(table.lines().next().unwrap().contains("between,by_hand,"), "{table:.300}");
    std::fs::write(workspace.path().join("jobs/corrections.toml"), "").unwrap();
    workspace.done(&["cluster", "jobs", "-k", "3", "--lang", "en"]);
    assert_eq!(report(&workspace), before);
    assert!(!workspace.path().join("jobs/found.json").exists());
}

#[test]
fn a_role_that_was_moved_stays_there_with_another_seed() {
    let workspace = Workspace::with_run();
    let before = report(&workspace);
    workspace.done(&["move", "jobs", "web-3", "data-1", "--to", &number(&before, "storage-0")]);
    for args in [["-k", "3", "--seed", "42"], ["-k", "3", "--seed", "7"]] {
        workspace.done(&[&["cluster", "jobs"], &args[..]].concat());
        let after = report(&workspace);
        assert_eq!(place(&after, "web-3"), place(&after, "storage-0"), "{args:?}");
        assert_eq!(place(&after, "data-1"), place(&after, "storage-0"), "{args:?}");
        assert_ne!(place(&after, "web-2"), place(&after, "storage-0"));
        let sizes: Vec<u64> = after["profiles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["size"].as_u64().unwrap())
            .collect();
        assert_eq!(sizes.iter().sum::<u64>(), 24);
        let moved = after["placements"].as_array().unwrap().iter();
        assert_eq!(moved.filter(|place| place["by_hand"] == "moved").count(), 2);
    }
    // Moved again, it leaves the entry it stood in.
    let now = report(&workspace);
    workspace.done(&["move", "jobs", "web-3", "--to", &number(&now, "web-0")]);
    let text = file(&workspace);
    assert_eq!(text.matches("[[move]]").count(), 2, "{text}");
    assert!(text.contains("roles = [\"data-1\"]"), "{text}");
    let now = report(&workspace);
    assert_eq!(place(&now, "web-3"), place(&now, "web-0"));
}

#[test]
fn groups_are_merged_split_and_pinned_and_new_postings_follow() {
    let workspace = Workspace::with_run();
    let before = report(&workspace);
    let (storage, data) = (number(&before, "storage-0"), number(&before, "data-0"));
    let said = workspace.done(&["merge", "jobs", &storage, &data, "--name", "Both", "--json"]);
    let summary: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(summary["clusters"].as_array().unwrap().len(), 2, "{summary}");
    assert_eq!(summary["corrections"][0]["held"], true);
    let merged = report(&workspace);
    assert_eq!(place(&merged, "storage-1").0, "Both");
    assert_eq!(place(&merged, "data-7").0, "Both");
    let profile = &merged["profiles"][place(&merged, "data-7").1 as usize - 1];
    assert_eq!(profile["by_hand"], serde_json::json!(["named", "merged"]));

    workspace.done(&["split", "jobs", "storage-2", "data-2", "web-2", "--name", "Seconds"]);
    workspace.done(&["pin", "jobs", "web-0", "web-1", "data-3", "--name", "Pinned"]);
    let now = report(&workspace);
    for id in ["storage-2", "data-2", "web-2"] {
        assert_eq!(place(&now, id).0, "Seconds", "{id}");
    }
    for id in ["web-0", "web-7", "data-3"] {
        assert_eq!(place(&now, id).0, "Pinned", "{id}");
    }
    workspace.write("new.jsonl", r#"{"title": "Storage engineer Berlin", "description": "Runs Ceph clusters and tunes disks Berlin 9", "stack": ["Ceph"]}"#);
    let placed = workspace.done(&["assign", "jobs", "new.jsonl", "--json"]);
    let placed: Value = serde_json::from_str(&placed).unwrap();
    assert_eq!(placed[0]["cluster_name"], "Both", "{placed}");
    // Roles that are added find the corrections as well.
    workspace.done(&["run", "new.jsonl", "--out", "jobs", "--add", "-k", "3"]);
    let now = report(&workspace);
    assert_eq!(place(&now, "web-7").0, "Pinned");
    assert_eq!(now["placements"].as_array().unwrap().len(), 25);
}

#[test]
fn assign_obeys_a_file_that_was_edited_and_changes_nothing() {
    let workspace = Workspace::with_run();
    let text = "[[rename]]\nname = \"By hand\"\nroles = [\"storage-0\", \"storage-1\"]\n\n\
                [[move]]\nroles = [\"web-5\"]\nto = [\"storage-3\"]\n";
    workspace.write("jobs/corrections.toml", text);
    let before = workspace.read("jobs/report.json");
    let placed = workspace.done(&["assign", "jobs", "postings.jsonl", "--json"]);
    let placed: Vec<Value> = serde_json::from_str(&placed).unwrap();
    let of =
        |id: &str| placed.iter().find(|place| place["id"] == id).unwrap()["cluster_name"].clone();
    assert_eq!((of("storage-4"), of("web-5")), ("By hand".into(), "By hand".into()));
    assert!(before == workspace.read("jobs/report.json"));
    workspace.done(&["correct", "jobs"]);
    assert_eq!(place(&report(&workspace), "web-5").0, "By hand");
    assert_eq!(file(&workspace), text, "a file that is only read stays as it is");
}

#[test]
fn what_finds_nothing_to_hold_on_to_is_said_and_stays() {
    let workspace = Workspace::with_run();
    let text = "[[rename]]\nname = \"Lost\"\nroles = [\"storage-0\", \"web-0\"]\n";
    workspace.write("jobs/corrections.toml", text);
    let output = workspace.command(&["correct", "jobs"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let stderr = String::from_utf8(output.stderr).unwrap();
    insta::assert_snapshot!(stderr.lines().last().unwrap(), @r#"warning: jobs/corrections.toml:1: the rename "Lost" found nothing to hold on to: no specialisation has most of the 2 roles it goes by; it stays in the file"#);
    let digest = String::from_utf8(workspace.read("jobs/report.md")).unwrap();
    assert!(
        digest.contains("## Set by a person") && digest.contains("⚠ found nothing"),
        "{digest}"
    );
    assert_eq!(file(&workspace), text);

    // A role that goes is told; one that never was is an error.
    workspace.done(&["rename", "jobs", &number(&report(&workspace), "web-0"), "Pages"]);
    let rest: String = String::from_utf8(workspace.read("postings.jsonl")).unwrap();
    let rest: Vec<&str> = rest.lines().filter(|line| !line.contains("\"web-0\"")).collect();
    workspace.write("fewer.jsonl", rest.join("\n"));
    workspace.done(&["run", "fewer.jsonl", "--out", "jobs", "--replace", "-k", "3"]);
    let now = report(&workspace);
    assert_eq!(place(&now, "web-1").0, "Pages");
    assert!(
        now["corrections"][1]["note"].as_str().is_none_or(|n| n.contains("no longer")),
        "{now}"
    );
}

#[test]
fn wrong_corrections_are_refused_with_file_line_and_cure() {
    let workspace = Workspace::with_run();
    let refused = |text: &str, args: &[&str]| {
        workspace.write("jobs/corrections.toml", text);
        let (code, stderr) = workspace.failed(args);
        assert_eq!(code, 2, "{stderr}");
        stderr
    };
    insta::assert_snapshot!(refused("\n[[split]]\nroles = [\"storage-11\"]\n", &["correct", "jobs"]), @r#"error: jobs/corrections.toml:2: the split names role "storage-11", and no role has that id (the nearest is "storage-1"); put it right, or leave it out; `rolecluster export DIR --format csv` lists all ids"#);
    insta::assert_snapshot!(refused("[[rename]]\nname = 3\nroles = [\"web-0\"]\n", &["cluster", "jobs"]), @r#"error: jobs/corrections.toml:2: `name` of the rename is 3 (integer); give a text in quotes"#);
    insta::assert_snapshot!(refused("[[split]]\nroles = [\"web-0\"]\n", &["move", "jobs", "web-0", "--to", "1"]), @r#"error: jobs/corrections.toml was not changed: the move places role "web-0", which the split on line 1 places too; leave it to one of the two"#);
    assert!(
        refused("[[split]]\nroles = \n", &["run", "postings.jsonl", "--out", "jobs"])
            .contains("corrections.toml:2: is no TOML")
    );
    assert!(
        refused("", &["rename", "jobs", "9", "x"])
            .contains("there is no specialisation 9; they are numbered from 1 to 3")
    );
    assert!(refused("", &["rename", "jobs", "0", "x"]).contains("numbered from 1"));
    assert!(refused("", &["split", "jobs", "web-99"]).starts_with(
        "error: jobs/corrections.toml was not changed: the split names role \"web-99\", and no role \
         has that id"
    ));
    assert_eq!(file(&workspace), "", "nothing was written");
}

#[test]
fn a_made_name_gives_way_and_one_that_a_person_set_does_not() {
    let workspace = Workspace::with_run();
    let before = report(&workspace);
    let (storage, (web, of_web)) = (number(&before, "storage-0"), place(&before, "web-0"));
    let output = workspace.command(&["rename", "jobs", &storage, &web]).output().unwrap();
    assert!(output.status.success());
    let note = format!("specialisation {of_web} was called {web:?} too, and is \"{web} (2)\" now");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains(&format!("note: the rename {web:?}: {note}")), "{stderr}");
    let now = report(&workspace);
    assert_eq!(
        (place(&now, "storage-0").0, place(&now, "web-0").0),
        (web.clone(), format!("{web} (2)"))
    );
    assert_eq!(now["corrections"][0]["note"], note);

    let (code, stderr) = workspace.failed(&["rename", "jobs", &number(&now, "data-0"), &web]);
    assert_eq!(code, 2, "{stderr}");
    let told = format!("specialisation {storage} is called {web:?} already, as a person wants it");
    assert!(stderr.contains(&told), "{stderr}");
    let (code, stderr) =
        workspace.failed(&["pin", "jobs", "data-0", "data-1", "--name", &web.to_lowercase()]);
    assert!(code == 2 && stderr.contains("corrections.toml was not changed: the pin"), "{stderr}");
    assert_eq!(report(&workspace), now);
    // Under its own name again, a group is what it was.
    workspace.done(&["rename", "jobs", &storage, "Disks"]);
    assert_eq!(place(&report(&workspace), "web-0").0, web);
}

#[test]
fn a_direction_is_renamed_and_the_pages_know() {
    let workspace = Workspace::with_run();
    let direction = report(&workspace)["placements"][0]["direction"].as_u64().unwrap().to_string();
    workspace.done(&["rename", "jobs", &direction, "Infrastructure", "--direction"]);
    workspace.done(&["cluster", "jobs", "-k", "3", "--seed", "9"]);
    let now = report(&workspace);
    assert_eq!(now["placements"][0]["direction_name"], "Infrastructure");
    let found = workspace.done(&[
        "search",
        "jobs",
        "Ceph",
        "--filter",
        "direction=Infrastructure",
        "--json",
        "--min-score",
        "0",
    ]);
    let found: Vec<Value> = serde_json::from_str(&found).unwrap();
    assert!(
        found.iter().any(|hit| hit["id"].as_str().unwrap().starts_with("storage")),
        "{found:?}"
    );
}
