//! Pages for people: what is in them, and that no text of a posting becomes markup.

use super::client::Server;
use crate::support::Workspace;

#[test]
fn search_roles_clusters_and_map_hang_together() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let home = server.get("/").body;
    assert!(home.contains("<h1>24 roles in 3 specialisations</h1>"), "{home}");
    assert!(home.contains("href=\"/clusters/2\"") && home.contains("href=\"/map\""), "{home}");

    let found = server.get("/?q=Ceph+disks&mode=lexical").body;
    assert!(found.contains("href=\"/roles/storage-0\""), "{found}");
    assert!(found.contains("<mark>Ceph</mark> clusters"), "{found}");
    assert!(found.contains("value=\"lexical\" checked"), "{found}");
    let part = server.get("/hits?q=Ceph+disks&mode=lexical").body;
    assert!(part.starts_with("<p class=\"count\">8 roles <a href=\"/map#q=Ceph+disks"), "{part}");
    assert!(found.contains(&part), "the page holds what it would be sent");
    assert!(server.get("/hits?q=Ceph&section=web&mode=lexical").body.contains("No role matches"));
    assert_eq!(server.get("/hits?q=+").body, "");

    let role = server.get("/roles/web-3").body;
    assert!(role.contains("网页前端开发 Cologne") && role.contains("负责页面交互"), "{role}");
    assert!(role.contains("href=\"/?q=React\"") && role.contains("href=\"/map#role=web-3\""));
    assert_eq!(role.matches("class=\"score\"").count(), 10, "ten similar roles");
    let cluster = role.split("href=\"/clusters/").nth(1).unwrap().split('"').next().unwrap();
    let cluster = server.get(&format!("/clusters/{cluster}")).body;
    assert!(cluster.contains("href=\"/roles/web-3\""), "{cluster}");

    let map = server.get("/map");
    assert!(map.body.contains("\"role\":\"/roles/\""), "it links to the pages");
    let from_disk = String::from_utf8(workspace.read("jobs/map.html")).unwrap();
    assert!(from_disk.contains("\"links\":null"), "from the disk there are none");
    map.is_guarded();
    for (target, kind) in [
        ("/serve.css", "text/css; charset=utf-8"),
        ("/serve.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let reply = server.get(target);
        assert_eq!((reply.status, reply.header("content-type")), (200, kind));
    }
}

#[test]
fn a_role_without_a_title_is_listed_by_its_first_words() {
    let workspace = Workspace::new();
    let untitled = r#"{"id": "x", "title": "", "description": "Keeps Ceph disks.\nOn call."}"#;
    workspace.write("a.jsonl", format!("{}{untitled}\n", crate::support::postings(4)));
    workspace.done(&["run", "a.jsonl", "--out", "jobs", "-k", "3", "--lang", "en"]);
    let server = Server::start(&workspace, &[]);
    let found = server.get("/hits?q=keeps&mode=lexical").body;
    assert!(found.contains("<mark>Keeps</mark> Ceph disks."), "{found}");
    assert!(server.get("/roles/x").body.contains("<h1 dir=\"auto\">Keeps Ceph disks.</h1>"));
    let cluster = server.json("/api/roles/x")["cluster"].as_u64().unwrap();
    let page = server.get(&format!("/clusters/{cluster}")).body;
    assert!(page.contains("<bdi>Keeps Ceph disks.</bdi>"), "{page}");
}

#[test]
fn a_specialisation_shows_its_roles_before_its_technologies() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let page = server.get("/clusters/1").body;
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what}: {page}"));
    assert!(at("href=\"/roles/") < at("<meter"));
    assert_eq!(page.matches("href=\"/roles/").count(), 8, "each once");
}

