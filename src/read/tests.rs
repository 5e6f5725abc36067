//! The door, over real files.

use std::fs;

use super::*;
use crate::intake::SetAsideKind;
use crate::progress::Silent;

fn corpus_file(name: &str) -> Input {
    let path = format!("{}/tests/fixtures/corpora/{name}", env!("CARGO_MANIFEST_DIR"));
    Input::File(path.into())
}

fn read_fixture(name: &str) -> Outcome {
    read(&[corpus_file(name)], &ReadOptions::default(), &Silent).unwrap()
}

fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, Input) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, Input::File(path))
}

fn read_bytes(name: &str, bytes: &[u8]) -> Result<Outcome, ReadError> {
    let (_folder, input) = written(name, bytes);
    read(&[input], &ReadOptions::default(), &Silent)
}

/// Id, title, section and stack of every role.
fn told(outcome: &Outcome) -> Vec<(&str, &str, &str, String)> {
    let roles = outcome.corpus.roles().iter();
    roles
        .map(|r| {
            (
                r.id.as_str(),
                r.title.as_str(),
                r.section.as_deref().unwrap_or("-"),
                r.stack.join("|"),
            )
        })
        .collect()
}

fn asides(outcome: &Outcome) -> Vec<(&str, SetAsideKind)> {
    outcome.set_aside.iter().map(|block| (block.heading.as_str(), block.kind)).collect()
}

