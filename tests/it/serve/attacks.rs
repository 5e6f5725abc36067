//! Clients that are slow, silent, many or sly: none learns anything, and none keeps others out.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::client::Server;
use crate::support::Workspace;

/// Until a slow client must have been cut off: far more than the program waits.
const PATIENCE: Duration = Duration::from_secs(120);

/// Reads to the end of what comes; the end may be a reset.
fn is_cut_off(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    match stream.read_to_end(&mut Vec::new()) {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

/// Sends the head of a request byte by byte, never the end of it, until the server has enough.
fn dribbles(mut stream: TcpStream) -> bool {
    let began = Instant::now();
    write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ").unwrap();
    while began.elapsed() < PATIENCE {
        if stream.write_all(b"x").is_err() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    false
}

/// Asks for far more than the buffers of the system hold, reads nothing, and goes on asking until
/// the server has enough.
fn never_reads(mut stream: TcpStream, host: &str) -> bool {
    let began = Instant::now();
    stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    let request = format!("GET /map HTTP/1.1\r\nHost: {host}\r\n\r\n").repeat(50);
    let mut left = Vec::new();
    while began.elapsed() < PATIENCE {
        if left.is_empty() {
            left = request.clone().into_bytes();
        }
        match stream.write(&left) {
            Ok(n) => drop(left.drain(..n)),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return true,
        }
    }
    false
}

#[test]
fn slow_clients_are_cut_off_and_keep_nobody_waiting() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    std::thread::scope(|scope| {
        let mut slow = Vec::new();
        // Nothing at all, half a head, and a body that is promised and never comes.
        for beginning in [
            "",
            "GET / HTTP/1.1\r\nHost: ",
            "GET /api/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
        ] {
            let mut stream = server.connect();
            stream.write_all(beginning.as_bytes()).unwrap();
            slow.push((beginning, scope.spawn(move || is_cut_off(&mut stream))));
        }
        for _ in 0..20 {
            let stream = server.connect();
            slow.push(("dribbles", scope.spawn(move || dribbles(stream))));
        }
        for _ in 0..4 {
            let (stream, host) = (server.connect(), server.address.clone());
            slow.push(("never reads", scope.spawn(move || never_reads(stream, &host))));
        }
        for _ in 0..20 {
            assert_eq!(server.json("/api/health")["status"], "ok");
            assert_eq!(server.get("/?q=Ceph").status, 200);
        }
        for (what, client) in slow {
            assert!(client.join().unwrap(), "{what:?} is still connected");
        }
    });
    assert_eq!(server.json("/api/health")["status"], "ok");
}

/// Whether requests are answered while so many clients are connected and say nothing.
fn answers_beside(n_idle: usize) {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let mut kept_open = server.connect();
    let ask = |stream: &mut TcpStream| {
        write!(stream, "GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let mut lines = head.lines();
        let length = lines.find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.unwrap().parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
    };
    let mut idle = Vec::with_capacity(n_idle);
    for n in 0..n_idle {
        idle.push(server.connect());
        // One that asks now and then is not among those that wait longest.
        if n % 100 == 0 {
            ask(&mut kept_open);
        }
    }
    ask(&mut kept_open);
    for _ in 0..5 {
        assert_eq!(server.json("/api/search?q=Ceph&k=1")["hits"].as_array().unwrap().len(), 1);
        ask(&mut kept_open);
    }
    drop(idle);
}

#[test]
fn idle_connections_keep_nobody_out() {
    answers_beside(1_000.min(file_handles() - 100));
}

#[test]
#[ignore = "needs 10,000 file handles in one process: `ulimit -n 11000` first"]
fn ten_thousand_idle_connections_keep_nobody_out() {
    answers_beside(10_000);
}

/// How many files this process may have open.
fn file_handles() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    soft.unwrap_or(256)
}

#[test]
fn no_path_leaves_what_is_served() {
    let workspace = Workspace::with_run();
    workspace.write("secret.txt", "root:x:0:0");
    let server = Server::start(&workspace, &[]);
    let ways_up =
        ["..", "%2e%2e", ".%2e", "%252e%252e", "..;", "..\\", "..%5c", "..%2f", "%c0%ae%c0%ae"];
    let mut targets: Vec<String> = Vec::new();
    for up in ways_up {
        for name in ["secret.txt", "jobs/manifest.json", "etc/passwd", "jobs%2fmanifest.json"] {
            targets.push(format!("/{up}/{name}"));
            targets.push(format!("/{}{name}", format!("{up}/").repeat(9)));
            targets.push(format!("//{up}//{name}"));
            targets.push(format!("/serve.css/{up}/{name}"));
            targets.push(format!("/roles/{up}/{name}"));
            targets.push(format!("/clusters/{up}%2f{name}"));
            targets.push(format!("/api/roles/{up}%2f{name}/similar"));
            targets.push(format!("/map/{up}/{name}%00.html"));
        }
    }
    for name in ["manifest.json", "roles.parquet", "report.json", "map.html", "cache", ".lock"] {
        targets.extend([format!("/{name}"), format!("//{name}"), format!("/jobs/{name}")]);
        targets.push(format!("/%00{name}"));
        targets.push(format!("/{}", workspace.path().join("jobs").join(name).display()));
    }
    for target in &targets {
        let reply = server.get(target);
        assert!([400, 404].contains(&reply.status), "{target}: {}", reply.status);
        // One that the HTTP parser itself refuses has no body.
        if !reply.body.is_empty() {
            reply.is_guarded();
        }
        for content in ["root:x:0:0", "format_version", "PAR1", "\"files\""] {
            assert!(!reply.body.contains(content), "{target}: {}", reply.body);
        }
    }
    for raw in
        ["/\0", "/roles/\0", "/a b", "\\..\\..\\secret.txt", "secret.txt", "file:///etc/passwd", ""]
    {
        let host = &server.address;
        let request = format!("GET {raw} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let reply = server.send(&request);
        assert!((400..500).contains(&reply.status), "{raw:?}: {}", reply.status);
    }
    assert_eq!(server.json("/api/health")["status"], "ok");
}

#[test]
fn heads_that_are_too_large_are_refused() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let host = &server.address;
    let large = "x".repeat(8 << 20);
    let lines = "X-Line: y\r\n".repeat(200_000);
    for (what, request, statuses) in [
        ("a header", format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: {large}\r\n\r\n"), &[431][..]),
        ("a name", format!("GET / HTTP/1.1\r\nHost: {host}\r\n{large}: x\r\n\r\n"), &[431]),
        ("lines", format!("GET / HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n"), &[431]),
        ("a path", format!("GET /{large} HTTP/1.1\r\nHost: {host}\r\n\r\n"), &[414, 431]),
        ("a method", format!("{large} / HTTP/1.1\r\nHost: {host}\r\n\r\n"), &[400, 414, 431]),
        ("a cookie", format!("GET / HTTP/1.1\r\nHost: {host}\r\nCookie: {large}\r\n\r\n"), &[431]),
    ] {
        let mut stream = server.connect();
        // The answer may come, and the connection end, before all is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut said = [0; 12];
        // A reset may overtake the answer; then there is none, and no content either.
        if stream.read_exact(&mut said).is_ok() {
            let status = String::from_utf8_lossy(&said[9..]).parse::<u16>().unwrap();
            assert!(statuses.contains(&status), "{what}: {status}");
        }
        assert_eq!(server.json("/api/health")["status"], "ok", "after {what}");
    }
}

#[test]
fn every_page_has_a_strict_policy_and_no_script_of_its_own() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    let pages =
        ["/", "/?q=Ceph", "/hits?q=Ceph", "/roles/web-1", "/clusters/1", "/nowhere", "/map"];
    let others = ["/api/clusters", "/openapi.json", "/serve.js", "/serve.css", "/icon.svg"];
    for target in pages.iter().chain(&others) {
        let reply = server.get(target);
        reply.is_guarded();
        let policy = reply.header("content-security-policy").to_string();
        assert!(!policy.contains("unsafe"), "{target}: {policy}");
        let rule = |name: &str| {
            let rules = policy.split(';').map(str::trim);
            rules
                .filter_map(|rule| rule.strip_prefix(name))
                .next()
                .unwrap_or_default()
                .trim()
                .to_string()
        };
        assert_eq!(rule("frame-ancestors"), "'none'", "{target}");
        assert_eq!(rule("base-uri"), "'none'", "{target}");
        let body = &reply.body;
        if *target == "/map" {
            // One script, by its hash; all else that looks like one is data.
            assert!(rule("script-src").starts_with("'sha256-"), "{policy}");
            let inside = body.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
            let inside = inside.split('"').next().unwrap();
            assert_eq!(policy, format!("{inside}; frame-ancestors 'none'"));
            assert_eq!(body.matches("<script>").count(), 1);
            let data = body.matches("<script type=\"application/json\"").count();
            assert_eq!(body.matches("<script").count(), 1 + data);
        } else if pages.contains(target) {
            assert_eq!(rule("script-src"), "'self'", "{target}");
            let scripts = body.matches("<script").count();
            let from_file = body.matches("<script src=\"/serve.js\" defer></script>").count();
            assert_eq!(scripts, from_file, "{target}");
            assert!(!body.contains("<style") && !body.contains(" style="), "{target}");
        }
        if pages.contains(target) {
            let markup = body.split("<script").next().unwrap();
            for handler in [" onclick=", " onload=", " onerror=", " onsubmit=", "javascript:"] {
                assert!(!markup.contains(handler), "{target}: {handler}");
            }
        }
    }
}
