//! The protocol: handshake, lists, resources, the end.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Session;
use crate::serve::closed;
use crate::support::{Workspace, postings};

fn names(list: &Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn tools_are_described_and_read_only() {
    let workspace = Workspace::with_run();
    let mut session = Session::start(&workspace);
    let tools = session.ask("tools/list", json!({}));
    let expected = [
        "assign_text",
        "compare_specialisations",
        "get_role",
        "get_specialisation",
        "list_specialisations",
        "search_roles",
        "similar_roles",
    ];
    assert_eq!(names(&tools["tools"]), BTreeSet::from(expected));
    for tool in tools["tools"].as_array().unwrap() {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["annotations"]["openWorldHint"], false, "{tool}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{tool}");
        assert_eq!(tool["outputSchema"]["type"], "object", "{tool}");
        for schema in [&tool["inputSchema"], &tool["outputSchema"]] {
            for (name, property) in schema["properties"].as_object().unwrap() {
                let said = property["description"].as_str().unwrap_or_default();
                assert!(said.len() > 5, "{}: {name} is not described", tool["name"]);
            }
        }
    }
}

#[test]
fn answers_are_as_the_schemas_say() {
    let workspace = Workspace::with_run();
    let mut session = Session::start(&workspace);
    let tools = session.ask("tools/list", json!({}));
    for (name, arguments) in [
        ("search_roles", json!({ "query": "Ceph disks", "k": 3 })),
        ("search_roles", json!({ "query": "Ceph", "mode": "lexical", "filters": ["section=web"] })),
        ("similar_roles", json!({ "id": "storage-2" })),
        ("get_role", json!({ "id": "web-3" })),
        ("list_specialisations", json!({})),
        ("get_specialisation", json!({ "specialisation": 1 })),
        ("compare_specialisations", json!({ "first": "1", "second": 2 })),
        ("assign_text", json!({ "text": "Runs Ceph clusters and tunes disks" })),
    ] {
        let tool = tools["tools"].as_array().unwrap().iter().find(|t| t["name"] == name).unwrap();
        let mut schema = tool["outputSchema"].clone();
        closed(&mut schema);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let answer = session.answer(name, arguments);
        let faults: Vec<String> =
            validator.iter_errors(&answer).map(|e| format!("{}: {e}", e.instance_path)).collect();
        assert_eq!(faults, [""; 0], "{name}: {answer}");
    }
}

#[test]
fn the_report_is_a_resource() {
    let workspace = Workspace::with_run();
    let mut session = Session::start(&workspace);
    let listed = session.ask("resources/list", json!({}));
    assert_eq!(names(&listed["resources"]), BTreeSet::from(["report.json", "report.md"]));
    let mut read = |name: &str| {
        let uri = format!("rolecluster://{name}");
        let content = session.ask("resources/read", json!({ "uri": uri }))["contents"][0].clone();
        content["text"].as_str().unwrap().to_string()
    };
    assert_eq!(read("report.md").as_bytes(), workspace.read("jobs/report.md"));
    let report: Value = serde_json::from_str(&read("report.json")).unwrap();
    let on_disk: Value = serde_json::from_slice(&workspace.read("jobs/report.json")).unwrap();
    assert_eq!(report["profiles"], on_disk["profiles"]);
    assert_eq!(report["placements"], on_disk["placements"]);
    let error = session.exchange("resources/read", json!({ "uri": "file:///etc/passwd" }));
    let said = error["error"]["message"].as_str().unwrap();
    assert!(said.contains("rolecluster://report.md"), "{said}");
}

#[test]
fn it_ends_with_its_input_and_writes_nothing_else() {
    let workspace = Workspace::with_run();
    let before = folder(&workspace);
    let mut session = Session::start(&workspace);
    session.answer("search_roles", json!({ "query": "Ceph" }));
    session.answer("assign_text", json!({ "text": "Runs Ceph" }));
    let (code, said) = session.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("note: answering the Model Context Protocol"), "{said}");
    assert_eq!(folder(&workspace), before);
    // A client that goes away without a word is no failure either.
    assert_eq!(Session::silent(&workspace).end().0, Some(0));
}

/// Names and sizes of the files of the run folder.
fn folder(workspace: &Workspace) -> Vec<(String, u64)> {
    let files = std::fs::read_dir(workspace.path().join("jobs")).unwrap().map(Result::unwrap);
    let mut found: Vec<(String, u64)> = files
        .map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().len()))
        .collect();
    found.sort();
    found
}

#[test]
fn what_is_no_message_is_not_the_end() {
    let workspace = Workspace::with_run();
    let mut session = Session::start(&workspace);
    session.send(&json!("not a request"));
    let error = session.receive();
    assert_eq!((&error["error"]["code"], &error["id"]), (&json!(-32600), &Value::Null), "{error}");
    let error = session.exchange("nonsense/method", json!({}));
    assert_eq!(error["error"]["code"], -32601, "{error}");
    assert!(session.answer("get_role", json!({ "id": "web-1" }))["id"] == "web-1");
}

#[test]
fn a_folder_that_is_embedded_only_is_searched_without_specialisations() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    let mut session = Session::start(&workspace);
    assert_eq!(session.ask("resources/list", json!({}))["resources"], json!([]));
    let hits = session.answer("search_roles", json!({ "query": "Ceph", "k": 1 }));
    assert_eq!(hits["hits"].as_array().unwrap().len(), 1);
    for (tool, arguments) in
        [("list_specialisations", json!({})), ("assign_text", json!({ "text": "Ceph" }))]
    {
        let said = session.refusal(tool, arguments);
        assert!(said.contains("rolecluster cluster"), "{said}");
    }
}

#[test]
fn a_folder_without_a_run_is_refused_before_the_protocol() {
    let (code, stderr) = Workspace::new().failed(&["mcp", "nowhere"]);
    assert_eq!(code, 6);
    assert!(stderr.contains("holds no finished run"), "{stderr}");
}
