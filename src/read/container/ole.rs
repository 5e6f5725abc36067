//! Old Office files: workbooks are read, documents are named.

use std::io::Read;

use super::visitor::Visitor;
use crate::read::source::{Seekable, Source};
use crate::read::{ReadError, workbook};

/// Streams that tell what a file is, by their names in its directory.
const STREAMS: [(&str, &str); 6] = [
    ("WordDocument", "an old Word document (.doc)"),
    ("PowerPoint Document", "an old presentation (.ppt)"),
    ("EncryptedPackage", "encrypted with a password"),
    ("__substg1.0_", "an Outlook message (.msg)"),
    ("VisioDocument", "a Visio drawing"),
    ("Quill", "a Publisher document"),
];

/// Gives the workbook, or says what the file is.
pub(super) fn open(source: Source<'_>, visitor: &mut dyn Visitor) -> Result<(), ReadError> {
    let (name, path) = (source.name.clone(), source.path.clone());
    let mut bytes = Vec::new();
    match source.into_seekable()? {
        Seekable::Bytes(whole) => bytes = whole.into(),
        Seekable::File(mut file) => {
            let read = file.read_to_end(&mut bytes);
            read.map_err(|source| ReadError::Io { file: name.clone(), source })?;
        }
    }
    let has = |stream: &str| {
        let wide: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        aho_corasick::AhoCorasick::new([wide]).is_ok_and(|finder| finder.is_match(&bytes))
    };
    // A document may hold a workbook within it, and the other way round.
    let named_xls =
        path.as_deref().and_then(|p| p.extension()).is_some_and(|e| e.eq_ignore_ascii_case("xls"));
    let document = has("WordDocument") || has("PowerPoint Document");
    if (has("Workbook") || has("Book")) && (named_xls || !document) {
        let kind = workbook::Kind::Xls;
        return visitor.file(Source::workbook(name, path, kind, Seekable::Bytes(bytes.into())));
    }
    let what = STREAMS.iter().find(|(stream, _)| has(stream)).map_or("an old Office file", |s| s.1);
    Err(ReadError::NotRead {
        file: name,
        what: what.into(),
        advice: "save the text as .txt, .md or .csv, without a password",
    })
}
