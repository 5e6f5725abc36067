//! ZIP archives: their members, unless the archive is a document itself.

use std::borrow::Cow;
use std::io::Read;
use std::path::PathBuf;

use encoding_rs::GB18030;
use zip::ZipArchive;
use zip::result::ZipError;

use super::compressed::{self, Packed};
use super::guard::{Budget, limited};
use super::members::{Members, is_about, is_litter};
use super::visitor::Visitor;
use crate::read::limits::MAX_MEMBERS;
use crate::read::source::{ReadSeek, Source};
use crate::read::{ReadError, workbook};

type Archive = ZipArchive<Box<dyn ReadSeek>>;

const AS_TEXT: &str = "save the text as .txt, .md or .csv";

/// Gives every member, or the workbook that the archive is.
pub(super) fn open(source: Source<'_>, visitor: &mut dyn Visitor) -> Result<(), ReadError> {
    let (name, path) = (source.name.clone(), source.path.clone());
    let seekable = source.into_seekable()?;
    let size = seekable.size().map_err(|source| ReadError::Io { file: name.clone(), source })?;
    let again = seekable.again().map_err(|source| ReadError::Io { file: name.clone(), source })?;
    let unreadable = |error: &ZipError| unreadable(&name, error);
    let mut archive =
        ZipArchive::new(seekable.into_read_seek()).map_err(|error| unreadable(&error))?;
    if archive.len() > MAX_MEMBERS {
        return Err(ReadError::Limit {
            file: name,
            seen: format!("{} members, the limit is {MAX_MEMBERS}", archive.len()),
            advice: "unpack it and name the files that hold postings",
        });
    }
    let names: Vec<String> = archive.file_names_raw().map(decoded).collect();
    let budget = Budget::new(size);
    match document(&names, &mut archive) {
        Document::None => Opened { file: name, names, archive, budget }.members(visitor),
        Document::Foreign(what) => {
            Err(ReadError::NotRead { file: name, what: what.into(), advice: AS_TEXT })
        }
        Document::Workbook(kind) => {
            // The reader of workbooks unpacks without a limit: do it before, with one.
            measure(&name, &mut archive, &budget)?;
            visitor.file(Source::workbook(name, path, kind, again))
        }
    }
}

enum Document {
    None,
    Workbook(workbook::Kind),
    Foreign(&'static str),
}

/// Which document an archive is by the members that only such a one has.
fn document(names: &[String], archive: &mut Archive) -> Document {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let below = |wanted: &str| names.iter().any(|name| name.starts_with(wanted));
    if has("[Content_Types].xml") {
        return match () {
            () if has("xl/workbook.bin") => Document::Workbook(workbook::Kind::Xlsb),
            () if below("xl/") => Document::Workbook(workbook::Kind::Xlsx),
            () if below("word/") => Document::Foreign("a Word document (.docx)"),
            () if below("ppt/") => Document::Foreign("a presentation (.pptx)"),
            () if below("visio/") => Document::Foreign("a Visio drawing"),
            () => Document::None,
        };
    }
    if has("Index/Document.iwa") || below("Index/Tables/") {
        return Document::Foreign("a Pages, Numbers or Keynote document");
    }
    let mut kind = String::new();
    if let Ok(member) = archive.by_name("mimetype") {
        // What cannot be read is no document that is known here.
        let _ = member.take(200).read_to_string(&mut kind);
    }
    match kind.trim() {
        "" => Document::None,
        kind if kind.starts_with("application/vnd.oasis.opendocument.spreadsheet") => {
            Document::Workbook(workbook::Kind::Ods)
        }
        kind if kind.starts_with("application/vnd.oasis.opendocument.text") => {
            Document::Foreign("an OpenDocument text (.odt)")
        }
        kind if kind.starts_with("application/vnd.oasis.opendocument") => {
            Document::Foreign("an OpenDocument file that is no table")
        }
        "application/epub+zip" => Document::Foreign("an EPUB book"),
        _ => Document::None,
    }
}

/// Reads all members to nowhere, so that a bomb is found.
fn measure(name: &str, archive: &mut Archive, budget: &Budget) -> Result<(), ReadError> {
    for at in 0..archive.len() {
        // What does not unpack here is for the reader of workbooks to say.
        if let Ok(member) = archive.by_index(at) {
            let copied = std::io::copy(&mut budget.unpacked(member), &mut std::io::sink());
            copied.map_err(|source| limited(ReadError::Io { file: name.to_string(), source }))?;
        }
    }
    Ok(())
}

/// An archive that is no document.
struct Opened {
    file: String,
    names: Vec<String>,
    archive: Archive,
    budget: Budget,
}

impl Opened {
    /// Gives every member but housekeeping, in the order of their names, those that tell about
    /// the others last.
    fn members(mut self, visitor: &mut dyn Visitor) -> Result<(), ReadError> {
        let is_file = |name: &str| !name.ends_with(['/', '\\']) && !is_litter(name);
        let named = self.names.iter().enumerate().filter(|(_, name)| is_file(name));
        let mut wanted: Vec<(usize, &String)> = named.collect();
        wanted.sort_by(|a, b| (is_about(a.1), a.1).cmp(&(is_about(b.1), b.1)));
        let mut outcomes = Members::default();
        for (at, member) in wanted {
            let name = format!("{}/{member}", self.file);
            let (archive, budget) = (&mut self.archive, &self.budget);
            let mut read = |visitor: &mut dyn Visitor| match archive.by_index(at) {
                Ok(bytes) => {
                    let reader: Box<dyn Read + '_> = Box::new(bytes);
                    let path = Some(PathBuf::from(member));
                    let packed = Packed { name: name.clone(), path, kind: "ZIP" };
                    compressed::unpack(packed, budget.unpacked(reader), visitor)
                }
                Err(error) => Err(unreadable(&name, &error)),
            };
            if is_about(member) && !outcomes.none_read() {
                visitor.about(&name, &mut read)?;
            } else {
                outcomes.take(&name, read(visitor))?;
            }
        }
        outcomes.finish(&self.file, visitor)
    }
}

fn unreadable(file: &str, error: &ZipError) -> ReadError {
    let (seen, advice) = match error {
        ZipError::UnsupportedArchive(reason) if reason.to_lowercase().contains("password") => {
            ("it is encrypted".to_string(), "unpack it with its password and name the files in it")
        }
        ZipError::CompressionMethodNotSupported(method) => (
            format!(
                "it is compressed by method {method}, only stored and deflated members are read"
            ),
            "unpack it and name the files in it",
        ),
        other => (other.to_string(), "fetch it again, or unpack it and name the files in it"),
    };
    ReadError::Unreadable { file: file.to_string(), kind: "ZIP", seen, advice }
}

/// A member's name: UTF-8, else GB18030 as Windows writes it in China.
fn decoded(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_string(),
        Err(_) => {
            let (name, _) = GB18030.decode_without_bom_handling(name);
            Cow::into_owned(name)
        }
    }
}
