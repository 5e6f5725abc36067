//! The table in the crate documentation, enforced: which module may import which, where a crate
//! may be named, where `unsafe` may stand, and how long a file may grow.

use std::path::Path;

use crate::source_files::source_files;

/// Folders and files that know nothing of roles or models.
const FOUNDATIONS: &[&str] =
    &["geometry", "text", "atomic_file", "mapped_file", "panic_guard", "progress"];
/// Where verbs meet.
const USE_CASES: &[&str] = &["pipeline", "error"];

/// Crates, and the only places that may name them.
const KEPT_APART: &[(&str, &[&str])] = &[
    ("candle_core", &["encode"]),
    ("candle_nn", &["encode"]),
    ("candle_transformers", &["encode"]),
    ("tokenizers", &["encode"]),
    ("hf_hub", &["encode"]),
    ("ureq", &["describe"]),
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
    ("form_urlencoded", &["cli"]),
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

/// Where a module stands in the table; of two verbs the one `lib.rs` declares first is lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Foundation,
    Noun,
    Verb(usize),
    UseCase,
    Program,
}

/// The modules of the library in the order in which `lib.rs` declares them.
fn declared() -> Vec<String> {
    let files = source_files();
    let lib = files.iter().find(|file| file.path == "lib.rs").unwrap();
    let declared = |pair: &[String]| (pair[0] == "mod").then(|| pair[1].clone());
    lib.tokens.windows(2).filter_map(declared).collect()
}

fn layer_of(module: &str, declared: &[String]) -> Layer {
    let is_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module).is_dir();
    match module {
        "cli" | "main" => Layer::Program,
        m if USE_CASES.contains(&m) => Layer::UseCase,
        m if FOUNDATIONS.contains(&m) => Layer::Foundation,
        m if is_folder => {
            let place = declared.iter().position(|name| name == m);
            Layer::Verb(place.unwrap_or_else(|| panic!("lib.rs declares no module {m}")))
        }
        _ => Layer::Noun,
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
fn imports_run_one_way() {
    let (declared, mut wrong) = (declared(), Vec::new());
    for file in source_files().iter().filter(|f| f.path != "lib.rs") {
        let layer = layer_of(&file.module, &declared);
        for (at, code) in &file.lines {
            for target in imports(code) {
                let target_layer = layer_of(&target, &declared);
                let allowed = match layer {
                    // The program sees the library as any other program does.
                    Layer::Program => target_layer == Layer::Program,
                    Layer::Verb(_) => target_layer < layer || target == file.module,
                    _ => target_layer <= layer,
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
    for file in source_files() {
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
    for file in source_files() {
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
    let long: Vec<String> = source_files()
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
