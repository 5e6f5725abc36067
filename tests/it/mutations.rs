//! Damaged input of every format, made by mutating good input: the readers take or refuse it,
//! and never panic, hang or lose count.
//!
//! A fuzzer without the machinery of one. By default a few hundred mutants; for a night of
//! them: `PROPTEST_CASES=1000000 cargo test --test it mutations`.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use proptest::prelude::*;
use rolecluster::progress::Silent;
use rolecluster::read::{Format, Input, ReadOptions, read};
use rolecluster::role::Corpus;
use rolecluster::store::RunFolder;

use crate::support::embedded_run;

const DIGEST: &str = "# 岗位汇总\n\n## 一、云平台方向\n\n### 岗位1：Cloud engineer（私有云）\n\n\
    负责云平台的建设。Keep it running.\n\n**技术栈**：OpenStack、KVM、Go\n\n\
    ### 岗位2：存储研发\n\n- 开发分布式存储\n- ストレージの運用\n\n**技术栈**：Ceph\n\n\
    ## 通用要求\n\n- 本科及以上\n\n## 2. Netzwerk\n\n#### Role 1: Netzwerkingenieur\n\nPlant Netze.\n";
const LINES: &str = "{\"id\":\"1\",\"title\":\"SRE\",\"description\":\"Runs \\u4e91 clusters\",\"skills\":[\"Go\",\"K8s\"]}\n\
    {\"id\":2,\"title\":\"데이터 엔지니어\",\"text\":\"파이프라인 구축\",\"tags\":\"Spark, Kafka\"}\n\
    {\"岗位\":\"数据库运维\",\"职责\":\"维护 Oracle\",\"技术栈\":null,\"salary\":{\"from\":1}}\n";
const ARRAY: &str = "[\n {\"title\": \"SRE\", \"description\": \"Runs clusters\"},\n \
    {\"title\": \"運用\", \"description\": \"監視\"}\n]\n";
const TABLE: &str = "id,title,description,skills,city\n1,SRE,\"Runs clusters, at night\",\"Go;K8s\",Bonn\n\
    2,数据库运维,\"维护 \"\"Oracle\"\"\n和 MySQL\",Oracle,上海\n3,Pflege,Versorgt Kranke,,Köln\n";

const PAGE: &str = "<!DOCTYPE html><html><head><style>p{}</style></head><body><table><tr><th>Job title</th>\
    <th>Description</th></tr><tr><td>Nurse &amp; carer</td><td><p>Cares for <b>patients</b><br>at night</td></tr>\
    <tr><td>運転手</td><td>トラックの運転</td></tr></table><div class=\"job-card\"><h3>Cook</h3><p>Cooks soup</div></body></html>";
const ARCHIVE: &str = "{\"log\":{\"version\":\"1.2\",\"entries\":[{\"response\":{\"content\":{\"text\":\"{\\\"jobs\\\":\
    [{\\\"title\\\":\\\"Nurse\\\",\\\"description\\\":\\\"Cares for patients\\\"}]}\"}}}]}}";
const SHEET: &str = "<office:document-content><table:table table:name=\"Jobs\"><table:table-row><table:table-cell \
    office:value-type=\"string\"><text:p>Job title</text:p></table:table-cell><table:table-cell><text:p>Description</text:p>\
    </table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"2\"><table:table-cell><text:p>Nurse\
    &amp; <text:s text:c=\"2\"/>carer</text:p></table:table-cell><table:table-cell><text:p>Cares for patients</text:p>\
    </table:table-cell></table:table-row></table:table></office:document-content>";

