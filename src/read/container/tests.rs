//! Containers of every kind, made here.

use std::fs;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::progress::Silent;
use crate::read::{Input, Outcome, ReadError, ReadOptions, read};

const CSV: &str = "title,description\nNurse,Care for patients\nDriver,Drive a lorry\n";
const JSONL: &str = "{\"title\":\"Cook\",\"description\":\"Cook soup\"}\n";

fn read_bytes(name: &str, bytes: &[u8]) -> Result<Outcome, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    read(&[Input::File(path)], &ReadOptions::default(), &Silent)
}

fn titles(outcome: &Outcome) -> Vec<&str> {
    outcome.corpus.roles().iter().map(|role| role.title.as_str()).collect()
}

/// The error without the folder it is about.
fn told(error: ReadError) -> String {
    let text = error.to_string();
    let folder = std::env::temp_dir().join(".tmp").display().to_string();
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(&folder) {
        out.push_str(&rest[..at]);
        rest = &rest[at + folder.len()..];
        rest = &rest[rest.find('/').map_or(rest.len(), |slash| slash + 1)..];
    }
    out + rest
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn compressed_files_are_read_whatever_they_are_called() {
    for (name, bytes) in [
        ("jobs.csv.gz", gzip(CSV.as_bytes())),
        ("jobs.csv.zst", zstd(CSV.as_bytes())),
        ("jobs.csv.bz2", bzip2(CSV.as_bytes())),
        ("jobs.GZ", gzip(CSV.as_bytes())),
        ("jobs.csv", gzip(CSV.as_bytes())),
        ("jobs", zstd(CSV.as_bytes())),
        ("twice.csv.gz.bz2", bzip2(&gzip(CSV.as_bytes()))),
    ] {
        let outcome = read_bytes(name, &bytes).unwrap();
        assert_eq!(titles(&outcome), ["Nurse", "Driver"], "{name}");
        assert!(outcome.files[0].file.ends_with(name));
        assert_eq!(outcome.files[0].format, "csv");
    }
    // Several compressed files one after another are one.
    let joined = [gzip(CSV.as_bytes()), gzip(b"Cook,Cook soup\n")].concat();
    assert_eq!(titles(&read_bytes("a.gz", &joined).unwrap()), ["Nurse", "Driver", "Cook"]);
}

#[test]
fn data_that_breaks_off_keeps_what_came_before() {
    let text: String =
        (0..50_000).map(|n| format!("Nurse {n},Care for {} patients\n", n * 7919)).collect();
    let text = format!("title,description\n{text}");
    for (name, whole) in [("a.gz", gzip(text.as_bytes())), ("a.zst", zstd(text.as_bytes()))] {
        let outcome = read_bytes(name, &whole[..whole.len() / 2]).unwrap();
        assert!(outcome.corpus.len() > 100 && outcome.corpus.len() < 50_000, "{name}");
        let last = outcome.skipped.last().unwrap();
        assert!(last.reason.contains("breaks off") && last.line == 0, "{last:?}");
    }
    let error = told(read_bytes("a.gz", &gzip(CSV.as_bytes())[..12]).unwrap_err());
    assert!(error.starts_with("cannot read a.gz as gzip: the data breaks off:"), "{error}");
}

#[test]
fn every_member_of_an_archive_is_read() {
    let jobs = zip(&[
        ("README.md", b"# Job postings\n\n## About\n\nTwo files.\n"),
        ("__MACOSX/._a.csv", b"\0\0\0"),
        ("2026/b.jsonl.gz", &gzip(JSONL.as_bytes())),
        ("a.csv", CSV.as_bytes()),
        (".DS_Store", b"\0\0"),
        ("photo.png", b"\x89PNG\r\n\x1a\n"),
        ("empty.csv", b""),
    ]);
    let outcome = read_bytes("jobs.zip", &jobs).unwrap();
    assert_eq!(titles(&outcome), ["Cook", "Nurse", "Driver"]);
    let files: Vec<&str> = outcome
        .files
        .iter()
        .map(|note| &note.file[note.file.find("jobs.zip").unwrap()..])
        .collect();
    assert_eq!(files, ["jobs.zip/2026/b.jsonl.gz", "jobs.zip/a.csv"]);
    assert_eq!(outcome.skipped_total, 2, "{:?}", outcome.skipped);
    assert!(outcome.set_aside[0].file.ends_with("jobs.zip/README.md"));
    let inner = zip(&[("inner.zip", &jobs)]);
    assert_eq!(read_bytes("outer.zip", &inner).unwrap().corpus.len(), 3);
}

#[test]
fn folders_and_patterns_are_read_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put("b.csv", CSV.as_bytes());
    put("a/c.jsonl", JSONL.as_bytes());
    put(".git/x.csv", CSV.as_bytes());
    put("README.md", b"# About\n\n## Files\n\nWords.\n");
    put("notes.txt", b"nothing to see");
    let read_path = |path: &std::path::Path| {
        read(&[Input::File(path.to_path_buf())], &ReadOptions::default(), &Silent)
    };
    let outcome = read_path(folder.path()).unwrap();
    assert_eq!(titles(&outcome), ["Cook", "Nurse", "Driver"]);
    assert_eq!(outcome.skipped_total, 1);
    assert!(outcome.skipped[0].reason.contains("cannot tell the format"));
    let outcome = read_path(&folder.path().join("*.csv")).unwrap();
    assert_eq!(titles(&outcome), ["Nurse", "Driver"]);
    let outcome = read_path(&folder.path().join("**/*.jsonl")).unwrap();
    assert_eq!(titles(&outcome), ["Cook"]);
    let error = read_path(&folder.path().join("*.parquet")).unwrap_err().to_string();
    assert!(error.contains("*.parquet holds no file that is read"), "{error}");
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(read_path(empty.path()), Err(ReadError::NoMember { .. })));
}

