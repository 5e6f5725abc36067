//! A run that is ended in the middle goes on where it stopped.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Workspace, postings, tiny_model};

/// Enough for many checkpoints.
const ROLES_PER_KIND: usize = 1500;

/// Starts an embedding and ends it by `signal` once the cache holds something.
fn interrupted(workspace: &Workspace, signal: &str) {
    // A shell that starts the tests in the background makes them, and so the program, ignore
    // Ctrl-C.
    let mut child = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_rolecluster")])
        .args(["embed", "many.jsonl", "--out", "jobs", "--threads", "1", "--device", "cpu"])
        .arg("--model")
        .arg(tiny_model())
        .current_dir(workspace.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while cached_bytes(&workspace.path().join("jobs/cache")) < 10_000 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be interrupted");
        assert!(Instant::now() < deadline, "no checkpoint within a minute");
        std::thread::sleep(Duration::from_millis(2));
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), None, "ended by the signal, not by itself");
}

fn cached_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum()
}

/// The numbers of vectors computed and known, as `embed` tells them.
fn computed_and_known(said: &str) -> (usize, usize) {
    let line = said.lines().find(|line| line.starts_with("vectors")).unwrap();
    let number = |before: &str| -> usize {
        let end = line.find(before).unwrap();
        line[..end].trim_end().rsplit(' ').next().unwrap().parse().unwrap()
    };
    (number("computed"), number("known"))
}

fn goes_on_after(signal: &str) {
    let workspace = Workspace::new();
    workspace.write("many.jsonl", postings(ROLES_PER_KIND));
    interrupted(&workspace, signal);
    let said = workspace.done(&["embed", "many.jsonl", "--out", "jobs"]);
    let (computed, known) = computed_and_known(&said);
    assert!(known > 0, "{said}");
    assert!(computed > 0, "{said}");
    assert_eq!(computed + known, 3 * ROLES_PER_KIND, "{said}");

    workspace.done(&["embed", "many.jsonl", "--out", "fresh"]);
    for file in ["roles.parquet", "vectors.parquet"] {
        let (healed, fresh) =
            (workspace.read(&format!("jobs/{file}")), workspace.read(&format!("fresh/{file}")));
        assert!(healed == fresh, "{file} differs from an uninterrupted run's");
    }
}

#[test]
fn goes_on_after_ctrl_c() {
    goes_on_after("-INT");
}

#[test]
fn goes_on_after_kill_9() {
    goes_on_after("-KILL");
}

#[test]
fn a_folder_killed_before_anything_was_finished_says_so() {
    let workspace = Workspace::new();
    workspace.write("many.jsonl", postings(ROLES_PER_KIND));
    interrupted(&workspace, "-KILL");
    let (code, stderr) = workspace.failed(&["search", "jobs", "x"]);
    assert_eq!(code, 6);
    assert!(stderr.contains("jobs holds no finished run"), "{stderr}");
}

#[test]
fn killed_at_any_moment_a_rerun_heals() {
    let workspace = Workspace::new();
    workspace.write("postings.jsonl", postings(40));
    let run = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecluster"));
        command.args(["run", "postings.jsonl", "--device", "cpu", "-k", "3", "--quiet", "--out"]);
        command.arg(out).arg("--model").arg(tiny_model()).current_dir(workspace.path());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let began = Instant::now();
    assert!(run("fresh").status().unwrap().success());
    let whole = began.elapsed();
    for part in 1..=8 {
        let mut child = run("jobs").spawn().unwrap();
        std::thread::sleep(whole * part / 8);
        // Killing one that has just ended is no error worth stopping for.
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(run("jobs").status().unwrap().success());
    for entry in std::fs::read_dir(workspace.path().join("fresh")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == ".lock" || name == "cache" {
            continue;
        }
        let (healed, fresh) =
            (workspace.read(&format!("jobs/{name}")), workspace.read(&format!("fresh/{name}")));
        assert!(healed == fresh, "{name} differs from an uninterrupted run's");
    }
    let litter = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap().file_name().to_string_lossy().ends_with(".tmp")
    };
    assert!(!std::fs::read_dir(workspace.path().join("jobs")).unwrap().any(litter));
}
