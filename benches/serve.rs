//! `rolecluster serve` under load.
//!
//! `cargo bench --bench serve` makes a run of the sample, serves it and asks at 1, 8 and 64
//! connections kept alive. `ROLECLUSTER_BENCH_DIR` names another run folder,
//! `ROLECLUSTER_BENCH_BIN` another build of the program, `ROLECLUSTER_BENCH_SECONDS` how long
//! each measurement takes (5 by default). Prints requests a second, latencies in milliseconds,
//! errors (any status but 200, any connection that broke) and the server's resident memory.
//! `ROLECLUSTER_BENCH_SOAK=600` asks for everything at once for so many seconds instead, over
//! connections some of which are given up before the answer, and prints the memory ten times.

// What a bench prints is its result.
#![allow(clippy::print_stdout)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CONNECTIONS: [usize; 3] = [1, 8, 64];

/// What people look for; different texts, since nothing is kept between requests.
const QUERIES: [&str; 8] = [
    "GPU+cluster+scheduling+with+Volcano",
    "%E5%AD%98%E5%82%A8%E7%B3%BB%E7%BB%9F%E7%A0%94%E5%8F%91+Ceph",
    "on-call+SRE+for+Kubernetes",
    "%E7%9B%91%E6%8E%A7%E5%91%8A%E8%AD%A6+Prometheus",
    "Terraform+and+AWS",
    "%E6%95%B0%E6%8D%AE%E5%BA%93%E8%BF%90%E7%BB%B4",
    "load+balancing+DNS+Anycast",
    "LLM+inference+vLLM",
];

fn main() {
    // `cargo test --benches` runs this too, with a flag that says so.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = std::env::var_os("ROLECLUSTER_BENCH_BIN")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_rolecluster")), PathBuf::from);
    let run = match std::env::var_os("ROLECLUSTER_BENCH_DIR") {
        Some(run) => PathBuf::from(run),
        None => {
            let run = folder.path().join("jobs");
            let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples/roles.jsonl");
            let mut command = Command::new(&program);
            command.arg("run").arg(sample).arg("--out").arg(&run).arg("--quiet");
            assert!(command.status().expect("the program").success(), "the sample cannot be run");
            run
        }
    };
    let seconds = std::env::var("ROLECLUSTER_BENCH_SECONDS").ok().and_then(|s| s.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(5));
    let server = Server::start(&program, &run);

    let search = |mode: &str| -> Vec<String> {
        QUERIES.iter().map(|q| format!("/api/search?q={q}&mode={mode}")).collect()
    };
    let shapes = [
        ("health", vec!["/api/health".to_string()]),
        ("search page", vec!["/".to_string()]),
        ("lexical", search("lexical")),
        ("semantic", search("semantic")),
        ("hybrid", search("hybrid")),
        ("hits, as typed", QUERIES.iter().map(|q| format!("/hits?q={q}")).collect()),
    ];
    if let Some(seconds) = std::env::var("ROLECLUSTER_BENCH_SOAK").ok().and_then(|s| s.parse().ok())
    {
        return soak(&server, &shapes, Duration::from_secs(seconds));
    }
    println!(
        "{:<16}{:>12}{:>12}{:>10}{:>10}{:>10}{:>8}{:>20}",
        "what", "connections", "requests/s", "p50 ms", "p99 ms", "max ms", "errors", "RSS MB"
    );
    for (what, targets) in &shapes {
        for connections in CONNECTIONS {
            let before = server.resident_mb();
            let measured = load(&server.address, targets, connections, time);
            println!(
                "{what:<16}{connections:>12}{:>12.0}{:>10.2}{:>10.2}{:>10.2}{:>8}{:>10.1} ->{:>7.1}",
                measured.latencies.len() as f64 / time.as_secs_f64(),
                measured.at(0.50),
                measured.at(0.99),
                measured.at(1.0),
                measured.n_errors,
                before,
                server.resident_mb()
            );
        }
    }
}

