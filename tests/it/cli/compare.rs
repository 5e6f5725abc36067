//! `rolecluster compare`.

use serde_json::Value;

use crate::support::{Workspace, postings};

#[test]
fn a_run_and_itself_have_stayed() {
    let workspace = Workspace::with_run();
    let found: Value =
        serde_json::from_str(&workspace.done(&["compare", "jobs", "jobs", "--json"])).unwrap();
    let fates = found["specialisations"].as_array().unwrap();
    assert_eq!(fates.len(), 3);
    assert!(fates.iter().all(|fates| fates["fate"] == "stayed"), "{found}");
    let text = workspace.done(&["compare", "jobs", "jobs", "--lang", "en"]);
    assert!(text.contains("## Stayed (3)") && text.contains("None beyond chance."), "{text}");
    let text = workspace.done(&["compare", "jobs", "jobs", "--lang", "zh"]);
    assert!(text.contains("## 基本不变 (3)"), "{text}");
    let page = workspace.done(&["compare", "jobs", "jobs", "--format", "html", "--lang", "en"]);
    assert!(page.contains("<h2>Stayed (3)</h2>") && !page.contains("<script"), "{page}");
    workspace.done(&["compare", "jobs", "jobs", "--format", "html", "--out", "page.html"]);
    assert!(workspace.read("page.html").starts_with(b"<!doctype html>"));
    let (code, stderr) = workspace.failed(&["compare", "jobs", "jobs", "--format", "csv"]);
    assert!(code == 2 && stderr.contains("markdown, html, json"), "{stderr}");
}

#[test]
fn what_is_in_one_run_only_appeared() {
    let workspace = Workspace::with_run();
    let only: String = postings(8)
        .lines()
        .filter(|line| !line.contains("React"))
        .map(|l| format!("{l}\n"))
        .collect();
    workspace.write("fewer.jsonl", only);
    workspace.done(&["run", "fewer.jsonl", "--out", "fewer", "-k", "2", "--lang", "en", "--quiet"]);
    let found: Value =
        serde_json::from_str(&workspace.done(&["compare", "fewer", "jobs", "--json"])).unwrap();
    let appeared: Vec<&Value> = found["specialisations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|fates| fates["fate"] == "appeared")
        .collect();
    assert_eq!(appeared.len(), 1, "{found}");
    assert!(appeared[0]["after"][0]["name"].as_str().unwrap().contains("React"));
    let changes = found["technologies"]["changes"].as_array().unwrap();
    assert_eq!(changes[0]["name"], "React");
}

#[test]
fn runs_of_two_models_are_refused() {
    let workspace = Workspace::with_run();
    workspace.write("a.jsonl", postings(3));
    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/models/tiny-xlm-roberta");
    workspace.done(&["run", "a.jsonl", "--out", "b", "-k", "2", "--quiet", "--model", other]);
    let (code, stderr) = workspace.failed(&["compare", "jobs", "b"]);
    assert_eq!(code, 6);
    assert!(stderr.contains("vectors of two models are never compared"), "{stderr}");
}

/// Clusters six roles, a line each: title and description.
fn clustered(workspace: &Workspace, name: &str, roles: [(&str, &str); 6]) {
    let line = |(title, description): (&str, &str)| {
        serde_json::json!({ "title": title, "description": description }).to_string() + "\n"
    };
    let file = format!("{name}.jsonl");
    workspace.write(&file, roles.into_iter().map(line).collect::<String>());
    workspace.done(&["run", &file, "--out", name, "-k", "2", "--quiet"]);
}

#[test]
fn runs_in_two_languages_are_warned_of() {
    let workspace = Workspace::new();
    let chinese = [
        ("存储工程师", "负责分布式存储集群的运维与磁盘调优"),
        ("前端开发", "负责网页交互与组件库的建设"),
        ("数据分析师", "为销售团队编写每周的报表与查询"),
        ("测试工程师", "编写自动化测试用例并跟踪缺陷"),
        ("护士", "在病房照顾病人并记录用药情况"),
        ("会计", "核对账目，编制报表，申报税款"),
    ];
    let english = [
        ("Storage engineer", "Runs the storage clusters and tunes their disks"),
        ("Web developer", "Builds pages and the parts they are made of"),
        ("Data analyst", "Writes reports and queries for the sales people every week"),
        ("Tester", "Writes automated tests and keeps track of what they find"),
        ("Nurse", "Looks after the patients of a ward and notes what they are given"),
        ("Accountant", "Checks the books and files the taxes of small companies"),
    ];
    clustered(&workspace, "north", chinese);
    clustered(&workspace, "south", english);
    let output = workspace.command(&["compare", "north", "south", "--json"]).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["languages"], serde_json::json!(["zh", "en"]));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("most roles of north are in zh, and most of south in en"), "{stderr}");
    let page = workspace.done(&["compare", "north", "south", "--lang", "en"]);
    assert!(page.contains("put both languages into one run"), "{page}");
    let same = workspace.said(&["compare", "south", "south", "--json"]);
    assert!(!same.contains("warning") && !same.contains("\"languages\""), "{same}");
}
