//! `--help`, `--version`, completions and the manual page.

use crate::support::Workspace;

const COMMANDS: &[&str] = &[
    "run",
    "embed",
    "merge",
    "worker",
    "cluster",
    "rename",
    "merge",
    "move",
    "split",
    "pin",
    "correct",
    "search",
    "serve",
    "mcp",
    "assign",
    "export",
    "table",
    "compare",
    "evaluate",
    "doctor",
    "completions",
    "manual",
];

#[test]
fn every_command_explains_itself_with_examples() {
    let workspace = Workspace::new();
    let overview = workspace.done(&["--help"]);
    for command in COMMANDS {
        assert!(overview.contains(&format!("\n  {command} ")), "{command} is not in the overview");
        let help = workspace.done(&[command, "--help"]);
        let example = format!("\n  rolecluster {command}");
        let piped = format!("| rolecluster {command}");
        assert!(help.contains(&example) || help.contains(&piped), "{command}: no example\n{help}");
        assert!(!help.contains("\x1b["), "{command}: colours without a terminal");
    }
    assert!(overview.contains("Exit codes:"));
}

#[test]
fn the_version_is_the_crate_s() {
    let said = Workspace::new().done(&["--version"]);
    assert_eq!(said, format!("rolecluster {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn nothing_typed_is_a_usage_error_with_help() {
    let (code, stderr) = Workspace::new().failed(&[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("Usage: rolecluster"), "{stderr}");
}

#[test]
fn a_slip_of_the_pen_is_a_usage_error_with_a_suggestion() {
    insta::assert_snapshot!(Workspace::new().said(&["serch", "jobs"]), @r"
    exit code 2
    --- stderr
    error: unrecognized subcommand 'serch'

      tip: some similar subcommands exist: 'serve', 'search'

    Usage: rolecluster [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn several_words_without_quotes_are_a_usage_error_with_a_tip() {
    let workspace = Workspace::new();
    let name = "tip: a name of several words needs quotes, and the number stands before it: ";
    let query = "tip: a query of several words needs quotes: ";
    for (args, tip) in [
        (&["rename", "jobs", "Chef", "Koch"][..], name),
        (&["rename", "jobs", "3", "Chef", "Koch"][..], name),
        (&["search", "jobs", "storage", "engineer"][..], query),
    ] {
        let (code, stderr) = workspace.failed(args);
        assert!(code == 2 && stderr.contains(tip), "{args:?}: {stderr}");
    }
    for args in [&["rename", "jobs", "3", "Chef", "--koch"][..], &["evaluate", "jobs", "more"]] {
        let (code, stderr) = workspace.failed(args);
        assert!(code == 2 && !stderr.contains("needs quotes"), "{args:?}: {stderr}");
    }
}

#[test]
fn completions_know_every_command() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = workspace.done(&["completions", shell]);
        for command in COMMANDS {
            assert!(script.contains(command), "{shell} does not complete {command}");
        }
    }
    assert_eq!(workspace.failed(&["completions", "tcsh"]).0, 2);
}

#[test]
fn the_manual_page_has_every_command_and_its_options() {
    let page = Workspace::new().done(&["manual"]);
    assert!(page.starts_with(".ie") || page.contains(".TH rolecluster"), "{page:.200}");
    for command in COMMANDS {
        let heading = format!(".SH \"COMMAND {}\"", command.to_uppercase());
        assert!(page.contains(&heading), "{command} is not in the manual");
    }
    assert!(page.contains(r"\-\-min\-cluster\-size"));
    assert!(!page.contains("(1)"), "it refers to a page that is not there");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecluster"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The pipe is closed before anything could be written to it, or soon after.
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}
