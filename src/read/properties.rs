//! What holds for any input: no panic, nothing dropped without being counted.

use std::fs;

use proptest::prelude::*;

use super::record::says_something;
use super::*;
use crate::progress::Silent;
use crate::text;

fn read_bytes(bytes: &[u8], options: &ReadOptions) -> Result<Outcome, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input");
    fs::write(&path, bytes).unwrap();
    read(&[Input::File(path)], options, &Silent)
}

fn as_format(format: Format) -> ReadOptions {
    ReadOptions { format: Some(format), ..ReadOptions::default() }
}

/// Bytes that look like the beginnings of all our formats, and like nothing.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<Vec<u8>>(),
        "[\\PC\n]{0,40}".prop_map(String::into_bytes),
        prop::sample::select(vec![
            "# ",
            "## 一、a\n",
            "### 岗位1：b\n",
            "---\n",
            "===\n",
            "**技术栈**：",
            "```\n",
            "| a | 1 |\n",
            "- x：约3次\n",
            "title,description\n",
            "\"",
            "\"\"",
            ",",
            ";",
            "\t",
            "\r",
            "\r\n",
            "{\"title\":",
            "[",
            "]",
            "{",
            "}",
            "\\ud800",
            "\\",
            ":",
            "null",
            "<p>",
            "<!--",
            "&amp;",
            "&#x0;",
            "(",
            "（",
            "PAR1",
            "\u{feff}",
            "１",
            "第",
            "Role 2: x\n",
        ])
        .prop_map(|s| s.as_bytes().to_vec()),
        prop::sample::select(vec![
            &b"\xff\xfe"[..],
            b"\xfe\xff",
            b"\0",
            b"\x81\x30\x81\x30",
            b"\xed\xa0\x80"
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// Text as it comes out again: no control characters, no white space to collapse, no markup.
fn plain() -> impl Strategy<Value = String> {
    "[a-z0-9 ,;\"'\n\u{4e00}-\u{4e40}。，äé|\\\\]{1,60}".prop_map(|s| text::tidy(&s))
}

fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in hostile()) {
        let guessed = std::iter::once(ReadOptions::default());
        for options in guessed.chain(Format::ALL.map(as_format)) {
            match read_bytes(&bytes, &options) {
                Ok(outcome) => {
                    prop_assert!(!outcome.corpus.is_empty());
                    prop_assert!(outcome.skipped.len() as u64 <= outcome.skipped_total);
                    for role in outcome.corpus.roles() {
                        prop_assert!(role.text().chars().any(says_something));
                        prop_assert!(!role.title.contains('\n') && !role.id.as_str().is_empty());
                    }
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn json_lines_come_back(rows in prop::collection::vec((plain(), plain()), 1..12)) {
        let line = |(title, text): &(String, String)| {
            format!("{{\"title\":{},\"description\":{}}}\n", json_string(title), json_string(text))
        };
        let file: String = rows.iter().map(line).collect();
        check_rows(&rows, read_bytes(file.as_bytes(), &as_format(Format::Jsonl)))?;
        let array = format!("[{}]", rows.iter().map(line).collect::<Vec<_>>().join(","));
        check_rows(&rows, read_bytes(array.as_bytes(), &as_format(Format::Json)))?;
    }

    #[test]
    fn separated_values_come_back(rows in prop::collection::vec((plain(), plain()), 1..12)) {
        for (format, delimiter) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
            let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(["title", "description"]).unwrap();
            for (title, text) in &rows {
                writer.write_record([title, text]).unwrap();
            }
            let file = writer.into_inner().unwrap();
            check_rows(&rows, read_bytes(&file, &as_format(format)))?;
        }
    }

    #[test]
    fn every_whole_line_is_a_role_whatever_stands_between(
        lines in prop::collection::vec("[{}\\[\\]\":,a-z\\\\ ]{0,12}|\\{\"title\":\"[a-z]{0,3}\"\\}", 1..30),
    ) {
        let file = lines.join("\n") + "\n{\"title\":\"last\"}\n";
        let title = |line: &str| Some(line.strip_prefix("{\"title\":\"")?.strip_suffix("\"}")?.to_string());
        let expected: Vec<String> =
            file.lines().filter_map(title).filter(|title| !placeholder::is_nothing(title)).collect();
        let outcome = read_bytes(file.as_bytes(), &as_format(Format::Jsonl)).unwrap();
        let got: Vec<&str> = outcome.corpus.roles().iter().map(|r| r.title.as_str()).collect();
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn no_word_of_a_digest_is_lost(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "# w", "## w", "### w", "### 岗位3：w", "#### w", "w w w", "- w", "**技术栈**：w、w", "**kind**：w", "Skills: w",
                "---", "", "", "> w", "| w | w |", "Location: w", "**技术栈**：", "1. w", "### 技术汇总", "- w：约3次", "```", "w\n===", "\nw\n---",
            ]),
            1..40,
        ),
    ) {
        // Every w becomes a word of its own.
        let mut count = 0;
        let mut digest = String::from("### 岗位1：start\ntext\n\n");
        for piece in &pieces {
            for part in piece.split_inclusive('w') {
                digest.push_str(part);
                if part.ends_with('w') {
                    digest.push_str(&format!("ord{count}x"));
                    count += 1;
                }
            }
            digest.push('\n');
        }
        let outcome = read_bytes(digest.as_bytes(), &as_format(Format::Markdown)).unwrap();
        let mut kept = String::new();
        for role in outcome.corpus.roles() {
            kept += &format!("{}\n{:?}\n{:?}\n", role.text(), role.section, role.fields);
        }
        for block in &outcome.set_aside {
            kept += &format!("{}\n{}\n", block.heading, block.lines.join("\n"));
        }
        // Headings of sections without a role are not records; their words may go.
        let heading = |word: &str| {
            let lines: Vec<&str> = digest.lines().collect();
            lines.iter().enumerate().any(|(at, line)| {
                let underlined = lines.get(at + 1).is_some_and(|next| next.starts_with("===") || next.starts_with("---"));
                line.contains(word) && (line.starts_with('#') || underlined)
            })
        };
        for at in 0..count {
            let word = format!("word{at}x");
            prop_assert!(kept.contains(&word) || heading(&word), "{} is lost of\n{}", word, digest);
        }
    }
}

/// Every row that has a letter has come back as it was, the others are counted.
fn check_rows(
    rows: &[(String, String)],
    outcome: Result<Outcome, ReadError>,
) -> Result<(), TestCaseError> {
    // Signs alone, and words such as `none`, are nothing.
    let said = |text: &str| if placeholder::is_nothing(text) { "" } else { text }.to_string();
    let has_text = |row: &(String, String)| (row.0.clone() + &row.1).chars().any(says_something);
    let expected: Vec<(String, String)> = rows
        .iter()
        .map(|(title, text)| (said(&title.replace('\n', " ")), said(text)))
        .filter(has_text)
        .collect();
    let Ok(outcome) = outcome else {
        prop_assert!(expected.is_empty());
        return Ok(());
    };
    let got: Vec<(String, String)> = outcome
        .corpus
        .roles()
        .iter()
        .map(|r| (r.title.to_string(), r.description.to_string()))
        .collect();
    prop_assert_eq!(got, expected);
    Ok(())
}
