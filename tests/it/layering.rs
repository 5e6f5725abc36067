//! The table in the crate documentation, enforced: which module may import which, where a crate
//! may be named, where `unsafe` may stand, and how long a file may grow.

use std::path::Path;

use crate::source_files::{balanced_end, source_files, tokens_of};

/// Folders and files that know nothing of roles or models.
const FOUNDATIONS: &[&str] = &[
    "geometry",
    "text",
    "disk",
    "atomic_file",
    "long_text",
    "mapped_file",
    "number_lists",
    "pages",
    "panic_guard",
    "progress",
    "ranges",
    "unknown_name",
];
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
    ("arrow_buffer", &["read"]),
    ("arrow_ipc", &["read", "export"]),
    ("arrow_schema", &["read", "store", "export"]),
    ("parquet", &["read", "store", "export"]),
    ("resvg", &["export"]),
    ("rust_xlsxwriter", &["export"]),
    ("linfa", &["cluster"]),
    ("linfa_clustering", &["cluster"]),
    ("axum", &["cli"]),
    ("hyper", &["cli"]),
    ("hyper_util", &["cli"]),
    ("tokio", &["cli"]),
    ("rmcp", &["cli"]),
    ("schemars", &["cli"]),
    ("utoipa", &["cli"]),
    ("utoipa_axum", &["cli"]),
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
    "encode/cpu/avx2.rs",
    "encode/cpu/avx512.rs",
    "encode/cpu/product.rs",
    "encode/cpu/simd.rs",
    "encode/packed/kernel.rs",
    "geometry/inner_product.rs",
    "geometry/gemm.rs",
    "geometry/vnni.rs",
    "mapped_file.rs",
    "project/optimize.rs",
];

/// A file longer than this holds more than one idea.
const MOST_LINES: usize = 400;

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
fn a_folder_is_opened_by_its_mod_rs() {
    let files = source_files();
    let beside = files.iter().filter(|file| {
        let folder = format!("{}/", file.path.trim_end_matches(".rs"));
        files.iter().any(|other| other.path.starts_with(&folder))
    });
    let beside: Vec<&str> = beside.map(|file| file.path.as_str()).collect();
    assert!(beside.is_empty(), "to be moved to mod.rs in the folder of that name: {beside:?}");
}

#[test]
fn files_stay_small() {
    let long: Vec<String> = source_files()
        .iter()
        .filter(|file| file.n_lines > MOST_LINES)
        .map(|file| format!("src/{}: {} lines", file.path, file.n_lines))
        .collect();
    assert!(long.is_empty(), "over {MOST_LINES} lines:\n{}", long.join("\n"));
}

/// Lines of a function at most, its signature and braces counted.
const MOST_FUNCTION_LINES: usize = 62;

/// Parameters of a function at most, `self` not counted.
const MOST_PARAMETERS: usize = 5;

/// Functions that were thought about and stay larger: the inner loops of the network take several
/// slices, as BLAS does, and are kept in one piece so that all of it is compiled for one CPU.
const LARGER: &[(&str, &str)] = &[
    ("encode/cpu/attention.rs", "attend"),
    ("encode/cpu/attention.rs", "one_head"),
    ("encode/cpu/elementwise.rs", "layer_norm"),
    ("encode/cpu/int8.rs", "product_int8"),
    ("encode/packed/attention_reference.rs", "attend"),
];

