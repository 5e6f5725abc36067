//! The Rust files below `src/` as the tests of the architecture read them: without comments,
//! the contents of strings, and what is compiled for unit tests only.

use std::path::{Path, PathBuf};

/// A source file.
pub struct SourceFile {
    /// From `src/`, with `/` between folders.
    pub path: String,
    /// The module below the crate root that it belongs to: the first part of the path.
    pub module: String,
    /// The module path of this file: `src/search/exact.rs` and `src/search/exact/mod.rs` are
    /// both `["search", "exact"]`.
    pub module_path: Vec<String>,
    /// Number of lines, all counted.
    pub n_lines: usize,
    /// The lines that hold code, numbered from 1, comments and string contents left out; unit
    /// tests are among them.
    pub lines: Vec<(usize, String)>,
    /// The tokens of the code that is not compiled for unit tests only.
    pub tokens: Vec<String>,
}

impl SourceFile {
    /// Whether the file holds nothing but unit tests.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
            || self.path == "export/sample.rs"
    }

    /// The file at `path`, from `src/`, with this text.
    pub fn of(path: &str, text: &str) -> Self {
        let mut module_path: Vec<String> = path.split('/').map(str::to_string).collect();
        let module = module_path[0].trim_end_matches(".rs").to_string();
        let last = module_path.pop().unwrap();
        if !["mod.rs", "lib.rs", "main.rs"].contains(&last.as_str()) {
            module_path.push(last.trim_end_matches(".rs").to_string());
        }
        let code = code_of(text);
        let lines = code.lines().enumerate().map(|(at, line)| (at + 1, line.to_string()));
        SourceFile {
            path: path.to_string(),
            module,
            module_path,
            n_lines: text.lines().count(),
            lines: lines.filter(|(_, line)| !line.trim().is_empty()).collect(),
            tokens: without_unit_tests(&tokens_of(&code)),
        }
    }

    fn read(root: &Path, path: &Path) -> Self {
        let relative = path.strip_prefix(root).unwrap();
        let parts: Vec<&str> = relative.iter().map(|part| part.to_str().unwrap()).collect();
        SourceFile::of(&parts.join("/"), &std::fs::read_to_string(path).unwrap())
    }
}

/// All of them, sorted by path.
pub fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(SourceFile::read(&root, &path));
            }
        }
    }
    assert!(found.len() > 40, "the sources are not where this test looks");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The text with comments and the contents of strings and characters blanked out; line breaks
/// stay where they are.
pub fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let blank = |code: &mut String, c: char| code.push(if c == '\n' { '\n' } else { ' ' });
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at).unwrap_or(at);
        if end == at {
            code.push(chars[at]);
            at += 1;
            continue;
        }
        // The name of a feature is of interest, the content of no other string.
        let is_short_string = chars[at] == '"' && end - at <= 24;
        for &c in &chars[at..end] {
            if is_short_string { code.push(c) } else { blank(&mut code, c) }
        }
        at = end;
    }
    code
}

/// Where the comment, string or character that begins at `at` ends; `None` where none begins.
fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let rest = &chars[at..];
    let is_identifier = |c: &char| c.is_alphanumeric() || *c == '_';
    let follows_identifier = at > 0 && is_identifier(&chars[at - 1]);
    let end = match rest {
        ['/', '/', ..] => rest.iter().position(|&c| c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => block_comment_end(rest),
        ['r', '"' | '#', ..] if !follows_identifier => raw_string_end(rest, 1)?,
        ['b', 'r', '"' | '#', ..] if !follows_identifier => raw_string_end(rest, 2)?,
        ['"', ..] => quoted_end(rest, '"'),
        ['\'', '\\', ..] => quoted_end(rest, '\''),
        ['\'', _, '\'', ..] => 3,
        _ => return None,
    };
    Some(at + end)
}

fn block_comment_end(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// `None` for a raw identifier such as `r#type`.
fn raw_string_end(rest: &[char], prefix: usize) -> Option<usize> {
    let n_hashes = rest[prefix..].iter().take_while(|&&c| c == '#').count();
    if rest.get(prefix + n_hashes) != Some(&'"') {
        return None;
    }
    let mut close = vec!['"'];
    close.extend(vec!['#'; n_hashes]);
    let start = prefix + n_hashes + 1;
    let length = rest[start..].windows(close.len()).position(|found| found == close);
    Some(length.map_or(rest.len(), |length| start + length + close.len()))
}

fn quoted_end(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Identifiers, `::`, `->`, strings, and all other characters one by one.
pub fn tokens_of(code: &str) -> Vec<String> {
    let chars: Vec<char> = code.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let c = chars[at];
        let length = match chars[at..] {
            _ if c.is_whitespace() => {
                at += 1;
                continue;
            }
            _ if c.is_alphanumeric() || c == '_' => {
                let rest = chars[at..].iter();
                rest.take_while(|&&c| c.is_alphanumeric() || c == '_').count()
            }
            ['"', ..] => quoted_end(&chars[at..], '"'),
            [':', ':', ..] | ['-', '>', ..] => 2,
            _ => 1,
        };
        tokens.push(chars[at..at + length].iter().collect());
        at += length;
    }
    tokens
}

/// Leaves out every item that stands behind `#[cfg(test)]` or `#[cfg(all(test, ...))]`.
fn without_unit_tests(tokens: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_test_gate(&tokens[at..]) {
            at = item_end(tokens, at);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

fn is_test_gate(tokens: &[String]) -> bool {
    let begins = |expected: &[&str]| {
        tokens.len() >= expected.len() && tokens.iter().zip(expected).all(|(a, b)| a == b)
    };
    begins(&["#", "[", "cfg", "(", "test"]) || begins(&["#", "[", "cfg", "(", "all", "(", "test"])
}

/// Behind the item whose attributes begin at `start`.
fn item_end(tokens: &[String], start: usize) -> usize {
    let mut at = start;
    while tokens.get(at).is_some_and(|token| token == "#") {
        at = balanced_end(tokens, at + 1);
    }
    while at < tokens.len() {
        match tokens[at].as_str() {
            ";" => return at + 1,
            "{" => return balanced_end(tokens, at),
            "(" | "[" => at = balanced_end(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// Behind the bracket that closes the one at `start`.
pub fn balanced_end(tokens: &[String], start: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

#[test]
fn comments_strings_and_unit_tests_are_left_out() {
    let text = r##"
        use a::b; // use c;
        /* mod d { /* nested */ } */
        const E: &str = "crate::f, a string of more than twenty-four characters \" use g;";
        const H: &str = r#"use "i"; and more, so that it is long enough"#;
        const J: char = '"';
        fn k<'l>(m: &'l str) {}
        #[cfg(test)]
        mod tests { use n; }
        #[cfg(all(test, unix))]
        #[allow(unused)]
        use o::p;
        fn q() {}
    "##;
    let tokens = without_unit_tests(&tokens_of(&code_of(text))).join(" ");
    for gone in ["c ;", "d", "f ,", "g", "i \"", "n", "o", "p"] {
        assert!(!format!(" {tokens} ").contains(&format!(" {gone} ")), "{gone} in {tokens}");
    }
    assert!(tokens.contains("use a :: b ;") && tokens.ends_with("fn q ( ) { }"), "{tokens}");
    assert!(tokens.contains("fn k < ' l > ( m : & ' l str )"), "{tokens}");
}
