//! `rolecluster search`.

use serde_json::Value;

use crate::support::Workspace;

const FIELDS: [&str; 9] = [
    "rank",
    "id",
    "title",
    "score",
    "cluster",
    "cluster_name",
    "direction",
    "direction_name",
    "section",
];

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
    let lines = ask(&["search", "jobs", "-k", "2", "--min-score", "0", "--json"]);
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.lines().all(|line| hits(line).len() == 2));
    let text = ask(&["search", "jobs", "-k", "1"]);
    assert!(text.starts_with("> Ceph\n1  "), "{text}");
    assert!(text.contains("\n> 前端\n1  "), "{text}");
}

#[test]
fn asking_for_more_roles_than_there_are_gives_all() {
    let workspace = Workspace::with_run();
    assert_eq!(
        hits(&workspace.done(&["search", "jobs", "x", "-k", "999", "--min-score", "0", "--json"]))
            .len(),
        24
    );
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
        let mut args =
            vec!["search", "jobs", "Ceph disks", "-k", "50", "--min-score", "0", "--json"];
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
    assert!(said.contains("no role has a field \"planet\"; there are: "), "{said}");
    assert!(said.contains("cluster, direction, language, section, technology, title"), "{said}");
    let said = workspace.said(&["search", "jobs", "x", "--mode", "psychic"]);
    assert!(said.contains("possible values: hybrid, semantic, lexical"), "{said}");
}

#[test]
fn filters_take_every_spelling_and_say_what_there_is() {
    let workspace = Workspace::with_run();
    let ask = |filter: &str| {
        workspace.said(&[
            "search",
            "jobs",
            "Ceph",
            "--json",
            "--min-score",
            "0",
            "--filter",
            filter,
        ])
    };
    assert_eq!(ask("technology=ceph"), ask("technology=Ceph"));
    for (filter, told) in [
        ("technology=Cephh", "no role has technology=cephh; the nearest are Ceph, "),
        ("language=klingon", "no role has language=klingon; the nearest are en"),
        ("section=sotrage", "no role has section=sotrage; the nearest are storage, "),
        ("cluster=99", "no role has cluster=99; the nearest are "),
        ("section>=2", "section>=2 compares numbers or dates, and no role has one"),
        ("posted>=soon", "is no number or date, such as 20000"),
    ] {
        let said = ask(filter);
        assert!(said.starts_with("exit code 2\n") && said.contains(told), "{filter}: {said}");
    }
}

#[test]
fn numbers_and_dates_of_the_input_are_compared() {
    let workspace = Workspace::new();
    let row = |id: usize, salary: &str, posted: &str| {
        format!(
            "{{\"id\":\"{id}\",\"title\":\"Storage engineer {id}\",\"description\":\"Runs Ceph \
             clusters in hall {id}\",\"salary\":\"{salary}\",\"posted\":\"{posted}\"}}\n"
        )
    };
    let rows = [
        row(1, "18000", "2025-12-30"),
        row(2, "20,000-25,000", "2026-01-02"),
        row(3, "30k", "2026-02-01"),
        row(4, "negotiable", ""),
    ];
    workspace.write("a.jsonl", rows.concat());
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    let ids = |filter: &str| {
        let args = ["search", "jobs", "Ceph", "--min-score", "0", "--json", "--filter", filter];
        let mut ids: Vec<String> =
            hits(&workspace.done(&args)).iter().map(|hit| hit["id"].to_string()).collect();
        ids.sort();
        ids.join(" ").replace('"', "")
    };
    assert_eq!(ids("salary>=20000"), "2 3");
    assert_eq!(ids("salary<20000"), "1");
    assert_eq!(ids("posted>=2026-01"), "2 3");
    assert_eq!(ids("posted<=2026-01"), "1 2");
    assert_eq!(ids("posted<2026"), "1");
    let said = workspace.said(&["search", "jobs", "Ceph", "--filter", "title>=3"]);
    assert!(said.contains("title>=3 compares numbers or dates"), "{said}");
}

#[test]
fn slips_of_the_pen_and_denials_are_said() {
    let workspace = Workspace::with_run();
    let say =
        |query: &str| workspace.said(&["search", "jobs", query, "-k", "1", "--mode", "lexical"]);
    for (query, told) in [
        ("clustesr", "note: showing results for \"clusters\"\n"),
        ("Berlin, no Ceph", "note: roles about \"Ceph\" come later\n"),
        ("zzzz", "note: no role matches\n"),
    ] {
        let said = say(query);
        assert!(said.contains(told), "{query}: {said}");
    }
    assert!(
        say("Berlin, no Ceph").contains("Berlin") && !say("Berlin, no Ceph").contains("Storage")
    );
}

#[test]
fn a_score_cuts() {
    let workspace = Workspace::with_run();
    let ask = |least: &str| {
        let args = ["search", "jobs", "Ceph", "-k", "50", "--json", "--min-score", least];
        hits(&workspace.done(&args))
    };
    assert_eq!(ask("0").len(), 24);
    let most = ask("0.5");
    assert!(!most.is_empty() && most.iter().all(|hit| hit["score"].as_f64().unwrap() >= 0.5));
    assert!(ask("1").len() < most.len());
    let (code, stderr) = workspace.failed(&["search", "jobs", "x", "--min-score", "7"]);
    assert!(code == 2 && stderr.contains("from 0 to 1"), "{stderr}");
}