#[test]
fn functions_stay_small() {
    let mut wrong = Vec::new();
    for file in source_files().iter().filter(|file| !file.is_test()) {
        for function in functions(&file.lines) {
            let Function { name, line, n_lines, n_parameters } = function;
            if LARGER.contains(&(file.path.as_str(), name.as_str())) {
                continue;
            }
            if n_lines > MOST_FUNCTION_LINES || n_parameters > MOST_PARAMETERS {
                let size = format!("{n_lines} lines, {n_parameters} parameters");
                wrong.push(format!("src/{}:{line}: {name}: {size}", file.path));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "over {MOST_FUNCTION_LINES} lines or {MOST_PARAMETERS} parameters:\n{}",
        wrong.join("\n")
    );
}

struct Function {
    name: String,
    line: usize,
    n_lines: usize,
    n_parameters: usize,
}

/// The functions with a body in lines of code that rustfmt has formatted: the closing brace of a
/// function stands below the start of its signature.
fn functions(lines: &[(usize, String)]) -> Vec<Function> {
    let signature = regex::Regex::new(r"^(\s*)(?:[a-z]+(?:\([a-z: ]+\))? )*fn (\w+)").unwrap();
    let mut found = Vec::new();
    for (at, (line, code)) in lines.iter().enumerate() {
        let Some(start) = signature.captures(code) else { continue };
        let close = format!("{}}}", &start[1]);
        let is_end = |(_, code): &&(usize, String)| code.trim_end() == close;
        let text: String = lines[at..].iter().take(40).map(|(_, code)| code.as_str()).collect();
        let tokens = tokens_of(&text);
        let (n_parameters, end) = parameters(&tokens);
        // Behind the parameters a semicolon may also stand in the type `[u8; 3]`.
        let has_body =
            match tokens[end..].iter().find(|token| ["{", ";", "["].contains(&token.as_str())) {
                Some(token) => token != ";",
                None => false,
            };
        // A body on the line of the signature has no closing line of its own.
        let end = match code.trim_end().ends_with('}') {
            true => Some(*line),
            false => lines[at..].iter().find(is_end).map(|(line, _)| *line),
        };
        if let (true, Some(end)) = (has_body, end) {
            let name = start[2].to_string();
            found.push(Function { name, line: *line, n_lines: end - line + 1, n_parameters });
        }
    }
    found
}

/// The number of parameters of the function whose signature these tokens begin with, and where
/// the list of them ends.
fn parameters(tokens: &[String]) -> (usize, usize) {
    let name = tokens.iter().position(|token| token == "fn").unwrap() + 1;
    // Behind the generics, whose bounds may hold parentheses.
    let (mut open, mut angles) = (name + 1, 0usize);
    while angles > 0 || tokens[open] != "(" {
        match tokens[open].as_str() {
            "<" => angles += 1,
            ">" => angles -= 1,
            _ => {}
        }
        open += 1;
    }
    let end = balanced_end(tokens, open);
    let list = &tokens[open + 1..end - 1];
    let (mut count, mut depth, mut is_empty) = (0, 0usize, true);
    for token in list {
        match token.as_str() {
            "(" | "[" | "{" | "<" => depth += 1,
            ")" | "]" | "}" | ">" => depth -= 1,
            "," if depth == 0 => {
                is_empty = true;
                continue;
            }
            _ => {}
        }
        count += usize::from(is_empty);
        is_empty = false;
    }
    let receiver = list.iter().take_while(|token| *token != ",");
    (count - usize::from(receiver.into_iter().any(|token| token == "self")), end)
}

#[test]
fn functions_are_measured() {
    let text = "\
impl A {
    pub(super) fn f<T: Fn(u8, u8) -> u8>(
        &self,
        a: HashMap<u8, Vec<(u8, u8)>>,
        mut b: impl Fn(&str, u8) -> u8,
    ) -> u8 {
        { 1 }
    }
    fn g() -> u8 { 1 }
}
trait B {
    fn h(&self, a: u8);
    async fn i(a: u8, b: &[u8; 3]) {
        ()
    }
}";
    let lines: Vec<(usize, String)> =
        text.lines().enumerate().map(|(at, line)| (at + 1, line.to_string())).collect();
    let found: Vec<(String, usize, usize, usize)> = functions(&lines)
        .into_iter()
        .map(|f| (f.name, f.line, f.n_lines, f.n_parameters))
        .collect();
    let expected = [("f".into(), 2, 7, 2), ("g".into(), 9, 1, 0), ("i".into(), 13, 3, 2)];
    assert_eq!(found, expected);
}

#[test]
fn the_import_reader_sees_every_form() {
    assert_eq!(imports("use crate::role::{Role, RoleId};"), ["role"]);
    assert_eq!(imports("use crate::{cluster::Algorithm, store};"), ["cluster", "store"]);
    assert_eq!(imports("fn f() -> crate::error::Error {"), ["error"]);
    assert!(imports("pub(crate) fn f()").is_empty());
    assert!(imports("use mycrate::role;").is_empty());
}
