//! A text file given as an option, read when the command line is parsed.

use std::path::PathBuf;
use std::str::FromStr;

/// The file and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// As it was given.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

impl TextFile {
    /// Its lines, blank ones and comments (`#`) left out.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines().map(str::trim);
        lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
    }
}

impl FromStr for TextFile {
    type Err = String;

    fn from_str(path: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::InvalidData => "it is not text in UTF-8".to_string(),
            _ => e.to_string(),
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text);
        Ok(TextFile { path: path.into(), text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_that_say_something() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.txt");
        std::fs::write(&path, "\u{feff}# ours\nAcme Ltd\n\n  beta \n").unwrap();
        let file: TextFile = path.display().to_string().parse().unwrap();
        assert_eq!(file.lines().collect::<Vec<_>>(), ["Acme Ltd", "beta"]);
        assert!("no/such/file".parse::<TextFile>().is_err());
        std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        let refused = path.display().to_string().parse::<TextFile>().unwrap_err();
        assert_eq!(refused, "it is not text in UTF-8");
    }
}