#[test]
fn a_readme_is_read_where_it_holds_postings() {
    let table = "# Open jobs\n\n| Role | Place |\n|---|---|\n| Night nurse | Ulm |\n| Truck driver | Bonn |\n";
    let list = "# Hiring\n\n## Software engineer\n\nBuilds the payment service and keeps it running.\n\n\
        ## Data analyst\n\nFinds out why customers leave.\n";
    let manual = "# tool\n\n## Installation\n\nRun the installer and wait until it is done.\n\n## Usage\n\n\
        Call it with a file, and look at what it prints.\n\n## License\n\nMIT.\n";
    for (readme, n) in [(table, 2), (list, 2), (manual, 0)] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.csv"), CSV).unwrap();
        fs::write(folder.path().join("README.md"), readme).unwrap();
        let input = Input::File(folder.path().to_path_buf());
        let in_folder = read(&[input], &ReadOptions::default(), &Silent).unwrap();
        let zip = zip(&[("a.csv", CSV.as_bytes()), ("README.md", readme.as_bytes())]);
        for outcome in [in_folder, read_bytes("a.zip", &zip).unwrap()] {
            assert_eq!(outcome.corpus.len(), 2 + n, "{readme}: {:?}", titles(&outcome));
            let left_out = outcome.set_aside.iter().any(|block| block.file.ends_with("README.md"));
            assert!(n > 0 || left_out && outcome.files.len() == 1, "{readme}");
        }
    }
}

#[test]
fn bombs_are_told_before_they_go_off() {
    // A line without an end: more than a thousand times the size.
    let zeros = [&b"title,description\n"[..], &vec![b'0'; 100 << 20]].concat();
    for (name, bytes) in [
        ("zeros.gz", gzip(&zeros)),
        ("zeros.bz2", bzip2(&zeros)),
        ("zeros.zst", zstd(&zeros)),
        ("zeros.zip", zip(&[("a.csv", &zeros)])),
        ("nested.zip", zip(&[("a.zip", &zip(&[("a.csv", &zeros)]))])),
        ("book.xlsx", zip(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", &zeros)])),
    ] {
        let error = told(read_bytes(name, &bytes).unwrap_err());
        assert!(
            error.contains("is beyond what is read: it unpacks to more than 250 times"),
            "{error}"
        );
    }
    let mut matryoshka = CSV.as_bytes().to_vec();
    for _ in 0..5 {
        matryoshka = zip(&[("inner.zip", &matryoshka)]);
    }
    let error = told(read_bytes("deep.zip", &matryoshka).unwrap_err());
    assert!(error.contains("containers within containers, 3 deep"), "{error}");
}

#[test]
fn what_is_not_read_is_said_to_be_that() {
    let docx = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    let pptx = zip(&[("[Content_Types].xml", b"<Types/>"), ("ppt/presentation.xml", b"<p/>")]);
    let odt =
        zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"")]);
    let epub = zip(&[("mimetype", b"application/epub+zip")]);
    let mut tar = vec![0u8; 512];
    tar[257..262].copy_from_slice(b"ustar");
    let mut doc = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    doc.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
    let cases: [(&str, &[u8]); 13] = [
        ("a.pdf", b"%PDF-1.7\n"),
        ("named.csv", &docx),
        ("a.pptx", &pptx),
        ("a.odt", &odt),
        ("a.epub", &epub),
        ("a.tar", &tar),
        ("a.tar.gz", &gzip(&tar)),
        ("a.doc", &doc),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\0"),
        ("a.db", b"SQLite format 3\0"),
        ("pictures.zip", &zip(&[("a.png", b"\x89PNG\r\n\x1a\n"), ("b.pdf", b"%PDF-1.4")])),
        ("half.zip", &zip(&[("a.csv", CSV.as_bytes())])[..40]),
        ("empty.zip", &zip(&[])),
    ];
    let told: Vec<String> =
        cases.iter().map(|(name, bytes)| told(read_bytes(name, bytes).unwrap_err())).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    a.pdf is a PDF, which is not read; save the text as .txt, .md or .csv
    named.csv is a Word document (.docx), which is not read; save the text as .txt, .md or .csv
    a.pptx is a presentation (.pptx), which is not read; save the text as .txt, .md or .csv
    a.odt is an OpenDocument text (.odt), which is not read; save the text as .txt, .md or .csv
    a.epub is an EPUB book, which is not read; save the text as .txt, .md or .csv
    a.tar is a tar archive, which is not read; unpack it and name the files in it
    a.tar.gz is a tar archive, which is not read; unpack it and name the files in it
    a.doc is an old Word document (.doc), which is not read; save the text as .txt, .md or .csv, without a password
    a.7z is a 7z archive, which is not read; unpack it and name the files in it
    a.db is an SQLite database, which is not read; export the table as CSV, JSON Lines or Parquet
    pictures.zip holds no file that is read (2 files; the first: pictures.zip/a.png is a PNG image, which is not read; name files of text); name the files, or unpack it
    cannot read half.zip as ZIP: invalid Zip archive: Could not find EOCD; fetch it again, or unpack it and name the files in it
    empty.zip holds no file that is read (no files in it); name the files, or unpack it
    ");
}
