//! The container format of both index files: a header and sections, with checksums.
//!
//! ```text
//! 0    magic, 8 bytes: which index
//! 8    format version, u32
//! 12   number of sections, u32
//! 16   length of the file, u64
//! 24   what was indexed: SHA-256 in hexadecimal, 64 bytes
//! 88   eight numbers of the index's own, u64
//! 152  twelve sections: place u64, length u64, CRC-32 u32, unused u32
//! 508  CRC-32 of all before
//! 512  the sections, each at a multiple of 64 bytes
//! ```
//!
//! All numbers are little-endian. Reading arbitrary bytes ends in an error at worst, because
//! every place and length is checked before it is used.

use std::io::{self, Write};
use std::ops::Range;

use crate::mapped_file::Bytes;

const HEADER: usize = 512;
const ALIGNMENT: usize = 64;
const MOST_SECTIONS: usize = 12;
const N_NUMBERS: usize = 8;
const HASH_AT: usize = 24;
const NUMBERS_AT: usize = 88;
const SECTIONS_AT: usize = 152;
const CRC_AT: usize = HEADER - 4;

/// Why an index file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// It is sound, but of other roles or of another format version: build it again.
    #[error("out of date: {0}")]
    Stale(String),
    /// Its content is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
}

pub(super) fn damaged(reason: impl Into<String>) -> IndexError {
    IndexError::Damaged(reason.into())
}

/// Which index a file holds, and the version of the layout of its sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub magic: [u8; 8],
    pub version: u32,
    pub n_sections: usize,
}

/// An index file with a valid header.
#[derive(Debug)]
pub(super) struct IndexFile {
    bytes: Bytes,
    numbers: [u64; N_NUMBERS],
    sections: Vec<(Range<usize>, u32)>,
}

/// Writes an index made of data with the SHA-256 `of`.
pub(super) fn write(
    out: &mut dyn Write,
    kind: Kind,
    of: &str,
    numbers: [u64; N_NUMBERS],
    sections: &[&[u8]],
) -> io::Result<()> {
    assert!(sections.len() == kind.n_sections && sections.len() <= MOST_SECTIONS);
    let mut header = Vec::with_capacity(HEADER);
    header.extend_from_slice(&kind.magic);
    header.extend_from_slice(&kind.version.to_le_bytes());
    header.extend_from_slice(&(kind.n_sections as u32).to_le_bytes());
    let mut places = Vec::new();
    let mut end = HEADER;
    for section in sections {
        let place = end.next_multiple_of(ALIGNMENT);
        end = place + section.len();
        places.push(place);
    }
    header.extend_from_slice(&(end as u64).to_le_bytes());
    header.extend_from_slice(&padded_hash(of));
    numbers.iter().for_each(|number| header.extend_from_slice(&number.to_le_bytes()));
    for (place, section) in places.iter().zip(sections) {
        header.extend_from_slice(&(*place as u64).to_le_bytes());
        header.extend_from_slice(&(section.len() as u64).to_le_bytes());
        header.extend_from_slice(&u64::from(checksum(section)).to_le_bytes());
    }
    header.resize(CRC_AT, 0);
    let sum = checksum(&header);
    header.extend_from_slice(&sum.to_le_bytes());
    out.write_all(&header)?;
    let mut written = HEADER;
    for (place, section) in places.iter().zip(sections) {
        out.write_all(&[0; ALIGNMENT][..place - written])?;
        out.write_all(section)?;
        written = place + section.len();
    }
    Ok(())
}

impl IndexFile {
    /// Checks the header: that this is an index of `kind`, of the stated length, made of data with
    /// the SHA-256 `of`. The sections are not read.
    pub(super) fn open(bytes: Bytes, kind: Kind, of: &str) -> Result<Self, IndexError> {
        if bytes.len() < HEADER {
            return Err(damaged(format!("{} bytes are not even a header", bytes.len())));
        }
        if bytes[..8] != kind.magic {
            return Err(damaged("it does not begin as this index does"));
        }
        if u32_at(&bytes, CRC_AT) != checksum(&bytes[..CRC_AT]) {
            return Err(damaged("its header does not have its own checksum"));
        }
        let version = u32_at(&bytes, 8);
        if version != kind.version {
            let why = format!("format version {version}, this program reads {}", kind.version);
            return Err(IndexError::Stale(why));
        }
        if u32_at(&bytes, 12) as usize != kind.n_sections {
            return Err(damaged("the number of its sections is wrong"));
        }
        let length = u64_at(&bytes, 16);
        if length != bytes.len() as u64 {
            let found = bytes.len();
            return Err(damaged(format!("it is {found} bytes long, not {length}")));
        }
        if bytes[HASH_AT..NUMBERS_AT] != padded_hash(of) {
            return Err(IndexError::Stale("it was made of other roles".into()));
        }
        let numbers = std::array::from_fn(|at| u64_at(&bytes, NUMBERS_AT + 8 * at));
        let mut sections = Vec::with_capacity(kind.n_sections);
        for at in 0..kind.n_sections {
            let entry = SECTIONS_AT + 24 * at;
            let place = usize::try_from(u64_at(&bytes, entry)).ok();
            let length = usize::try_from(u64_at(&bytes, entry + 8)).ok();
            let range = place.zip(length).and_then(|(place, length)| {
                let end = place.checked_add(length)?;
                let fits = place >= HEADER && place % ALIGNMENT == 0 && end <= bytes.len();
                fits.then_some(place..end)
            });
            let range = range.ok_or_else(|| damaged(format!("section {at} lies outside it")))?;
            sections.push((range, u32_at(&bytes, entry + 16)));
        }
        Ok(IndexFile { bytes, numbers, sections })
    }

