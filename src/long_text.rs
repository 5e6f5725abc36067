//! Texts that memory need not hold: pages of a nameless temporary file.
//!
//! A corpus of a million postings is a gigabyte of text that each stage reads once, in order. Pages
//! of a file are read when they are needed and dropped after some megabytes more; the
//! system keeps them as long as it has room. Small corpora stay in memory and never meet a disk.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::pages::{self, Pages};

/// Bytes of text that are held before they are paged out together.
const HELD_BYTES: usize = 64 << 20;

/// What a text costs when it is held, beside its bytes.
const OVERHEAD: usize = 32;

/// A text, held in memory or paged; both are read as a `str` and are equal when their characters
/// are.
#[derive(Clone)]
pub struct LongText(Kind);

#[derive(Clone)]
enum Kind {
    Held(Box<str>),
    Paged { file: Arc<Pages>, start: usize, len: u32 },
}

impl LongText {
    /// The characters.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kind::Held(text) => text,
            // Written as UTF-8, and cut where texts meet.
            Kind::Paged { file, start, len } => {
                let bytes = file.read(*start..*start + *len as usize);
                std::str::from_utf8(bytes).unwrap_or_default()
            }
        }
    }

    /// Bytes of memory that paging out frees.
    fn held(&self) -> usize {
        match &self.0 {
            Kind::Held(text) if !text.is_empty() => text.len() + OVERHEAD,
            _ => 0,
        }
    }
}

/// Pages texts out whenever there are many of them in memory.
#[derive(Debug)]
pub(crate) struct Pager {
    /// As many as this are held.
    limit: usize,
    held: usize,
    /// Texts before this one were paged out.
    next: usize,
    /// Whether there is room on the disk, as far as is known.
    works: bool,
}

impl Default for Pager {
    fn default() -> Self {
        Pager::holding(HELD_BYTES)
    }
}

impl Pager {
    /// One that holds `limit` bytes.
    pub(crate) fn holding(limit: usize) -> Self {
        Pager { limit, held: 0, next: 0, works: true }
    }

    /// Takes note of the last of `texts`, which `of` finds in what holds them, and pages them out
    /// when they have become too many. Without room on the disk they stay in memory.
    pub(crate) fn pushed<T>(&mut self, texts: &mut [T], of: fn(&mut T) -> &mut LongText) {
        let Some(last) = texts.last_mut() else { return };
        self.held += of(last).held();
        // Some may have been taken back since the last one.
        self.next = self.next.min(texts.len() - 1);
        if self.held <= self.limit || !self.works {
            return;
        }
        self.works = page_out(texts[self.next..].iter_mut().map(of), pages::nameless_file).is_ok();
        (self.next, self.held) = (texts.len(), 0);
    }
}

/// Writes the texts that are held into a file, and lets go of them.
fn page_out<'t>(
    texts: impl Iterator<Item = &'t mut LongText>,
    new_file: impl Fn() -> io::Result<File>,
) -> io::Result<()> {
    let file = new_file()?;
    let mut out = BufWriter::new(&file);
    let (mut end, mut moved) = (0, Vec::new());
    for text in texts {
        if let Kind::Held(held) = &text.0
            && let Ok(len @ 1..) = u32::try_from(held.len())
        {
            out.write_all(held.as_bytes())?;
            let start = end;
            end += held.len();
            moved.push((text, start, len));
        }
    }
    out.flush()?;
    drop(out);
    let file = Arc::new(Pages::in_order(&file)?);
    for (text, start, len) in moved {
        text.0 = Kind::Paged { file: file.clone(), start, len };
    }
    Ok(())
}

impl Deref for LongText {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for LongText {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Default for LongText {
    fn default() -> Self {
        LongText(Kind::Held(Box::default()))
    }
}

impl From<String> for LongText {
    fn from(text: String) -> Self {
        LongText(Kind::Held(text.into_boxed_str()))
    }
}

impl From<&str> for LongText {
    fn from(text: &str) -> Self {
        LongText(Kind::Held(text.into()))
    }
}

impl From<LongText> for String {
    fn from(text: LongText) -> String {
        match text.0 {
            Kind::Held(text) => text.into_string(),
            Kind::Paged { .. } => text.as_str().to_string(),
        }
    }
}

impl PartialEq for LongText {
    fn eq(&self, other: &LongText) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for LongText {}

impl PartialEq<str> for LongText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for LongText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for LongText {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<LongText> for String {
    fn eq(&self, other: &LongText) -> bool {
        self == other.as_str()
    }
}

impl fmt::Debug for LongText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for LongText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl Serialize for LongText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for LongText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(LongText::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_paged(text: &LongText) -> bool {
        matches!(text.0, Kind::Paged { .. })
    }

    fn itself(text: &mut LongText) -> &mut LongText {
        text
    }

    #[test]
    fn texts_are_the_same_paged_and_held() {
        let written = ["负责存储系统", "", "Fährt Züge", "a", "พยาบาล"];
        let mut pager = Pager::holding(100);
        let mut texts: Vec<LongText> = Vec::new();
        for text in written.iter().cycle().take(24) {
            texts.push(LongText::from(*text));
            pager.pushed(&mut texts, itself);
        }
        assert!(texts.iter().filter(|text| is_paged(text)).count() > 10);
        assert!(!is_paged(texts.last().unwrap()));
        for (text, expected) in texts.iter().zip(written.iter().cycle()) {
            assert_eq!(text, expected);
            assert_eq!(*text, LongText::from(*expected));
            assert_eq!(String::from(text.clone()), *expected);
        }
        let json = serde_json::to_string(&texts[..3]).unwrap();
        assert_eq!(json, r#"["负责存储系统","","Fährt Züge"]"#);
        assert_eq!(serde_json::from_str::<Vec<LongText>>(&json).unwrap(), texts[..3]);
    }

    #[test]
    fn texts_that_were_taken_back_are_not_missed() {
        let mut pager = Pager::holding(0);
        let mut texts = vec![LongText::from("one")];
        pager.pushed(&mut texts, itself);
        texts.push(LongText::from("two"));
        pager.pushed(&mut texts, itself);
        texts.truncate(0);
        texts.push(LongText::from("three"));
        pager.pushed(&mut texts, itself);
        assert!(is_paged(&texts[0]));
        assert_eq!(texts[0], "three");
    }

    #[test]
    fn without_room_texts_stay() {
        let mut texts = [LongText::from("one"), LongText::from("two")];
        assert!(page_out(texts.iter_mut(), || Err(io::ErrorKind::StorageFull.into())).is_err());
        assert!(texts.iter().all(|text| !is_paged(text)));
    }
}
