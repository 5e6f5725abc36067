//! A list of technologies written as text -> its entries.

use crate::text;

/// Entries separated by `、 ， , ; ； |` or a line break. A slash separates nothing (`CI/CD`,
/// `C/C++`), nor does anything within brackets. Lists as programs print them
/// (`["Go", "K8s"]`, `['Go', 'K8s']`) lose their quotes.
pub(super) fn split(list: &str) -> Vec<String> {
    let list = text::tidy(list);
    let printed = list.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
    let list = printed.unwrap_or(&list);
    let mut entries = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, c) in list.char_indices() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            // A bracket never closed must not swallow the rest of the list.
            '\n' => depth = 0,
            _ => {}
        }
        let separates = match c {
            '\n' => true,
            '、' | '，' | ',' | ';' | '；' | '|' | '｜' | '\t' | '•' | '●' => depth == 0,
            _ => false,
        };
        if separates {
            entries.push(&list[start..at]);
            start = at + c.len_utf8();
        }
    }
    entries.push(&list[start..]);
    if depth > 0 && entries.len() == 1 {
        // The only bracket is open: cut as if there were none.
        entries = list.split(['、', '，', ',', ';', '；', '|']).collect();
    }
    tidy_entries(entries.into_iter().map(|entry| {
        if printed.is_some() { entry.trim().trim_matches(['"', '\'']) } else { entry }
    }))
}

/// Entries as they stand, without bullets, list endings, blanks and repeats.
pub(super) fn tidy_entries<'a>(entries: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for entry in entries {
        let entry = text::tidy(text::sentences::without_marker(entry)).replace('\n', " ");
        let mut entry = entry.trim_end_matches(['。', '；', ';', '，', ',', '、']).trim();
        for ending in ["等等", "等", " etc.", " etc", "...", "…"] {
            entry = entry.strip_suffix(ending).map_or(entry, str::trim_end);
        }
        if matches!(entry, "etc" | "etc.") {
            continue;
        }
        if entry.chars().any(char::is_alphanumeric) && seen.insert(entry.to_string()) {
            out.push(entry.to_string());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_cut_where_a_reader_would() {
        let cases: [(&str, &[&str]); 8] = [
            ("CI/CD、TCP/IP, C/C++；SSE/AVX/Neon", &["CI/CD", "TCP/IP", "C/C++", "SSE/AVX/Neon"]),
            ("AWS（EC2、S3）、Go", &["AWS（EC2、S3）", "Go"]),
            ("Helm、ArgoCD、Knative等", &["Helm", "ArgoCD", "Knative"]),
            ("Go, Rust, etc.", &["Go", "Rust"]),
            ("['Go', 'K8s']", &["Go", "K8s"]),
            ("- Go\n- K8s\n- Go", &["Go", "K8s"]),
            ("Java (8, 11, Go", &["Java (8", "11", "Go"]),
            (".NET | Node.js | 3D Max", &[".NET", "Node.js", "3D Max"]),
        ];
        for (list, expected) in cases {
            assert_eq!(split(list), expected, "{list}");
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(split(" 、, ; ").is_empty());
        assert!(split("").is_empty());
    }
}
