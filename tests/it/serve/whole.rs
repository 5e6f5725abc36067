//! The program as a whole: under load, and at its end.

use std::io::{Read, Write};
use std::process::Command;

use super::client::Server;
use crate::support::Workspace;

/// Several requests on one connection; the answers are told apart by their length.
fn ask_in_turn(server: &Server, targets: &[&str]) -> Vec<u16> {
    let mut stream = server.connect();
    let mut statuses = Vec::new();
    for target in targets {
        write!(stream, "GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        statuses.push(head.split(' ').nth(1).unwrap().parse().unwrap());
    }
    statuses
}

#[test]
fn many_at_once_are_all_answered() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &[]);
    std::thread::scope(|scope| {
        let ask = || {
            let targets =
                ["/api/search?q=Ceph+disks", "/roles/web-1", "/api/health", "/hits?q=SQL", "/"];
            assert_eq!(ask_in_turn(&server, &targets.repeat(3)), [200; 15]);
        };
        let asking: Vec<_> = (0..24).map(|_| scope.spawn(ask)).collect();
        for one in asking {
            one.join().unwrap();
        }
    });
}

#[cfg(unix)]
#[test]
fn interrupted_it_ends_well() {
    for signal in ["-INT", "-TERM"] {
        let workspace = Workspace::with_run();
        let mut server = Server::start(&workspace, &[]);
        // A connection that is kept open does not keep it.
        let idle = server.connect();
        assert_eq!(ask_in_turn(&server, &["/"]), [200]);
        let pid = server.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert_eq!(server.child.wait().unwrap().code(), Some(0), "{signal}");
        let mut said = String::new();
        server.stderr.read_to_string(&mut said).unwrap();
        assert_eq!(said, "note: ended\n");
        drop(idle);
    }
}

#[test]
fn it_says_where_it_is_even_when_quiet() {
    let workspace = Workspace::with_run();
    let server = Server::start(&workspace, &["--quiet"]);
    assert_eq!(server.json("/api/health")["n_clusters"], 3);
}
