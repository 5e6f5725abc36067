//! Every dependency may be used under the licences of `deny.toml`, and comes from where it says.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn dependencies_keep_to_the_list_of_licences_and_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules: toml::Table =
        toml::from_str(&std::fs::read_to_string(root.join("deny.toml")).unwrap()).unwrap();
    let list = |section: &str, name: &str| -> Vec<String> {
        let entries = rules[section][name].as_array().unwrap();
        entries.iter().map(|entry| entry.as_str().unwrap().to_string()).collect()
    };
    let (allowed, sources) = (list("licenses", "allow"), list("sources", "allow-registry"));
    let banned = list("bans", "deny");

    let packages = packages(root);
    assert!(packages.len() > 100, "{}", packages.len());
    let mut wrong = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or("none at all");
        if !is_allowed(licence, &allowed) {
            wrong.push(format!("{name}: {licence}"));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|from| !sources.iter().any(|s| from == format!("registry+{s}"))) {
            wrong.push(format!("{name} comes from {source:?}"));
        }
        if banned.iter().any(|other| other == name) {
            wrong.push(format!("{name} is banned"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for licence in &allowed {
        let needed = packages.iter().any(|package| {
            package["license"].as_str().is_some_and(|expression| expression.contains(licence))
        });
        assert!(needed, "nothing is under {licence}; take it from the list");
    }
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let version = |text: &str| -> Vec<u32> {
        text.split('.').map(|part| part.parse().unwrap_or(0)).chain([0]).take(3).collect()
    };
    let packages = packages(root);
    let of = |package: &Value| package["rust_version"].as_str().map(version);
    let ours =
        packages.iter().find(|package| package["name"] == "rolecluster").and_then(of).unwrap();
    let newer = packages.iter().filter(|package| of(package).is_some_and(|needed| needed > ours));
    let newer: Vec<String> =
        newer.map(|one| format!("{}: {}", one["name"], one["rust_version"])).collect();
    assert!(newer.is_empty(), "newer than ours: {}", newer.join(", "));
}

#[test]
fn the_package_leaves_out_the_weights_and_holds_what_the_build_needs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--locked", "--offline"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).unwrap();
    let has = |name: &str| list.lines().any(|line| line == name);
    for needed in ["models/bundle.rs", "src/DESIGN.md", "README.md", "SECURITY.md", "Cargo.lock"] {
        assert!(has(needed), "{needed} is left out");
    }
    assert!(!has("models/bundled/model.safetensors"));
    let size = |name: &str| std::fs::metadata(root.join(name)).map_or(0, |file| file.len());
    let bytes: u64 = list.lines().map(size).sum();
    // Before compression; a registry takes 10 MB after it.
    assert!(bytes < 10_000_000, "{bytes} bytes");
    // Nothing that is compiled in, tests aside, lies where it is left out.
    for source in crate::source_files::source_files() {
        let from = source.tokens.join(" ");
        for gone in ["include_str ! ( \"../tests", "include_bytes ! ( \"../tests"] {
            assert!(!from.contains(gone), "{}", source.path);
        }
    }
}

/// All packages of the lock file, or, where only those of this platform have been downloaded,
/// these.
fn packages(root: &Path) -> Vec<Value> {
    let version = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let mut said = String::new();
    for platform in [&[][..], &["--filter-platform", host]] {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .args(platform)
            .current_dir(root)
            .output()
            .unwrap();
        if output.status.success() {
            let mut found: Value = serde_json::from_slice(&output.stdout).unwrap();
            return std::mem::take(found["packages"].as_array_mut().unwrap());
        }
        said = String::from_utf8_lossy(&output.stderr).into_owned();
    }
    panic!("cargo metadata: {said}");
}

/// Whether an SPDX expression, in which some still write `/` for `OR`, leaves a choice within
/// the list. `AND` binds closer than `OR`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    let holds = any(&mut words, allowed);
    holds && words.is_empty()
}

fn any(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut holds = all(words, allowed);
    while words.pop_if(|word| *word == "OR").is_some() {
        holds |= all(words, allowed);
    }
    holds
}

fn all(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut holds = one(words, allowed);
    while words.pop_if(|word| *word == "AND").is_some() {
        holds &= one(words, allowed);
    }
    holds
}

fn one(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    match words.pop() {
        Some("(") => {
            let holds = any(words, allowed);
            words.pop_if(|word| *word == ")").is_some() && holds
        }
        Some(licence) => {
            let mut licence = licence.to_string();
            if words.pop_if(|word| *word == "WITH").is_some() {
                licence = format!("{licence} WITH {}", words.pop().unwrap_or_default());
            }
            allowed.contains(&licence)
        }
        None => false,
    }
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    let allowed = ["MIT".to_string(), "ISC".to_string()];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("ISC AND MIT OR GPL-3.0", true),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("(GPL-3.0 OR MIT) AND GPL-2.0", false),
        ("MIT WITH GCC-exception-3.1", false),
        ("(MIT", false),
        ("MIT)", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}
