//! The table in the crate documentation, enforced: who may import whom, who may name which
//! crate, where `unsafe` stands, and how long a file may grow.

use std::path::{Path, PathBuf};

/// Folders and files that know nothing of roles or models.
const FLOOR_0: &[&str] =
    &["geometry", "text", "atomic_file", "mapped_file", "panic_guard", "progress"];
/// Where verbs meet.
const FLOOR_3: &[&str] = &["pipeline", "error"];

/// Crates, and the only places that may name them.
const KEPT_APART: &[(&str, &[&str])] = &[
    ("candle_core", &["encode"]),
    ("candle_nn", &["encode"]),
    ("candle_transformers", &["encode"]),
    ("tokenizers", &["encode"]),
    ("hf_hub", &["encode"]),
    ("gemm", &["encode", "geometry"]),
    ("arrow_array", &["read", "store", "export"]),
    ("arrow_schema", &["read", "store", "export"]),
    ("parquet", &["read", "store", "export"]),
    ("resvg", &["export"]),
    ("linfa", &["cluster"]),
    ("linfa_clustering", &["cluster"]),
    ("axum", &["cli"]),
    ("hyper", &["cli"]),
    ("hyper_util", &["cli"]),
    ("tokio", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("anyhow", &["cli"]),
    ("toml", &["cli"]),
];

/// The files that may say `unsafe`: small, commented, tested.
const UNSAFE: &[&str] = &[
    "encode/cpu/simd.rs",
    "encode/packed/kernel.rs",
    "geometry/inner_product.rs",
    "geometry/products.rs",
    "geometry/vnni.rs",
    "mapped_file.rs",
];

/// A file longer than this holds more than one idea.
const MOST_LINES: usize = 400;

/// Files that were thought about and stay a little longer.
const LONGER: &[(&str, usize)] = &[("geometry/reachability.rs", 480)];

struct SourceFile {
    /// From `src/`, with `/` between folders.
    path: String,
    /// The module below the crate root.
    module: String,
    /// Line numbers from 1, comments and string contents of no interest left out.
    lines: Vec<(usize, String)>,
    n_lines: usize,
}

fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let relative = path.strip_prefix(&root).unwrap();
                let parts: Vec<&str> = relative.iter().map(|p| p.to_str().unwrap()).collect();
                let code = |(at, line): (usize, &str)| {
                    let code = line.split("//").next().unwrap_or_default();
                    (!code.trim().is_empty()).then(|| (at + 1, code.to_string()))
                };
                found.push(SourceFile {
                    path: parts.join("/"),
                    module: parts[0].trim_end_matches(".rs").to_string(),
                    lines: text.lines().enumerate().filter_map(code).collect(),
                    n_lines: text.lines().count(),
                });
            }
        }
    }
    assert!(found.len() > 40, "the sources are not where this test looks");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn floor_of(module: &str) -> u8 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module).is_dir();
    match module {
        "cli" | "main" => 4,
        m if FLOOR_3.contains(&m) => 3,
        m if FLOOR_0.contains(&m) => 0,
        _ if folder => 2,
        _ => 1,
    }
}

/// The modules a line of code reaches for from the crate root: `crate::a::b` and
/// `crate::{a::b, c}`.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.trim_end_matches(['}', ';', ' ']).split(", ").collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String =
                name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.push(name);
        }
    }
    found
}

#[test]
fn imports_follow_the_table() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|f| f.path != "lib.rs") {
        let floor = floor_of(&file.module);
        for (at, code) in &file.lines {
            for target in imports(code) {
                let allowed = match floor {
                    0 => floor_of(&target) == 0,
                    1 => floor_of(&target) <= 1,
                    2 => floor_of(&target) <= 1 || target == file.module,
                    3 => floor_of(&target) <= 3,
                    _ => floor_of(&target) == 4,
                };
                if !allowed {
                    wrong.push(format!("src/{}:{at}: may not import {target}", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (at, code) in &file.lines {
            for (name, places) in KEPT_APART {
                let named = code.trim_start().starts_with(&format!("use {name}::"))
                    || code.match_indices(&format!("{name}::")).any(|(at, _)| {
                        let before = code[..at].chars().next_back();
                        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
                    });
                if named && !places.contains(&file.module.as_str()) {
                    wrong.push(format!("src/{}:{at}: may not name {name}", file.path));
                }
            }
            let gate = code.contains("feature = \"cuda\"");
            if gate && file.module != "encode" {
                wrong.push(format!("src/{}:{at}: asks for the cuda feature", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_stands_only_where_it_is_listed() {
    let opens = regex::Regex::new(r"\bunsafe\s*(\{|fn\b|impl\b|extern\b|trait\b)").unwrap();
    for file in sources() {
        let first = file.lines.iter().find(|(_, code)| opens.is_match(code));
        let listed = UNSAFE.contains(&file.path.as_str());
        assert!(
            first.is_none() || listed,
            "src/{}:{}: unsafe in a file that is not listed for it",
            file.path,
            first.map_or(0, |(at, _)| *at)
        );
    }
}

#[test]
fn files_stay_small() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|file| {
            let longer = LONGER.iter().find(|(path, _)| *path == file.path);
            file.n_lines > longer.map_or(MOST_LINES, |(_, most)| *most)
        })
        .map(|file| format!("src/{}: {} lines", file.path, file.n_lines))
        .collect();
    assert!(long.is_empty(), "over {MOST_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn the_import_reader_sees_every_form() {
    assert_eq!(imports("use crate::role::{Role, RoleId};"), ["role"]);
    assert_eq!(imports("use crate::{cluster::Algorithm, store};"), ["cluster", "store"]);
    assert_eq!(imports("fn f() -> crate::error::Error {"), ["error"]);
    assert!(imports("pub(crate) fn f()").is_empty());
    assert!(imports("use mycrate::role;").is_empty());
}