fn rows<'a>(
    expected: &[(&'a str, &'a str, &'a str, &str)],
) -> Vec<(&'a str, &'a str, &'a str, String)> {
    expected
        .iter()
        .map(|&(id, title, section, stack)| (id, title, section, stack.to_string()))
        .collect()
}

#[test]
fn a_chinese_digest_in_a_text_file() {
    let outcome = read_fixture("zh_digest.txt");
    let expected = [
        (
            "1.1",
            "前端性能优化（高级）",
            "前端 / 客户端方向",
            "TypeScript|React|CI/CD|WebAssembly（wasm、SIMD）",
        ),
        ("1.2", "安卓客户端", "前端 / 客户端方向", "Kotlin|C/C++|TCP/IP"),
        ("2.1", "数仓开发", "数据方向", "Hive|Spark"),
        ("2.2", "实时计算", "数据方向", "Flink|SSE/AVX/Neon"),
        ("12.1", "安全研究", "其他方向", "eBPF"),
        ("12.4", "只有标题的岗位", "其他方向", ""),
    ];
    assert_eq!(told(&outcome), rows(&expected));
    let expected = [
        ("通用要求（出现多次，仅列一次）", SetAsideKind::CommonRequirements),
        ("前端技术汇总", SetAsideKind::Summary),
        ("数据核心技术", SetAsideKind::Summary),
        ("技术频率统计", SetAsideKind::Statistics),
        ("", SetAsideKind::Other),
    ];
    assert_eq!(asides(&outcome), expected);
    assert_eq!(outcome.set_aside[0].line, 3);
    assert_eq!(outcome.set_aside[3].lines.len(), 6);
    let role = &outcome.corpus.roles()[0];
    assert_eq!(role.origin.line, 11);
    assert_eq!(role.description.lines().count(), 2);
    assert_eq!((outcome.files[0].format.as_str(), outcome.skipped_total), ("markdown", 0));
}

#[test]
fn an_english_digest_with_parts_and_facts() {
    let outcome = read_fixture("en_digest.md");
    let expected = [
        ("1.1", "Payments Engineer", "Backend", "Go|PostgreSQL|gRPC"),
        ("1.2", "API Platform", "Backend", "Node.js|.NET"),
        ("2.1", "Feature Store", "Data & ML", "Python|Spark|C#"),
        ("2.2", "Statistics Analyst", "Data & ML", "R|SQL"),
    ];
    assert_eq!(told(&outcome), rows(&expected));
    let expected = [
        ("Job postings, spring", SetAsideKind::Other),
        ("Common requirements", SetAsideKind::CommonRequirements),
        ("Tech summary", SetAsideKind::Summary),
        ("Technology frequency", SetAsideKind::Statistics),
        ("Notes", SetAsideKind::Other),
    ];
    assert_eq!(asides(&outcome), expected);
    let payments = &outcome.corpus.roles()[0];
    assert_eq!(payments.fields["Location"], "Lisbon (hybrid)");
    assert_eq!(payments.description.lines().count(), 4);
    assert!(payments.description.starts_with("You run the ledger that settles every card payment"));
}

#[test]
fn roles_without_a_prefix_at_any_depth() {
    let outcome = read_fixture("deep_headings.md");
    let expected = [
        ("1.1.1.1", "Kernel developer", "Systems", "C|Rust"),
        ("1.1.1.2", "Storage developer", "Systems", "C++"),
        ("1.2.1.1", "Site reliability", "Operations", "Kubernetes"),
        ("2.1.1.1", "Illustrator", "Design", "Figma"),
        ("2.1.1.2", "Motion designer", "Design", ""),
    ];
    assert_eq!(told(&outcome), rows(&expected));
    assert_eq!(asides(&outcome), [("Technologies", SetAsideKind::Summary)]);
    let reliability = &outcome.corpus.roles()[2];
    assert_eq!(
        reliability.description,
        "Keeps the shop open on the busiest days of the year.\nWhat a week looks like\n\
         Two days of on-call, three of automation.\nA rota that lets people sleep."
    );
}

#[test]
fn underlined_headings_without_sections() {
    let outcome = read_fixture("setext.md");
    let expected = [
        ("1", "Bäcker", "-", "Sauerteig|Ofen"),
        ("2", "Koch", "-", "HACCP"),
        ("3", "Kellnerin", "-", ""),
    ];
    assert_eq!(told(&outcome), rows(&expected));
    assert_eq!(asides(&outcome), [("Allgemeine Anforderungen", SetAsideKind::CommonRequirements)]);
}

#[test]
fn a_japanese_digest_with_bold_announcements() {
    let outcome = read_fixture("ja_digest.md");
    let expected = [
        ("1.1", "検索基盤の開発", "検索", "Elasticsearch|Go"),
        ("1.2", "推薦モデルの改善", "検索", "Python"),
        ("2.1", "社内ネットワーク運用", "情報システム", "BGP"),
    ];
    assert_eq!(told(&outcome), rows(&expected));
    assert_eq!(asides(&outcome), [("技術一覧", SetAsideKind::Summary)]);
}

#[test]
fn several_inputs_keep_their_order_and_ids_stay_unique() {
    let inputs = [corpus_file("ja_digest.md"), corpus_file("zh_digest.txt")];
    let outcome = read(&inputs, &ReadOptions::default(), &Silent).unwrap();
    assert_eq!(outcome.corpus.len(), 9);
    assert_eq!(outcome.corpus.roles()[3].id.as_str(), "1.1#2");
    assert_eq!(outcome.files.iter().map(|f| f.roles).collect::<Vec<_>>(), [3, 6]);
}

#[test]
fn the_same_digest_in_other_encodings() {
    let Input::File(path) = corpus_file("zh_digest.txt") else { panic!() };
    let text = fs::read_to_string(path).unwrap();
    let plain = read_bytes("a.txt", text.as_bytes()).unwrap();
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let crlf = text.replace('\n', "\r\n");
    let encodings = [
        (encoding_rs::GB18030.encode(&text).0.into_owned(), "gb18030"),
        (utf16, "UTF-16LE"),
        (crlf.into_bytes(), "UTF-8"),
    ];
    for (bytes, name) in encodings {
        let outcome = read_bytes("a.txt", &bytes).unwrap();
        assert_eq!(told(&outcome), told(&plain), "{name}");
        assert_eq!(outcome.files[0].encoding, name);
    }
}

#[test]
fn inputs_that_are_none_are_named_in_the_error() {
    for (name, bytes, part) in [
        ("empty.csv", &b""[..], "is empty"),
        ("a.jsonl", b"{}\n{\"x\":1}\n", "it has: \"x\""),
        ("a.txt", b"nothing to see", "cannot tell the format"),
        ("a.parquet", b"PAR2", "as Parquet"),
        ("a.parquet", b"PAR1PAR1", "as Parquet"),
        ("a.xlsx", b"PK\x03\x04....", "as ZIP"),
        ("a.csv", b"x,y\n1,2\n", "\"x\", \"y\""),
        ("a.csv", b"\n\n", "is empty"),
        ("a.md", b"# only a title\n", "holds no role"),
    ] {
        let error = read_bytes(name, bytes).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains(name), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let error =
        |inputs: &[Input]| read(inputs, &ReadOptions::default(), &Silent).unwrap_err().to_string();
    assert!(error(&[folder.path().to_path_buf().into()]).contains("holds no file that is read"));
    assert!(error(&[Input::File("no/such/file".into())]).contains("no/such/file"));
    assert!(error(&[Input::Stdin, Input::Stdin]).contains("only once"));
    assert!(error(&[]).contains("no input"));
}

#[test]
fn columns_format_and_encoding_can_be_set() {
    let (_folder, input) = written("a.dat", "名|文|x\n甲|乙丙丁|1\n".as_bytes());
    let columns =
        Columns {
            title: Some("名".into()), description: vec!["文".into()], ..Columns::default()
        };
    let options = ReadOptions {
        format: Some(Format::Csv),
        columns,
        encoding: Some("utf-8".into()),
        ..ReadOptions::default()
    };
    let outcome = read(std::slice::from_ref(&input), &options, &Silent).unwrap();
    assert_eq!(outcome.corpus.roles()[0].title, "甲");
    assert_eq!(outcome.corpus.roles()[0].description, "乙丙丁");
    let options = ReadOptions {
        columns: Columns { id: Some("none".into()), ..Columns::default() },
        ..options
    };
    let error = read(&[input], &options, &Silent).unwrap_err().to_string();
    assert!(error.contains("\"none\"") && error.contains("\"名\", \"文\", \"x\""), "{error}");
}

#[test]
fn megabytes_in_one_line_cost_one_skip() {
    let mut bytes = b"{\"title\":\"a\"}\n{\"title\":\"".to_vec();
    bytes.resize(bytes.len() + 20 * 1024 * 1024, b'x');
    bytes.extend_from_slice(b"\"}\n{\"title\":\"b\"}\n");
    let outcome = read_bytes("a.jsonl", &bytes).unwrap();
    assert_eq!((outcome.corpus.len(), outcome.skipped_total), (2, 1));
    assert!(outcome.skipped[0].reason.contains("longer than 16 MiB"));
    assert_eq!(outcome.skipped[0].line, 2);
}

#[test]
fn skipped_records_are_kept_up_to_a_bound_and_all_counted() {
    let mut text = "{}\n".repeat(MAX_SKIPPED_KEPT + 50);
    text.push_str("{\"title\":\"a\"}\n");
    let outcome = read_bytes("a.jsonl", text.as_bytes()).unwrap();
    assert_eq!(outcome.skipped.len(), MAX_SKIPPED_KEPT);
    assert_eq!(outcome.skipped_total, MAX_SKIPPED_KEPT as u64 + 50);
}