/// Every shape at once: whether memory stays where it is.
fn soak(server: &Server, shapes: &[(&str, Vec<String>)], time: Duration) {
    let mut targets: Vec<String> = shapes.iter().flat_map(|(_, targets)| targets.clone()).collect();
    targets.extend((1..9).map(|n| format!("/api/search?q=engineer+{n}&k=50&mode=hybrid")));
    println!("{:>8}{:>12}{:>8}{:>10}", "seconds", "requests", "errors", "RSS MB");
    let began = Instant::now();
    for _ in 0..10 {
        let end = Instant::now() + time / 10;
        let give_up_many = || {
            for target in targets.iter().cycle().take_while(|_| Instant::now() < end) {
                // A connection that is refused is given up, too.
                let _ = give_up(&server.address, target);
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        let measured = std::thread::scope(|scope| {
            scope.spawn(give_up_many);
            load(&server.address, &targets, 8, time / 10)
        });
        println!(
            "{:>8.0}{:>12}{:>8}{:>10.1}",
            began.elapsed().as_secs_f64(),
            measured.latencies.len(),
            measured.n_errors,
            server.resident_mb()
        );
    }
}

/// Asks, and hangs up before the answer.
fn give_up(address: &str, target: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes())
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &Path, run: &Path) -> Self {
        let mut command = Command::new(program);
        command.arg("serve").arg(run).args(["--port", "0"]).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(stderr.read_line(&mut line).expect("a line") > 0, "it does not serve");
        }
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.expect("an address").to_string();
        Server { child, address }
    }

    /// 0 where the system does not tell.
    fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kb.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Default)]
struct Measured {
    /// Milliseconds, ascending.
    latencies: Vec<f64>,
    n_errors: usize,
}

impl Measured {
    fn at(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get((share * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
    }
}

/// Every connection asks again as soon as it was answered.
fn load(address: &str, targets: &[String], connections: usize, time: Duration) -> Measured {
    let end = Instant::now() + time;
    let mut all = Measured::default();
    std::thread::scope(|scope| {
        let ask = |first: usize| move || ask_until(address, targets, first, end);
        let asking: Vec<_> = (0..connections).map(|first| scope.spawn(ask(first))).collect();
        for one in asking {
            let one = one.join().expect("a client");
            all.latencies.extend(one.latencies);
            all.n_errors += one.n_errors;
        }
    });
    all.latencies.sort_by(f64::total_cmp);
    all
}

fn ask_until(address: &str, targets: &[String], first: usize, end: Instant) -> Measured {
    let mut measured = Measured::default();
    let mut connection = None;
    for target in targets.iter().cycle().skip(first % targets.len()) {
        if Instant::now() >= end {
            break;
        }
        let begun = Instant::now();
        match ask(&mut connection, address, target) {
            Ok(200) => measured.latencies.push(1e3 * begun.elapsed().as_secs_f64()),
            Ok(_) => measured.n_errors += 1,
            Err(_) => {
                measured.n_errors += 1;
                connection = None;
            }
        }
    }
    measured
}

type Connection = BufReader<TcpStream>;

fn ask(kept: &mut Option<Connection>, address: &str, target: &str) -> std::io::Result<u16> {
    let connection = match kept {
        Some(connection) => connection,
        empty => {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            empty.insert(BufReader::new(stream))
        }
    };
    let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    connection.get_mut().write_all(request.as_bytes())?;
    let (mut status, mut length) = (0, 0);
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_lowercase();
        if let Some(rest) = line.strip_prefix("http/1.1 ") {
            status = rest.split(' ').next().and_then(|s| s.parse().ok()).unwrap_or(0);
        } else if let Some(rest) = line.strip_prefix("content-length: ") {
            length = rest.parse().unwrap_or(0);
        } else if line.is_empty() {
            break;
        }
    }
    std::io::copy(&mut connection.take(length), &mut std::io::sink())?;
    Ok(status)
}
