//! A server that ends with its test, and the plainest client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::Workspace;

/// More than a busy machine has been seen to need.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `rolecluster serve`, ended when dropped.
pub struct Server {
    pub child: Child,
    /// Host and port.
    pub address: String,
    /// What it said so far, and goes on to say.
    pub stderr: BufReader<ChildStderr>,
}

impl Server {
    /// Serves `jobs` of the workspace on any free port.
    pub fn start(workspace: &Workspace, more: &[&str]) -> Self {
        let mut command = program(workspace);
        command.args(["serve", "jobs", "--lang", "en", "--device", "cpu"]);
        if !more.contains(&"--listen") {
            command.args(["--port", "0"]);
        }
        let mut child = command.args(more).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let (mut line, mut said) = (String::new(), String::new());
        while !line.starts_with("serving: ") {
            line.clear();
            let n = stderr.read_line(&mut line).unwrap();
            said.push_str(&line);
            assert!(n > 0, "it ended before it served:\n{said}");
        }
        let from = line.find("http://").unwrap() + "http://".len();
        let address = line[from..].split('/').next().unwrap().to_string();
        Server { child, address, stderr }
    }

    pub fn get(&self, target: &str) -> Reply {
        self.get_with(target, &[])
    }

    pub fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = format!("GET {target} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str(&format!("Host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        self.send(&format!("{request}\r\n"))
    }

    /// Sends `request` as it is and reads to the end.
    pub fn send(&self, request: &str) -> Reply {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        // An answer to half a request may end in a reset; what came before it counts.
        let _ = stream.read_to_end(&mut bytes);
        Reply::parse(&bytes)
    }

    pub fn connect(&self) -> TcpStream {
        let port = self.address.rsplit(':').next().unwrap();
        let stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn json(&self, target: &str) -> Value {
        let reply = self.get(target);
        assert_eq!(reply.status, 200, "{target}: {}", reply.body);
        reply.json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program without the settings of whoever runs the tests.
fn program(workspace: &Workspace) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecluster"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("ROLECLUSTER_") || text.starts_with("HF_") {
            command.env_remove(&name);
        }
    }
    command
        .env("HF_HUB_OFFLINE", "1")
        .current_dir(workspace.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no answer: {text:?}"));
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_lowercase(), value.trim().to_string())
        };
        let reply = Reply { status, headers: lines.map(header).collect(), body: body.to_string() };
        assert_eq!(reply.header("transfer-encoding"), "", "the client knows no chunks");
        reply
    }

    /// A header's value, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    /// What an error of the API says.
    pub fn error(&self) -> String {
        let json = self.json();
        assert_eq!(json["error"]["status"], self.status, "{json}");
        json["error"]["message"].as_str().unwrap().to_string()
    }

    /// What every answer must say to a browser.
    pub fn is_guarded(&self) {
        let policy = self.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("http") && !policy.contains('*'), "{policy}");
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert_eq!(self.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(self.header("access-control-allow-origin"), "");
    }
}