    /// One of the eight numbers in the header.
    pub(super) fn number(&self, at: usize) -> u64 {
        self.numbers[at]
    }

    /// The same as a length; a number larger than the file is damage.
    pub(super) fn length(&self, at: usize) -> Result<usize, IndexError> {
        usize::try_from(self.numbers[at])
            .ok()
            .filter(|&length| length <= self.bytes.len())
            .ok_or_else(|| damaged(format!("{} is no length of its parts", self.numbers[at])))
    }

    /// The bytes of a section.
    pub(super) fn section(&self, at: usize) -> &[u8] {
        &self.bytes[self.sections[at].0.clone()]
    }

    /// A section as numbers of at most 64 bits, or other plain values.
    ///
    /// # Panics
    /// If the section is no whole number of values; [`IndexFile::expect`] has made sure.
    pub(super) fn values<T: bytemuck::AnyBitPattern>(&self, at: usize) -> &[T] {
        // Sections are aligned to 64 bytes within a mapping that is aligned to a page.
        bytemuck::cast_slice(self.section(at))
    }

    /// Refuses unless section `at` holds `n` values of `T` and is aligned for them.
    pub(super) fn expect<T: bytemuck::AnyBitPattern>(
        &self,
        at: usize,
        n: Option<usize>,
    ) -> Result<(), IndexError> {
        if cfg!(target_endian = "big") {
            return Err(IndexError::Stale("it is little-endian, this machine is not".into()));
        }
        let values = bytemuck::try_cast_slice::<u8, T>(self.section(at)).ok();
        match values.is_some_and(|values| Some(values.len()) == n) {
            true => Ok(()),
            false => Err(damaged(format!("section {at} does not have its length"))),
        }
    }

    /// Refuses a section with a wrong checksum. Reads all of it.
    pub(super) fn verify(&self, at: usize) -> Result<(), IndexError> {
        match checksum(self.section(at)) == self.sections[at].1 {
            true => Ok(()),
            false => Err(damaged(format!("section {at} does not have its checksum"))),
        }
    }
}

/// CRC-32; always 0 in `fuzz/`, so that mutated bytes get past it.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    if cfg!(fuzzing) { 0 } else { crc32fast::hash(bytes) }
}

fn padded_hash(of: &str) -> [u8; NUMBERS_AT - HASH_AT] {
    let mut padded = [0; NUMBERS_AT - HASH_AT];
    let length = of.len().min(padded.len());
    padded[..length].copy_from_slice(&of.as_bytes()[..length]);
    padded
}

/// # Panics
/// If fewer than four bytes stand there.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind { magic: *b"rc-test\n", version: 3, n_sections: 2 };

    fn file() -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, KIND, "abc", [7; 8], &[b"first", &[1, 0, 0, 0, 2, 0, 0, 0]]).unwrap();
        bytes
    }

    fn open(bytes: Vec<u8>) -> Result<IndexFile, IndexError> {
        IndexFile::open(Bytes::Owned(bytes), KIND, "abc")
    }

    #[test]
    fn what_was_written_is_read() {
        let found = open(file()).unwrap();
        assert_eq!((found.number(3), found.section(0)), (7, &b"first"[..]));
        assert_eq!(found.section(1).len(), 8);
        assert!(found.expect::<u8>(0, Some(5)).is_ok());
        assert!(found.expect::<u8>(0, Some(6)).is_err() && found.expect::<u32>(0, None).is_err());
        assert!(found.verify(0).is_ok() && found.verify(1).is_ok());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let sound = file();
        for at in 0..sound.len() * 8 {
            let mut bytes = sound.clone();
            bytes[at / 8] ^= 1 << (at % 8);
            let found = open(bytes).and_then(|f| f.verify(0).and(f.verify(1)));
            // The padding between sections has no checksum.
            let gap = HEADER + 5..HEADER + ALIGNMENT;
            assert!(found.is_err() || gap.contains(&(at / 8)), "bit {at}");
        }
        for length in 0..sound.len() {
            assert!(matches!(open(sound[..length].to_vec()), Err(IndexError::Damaged(_))));
        }
    }

    #[test]
    fn an_index_of_something_else_is_out_of_date() {
        let other = IndexFile::open(Bytes::Owned(file()), KIND, "abd").unwrap_err();
        assert!(matches!(other, IndexError::Stale(_)), "{other}");
        let newer = Kind { version: 4, ..KIND };
        let other = IndexFile::open(Bytes::Owned(file()), newer, "abc").unwrap_err();
        assert!(matches!(other, IndexError::Stale(_)), "{other}");
    }
}
