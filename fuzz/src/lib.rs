//! What the targets share: bytes as an input file, and what must hold of whatever is read.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;

use rolecluster::clean::{CleanParams, clean};
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
        read(&[Input::File(path)], options)
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
        assert!(role.text().chars().any(char::is_alphanumeric), "a role says something");
    }
    let cleaned = clean(&outcome.corpus, &CleanParams::default());
    assert_eq!(cleaned.texts.len(), roles.len());
    for (row, &first) in cleaned.representative.iter().enumerate() {
        assert!(first <= row && cleaned.representative[first] == first);
    }
}

fn check_error(error: &ReadError) {
    assert!(!error.to_string().is_empty());
    assert!(!matches!(error, ReadError::Io { .. }), "the file is there to be read: {error}");
}