#[test]
fn what_a_person_set_is_marked() {
    let workspace = Workspace::with_run();
    let number = {
        let server = Server::start(&workspace, &[]);
        let role = server.json("/api/roles/storage-0");
        assert!(role.get("by_hand").is_none(), "{role}");
        role["cluster"].to_string()
    };
    workspace.done(&["rename", "jobs", &number, "Disks"]);
    workspace.done(&["move", "jobs", "web-3", "--to", &number]);
    let server = Server::start(&workspace, &[]);
    let role = server.json("/api/roles/web-3");
    assert_eq!(role["by_hand"], "moved", "{role}");
    let page = server.get("/roles/web-3").body;
    assert!(page.contains(" · ✎ moved here by a person"), "{page}");
    let page = server.get(&format!("/clusters/{}", role["cluster"])).body;
    assert!(page.contains(" · ✎ named by a person"), "{page}");
    assert_eq!(page.matches("aria-label=\"moved here by a person\"").count(), 1, "{page}");
    let page = server.get("/").body;
    assert_eq!(page.matches("aria-label=\"named by a person\"").count(), 1, "{page}");
    assert!(server.get("/map").body.contains("moved here by a person"));
}

#[test]
fn no_text_of_a_posting_becomes_markup() {
    let evil = "<script>alert('x')<img src=x onerror=\"alert(1)\">";
    // Reading takes tags out, and escaped ones where an end tag or a line break shows that they are
    // meant; what is escaped and never closed may be about a tag, and stays as it reads.
    let said = evil.replace('<', "&lt;").replace('>', "&gt;");
    let id = "a/../<x>\"'?#&%2F 存";
    let mut postings = crate::support::postings(6);
    let role = serde_json::json!({
        "id": id, "section": said, "title": format!("Ceph {said}"),
        "description": format!("Runs Ceph {said}\n\u{0}\u{1b}[1m\u{202e}"),
        "stack": [said, "Ceph"], "note": said,
    });
    postings.push_str(&format!("{role}\n"));
    let workspace = Workspace::new();
    workspace.write("a.jsonl", postings);
    workspace.done(&["run", "a.jsonl", "--out", "jobs", "-k", "3", "--lang", "en"]);
    let server = Server::start(&workspace, &[]);

    let hits = server.json("/api/search?q=script+alert+img+onerror&mode=lexical");
    assert_eq!(hits["hits"][0]["id"], id, "{hits}");
    assert_eq!(hits["hits"][0]["title"], format!("Ceph {evil}"), "JSON says it as it is");
    let path = "a%2F..%2F%3Cx%3E%22%27%3F%23%26%252F%20%E5%AD%98";
    let role = server.json(&format!("/api/roles/{path}"));
    assert_eq!((&role["id"], &role["fields"]["note"]), (&id.into(), &evil.into()));

    let cluster = role["cluster"].as_u64().unwrap();
    for target in [
        "/".to_string(),
        "/?q=script+alert+img+onerror&mode=lexical".into(),
        "/hits?q=script+alert+img+onerror&mode=lexical".into(),
        format!("/?q={}", path.replace("a%2F", "%3C%2Fscript%3E%3Cscript%3Ealert%28")),
        "/?q=x&section=%22%3E%3Cimg%20src%3Dx%3E&technology=%22%3E%3Cimg%20src%3Dx%3E".into(),
        format!("/roles/{path}"),
        "/roles/%3Cimg%20src%3Dx%3E%3Cscript%3Ealert".into(),
        format!("/clusters/{cluster}"),
    ] {
        let reply = server.get(&target);
        // 400: a filter on what no role has.
        assert!([200, 400, 404].contains(&reply.status), "{target}: {}", reply.status);
        let body = &reply.body;
        assert!(!body.contains("<img") && !body.contains("<x>"), "{target}: {body}");
        assert!(!body.contains("<script>"), "{target}: {body}");
        let ours = if target.starts_with("/hits") { 0 } else { 1 };
        assert_eq!(body.matches("<script").count(), ours, "{target}: {body}");
        assert!(!body.contains(['\0', '\u{1b}']), "{target}");
    }
    let page = server.get(&format!("/roles/{path}")).body;
    assert!(page.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"), "{page}");
    let found = server.get("/?q=script+alert&mode=lexical").body;
    assert!(found.contains(&format!("href=\"/roles/{path}\"")), "{found}");
    assert!(found.contains("&lt;<mark>script</mark>&gt;"), "{found}");
}
