use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use std::time::Duration;

use super::*;
use crate::profile::Term;

/// A chat endpoint on this machine that gives these answers in turn, each a whole HTTP
/// response body with its status, and hands on what it was sent.
fn serve(answers: Vec<(u16, String)>) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (send, received) = mpsc::channel();
    thread::spawn(move || {
        for (status, body) in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut request = Vec::new();
            let mut buffer = [0u8; 4096];
            loop {
                let n = stream.read(&mut buffer).unwrap_or(0);
                request.extend_from_slice(&buffer[..n]);
                let text = String::from_utf8_lossy(&request);
                let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length = head.lines().find_map(|line| {
                        let (name, value) = line.split_once(':')?;
                        let named = name.eq_ignore_ascii_case("content-length");
                        named.then(|| value.trim().parse::<usize>().ok()).flatten()
                    });
                    length.is_some_and(|length| body.len() >= length)
                });
                if n == 0 || whole {
                    break;
                }
            }
            let _ = send.send(String::from_utf8_lossy(&request).into_owned());
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (url, received)
}

fn says(content: &str) -> (u16, String) {
    (200, json!({"choices": [{"message": {"role": "assistant", "content": content}}]}).to_string())
}

fn namer(url: String) -> RemoteNamer {
    RemoteNamer {
        url,
        model: "small".into(),
        key: Some("secret-token".into()),
        timeout: Duration::from_secs(5),
    }
}

fn profiles(n: u32) -> Vec<ClusterProfile> {
    let profile = |id| ClusterProfile {
        terms: vec![Term { term: "storage".into(), score: 0.5 }],
        ..ClusterProfile::called(id, format!("Built-in {id}"), 3)
    };
    (0..n).map(profile).collect()
}

fn run(profiles: &mut [ClusterProfile], namer: &RemoteNamer, cache: &mut NameCache) -> Renamed {
    let answers = NameAnswers { cache, keep: &mut |_| {} };
    rename(profiles, &[], Language::En, namer, answers)
}

fn names(profiles: &[ClusterProfile]) -> Vec<&str> {
    profiles.iter().map(|profile| profile.name.as_str()).collect()
}

#[test]
fn answers_become_names_and_are_kept() {
    let (url, received) = serve(vec![
        says("\"Storage reliability\""),
        says("<think>hm, maybe Oops</think>\n\n## Edge <b>computing</b>\nBecause ..."),
    ]);
    let namer = namer(url);
    let mut all = profiles(2);
    let mut cache = NameCache::new();
    let mut kept = Vec::new();
    let mut keep = |answers: &NameCache| kept.push(answers.len());
    let answers = NameAnswers { cache: &mut cache, keep: &mut keep };
    let found = rename(&mut all, &[], Language::En, &namer, answers);
    assert_eq!(names(&all), ["Storage reliability", "Edge b computing /b"]);
    assert_eq!(found, Renamed { n_named: 2, n_kept: 0, problems: vec![] });
    assert_eq!(kept, [1, 2]);
    let request = received.recv().unwrap();
    assert!(request.starts_with("POST /v1/chat/completions HTTP/1.1"), "{request}");
    assert!(request.contains("Bearer secret-token") && request.contains("Typical words: storage"));
    // The server is gone; the answers are not.
    let mut again = profiles(2);
    assert_eq!(run(&mut again, &namer, &mut cache).n_named, 2);
    assert_eq!(names(&again), names(&all));
}

#[test]
fn whatever_goes_wrong_the_built_in_name_stays() {
    let long = "word ".repeat(40);
    let cases: Vec<((u16, String), &str)> = vec![
        ((500, "{}".into()), "500"),
        ((200, "not json".into()), "not that of a chat endpoint"),
        ((200, "{\"choices\": []}".into()), "holds no text"),
        (says("  \n --- \n"), "empty"),
        (says(&long), "more than 64 characters"),
    ];
    for (answer, problem) in cases {
        let (url, _received) = serve(vec![answer]);
        let mut all = profiles(1);
        let found = run(&mut all, &namer(url), &mut NameCache::new());
        assert_eq!(all[0].name, "Built-in 0");
        assert_eq!((found.n_named, found.n_kept), (0, 1));
        assert!(found.problems[0].contains(problem), "{found:?}");
    }
}

#[test]
fn a_name_another_cluster_has_is_refused() {
    let (url, _received) = serve(vec![says("built-in 1"), says("Other")]);
    let mut all = profiles(2);
    let found = run(&mut all, &namer(url), &mut NameCache::new());
    assert_eq!(names(&all), ["Built-in 0", "Other"]);
    assert_eq!(found.problems, ["a name was answered twice"]);
}

#[test]
fn a_dead_endpoint_costs_three_tries() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut all = profiles(6);
    let found = run(&mut all, &namer(url), &mut NameCache::new());
    assert_eq!(found.n_kept, 6);
    assert!(found.problems.iter().any(|problem| problem.contains("left alone")), "{found:?}");
}

#[test]
fn a_silent_endpoint_costs_its_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut namer = namer(url);
    namer.timeout = Duration::from_millis(200);
    let before = std::time::Instant::now();
    let mut all = profiles(1);
    assert_eq!(run(&mut all, &namer, &mut NameCache::new()).n_kept, 1);
    assert!(before.elapsed() < Duration::from_secs(4));
}

#[test]
fn the_key_is_never_shown() {
    assert!(!format!("{:?}", namer("http://x".into())).contains("secret-token"));
}

#[test]
fn addresses_are_completed() {
    assert_eq!(address("http://h:1"), "http://h:1/v1/chat/completions");
    assert_eq!(address("http://h/v1/"), "http://h/v1/chat/completions");
    assert_eq!(address("http://h/x/v4"), "http://h/x/v4/chat/completions");
    assert_eq!(address("http://h/chat/completions"), "http://h/chat/completions");
}