/// A workbook around the XML of its sheets.
fn workbook(content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..]),
        ("content.xml", content),
    ] {
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        writer.start_file(name, stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What breaks parsers, at one place in a file.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize, usize),
    Truncate(prop::sample::Index),
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let n = bytes.len();
        match self {
            Mutation::Flip(at, mask) => bytes[at.index(n)] ^= mask,
            Mutation::Insert(at, new) => {
                let at = at.index(n);
                bytes.splice(at..at, new.iter().copied());
            }
            Mutation::Remove(at, count) => {
                let at = at.index(n);
                bytes.drain(at..(at + count).min(n));
            }
            Mutation::Repeat(at, count, times) => {
                let at = at.index(n);
                let piece = bytes[at..(at + count).min(n)].repeat(*times);
                bytes.splice(at..at, piece);
            }
            Mutation::Truncate(at) => bytes.truncate(at.index(n)),
        }
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<prop::sample::Index>;
    let token = prop::sample::select(vec![
        "\"",
        "\"\"",
        "\\",
        "\\ud800",
        "{",
        "}",
        "[",
        "]",
        ",",
        ";",
        "\t",
        "|",
        "\r\n",
        "\r",
        "\n\n",
        "#",
        "## ",
        "### ",
        "**",
        "`",
        "```\n",
        "- ",
        "：",
        "、",
        "\0",
        "\u{feff}",
        "\u{2028}",
        "null",
        "1e999",
        "sep=;\n",
        "PAR1",
        "<b>",
        "</td>",
        "<table>",
        "<script>",
        "\u{200b}",
        "table:number-columns-repeated=\"16384\" ",
        "table:number-rows-repeated=\"4294967295\" ",
        "&#x0;",
        "一百二十、",
        "岗位",
        "title",
        "description",
    ]);
    let bytes = prop_oneof![
        4 => token.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..12),
        1 => Just("运维".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        1 => Just(vec![0xd4, 0xcb, 0xce, 0xac]), // the same in GB18030
    ];
    prop_oneof![
        (at(), 1u8..).prop_map(|(at, mask)| Mutation::Flip(at, mask)),
        (at(), bytes).prop_map(|(at, new)| Mutation::Insert(at, new)),
        (at(), 1usize..40).prop_map(|(at, count)| Mutation::Remove(at, count)),
        (at(), 1usize..60, 1usize..30).prop_map(|(at, n, times)| Mutation::Repeat(at, n, times)),
        at().prop_map(Mutation::Truncate),
    ]
}

/// Reads `bytes` under a file name; `None` if they are refused as a whole.
fn taken(folder: &Path, name: &str, bytes: &[u8], format: Option<Format>) -> Option<Corpus> {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    let options = ReadOptions { format, ..ReadOptions::default() };
    let outcome = read(&[Input::File(path)], &options, &Silent).ok()?;
    assert!(!outcome.corpus.is_empty(), "an input without roles is an error");
    assert!(outcome.skipped_total >= outcome.skipped.len() as u64);
    assert_eq!(outcome.files.len(), 1);
    for role in outcome.corpus.roles() {
        assert!(!role.text().trim().is_empty(), "{role:?}");
        assert!(!role.id.as_str().is_empty());
    }
    Some(outcome.corpus)
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(256)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readers_take_or_refuse_what_they_are_given(
        which in 0usize..7,
        mutations in prop::collection::vec(mutation(), 0..8),
        told in any::<bool>(),
    ) {
        let (name, text, format) = [
            ("a.md", DIGEST, Format::Markdown),
            ("a.jsonl", LINES, Format::Jsonl),
            ("a.json", ARRAY, Format::Json),
            ("a.csv", TABLE, Format::Csv),
            ("a.html", PAGE, Format::Html),
            ("a.har", ARCHIVE, Format::Json),
            ("a.ods", SHEET, Format::Csv),
        ][which];
        let packed = |bytes: Vec<u8>| if name == "a.ods" { workbook(&bytes) } else { bytes };
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = text.as_bytes().to_vec();
        if mutations.is_empty() {
            let good = taken(folder.path(), name, &packed(bytes.clone()), None);
            prop_assert!(good.is_some(), "the good input is good: {}", name);
        }
        mutations.iter().for_each(|mutation| mutation.apply(&mut bytes));
        taken(folder.path(), name, &packed(bytes), told.then_some(format));
    }

    #[test]
    fn a_damaged_run_folder_is_refused_or_unharmed(
        part in any::<prop::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let input = tempfile::tempdir().unwrap();
        let corpus = taken(input.path(), "a.jsonl", LINES.as_bytes(), None).unwrap();
        let written = embedded_run(folder.path(), corpus);
        let mut files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.is_file());
        files.sort();
        let damaged = part.get(&files);
        let mut bytes = fs::read(damaged).unwrap();
        mutations.iter().for_each(|mutation| mutation.apply(&mut bytes));
        fs::write(damaged, bytes).unwrap();
        if let Ok(run) = RunFolder::open(folder.path()) {
            if let Ok(roles) = run.roles() {
                prop_assert_eq!(&roles, &written.0);
            }
            if let Ok(embeddings) = run.embeddings() {
                prop_assert_eq!(&embeddings, &written.1);
            }
        }
    }
}
