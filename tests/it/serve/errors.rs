//! What is refused, by which status, in which shape.

use super::client::Server;
use crate::support::Workspace;

#[test]
fn errors_are_json_below_api_and_pages_elsewhere() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let long_query = format!("/api/search?q={}", "x".repeat(3001));
    let long_address = format!("/api/search?q={}", "x".repeat(40_000));
    for (target, status, word) in [
        ("/api/search", 400, "q is missing"),
        ("/api/search?q=%20", 400, "empty"),
        ("/api/search?q=x&k=0", 400, "from 1 to 100"),
        ("/api/search?q=x&k=9999999999999999999999", 400, "from 1 to 100"),
        ("/api/search?q=x&mode=psychic", 400, "hybrid, semantic and lexical"),
        ("/api/search?q=x&filter=section", 400, "FIELD=VALUE"),
        ("/api/search?q=x&filter=planet%3Dmars", 400, "planet"),
        ("/api/search?q=x&colour=red", 400, "colour"),
        ("/api/clusters?k=3", 400, "\"k\""),
        ("/api/roles/nobody", 404, "nobody"),
        ("/api/roles/nobody/similar", 404, "nobody"),
        ("/api/roles/%FF", 400, "UTF-8"),
        ("/api/nowhere", 404, "no such page"),
        ("/api/", 404, "no such page"),
        (&long_query, 414, "3000 characters"),
        (&long_address, 414, "32768 bytes"),
    ] {
        let reply = server.get(target);
        assert_eq!(reply.status, status, "{target:.60}: {}", reply.body);
        assert!(reply.error().contains(word), "{target:.60}: {}", reply.body);
        reply.is_guarded();
    }
    for (target, status) in [
        ("/nowhere", 404),
        ("/roles/nobody", 404),
        ("/roles/", 404),
        ("/clusters/99", 404),
        ("/clusters/none", 404),
        ("/clusters/99999999999999999999", 404),
    ] {
        let reply = server.get(target);
        assert_eq!(reply.status, status, "{target}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert!(reply.body.starts_with("<!DOCTYPE html>"), "{}", reply.body);
        reply.is_guarded();
    }
    // Something typed into a box is answered in its place.
    let reply = server.get(&format!("/hits?q={}", "x".repeat(3001)));
    assert_eq!((reply.status, reply.body.starts_with("<p class=\"count\">")), (414, true));
}

#[test]
fn other_methods_bodies_and_half_requests() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let request = |method: &str, target: &str, more: &str| {
        let host = &server.address;
        server.send(&format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n"
        ))
    };
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let reply = request(method, "/api/search?q=x", "Content-Length: 0\r\n");
        assert_eq!(reply.status, 405, "{method}");
        assert!(reply.error().contains("GET"), "{}", reply.body);
        assert!(reply.header("allow").contains("GET"), "{:?}", reply.headers);
    }
    let reply = request("POST", "/", "Content-Length: 0\r\n");
    assert_eq!((reply.status, reply.body.contains("<!DOCTYPE html>")), (405, true));
    let reply = request("POST", "/api/search", "Content-Length: 999999999999\r\n");
    assert_eq!(reply.status, 413);
    assert!(reply.error().contains("16384 bytes"), "{}", reply.body);

    let reply = request("HEAD", "/api/health", "");
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert_ne!(reply.header("content-length"), "0");

    assert_eq!(server.send("NONSENSE\r\n\r\n").status, 400);
    let endless = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    assert_eq!(server.send(&endless).status, 431);
    assert_eq!(server.json("/api/health")["status"], "ok", "it is well after all that");
}

#[test]
fn other_names_and_other_sites_are_turned_away() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let port = server.address.rsplit(':').next().unwrap();
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let host = format!("{host}:{port}");
        assert_eq!(server.get_with("/api/health", &[("Host", &host)]).status, 200, "{host}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""] {
        let reply = server.get_with("/api/health", &[("Host", host)]);
        assert_eq!(reply.status, 421, "{host}");
        assert!(!reply.body.contains("n_roles"));
        reply.is_guarded();
    }
    let absolute =
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(server.send(absolute).status, 421);
    let none = server.send("GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!(none.status, 400);
    let two =
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(server.send(two).status, 400);

    let from = |site| server.get_with("/api/search?q=x", &[("Sec-Fetch-Site", site)]).status;
    assert_eq!((from("same-origin"), from("none"), from("cross-site")), (200, 200, 403));
    let link = server.get_with("/", &[("Sec-Fetch-Site", "cross-site")]);
    assert_eq!(link.status, 200, "a link from elsewhere may lead here");
}

#[test]
fn what_keeps_it_from_starting_has_its_exit_code() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let port = server.address.rsplit(':').next().unwrap();
    let (code, said) = workspace.failed(&["serve", "jobs", "--port", port]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{said}");
    assert!(said.contains("--port"), "{said}");

    let (code, said) = workspace.failed(&["serve", "nowhere"]);
    assert_eq!(code, 6, "{said}");
    let (code, said) = workspace.failed(&["serve", "jobs", "--port", "0", "--model", "./gone"]);
    assert_eq!(code, 5, "{said}");
    let (code, said) = workspace.failed(&["serve", "jobs", "--port", "70000"]);
    assert_eq!(code, 2, "{said}");
    let (code, said) = workspace.failed(&["serve", "jobs", "--listen", "0.0.0.0:0"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--token"), "{said}");
    let (code, said) = workspace.failed(&["serve", "jobs", "--token", "short"]);
    assert_eq!(code, 2, "{said}");

    let vectors = workspace.path().join("jobs/vectors.parquet");
    let mut bytes = std::fs::read(&vectors).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&vectors, bytes).unwrap();
    let (code, said) = workspace.failed(&["serve", "jobs", "--port", "0"]);
    assert_eq!(code, 6, "{said}");
    assert!(said.contains("vectors.parquet is damaged"), "{said}");
}
