//! Why an input cannot be read: what failed, where, what was seen there, what to do about it.

use std::io;

use super::advice;
use crate::intake::Skipped;

/// Why an input cannot be read. Every text names the file, says what was seen and ends in
/// what to do.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No input was named.
    #[error("no input: name a file, a folder, or - for standard input")]
    NoInput,
    /// Standard input was named more than once.
    #[error(
        "standard input (-) is named more than once and can be read only once; save it to a file"
    )]
    StdinTwice,
    /// The file cannot be opened or read.
    #[error("cannot read {file}: {source}; check the path and who may read it")]
    Io {
        /// The file as the user named it.
        file: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The file holds nothing.
    #[error(
        "{file} is empty: it has no bytes or only blank lines; name the file with the postings"
    )]
    Empty {
        /// The file as the user named it.
        file: String,
    },
    /// The file is something that roles are not read from.
    #[error("{file} is {what}, which is not read; {advice}")]
    NotRead {
        /// The file as the user named it.
        file: String,
        /// What it is.
        what: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// The file is of a kind that is read, but not this one.
    #[error("cannot read {file} as {kind}: {seen}; {advice}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// What it was taken for.
        kind: &'static str,
        /// What was met, and where.
        seen: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// Reading would cost more than is allowed.
    #[error("{file} is beyond what is read: {seen}; {advice}")]
    Limit {
        /// The file as the user named it.
        file: String,
        /// The limit, and how it was passed.
        seen: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// A folder, a pattern or an archive without a file that is read.
    #[error("{file} holds no file that is read ({seen}); name the files, or unpack it")]
    NoMember {
        /// The folder, pattern or archive as the user named it.
        file: String,
        /// How many files there are, and the reason for the first.
        seen: String,
    },
    /// The encoding asked for is not known.
    #[error(
        "unknown encoding {label:?}; use a name such as utf-8, gb18030, shift_jis, euc-kr or windows-1252"
    )]
    UnknownEncoding {
        /// The name given.
        label: String,
    },
    /// The format cannot be told.
    #[error(
        "cannot tell the format of {file}: it begins like none of them; set it by --input-format: {known}"
    )]
    UnknownFormat {
        /// The file as the user named it.
        file: String,
        /// The formats there are.
        known: String,
    },
    /// A sheet named by the user is not in the workbook.
    #[error("{file} has no sheet {sheet:?}; it has: {}; name one of these, or give its number", advice::listed(.known))]
    NoSuchSheet {
        /// The workbook as the user named it.
        file: String,
        /// The sheet asked for.
        sheet: String,
        /// The sheets there are.
        known: Vec<String>,
    },
    /// A column named by the user is not in the file.
    #[error("{file} has no column {}; it has: {}; name one of these, or give its number", advice::quoted(.column), advice::listed(.known))]
    NoSuchColumn {
        /// The file as the user named it.
        file: String,
        /// The column asked for.
        column: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// No column looks like a title, a description or a stack.
    #[error("no column of {file} is known as a title, a text or technologies; it has: {}; {advice}", advice::listed(.known))]
    NoTextColumn {
        /// The file as the user named it.
        file: String,
        /// The columns there are.
        known: Vec<String>,
        /// What settles it.
        advice: String,
    },
    /// Not one record is a role.
    #[error("{file} holds no role (read as {format}, {skipped} records skipped{}); check the format and the columns", .example.as_ref().map(first_skipped).unwrap_or_default())]
    NoRole {
        /// The file as the user named it.
        file: String,
        /// The format it was read as.
        format: String,
        /// Records skipped.
        skipped: u64,
        /// The first of them.
        example: Option<Skipped>,
    },
}

/// The first record skipped, for an error; one without a line is the file as a whole.
fn first_skipped(skipped: &Skipped) -> String {
    match skipped.line {
        0 => format!(", the first: {}", skipped.reason),
        line => format!(", the first in line {line}: {}", skipped.reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What failed, where, what was seen, what to do.
    #[test]
    fn every_text_says_what_where_what_was_seen_and_what_to_do() {
        let file = || "jobs.csv".to_string();
        let known = || vec!["heading".to_string(), "words".to_string()];
        let errors = [
            ReadError::NoInput,
            ReadError::StdinTwice,
            ReadError::Io { file: file(), source: io::ErrorKind::NotFound.into() },
            ReadError::Empty { file: file() },
            ReadError::NotRead {
                file: file(),
                what: "a PDF".into(),
                advice: "save the text as .txt, .md or .csv",
            },
            ReadError::Unreadable {
                file: file(),
                kind: "gzip",
                seen: "the data breaks off: unexpected end of file".into(),
                advice: "fetch the file again, or unpack it with another program",
            },
            ReadError::Limit {
                file: file(),
                seen: "it has 1000000 columns, the limit is 16384".into(),
                advice: "keep the columns of the postings, or transpose the table",
            },
            ReadError::NoMember {
                file: file(),
                seen: "2 files; the first: a.png is an image".into(),
            },
            ReadError::UnknownEncoding { label: "utf-99".into() },
            ReadError::UnknownFormat { file: file(), known: "markdown, csv".into() },
            ReadError::NoSuchSheet { file: file(), sheet: "Jobs".into(), known: known() },
            ReadError::NoSuchColumn { file: file(), column: "title".into(), known: known() },
            ReadError::NoTextColumn {
                file: file(),
                known: known(),
                advice: advice::on_columns(Some(1), &advice::Likely::default()),
            },
            ReadError::NoRole {
                file: file(),
                format: "jsonl".into(),
                skipped: 3,
                example: Some(Skipped { file: file(), line: 7, reason: "is no JSON".into() }),
            },
        ];
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        no input: name a file, a folder, or - for standard input
        standard input (-) is named more than once and can be read only once; save it to a file
        cannot read jobs.csv: entity not found; check the path and who may read it
        jobs.csv is empty: it has no bytes or only blank lines; name the file with the postings
        jobs.csv is a PDF, which is not read; save the text as .txt, .md or .csv
        cannot read jobs.csv as gzip: the data breaks off: unexpected end of file; fetch the file again, or unpack it with another program
        jobs.csv is beyond what is read: it has 1000000 columns, the limit is 16384; keep the columns of the postings, or transpose the table
        jobs.csv holds no file that is read (2 files; the first: a.png is an image); name the files, or unpack it
        unknown encoding "utf-99"; use a name such as utf-8, gb18030, shift_jis, euc-kr or windows-1252
        cannot tell the format of jobs.csv: it begins like none of them; set it by --input-format: markdown, csv
        jobs.csv has no sheet "Jobs"; it has: "heading", "words"; name one of these, or give its number
        jobs.csv has no column "title"; it has: "heading", "words"; name one of these, or give its number
        no column of jobs.csv is known as a title, a text or technologies; it has: "heading", "words"; say which is which: --title-column NAME --text-column NAME (line 1 was taken for the header; --skip-lines N leaves out lines above it, --no-header says that there is none)
        jobs.csv holds no role (read as jsonl, 3 records skipped, the first in line 7: is no JSON); check the format and the columns
        "#);
    }
}
