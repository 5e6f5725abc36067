//! No file of `src/` needs, through others or at once, a file that needs it: a reader can take
//! the files in an order in which everything a file names has been read before.
//!
//! A file needs another when it names something that the other defines, whatever re-exports lie
//! between. A re-export alone (`pub use exact::ExactIndex;` in `search/mod.rs`) is no need.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::source_files::{SourceFile, balanced_end, source_files};

/// The files that need each other, each list sorted.
fn circles(files: &[SourceFile]) -> Vec<Vec<String>> {
    let files: Vec<Module> = files.iter().filter(|f| !f.is_test()).map(Module::of).collect();
    let by_path: HashMap<&[String], usize> = {
        let paths = files.iter().enumerate().filter(|(_, file)| !file.path.is_empty());
        paths.map(|(at, file)| (file.path.as_slice(), at)).collect()
    };
    let crate_map = CrateMap { files: &files, by_path };
    let needs: Vec<BTreeSet<usize>> = (0..files.len()).map(|at| crate_map.needs_of(at)).collect();
    let reached: Vec<BTreeSet<usize>> = (0..files.len()).map(|at| reached(&needs, at)).collect();
    let mut found = BTreeSet::new();
    for at in 0..files.len() {
        let mut circle: Vec<String> = (0..files.len())
            .filter(|&other| reached[at].contains(&other) && reached[other].contains(&at))
            .map(|other| files[other].name.clone())
            .collect();
        if circle.len() > 1 {
            circle.sort_unstable();
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

fn reached(needs: &[BTreeSet<usize>], start: usize) -> BTreeSet<usize> {
    let (mut found, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(at) = open.pop() {
        open.extend(needs[at].iter().filter(|&&next| found.insert(next)));
    }
    found
}

/// What a file defines, imports and names.
struct Module {
    name: String,
    path: Vec<String>,
    defined: BTreeSet<String>,
    /// The name an import has here, and the path it stands for.
    imported: BTreeMap<String, Vec<String>>,
    /// Paths the code names: imports that are not re-exported, and paths in other code.
    named: BTreeSet<Vec<String>>,
}

impl Module {
    fn of(file: &SourceFile) -> Self {
        let mut module = Module {
            name: file.path.clone(),
            path: file.module_path.clone(),
            defined: BTreeSet::new(),
            imported: BTreeMap::new(),
            named: BTreeSet::new(),
        };
        let mut reexported = Vec::new();
        let (tokens, mut at, mut depth) = (&file.tokens, 0, 0usize);
        while at < tokens.len() {
            match tokens[at].as_str() {
                // `impl Trait + use<'a>` is no import.
                "use" if tokens[at + 1] != "<" => {
                    let end = at + tokens[at..].iter().position(|t| t == ";").unwrap_or(0);
                    let public = at > 0 && ["pub", ")"].contains(&tokens[at - 1].as_str());
                    for (name, path) in use_tree(&tokens[at + 1..end]) {
                        if public {
                            reexported.push((name.clone(), path.clone()));
                        } else {
                            module.named.insert(path.clone());
                        }
                        module.imported.insert(name, path);
                    }
                    at = end;
                }
                "{" => depth += 1,
                "}" => depth -= 1,
                "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union"
                    if depth == 0 && at + 1 < tokens.len() =>
                {
                    module.defined.insert(tokens[at + 1].clone());
                }
                token if is_name(token) && (at == 0 || tokens[at - 1] != "::") => {
                    let mut path = vec![token.to_string()];
                    while tokens.get(at + 1).is_some_and(|t| t == "::")
                        && tokens.get(at + 2).is_some_and(|t| is_name(t))
                    {
                        path.push(tokens[at + 2].clone());
                        at += 2;
                    }
                    module.named.insert(path);
                }
                _ => {}
            }
            at += 1;
        }
        for (name, path) in reexported {
            if module.named.iter().any(|named| named[0] == name) {
                module.named.insert(path);
            }
        }
        module
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The names a `use` brings in and the paths they stand for; `*` for all of a module.
fn use_tree(tokens: &[String]) -> Vec<(String, Vec<String>)> {
    let (mut path, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => {
                let inner = &tokens[at + 1..balanced_end(tokens, at) - 1];
                let parts = split_at_commas(inner).into_iter().flat_map(use_tree);
                let prefixed = |(name, inner): (String, Vec<String>)| {
                    let whole = inner == ["self"];
                    let name =
                        if whole && name == "self" { path.last().cloned() } else { Some(name) };
                    let rest = if whole { Vec::new() } else { inner };
                    (name.unwrap_or_default(), path.iter().cloned().chain(rest).collect())
                };
                return parts.map(prefixed).collect();
            }
            "as" => return vec![(tokens[at + 1].clone(), path)],
            "::" => {}
            name => path.push(name.to_string()),
        }
        at += 1;
    }
    match path.last().cloned() {
        Some(name) => vec![(name, path)],
        None => Vec::new(),
    }
}

fn split_at_commas(tokens: &[String]) -> Vec<&[String]> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => at = balanced_end(tokens, at),
            "," => {
                parts.push(&tokens[start..at]);
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    parts.push(&tokens[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

struct CrateMap<'a> {
    files: &'a [Module],
    by_path: HashMap<&'a [String], usize>,
}

impl CrateMap<'_> {
    fn needs_of(&self, at: usize) -> BTreeSet<usize> {
        let file = &self.files[at];
        let found = file.named.iter().filter_map(|path| self.definer(&file.path, path, 0));
        found.filter(|&other| other != at).collect()
    }

    /// The file that defines what `path` names in the module `from`; `None` for another crate,
    /// a local variable, or a module as such.
    fn definer(&self, from: &[String], path: &[String], depth: usize) -> Option<usize> {
        if depth > 16 {
            return None;
        }
        let (mut here, mut rest) = (from.to_vec(), path);
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" | "rolecluster" => here.clear(),
                "self" => {}
                "super" => {
                    here.pop();
                }
                _ => break,
            }
            rest = others;
        }
        while let Some((first, others)) = rest.split_first() {
            let mut inner = here.clone();
            inner.push(first.clone());
            if self.by_path.contains_key(inner.as_slice()) {
                (here, rest) = (inner, others);
                continue;
            }
            let file = *self.by_path.get(here.as_slice())?;
            let module = &self.files[file];
            if first == "*" || module.defined.contains(first) {
                return Some(file);
            }
            let target = module.imported.get(first)?.iter().chain(others);
            return self.definer(&here, &target.cloned().collect::<Vec<_>>(), depth + 1);
        }
        // The path ends at a module: what is named in it has a longer path.
        None
    }
}

#[test]
fn no_files_need_each_other() {
    let found = circles(&source_files());
    let told: Vec<String> = found.iter().map(|circle| circle.join(" <-> ")).collect();
    assert!(told.is_empty(), "{} circles:\n{}", told.len(), told.join("\n"));
}

#[test]
fn a_circle_through_a_door_is_found_and_a_door_alone_is_none() {
    let file = |path: &str, text: &str| SourceFile::of(path, text);
    let door = "mod a; mod b; pub use a::A; pub(super) use b::run;";
    let a = "use super::b::run; pub struct A; impl A { fn go() { run() } }";
    let open = [file("x/mod.rs", door), file("x/a.rs", a), file("x/b.rs", "pub fn run() {}")];
    assert!(circles(&open).is_empty(), "{:?}", circles(&open));
    // `b` needs `A`, by way of the door.
    let b = "use super::A; pub fn run() -> A { A }";
    let closed = [file("x/mod.rs", door), file("x/a.rs", a), file("x/b.rs", b)];
    assert_eq!(circles(&closed), [["x/a.rs", "x/b.rs"]]);
    // The door needs what stands behind it, which needs a type of the door.
    let door = "mod c; pub struct Error; pub fn all() { c::read() }";
    let c = "pub fn read() -> Result<(), super::Error> { Ok(()) }";
    let through = [file("y/mod.rs", door), file("y/c.rs", c)];
    assert_eq!(circles(&through), [["y/c.rs", "y/mod.rs"]]);
    // In its tests a file may need what it likes.
    let c = "pub fn read() {} #[cfg(test)] mod tests { use super::super::Error; }";
    assert!(circles(&[file("y/mod.rs", door), file("y/c.rs", c)]).is_empty());
}
