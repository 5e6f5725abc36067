//! What the targets share: bytes as an input file, and what must hold of whatever is read.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;

use rolecluster::clean::{CleanParams, clean};
use rolecluster::progress::Silent;
use rolecluster::read::{Format, Input, Outcome, ReadError, ReadOptions, read};
use tempfile::TempDir;

thread_local! {
    static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}

/// Calls `work` with a folder that stays from one input to the next.
pub fn in_folder<T>(work: impl FnOnce(&std::path::Path) -> T) -> T {
    FOLDER.with_borrow_mut(|folder| {
        let folder = folder.get_or_insert_with(|| tempfile::tempdir().expect("a temporary folder"));
        work(folder.path())
    })
}

/// Reads `bytes` as `format`, or as whatever they look like, and checks what came of it.
pub fn read_as(format: Option<Format>, bytes: &[u8]) {
    read_with(&ReadOptions { format, ..ReadOptions::default() }, bytes);
}

/// Reads `bytes` as `options` say, and checks what came of it.
pub fn read_with(options: &ReadOptions, bytes: &[u8]) {
    let outcome = in_folder(|folder| {
        let path = folder.join("input");
        fs::write(&path, bytes).expect("the temporary folder takes a file");
        read(&[Input::File(path)], options, &Silent)
    });
    match outcome {
        Ok(outcome) => check(&outcome),
        Err(error) => check_error(&error),
    }
}

fn check(outcome: &Outcome) {
    let roles = outcome.corpus.roles();
    assert!(!roles.is_empty(), "an input without a role is an error");
    assert!(outcome.skipped.len() as u64 <= outcome.skipped_total);
    for file in &outcome.files {
        let filled = |column: &rolecluster::intake::ColumnNote| column.filled <= file.records;
        assert!(file.columns.iter().all(filled), "no column holds more than there is");
    }
    let ids: HashSet<&str> = roles.iter().map(|role| role.id.as_str()).collect();
    assert_eq!(ids.len(), roles.len(), "ids are unique");
    for role in roles {
        assert!(!role.text().trim().is_empty(), "a role says something");
    }
    let cleaned = clean(&outcome.corpus, &CleanParams::default(), &Silent);
    assert_eq!(cleaned.texts.len(), roles.len());
    for (row, &first) in cleaned.representative.iter().enumerate() {
        assert!(first <= row && cleaned.representative[first] == first);
    }
}

fn check_error(error: &ReadError) {
    assert!(!error.to_string().is_empty());
    assert!(!matches!(error, ReadError::Io { .. }), "the file is there to be read: {error}");
}

const WORKBOOK: &str = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const SHEET: &str = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>Nurse</t></is></c></row></sheetData></worksheet>";
const STRINGS: &str = "<sst><si><t>title</t></si></sst>";

/// A workbook of the parts it needs, one of which is `part`.
pub fn workbook(which: u8, part: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let ods = which & 0x80 != 0;
    let mut members: Vec<(&str, &[u8])> = match ods {
        true => vec![
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", b"<manifest/>"),
            ("content.xml", b""),
        ],
        false => vec![
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
            ("xl/workbook.xml", WORKBOOK.as_bytes()),
            ("xl/sharedStrings.xml", STRINGS.as_bytes()),
            ("xl/worksheets/sheet1.xml", SHEET.as_bytes()),
        ],
    };
    let at = if ods { 2 } else { 1 + usize::from(which) % 4 };
    members[at].1 = part;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        writer.start_file(name, stored).expect("a member");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}
