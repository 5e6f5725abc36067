//! `corrections.toml` in a run folder: read, and written by the commands that correct.

mod edit;
mod parse;

use std::io;
use std::path::{Path, PathBuf};

use rolecluster::atomic_file;
use rolecluster::corrections::{Change, Corrections, CorrectionsError};

use super::usage_error::UsageError;
use parse::parse;

/// Its name in the run folder.
pub const FILE: &str = "corrections.toml";

/// The file of a run folder.
pub struct CorrectionsFile {
    path: PathBuf,
    text: String,
    corrections: Corrections,
    /// The line of the entry that is there now and was not when the file was read.
    added: Option<usize>,
}

impl CorrectionsFile {
    /// Reads the file of a folder; one that is not there holds no correction.
    pub fn read(folder: &Path) -> anyhow::Result<CorrectionsFile> {
        let path = folder.join(FILE);
        let text = match std::fs::read(&path) {
            Ok(bytes) => text_of(&path, bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                let what = format!("cannot read {}", path.display());
                return Err(anyhow::Error::new(error).context(what));
            }
        };
        let corrections = parse(&path.display().to_string(), &text).map_err(wrong)?;
        Ok(CorrectionsFile { path, text, corrections, added: None })
    }

    pub fn corrections(&self) -> &Corrections {
        &self.corrections
    }

    /// The file with a correction more; the entries that `is_replaced` says so of leave it, or stay
    /// with the change it gives.
    pub fn with(
        &self,
        change: Change,
        about: &str,
        replaced: impl Fn(&Change) -> Option<Option<Change>>,
    ) -> anyhow::Result<CorrectionsFile> {
        let (mut wanted, mut leaving, mut adding) = (Vec::new(), Vec::new(), Vec::new());
        for entry in self.corrections.entries() {
            match replaced(&entry.change) {
                None => wanted.push(entry.change.clone()),
                Some(instead) => {
                    leaving.push(entry.line);
                    adding.extend(instead);
                }
            }
        }
        adding.push(change);
        let lines: Vec<usize> = self.corrections.entries().iter().map(|e| e.line).collect();
        let text = edit::without(&self.text, &lines, &leaving);
        let last = adding.len() - 1;
        let about = |at: usize| if at == last { about } else { "" };
        let text = adding
            .iter()
            .enumerate()
            .fold(text, |text, (at, change)| edit::with(&text, &edit::entry(change, about(at))));
        wanted.extend(adding);
        let added = Some(edit::last_entry(&text));
        let refused = |error: CorrectionsError| refused(error.into(), &self.path, added);
        let corrections = parse(&self.path.display().to_string(), &text).map_err(refused)?;
        let made = corrections.entries().iter().map(|entry| &entry.change);
        if !made.eq(&wanted) {
            let file = self.path.display().to_string();
            let what = "its layout is not one that this command can change; add the entry by hand";
            return Err(wrong(CorrectionsError { file, line: 1, what: what.into() }));
        }
        Ok(CorrectionsFile { path: self.path.clone(), text, corrections, added })
    }

    /// What to say of a correction here that cannot be followed.
    pub fn refused(&self, error: rolecluster::Error) -> anyhow::Error {
        refused(error, &self.path, self.added)
    }

    /// Writes it into the folder.
    pub fn write(&self) -> anyhow::Result<()> {
        Ok(atomic_file::write(&self.path, |out| out.write_all(self.text.as_bytes()))?)
    }
}

fn text_of(path: &Path, bytes: Vec<u8>) -> anyhow::Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|&&byte| byte == b'\n').count();
        let what = "the line is not UTF-8, which TOML is written in; save the file as UTF-8";
        let file = path.display().to_string();
        wrong(CorrectionsError { file, line, what: what.into() })
    })
}

/// What is wrong with the entry that was to be added is said of the command, since no line of the
/// file has it.
fn refused(error: rolecluster::Error, path: &Path, added: Option<usize>) -> anyhow::Error {
    match error {
        rolecluster::Error::Corrections(CorrectionsError { line, what, .. })
            if added == Some(line) =>
        {
            UsageError(format!("{} was not changed: {what}", path.display())).into()
        }
        other => other.into(),
    }
}

fn wrong(error: CorrectionsError) -> anyhow::Error {
    rolecluster::Error::from(error).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecluster::corrections::Level;
    use rolecluster::role::RoleId;

    fn rename(role: &str, name: &str) -> Change {
        let roles = vec![RoleId::new(role)];
        Change::Rename { level: Level::Specialisation, roles, name: name.into() }
    }

    #[test]
    fn entries_are_added_and_replaced_and_what_a_person_wrote_stays() {
        let folder = tempfile::tempdir().unwrap();
        let empty = CorrectionsFile::read(folder.path()).unwrap();
        assert!(empty.corrections().is_empty());
        let first = empty.with(rename("1.1", "A \"quoted\" one"), "was B", |_| None).unwrap();
        first.write().unwrap();
        let text = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
        let text = format!(
            "{text}\n# mine, about C\n\n# also mine\n[[split]]\nroles = [\n  \"2\", # two\n]\n\n# the end\n"
        );
        std::fs::write(folder.path().join(FILE), &text).unwrap();
        let read = CorrectionsFile::read(folder.path()).unwrap();
        assert_eq!(read.corrections().entries().len(), 2);
        let second = read
            .with(rename("1.1", "B"), "", |change| (change.kind() == "rename").then_some(None))
            .unwrap();
        assert_eq!(second.corrections().entries().len(), 2);
        assert!(
            !second.text.contains("quoted") && !second.text.contains("was B"),
            "{}",
            second.text
        );
        for kept in ["# mine, about C", "# also mine\n[[split]]", "# two", "# the end"] {
            assert!(second.text.contains(kept), "{}", second.text);
        }
        assert!(second.text.ends_with("[[rename]]\nname = \"B\"\nroles = [\"1.1\"]\n"));
    }

    #[test]
    fn a_file_in_another_encoding_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), b"# a\n# \xd4\xcb\xce\xac\n").unwrap();
        let error = CorrectionsFile::read(folder.path()).err().unwrap().to_string();
        assert!(error.contains("corrections.toml:2: the line is not UTF-8"), "{error}");
    }
}
