//! The JSON API: as its OpenAPI file says, and the same answers as the command line.

use serde_json::Value;

use super::client::Server;
use super::schema::faults;
use crate::support::Workspace;

/// A value as it stands in an address.
fn encoded(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The address an operation's examples make; `with_all` also gives what may be left out.
fn example(path: &str, operation: &Value, with_all: bool) -> String {
    let (mut path, mut query) = (path.to_string(), Vec::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, value) = (parameter["name"].as_str().unwrap(), &parameter["example"]);
        if parameter["in"] == "path" {
            path = path.replace(&format!("{{{name}}}"), &encoded(value));
        } else if with_all || parameter["required"] == true {
            match value {
                Value::Array(all) => {
                    query.extend(all.iter().map(|one| format!("{name}={}", encoded(one))));
                }
                one => query.push(format!("{name}={}", encoded(one))),
            }
        }
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

#[test]
fn every_route_of_the_openapi_file_answers_as_it_says() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let document = server.json("/openapi.json");
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 6);
    for (path, methods) in paths {
        let operation = &methods["get"];
        for with_all in [false, true] {
            let target = example(path, operation, with_all);
            let reply = server.get(&target);
            assert_eq!(reply.status, 200, "{target}: {}", reply.body);
            reply.is_guarded();
            let described = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            assert_eq!(faults(&document, described, &reply.json()), [""; 0], "{target}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let schema = &response["content"]["application/json"]["schema"];
            let is_error = schema["$ref"] == "#/components/schemas/Error";
            assert_eq!(is_error, status != "200", "{path} {status}");
        }
    }
    let error = &document["components"]["schemas"]["Error"];
    for target in ["/api/roles/nobody", "/api/search", "/api/nowhere", "/api/search?q=x&k=0"] {
        assert_eq!(faults(&document, error, &server.get(target).json()), [""; 0], "{target}");
    }
}

#[test]
fn the_search_is_the_one_of_the_command_line() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    for mode in ["hybrid", "semantic", "lexical"] {
        for filter in ["section=web", "language=zh", "technology=Ceph", "cluster=1"] {
            let args = ["search", "jobs", "Ceph 组件库", "-k", "5", "--json"];
            let said = workspace.done(&[&args[..], &["--mode", mode, "--filter", filter]].concat());
            let expected: Vec<Value> = serde_json::from_str(&said).unwrap();
            let filter = filter.replace('=', "%3D");
            let target = format!(
                "/api/search?q=Ceph+%E7%BB%84%E4%BB%B6%E5%BA%93&k=5&mode={mode}&filter={filter}"
            );
            let answer = server.json(&target);
            assert_eq!(answer["query"], "Ceph 组件库");
            let hits: Vec<Value> = answer["hits"].as_array().unwrap().clone();
            let plain = |hit: &Value| {
                let mut hit = hit.clone();
                hit.as_object_mut().unwrap().remove("explanation");
                hit
            };
            let hits: Vec<Value> = hits.iter().map(plain).collect();
            assert_eq!(hits, expected, "{mode} {filter}");
        }
    }
    let why = &server.json("/api/search?q=disks+with+Ceph&mode=lexical&k=1")["hits"][0];
    assert_eq!(why["explanation"]["technologies"], serde_json::json!(["Ceph"]), "{why}");
    assert_eq!(why["explanation"]["words"], serde_json::json!(["disks", "ceph"]), "{why}");
}

#[test]
fn roles_and_what_is_like_them() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let role = server.json("/api/roles/web-3");
    assert_eq!(role["title"], "网页前端开发 Cologne");
    assert_eq!(role["technologies"], serde_json::json!(["React"]));
    assert_eq!((&role["section"], &role["language"]), (&"web".into(), &"zh".into()));
    let near = server.json("/api/roles/web-3/similar?k=7");
    let hits = near["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 7);
    assert!(hits.iter().all(|hit| hit["section"] == "web" && hit["id"] != "web-3"), "{near}");
    let clusters = server.json("/api/clusters");
    assert_eq!(clusters["n_roles"], 24);
    let sizes =
        clusters["clusters"].as_array().unwrap().iter().map(|c| c["size"].as_u64().unwrap());
    assert_eq!(sizes.sum::<u64>(), 24);
}

#[test]
fn what_was_opened_is_served_whatever_becomes_of_the_folder() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let before = server.json("/api/clusters");
    workspace.done(&["cluster", "jobs", "-k", "2", "--lang", "en"]);
    assert_eq!(server.json("/api/clusters"), before);
    std::fs::remove_dir_all(workspace.path().join("jobs")).unwrap();
    assert_eq!(server.json("/api/clusters"), before);
    assert_eq!(server.json("/api/search?q=Ceph&k=3")["hits"].as_array().unwrap().len(), 3);
    assert_eq!(server.get("/map").status, 200);
}

#[test]
fn a_folder_that_is_embedded_only_is_served_without_clusters() {
    let workspace = Workspace::new();
    workspace.write("a.jsonl", crate::support::postings(3));
    workspace.done(&["embed", "a.jsonl", "--out", "jobs"]);
    let server = Server::start(&workspace, &[]);
    assert_eq!(server.json("/api/clusters")["clusters"], serde_json::json!([]));
    assert_eq!(server.json("/api/roles/web-0")["cluster"], Value::Null);
    assert_eq!(server.json("/api/search?q=Ceph&k=1")["hits"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/").status, 200);
    let map = server.get("/map");
    assert_eq!((map.status, map.body.contains("rolecluster cluster")), (404, true));
}
